"""Signatures on certificates and CRLs: with any digest, and spoiled ones that nobody made.

``cryptography`` refuses to sign certificates and CRLs with SHA-1; an office of 2009 needs them. So
its builder signs with a digest it accepts, and the result is signed again.
"""

from __future__ import annotations

from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from ecert.testing import keys
from ecert.testing.keys import Digest, PrivateKey

#: What spoiled signatures are made over: the right form, but of other data.
OTHER_DATA = b"not what is signed here"


def sign_certificate(builder: x509.CertificateBuilder, key: PrivateKey, digest: Digest | None) -> x509.Certificate:
    """Return the certificate, signed with ``key`` and ``digest`` (None: the key's own)."""
    signed = builder.sign(key, _builder_hash(key, digest))
    if digest != "sha1":
        return signed
    certificate = asn1_x509.Certificate.load(signed.public_bytes(serialization.Encoding.DER))
    algorithm = keys.signature_algorithm(key, digest)
    content = certificate["tbs_certificate"]
    content["signature"] = certificate["signature_algorithm"] = algorithm
    certificate["signature_value"] = keys.sign(key, content.dump(force=True), digest)
    return x509.load_der_x509_certificate(certificate.dump(force=True))


def sign_crl(builder: x509.CertificateRevocationListBuilder, key: PrivateKey, digest: Digest | None) -> bytes:
    """Return the DER of the CRL, signed with ``key`` and ``digest`` (None: the key's own)."""
    signed = builder.sign(key, _builder_hash(key, digest))
    data = signed.public_bytes(serialization.Encoding.DER)
    if digest != "sha1":
        return data
    crl = asn1_crl.CertificateList.load(data)
    content = crl["tbs_cert_list"]
    content["signature"] = crl["signature_algorithm"] = keys.signature_algorithm(key, digest)
    crl["signature"] = keys.sign(key, content.dump(force=True), digest)
    return bytes(crl.dump(force=True))


def unsigned_certificate(data: bytes, key: PrivateKey, digest: Digest | None = None) -> bytes:
    """Return a DER certificate with a signature value that ``key`` made over other data."""
    return _spoiled(asn1_x509.Certificate.load(data), "signature_value", key, digest)


def unsigned_crl(data: bytes, key: PrivateKey, digest: Digest | None = None) -> bytes:
    """Return a DER CRL with a signature value that ``key`` made over other data."""
    return _spoiled(asn1_crl.CertificateList.load(data), "signature", key, digest)


def _spoiled(signed: Any, name: str, key: PrivateKey, digest: Digest | None) -> bytes:
    signed[name] = keys.sign(key, OTHER_DATA, digest)
    return bytes(signed.dump())


def _builder_hash(key: PrivateKey, digest: Digest | None) -> hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None:
    """Return the hash for ``cryptography``'s builders: None for Ed25519, the key's own for SHA-1."""
    found = keys.hash_for(key, digest)
    if isinstance(found, hashes.SHA1):
        return hashes.SHA256()
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else found
