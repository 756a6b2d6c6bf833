"""The measured table: what each verifier said about each specimen (``attacks.toml``), and by which release."""

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
_HEAD: Final = f"# Written by {REFRESH}; compared with a new measurement by every test run.\n"


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


def read_table() -> Table:
    """Read the table; an empty one where nothing was measured yet."""
    if not DATA.exists():
        return Table({}, {})
    content = tomllib.loads(DATA.read_text("utf-8"))
    return Table(
        content["versions"],
        {
            name: Row(row["ecert"], tuple(row["codes"]), {each: row[each] for each in OTHERS})
            for name, row in content["specimen"].items()
        },
    )


def write_table(table: Table) -> None:
    """Write the table."""
    lines = [_HEAD, "[versions]"]
    lines += [f"{tool} = {_quoted(version)}" for tool, version in table.versions.items()]
    for name, row in table.rows.items():
        codes = ", ".join(map(_quoted, row.codes))
        lines += ["", f"[specimen.{name}]", f"ecert = {_quoted(row.ecert)}", f"codes = [{codes}]"]
        lines += [f"{each} = {_quoted(row.others[each])}" for each in OTHERS]
    DATA.write_text("\n".join(lines) + "\n", "utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a basic string of TOML
