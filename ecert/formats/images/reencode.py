"""Pages whose own bytes PDF/A-3 cannot carry: the decoder's pixels, stored as Flate, without loss."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ecert.errors import InputError
from ecert.formats.images import refusals
from ecert.formats.images.flate import FlateWriter
from ecert.formats.images.flatten import flatten8, swap16
from ecert.model.images import Colour, Orientation, StoredImage
from ecert.model.quiet import quietly

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

_BAND = 4 << 20  # decoded bytes taken out of the decoder at a time
_DIRECT: dict[str, tuple[Colour, int]] = {
    "1": ("grey", 1),
    "L": ("grey", 8),
    "P": ("indexed", 8),
    "RGB": ("rgb", 8),
    "CMYK": ("cmyk", 8),
    "I;16": ("grey", 16),
    "I;16B": ("grey", 16),
}
#: Bytes per pixel that Pillow's image takes, and that a codec takes beside it at its peak:
#: progressive JPEG holds coefficients, JPEG 2000 whole words, WebP several canvases.
PIXEL_BYTES, CODEC_PIXEL_BYTES = 4, 16


@contextmanager
def decoding(name: str) -> Iterator[None]:
    """Turn whatever a decoder raises into a refusal, and keep its warnings quiet.

    Raises:
        InputError: ``damaged-image``.
    """
    try:
        with quietly():
            yield
    except InputError:
        raise
    except MemoryError as error:
        raise InputError(
            f"{name}: not enough memory to decode it", code="too-large", hint="scan at a lower resolution or bit depth"
        ) from error
    except Exception as error:  # decoders raise OSError, ValueError, SyntaxError, KeyError, ...
        raise refusals.damaged_image(name, f"it cannot be decoded ({type(error).__name__})") from error


def open_jpeg(data: bytes, *, name: str) -> ImageFile:
    """Return Pillow's decoder for JPEG data."""
    from PIL.JpegImagePlugin import JpegImageFile

    with decoding(name):
        return JpegImageFile(io.BytesIO(data))


def store_picture(
    image: Image,
    *,
    name: str,
    dpi: tuple[float, float],
    orientation: Orientation = 1,
    icc: bytes | None = None,
    pixel_bytes: int = CODEC_PIXEL_BYTES,
) -> StoredImage:
    """Decode an opened image of at most 8 bits, or of 16-bit grey, and store its pixels.

    The caller makes sure that the decoder's mode holds every bit of the source.

    Raises:
        InputError: ``damaged-image``, ``too-large``, ``lossless-impossible``.
    """
    refusals.check_pixels(name, image.width, image.height)
    refusals.check_decoded(name, image.width * image.height * pixel_bytes)
    with decoding(name):
        image.load()
        mode = opaque(image.crop((0, 0, 1, 1))).mode
    if mode not in _DIRECT:
        raise refusals.lossless_impossible(name, f"an image of mode {mode}")
    colour, bits = _DIRECT[mode]
    writer = FlateWriter(image.width, colour, bits)
    step = max(1, _BAND // (4 * image.width))
    with decoding(name):
        for top in range(0, image.height, step):
            box = (0, top, image.width, min(top + step, image.height))
            rows = opaque(image.crop(box)).tobytes()
            writer.write(swap16(rows) if mode == "I;16" else rows)
        palette = image.palette.tobytes() if colour == "indexed" and image.palette else None
        data = writer.finish()
    return StoredImage(
        data=data,
        encoding="FlateDecode",
        width=image.width,
        height=image.height,
        bits=bits,
        colour=colour,
        dpi=dpi,
        orientation=orientation,
        palette=palette,
        icc=icc,
        predictor=writer.predictor,
        reencoded=True,
        alpha_flattened=has_transparency(image),
        source=name,
    )


def has_transparency(image: Image) -> bool:
    """Return whether an image has an alpha channel, a transparent colour, or such a palette."""
    return image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info


def opaque(image: Image) -> Image:
    """Return the image, laid on white where it has transparency."""
    if "transparency" in image.info:
        image = image.convert("LA" if image.mode in ("1", "L") else "RGBA")
    elif image.mode == "PA":
        image = image.convert("RGBA")
    if image.mode in ("LA", "RGBA"):
        return flatten8(image)
    if image.mode in ("La", "RGBa"):
        return flatten8(image, premultiplied=True)
    if image.mode == "P" and image.palette is not None and image.palette.mode != "RGB":
        return image.convert("RGB")
    return image
