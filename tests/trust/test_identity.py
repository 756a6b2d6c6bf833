"""Whose certificate it is: the name, the body above it, and identifiers that may only contradict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from ecert.formats.record import Body, Certifier
from ecert.testing import Office, body_name, person_name
from ecert.testing.names import COMMUNE_COMMITTEE as NAME
from ecert.testing.names import PROVINCE_COMMITTEE as PARENT
from ecert.trust.identity import is_body, is_certifier, named_otherwise, names_of_both, shares_identifier

SAME, BY_IDENTIFIER, ANOTHER = "same", "by identifier", "another"
MNS, OTHER_MNS, MST, CCCD = "MNS:H00.01", "MNS:H00.99", "MST:0100000001", "CCCD:001099000001"


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with Office.create(algorithm="p256", responders=False) as made:
        yield made


def der(office: Office, name: Any) -> bytes:
    certificate = office.issue(name, algorithm="p256").certificate
    return certificate.public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("stated", "certificate", "outcome"),
    [
        # the name alone, where no scheme is common
        (Body("Uỷ ban nhân dân  xã Mẫu"), body_name(), SAME),
        (Body(NAME, identifiers=(MST,)), body_name(), SAME),
        (Body(NAME, identifiers=(MNS,)), body_name(identifiers=()), SAME),
        (Body("Ủy ban nhân dân xã Khác"), body_name(), ANOTHER),
        # an identifier contradicts, whatever else agrees
        (Body(NAME, identifiers=(MNS,)), body_name(identifiers=(OTHER_MNS,)), ANOTHER),
        (Body(NAME, identifiers=(MNS, MST)), body_name(identifiers=(OTHER_MNS, MST)), ANOTHER),
        (Body(NAME, PARENT, (MNS,)), body_name(identifiers=(OTHER_MNS,)), ANOTHER),
        (Body(NAME, identifiers=(OTHER_MNS, MNS)), body_name(), SAME),
        # and does not stand in for the name, nor for the body above
        (Body(NAME, identifiers=(MST,)), body_name("CÔNG TY MẪU", identifiers=(MST,)), BY_IDENTIFIER),
        (Body(NAME, identifiers=("mst:0100000001",)), body_name("CÔNG TY", identifiers=(MST,)), BY_IDENTIFIER),
        (Body(NAME, "Tỉnh Khác", (MNS,)), body_name(), BY_IDENTIFIER),
        (Body(NAME, "Tỉnh Khác"), body_name(), ANOTHER),
        (Body(NAME, "ỦY BAN NHÂN DÂN  tỉnh Mẫu"), body_name(), SAME),
        # a citizen's number is nothing to a body
        (Body(NAME, identifiers=(CCCD,)), person_name("Lê Văn Khác", identifiers=(CCCD,)), ANOTHER),
        (Body(NAME, identifiers=("CCCD:1",)), body_name(identifiers=(CCCD,)), SAME),
    ],
)
def test_bodies(office: Office, stated: Body, certificate: Any, outcome: str) -> None:
    found = der(office, certificate)
    otherwise = BY_IDENTIFIER if shares_identifier(stated, found) else ANOTHER
    assert (SAME if is_body(stated, found) else otherwise) == outcome


def test_the_certifier_is_compared_by_name_alone(office: Office) -> None:
    certifier = Certifier("Nguyễn  văn mẫu", "Chủ tịch", "head")
    assert is_certifier(certifier, der(office, person_name(identifiers=(CCCD,))))
    assert not is_certifier(certifier, der(office, person_name("Nguyễn Văn Mậu")))


def test_what_is_told_of_both_is_what_tells_them_apart(office: Office) -> None:
    ours = der(office, body_name(identifiers=(CCCD, OTHER_MNS)))
    assert names_of_both(Body(NAME, identifiers=(MNS,)), ours) == (f"{NAME} [{MNS}]", f"{NAME} [{OTHER_MNS}]")
    assert names_of_both(Body(NAME, "Tỉnh Khác"), ours) == (f"{NAME} (Tỉnh Khác)", f"{NAME} ({PARENT})")
    assert names_of_both(Body("Xã Khác", PARENT), ours) == ("Xã Khác", NAME)
    assert named_otherwise(Body("Xã Khác", "Tỉnh Khác"), ours) == {"name": NAME, "parent": PARENT}
    assert named_otherwise(Body(NAME, PARENT), ours) == {}


def test_many_identifiers_do_not_make_a_long_sentence(office: Office) -> None:
    many = tuple(f"MNS:H{n:02}" for n in range(20))
    ours, theirs = names_of_both(Body(NAME, identifiers=many), der(office, body_name()))
    assert ours == f"{NAME} [MNS:H00, MNS:H01, MNS:H02, …]"
    assert theirs == f"{NAME} [{MNS}]"


def test_what_is_no_certificate_is_nobodys() -> None:
    assert not is_body(Body(NAME), b"no certificate")
    assert not shares_identifier(Body(NAME, identifiers=(MNS,)), b"no certificate")
