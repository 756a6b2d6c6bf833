"""Keys in files: PKCS#12 (RFC 7292) and PEM (RFC 7468)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key, pkcs12

from ecert.errors import PinError, SigningKeyError
from ecert.formats.pades.algorithms import SignatureScheme, hash_of
from ecert.model import files
from ecert.model.pem import pem_blocks
from ecert.model.quiet import quietly
from ecert.model.schemes import Algorithm
from ecert.sign.keys import PinCallback, PinRequest, SigningKey, ask_pin, choose_scheme, order_chain
from ecert.trust.certificates import common_name, public_key_info, try_load

MAX_KEY_FILE_BYTES = 1024 * 1024


class SoftKey(SigningKey):
    """A private key in memory."""

    def __init__(self, key: Any, chain: list[bytes], scheme: SignatureScheme) -> None:
        super().__init__(chain, scheme)
        self._key = key

    def _sign_data(self, data: bytes) -> bytes:
        key, digest = self._key, hash_of(self.scheme.digest)
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return key.sign(data)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(data, ec.ECDSA(digest))
        assert isinstance(key, rsa.RSAPrivateKey)
        if self.scheme.kind == "rsa-pss":
            stated = self.scheme.salt_length
            salt = digest.digest_size if stated is None else stated
            pss = padding.PSS(padding.MGF1(digest), salt)
            return key.sign(data, pss, digest)
        return key.sign(data, padding.PKCS1v15(), digest)


def open_file_key(path: Path, uri: str, pin: PinCallback | None, algorithm: Algorithm, extra: list[bytes]) -> SoftKey:
    """Open the one key of a PKCS#12 or PEM file.

    Raises:
        SigningKeyError: the file cannot be read, or does not hold exactly one key with its certificate.
        PinError: the pass phrase is missing or wrong.
    """
    try:
        data = files.read(path, MAX_KEY_FILE_BYTES)
    except files.UnreadableError as exc:
        raise SigningKeyError(f"cannot read the key file {path}: {exc.why}", hint="check the path") from exc
    request = PinRequest(uri, "pass-phrase", path.name)
    if b"-----BEGIN" in data:
        key, certificates = _read_pem(data, path, request, pin)
    else:
        key, certificates = _read_pkcs12(data, path, request, pin)
    return _with_certificate(key, [*certificates, *extra], path, algorithm)


def _with_certificate(key: Any, certificates: list[bytes], path: Path, algorithm: Algorithm) -> SoftKey:
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    certificates, given = [c for c in certificates if try_load(c) is not None], certificates
    if len(certificates) < len(given):
        raise SigningKeyError(
            f"a certificate in {path} cannot be read: it is not encoded as X.509 asks",
            code="certificate-unreadable",
            hint="ask its issuer for a new one, or take it out of the file if it is not the key's own",
        )
    fitting = [c for c in dict.fromkeys(certificates) if _key_of(c) == public]
    if len(fitting) != 1:
        names = ", ".join(common_name(c) for c in certificates) or "none"
        raise SigningKeyError(
            f"{path} holds {len(fitting)} certificates for its key, not one (found: {names})",
            code="not-one-certificate",
            hint="keep the key and its own certificate in the file",
        )
    return SoftKey(key, order_chain(fitting[0], certificates), choose_scheme(fitting[0], algorithm))


def _key_of(certificate: bytes) -> bytes | None:
    try:
        return public_key_info(certificate)
    except ValueError:  # a key of a kind nobody here knows, such as an authority's
        return None


def _read_pem(data: bytes, path: Path, request: PinRequest, pin: PinCallback | None) -> tuple[Any, list[bytes]]:
    blocks = list(pem_blocks(data))
    keys = [_as_pem(*block) for block in blocks if block[0].endswith(b"PRIVATE KEY")]
    if len(keys) != 1:
        raise SigningKeyError(f"{path} holds {len(keys)} private keys, not one", code="not-one-key")
    locked = b"ENCRYPTED" in keys[0]
    secret = ask_pin(request, pin).encode() if locked else None
    try:
        key = load_pem_private_key(keys[0], secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as exc:
        if locked:
            raise PinError(f"the pass phrase of {path.name} is wrong") from exc
        raise SigningKeyError(f"the private key in {path} cannot be read") from exc
    try:
        certificates = [
            x509.load_pem_x509_certificate(_as_pem(label, text)) for label, text in blocks if label == b"CERTIFICATE"
        ]
    except (ValueError, x509.InvalidVersion) as exc:
        raise SigningKeyError(f"a certificate in {path} cannot be read") from exc
    return key, [c.public_bytes(Encoding.DER) for c in certificates]


def _as_pem(label: bytes, text: bytes) -> bytes:
    return b"-----BEGIN %b-----%b-----END %b-----\n" % (label, text, label)


def _read_pkcs12(data: bytes, path: Path, request: PinRequest, pin: PinCallback | None) -> tuple[Any, list[bytes]]:
    if data[:1] != b"\x30":
        raise SigningKeyError(f"{path} is neither PKCS#12 nor PEM", hint="give a .p12, .pfx or .pem file")
    secret = ask_pin(request, pin).encode()
    try:
        with quietly():  # some tokens' exports are BER, which is read as well
            found = pkcs12.load_pkcs12(data, secret)
    except (ValueError, UnsupportedAlgorithm) as exc:
        raise PinError(f"the pass phrase of {path.name} is wrong, or the file is damaged") from exc
    if found.key is None:
        raise SigningKeyError(f"{path} holds no private key", code="not-one-key")
    certificates = [found.cert, *found.additional_certs]
    return found.key, [c.certificate.public_bytes(Encoding.DER) for c in certificates if c]
