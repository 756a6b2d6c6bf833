"""A CRL's facts and entries (RFC 5280, 5): as it stands, whoever signed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.x509.oid import CRLEntryExtensionOID, ExtensionOID

from ecert.formats.pades.asn1 import set_up
from ecert.trust.certificates import load
from ecert.trust.naming import NameKey, issuer_key, name_key
from ecert.trust.signed import UNREADABLE, SignatureAlgorithm, verified

_EXPIRED_CERTS_ON_CRL = x509.ObjectIdentifier("2.5.29.60")  # X.509, 9.5.2.3
_KNOWN = {
    ExtensionOID.CRL_NUMBER, ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    ExtensionOID.ISSUING_DISTRIBUTION_POINT, ExtensionOID.DELTA_CRL_INDICATOR,
    ExtensionOID.FRESHEST_CRL, _EXPIRED_CERTS_ON_CRL,
}  # fmt: skip
_KNOWN_ENTRY = {
    CRLEntryExtensionOID.CRL_REASON, CRLEntryExtensionOID.INVALIDITY_DATE,
    CRLEntryExtensionOID.CERTIFICATE_ISSUER,
}  # fmt: skip
#: how a critical extension looks in DER: BOOLEAN TRUE, then the OCTET STRING with its value
_CRITICAL = b"\x01\x01\xff\x04"


@dataclass(frozen=True)
class Crl:
    """What a CRL says of itself."""

    der: bytes
    parsed: x509.CertificateRevocationList
    issuer: NameKey
    this_update: datetime
    next_update: datetime | None
    number: int | None
    base: int | None  # BaseCRLNumber: this is a delta
    authority_key: bytes | None
    distribution: x509.IssuingDistributionPoint | None
    expired_since: datetime | None

    @property
    def indirect(self) -> bool:
        """Tell whether entries may be of other authorities' certificates."""
        return self.distribution is not None and self.distribution.indirect_crl


@dataclass(frozen=True)
class Entry:
    """One revoked certificate."""

    revoked_at: datetime
    reason: str | None


@lru_cache(maxsize=64)
def read_crl(der: bytes) -> Crl | None:
    """Return a CRL's facts, or None where it must not be used: unreadable, or critical beyond what is known.

    Its entries are not walked, for nobody has looked at its signature yet.
    """
    try:
        crl = x509.load_der_x509_crl(der)
        extensions = {extension.oid: extension for extension in crl.extensions}
        if any(e.critical and e.oid not in _KNOWN for e in extensions.values()):
            return None
        if (crl.next_update_utc or crl.last_update_utc) < crl.last_update_utc:
            return None
        values = {oid: extension.value for oid, extension in extensions.items()}
        number = values.get(ExtensionOID.CRL_NUMBER)
        base = values.get(ExtensionOID.DELTA_CRL_INDICATOR)
        authority = values.get(ExtensionOID.AUTHORITY_KEY_IDENTIFIER)
        distribution = values.get(ExtensionOID.ISSUING_DISTRIBUTION_POINT)
        return Crl(
            der, crl, name_key(crl.issuer), crl.last_update_utc, crl.next_update_utc,
            number.crl_number if isinstance(number, x509.CRLNumber) else None,
            base.crl_number if isinstance(base, x509.DeltaCRLIndicator) else None,
            authority.key_identifier if isinstance(authority, x509.AuthorityKeyIdentifier) else None,
            distribution if isinstance(distribution, x509.IssuingDistributionPoint) else None,
            _expired_since(values.get(_EXPIRED_CERTS_ON_CRL)),
        )  # fmt: skip
    except UNREADABLE:
        return None


@lru_cache(maxsize=2048)
def crl_signed_by(der: bytes, signer: bytes) -> SignatureAlgorithm | None:
    """Return how a certificate's key signed a CRL, or None where it did not."""
    crl = read_crl(der)
    return verified(crl.parsed, signer) if crl is not None else None


@lru_cache(maxsize=512)
def entry(der: bytes, certificate: bytes) -> Entry | None:
    """Return what a readable and authentic CRL lists of a certificate, or None where it does not.

    Raises:
        ValueError: an entry cannot be read, or any holds an unknown critical extension, which spoils the
            whole CRL (5.3).
    """
    crl = read_crl(der)
    assert crl is not None
    if _spoiled(der):
        raise ValueError("an entry has an unknown critical extension")
    serial = load(certificate).serial_number
    if crl.indirect or serial < 0:  # the library looks up only what RFC 5280, 4.1.2.2 allows
        return _entries(der).get((issuer_key(certificate), serial))
    found = crl.parsed.get_revoked_certificate_by_serial_number(serial)
    return _read(found) if found is not None else None


@lru_cache(maxsize=8)
def _entries(der: bytes) -> dict[tuple[NameKey | None, int], Entry]:
    """Return all entries; each names its certificate's authority, or inherits it (5.3.3)."""
    crl = read_crl(der)
    assert crl is not None
    authority: NameKey | None = crl.issuer
    found: dict[tuple[NameKey | None, int], Entry] = {}
    for revoked in crl.parsed:
        for extension in revoked.extensions:
            if isinstance(extension.value, x509.CertificateIssuer):
                names = extension.value.get_values_for_type(x509.DirectoryName)
                authority = name_key(names[0]) if names else None
        found.setdefault((authority, revoked.serial_number), _read(revoked))
    return found


def _read(revoked: x509.RevokedCertificate) -> Entry:
    reason = None
    for extension in revoked.extensions:
        if isinstance(extension.value, x509.CRLReason):
            reason = extension.value.reason.value
    return Entry(revoked.revocation_date_utc, reason)


@lru_cache(maxsize=64)
def _spoiled(der: bytes) -> bool:
    crl = read_crl(der)
    assert crl is not None
    critical = sum(1 for extension in crl.parsed.extensions if extension.critical)
    if crl.parsed.tbs_certlist_bytes.count(_CRITICAL) <= critical:
        return False  # none is left over for the entries: a long list is not walked
    return any(
        extension.critical and extension.oid not in _KNOWN_ENTRY
        for revoked in crl.parsed
        for extension in revoked.extensions
    )


def _expired_since(value: x509.ExtensionType | None) -> datetime | None:
    from asn1crypto import core

    set_up()
    if not isinstance(value, x509.UnrecognizedExtension):
        return None
    found = core.GeneralizedTime.load(value.value, strict=True).native
    return found if isinstance(found, datetime) else None
