"""Signatures on certificates, CRLs and OCSP answers: are they right, and how long was their algorithm reliable?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.x509 import ocsp

from ecert.formats.asn1_bounds import to_be_signed
from ecert.formats.pades.algorithms import key_size
from ecert.model.algorithms import signature_limits
from ecert.trust.certificates import load, public_key

Signed = x509.Certificate | x509.CertificateRevocationList | ocsp.OCSPResponse

#: What ``cryptography`` raises for an object that is not what it says, or beyond what it knows.
UNREADABLE = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True)
class SignatureAlgorithm:
    """How an object was signed: scheme and digest named as in :mod:`ecert.model.algorithms`."""

    scheme: str
    digest: str
    key_size: int  # bits

    def reliable(self, moment: datetime) -> bool:
        """Return whether what was signed so may be relied on, proven to have existed at ``moment``.

        The one place that judges the algorithms of revocation data. Limits that are only forecasts
        refuse nothing.
        """
        limits = signature_limits(self.scheme, self.digest, self.key_size)
        return not any(limit.refuses(moment) for limit in limits)


def algorithm_of(signed: Signed, key: PublicKeyTypes) -> SignatureAlgorithm:
    """Return how an object was signed with ``key``.

    Raises:
        UnsupportedAlgorithm: the algorithm is unknown, or does not fit the key.
    """
    used = signed.signature_hash_algorithm
    digest = used.name.replace("-", "_") if used is not None else None
    pss = signed.signature_algorithm_oid == x509.SignatureAlgorithmOID.RSASSA_PSS
    if isinstance(key, ed25519.Ed25519PublicKey):
        return SignatureAlgorithm("ed25519", "sha512", key_size(key))
    if digest is not None:
        if isinstance(key, rsa.RSAPublicKey):
            return SignatureAlgorithm("rsa-pss" if pss else "rsa-pkcs1", digest, key_size(key))
        if isinstance(key, ec.EllipticCurvePublicKey):
            return SignatureAlgorithm("ecdsa", digest, key_size(key))
        if isinstance(key, dsa.DSAPublicKey):
            return SignatureAlgorithm("dsa", digest, key_size(key))
    raise UnsupportedAlgorithm("the signature algorithm does not fit the key")


def signed_by(
    signed: Signed, signer: bytes, hashed: bytes | None = None, data: bytes | None = None
) -> SignatureAlgorithm | None:
    """Return how an object was signed with a certificate's key, or None where it was not.

    ``hashed`` is the digest of what is signed, ``data`` the bytes themselves, where the caller has them.
    """
    digest: hashes.HashAlgorithm | Prehashed | None
    try:
        key = public_key(signer)
        algorithm = algorithm_of(signed, key)
        signature, digest = signed.signature, signed.signature_hash_algorithm
        if hashed is not None and digest is not None:
            data, digest = hashed, Prehashed(digest)
        elif data is None:
            data = _to_be_signed(signed)
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, data)
        elif isinstance(key, rsa.RSAPublicKey) and digest is not None:
            key.verify(signature, data, _padding(signed, algorithm.scheme), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and digest is not None:
            key.verify(signature, data, ec.ECDSA(digest))
        elif isinstance(key, dsa.DSAPublicKey) and digest is not None:
            key.verify(signature, data, digest)
        else:
            return None
    except (InvalidSignature, *UNREADABLE):
        return None
    return algorithm


@lru_cache(maxsize=4096)
def certified_by(certificate: bytes, issuer: bytes) -> SignatureAlgorithm | None:
    """Return how ``issuer``'s key signed a certificate, or None where it did not; names are not looked at."""
    try:
        # the bytes as they stand: what was loaded may be written otherwise
        return signed_by(load(certificate), issuer, data=bytes(to_be_signed(certificate)))
    except UNREADABLE:
        return None


def _to_be_signed(signed: Signed) -> bytes:
    if isinstance(signed, x509.Certificate):
        return signed.tbs_certificate_bytes
    if isinstance(signed, ocsp.OCSPResponse):
        return signed.tbs_response_bytes
    return signed.tbs_certlist_bytes


def _padding(signed: Signed, scheme: str) -> padding.AsymmetricPadding:
    if scheme == "rsa-pkcs1":
        return padding.PKCS1v15()
    if not isinstance(signed, ocsp.OCSPResponse):
        stated = signed.signature_algorithm_parameters
        if isinstance(stated, padding.PSS):
            return stated
    digest = signed.signature_hash_algorithm
    if digest is None:
        raise UnsupportedAlgorithm("the PSS parameters name no digest")
    return padding.PSS(padding.MGF1(digest), padding.PSS.AUTO)  # OCSP answers do not tell the salt
