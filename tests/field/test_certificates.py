"""Signed files of the field whose certificates, algorithms or time-stamps are odd, beside their control."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.field.judging import judged


@pytest.mark.parametrize(
    ("name", "proven"),
    [
        ("leaf-notice-latin1", False),
        ("leaf-pathlen-without-ca", False),
        ("ecdsa-as-ecpublickey", False),
        ("timestamp-without-certificate", False),
        ("timestamp-with-certificate", True),
    ],
)
def test_honest_oddities_are_valid(field: Path, name: str, proven: bool) -> None:
    report = judged(field, name, "a")
    assert report.verdict == "VALID"
    assert ("time-not-proven" in report.codes()) != proven


def test_a_withdrawn_sub_filter_is_weak_and_not_malformed(field: Path) -> None:
    report = judged(field, "pkcs7-sha1-subfilter", "a")
    assert report.verdict == "INVALID"
    assert report.codes("error") == ["algorithm-too-weak"]


@pytest.mark.parametrize("name", ["leaf-notice-latin1", "ecdsa-as-ecpublickey", "timestamp-without-certificate"])
def test_a_second_opinion_does_not_call_them_altered(field: Path, name: str) -> None:
    assert "second-opinion-differs" not in judged(field, name, "a", cross_check=True).codes()
