"""Characters from a document that would not be seen, or would turn a line around: named instead of shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_MOST_MARKS = 3  # combining marks on one letter: Vietnamese needs two; more paint over other lines
#: Characters that show nothing though their category says letter, mark or symbol: fillers, joiners, selectors.
_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
)
_SELECTORS = range(0xE0100, 0xE01F0)


def plain(text: str, most: int = 200) -> str:
    """Return a text for places that hold no elements, a title or a label; hidden characters likewise."""
    shown = "".join(f"[U+{ord(c):04X}]" if odd else c for c, odd in characters(text[:most]))
    return shown + ("…" if len(text) > most else "")


def characters(text: str) -> Iterator[tuple[str, bool]]:
    """Yield every character and whether it is to be named instead of shown; line breaks become spaces."""
    marks = 0
    for c in text:
        if c in "\t\n\r\u00a0":
            marks = 0
            yield " ", False
        elif c.isascii() and c.isprintable():
            marks = 0
            yield c, False
        else:
            marks = marks + 1 if unicodedata.category(c).startswith("M") else 0
            hidden = not c.isprintable() or c in _BLANK or ord(c) in _SELECTORS
            yield c, hidden or marks > _MOST_MARKS
