"""Undo TIFF compressions without touching a bit: strips and tiles become bands of packed rows.

Pillow's own TIFF reader cuts 16-bit colour to 8 bits and widens 2 and 4-bit grey. Here it is only
lent to undo LZW, PackBits and LZMA: each strip is handed to libtiff as a file of its own
whose rows are plain bytes, so no sample is interpreted and no strip can grow beyond its rows.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ecert.formats.images import fax, reencode, refusals
from ecert.formats.images.flate import inflate, row_bytes
from ecert.formats.images.flatten import swap16
from ecert.formats.images.predictor import undo_predictor
from ecert.formats.images.tiff_layout import DEFLATE, FAX, LZW, NONE, Layout
from ecert.model.limits import MAX_BAND_BYTES

REVERSED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))
_OLD_DEFLATE = 32946


def bands(data: bytes, layout: Layout, *, name: str) -> Iterator[bytes]:
    """Yield the page from top to bottom as whole rows of packed samples, 16-bit ones big-endian.

    Raises:
        InputError: ``damaged-image``, ``truncated``, ``decompression-bomb``.
    """
    _, down = layout.chunk
    stride = row_bytes(layout.width, layout.channels, layout.bits)
    refusals.check_decoded(name, stride * down, MAX_BAND_BYTES)
    per_plane = len(layout.offsets) // (layout.channels if layout.planar else 1)
    for top in range(0, layout.height, down):
        rows = min(down, layout.height - top)
        first = top // down * (-(-layout.width // layout.chunk[0]))
        if not layout.planar:
            yield _band(data, layout, first, rows, name)
            continue
        planes = [_band(data, layout, plane * per_plane + first, rows, name) for plane in range(layout.channels)]
        yield _interleave(planes, layout.bits)


def lzw_rows(packed: bytes, stride: int, rows: int, *, name: str) -> bytes:
    """Return ``rows`` rows of ``stride`` bytes of LZW data, as TIFF and PDF alike write it.

    Raises:
        InputError: ``damaged-image``.
    """
    return _bytes_of(packed, stride, rows, LZW, name)


def _band(data: bytes, layout: Layout, first: int, rows: int, name: str) -> bytes:
    """Return the rows of one strip, or of one row of tiles put side by side."""
    if layout.tile is None:
        return _chunk(data, layout, first, layout.width, rows, name)
    across, down = layout.tile
    count = -(-layout.width // across)
    tiles = [_chunk(data, layout, first + n, across, down, name) for n in range(count)]
    wide = row_bytes(across, layout.samples_in_chunk, layout.bits)
    stride = row_bytes(layout.width, layout.samples_in_chunk, layout.bits)
    lines = (b"".join(tile[at : at + wide] for tile in tiles)[:stride] for at in range(0, rows * wide, wide))
    return b"".join(lines)


def _chunk(data: bytes, layout: Layout, index: int, width: int, rows: int, name: str) -> bytes:
    """Return one strip or tile as packed samples, exactly ``rows`` rows."""
    offset, size = layout.offsets[index], layout.sizes[index]
    if offset + size > len(data):
        raise refusals.truncated(name, "the TIFF ends inside its image data")
    packed = data[offset : offset + size]
    if layout.reversed_bits:
        packed = packed.translate(REVERSED)
    stride = row_bytes(width, layout.samples_in_chunk, layout.bits)
    if layout.compression == NONE:
        raw = packed
    elif layout.compression in (DEFLATE, _OLD_DEFLATE):
        raw = _inflated(packed, layout, stride, name)
    elif layout.compression in FAX:
        raw = fax.decode(packed, width=width, rows=rows, coding=layout.fax_coding, name=name)
    else:
        raw = _bytes_of(packed, stride, rows, layout.compression, name)
    if len(raw) < stride * rows:
        raise refusals.truncated(name, f"a TIFF strip of {len(raw):,} bytes, {stride * rows:,} needed")
    raw = raw[: stride * rows]
    if layout.bits == 16 and layout.order == "<":
        raw = swap16(raw)
    if layout.predictor:
        if layout.bits not in (8, 16):
            raise refusals.unsupported(name, f"a TIFF predictor on {layout.bits}-bit samples")
        raw = undo_predictor(raw, width=width, channels=layout.samples_in_chunk, bits=layout.bits, tiff=True)
    return raw


def _inflated(packed: bytes, layout: Layout, stride: int, name: str) -> bytes:
    """Return what a Deflate strip holds: at most a whole strip, though the last may be cut."""
    return b"".join(inflate(packed, stride * layout.chunk[1], name=name, strict=False))


def _bytes_of(packed: bytes, stride: int, rows: int, compression: int, name: str) -> bytes:
    from PIL import Image

    file = _file(packed, stride, rows, compression)
    with reencode.decoding(name):
        image = Image.frombytes("L", (stride, rows), file, "libtiff", ("L", False, 8))
        return image.tobytes()


def _file(strip: bytes, width: int, height: int, compression: int) -> bytes:
    """Return a TIFF file of one strip with one byte per pixel."""
    start = 8 + 2 + 12 * 9 + 4
    tags = (
        (256, 4, width),
        (257, 4, height),
        (258, 3, 8),
        (259, 3, compression),
        (262, 3, 1),
        (273, 4, start),
        (277, 3, 1),
        (278, 4, height),
        (279, 4, len(strip)),
    )
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + strip


def _interleave(planes: list[bytes], bits: int) -> bytes:
    """Return pixel after pixel what lies plane after plane."""
    count, size = len(planes), bits // 8
    out = bytearray(len(planes[0]) * count)
    for number, plane in enumerate(planes):
        for byte in range(size):
            out[number * size + byte :: count * size] = plane[byte::size]
    return bytes(out)
