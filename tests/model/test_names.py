"""Vietnamese names are compared as people read them."""

from __future__ import annotations

import unicodedata

import pytest

from ecert.model.names import normal_name, same_name


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Ủy ban nhân dân", "Uỷ ban nhân dân"), ("HÒA BÌNH", "Hoà Bình"), ("Khỏe", "Khoẻ"),
        ("  Nguyễn  Văn   A ", "NGUYỄN VĂN A"), ("Thủy", "Thuỷ"), ("Quý", "quý"),
        (unicodedata.normalize("NFD", "Ủy ban Hòa"), "UỶ BAN HOÀ"),
    ],
)  # fmt: skip
def test_the_same_name_in_two_spellings(a: str, b: str) -> None:
    assert same_name(a, b)
    assert normal_name(normal_name(a)) == normal_name(a)


@pytest.mark.parametrize(
    ("a", "b"), [("Hoa", "Hòa"), ("Thúy", "Thùy"), ("Nguyễn Văn A", "Nguyễn Văn B"), ("Lan", "Lân")]
)
def test_different_names_stay_different(a: str, b: str) -> None:
    assert not same_name(a, b)
