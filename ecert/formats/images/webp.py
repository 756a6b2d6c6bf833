"""WebP (RFC 9649): PDF has no filter for it, so the decoder's pixels are stored without loss."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping

from ecert.formats.images import reencode, refusals
from ecert.formats.images.exif import read_exif
from ecert.formats.images.icc import usable_profile
from ecert.formats.images.resolution import resolve
from ecert.model.images import StoredImage
from ecert.model.limits import MAX_IMAGE_SEGMENTS


def read_webp(data: bytes, *, name: str, dpi: float | None = None) -> StoredImage:
    """Return the page of a WebP file that stands still.

    Raises:
        InputError: ``truncated``, ``damaged-image``, ``unsupported-format`` (animated),
            ``too-large``, ``resolution-missing``.
    """
    chunks = _chunks(data, name)
    if b"ANIM" in chunks or b"ANMF" in chunks:
        raise refusals.animated(name, "the WebP")
    width, height = _size(chunks, name)
    refusals.check_pixels(name, width, height)
    exif = read_exif(chunks.get(b"EXIF"))
    density = resolve((exif.dpi,), name=name, dpi=dpi)
    refusals.check_decoded(name, width * height * reencode.CODEC_PIXEL_BYTES)
    with reencode.decoding(name):
        from PIL.WebPImagePlugin import WebPImageFile

        image = WebPImageFile(io.BytesIO(data))
    if image.size != (width, height):
        raise refusals.damaged_image(name, "a WebP whose sizes differ")
    return reencode.store_picture(
        image, name=name, dpi=density, orientation=exif.orientation, icc=usable_profile(chunks.get(b"ICCP"), 3)
    )


def _chunks(data: bytes, name: str) -> Mapping[bytes, bytes]:
    """Return the first chunk of each type (RFC 9649, 2.3)."""
    stop = 8 + struct.unpack_from("<I", data, 4)[0]
    if stop > len(data):
        raise refusals.truncated(name, "the WebP file is cut")
    found: dict[bytes, bytes] = {}
    at = 12
    for _ in range(MAX_IMAGE_SEGMENTS):
        if at + 8 > stop:
            return found
        size = struct.unpack_from("<I", data, at + 4)[0]
        if at + 8 + size > stop:
            raise refusals.truncated(name, "the WebP file ends inside a chunk")
        found.setdefault(data[at : at + 4], data[at + 8 : at + 8 + size])
        at += 8 + size + (size & 1)
    raise refusals.damaged_image(name, f"more than {MAX_IMAGE_SEGMENTS:,} WebP chunks")


def _size(chunks: Mapping[bytes, bytes], name: str) -> tuple[int, int]:
    """Return (width, height) of the bitstream itself (RFC 6386, 9.1; RFC 9649, 3.4)."""
    lossy, lossless = chunks.get(b"VP8 ", b""), chunks.get(b"VP8L", b"")
    if len(lossy) >= 10 and lossy[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", lossy, 6)
        return width & 0x3FFF, height & 0x3FFF
    if len(lossless) >= 5 and lossless[0] == 0x2F:
        bits = struct.unpack_from("<I", lossless, 1)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise refusals.damaged_image(name, "a WebP without image data")
