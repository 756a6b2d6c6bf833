"""Where a certificate says more can be had, and what comes from there (RFC 5280, 4.2.1.13 and 4.2.2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID as Access

from ecert.formats.asn1_bounds import cms_excess, crl_excess
from ecert.formats.pades.asn1 import set_up
from ecert.model.limits import MAX_CERTIFICATES
from ecert.model.pem import decode_pem, pem_blocks
from ecert.trust.certificates import load, serial_number, try_load
from ecert.trust.extensions import helping
from ecert.trust.naming import encoded_names
from ecert.trust.revocation.ocsp import key_bits, load_answer
from ecert.trust.signed import UNREADABLE


def ocsp_urls(certificate: bytes) -> list[str]:
    """Return the addresses of a certificate's OCSP responders."""
    return _access_urls(certificate, Access.OCSP)


def issuer_urls(certificate: bytes) -> list[str]:
    """Return the addresses of a certificate's issuers' certificates."""
    return _access_urls(certificate, Access.CA_ISSUERS)


def crl_urls(certificate: bytes) -> list[str]:
    """Return the addresses of the CRLs that list a certificate."""
    points = helping(certificate, x509.CRLDistributionPoints) or ()
    return _http(name for point in points for name in point.full_name or ())


def ocsp_request(certificate: bytes, issuer: bytes) -> bytes:
    """Return a question about one certificate, CertID hashed with SHA-1 (RFC 5019, 2.1.1), DER."""
    name, key = encoded_names(certificate)[1], key_bits(issuer)
    builder = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        hashlib.sha1(name).digest(),  # noqa: S324
        hashlib.sha1(key).digest(),  # noqa: S324
        serial_number(certificate),
        hashes.SHA1(),  # noqa: S303
    )
    return builder.build().public_bytes(Encoding.DER)


def decode_ocsp(data: bytes) -> bytes:
    """Return an OCSP answer that speaks of something.

    Raises:
        ValueError: it is none, or an error status (RFC 6960, 4.2.1); the message says which.
    """
    try:
        status = load_answer(data).response_status
    except UNREADABLE as exc:
        raise ValueError("it is not an OCSP answer") from exc
    if status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise ValueError(f"the responder says {status.name.lower().replace('_', ' ')}")
    return data


def decode_crl(data: bytes) -> bytes:
    """Return a CRL as DER, from DER or PEM.

    Raises:
        ValueError: it is none; the message says so.
    """
    text = next((text for label, text in pem_blocks(data) if label == b"X509 CRL"), None)
    der = data if text is None else decode_pem(text) or b""
    excess = crl_excess(der)
    if excess is not None:
        raise ValueError(f"it exceeds a limit: {excess.what}")
    try:
        x509.load_der_x509_crl(der)
    except UNREADABLE as exc:
        raise ValueError("it is not a CRL") from exc
    return der


def decode_issuers(data: bytes) -> list[bytes]:
    """Return the certificates of a caIssuers answer as DER: DER, PEM, or a certs-only CMS.

    Raises:
        ValueError: there are none, or too many.
    """
    try:
        if try_load(data):
            found = [data]
        elif b"-----BEGIN CERTIFICATE" in data:
            named = [text for label, text in pem_blocks(data) if label == b"CERTIFICATE"]
            found = [decode_pem(text) or b"" for text in named[: MAX_CERTIFICATES + 1]]
            for der in found:
                load(der)
        else:
            if (excess := cms_excess(data)[0]) is not None:
                raise ValueError(f"it exceeds a limit: {excess.what}")
            set_up()
            inside = cms.ContentInfo.load(data, strict=True)["content"]["certificates"]
            found = [c.chosen.dump() for c in inside if try_load(c.chosen.dump())]
    except (*UNREADABLE, LookupError, AttributeError, RecursionError) as exc:
        raise ValueError("it holds no certificate") from exc
    if not 0 < len(found) <= MAX_CERTIFICATES:
        raise ValueError(f"it holds {len(found)} certificates")
    return found


def _access_urls(certificate: bytes, method: x509.ObjectIdentifier) -> list[str]:
    access = helping(certificate, x509.AuthorityInformationAccess) or ()
    return _http(d.access_location for d in access if d.access_method == method)


def _http(names: Iterable[x509.GeneralName]) -> list[str]:
    urls = [n.value for n in names if isinstance(n, x509.UniformResourceIdentifier)]
    return [u for u in dict.fromkeys(urls) if u.lower().startswith(("http://", "https://"))]
