"""FlateDecode with PNG predictors (ISO 32000-1, 7.4.4), bounded; the only filter the reader needs."""

from __future__ import annotations

import zlib

from ecert.errors import Reason
from ecert.formats.pdf.faults import StructureFault, damaged
from ecert.formats.pdf.objects import PdfValue, Ref, Stream
from ecert.model.limits import PREDICTED_COST


def decode_stream(stream: Stream, limit: int) -> bytes:
    """Return a stream's decoded data, at most ``limit`` bytes.

    Raises:
        StructureFault: another filter, damaged data, or more than ``limit`` bytes.
    """
    filters, parms = _only_filter(stream)
    if filters in (None, []):
        if len(stream.data) > limit:
            raise StructureFault("over-limit", Reason("limits.decoded-bytes"), limit=limit)
        return stream.encoded()
    if filters != "FlateDecode":
        raise StructureFault("structure-unsupported", Reason("pdf.filter", filter=filters))
    if is_predicted(stream):  # a byte of it costs so much more that less of it is allowed
        assert isinstance(parms, dict)
        return _undo_predictor(_inflate(stream.data, limit // PREDICTED_COST), parms)
    return _inflate(stream.data, limit)


def is_predicted(stream: Stream) -> bool:
    """Return whether a stream's data must be computed row by row."""
    _, parms = _only_filter(stream)
    return isinstance(parms, dict) and parms.get("Predictor", 1) != 1


def _only_filter(stream: Stream) -> tuple[PdfValue, PdfValue]:
    filters, parms = stream.dict.get("Filter"), stream.dict.get("DecodeParms")
    if isinstance(parms, Ref) or (isinstance(parms, list) and any(isinstance(p, Ref) for p in parms)):
        # other readers find a predictor there, and decode the same bytes to something else
        raise StructureFault("structure-unsupported", Reason("pdf.decode-parameters-elsewhere"))
    if parms is not None and (
        len(parms) != len(filters)
        if isinstance(filters, list) and isinstance(parms, list)
        else isinstance(filters, list) or isinstance(parms, list)
    ):
        # table 5: an array beside an array; readers differ in what they make of anything else
        raise StructureFault("parsers-disagree", Reason("pdf.filter-and-parameters-differ"))
    if isinstance(filters, list) and len(filters) == 1:
        filters = filters[0]
        parms = parms[0] if isinstance(parms, list) else None
    return filters, parms


def _inflate(data: bytes | memoryview, limit: int) -> bytes:
    """Return inflated zlib data, at most ``limit`` bytes; a cut-off stream is refused."""
    machine = zlib.decompressobj()
    try:
        result = machine.decompress(data, limit + 1)  # one more than allowed tells whether there is more
    except zlib.error as exc:
        raise damaged(Reason("pdf.compressed-data-broken")) from exc
    if len(result) > limit:
        raise StructureFault("over-limit", Reason("limits.decoded-bytes"), limit=limit)
    if not machine.eof:
        raise damaged(Reason("pdf.compressed-data-cut-off"))
    return result


def _undo_predictor(data: bytes, parms: dict[str, object]) -> bytes:
    predictor, columns = parms.get("Predictor"), parms.get("Columns", 1)
    colors, bits = parms.get("Colors", 1), parms.get("BitsPerComponent", 8)
    if any(type(v) is not int for v in (predictor, columns, colors, bits)):
        raise StructureFault("parsers-disagree", Reason("pdf.predictor-parameters-malformed"))
    # 10 to 15 mean the same, for each row names its own (7.4.4.4); TIFF's is not known here
    if predictor not in range(10, 16) or colors != 1 or bits != 8:
        raise StructureFault("structure-unsupported", Reason("pdf.predictor", predictor=str(predictor)))
    if type(columns) is not int or not 0 < columns <= 4096:
        raise damaged(Reason("pdf.predictor-row-length"))
    out, above = bytearray(), bytes(columns)
    for start in range(0, len(data), columns + 1):
        row = bytearray(data[start + 1 : start + 1 + columns])
        if len(row) != columns:
            raise damaged(Reason("pdf.predictor-row-cut-off"))
        _undo_row(data[start], row, above)
        out += row
        above = bytes(row)
    return bytes(out)


def _undo_row(kind: int, row: bytearray, above: bytes) -> None:
    for i in range(len(row)):
        left = row[i - 1] if i else 0
        corner = above[i - 1] if i else 0
        match kind:
            case 0:
                return
            case 1:
                guess = left
            case 2:
                guess = above[i]
            case 3:
                guess = (left + above[i]) // 2
            case 4:
                base = left + above[i] - corner  # Paeth: of equally near ones left, then above (PNG, 9.4)
                guess = min(
                    (abs(base - left), 0, left), (abs(base - above[i]), 1, above[i]), (abs(base - corner), 2, corner)
                )[2]
            case _:
                raise damaged(Reason("pdf.predictor-of-row-unknown"))
        row[i] = (row[i] + guess) & 0xFF
