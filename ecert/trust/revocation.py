"""What CRLs (RFC 5280, 6.3) and OCSP answers (RFC 6960, 3.2) say about one certificate.

Only data that proves itself counts: signed by the issuer, or by a responder the issuer authorised.
Indirect and delta CRLs are not used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import CRLEntryExtensionOID, ExtendedKeyUsageOID, ExtensionOID

from ecert.model.evidence import Evidence
from ecert.trust.certificates import is_ca, load
from ecert.trust.usage import purposes

#: How long an answer without nextUpdate counts (RFC 6960, 4.2.2.1: newer data is always available).
DEFAULT_LIFE = timedelta(days=1)
_KNOWN_CRL_EXTENSIONS = {
    ExtensionOID.CRL_NUMBER,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    ExtensionOID.ISSUING_DISTRIBUTION_POINT,
}


@dataclass(frozen=True)
class RevocationItem:
    """One authentic statement about one certificate."""

    source: Literal["ocsp", "crl"]
    this_update: datetime
    next_update: datetime | None
    revoked_at: datetime | None  # None: not revoked
    reason: str | None
    der: bytes
    responder: bytes | None = None  # a delegated OCSP responder's certificate, DER

    @property
    def counts_until(self) -> datetime:
        """Return when the statement goes stale."""
        return self.next_update or self.this_update + DEFAULT_LIFE


@dataclass(frozen=True)
class RevocationStatus:
    """The answer: ``good``, ``revoked``, ``stale`` (only outdated statements) or ``missing``."""

    status: Literal["good", "revoked", "stale", "missing"]
    item: RevocationItem | None = None


def needs_no_check(certificate: x509.Certificate) -> bool:
    """Tell whether a responder's certificate carries id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1)."""
    try:
        certificate.extensions.get_extension_for_class(x509.OCSPNoCheck)
    except (x509.ExtensionNotFound, ValueError):
        return False
    return True


def revocation_status(
    certificate: bytes, issuer: bytes, evidence: Evidence, *, moment: datetime, known_by: datetime
) -> RevocationStatus:
    """Say what is known about ``certificate`` for use at ``moment``.

    Statements made after ``known_by`` are not looked at. The newest statement decides whether it is
    revoked; without one that still counts at ``moment`` the answer is ``stale``.
    """
    items = sorted(
        (i for i in statements(certificate, issuer, evidence) if i.this_update <= known_by),
        key=lambda i: (i.this_update, i.source == "ocsp"),
        reverse=True,
    )
    if not items:
        return RevocationStatus("missing")
    newest = items[0]
    if newest.revoked_at is not None:
        return RevocationStatus("revoked", newest)
    if newest.counts_until < moment:
        return RevocationStatus("stale", newest)
    return RevocationStatus("good", newest)


def statements(certificate: bytes, issuer: bytes, evidence: Evidence) -> Iterator[RevocationItem]:
    """Yield every authentic statement about a certificate."""
    for der in evidence.ocsps:
        found = _ocsp_statement(der, certificate, issuer)
        if found is not None and _responder_counts(found, issuer, evidence):
            yield found
    for der in evidence.crls:
        found = _crl_statement(der, certificate, issuer)
        if found is not None:
            yield found


def _responder_counts(item: RevocationItem, issuer: bytes, evidence: Evidence) -> bool:
    """Tell whether a delegated responder is itself free of known revocation."""
    if item.responder is None or needs_no_check(load(item.responder)):
        return True
    own = [s for crl in evidence.crls if (s := _crl_statement(crl, item.responder, issuer))]
    return not any(s.revoked_at is not None and s.revoked_at <= item.this_update for s in own)


@lru_cache(maxsize=512)
def _ocsp_statement(der: bytes, certificate: bytes, issuer: bytes) -> RevocationItem | None:
    try:
        response = ocsp.load_der_ocsp_response(der)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        subject, authority = load(certificate), load(issuer)
        single = next((s for s in response.responses if _is_about(s, subject, authority)), None)
        if single is None:
            return None
        responder = _responder(response, authority)
        if responder is None or not _signed_by(response, responder):
            return None
        if single.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
            return None
        delegated = responder.public_bytes(Encoding.DER)
        reason = single.revocation_reason
        return RevocationItem(
            "ocsp",
            single.this_update_utc,
            single.next_update_utc,
            single.revocation_time_utc,
            reason.value if reason else None,
            der,
            None if delegated == issuer else delegated,
        )
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def _is_about(
    single: ocsp.OCSPSingleResponse, subject: x509.Certificate, issuer: x509.Certificate
) -> bool:
    if single.serial_number != subject.serial_number:
        return False
    algorithm = single.hash_algorithm.name
    key = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    name_hash = hashlib.new(algorithm, issuer.subject.public_bytes()).digest()
    return (
        single.issuer_name_hash == name_hash
        and single.issuer_key_hash == hashlib.new(algorithm, _key_bits(key)).digest()
    )


