"""The scanned sheets of the specimens: small, so that a hundred copies fit into a folder."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image, ImageDraw

from ecert.testing import letter
from ecert.testing.fonts import font

SIZE: Final = (400, 560)  # pixels
DPI: Final = 200
AREA: Final = "120,5"  # what a forger would like to be larger
_PAPER, _TONER, _PALE = (250, 247, 240), (38, 36, 40), (231, 224, 222)


def draw_sheets(area: str = AREA, number: str = "15") -> list[bytes]:
    """Return two sheets of a fictitious confirmation; ``area`` stands on the first one."""
    first = lines_of_first_sheet(area, number)
    return [draw_sheet(first), draw_sheet([letter.OFFICE[1], letter.SIGNATORY])]


def lines_of_first_sheet(area: str = AREA, number: str = "15") -> list[str]:
    """Return what stands on the first sheet."""
    return [f"Số: {number}/GXN-UBND", letter.TITLE[0], "Diện tích thửa đất:", f"{area} m²"]


def draw_sheet(lines: list[str], *, quality: int = 80) -> bytes:
    """Return one sheet as a JPEG with these lines of text."""
    page = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(page)
    draw.text((90, 380), letter.MARK, _PALE, font(90, bold=True))
    for place, line in enumerate(lines):
        draw.text((30, 40 + 60 * place), line, _TONER, font(28))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=quality, dpi=(DPI, DPI))
    return out.getvalue()


def as_long_as(picture: bytes, size: int) -> bytes:
    """Return a JPEG lengthened to ``size`` bytes with one comment (ISO 10918-1, B.2.4.5).

    Raises:
        ValueError: it is longer, or the difference is no comment's.
    """
    missing = size - len(picture)
    if missing and not 4 <= missing <= 0xFFFF + 2:
        raise ValueError(f"{len(picture)} bytes cannot be made {size}")
    comment = b"\xff\xfe" + (missing - 2).to_bytes(2, "big") if missing else b""
    return picture[:2] + comment.ljust(missing, b" ") + picture[2:]
