"""Write docs/reference/limits.md from the named limits in the code and the comments beside them."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "limits.md"
_CENTRAL = ROOT / "ecert" / "model" / "limits.py"
#: what a limit's section answers with
_SEEN = {
    "capture": "the scan is refused (`InputError`, exit status 4)",
    "documents to verify": "the finding `over-limit`: the verdict is INDETERMINATE at best",
    "the strict PDF reader": "`over-limit`; white space: `bytes-unaccounted` or `unusual-structure`",
    "the pictures of a copy": "`over-limit`, as for pictures beyond `MAX_PIXELS` or `MAX_SIDE_PIXELS`",
    "copies of other systems": "judged as a copy of this format: not `other-system`",
    "text files": "the file is refused as no valid TOML",
    "changes": "`over-limit`",
    "signatures": "`over-limit`, with the field where it is one signature's",
    "the sandbox": "`over-limit` (*seconds of work*, *megabytes of memory*)",
}
_HEAD = """\
# Limits

Written from the code by `make docs`; do not edit here.

Every limit counts work, so that no verdict depends on the machine, but for the sandbox's two: seconds
and memory. Whatever is beyond a limit is refused before the work is done. `[limits]` of the settings
lowers `file_mb` and `pages` (scanned pages; the statement is one more) and sets the sandbox's `seconds`
and `memory_mb`; in the library they are arguments of `ecert.Sandbox`."""
_NAME = re.compile(r"(?:MAX|MIN|SANDBOX)_[A-Z0-9_]+|PREDICTED_COST")
_SECTION = re.compile(r"# ── ([^─(]+?)(?: \(.*\))? ─")
_ELSEWHERE = "what leans on it stays undecided, or is refused by name"


def page() -> str:
    """Return the page's text."""
    lines = [_HEAD]
    section, rows = "", list[str]()
    for line in _rows(_CENTRAL):
        if line.startswith("#"):
            lines += _table(section, rows)
            section, rows = line.removeprefix("# "), []
        else:
            rows.append(line)
    lines += _table(section, rows)
    others = [
        row
        for path in sorted((ROOT / "ecert").rglob("*.py"))
        if path != _CENTRAL and "testing" not in path.parts
        for row in _rows(path)
        if not row.startswith("#")
    ]
    lines += ["", "## Beside what they limit", "", f"Beyond them: {_ELSEWHERE}.", ""]
    return "\n".join([*lines, *_head(), *others]) + "\n"


def _table(section: str, rows: list[str]) -> list[str]:
    if not rows:
        return []
    return ["", f"## {section[0].upper()}{section[1:]}", "", f"Beyond them: {_SEEN[section]}.", "", *_head(), *rows]


def _head() -> list[str]:
    return ["| limit | value | what is counted, and why so many |", "|---|---|---|"]


def _rows(path: Path) -> list[str]:
    """Return the named limits of a module as rows of a table, and its sections as headings."""
    text = path.read_text(encoding="utf-8")
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    rows, lines = list[str](), text.splitlines()
    marks = {n: found[1] for n, line in enumerate(lines, 1) if (found := _SECTION.match(line))}
    values = None
    for node in ast.parse(text).body:
        while marks and min(marks) < node.lineno:
            rows.append(f"# {marks.pop(min(marks))}")
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        name, reason = node.targets[0].id, _reason(lines, node)
        if not _NAME.fullmatch(name) or not reason:
            continue
        values = values or vars(import_module(module))
        where = name if path == _CENTRAL else f"{module.removeprefix('ecert.')}.{name}"
        rows.append(f"| `{where}` | {values[name]:,} | {reason} |")
    return rows


def _reason(lines: list[str], node: ast.Assign) -> str:
    """Return the comment on a limit's line, else the ``#:`` comment above it."""
    behind = lines[node.lineno - 1][node.end_col_offset :].strip()
    above = lines[node.lineno - 2].strip() if node.lineno > 1 else ""
    comment = behind if behind.startswith("#") else above if above.startswith("#:") else ""
    return comment.lstrip("#: ").replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
