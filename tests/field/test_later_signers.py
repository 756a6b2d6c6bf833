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
        ("vgca-leader-then-body", "a", ["Signature2"]),
        ("vgca-leader-then-body-da", "a", ["Signature2"]),
        ("vgca-number-date-body", "a", ["Signature2", "Signature3", "Signature4"]),
        ("p2-same-body-control", "d", ["Signature2"]),
        ("DR-FRM0-replaced-by-second-signature", "b", ["Sig2"]),
        ("da-added-with-second-signature", "b", []),
        ("tagged-second-signature-adds-its-tag", "b", ["Sig2"]),
        ("one-signature-three-fields", "a", []),
    ],
)
def test_what_honest_programs_add_is_told(field: Path, name: str, root: str, told: list[str]):
    report = judged(field, name, root)
    assert report.verdict == "VALID"
    assert [f.where["field"] for f in report.findings if f.code == "field-added-and-signed"] == told


@pytest.mark.parametrize(
    ("name", "root", "code"),
    [
        ("p2-citizen-same-national-root", "d", "field-added-by-another"),
        ("vgca-stranger-after-leader", "a", "field-added-by-another"),
    ],
)
def test_others_than_the_certifiers_body_are_not_believed(field: Path, name: str, root: str, code: str):
    report = judged(field, name, root)
    assert report.verdict == "INDETERMINATE"
    assert code in report.codes("unknown")


def test_the_summary_names_who_certified_and_who_signed(field: Path):
    summary = judged(field, "vgca-leader-then-body", "a").content["summary"]["en"]
    assert "Nguyen Van A (signed first and limits later changes); Uy ban nhan dan xa Y" in summary


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
