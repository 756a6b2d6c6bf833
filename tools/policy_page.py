"""Write the demands of policies, by their rows in the code, into docs/reference/policy.md and the report's schema."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_type_hints

from ecert.model.levels import Level
from ecert.report.schema import SCHEMA_FILE, report_schema
from ecert.verify.policies.demands import DEMAND_TABLES, Demand, demands_of

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "policy.md"
SCHEMA = ROOT / "ecert" / "report" / SCHEMA_FILE
_ROWS = re.compile(rf"(?:^\| `(?:{'|'.join(DEMAND_TABLES)})\..*\n)+", re.MULTILINE)
_IN_REPORTS: dict[Any, dict[str, Any]] = {
    Level | None: {"$ref": "#/$defs/level"},
    bool: {"type": "boolean"},
    int | None: {"type": "integer", "minimum": 0},
    tuple[str, ...]: {"type": "array", "items": {"type": "string"}},
}


def page() -> str:
    """Return the page's text with today's demands in its table."""
    rows = [
        _row(f"{part}.{name}", row) for part, kind in DEMAND_TABLES.items() for name, row in demands_of(kind).items()
    ]
    text, changes = _ROWS.subn(lambda _: "".join(rows), PAGE.read_text(encoding="utf-8"))
    assert changes == 1, "the demands stand in one piece"
    return text


def _row(name: str, row: Demand) -> str:
    only = "" if row.base is None or row.is_stated else f"; {' and '.join(f'`{base}`' for base in row.bases)} only"
    findings = ", ".join(f"`{code}`" for code in row.findings) or "the base's findings"
    return f"| `{name}` | {row.meaning}{only} | {findings} |\n"


def schema() -> str:
    """Return the report's schema with today's demands among the settings of a policy."""
    content = report_schema()
    settings = content["$defs"]["policy"]["properties"]["settings"]["properties"]
    for part, kind in DEMAND_TABLES.items():
        hints = get_type_hints(kind)
        settings[part]["properties"] = {
            name: _IN_REPORTS[hints[name]] | {"description": f"{row.meaning[0].upper()}{row.meaning[1:]}."}
            for name, row in demands_of(kind).items()
        }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
