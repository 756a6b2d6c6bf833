"""Cross-reference sections (ISO 32000-1, 7.5.4 and 7.5.8): tables and streams, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ecert.errors import Reason
from ecert.formats.pdf.faults import StructureFault, damaged
from ecert.formats.pdf.filters import decode_stream
from ecert.formats.pdf.lexer import Lexer
from ecert.formats.pdf.objects import PdfDict, PdfValue, Ref, Stream, same
from ecert.formats.pdf.oddities import Oddities
from ecert.model.limits import MAX_INFLATED_BYTES, MAX_OBJECT_NUMBER, MAX_OBJECTS

_FIRST_LINE = re.compile(rb"[\n\r ]{0,16}")
#: one blank behind it at most: MuPDF takes more for the first row, fails on it and rebuilds the file
_SUBSECTION = re.compile(rb"([0-9]{1,10}) ([0-9]{1,10}) ?(?:\r\n|\n|\r(?!\n))")
#: 20 bytes (7.5.4), never 21: readers that count on it find the next rows shifted
_ENTRY = re.compile(rb"([0-9]{10}) ([0-9]{5}) ([nf])(?: \n| \r(?!\n)|\r\n)")
#: spaces and line ends alone: readers that meet anything else rebuild the file as they like
END = re.compile(rb"startxref[\n\r ]{1,16}([0-9]{1,10})[\n\r ]{1,16}%%EOF")


#: one line end belongs to endstream and not to the data (7.3.8.1); some old writers put an empty line before it
_CLOSING = {n: re.compile(rb"(?:\r\n|\r|\n){0,%d}(?=endstream)" % n) for n in (1, 2)}

MAX_OFFSET = 9_999_999_999  # ten digits, as a table has them (7.5.4)
#: of an object (annex C.2); a free one has what five digits hold, some writers begin with 65,536
MAX_GENERATION, MAX_FREE_GENERATION = 65_535, 99_999
_WIDEST_TYPE = 4  # of a row's first field; Poppler does not read more, and rebuilds the file
_KINDS = {0: "f", 1: "n", 2: "c"}  # table 18
#: what sends readers to an external file or hides a filter from others (table 5; table 93 by its short names)
_FOREIGN_KEYS = ("F", "FFilter", "FDecodeParms", "DP", "Fl")


class Entry(NamedTuple):
    """Where an object stands: at ``offset``, or as number ``index`` in the object stream ``offset``."""

    kind: str  # n: at an offset, c: in an object stream, f: free
    offset: int
    gen: int  # for "c" the index


@dataclass
class Section:
    """One cross-reference section with its trailer; ``end`` is the offset after both."""

    offset: int
    end: int
    entries: dict[int, Entry]
    trailer: PdfDict
    stream: bool
    startxref: int = -1  # the value written after it
    eof: int = -1  # offset after its %%EOF
    comments: list[tuple[int, int]] = field(default_factory=list)
    tokens: int = 0  # values read for it
    hidden: set[int] = field(default_factory=set)  # listed by /XRefStm alone
    dropped: set[int] = field(default_factory=set)  # free in /XRefStm alone
    streams: dict[int, int] = field(default_factory=dict)  # numbers of its streams → their offsets
    completing: Section | None = None  # the stream that /XRefStm names

    @property
    def is_empty(self) -> bool:
        """Return whether it is a table that lists nothing but the head of the free objects."""
        return not self.stream and self.entries.keys() - self.hidden <= {0}


def read_section(data: bytes, offset: int, oddities: Oddities) -> Section:
    """Read the section at ``offset`` and the ``startxref … %%EOF`` behind it.

    Raises:
        StructureFault: anything is malformed or stands twice.
    """
    lexer = Lexer(data, offset)
    table = data[offset : offset + 4] == b"xref"
    if not table and not data[offset : offset + 1].isdigit():
        raise damaged(Reason("pdf.no-xref-section"), offset)
    section = _read_table(lexer, offset, oddities) if table else _read_stream(lexer, offset, oddities)
    section.comments = list(lexer.comments)
    if len(section.entries) > MAX_OBJECTS:
        raise StructureFault("over-limit", Reason("limits.objects"), limit=MAX_OBJECTS)
    section.tokens = lexer.tokens
    lexer.pos = section.end
    lexer.skip_space()  # some writers sign with a comment here
    end = END.match(data, lexer.pos)
    if end:
        section.comments = lexer.comments
        section.startxref, section.eof = int(end[1]), end.end()
    return section


def _read_table(lexer: Lexer, offset: int, oddities: Oddities) -> Section:
    data = lexer.data
    lexer.expect(b"xref")
    pos, entries = _FIRST_LINE.match(data, lexer.pos).end(), dict[int, Entry]()  # type: ignore[union-attr]
    if not _SUBSECTION.match(data, pos):  # 7.5.4 wants one; qpdf rebuilds the file
        oddities.repairing = True
    while head := _SUBSECTION.match(data, pos):
        first, count = int(head[1]), int(head[2])
        if count > MAX_OBJECTS:
            raise StructureFault("over-limit", Reason("limits.objects"), offset=pos, limit=MAX_OBJECTS)
        check_numbers(first, count, pos)
        pos = head.end()
        for num in range(first, first + count):
            entry = _ENTRY.match(data, pos)
            if not entry:
                raise damaged(Reason("pdf.xref-entry-malformed"), pos)
            if num in entries:
                raise StructureFault("parsers-disagree", Reason("pdf.object-listed-twice", number=num), offset=pos)
            if len(entries) >= MAX_OBJECTS:
                raise StructureFault("over-limit", Reason("limits.objects"), offset=pos, limit=MAX_OBJECTS)
            entries[num] = _checked(num, entry[3].decode(), int(entry[1]), int(entry[2]), pos)
            # Poppler and pdf.js take it for row 0, and what follows for one less each; then they rebuild the file
            oddities.repairing = oddities.repairing or (num == first == 1 and entry[3] == b"f")
            pos = entry.end()
    lexer.pos = pos
    lexer.expect(b"trailer")
    trailer = lexer.value()
    if not isinstance(trailer, dict):
        raise damaged(Reason("pdf.trailer-malformed"), pos)
    _refuse_disguises(lexer, offset)
    section = Section(offset, lexer.pos, entries, trailer, stream=False)
    hybrid = trailer.get("XRefStm")
    if hybrid is not None:
        _add_hidden_entries(section, data, hybrid, oddities)
    return section


def check_numbers(first: int, count: int, offset: int) -> None:
    """Refuse numbers that no reader has to take: some then rebuild the whole file (annex C.2)."""
    if not 0 <= first <= first + count <= MAX_OBJECT_NUMBER + 1:
        raise StructureFault("parsers-disagree", Reason("pdf.object-number-too-high", number=first), offset=offset)


def _add_hidden_entries(section: Section, data: bytes, offset: object, oddities: Oddities) -> None:
    """Take in a hybrid file's hidden objects (7.5.8.4), which must be free or absent in the table.

    They must not stand in an earlier section either, neither live nor freed for newer readers alone.
    """
    if type(offset) is not int or not 0 < offset < len(data):
        raise damaged(Reason("pdf.xrefstm-outside-file"))
    entries = section.entries
    stream = _read_stream(Lexer(data, offset), offset, oddities, section.trailer.get("Size"))
    # readers of hybrid files differ in which dictionary they ask
    if "Encrypt" in stream.trailer and not oddities.let_pass:
        raise StructureFault("encrypted", Reason("pdf.encrypted"))
    for num, entry in stream.entries.items():
        shown = entries.get(num)
        if shown is not None and shown.kind != "f" and shown != entry:
            raise StructureFault(
                "parsers-disagree", Reason("pdf.object-differs-for-older-readers", number=num), offset=offset
            )
        if entry.kind != "f" and shown != entry:
            entries[num] = entry
            section.hidden.add(num)
        elif shown is None:
            section.dropped.add(num)
    root = section.trailer.get("Root")
    if root is not None and not same(stream.trailer.get("Root", root), root):
        raise StructureFault("parsers-disagree", Reason("pdf.xrefstm-another-root"), offset=offset)
    section.streams, section.completing = stream.streams, stream


def _read_stream(lexer: Lexer, offset: int, oddities: Oddities, size: PdfValue = None) -> Section:
    """Read a cross-reference stream; ``size`` is that of the table it completes, which counts it in."""
    num, gen = lexer.integer(), lexer.integer()
    lexer.expect(b"obj")
    head = lexer.value()
    if not isinstance(head, dict) or head.get("Type") != "XRef":
        raise damaged(Reason("pdf.no-xref-section"), offset)
    _refuse_disguises(lexer, offset)
    length = head.get("Length")
    if type(length) is not int:
        raise damaged(Reason("pdf.xref-stream-without-length"), offset)
    stream = read_stream_data(lexer, head, length)
    refuse_foreign_keys(head, offset)
    entries = _stream_entries(stream, offset)
    # qpdf rebuilds the file at an empty subsection
    if head["W"][0] > _WIDEST_TYPE or 0 in head.get("Index", [])[1::2]:
        oddities.repairing = True
    if head.get("XRefStm") is not None:  # MuPDF follows it here, too, others do not (table 19 has it in trailers alone)
        raise StructureFault("parsers-disagree", Reason("pdf.xrefstm-in-a-stream"), offset=offset)
    listed, size = entries.get(num), size or head.get("Size")
    own_row = listed is None or listed.kind == "f" or listed == Entry("n", offset, 0)
    # 7.5.8.1: it is an object like any other; some readers take it for the one of its number
    fault = StructureFault(
        "parsers-disagree", Reason("pdf.xref-stream-calls-itself-otherwise", number=num), offset=offset
    )
    if gen or type(size) is not int or num <= 0 or not own_row:
        raise fault
    if num >= size:  # some writers do not count it
        check_numbers(num, 1, offset)
        oddities.admit(Reason("pdf.size-too-small", size=size), fault, offset=offset)
    return Section(offset, lexer.pos, entries, head, stream=True, streams={num: offset})


def _refuse_disguises(lexer: Lexer, offset: int) -> None:
    """Refuse names with needless escapes where readers look for them by their letters alone."""
    if lexer.disguised:
        raise StructureFault("parsers-disagree", Reason("pdf.trailer-escapes-letter"), offset=offset)


def refuse_foreign_keys(head: PdfDict, offset: int) -> None:
    """Refuse a structural stream whose data some readers look for elsewhere, or decode in another way."""
    for key in _FOREIGN_KEYS:
        if key in head:
            raise StructureFault(
                "parsers-disagree", Reason("pdf.structural-stream-foreign-key", key=key), offset=offset
            )
    parms = head.get("DecodeParms")  # a predictor there, and the stream holds something else to whoever looks
    if isinstance(parms, Ref) or (isinstance(parms, list) and any(isinstance(item, Ref) for item in parms)):
        raise StructureFault("parsers-disagree", Reason("pdf.decode-parameters-elsewhere"), offset=offset)


def read_stream_data(lexer: Lexer, head: PdfDict, length: int, *, line_ends: Literal[1, 2] = 1) -> Stream:
    """Read ``stream … endstream endobj`` after a stream dictionary; as many line ends may follow the data."""
    data = lexer.data
    lexer.expect(b"stream")
    start = lexer.pos
    if data[start : start + 2] == b"\r\n":
        start += 2
    elif data[start : start + 1] == b"\n":
        start += 1
    else:  # 7.3.8.1: not a CR alone, behind which an LF could be data
        raise damaged(Reason("pdf.stream-without-line-end"), start)
    end = start + length
    if end > len(data):
        raise damaged(Reason("pdf.stream-past-end"), start)
    lexer.pos = end
    closing = _CLOSING[line_ends].match(data, end)
    if closing is None:
        raise damaged(Reason("pdf.stream-length-wrong"), start)
    lexer.pos = closing.end()
    lexer.expect(b"endstream")
    lexer.expect(b"endobj")
    return Stream(head, memoryview(data)[start:end], start)


def _stream_entries(stream: Stream, offset: int) -> dict[int, Entry]:
    head = stream.dict
    widths, size = head.get("W"), head.get("Size")
    if not isinstance(widths, list) or len(widths) != 3 or type(size) is not int:
        raise damaged(Reason("pdf.xref-stream-incomplete"), offset)
    if not all(type(w) is int and 0 <= w <= 8 for w in widths) or not sum(widths):
        raise damaged(Reason("pdf.xref-stream-widths"), offset)
    index = head.get("Index", [0, size])
    if not isinstance(index, list) or len(index) % 2 or not all(type(i) is int for i in index):
        raise damaged(Reason("pdf.xref-stream-index"), offset)
    # before anything is inflated: a few bytes may announce billions of rows
    if sum(max(count, 0) for count in index[1::2]) > MAX_OBJECTS:
        raise StructureFault("over-limit", Reason("limits.objects"), offset=offset, limit=MAX_OBJECTS)
    rows = decode_stream(stream, MAX_INFLATED_BYTES)
    entries: dict[int, Entry] = {}
    pos, width = 0, sum(widths)
    for first, count in zip(index[::2], index[1::2], strict=True):
        check_numbers(first, count, offset)
        for num in range(first, first + count):
            row = rows[pos : pos + width]
            if len(row) != width:
                raise damaged(Reason("pdf.xref-stream-cut-off"), offset)
            if num in entries:
                raise StructureFault("parsers-disagree", Reason("pdf.object-listed-twice", number=num), offset=offset)
            entries[num] = _row_entry(num, row, widths, offset)
            pos += width
    if pos != len(rows):
        raise damaged(Reason("pdf.xref-stream-too-long"), offset)
    return entries


def _row_entry(num: int, row: bytes, widths: list[int], offset: int) -> Entry:
    first, second, _ = widths
    kind = int.from_bytes(row[:first], "big") if first else 1  # a type that is not written is 1 (7.5.8.2)
    a = int.from_bytes(row[first : first + second], "big")
    b = int.from_bytes(row[first + second :], "big")
    if kind not in _KINDS:  # the null object by table 18, but some readers rebuild the file
        raise StructureFault("parsers-disagree", Reason("pdf.xref-row-type", number=kind), offset=offset)
    return _checked(num, _KINDS[kind], a, b, offset)


def _checked(num: int, kind: str, a: int, b: int, offset: int) -> Entry:
    """Refuse numbers that no reader has to take: some then rebuild the whole file (annex C.2)."""
    if not num and kind != "f":  # 7.5.4: it heads the list of free ones; some readers take it for null
        raise StructureFault("parsers-disagree", Reason("pdf.object-0-in-use"), offset=offset)
    most = {"c": MAX_OBJECTS, "f": MAX_FREE_GENERATION}.get(kind, MAX_GENERATION)
    if a > MAX_OFFSET or b > most:
        raise StructureFault("parsers-disagree", Reason("pdf.xref-row-number", number=max(a, b)), offset=offset)
    return Entry(kind, a, b)
