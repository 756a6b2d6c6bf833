"""Write docs/reference/findings.md from the catalogue in the code."""

from __future__ import annotations

from pathlib import Path

from ecert.model.findings import CATALOGUE, SEVERITIES

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "findings.md"
_MEANING = {
    "error": "the document must be refused: INVALID",
    "unknown": "it cannot be decided with what is at hand: INDETERMINATE",
    "warning": "worth knowing; the verdict stands",
    "info": "for information",
}


def page() -> str:
    """Return the page's text."""
    lines = [
        "# Findings",
        "",
        "Written from `ecert/model/findings.py` by `make docs`; do not edit here.",
    ]
    for severity in SEVERITIES:
        lines += ["", f"## {severity}: {_MEANING[severity]}", ""]
        lines += ["| code | check | tiếng Việt | English | what to do |", "|---|---|---|---|---|"]
        for kind in CATALOGUE.values():
            if kind.severity == severity:
                cells = (f"`{kind.code}`", kind.check, kind.text.vi, kind.text.en, kind.remedy.en)
                lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
