"""One scanned page as it will stand in the PDF: the input's own encoded data and the facts about it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ecert.model.limits import MAX_PAGE_POINTS, MIN_PAGE_POINTS

Encoding = Literal["DCTDecode", "FlateDecode", "JPXDecode"]
Colour = Literal["grey", "rgb", "cmyk", "indexed"]

#: EXIF orientation values (TIFF 6.0, tag 274): 1 upright, 3 upside down, 6 and 8 on their side, the rest mirrored.
Orientation = Literal[1, 2, 3, 4, 5, 6, 7, 8]


@dataclass(frozen=True)
class StoredImage:
    """An image XObject's encoded data and dictionary facts (ISO 32000-1, 8.9.5), never decoded and encoded with loss.

    ``width`` and ``height`` are pixels of the stored stream, before ``orientation`` is applied on the page;
    ``dpi`` is (horizontal, vertical) of the stored stream, in pixels per inch, rounded to three decimals.
    """

    data: bytes
    encoding: Encoding
    width: int
    height: int
    bits: int  # per component: 1, 2, 4, 8, 16; for JPXDecode the depth inside the file
    colour: Colour
    dpi: tuple[float, float]
    orientation: Orientation = 1
    palette: bytes | None = None  # "indexed" only: RGB triples, at most 256
    icc: bytes | None = None  # the image's own profile, else None
    inverted: bool = False  # Adobe CMYK or min-is-white data: /Decode [1 0 ...]
    predictor: bool = False  # FlateDecode with PNG predictors (/Predictor 15), as in a PNG's IDAT
    reencoded: bool = False  # the stream is ours, made without loss; False: the input's own bytes
    alpha_flattened: bool = False  # transparency was laid on white
    source: str = ""  # file name for messages, never stored in the PDF

    @cached_property
    def sha256(self) -> str:
        """Return the SHA-256 of the stored stream, in lower-case hex."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def size_points(self) -> tuple[float, float]:
        """Return the page's (width, height) in points (1/72 inch), after orientation, to three decimals."""
        return points_of((self.width, self.height), self.dpi, self.orientation)


def points_of(pixels: tuple[int, int], dpi: tuple[float, float], orientation: int) -> tuple[float, float]:
    """Return the (width, height) in points of a page that shows a picture: pixels ÷ resolution."""
    across, down = round(pixels[0] * 72 / dpi[0], 3), round(pixels[1] * 72 / dpi[1], 3)
    return (across, down) if orientation <= 4 else (down, across)


def fits_a_page(points: tuple[float, float]) -> bool:
    """Return whether PDF/A-3 may have a page of this size (ISO 19005-3, 6.1.13)."""
    return all(MIN_PAGE_POINTS <= side <= MAX_PAGE_POINTS for side in points)


def in_colour(colour: str, bits: int) -> bool:
    """Return whether a page with this colour kind and depth is a colour scan; two-entry palettes are not."""
    return colour in ("rgb", "cmyk") or (colour == "indexed" and bits > 1)
