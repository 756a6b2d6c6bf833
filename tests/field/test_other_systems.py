"""Signed files of the field, judged as certified copies and as signed and sealed: a fair answer, and never VALID."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.field.judging import judged


@pytest.mark.parametrize(("name", "root"), [("control-signed-twice", "b"), ("control-signed-twice-invisible", "b")])
def test_two_signers_and_no_record_are_another_systems(field: Path, name: str, root: str):
    report = judged(field, name, root, "certified-copy")
    assert report.verdict == "INDETERMINATE"
    assert report.codes("error", "unknown") == ["other-system"]


@pytest.mark.parametrize(
    ("name", "root"),
    [
        ("control-signed-once", "b"),
        ("timestamp-with-certificate", "a"),
        ("vgca-stranger-after-leader", "a"),
        ("word-hybrid-swapped-content", "a"),
        ("startxref-into-object", "a"),
    ],
)
def test_one_signer_strangers_and_forgeries_are_refused_as_ever(field: Path, name: str, root: str):
    report = judged(field, name, root, "certified-copy")
    assert report.verdict == "INVALID"
    assert "other-system" not in report.codes()


def test_no_file_of_others_is_valid_without_a_registry(field: Path):
    for path in sorted((field / "signed").glob("*.pdf")):
        for root in ("a", "b", "c", "d", "e", "f"):
            for policy in ("certified-copy", "signed-and-sealed"):
                report = judged(field, path.stem, root, policy)
                assert report.verdict != "VALID", (path.name, root, policy)
                assert not report.certified
