"""A sheet on which the sample letter is set: just enough typesetting for an office letter."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from ecert.testing.fonts import font

TEXT = 4.85  # millimetres per em: about 13.7 points, the size Vietnamese offices use
LINE = 6.9  # millimetres from line to line
LEFT, RIGHT, TOP = 30.0, 190.0, 20.0  # millimetres on A4


class Sheet:
    """A page with the largest A4 sheet that fits on it, centred; positions are millimetres on A4.

    ``ink`` is a grey mask (255: toner), ``unit`` how many pixels one such millimetre has, ``y`` where
    the next line begins, ``signature_at`` the middle of the signature in pixels once there is one.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        """Take an empty sheet of ``size`` pixels."""
        self.ink = Image.new("L", size)
        self.unit = min(size[0] / 210, size[1] / 297)
        self._margin = (size[0] - 210 * self.unit) / 2  # pixels left and right of the A4 shape
        self.y = TOP
        self.signature_at: tuple[float, float] | None = None
        self._draw = ImageDraw.Draw(self.ink)

    def text(self, x: float, y: float, words: str, size: float, *, bold: bool = False, anchor: str = "ls") -> None:
        """Set one line with its baseline at ``y``; ``size`` in millimetres per em."""
        face = font(max(1.0, size * self.unit), bold)
        self._draw.text(self._pixels(x, y), words, fill=255, font=face, anchor=anchor)

    def width(self, words: str, size: float, *, bold: bool = False) -> float:
        """Return how many millimetres the words take."""
        return font(max(1.0, size * self.unit), bold).getlength(words) / self.unit

    def rule(self, x0: float, y0: float, x1: float, y1: float, thickness: float = 0.3) -> None:
        """Draw a straight line."""
        place = (*self._pixels(x0, y0), *self._pixels(x1, y1))
        self._draw.line(place, fill=255, width=max(1, round(thickness * self.unit)))

    def letterhead(self, body: Sequence[str], number: str, state: Sequence[str], place: str) -> None:
        """Set the two columns every office letter begins with, and move below them."""
        left, right, y = 62.0, 140.0, self.y + 5
        self.text(left, y, body[0], 4.4, anchor="ms")
        self.text(left, y + 6, body[1], 4.4, bold=True, anchor="ms")
        self.text(right, y, state[0], 4.4, bold=True, anchor="ms")
        self.text(right, y + 6, state[1], 4.7, bold=True, anchor="ms")
        self.rule(left - 11, y + 8.2, left + 11, y + 8.2)
        half = self.width(state[1], 4.7, bold=True) / 2
        self.rule(right - half, y + 8.2, right + half, y + 8.2)
        self.text(left, y + 15, number, 4.6, anchor="ms")
        self.text(right, y + 15, place, 4.6, anchor="ms")
        self.y = y + 18

    def title(self, first: str, second: str) -> None:
        """Set a centred title of two lines."""
        middle = (LEFT + RIGHT) / 2
        self.text(middle, self.y + 13, first, 6.0, bold=True, anchor="ms")
        self.text(middle, self.y + 20, second, TEXT, bold=True, anchor="ms")
        self.rule(middle - 16, self.y + 22.6, middle + 16, self.y + 22.6)
        self.y += 26

    def paragraph(self, words: str) -> None:
        """Set a justified paragraph with its first line drawn in."""
        space = self.width(" ", TEXT)
        line: list[tuple[str, float]] = []
        used, start = 0.0, LEFT + 10
        for word in words.split():
            wide = self.width(word, TEXT)
            if line and start + used + wide > RIGHT:
                self._line(line, start, (RIGHT - start - used + space) / max(1, len(line) - 1))
                line, used, start = [], 0.0, LEFT
            line.append((word, wide))
            used += wide + space
        self._line(line, start, 0)
        self.y += 1.4

    def _line(self, line: Sequence[tuple[str, float]], x: float, stretch: float) -> None:
        self.y += LINE
        space = self.width(" ", TEXT) + stretch
        for word, wide in line:
            self.text(x, self.y, word, TEXT)
            x += wide + space

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]) -> None:
        """Set a ruled table: bold heads, the second column to the left, the others centred."""
        top, tall = self.y + 3, 7.4
        edges = [LEFT]
        for share in shares:
            edges.append(edges[-1] + share * (RIGHT - LEFT))
        for index, row in enumerate([columns, *rows]):
            base = top + index * tall + 5.1
            for column, words in enumerate(row):
                left, right = edges[column], edges[column + 1]
                if index and column == 1:
                    self.text(left + 2, base, words, 4.3)
                else:
                    middle = (left + right) / 2
                    self.text(middle, base, words, 4.3, bold=not index, anchor="ms")
        bottom = top + (len(rows) + 1) * tall
        for index in range(len(rows) + 2):
            self.rule(LEFT, top + index * tall, RIGHT, top + index * tall)
        for edge in edges:
            self.rule(edge, top, edge, bottom)
        self.y = bottom + 1.5

    def close(self, receivers: Sequence[str], office: Sequence[str], name: str) -> None:
        """Set the block of signature and receivers, and note where the signature goes."""
        middle, y = 150.0, self.y + 10
        for index, words in enumerate(receivers):
            self.text(LEFT, y + 1 + index * 5, words, 3.9, bold=not index)
        for index, words in enumerate(office):
            self.text(middle, y + index * 6, words, TEXT, bold=True, anchor="ms")
        self.signature_at = self._pixels(middle, y + 23)
        self.text(middle, y + 42, name, TEXT, bold=True, anchor="ms")
        self.y = y + 44

    def page_number(self, number: int) -> None:
        """Set the number at the head of a page that is not the first."""
        self.text((LEFT + RIGHT) / 2, 15, str(number), TEXT, anchor="ms")

    def footer(self, words: str) -> None:
        """Set a small line at the foot of the page."""
        foot = self.ink.height / self.unit - 9
        self.text((LEFT + RIGHT) / 2, foot, words, 3.1, anchor="ms")

    def _pixels(self, x: float, y: float) -> tuple[float, float]:
        return (self._margin + x * self.unit, y * self.unit)
