"""Keys in tokens: PKCS#11 by URI (RFC 7512), through python-pkcs11 (extra ``pkcs11``)."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from ecert.errors import SigningKeyError, UsageError
from ecert.formats.pades.algorithms import SignatureScheme, hash_of
from ecert.model.schemes import Algorithm
from ecert.sign.keys import PinCallback, PinRequest, SigningKey, ask_pin, choose_scheme, order_chain
from ecert.sign.modules import Login, key_closed, load_module, log_in
from ecert.trust.certificates import common_name, public_key_info, try_load

_PATH_ATTRIBUTES = {"token", "serial", "manufacturer", "model", "object", "id", "slot-id", "type"}
_QUERY_ATTRIBUTES = {"module-path"}
_MODULE_VARIABLE = "PKCS11_MODULE_PATH"


class TokenKey(SigningKey):
    """A private key that stays in its token; the login lasts until :meth:`close`. Threads may share it."""

    def __init__(self, login: Login, key: Any, chain: list[bytes], scheme: SignatureScheme) -> None:
        super().__init__(chain, scheme)
        self._login: Login | None = login
        self._key = key
        login.share()

    @property
    def login(self) -> Login | None:
        """Return the login this key shares; None: it is closed."""
        return self._login

    def _sign_data(self, data: bytes) -> bytes:
        login = self._login
        if login is None:
            raise key_closed()
        with login.module.calls("the token could not sign"):
            if self._login is None:  # another thread closed it while this one waited
                raise key_closed()
            return self._sign_alone(data)

    def _sign_alone(self, data: bytes) -> bytes:
        from pkcs11 import MGF, Mechanism
        from pkcs11.util.ec import encode_ecdsa_signature

        digest = self.scheme.digest.upper()
        if self.scheme.kind == "ecdsa":
            state = hashes.Hash(hash_of(self.scheme.digest))
            state.update(data)
            raw = self._key.sign(state.finalize(), mechanism=Mechanism.ECDSA)
            return bytes(encode_ecdsa_signature(raw))
        if self.scheme.kind == "rsa-pss":
            parameters = (Mechanism[digest], MGF[digest], self.scheme.salt_length)
            mechanism = Mechanism[f"{digest}_RSA_PKCS_PSS"]
            return bytes(self._key.sign(data, mechanism=mechanism, mechanism_param=parameters))
        return bytes(self._key.sign(data, mechanism=Mechanism[f"{digest}_RSA_PKCS"]))

    def close(self) -> None:
        """Give the key back; the last key of a token ends its login. Closing twice is once."""
        login, self._login = self._login, None
        if login is not None:
            login.leave()


def parse_uri(uri: str) -> tuple[dict[str, str | bytes], dict[str, str]]:
    """Return path and query attributes of a PKCS#11 URI (RFC 7512, 2.3).

    Raises:
        UsageError: an attribute is unknown, stands twice, or would hold the PIN.
    """
    path, _, query = uri.removeprefix("pkcs11:").partition("?")
    attributes: dict[str, str | bytes] = {}
    for item in filter(None, path.split(";")):
        key, equals, value = item.partition("=")
        if not equals or key not in _PATH_ATTRIBUTES or key in attributes:
            raise UsageError(
                f"the PKCS#11 URI has an unusable attribute {key!r}",
                hint=f"use {', '.join(sorted(_PATH_ATTRIBUTES))}, each once",
            )
        attributes[key] = unquote_to_bytes(value) if key == "id" else unquote(value)
    options: dict[str, str] = {}
    for item in filter(None, re.split("[&]", query)):
        key, _, value = item.partition("=")
        if key in ("pin-value", "pin-source"):
            raise UsageError(
                f"{key} in a key URI is refused: URIs end up in logs and process lists",
                code="pin-in-uri",
                hint="pass pin=callback, or --pin-source on the command line",
            )
        if key not in _QUERY_ATTRIBUTES or key in options:
            raise UsageError(f"the PKCS#11 URI has an unusable query attribute {key!r}")
        options[key] = unquote(value)
    return attributes, options


def open_token_key(
    uri: str, pin: PinCallback | None, algorithm: Algorithm, extra: list[bytes], beside: SigningKey | None = None
) -> TokenKey:
    """Open the one key a URI describes; see :func:`ecert.sign.opening.open_key`."""
    attributes, options = parse_uri(uri)
    if find_spec("pkcs11") is None:
        raise SigningKeyError("tokens need the extra “pkcs11”", hint="pip install ecert[pkcs11]")
    path = options.get("module-path") or os.environ.get(_MODULE_VARIABLE)
    if not path:
        raise UsageError("the PKCS#11 URI names no module", hint="add ?module-path=/path/to/the/driver.so")
    if not Path(path).is_file():
        raise SigningKeyError(f"the PKCS#11 module {path} does not exist", hint="install the driver")
    module = load_module(path)
    with module.calls("the token could not be opened"):
        token = _one_token(module.library(), attributes)
        label, slot = token.label.strip(), int(token.slot.slot_id)
    login = beside.login if isinstance(beside, TokenKey) else None
    if login is None or (login.module, login.slot) != (module, slot):
        login = log_in(module, token, label, lambda: ask_pin(PinRequest(uri, "pin", label), pin))
    login.share()
    try:
        with module.calls("the token's keys could not be read"):
            return _find_key(login, attributes, algorithm, extra)
    finally:
        login.leave()  # the key that was found has its own share


def _one_token(library: Any, attributes: dict[str, str | bytes]) -> Any:
    tokens = [slot.get_token() for slot in library.get_slots(token_present=True)]
    found = []
    for token in tokens:
        serial = token.serial.decode("ascii", "replace").strip()
        facts = {
            "token": token.label.strip(),
            "serial": serial,
            "model": token.model.strip(),
            "manufacturer": token.manufacturer_id.strip(),
            "slot-id": str(token.slot.slot_id),
        }
        if all(attributes[k] == v for k, v in facts.items() if k in attributes):
            found.append(token)
    if len(found) != 1:
        names = ", ".join(repr(t.label.strip()) for t in tokens if t.label.strip()) or "none"
        raise SigningKeyError(
            f"{len(found)} tokens fit the key URI, not one (present: {names})",
            code="not-one-token",
            hint="name the token with token=…, or plug it in",
        )
    return found[0]


def _find_key(login: Login, attributes: dict[str, str | bytes], algorithm: Algorithm, extra: list[bytes]) -> TokenKey:
    from pkcs11 import Attribute, ObjectClass

    session = login.session
    wanted: dict[Any, Any] = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
    if "object" in attributes:
        wanted[Attribute.LABEL] = attributes["object"]
    if "id" in attributes:
        wanted[Attribute.ID] = attributes["id"]
    keys = list(session.get_objects(wanted))
    if len(keys) != 1:
        present = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))
        names = ", ".join(repr(k.label) for k in present) or "none"
        raise SigningKeyError(
            f"{len(keys)} keys fit the key URI, not one (in the token: {names})",
            code="not-one-key",
            hint="name the key with object=… or id=…",
        )
    key = keys[0]
    stored = [bytes(c[Attribute.VALUE]) for c in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})]
    certificates = [c for c in [*stored, *extra] if try_load(c) is not None]
    own = [
        bytes(c[Attribute.VALUE])
        for c in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.ID: key.id})
    ]
    public = _public_key(session, key)
    fitting = [c for c in dict.fromkeys([*own, *certificates]) if _fits(c, public, own)]
    if len(fitting) != 1:
        names = ", ".join(common_name(c) for c in certificates) or "none"
        raise SigningKeyError(
            f"the token holds {len(fitting)} certificates for the key, not one (found: {names})",
            code="not-one-certificate",
            hint="name the right one under [keys.…] certificates",
        )
    chain = order_chain(fitting[0], certificates)
    return TokenKey(login, key, chain, choose_scheme(fitting[0], algorithm))


def _public_key(session: Any, key: Any) -> bytes | None:
    """Return the key's SubjectPublicKeyInfo from the token's public half, or None."""
    from pkcs11 import Attribute, KeyType, ObjectClass
    from pkcs11.util.ec import encode_ec_public_key

    wanted = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.ID: key.id}
    halves = list(session.get_objects(wanted))
    if len(halves) != 1:
        return None
    public: Any
    if key.key_type is KeyType.EC:
        public = load_der_public_key(encode_ec_public_key(halves[0]))
    elif key.key_type is KeyType.RSA:
        exponent = int.from_bytes(halves[0][Attribute.PUBLIC_EXPONENT], "big")
        modulus = int.from_bytes(halves[0][Attribute.MODULUS], "big")
        public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    else:
        return None
    return bytes(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _fits(certificate: bytes, public: bytes | None, own: list[bytes]) -> bool:
    if public is None:
        return certificate in own
    try:
        return public_key_info(certificate) == public
    except ValueError:  # a key of a kind nobody here knows, such as an authority's
        return False
