"""Turn a scanner PDF's image XObject into a page (ISO 32000-1, 7.4 and 8.9.5).

DCTDecode, JPXDecode and FlateDecode streams are passed through. Filters around them (Flate around JPEG
is common) are taken off: what lies inside is what the scanner wrote. Group 4 fax, LZW and run-length
data, and samples without a filter, are stored again as Flate without loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ecert.capture.scanned_pdf.colour import ColourSpace, read_colour_space
from ecert.capture.scanned_pdf.filters import undo_run_lengths, unwrap
from ecert.capture.scanned_pdf.page import PlacedImage
from ecert.errors import InputError
from ecert.formats.images import fax, jpeg, jpeg2000, refusals
from ecert.formats.images.flate import CHANNELS, MAX_SLACK, FlateWriter, check_rows, inflate, row_bytes
from ecert.formats.images.jpeg_trailer import check_trailer
from ecert.formats.images.predictor import undo_predictor
from ecert.formats.images.resolution import Density
from ecert.formats.images.tiff_chunks import lzw_rows
from ecert.model.images import Encoding, StoredImage
from ecert.model.limits import MAX_BAND_BYTES

_NO_MASKS = "scan the pages as plain image PDF, without compact or high-compression mode"


@dataclass(frozen=True)
class _Image:
    """The facts of the image dictionary, and the data inside its outer filters."""

    name: str
    data: bytes
    filter: str
    parameters: Any
    width: int
    height: int
    bits: int
    space: ColourSpace
    inverted: bool
    placed: PlacedImage
    dpi: Density

    @property
    def stride(self) -> int:
        """Return the bytes of one row of samples."""
        return row_bytes(self.width, CHANNELS[self.space.colour], self.bits)

    def parameter(self, key: str, default: int) -> int:
        """Return a whole number or truth value from the filter's parameters."""
        return int(self.parameters.get(key, default))

    def page(self, data: bytes, encoding: Encoding, **more: Any) -> StoredImage:
        """Return the page with these facts."""
        facts: dict[str, Any] = {"bits": self.bits, "inverted": self.inverted}
        return StoredImage(
            data=data,
            encoding=encoding,
            width=self.width,
            height=self.height,
            colour=self.space.colour,
            palette=self.space.palette,
            icc=self.space.icc,
            dpi=self.dpi,
            orientation=self.placed.orientation,
            source=self.name,
            **(facts | more),
        )


def stored_image(placed: PlacedImage, *, dpi: Density, name: str) -> StoredImage:
    """Return the page of one placed image.

    Raises:
        InputError: ``transparency``, ``jbig2``, ``unsupported-format``, ``damaged-image``,
            ``truncated``, ``decompression-bomb``, ``too-large``, ``lossless-impossible``.
    """
    stream = placed.stream
    for key in ("/SMask", "/Mask", "/Alternates", "/OPI", "/OC"):
        if key in stream:
            message = f"{name}: the image has {key[1:]} (a mask, layer or substitute)"
            raise InputError(message, code="transparency", hint=_NO_MASKS)
    if int(stream.get("/SMaskInData", 0)):
        raise InputError(f"{name}: the image is transparent", code="transparency", hint=_NO_MASKS)
    width, height = int(stream["/Width"]), int(stream["/Height"])
    data, last, parameters = unwrap(stream, name=name)
    mask = bool(stream.get("/ImageMask", False))
    if mask and not placed.fill_is_black:
        raise refusals.unsupported(name, "a stencil in another colour than black", _NO_MASKS)
    space = _space(stream, data, last, mask, name)
    bits = 1 if mask or last == "/CCITTFaxDecode" else int(stream.get("/BitsPerComponent", 8))
    if bits not in (1, 2, 4, 8, 16):
        raise refusals.unsupported(name, f"an image of {bits} bits per component")
    inverted = _inverted(stream.get("/Decode"), space, bits, name)
    image = _Image(name, data, last, parameters, width, height, bits, space, inverted, placed, dpi)
    return _READERS.get(last, _refuse_filter)(image)


def _space(stream: Any, data: bytes, last: str, mask: bool, name: str) -> ColourSpace:
    if mask:
        return ColourSpace("grey")
    space = stream.get("/ColorSpace")
    if space is not None:
        return read_colour_space(space, name=name)
    if last == "/JPXDecode":
        channels = jpeg2000.parse_jpeg2000(data, name=name).channels
        if channels is not None:
            return ColourSpace(jpeg2000.COLOURS[channels])
    raise refusals.unsupported(name, "an image without colour space")


def _inverted(decode: Any, space: ColourSpace, bits: int, name: str) -> bool:
    """Return whether /Decode turns all samples round; anything but that and identity is refused."""
    if decode is None:
        return False
    values = [float(value) for value in decode]
    if space.colour == "indexed":
        if values == [0, 2**bits - 1]:
            return False
    elif values == [0, 1] * CHANNELS[space.colour]:
        return False
    elif values == [1, 0] * CHANNELS[space.colour]:
        return True
    raise refusals.unsupported(name, "an image whose samples are mapped (Decode)", _NO_MASKS)


def _jpeg(image: _Image) -> StoredImage:
    facts = jpeg.parse_jpeg(image.data, name=image.name)
    check_trailer(image.data, facts.end, name=image.name)
    if (facts.width, facts.height) != (image.width, image.height) or (facts.colour != image.space.colour):
        raise refusals.damaged_image(image.name, "the JPEG and the PDF's image dictionary differ")
    plain = facts.carried and image.bits == 8
    if facts.adobe is None and image.parameter("/ColorTransform", len(facts.components) == 3) != (
        len(facts.components) == 3
    ):
        plain = False
    if not plain:
        raise refusals.unsupported(image.name, "a JPEG that PDF readers show differently")
    return image.page(image.data, "DCTDecode")


