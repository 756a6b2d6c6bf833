"""TIFF 6.0 image file directories, as TIFF files, EXIF blocks and MPF segments carry them."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ecert.model.limits import MAX_TAG_VALUES

_FORMATS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I", 16: "Q"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}


@dataclass(frozen=True, slots=True)
class Header:
    """Byte order, offset size and the place of the first directory (TIFF 6.0, section 2)."""

    order: Literal["<", ">"]
    big: bool
    first: int


@dataclass(frozen=True, slots=True)
class Tag:
    """One directory entry; its value is read, and checked, when it is asked for."""

    data: bytes
    order: Literal["<", ">"]
    kind: int
    count: int
    at: int

    def raw(self) -> bytes:
        """Return the value's bytes.

        Raises:
            ValueError: the type is unknown or the value lies outside the data.
        """
        end = self.at + _SIZES.get(self.kind, 0) * self.count
        if end == self.at or end > len(self.data):
            raise ValueError("a tag's value lies outside the file")
        return self.data[self.at : end]

    def numbers(self) -> tuple[float, ...]:
        """Return the values; a rational with a zero denominator is 0.

        Raises:
            ValueError: as :meth:`raw`, or not a number, or over ``MAX_TAG_VALUES``.
        """
        if self.count > MAX_TAG_VALUES:
            raise ValueError(f"a tag of {self.count:,} values, the limit is {MAX_TAG_VALUES:,}")
        raw = self.raw()
        if self.kind in (5, 10):
            letter = "I" if self.kind == 5 else "i"
            parts = struct.unpack(f"{self.order}{2 * self.count}{letter}", raw)
            return tuple(a / b if b else 0.0 for a, b in zip(parts[::2], parts[1::2], strict=True))
        if self.kind not in _FORMATS:
            raise ValueError("a tag that should be a number is not")
        return struct.unpack(f"{self.order}{self.count}{_FORMATS[self.kind]}", raw)

    def integers(self) -> tuple[int, ...]:
        """Return the values as whole numbers.

        Raises:
            ValueError: as :meth:`numbers`, or a value is not whole.
        """
        if self.kind not in (1, 3, 4, 6, 8, 9, 13, 16):
            raise ValueError("a tag that should be a whole number is not")
        return tuple(int(value) for value in self.numbers())


def read_header(data: bytes) -> Header:
    """Read the first bytes of TIFF or BigTIFF data.

    Raises:
        ValueError: this is no TIFF header.
    """
    order: Literal["<", ">"] = "<" if data[:2] == b"II" else ">"
    if data[:2] not in (b"II", b"MM") or len(data) < 8:
        raise ValueError("no TIFF header")
    version = struct.unpack_from(order + "H", data, 2)[0]
    if version == 42:
        return Header(order, False, struct.unpack_from(order + "I", data, 4)[0])
    if version == 43 and len(data) >= 16 and struct.unpack_from(order + "HH", data, 4) == (8, 0):
        return Header(order, True, struct.unpack_from(order + "Q", data, 8)[0])
    raise ValueError("no TIFF header")


def read_directory(data: bytes, header: Header, at: int) -> tuple[Mapping[int, Tag], int]:
    """Read the directory at ``at``; return its tags (the first of each) and the next one's place.

    Raises:
        ValueError: the directory lies outside the data.
    """
    order = header.order
    count_format, entry_format, width = ("Q", "HHQ", 8) if header.big else ("H", "HHI", 4)
    head = struct.calcsize("=" + count_format)
    entry = 4 + 2 * width
    if at < 8 or at + head > len(data):
        raise ValueError("a directory lies outside the file")
    count = struct.unpack_from(order + count_format, data, at)[0]
    end = at + head + count * entry
    if count > 65_535 or end > len(data):
        raise ValueError("a directory lies outside the file")
    tags: dict[int, Tag] = {}
    for place in range(at + head, end, entry):
        tag, kind, number = struct.unpack_from(order + entry_format, data, place)
        value = place + 4 + width
        if _SIZES.get(kind, 0) * number > width:
            value = struct.unpack_from(order + ("Q" if header.big else "I"), data, value)[0]
        tags.setdefault(tag, Tag(data, order, kind, number, value))
    if end + width > len(data):
        return tags, 0
    return tags, struct.unpack_from(order + ("Q" if header.big else "I"), data, end)[0]


def density(tags: Mapping[int, Tag]) -> tuple[float, float] | None:
    """Return tags 282, 283 and 296 as dots per inch, else None (TIFF 6.0, section 8)."""
    try:
        unit = tags[296].integers()[0] if 296 in tags else 2
        factor = {2: 1.0, 3: 2.54}[unit]
        return tags[282].numbers()[0] * factor, tags[283].numbers()[0] * factor
    except (KeyError, ValueError, IndexError):
        return None
