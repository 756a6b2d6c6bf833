"""TOML files that an office writes: settings, policies, registries. Refusals name file, key, value and a way out."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Self

from ecert.errors import SettingsError
from ecert.model.tables import Flaw, Value
from ecert.model.toml import read_toml

_INDEX = re.compile(r"\[\d+\]")
_ONE_LINE = "one line of 1 to {most} characters"
_WHOLE, _NUMBER = "a whole number from {low} to {high}", "a number from {low:g} to {high:g}"
#: flaw → what is expected in its place, and the way out where it is not to correct or to remove the value
_EXPECTED: Mapping[Flaw, tuple[str, str]] = {
    "not-a-table": ("a table", "write [{key}]"),
    "not-tables": ("a list of tables", "write [[{header}]]"),
    "not-a-row": ("a table", "write [[{header}]]"),
    "not-a-text": ("a text", ""),
    "empty": (_ONE_LINE, ""),
    "too-long": (_ONE_LINE, ""),
    "control-character": (_ONE_LINE, ""),
    "not-a-choice": ("one of {allowed}", ""),
    "not-texts": ("a list of {least} to {most} texts", 'write {name} = ["…"]'),
    "repeated": ("a list without repetitions", ""),
    "not-whole": (_WHOLE, ""),
    "whole-out-of-range": (_WHOLE, ""),
    "not-a-number": (_NUMBER, ""),
    "number-out-of-range": (_NUMBER, ""),
    "not-a-flag": ("true or false", ""),
    "not-a-day": ("a date", "write {name} = 2025-07-01, without quotes"),
}


def parse_toml(path: Path, data: bytes) -> dict[str, Any]:
    """Return the values of a file that was read.

    Raises:
        SettingsError: it is not TOML in UTF-8.
    """
    try:
        return read_toml(data.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        raise SettingsError(f"{path} is not UTF-8", hint="save it as UTF-8") from exc
    except (ValueError, RecursionError) as exc:  # a number of 5,000 digits is a plain ValueError
        raise SettingsError(f"{path} is not valid TOML: {exc}", hint="correct that line") from exc


class TomlValue(Value):
    """A value of such a file, or of a variable in its place; ``source`` names which."""

    __slots__ = ("source",)

    def __init__(self, given: Any, key: str, source: str) -> None:
        super().__init__(given, key)
        self.source = source

    def at(self, given: Any, key: str) -> Self:
        """Return another value of the same file."""
        return type(self)(given, key, self.source)

    def listed(self, _i: int, given: Any) -> Self:
        """Return an item of a list of texts: a refusal shows which, so the list's key is enough."""
        return self.at(given, self.key)

    def refuse(self, flaw: Flaw, **details: Any) -> SettingsError:
        """Return the refusal of the value, or of a key that is missing or unknown."""
        if flaw == "missing":
            return SettingsError(f"{self.source}: {self.key} is missing", hint=details["hint"])
        if flaw == "unknown-key":
            return self.unknown(details["known"])
        expected, hint = _EXPECTED[flaw]
        details["allowed"] = ", ".join(details.get("allowed", ()))
        name, header = self.key.rpartition(".")[2], _INDEX.sub("", self.key)
        return self.wrong(expected.format(**details), hint.format(key=self.key, name=name, header=header))

    def wrong(self, expected: str, hint: str = "") -> SettingsError:
        """Return the refusal of the value, with what would be right in its place."""
        return SettingsError(f"{self.source}: {self.told()} is not {expected}", hint=hint or self.way_out())

    def told(self) -> str:
        """Return how a refusal names the value."""
        return f"{self.key} = {as_json(self.given)}"

    def way_out(self) -> str:
        """Return what to do where nothing more is known."""
        return f"correct {self.key}, or remove it"

    def unknown(self, known: Collection[str]) -> SettingsError:
        """Return the refusal of a key that does not exist, with its near matches."""
        from difflib import get_close_matches  # what goes well does not wait for it

        near = get_close_matches(self.key, known, n=2, cutoff=0.7)
        return SettingsError(
            f"{self.source}: {as_json(self.key)} is not a key",
            code="unknown-setting",
            hint=f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(sorted(known))}",
        )


def as_json(value: object) -> str:
    """Return a value as it may stand in a message: as JSON, cut where it is long."""
    told = json.dumps(value, ensure_ascii=False, default=str)
    return told if len(told) <= 60 else told[:57] + "…"
