"""Revisions written by hand: what no honest writer would write, nor the product's own.

:func:`append` is the plain way (a cross-reference table, ISO 32000-1, 7.5.4); :func:`append_packed`
uses an object stream and a cross-reference stream (7.5.7, 7.5.8), :func:`append_hybrid` both kinds
of section at once (7.5.8.4).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Final

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pades.cms_writer import build_signed_data, signed_attributes
from ecert.formats.pades.increments import PendingSignature, next_number
from ecert.formats.pdf import Document, Name, PdfValue, Ref, Stream, read_document
from ecert.formats.pdf.objects import PdfDict, Raw, write_value
from ecert.formats.pdf.writer import write_object
from ecert.sign.keys import SigningKey

#: The first scanned page, its content and its picture.
PAGE: Final = int(NUMBERS.FIRST_PAGE)
CONTENT: Final = PAGE + 1
IMAGE: Final = PAGE + 2
#: A number that no copy uses.
FREE: Final = 9000

_RANGE_ROOM: Final = b"[0 0000000000 0000000000 0000000000]"


def stream(data: bytes, **entries: PdfValue) -> Stream:
    """Return a stream that is not compressed."""
    return Stream({**entries, "Length": len(data)}, data)


def form(paint: bytes) -> Stream:
    """Return a form XObject that paints something."""
    return stream(paint, Type=Name("XObject"), Subtype=Name("Form"), BBox=[0, 0, 300, 300])


#: A page content of the forger's: a white box, as over a line of text, and a dark one beside it.
PAINT: Final = b"1 g 0 0 300 40 re f 0 g 40 10 60 20 re f"
FORGED: Final = stream(PAINT)


def cut(data: bytes, revision: int) -> bytes:
    """Return the file cut back to the end of a revision."""
    return data[: read_document(data).revisions[revision].end]


def changed(data: bytes, num: int, **entries: PdfValue) -> PdfDict:
    """Return a dictionary of the file with other entries; None takes one away."""
    merged = {**read_document(data).dictionary(Ref(num)), **entries}
    return {key: value for key, value in merged.items() if value is not None}


def append(
    data: bytes,
    objects: Mapping[int, PdfValue],
    *,
    trailer: PdfDict | None = None,
    freed: tuple[int, ...] = (),
    generation: int = 0,
) -> bytes:
    """Append one revision that writes and frees what is asked; ``trailer`` overrides entries."""
    document = read_document(data)
    out = bytearray(data)
    rows: dict[int, bytes] = dict.fromkeys(freed, b"0000000000 00001 f \n")
    for num, value in objects.items():
        rows[num] = b"%010d %05d n \n" % (len(out), generation)
        out += numbered(num, value, generation)
    start = len(out)
    size = max(next_number(document), *rows, 0) + 1
    values = {**_inherited(document), "Size": size, **(trailer or {})}
    out += _table(rows) + b"trailer\n%s\n" % write_value(values)
    return bytes(out) + end(start)


def end(start: int) -> bytes:
    """Return what ends a revision whose cross-reference section stands at ``start``."""
    return b"startxref\n%d\n%%%%EOF\n" % start


def _table(rows: Mapping[int, bytes]) -> bytes:
    return b"xref\n" + b"".join(b"%d 1\n" % num + rows[num] for num in sorted(rows))


def numbered(num: int, value: PdfValue, generation: int = 0) -> bytes:
    """Return an indirect object as it stands in a file."""
    whole = b"".join(map(bytes, write_object(num, value)))
    return whole.replace(b"%d 0 obj" % num, b"%d %d obj" % (num, generation), 1)


def _inherited(document: Document) -> PdfDict:
    last = document.revisions[-1]
    kept = {k: v for k, v in last.trailer.items() if k in ("Root", "Info", "ID")}
    return {**kept, "Prev": last.startxref}


def object_stream(objects: Mapping[int, PdfValue]) -> Stream:
    """Return an object stream that holds these objects, compressed (7.5.7)."""
    bodies = [write_value(v) + b"\n" for v in objects.values()]
    offsets = [sum(map(len, bodies[:i])) for i in range(len(bodies))]
    head = b"".join(b"%d %d " % pair for pair in zip(objects, offsets, strict=True))
    entries = {"N": len(bodies), "First": len(head), "Filter": Name("FlateDecode")}
    return stream(zlib.compress(head + b"".join(bodies)), Type=Name("ObjStm"), **entries)


def append_packed(data: bytes, objects: Mapping[int, PdfValue]) -> bytes:
    """Append a revision whose objects stand in an object stream, listed by a stream."""
    document = read_document(data)
    number = next_number(document)
    out = data + numbered(number, object_stream(objects))
    rows = {num: (2, number, i) for i, num in enumerate(objects)}
    rows |= {number: (1, len(data), 0), number + 1: (1, len(out), 0)}
    section = _section(rows, number + 2, **_inherited(document))
    return out + numbered(number + 1, section) + end(len(out))


def append_section(
    data: bytes,
    objects: Mapping[int, PdfValue],
    *,
    rows: Mapping[int, tuple[int, int, int]] | None = None,
    called: tuple[int, int] | None = None,
    **entries: PdfValue,
) -> bytes:
    """Append a revision listed by a cross-reference stream, ``called`` so (number, generation), with more ``rows``."""
    document = read_document(data)
    number, generation = called or (max(next_number(document), *objects, *(rows or ())) + 1, 0)
    out, listed = data, dict(rows or {})
    for num, value in objects.items():
        listed[num] = (1, len(out), 0)
        out += numbered(num, value)
    if called is None:
        listed[number] = (1, len(out), 0)
    size = max(next_number(document), *listed) + 1
    section = _section(listed, size, **{**_inherited(document), **entries})
    return out + numbered(number, section, generation) + end(len(out))


def append_hybrid(data: bytes, hidden: Mapping[int, PdfValue], freed: tuple[int, ...] = ()) -> bytes:
    """Append a hybrid section: readers of PDF 1.4 see neither ``hidden`` nor what is ``freed``, newer ones do."""
    document = read_document(data)
    number = next_number(document)
    out, rows = data, dict.fromkeys(freed, (0, 0, 0))
    for num, value in hidden.items():
        rows[num] = (1, len(out), 0)
        out += numbered(num, value)
    where = len(out)
    out += numbered(number, _section(rows, number + 1))
    start = len(out)
    values = {**_inherited(document), "Size": number + 1, "XRefStm": where}
    row = {number: b"%010d 00000 n \n" % where}
    return out + _table(row) + b"trailer\n%s\n" % write_value(values) + end(start)


def _section(rows: Mapping[int, tuple[int, int, int]], size: int, **entries: PdfValue) -> Stream:
    """Return a cross-reference stream (7.5.8) with these rows."""
    table = b"".join(
        bytes([kind]) + first.to_bytes(4, "big") + second.to_bytes(2, "big")
        for _, (kind, first, second) in sorted(rows.items())
    )
    index = [i for num in sorted(rows) for i in (num, 1)]
    head = {"Type": Name("XRef"), "W": [1, 4, 2], "Index": index, "Size": size}
    return stream(table, **head, **entries)


# ── signatures of the forger's own ───────────────────────────────────────────────────────────────


def with_room(dictionary: PdfDict, room: int = 6000) -> PdfDict:
    """Return a signature dictionary with places for byte range and contents."""
    contents = Raw(b"<" + b"0" * (2 * room) + b">")
    return {**dictionary, "ByteRange": Raw(_RANGE_ROOM), "Contents": contents}


def fill_in(pending: PendingSignature, key: SigningKey) -> bytes:
    """Let a key sign what is laid out: the plainest signature that is right, without a time-stamp."""
    attributes = signed_attributes(pending.digest(key.scheme.digest), key.certificate, key.scheme)
    value = build_signed_data(attributes, key.sign(attributes), key.scheme, key.chain)
    return pending.finish(value)


def lay_out(data: bytes, objects: Mapping[int, PdfValue]) -> PendingSignature:
    """Append a revision with one dictionary made by :func:`with_room`, waiting for its value."""
    increment = bytearray(append(data, objects)[len(data) :])
    at = increment.index(_RANGE_ROOM)
    gap = increment.index(b"/Contents <", at) + len(b"/Contents ")
    behind = increment.index(b">", gap) + 1
    base = len(data)
    byte_range = (0, base + gap, base + behind, len(increment) - behind)
    text = b"[0 %d %d %d]" % byte_range[1:]
    increment[at : at + len(_RANGE_ROOM)] = text.ljust(len(_RANGE_ROOM))
    return PendingSignature(data, increment, byte_range)
