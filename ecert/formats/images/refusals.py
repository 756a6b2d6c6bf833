"""The ways an image is refused: each names the file, the value and the limit, and the way out."""

from __future__ import annotations

from ecert.errors import InputError
from ecert.model.limits import MAX_DECODED_BYTES, MAX_PAGES, MAX_PIXELS, MAX_SIDE_PIXELS

SCAN_AGAIN = "scan or export the page again"
OTHER_FORMAT = "save it as JPEG, PNG, TIFF or JPEG 2000"


def damaged_image(name: str, why: str) -> InputError:
    """Return the refusal of data that contradicts its own format."""
    return InputError(f"{name}: {why}", code="damaged-image", hint=SCAN_AGAIN)


def truncated(name: str, why: str) -> InputError:
    """Return the refusal of a file that ends before its image does."""
    hint = "copy or download the file again; it is not complete"
    return InputError(f"{name}: {why}", code="truncated", hint=hint)


def unsupported(name: str, what: str, hint: str = OTHER_FORMAT) -> InputError:
    """Return the refusal of a format, or a part of one, that ecert does not read."""
    return InputError(f"{name}: {what}", code="unsupported-format", hint=hint)


def animated(name: str, what: str) -> InputError:
    """Return the refusal of moving pictures: a page stands still."""
    return unsupported(name, f"{what} holds several frames", "export the one frame that is the page")


def lossless_impossible(name: str, what: str) -> InputError:
    """Return the refusal of samples that PDF/A-3 or the decoder cannot carry bit for bit."""
    hint = "save it as 8-bit grey or RGB TIFF or PNG"
    return InputError(f"{name}: {what} cannot be stored without loss", code="lossless-impossible", hint=hint)


def bomb(name: str, what: str) -> InputError:
    """Return the refusal of data that unpacks to more than its own header promises."""
    return InputError(f"{name}: {what}", code="decompression-bomb", hint=SCAN_AGAIN)


def too_many_pages(name: str) -> InputError:
    """Return the refusal of page ``MAX_PAGES`` + 1 of a scan."""
    return InputError(
        f"{name}: more than {MAX_PAGES:,} pages in one scan",
        code="too-many-pages",
        hint="certify the original in parts",
    )


def check_pixels(name: str, width: int, height: int) -> None:
    """Refuse impossible and over-long sides before any pixel is touched.

    Raises:
        InputError: ``damaged-image`` for an empty side, ``too-large`` above the limits.
    """
    if width < 1 or height < 1:
        raise damaged_image(name, f"an image of {width} x {height} pixels")
    hint = "scan at a lower resolution"
    if max(width, height) > MAX_SIDE_PIXELS:
        message = f"{name}: a side of {max(width, height):,} pixels, the limit is {MAX_SIDE_PIXELS:,}"
        raise InputError(message, code="too-large", hint=hint)
    if width * height > MAX_PIXELS:
        message = f"{name}: {width * height:,} pixels, the limit is {MAX_PIXELS:,}"
        raise InputError(message, code="too-large", hint=hint)


def check_decoded(name: str, size: int, limit: int = MAX_DECODED_BYTES) -> None:
    """Refuse a page, or a part of one, that would take more than ``limit`` bytes to decode.

    Raises:
        InputError: ``too-large``.
    """
    if size > limit:
        message = f"{name}: decoding takes {size:,} bytes, the limit is {limit:,}"
        raise InputError(message, code="too-large", hint="scan at a lower resolution or bit depth")
