"""TIFF 6.0: one page per full-resolution directory.

Everything is unpacked and stored as Flate without loss. JPEG inside TIFF shares tables between strips and
is no JPEG file, so its pixels are stored too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ecert.formats.images import refusals
from ecert.formats.images.flate import row_bytes
from ecert.formats.images.icc import usable_profile
from ecert.formats.images.ifd import Header, Tag, read_directory, read_header
from ecert.formats.images.resolution import resolve
from ecert.formats.images.tiff_layout import JPEGS, read_layout
from ecert.model.images import StoredImage

_REDUCED, _MASK = 1, 4  # bits of NewSubfileType, tag 254
_OLD_REDUCED = 2  # SubfileType, tag 255
_MAX_DIRECTORIES = 4000  # a thousand pages with three reduced copies each


def read_tiff(data: bytes, *, name: str, dpi: float | None = None, max_pages: int) -> Iterator[StoredImage]:
    """Yield the pages of a TIFF file; reduced-resolution copies are not pages.

    Raises:
        InputError: ``too-many-pages``, ``truncated``, ``damaged-image``, ``too-large``,
            ``unsupported-format``, ``lossless-impossible``, ``resolution-missing``.
    """
    try:
        header = read_header(data)
        pages = _directories(data, header, name)
    except ValueError as error:
        raise refusals.damaged_image(name, str(error)) from error
    if len(pages) > max_pages:
        raise refusals.too_many_pages(name)
    for number, (index, tags) in enumerate(pages, start=1):
        page = name if len(pages) == 1 else f"{name}, page {number}"
        yield _page(data, index, tags, header, page, dpi)


def _directories(data: bytes, header: Header, name: str) -> list[tuple[int, Mapping[int, Tag]]]:
    """Return (place in the file's list, tags) of every directory that is a page."""
    found: list[tuple[int, Mapping[int, Tag]]] = []
    seen: set[int] = set()
    at = header.first
    while at:
        if at in seen or len(seen) == _MAX_DIRECTORIES:
            raise refusals.damaged_image(name, "the TIFF's list of pages does not end")
        seen.add(at)
        tags, at = read_directory(data, header, at)
        found.append((len(found), tags))
    full = [(index, tags) for index, tags in found if not _reduced(tags)]
    if any(_kind(tags, 254) & _MASK for _, tags in full):
        raise refusals.unsupported(name, "a TIFF with a transparency mask")
    if not found:
        raise refusals.damaged_image(name, "a TIFF without pages")
    return full or found


def _kind(tags: Mapping[int, Tag], tag: int) -> int:
    return tags[tag].integers()[0] if tag in tags else 0


def _reduced(tags: Mapping[int, Tag]) -> bool:
    return bool(_kind(tags, 254) & _REDUCED) or _kind(tags, 255) == _OLD_REDUCED


def _page(
    data: bytes, index: int, tags: Mapping[int, Tag], header: Header, name: str, dpi: float | None
) -> StoredImage:
    layout = read_layout(tags, header.order, name=name)
    density = resolve((layout.density,), name=name, dpi=dpi)
    channels = layout.channels - (layout.alpha != "none")
    # a page's palette is plain RGB
    icc = None if layout.colour == "indexed" else usable_profile(layout.profile, channels)
    size = row_bytes(layout.width, layout.channels, layout.bits) * layout.height
    refusals.check_decoded(name, size)
    from ecert.formats.images import tiff_pixels

    if layout.compression in JPEGS:
        return tiff_pixels.store_jpeg(data, index, layout, dpi=density, icc=icc, name=name)
    return tiff_pixels.store_tiff_pixels(data, layout, dpi=density, icc=icc, name=name)
