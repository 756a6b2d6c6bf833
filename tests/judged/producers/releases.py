"""Which releases of the programs are used: read from the files that pin them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_JARS: Final = {
    "PDFBox": "pdfbox",
    "EU DSS": "dss-pades",
    "iText Core": "sign",
    "iText": "itextpdf",
    "OpenPDF": "openpdf",
}
_PACKAGES: Final = {"@signpdf": "@signpdf/signpdf", "pdf-lib": "pdf-lib", "PDFKit": "pdfkit"}


def releases() -> dict[str, str]:
    """Return the releases by the programs' names, without Python's and the system's packages."""
    jars = (_HERE / "java" / "jars.sha256").read_text("ascii")
    packages = json.loads((_HERE / "node" / "package.json").read_text("utf-8"))
    found = {name: _only(rf" {jar}-([0-9.]+)\.jar", jars) for name, jar in _JARS.items()}
    found |= {name: packages["dependencies"][package] for name, package in _PACKAGES.items()}
    found["pdfcpu"] = _only(r"pdfcpu/pdfcpu v(\S+)", (_HERE / "go" / "go.mod").read_text("utf-8"))
    return found


def _only(pattern: str, text: str) -> str:
    (found,) = re.findall(pattern, text)
    return str(found)
