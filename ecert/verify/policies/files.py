"""The files of a policy: TOML that was read, with the digest that a report names, and the values in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from ecert.errors import SettingsError
from ecert.model import files
from ecert.model.tables import Table
from ecert.model.toml_values import TomlValue, parse_toml

MAX_POLICY_ITEMS = 200  # texts in one list of a policy or registry


class PolicyValue(TomlValue):
    """A value of a policy or registry; refusals do not repeat a ``private`` one: it is about a person."""

    __slots__ = ("private",)

    def __init__(self, given: Any, key: str, source: str, *, private: bool = False) -> None:
        super().__init__(given, key, source)
        self.private = private

    def at(self, given: Any, key: str) -> Self:
        """Return another value of the file; what is in a private table is private."""
        return type(self)(given, key, self.source, private=self.private)

    def kept_private(self, private: bool = True) -> Self:
        """Return the same value, with its text kept out of messages (``private``) or not."""
        return type(self)(self.given, self.key, self.source, private=private)

    def told(self) -> str:
        """Return the key, with the value unless it is private."""
        return self.key if self.private else super().told()


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
            data = files.read(path, limit)
        except files.UnreadableError as exc:
            why = "no such file" if isinstance(exc.__cause__, FileNotFoundError) else exc.why
            raise SettingsError(f"cannot read the {what} file {path}: {why}", hint="check the path") from exc
        values = parse_toml(path, data)
        return cls(path, values, hashlib.sha256(data).hexdigest(), data.decode("utf-8-sig"))

    def table(self) -> Table[PolicyValue]:
        """Return the whole file as a table."""
        return Table(PolicyValue(self.values, "", str(self.path)))

    def line(self, table: str, index: int) -> int | None:
        """Return the line on which the ``index``-th ``[[table]]`` begins, where that can be told."""
        header = re.compile(r"^[ \t]*\[\[[ \t]*" + re.escape(table) + r"[ \t]*\]\]", re.MULTILINE)
        found = list(header.finditer(self.text))
        if len(found) != len(self.values[table]):
            return None
        return self.text.count("\n", 0, found[index].start()) + 1
