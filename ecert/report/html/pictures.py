"""The pages of a certified copy as pictures, and where its signatures stand.

What is shown, and what is not:

1. Only the first revision is shown, what signer and seal signed: never what a later revision put over it.
2. A scanned page is shown only where its stream is the one whose digest the record states, and no finding
   names it. A page that is not as certified gets an empty frame that says so: a picture persuades more than
   the words beside it, and outlives them in screenshots.
3. The statement is never taken from the file: it is drawn again from the record, as the verifier does, and
   shown only where the verifier found the file's to be the same.
4. Where the verdict is INVALID for any other reason, every page is crossed out, in the picture's own pixels;
   where it is INDETERMINATE, every page says that it is not confirmed.
5. What cannot be decoded within the limits is an empty frame too, never an exception.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ecert.errors import EcertError
from ecert.formats.ecert1 import NUMBERS, PAGE_HEIGHT, PAGE_WIDTH, Rect, StampImage
from ecert.formats.pdf import Document, Ref, Stream, StructureFault, read_document
from ecert.formats.record import CopyRecord, embedded_record, read_record_xml
from ecert.formats.record.fields import MAX_RECORD_BYTES
from ecert.formats.writers import writer_of
from ecert.model.roles import Role
from ecert.report.content import ReportContent
from ecert.report.html.drawing import draw, picture
from ecert.report.html.markup import Markup, el
from ecert.report.html.scans import MAX_PICTURE_PIXELS, scan_uri, stamp_uri
from ecert.report.times import read_rfc3339

MAX_PICTURES = 60  # scanned pages: at about 70 kB each a report stays below 5 MB
#: pixels of all stored pages that are decoded for one report: 60 pages of A4 at 300 dpi are 522 million
MAX_DECODED_PIXELS = 600_000_000
MAX_PICTURE_BYTES = 16 * 1024 * 1024  # of all pictures as they stand in the report
#: pixels across a page: three pages stay below 500 kB, many are made smaller
_WIDTHS = ((6, 900), (20, 720), (MAX_PICTURES, 540))

Note = Literal["no-bytes", "unreadable", "more"]
Why = Literal["differs", "no-picture"]
_Faults = (EcertError, StructureFault)


@dataclass(frozen=True)
class Place:
    """Where a signature stands on its page: points, y from the page's top."""

    role: Role
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class PagePicture:
    """One page: its size in points and its drawing, or why there is none."""

    kind: Literal["scan", "statement"]
    width: float
    height: float
    drawing: Markup | None
    why: Why | None = None
    places: tuple[Place, ...] = ()
    changed: bool = False  # a later revision shows something else here; the drawing is what was certified


@dataclass(frozen=True)
class Pictures:
    """The pages that are shown, and what is to be said about those that are not."""

    pages: tuple[PagePicture, ...] = ()
    note: Note | None = None
    left_out: int = 0  # scanned pages beyond what one report shows


def page_pictures(content: ReportContent, data: bytes | None) -> Pictures:
    """Return the pictures of a report's document; ``data`` is the file that was judged, or None."""
    if content["copy"] is None:
        return Pictures()
    if data is None:
        return Pictures(note="no-bytes")
    try:
        document = read_document(data)
        stream = embedded_record(document)
        if not isinstance(stream, Stream) or len(stream.data) > MAX_RECORD_BYTES:
            return Pictures(note="unreadable")
        record = read_record_xml(stream.encoded())
    except _Faults:
        return Pictures(note="unreadable")
    return _Painter(content, document, record).pictures()


