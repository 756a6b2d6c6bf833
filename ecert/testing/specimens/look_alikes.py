"""Names that look alike and are not, and names that look different and are the same."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from cryptography import x509

from ecert.formats.record import CertificationRecord
from ecert.testing.names import CHAIRMAN, COMMUNE_COMMITTEE, body_name, person_name
from ecert.testing.specimens.dishonest import draft
from ecert.testing.specimens.registry import specimen

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

#: Cyrillic letters that look like Latin ones: U+0430 for a, U+0410 for A.
_CYRILLIC = str.maketrans({"a": "\u0430", "A": "\u0410"})


def _record(press: Press, **changes: Any) -> CertificationRecord:
    given = press.office.record(pages=len(press.sheets), **changes)
    return CertificationRecord.from_dict(given)


def _act(press: Press, *, signer: x509.Name | None = None, seal: x509.Name | None = None, **changes: Any) -> bytes:
    """Let people of these names sign and seal, whatever the record says."""
    office, work = press.office, draft(press, record=_record(press, **changes))
    people = {
        "signer": office.issue(signer, algorithm="p256") if signer else office.signer,
        "seal": office.issue(seal, algorithm="p256") if seal else office.seal,
    }
    work = work.sign("signer", office.key(people["signer"]))
    return work.sign("seal", office.key(people["seal"])).archive()


@specimen(
    "look-alike",
    "certifier-differs",
    vi="Tên trong chứng thư số của người ký có chữ Kirin nhìn giống hệt chữ Latinh.",
    en="The name in the signer's certificate has a Cyrillic letter that looks like a Latin one.",
)
def certifier_in_cyrillic(press: Press) -> bytes:
    return _act(press, signer=person_name("Trần Văn Nam".translate(_CYRILLIC)), certifier={"name": "Trần Văn Nam"})


@specimen(
    "look-alike",
    "certifier-differs",
    vi="Tên người chứng thực trong dữ liệu chứng thực khác một dấu thanh so với chứng thư số.",
    en="The certifier's name in the record differs from the certificate in one tone mark.",
)
def certifier_with_another_tone(press: Press) -> bytes:
    return _act(press, certifier={"name": CHAIRMAN.replace("ẫ", "ậ")})


@specimen(
    "look-alike",
    "certifier-differs",
    vi="Tên trong chứng thư số của người ký chứa một ký tự vô hình.",
    en="The name in the signer's certificate contains an invisible character.",
)
def certifier_with_an_invisible_character(press: Press) -> bytes:
    return _act(press, signer=person_name(CHAIRMAN.replace(" ", " \u200b", 1)))


@specimen(
    "look-alike",
    "certifier-differs",
    vi="Tên trong chứng thư số của người ký viết không dấu.",
    en="The name in the signer's certificate is written without diacritics.",
)
def certifier_without_diacritics(press: Press) -> bytes:
    return _act(press, signer=person_name("Nguyen Van Mau"))


@specimen(
    "look-alike",
    "body-differs",
    vi="Con dấu là của một xã có tên chỉ khác một dấu thanh.",
    en="The seal is that of a commune whose name differs in one tone mark.",
)
def body_with_another_tone(press: Press) -> bytes:
    return _act(press, seal=body_name(COMMUNE_COMMITTEE.replace("Ẫ", "Ậ"), identifiers=()))


@specimen(
    "look-alike",
    "body-differs",
    vi="Tên cơ quan trong chứng thư số con dấu có chữ Kirin nhìn giống hệt chữ Latinh.",
    en="The body's name in the seal's certificate has a Cyrillic letter that looks like a Latin one.",
)
def body_in_cyrillic(press: Press) -> bytes:
    name = COMMUNE_COMMITTEE.replace("N", "\u039d")  # a Greek capital nu
    return _act(press, seal=body_name(name, identifiers=()))


@specimen(
    "look-alike",
    "body-differs",
    vi="Con dấu là của một xã cùng tên ở tỉnh khác.",
    en="The seal is that of a commune of the same name in another province.",
)
def body_of_another_province(press: Press) -> bytes:
    other = body_name(parent="ỦY BAN NHÂN DÂN TỈNH KHÁC", identifiers=())
    return _act(press, seal=other, body={"parent": "Ủy ban nhân dân tỉnh Mẫu"})


@specimen(
    "look-alike",
    "body-differs",
    vi="Con dấu cùng tên cơ quan nhưng khác mã định danh.",
    en="The seal bears the body's name and another identifier.",
)
def body_with_another_identifier(press: Press) -> bytes:
    return _act(press, seal=body_name(identifiers=("MNS:H00.99",)))


@specimen(
    "control",
    verdict="VALID",
    vi="Tên trong chứng thư số viết bằng Unicode tổ hợp, trong lời chứng bằng Unicode dựng sẵn: cùng một tên.",
    en="The certificate has the name in decomposed Unicode, the statement in composed: the same name.",
)
def name_in_decomposed_unicode(press: Press) -> bytes:
    name = person_name(unicodedata.normalize("NFD", CHAIRMAN))
    return _act(press, signer=name)


@specimen(
    "control",
    verdict="VALID",
    vi="Lời chứng viết “Uỷ ban”, chứng thư số viết “ỦY BAN”: cùng một tên.",
    en="The statement writes “Uỷ ban”, the certificate “ỦY BAN”: the same name.",
)
def tone_mark_at_another_place(press: Press) -> bytes:
    return _act(press, seal=body_name(identifiers=()), body={"name": "Uỷ ban nhân dân xã Mẫu", "identifiers": None})
