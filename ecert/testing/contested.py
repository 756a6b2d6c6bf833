"""Encoded pictures that readers show in more than one way: of each a small maker, for specimens and tests."""

from __future__ import annotations

import io
import re
import struct
from typing import Any

from PIL import Image

_SOS, _EOI = 0xDA, b"\xff\xd9"


def encoded(picture: Image.Image, format_: str, **options: Any) -> bytes:
    """Return an encoded picture, at 300 dpi unless told otherwise."""
    out = io.BytesIO()
    picture.save(out, format_, **({"dpi": (300, 300)} | options))
    return out.getvalue()


# ── JPEG (ITU-T T.81) ────────────────────────────────────────────────────────────────────────────


def with_restarts(picture: Image.Image) -> bytes:
    """Return an honest JPEG with a restart marker after every row of blocks."""
    return encoded(picture, "JPEG", quality=90, restart_marker_rows=1)


def restarts_exchanged(picture: Image.Image) -> bytes:
    """Return a JPEG whose second and third restart marker changed places."""
    data = with_restarts(picture)
    for old, new in ((b"\xff\xd1", b"\xff\xd8"), (b"\xff\xd2", b"\xff\xd1"), (b"\xff\xd8", b"\xff\xd2")):
        at = data.index(old, data.index(b"\xff\xda"))
        data = data[:at] + new + data[at + 2 :]
    return data


def restart_left_out(picture: Image.Image) -> bytes:
    """Return a JPEG whose last restart marker is missing: the count is no longer right."""
    data = with_restarts(picture)
    at = max(data.rfind(bytes((0xFF, marker))) for marker in range(0xD0, 0xD8))
    return data[:at] + data[at + 2 :]


def restarts_without_interval(picture: Image.Image) -> bytes:
    """Return a JPEG with restart markers of which its headers say nothing."""
    return without_segment(with_restarts(picture), 0xDD)


def scanned_twice(picture: Image.Image, other: Image.Image) -> bytes:
    """Return a baseline JPEG with a second scan of the same components, of another picture."""
    first, second = (encoded(each, "JPEG", quality=90) for each in (picture, other))
    return first.removesuffix(_EOI) + second[_segments(second)[-1][1] :]


