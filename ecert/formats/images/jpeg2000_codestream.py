"""The JPEG 2000 codestream's headers (ISO/IEC 15444-1, annex A).

What other parts of the standard add, such as the coder of Part 15 (HTJ2K), only some readers know: the
others show nothing, or something else.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ecert.formats.images import refusals
from ecert.model.limits import MAX_IMAGE_SEGMENTS

_SOC, _SIZ, _SOT, _SOD, _EOC = b"\xff\x4f", 0xFF51, 0xFF90, 0xFF93, b"\xff\xd9"
_COD, _COC = 0xFF52, 0xFF53
#: the markers of Part 1 in main and tile-part headers (table A.2); CAP and CPF are of Part 15
_PART_1 = frozenset((_COD, _COC, 0xFF55, 0xFF57, 0xFF58, *range(0xFF5C, 0xFF62), 0xFF63, 0xFF64, _SOT))
_OTHER_PARTS = 0xC000  # bits of Rsiz: Part 15 and Part 2 (table A.10)
#: where, behind the marker, the style of code-blocks and the transformation stand (A.6.1, A.6.2)
_STYLES = {_COD: 12, _COC: 9}


@dataclass(frozen=True)
class Codestream:
    """Size in pixels, number of components, and their depth where ``uniform``."""

    width: int
    height: int
    channels: int
    depth: int  # bits of the first component
    uniform: bool  # all components unsigned, of that depth and without subsampling
    plain: bool  # nothing of any part of the standard but the first


def read_codestream(data: bytes, start: int, end: int, *, name: str) -> Codestream:
    """Read the image size and walk the tile-parts of ``data[start:end]``.

    Raises:
        InputError: ``damaged-image``, ``truncated``, ``too-large``.
    """
    if end - start < 45 or data[start : start + 2] != _SOC:
        raise refusals.truncated(name, "the JPEG 2000 codestream has no header")
    marker, length, needs, across, down, left, top = struct.unpack_from(">HHHIIII", data, start + 2)
    channels = struct.unpack_from(">H", data, start + 40)[0]
    if marker != _SIZ or length != 38 + 3 * channels or start + 4 + length > end:
        raise refusals.damaged_image(name, "a broken JPEG 2000 codestream header")
    width, height = across - left, down - top
    refusals.check_pixels(name, width, height)
    if not 1 <= channels <= 5:
        raise refusals.unsupported(name, f"JPEG 2000 of {channels} components")
    parts = list(struct.iter_unpack(">BBB", data[start + 42 : start + 42 + 3 * channels]))
    plain = _walk(data, start + 4 + length, end, name) and not needs & _OTHER_PARTS
    return Codestream(
        width=width,
        height=height,
        channels=channels,
        depth=(parts[0][0] & 0x7F) + 1,
        uniform=all(part == (parts[0][0] & 0x7F, 1, 1) for part in parts),
        plain=plain,
    )


def _walk(data: bytes, at: int, end: int, name: str) -> bool:
    """Follow the lengths of headers and tile-parts to the end; return whether all is of Part 1."""
    plain, tile_parts = True, 0
    for _ in range(4 * MAX_IMAGE_SEGMENTS):
        if data[at : at + 2] == _EOC and tile_parts:
            return plain
        if at + 12 > end:
            raise refusals.truncated(name, "the JPEG 2000 codestream has no end")
        marker, length = struct.unpack_from(">HH", data, at)
        if marker < 0xFF30 or length < 2:
            raise refusals.damaged_image(name, f"no JPEG 2000 marker at byte {at:,}")
        plain = plain and _is_plain(data, at, marker)
        if marker == _SOT:
            size = struct.unpack_from(">I", data, at + 6)[0]
            tile_parts += 1
            if size == 0:  # up to the end of the codestream
                size = data.rfind(_EOC, at, end) - at
            if size < 14:
                raise refusals.truncated(name, "the JPEG 2000 codestream has no end")
            plain = plain and _is_plain_tile_part(data, at + 12, min(at + size, end), name)
            at += size
        else:
            at += 2 + length
    raise refusals.damaged_image(name, "too many JPEG 2000 tile-parts")


def _is_plain_tile_part(data: bytes, at: int, end: int, name: str) -> bool:
    """Return whether a tile-part's header is of Part 1 (A.4.2)."""
    for _ in range(MAX_IMAGE_SEGMENTS):
        if at + 2 > end:
            break
        marker = struct.unpack_from(">H", data, at)[0]
        if marker == _SOD:
            return True
        if at + 14 > end or not _is_plain(data, at, marker):
            return False
        at += 2 + max(2, struct.unpack_from(">H", data, at + 2)[0])
    raise refusals.damaged_image(name, "a JPEG 2000 tile-part without data")


def _is_plain(data: bytes, at: int, marker: int) -> bool:
    """Return whether the segment at ``at`` is of Part 1."""
    if marker not in _PART_1:
        return False
    place = _STYLES.get(marker)
    return place is None or (data[at + place] < 0x40 and data[at + place + 1] < 2)
