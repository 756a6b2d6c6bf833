"""Evaluate the transformation of an ICC profile to the connection space (ICC.1:2010, 10), as L*a*b*.

Only what profiles of scanners, screens and presses hold: curves, a matrix, tables of one or two bytes
(lut8Type, lut16Type, lutAToBType). The parser is fed by strangers: whatever does not fit raises
ValueError, and nothing is larger than the profile itself.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import sub

from ecert.model.limits import MAX_CURVE_VALUES, MAX_PROFILE_SIDE

Lab = tuple[float, float, float]
Curve = Callable[[float], float]
_ToLab = Callable[[Sequence[float]], Lab]

_D50 = (0.9642, 1.0, 0.8249)  # 7.2.16
_MOST_DIP = 0.01  # part of the range by which a curve may fall back: measured ones have some noise
_MATRIX_TAGS = (b"rXYZ", b"gXYZ", b"bXYZ")
_CURVE_TAGS = (b"rTRC", b"gTRC", b"bTRC")
_TABLE_TAGS = (b"A2B0", b"A2B1", b"A2B2")
#: float tables of version 4.3, which some readers prefer and others do not know (9.2.17)
_FLOAT_TAGS = (b"D2B0", b"D2B1", b"D2B2", b"D2B3")
_IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Transform:
    """A way from device values of 0…1 to L*a*b*, and the longest side of its table, 0 without one."""

    to_lab: _ToLab
    side: int = 0


class NotMonotonic(ValueError):
    """A curve of the profile falls where it should rise."""


def transforms(profile: bytes, channels: int) -> list[Transform]:
    """Return every transformation to the connection space that a reader may choose.

    The profile's header and table of tags have been checked.

    Raises:
        ValueError: one of them is missing, broken, or of another kind.
        NotMonotonic: a curve falls.
    """
    try:
        return _transforms(profile, channels)
    except (struct.error, IndexError, OverflowError, ZeroDivisionError) as error:
        raise ValueError("a broken profile") from error


def _transforms(profile: bytes, channels: int) -> list[Transform]:
    tags = _tags(profile)
    space = profile[20:24]
    if any(tag in tags for tag in _FLOAT_TAGS):
        raise ValueError("a profile with float tables")
    found = [_table(tags[tag], channels, space) for tag in _TABLE_TAGS if tag in tags]
    if channels == 1 and b"kTRC" in tags:
        found.append(Transform(_grey(_curve(tags[b"kTRC"]), space)))
    if channels == 3 and all(tag in tags for tag in (*_MATRIX_TAGS, *_CURVE_TAGS)):
        found.append(Transform(_matrix(tags)))
    if not found:
        raise ValueError("a profile without a transformation")
    return found


def _tags(profile: bytes) -> dict[bytes, bytes]:
    """Return the tags' data by signature (7.3)."""
    found: dict[bytes, bytes] = {}
    for at in range(132, 132 + 12 * struct.unpack_from(">I", profile, 128)[0], 12):
        signature, offset, size = struct.unpack_from(">4sII", profile, at)
        if signature in found:
            raise ValueError("a profile with a tag twice")
        found[signature] = profile[offset : offset + size]
    return found


# ── curves (10.5, 10.15) ─────────────────────────────────────────────────────────────────────────


def _curve(data: bytes) -> Curve:
    """Return a curve from 0…1 to 0…1."""
    kind = data[:4]
    if kind == b"para":
        return _parametric(data)
    if kind != b"curv":
        raise ValueError("a curve of another kind")
    count = struct.unpack_from(">I", data, 8)[0]
    if count > MAX_CURVE_VALUES:
        raise ValueError("a curve of too many values")
    if count == 0:
        return lambda value: value
    if count == 1:
        gamma = struct.unpack_from(">H", data, 12)[0] / 256
        return lambda value: value**gamma if value > 0 else 0.0
    return _sampled(_words(data[12 : 12 + 2 * count], count), 65535)


def _size_of_curve(data: bytes, at: int) -> int:
    """Return the bytes of the curve that begins at ``at``."""
    if data[at : at + 4] == b"curv":
        return 12 + 2 * int(struct.unpack_from(">I", data, at + 8)[0])
    return 12 + 4 * _PARAMETERS[struct.unpack_from(">H", data, at + 8)[0]]


_PARAMETERS = (1, 3, 4, 5, 7)


