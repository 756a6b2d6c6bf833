"""A signature and a seal that belong to nobody, drawn as transparent PNGs."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ecert.testing.fonts import font

BLUE = (24, 52, 158)
RED = (208, 24, 32)

#: Text of the sample seal: along the top, along the bottom, in the middle. "MẪU" says what it is.
SEAL_TEXT = ("ỦY BAN NHÂN DÂN XÃ MẪU", "TỈNH MẪU", "MẪU")

_DPI = 600  # of both pictures
_SEAL_MM = 36.0
_SIGNATURE_MM = (52.0, 24.0)
_OVER = 2  # drawn this much larger, then reduced: smooth edges
_STEP = 0.12  # between two dots of a pen stroke, in hundredths of the signature's width

Point = tuple[float, float]

#: Strokes of the signature in a box of 100 by 46, each as points that a smooth curve runs through.
_STROKES: tuple[tuple[Point, ...], ...] = (
    (  # the capital: a hook, up, down, up, down, and on
        (7, 26),
        (5, 32),
        (9, 36),
        (15, 27),
        (21, 10),
        (24, 5),
        (24, 13),
        (22, 31),
        (23, 34),
        (29, 18),
        (35, 7),
        (38, 6),
        (37, 16),
        (34, 31),
        (36, 36),
        (41, 32),
        (48, 25),
        (51, 25),
        (46, 26),
        (43, 31),
        (45, 34),
        (49, 31),
        (53, 25),
        (52, 31),
        (54, 34),
        (58, 29),
        (60, 26),
        (59, 31),
        (61, 34),
        (65, 30),
        (68, 26),
        (67, 31),
        (70, 34),
        (78, 28),
        (88, 17),
        (94, 8),
    ),
    (  # the flourish: back below the name and out again
        (90, 27),
        (74, 33),
        (52, 38),
        (30, 41),
        (17, 41),
        (16, 38),
        (28, 37),
        (50, 39),
        (70, 40),
        (84, 37),
    ),
    ((44, 20), (48, 16), (52, 20)),  # the circumflex
    ((45, 12), (47, 10), (50, 12), (53, 9)),  # the tilde over it
)


def signature_image(seed: int = 1) -> bytes:
    """Return a handwritten-looking blue signature: RGBA PNG, 52 × 24 mm at 600 dpi.

    ``seed`` varies the hand a little; the same seed gives the same bytes.
    """
    return _signature_png(seed)


def seal_image(text_lines: Sequence[str] = SEAL_TEXT) -> bytes:
    """Return a round red seal: RGBA PNG, 36 mm across at 600 dpi.

    ``text_lines`` are the text along the top, along the bottom, and in the middle; missing ones
    stay empty. Keep it plainly fictitious.

    Raises:
        ValueError: more than three lines, or a line too long for its place.
    """
    return _seal_png(tuple(text_lines))


@lru_cache(maxsize=4)
def signature_mask(seed: int = 1) -> Image.Image:
    """Return the signature's ink as a grey mask (255: full ink), 600 dpi."""
    rng = random.Random(seed)
    width, height = (_pixels(mm) * _OVER for mm in _SIGNATURE_MM)
    scale = width / 100
    mask = Image.new("L", (width, height))
    draw = ImageDraw.Draw(mask)
    pen = 0.55 * scale
    for stroke in _STROKES:
        curve = _smooth([(x + rng.gauss(0, 0.2), y + rng.gauss(0, 0.2)) for x, y in stroke])
        thickness = 0.5
        for index, ((x, y), (x2, y2)) in enumerate(pairwise(curve)):
            down = (y2 - y) / (math.hypot(x2 - x, y2 - y) or 1)  # a hand presses when it pulls
            ends = min(1.0, 0.25 + min(index, len(curve) - index) * _STEP / 6)
            thickness += ((0.72 + 0.38 * down) * ends - thickness) * 0.04
            radius = pen * thickness
            x, y = x * scale, y * scale
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return mask.reduce(_OVER)


