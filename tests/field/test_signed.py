"""Every signed file of the field beside its right outcome: ``README.md`` beside the files states it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.field.judging import judged

#: root, verdict (None: anything but VALID), and codes of the report, each as often as it stands there at least
SIGNED: dict[str, tuple[str, str | None, list[str]]] = {
    # several people sign, the first certified
    "vgca-leader-then-body": ("a", "VALID", ["field-added-and-signed"]),
    "vgca-number-date-body": ("a", "VALID", ["field-added-and-signed"] * 3),
    "vgca-leader-then-body-da": ("a", "VALID", ["field-added-and-signed"]),
    "vgca-stranger-after-leader": ("a", "INDETERMINATE", ["field-added-by-another", "signature-not-trusted"]),
    "p2-same-body-control": ("d", "VALID", ["field-added-and-signed"]),
    "p2-citizen-same-national-root": ("d", "INDETERMINATE", ["field-added-by-another", "field-covers-page"]),
    "approval-cover": ("c", "INDETERMINATE", ["field-covers-page"]),
    # what the next signer's software adds
    "da-added-with-second-signature": ("b", "VALID", []),
    "DR-FRM0-replaced-by-second-signature": ("b", "VALID", ["field-added-and-signed"]),
    "tagged-second-signature-adds-its-tag": ("b", "VALID", ["field-added-and-signed"]),
    "tagged-signed-once-control": ("b", "VALID", []),
    "control-signed-once": ("b", "VALID", []),
    "control-signed-twice-invisible": ("b", "VALID", []),
    "control-signed-twice": ("b", "VALID", ["field-added-and-signed"]),
    "one-signature-three-fields": ("a", "VALID", ["unusual-structure"]),
    "leftover-signature-widget": ("a", "INDETERMINATE", ["undeclared-signature"]),
    # structure
    "word-hybrid-signed": ("a", "VALID", []),
    "word-hybrid-signed-twice": ("a", "VALID", []),
    "office-signed": ("b", "VALID", []),
    "stale-control": ("c", "VALID", []),
    "word-hybrid-swapped-content": ("a", "INVALID", []),
    "hybrid-prepared-shadow": ("c", "INVALID", []),
    "startxref-at-newline-signed": ("a", "VALID", ["unusual-structure"]),
    "startxref-at-newline-signed-twice": ("a", "VALID", ["unusual-structure"]),
    "startxref-into-object": ("a", "INVALID", []),
    "offset-zero-row-signed": ("a", "VALID", ["unusual-structure"]),
    "size-too-small-signed": ("a", "VALID", ["unusual-structure"]),
    "blank-line-before-endstream": ("b", "VALID", []),
    "twin-control": ("f", "INDETERMINATE", ["unlisted-object"]),
    "twin-size-small": ("f", None, []),
    "encrypted-owner-only-signed": ("a", "INDETERMINATE", ["encrypted-not-judged"]),
    "owner-password-only-then-signed": ("b", "INDETERMINATE", ["encrypted-not-judged"]),
    # certificates, algorithms, time-stamps
    "leaf-notice-latin1": ("a", "VALID", []),
    "leaf-pathlen-without-ca": ("a", "VALID", []),
    "ecdsa-as-ecpublickey": ("a", "VALID", []),
    "pkcs7-sha1-subfilter": ("a", None, ["algorithm-too-weak"]),
    "timestamp-with-certificate": ("a", "VALID", []),
    "timestamp-without-certificate": ("a", "VALID", ["time-not-proven"]),
    # forms that were filled in
    "choice-filled-V-and-I": ("b", "VALID", ["form-filled-in"]),
    "choice-filled-V-only-control": ("b", "VALID", ["form-filled-in"]),
    "control-filled-field": ("b", "VALID", []),
    "shadow-replace-picture-of-a-field-alone": ("b", "INVALID", ["changed-after-signature"]),
    "na-control": ("c", "VALID", []),
    "na-flip": ("c", "INDETERMINATE", ["appearance-not-proven"]),
    "font-liar": ("c", "INVALID", ["changed-after-signature"]),
    "pushbutton": ("e", "INVALID", ["changed-after-signature"]),
    "as-alone": ("e", "INVALID", ["changed-after-signature"]),
    "state-picture-with-v": ("e", "INDETERMINATE", ["appearance-not-proven"]),
}


@pytest.mark.parametrize("name", SIGNED)
def test_the_verdict_is_right(field: Path, name: str):
    root, verdict, codes = SIGNED[name]
    report = judged(field, name, root)
    assert report.verdict == verdict if verdict else report.verdict != "VALID"
    assert not Counter(codes) - Counter(report.codes())


def test_every_file_of_the_field_is_judged(field: Path):
    assert {path.stem for path in (field / "signed").glob("*.pdf")} == SIGNED.keys()
