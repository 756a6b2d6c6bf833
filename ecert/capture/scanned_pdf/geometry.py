"""Rectangles and matrices of PDF pages (ISO 32000-1, 8.3)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ecert.model.images import Orientation

_FAR = 1e7  # points: nothing on a page is farther away
_ASKEW = 1e-3  # part of a side by which it may deviate from the axes
#: (where the first row runs to, where the rows go down to), x to the right and y down, → EXIF.
_ORIENTATIONS: dict[tuple[tuple[int, int], tuple[int, int]], Orientation] = {
    ((1, 0), (0, 1)): 1,
    ((-1, 0), (0, 1)): 2,
    ((-1, 0), (0, -1)): 3,
    ((1, 0), (0, -1)): 4,
    ((0, 1), (1, 0)): 5,
    ((0, 1), (-1, 0)): 6,
    ((0, -1), (-1, 0)): 7,
    ((0, -1), (1, 0)): 8,
}


@dataclass(frozen=True)
class PageBox:
    """A rectangle along the axes."""

    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def of(cls, values: Any) -> PageBox:
        """Return the box of a PDF rectangle.

        Raises:
            ValueError: this is no rectangle of finite size.
        """
        x, y, x2, y2 = _finite(values, 4)
        return cls(min(x, x2), min(y, y2), max(x, x2), max(y, y2))

    def meet(self, other: PageBox) -> PageBox:
        """Return what both cover; sides may cross where that is nothing."""
        return PageBox(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def like(self, other: PageBox, tolerance: float) -> bool:
        """Return whether every side lies where ``other``'s does, within part of its size."""
        across = tolerance * (other.right - other.left)
        up = tolerance * (other.top - other.bottom)
        return (
            across > 0
            and up > 0
            and abs(self.left - other.left) <= across
            and abs(self.right - other.right) <= across
            and abs(self.bottom - other.bottom) <= up
            and abs(self.top - other.top) <= up
        )


@dataclass(frozen=True)
class Matrix:
    """A coordinate transformation [a b c d e f]."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    @classmethod
    def of(cls, values: Any) -> Matrix:
        """Return the matrix of six numbers.

        Raises:
            ValueError: there are not six, or one is not finite.
        """
        return cls(*_finite(values, 6))

    def then(self, outer: Matrix) -> Matrix:
        """Return this transformation followed by ``outer``."""
        return Matrix(
            self.a * outer.a + self.b * outer.c,
            self.a * outer.b + self.b * outer.d,
            self.c * outer.a + self.d * outer.c,
            self.c * outer.b + self.d * outer.d,
            self.e * outer.a + self.f * outer.c + outer.e,
            self.e * outer.b + self.f * outer.d + outer.f,
        )

    def sides(self) -> tuple[float, float]:
        """Return the lengths of the unit square's sides."""
        return math.hypot(self.a, self.b), math.hypot(self.c, self.d)

    def unit_square(self) -> PageBox | None:
        """Return where the unit square, that is an image, lies; None where it is askew or flat."""
        across, up = self.sides()
        if not (0 < across < _FAR and 0 < up < _FAR):
            return None
        upright = abs(self.b) <= _ASKEW * across and abs(self.c) <= _ASKEW * up
        lying = abs(self.a) <= _ASKEW * across and abs(self.d) <= _ASKEW * up
        return self.box(0, 0, 1, 1) if upright or lying else None

    def box(self, x: float, y: float, x2: float, y2: float) -> PageBox | None:
        """Return where a rectangle lies; None where that is askew."""
        if abs(self.b) + abs(self.c) > _ASKEW * (abs(self.a) + abs(self.d)) and (
            abs(self.a) + abs(self.d) > _ASKEW * (abs(self.b) + abs(self.c))
        ):
            return None
        corners = [
            (self.a * px + self.c * py + self.e, self.b * px + self.d * py + self.f) for px, py in ((x, y), (x2, y2))
        ]
        (left, bottom), (right, top) = corners
        return PageBox.of((left, bottom, right, top))


def orientation_of(matrix: Matrix, rotate: int) -> Orientation:
    """Return how an image drawn with ``matrix`` stands on a page turned clockwise by ``rotate``."""
    row, column = (matrix.a, matrix.b), (-matrix.c, -matrix.d)
    for _ in range(rotate // 90 % 4):
        row, column = (row[1], -row[0]), (column[1], -column[0])
    return _ORIENTATIONS[_direction(row), _direction(column)]


def _direction(vector: tuple[float, float]) -> tuple[int, int]:
    """Return the axis a vector runs along, y turned downwards."""
    x, y = vector
    return ((x > 0) - (x < 0), 0) if abs(x) > abs(y) else (0, (y < 0) - (y > 0))


def _finite(values: Iterable[Any], count: int) -> tuple[float, ...]:
    numbers = tuple(float(value) for value in values)
    if len(numbers) != count or not all(abs(number) < _FAR for number in numbers):
        raise ValueError("not a rectangle or matrix")
    return numbers
