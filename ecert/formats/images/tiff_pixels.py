"""Store the pixels of TIFF pages whose own strips PDF cannot carry."""

from __future__ import annotations

import io

from ecert.formats.images import reencode, refusals
from ecert.formats.images.flate import CHANNELS, FlateWriter, row_bytes
from ecert.formats.images.flatten import flatten8, flatten16
from ecert.formats.images.resolution import Density
from ecert.formats.images.tiff_chunks import bands
from ecert.formats.images.tiff_layout import Layout
from ecert.model.images import StoredImage


def store_tiff_pixels(data: bytes, layout: Layout, *, dpi: Density, icc: bytes | None, name: str) -> StoredImage:
    """Unpack a page and store its samples in the depth they have; 12 bits become 16.

    Raises:
        InputError: ``damaged-image``, ``truncated``, ``decompression-bomb``.
    """
    bits = 16 if layout.bits == 12 else layout.bits
    writer = FlateWriter(layout.width, layout.colour, bits)
    for band in bands(data, layout, name=name):
        if layout.alpha != "none":
            writer.write(_on_white(band, layout))
        elif layout.bits == 12:
            stride = row_bytes(layout.width, layout.channels, 12)
            count = layout.width * layout.channels
            for at in range(0, len(band), stride):
                writer.write(_widen12(band[at : at + stride], count))
        else:
            writer.write(band)
    return StoredImage(
        data=writer.finish(),
        encoding="FlateDecode",
        width=layout.width,
        height=layout.height,
        bits=bits,
        colour=layout.colour,
        dpi=dpi,
        orientation=layout.orientation,
        palette=layout.palette,
        icc=icc,
        inverted=layout.min_is_white,
        predictor=writer.predictor,
        reencoded=True,
        alpha_flattened=layout.alpha != "none",
        source=name,
    )


def store_jpeg(data: bytes, index: int, layout: Layout, *, dpi: Density, icc: bytes | None, name: str) -> StoredImage:
    """Decode directory ``index``, which holds JPEG strips or tiles, and store its pixels.

    Raises:
        InputError: ``damaged-image``.
    """
    from PIL.TiffImagePlugin import TiffImageFile

    class AsStored(TiffImageFile):
        """Leaves out Pillow's turning upright: the page keeps its orientation as a fact."""

        def load_end(self) -> None:
            self._size = self.im.size

    if layout.alpha != "none" or layout.min_is_white or layout.colour == "indexed":
        raise refusals.unsupported(name, f"a TIFF with JPEG in {layout.colour} and more")
    refusals.check_decoded(name, layout.width * layout.height * reencode.PIXEL_BYTES)
    with reencode.decoding(name):
        image = AsStored(io.BytesIO(data))
        image.seek(index)
        image.load()
    mode = {"grey": "L", "rgb": "RGB", "cmyk": "CMYK"}[layout.colour]
    if image.mode != mode or image.size != (layout.width, layout.height):
        raise refusals.damaged_image(name, "a TIFF directory that can be read in two ways")
    return reencode.store_picture(
        image, name=name, dpi=dpi, orientation=layout.orientation, icc=icc, pixel_bytes=reencode.PIXEL_BYTES
    )


def _on_white(band: bytes, layout: Layout) -> bytes:
    premultiplied = layout.alpha == "premultiplied"
    if layout.bits == 16:
        return flatten16(band, layout.channels, premultiplied=premultiplied)
    from PIL import Image

    mode = "LA" if CHANNELS[layout.colour] == 1 else "RGBA"
    size = layout.width, len(band) // (layout.width * layout.channels)
    image = Image.frombytes(mode, size, band)
    return flatten8(image, premultiplied=premultiplied).tobytes()


def _widen12(row: bytes, count: int) -> bytes:
    """Return 12-bit samples as 16-bit ones: the top four bits are repeated, so 4095 becomes 65535."""
    row += bytes(-len(row) % 3)
    first, middle, last = row[0::3], row[1::3], row[2::3]
    out = bytearray(len(first) * 4)
    out[0::4] = first
    out[1::4] = bytes((m & 0xF0) | f >> 4 for f, m in zip(first, middle, strict=True))
    out[2::4] = bytes((m & 0x0F) << 4 | x >> 4 for m, x in zip(middle, last, strict=True))
    out[3::4] = bytes((x & 0x0F) << 4 | m & 0x0F for m, x in zip(middle, last, strict=True))
    return bytes(out[: 2 * count])
