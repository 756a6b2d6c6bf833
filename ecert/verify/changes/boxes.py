"""Rectangles as they are compared: where a widget stands, what its picture paints in, what of a page is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import NamedTuple

from ecert.errors import Reason
from ecert.formats.pdf import StructureFault
from ecert.formats.pdf.objects import PdfValue
from ecert.model.limits import MAX_PLACES_COMPARED


class Box(NamedTuple):
    """A rectangle in points, sides in order."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def area(self) -> float:
        """Return the area in square points; none where the sides cross."""
        return max(0.0, self.right - self.left) * max(0.0, self.top - self.bottom)

    def meet(self, other: Box) -> Box:
        """Return what two rectangles share."""
        return Box(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )


class Comparisons:
    """Counts how often places are compared: every widget of a signature with all of the earlier ones."""

    def __init__(self) -> None:
        self._done = 0

    def count(self, number: int) -> None:
        """Count so many more.

        Raises:
            StructureFault: they are more than the limit.
        """
        self._done += number
        if self._done > MAX_PLACES_COMPARED:
            raise StructureFault("over-limit", Reason("limits.places-compared"), limit=MAX_PLACES_COMPARED)


MAX_JOINED = 100  # rectangles whose common area is measured exactly


def joined_area(boxes: Iterable[Box]) -> float:
    """Return the area that rectangles cover together, in square points; of very many the sum, which is no less."""
    found = [box for box in boxes if box.area]
    if len(found) > MAX_JOINED:
        return sum(box.area for box in found)
    sides = sorted({side for box in found for side in (box.left, box.right)})
    area = 0.0
    for left, right in pairwise(sides):
        reached, height = float("-inf"), 0.0
        for box in sorted((b for b in found if b.left <= left and b.right >= right), key=lambda b: b.bottom):
            height += max(0.0, box.top - max(box.bottom, reached))
            reached = max(reached, box.top)
        area += height * (right - left)
    return area


def read_box(value: PdfValue, resolve: Callable[[PdfValue], PdfValue]) -> Box | None:
    """Return a rectangle (ISO 32000-1, 7.9.5) with its sides in order; None: it is none."""
    listed = resolve(value)
    sides = [resolve(v) for v in listed] if isinstance(listed, list) and len(listed) == 4 else []
    if len(sides) != 4 or not all(type(v) in (int, float) for v in sides):
        return None
    a, b, c, d = sides
    return Box(min(a, c), min(b, d), max(a, c), max(b, d))
