"""Draw as SVG what :class:`~ecert.formats.ecert1.canvas.Canvas` writes: its operators, one a line, and no others.

Only content that this software has just written goes in, never a stream of the file.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from functools import cache

from ecert.formats.ecert1 import Font, bold, regular
from ecert.report.html.markup import Markup, el

_N = r"(-?[\d.]+)"
_FILL = re.compile(rf"{_N} {_N} {_N} rg")
_TEXT = re.compile(rf"BT /(F[12]) {_N} Tf {_N} {_N} Td <([0-9A-F]*)> Tj ET")
_LINE = re.compile(rf"{_N} w {_N} {_N} m {_N} {_N} l S")
_FRAME = re.compile(rf"q {_N} {_N} {_N} RG {_N} w {_N} {_N} {_N} {_N} re S Q")
_IMAGE = re.compile(rf"q {_N} 0 0 {_N} {_N} {_N} cm /(\w+) Do Q")


def draw(content: bytes, height: float, images: Mapping[str, str] | None = None) -> Markup:
    """Return the drawing of a page or form ``height`` points high; ``images`` are data: URIs by name."""
    fill, parts = "#000", list[Markup]()
    for line in content.decode("ascii").splitlines():
        if m := _FILL.fullmatch(line):
            fill = _colour(*m.groups())
        elif m := _TEXT.fullmatch(line):
            parts.append(_text(m, height, fill))
        elif m := _LINE.fullmatch(line):
            width, x1, y1, x2, y2 = map(float, m.groups())
            parts.append(
                el(
                    "line",
                    x1=_n(x1),
                    y1=_n(height - y1),
                    x2=_n(x2),
                    y2=_n(height - y2),
                    stroke="#000",
                    stroke_width=_n(width),
                )
            )
        elif m := _FRAME.fullmatch(line):
            width, x, y, w, h = map(float, m.groups()[3:])
            parts.append(
                el(
                    "rect",
                    x=_n(x),
                    y=_n(height - y - h),
                    width=_n(w),
                    height=_n(h),
                    fill="none",
                    stroke=_colour(*m.groups()[:3]),
                    stroke_width=_n(width),
                )
            )
        elif (m := _IMAGE.fullmatch(line)) and images and m[5] in images:
            w, h, x, y = map(float, m.groups()[:4])
            parts.append(picture(images[m[5]], x, height - y - h, w, h))
    return Markup("".join(parts))


def picture(uri: str, x: float, y: float, width: float, height: float) -> Markup:
    """Return a picture that fills a rectangle; y is its upper edge."""
    return el("image", href=uri, x=_n(x), y=_n(y), width=_n(width), height=_n(height), preserveAspectRatio="none")


@cache
def font_faces() -> str:
    """Return the style rules that bring both faces along."""
    rules = []
    for font, weight in ((regular(), 400), (bold(), 700)):
        data = base64.b64encode(font.program()).decode()
        rules.append(
            f'@font-face{{font-family:"ecert serif";font-weight:{weight};src:url("data:font/ttf;base64,{data}")}}'
        )
    return "\n".join(rules)


def _text(match: re.Match[str], height: float, fill: str) -> Markup:
    face, size, x, y, glyphs = match.groups()
    font = bold() if face == "F2" else regular()
    characters = _characters(font)
    words = "".join(characters[int(glyphs[i : i + 4], 16)] for i in range(0, len(glyphs), 4))
    return el(
        "text",
        words,
        x=_n(float(x)),
        y=_n(height - float(y)),
        font_size=size,
        fill=fill,
        class_="bold" if face == "F2" else None,
    )


@cache
def _characters(font: Font) -> Mapping[int, str]:
    """Return glyph → character; where several share a glyph, the first: a space, not the no-break one."""
    return {glyph: c for c, (glyph, _) in reversed(font.tables["characters"].items())}


def _colour(*parts: str) -> str:
    return "#" + "".join(f"{round(float(part) * 255):02x}" for part in parts)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