def one_scan_each(picture: Image.Image) -> bytes:
    """Return an honest baseline JPEG of three components of one value each, a scan for each of them."""
    data = encoded(picture.convert("RGB"), "JPEG", quality=90, subsampling=0)
    _, at, _ = _segments(data)[-1]
    across, down = picture.size
    blocks = -(-across // 8) * -(-down // 8)
    # the same code of one bit says "no difference" and "no more coefficients"
    tables = b"".join(segment(0xC4, bytes((kind, 1, *bytes(15), 0))) for kind in (0x00, 0x10))
    zeros = bytes(blocks // 4) + bytes((0xFF >> blocks % 4 * 2,) if blocks % 4 else ())
    scans = [segment(_SOS, bytes((1, number, 0, 0, 63, 0))) + zeros for number in (1, 2, 3)]
    return data[:at] + tables + b"".join(scans) + _EOI


def without_a_scan(picture: Image.Image) -> bytes:
    """Return the same without the scan of the last component."""
    data = one_scan_each(picture)
    return data[: data.rindex(b"\xff\xda")] + _EOI


def many_scans(picture: Image.Image) -> bytes:
    """Return a progressive grey JPEG of 127 scans that follow each other as they should.

    Behind the means of the blocks comes, for each of 63 coefficients, a scan and its refinement, all zero.
    """
    data = encoded(picture.convert("L"), "JPEG", quality=90, progressive=True)
    _, _, begin = _segments(data)[-1]
    means = re.compile(rb"\xff[^\x00]").search(data, begin)
    assert means is not None
    across, down = picture.size
    blocks = -(-across // 8) * -(-down // 8)
    # one code of one bit, for "nothing but zeros": a zero bit for every block, then ones up to a byte
    table = segment(0xC4, b"\x10\x01" + bytes(15) + b"\0")
    zeros = bytes(blocks // 8) + bytes((0xFF >> blocks % 8,) if blocks % 8 else ())
    bands = [
        segment(_SOS, bytes((1, 1, 0, band, band, bits))) + zeros for bits in (0x01, 0x10) for band in range(1, 64)
    ]
    return data[: means.start()] + table + b"".join(bands) + _EOI


def named_rgb(picture: Image.Image) -> bytes:
    """Return a JPEG in YCbCr whose components are named R, G and B, with a JFIF header."""
    data = bytearray(encoded(picture.convert("RGB"), "JPEG", quality=90))
    for marker, at, _ in _segments(bytes(data)):
        first, step = {0xC0: (at + 10, 3), _SOS: (at + 5, 2)}.get(marker, (0, 0))
        if step:
            data[first : first + 3 * step : step] = b"RGB"
    return bytes(data)


def cut_jfif(picture: Image.Image) -> bytes:
    """Return a JPEG whose JFIF header has 12 bytes in place of 14: some decoders pass it over."""
    data = encoded(picture, "JPEG", quality=90)
    _, at, end = _segments(data)[0]
    return data[:at] + segment(0xE0, data[at + 4 : end - 2]) + data[end:]


def two_transforms(picture: Image.Image) -> bytes:
    """Return a JPEG with two Adobe headers, one for RGB and one for YCbCr."""
    data = encoded(picture, "JPEG", quality=90)
    headers = [segment(0xEE, b"Adobe\0\x64" + bytes((0, 0, 0, 0, kind))) for kind in (0, 1)]
    return data[:2] + b"".join(headers) + data[2:]


def segment(marker: int, body: bytes) -> bytes:
    """Return a JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def without_segment(data: bytes, marker: int) -> bytes:
    """Return a JPEG without the segments of a kind before its scan."""
    for kind, at, end in reversed(_segments(data)):
        if kind == marker:
            data = data[:at] + data[end:]
    return data


def _segments(data: bytes) -> list[tuple[int, int, int]]:
    """Return marker, start and end of the segments up to the first scan's header."""
    found: list[tuple[int, int, int]] = []
    at = 2
    while not found or found[-1][0] != _SOS:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        found.append((data[at + 1], at, end))
        at = end
    return found


# ── JPEG 2000 (ISO/IEC 15444) ────────────────────────────────────────────────────────────────────


def part_15(picture: Image.Image) -> bytes:
    """Return a JP2 file whose codestream says that it needs Part 15 (HTJ2K): bit of Rsiz, CAP, style."""
    data = encoded(picture, "JPEG2000", irreversible=False)
    at = data.index(b"\xff\x4f\xff\x51")
    head = bytearray(data[at : data.index(b"\xff\x52", at)])
    head[6:8] = b"\x40\x00"
    style = len(head) + 12
    capabilities = b"\xff\x50\0\x08" + struct.pack(">IH", 1 << 17, 0)
    body = bytearray(head + data[at + len(head) :])
    body[style] |= 0x40
    body[len(head) : len(head)] = capabilities
    return _resized(data, at, bytes(body))


def styled_tile(picture: Image.Image) -> bytes:
    """Return a JP2 file that changes to Part 15's coder in the header of its tile-part alone."""
    data = encoded(picture, "JPEG2000", irreversible=False)
    at = data.index(b"\xff\x4f\xff\x51")
    code, tile = data.index(b"\xff\x52", at), data.index(b"\xff\x90", at)
    size = int.from_bytes(data[code + 2 : code + 4], "big")
    style = bytearray(data[code : code + 2 + size])
    style[12] |= 0x40
    part = bytearray(data[tile : tile + 12])
    part[6:10] = struct.pack(">I", int.from_bytes(part[6:10], "big") + len(style))
    return _resized(data, at, data[at:tile] + part + style + data[tile + 12 :])


def composed(picture: Image.Image) -> bytes:
    """Return a JP2 file with a compositing layer of Part 2, which most readers pass over."""
    data = encoded(picture, "JPEG2000", irreversible=False)
    at = data.index(b"jp2c") - 4
    layer = struct.pack(">I4sI4sI4s", 24, b"jplh", 16, b"opct", 8, b"cgrp")
    return data[:at] + layer + data[at:]


def two_colours(picture: Image.Image) -> bytes:
    """Return a JP2 file that says sYCC first, and sRGB, which it calls the better, behind it."""
    data = encoded(picture.convert("RGB"), "JPEG2000", irreversible=False)
    at = data.index(b"jp2h") - 4
    size = int.from_bytes(data[at : at + 4], "big")
    first, best = (struct.pack(">I4sBBBI", 15, b"colr", 1, 0, good, space) for good, space in ((0, 18), (1, 16)))
    old = data.index(b"colr", at) - 4
    boxes = data[at + 8 : old] + first + best + data[old + 15 : at + size]
    return data[:at] + struct.pack(">I4s", 8 + len(boxes), b"jp2h") + boxes + data[at + size :]


def _resized(data: bytes, at: int, codestream: bytes) -> bytes:
    """Return a JP2 file with another codestream in its last box."""
    return data[: at - 8] + struct.pack(">I4s", 8 + len(codestream), b"jp2c") + codestream


# ── colour profiles (ICC.1:2010) ─────────────────────────────────────────────────────────────────

SRGB_COLUMNS = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141))
#: columns with which red ink is as light as paper: red letters are lost in white
RED_IS_WHITE = ((0.9642, 1.0, 0.8249), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))


def gamma(value: float) -> list[int]:
    """Return 256 samples of a curve."""
    return [round(65535 * (n / 255) ** value) for n in range(256)]


def light_grey_is_black() -> list[int]:
    """Return a curve that makes all but white black: whatever is grey turns into black blocks."""
    return [0] * 250 + [round(65535 * n / 5) for n in range(6)]


def light_grey_is_white() -> list[int]:
    """Return a curve that hides grey letters in the white around them."""
    return [min(65535, value * 7 // 4) for value in gamma(2.2)]


def falling() -> list[int]:
    """Return a curve that turns some greys over: letters and paper change places."""
    table = gamma(2.2)
    table[150:230] = reversed(table[150:230])
    return table


def rgb_profile(curve: list[int], columns: tuple[tuple[float, float, float], ...] = SRGB_COLUMNS) -> bytes:
    """Return a display profile of a matrix and one curve for all."""
    tags = {
        name: b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in column))
        for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)
    }
    return profile(b"RGB ", tags | {name: sampled(curve) for name in (b"rTRC", b"gTRC", b"bTRC")})


