"""Private keys of the kit: made fresh, several at a time, and one way to sign with any of them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, get_args

from asn1crypto import algos
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

Algorithm = Literal["rsa2048", "rsa3072", "rsa4096", "p256", "p384", "p521", "ed25519"]
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)

_CURVES: dict[str, ec.EllipticCurve] = {
    "p256": ec.SECP256R1(),
    "p384": ec.SECP384R1(),
    "p521": ec.SECP521R1(),
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


def hash_for(key: PrivateKey) -> hashes.SHA256 | hashes.SHA384 | hashes.SHA512:
    """Return the hash that goes with a key: SHA-256 for RSA and P-256, else the curve's size."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return hashes.SHA512()  # RFC 8419, 3.1: signed attributes demand SHA-512
    if isinstance(key, ec.EllipticCurvePrivateKey):
        bits = key.curve.key_size
        return (
            hashes.SHA256() if bits <= 256 else hashes.SHA384() if bits <= 384 else hashes.SHA512()
        )
    return hashes.SHA256()


def certificate_hash(key: PrivateKey) -> hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None:
    """Return the hash for ``cryptography``'s builders: as ``hash_for``, but None for Ed25519."""
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hash_for(key)


def sign(key: PrivateKey, data: bytes) -> bytes:
    """Return the signature value over ``data``: PKCS#1 v1.5, ECDSA (DER) or Ed25519."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hash_for(key))
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(hash_for(key)))
    return key.sign(data)


def signature_algorithm(key: PrivateKey) -> algos.SignedDigestAlgorithm:
    """Return the AlgorithmIdentifier that ``sign`` follows (RFC 4055, RFC 5758, RFC 8410)."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return algos.SignedDigestAlgorithm({"algorithm": "ed25519"})
    family = "rsa" if isinstance(key, rsa.RSAPrivateKey) else "ecdsa"
    return algos.SignedDigestAlgorithm({"algorithm": f"{hash_for(key).name}_{family}"})
