"""Distinguished names as met in Vietnam's public PKI, with plainly fictitious people and places."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import NameOID

PROVINCE = "Tỉnh Mẫu"
PROVINCE_COMMITTEE = "ỦY BAN NHÂN DÂN TỈNH MẪU"
COMMUNE_COMMITTEE = "ỦY BAN NHÂN DÂN XÃ MẪU"
CHAIRMAN = "Nguyễn Văn Mẫu"
OFFICER = "Trần Thị Thử"
BODY_IDENTIFIER = "MNS:H00.01"


def person_name(
    common_name: str = CHAIRMAN,
    *,
    organization: str = PROVINCE_COMMITTEE,
    unit: str = COMMUNE_COMMITTEE,
    locality: str = PROVINCE,
    identifiers: tuple[str, ...] = (),
) -> x509.Name:
    """Return a person's DN: ``C=VN, L, O`` (superior body)``, OU`` (body)``, CN``, any ``UID``."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.LOCALITY_NAME, locality),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            *(x509.NameAttribute(NameOID.USER_ID, value) for value in identifiers),
        ]
    )


def body_name(
    common_name: str = COMMUNE_COMMITTEE,
    *,
    parent: str = PROVINCE_COMMITTEE,
    locality: str = PROVINCE,
    identifiers: tuple[str, ...] = (BODY_IDENTIFIER,),
) -> x509.Name:
    """Return a body's DN: ``UID`` (``MNS:…``)``, CN, O`` (superior body)``, L, C=VN``."""
    return x509.Name(
        [
            *(x509.NameAttribute(NameOID.USER_ID, value) for value in identifiers),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, parent),
            x509.NameAttribute(NameOID.LOCALITY_NAME, locality),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        ]
    )


def authority_name(common_name: str) -> x509.Name:
    """Return the DN of an authority of the kit: ``C=VN, O=ecert throwaway PKI, CN``."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "ecert throwaway PKI"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def common_name(name: x509.Name) -> str:
    """Return the CN of a name.

    Raises:
        ValueError: the name has no CN.
    """
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    if not found:
        raise ValueError(f"no common name in {name.rfc4514_string()!r}")
    return str(found[0].value)
