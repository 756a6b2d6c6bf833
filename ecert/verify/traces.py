"""Traces of a copy of ours, wherever they stand in a file: in any revision, packed, or in bytes that nothing lists.

A copy that somebody saved anew, cut back or altered is no other system's document, however little of it is left. What
is looked for are the names that only our format uses: of the record and its schema, of the metadata, and of the two
form fields. They may be written as text in any Unicode encoding, as hexadecimal, with escapes, and be compressed.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from typing import Final

from ecert.formats.pdf import Document, Stream
from ecert.formats.pdf.objects import PdfValue, decode_text_string
from ecert.model.limits import MAX_OBJECTS, MAX_SEARCHED_BYTES, MAX_SEARCHED_STREAM
from ecert.model.roles import SEAL_FIELD, SIGNER_FIELD

#: before every name of ours: ``urn:ecert:record:1``, ``urn:ecert:xmp:1#``
_NAMESPACES: Final = "urn:ecert:"
_TEXTS: Final = (_NAMESPACES, "ecert-record", "(ecert-1)", "CreatorTool>ecert<")
_FIELDS: Final = frozenset({SIGNER_FIELD, SEAL_FIELD})
_ENCODINGS: Final = ("ascii", "utf-16-be", "utf-32-be")  # either order: searched without the outer zeros
_PLAIN: Final = tuple(text.encode(name).strip(b"\0") for text in _TEXTS for name in _ENCODINGS)
_HEX: Final = re.compile(rb"<([0-9A-Fa-f\s\x00]{16,})>")
_NAMED: Final = re.compile(
    rb"/T\s*(?:\(\s*(?:\xfe\xff|\xff\xfe|\xef\xbb\xbf)?((?:\x00?[A-Za-z]\x00?){4,6})\s*\)|<([0-9A-Fa-f\s]{8,40})>)"
)
_STREAM: Final = re.compile(rb"stream(?:\r\n|\n|\r)")
#: what a picture is compressed with: there is no text in it
_PICTURES: Final = frozenset({"DCTDecode", "JPXDecode", "JBIG2Decode", "CCITTFaxDecode"})


def is_marked(data: bytes) -> bool:
    """Return whether a file bears our namespaces in plain sight, as every copy does that nobody has touched."""
    return _NAMESPACES.encode() in data


def holds_traces(document: Document) -> bool:
    """Return whether anything of a copy of ours stands in a file, or something that cannot be looked into."""
    data = document.data
    if _shows(data):
        return True
    try:
        if any(_shows(found) for found in _inflated(data)):
            return True
        return any(_of_object(held.value) for revision in document.revisions for held in revision.objects.values())
    except _Opaque:
        return True


class _Opaque(Exception):
    """It cannot be told."""


def _shows(data: bytes) -> bool:
    """Return whether bytes hold one of the texts, or name one of the fields."""
    if any(text in data for text in _PLAIN):
        return True
    if any(_hidden_in_hex(found[1]) for found in _HEX.finditer(data)):
        return True
    for found in _NAMED.finditer(data):
        name = found[1].replace(b"\0", b"") if found[1] else _unhexed(found[2]).replace(b"\0", b"")
        if name.removeprefix(b"\xfe\xff").removeprefix(b"\xff\xfe").decode("latin-1") in _FIELDS:
            return True
    return False


def _hidden_in_hex(digits: bytes) -> bool:
    found = _unhexed(digits)
    return any(text in found for text in _PLAIN)


def _unhexed(digits: bytes) -> bytes:
    digits = bytes(b for b in digits if b not in b" \t\r\n\f\v\0")
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def _inflated(data: bytes) -> Iterator[bytes]:
    """Yield the beginning of everything in the file that is compressed, listed or not.

    Raises:
        _Opaque: that is more than is looked into.
    """
    left = MAX_SEARCHED_BYTES
    view = memoryview(data)
    for count, found in enumerate(_STREAM.finditer(data)):
        if count == MAX_OBJECTS:  # the reader takes no more
            raise _Opaque
        start = found.end()
        if len(data) - start < 2 or data[start] & 15 != 8 or (data[start] << 8 | data[start + 1]) % 31:
            continue  # no zlib data (RFC 1950, 2.2)
        text = _begun(view[start:])
        yield text
        left -= len(text)
        if left < 0:
            raise _Opaque


def _begun(data: memoryview) -> bytes:
    """Inflate what there is, as far as it goes."""
    machine, out, pos = zlib.decompressobj(), bytearray(), 0
    try:
        while not machine.eof and len(out) < MAX_SEARCHED_STREAM and pos < len(data):
            piece = data[pos : pos + 65_536]
            out += machine.decompress(piece, MAX_SEARCHED_STREAM - len(out))
            pos += len(piece)
    except zlib.error:
        pass  # what came before is text all the same
    return bytes(out)


def _of_object(value: PdfValue) -> bool:
    """Return whether a value names one of the fields, holds one of the texts, or is a stream that hides one."""
    pending: list[PdfValue] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, Stream):
            if _of_stream(item):
                return True
            item = item.dict
        if isinstance(item, dict):
            name = item.get("T")
            if isinstance(name, bytes) and decode_text_string(name).strip() in _FIELDS:
                return True
            pending += item.values()
            pending += item.keys()
        elif isinstance(item, list):
            pending += item
        elif isinstance(item, str):
            if any(text in item for text in _TEXTS):
                return True
        elif isinstance(item, bytes) and any(text in decode_text_string(item) for text in _TEXTS):
            return True
    return False


def _of_stream(stream: Stream) -> bool:
    """Look through a stream's filters; what is only inflated was looked into already.

    Raises:
        _Opaque: one of them is not known here.
    """
    filters = stream.dict.get("Filter")
    names = filters if isinstance(filters, list) else [] if filters is None else [filters]
    if names in ([], ["FlateDecode"]):
        return False
    data = stream.encoded()
    for name in names:
        if name in _PICTURES:
            return False
        data = _decoded(name, data)
        if _shows(data):
            return True
    return False


def _decoded(name: PdfValue, data: bytes) -> bytes:
    try:
        match name:
            case "FlateDecode":
                return _begun(memoryview(data))
            case "ASCIIHexDecode":
                return _unhexed(data.partition(b">")[0])[:MAX_SEARCHED_STREAM]
            case "ASCII85Decode":
                return base64.a85decode(data.partition(b"~>")[0].strip().removeprefix(b"<~"))[:MAX_SEARCHED_STREAM]
    except ValueError:
        pass
    raise _Opaque