def _parametric(data: bytes) -> Curve:
    kind = struct.unpack_from(">H", data, 8)[0]
    stated = struct.unpack_from(f">{_PARAMETERS[kind]}i", data, 12)
    values = [number / 65536 for number in stated] + [0.0] * 7
    g, a, b, c, d, e, f = values[:7]
    if kind == 0:
        a, d = 1.0, -1.0
    elif kind in (1, 2):
        if not a:
            raise ValueError("a broken curve")
        d, e, f, c = -b / a, c, c, 0.0
    elif kind == 3:
        e = f = 0.0

    def value_of(x: float) -> float:
        y: float = max(a * x + b, 0.0) ** g + e if x >= d else c * x + f
        return min(max(y, 0.0), 1.0)

    # sampled as finely as any reader samples it, to be looked at like the others
    return _sampled([round(65535 * value_of(n / 4095)) for n in range(4096)], 65535)


def _words(data: bytes, count: int) -> array[int]:
    words = array("H", data)
    if len(words) != count or not count:
        raise ValueError("a table that is cut")
    if sys.byteorder == "little":
        words.byteswap()
    return words


def _sampled(table: Sequence[int], full: int) -> Curve:
    """Return the curve of equidistant samples.

    Raises:
        NotMonotonic: it falls.
    """
    if max(map(sub, accumulate(table, max), table)) > _MOST_DIP * full:
        raise NotMonotonic("a curve that falls")
    last = len(table) - 1

    def value_of(value: float) -> float:
        place = min(max(value, 0.0), 1.0) * last
        low = min(int(place), last - 1)
        share = place - low
        return (table[low] * (1 - share) + table[low + 1] * share) / full

    return value_of


# ── one channel, three channels with a matrix (F.2, F.3) ─────────────────────────────────────────


def _grey(curve: Curve, space: bytes) -> _ToLab:
    if space == b"Lab ":
        return lambda device: (100 * curve(device[0]), 0.0, 0.0)
    return lambda device: _lab(*(white * curve(device[0]) for white in _D50))


def _matrix(tags: dict[bytes, bytes]) -> _ToLab:
    columns = [_xyz(tags[tag]) for tag in _MATRIX_TAGS]
    curves = [_curve(tags[tag]) for tag in _CURVE_TAGS]

    def transform(device: Sequence[float]) -> Lab:
        linear = [curve(value) for curve, value in zip(curves, device, strict=True)]
        x, y, z = (sum(column[row] * value for column, value in zip(columns, linear, strict=True)) for row in range(3))
        return _lab(x, y, z)

    return transform


def _xyz(data: bytes) -> tuple[float, float, float]:
    if data[:4] != b"XYZ ":
        raise ValueError("a colorant of another kind")
    x, y, z = struct.unpack_from(">3i", data, 8)
    return x / 65536, y / 65536, z / 65536


