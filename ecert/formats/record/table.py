"""Read one table of a record strictly: every refusal names the field's path."""

from __future__ import annotations

import re
import reprlib
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from ecert.errors import Reason, RecordError

MAX_TEXT = 500  # characters in one field: longer titles do not fit a statement line
MAX_ITEMS = 50  # items in one list
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ABSENT = object()
_REPR = reprlib.Repr()
_REPR.maxstring = 80  # characters


def shown(value: object) -> str:
    """Return a value as it may stand in a message: shortened, whatever its size and depth."""
    try:
        return _REPR.repr(value)
    except ValueError:  # a number of thousands of digits
        return f"a {type(value).__name__}"


class Table:
    """A mapping and the path that leads to it; :meth:`close` refuses what nobody asked for."""

    def __init__(self, value: Any, path: str = "") -> None:
        if not isinstance(value, Mapping):
            raise RecordError(Reason("record.not-a-table"), path=path or "record")
        self._values: dict[str, Any] = dict(value)
        self._path = path

    def path(self, key: str) -> str:
        """Return the path of a key, such as ``original.pages``."""
        return f"{self._path}.{key}" if self._path else key

    def _take(self, key: str, required: bool) -> Any:
        value = self._values.pop(key, _ABSENT)
        if value is _ABSENT or value is None or value == "":
            if required:
                raise RecordError(Reason("record.missing"), path=self.path(key), code="record-field-missing")
            return None
        return value

    def text(self, key: str) -> str:
        """Return a required text, NFC, trimmed."""
        return self._text(self._take(key, True), self.path(key))

    def optional_text(self, key: str) -> str | None:
        """Return a text or None."""
        value = self._take(key, False)
        return None if value is None else self._text(value, self.path(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty where absent."""
        value = self._take(key, False)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or len(value) > MAX_ITEMS:
            raise RecordError(Reason("record.not-a-list-of-texts", most=MAX_ITEMS), path=self.path(key))
        return tuple(self._text(v, f"{self.path(key)}[{i}]") for i, v in enumerate(value))

    def _text(self, value: Any, path: str) -> str:
        if not isinstance(value, str):
            raise RecordError(Reason("record.not-a-text", value=shown(value)), path=path)
        text = unicodedata.normalize("NFC", value).strip()
        if not text:
            raise RecordError(Reason("record.empty"), path=path, code="record-field-missing")
        if len(text) > MAX_TEXT:
            raise RecordError(Reason("record.too-many-characters", count=len(text), most=MAX_TEXT), path=path)
        if _FORBIDDEN.search(text):
            raise RecordError(Reason("record.control-character"), path=path)
        return text

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """Return a required text that is one of ``allowed``."""
        value = self.text(key)
        if value not in allowed:
            raise RecordError(
                Reason("record.not-one-of", value=shown(value), allowed=", ".join(allowed)), path=self.path(key)
            )
        return value

    def optional_uuid(self, key: str) -> str | None:
        """Return a UUID in its canonical form, or None."""
        value = self.optional_text(key)
        if value is None:
            return None
        return self._uuid(value, self.path(key))

    def uuids(self, key: str) -> tuple[str, ...]:
        """Return one UUID or a list of them as a tuple."""
        value = self._values.get(key)
        if isinstance(value, str):
            self._values[key] = [value]
        return tuple(self._uuid(v, self.path(key)) for v in self.texts(key))

    @staticmethod
    def _uuid(value: str, path: str) -> str:
        try:
            return str(uuid.UUID(value))
        except ValueError:
            raise RecordError(Reason("record.not-a-uuid", value=shown(value)), path=path) from None

    def integer(self, key: str, low: int, high: int) -> int:
        """Return a required whole number within [low, high]."""
        value = self._take(key, True)
        if isinstance(value, bool) or not isinstance(value, int):
            raise RecordError(Reason("record.not-a-whole-number", value=shown(value)), path=self.path(key))
        if not low <= value <= high:
            raise RecordError(
                Reason("record.out-of-range", value=shown(value), low=low, high=high), path=self.path(key)
            )
        return value

    def number(self, key: str, low: float, high: float) -> float:
        """Return a required number within [low, high]."""
        value = self._take(key, True)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RecordError(Reason("record.not-a-number", value=shown(value)), path=self.path(key))
        if not low <= value <= high:
            raise RecordError(
                Reason("record.out-of-range", value=shown(value), low=low, high=high), path=self.path(key)
            )
        return float(value)

    def flag(self, key: str) -> bool:
        """Return a required true or false."""
        value = self._take(key, True)
        if not isinstance(value, bool):
            raise RecordError(Reason("record.not-true-or-false", value=shown(value)), path=self.path(key))
        return value

    def day(self, key: str) -> date:
        """Return a required calendar day."""
        return self._day(self._take(key, True), self.path(key))

    def optional_day(self, key: str) -> date | None:
        """Return a calendar day or None."""
        value = self._take(key, False)
        return None if value is None else self._day(value, self.path(key))

    @staticmethod
    def _day(value: Any, path: str) -> date:
        if isinstance(value, datetime) or not isinstance(value, date | str):
            raise RecordError(Reason("record.not-a-date", value=shown(value)), path=path)
        if isinstance(value, date):
            return value
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            raise RecordError(Reason("record.not-a-date", value=shown(value)), path=path) from None

    def table(self, key: str) -> Table:
        """Return a required table."""
        return Table(self._take(key, True), self.path(key))

    def optional_table(self, key: str) -> Table | None:
        """Return a table or None."""
        value = self._take(key, False)
        return None if value is None else Table(value, self.path(key))

    def tables(self, key: str, most: int) -> Iterator[Table]:
        """Yield the tables of a required list."""
        value = self._take(key, True)
        if not isinstance(value, list | tuple) or len(value) > most:
            raise RecordError(Reason("record.not-a-list", most=most), path=self.path(key))
        for i, item in enumerate(value):
            yield Table(item, f"{self.path(key)}[{i}]")

    def close(self) -> None:
        """Refuse keys that nobody asked for."""
        for key in self._values:
            raise RecordError(Reason("record.unknown-field"), path=self.path(str(key)))