def _jpeg2000(image: _Image) -> StoredImage:
    if image.inverted or image.space.colour == "indexed":
        raise refusals.unsupported(image.name, "JPEG 2000 with mapped samples")
    facts = jpeg2000.parse_jpeg2000(image.data, name=image.name)
    code = facts.codestream
    if (code.width, code.height) != (image.width, image.height):
        raise refusals.damaged_image(image.name, "the JPEG 2000 and the PDF's image dictionary differ")
    if not jpeg2000.carried(facts) or code.channels != CHANNELS[image.space.colour]:
        raise refusals.unsupported(image.name, "JPEG 2000 of a kind that PDF/A-3 forbids")
    return image.page(image.data, "JPXDecode", bits=code.depth)


def _fax(image: _Image) -> StoredImage:
    kind = image.parameter("/K", 0)
    if kind >= 0 or image.parameter("/EncodedByteAlign", 0):
        raise refusals.unsupported(image.name, "fax data other than Group 4")
    columns, rows = image.parameter("/Columns", 1728), image.parameter("/Rows", image.height)
    if columns != image.width or rows not in (0, image.height) or image.space.colour != "grey":
        raise refusals.damaged_image(image.name, "the fax data and the PDF's image dictionary differ")
    refusals.check_decoded(image.name, image.stride * image.height, MAX_BAND_BYTES)
    white_is_1 = not image.parameter("/BlackIs1", 0)
    found = fax.decode(
        image.data, width=image.width, rows=image.height, coding="G4", name=image.name, inverted=white_is_1
    )
    writer = FlateWriter(image.width, image.space.colour, image.bits)
    writer.write(found)
    return image.page(writer.finish(), "FlateDecode", reencoded=True)


def _flate(image: _Image) -> StoredImage:
    predictor = image.parameter("/Predictor", 1)
    if predictor == 1:
        check_rows(image.data, stride=image.stride, rows=image.height, filtered=False, name=image.name, slack=MAX_SLACK)
        return image.page(image.data, "FlateDecode")
    _check_predictor(image)
    if predictor >= 10:
        stride = image.stride + 1
        check_rows(image.data, stride=stride, rows=image.height, filtered=True, name=image.name, slack=MAX_SLACK)
        return image.page(image.data, "FlateDecode", predictor=True)
    limit = image.stride * image.height + MAX_SLACK
    refusals.check_decoded(image.name, limit, MAX_BAND_BYTES)
    return _again(image, b"".join(inflate(image.data, limit, name=image.name)))


def _lzw(image: _Image) -> StoredImage:
    if image.parameter("/EarlyChange", 1) != 1:
        raise refusals.unsupported(image.name, "LZW data without early change")
    predictor = image.parameter("/Predictor", 1)
    stride = image.stride + (predictor >= 10)
    refusals.check_decoded(image.name, stride * image.height, MAX_BAND_BYTES)
    if predictor != 1:
        _check_predictor(image)
    return _again(image, lzw_rows(image.data, stride, image.height, name=image.name))


def _check_predictor(image: _Image) -> None:
    """Refuse predictor parameters that do not describe this image's rows."""
    if (
        image.parameter("/Predictor", 1) not in (2, *range(10, 16))
        or image.parameter("/Columns", 1) != image.width
        or image.parameter("/Colors", 1) != CHANNELS[image.space.colour]
        or image.parameter("/BitsPerComponent", 8) != image.bits
    ):
        raise refusals.damaged_image(image.name, "the predictor and the PDF's image dictionary differ")


def _again(image: _Image, rows: bytes) -> StoredImage:
    """Store decoded rows, their predictor undone, as our own Flate stream."""
    predictor = image.parameter("/Predictor", 1) if image.filter != "/RunLengthDecode" else 1
    size = (image.stride + (predictor >= 10)) * image.height
    if len(rows) < size:
        raise refusals.truncated(image.name, f"{len(rows):,} bytes of image data, {size:,} needed")
    rows, channels = rows[:size], CHANNELS[image.space.colour]
    if predictor != 1:
        rows = undo_predictor(rows, width=image.width, channels=channels, bits=image.bits, tiff=predictor == 2)
    writer = FlateWriter(image.width, image.space.colour, image.bits)
    writer.write(rows)
    return image.page(writer.finish(), "FlateDecode", predictor=writer.predictor, reencoded=True)


def _run_length(image: _Image) -> StoredImage:
    need = image.stride * image.height
    refusals.check_decoded(image.name, need, MAX_BAND_BYTES)
    return _again(image, undo_run_lengths(image.data, need))


def _raw(image: _Image) -> StoredImage:
    return _again(image, image.data)


def _jbig2(image: _Image) -> StoredImage:
    raise InputError(
        f"{image.name}: the image is JBIG2, whose lossy mode is known to swap characters",
        code="jbig2",
        hint="set the scanner to JPEG or Group 4, and scan the original again",
    )


def _refuse_filter(image: _Image) -> StoredImage:
    raise refusals.unsupported(image.name, f"an image with filter {image.filter[1:30]}")


_READERS = {
    "": _raw,
    "/DCTDecode": _jpeg,
    "/JPXDecode": _jpeg2000,
    "/CCITTFaxDecode": _fax,
    "/FlateDecode": _flate,
    "/LZWDecode": _lzw,
    "/RunLengthDecode": _run_length,
    "/JBIG2Decode": _jbig2,
}
