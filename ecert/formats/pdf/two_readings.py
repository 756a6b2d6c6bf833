"""Whether programs that rebuild the cross-reference table read a file as its sections say (ISO 32000-1, 7.5.4).

A program that meets something odd may give up on the table and look for ``N G obj`` anywhere in the file, in streams
and strings too; of several with one number it takes the last. That must give the live objects of the sections, and
nothing else. A deleted object would come back, so one whose head still stands in the file means two readings; so does
an old version of an object in an object stream, which some of them prefer whatever follows (MuPDF).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from ecert.errors import Reason
from ecert.formats.pdf.document import Document, IndirectObject, Revision
from ecert.formats.pdf.faults import StructureFault
from ecert.formats.pdf.objects import Ref, Stream
from ecert.formats.pdf.xref import Section

BLANK: Final = rb"[\x00\t\n\x0b\x0c\r \x85\xa0]"  # to any reader
#: "++" gives nothing back, so that what does not match is not tried again and again; qpdf reads signs, too
_HEAD: Final = re.compile(rb"(?<![0-9])([0-9]{1,200})%s++[+-]{0,4}[0-9]{1,200}%s++obj" % (BLANK, BLANK))
_STREAM_END: Final = b"endstream"
_COMMENT: Final = re.compile(rb"%[^\r\n]*")
_TRAILER: Final = re.compile(rb"trailer%s*+[<%%]" % BLANK)
_ANY_HEAD: Final = re.compile(rb"(?:[0-9]|%s)obj" % BLANK)


def object_heads(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the number and offset of whatever in a part of a file may be taken for the head of an object."""
    for head in _HEAD.finditer(data, start, end):
        yield int(head[1]), head.start()


def refuse_two_readings(document: Document, sections: Sequence[Section]) -> None:
    """Refuse a file that programs which rebuild it would read in another way.

    Raises:
        StructureFault: they would; the reason names an object, or a trailer.
    """
    number = _found_otherwise(document, sections)
    if number is None:
        number = next((n for r in document.revisions for n in _packed_otherwise(document, r)), None)
    if number is None:
        number = next(_posing(document, sections), None)
    if number is not None:
        raise StructureFault("parsers-disagree", Reason("pdf.two-readings", number=number))
    # where a length is a reference, a program that rebuilds takes the first "endstream" behind the data's begin
    streams = {o.start for r in document.revisions for o in r.objects.values() if isinstance(o.value, Stream)}
    streams |= {offset for s in sections for offset in s.streams.values()}
    if document.data.count(_STREAM_END) != len(streams):
        raise StructureFault("parsers-disagree", Reason("pdf.stream-ends-twice"))
    spans = sorted((s.offset, s.end) for s in sections)
    for found in _TRAILER.finditer(document.data):
        index = bisect_right(spans, (found.start(), len(document.data))) - 1
        if index < 0 or spans[index][1] <= found.start():
            raise StructureFault("parsers-disagree", Reason("pdf.two-trailers"), offset=found.start())
    for gap in document.gaps:
        if _ANY_HEAD.search(document.data, gap.start, gap.end):
            raise StructureFault("parsers-disagree", Reason("pdf.gap-holds-object"), offset=gap.start)


def _found_otherwise(document: Document, sections: Sequence[Section]) -> int | None:
    """Return a number whose last head in the file is not that of the live object, or None."""
    live = document.view()
    # a cross-reference stream is an object, but need not be listed, and nothing refers to it
    own = {offset for s in sections for offset in s.streams.values()}
    heads = list(object_heads(document.data, 0, len(document.data)))
    last = {number: start for number, start in heads if number in live or start not in own}
    for number, start in last.items():
        if number not in live or live[number].start != start:
            return number
    missing = (n for n, entry in live.items() if n not in last and not is_packed(document, entry))
    # to some of them a comment is white space in the middle of a head
    bare = _COMMENT.sub(b" ", document.data)
    uncovered = Counter(n for n, _ in object_heads(bare, 0, len(bare))) - Counter(n for n, _ in heads)
    return next(chain(missing, uncovered), None)


def _posing(document: Document, sections: Sequence[Section]) -> Iterator[int]:
    """Yield objects that call themselves a cross-reference stream and are none: some take /Root or /Encrypt there.

    And what stands in an object stream beyond /Size, which PDFium then does not find.
    """
    own = {offset for s in sections for offset in s.streams.values()}
    size = int(document.revisions[-1].trailer["Size"])
    containers = {entry.start: num for num, entry in document.view().items() if isinstance(entry.value, Stream)}
    for num, entry in document.view().items():
        kind = entry.value.dict if isinstance(entry.value, Stream) else entry.value
        if isinstance(kind, dict) and kind.get("Type") == "XRef" and entry.start not in own:
            yield num
        if is_packed(document, entry) and max(num, containers.get(entry.start, 0)) >= size:
            yield num


def is_packed(document: Document, entry: IndirectObject) -> bool:
    """Return whether an object stands in an object stream: the head at its place is another's."""
    head = _HEAD.match(document.data, entry.start)
    return head is not None and int(head[1]) != entry.num


def _packed_otherwise(document: Document, revision: Revision) -> list[int]:
    """Return objects of a revision's object streams that are not live, or that no section lists."""
    live = document.view()
    held: dict[int, int] = {}
    found: list[int] = []
    for num, entry in revision.objects.items():
        if is_packed(document, entry):
            held[entry.start] = held.get(entry.start, 0) + 1
            if live.get(num) is not entry:
                found.append(num)
    for num, entry in revision.objects.items():
        kind = entry.value.dict.get("Type") if isinstance(entry.value, Stream) else None
        # nobody names a stream's type by a reference
        if isinstance(kind, Ref) or (kind == "ObjStm" and held.get(entry.start, 0) != entry.value.dict.get("N")):
            found.append(num)
    return found
