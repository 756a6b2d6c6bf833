"""What our PDF/A gate says about files whose makers state the verdict: it never lets a wrong one pass."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import ecert
from ecert.formats.pdfa import check_pdfa
from tests.corpora.conftest import COUNTS

CORPORA = ("verapdf", "bfo-pdfa")
#: rules of the gate that refuse more than the standard does → why
GAPS = tomllib.loads(Path(__file__).with_name("pdfa_gaps.toml").read_text(encoding="utf-8"))


class Judged(NamedTuple):
    """A file with its stated verdict and what the gate says against it."""

    name: str
    expected: str
    faults: list[str]


@pytest.fixture(scope="module", params=CORPORA)
def judged(request: pytest.FixtureRequest, corpora: Path) -> tuple[str, list[Judged]]:
    folder = corpora / request.param
    with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["file"].endswith(".pdf")]
    return request.param, [
        Judged(
            row["file"],
            row["expected"],
            check_pdfa(
                (folder / row["file"]).read_bytes(), has_jpx=False, flavour="3b" if "3b" in row["category"] else "2b"
            ),
        )
        for row in rows
    ]


def test_no_file_that_is_not_pdfa_passes(
    judged: tuple[str, list[Judged]], record_property: Callable[[str, object], None]
):
    corpus, files = judged
    counts = Counter((f.expected, "refused" if f.faults else "passed") for f in files)
    told = ", ".join(f"{n} stated {e} {g}" for (e, g), n in sorted(counts.items()))
    record_property(COUNTS, f"{corpus}, PDF/A gate: {told}")
    assert not [f.name for f in files if f.expected == "fail" and not f.faults]
    assert counts["fail", "refused"] == {"verapdf": 310, "bfo-pdfa": 24}[corpus]


def test_what_it_refuses_too_much_is_known(judged: tuple[str, list[Judged]]):
    """The gate knows what our writer writes; a good file with anything else is refused by name."""
    corpus, files = judged
    refused = [f for f in files if f.expected == "pass" and f.faults]
    rules = {f.name: {r for r in GAPS if any(r in x for x in f.faults)} for f in refused}
    assert not [(f.name, x) for f in refused for x in f.faults if not any(r in x for r in rules[f.name])]
    found = Counter(rule for named in rules.values() for rule in named)
    assert dict(found) == {r: g[corpus] for r, g in GAPS.items() if corpus in g}
    assert all(gap["reason"] for gap in GAPS.values())


@pytest.mark.parametrize("corpus", CORPORA)
def test_the_verifier_calls_none_of_them_a_good_copy(corpora: Path, corpus: str):
    """What was not looked at is not-checked, whatever the file claims."""
    for path in sorted((corpora / corpus).rglob("*.pdf")):
        report = ecert.verify_copy(path)
        assert report.verdict != "VALID", path.name
        assert report.content["checks"]["pdfa"] != "pass", path.name
