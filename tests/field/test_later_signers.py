"""Signed files of the field to which others added something: the wrong answers, each beside its control."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.field.judging import judged


@pytest.mark.parametrize(
    ("name", "root", "code"),
    [
        ("approval-cover", "c", "field-covers-page"),
        ("leftover-signature-widget", "a", "undeclared-signature"),
        ("twin-control", "f", "unlisted-object"),
    ],
)
def test_what_cannot_be_told_is_not_decided(field: Path, name: str, root: str, code: str):
    report = judged(field, name, root)
    assert report.verdict == "INDETERMINATE"
    assert code in report.codes("unknown")


@pytest.mark.parametrize(
    ("name", "root"),
    [
        ("p2-citizen-same-national-root", "d"),
        ("vgca-stranger-after-leader", "a"),
        ("startxref-into-object", "a"),
        ("word-hybrid-swapped-content", "a"),
        ("hybrid-prepared-shadow", "c"),
        ("twin-size-small", "f"),
    ],
)
def test_what_was_refused_still_is(field: Path, name: str, root: str):
    assert judged(field, name, root).verdict != "VALID"


@pytest.mark.parametrize(
    ("name", "root", "told"),
    [
        ("control-signed-once", "b", False),
        ("control-signed-twice-invisible", "b", False),
        ("tagged-signed-once-control", "b", False),
        ("timestamp-with-certificate", "a", False),
        ("control-signed-twice", "b", True),
    ],
)
def test_honest_signers_stay_valid(field: Path, name: str, root: str, told: bool):
    report = judged(field, name, root)
    assert report.verdict == "VALID"
    assert ("field-added-and-signed" in report.codes()) == told
