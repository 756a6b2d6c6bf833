"""The PDF/A corpora: honest files are read, and our pages are those another reader counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest

from ecert.formats.pdf import StructureFault, read_document
from tests.corpora.conftest import COUNTS
from tests.corpora.plan import read_index

#: files of the corpora that are broken on purpose → the code that refuses them
REFUSED = {
    "verapdf": {
        "veraPDF test suite 6-1-2-t01-fail-b.pdf": "pdf-damaged",
        "veraPDF test suite 6-1-2-t01-fail-c.pdf": "pdf-damaged",
        "veraPDF test suite 6-1-3-t02-fail-a.pdf": "encrypted",
        "veraPDF test suite 6-1-7-1-t01-fail-a.pdf": "pdf-damaged",
    },
    "bfo-pdfa": {"pdfa2-6-1-13-bfo-t05-fail.pdf": "over-limit", "pdfa2-6-10-bfo-t01-fail.pdf": "parsers-disagree"},
}


def _own_pages(path: Path) -> int | str:
    """Return how many pages we count, or the code of our refusal."""
    try:
        document = read_document(path.read_bytes())
        return sum(1 for _ in document.pages())
    except StructureFault as fault:
        return fault.code


def _other_pages(path: Path) -> int | None:
    try:
        with pikepdf.open(path) as pdf:
            return len(pdf.pages)
    except pikepdf.PdfError:
        return None


def _files(folder: Path) -> Iterator[tuple[str, str, Path]]:
    for row in read_index(folder):
        yield row["file"], row["expected"], folder / row["file"]


@pytest.mark.parametrize("corpus", ["verapdf", "bfo-pdfa"])
def test_honest_files_are_read(corpora: Path, corpus: str, record_property: Callable[[str, object], None]):
    ours = {name: (expected, _own_pages(path)) for name, expected, path in _files(corpora / corpus)}
    counts = Counter("read" if isinstance(n, int) else n for _, n in ours.values())
    record_property(COUNTS, f"{corpus}: " + ", ".join(f"{n} {k}" for k, n in counts.items()))
    refused = {Path(f).name: (e, n) for f, (e, n) in ours.items() if isinstance(n, str)}
    assert not [name for name, (expected, _) in refused.items() if expected == "pass"]
    assert {name: code for name, (_, code) in refused.items()} == REFUSED[corpus]


@pytest.mark.parametrize("corpus", ["verapdf", "bfo-pdfa", "malformed", "pyhanko"])
def test_pages_are_those_another_reader_counts(corpora: Path, corpus: str):
    compared = 0
    for name, _, path in _files(corpora / corpus):
        ours = _own_pages(path)
        theirs = _other_pages(path) if isinstance(ours, int) else None
        if theirs is not None:
            compared += 1
            assert ours == theirs, name
    assert compared > 20
