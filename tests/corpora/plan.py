"""What is asked about every corpus file: trust, time and policy; and when an answer meets its index."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

#: when the test CA of pyHanko's files lives; rows that name another time are judged then
DEFAULT_TIME: Final = "2020-11-01T00:00:00Z"
_TIMES: Final = re.compile(r"\b(?:at|time) (\d{4}-\d\d-\d\d)(?: / (\d{4}-\d\d-\d\d))?")
#: findings of the bytes, the form, the changes: what INTACT and FORM_FILLING exclude
_CHECKS: Final = ("structure", "integrity")
_ACCEPTED: Final = {"TOTAL_PASSED", "VALID", "pass"}
_REFUSED: Final = {"TOTAL_FAILED", "INVALID", "fail", "BROKEN"}
_PERMITTED: Final = {"FORM_FILLING", "LTA_UPDATES", "docmdp_ok"}
_NAMED_LIMITS: Final = {"structure-unsupported", "algorithm-not-supported", "over-limit"}


@dataclass(frozen=True)
class Question:
    """One file of a corpus, and what its index expects."""

    file: str
    expected: str
    trust: tuple[str, ...] = ()  # files below the corpus; empty: no anchor is named
    at: str | None = None  # RFC 3339; None: now
    policy: str = "signatures"

    @property
    def tokens(self) -> frozenset[str]:
        """Return the expectations, without who set them."""
        return frozenset(t.split(":")[-1] for t in self.expected.split(";") if t)

    @property
    def is_honest(self) -> bool:
        """Return whether the index says that nothing is wrong with this file."""
        return bool(self.tokens & (_ACCEPTED | _PERMITTED | {"INTACT"}))


def read_index(folder: Path) -> list[dict[str, str]]:
    """Return the rows of a corpus' index that are PDFs."""
    with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["file"].endswith(".pdf")]


def questions(folder: Path) -> list[Question]:
    """Return what is asked of a corpus of whole files."""
    named = _named_anchors(folder)
    every = tuple(sorted(p.relative_to(folder).as_posix() for p in folder.glob("trust/*.pem")))
    root = ("trust/root.pem",) if (folder / "trust" / "root.pem").is_file() else ()
    found = []
    for row in read_index(folder):
        plain = Question(row["file"], row["expected"])
        # what must be refused is refused even with every anchor trusted
        trust = every if plain.tokens & _REFUSED else named.get(row["file"]) or root or every
        found.append(Question(row["file"], row["expected"], trust, _time(folder, row)))
    return found


def _named_anchors(folder: Path) -> dict[str, tuple[str, ...]]:
    path = folder / "anchors.csv"
    if not path.is_file():
        return {}
    named: dict[str, dict[str, None]] = {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["anchor"]:
                named.setdefault(row["file"], {})[row["anchor"]] = None
    return {name: tuple(anchors) for name, anchors in named.items()}


def _time(folder: Path, row: dict[str, str]) -> str | None:
    if not (folder / "anchors.csv").is_file():
        return None
    found = _TIMES.search(row["why"])
    return f"{found[2] or found[1]}T00:00:00Z" if found else DEFAULT_TIME


def disagreement(question: Question, answer: dict[str, Any]) -> str | None:
    """Return how an answer differs from what the index expects, or None."""
    codes = {f["code"] for f in answer["findings"] if f["severity"] in ("error", "unknown")}
    errors = [f for f in answer["findings"] if f["severity"] == "error"]
    own = [f["code"] for f in errors if f["check"] in _CHECKS]
    verdict, tokens = answer["verdict"], question.tokens
    unsigned = codes == {"unsigned"} and answer["pages"] is not None
    tests = {
        "accepted": tokens & _ACCEPTED and verdict != "VALID" and not unsigned,
        "refused": tokens & _REFUSED and (verdict != "INVALID" or unsigned),
        "undecided": "INDETERMINATE" in tokens and verdict != "INDETERMINATE",
        "intact": "INTACT" in tokens and (own or codes & _NAMED_LIMITS),
        "unsigned": "NO_SIGNATURE_FOUND" in tokens and not unsigned,
        "refused by name": tokens & {"must_raise", "SIGNING_NOT_PERMITTED"} and (verdict == "VALID" or unsigned),
        "permitted": tokens & _PERMITTED
        and (errors or {s["changes_after"] for s in answer["signatures"]} - {"none", "permitted"}),
    }
    missed = [name for name, failed in tests.items() if failed]
    return f"{'; '.join(missed)}: {verdict} {sorted(codes)}" if missed else None


def exceptions(corpus: str) -> dict[str, dict[str, str]]:
    """Return the listed exceptions of a corpus by file; each has expected, ours and reason."""
    with Path(__file__).with_name("exceptions.toml").open("rb") as file:
        listed: list[dict[str, str]] = tomllib.load(file).get(corpus, [])
    assert len({row["file"] for row in listed}) == len(listed)
    return {row["file"]: row for row in listed}


def summary(corpus: str, asked: Iterable[Question], answers: dict[str, dict[str, Any]]) -> str:
    """Return how many files of a corpus ended how; honest files that met a limit are named."""
    verdicts: dict[str, int] = {}
    limits: dict[str, list[str]] = {code: [] for code in (*sorted(_NAMED_LIMITS), "verifier-fault")}
    honest = []
    for question in asked:
        answer = answers[question.file]
        verdicts[answer["verdict"]] = verdicts.get(answer["verdict"], 0) + 1
        for code in limits.keys() & {f["code"] for f in answer["findings"]}:
            limits[code].append(question.file)
            if question.is_honest:
                honest.append(question.file)
    counts = [f"{n} {v}" for v, n in sorted(verdicts.items())]
    counts += [f"{len(files)} {code}" for code, files in limits.items()]
    told = f" (honest: {', '.join(sorted(set(honest)))})" if honest else ""
    return f"{corpus}: {', '.join(counts)}{told}"
