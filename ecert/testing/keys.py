"""Private keys of the kit: made fresh, several at a time, and one way to sign with any of them.

Weak ones are made on purpose: RSA-1024 keys and SHA-1 signatures, as they were good practice once.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, get_args

from asn1crypto import algos
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

Algorithm = Literal["rsa1024", "rsa2048", "rsa3072", "rsa4096", "p256", "p384", "p521", "ed25519"]
Digest = Literal["sha1", "sha256", "sha384", "sha512"]
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
Hash = hashes.SHA1 | hashes.SHA256 | hashes.SHA384 | hashes.SHA512

ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)

_CURVES: dict[str, ec.EllipticCurve] = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}
_HASHES: dict[str, type[Hash]] = {
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


def new_key(algorithm: Algorithm) -> PrivateKey:
    """Make a fresh private key.

    Keys are never reused between offices: two authorities with one key would vouch for each
    other's certificates.

    Raises:
        ValueError: the algorithm is not one of ``ALGORITHMS``.
    """
    if algorithm in _CURVES:
        return ec.generate_private_key(_CURVES[algorithm])
    if algorithm == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if algorithm not in ALGORITHMS:
        raise ValueError(f"unknown key algorithm {algorithm!r}: use one of {', '.join(ALGORITHMS)}")
    return rsa.generate_private_key(public_exponent=65537, key_size=int(algorithm[3:]))


def new_keys(algorithms: Sequence[Algorithm]) -> list[PrivateKey]:
    """Make one fresh key per entry, in parallel: RSA keys take most of an office's set-up time."""
    if not any(name.startswith("rsa") for name in algorithms):
        return [new_key(name) for name in algorithms]
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(new_key, algorithms))


def hash_for(key: PrivateKey, digest: Digest | None = None) -> Hash:
    """Return the hash a key signs with: ``digest``, else SHA-256 for RSA and P-256, else the curve's size.

    Raises:
        ValueError: there is no such digest, or Ed25519 is asked for one: it has no choice.
    """
    if isinstance(key, ed25519.Ed25519PrivateKey):
        if digest is not None:
            raise ValueError(f"an Ed25519 key signs with SHA-512 alone, not with {digest!r}")
        return hashes.SHA512()  # RFC 8419, 3.1: signed attributes demand SHA-512
    if digest is not None:
        if digest not in _HASHES:
            raise ValueError(f"unknown digest {digest!r}: use one of {', '.join(_HASHES)}")
        return _HASHES[digest]()
    bits = key.curve.key_size if isinstance(key, ec.EllipticCurvePrivateKey) else 256
    return hashes.SHA256() if bits <= 256 else hashes.SHA384() if bits <= 384 else hashes.SHA512()


def sign(key: PrivateKey, data: bytes, digest: Digest | None = None) -> bytes:
    """Return the signature value over ``data``: PKCS#1 v1.5, ECDSA (DER) or Ed25519."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hash_for(key, digest))
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(hash_for(key, digest)))
    return key.sign(data)


def signature_algorithm(key: PrivateKey, digest: Digest | None = None) -> algos.SignedDigestAlgorithm:
    """Return the AlgorithmIdentifier that ``sign`` follows (RFC 4055, RFC 5758, RFC 8410)."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return algos.SignedDigestAlgorithm({"algorithm": "ed25519"})
    family = "rsa" if isinstance(key, rsa.RSAPrivateKey) else "ecdsa"
    return algos.SignedDigestAlgorithm({"algorithm": f"{hash_for(key, digest).name}_{family}"})
