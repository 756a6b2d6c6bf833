"""Unsigned PDFs as office programs export them: hybrid files, for readers of PDF 1.4 and of later ones (ISO 32000-1,
7.5.8.4).

The structure tree lies in object streams, which a cross-reference stream lists. Word and Excel announce that stream in
a second section that is empty otherwise (``xref 0 0``), directly behind the first::

    from ecert.testing.hybrid import hybrid_pdf

    Path("export.pdf").write_bytes(hybrid_pdf("word"))

The file has one page of A4 with a line of text, and the object numbers of :class:`Numbers`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Final, Literal, get_args

from ecert.formats.pdf import Name, PdfValue, Ref, Stream
from ecert.formats.pdf.objects import Hex, PdfDict, write_value

HybridKind = Literal["word", "excel", "several-object-streams", "no-object-stream", "acrobat-linearized", "pairs"]
HYBRID_KINDS: Final[tuple[HybridKind, ...]] = get_args(HybridKind)
_HEADER: Final = b"%PDF-1.7\r\n%\xb5\xb5\xb5\xb5\r\n"
_IDENTIFIER: Final = Hex(b"office export ID")


class Numbers(IntEnum):
    """The object numbers of an export, the same in all kinds."""

    CATALOG = 1
    PAGES = 2
    PAGE = 3
    CONTENT = 4
    FONT = 5
    INFO = 6
    STRUCTURE = 7  # the root of the structure tree; from here on in object streams
    DOCUMENT = 8
    PARAGRAPH = 9
    PARENTS = 10
    CONTAINER = 11  # the first object stream


def hybrid_pdf(kind: HybridKind = "word", text: str = "An office export") -> bytes:
    """Return the bytes of one unsigned export.

    ``word`` and ``excel`` differ in line ends, free rows and in what the cross-reference stream counts;
    ``several-object-streams`` and ``no-object-stream`` say what they are; ``acrobat-linearized`` has the first page's
    section before the main one, and the stream announced there; ``pairs`` was saved twice, each time as a table and an
    empty section behind it.
    """
    plain, packed = _plain(text), _packed()
    if kind == "acrobat-linearized":
        return _linearized(plain, packed)
    if kind == "no-object-stream":
        plain, packed = {**plain, **packed}, {}
    halves = [dict(list(packed.items())[i::2]) for i in range(2)]
    containers = halves if kind == "several-object-streams" else [packed] if packed else []
    out = _Hybrid(_HEADER)
    out.save(plain, containers, own_row=kind == "excel", all_rows=kind != "pairs")
    if kind == "pairs":
        out.save({Numbers.CONTENT: _content(text)}, [{Numbers.PARAGRAPH + 20: packed[Numbers.PARAGRAPH]}])
    return bytes(out.data if kind != "excel" else out.data.removesuffix(b"\r\n"))


def _plain(text: str) -> dict[int, PdfValue]:
    return {
        Numbers.CATALOG: {
            "Type": Name("Catalog"),
            "Pages": Ref(Numbers.PAGES),
            "StructTreeRoot": Ref(Numbers.STRUCTURE),
            "MarkInfo": {"Marked": True},
            "Lang": b"vi-VN",
        },
        Numbers.PAGES: {"Type": Name("Pages"), "Count": 1, "Kids": [Ref(Numbers.PAGE)]},
        Numbers.PAGE: {
            "Type": Name("Page"),
            "Parent": Ref(Numbers.PAGES),
            "Resources": {"Font": {"F1": Ref(Numbers.FONT)}},
            "MediaBox": [0, 0, 595, 842],
            "Contents": Ref(Numbers.CONTENT),
            "StructParents": 0,
        },
        Numbers.CONTENT: _content(text),
        Numbers.FONT: {
            "Type": Name("Font"),
            "Subtype": Name("Type1"),
            "BaseFont": Name("Helvetica"),
            "Encoding": Name("WinAnsiEncoding"),
        },
        Numbers.INFO: {"Producer": b"hybrid_pdf"},
    }


def _content(text: str) -> Stream:
    shown = write_value(text.encode("cp1252"))
    return _stream({}, b"/P <</MCID 0>> BDC BT /F1 12 Tf 72 760 Td %s Tj ET EMC" % shown)


def _packed() -> dict[int, PdfValue]:
    return {
        Numbers.STRUCTURE: {
            "Type": Name("StructTreeRoot"),
            "K": Ref(Numbers.DOCUMENT),
            "ParentTree": Ref(Numbers.PARENTS),
            "ParentTreeNextKey": 1,
        },
        Numbers.DOCUMENT: {
            "Type": Name("StructElem"),
            "S": Name("Document"),
            "P": Ref(Numbers.STRUCTURE),
            "K": [Ref(Numbers.PARAGRAPH)],
        },
        Numbers.PARAGRAPH: {
            "Type": Name("StructElem"),
            "S": Name("P"),
            "P": Ref(Numbers.DOCUMENT),
            "Pg": Ref(Numbers.PAGE),
            "K": 0,
        },
        Numbers.PARENTS: {"Nums": [0, [Ref(Numbers.PARAGRAPH)]]},
    }


def _stream(head: PdfDict, data: bytes) -> Stream:
    packed = zlib.compress(data)
    return Stream({**head, "Filter": Name("FlateDecode"), "Length": len(packed)}, packed)


def _object_stream(members: Mapping[int, PdfValue]) -> Stream:
    parts = [write_value(value) + b" " for value in members.values()]
    heads, offset = [], 0
    for num, part in zip(members, parts, strict=True):
        heads.append(b"%d %d " % (num, offset))
        offset += len(part)
    first = b"".join(heads)
    return _stream({"Type": Name("ObjStm"), "N": len(members), "First": len(first)}, first + b"".join(parts))


_Row = tuple[int, int, int]  # type, offset or object stream, generation or index (table 18)
_FREE: Final[_Row] = (0, 0, 65535)


class _Hybrid:
    """A hybrid file that grows by one revision at each saving."""

    def __init__(self, header: bytes) -> None:
        self.data = bytearray(header)
        self.offsets: dict[int, int] = {}
        self.last: int | None = None  # the section that /Prev names
        self.size = 0

    def write(self, num: int, value: PdfValue) -> None:
        """Append an object and note where it stands."""
        self.offsets[num] = len(self.data)
        self.data += b"%d 0 obj\r\n" % num
        if isinstance(value, Stream):
            self.data += (
                write_value(value.dict) + b"\r\nstream\r\n" + bytes(value.data) + b"\r\nendstream\r\nendobj\r\n"
            )
        else:
            self.data += write_value(value) + b"\r\nendobj\r\n"

    def save(
        self,
        plain: Mapping[int, PdfValue],
        containers: Sequence[Mapping[int, PdfValue]],
        *,
        own_row: bool = False,
        all_rows: bool = False,
    ) -> None:
        """Append a revision: a table, and an empty section that announces the cross-reference stream.

        ``own_row``: the stream counts itself; ``all_rows``: it lists what the table lists, too.
        """
        number = max(self.size, max((*plain, *(num for held in containers for num in held))) + 1)
        hidden: dict[int, _Row] = {}
        for num, value in plain.items():
            self.write(num, value)
        for held in containers:
            self.write(number, _object_stream(held))
            hidden[number] = (1, self.offsets[number], 0)
            hidden |= {num: (2, number, index) for index, num in enumerate(held)}
            number += 1
        shown: dict[int, _Row] = {num: (1, self.offsets[num], 0) for num in plain}
        if self.last is None:
            shown[0] = _FREE
        rows = {**hidden, **shown} if all_rows else hidden
        if own_row:
            rows[number] = (1, len(self.data), 0)
        stream_at = len(self.data)
        self.write(number, _section_stream(rows, number + own_row))
        self.size = number + 1
        table = {**dict.fromkeys(hidden, _FREE), **shown, number: (1, stream_at, 0)}
        self.last = self.section(table, {} if self.last is None else {"Prev": self.last})
        self.last = self.section({}, {"Prev": self.last, "XRefStm": stream_at})

    def section(self, rows: Mapping[int, _Row], more: PdfDict) -> int:
        """Append a table with its trailer and end mark; return its offset."""
        at = len(self.data)
        self.data += b"xref\r\n" + _table(rows) + b"trailer\r\n"
        self.data += write_value({**_trailer(self.size), **more}) + b"\r\nstartxref\r\n%d\r\n%%%%EOF\r\n" % at
        return at


def _trailer(size: int) -> PdfDict:
    return {"Size": size, "Root": Ref(Numbers.CATALOG), "Info": Ref(Numbers.INFO), "ID": [_IDENTIFIER, _IDENTIFIER]}


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    """Return numbers in runs, each of them without a hole."""
    runs: list[list[int]] = []
    for num in sorted(numbers):
        if runs and num == runs[-1][-1] + 1:
            runs[-1].append(num)
        else:
            runs.append([num])
    return runs


def _table(rows: Mapping[int, _Row]) -> bytes:
    out = b""
    for run in _runs(rows):
        out += b"%d %d\r\n" % (run[0], len(run))
        out += b"".join(b"%010d %05d %s\r\n" % (*rows[num][1:], b"fn"[rows[num][0] :][:1]) for num in run)
    return out or b"0 0\r\n"


def _section_stream(rows: Mapping[int, _Row], size: int, root: int = Numbers.CATALOG) -> Stream:
    index = [value for run in _runs(rows) for value in (run[0], len(run))]
    head: PdfDict = {"Type": Name("XRef"), "Size": size, "W": [1, 4, 2], "Root": Ref(root)}
    if index != [0, size]:
        head["Index"] = index
    packed = (
        kind.to_bytes(1, "big") + a.to_bytes(4, "big") + b.to_bytes(2, "big")
        for _, (kind, a, b) in sorted(rows.items())
    )
    return _stream(head, b"".join(packed))


def _linearized(plain: Mapping[int, PdfValue], packed: Mapping[int, PdfValue]) -> bytes:
    """Return the layout of annex F, without hints: the first page's section before the main one.

    The main table, at the end, has free rows for what the stream announced by the first one lists.
    """
    stream_number = Numbers.CONTAINER + 1
    first = (Numbers.CATALOG, Numbers.PAGE, Numbers.CONTENT)
    numbers: dict[int, int] = {
        num: stream_number + 1 + i for i, num in enumerate(first)
    }  # of the first page, the highest

    def renamed(value: PdfValue) -> PdfValue:
        match value:
            case Ref(num, gen):
                return Ref(numbers.get(num, num), gen)
            case Stream():
                return Stream(renamed(value.dict), value.data)
            case dict():
                return {key: renamed(item) for key, item in value.items()}
            case list():
                return [renamed(item) for item in value]
        return value

    objects = {numbers.get(num, num): renamed(value) for num, value in plain.items()}
    container = _object_stream({num: renamed(value) for num, value in packed.items()})
    size = stream_number + 1 + len(first)

    def laid_out(known: Mapping[str, int], offsets: Mapping[int, int]) -> tuple[bytes, dict[str, int], dict[int, int]]:
        """Write the file with the places found by the attempt before."""
        out = _Hybrid(_HEADER)
        at = {"first": len(out.data)}
        rows: dict[int, _Row] = {stream_number: (1, known["stream"], 0)}
        rows |= {num: (1, offsets.get(num, 0), 0) for num in numbers.values()}
        trailer = {**_trailer(size), "Root": Ref(numbers[Numbers.CATALOG]), "Prev": known["main"]}
        out.data += b"xref\r\n" + _table(rows) + b"trailer\r\n"
        out.data += write_value({**trailer, "XRefStm": known["stream"]}).ljust(400) + b"\r\nstartxref\r\n0\r\n%%EOF\r\n"
        hidden: dict[int, _Row] = {num: (2, Numbers.CONTAINER, i) for i, num in enumerate(packed)}
        hidden[Numbers.CONTAINER] = (1, offsets.get(Numbers.CONTAINER, 0), 0)
        at["stream"] = len(out.data)
        out.write(stream_number, Stream(*_padded(_section_stream(hidden, stream_number, numbers[Numbers.CATALOG]))))
        for num in sorted(objects, key=lambda num: (num not in numbers.values(), num)):
            out.write(num, objects[num])
        out.write(Numbers.CONTAINER, container)
        at["main"] = len(out.data)
        main = {num: (1, out.offsets[num], 0) for num in objects if num not in numbers.values()}
        free = {num: _FREE for num in range(Numbers.CONTAINER + 1) if num not in main}
        out.data += b"xref\r\n" + _table({**free, **main})
        out.data += b"trailer\r\n%s\r\n" % write_value({"Size": Numbers.CONTAINER + 1, "ID": trailer["ID"]})
        out.data += b"startxref\r\n%d\r\n%%%%EOF\r\n" % at["first"]
        return bytes(out.data), at, out.offsets

    at: dict[str, int] = {"stream": 0, "main": 0}
    offsets: dict[int, int] = {}
    for _ in range(3):  # the places settle at the second attempt
        data, at, offsets = laid_out(at, offsets)
    return data


def _padded(stream: Stream) -> tuple[PdfDict, bytes]:
    """Store a stream without compression, so that its length does not depend on the offsets in it."""
    data = zlib.decompress(bytes(stream.data))
    return {**{k: v for k, v in stream.dict.items() if k != "Filter"}, "Length": len(data)}, data
