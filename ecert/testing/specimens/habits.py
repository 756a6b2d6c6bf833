"""Signed files as programs with odd habits write them: each habit by name, everything else plain.

The page is 300 points wide and 200 high and says ``100``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ecert.formats.pades.increments import PendingSignature, next_number
from ecert.formats.pdf import Name, PdfValue, Ref, Stream, read_document
from ecert.formats.pdf.objects import PdfDict, write_value
from ecert.formats.pdf.writer import write_revision
from ecert.testing.specimens.increments import fill_in, numbered, with_room

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_ROOM: Final = b"[0 0000000000 0000000000 0000000000]"


@dataclass(frozen=True)
class Habits:
    """How a program writes a revision: what is before a section, how far its offset is off, a /Size of its own."""

    before: bytes = b""
    off: int = 0
    size: int | None = None
    rows: bytes = b""  # more rows of the table, with their subsections
    trailer: PdfDict | None = None


def plain(text: str = "100", trailer: PdfDict | None = None, more: Mapping[int, PdfValue] | None = None) -> bytes:
    """Return an unsigned file of one page, objects 1 to 5."""
    content = b"BT /F1 24 Tf 20 100 Td (%s) Tj ET" % text.encode()
    objects: dict[int, PdfValue] = {
        1: {"Type": Name("Catalog"), "Pages": Ref(2)},
        2: {"Type": Name("Pages"), "Kids": [Ref(3)], "Count": 1},
        3: {
            "Type": Name("Page"),
            "Parent": Ref(2),
            "MediaBox": [0, 0, 300, 200],
            "Contents": Ref(4),
            "Resources": {"Font": {"F1": Ref(5)}},
        },
        4: Stream({"Length": len(content)}, content),
        5: {"Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": Name("Helvetica")},
        **(more or {}),
    }
    values = {"Size": max(objects) + 1, "Root": Ref(1), **(trailer or {})}
    return b"".join(map(bytes, write_revision(objects, values)))


def appended(data: bytes, objects: Mapping[int, PdfValue], habits: Habits = Habits()) -> bytes:
    """Append a revision with a table."""
    document = read_document(data, foreign=True)
    last = document.revisions[-1]
    out, rows = data, b""
    for num, value in objects.items():
        rows += b"%d 1\n%010d 00000 n \n" % (num, len(out))
        out += numbered(num, value)
    announced = len(out) + len(habits.before) + habits.off
    size = habits.size if habits.size is not None else max(next_number(document), *objects, 0) + 1
    kept: PdfDict = {key: last.trailer[key] for key in ("Root", "Info", "ID") if key in last.trailer}
    trailer: PdfDict = {"Size": size, **kept, "Prev": last.startxref, **(habits.trailer or {})}
    out += habits.before + b"xref\n" + (rows + habits.rows or b"0 0\n") + b"trailer\n%s\n" % write_value(trailer)
    return out + b"startxref\n%d\n%%%%EOF\n" % announced


def signed(
    press: Press,
    data: bytes,
    habits: Habits = Habits(),
    *,
    who: Literal["signer", "seal"] = "signer",
    more: Mapping[int, PdfValue] | None = None,
    behind: bytes = b"",
) -> bytes:
    """Append a field that shows nothing, and sign it; ``behind`` is signed, too."""
    document = read_document(data, foreign=True)
    root_ref = document.revisions[-1].trailer["Root"]
    page = next(document.pages())
    number = max(next_number(document), *(num + 1 for num in more or ()), 0)
    form = document.dictionary(document.root().get("AcroForm"))
    shown = document.array(document.dictionary(page).get("Annots"))
    objects: dict[int, PdfValue] = {
        **(more or {}),
        root_ref.num: {
            **document.root(),
            "AcroForm": {"Fields": [*form.get("Fields", []), Ref(number + 1)], "SigFlags": 3},
        },
        page.num: {**document.dictionary(page), "Annots": [*shown, Ref(number + 1)]},
        number: with_room(
            {
                "Type": Name("Sig"),
                "Filter": Name("Adobe.PPKLite"),
                "SubFilter": Name("ETSI.CAdES.detached"),
                "M": press.now().strftime("D:%Y%m%d%H%M%S+00'00'").encode(),
            }
        ),
        number + 1: {
            "Type": Name("Annot"),
            "Subtype": Name("Widget"),
            "FT": Name("Sig"),
            "T": b"Signature%d" % number,
            "Rect": [0, 0, 0, 0],
            "F": 132,
            "P": page,
            "V": Ref(number),
        },
    }
    increment = bytearray(appended(data, objects, habits)[len(data) :] + behind)
    at = increment.index(_ROOM)
    gap = increment.index(b"/Contents <", at) + len(b"/Contents ")
    after = increment.index(b">", gap) + 1
    byte_range = (0, len(data) + gap, len(data) + after, len(increment) - after)
    increment[at : at + len(_ROOM)] = (b"[0 %d %d %d]" % byte_range[1:]).ljust(len(_ROOM))
    return fill_in(PendingSignature(data, increment, byte_range), press.office.key(who))


def signed_as_it_is(press: Press, harmless: bytes, once: bytes, armed: bytes) -> bytes:
    """Sign ``armed``, of the length of ``harmless``, as ``once`` signs that: by a program that does not read it."""
    start = once.rindex(b"/ByteRange [") + len(b"/ByteRange [")
    _, first, second, length = map(int, once[start : once.index(b"]", start)].split())
    increment = bytearray(once[len(harmless) :])
    begin, stop = first - len(harmless), second - len(harmless)
    increment[begin:stop] = b"<" + b"0" * (stop - begin - 2) + b">"
    pending = PendingSignature(armed, increment, (0, first, second, length))
    return fill_in(pending, press.office.key("signer"))
