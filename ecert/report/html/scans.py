"""Small pictures of stored pages: decoded within limits, turned upright, scaled down, as data: URIs.

They show a page through its colour profile, as readers do. Nothing of the stored file but its pixels is
handed on; comments, EXIF and profiles stay behind.
"""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from ecert.errors import InputError
from ecert.formats.ecert1 import ImageForm, StampImage, cmyk_profile
from ecert.formats.images import refusals
from ecert.formats.images.decoded import open_stored, to_srgb, upright_tones
from ecert.formats.images.flate import inflate
from ecert.formats.images.icc import profile_fault, usable_profile
from ecert.formats.images.reencode import decoding
from ecert.formats.images.stamp import MAX_STAMP_PIXELS
from ecert.formats.record import PageFacts

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PICTURE_PIXELS = 72_000_000  # of a stored page: A3 at 600 dpi is 69.6 million
QUALITY = 62  # of JPEG: letters stay sharp, a noisy A4 page of 900 pixels takes about 150 kB
STAMP_WIDTH = 420  # pixels: a seal of 36 mm at 300 dpi
_CROSS = (176, 0, 32)


def scan_uri(facts: PageFacts, form: ImageForm, *, width: int, crossed: bool) -> str:
    """Return a page's picture, at most ``width`` pixels wide, as a JPEG.

    ``crossed`` draws a red cross into the pixels themselves, so that the picture tells also where somebody
    takes it out of the report.

    Raises:
        InputError: too large, damaged, or of a kind that is not decoded here.
    """
    name = "the page"
    refusals.check_pixels(name, facts.width, facts.height)
    if facts.width * facts.height > MAX_PICTURE_PIXELS:
        raise InputError(f"{name}: too many pixels for a picture", code="too-large")
    with decoding(name):
        picture = open_stored(facts, bytes(form.data), form.palette, name=name)
        picture = _upright(_small(picture, facts, form, width), facts.orientation)
        if crossed:
            picture = _with_cross(picture)
        return _uri(picture, "JPEG", quality=QUALITY, optimize=True)


def stamp_uri(stamp: StampImage) -> str:
    """Return the picture of a signature or seal, with its transparency, as a PNG.

    Raises:
        InputError: too large or damaged.
    """
    name, size = "the stamp", (stamp.width, stamp.height)
    refusals.check_pixels(name, *size)
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


def _small(picture: Image, facts: PageFacts, form: ImageForm, width: int) -> Image:
    """Return a page's picture in its final size, grey or RGB, by memory no larger than it must be."""
    from PIL import Image

    picture = upright_tones(picture, facts)
    sideways = facts.orientation > 4
    box = (3 * width, width) if sideways else (width, 3 * width)
    picture.thumbnail(box, Image.Resampling.LANCZOS)
    profile = _profile(facts, form)
    if profile is not None and picture.mode in ("L", "RGB", "CMYK"):
        picture = to_srgb(picture, profile)
    return picture if picture.mode == "L" else picture.convert("RGB")


def _profile(facts: PageFacts, form: ImageForm) -> bytes | None:
    """Return the profile by which the page is shown, one that has been looked at, or None.

    Raises:
        InputError: the page's own is not one that a copy holds.
    """
    if facts.profile_sha256 is None:
        return cmyk_profile() if facts.colour == "cmyk" else None
    channels = {"grey": 1, "rgb": 3, "cmyk": 4}.get(facts.colour, 0)
    profile = usable_profile(form.icc, channels)
    if profile is None or profile_fault(profile, channels) is not None:
        raise refusals.unsupported("the page", "its colour profile")
    return profile


def _upright(picture: Image, orientation: int) -> Image:
    """Turn a picture as its page's content does (TIFF 6.0, tag 274)."""
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
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
