"""Read tables of values strictly: every value by a reader, and no key that nobody asked for.

One reader serves everything that an office writes: records, settings, policies, registries. What a reader
does not take is a :data:`Flaw`. Each kind of document is a kind of :class:`Value`, and says in words of its
own, by an error of its own, what a flaw is:

* :class:`ecert.formats.record.refusals.RecordValue`: a ``RecordError`` with the path of the field;
* :class:`ecert.model.toml_values.TomlValue`: a ``SettingsError`` with file, key, value and a way out.

A reader is a function of a value: :func:`text`, ``whole(1, 50)``, or one that a room has for itself.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Generic, Literal, Self, TypeVar

from ecert.errors import EcertError

MAX_TEXT = 500  # characters of one text: longer titles do not fit a statement line
#: what ends a line or turns the direction of writing: it could make one text look like two, or another
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

#: What can be wrong. Beside it a refusal is told, where they are known: ``allowed``, ``low`` and ``high``,
#: ``least`` and ``most``, ``count``, the ``known`` keys, a ``hint``.
Flaw = Literal[
    "missing",
    "unknown-key",
    "not-a-table",
    "not-tables",  # no list of tables, or too many
    "not-a-row",  # an item of such a list that is no table
    "not-a-text",
    "empty",
    "too-long",
    "control-character",
    "not-a-choice",
    "not-texts",  # no list, too short or too long
    "repeated",
    "not-whole",
    "whole-out-of-range",
    "not-a-number",
    "number-out-of-range",
    "not-a-flag",
    "not-a-day",
    "not-a-uuid",
]


class Value(ABC):
    """A value and the key that leads to it, such as ``original.pages`` or ``body[0].name``."""

    __slots__ = ("given", "key")

    def __init__(self, given: Any, key: str = "") -> None:
        self.given = given
        self.key = key

    @abstractmethod
    def refuse(self, flaw: Flaw, **details: Any) -> EcertError:
        """Return the error that says what is wrong with the value; the reader raises it."""

    def at(self, given: Any, key: str) -> Self:
        """Return another value of the same document."""
        return type(self)(given, key)

    def below(self, name: str, given: Any) -> Self:
        """Return what a table has under a name."""
        return self.at(given, f"{self.key}.{name}" if self.key else name)

    def item(self, i: int, given: Any) -> Self:
        """Return an item of a list."""
        return self.at(given, f"{self.key}[{i}]")

    def listed(self, i: int, given: Any) -> Self:
        """Return an item of a list of texts."""
        return self.item(i, given)

    def is_absent(self) -> bool:
        """Return whether it stands for a key that is not there."""
        return self.given is None


V = TypeVar("V", bound=Value)
_T = TypeVar("_T")
_S = TypeVar("_S", bound=str)


class Table(Generic[V]):
    """A table whose keys are asked for one by one; :meth:`close` refuses those that nobody asked for.

    It is a reader itself: ``table.need("original", Table)``.
    """

    __slots__ = ("_asked", "_left", "value")

    def __init__(self, value: V) -> None:
        """Take a value that must be a table.

        Raises:
            EcertError: it is none; of the kind that the document's values raise, as by all readers.
        """
        if not isinstance(value.given, Mapping):
            raise value.refuse("not-a-table")
        self.value = value
        self._left = dict(value.given)
        self._asked: list[str] = []

    def at(self, name: str, given: Any = None) -> V:
        """Return a value under a name, for a refusal of what was read already."""
        return self.value.below(name, given)

    def key(self, name: str) -> str:
        """Return a name with what leads to it."""
        return self.value.below(name, None).key

    def take(self, name: str) -> V | None:
        """Return a value unread; None where the key is not there."""
        self._asked.append(name)
        given = self._left.pop(name, None)
        return None if given is None else self.value.below(name, given)

    def get(self, name: str, read: Callable[[V], _T]) -> _T | None:
        """Return what a reader makes of a value; None where it is absent."""
        value = self.take(name)
        return None if value is None or value.is_absent() else read(value)

    def need(self, name: str, read: Callable[[V], _T], hint: str = "") -> _T:
        """Return what a reader makes of a value that must be there; ``hint`` says how to write it."""
        value = self.take(name)
        if value is None or value.is_absent():
            raise self.missing(name, hint)
        return read(value)

    def missing(self, name: str, hint: str = "") -> EcertError:
        """Return the refusal of a key that is not there."""
        return self.at(name).refuse("missing", hint=hint)

    def rest(self) -> Iterator[tuple[str, V]]:
        """Yield the names and values that nobody has asked for yet, in the order of the document."""
        for name in list(self._left):
            given = self._left.pop(name)
            yield name, self.at(name, given)

    def close(self) -> None:
        """Refuse keys that nobody asked for."""
        for name in self._left:
            raise self.at(name).refuse("unknown-key", known=[self.key(known) for known in self._asked])


def tables(value: V, most: int | None = None) -> Iterator[Table[V]]:
    """Yield the tables of a list, of at most so many."""
    rows = value.given
    if not isinstance(rows, list | tuple) or (most is not None and len(rows) > most):
        raise value.refuse("not-tables", most=most)
    for i, row in enumerate(rows):
        found = value.item(i, row)
        if not isinstance(row, Mapping):
            raise found.refuse("not-a-row")
        yield Table(found)


# ── readers ──────────────────────────────────────────────────────────────────────────────────────


def text(value: Value) -> str:
    """Return a text of one line: NFC, trimmed."""
    if not isinstance(value.given, str):
        raise value.refuse("not-a-text")
    found = unicodedata.normalize("NFC", value.given).strip()
    if not found:
        raise value.refuse("empty", most=MAX_TEXT)
    if len(found) > MAX_TEXT:
        raise value.refuse("too-long", count=len(found), most=MAX_TEXT)
    if _CONTROL.search(found):
        raise value.refuse("control-character", most=MAX_TEXT)
    return found


def texts(
    most: int, *, least: int = 0, allowed: Collection[str] | None = None, distinct: bool = False
) -> Callable[[Value], tuple[str, ...]]:
    """Return a reader of lists of texts: ``least`` to ``most``, of ``allowed`` where given, ``distinct``: each once."""

    def read(value: Value) -> tuple[str, ...]:
        given = value.given
        if not isinstance(given, list | tuple) or not least <= len(given) <= most:
            raise value.refuse("not-texts", least=least, most=most)
        items = [value.listed(i, item) for i, item in enumerate(given)]
        found = tuple(map(text, items))
        for item, words in zip(items, found, strict=True):
            if allowed is not None and words not in allowed:
                raise value.at(words, item.key).refuse("not-a-choice", allowed=allowed)
        if distinct and len(set(found)) != len(found):
            raise value.refuse("repeated")
        return found

    return read


def choice(allowed: Collection[_S], *, trimmed: bool = False) -> Callable[[Value], _S]:
    """Return a reader of words; ``trimmed``: as :func:`text` reads them, else they stand there letter by letter."""

    def read(value: Value) -> _S:
        found = value.at(text(value), value.key) if trimmed else value
        for word in allowed:
            if word == found.given:
                return word
        raise found.refuse("not-a-choice", allowed=allowed)

    return read


def flag(value: Value) -> bool:
    """Return true or false."""
    if not isinstance(value.given, bool):
        raise value.refuse("not-a-flag")
    return value.given


def whole(low: int, high: int) -> Callable[[Value], int]:
    """Return a reader of whole numbers within [low, high]."""

    def read(value: Value) -> int:
        given = value.given
        if isinstance(given, bool) or not isinstance(given, int):
            raise value.refuse("not-whole", low=low, high=high)
        if not low <= given <= high:
            raise value.refuse("whole-out-of-range", low=low, high=high)
        return given

    return read


def decimal(low: float, high: float) -> Callable[[Value], float]:
    """Return a reader of numbers within [low, high]; what is not a number, NaN, lies within no bounds."""

    def read(value: Value) -> float:
        given = value.given
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise value.refuse("not-a-number", low=low, high=high)
        if not low <= given <= high:
            raise value.refuse("number-out-of-range", low=low, high=high)
        return float(given)

    return read


def day(value: Value) -> date:
    """Return a calendar day that stands there as one."""
    if isinstance(value.given, datetime) or not isinstance(value.given, date):
        raise value.refuse("not-a-day")
    return value.given


def day_or_iso(value: Value) -> date:
    """Return a calendar day; a text such as 2026-10-01 is one too, since JSON and XML have no days."""
    if not isinstance(value.given, str):
        return day(value)
    try:
        if not _ISO_DAY.fullmatch(value.given):  # the library takes other forms of ISO 8601 too
            raise ValueError
        return date.fromisoformat(value.given)
    except ValueError:
        raise value.refuse("not-a-day") from None
