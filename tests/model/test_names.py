"""Vietnamese names are compared as people read them."""

from __future__ import annotations

import unicodedata

import pytest

from ecert.model.names import identifiers_agree, is_personal, normal_name, same_name


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Ủy ban nhân dân", "Uỷ ban nhân dân"),
        ("HÒA BÌNH", "Hoà Bình"),
        ("Khỏe", "Khoẻ"),
        ("  Nguyễn  Văn   A ", "NGUYỄN VĂN A"),
        ("Thủy", "Thuỷ"),
        ("Quý", "quý"),
        (unicodedata.normalize("NFD", "Ủy ban Hòa"), "UỶ BAN HOÀ"),
    ],
)
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
        (["MNS:H21.34", "MNS:H21.35"], ["MNS:H21.35"], True),  # one of a scheme is enough
        (["VATVN-0100109106"], ["VATVN-0100109107"], False),  # EN 319 412-1 writes no colon
        (["0100109106"], ["0100109106"], True),  # of no scheme: equal or not comparable
        (["0100109106"], ["0100109107"], None),
        # a citizen's number says nothing, on either side
        (["CCCD:001099000001"], ["cccd:001099000001"], None),
        (["CCCD:001099000001"], ["CCCD:001099000002"], None),
        (["CCCD:1", "MNS:H21.34"], ["CCCD:2", "MNS:H21.34"], True),
    ],
)
def test_identifiers_of_a_common_scheme_decide(stated: list[str], known: list[str], agree: bool | None) -> None:
    assert identifiers_agree(stated, known) is agree


@pytest.mark.parametrize(
    "identifier",
    [
        "CCCD:001099000001",
        "cccd : 001099000001",
        "Số CCCD:001099000001",
        "CMND:012345678",
        "CMND/CCCD:012345678",
        "CMT:012345678",
        "C.M.N.D:012345678",
        "Căn cước công dân: 001099000001",
        "PID:001099000001",
        "HC:B1234567",
        "Hộ chiếu:B1234567",
        "PASSPORT:B1234567",
        "SĐDCN:001099000001",
        "PNOVN-001099000001",
        "PASVN-B1234567",
        "CCCD 001099000001",
        "CCCD-001099000001",
        "CCCD001099000001",
        "001099000001",
        "012345678",
        "MST:001099000001",
    ],
)
def test_numbers_of_persons(identifier: str) -> None:
    assert is_personal(identifier)
    assert identifiers_agree([identifier], [identifier]) is None


@pytest.mark.parametrize(
    "identifier",
    [
        "MNS:H21.34",
        "MST:0100109106",
        "MST:0100109106-001",
        "VATVN-0100109106",
        "H21.34",
        "0100109106",
        "Mã HC:26734",
        "",
        ":",
        "机构:1",
    ],
)
def test_numbers_of_bodies(identifier: str) -> None:
    assert not is_personal(identifier)
