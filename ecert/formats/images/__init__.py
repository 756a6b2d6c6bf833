"""Read image files into pages: probe by content, pass through what PDF/A-3 can carry.

Start at :func:`read_pages`. One module per format; ``reencode`` stores decoded pixels without loss.
``stamp`` reads the picture of a signature or seal, which is no page.

* :mod:`~ecert.formats.images.jpeg`, :mod:`~ecert.formats.images.jpeg_segments`,
  :mod:`~ecert.formats.images.jpeg_scans` and :mod:`~ecert.formats.images.jpeg_trailer`: JPEG, and its parts.
* :mod:`~ecert.formats.images.jpeg2000` and :mod:`~ecert.formats.images.jpeg2000_codestream`: JPEG 2000.
* :mod:`~ecert.formats.images.png`, :mod:`~ecert.formats.images.png_layout` and
  :mod:`~ecert.formats.images.png_pixels`: PNG: passed through, or decoded.
* :mod:`~ecert.formats.images.tiff`, :mod:`~ecert.formats.images.tiff_layout`,
  :mod:`~ecert.formats.images.tiff_chunks`, :mod:`~ecert.formats.images.tiff_pixels` and
  :mod:`~ecert.formats.images.ifd`: TIFF, and its directories.
* :mod:`~ecert.formats.images.fax` and :mod:`~ecert.formats.images.fax_codes`: fax data (T.4, T.6).
* :mod:`~ecert.formats.images.webp` and :mod:`~ecert.formats.images.heic`: WebP; HEIC where pillow-heif is installed.
* :mod:`~ecert.formats.images.exif` and :mod:`~ecert.formats.images.resolution`: orientation; pixels per inch.
* :mod:`~ecert.formats.images.icc`, :mod:`~ecert.formats.images.icc_transform` and
  :mod:`~ecert.formats.images.palette`: colour profiles and palettes that show what is there.
* :mod:`~ecert.formats.images.flate` and :mod:`~ecert.formats.images.predictor`: Flate streams: checked, or written.
* :mod:`~ecert.formats.images.reencode` and :mod:`~ecert.formats.images.flatten`: what PDF cannot carry, stored again
  without loss; transparency on white paper.
* :mod:`~ecert.formats.images.decoded`: the pixels of a stored page.
* :mod:`~ecert.formats.images.refusals`: how an image is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import PurePath
from typing import cast

from ecert.errors import InputError
from ecert.formats.images import refusals
from ecert.formats.images.resolution import check_argument, check_page
from ecert.model.images import StoredImage
from ecert.model.limits import MAX_INPUT_BYTES, MAX_PAGES

__all__ = ["read_pages", "sniff"]

_SINGLE = {"JPEG": "jpeg", "PNG": "png", "JPEG 2000": "jpeg2000", "WebP": "webp", "HEIC": "heic"}
_SUFFIXES = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".png": "PNG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".jp2": "JPEG 2000",
    ".j2k": "JPEG 2000",
    ".j2c": "JPEG 2000",
    ".jpc": "JPEG 2000",
    ".jpf": "JPEG 2000",
    ".jpx": "JPEG 2000",
    ".webp": "WebP",
    ".heic": "HEIC",
    ".heif": "HEIC",
    ".avif": "AVIF",
    ".gif": "GIF",
    ".bmp": "BMP",
    ".pdf": "PDF",
}
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"hevc", b"hevx")


def read_pages(
    data: bytes, *, name: str, dpi: float | None = None, max_pages: int = MAX_PAGES
) -> Iterator[StoredImage]:
    """Yield the pages of one image file.

    What the file is, its first bytes say. ``name`` stands in messages; where it has a suffix of a
    known format, that must agree. ``dpi`` serves only a file that names no resolution.

    Raises:
        UsageError: ``dpi``.
        InputError: ``empty-file``, ``too-large``, ``wrong-suffix``, ``unsupported-format``,
            ``truncated``, ``damaged-image``, ``decompression-bomb``, ``lossless-impossible``,
            ``resolution-missing``, ``page-size``, ``too-many-pages`` and some rarer ones.
    """
    check_argument(dpi)
    kind = sniff(data, name=name)
    if kind == "TIFF":
        from ecert.formats.images import tiff

        pages = tiff.read_tiff(data, name=name, dpi=dpi, max_pages=max_pages)
    elif kind in _SINGLE:
        module = import_module(f"ecert.formats.images.{_SINGLE[kind]}")
        read = cast("Callable[..., StoredImage]", getattr(module, f"read_{_SINGLE[kind]}"))
        pages = iter((read(data, name=name, dpi=dpi),))
    else:
        raise refusals.unsupported(name, f"{kind} is not read")
    for page in pages:
        check_page(name, page.size_points)
        yield page


def sniff(data: bytes, *, name: str) -> str:
    """Return the format that the first bytes show, and check size and suffix against it.

    Raises:
        InputError: ``empty-file``, ``too-large``, ``wrong-suffix``, ``unsupported-format``.
    """
    if not data:
        raise InputError(f"{name}: the file is empty", code="empty-file", hint=refusals.SCAN_AGAIN)
    if len(data) > MAX_INPUT_BYTES:
        raise too_long(name, len(data))
    kind = _format(data[:1024])
    if kind is None:
        raise refusals.unsupported(name, "not an image format that ecert knows")
    suffix = PurePath(name).suffix.lower()
    if _SUFFIXES.get(suffix, kind) != kind:
        raise InputError(
            f"{name}: named {suffix} but the content is {kind}",
            code="wrong-suffix",
            hint="find out what the file really is, then give it the right name",
        )
    return kind


def too_long(name: str, size: int) -> InputError:
    """Return the refusal of a file above ``MAX_INPUT_BYTES``."""
    return InputError(
        f"{name}: {size:,} bytes, the limit is {MAX_INPUT_BYTES:,}",
        code="too-large",
        hint="scan at a lower resolution or give the pages as several files",
    )


def _format(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if head.startswith((b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")):
        return "JPEG 2000"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(head[3], 64), 4))]
        if any(brand in (b"avif", b"avis") for brand in brands):
            return "AVIF"
        return "HEIC" if any(brand in _HEIC_BRANDS for brand in brands) else None
    if b"%PDF-" in head:
        return "PDF"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if head[:2] == b"BM":
        return "BMP"
    return None
