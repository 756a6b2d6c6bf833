"""Lay transparent pixels on white paper, in the depth they have."""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_FULL = 0xFFFF


def swap16(samples: bytes) -> bytes:
    """Return 16-bit samples in the other byte order."""
    words = array("H", samples)
    words.byteswap()
    return words.tobytes()


def flatten8(image: Picture, *, premultiplied: bool = False) -> Picture:
    """Return an LA or RGBA image on white, as L or RGB."""
    from PIL import Image, ImageChops

    *colours, alpha = image.split()
    mode = "L" if len(colours) == 1 else "RGB"
    opaque = colours[0] if mode == "L" else Image.merge("RGB", colours)
    if premultiplied:
        paper = ImageChops.invert(alpha)
        white = paper if mode == "L" else Image.merge("RGB", (paper, paper, paper))
        return ImageChops.add(opaque, white)
    white = Image.new(mode, image.size, "white")
    return Image.composite(opaque, white, alpha)


def flatten16(rows: bytes, channels: int, *, premultiplied: bool = False) -> bytes:
    """Return big-endian 16-bit grey or RGB of samples whose last of ``channels`` is alpha."""
    samples = array("H", rows)
    if sys.byteorder == "little":
        samples.byteswap()
    alpha = samples[channels - 1 :: channels]
    opaque = alpha.count(_FULL) == len(alpha)
    colours = channels - 1
    flat = array("H", bytes(len(alpha) * colours * 2))
    for colour in range(colours):
        plane = samples[colour::channels]
        if not opaque:
            pairs = zip(plane, alpha, strict=True)
            if premultiplied:
                plane = array("H", [min(c + _FULL - a, _FULL) for c, a in pairs])
            else:
                plane = array("H", [(c * a + _FULL * (_FULL - a) + 0x7FFF) // _FULL for c, a in pairs])
        flat[colour::colours] = plane
    if sys.byteorder == "little":
        flat.byteswap()
    return flat.tobytes()


def whiten16(rows: bytes, channels: int, key: tuple[int, ...]) -> bytes:
    """Return big-endian 16-bit samples with the pixels of colour ``key`` made white."""
    size = 2 * channels
    wanted = b"".join(value.to_bytes(2, "big") for value in key)
    out, at = bytearray(rows), rows.find(wanted)
    while at >= 0:
        if at % size == 0:
            out[at : at + size] = b"\xff" * size
        at = rows.find(wanted, at + (size - at % size))
    return bytes(out)
