"""What a key is to those who sign with it; its certificate, its scheme and its PIN."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self
from unicodedata import category

from ecert.errors import PinError, SigningKeyError
from ecert.formats.pades.algorithms import SignatureScheme, check_signature, default_scheme
from ecert.model.schemes import Algorithm
from ecert.sign.identity import SigningIdentity
from ecert.trust.certificates import common_name, load

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
    def identity(self) -> SigningIdentity:
        """Return certificate chain and signature scheme: what is needed before the key is used."""
        return SigningIdentity(self.chain, self.scheme)

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
