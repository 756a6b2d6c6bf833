"""Which outside tools are here; what is missing skips, and fails where ECERT_REQUIRE names it."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import Final, NoReturn

import pytest

from tests.judges.install import DSS, PRODUCERS, VERA, JavaProgram, node_modules, pdfcpu

ROOT = Path(__file__).resolve().parents[2]

#: tool -> the commands it consists of; those named in ``missing`` need another look
COMMANDS: Final[dict[str, tuple[str, ...]]] = {
    "softhsm": ("softhsm2-util",),
    "opensc": ("pkcs11-tool",),
    "java": ("java",),
    "verapdf": ("java",),
    "dss": ("java",),
    "poppler": ("pdfsig", "pdftoppm"),
    "qpdf": ("qpdf",),
    "openssl": ("openssl",),
    "chromium": ("chromium",),
    "atheris": (),
    "producers": ("java", "node", "soffice"),
    "corpora": (),
    "field": (),
}
_JAVA_JUDGES: Final[dict[str, JavaProgram]] = {"verapdf": VERA, "dss": DSS}


def corpora() -> Path:
    """Return the folder of third-party test material, which may be absent."""
    return Path(os.environ.get("ECERT_CORPORA") or ROOT / ".." / "shared" / "corpora").resolve()


def field() -> Path:
    """Return the folder of small files of the kinds that real software and real people produce, which may be absent."""
    return Path(os.environ.get("ECERT_FIELD") or ROOT / ".." / "shared" / "field").resolve()


def required() -> frozenset[str]:
    """Return the tools that ECERT_REQUIRE names; refuse names nobody knows."""
    names = frozenset(os.environ.get("ECERT_REQUIRE", "").split())
    if unknown := names - COMMANDS.keys():
        raise pytest.UsageError(f"ECERT_REQUIRE names unknown tools: {' '.join(sorted(unknown))}")
    return names


def missing(tool: str) -> str | None:
    """Return why a tool cannot be used, with the way out, or None."""
    for command in COMMANDS[tool]:
        if shutil.which(command) is None:
            return f"{tool}: {command} is not installed (make system)"
    if (judge := _JAVA_JUDGES.get(tool)) and not judge.installed:
        return f"{tool}: its jars are not in .cache (make judges)"
    if tool == "producers" and not (PRODUCERS.installed and node_modules().is_dir() and pdfcpu().is_file()):
        return "producers: not all of them are in .cache (make judges)"
    if tool == "atheris" and importlib.util.find_spec("atheris") is None:
        return "atheris: it has no wheel for this platform (make setup installs it where it has)"
    if tool == "corpora" and not (corpora() / "README.md").is_file():
        return f"corpora: not at {corpora()} (set ECERT_CORPORA)"
    if tool == "field" and not (field() / "README.md").is_file():
        return f"field: not at {field()} (set ECERT_FIELD)"
    return None


def require(tool: str) -> None:
    """Skip the running test or module where a tool is missing; fail it where ECERT_REQUIRE names the tool."""
    if reason := missing(tool):
        _absent(tool, reason)


def _absent(tool: str, reason: str) -> NoReturn:
    if tool in required():
        pytest.fail(f"required by ECERT_REQUIRE, and missing: {reason}", pytrace=False)
    pytest.skip(reason, allow_module_level=True)
