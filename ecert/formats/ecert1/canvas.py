"""Draw text and lines as PDF content operators (ISO 32000-1, 8 and 9); points, origin at bottom left."""

from __future__ import annotations

from ecert.formats.ecert1.fonts import Font
from ecert.formats.pdf.objects import number

Rgb = tuple[float, float, float]
BLACK: Rgb = (0.0, 0.0, 0.0)


class Canvas:
    """Collects operators; the same calls give the same bytes."""

    def __init__(self) -> None:
        self._ops: list[bytes] = []
        self._colour: Rgb | None = None

    def _fill(self, colour: Rgb) -> None:
        if colour != self._colour:
            self._ops.append(b" ".join(map(number, colour)) + b" rg")
            self._colour = colour

    def text(self, x: float, y: float, font: Font, size: float, text: str, *, colour: Rgb = BLACK) -> None:
        """Write one line whose baseline starts at (x, y)."""
        if not text:
            return
        self._fill(colour)
        self._ops.append(
            b"BT /%s %s Tf %s %s Td %s Tj ET"
            % (font.resource.encode(), number(size), number(x), number(y), font.shown(text))
        )

    def centred(self, x: float, y: float, font: Font, size: float, text: str, *, colour: Rgb = BLACK) -> None:
        """Write one line centred on x."""
        self.text(x - font.width(text, size) / 2, y, font, size, text, colour=colour)

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.5) -> None:
        """Draw a black line."""
        self._ops.append(b"%s w %s %s m %s %s l S" % tuple(map(number, (width, x1, y1, x2, y2))))

    def frame(self, x: float, y: float, width: float, height: float, colour: Rgb) -> None:
        """Draw a thin rectangle."""
        self._ops.append(
            b"q %s RG 0.7 w %s re S Q" % (b" ".join(map(number, colour)), b" ".join(map(number, (x, y, width, height))))
        )

    def image(self, name: str, x: float, y: float, width: float, height: float) -> None:
        """Paint an image XObject into a rectangle."""
        self._ops.append(b"q %s 0 0 %s %s %s cm /%s Do Q" % (*map(number, (width, height, x, y)), name.encode()))

    def content(self) -> bytes:
        """Return the operators, one a line."""
        return b"\n".join(self._ops) + b"\n"
