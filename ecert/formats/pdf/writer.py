"""Write a first revision, and increments after it (ISO 32000-1, 7.5): the same input, the same bytes.

Chunks are joined by nobody here: image data is handed on as it is, never copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ecert.formats.pdf.objects import PdfDict, PdfValue, Stream, write_value

#: four bytes above 127 tell programs that hand files on that this is no text (7.5.2)
HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
Chunk = bytes | memoryview


def write_object(num: int, value: PdfValue) -> list[Chunk]:
    """Return ``num 0 obj … endobj`` in pieces, a stream's data as one of them."""
    head = b"%d 0 obj\n" % num
    if isinstance(value, Stream):
        return [head + write_value(value.dict) + b"\nstream\n", value.data, b"\nendstream\nendobj\n"]
    return [head + write_value(value) + b"\nendobj\n"]


def write_revision(
    objects: Mapping[int, PdfValue],
    trailer: PdfDict,
    *,
    start: int = 0,
    written: Mapping[int, list[Chunk]] | None = None,
) -> list[Chunk]:
    """Return a whole revision in pieces: objects, cross-reference table, trailer, end mark.

    ``start`` is the length of the file before it (0: the first revision, with a header);
    ``trailer`` holds everything the trailer shall say; ``written`` the pieces of objects that were
    written before and never change.
    """
    done = written or {}
    chunks: list[Chunk] = [] if start else [HEADER]
    offset = start + sum(map(len, chunks))
    offsets: dict[int, int] = {}
    for num in sorted(objects):
        offsets[num] = offset
        pieces = done.get(num) or write_object(num, objects[num])
        chunks += pieces
        offset += sum(map(len, pieces))
    table = b"".join(_table(offsets, first=not start))
    end = b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (write_value(trailer), offset)
    return [*chunks, table + end]


def _table(offsets: Mapping[int, int], *, first: bool) -> Iterator[bytes]:
    yield b"xref\n"
    rows = {num: b"%010d 00000 n \n" % offset for num, offset in offsets.items()}
    if first:
        rows = {0: b"0000000000 65535 f \n", **rows}  # heads the list of free objects (7.5.4)
    numbers = sorted(rows)
    begin = 0
    for i in range(1, len(numbers) + 1):
        if i == len(numbers) or numbers[i] != numbers[i - 1] + 1:
            yield b"%d %d\n" % (numbers[begin], i - begin)
            yield from (rows[num] for num in numbers[begin:i])
            begin = i
