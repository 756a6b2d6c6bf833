"""A CRL's facts and entries (RFC 5280, 5): as it stands, whoever signed it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.x509.oid import CRLEntryExtensionOID, ExtensionOID

from ecert.formats.asn1_bounds import crl_excess, to_be_signed
from ecert.formats.pades.asn1 import set_up
from ecert.model.limits import MAX_WALKED_ENTRIES
from ecert.trust.certificates import serial_number
from ecert.trust.naming import NameKey, issuer_key, name_key
from ecert.trust.signed import UNREADABLE, SignatureAlgorithm, signed_by

_EXPIRED_CERTS_ON_CRL = x509.ObjectIdentifier("2.5.29.60")  # X.509, 9.5.2.3
_KNOWN = {
    ExtensionOID.CRL_NUMBER,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    ExtensionOID.ISSUING_DISTRIBUTION_POINT,
    ExtensionOID.DELTA_CRL_INDICATOR,
    ExtensionOID.FRESHEST_CRL,
    _EXPIRED_CERTS_ON_CRL,
}
_KNOWN_ENTRY = {
    CRLEntryExtensionOID.CRL_REASON,
    CRLEntryExtensionOID.INVALIDITY_DATE,
    CRLEntryExtensionOID.CERTIFICATE_ISSUER,
}
#: how a critical extension looks in DER: BOOLEAN TRUE, then the OCTET STRING with its value
_CRITICAL = b"\x01\x01\xff\x04"
_KNOWN_CRITICAL = [b"\x06\x03\x55\x1d" + bytes([last]) + _CRITICAL for last in (21, 24, 29)]


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
        """Return whether entries may be of other authorities' certificates."""
        return self.distribution is not None and self.distribution.indirect_crl


@dataclass(frozen=True)
class CrlEntry:
    """One revoked certificate."""

    revoked_at: datetime
    reason: str | None


def read_crl(der: bytes) -> Crl | None:
    """Return a CRL's facts, or None where it must not be used: unreadable, or critical beyond what is known.

    Its entries are not walked, for nobody has looked at its signature yet.
    """
    return (_read_large if len(der) > _LARGE else _read_small)(der)


def _read_whole(der: bytes) -> Crl | None:
    if crl_excess(der) is not None:
        return None
    try:
        crl = x509.load_der_x509_crl(der)
        extensions = {extension.oid: extension for extension in crl.extensions}
        if any(e.critical and e.oid not in _KNOWN for e in extensions.values()):  # RFC 5280, 5.2
            return None
        if (crl.next_update_utc or crl.last_update_utc) < crl.last_update_utc:
            return None
        values = {oid: extension.value for oid, extension in extensions.items()}
        number = values.get(ExtensionOID.CRL_NUMBER)
        base = values.get(ExtensionOID.DELTA_CRL_INDICATOR)
        authority = values.get(ExtensionOID.AUTHORITY_KEY_IDENTIFIER)
        distribution = values.get(ExtensionOID.ISSUING_DISTRIBUTION_POINT)
        return Crl(
            der,
            crl,
            name_key(crl.issuer),
            crl.last_update_utc,
            crl.next_update_utc,
            number.crl_number if isinstance(number, x509.CRLNumber) else None,
            base.crl_number if isinstance(base, x509.DeltaCRLIndicator) else None,
            authority.key_identifier if isinstance(authority, x509.AuthorityKeyIdentifier) else None,
            distribution if isinstance(distribution, x509.IssuingDistributionPoint) else None,
            _expired_since(values.get(_EXPIRED_CERTS_ON_CRL)),
        )
    except UNREADABLE:
        return None


#: the caches outlive a document: many small ones are kept, of those that weigh megabytes a file's worth
_LARGE = 256 * 1024
_read_small = lru_cache(maxsize=512)(_read_whole)
_read_large = lru_cache(maxsize=8)(_read_whole)


@lru_cache(maxsize=2048)
def crl_signed_by(der: bytes, signer: bytes) -> SignatureAlgorithm | None:
    """Return how a certificate's key signed a CRL, or None where it did not."""
    crl = read_crl(der)
    return signed_by(crl.parsed, signer, _digest(der)) if crl is not None else None


