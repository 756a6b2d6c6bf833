"""PNG (ISO/IEC 15948): the joined IDAT data becomes the page's FlateDecode stream, untouched.

The filters of PNG are the predictors of PDF (ISO 32000-1, 7.4.4.4), so only interlaced files and
files with an alpha channel or a transparent colour are decoded. A palette with transparent
entries is laid on white entry by entry; the stream stays the input's own. Colour chunks other than
an ICC profile (gAMA, cHRM, sRGB) are not carried over.
"""

from __future__ import annotations

from ecert.formats.images.flate import check_rows, row_bytes
from ecert.formats.images.icc import usable_profile
from ecert.formats.images.png_layout import parse_png
from ecert.formats.images.resolution import resolve
from ecert.model.images import StoredImage


def read_png(data: bytes, *, name: str, dpi: float | None = None) -> StoredImage:
    """Return the page of a PNG file.

    Raises:
        InputError: ``truncated``, ``damaged-image``, ``decompression-bomb``, ``too-large``,
            ``unsupported-format``, ``resolution-missing``.
    """
    png = parse_png(data, name=name)
    density = resolve((png.density,), name=name, dpi=dpi)
    # a page's palette is plain RGB
    indexed, channels = png.colour == "indexed", 1 if png.colour == "grey" else 3
    icc = None if indexed else usable_profile(png.profile, channels)
    keyed = png.transparency is not None and not indexed
    if png.interlaced or png.alpha or keyed:
        from ecert.formats.images import png_pixels

        return png_pixels.store_png_pixels(png, data, name=name, dpi=density, icc=icc)
    stride = 1 + row_bytes(png.width, png.channels, png.bits)
    check_rows(png.data, stride=stride, rows=png.height, filtered=True, name=name)
    return StoredImage(
        data=png.data,
        encoding="FlateDecode",
        width=png.width,
        height=png.height,
        bits=png.bits,
        colour=png.colour,
        dpi=density,
        orientation=png.orientation,
        palette=on_white(png.palette, png.transparency) if png.palette else None,
        icc=icc,
        predictor=True,
        alpha_flattened=png.transparency is not None,
        source=name,
    )


def on_white(palette: bytes, transparency: bytes | None) -> bytes:
    """Return RGB triples with the first entries laid on white by their alpha values."""
    out = bytearray(palette)
    for index, alpha in enumerate(transparency or b""):
        for at in range(3 * index, 3 * index + 3):
            out[at] = (out[at] * alpha + 255 * (255 - alpha) + 127) // 255
    return bytes(out)
