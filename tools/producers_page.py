"""Write what verifiers say about files of other programs into docs/reference/producers.md."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, get_args

from tests.judged.attacks import OTHERS, Table, read_table
from tests.judged.producers.cases import CASES, Case, Maker, Program
from tests.judged.producers.releases import releases

DATA: Final = Path(__file__).parents[1] / "tests" / "judged" / "producers" / "table.toml"
PAGE: Final = Path(__file__).parents[1] / "docs" / "reference" / "producers.md"

_NAMES: Final[dict[Maker | Program, str]] = {
    "pdfbox": "PDFBox",
    "dss": "EU DSS",
    "itext": "iText Core",
    "itext5": "iText 5",
    "openpdf": "OpenPDF",
    "signpdf": "@signpdf",
    "pyhanko": "pyHanko",
    "pdfcpu": "pdfcpu",
    "libreoffice": "LibreOffice",
    "office": "a hybrid file as Office exports it",
}
_KINDS: Final = {
    "plain": "",
    "packed": ", object streams",
    "created": ", object streams",
    "tagged": ", tagged",
    "pdfa": ", PDF/A-2b",
    "form": ", with a form",
    "pdf-lib": " on pdf-lib",
    "pdfkit": " on PDFKit",
}
_MANNER: Final = {(True, False): "", (False, False): ", unseen", (True, True): ", level B-LTA"}
_WHO: Final = {"leader": "the leader", "body": "the body", "stranger": "**a stranger**"}
_HEAD: Final = """# Files of other programs

Written from `tests/judged/producers/table.toml` by `python -m tools.producers_page`; do not edit here.

Files of one page, made and signed by current software as its own manual shows it, and what four verifiers say of
them. ecert judges under policy `signatures`; the others are asked as in [What attacks do](../explanation/attacks.md),
where the words are explained. Each is given the anchors and the CRLs. The leader and the body have certificates of one
authority and the same organization; the stranger's, of the same authority, names another. Every signature is shown on
the page unless "unseen" is said.
"""


def page(table: Table) -> str:
    """Return the page."""
    v = table.versions
    made_by = ", ".join(f"{name} {release}" for name, release in releases().items())
    lines = [_HEAD, f"Made with {made_by}, pyHanko {v['pyhanko']}, and the system's LibreOffice.", ""]
    lines += [f"Measured with pyHanko {v['pyhanko']}, poppler {v['pdfsig']} (`pdfsig`) and EU DSS {v['dss']}.", ""]
    lines += _row(["file", "made by", "signed", "ecert", "pyHanko", "`pdfsig`", "DSS", "DSS, changes fail"])
    lines += _row(["---"] * 8)
    for case in CASES:
        if case.name in table.rows:
            row = table.rows[case.name]
            codes = ", ".join(f"[`{code}`](findings.md#{code})" for code in row.codes)
            verdict = f"{row.ecert} {codes}".rstrip() + (f": {case.why}" if case.why else "")
            lines += _row(
                [f"`{case.name}`", _made(case), _signed(case), verdict, *(row.others[judge] for judge in OTHERS)]
            )
    return "\n".join(lines) + "\n"


def _made(case: Case) -> str:
    if case.maker == "pyhanko":
        return f"PDFBox{_KINDS[case.kind]}, with empty fields by pyHanko"
    if case.maker == "office":
        return f"{_NAMES['office']} ({case.kind})"
    return _NAMES[case.maker] + _KINDS[case.kind]


def _signed(case: Case) -> str:
    steps = []
    for step in case.steps:
        how = "certified (P=2) by" if step.permission else "by"
        steps.append(f"{how} {_WHO[step.who]} with {_NAMES[step.program]}{_MANNER[step.visible, step.lasting]}")
    return "; ".join(steps)


def _row(cells: Iterable[str]) -> list[str]:
    return ["| " + " | ".join(cells) + " |"]


def write() -> None:
    """Write the page."""
    PAGE.write_text(page(read_table(DATA)), "utf-8")


assert {*get_args(Maker), *get_args(Program)} == _NAMES.keys()

if __name__ == "__main__":
    write()
