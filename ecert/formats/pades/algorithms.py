"""Signature schemes as plain values; SHA-1 and shorter keys are read, never written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from ecert.model.schemes import SchemeKind

HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha3_256": hashes.SHA3_256,
    "sha3_384": hashes.SHA3_384,
    "sha3_512": hashes.SHA3_512,
}


EC_PUBLIC_KEY = "1.2.840.10045.2.1"  # a kind of key, which some signers name as the algorithm of a signature
#: id-ecdsa-with-sha3-… and id-rsassa-pkcs1-v1_5-with-sha3-… (NIST, computer security objects register)
WITH_SHA3: dict[str, tuple[SchemeKind, str]] = {
    "2.16.840.1.101.3.4.3.10": ("ecdsa", "sha3_256"),
    "2.16.840.1.101.3.4.3.11": ("ecdsa", "sha3_384"),
    "2.16.840.1.101.3.4.3.12": ("ecdsa", "sha3_512"),
    "2.16.840.1.101.3.4.3.14": ("rsa-pkcs1", "sha3_256"),
    "2.16.840.1.101.3.4.3.15": ("rsa-pkcs1", "sha3_384"),
    "2.16.840.1.101.3.4.3.16": ("rsa-pkcs1", "sha3_512"),
}
#: OIDs of algorithms that are met and not judged here, and how people call them
_NAMES: dict[str, str] = {
    "1.2.643.2.2.3": "GOST R 34.10-2001",
    "1.2.643.2.2.9": "GOST R 34.11-94",
    "1.2.643.2.2.19": "GOST R 34.10-2001",
    "1.2.643.7.1.1.1.1": "GOST R 34.10-2012 (256)",
    "1.2.643.7.1.1.1.2": "GOST R 34.10-2012 (512)",
    "1.2.643.7.1.1.2.2": "GOST R 34.11-2012 (256)",
    "1.2.643.7.1.1.2.3": "GOST R 34.11-2012 (512)",
    "1.2.643.7.1.1.3.2": "GOST R 34.10-2012 (256)",
    "1.2.643.7.1.1.3.3": "GOST R 34.10-2012 (512)",
    "1.2.156.10197.1.301": "SM2",
    "1.2.156.10197.1.401": "SM3",
    "1.2.156.10197.1.501": "SM2",
    "1.2.804.2.1.1.1.1.3.1.1": "DSTU 4145",
    "1.2.840.10040.4.1": "DSA",
    "1.2.840.10045.2.1": "EC",
    "1.3.101.113": "Ed448",
}


def algorithm_name(oid: str) -> str:
    """Return how people call an algorithm that is not judged here: by its name, else by its OID."""
    return _NAMES.get(oid, oid)


@dataclass(frozen=True)
class SignatureScheme:
    """How a signature value is made from data; ``digest`` names a key of :data:`HASHES`."""

    kind: SchemeKind
    digest: str
    salt_length: int | None = None  # bytes, rsa-pss only

    def __str__(self) -> str:
        return self.kind if self.kind == "ed25519" else f"{self.kind} {self.digest}"


def hash_of(name: str) -> hashes.HashAlgorithm:
    """Return the ``cryptography`` hash of that name.

    Raises:
        ValueError: it is not one of :data:`HASHES`.
    """
    try:
        return HASHES[name]()
    except KeyError:
        raise ValueError(f"hash algorithm {name} is not supported") from None


def digest_of(name: str, *pieces: bytes | memoryview) -> bytes:
    """Return the digest of pieces, concatenated.

    Raises:
        ValueError: the algorithm is not one of :data:`HASHES`.
    """
    hash_of(name)
    state = hashlib.new(name)
    for piece in pieces:
        state.update(piece)
    return state.digest()


def default_scheme(key: PublicKeyTypes, *, pss: bool = False) -> SignatureScheme:
    """Return the scheme the format uses with a key.

    Raises:
        ValueError: no signature scheme of ours fits this kind of key.
    """
    if isinstance(key, rsa.RSAPublicKey):
        return SignatureScheme("rsa-pss", "sha256", 32) if pss else SignatureScheme("rsa-pkcs1", "sha256")
    if isinstance(key, ec.EllipticCurvePublicKey):
        digest = {"secp256r1": "sha256", "secp384r1": "sha384", "secp521r1": "sha512"}.get(key.curve.name)
        if digest:
            return SignatureScheme("ecdsa", digest)
        raise ValueError(f"the curve {key.curve.name} is not supported")
    if isinstance(key, ed25519.Ed25519PublicKey):
        return SignatureScheme("ed25519", "sha512")
    raise ValueError(f"keys of type {type(key).__name__} are not supported")


def check_signature(
    key: PublicKeyTypes, scheme: SignatureScheme, signature: bytes, data: bytes, *, hashed: bool = False
) -> bool:
    """Return whether ``signature`` over ``data`` was made with the private half of ``key``.

    ``hashed``: the data is their digest already, for any scheme but Ed25519.
    """
    try:
        used = hash_of(scheme.digest)
        digest = Prehashed(used) if hashed else used
        if isinstance(key, rsa.RSAPublicKey) and scheme.kind == "rsa-pkcs1":
            key.verify(signature, data, padding.PKCS1v15(), digest)
        elif isinstance(key, rsa.RSAPublicKey) and scheme.kind == "rsa-pss":
            stated = scheme.salt_length  # 0 is a length too
            salt = used.digest_size if stated is None else stated
            key.verify(signature, data, padding.PSS(padding.MGF1(used), salt), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and scheme.kind == "ecdsa":
            key.verify(signature, data, ec.ECDSA(digest))
        elif isinstance(key, ed25519.Ed25519PublicKey) and scheme.kind == "ed25519" and not hashed:
            key.verify(signature, data)
        else:
            return False
    except (InvalidSignature, ValueError, OverflowError):  # a salt of any length may be stated
        return False
    return True


def key_size(key: PublicKeyTypes) -> int:
    """Return a public key's size in bits."""
    return 256 if isinstance(key, ed25519.Ed25519PublicKey) else int(getattr(key, "key_size", 0))


def weakness(scheme: SignatureScheme, key: PublicKeyTypes) -> str | None:
    """Return what is too weak for a signature made today (TT 15/2025/TT-BKHCN; ETSI TS 119 312), or None."""
    size = key_size(key)
    if scheme.digest == "sha1":
        return "SHA-1"
    if isinstance(key, rsa.RSAPublicKey) and size < 2048:
        return f"RSA-{size}"
    if isinstance(key, ec.EllipticCurvePublicKey) and size < 256:
        return f"ECDSA-{size}"
    return None
