"""Marker segments of a JPEG (ITU-T T.81, B.1.1)."""

from __future__ import annotations

import re
import struct

from ecert.formats.images import refusals

_FILL = re.compile(rb"\xff+(?=\xff)")


def skip_fill(data: bytes | memoryview, at: int) -> int:
    """Return where a marker begins: any may have fill bytes before it (ITU-T T.81, B.1.1.2)."""
    fill = _FILL.match(data, at)
    return fill.end() if fill else at


def segment(data: bytes | memoryview, at: int, name: str) -> tuple[int, int, int]:
    """Return marker, start and end of the parameters of the segment at ``at`` (T.81, B.1.1.4).

    Raises:
        InputError: ``truncated``, ``damaged-image``.
    """
    at = skip_fill(data, at)
    if at + 4 > len(data):
        raise refusals.truncated(name, "the JPEG ends inside its headers")
    marker, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
    if data[at] != 0xFF or not 0xC0 <= marker <= 0xFE or 0xD0 <= marker <= 0xD9 or length < 2:
        raise refusals.damaged_image(name, f"no JPEG marker at byte {at:,}")
    end = at + 2 + length
    if end > len(data):
        raise refusals.truncated(name, "the JPEG ends inside its headers")
    return marker, at + 4, end


def interval_of(parameters: bytes | memoryview, name: str) -> int:
    """Return the restart interval that a DRI segment sets (B.2.4.4).

    Raises:
        InputError: ``damaged-image``.
    """
    if len(parameters) != 2:
        raise refusals.damaged_image(name, "a broken JPEG restart interval")
    return int.from_bytes(parameters, "big")
