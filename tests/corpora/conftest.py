"""The corpora are judged once, in processes of their own; their counts end up in the summary."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.corpora.plan import Question
from tests.judges.tools import ROOT

Ask = Callable[[str, list[Question]], dict[str, dict[str, Any]]]
PROCESSES = 2
SECONDS = 300  # for all files of a corpus: the worker itself ends a file after 20
COUNTS = "corpus"  # the property under which a test hands its line to the summary


@pytest.fixture(scope="session")
def ask(corpora: Path) -> Ask:
    """Return the function that has questions about a corpus answered, by file."""

    def answers(corpus: str, questions: list[Question]) -> dict[str, dict[str, Any]]:
        command = [sys.executable, "-m", "tests.corpora.worker", str(corpora / corpus)]
        workers = [
            subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            for _ in range(PROCESSES)
        ]
        lines = [json.dumps(dataclasses.asdict(q)) for q in questions]
        for number, worker in enumerate(workers):
            assert worker.stdin is not None
            worker.stdin.write("\n".join(lines[number::PROCESSES]))
            worker.stdin.close()
            worker.stdin = None
        told: list[dict[str, Any]] = []
        for worker in workers:
            try:
                out = worker.communicate(timeout=SECONDS)[0]
            finally:
                worker.kill()
            told += map(json.loads, out.splitlines())
        found = {answer["question"]["file"]: answer for answer in told}
        assert len(found) == len(questions), "a process died"
        return found

    return answers


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many files of each corpus ended how."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    lines = [value for r in reports for name, value in r.user_properties if name == COUNTS]
    if lines:
        terminalreporter.section("corpora")
        for line in dict.fromkeys(lines):
            terminalreporter.write_line(str(line))
