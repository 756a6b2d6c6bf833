"""A time-stamp token's own signature (RFC 3161, 2.3 and 2.4.2), and what becomes of it when its authority ends (4).

Whether the authority is trusted is asked elsewhere.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ecert.errors import Reason
from ecert.formats.pades.algorithms import algorithm_name, check_signature, digest_of
from ecert.formats.pades.cms import CmsUnsupported, SignedMessage, TimestampToken
from ecert.trust.certificates import KeyUnsupported, load, public_key, serial_number
from ecert.trust.naming import bears_name, is_issuer_name, key_identifiers
from ecert.trust.revocation import RevocationStatus
from ecert.trust.usage import refuse_time_stamping


def timestamp_fault(token: TimestampToken) -> Reason | None:
    """Return what is wrong with a token's own signature, or None; trust is not looked at.

    Raises:
        CmsUnsupported: it uses an algorithm that is not judged here.
        ExtensionFault: nobody can say what its authority's certificate may be used for.
    """
    message = token.message
    if message.signer_certificate is None:
        return Reason("trust.authority-certificate-missing")
    if message.to_be_verified is None or message.content is None:
        return Reason("trust.no-signed-attributes")
    if message.content_type_attribute != "tst_info":
        return Reason("trust.content-type")
    try:
        digest = digest_of(message.digest_algorithm, message.content)
    except ValueError as exc:
        named = algorithm_name(message.digest_algorithm)
        raise CmsUnsupported(Reason("pades.digest-algorithm", algorithm=named)) from exc
    try:
        key = public_key(message.signer_certificate)
    except KeyUnsupported as exc:
        raise CmsUnsupported(exc.reason) from exc
    except ValueError:
        return Reason("trust.certificate-unreadable")
    if digest != message.message_digest:
        return Reason("trust.message-digest")
    if not message.names_certificate(message.signer_certificate):
        return Reason("trust.names-another-certificate")
    if not check_signature(key, message.scheme, message.signature, message.to_be_verified):
        return Reason("trust.signature-wrong")
    return refuse_time_stamping(message.signer_certificate)


def with_authority(token: TimestampToken, certificate: bytes) -> TimestampToken | None:
    """Return a token that came without its authority's certificate, with this one, or None where it is not that one.

    What the token signed says which it is (RFC 3161, 2.4.2; RFC 5035, 5.4.1): the hash of the whole certificate. Its
    name and number, which anybody may bear, must agree, and do not suffice.
    """
    message = token.message
    stated, signer = message.certificate_ids[0] if message.certificate_ids else None, message.signer_id
    if message.signer_certificate is not None or stated is None or signer is None:
        return None
    try:
        if digest_of(stated.algorithm, certificate) != stated.digest:
            return None
        if signer.serial is not None:
            same = signer.serial == serial_number(certificate) and is_issuer_name(certificate, signer.issuer)
        else:
            same = signer.key_identifier is not None and signer.key_identifier == key_identifiers(certificate)[0]
    except ValueError:
        return None
    return replace(token, message=replace(message, signer_certificate=certificate)) if same else None


def statement_fault(token: TimestampToken) -> Reason | None:
    """Return why what a token states may not be relied on, whoever signed it, or None (RFC 3161, 2.4.2).

    Where it names its authority, that is one of the names of the signer's certificate; the order of
    a name's parts does not matter, for some authorities write it the other way round. So is it with
    issuer and serial number in the ESS attribute (RFC 5035, 5).
    """
    if token.fault:
        return token.fault
    certificate = token.message.signer_certificate
    if certificate is None:
        return Reason("trust.authority-certificate-missing")
    if token.authority is not None and not bears_name(certificate, *token.authority):
        return Reason("trust.names-another-authority")
    return certificate_id_fault(token.message, certificate)


def certificate_id_fault(message: SignedMessage, certificate: bytes) -> Reason | None:
    """Return the fault where the ESS attribute states another issuer or serial number than the certificate has."""
    stated = message.certificate_ids[0] if message.certificate_ids else None
    if stated is None or not stated.states_issuer:
        return None
    if stated.serial == serial_number(certificate) and is_issuer_name(certificate, stated.issuer):
        return None
    return Reason("trust.states-another-issuer")


def stamped_in_time(token: TimestampToken) -> bool:
    """Return whether its authority's certificate was valid at the time a token states."""
    certificate = load(token.message.signer_certificate or b"")
    return certificate.not_valid_before_utc <= token.time <= certificate.not_valid_after_utc


def outlives_revocation(stamped: datetime, status: RevocationStatus) -> bool:
    """Return whether a token counts although its authority's certificate was revoked later (RFC 3161, 4 (1)).

    It does where the authority retired and said so: nobody else has its key. Without a reason, or with
    any other, whoever has the key could set any time.
    """
    since = status.item.revoked_at if status.item else None
    return status.retired and since is not None and stamped < since
