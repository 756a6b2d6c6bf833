"""HEIC (ISO/IEC 23008-12), from phones: read with pillow-heif where that is installed."""

from __future__ import annotations

from ecert.errors import InputError
from ecert.formats.images import reencode, refusals
from ecert.formats.images.exif import read_exif
from ecert.formats.images.icc import usable_profile
from ecert.formats.images.resolution import resolve
from ecert.model.images import StoredImage


def read_heic(data: bytes, *, name: str, dpi: float | None = None) -> StoredImage:
    """Return the page of an 8-bit HEIC file of one picture; the decoder has turned it upright.

    Raises:
        InputError: ``missing-extra``, ``several-images``, ``lossless-impossible``,
            ``damaged-image``, ``too-large``, ``resolution-missing``.
    """
    try:
        import pillow_heif
    except ImportError as error:
        raise InputError(
            f"{name}: HEIC needs an optional library",
            code="missing-extra",
            hint="pip install ecert[heic], or save the picture as JPEG",
        ) from error
    with reencode.decoding(name):
        file = pillow_heif.open_heif(data, convert_hdr_to_8bit=False)
        count, depth = len(file), file.info.get("bit_depth", 8)
    if count != 1:
        hint = "give every page as a file of its own"
        raise InputError(f"{name}: {count} pictures", code="several-images", hint=hint)
    if depth != 8:
        raise refusals.lossless_impossible(name, f"a {depth}-bit HEIC")
    width, height = file.size
    refusals.check_pixels(name, width, height)
    density = resolve((read_exif(file.info.get("exif")).dpi,), name=name, dpi=dpi)
    refusals.check_decoded(name, width * height * reencode.CODEC_PIXEL_BYTES)
    with reencode.decoding(name):
        image = file.to_pillow()
    icc = usable_profile(file.info.get("icc_profile"), 1 if image.mode in ("L", "LA") else 3)
    return reencode.store_picture(image, name=name, dpi=density, icc=icc)