def _lab(x: float, y: float, z: float) -> Lab:
    """Return L*a*b* of XYZ relative to D50 (CIE 15)."""
    fx, fy, fz = (
        t ** (1 / 3) if (t := max(v, 0.0) / w) > 216 / 24389 else (24389 / 27 * t + 16) / 116
        for v, w in zip((x, y, z), _D50, strict=True)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


# ── tables (10.8 to 10.10) ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Grid:
    """A table of three values for every point of a grid over the device's channels, the last fastest."""

    points: tuple[int, ...]
    values: Sequence[int]
    full: int

    def __post_init__(self) -> None:
        """Refuse a table that is not as large as its grid."""
        count = 3
        for side in self.points:
            count *= side
        if not 2 <= min(self.points) <= max(self.points) <= MAX_PROFILE_SIDE or len(self.values) != count:
            raise ValueError("a table of another size than stated")

    def at(self, device: Sequence[float]) -> list[float]:
        """Return the values between the points around a colour."""
        corners = [(0, 1.0)]
        for value, side in zip(device, self.points, strict=True):
            place = min(max(value, 0.0), 1.0) * (side - 1)
            low = min(int(place), side - 2)
            share = place - low
            corners = [
                (index * side + low + step, weight * part)
                for index, weight in corners
                for step, part in ((0, 1 - share), (1, share))
                if part
            ]
        return [sum(self.values[3 * index + n] * weight for index, weight in corners) / self.full for n in range(3)]


def _table(data: bytes, channels: int, space: bytes) -> Transform:
    kind = data[:4]
    if kind in (b"mft1", b"mft2"):
        return _lut(data, channels, space, wide=kind == b"mft2")
    if kind == b"mAB ":
        return _lut_a_to_b(data, channels, space)
    raise ValueError("a table of another kind")


def _lut(data: bytes, channels: int, space: bytes, *, wide: bool) -> Transform:
    inputs, outputs, side = data[8], data[9], data[10]
    matrix = tuple(v / 65536 for v in struct.unpack_from(">9i", data, 12))
    # it is for XYZ alone, and some readers use it nevertheless
    if (inputs, outputs) != (channels, 3) or matrix != _IDENTITY:
        raise ValueError("a table of another size than stated")
    entries, exits, at = 256, 256, 48
    if wide:
        entries, exits = struct.unpack_from(">HH", data, 48)
        at = 52
    if entries < 2 or exits < 2:
        raise ValueError("a table of another size than stated")
    size = 2 if wide else 1
    count = 3 * side**channels
    total = channels * entries + count + 3 * exits
    body = data[at : at + size * total]
    values: Sequence[int] = _words(body, total) if wide else body
    if len(values) != total:
        raise ValueError("a table that is cut")
    full = 65535 if wide else 255
    before = [_sampled(values[n * entries : (n + 1) * entries], full) for n in range(channels)]
    grid = _Grid((side,) * channels, values[channels * entries :][:count], full)
    rest = values[channels * entries + count :]
    after = [_sampled(rest[n * exits : (n + 1) * exits], full) for n in range(3)]
    if space == b"Lab ":
        # version 2's encoding ends at 0xFF00 (annex A), and stays for this type
        scale = 65535 / 65280 if wide else 1.0
        origin = 32768 / 65280 if wide else 128 / 255
        to_lab = _lab_of(scale, origin)
    else:
        to_lab = _lab_of_xyz

    def transform(device: Sequence[float]) -> Lab:
        device = [curve(value) for curve, value in zip(before, device, strict=True)]
        return to_lab([curve(v) for curve, v in zip(after, grid.at(device), strict=True)])

    return Transform(transform, side)


def _lab_of(scale: float, origin: float) -> Callable[[Sequence[float]], Lab]:
    def to_lab(pcs: Sequence[float]) -> Lab:
        lightness, a, b = (value * scale for value in pcs)
        return 100 * lightness, 255 * (a - origin), 255 * (b - origin)

    return to_lab


def _lab_of_xyz(pcs: Sequence[float]) -> Lab:
    x, y, z = (value * 65535 / 32768 for value in pcs)
    return _lab(x, y, z)


def _lut_a_to_b(data: bytes, channels: int, space: bytes) -> Transform:
    """Return A curves, table, M curves, matrix and B curves, those that are there, one after the other."""
    if (data[8], data[9]) != (channels, 3):
        raise ValueError("a table of another size than stated")
    b_curves, matrix, m_curves, table, a_curves = struct.unpack_from(">5I", data, 12)
    if not b_curves or bool(matrix) != bool(m_curves) or (bool(table) != bool(a_curves)):
        raise ValueError("a table that lacks a part")
    steps: list[Callable[[Sequence[float]], Sequence[float]]] = []
    side = 0
    if table:
        grid = _grid(data, table, channels)
        steps += [_each(_curves(data, a_curves, channels)), grid.at]
        side = max(grid.points)
    elif channels != 3:
        raise ValueError("a table that lacks a part")
    if matrix:
        steps += [_each(_curves(data, m_curves, 3)), _affine(data, matrix)]
    steps.append(_each(_curves(data, b_curves, 3)))
    to_lab = _lab_of(1.0, 128 / 255) if space == b"Lab " else _lab_of_xyz

    def transform(device: Sequence[float]) -> Lab:
        for step in steps:
            device = step(device)
        return to_lab(device)

    return Transform(transform, side)


def _curves(data: bytes, at: int, count: int) -> list[Curve]:
    found = []
    for _ in range(count):
        size = _size_of_curve(data, at)
        found.append(_curve(data[at : at + size]))
        at += -(-size // 4) * 4
    return found


def _each(curves: Sequence[Curve]) -> Callable[[Sequence[float]], Sequence[float]]:
    return lambda values: [curve(v) for curve, v in zip(curves, values, strict=True)]


def _grid(data: bytes, at: int, channels: int) -> _Grid:
    points = tuple(data[at : at + channels])
    if len(points) != channels:
        raise ValueError("a table that is cut")
    width = data[at + 16]
    count = 3
    for side in points:
        count *= side
    if width not in (1, 2) or count > len(data):
        raise ValueError("a table of another size than stated")
    body = data[at + 20 : at + 20 + width * count]
    return _Grid(points, _words(body, count) if width == 2 else body, 65535 if width == 2 else 255)


def _affine(data: bytes, at: int) -> Callable[[Sequence[float]], Sequence[float]]:
    m = [v / 65536 for v in struct.unpack_from(">12i", data, at)]
    return lambda v: [
        m[3 * row] * v[0] + m[3 * row + 1] * v[1] + m[3 * row + 2] * v[2] + m[9 + row] for row in range(3)
    ]
