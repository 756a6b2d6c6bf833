"""Small pictures of stored pages: decoded within limits, turned upright, scaled down, as data: URIs.

They serve to recognise a page, not to read colours: CMYK and profiles are taken as they come. Nothing of
the stored file but its pixels is handed on; comments, EXIF and profiles stay behind.
"""

from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import TYPE_CHECKING

from ecert.errors import InputError
from ecert.formats.appearance import MAX_STAMP_PIXELS, StampImage
from ecert.formats.images import refusals
from ecert.formats.images.flate import CHANNELS, inflate, row_bytes
from ecert.formats.images.reencode import decoding, open_jpeg
from ecert.formats.pdfa import ImageForm
from ecert.formats.record import PageFacts

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PICTURE_PIXELS = 72_000_000  # of a stored page: A3 at 600 dpi is 69.6 million
QUALITY = 62  # of JPEG: letters stay sharp, a noisy A4 page of 900 pixels takes about 150 kB
STAMP_WIDTH = 420  # pixels: a seal of 36 mm at 300 dpi
_CROSS = (176, 0, 32)
_PNG_COLOURS = {"grey": 0, "rgb": 2, "indexed": 3}  # ISO/IEC 15948, 11.2.2
_RAW_MODES = {
    ("grey", 1): ("1", "1"), ("grey", 2): ("L", "L;2"), ("grey", 4): ("L", "L;4"), ("grey", 8): ("L", "L"),
    ("grey", 16): ("I;16", "I;16B"), ("indexed", 1): ("P", "P;1"), ("indexed", 2): ("P", "P;2"),
    ("indexed", 4): ("P", "P;4"), ("indexed", 8): ("P", "P"), ("rgb", 8): ("RGB", "RGB"),
    ("rgb", 16): ("RGB", "RGB;16B"), ("cmyk", 8): ("CMYK", "CMYK"), ("cmyk", 16): ("CMYK", "CMYK;16B"),
}  # fmt: skip


def scan_uri(facts: PageFacts, form: ImageForm, *, width: int, crossed: bool) -> str:
    """Return a page's picture, at most ``width`` pixels wide, as a JPEG.

    ``crossed`` draws a red cross into the pixels themselves, so that the picture tells also where somebody
    takes it out of the report.

    Raises:
        InputError: too large, damaged, or of a kind that is not decoded here.
    """
    name = "the page"
    refusals.check_size(name, facts.width, facts.height)
    if facts.width * facts.height > MAX_PICTURE_PIXELS:
        raise InputError(f"{name}: too many pixels for a picture", code="too-large")
    with decoding(name):
        picture = _upright(_small(_decoded(facts, form, name), facts, width), facts.orientation)
        if crossed:
            picture = _with_cross(picture)
        return _uri(picture, "JPEG", quality=QUALITY, optimize=True)


def stamp_uri(stamp: StampImage) -> str:
    """Return the picture of a signature or seal, with its transparency, as a PNG.

    Raises:
        InputError: too large or damaged.
    """
    name, size = "the stamp", (stamp.width, stamp.height)
    refusals.check_size(name, *size)
    pixels = stamp.width * stamp.height
    if pixels > MAX_STAMP_PIXELS:
        raise InputError(f"{name}: too many pixels for a picture", code="too-large")
    with decoding(name):
        from PIL import Image

        rgb = b"".join(inflate(bytes(stamp.rgb), 3 * pixels, name=name))
        picture = Image.frombytes("RGB", size, rgb)
        if stamp.alpha is not None:
            alpha = b"".join(inflate(bytes(stamp.alpha), pixels, name=name))
            picture.putalpha(Image.frombytes("L", size, alpha))
        picture.thumbnail((STAMP_WIDTH, STAMP_WIDTH))
        return _uri(picture, "PNG", optimize=True)


