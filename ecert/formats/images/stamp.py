"""The picture of a signature or seal as it is given: decoded here, drawn by the format's writer."""

from __future__ import annotations

import io
import zlib

from ecert.errors import InputError
from ecert.formats.ecert1 import StampImage

MAX_STAMP_PIXELS = 4_000_000  # a 36 mm seal at 1,200 dpi is 2.9 million
MAX_STAMP_BYTES = 4 * 1024 * 1024  # bytes of its file: that many pixels as PNG take less


def read_stamp(data: bytes, *, name: str) -> StampImage:
    """Decode a PNG or JPEG, alpha included; ``name`` stands in messages.

    Raises:
        InputError: it is not a picture, or too large.
    """
    from PIL import Image

    if len(data) > MAX_STAMP_BYTES:
        raise InputError(f"the image {name} has more than {MAX_STAMP_BYTES} bytes")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > MAX_STAMP_PIXELS:
                raise InputError(
                    f"the image {name} has {opened.width} × {opened.height} pixels",
                    hint=f"use at most {MAX_STAMP_PIXELS} pixels",
                )
            picture = opened.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as exc:
        raise InputError(f"{name} is not a readable picture", hint="use a PNG with transparency") from exc
    alpha = picture.getchannel("A")
    opaque = alpha.getextrema() == (255, 255)
    return StampImage(
        picture.width,
        picture.height,
        zlib.compress(picture.convert("RGB").tobytes()),
        None if opaque else zlib.compress(alpha.tobytes()),
    )