@lru_cache(maxsize=4)
def seal_mask(text_lines: tuple[str, ...] = SEAL_TEXT) -> Image.Image:
    """Return the seal's ink as a grey mask (255: full ink), 36 mm across at 600 dpi."""
    if len(text_lines) > 3:
        raise ValueError(f"a seal has three lines at most, not {len(text_lines)}")
    top, bottom, middle = (*text_lines, "", "", "")[:3]
    size = _pixels(_SEAL_MM) * _OVER
    mask = Image.new("L", (size, size))
    draw = ImageDraw.Draw(mask)
    centre, unit = size / 2, size / 36  # one unit is a millimetre
    for radius, line in ((17.6, 0.75), (16.5, 0.25), (10.9, 0.3)):
        reach = radius * unit
        box = (centre - reach, centre - reach, centre + reach, centre + reach)
        draw.ellipse(box, outline=255, width=round(line * unit))
    _ring(mask, top, radius=12.15 * unit, height=3.15 * unit, span=math.radians(236), upper=True)
    _ring(mask, bottom, radius=12.15 * unit, height=3.15 * unit, span=math.radians(84), upper=False)
    for side in (-1, 1):
        angle = math.radians(128) * side
        x, y = centre + 13.6 * unit * math.sin(angle), centre - 13.6 * unit * math.cos(angle)
        draw.polygon(_star(x, y, 1.0 * unit), fill=255)
    lift = 1.8 if middle else 0
    draw.polygon(_star(centre, centre - lift * unit, (6.2 if middle else 7.5) * unit), fill=255)
    if middle:
        face = font(4.2 * unit, bold=True)
        if face.getlength(middle) > 14 * unit:
            raise ValueError(f"{middle!r} is too long for the middle of a seal")
        draw.text((centre, centre + 7.2 * unit), middle, fill=255, font=face, anchor="ms")
    return _worn(mask.reduce(_OVER))


@lru_cache(maxsize=4)
def _signature_png(seed: int) -> bytes:
    return _png(signature_mask(seed), BLUE)


@lru_cache(maxsize=4)
def _seal_png(text_lines: tuple[str, ...]) -> bytes:
    return _png(seal_mask(text_lines), RED)


def _ring(mask: Image.Image, text: str, *, radius: float, height: float, span: float, upper: bool) -> None:
    """Set ``text`` letter by letter on a circle; feet inwards above, outwards below.

    ``radius`` is the baseline's for the upper text, in pixels; ``span`` the widest angle in radians.
    """
    if not text:
        return
    face = font(height * 1.12, bold=True)
    line = radius if upper else radius + height * 0.8
    steps = [face.getlength(letter) / line for letter in text]
    gap = min(0.028, (span - sum(steps)) / max(1, len(text) - 1))
    if gap < -0.004:
        raise ValueError(f"{text!r} is too long for the ring of a seal")
    angle = -(sum(steps) + gap * (len(text) - 1)) / 2
    box = round(height * 2.6)
    centre = mask.width / 2
    for letter, step in zip(text, steps, strict=True):
        at = angle + step / 2
        tile = Image.new("L", (box, box))
        ImageDraw.Draw(tile).text((box / 2, box * 0.7), letter, fill=255, font=face, anchor="ms")
        turn = -math.degrees(at) if upper else math.degrees(at)
        tile = tile.rotate(turn, Image.Resampling.BICUBIC, center=(box / 2, box * 0.7))
        x = centre + line * math.sin(at)
        y = centre - line * math.cos(at) if upper else centre + line * math.cos(at)
        place = (round(x - box / 2), round(y - box * 0.7))
        mask.paste(255, place, tile)
        angle += step + gap


def _star(x: float, y: float, radius: float) -> list[Point]:
    """Return the ten corners of a five-pointed star standing on two of them."""
    corners = []
    for index in range(10):
        reach = radius if index % 2 == 0 else radius * 0.382
        angle = math.pi * index / 5
        corners.append((x + reach * math.sin(angle), y - reach * math.cos(angle)))
    return corners


def _worn(mask: Image.Image) -> Image.Image:
    """Return the mask as a rubber stamp leaves it: ink a little uneven, in blots and grains."""
    blots = _grey_noise(24, 1).resize(mask.size, Image.Resampling.BICUBIC)
    grains = _grey_noise(320, 2).filter(ImageFilter.BoxBlur(1))
    grains = grains.resize(mask.size, Image.Resampling.BICUBIC)
    mask = ImageChops.multiply(mask, blots.point([205 + v // 5 for v in range(256)]))
    mask = ImageChops.multiply(mask, grains.point([min(255, 125 + v) for v in range(256)]))
    return mask.point([v // 12 * 12 for v in range(256)])  # few levels: a small PNG


def _grey_noise(side: int, seed: int) -> Image.Image:
    return Image.frombytes("L", (side, side), random.Random(seed).randbytes(side * side))


def _smooth(points: Sequence[Point]) -> list[Point]:
    """Return a dense polyline through the points (centripetal enough: uniform Catmull-Rom)."""
    ends = [points[0], *points, points[-1]]
    dense: list[Point] = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        steps = max(8, round(math.hypot(c[0] - b[0], c[1] - b[1]) / _STEP))
        for step in range(steps):
            t = step / steps
            dense.append((_catmull(a[0], b[0], c[0], d[0], t), _catmull(a[1], b[1], c[1], d[1], t)))
    dense.append(points[-1])
    return dense


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)


def _png(mask: Image.Image, colour: tuple[int, int, int]) -> bytes:
    image = Image.new("RGBA", mask.size, colour)
    image.putalpha(mask)
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(_DPI, _DPI), compress_level=6)
    return out.getvalue()


def _pixels(millimetres: float) -> int:
    return round(millimetres / 25.4 * _DPI)
