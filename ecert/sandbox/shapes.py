"""Hold plain values against a JSON Schema: the keywords that the report's own schema uses, no others.

A schema with any other keyword is refused, so that nothing it demands is passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

_SAYING = frozenset({"$schema", "$id", "$defs", "title", "description", "examples", "contentEncoding"})
_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
    "integer": lambda v: type(v) is int,
    "number": lambda v: type(v) in (int, float),
}
_FORMATS: Mapping[str, Callable[[str], Any]] = {
    "date-time": lambda v: datetime.strptime(v, "%Y-%m-%dT%H:%M:%S%z"),
    "date": lambda v: datetime.strptime(v, "%Y-%m-%d"),  # noqa: DTZ007  a day has no zone
    "uuid": UUID,
}


class Shapes:
    """One schema; ``$ref`` leads to its own ``$defs``."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema

    def wrong(self, value: Any) -> str | None:
        """Return where a value is not as the schema wants it, or None."""
        return self._wrong(value, self._schema, "$")

    def _wrong(self, value: Any, schema: Any, at: str) -> str | None:
        if schema is True:
            return None
        for keyword, wanted in schema.items():
            if keyword in _SAYING:
                continue
            found = self._keyword(keyword, wanted, value, schema, at)
            if found is not None:
                return found
        return None

    def _keyword(  # noqa: C901  (one case a keyword)
        self, keyword: str, wanted: Any, value: Any, schema: Mapping[str, Any], at: str
    ) -> str | None:
        good = True
        match keyword:
            case "$ref":
                return self._wrong(value, self._schema["$defs"][wanted.rpartition("/")[2]], at)
            case "anyOf":
                good = any(self._wrong(value, each, at) is None for each in wanted)
            case "type":
                names = [wanted] if isinstance(wanted, str) else wanted
                good = any(_TYPES[name](value) for name in names)
            case "enum" | "const":
                allowed = wanted if keyword == "enum" else [wanted]
                good = any(type(v) is type(value) and v == value for v in allowed)
            case "required":
                good = not isinstance(value, dict) or value.keys() >= set(wanted)
            case "properties":
                return self._members(value, wanted, at)
            case "additionalProperties":
                more = set(value) - set(schema.get("properties", ())) if _is_dict(value) else ()
                return self._members(value, dict.fromkeys(more, wanted), at)
            case "items":
                for i, item in enumerate(value if isinstance(value, list) else ()):
                    found = self._wrong(item, wanted, f"{at}[{i}]")
                    if found is not None:
                        return found
            case "pattern":
                good = not isinstance(value, str) or re.search(wanted, value) is not None
            case "format":
                good = not isinstance(value, str) or _has_format(value, wanted)
            case "minItems" | "minLength":
                good = not isinstance(value, (list, str)) or len(value) >= wanted
            case "maxItems" | "maxLength":
                good = not isinstance(value, (list, str)) or len(value) <= wanted
            case "minimum":
                good = type(value) not in (int, float) or value >= wanted
            case "exclusiveMinimum":
                good = type(value) not in (int, float) or value > wanted
            case "maximum":
                good = type(value) not in (int, float) or value <= wanted
            case _:
                raise NotImplementedError(f"the keyword {keyword} of JSON Schema")
        return None if good else f"{at} ({keyword})"

    def _members(self, value: Any, shapes: Mapping[str, Any], at: str) -> str | None:
        if _is_dict(value):
            for key in shapes.keys() & value.keys():
                found = self._wrong(value[key], shapes[key], f"{at}.{key}")
                if found is not None:
                    return found
        return None


def _is_dict(value: Any) -> bool:
    return isinstance(value, dict)


def _has_format(value: str, name: str) -> bool:
    with suppress(ValueError):
        _FORMATS[name](value)
        return True
    return False
