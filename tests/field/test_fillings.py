"""Forms of the field that were filled in after signing: the wrong answers, each beside its control."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.field.judging import judged


@pytest.mark.parametrize(
    ("name", "root", "verdict", "code"),
    [
        ("shadow-replace-picture-of-a-field-alone", "b", "INVALID", "changed-after-signature"),
        ("font-liar", "c", "INVALID", "changed-after-signature"),
        ("pushbutton", "e", "INVALID", "changed-after-signature"),
        ("as-alone", "e", "INVALID", "changed-after-signature"),
        ("na-flip", "c", "INDETERMINATE", "appearance-not-proven"),
        ("state-picture-with-v", "e", "INDETERMINATE", "appearance-not-proven"),
    ],
)
def test_what_readers_show_otherwise_is_not_valid(field: Path, name: str, root: str, verdict: str, code: str):
    report = judged(field, name, root)
    assert report.verdict == verdict
    assert code in report.codes()


@pytest.mark.parametrize(
    ("name", "root", "told"),
    [
        ("control-filled-field", "b", None),
        ("na-control", "c", None),
        ("choice-filled-V-and-I", "b", "the form field “combo” = “B”"),
        ("choice-filled-V-only-control", "b", "the form field “combo” = “B”"),
    ],
)
def test_honest_files_stay_valid(field: Path, name: str, root: str, told: str | None):
    report = judged(field, name, root)
    assert report.verdict == "VALID"
    filled = [f.data["what"] for f in report.findings if f.code == "form-filled-in"]
    assert filled == ([told] if told else [])
