"""Seals of somebody else under a body's name: what a record's writer states to make another certificate fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography import x509

from ecert.formats.record import CertificationRecord
from ecert.testing.names import BODY_IDENTIFIER, body_name, person_name
from ecert.testing.specimens.dishonest import draft
from ecert.testing.specimens.registry import specimen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecert.testing.specimens.press import Press

_COMPANY = "CÔNG TY TNHH DỊCH VỤ MẪU"
_TAX_CODE = "MST:0100000001"
_CITIZEN = "CCCD:001099000001"
_SHORT = "UBND XA MAU - TINH MAU"  # as some authorities write a commune's committee
_RENAMED = "ỦY BAN NHÂN DÂN XÃ MẪU CŨ"


def _sealed(press: Press, seal: x509.Name, aliases: Mapping[str, str] | None = None, **body: Any) -> bytes:
    """Let a certificate of this name seal a copy whose record states these things of the body."""
    office = press.office
    given = office.record(pages=len(press.sheets), body=body)
    record = CertificationRecord.from_dict(given).with_names(aliases or {})
    identity = office.issue(seal, algorithm="p256")
    work = draft(press, record=record).sign("signer")
    return work.sign("seal", office.key(identity)).archive()


@specimen(
    "roles",
    "body-name-differs",
    verdict="INDETERMINATE",
    vi="Công ty đóng dấu thay ủy ban; lời chứng ghi tên ủy ban kèm mã số thuế của công ty.",
    en="A company sealed in the committee's place; the record names the committee with the company's tax code.",
)
def sealed_by_a_company_of_that_tax_code(press: Press) -> bytes:
    seal = body_name(_COMPANY, parent=_COMPANY, identifiers=(_TAX_CODE,))
    return _sealed(press, seal, identifiers=[_TAX_CODE])


@specimen(
    "roles",
    "body-differs",
    vi="Công ty đóng dấu thay ủy ban; lời chứng ghi mã của ủy ban bên cạnh mã số thuế của công ty, mà mã kia thì trái "
    "với chứng thư số.",
    en="A company sealed in the committee's place; the record has the committee's code beside the company's tax "
    "code, and the former contradicts the certificate.",
)
def sealed_by_a_company_of_one_of_two_codes(press: Press) -> bytes:
    seal = body_name(_COMPANY, identifiers=(_TAX_CODE, "MNS:H00.99"))
    return _sealed(press, seal, identifiers=[BODY_IDENTIFIER, _TAX_CODE])


@specimen(
    "roles",
    "body-differs",
    vi="Cá nhân đóng dấu thay ủy ban; lời chứng ghi số căn cước của người đó làm mã cơ quan.",
    en="A private person sealed in the committee's place; the record gives that person's citizen number as the "
    "body's identifier.",
)
def sealed_by_a_person_of_that_citizen_number(press: Press) -> bytes:
    seal = person_name("Lê Văn Khác", identifiers=(_CITIZEN,))
    return _sealed(press, seal, identifiers=[_CITIZEN])


@specimen(
    "roles",
    "body-differs",
    vi="Cá nhân đóng dấu thay ủy ban; số định danh của người đó được ghi như mã số thuế.",
    en="A private person sealed in the committee's place; the citizen number stands as a tax code on both sides.",
)
def sealed_by_a_person_of_that_tax_code(press: Press) -> bytes:
    number = _CITIZEN.replace("CCCD", "MST")
    return _sealed(press, person_name("Lê Văn Khác", identifiers=(number,)), identifiers=[number])


@specimen(
    "roles",
    "body-differs",
    vi="Công ty đóng dấu thay ủy ban; mã của hai bên thuộc hai loại khác nhau nên không so được.",
    en="A company sealed in the committee's place; the identifiers are of two schemes and cannot be compared.",
)
def sealed_by_a_company_of_another_scheme(press: Press) -> bytes:
    return _sealed(press, body_name(_COMPANY, identifiers=(_TAX_CODE,)))


@specimen(
    "roles",
    "body-differs",
    vi="Xã cùng tên đóng dấu: lời chứng ghi mã của xã này và mã số thuế của xã kia.",
    en="A commune of the same name sealed: the record has the one's code and the other's tax code.",
)
def sealed_by_a_namesake_of_one_of_two_codes(press: Press) -> bytes:
    seal = body_name(identifiers=("MNS:H00.99", _TAX_CODE))
    return _sealed(press, seal, identifiers=[BODY_IDENTIFIER, _TAX_CODE])


@specimen(
    "roles",
    "body-name-differs",
    verdict="INDETERMINATE",
    vi="Tên và mã cơ quan trùng nhau, nhưng lời chứng ghi cơ quan cấp trên ở tỉnh khác.",
    en="Name and identifier agree, but the record names a superior body in another province.",
)
def sealed_below_another_province(press: Press) -> bytes:
    return _sealed(press, body_name(), parent="Ủy ban nhân dân tỉnh Khác")


@specimen(
    "roles",
    "body-name-differs",
    verdict="INDETERMINATE",
    vi="Cơ quan đã đổi tên đóng dấu bằng chứng thư số mang tên cũ; mã cơ quan trùng nhau.",
    en="A renamed body sealed with a certificate of its old name; the identifiers agree.",
)
def sealed_under_the_old_name(press: Press) -> bytes:
    return _sealed(press, body_name(_RENAMED))


@specimen(
    "control",
    verdict="VALID",
    vi="Chứng thư số viết tắt tên cơ quan; lời chứng ghi đúng như chứng thư số (cài đặt names.aliases).",
    en="The certificate abbreviates the body's name; the record carries that spelling (setting names.aliases).",
)
def body_under_an_alias(press: Press) -> bytes:
    aliases = {"Ủy ban nhân dân xã Mẫu": _SHORT}
    return _sealed(press, body_name(_SHORT), aliases)


@specimen(
    "control",
    verdict="VALID",
    vi="Chứng thư số con dấu có nhiều mã, trong đó có số căn cước của người đại diện; mã cơ quan trùng nhau.",
    en="The seal's certificate has several identifiers, a representative's citizen number among them; the body's "
    "own agrees.",
)
def body_with_a_representatives_number(press: Press) -> bytes:
    seal = body_name(identifiers=(_CITIZEN, BODY_IDENTIFIER, _TAX_CODE))
    return _sealed(press, seal, identifiers=[BODY_IDENTIFIER, "CCCD:001099000002"])