@lru_cache(maxsize=512)
def _digest(der: bytes) -> bytes | None:
    """Return the digest that a CRL's signature is over: a long one is not hashed for every possible signer."""
    crl = read_crl(der)
    assert crl is not None
    try:
        used = crl.parsed.signature_hash_algorithm
        return hashlib.new(used.name.replace("-", "_"), to_be_signed(der)).digest() if used else None
    except UNREADABLE:
        return None


@lru_cache(maxsize=512)
def entry(der: bytes, certificate: bytes) -> CrlEntry | None:
    """Return what a readable and authentic CRL lists of a certificate, or None where it does not.

    Raises:
        ValueError: an entry cannot be read, or any holds an unknown critical extension, which spoils the
            whole CRL (5.3).
    """
    crl = read_crl(der)
    assert crl is not None
    if _spoiled(der):
        raise ValueError("an entry has an unknown critical extension")
    serial = serial_number(certificate)
    if crl.indirect or serial < 0:  # the library looks up only what RFC 5280, 4.1.2.2 allows
        listed = _entries(der)
        if listed is None:
            raise ValueError("it has more entries than are walked")
        return listed.get((issuer_key(certificate), serial))
    found = crl.parsed.get_revoked_certificate_by_serial_number(serial)
    return _read(found) if found is not None else None


@lru_cache(maxsize=8)
def _entries(der: bytes) -> dict[tuple[NameKey | None, int], CrlEntry] | None:
    """Return all entries; each names its certificate's authority, or inherits it (5.3.3). None: too many."""
    crl = read_crl(der)
    assert crl is not None
    authority: NameKey | None = crl.issuer
    found: dict[tuple[NameKey | None, int], CrlEntry] = {}
    for count, revoked in enumerate(crl.parsed):
        if count == MAX_WALKED_ENTRIES:
            return None
        for extension in revoked.extensions:
            if isinstance(extension.value, x509.CertificateIssuer):
                names = extension.value.get_values_for_type(x509.DirectoryName)
                authority = name_key(names[0]) if names else None
        found.setdefault((authority, revoked.serial_number), _read(revoked))
    return found


def _read(revoked: x509.RevokedCertificate) -> CrlEntry:
    reason = None
    for extension in revoked.extensions:
        if isinstance(extension.value, x509.CRLReason):
            reason = extension.value.reason.value
    return CrlEntry(revoked.revocation_date_utc, reason)


@lru_cache(maxsize=512)
def _spoiled(der: bytes) -> bool:
    """Return whether an entry has a critical extension nobody here knows; a long list is not walked for that."""
    crl = read_crl(der)
    assert crl is not None
    critical = sum(1 for extension in crl.parsed.extensions if extension.critical)
    known = sum(der.count(mark) for mark in _KNOWN_CRITICAL)
    if der.count(_CRITICAL) <= critical + known or _odd_criticals(der) <= critical:
        return False  # none is left over for the entries
    for count, revoked in enumerate(crl.parsed):
        if count == MAX_WALKED_ENTRIES:
            return True
        if any(e.critical and e.oid not in _KNOWN_ENTRY for e in revoked.extensions):
            return True
    return False


def _odd_criticals(der: bytes) -> int:
    """Count what looks like a critical extension, an OBJECT IDENTIFIER before it, that no entry may have."""
    count, pos = 0, der.find(_CRITICAL)
    while pos >= 0:
        before = der[max(0, pos - 42) : pos]  # an OBJECT IDENTIFIER of up to 40 bytes
        for size in range(1, len(before) - 1):
            if before[-size - 2 : -size] == bytes((0x06, size)):
                count += before[-size - 2 :] + _CRITICAL not in _KNOWN_CRITICAL
                break
        pos = der.find(_CRITICAL, pos + 1)
    return count


def _expired_since(value: x509.ExtensionType | None) -> datetime | None:
    from asn1crypto import core

    set_up()
    if not isinstance(value, x509.UnrecognizedExtension):
        return None
    found = core.GeneralizedTime.load(value.value, strict=True).native
    return found if isinstance(found, datetime) else None
