"""The two facts of an EXIF block that decide how a page stands: orientation and resolution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from ecert.formats.images.ifd import density, read_directory, read_header
from ecert.model.images import Orientation


@dataclass(frozen=True, slots=True)
class Exif:
    """Orientation (tag 274; anything but 1 to 8 counts as 1) and dots per inch, if stated."""

    orientation: Orientation = 1
    dpi: tuple[float, float] | None = None


def as_orientation(value: float) -> Orientation:
    """Return ``value`` where it is one of 1 to 8, else 1."""
    return cast(Orientation, int(value)) if value in range(1, 9) else 1


def read_exif(block: bytes | None) -> Exif:
    """Read a TIFF-shaped EXIF block, with or without its ``Exif`` prefix; a broken one says nothing."""
    if not block:
        return Exif()
    block = block.removeprefix(b"Exif\0\0")
    try:
        header = read_header(block)
        tags, _ = read_directory(block, header, header.first)
    except ValueError:
        return Exif()
    orientation: Orientation = 1
    if 274 in tags:
        try:
            orientation = as_orientation(tags[274].integers()[0])
        except (ValueError, IndexError):
            orientation = 1
    return Exif(orientation, density(tags))
