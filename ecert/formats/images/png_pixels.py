"""PNG pages that must be decoded: interlaced, with an alpha channel, or with a transparent colour."""

from __future__ import annotations

import io
import struct

from ecert.formats.images import reencode, refusals
from ecert.formats.images.flate import FlateWriter, inflate, row_bytes
from ecert.formats.images.flatten import flatten16, whiten16
from ecert.formats.images.png_layout import Png
from ecert.formats.images.predictor import undo_predictor
from ecert.model.images import StoredImage
from ecert.model.limits import MAX_BAND_BYTES

#: Adam7: first column and row, step across and down, of each pass (ISO/IEC 15948, 8.2).
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def store_png_pixels(png: Png, data: bytes, *, name: str, dpi: tuple[float, float], icc: bytes | None) -> StoredImage:
    """Decode a PNG and store its pixels in the depth they have, laid on white.

    Depths up to 8 are Pillow's work; it would cut 16-bit colour to 8, so that is done here.

    Raises:
        InputError: ``damaged-image``, ``truncated``, ``decompression-bomb``, ``too-large``.
    """
    if png.bits < 16:
        from PIL.PngImagePlugin import PngImageFile

        with reencode.decoding(name):
            image = PngImageFile(io.BytesIO(data))
            if png.bits in (2, 4) and png.colour == "grey" and png.transparency:
                key = struct.unpack(">H", png.transparency)[0] * 255 // (2**png.bits - 1)
                image.info["transparency"] = key
        return reencode.store_picture(
            image, name=name, dpi=dpi, orientation=png.orientation, icc=icc, pixel_bytes=reencode.PIXEL_BYTES
        )
    size = row_bytes(png.width, png.channels, 16) * png.height
    refusals.check_decoded(name, size, MAX_BAND_BYTES)
    samples = _deinterlaced(png, name) if png.interlaced else _straight(png, name)
    writer = FlateWriter(png.width, png.colour, 16)
    stride = row_bytes(png.width, png.channels, 16)
    step = stride * max(1, (4 << 20) // stride)
    key16 = struct.unpack(f">{png.channels}H", png.transparency) if png.transparency else ()
    for at in range(0, len(samples), step):
        band = samples[at : at + step]
        if png.alpha:
            band = flatten16(band, png.channels)
        elif key16:
            band = whiten16(band, png.channels, key16)
        writer.write(band)
    return StoredImage(
        data=writer.finish(),
        encoding="FlateDecode",
        width=png.width,
        height=png.height,
        bits=16,
        colour=png.colour,
        dpi=dpi,
        orientation=png.orientation,
        icc=icc,
        predictor=writer.predictor,
        reencoded=True,
        alpha_flattened=png.alpha or bool(key16),
        source=name,
    )


def _straight(png: Png, name: str) -> bytes:
    size = (1 + row_bytes(png.width, png.channels, 16)) * png.height
    rows = _exactly(png, size, name)
    return undo_predictor(rows, width=png.width, channels=png.channels, bits=16)


def _deinterlaced(png: Png, name: str) -> bytes:
    """Return the rows of an Adam7 image: each pass is an image of its own, spread over the page."""
    pixel = 2 * png.channels
    shapes = []
    for left, top, across, down in _PASSES:
        columns, rows = -(-(png.width - left) // across), -(-(png.height - top) // down)
        shapes.append((max(columns, 0), max(rows, 0)))
    sizes = [(1 + c * pixel) * r if c else 0 for c, r in shapes]
    filtered = _exactly(png, sum(sizes), name)
    stride = png.width * pixel
    out = bytearray(stride * png.height)
    at = 0
    for (left, top, across, down), (columns, rows), size in zip(_PASSES, shapes, sizes, strict=True):
        if not size:
            continue
        part = undo_predictor(filtered[at : at + size], width=columns, channels=png.channels, bits=16)
        at += size
        for row in range(rows):
            line = part[row * columns * pixel : (row + 1) * columns * pixel]
            start = (top + row * down) * stride
            for byte in range(pixel):
                first = start + left * pixel + byte
                out[first : start + stride : across * pixel] = line[byte::pixel]
    return bytes(out)


def _exactly(png: Png, size: int, name: str) -> bytes:
    rows = b"".join(inflate(png.data, size, name=name))
    if len(rows) != size:
        raise refusals.truncated(name, f"{len(rows):,} bytes of image data, {size:,} needed")
    return rows
