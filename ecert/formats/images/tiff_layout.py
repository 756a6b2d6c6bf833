"""What a TIFF page's directory says about its samples (TIFF 6.0, sections 3 to 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ecert.formats.images import refusals
from ecert.formats.images.exif import as_orientation
from ecert.formats.images.fax import Coding
from ecert.formats.images.flate import row_bytes
from ecert.formats.images.ifd import Tag, density
from ecert.formats.images.resolution import Density
from ecert.model.images import Colour, Orientation
from ecert.model.limits import MAX_SIDE_PIXELS

NONE, G3_ROWS, G3, G4, LZW, OLD_JPEG, JPEG, DEFLATE = 1, 2, 3, 4, 5, 6, 7, 8
_PACKBITS, _OLD_DEFLATE, _LZMA = 32773, 32946, 34925
#: Compressions that are undone without loss, strip by strip.
LOSSLESS = (NONE, G3_ROWS, G3, G4, LZW, DEFLATE, _OLD_DEFLATE, _PACKBITS, _LZMA)
FAX = (G3_ROWS, G3, G4)
JPEGS = (OLD_JPEG, JPEG)
_NAMES = {34676: "SGI LogLuv", 34712: "JPEG 2000", 50000: "Zstandard", 50001: "WebP"}
#: Photometric interpretation → colour, colour channels.
_COLOURS: dict[int, tuple[Colour, int]] = {
    0: ("grey", 1),
    1: ("grey", 1),
    2: ("rgb", 3),
    3: ("indexed", 1),
    5: ("cmyk", 4),
    6: ("rgb", 3),
}

Alpha = Literal["none", "straight", "premultiplied"]


@dataclass(frozen=True)
class Layout:
    """One page: where its strips or tiles lie and how samples are packed in them."""

    order: Literal["<", ">"]
    width: int
    height: int
    bits: int
    channels: int  # alpha included
    colour: Colour
    alpha: Alpha
    min_is_white: bool
    compression: int
    planar: bool
    reversed_bits: bool
    predictor: bool  # horizontal differencing
    fax_options: int  # T4Options
    tile: tuple[int, int] | None
    rows_per_strip: int
    offsets: tuple[int, ...]
    sizes: tuple[int, ...]
    palette: bytes | None
    orientation: Orientation
    density: Density | None
    profile: bytes | None

    @property
    def fax_coding(self) -> Coding:
        """Return how a fax page is coded (section 11)."""
        if self.compression == G3:
            return "G3-2D" if self.fax_options & 1 else "G3"
        return "G4" if self.compression == G4 else "rows"

    @property
    def chunk(self) -> tuple[int, int]:
        """Return (width, height) of a whole tile or strip."""
        return self.tile or (self.width, min(self.rows_per_strip, self.height))

    @property
    def samples_in_chunk(self) -> int:
        """Return the samples per pixel within one strip or tile."""
        return 1 if self.planar else self.channels


def read_layout(tags: Mapping[int, Tag], order: Literal["<", ">"], *, name: str) -> Layout:
    """Check a directory and return its layout.

    Raises:
        InputError: ``damaged-image``, ``too-large``, ``unsupported-format``,
            ``lossless-impossible``.
    """
    try:
        return _layout(tags, order, name)
    except (ValueError, IndexError) as error:
        raise refusals.damaged_image(name, "a broken TIFF directory") from error


def _layout(tags: Mapping[int, Tag], order: Literal["<", ">"], name: str) -> Layout:
    def number(tag: int, default: int) -> int:
        return tags[tag].integers()[0] if tag in tags else default

    width, height = number(256, 0), number(257, 0)
    refusals.check_pixels(name, width, height)
    compression, photometric = number(259, NONE), number(262, -1)
    channels = number(277, 1 if 258 not in tags else len(tags[258].integers()))
    bits = _bits(tags, channels, compression, name)
    colour, alpha = _colour(tags, photometric, channels, bits, compression, name)
    tile = (number(322, 0), number(323, 0)) if 322 in tags else None
    offsets = tags[324 if tile else 273].integers() if (324 if tile else 273) in tags else ()
    sizes = tags[325 if tile else 279].integers() if (325 if tile else 279) in tags else ()
    rows_per_strip = number(278, height) or height
    planar = number(284, 1) == 2 and channels > 1
    if tile and (min(tile) < 1 or tile[0] % 16 or tile[1] % 16 or max(tile) > 2 * MAX_SIDE_PIXELS):
        raise refusals.damaged_image(name, f"TIFF tiles of {tile[0]} x {tile[1]} pixels")
    across, down = tile or (width, min(rows_per_strip, height))
    expected = -(-width // across) * -(-height // down) * (channels if planar else 1)
    if not sizes and len(offsets) == 1 and compression == NONE:
        sizes = (row_bytes(width, channels, bits) * height,)
    if compression not in JPEGS and not len(offsets) == len(sizes) == expected:
        raise refusals.damaged_image(name, f"{len(offsets)} TIFF strips or tiles, {expected} needed")
    if number(317, 1) not in (1, 2):
        raise refusals.lossless_impossible(name, "a TIFF with a floating-point predictor")
    return Layout(
        order=order,
        width=width,
        height=height,
        bits=bits,
        channels=channels,
        colour=colour,
        alpha=alpha,
        min_is_white=photometric == 0,
        compression=compression,
        planar=planar,
        reversed_bits=number(266, 1) == 2,
        predictor=number(317, 1) == 2 and compression in (LZW, DEFLATE, _OLD_DEFLATE, _LZMA),
        fax_options=number(292, 0),
        tile=tile,
        rows_per_strip=rows_per_strip,
        offsets=offsets,
        sizes=sizes,
        palette=_palette(tags, bits, name) if colour == "indexed" else None,
        orientation=as_orientation(number(274, 1)),
        density=density(tags),
        profile=tags[34675].raw() if 34675 in tags else None,
    )


def _bits(tags: Mapping[int, Tag], channels: int, compression: int, name: str) -> int:
    """Return the one depth of all samples; anything that is not an unsigned number is refused."""
    depths = tags[258].integers()[: max(channels, 1)] if 258 in tags else (1,)
    kinds = tags[339].integers() if 339 in tags else (1,)
    if any(kind not in (1, 4) for kind in kinds):
        what = "signed" if 2 in kinds else "floating-point or complex"
        raise refusals.lossless_impossible(name, f"a TIFF of {what} samples")
    if len(set(depths)) != 1:
        raise refusals.unsupported(name, "a TIFF with channels of different depths")
    if depths[0] not in ((8,) if compression in JPEGS else (1, 2, 4, 8, 12, 16)):
        raise refusals.lossless_impossible(name, f"a TIFF of {depths[0]}-bit samples")
    return depths[0]


def _colour(
    tags: Mapping[int, Tag], photometric: int, channels: int, bits: int, compression: int, name: str
) -> tuple[Colour, Alpha]:
    if compression not in LOSSLESS and compression not in JPEGS:
        named = _NAMES.get(compression, f"compression {compression}")
        raise refusals.unsupported(name, f"a TIFF with {named}")
    if photometric not in _COLOURS:
        what = {8: "CIE Lab", 9: "ICC Lab", 10: "ITU Lab", -1: "unnamed"}.get(photometric, "exotic")
        raise refusals.lossless_impossible(name, f"a TIFF in {what} colour")
    if photometric == 6 and compression not in JPEGS:
        raise refusals.lossless_impossible(name, "a TIFF in YCbCr colour without JPEG")
    if photometric == 5 and 332 in tags and tags[332].integers()[0] != 1:
        raise refusals.lossless_impossible(name, "a TIFF in inks other than CMYK")
    colour, colours = _COLOURS[photometric]
    if channels == colours:
        if compression in FAX and (bits, colour) != (1, "grey"):
            raise refusals.damaged_image(name, "fax compression of other than black and white")
        if bits < 8 and colours > 1:
            raise refusals.unsupported(name, f"a colour TIFF of {bits}-bit samples")
        if colour == "indexed" and bits not in (1, 2, 4, 8):
            raise refusals.unsupported(name, f"a TIFF palette of {bits} bits")
        return colour, "none"
    extra = tags[338].integers() if 338 in tags else (0,)
    if channels != colours + 1 or len(extra) != 1 or extra[0] not in (1, 2):
        raise refusals.unsupported(name, f"a TIFF of {channels} channels, some of unknown meaning")
    if colour not in ("grey", "rgb") or bits not in (8, 16) or photometric in (0, 6):
        raise refusals.unsupported(name, f"a TIFF with transparency in {bits}-bit {colour}")
    return colour, "premultiplied" if extra[0] == 1 else "straight"


def _palette(tags: Mapping[int, Tag], bits: int, name: str) -> bytes:
    """Return the colour map as RGB triples; its 16-bit values must be 8-bit ones in disguise."""
    values = tags[320].integers() if 320 in tags else ()
    size = 1 << bits
    if len(values) != 3 * size:
        raise refusals.damaged_image(name, "a broken TIFF colour map")
    if all(value % 257 == 0 for value in values):
        values = tuple(value // 257 for value in values)
    elif all(value % 256 == 0 for value in values):
        values = tuple(value // 256 for value in values)
    elif max(values) > 255:  # old writers put 8-bit values in
        raise refusals.lossless_impossible(name, "a TIFF with a 16-bit colour map")
    return bytes(value for entry in zip(*_thirds(values), strict=True) for value in entry)


def _thirds(values: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    size = len(values) // 3
    return values[:size], values[size : 2 * size], values[2 * size :]
