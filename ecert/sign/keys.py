"""Keys by URI, secrets by callback, exactly one match or a refusal that lists what was found."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from unicodedata import category
from urllib.parse import unquote

from ecert.errors import PinError, SigningKeyError, UsageError
from ecert.formats.pades.algorithms import SignatureScheme, check_signature, default_scheme
from ecert.model.files import read_file
from ecert.model.schemes import Algorithm
from ecert.trust.certificates import common_name, load

MAX_CERTIFICATE_BYTES = 1024 * 1024  # bytes of a file of issuers: a PEM of 100 is 200 kB
MAX_PIN_CHARACTERS = 1024  # a driver copies a PIN into a buffer of its own; people type a dozen


@dataclass(frozen=True)
class PinRequest:
    """What a PIN is wanted for; shown to a person, never logged."""

    uri: str
    kind: Literal["pin", "pass-phrase"]
    label: str


PinCallback = Callable[[PinRequest], str]


class SigningKey(ABC):
    """A private key with its certificate; ``chain`` holds the certificate first, then issuers (DER).

    Subclasses implement :meth:`_sign_data`; :meth:`sign` checks the value before handing it out.
    """

    def __init__(self, chain: Sequence[bytes], scheme: SignatureScheme) -> None:
        self.chain = tuple(chain)
        self.scheme = scheme

    @property
    def certificate(self) -> bytes:
        """Return the signer's certificate, DER."""
        return self.chain[0]

    @property
    def name(self) -> str:
        """Return the certificate's CN."""
        return common_name(self.certificate)

    def sign(self, data: bytes) -> bytes:
        """Sign ``data`` (it is hashed by the scheme) and check the value with the certificate.

        Raises:
            SigningKeyError: the key cannot sign, or its value does not fit the certificate.
        """
        value = self._sign_data(data)
        if not check_signature(load(self.certificate).public_key(), self.scheme, value, data):
            raise SigningKeyError(
                f"the key's signature does not fit the certificate of {self.name}",
                code="key-does-not-fit",
                hint="the token may hold another certificate than its key",
            )
        return value

    @abstractmethod
    def _sign_data(self, data: bytes) -> bytes:
        """Return the signature value over ``data``."""

    def close(self) -> None:  # noqa: B027  (a key in memory has nothing to release)
        """Release the key; a token's session ends."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


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
    scheme, colon, rest = uri.partition(":")
    extra = [der for c in certificates for der in _read_certificates(c)]
    if not colon or scheme not in ("file", "pkcs11"):
        raise UsageError(
            f"a key URI cannot begin with {scheme[:20]!r}", hint="write file:PATH or pkcs11:token=…;object=…"
        )
    if scheme == "pkcs11":
        from ecert.sign.pkcs11 import open_token_key

        return open_token_key(uri, pin, algorithm, extra, beside)
    from ecert.sign.soft import open_file_key

    path = unquote(rest.removeprefix("//")) if rest.startswith("//") else unquote(rest)
    return open_file_key(Path(path), uri, pin, algorithm, extra)


def ask_pin(request: PinRequest, pin: PinCallback | None) -> str:
    """Return the PIN from the callback.

    What no keyboard gives is refused here: a NUL makes the library that opens key files print the PIN
    as numbers and end, and drivers of tokens do with it what they like.

    Raises:
        PinError: there is no callback, or it gave nothing that can be a PIN; it is not told.
    """
    if pin is None:
        raise PinError(f"{request.label} needs a PIN", hint="pass pin=callback, or --pin-source on the command line")
    value: object = pin(request)
    if value is None or value == "":
        raise PinError(f"no PIN was given for {request.label}")
    fault = _pin_fault(value)
    if fault or not isinstance(value, str):
        raise PinError(
            f"what was given as the PIN of {request.label} {fault}; it was not tried",
            code="pin-malformed",
            hint="give the PIN alone, as text, on a line of its own",
        )
    return value


def _pin_fault(value: object) -> str:
    """Return why a value cannot be a PIN, without quoting it; empty: it can."""
    if not isinstance(value, str):
        return f"is no text but {type(value).__name__}"
    if len(value) > MAX_PIN_CHARACTERS:
        return f"has more than {MAX_PIN_CHARACTERS} characters"
    kinds = {category(character) for character in value}
    if "Cc" in kinds:
        return "holds a control character, such as a NUL, a tab or a line break"
    if "Cs" in kinds:
        return "holds bytes that are no UTF-8"
    return ""


def choose_scheme(certificate: bytes, algorithm: Algorithm) -> SignatureScheme:
    """Return the scheme for a certificate's key.

    Raises:
        SigningKeyError: the key is of another kind, too short, or Ed25519 without being asked for.
    """
    key = load(certificate).public_key()
    try:
        scheme = default_scheme(key, pss=algorithm == "rsa-pss")
    except ValueError as exc:
        raise SigningKeyError(str(exc), hint="use RSA 2048 to 4096 or ECDSA P-256/384/521") from exc
    if scheme.kind == "ed25519" and algorithm != "ed25519":
        raise SigningKeyError(
            "Ed25519 is outside the format: other verifiers cannot check it",
            code="ed25519-not-asked-for",
            hint='pass algorithm="ed25519" if that is meant',
        )
    if algorithm != "auto" and scheme.kind != algorithm:
        raise SigningKeyError(f"the key is {scheme.kind}, not {algorithm}")
    size = getattr(key, "key_size", 256)
    if scheme.kind.startswith("rsa") and not 2048 <= size <= 4096:
        raise SigningKeyError(f"RSA-{size} is not allowed", hint="use RSA 2048 to 4096")
    return scheme


def order_chain(leaf: bytes, others: Iterable[bytes]) -> list[bytes]:
    """Return the certificate and its issuers among ``others``, leaf first, the root left out."""
    pool = list(dict.fromkeys(others))
    chain = [leaf]
    while True:
        current = load(chain[-1])
        if current.subject == current.issuer:
            return chain if len(chain) == 1 else chain[:-1]
        issuer = next((c for c in pool if load(c).subject == current.issuer and c not in chain), None)
        if issuer is None:
            return chain
        chain.append(issuer)


def _read_certificates(source: Path | str | bytes) -> list[bytes]:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        data = source if isinstance(source, bytes) else read_file(Path(source), MAX_CERTIFICATE_BYTES)
        if b"-----BEGIN CERTIFICATE" in data:
            return [c.public_bytes(Encoding.DER) for c in x509.load_pem_x509_certificates(data)]
        return [load(data).public_bytes(Encoding.DER)]
    except OSError as exc:
        raise UsageError(f"cannot read the certificate {source!r}: {exc.strerror}") from exc
    except (ValueError, x509.InvalidVersion) as exc:
        name = "given" if isinstance(source, bytes) else str(source)
        raise UsageError(f"{name} is not a certificate in PEM or DER") from exc
