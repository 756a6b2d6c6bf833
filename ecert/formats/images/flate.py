"""Flate streams: check that a foreign one holds exactly its rows, and write our own."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from ecert.formats.images import refusals
from ecert.model.images import Colour

CHANNELS: dict[Colour, int] = {"grey": 1, "indexed": 1, "rgb": 3, "cmyk": 4}
_STEP = 1 << 16  # compressed bytes fed at a time
_BLOCK = 1 << 20  # decoded bytes held at a time
_LINE_ENDS = (b"", b"\n", b"\r", b"\r\n")
_FILTER_TYPES = bytes(range(5))
MAX_SLACK = 2  # bytes after the last row of a picture in a PDF: writers add a line end


def row_bytes(width: int, channels: int, bits: int) -> int:
    """Return the bytes of one packed row (ISO 32000-1, 8.9.3)."""
    return (width * channels * bits + 7) // 8


def inflate(data: bytes | memoryview, limit: int, *, name: str, strict: bool = True) -> Iterator[bytes]:
    """Yield what a zlib stream holds, in blocks (RFC 1950).

    Where ``strict``, nothing but a line end may follow it.

    Raises:
        InputError: ``decompression-bomb`` above ``limit``, ``damaged-image``, ``truncated``.
    """
    engine = zlib.decompressobj()
    given, at = 0, 0
    while not engine.eof:
        piece: bytes | memoryview = engine.unconsumed_tail
        if not piece:
            piece = data[at : at + _STEP]
            at += _STEP
        try:
            block = engine.decompress(piece, _BLOCK)
        except zlib.error as error:
            raise refusals.damaged_image(name, f"broken Flate data ({error})") from error
        if not piece and not block and not engine.eof:
            raise refusals.truncated(name, "the Flate data ends too early")
        given += len(block)
        if given > limit:
            raise refusals.bomb(name, f"the Flate data holds more than {limit:,} bytes")
        yield block
    if strict and engine.unused_data + data[at : at + 3] not in _LINE_ENDS:
        raise refusals.damaged_image(name, "bytes after the end of the Flate data")


def check_rows(data: bytes | memoryview, *, stride: int, rows: int, filtered: bool, name: str, slack: int = 0) -> None:
    """Refuse Flate data that is not exactly ``rows`` rows of ``stride`` bytes.

    ``filtered`` rows begin with a PNG filter type of 0 to 4, counted in ``stride`` (ISO/IEC
    15948, 9.2). ``slack`` more bytes may follow: PDF writers add line ends.

    Raises:
        InputError: as :func:`inflate`.
    """
    given = 0
    for block in inflate(data, stride * rows + slack, name=name):
        if filtered and block[-given % stride :: stride].translate(None, _FILTER_TYPES):
            raise refusals.damaged_image(name, "an unknown PNG filter type")
        given += len(block)
    if given < stride * rows:
        raise refusals.truncated(name, f"{given:,} bytes of image data, {stride * rows:,} needed")


class FlateWriter:
    """Packs rows into a Flate stream; 8-bit grey and RGB with PNG predictors, which suit scans."""

    def __init__(self, width: int, colour: Colour, bits: int) -> None:
        self.width = width
        self.stride = row_bytes(width, CHANNELS[colour], bits)
        self.predictor = bits == 8 and colour in ("grey", "rgb")
        self._mode = "L" if colour == "grey" else "RGB"
        self._engine = zlib.compressobj(6)
        self._parts: list[bytes] = []
        self._pending = bytearray()
        self._last = b""

    def write(self, rows: bytes) -> None:
        """Add whole rows of packed samples."""
        view = memoryview(rows)
        step = max(1, _BLOCK // self.stride) * self.stride
        for at in range(0, len(rows), step):
            if not self.predictor:
                self._parts.append(self._engine.compress(view[at : at + step]))
                continue
            self._pending += view[at : at + step]
            if len(self._pending) >= _BLOCK:
                self._flush()

    def finish(self) -> bytes:
        """Return the stream."""
        self._flush()
        self._parts.append(self._engine.flush())
        return b"".join(self._parts)

    def _flush(self) -> None:
        """Filter the pending rows; the row before goes along, for filters look at it."""
        if not self._pending:
            return
        from PIL import Image

        band = self._last + bytes(self._pending)
        image = Image.frombytes(self._mode, (self.width, len(band) // self.stride), band)
        png = io.BytesIO()
        image.save(png, "PNG", compress_level=0)
        rows = zlib.decompress(_image_data(png.getvalue()))
        self._parts.append(self._engine.compress(rows[self.stride + 1 if self._last else 0 :]))
        self._last = band[-self.stride :]
        self._pending.clear()


def _image_data(png: bytes) -> bytes:
    parts, at = [], 8
    while at < len(png):
        size = struct.unpack_from(">I", png, at)[0]
        if png.startswith(b"IDAT", at + 4):
            parts.append(png[at + 8 : at + 8 + size])
        at += 12 + size
    return b"".join(parts)
