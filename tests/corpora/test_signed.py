"""The signed, attacked and broken PDFs of others: every stated verdict is met, or listed with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.corpora.conftest import COUNTS, Ask
from tests.corpora.plan import Question, disagreement, exceptions, questions, summary

CORPORA = ("malformed", "pyhanko", "signed-then-changed")
#: a refusal of these has a cause of its own; the file's one other fault is that nobody signed it
NAMED = {
    "ASA appearance substitution": {"changed-after-signature"},
    "SFDA signature field duplication": {"changed-after-signature", "signature-malformed"},
    "EAA evil annotation": {"changed-after-signature"},
    "SSA sneaky signature": {"changed-after-signature"},
}


@dataclass(frozen=True)
class Judged:
    """A corpus and what became of its files."""

    name: str
    questions: list[Question]
    answers: dict[str, dict[str, Any]]

    def codes(self, file: str, *severities: str) -> set[str]:
        return {f["code"] for f in self.answers[file]["findings"] if not severities or f["severity"] in severities}


@pytest.fixture(scope="module", params=CORPORA)
def judged(request: pytest.FixtureRequest, corpora: Path, ask: Ask) -> Judged:
    asked = questions(corpora / request.param)
    return Judged(request.param, asked, ask(request.param, asked))


def test_no_file_crashes_hangs_or_finds_a_fault_of_ours(judged: Judged, record_property: Callable[[str, object], None]):
    record_property(COUNTS, summary(judged.name, judged.questions, judged.answers))
    for file, answer in judged.answers.items():
        assert answer["verdict"] in ("VALID", "INVALID", "INDETERMINATE"), (file, answer)
        assert "verifier-fault" not in judged.codes(file), file
        assert answer["seconds"] < 20, file


def test_verdicts_are_those_of_the_index(judged: Judged):
    found = {q.file: disagreement(q, judged.answers[q.file]) for q in judged.questions}
    differing = {file: why for file, why in found.items() if why}
    listed = exceptions(judged.name)
    unlisted = {file: why for file, why in differing.items() if file not in listed}
    assert not unlisted
    gone = listed.keys() - differing.keys()
    assert not gone, "listed as exceptions, but no longer different"
    for question in judged.questions:
        if question.file in listed:
            row = listed[question.file]
            assert row["expected"] == question.expected, question.file
            codes = judged.codes(question.file, "error", "unknown")
            ours = f"{judged.answers[question.file]['verdict']} {' '.join(sorted(codes))}".strip()
            assert row["ours"] == ours, question.file
            assert row["reason"], question.file


def test_limits_meet_no_honest_file_but_listed_ones(judged: Judged):
    limits = {"structure-unsupported", "algorithm-not-supported", "over-limit"}
    met = {q.file for q in judged.questions if q.is_honest and judged.codes(q.file) & limits}
    assert met <= exceptions(judged.name).keys()


def test_attacks_are_refused_for_what_they_do(corpora: Path, ask: Ask):
    from tests.corpora.plan import read_index

    folder = corpora / "signed-then-changed"
    categories = {row["file"]: row["category"] for row in read_index(folder)}
    asked = [q for q in questions(folder) if "fail" in q.tokens]
    answers = ask("signed-then-changed", asked)
    refused = 0
    for file, answer in answers.items():
        wanted = NAMED.get(categories[file])
        codes = {f["code"] for f in answer["findings"] if f["severity"] == "error"}
        if wanted is not None:
            refused += 1
            assert codes & wanted, file
    assert refused == 53


def test_annotations_under_p3_are_told(corpora: Path, ask: Ask):
    folder = corpora / "signed-then-changed"
    asked = [q for q in questions(folder) if q.file.startswith("eaa_cert_p3")]
    for file, answer in ask("signed-then-changed", asked).items():
        codes = {f["code"] for f in answer["findings"]}
        assert answer["verdict"] != "VALID" or "form-filled-in" in codes, file


def test_no_foreign_file_is_a_certified_copy(corpora: Path, ask: Ask):
    """The rollback file is byte for byte a signed document: only as a copy must it be refused."""
    folder = corpora / "signed-then-changed"
    asked = [replace(q, policy="certified-copy") for q in questions(folder)]
    answers = ask("signed-then-changed", asked)
    assert {answer["verdict"] for answer in answers.values()} == {"INVALID"}
    rollback = answers["rollback_to_signer_only.pdf"]
    assert "seal-missing" in {f["code"] for f in rollback["findings"]}
