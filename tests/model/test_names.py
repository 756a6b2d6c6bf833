"""Vietnamese names are compared as people read them."""

from __future__ import annotations

import unicodedata

import pytest

from ecert.model.names import identifiers_agree, normal_name, same_name


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


@pytest.mark.parametrize(
    ("stated", "known", "agree"),
    [
        (["MNS:H21.34"], [], None),
        (["MNS:H21.34"], ["MST:0100109106"], None),
        (["MNS:H21.34"], ["mns : H21.34"], False),  # a space within is another text
        (["MNS:H21.34"], ["MNS:h21.34", "MST:0100109106"], True),
        (["MNS:H21.34", "MST:1"], ["MNS:H21.34", "MST:2"], False),
        (["MNS:H21.34"], ["MNS:H21.34", "MNS:H21.35"], True),
    ],
)
def test_identifiers_of_a_common_scheme_decide(
    stated: list[str], known: list[str], agree: bool | None
) -> None:
    assert identifiers_agree(stated, known) is agree
