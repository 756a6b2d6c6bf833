"""Files of the field that are written oddly and say one thing, each kind beside its control."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.field.judging import judged


@pytest.mark.parametrize(
    ("name", "root", "told"),
    [
        ("word-hybrid-signed", "a", None),
        ("word-hybrid-signed-twice", "a", None),
        ("office-signed", "b", None),
        ("stale-control", "c", None),
        ("blank-line-before-endstream", "b", None),
        ("startxref-at-newline-signed", "a", "white space"),
        ("startxref-at-newline-signed-twice", "a", "white space"),
        ("offset-zero-row-signed", "a", "object 6"),
        ("size-too-small-signed", "a", "/Size 4"),
    ],
)
def test_what_reads_the_same_everywhere_is_valid(field: Path, name: str, root: str, told: str | None):
    report = judged(field, name, root)
    assert report.verdict == "VALID"
    what = [str(f.data["what"]) for f in report.findings if f.code == "unusual-structure"]
    assert len(what) == (told is not None)
    assert not told or told in what[0]


@pytest.mark.parametrize(
    ("name", "root", "code"),
    [
        ("word-hybrid-swapped-content", "a", "parsers-disagree"),
        ("hybrid-prepared-shadow", "c", "parsers-disagree"),
        ("startxref-into-object", "a", "pdf-damaged"),
        ("twin-size-small", "f", "parsers-disagree"),
    ],
)
def test_what_may_be_read_in_two_ways_is_refused(field: Path, name: str, root: str, code: str):
    report = judged(field, name, root)
    assert report.verdict == "INVALID"
    assert code in report.codes("error")


@pytest.mark.parametrize(
    ("name", "root"), [("encrypted-owner-only-signed", "a"), ("owner-password-only-then-signed", "b")]
)
def test_a_locked_file_is_not_judged(field: Path, name: str, root: str):
    report = judged(field, name, root)
    assert report.verdict == "INDETERMINATE"
    (finding,) = [f for f in report.findings if f.code == "encrypted-not-judged"]
    assert "it opens without a password" in finding.text["en"]
