"""Keys and PINs: which key, and where its PIN comes from. A PIN is asked once, never shown or kept."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecert.cli.session import Session
from ecert.cli.terminal import one_line
from ecert.errors import PinError, UsageError
from ecert.model.levels import Level, at_least
from ecert.model.roles import Role
from ecert.settings import KeySettings

if TYPE_CHECKING:
    from ecert.sign.keys import PinRequest, SigningKey
    from ecert.trust.store import TrustStore

MAX_PIN_BYTES = 64 * 1024  # bytes of a file of PINs
_DESCRIPTOR_DIGITS = 9  # a process has some thousand descriptors; a number of ten digits overflows


def choose_key(session: Session, role: Role, uri: str | None, pin_source: str | None, flag: str) -> KeySettings:
    """Return the key to use: a flag's URI replaces the whole ``[keys.…]`` table of another key.

    Its PIN source, issuers and picture belong to that key and must not be tried on this one.

    Raises:
        UsageError: no key is named, or the PIN source is malformed.
    """
    chosen = getattr(session.settings.keys, role)
    assert isinstance(chosen, KeySettings)
    if uri and uri != chosen.uri:
        chosen = KeySettings(uri=uri)
    if not chosen.uri:
        raise UsageError(f"no key is named for the {role}", hint=f"give {flag} URI, or set keys.{role}.uri")
    if pin_source:
        kind, _, rest = pin_source.partition(":")
        fits = {"prompt": not rest, "file": bool(rest), "fd": rest.isascii() and rest.isdigit()}
        if not fits.get(kind):
            raise UsageError("--pin-source is malformed", hint="write prompt, file:PATH or fd:N, never the PIN")
        chosen = replace(chosen, pin_source=pin_source)
    if chosen.pin_source.startswith("fd:"):
        _check_descriptor(chosen.pin_source.removeprefix("fd:"))
    return chosen


def _check_descriptor(digits: str) -> None:
    """Refuse a file descriptor that nothing can be read from.

    Raises:
        UsageError: no such descriptor is open for reading, or it is where results and messages go.
    """
    number = int(digits) if len(digits) <= _DESCRIPTOR_DIGITS else -1
    try:
        if number in (1, 2) or _is_write_only(number):
            raise OSError
        os.fstat(number)
    except (OSError, ValueError) as exc:
        raise UsageError(
            f"the PIN source fd:{digits[:_DESCRIPTOR_DIGITS]} is not open for reading",
            hint="open it in the shell: ecert … --pin-source fd:3 3<pins.txt",
        ) from exc


def _is_write_only(number: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        return False
    return fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY


def check_needs(session: Session, level: Level, trust: TrustStore | None) -> None:
    """Refuse a level that settings cannot reach, before anybody types a PIN.

    Raises:
        UsageError: anchors or a time-stamp service are missing.
    """
    if at_least(level, "B-LT") and trust is None:
        raise UsageError(f"level {level} needs trust anchors", hint="give --trust DIR, or set trust.paths")
    if at_least(level, "B-T") and not session.settings.services.timestamps:
        raise UsageError(
            f"level {level} needs a time-stamp service",
            hint="name one under [[services.timestamp]] in the settings, or choose --level B-B",
        )


class Pins:
    """Gives out PINs; a file or descriptor is read once, whatever number of keys it serves."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lines: dict[str, list[str]] = {}

    def open(self, key: KeySettings, role: Role, *, line: int = 0, beside: SigningKey | None = None) -> SigningKey:
        """Open a key; its PIN is the ``line``-th of a file or descriptor.

        Where it lies on the same token as the key ``beside`` it, they share that key's login.

        Raises:
            SigningKeyError: the key or its PIN is refused; nothing is tried twice.
        """
        from ecert.sign.opening import open_key

        return open_key(
            key.uri,
            pin=self._callback(key.pin_source, role, line),
            algorithm=key.algorithm,
            certificates=key.certificates,
            beside=beside,
        )

    def _callback(self, source: str, role: Role, line: int) -> Callable[[PinRequest], str]:
        def answer(request: PinRequest) -> str:
            if source == "prompt":
                return self._ask(request, role)
            lines = self._read(source)
            if line >= len(lines):
                raise PinError(
                    f"the PIN source has {len(lines)} lines; the {role}'s is line {line + 1}",
                    code="pin-missing",
                    hint="first line: the signer's, second line: the seal's",
                )
            return lines[line]

        return answer

    def _ask(self, request: PinRequest, role: Role) -> str:
        if not sys.stdin.isatty():
            raise PinError(
                f"{request.label} needs a PIN and there is no terminal to ask at",
                code="no-terminal",
                hint="give --pin-source file:PATH or fd:N",
            )
        words = self._session.words
        who = words("signer" if role == "signer" else "seal-key")
        text = one_line(words(request.kind, label=request.label, role=who))
        answer = click.prompt(text, default="", show_default=False, hide_input=True, err=True)
        return str(answer)

    def _read(self, source: str) -> list[str]:
        if source not in self._lines:
            kind, _, rest = source.partition(":")
            try:
                with Path(rest).open("rb") if kind == "file" else os.fdopen(int(rest), "rb") as file:
                    data = file.read(MAX_PIN_BYTES)
                text = data.decode("utf-8-sig")
            except OSError as exc:
                raise PinError(
                    f"cannot read the PIN source {source}: {exc.strerror}",
                    code="pin-missing",
                    hint="check --pin-source",
                ) from exc
            except UnicodeDecodeError as exc:
                raise PinError(f"the PIN source {source} is not UTF-8", code="pin-missing") from exc
            self._lines[source] = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
        return self._lines[source]