def _key_bits(spki: bytes) -> bytes:
    """Return the subjectPublicKey BIT STRING's value of a SubjectPublicKeyInfo."""

    def header(at: int) -> tuple[int, int]:
        length, start = spki[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, start = int.from_bytes(spki[start : start + count], "big"), start + count
        return start, length

    outer, _ = header(0)
    algorithm, length = header(outer)
    bits, size = header(algorithm + length)
    return spki[bits + 1 : bits + size]


def _responder(response: ocsp.OCSPResponse, issuer: x509.Certificate) -> x509.Certificate | None:
    """Return the issuer itself, or a responder it authorised (RFC 6960, 4.2.2.2)."""

    def named(candidate: x509.Certificate) -> bool:
        if response.responder_name is not None:
            return response.responder_name == candidate.subject
        key = candidate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return response.responder_key_hash == hashlib.sha1(_key_bits(key)).digest()  # noqa: S324

    for candidate in response.certificates:
        if not named(candidate) or candidate.issuer != issuer.subject:
            continue
        if ExtendedKeyUsageOID.OCSP_SIGNING not in (purposes(candidate) or ()):
            continue
        try:
            candidate.verify_directly_issued_by(issuer)
        except (InvalidSignature, ValueError, TypeError):
            continue
        produced = response.produced_at_utc
        if candidate.not_valid_before_utc <= produced <= candidate.not_valid_after_utc:
            return candidate
    return issuer if named(issuer) else None


def _signed_by(response: ocsp.OCSPResponse, responder: x509.Certificate) -> bool:
    key, signature, data = responder.public_key(), response.signature, response.tbs_response_bytes
    algorithm = response.signature_hash_algorithm
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, data)
        elif algorithm is None or algorithm.name in ("sha1", "md5"):
            return False
        elif isinstance(key, rsa.RSAPublicKey):
            if response.signature_algorithm_oid == x509.SignatureAlgorithmOID.RSASSA_PSS:
                pss = padding.PSS(padding.MGF1(algorithm), padding.PSS.AUTO)
                key.verify(signature, data, pss, algorithm)
            else:
                key.verify(signature, data, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=64)
def _load_crl(der: bytes) -> x509.CertificateRevocationList | None:
    try:
        return x509.load_der_x509_crl(der)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _crl_authentic(der: bytes, issuer: bytes) -> bool:
    crl, authority = _load_crl(der), load(issuer)
    if crl is None or crl.issuer != authority.subject:
        return False
    key = authority.public_key()
    try:
        weak = crl.signature_hash_algorithm
        if weak is not None and weak.name in ("sha1", "md5"):
            return False
        return crl.is_signature_valid(key)  # type: ignore[arg-type]
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


def _crl_statement(der: bytes, certificate: bytes, issuer: bytes) -> RevocationItem | None:
    crl = _load_crl(der)
    if crl is None or not _crl_authentic(der, issuer):
        return None
    try:
        subject = load(certificate)
        if subject.issuer != crl.issuer or not _in_scope(crl, subject):
            return None
        entry = crl.get_revoked_certificate_by_serial_number(subject.serial_number)
        revoked_at = reason = None
        if entry is not None:
            revoked_at = entry.revocation_date_utc
            try:
                extension = entry.extensions.get_extension_for_oid(CRLEntryExtensionOID.CRL_REASON)
                reason = extension.value.reason.value  # type: ignore[attr-defined]
            except x509.ExtensionNotFound:
                reason = None
        return RevocationItem(
            "crl", crl.last_update_utc, crl.next_update_utc, revoked_at, reason, der
        )
    except (ValueError, TypeError):
        return None


def _in_scope(crl: x509.CertificateRevocationList, subject: x509.Certificate) -> bool:
    """Tell whether a CRL speaks for this certificate (RFC 5280, 6.3.3 (b))."""
    for extension in crl.extensions:
        if extension.critical and extension.oid not in _KNOWN_CRL_EXTENSIONS:
            return False
        if extension.oid == ExtensionOID.DELTA_CRL_INDICATOR:
            return False
    try:
        idp = crl.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        return True
    if idp.indirect_crl or idp.only_contains_attribute_certs or idp.only_some_reasons:
        return False
    ca = is_ca(subject)
    if (idp.only_contains_user_certs and ca) or (idp.only_contains_ca_certs and not ca):
        return False
    if idp.full_name is None:
        return idp.relative_name is None
    try:
        points = subject.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return False
    names = {name for point in points for name in point.full_name or ()}
    return bool(names & set(idp.full_name))
