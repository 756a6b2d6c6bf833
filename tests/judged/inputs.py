"""One small picture in every format that may be handed in, and what of each must stand in the copy.

The stored stream is cut out of each input here by hand or by another library, so that nothing of
ecert's own reading decides what "the scanner's own bytes" are.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import img2pdf
import pikepdf
from PIL import Image, ImageOps

from ecert.testing import sample_images, sample_scan

DPI: Final = 200  # the floor of the profile vn-2025-11
SIZE: Final = (120, 160)  # pixels: small pages keep DSS, which renders them, quick
ORIENTATION: Final = 0x0112  # EXIF tag


@dataclass(frozen=True)
class Page:
    """One page of an input: what must be stored, and what must be seen."""

    encoding: str  # the stream's /Filter
    stored: bytes | None  # the input's own encoded data; None: has to be encoded anew
    seen: Image.Image  # upright, RGB
    tolerance: float = 9.0  # mean difference between this and what poppler makes of it; it softens edges
    dpi: int = DPI


@dataclass(frozen=True)
class Input:
    """One file to certify."""

    data: bytes
    pages: tuple[Page, ...]
    dpi: float | None = None  # said by the caller where the file says nothing


def get_input(name: str) -> Input:
    """Return an input by its name in ``INPUTS``."""
    return _inputs()[name]


#: JPEG, PNG, JPEG 2000 and scanner PDFs pass through; fax data and the last three are encoded anew.
INPUTS: Final = (
    "grey.jpg",
    "rgb.jpg",
    "progressive.jpg",
    "cmyk.jpg",
    "oriented.jpg",
    "bilevel.png",
    "grey.png",
    "grey16.png",
    "palette.png",
    "rgb.png",
    "g4.tif",
    "rgb.jp2",
    "grey.jp2",
    "scanner.pdf",
    "rgba.png",
    "lzw.tif",
    "rgb.webp",
)


@cache
def _inputs() -> dict[str, Input]:
    colour = _picture()
    grey, palette = colour.convert("L"), colour.quantize(16)
    bilevel = grey.point([255 * (value > 110) for value in range(256)], "1")
    fine = b"".join(bytes([i % 256, value]) for i, value in enumerate(grey.tobytes()))
    grey16 = Image.frombytes("I;16", SIZE, fine)  # the low octets say what 8 bits cannot
    made = {
        "grey.jpg": _jpeg(grey),
        "rgb.jpg": _jpeg(colour),
        "progressive.jpg": _jpeg(colour, progressive=True),
        # Pillow stores CMYK as Adobe does: inverted, with the APP14 marker that says so.
        # Poppler converts through the profile, Pillow by arithmetic; inverted, it would be 120 off.
        "cmyk.jpg": _jpeg(colour.convert("CMYK"), tolerance=40),
        "oriented.jpg": _jpeg(colour, orientation=6),
        "bilevel.png": _png(bilevel),
        "grey.png": _png(grey),
        "grey16.png": _png(grey16, seen=grey),
        "palette.png": _png(palette),
        "rgb.png": _png(colour),
        "g4.tif": _g4(bilevel),
        "rgb.jp2": _jp2(colour),
        "grey.jp2": _jp2(grey),
        "rgba.png": _rgba(colour),
        "lzw.tif": _reencoded(_saved(colour, "TIFF", compression="tiff_lzw", dpi=(DPI, DPI))),
        "rgb.webp": _reencoded(_saved(colour, "WEBP", lossless=True), dpi=DPI),
    }
    made["scanner.pdf"] = _scanner_pdf([made[name] for name in ("rgb.jpg", "g4.tif", "grey.png")])
    assert sorted(made) == sorted(INPUTS)
    return made


@cache
def orientations() -> tuple[Input, ...]:
    """Return a JPEG for each of the eight EXIF orientations (TIFF 6.0, tag 274)."""
    return tuple(_jpeg(_picture(), orientation=value) for value in range(1, 9))


@cache
def a4_scan() -> Input:
    """Return one A4 page in colour at 300 dpi, as a flat-bed scanner gives it."""
    (data,) = sample_scan()
    return Input(data, (Page("/DCTDecode", data, _decoded(data), dpi=300),))


def _picture() -> Image.Image:
    """Return the kit's picture, larger: no two edges and no two channels are alike."""
    with Image.open(io.BytesIO(sample_images()["rgb.png"])) as image:
        return image.convert("RGB").resize(SIZE, Image.Resampling.BICUBIC)


def _saved(image: Image.Image, format_: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def _decoded(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def _jpeg(image: Image.Image, *, progressive: bool = False, orientation: int = 1, tolerance: float = 9.0) -> Input:
    exif = Image.Exif()
    if orientation != 1:
        exif[ORIENTATION] = orientation
    data = _saved(image, "JPEG", quality=90, dpi=(DPI, DPI), progressive=progressive, exif=exif.tobytes())
    return Input(data, (Page("/DCTDecode", data, _decoded(data), tolerance),))


def _png(image: Image.Image, *, seen: Image.Image | None = None) -> Input:
    data = _saved(image, "PNG", dpi=(DPI, DPI))
    seen = (seen or image).convert("RGB")
    return Input(data, (Page("/FlateDecode", _image_data(data), seen),))


def _image_data(png: bytes) -> bytes:
    """Return a PNG's IDAT chunks, put together (ISO/IEC 15948, 11.2.4)."""
    at, found = 8, b""
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        if png[at + 4 : at + 8] == b"IDAT":
            found += png[at + 8 : at + 8 + length]
        at += 12 + length
    return found


def _g4(image: Image.Image) -> Input:
    data = _saved(image, "TIFF", compression="group4", dpi=(DPI, DPI))
    return Input(data, (Page("/FlateDecode", None, image.convert("RGB")),))


def _jp2(image: Image.Image) -> Input:
    data = _saved(image, "JPEG2000", irreversible=False)
    return Input(data, (Page("/JPXDecode", data, image.convert("RGB")),), DPI)


def _rgba(image: Image.Image) -> Input:
    """Return a PNG that is clear at the top: it is laid on white (no alpha in the copy)."""
    clear = image.copy()
    clear.putalpha(Image.linear_gradient("L").resize(SIZE))
    data = _saved(clear, "PNG", dpi=(DPI, DPI))
    white = Image.new("RGBA", SIZE, "white")
    seen = Image.alpha_composite(white, clear).convert("RGB")
    return Input(data, (Page("/FlateDecode", None, seen),))


def _reencoded(data: bytes, *, dpi: float | None = None) -> Input:
    return Input(data, (Page("/FlateDecode", None, _decoded(data)),), dpi)


def only_image(page: pikepdf.Page) -> pikepdf.Object:
    """Return the one image of a page."""
    (image,) = page.resources.XObject.values()
    assert image.Subtype == pikepdf.Name.Image
    return image


def _scanner_pdf(inputs: Sequence[Input]) -> Input:
    """Return a PDF that img2pdf makes of other inputs, with the streams that stand in it."""
    data = img2pdf.convert([each.data for each in inputs])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = tuple(
            replace(found, stored=found.stored and only_image(page).read_raw_bytes())
            for page, found in zip(pdf.pages, (each.pages[0] for each in inputs), strict=True)
        )
    return Input(data, pages)
