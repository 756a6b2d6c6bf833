"""What a command takes in and where it writes: refused before any work is done or any key is used."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecert.cli.session import Session
from ecert.errors import InputError, UsageError
from ecert.model.images import in_colour
from ecert.model.limits import MAX_DOCUMENT_PAGES, MAX_PAGES, DocumentLimits
from ecert.model.profiles import get_profile
from ecert.operations.files import max_bytes, read_within, too_large

if TYPE_CHECKING:
    from ecert.capture.scan import Scan

_STAGES = ("-draft", "-signed", "-certified")


def choose_output(
    output: Path | None, out_dir: Path | None, inputs: Sequence[Path], suffix: str, *, force: bool
) -> Path:
    """Return the file to write; ``suffix`` names the stage where the name is made from the input's.

    Raises:
        UsageError: neither or both of ``-o`` and ``--out-dir``.
        InputError: it is an input, exists already, or its folder does not exist.
    """
    if (output is None) == (out_dir is None):
        raise UsageError("give either -o FILE or --out-dir DIR", hint="-o names the PDF to write")
    if out_dir is not None:
        stem = inputs[0].stem
        for stage in _STAGES:
            stem = stem.removesuffix(stage)
        path = out_dir / f"{stem}{suffix}.pdf"
    else:
        assert output is not None
        path = output
        if str(path) == "-":
            raise UsageError("a copy is not written to stdout", hint="name a file with -o")
    if path.is_dir():
        raise InputError(f"{path} is a folder", code="not-writable", hint="name a file, or --out-dir")
    if any(_same_file(path, given) for given in inputs):
        raise InputError(f"{path} is also an input", code="output-is-input", hint="write to another file")
    if path.exists() and not force:
        raise InputError(f"{path} exists already", code="output-exists", hint="choose another name, or --force")
    folder = path.parent
    if not folder.is_dir() and (out_dir is None or folder.exists()):
        raise InputError(f"{folder} is not a folder", code="not-writable", hint="make it first")
    if folder.is_dir() and not os.access(folder, os.W_OK):
        raise InputError(f"the folder {folder} cannot be written to", code="not-writable", hint="choose another")
    return path


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def read_scan(session: Session, files: Sequence[Path], dpi: float | None, profile: str, *, convert: bool) -> Scan:
    """Read the scan within ``[limits]``, and warn of pages that the profile wants in colour.

    Raises:
        InputError: a file or the whole is refused.
    """
    from ecert.capture.scan import Scan
    from ecert.cli.progress import show_progress

    limits, rules = session.settings.limits, get_profile(profile)
    for path in files:
        _check_size(session, path)
    with show_progress(session) as tell:
        scan = Scan.from_files(
            files, dpi=dpi, convert_profiles=convert, progress=lambda n, total: tell("read", done=n, all=total)
        )
    if len(scan.pages) > limits.pages:
        raise InputError(
            f"the scan has {len(scan.pages)} pages, more than {limits.pages}",
            code="too-many-pages",
            hint="raise limits.pages, or certify the original in parts",
        )
    for number, page in enumerate(scan.pages, 1):
        coloured = in_colour(page.colour, page.bits)
        if rules.warn_not_colour and not coloured and not session.quiet:
            session.tell("warning", session.words("not-in-colour", page=number))
    return scan


def _check_size(session: Session, path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError:
        return  # reading it says why it cannot be read
    limit_mb = session.settings.limits.file_mb
    if size > max_bytes(limit_mb):
        raise too_large(path, limit_mb)


def find_documents(path: Path) -> Iterator[Path | InputError]:
    """Yield a file itself, or a folder's *.pdf at any depth; what cannot be opened is an item too."""
    if not path.is_dir():
        yield path
        return
    faults: list[OSError] = []
    found = sorted(
        found
        for folder, _, names in os.walk(path, onerror=faults.append)
        for name in names
        if name.lower().endswith(".pdf") and not (found := Path(folder) / name).is_fifo()  # nobody may ever write to it
    )
    yield from found
    for fault in faults:
        yield InputError(
            f"cannot read the folder {fault.filename}: {fault.strerror}",
            code="not-readable",
            hint="check its permissions",
        )
    if not found and not faults:
        yield InputError(f"there is no *.pdf in the folder {path}", code="no-input", hint="check the path")


def read_within_limits(session: Session, path: Path) -> bytes:
    """Return a document's bytes, within ``[limits] file_mb``.

    Raises:
        InputError: it cannot be read, or is too large.
    """
    return read_within(path, session.settings.limits.file_mb)


def document_limits(session: Session) -> DocumentLimits:
    """Return what a document to verify may be; ``[limits] pages`` counts scanned ones, the statement is one more."""
    pages = session.settings.limits.pages
    return DocumentLimits(
        max_bytes(session.settings.limits.file_mb), pages + 1 if pages < MAX_PAGES else MAX_DOCUMENT_PAGES
    )
