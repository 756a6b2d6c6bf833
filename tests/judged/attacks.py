"""A measured table: what each verifier said about each file, and by which release. ``attacks.toml`` is the one of the
kit's specimens.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).with_name("attacks.toml")
#: The columns beside ecert's, in the order of the pages.
OTHERS: Final = ("pyhanko", "pdfsig", "dss", "dss-changes-fail")
REFRESH: Final = "python -m tests.judged.measure"
_HEAD: Final = "# Written by {}; compared with a new measurement by every test run.\n"


@dataclass(frozen=True)
class Row:
    """One specimen before all verifiers: ecert's verdict with its codes, and the others' words."""

    ecert: str
    codes: tuple[str, ...]  # the findings that decided it
    others: Mapping[str, str]  # one for each of OTHERS: "word" or "word (why)"

    def word(self, judge: str) -> str:
        """Return a verifier's bare word."""
        return self.others[judge].partition(" (")[0]


@dataclass(frozen=True)
class Table:
    """All rows by the specimen's name, and the releases they were measured with."""

    versions: Mapping[str, str]
    rows: Mapping[str, Row]


def read_table(data: Path | None = None) -> Table:
    """Read a table, by default that of the specimens; an empty one where nothing was measured yet."""
    data = data or DATA
    if not data.exists():
        return Table({}, {})
    content = tomllib.loads(data.read_text("utf-8"))
    return Table(
        content["versions"],
        {
            name: Row(row["ecert"], tuple(row["codes"]), {each: row[each] for each in OTHERS})
            for name, row in content["specimen"].items()
        },
    )


def write_table(table: Table, data: Path | None = None, refresh: str = REFRESH) -> None:
    """Write a table; ``refresh`` is the command that measures it anew."""
    lines = [_HEAD.format(refresh), "[versions]"]
    lines += [f"{tool} = {_quoted(version)}" for tool, version in table.versions.items()]
    for name, row in table.rows.items():
        codes = ", ".join(map(_quoted, row.codes))
        lines += ["", f"[specimen.{name}]", f"ecert = {_quoted(row.ecert)}", f"codes = [{codes}]"]
        lines += [f"{each} = {_quoted(row.others[each])}" for each in OTHERS]
    (data or DATA).write_text("\n".join(lines) + "\n", "utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a basic string of TOML