def _decoded(facts: PageFacts, form: ImageForm, name: str) -> Image:
    """Open a stored stream with the one decoder its record names, and no other."""
    if facts.encoding == "FlateDecode":
        return _of_flate(facts, form, name)
    picture: Image
    data = bytes(form.data)
    if facts.encoding == "DCTDecode":
        picture = open_jpeg(data, name=name)
    else:
        from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

        picture = Jpeg2KImageFile(io.BytesIO(data))
    if picture.size != (facts.width, facts.height):
        raise refusals.damaged(name, "its size is not the recorded one")
    return picture


def _small(picture: Image, facts: PageFacts, width: int) -> Image:
    """Return a page's picture in its final size, grey or RGB, by memory no larger than it must be."""
    from PIL import Image, ImageOps

    if picture.mode == "1":
        picture = picture.convert("L")
    elif picture.mode.startswith("I;16"):
        picture = picture.convert("I").point(lambda v: v * (1 / 256)).convert("L")
    elif picture.mode == "P":
        picture = picture.convert("RGB")
    sideways = facts.orientation > 4
    box = (3 * width, width) if sideways else (width, 3 * width)
    picture.thumbnail(box, Image.Resampling.LANCZOS)
    if picture.mode != "L":
        picture = picture.convert("RGB")
    # what a JPEG's own header turns over, its decoder has turned over already
    turned = facts.inverted and facts.encoding == "FlateDecode"
    return ImageOps.invert(picture) if turned else picture


def _of_flate(facts: PageFacts, form: ImageForm, name: str) -> Image:
    """Open Flate data: with PNG predictors as the PNG it came from, without as rows of samples."""
    from PIL import Image
    from PIL.PngImagePlugin import PngImageFile

    size, data = (facts.width, facts.height), bytes(form.data)
    if facts.predictor and facts.colour in _PNG_COLOURS:
        picture: Image.Image = PngImageFile(io.BytesIO(_as_png(facts, form, data)))
        return picture
    if facts.predictor or (facts.colour, facts.bits) not in _RAW_MODES:
        raise refusals.unsupported(name, f"{facts.bits}-bit {facts.colour} samples")
    mode, raw = _RAW_MODES[facts.colour, facts.bits]
    channels = {str(k): v for k, v in CHANNELS.items()}[facts.colour]
    limit = row_bytes(facts.width, channels, facts.bits) * facts.height
    refusals.check_decoded(name, limit)
    picture = Image.frombytes(mode, size, b"".join(inflate(data, limit + 2, name=name)), "raw", raw)
    if mode == "P":
        picture.putpalette(form.palette or b"\0\0\0")
    return picture


def _as_png(facts: PageFacts, form: ImageForm, data: bytes) -> bytes:
    """Put Flate data with PNG predictors into a PNG (ISO/IEC 15948, 5)."""
    kind = _PNG_COLOURS[facts.colour]
    head = struct.pack(">IIBBBBB", facts.width, facts.height, facts.bits, kind, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", data), (b"IEND", b"")]
    if kind == 3:
        chunks.insert(1, (b"PLTE", form.palette or b"\0\0\0"))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))
        for tag, body in chunks
    )


def _upright(picture: Image, orientation: int) -> Image:
    """Turn a picture as its page's content does (TIFF 6.0, tag 274)."""
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE, 6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }  # fmt: skip
    return picture.transpose(turns[orientation]) if orientation in turns else picture


def _with_cross(picture: Image) -> Image:
    from PIL import ImageDraw

    picture = picture.convert("RGB")
    (w, h), pen = picture.size, ImageDraw.Draw(picture)
    thick = max(2, w // 70)
    pen.line((0, 0, w, h), fill=_CROSS, width=thick)
    pen.line((0, h, w, 0), fill=_CROSS, width=thick)
    return picture


def _uri(picture: Image, kind: str, **options: object) -> str:
    """Encode a picture; whatever its file said beside the pixels is left behind."""
    picture.info = {}
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"
