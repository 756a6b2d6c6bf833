"""poppler and qpdf, asked through their commands."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from tests.judges.tools import require

SECONDS = 120  # for one command on one file


@dataclass(frozen=True)
class PdfsigSignature:
    """One signature as poppler's pdfsig prints it."""

    path: Path
    sha256: str  # of the whole file
    number: int
    field: str | None  # pdfsig older than 22.08 does not name it
    valid: bool  # "Signature is Valid."
    validation: str  # pdfsig's own words; empty for an unsigned field
    covers_whole: bool  # "Total document signed"
    signer: str | None
    type: str | None  # ETSI.CAdES.detached, …
    text: str


class PdfsigAnswer(NamedTuple):
    """All that pdfsig said about a file; ``status`` is negative where it crashed."""

    signatures: list[PdfsigSignature]
    opened: bool  # poppler could read the file at all
    status: int


class QpdfResult(NamedTuple):
    """qpdf's answer; a file with warnings is not clean."""

    clean: bool
    output: str
    sha256: str


def pdfsig(path: Path, nssdir: Path | None = None) -> list[PdfsigSignature]:
    """Ask poppler about the signatures, without OCSP; ``nssdir`` is an NSS database of trusted authorities.

    Without one nobody is trusted: poppler looks for Firefox's under HOME, which is empty here.

    A file without signatures, or one that poppler cannot read, gives an empty list.
    """
    return pdfsig_answer(path, nssdir).signatures


def pdfsig_answer(path: Path, nssdir: Path | None = None) -> PdfsigAnswer:
    """Ask poppler as ``pdfsig`` does, and tell a file without signatures from an unreadable one."""
    require("poppler")
    with tempfile.TemporaryDirectory() as empty:
        trust = ["-nssdir", str(nssdir.resolve())] if nssdir else []
        printed, status, sha256 = _run(["pdfsig", "-no-ocsp", *trust], path, home=empty)
    text = printed.decode("utf-8", "replace")
    blocks = re.split(r"^Signature #(\d+):\n", text, flags=re.MULTILINE)[1:]
    signatures = [
        _signature(path, sha256, int(number), block) for number, block in zip(blocks[::2], blocks[1::2], strict=True)
    ]
    none = "does not contain any signatures" in text
    return PdfsigAnswer(signatures, opened=bool(signatures) or none, status=status)


def qpdf_check(path: Path) -> QpdfResult:
    """Ask qpdf whether a file's structure is sound."""
    require("qpdf")
    printed, status, sha256 = _run(["qpdf", "--check"], path)
    return QpdfResult(status == 0, printed.decode("utf-8", "replace"), sha256)


def pdftoppm(path: Path, page: int = 1, dpi: int = 100) -> Image.Image:
    """Render one page (from 1) with poppler; raise ValueError where poppler gives no picture."""
    require("poppler")
    command = ["pdftoppm", "-png", "-r", str(dpi), "-f", str(page), "-l", str(page)]
    printed, status, _ = _run(command, path, stderr=subprocess.DEVNULL)
    if status or not printed:
        raise ValueError(f"poppler renders no page {page} of {path}")
    image = Image.open(io.BytesIO(printed))
    image.load()
    return image


def _signature(path: Path, sha256: str, number: int, block: str) -> PdfsigSignature:
    facts = dict(re.findall(r"^  - ([^:\n]+): (.*)$", block, flags=re.MULTILINE))
    validation = facts.get("Signature Validation", "")
    return PdfsigSignature(
        path=path,
        sha256=sha256,
        number=number,
        field=facts.get("Signature Field Name"),
        valid=validation == "Signature is Valid.",
        validation=validation,
        covers_whole="  - Total document signed" in block.splitlines(),
        signer=facts.get("Signer Certificate Common Name"),
        type=facts.get("Signature Type"),
        text=block,
    )


def _run(
    command: Sequence[str], path: Path, stderr: int = subprocess.STDOUT, home: str | None = None
) -> tuple[bytes, int, str]:
    """Return what a command printed on a file, its exit status, and the file's digest."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    if home is not None:
        environment["HOME"] = home
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    done = subprocess.run(
        [*command, str(path.resolve())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        timeout=SECONDS,
        env=environment,
        check=False,
    )
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    assert before == after, f"{path} changed while it was judged"
    return done.stdout, done.returncode, after
