"""Sample scans, drawn: what a flat-bed scanner makes of a Vietnamese office letter.

Paper tone, toner, stamp and signature are laid over each other as ink; the skew and the noise are
the scanner's. A big pale "MẪU" runs across every page, so that nobody takes it for real.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Iterable
from functools import lru_cache
from itertools import cycle, islice

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ecert.testing import letter, stamps
from ecert.testing.fonts import font as font
from ecert.testing.stamps import seal_image as seal_image
from ecert.testing.stamps import signature_image as signature_image
from ecert.testing.typesetting import Sheet

PAPER = (250, 247, 240)
TONER = (38, 36, 40)
PALE = (231, 224, 222)

_FACTS_FIRST, _FACTS_MIDDLE, _FACTS_LAST = 3, 11, 6  # paragraphs that fit on such a page

#: JPEG quality that gives about 1.6 MB for A4 at 300 dpi.
QUALITY = 88


def sample_scan(
    pages: int = 1, dpi: int = 300, size_mm: tuple[float, float] = (210, 297), *, target_bytes: int | None = None
) -> list[bytes]:
    """Return ``pages`` drawn pages as colour JPEGs whose JFIF header names ``dpi``.

    The first page has the letterhead, the last one signature and stamp; the layout is A4's, scaled
    to the page. The same arguments give the same pixels. ``target_bytes`` chooses the JPEG quality
    for a size per page (within a tenth, where qualities 20 to 97 can reach it); the default is about
    1.6 MB for A4 at 300 dpi.

    Raises:
        ValueError: no page, or a page of less than 16 pixels.
    """
    width, height = (round(side / 25.4 * dpi) for side in size_mm)
    if pages < 1 or min(width, height) < 16:
        raise ValueError(f"cannot draw {pages} pages of {width} × {height} pixels")
    return [_jpeg(_page(number, pages, (width, height)), dpi, target_bytes) for number in range(1, pages + 1)]


def _page(number: int, pages: int, size: tuple[int, int]) -> Image.Image:
    """Return one page as the scanner gives it, RGB."""
    rng = random.Random(number)
    sheet = Sheet(size)
    _write(sheet, number, pages)
    skew = rng.choice((-1, 1)) * rng.uniform(0.15, 0.4)  # degrees
    toner = sheet.ink.rotate(skew, Image.Resampling.BILINEAR)
    page = _paper(size).copy()
    page.paste(TONER, (0, 0, *size), toner)
    if sheet.signature_at:
        _sign_and_stamp(page, sheet.signature_at, sheet.unit, rng)
    return _scanned(page, rng)


def _write(sheet: Sheet, number: int, pages: int) -> None:
    """Set the words of one page: what fits on the only, the first, a middle and the last page."""
    facts = enumerate(cycle(letter.FACTS), start=3)  # the opening ends with number 2
    if number == 1:
        sheet.letterhead(letter.BODY, letter.NUMBER, letter.STATE, letter.PLACE)
        sheet.title(*letter.TITLE)
        for paragraph in letter.OPENING:
            sheet.paragraph(paragraph)
        sheet.table(letter.COLUMNS, letter.ROWS[: 3 if pages == 1 else None], letter.WIDTHS)
        _facts(sheet, islice(facts, 1 if pages == 1 else _FACTS_FIRST))
    else:
        sheet.page_number(number)
        done = _FACTS_FIRST + (number - 2) * _FACTS_MIDDLE
        _facts(sheet, islice(facts, done, done + (_FACTS_LAST if number == pages else _FACTS_MIDDLE)))
    if number == pages:
        sheet.paragraph(letter.CLOSING)
        sheet.close(letter.RECEIVERS, letter.OFFICE, letter.SIGNATORY)
    sheet.footer(letter.FOOTER)


def _facts(sheet: Sheet, facts: Iterable[tuple[int, str]]) -> None:
    for number, paragraph in facts:
        sheet.paragraph(f"{number}. {paragraph}")


@lru_cache(maxsize=1)
def _paper(size: tuple[int, int]) -> Image.Image:
    """Return empty paper with the big diagonal word, which is drawn at a quarter of the size."""
    small = (max(16, size[0] // 4), max(16, size[1] // 4))
    mask = Image.new("L", small)
    face = font(small[0] * 0.44, bold=True)
    centre = (small[0] / 2, small[1] / 2)
    ImageDraw.Draw(mask).text(centre, letter.MARK, fill=255, font=face, anchor="mm")
    angle = math.degrees(math.atan2(small[1], small[0])) * 0.95
    mask = mask.rotate(angle, Image.Resampling.BICUBIC).resize(size, Image.Resampling.BILINEAR)
    paper = Image.new("RGB", size, PAPER)
    paper.paste(PALE, (0, 0, *size), mask)
    return paper


def _sign_and_stamp(page: Image.Image, at: tuple[float, float], unit: float, rng: random.Random) -> None:
    """Put the signature at ``at`` and the stamp over its left third, as the rules want it."""
    pen = _sized(stamps.signature_mask(), 52 * unit).rotate(rng.uniform(-2, 4), Image.Resampling.BILINEAR, expand=True)
    rubber = _sized(stamps.seal_mask(), 36 * unit).rotate(rng.uniform(-9, 9), Image.Resampling.BILINEAR, expand=True)
    x, y = at
    _lay(page, stamps.BLUE, pen, (x - pen.width / 2, y - pen.height / 2))
    _lay(page, stamps.RED, rubber, (x - 24 * unit - rubber.width / 2, y - rubber.height / 2))


def _sized(mask: Image.Image, width: float) -> Image.Image:
    height = width * mask.height / mask.width
    return mask.resize((max(1, round(width)), max(1, round(height))), Image.Resampling.LANCZOS)


def _lay(page: Image.Image, colour: tuple[int, int, int], mask: Image.Image, at: tuple[float, float]) -> None:
    """Multiply ink into the page: what lies below shows through."""
    left, top = round(at[0]), round(at[1])
    box = (left, top, left + mask.width, top + mask.height)
    ink = Image.new("RGB", mask.size, (255, 255, 255))
    ink.paste(colour, (0, 0, *mask.size), mask.point([v * 9 // 10 for v in range(256)]))
    page.paste(ImageChops.multiply(page.crop(box), ink), box)


def _scanned(page: Image.Image, rng: random.Random) -> Image.Image:
    """Add what the scanner adds: a shadow along the lid's edge, and noise, mostly grey."""
    width, height = page.size
    edge = max(1, width // 60)
    shadow = Image.linear_gradient("L").rotate(90).resize((edge, height))
    shadow = shadow.point([215 + v * 40 // 255 for v in range(256)])
    strip = page.crop((0, 0, edge, height))
    page.paste(ImageChops.multiply(strip, Image.merge("RGB", [shadow] * 3)), (0, 0))
    tile = _noise()
    grey = Image.new("L", page.size)
    for top in range(-rng.randrange(tile.height), height, tile.height):
        for left in range(-rng.randrange(tile.width), width, tile.width):
            grey.paste(tile, (left, top))
    tinted = ImageChops.offset(grey, 1, 0)
    return ImageChops.add(page, Image.merge("RGB", (grey, grey, tinted)), 1, -_NOISE_MEAN)


_NOISE_MEAN = 16


@lru_cache(maxsize=1)
def _noise() -> Image.Image:
    """Return a tile of grainy grey noise around ``_NOISE_MEAN``."""
    side = 1024
    tile = Image.frombytes("L", (side, side), random.Random(0).randbytes(side * side))
    tile = tile.filter(ImageFilter.BoxBlur(0.6))
    return tile.point([_NOISE_MEAN + round((v - 128) / 9) for v in range(256)])


def _jpeg(page: Image.Image, dpi: int, target_bytes: int | None) -> bytes:
    """Encode a page; where a size is wanted, halve the range of qualities until it fits."""
    low, high, quality = 20, 97, QUALITY
    while True:
        out = io.BytesIO()
        page.save(out, "JPEG", quality=quality, dpi=(dpi, dpi))
        data = out.getvalue()
        if target_bytes is None or abs(len(data) - target_bytes) <= target_bytes / 10:
            return data
        if len(data) < target_bytes:
            low = quality + 1
        else:
            high = quality - 1
        if low > high:
            return data
        quality = (low + high) // 2
