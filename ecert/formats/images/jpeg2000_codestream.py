"""The JPEG 2000 codestream's headers (ISO/IEC 15444-1, annex A)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ecert.formats.images import refusals
from ecert.model.limits import MAX_IMAGE_SEGMENTS

_SOC, _SIZ, _SOT, _EOC = b"\xff\x4f", 0xFF51, 0xFF90, b"\xff\xd9"


@dataclass(frozen=True)
class Codestream:
    """Size in pixels, number of components, and their depth where ``uniform``."""

    width: int
    height: int
    channels: int
    depth: int  # bits of the first component
    uniform: bool  # all components unsigned, of that depth and without subsampling


def read_codestream(data: bytes, start: int, end: int, *, name: str) -> Codestream:
    """Read the image size and walk the tile-parts of ``data[start:end]``.

    Raises:
        InputError: ``damaged-image``, ``truncated``, ``too-large``.
    """
    if end - start < 45 or data[start : start + 2] != _SOC:
        raise refusals.truncated(name, "the JPEG 2000 codestream has no header")
    marker, length, _, across, down, left, top = struct.unpack_from(">HHHIIII", data, start + 2)
    channels = struct.unpack_from(">H", data, start + 40)[0]
    if marker != _SIZ or length != 38 + 3 * channels or start + 4 + length > end:
        raise refusals.damaged(name, "a broken JPEG 2000 codestream header")
    width, height = across - left, down - top
    refusals.check_size(name, width, height)
    if not 1 <= channels <= 5:
        raise refusals.unsupported(name, f"JPEG 2000 of {channels} components")
    parts = list(struct.iter_unpack(">BBB", data[start + 42 : start + 42 + 3 * channels]))
    _walk(data, start + 4 + length, end, name)
    return Codestream(
        width=width,
        height=height,
        channels=channels,
        depth=(parts[0][0] & 0x7F) + 1,
        uniform=all(part == (parts[0][0] & 0x7F, 1, 1) for part in parts),
    )


def _walk(data: bytes, at: int, end: int, name: str) -> None:
    """Follow the lengths of header segments and tile-parts up to the end of the codestream."""
    tile_parts = 0
    for _ in range(4 * MAX_IMAGE_SEGMENTS):
        if data[at : at + 2] == _EOC and tile_parts:
            return
        if at + 12 > end:
            raise refusals.truncated(name, "the JPEG 2000 codestream has no end")
        marker, length = struct.unpack_from(">HH", data, at)
        if marker < 0xFF30 or length < 2:
            raise refusals.damaged(name, f"no JPEG 2000 marker at byte {at:,}")
        if marker == _SOT:
            size = struct.unpack_from(">I", data, at + 6)[0]
            tile_parts += 1
            if size == 0:  # up to the end of the codestream
                size = data.rfind(_EOC, at, end) - at
            if size < 14:
                raise refusals.truncated(name, "the JPEG 2000 codestream has no end")
            at += size
        else:
            at += 2 + length
    raise refusals.damaged(name, "too many JPEG 2000 tile-parts")
