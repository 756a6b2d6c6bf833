"""PDF/A's rules about the file as bytes (ISO 19005-2 and -3, 6.1.2 to 6.1.4), which object models cannot see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecert.formats.pdf import Document, StructureFault, read_document

#: 6.1.2: the version, one end of line, a comment of at least four bytes above 127
_HEADER = re.compile(rb"%PDF-1\.[0-7](\r\n|\r|\n)%[\x80-\xff]{4}")
#: 6.1.4: the keyword and the first subsection stand on lines of their own, one space between numbers
_TABLE = re.compile(rb"xref(\r\n|\r|\n)[0-9]+ [0-9]+ ?(\r\n|\r|\n)")


def check_file_structure(data: bytes) -> list[str]:
    """Return what in the bytes speaks against PDF/A-2 and PDF/A-3, empty where nothing does."""
    try:
        document = read_document(data)
    except StructureFault as fault:
        return [f"the file cannot be read strictly: {fault.reason} ({fault.code})"]
    return list(_faults(document))


def _faults(document: Document) -> Iterator[str]:
    if not _HEADER.match(document.data):
        yield "6.1.2: the header is not a version and a comment of four bytes above 127"
    if any(gap.revision >= len(document.revisions) for gap in document.gaps):
        yield "6.1.3: something follows the last end mark"
    for revision in document.revisions:
        parts = document.array(revision.trailer.get("ID"), revision.index)
        if len(parts) != 2 or not all(isinstance(p, bytes) and p for p in parts):
            yield "6.1.3: the trailer has no file identifier"
        for start in revision.sections:
            found = document.data[start : start + 4] == b"xref"
            if found and not _TABLE.match(document.data, start):
                yield "6.1.4: a cross-reference table is not written on lines of its own"
