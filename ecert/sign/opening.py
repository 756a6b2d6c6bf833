"""Keys by URI, secrets by callback, exactly one match or a refusal that lists what was found."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ecert.errors import UsageError
from ecert.model import files
from ecert.model.key_uris import path_of_key_file, split_key_uri
from ecert.model.schemes import Algorithm
from ecert.sign.keys import PinCallback, SigningKey
from ecert.trust.certificates import load

MAX_ISSUERS_BYTES = 1024 * 1024  # bytes of a file of issuers: a PEM of 100 is 200 kB


def open_key(
    uri: str,
    *,
    pin: PinCallback | None = None,
    algorithm: Algorithm = "auto",
    certificates: Iterable[Path | str | bytes] = (),
    beside: SigningKey | None = None,
) -> SigningKey:
    """Open a key: ``file:PATH`` (PKCS#12, PEM) or ``pkcs11:…`` (RFC 7512).

    ``pin`` is called at most once. ``certificates`` are issuers that the key's place lacks: paths, or
    DER or PEM bytes. ``algorithm`` "auto" is RSA PKCS#1 v1.5 or ECDSA by the key; Ed25519, outside
    the format, must be asked for by name. Safe from many threads; blocks while ``pin`` is answered.

    A token has one login in a process: who opens it a second time is refused (``token-in-use``). Threads
    share the opened key; ``beside`` is an open key whose token this one may lie on too: then it shares
    that key's login, and no PIN is asked.

    Raises:
        UsageError: the URI is malformed, or holds a secret.
        SigningKeyError: there is not exactly one key, it does not fit, or its token is in use.
        PinError: the PIN is missing or wrong; it is never tried a second time.
    """
    extra = [der for c in certificates for der in _read_issuers(c)]
    scheme, rest = split_key_uri(uri)
    if scheme == "pkcs11":
        from ecert.sign.pkcs11 import open_token_key

        return open_token_key(uri, pin, algorithm, extra, beside)
    assert scheme == "file"  # the other row of KEY_URIS
    from ecert.sign.soft import open_file_key

    return open_file_key(Path(path_of_key_file(rest)), uri, pin, algorithm, extra)


def _read_issuers(source: Path | str | bytes) -> list[bytes]:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        data = source if isinstance(source, bytes) else files.read(Path(source), MAX_ISSUERS_BYTES)
        if b"-----BEGIN CERTIFICATE" in data:
            return [c.public_bytes(Encoding.DER) for c in x509.load_pem_x509_certificates(data)]
        load(data)
        return [data]
    except files.UnreadableError as exc:
        raise UsageError(f"cannot read the certificate {source!r}: {exc.why}") from exc
    except (ValueError, x509.InvalidVersion) as exc:
        name = "given" if isinstance(source, bytes) else str(source)
        raise UsageError(f"{name} is not a certificate in PEM or DER") from exc
