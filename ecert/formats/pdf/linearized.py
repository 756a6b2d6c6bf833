"""Files laid out for the web (ISO 32000-1, annex F), as long as they are what they say they are.

A reader that finds a linearization dictionary first in a file, with the file's own length in /L, begins behind it and
not at the end, and takes the first page from /O and others from the hint tables (Poppler, pdf.js, Chromium). With any
other length, as after an update, it is read as every file.
"""

from __future__ import annotations

import re
from typing import Final

from ecert.errors import Reason
from ecert.formats.pdf.document import Document
from ecert.formats.pdf.faults import StructureFault
from ecert.formats.pdf.lexer import Lexer
from ecert.formats.pdf.objects import PdfDict
from ecert.formats.pdf.oddities import Oddities

_WITHIN: Final = 1024  # bytes in which readers look for the end of the first object
_NAME_HEX: Final = re.compile(rb"#([0-9a-fA-F]{2})")


def refuse_another_beginning(document: Document, start: int, oddities: Oddities) -> None:
    """Refuse a file that some readers begin to read elsewhere; ``start`` is where its header ends.

    Pages that hint tables name are noted among ``oddities``.

    Raises:
        StructureFault: ``parsers-disagree``.
    """
    data = document.data
    head = _first_dictionary(data, start)
    if head is None:
        if b"/Linearized" in _NAME_HEX.sub(lambda m: bytes([int(m[1], 16)]), data[: 4 * _WITHIN]):
            raise StructureFault("parsers-disagree", Reason("pdf.begins-elsewhere"), offset=start)
        return
    if "Linearized" not in head or head.get("L") != len(data):
        return
    pages = list(document.pages())
    end = data.find(b"endobj", 0, _WITHIN) + len(b"endobj")
    lexer = Lexer(data, end)
    lexer.skip_space()
    newest = document.revisions[0].sections[-1]
    if len(document.revisions) > 1 or lexer.pos != newest or [head.get("O")] != [page.num for page in pages[:1]]:
        raise StructureFault("parsers-disagree", Reason("pdf.begins-elsewhere"), offset=start)
    if len(pages) > 1:
        oddities.leave_open(Reason("pdf.pages-by-hints"))


def _first_dictionary(data: bytes, start: int) -> PdfDict | None:
    """Return the file's first object: an empty dictionary for any other value, None for what is none."""
    lexer = Lexer(data, start)
    try:
        lexer.integer()
        lexer.integer()
        lexer.expect(b"obj")
        value = lexer.value()
    except StructureFault:
        return None
    return value if isinstance(value, dict) else {}
