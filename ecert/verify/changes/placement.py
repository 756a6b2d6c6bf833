"""Where visible signatures that came after others stand, and how much they can hide.

A reader draws an annotation's picture into its rectangle (ISO 32000-1, 12.5.5), so a rectangle bounds what it hides,
whatever the picture is. Two things escape it: the lines of other kinds of annotations, which readers draw themselves
wherever they run (12.5.6), and in Chromium a picture without /BBox, which nothing clips. What becomes of it is judged
when the signatures are: :mod:`ecert.verify.additions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ecert.errors import Reason
from ecert.formats.pades.fields import PdfSignature
from ecert.formats.pdf import Document, Ref, Stream, StructureFault
from ecert.formats.pdf.objects import PdfDict, PdfValue
from ecert.model.limits import MAX_DEPTH, MAX_PAGE_POINTS
from ecert.verify.changes.boxes import Box, read_box
from ecert.verify.changes.form_resources import is_blank
from ecert.verify.changes.update import Update

_NO_ZOOM, _NO_ROTATE = 8, 16  # /F (table 165): such an annotation is not drawn into its rectangle
_MM = 25.4 / 72


@dataclass(frozen=True)
class PlacedField:
    """A widget of a signature made after others.

    ``of_page`` is the share, 0 to 1, that it takes of the page; None: it cannot be told. ``place`` is in millimetres
    from left and top of the page as it is shown, then width and height. ``page`` is None where no page lists the
    widget. ``shown`` is what of its rectangle lies on the page, ``earlier`` are the places of earlier signatures there,
    in points.
    """

    field: Ref
    revision: int
    was_there: bool  # the earlier signers saw the field, empty
    page: int | None
    of_page: float | None = None
    place: tuple[int, int, int, int] | None = None
    shown: Box | None = None
    earlier: tuple[Box, ...] = ()


def placed_fields(update: Update, before: Sequence[PdfSignature]) -> list[PlacedField]:
    """Return the visible widgets of what this revision signed, page by page.

    Document time-stamps are left out: they are refused where they are visible.
    """
    signed = {f.ref.num: s.field.ref for s in update.signatures if not s.is_timestamp for f in s.fields}
    if update.rules.ours or not signed or not before:
        return []
    widgets: dict[int, Ref] = {}
    unlisted: dict[int, PlacedField] = {}
    form = update.history.form(update.index)
    for num, field in signed.items():
        for node in form.family(num):
            widgets[node.num] = field
            if _is_drawn(update, node.value, node.num):
                was_there = update.existed(node.num)
                unlisted[node.num] = PlacedField(field, update.index, was_there, None)
    earlier = _earlier_places(update, {f.ref.num for s in before for f in s.fields})
    found = []
    for page, ref, num, widget in _listed(update, widgets.keys()):
        unlisted.pop(num, None)
        if _is_drawn(update, widget, num):
            placed = PlacedField(widgets[num], update.index, update.existed(num), page)
            found.append(_measured(update, placed, widget, ref, earlier.get(page, ())))
    return [*found, *unlisted.values()]


def has_place(update: Update, node: PdfDict, number: int) -> bool:
    """Return whether a widget is drawn on a page into a rectangle that can be measured."""
    box = _box(update, node)
    listed = update.history.annotated_with(number, update.index) is not None
    return listed and box is not None and box.area > 0 and update.new(node.get("Subtype")) == "Widget"


def _measured(update: Update, placed: PlacedField, widget: PdfDict, page: Ref, earlier: tuple[Box, ...]) -> PlacedField:
    box, frame = _box(update, widget), page_box(update.document, page, update.index)
    if box is None or frame is None or not frame.area or _leaves_its_place(update, widget):
        return placed
    shown = box.meet(frame)
    return replace(
        placed, of_page=shown.area / frame.area, place=_place(update, page, shown, frame), shown=shown, earlier=earlier
    )


def _is_drawn(update: Update, node: PdfDict, number: int) -> bool:
    """Return whether a widget has a rectangle that is not empty, or one that readers differ about or draw beyond."""
    box = _box(update, node)
    if update.new(node.get("Rect")) is not None and (box is None or box.area > 0):
        return True
    return escapes(update, node, number)


def escapes(update: Update, node: PdfDict, number: int) -> bool:
    """Return whether readers may draw an annotation of a page beyond its rectangle, were it empty."""
    if update.history.annotated_with(number, update.index) is None:
        return False
    return update.new(node.get("Subtype")) != "Widget" or _is_unclipped(update, node)


def _is_unclipped(update: Update, node: PdfDict) -> bool:
    """Return whether a picture has operators and no box that they are clipped to."""
    return any(
        isinstance(picture, Stream) and read_box(picture.dict.get("BBox"), update.new) is None and not is_blank(picture)
        for picture in appearances(update, node.get("AP"))
    )


def appearances(update: Update, value: PdfValue) -> Iterator[PdfValue]:
    """Yield the streams of /AP, those of states included (12.5.5).

    Chromium takes a stream's dictionary for one where a dictionary is due.
    """
    kinds = update.new(value)
    kinds = kinds.dict if isinstance(kinds, Stream) else kinds
    for shown in kinds.values() if isinstance(kinds, dict) else ():
        found = update.new(shown)
        yield from map(update.new, found.values()) if isinstance(found, dict) else [found]


def _listed(update: Update, wanted: Iterable[int]) -> list[tuple[int, Ref, int, PdfDict]]:
    """Return page, its reference, number and dictionary of annotations, wherever they are listed, page by page."""
    listed = update.history.annotated(update.index)
    found = sorted(entry for num in wanted for entry in listed.get(num, ()))
    return [(page, ref, item.num, update.document.dictionary(item, update.index)) for page, ref, item in found]


def _earlier_places(update: Update, fields: set[int]) -> dict[int, tuple[Box, ...]]:
    """Return, page by page, where the earlier signatures stand: what of them lies on the page."""
    form = update.history.form(update.index)
    wanted = {node.num for field in fields for node in form.family(field)}
    places: dict[int, dict[Box, None]] = {}
    for page, ref, _, node in _listed(update, wanted):
        box, frame = _box(update, node), page_box(update.document, ref, update.index)
        shown = box.meet(frame) if box is not None and frame is not None else None
        if shown is not None and shown.area:
            places.setdefault(page, {})[shown] = None
    return {page: tuple(boxes) for page, boxes in places.items()}


def _box(update: Update, node: PdfDict) -> Box | None:
    return _bounded_box(update.document, node.get("Rect"), update.index)


def _bounded_box(document: Document, value: PdfValue, index: int) -> Box | None:
    """Return a rectangle; None: readers may differ in what it is, as they do about large numbers."""
    box = read_box(value, lambda v: document.resolve(v, index))
    if box is None or not all(abs(side) <= MAX_PAGE_POINTS for side in box):
        return None
    return box


def page_box(document: Document, page: Ref, index: int) -> Box | None:
    """Return what of a page is shown: its crop box within its media box (14.11.2), inherited ones too."""
    media = _bounded_box(document, _inherited(document, page, index, "MediaBox"), index)
    crop = _inherited(document, page, index, "CropBox")
    if media is None or crop is None:
        return media
    box = _bounded_box(document, crop, index)
    return None if box is None else box.meet(media)


def _inherited(document: Document, page: Ref, index: int, key: str) -> PdfValue:
    """Return an attribute of a page or of the nodes above it (7.7.3.4)."""
    node = document.dictionary(page, index)
    for _ in range(MAX_DEPTH):
        if key in node or not node:
            return node.get(key)
        node = document.dictionary(node.get("Parent"), index)
    raise StructureFault("over-limit", Reason("limits.page-tree-nesting"), limit=MAX_DEPTH)


def _leaves_its_place(update: Update, node: PdfDict) -> bool:
    """Return whether readers may draw a widget larger than its rectangle, or turned: by flags, kind, or picture."""
    flags = update.new(node.get("F"))
    if update.new(node.get("Subtype")) != "Widget" or _is_unclipped(update, node):
        return True
    return flags is not None and (type(flags) is not int or bool(flags & (_NO_ZOOM | _NO_ROTATE)))


def _place(update: Update, page: Ref, box: Box, frame: Box) -> tuple[int, int, int, int]:
    turns = _inherited(update.document, page, update.index, "Rotate")
    left, below = box.left - frame.left, box.bottom - frame.bottom
    right, above = frame.right - box.right, frame.top - box.top
    width, height = box.right - box.left, box.top - box.bottom
    # clockwise: what was at the top goes to the right
    sides = {90: (below, left), 180: (right, below), 270: (above, right)}
    x, y = sides.get(turns % 360 if type(turns) is int else 0, (left, above))
    if type(turns) is int and turns % 180 == 90:
        width, height = height, width
    return round(x * _MM), round(y * _MM), round(width * _MM), round(height * _MM)
