"""Which certificates may be used for what (RFC 5280, 4.2.1.3 and 4.2.1.12)."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from ecert.errors import Reason
from ecert.trust.extensions import ExtensionFault, check_extensions, extension, is_ca
from ecert.trust.signed import UNREADABLE

#: What a path is wanted for: documents are signed below it, or time-stamps.
Purpose = Literal["signing", "time-stamping"]

_SIGNING_PURPOSES = {
    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # documentSigning, RFC 9336
    x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),  # Microsoft document signing
    x509.ObjectIdentifier("1.2.840.113583.1.1.5"),  # Adobe authentic documents
    ExtendedKeyUsageOID.EMAIL_PROTECTION,
    ExtendedKeyUsageOID.CLIENT_AUTH,
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
}
_REFUSED_PURPOSES = {ExtendedKeyUsageOID.TIME_STAMPING: "timeStamping", ExtendedKeyUsageOID.OCSP_SIGNING: "OCSPSigning"}


#: purpose → the extended key usages of which a CA's certificate must allow one, where it lists any
_OF_CA = {
    "signing": _SIGNING_PURPOSES,
    "time-stamping": {ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE},
}


def purposes(certificate: bytes) -> set[x509.ObjectIdentifier] | None:
    """Return the extended key usages, or None where the extension is absent.

    Raises:
        ExtensionFault: it cannot be read.
    """
    found = extension(certificate, x509.ExtendedKeyUsage)
    return set(found.value) if found is not None else None


def _key_usage(certificate: bytes) -> x509.KeyUsage | None:
    found = extension(certificate, x509.KeyUsage)
    return found.value if found is not None else None


@lru_cache(maxsize=512)
def may_sign_crls(certificate: bytes, *, stated: bool) -> bool:
    """Return whether keyUsage lets a key sign CRLs (RFC 5280, 6.3.3 (f)).

    Without the extension every use is open; ``stated`` asks that cRLSign be there in so many words.
    """
    try:
        usage = _key_usage(certificate)
    except UNREADABLE:
        return False
    return not stated if usage is None else usage.crl_sign


def may_answer_ocsp(certificate: bytes) -> bool:
    """Return whether a certificate makes its holder an authorised responder (RFC 6960, 4.2.2.2)."""
    try:
        if ExtendedKeyUsageOID.OCSP_SIGNING not in (purposes(certificate) or ()):
            return False
        usage = _key_usage(certificate)
    except UNREADABLE:
        return False
    return usage is None or usage.digital_signature or usage.content_commitment


def refuse_document_signing(certificate: bytes) -> Reason | None:
    """Return why this certificate may not sign documents, or None where it may.

    Raises:
        ExtensionFault: nobody can say: an extension that decides it cannot be read.
    """
    try:
        check_extensions(certificate)
    except ExtensionFault as fault:
        return fault.reason
    if is_ca(certificate):
        return Reason("trust.is-a-ca")
    usage, found = _key_usage(certificate), purposes(certificate)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        return Reason("trust.key-usage")
    if found is None:
        return None
    for oid, name in _REFUSED_PURPOSES.items():
        if oid in found:
            return Reason("trust.extended-key-usage", usage=name)
    if not found & _SIGNING_PURPOSES:
        return Reason("trust.no-document-signing")
    return None


@lru_cache(maxsize=512)
def refuse_issuing(certificate: bytes, purpose: Purpose) -> Reason | None:
    """Return why nobody below this CA may do something, or None where its extended key usage leaves it open.

    RFC 5280, 4.2.1.12 knows the extension mainly in end certificates; who issues them for other things
    alone writes it into the CA's own, and everybody else reads it so. Its authority over its own
    certificates' status is none of these things: who answers OCSP for it is RFC 6960's to say.
    """
    try:
        found = purposes(certificate)
    except UNREADABLE:
        return Reason("trust.ca-extensions-unreadable")
    if found is None or found & _OF_CA[purpose]:
        return None
    if purpose == "signing":
        return Reason("trust.ca-no-document-signing")
    return Reason("trust.ca-no-timestamping")


def refuse_time_stamping(certificate: bytes) -> Reason | None:
    """Return why this certificate may not issue time-stamps (RFC 3161, 2.3), or None where it may.

    Raises:
        ExtensionFault: nobody can say: its key usage cannot be read.
    """
    try:
        check_extensions(certificate)
        found = extension(certificate, x509.ExtendedKeyUsage)
    except ExtensionFault as fault:
        return fault.reason
    if found is None:
        return Reason("trust.no-timestamping")
    if list(found.value) != [ExtendedKeyUsageOID.TIME_STAMPING] or not found.critical:
        return Reason("trust.timestamping-not-alone")
    if is_ca(certificate):
        return Reason("trust.is-a-ca")
    usage = _key_usage(certificate)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        return Reason("trust.key-usage")
    return None
