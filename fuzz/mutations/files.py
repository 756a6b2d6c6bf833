"""A copy taken apart into revisions of objects and put together again, every offset right.

Put together unchanged it is the same file, byte for byte (a test holds that): so what differs in a
mutant is what was changed, and what has to follow from it: offsets, lengths, byte ranges.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from ecert.formats.pdf import Document, PdfValue, read_document
from ecert.formats.pdf.objects import Hex, PdfDict
from ecert.formats.pdf.writer import Chunk, write_object, write_revision

_RANGE: Final = re.compile(rb"/ByteRange (\[0 \d+ \d+ \d+\] *)")
_HEX_KEYS: Final = ("ID",)  # written in hexadecimal form


@dataclass
class Part:
    """One revision: its objects as they stand in the file, and its trailer."""

    objects: dict[int, bytes]
    trailer: PdfDict
    keep_ranges: bool = False  # leave its byte range as it stands

    def put(self, num: int, value: PdfValue) -> None:
        """Write an object, anew or over the old one."""
        self.objects[num] = b"".join(map(bytes, write_object(num, value)))


@dataclass
class File:
    """Revisions in their order."""

    parts: list[Part] = field(default_factory=list)

    @classmethod
    def of(cls, document: Document) -> File:
        """Take a document apart."""
        return cls([_part(document, index) for index in range(len(document.revisions))])

    def to_bytes(self, reorder: Callable[[list[int]], None] | None = None) -> bytes:
        """Put the file together: one table for each revision, ``/Prev`` and byte ranges as they must be."""
        out = b""
        for index, part in enumerate(self.parts):
            trailer = dict(part.trailer)
            if index:
                trailer["Prev"] = _last_section(out)
            numbers = list(part.objects)
            if reorder is not None:
                reorder(numbers)
            written: dict[int, list[Chunk]] = {num: [chunk] for num, chunk in part.objects.items()}
            objects = dict.fromkeys(numbers)
            chunks = write_revision(objects, trailer, start=len(out), written=written)
            increment = b"".join(map(bytes, chunks))
            out += increment if part.keep_ranges else _ranged(increment, len(out))
        return out


def _part(document: Document, index: int) -> Part:
    revision = document.revisions[index]
    objects = {num: document.data[entry.start : entry.end] + b"\n" for num, entry in revision.objects.items()}
    trailer = dict(revision.trailer)
    for key in _HEX_KEYS:
        if isinstance(trailer.get(key), list):
            trailer[key] = [Hex(item) for item in trailer[key]]
    return Part(objects, trailer)


def _last_section(data: bytes) -> int:
    return int(data[data.rindex(b"startxref") + 9 :].split()[0])


def _ranged(increment: bytes, base: int) -> bytes:
    """Let the byte range of a revision leave out its own /Contents, as an honest one does."""
    room = _RANGE.search(increment)
    gap = re.search(rb"/Contents (<[0-9a-fA-F]*>)", increment)
    if room is None or gap is None:
        return increment
    before, behind = gap.span(1)
    text = b"[0 %d %d %d]" % (base + before, base + behind, len(increment) - behind)
    start, end = room.span(1)
    return increment[:start] + text.ljust(end - start) + increment[end:]


def file_of(data: bytes) -> File:
    """Take bytes apart."""
    return File.of(read_document(data))
