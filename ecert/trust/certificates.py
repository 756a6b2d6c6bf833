"""Certificates as plain facts; each DER is parsed once."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from ecert.errors import Reason
from ecert.formats.asn1_bounds import certificate_excess
from ecert.formats.certificate_parts import (
    RSA_ENCRYPTION,
    has_explicit_curve,
    has_negative_modulus,
    issuer_and_number,
    key_algorithm,
    plainly_written,
    read_integer,
)
from ecert.formats.pades.algorithms import EC_PUBLIC_KEY, algorithm_name
from ecert.model.limits import MAX_RSA_BITS, MAX_RSA_EXPONENT_BITS
from ecert.model.quiet import quietly

#: OIDs of keys that signatures are judged with: RSA, RSA-PSS, EC, Ed25519; and DSA, below which certificates are
_JUDGED_KEYS = {RSA_ENCRYPTION, "1.2.840.113549.1.1.10", EC_PUBLIC_KEY, "1.3.101.112", "1.2.840.10040.4.1"}
_UID = x509.ObjectIdentifier("0.9.2342.19200300.100.1.1")
_ORGANIZATION_IDENTIFIER = x509.ObjectIdentifier("2.5.4.97")


class KeyTooLarge(ValueError):
    """Checking one signature with this key would take long; ``limit`` is in bits."""

    def __init__(self, limit: int) -> None:
        super().__init__("the key is larger than is judged")
        self.limit = limit


class KeyUnsupported(ValueError):
    """Nothing is wrong with the certificate, but no signature is judged here with a key of this kind."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class CertificateTooLarge(ValueError):
    """A certificate holds more than is judged; ``what`` and ``limit`` say of what the most is."""

    def __init__(self, what: Reason, limit: int) -> None:
        super().__init__(f"the certificate exceeds a limit: {what}")
        self.what = what
        self.limit = limit


@lru_cache(maxsize=1024)
def load(der: bytes) -> x509.Certificate:
    """Return the parsed certificate; its extensions are for :mod:`ecert.trust.extensions` to read.

    Its names are read here: the library leaves them until they are asked for, and raises then. What honest
    authorities write and it does not take is written plainly for it: so the bytes of what is returned need not be
    those of the certificate, and nothing may be signed, hashed or passed on that was got from it.

    Raises:
        ValueError: the bytes are not a certificate.
        CertificateTooLarge: they are more than is judged; the library has not seen them then.
    """
    excess = certificate_excess(der)
    if excess is not None:
        raise CertificateTooLarge(*excess)
    return _loaded(der)[0]


def readable_form(der: bytes) -> bytes:
    """Return a certificate's bytes, written plainly where a strict reader does not take them; see :func:`load`.

    Raises:
        ValueError: the bytes are not a certificate.
    """
    load(der)
    return _loaded(der)[1]


@lru_cache(maxsize=1024)
def serial_number(der: bytes) -> int:
    """Return a certificate's serial number, which may be negative in old ones (RFC 5280, 4.1.2.2).

    Raises:
        ValueError: the bytes are not a certificate.
    """
    return read_integer(issuer_and_number(der)[1])


@lru_cache(maxsize=1024)
def _loaded(der: bytes) -> tuple[x509.Certificate, bytes]:
    try:
        return _strictly(der), der
    except ValueError:
        plain = plainly_written(der)
        return _strictly(plain), plain


def _strictly(der: bytes) -> x509.Certificate:
    """Parse, and have the names read; the library warns of odd numbers and lengths, which nobody here could act on."""
    with quietly():
        try:
            found = x509.load_der_x509_certificate(der)
            for name in (found.subject, found.issuer):
                name.rfc4514_string()
        except (x509.InvalidVersion, TypeError) as exc:
            raise ValueError("it is not an X.509 version 3 certificate") from exc
    return found


def public_key(der: bytes) -> PublicKeyTypes:
    """Return a certificate's public key.

    Raises:
        ValueError: the bytes are not a certificate, or its key is malformed.
        KeyUnsupported: the key is of a kind that is not judged here.
        KeyTooLarge: it is an RSA key beyond the limits.
    """
    certificate = load(der)
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError) as exc:
        if has_negative_modulus(der):
            raise KeyUnsupported(Reason("pades.negative-modulus")) from exc
        if has_explicit_curve(der):
            raise KeyUnsupported(Reason("pades.explicit-curve")) from exc
        if isinstance(exc, UnsupportedAlgorithm) or key_algorithm(der) not in _JUDGED_KEYS:
            raise KeyUnsupported(key_reason(der)) from exc
        raise
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size > MAX_RSA_BITS:
            raise KeyTooLarge(MAX_RSA_BITS)
        if key.public_numbers().e.bit_length() > MAX_RSA_EXPONENT_BITS:
            raise KeyTooLarge(MAX_RSA_EXPONENT_BITS)
    return key


def key_reason(der: bytes) -> Reason:
    """Return the algorithm of a certificate's key, to be named as one that is not judged here.

    Raises:
        ValueError: the bytes are not a certificate.
    """
    return Reason("pades.key-algorithm", algorithm=algorithm_name(key_algorithm(der)))


def public_key_info(der: bytes) -> bytes:
    """Return a certificate's SubjectPublicKeyInfo, DER.

    Raises:
        ValueError: see :func:`public_key`.
    """
    return public_key(der).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def try_load(der: bytes) -> x509.Certificate | None:
    """Return the parsed certificate, or None where the bytes are not one."""
    try:
        return load(der)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def fingerprint(der: bytes) -> str:
    """Return the SHA-256 of a certificate, in lower-case hex."""
    return hashlib.sha256(der).hexdigest()


def subject_text(der: bytes) -> str:
    """Return the subject as RFC 4514 text; for an unreadable certificate its fingerprint."""
    try:
        return load(der).subject.rfc4514_string()
    except ValueError:
        return fingerprint(der)


def common_name(der: bytes) -> str:
    """Return the subject's CN, or its whole text where it has none."""
    return _first(der, NameOID.COMMON_NAME) or subject_text(der)


def organization(der: bytes) -> str | None:
    """Return the subject's O."""
    return _first(der, NameOID.ORGANIZATION_NAME)


def identifiers(der: bytes) -> tuple[str, ...]:
    """Return the subject's UIDs and organizationIdentifiers, such as ``MNS:H21.34``."""
    try:
        subject = load(der).subject
    except ValueError:
        return ()
    found = [*subject.get_attributes_for_oid(_UID), *subject.get_attributes_for_oid(_ORGANIZATION_IDENTIFIER)]
    return tuple(str(attribute.value) for attribute in found)


def _first(der: bytes, oid: x509.ObjectIdentifier) -> str | None:
    try:
        found = load(der).subject.get_attributes_for_oid(oid)
    except ValueError:
        return None
    return str(found[0].value) if found else None


def is_self_issued(certificate: x509.Certificate) -> bool:
    """Return whether subject and issuer are the same name."""
    return certificate.subject == certificate.issuer
