"""Run in a process of its own, with little memory: judge corpus files, tell what came out.

``python -m tests.corpora.worker FOLDER`` reads one question (JSON) a line and writes one answer.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import resource
import signal
import sys
import time
import warnings
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

from ecert.trust.store import TrustStore
from ecert.verify.copy import verify_copy
from tests.corpora.plan import Question

MEMORY: Final = 1_500_000_000  # bytes of address space
SECONDS: Final = 20  # for one file


class Hang(BaseException):
    """Not an Exception: nothing on the way may take it for a fault of the file."""


def _too_long(_signum: int, _frame: FrameType | None) -> NoReturn:
    raise Hang


def main(folder: Path) -> None:
    """Judge every file asked about on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _too_long)
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        question = Question(**{k: _tuple(v) for k, v in json.loads(line).items()})
        print(json.dumps(answer(folder, question)), flush=True)  # noqa: T201


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def answer(folder: Path, question: Question) -> dict[str, Any]:
    """Return what became of one file: the report's main parts, or how it broke."""
    started = time.perf_counter()
    told: dict[str, Any] = {"question": dataclasses.asdict(question)}
    signal.alarm(SECONDS)
    try:
        told |= _judge(folder, question)
    except Hang:
        told |= {"verdict": "HANG"}
    except BaseException as error:  # noqa: BLE001  what must never happen is told, not raised
        told |= {"verdict": f"CRASH {error!r}"}
    finally:
        signal.alarm(0)
    return {"findings": [], "signatures": [], "pages": None, **told, "seconds": time.perf_counter() - started}


def _judge(folder: Path, question: Question) -> dict[str, Any]:
    trust = TrustStore.from_paths(folder / p for p in question.trust) if question.trust else None
    report = verify_copy(
        folder / question.file,
        trust=trust,
        policy=question.policy,
        revocation="if-present",
        at=datetime.fromisoformat(question.at) if question.at else None,
    )
    return {
        "verdict": report.verdict,
        "pages": report.content["document"]["pages"],
        "findings": [{"code": f.code, "severity": f.severity, "check": f.check} for f in report.findings],
        "signatures": [
            {k: s[k] for k in ("field", "indication", "sub_indication", "changes_after")}
            for s in report.content["signatures"]
        ],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
