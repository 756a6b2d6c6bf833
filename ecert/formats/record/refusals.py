"""What is said of a record's field that is not taken: a path and a reason, short whatever the value's size."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Mapping
from typing import Any

from ecert.errors import Reason, RecordError
from ecert.model.tables import Flaw, Value

_REPR = reprlib.Repr()
_REPR.maxstring = 80  # characters
#: flaw → the reason, from the value as it is shown and the details of the refusal
_REASONS: Mapping[Flaw, Callable[[str, Mapping[str, Any]], Reason]] = {
    "missing": lambda _v, _d: Reason("record.missing"),
    "unknown-key": lambda _v, _d: Reason("record.unknown-field"),
    "not-a-table": lambda _v, _d: Reason("record.not-a-table"),
    "not-tables": lambda _v, d: Reason("record.not-a-list", most=d["most"]),
    "not-a-row": lambda _v, _d: Reason("record.not-a-table"),
    "not-a-text": lambda v, _d: Reason("record.not-a-text", value=v),
    "empty": lambda _v, _d: Reason("record.empty"),
    "too-long": lambda _v, d: Reason("record.too-many-characters", count=d["count"], most=d["most"]),
    "control-character": lambda _v, _d: Reason("record.control-character"),
    "not-a-choice": lambda v, d: Reason("record.not-one-of", value=v, allowed=", ".join(d["allowed"])),
    "not-texts": lambda _v, d: Reason("record.not-a-list-of-texts", most=d["most"]),
    "not-whole": lambda v, _d: Reason("record.not-a-whole-number", value=v),
    "whole-out-of-range": lambda v, d: Reason("record.out-of-range", value=v, low=d["low"], high=d["high"]),
    "not-a-number": lambda v, _d: Reason("record.not-a-number", value=v),
    "number-out-of-range": lambda v, d: Reason("record.out-of-range", value=v, low=d["low"], high=d["high"]),
    "not-a-flag": lambda v, _d: Reason("record.not-true-or-false", value=v),
    "not-a-day": lambda v, _d: Reason("record.not-a-date", value=v),
    "not-a-uuid": lambda v, _d: Reason("record.not-a-uuid", value=v),
}


class RecordValue(Value):
    """A value of a record; its refusals are ``RecordError`` with the path of the field."""

    __slots__ = ()

    def refuse(self, flaw: Flaw, **details: Any) -> RecordError:
        """Return the refusal of the field."""
        reason = _REASONS[flaw](_shortened(self.given), details)
        root = "record" if flaw == "not-a-table" else ""
        code = "record-field-missing" if flaw in ("missing", "empty") else None
        return RecordError(reason, path=self.key or root, code=code)

    def is_absent(self) -> bool:
        """Return whether the field is not there; one that nobody filled in, in a form or in XML, is not."""
        return self.given is None or self.given == ""


def _shortened(value: object) -> str:
    """Return a value as it may stand in a message, whatever its size and depth."""
    try:
        return _REPR.repr(value)
    except ValueError:  # a number of thousands of digits
        return f"a {type(value).__name__}"
