"""Take off the filters around an image's own encoding (ISO 32000-1, 7.4)."""

from __future__ import annotations

import base64
from typing import Any

from ecert.formats.images import refusals
from ecert.formats.images.flate import inflate
from ecert.model.limits import MAX_INPUT_BYTES

_MAX_FILTERS = 4  # a chain of two is common, of three exists
_WRAPPERS = ("/FlateDecode", "/ASCII85Decode", "/ASCIIHexDecode")
_ASCII = ("/ASCII85Decode", "/ASCIIHexDecode")


def unwrap(stream: Any, *, name: str) -> tuple[bytes, str, Any]:
    """Return the data inside the outer filters, and the last filter with its parameters.

    No filter, or text encodings alone, give the filter ``""``: the data is the samples.

    Raises:
        InputError: ``unsupported-format``, ``damaged-image``, ``decompression-bomb``.
    """
    filters, parameters = _listed(stream.get("/Filter")), _listed(stream.get("/DecodeParms"))
    if len(filters) > _MAX_FILTERS:
        raise refusals.unsupported(name, f"an image with {len(filters)} filters")
    names = [str(item) for item in filters]
    pairs = [
        (item, {} if number >= len(parameters) or parameters[number] is None else parameters[number])
        for number, item in enumerate(names)
    ]
    data = bytes(stream.read_raw_bytes())
    while pairs and (len(pairs) > 1 or pairs[0][0] in _ASCII):
        kind, more = pairs.pop(0)
        if kind not in _WRAPPERS or "/Predictor" in more:
            raise refusals.unsupported(name, f"an image with {kind[1:30]} around its data")
        data = _decoded(kind, data, name)
    return (data, *pairs[0]) if pairs else (data, "", {})


def undo_run_lengths(data: bytes, need: int) -> bytes:
    """Return what run-length data holds (7.4.5), up to a little more than ``need`` bytes."""
    out, at = bytearray(), 0
    while at < len(data) and len(out) < need and data[at] != 128:
        length = data[at]
        if length < 128:
            out += data[at + 1 : at + 2 + length]
            at += 2 + length
        else:
            out += data[at + 1 : at + 2] * (257 - length)
            at += 2
    return bytes(out)


def _listed(value: Any) -> list[Any]:
    import pikepdf

    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def _decoded(kind: str, data: bytes, name: str) -> bytes:
    try:
        if kind == "/FlateDecode":
            return b"".join(inflate(data, MAX_INPUT_BYTES, name=name))
        if kind == "/ASCIIHexDecode":
            return bytes.fromhex(data.partition(b">")[0].decode("ascii"))
        body = data.strip().removeprefix(b"<~").partition(b"~>")[0]
        return base64.a85decode(body, ignorechars=b" \t\n\r\v\f\0")
    except (ValueError, UnicodeDecodeError) as error:
        raise refusals.damaged_image(name, f"broken {kind[1:]} data") from error
