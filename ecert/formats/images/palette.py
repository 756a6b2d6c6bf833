"""Samples of palette images: none may lie beyond the last colour.

Readers differ there (ISO 32000-1, 8.6.6.3 names no colour): some show white, others black or whatever
lies behind the palette in memory. So words can be hidden from one reader and shown by the next.
"""

from __future__ import annotations

from collections.abc import Iterator

from ecert.formats.images import refusals
from ecert.formats.images.flate import MAX_SLACK, inflate, row_bytes
from ecert.formats.images.predictor import undo_predictor

_BAND = 4 << 20  # bytes of rows looked at together


def check_samples(
    data: bytes | memoryview, *, width: int, rows: int, bits: int, entries: int, filtered: bool, name: str
) -> None:
    """Refuse Flate data with a sample that its palette of ``entries`` colours lacks.

    The data has been counted: it is whole rows, ``filtered`` ones with their PNG filter types. Where the
    palette has all colours that the depth can name, nothing is unpacked.

    Raises:
        InputError: ``damaged-image``.
    """
    if entries >= 1 << bits:
        return
    stride = row_bytes(width, 1, bits)
    known = _bytes_within(bits, entries)
    spare = 8 * stride - width * bits  # bits at the end of a row that are no sample
    for band in _bands(data, width, rows, bits, filtered, name):
        if spare:
            band = _without_spare(band, stride, spare)
        if band.translate(None, known):
            raise refusals.damaged_image(name, "a sample beyond the last colour of its palette")


def _bands(data: bytes | memoryview, width: int, rows: int, bits: int, filtered: bool, name: str) -> Iterator[bytes]:
    """Yield packed rows, some at a time, their filters undone."""
    stride = row_bytes(width, 1, bits)
    coded = stride + filtered
    most = max(1, _BAND // coded) * coded
    pending, left, above = bytearray(), coded * rows, b""
    for block in inflate(data, left + MAX_SLACK, name=name):
        pending += block[:left]
        left -= min(len(block), left)
        whole = len(pending) if not left else len(pending) // coded * coded
        if not whole or (left and whole < most):
            continue
        band = bytes(pending[:whole])
        del pending[:whole]
        if filtered:
            band = _unfiltered(above, band, width, bits)
            above = band[-stride:]
        yield band


def _unfiltered(above: bytes, band: bytes, width: int, bits: int) -> bytes:
    """Return rows without their filters; most encoders use none where there is a palette."""
    coded = 1 + row_bytes(width, 1, bits)
    if not any(band[::coded]):
        rows = bytearray(band)
        del rows[::coded]
        return bytes(rows)
    # the row above goes along unfiltered, for filters look at it
    before = b"\0" + above if above else b""
    return undo_predictor(before + band, width=width, channels=1, bits=bits)[len(above) :]


def _bytes_within(bits: int, entries: int) -> bytes:
    """Return the bytes all of whose samples name a colour."""
    mask = (1 << bits) - 1
    return bytes(byte for byte in range(256) if all(byte >> shift & mask < entries for shift in range(0, 8, bits)))


def _without_spare(band: bytes, stride: int, spare: int) -> bytes:
    """Return rows with zeros in the bits at the end of each that are no sample."""
    out = bytearray(band)
    zero = bytes(byte >> spare << spare for byte in range(256))
    out[stride - 1 :: stride] = out[stride - 1 :: stride].translate(zero)
    return bytes(out)