class _Painter:
    """Holds what all pages of one copy need."""

    def __init__(self, content: ReportContent, document: Document, record: CopyRecord) -> None:
        self.content = content
        self.document = document
        self.record = record
        self.crossed = content["verdict"] == "INVALID"
        self.named = {(f["code"], f["where"].get("page")) for f in content["findings"]}
        self.changed = _changed_pages(content) if self.crossed else frozenset[int]()

    def pictures(self) -> Pictures:
        count = len(self.record.pages)
        shown = min(count, MAX_PICTURES)
        width = next(pixels for pages, pixels in _WIDTHS if shown <= pages)
        numbers = writer_of(self.record).image_numbers(count)
        pages: list[PagePicture] = []
        pixels, size = MAX_DECODED_PIXELS, MAX_PICTURE_BYTES
        for index, facts in enumerate(self.record.pages[:shown]):
            pixels -= min(facts.width * facts.height, MAX_PICTURE_PIXELS)
            if pixels < 0 or size < 0:
                break
            pages.append(self._scan(index, numbers[index], width))
            size -= len(pages[-1].drawing or "")
        left_out = count - len(pages)
        note: Note | None = "more" if left_out else None
        return Pictures((*pages, self._statement()), note, left_out)

    def _scan(self, index: int, num: int, pixels: int) -> PagePicture:
        facts = self.record.pages[index]
        width, height = facts.size_points
        found = self.document.view(0).get(num)
        stream = found.value if found else None
        if (
            not isinstance(stream, Stream)
            or ("pages-differ", index + 1) in self.named
            or hashlib.sha256(stream.data).hexdigest() != facts.sha256
        ):
            return PagePicture("scan", width, height, None, "differs")
        try:
            form = writer_of(self.record).read_image(stream, lambda v: self.document.resolve(v, 0))
            uri = scan_uri(facts, form, width=pixels, crossed=self.crossed)
        except _Faults:
            return PagePicture("scan", width, height, None, "no-picture")
        drawing = picture(uri, 0, 0, width, height)
        return PagePicture("scan", width, height, drawing, changed=index + 1 in self.changed)

    def _statement(self) -> PagePicture:
        places = tuple(p for role in _ROLES if (p := self._place(role)))
        why: Why | None = None
        drawing: Markup | None = None
        if any(code == "statement-differs" for code, _ in self.named):
            why = "differs"
        else:
            try:
                drawing = draw(writer_of(self.record).statement_content(self.record), PAGE_HEIGHT)
            except EcertError:
                why = "no-picture"
        if drawing is not None:
            drawing = Markup(drawing + "".join(self._appearance(place) for place in places))
        changed = drawing is not None and len(self.record.pages) + 1 in self.changed
        return PagePicture("statement", PAGE_WIDTH, PAGE_HEIGHT, drawing, why, places, changed)

    def _place(self, role: Role) -> Place | None:
        """Return where a prepared field stands, if it is a place on the statement page."""
        widget = self.document.dictionary(Ref(_ROLES[role]), 0)
        rect = widget.get("Rect")
        if not isinstance(rect, list) or len(rect) != 4:
            return None
        if not all(type(v) in (int, float) and 0 <= v <= PAGE_HEIGHT for v in rect):
            return None
        x0, y0, x1, y1 = rect
        if widget.get("P") != Ref(NUMBERS.STATEMENT_PAGE) or x1 <= x0 or y1 <= y0:
            return None
        return Place(role, x0, PAGE_HEIGHT - y1, x1 - x0, y1 - y0)

    def _appearance(self, place: Place) -> Markup:
        """Draw a signature's appearance again, from the record and its claimed time; unsigned: nothing."""
        signature = next((s for s in self.content["signatures"] if s["role"] == place.role), None)
        if signature is None or signature["claimed_time"] is None:
            return Markup()
        claimed = read_rfc3339(signature["claimed_time"])
        rect: Rect = (0, 0, place.width, place.height)
        try:
            stamp = self._stamp(place.role)
            content = writer_of(self.record).draw_appearance(place.role, self.record, claimed, rect, stamp)
            images = {"Im": stamp_uri(stamp)} if stamp else {}
        except _Faults:
            return Markup()
        drawing = draw(content, place.height, images)
        return el("g", drawing, transform=f"translate({place.x:.2f} {place.y:.2f})")

    def _stamp(self, role: Role) -> StampImage | None:
        """Return the picture that a signature's appearance paints, or None.

        Raises:
            StructureFault: references lead nowhere.
        """
        document = self.document
        widget = document.dictionary(Ref(_ROLES[role]))
        form = document.resolve(document.dictionary(widget.get("AP")).get("N"))
        if not isinstance(form, Stream):
            return None
        resources = document.dictionary(form.dict.get("Resources"))
        image = document.resolve(document.dictionary(resources.get("XObject")).get("Im"))
        if not isinstance(image, Stream):
            return None
        width, height = image.dict.get("Width"), image.dict.get("Height")
        if type(width) is not int or type(height) is not int or width < 1 or height < 1:
            return None
        mask = document.resolve(image.dict.get("SMask"))
        return StampImage(width, height, image.data, mask.data if isinstance(mask, Stream) else None)


def _changed_pages(content: ReportContent) -> frozenset[int]:
    """Return the pages that show now something else than when the last of signer and seal stood there."""
    pages = content["history"]["pages"] if content["history"] else []
    return frozenset(p["page"] for p in pages if p["now"] != (p["at_seal"] or p["at_signer"]))


_ROLES: Mapping[Role, int] = {"signer": NUMBERS.SIGNER, "seal": NUMBERS.SEAL}
