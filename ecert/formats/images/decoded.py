"""The pixels of stored pages: opened with the one decoder that the record names, shown through their profile."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Protocol

from ecert.formats.images import refusals
from ecert.formats.images.flate import CHANNELS, inflate, row_bytes
from ecert.formats.images.reencode import open_jpeg
from ecert.model.files import packaged

if TYPE_CHECKING:
    from PIL.Image import Image

_PNG_COLOURS = {"grey": 0, "rgb": 2, "indexed": 3}  # ISO/IEC 15948, 11.2.2
_RAW_MODES = {
    ("grey", 1): ("1", "1"),
    ("grey", 2): ("L", "L;2"),
    ("grey", 4): ("L", "L;4"),
    ("grey", 8): ("L", "L"),
    ("grey", 16): ("I;16", "I;16B"),
    ("indexed", 1): ("P", "P;1"),
    ("indexed", 2): ("P", "P;2"),
    ("indexed", 4): ("P", "P;4"),
    ("indexed", 8): ("P", "P"),
    ("rgb", 8): ("RGB", "RGB"),
    ("rgb", 16): ("RGB", "RGB;16B"),
    ("cmyk", 8): ("CMYK", "CMYK"),
    ("cmyk", 16): ("CMYK", "CMYK;16B"),
}


class Stored(Protocol):
    """What is known of a stored stream, by capture or by the record."""

    @property
    def encoding(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def bits(self) -> int: ...
    @property
    def colour(self) -> str: ...
    @property
    def predictor(self) -> bool: ...
    @property
    def inverted(self) -> bool: ...


def open_stored(page: Stored, data: bytes, palette: bytes | None, *, name: str) -> Image:
    """Open a stored stream with the one decoder its record names, and no other.

    Raises:
        InputError: its size is not the stated one, or its kind is not decoded here.
    """
    if page.encoding == "FlateDecode":
        return _of_flate(page, data, palette, name)
    picture: Image
    if page.encoding == "DCTDecode":
        picture = open_jpeg(data, name=name)
    else:
        from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

        picture = Jpeg2KImageFile(io.BytesIO(data))
    if picture.size != (page.width, page.height):
        raise refusals.damaged_image(name, "its size is not the recorded one")
    return picture


def upright_tones(picture: Image, page: Stored) -> Image:
    """Return a picture of at most 8 bits a sample in which 0 is black, or no ink.

    What a JPEG's own header turns over, its decoder has turned over already.
    """
    from PIL import ImageChops

    if picture.mode == "1":
        picture = picture.convert("L")
    elif picture.mode.startswith("I;16"):
        picture = picture.convert("I").point(lambda v: v * (1 / 256)).convert("L")
    elif picture.mode == "P":
        picture = picture.convert("RGB")
    turned = page.inverted and page.encoding == "FlateDecode"
    return ImageChops.invert(picture) if turned else picture


def to_srgb(picture: Image, profile: bytes) -> Image:
    """Return an L, RGB or CMYK picture as its profile shows it, in sRGB; grey stays grey.

    The profile has been looked at: :func:`ecert.formats.images.icc.profile_fault`, or its wearer asked
    for this.
    """
    from PIL import ImageCms

    seen = ImageCms.profileToProfile(
        picture,
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.ImageCmsProfile(io.BytesIO(packaged("formats/ecert1/icc/sRGB-v2-micro.icc"))),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
    )
    assert seen is not None
    return seen.convert("L") if picture.mode == "L" else seen


def _of_flate(page: Stored, data: bytes, palette: bytes | None, name: str) -> Image:
    """Open Flate data: with PNG predictors as the PNG it came from, without as rows of samples."""
    from PIL import Image
    from PIL.PngImagePlugin import PngImageFile

    size = page.width, page.height
    if page.predictor and page.colour in _PNG_COLOURS:
        picture: Image.Image = PngImageFile(io.BytesIO(_as_png(page, data, palette)))
        return picture
    if page.predictor or (page.colour, page.bits) not in _RAW_MODES:
        raise refusals.unsupported(name, f"{page.bits}-bit {page.colour} samples")
    mode, raw = _RAW_MODES[page.colour, page.bits]
    channels = {str(k): v for k, v in CHANNELS.items()}[page.colour]
    limit = row_bytes(page.width, channels, page.bits) * page.height
    refusals.check_decoded(name, limit)
    picture = Image.frombytes(mode, size, b"".join(inflate(data, limit + 2, name=name)), "raw", raw)
    if mode == "P":
        picture.putpalette(palette or b"\0\0\0")
    return picture


def _as_png(page: Stored, data: bytes, palette: bytes | None) -> bytes:
    """Put Flate data with PNG predictors into a PNG (ISO/IEC 15948, 5)."""
    kind = _PNG_COLOURS[page.colour]
    head = struct.pack(">IIBBBBB", page.width, page.height, page.bits, kind, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", data), (b"IEND", b"")]
    if kind == 3:
        chunks.insert(1, (b"PLTE", palette or b"\0\0\0"))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body)) for tag, body in chunks
    )
