"""Small images for tests, drawn and encoded by Pillow, and chunks and segments put in by hand."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image

DPI = (300, 300)


def picture(mode: str = "RGB", size: tuple[int, int] = (61, 43)) -> Image.Image:
    """Return noise: every value occurs, no two rows are alike, and no side is a multiple of 8."""
    width, height = size
    source = random.Random(20260730)
    if mode == "I;16":
        return Image.frombytes(mode, size, source.randbytes(2 * width * height))
    channels = {"1": 1, "L": 1, "P": 3, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4}[mode]
    base = {1: "L", 2: "LA", 3: "RGB"}.get(channels, mode)
    image = Image.frombytes(base, size, source.randbytes(channels * width * height))
    if mode == "P":
        return image.quantize(100)
    return image.convert(mode)


def smooth(mode: str = "RGB", size: tuple[int, int] = (61, 43)) -> Image.Image:
    """Return a gradient, kind to lossy encoders."""
    bands = [Image.linear_gradient("L").resize(size).rotate(90 * n) for n in range(3)]
    return Image.merge("RGB", bands).convert(mode)


def encode(image: Image.Image, format_: str, **options: Any) -> bytes:
    """Return the encoded file, at 300 dpi unless told otherwise."""
    out = io.BytesIO()
    options.setdefault("dpi", DPI)
    image.save(out, format_, **options)
    return out.getvalue()


def jpeg(mode: str = "RGB", **options: Any) -> bytes:
    """Return a small JPEG file."""
    return encode(smooth(mode), "JPEG", quality=90, **options)


def segment(marker: int, body: bytes) -> bytes:
    """Return a JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def without_segments(data: bytes, *markers: int) -> bytes:
    """Return a JPEG without the segments of these markers."""
    out, at = data[:2], 2
    while data[at + 1] != 0xDA:
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if data[at + 1] not in markers:
            out += data[at:end]
        at = end
    return out + data[at:]


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a PNG chunk with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int, height: int, bits: int, kind: int, rows: bytes, *, interlaced: bool = False, more: bytes = b""
) -> bytes:
    """Return a PNG file of filtered rows, with ``more`` chunks before its data."""
    header = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, interlaced)
    density = chunk(b"pHYs", struct.pack(">IIB", 11811, 11811, 1))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + density
        + more
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def exif(orientation: int, dpi: int | None = None) -> bytes:
    """Return an EXIF block."""
    block = Image.Exif()
    block[274] = orientation
    if dpi:
        block[282] = block[283] = dpi
        block[296] = 2
    return block.tobytes()