def grey_profile(curve: list[int]) -> bytes:
    """Return a profile of one channel."""
    return profile(b"GRAY", {b"kTRC": sampled(curve)})


def sampled(curve: list[int]) -> bytes:
    """Return a curve's samples as a tag (10.5)."""
    return b"curv\0\0\0\0" + struct.pack(f">I{len(curve)}H", len(curve), *curve)


def profile(space: bytes, tags: dict[bytes, bytes], *, connection: bytes = b"XYZ ") -> bytes:
    """Return a version 2 profile with these tags and those that every profile has."""
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    text = b"a profile for tests"
    tags = tags | {
        b"wtpt": white,
        b"cprt": b"text\0\0\0\0CC0\0",
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + bytes(79),
    }
    table, data = struct.pack(">I", len(tags)), b""
    start = 132 + 12 * len(tags)
    for name, body in tags.items():
        table += struct.pack(">4sII", name, start + len(data), len(body))
        data += body + bytes(-len(body) % 4)
    head = struct.pack(
        ">I4sI4s4s4s6H4s28x3i48x",
        start + len(data),
        bytes(4),
        0x02100000,
        b"mntr",
        space,
        connection,
        2026,
        1,
        1,
        0,
        0,
        0,
        b"acsp",
        0xF6D6,
        0x10000,
        0xD32D,
    )
    return head + table + data
