"""TOML read strictly: every refusal names file, key, value and a way out."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ecert.errors import SettingsError
from ecert.model.files import read_file
from ecert.model.toml import read_toml

MAX_TEXT = 500  # characters of one text, as in a record
MAX_ITEMS = 200  # items of one list
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INDEX = re.compile(r"\[\d+\]")
_FINGERPRINT = re.compile(r"(?:sha256:)?((?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class TomlFile:
    """A file that was read: its values, and the SHA-256 of its bytes."""

    path: Path
    values: Mapping[str, Any]
    sha256: str
    text: str = field(repr=False)

    @classmethod
    def read(cls, path: Path, what: str, limit: int) -> TomlFile:
        """Read a file of at most ``limit`` bytes.

        Raises:
            SettingsError: it cannot be read, is too large, or is not TOML in UTF-8.
        """
        try:
            data = read_file(path, limit + 1)
        except OSError as exc:
            why = "no such file" if isinstance(exc, FileNotFoundError) else exc.strerror
            raise SettingsError(f"cannot read the {what} file {path}: {why}", hint="check the path") from exc
        if len(data) > limit:
            raise SettingsError(f"the {what} {path} has more than {limit} bytes", hint="is it the right file?")
        try:
            text = data.decode("utf-8-sig")
            values = read_toml(text)
        except UnicodeDecodeError as exc:
            raise SettingsError(f"{path} is not UTF-8", hint="save it as UTF-8") from exc
        except (ValueError, RecursionError) as exc:  # a number of 5,000 digits is a plain ValueError
            raise SettingsError(f"{path} is not valid TOML: {exc}", hint="correct that line") from exc
        return cls(path, values, hashlib.sha256(data).hexdigest(), text)

    def line(self, table: str, index: int) -> int | None:
        """Return the line on which the ``index``-th ``[[table]]`` begins, where that can be told."""
        header = re.compile(r"^[ \t]*\[\[[ \t]*" + re.escape(table) + r"[ \t]*\]\]", re.MULTILINE)
        found = list(header.finditer(self.text))
        if len(found) != len(self.values[table]):
            return None
        return self.text.count("\n", 0, found[index].start()) + 1


class Table:
    """A TOML table and the key that leads to it; :meth:`close` refuses what nobody asked for.

    Messages do not repeat the values of a ``private`` one: it is about persons.
    """

    def __init__(self, source: Path, values: Mapping[str, Any], key: str = "", *, private: bool = False) -> None:
        self.source = source
        self._private = private
        self._values = dict(values)
        self._key = key
        self._known: list[str] = []

    def key(self, name: str) -> str:
        """Return a key with what leads to it, such as ``ages.copy_days``."""
        return f"{self._key}.{name}" if self._key else name

    def wrong(
        self, name: str, value: object, expected: str, hint: str = "", *, impersonal: bool = False
    ) -> SettingsError:
        """Return the refusal of a value."""
        key = self.key(name)
        told = key if self._private and not impersonal else f"{key} = {shown(value)}"
        return SettingsError(f"{self.source}: {told} is not {expected}", hint=hint or f"correct {key}, or remove it")

    def take(self, name: str) -> Any:
        """Return a value as TOML gives it, None where the key is absent."""
        self._known.append(name)
        return self._values.pop(name, None)

    def need(self, name: str, hint: str) -> Any:
        """Return a value that must be there."""
        value = self.take(name)
        if value is None:
            raise self.missing(name, hint)
        return value

    def missing(self, name: str, hint: str) -> SettingsError:
        """Return the refusal of what is not there."""
        return SettingsError(f"{self.source}: {self.key(name)} is missing", hint=hint)

    def text(self, name: str, hint: str) -> str:
        """Return a text that must be there: NFC, trimmed, one line."""
        return self._text(name, self.need(name, hint))

    def optional_text(self, name: str) -> str | None:
        """Return a text or None."""
        value = self.take(name)
        return None if value is None else self._text(name, value)

    def choice(self, name: str, allowed: Collection[str], *, impersonal: bool = False) -> str | None:
        """Return one of some words, or None; a refusal repeats an ``impersonal`` one of a private table."""
        value = self.take(name)
        if value is not None and (not isinstance(value, str) or value not in allowed):
            raise self.wrong(name, value, f"one of {', '.join(allowed)}", impersonal=impersonal)
        return value

    def flag(self, name: str) -> bool | None:
        """Return true, false or None."""
        value = self.take(name)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(name, value, "true or false")
        return value

    def whole(self, name: str, low: int, high: int) -> int | None:
        """Return a whole number within [low, high], or None."""
        value = self.take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.wrong(name, value, f"a whole number from {low} to {high}")
        return value

    def day(self, name: str) -> date | None:
        """Return a day or None."""
        value = self.take(name)
        if value is not None and (isinstance(value, datetime) or not isinstance(value, date)):
            raise self.wrong(name, value, "a date", hint=f"write {name} = 2025-07-01, without quotes")
        return value

    def texts(self, name: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts, each once, of ``allowed`` where given; empty where absent."""
        value = self.take(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not 0 < len(value) <= MAX_ITEMS:
            expected = f"a list of 1 to {MAX_ITEMS} texts"
            raise self.wrong(name, value, expected, hint=f'write {name} = ["…"]')
        found = tuple(self._text(name, item) for item in value)
        for item in found:
            if allowed is not None and item not in allowed:
                raise self.wrong(name, item, f"one of {', '.join(allowed)}")
        if len(set(found)) != len(found):
            raise self.wrong(name, value, "a list without repetitions")
        return found

    def fingerprints(self, name: str) -> tuple[str, ...]:
        """Return SHA-256 digests in lower-case hex; colons and ``sha256:`` may be written."""
        found = []
        for text in self.texts(name):
            digest = _FINGERPRINT.fullmatch(text)
            if digest is None:
                raise self.wrong(name, text, "a SHA-256 digest", hint="write its 64 hex digits")
            found.append(digest[1].replace(":", "").lower())
        return tuple(found)

    def table(self, name: str) -> Table:
        """Return a table, an empty one where it is absent."""
        value = self.take(name)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(name, value, "a table", hint=f"write [{self.key(name)}]")
        return Table(self.source, value or {}, self.key(name))

    def tables(self, name: str, *, private: bool = False) -> Iterator[Table]:
        """Yield the tables of a list, none where it is absent."""
        value = self.take(name)
        if value is None:
            return
        hint = f"write [[{_INDEX.sub('', self.key(name))}]]"
        if not isinstance(value, list):
            raise self.wrong(name, value, "a list of tables", hint=hint)
        for i, item in enumerate(value):
            if not isinstance(item, dict):
                raise self.wrong(f"{name}[{i}]", item, "a table", hint=hint)
            yield Table(self.source, item, f"{self.key(name)}[{i}]", private=private)

    def rest(self) -> Iterator[tuple[str, Any]]:
        """Yield what is left, keys and values."""
        for name in list(self._values):
            yield name, self.take(name)

    def close(self) -> None:
        """Refuse keys that nobody asked for."""
        for name in self._values:
            raise unknown_key(self.source, self.key(name), [self.key(k) for k in self._known])

    def _text(self, name: str, value: object) -> str:
        if not isinstance(value, str):
            raise self.wrong(name, value, "a text")
        text = unicodedata.normalize("NFC", value).strip()
        if not text or len(text) > MAX_TEXT or _CONTROL.search(text):
            raise self.wrong(name, value, f"one line of 1 to {MAX_TEXT} characters")
        return text


def unknown_key(source: Path, key: str, known: Collection[str]) -> SettingsError:
    """Return the refusal of a key that does not exist, with its near matches."""
    near = get_close_matches(key, known, n=2, cutoff=0.7)
    return SettingsError(
        f"{source}: {shown(key)} is not a key",
        code="unknown-setting",
        hint=f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(sorted(known))}",
    )


def shown(value: object) -> str:
    """Return a value as it may stand in a message."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"
