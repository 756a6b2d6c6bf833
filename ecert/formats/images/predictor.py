"""Undo PNG and TIFF predictors (ISO 32000-1, 7.4.4.4) with qpdf's decoder, at every depth."""

from __future__ import annotations

import zlib


def undo_predictor(rows: bytes, *, width: int, channels: int, bits: int, tiff: bool = False) -> bytes:
    """Return packed samples of rows that carry PNG filter bytes, or TIFF predictor 2.

    16-bit samples are big-endian. ``rows`` is whole: the caller has counted it.
    """
    import pikepdf

    with pikepdf.new() as pdf:
        stream = pikepdf.Stream(pdf, zlib.compress(rows, 0))
        stream.Filter = pikepdf.Name.FlateDecode
        stream.DecodeParms = pikepdf.Dictionary(
            Predictor=2 if tiff else 15, Colors=channels, BitsPerComponent=bits, Columns=width
        )
        return stream.read_bytes()
