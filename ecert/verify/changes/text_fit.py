"""Whether a text, as a field's picture places it, is the value, and is seen whole."""

from __future__ import annotations

from typing import Final

from ecert.errors import Reason
from ecert.verify.changes.boxes import Box
from ecert.verify.changes.field_fonts import StandardFont
from ecert.verify.changes.field_text import FieldColour, Line, TextPicture
from ecert.verify.changes.proof import NotProven

#: points that a clip may stand inside the box: 2, and 4 at the right, where pypdf writes its width so
_MAX_INSET: Final = 4.0
CAPITALS: Final = 0.72  # height of capitals and digits, in font sizes
_CUT_OFF: Final = 0.15  # of the font's size that may be lost at an edge: what is left still reads
_MAX_GAP: Final = 0.05  # between two strings of one line, in font sizes
#: characters that look alike and that fonts' encodings exchange
ALIKE: Final = str.maketrans({"’": "'", "‘": "`", "\xa0": " "})


def brightness(colour: FieldColour) -> float:
    """Return how bright a colour is, from 0 to 1: grey, RGB or CMYK by the number of its parts.

    Raises:
        NotProven: it has another number of parts.
    """
    parts = [min(max(part, 0.0), 1.0) for part in colour]
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 4:
        parts = [(1 - part) * (1 - parts[3]) for part in parts[:3]]
    if len(parts) != 3:
        raise NotProven(Reason("filling.colours-unreadable"))
    red, green, blue = parts
    return 0.299 * red + 0.587 * green + 0.114 * blue


def is_joined(lines: list[str], text: str) -> bool:
    """Return whether lines, one after the other, are a text: only at a line's end may white space differ."""
    text, at = text.translate(ALIKE), 0
    for line in lines:
        seen = line.translate(ALIKE).strip(" ")
        while at < len(text) and text[at] in " \r\n":
            at += 1
        if not text.startswith(seen, at):
            return False
        at += len(seen)
    return not text[at:].strip(" \r\n")


def join_lines(read: TextPicture, font: StandardFont | None) -> tuple[list[Line], list[str]]:
    """Return where each line begins and what it shows; strings of one line must go on where the last one ends.

    PDFBox places every word of a wrapped text by itself.

    Raises:
        NotProven: they do not.
    """
    places: list[Line] = []
    shown: list[str] = []
    end = 0.0
    for line in read.lines if font and read.style else ():
        assert font is not None
        assert read.style is not None
        text, size = font.text(line.shown), read.style.size
        if places and places[-1].y == line.y:
            if abs(line.x - end) > _MAX_GAP * size:
                raise NotProven(Reason("filling.words-apart"))
            shown[-1] += text
        else:
            places.append(line)
            shown.append(text)
        end = line.x + font.width(text, size)
    return places, shown


def check_places(read: TextPicture, font: StandardFont, lines: list[tuple[Line, str]], box: Box) -> None:
    """Check that every line stands within the box, and within what it is clipped to.

    Raises:
        NotProven: one does not.
    """
    assert read.style is not None
    size = read.style.size
    left, bottom, right, top = box
    if read.clip is not None:
        x0, y0, x1, y1 = read.clip
        insets = (x0 - left, y0 - bottom, right - x1, top - y1)
        if max(insets) > _MAX_INSET or max(insets[0], insets[1], insets[3]) > _MAX_INSET / 2:
            raise NotProven(Reason("filling.picture-cut-off"))
        left, bottom = max(left, x0), max(bottom, y0)
        right, top = min(right, x1), min(top, y1)
    lost = _CUT_OFF * size
    for line, text in lines:
        seen = text.rstrip(" ")
        if not seen.strip(" "):
            continue
        end = line.x + font.width(seen, size)
        if line.x < left - 0.1 or end > right + 0.1:
            raise NotProven(Reason("filling.text-too-long"))
        if line.y < bottom - lost or line.y + CAPITALS * size > top + lost:
            raise NotProven(Reason("filling.text-too-long"))
