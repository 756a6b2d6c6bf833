"""Write docs/reference/findings.md from the catalogue in the code, and its codes into the report's schema."""

from __future__ import annotations

import json
from pathlib import Path

from ecert.model.findings import CATALOGUE, SEVERITIES, FindingKind
from ecert.report.schema import SCHEMA_FILE, report_schema
from ecert.words import Part, finding_sentence

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "findings.md"
SCHEMA = ROOT / "ecert" / "report" / SCHEMA_FILE
_MEANING = {
    "error": "the document must be refused: INVALID",
    "unknown": "it cannot be decided with what is at hand: INDETERMINATE",
    "warning": "worth knowing; the verdict stands",
    "info": "for information",
}
_ADVICE: tuple[Part, ...] = ("cause", "clerk", "citizen", "developer")
_HEAD = """\
# Findings

Written from `ecert/model/findings.py` and `ecert/words/` by `make docs`; do not edit here.

What a report can say, worst first: what it means, where it comes from in practice, and what to do.
*Clerk* is the officer at a receiving desk or of the certifying body, *citizen* the holder of the copy,
*developer* who runs or embeds the verifier. What clerk and citizen do are the report's `findings[].remedy`;
where another finding decided the verdict, it speaks for this one too. `{…}` is filled from the finding's
`data` and `where`. A policy file may raise a severity.

*Cán bộ* là người tiếp nhận hồ sơ hoặc văn thư của cơ quan thực hiện chứng thực; *người dân* là người giữ bản sao;
*kỹ thuật* là người vận hành hoặc tích hợp phần mềm kiểm tra."""
_LABELS = {
    "vi": {"cause": "Nguyên nhân", "clerk": "Cán bộ", "citizen": "Người dân", "developer": "Kỹ thuật"},
    "en": {"cause": "Cause", "clerk": "Clerk", "citizen": "Citizen", "developer": "Developer"},
}


def page() -> str:
    """Return the page's text."""
    lines = [_HEAD]
    for severity in SEVERITIES:
        codes = sorted(kind.code for kind in CATALOGUE.values() if kind.severity == severity)
        lines += ["", f"**{severity}** ({_MEANING[severity]}):"]
        lines += [" · ".join(f"[`{code}`](#{code})" for code in codes)]
    for severity in SEVERITIES:
        lines += ["", f"## {severity}: {_MEANING[severity]}"]
        for kind in CATALOGUE.values():
            if kind.severity == severity:
                lines += _section(kind)
    return "\n".join(lines) + "\n"


def _section(kind: FindingKind) -> list[str]:
    """Return one finding: its words, then what it comes from and what to do, in both languages."""
    lines = ["", f"### `{kind.code}`", f"{kind.severity}, check `{kind.check}`."]
    for lang in ("vi", "en"):
        lines += ["", f"> {finding_sentence(kind.check, kind.code, 'text', lang)}", ""]
        for part in _ADVICE:
            words = finding_sentence(kind.check, kind.code, part, lang)
            lines.append(f"* **{_LABELS[lang][part]}:** {words}")
    return lines


def schema() -> str:
    """Return the report's schema with today's codes as examples."""
    content = report_schema()
    content["$defs"]["finding"]["properties"]["code"]["examples"] = list(CATALOGUE)
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
