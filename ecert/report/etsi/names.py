"""Names of ETSI TS 119 102-2 V1.4.1 and of what it refers to: namespaces, URIs, algorithm identifiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ecert.report.content import EvidenceKind, SignatureIndication, TimestampIndication

#: what a validation object is; ``data``: the bytes that a signature covers
ObjectKind = EvidenceKind | Literal["data"]

VALIDATION_REPORT = "http://uri.etsi.org/19102/v1.4.1#"
XML_SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
TRUSTED_LIST = "http://uri.etsi.org/02231/v2#"
XML = "http://www.w3.org/XML/1998/namespace"
#: What TS 119 102-2 has no place for; docs/reference/report.md describes it.
OWN = "urn:ecert:report:1"

_SUB_INDICATION = "urn:etsi:019102:subindication:"  # with the word of EN 319 102-1 (4.3.4.3)

#: Of a signature (4.3.4.2): the whole validation.
SIGNATURE_INDICATIONS: Mapping[SignatureIndication, str] = {
    "TOTAL-PASSED": "urn:etsi:019102:mainindication:total-passed",
    "TOTAL-FAILED": "urn:etsi:019102:mainindication:total-failed",
    "INDETERMINATE": "urn:etsi:019102:mainindication:indeterminate",
}
#: Of a constraint or validation object (4.3.4.2): a building block.
OBJECT_INDICATIONS: Mapping[TimestampIndication, str] = {
    "PASSED": "urn:etsi:019102:mainindication:passed",
    "FAILED": "urn:etsi:019102:mainindication:failed",
    "INDETERMINATE": "urn:etsi:019102:mainindication:indeterminate",
}
#: The TS wants one signature's report at least and has no word for a document without; EU DSS has.
NO_SIGNATURE_FOUND = "urn:cef:dss:mainindication:noSignatureFound"

#: Signatures with archive time-stamps are judged by this process, and so are all below (4.3.11.1).
PROCESS = "urn:etsi:019102:validationprocess:LTA"
POE_VALIDATION = "urn:etsi:019102:poetype:validation"
APPLIED = "urn:etsi:019102:constraintStatus:applied"
DISABLED = "urn:etsi:019102:constraintStatus:disabled"

#: Kinds of the report's ``evidence``, and the signed bytes (4.4.4).
OBJECT_TYPES: Mapping[ObjectKind, str] = {
    "certificate": "urn:etsi:019102:validationObject:certificate",
    "crl": "urn:etsi:019102:validationObject:CRL",
    "ocsp": "urn:etsi:019102:validationObject:OCSPResponse",
    "timestamp": "urn:etsi:019102:validationObject:timestamp",
    "data": "urn:etsi:019102:validationObject:signedData",
}

_REVOCATION_REASON = "urn:etsi:019102:revocationReason:"  # with the word of RFC 5280, 5.3.1
_REASONS = frozenset(
    {
        "unspecified",
        "keyCompromise",
        "cACompromise",
        "affiliationChanged",
        "superseded",
        "cessationOfOperation",
        "certificateHold",
        "removeFromCRL",
        "privilegeWithdrawn",
        "aACompromise",
    }
)

_MORE_2001 = "http://www.w3.org/2001/04/xmldsig-more#"
_MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
_MORE_2021 = "http://www.w3.org/2021/04/xmldsig-more#"
_ENC = "http://www.w3.org/2001/04/xmlenc#"

#: RFC 9231, 2.1
DIGESTS: Mapping[str, str] = {
    "sha1": f"{XML_SIGNATURE}sha1",
    "sha224": f"{_MORE_2001}sha224",
    "sha256": f"{_ENC}sha256",
    "sha384": f"{_MORE_2001}sha384",
    "sha512": f"{_ENC}sha512",
    "sha3_256": f"{_MORE_2007}sha3-256",
    "sha3_384": f"{_MORE_2007}sha3-384",
    "sha3_512": f"{_MORE_2007}sha3-512",
}
#: RFC 9231, 2.3: scheme and digest; RSA PKCS #1 v1.5 with SHA-3 has no identifier.
_SIGNATURES: Mapping[tuple[str, str], str] = {
    ("rsa-pkcs1", "md5"): f"{_MORE_2001}rsa-md5",
    ("rsa-pkcs1", "sha1"): f"{XML_SIGNATURE}rsa-sha1",
    **{("rsa-pkcs1", d): f"{_MORE_2001}rsa-{d}" for d in ("sha224", "sha256", "sha384", "sha512")},
    **{
        ("rsa-pss", d): f"{_MORE_2007}{d.replace('_', '-')}-rsa-MGF1"
        for d in ("sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512")
    },
    **{("ecdsa", d): f"{_MORE_2001}ecdsa-{d}" for d in ("sha1", "sha224", "sha256", "sha384", "sha512")},
    **{("ecdsa", d): f"{_MORE_2021}ecdsa-{d.replace('_', '-')}" for d in ("sha3_256", "sha3_384", "sha3_512")},
    ("ed25519", "sha512"): f"{_MORE_2021}eddsa-ed25519",
}


def sub_indication_uri(word: str) -> str:
    """Return the URI of a sub-indication of EN 319 102-1 (4.3.4.3, table 2)."""
    return _SUB_INDICATION + word


def reason_uri(reason: str | None) -> str | None:
    """Return the URI of a revocation reason, or None where none is given (4.3.12.6.2)."""
    return _REVOCATION_REASON + reason if reason in _REASONS else None


def signature_uri(scheme: str | None, digest: str | None) -> str | None:
    """Return the URI of a signature algorithm, or None where there is no such identifier."""
    return _SIGNATURES.get((scheme or "", digest or ""))
