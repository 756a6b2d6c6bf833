"""The two sub-filters that PDF 2.0 withdrew (ISO 32000-1, 12.8.3.2 and 12.8.3.3): read, never written.

* ``adbe.pkcs7.sha1``: a CMS that signs a SHA-1 digest of the byte range, which stands inside as its content. Whatever
  the CMS itself uses, the file is bound by SHA-1.
* ``adbe.x509.rsa_sha1``: no CMS at all. ``/Contents`` is an OCTET STRING with a PKCS #1 signature over the byte range,
  ``/Cert`` the certificates, the signer's first. The digest is the one that the signature itself states (table 257).

Both say by their reader what they are bound by; the dated limits of algorithms decide what that is worth.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from asn1crypto import core
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from ecert.errors import Reason
from ecert.formats.asn1_bounds import certificate_excess
from ecert.formats.pades.algorithms import SignatureScheme
from ecert.formats.pades.asn1 import set_up
from ecert.formats.pades.cms import CmsFault, CmsOverLimit, CmsUnsupported, SignedMessage, read_signed_data
from ecert.formats.pades.der import NULL, oid, sequence
from ecert.formats.pdf.objects import PdfValue
from ecert.model.limits import MAX_CERTIFICATES

PKCS7_SHA1: Final = "adbe.pkcs7.sha1"
RSA_SHA1: Final = "adbe.x509.rsa_sha1"
OLD_SUBFILTERS: Final = (PKCS7_SHA1, RSA_SHA1)

#: what a DigestInfo (RFC 8017, 9.2) says of its digest
_DIGESTS = {
    sequence(oid("1.3.14.3.2.26"), NULL): "sha1",
    sequence(oid("2.16.840.1.101.3.4.2.1"), NULL): "sha256",
    sequence(oid("2.16.840.1.101.3.4.2.2"), NULL): "sha384",
    sequence(oid("2.16.840.1.101.3.4.2.3"), NULL): "sha512",
}


def read_pkcs7_sha1(der: bytes) -> SignedMessage:
    """Read the CMS of ``adbe.pkcs7.sha1``; its content is the digest that the byte range must have.

    Raises:
        CmsFault: it is anything else.
    """
    message = read_signed_data(der)
    if message.content is None or len(message.content) != 20:
        raise CmsFault(Reason("pades.no-digest-inside"))
    return replace(message, bound_by="sha1")


def read_certificates(value: PdfValue) -> tuple[bytes, ...]:
    """Return the certificates of ``/Cert``, a string or an array of strings, the signer's first.

    Raises:
        CmsFault: there are none, or too many, or one is larger than is judged.
    """
    found = value if isinstance(value, list) else [value]
    if not found or not all(isinstance(each, bytes) for each in found):
        raise CmsFault(Reason("pades.signer-certificate-missing"))
    if len(found) > MAX_CERTIFICATES:
        raise CmsOverLimit(Reason("limits.signature-certificates"), MAX_CERTIFICATES)
    certificates = tuple(bytes(each) for each in found if isinstance(each, bytes))
    for each in certificates:
        excess = certificate_excess(each)
        if excess is not None:
            raise CmsOverLimit(*excess)
    return certificates


def read_rsa_sha1(der: bytes, certificates: tuple[bytes, ...], key: PublicKeyTypes) -> SignedMessage:
    """Read ``/Contents`` of ``adbe.x509.rsa_sha1``, given what ``/Cert`` holds and the signer's key.

    Raises:
        CmsFault: it is no OCTET STRING.
        CmsUnsupported: the key is none of RSA.
    """
    set_up()
    try:
        signature = bytes(core.OctetString.load(der, strict=True).native)
    except (ValueError, TypeError) as exc:
        raise CmsFault(Reason("pades.no-octet-string")) from exc
    if not isinstance(key, rsa.RSAPublicKey):
        raise CmsUnsupported(Reason("pades.subfilter-without-rsa"))
    digest = _stated_digest(key, signature)
    return SignedMessage(
        content_type="data",
        content=None,
        certificates=certificates,
        signer_certificate=certificates[0],
        signer_id=None,
        digest_algorithm=digest,
        signature_algorithm="1.2.840.113549.1.1.1",
        scheme=SignatureScheme("rsa-pkcs1", digest),
        to_be_verified=None,
        content_type_attribute=None,
        message_digest=None,
        certificate_ids=(),
        certificate_attributes=0,
        attributes_sorted=True,
        protected_algorithms=None,
        claimed_time=None,
        signature=signature,
        timestamps=(),
        unsigned_attributes=(),
        crls=(),
        ocsps=(),
        values=1,
    )


def _stated_digest(key: rsa.RSAPublicKey, signature: bytes) -> str:
    """Return the digest that a PKCS #1 signature names; one that cannot be opened is wrong with any, so with SHA-1."""
    try:
        info = key.recover_data_from_signature(signature, padding.PKCS1v15(), None)
    except (InvalidSignature, ValueError):
        return "sha1"
    return next((name for algorithm, name in _DIGESTS.items() if info[2:].startswith(algorithm)), "sha1")
