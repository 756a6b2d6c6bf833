"""The closed grammar of a text field's picture (ISO 32000-1, 12.7.3.3): what is in it is understood, all else is not.

::

    [q] [what was painted before] /Tx BMC [q] [x y w h re W n] [q] BT
        font, colour, place, one string a line (or several, each where the last one ends)
    ET [Q] [Q] EMC [Q]

No operator outside this list is read past: each could hide the text, or show another.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from ecert.errors import Reason
from ecert.formats.pdf import Name, StructureFault
from ecert.formats.pdf.lexer import WHITE, Lexer
from ecert.formats.pdf.objects import PdfValue
from ecert.verify.changes.proof import NotProven

#: of a line's distance to the one before, in font sizes: closer, two lines paint one picture
_MIN_LEADING: Final = 0.8
_DELIMITERS: Final = WHITE + b"()<>[]{}/%"
_LETTERS: Final = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ*'\""
#: operators and how many numbers they take: colours, and what paints a field's box and border
_COLOURS: Final = {"g": 1, "rg": 3, "k": 4}
_SPACES: Final = {"DeviceGray": 1, "DeviceRGB": 3, "DeviceCMYK": 4}
_PAINTING: Final = {
    "q": 0,
    "Q": 0,
    **_COLOURS,
    "G": 1,
    "RG": 3,
    "K": 4,
    "w": 1,
    "J": 1,
    "j": 1,
    "re": 4,
    "m": 2,
    "l": 2,
    "h": 0,
    "f": 0,
    "S": 0,
    "s": 0,
    "B": 0,
    "b": 0,
    "n": 0,
}

FieldColour: TypeAlias = tuple[float, ...]
GREY_BLACK: Final[FieldColour] = (0.0,)


class Operation(NamedTuple):
    """An operator with its operands."""

    operator: str
    operands: tuple[PdfValue, ...]

    @property
    def numbers(self) -> tuple[float, ...]:
        """Return the operands, which are numbers.

        Raises:
            NotProven: they are something else.
        """
        if not all(type(v) in (int, float) for v in self.operands):
            raise _outside()
        return self.operands


def _outside() -> NotProven:
    return NotProven(Reason("filling.drawing-not-judged"))


class Line(NamedTuple):
    """A string and where it begins."""

    x: float
    y: float
    shown: bytes


@dataclass(frozen=True)
class TextStyle:
    """Font, its size and the colour: of a default appearance, or of a text."""

    font: str
    size: float
    colour: FieldColour | None


@dataclass(frozen=True)
class TextPicture:
    """What the picture of a text field says; ``style`` is None where it shows no text.

    ``painted`` stands before the text: the field's box and border, which nothing here proves.
    """

    painted: tuple[Operation, ...]
    style: TextStyle | None
    clip: tuple[float, float, float, float] | None
    lines: tuple[Line, ...]

    @property
    def fills(self) -> list[FieldColour]:
        """Return the colours that areas before the text are filled with."""
        return [op.numbers for op in self.painted if op.operator in _COLOURS]


def read_operations(content: bytes) -> list[Operation]:
    """Split content into operators with their operands.

    Raises:
        NotProven: it is none, or has comments.
    """
    lexer, found, operands = Lexer(content), list[Operation](), list[PdfValue]()
    try:
        while True:
            lexer.skip_space()
            first = content[lexer.pos : lexer.pos + 1]
            if lexer.comments:
                raise _outside()
            if not first:
                break
            if first not in _LETTERS:
                operands.append(lexer.value())
                continue
            end = lexer.pos
            while end < len(content) and content[end] in _LETTERS:
                end += 1
            if end < len(content) and content[end] not in _DELIMITERS:
                raise _outside()
            found.append(Operation(content[lexer.pos : end].decode(), tuple(operands)))
            lexer.pos, operands = end, []
    except StructureFault:
        raise NotProven(Reason("filling.picture-unreadable")) from None
    if operands:
        raise _outside()
    return found


def read_style(default_appearance: bytes) -> TextStyle:
    """Read a default appearance: a font and its size, a colour, and nothing else.

    Raises:
        NotProven: it says more, or less.
    """
    try:
        reader = _TextReader(read_operations(default_appearance))
        while reader.rest:
            reader.style()
    except NotProven:
        raise NotProven(Reason("filling.default-appearance-not-judged")) from None
    if reader.font is None:
        raise NotProven(Reason("filling.default-appearance-not-judged"))
    return TextStyle(reader.font, reader.size, reader.colour)


def read_picture(content: bytes, *, marked: bool = True) -> TextPicture:
    """Read the picture of a text field; without ``marked`` also that of a button, which is like it.

    Raises:
        NotProven: it is outside the grammar.
    """
    operations = read_operations(content)
    if not operations:
        return TextPicture((), None, None, ())
    painted, rest = painted_first(operations)
    reader = _TextReader(rest)
    if marked or reader.ahead("BMC"):
        reader.expect("BMC", (Name("Tx"),))
        marked = True
    inner = int(reader.skip("q"))
    clip = reader.clip()
    inner += reader.skip("q")
    lines = reader.text() if reader.skip("BT") else []
    for _ in range(inner):
        reader.expect("Q")
    if marked:
        reader.expect("EMC")
    for _ in range(_depth(painted)):
        reader.expect("Q")
    if reader.rest:
        raise _outside()
    style = TextStyle(reader.font, reader.size, reader.colour) if reader.font else None
    if lines and style is None:
        raise NotProven(Reason("filling.picture-without-font"))
    if [op.operator for op in painted] == ["q"]:
        painted = []
    if painted and style is not None and style.colour is None:
        raise NotProven(Reason("filling.picture-without-colour"))  # the painting may have left one
    return TextPicture(tuple(painted), style, clip, tuple(lines))


def painted_first(operations: list[Operation]) -> tuple[list[Operation], list[Operation]]:
    """Divide a picture into what is painted before the text, and the rest.

    Raises:
        NotProven: something else stands before the text.
    """
    places = [i for i, op in enumerate(operations) if op.operator in ("BMC", "BT")]
    at = places[0] if places else len(operations)
    # without a mark, what clips the text stands before it too
    clips = [i for i, op in enumerate(operations[:at]) if op.operator == "W"]
    if clips:
        at = clips[0] - 1
        at -= 1 if at > 0 and operations[at - 1].operator == "q" else 0
    painted = operations[: max(at, 0)]
    for op in painted:
        if _PAINTING.get(op.operator) != len(op.numbers):
            raise _outside()
    return painted, operations[max(at, 0) :]


def _depth(painted: list[Operation]) -> int:
    depth = 0
    for op in painted:
        depth += {"q": 1, "Q": -1}.get(op.operator, 0)
        if depth < 0:
            raise _outside()
    return depth


class _TextReader:
    """Reads operations one after the other; what does not fit is not proven."""

    def __init__(self, operations: list[Operation]) -> None:
        self._operations = operations
        self._at = 0
        self.font: str | None = None
        self.size = 0.0
        self.colour: FieldColour | None = None

    @property
    def rest(self) -> bool:
        """Return whether there is more to read."""
        return self._at < len(self._operations)

    def _next(self) -> Operation:
        if not self.rest:
            raise _outside()
        self._at += 1
        return self._operations[self._at - 1]

    def ahead(self, operator: str) -> bool:
        """Return whether an operator comes next."""
        return self.rest and self._operations[self._at].operator == operator

    def expect(self, operator: str, operands: tuple[PdfValue, ...] = ()) -> None:
        """Read this operation and no other."""
        if self._next() != (operator, operands):
            raise _outside()

    def skip(self, operator: str) -> bool:
        """Read an operator without operands where it comes next; return whether it did."""
        if self.ahead(operator):
            self.expect(operator)
            return True
        return False

    def clip(self) -> tuple[float, float, float, float] | None:
        """Read a clip to one rectangle, where there is one.

        pypdf leaves out the ``n`` that ends the path: some readers then do not clip, which hides nothing.
        """
        if not self.ahead("re"):
            return None
        operation = self._next()
        if len(operation.numbers) != 4:
            raise _outside()
        x, y, width, height = operation.numbers
        self.expect("W")
        self.skip("n")
        return min(x, x + width), min(y, y + height), max(x, x + width), max(y, y + height)

    def style(self) -> None:
        """Read a font with its size, or a colour."""
        operator, operands = operation = self._next()
        if operator == "Tf" and len(operands) == 2 and isinstance(operands[0], Name):
            (self.size,) = Operation(operator, operands[1:]).numbers
            self.font = str(operands[0])
        elif operator in _COLOURS and len(operation.numbers) == _COLOURS[operator]:
            self.colour = operation.numbers
        elif operator == "cs" and len(operands) == 1 and isinstance(operands[0], Name):
            parts = self._next()  # as PDFBox says it: a colour space of the device, then its parts
            self.colour = parts.numbers
            if parts.operator != "sc" or len(self.colour) != _SPACES.get(operands[0]):
                raise _outside()
        else:
            raise _outside()

    def text(self) -> list[Line]:
        """Read a text object up to its ET: each string below the one before it, or beside it on its line.

        The first place may also be set by a matrix that only moves, as iText does.
        """
        lines: list[Line] = []
        x = y = 0.0
        moved = True
        while not self.skip("ET"):
            if self.ahead("Td"):
                step = self._next().numbers
                if len(step) != 2:
                    raise _outside()
                x, y, moved = x + step[0], y + step[1], True
            elif self.ahead("Tm"):
                matrix = self._next().numbers
                if len(matrix) != 6 or matrix[:4] != (1, 0, 0, 1) or lines:
                    raise _outside()
                x, y = matrix[4:]
            elif self.ahead("Tj"):
                shown = self._next().operands
                if len(shown) != 1 or not isinstance(shown[0], bytes) or not moved:
                    raise _outside()
                lines.append(Line(x, y, shown[0]))
                moved = False
            elif lines:
                raise _outside()  # a second font or colour
            else:
                self.style()
        if any(a.y != b.y and a.y - b.y < _MIN_LEADING * self.size for a, b in pairwise(lines)):
            raise NotProven(Reason("filling.lines-overlap"))
        return lines
