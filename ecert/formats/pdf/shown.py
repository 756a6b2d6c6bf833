"""What readers need to show the pages, and which of it some of them do not find."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ecert.errors import Reason
from ecert.formats.pdf.document import Document
from ecert.formats.pdf.faults import StructureFault
from ecert.formats.pdf.objects import PdfValue, Ref, Stream

#: of the catalogue, what pages are shown by (table 28)
_LEADS: Final = ("Pages", "AcroForm", "OCProperties")
#: what is no part of a picture
_ASIDE: Final = ("StructTreeRoot", "Metadata", "PieceInfo", "Dest", "Dests", "A", "AA", "B", "Popup", "IRT")


def shown_objects(document: Document) -> set[Ref]:
    """Return the references to all objects, missing ones too, that the pages and their fields rest on."""
    found = {value for value in (document.revisions[-1].trailer.get("Root"),) if isinstance(value, Ref)}
    root = document.root()
    live = document.view()
    opened: set[int] = set()
    stack: list[PdfValue] = [root.get(key) for key in _LEADS]
    while stack:
        value = stack.pop()
        if not isinstance(value, Ref):
            stack.extend(_parts(value))
            continue
        found.add(value)
        if value.num in live and value.num not in opened:
            opened.add(value.num)  # once, whatever generations are asked for
            stack.append(live[value.num].value)
    return found


def _parts(value: PdfValue) -> Iterator[PdfValue]:
    if isinstance(value, Stream):
        value = value.dict
    if isinstance(value, dict):
        yield from (item for key, item in value.items() if key not in _ASIDE)
    elif isinstance(value, list):
        yield from value


def miscounted_node(document: Document) -> int | None:
    """Return the number of a page tree's node whose /Count is not that of its pages, or None.

    Some readers show as many pages as it says, others all.
    """
    counts: dict[int, int] = {}
    stack: list[tuple[PdfValue, bool]] = [(document.root().get("Pages"), False)]
    while stack:
        ref, done = stack.pop()
        if not isinstance(ref, Ref) or (ref.num in counts and not done):
            continue
        node = document.dictionary(ref)
        kids = document.array(node.get("Kids"))
        if node.get("Type") == "Page" or "Kids" not in node:
            counts[ref.num] = 1
        elif not done:
            counts[ref.num] = 0
            stack.append((ref, True))
            stack.extend((kid, False) for kid in kids)
        else:
            counts[ref.num] = sum(counts.get(kid.num, 0) for kid in kids if isinstance(kid, Ref))
            if document.resolve(node.get("Count")) != counts[ref.num]:
                return ref.num
    return None


def refuse_changed_lengths(document: Document) -> None:
    """Refuse a stream whose length stands in an object that a later revision wrote anew: readers take the new one.

    Raises:
        StructureFault: there is one.
    """
    for num, entry in document.view().items():
        if not isinstance(entry.value, Stream):
            continue
        length = entry.value.dict.get("Length")
        if isinstance(length, Ref) and document.resolve(length) != len(entry.value.data):
            raise StructureFault("parsers-disagree", Reason("pdf.length-changed-later", number=num), offset=entry.start)
