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

from ecert.formats.pdf import Document, Stream, StructureFault
from ecert.formats.pdf.filters import decode_stream, is_predicted
from ecert.formats.pdf.lexer import WHITE
from ecert.formats.pdf.objects import PdfValue, decode_text_string
from ecert.model.limits import MAX_OBJECTS, MAX_SEARCHED_BYTES, MAX_SEARCHED_STREAM, PREDICTED_COST
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


#: in these a picture is no text either
_ROWS: Final = frozenset({"RunLengthDecode", "LZWDecode"})
_CLEAR, _END = 256, 257  # codes of LZW that stand for no letters
_LETTERS: Final = [*(bytes([i]) for i in range(256)), b"", b""]


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
        work = _Work()
        return any(
            _of_object(held.value, work) for revision in document.revisions for held in revision.objects.values()
        )
    except _Opaque:
        return True


class _Opaque(Exception):
    """It cannot be told."""


class _Work:
    """Counts what is looked into."""

    def __init__(self) -> None:
        self._left = MAX_SEARCHED_BYTES

    def count(self, done: int) -> None:
        """Count so many bytes more.

        Raises:
            _Opaque: that is more than is looked into.
        """
        self._left -= done
        if self._left < 0:
            raise _Opaque


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
    work, view = _Work(), memoryview(data)
    for count, found in enumerate(_STREAM.finditer(data)):
        if count == MAX_OBJECTS:  # the reader takes no more
            raise _Opaque
        start = found.end()
        if len(data) - start < 2 or data[start] & 15 != 8 or (data[start] << 8 | data[start + 1]) % 31:
            continue  # no zlib data (RFC 1950, 2.2)
        text, read = _begun(view[start:])
        yield text
        work.count(max(len(text), read))  # streams within streams are read often


def _begun(data: memoryview) -> tuple[bytes, int]:
    """Inflate what there is, as far as it goes; return it, and how much was read for it."""
    machine, out, pos = zlib.decompressobj(), bytearray(), 0
    try:
        while not machine.eof and len(out) < MAX_SEARCHED_STREAM and pos < len(data):
            piece = data[pos : pos + 65_536]
            pos += len(piece)
            out += machine.decompress(piece, MAX_SEARCHED_STREAM - len(out))
    except zlib.error:
        pass  # what came before is text all the same
    return bytes(out), pos


def _of_object(value: PdfValue, work: _Work) -> bool:
    """Return whether a value names one of the fields, holds one of the texts, or is a stream that hides one."""
    pending: list[PdfValue] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, Stream):
            if _of_stream(item, work):
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


def _of_stream(stream: Stream, work: _Work) -> bool:
    """Look through a stream's filters; what is only inflated was looked into already.

    Raises:
        _Opaque: one of them is not known here, or there is more than is looked into.
    """
    filters = stream.dict.get("Filter")
    names = filters if isinstance(filters, list) else [] if filters is None else [filters]
    is_picture = stream.dict.get("Subtype") == "Image"
    if names in ([], ["FlateDecode"]):
        return not is_picture and stream.dict.get("Type") != "XRef" and _hides_in_rows(stream, work)
    data = stream.encoded()
    for name in names:
        if name in _PICTURES or (is_picture and name in _ROWS):
            return False
        work.count((PREDICTED_COST if name in _ROWS else 1) * min(len(data), MAX_SEARCHED_STREAM))
        data = _decoded(name, data)
        if _shows(data):
            return True
    return False


def _hides_in_rows(stream: Stream, work: _Work) -> bool:
    """Look through what is written as rows of differences (7.4.4.4), as no text is.

    Raises:
        _Opaque: it is more than is computed, or another kind of rows.
    """
    try:
        if not is_predicted(stream):
            return False
        work.count(MAX_SEARCHED_STREAM)
        return _shows(decode_stream(stream, MAX_SEARCHED_STREAM))
    except StructureFault as fault:
        raise _Opaque from fault


def _decoded(name: PdfValue, data: bytes) -> bytes:
    try:
        match name:
            case "FlateDecode":
                return _begun(memoryview(data))[0]
            case "ASCIIHexDecode":
                return _unhexed(data.partition(b">")[0])[:MAX_SEARCHED_STREAM]
            case "ASCII85Decode":
                digits = data.partition(b"~>")[0].strip().removeprefix(b"<~")
                return base64.a85decode(digits[:MAX_SEARCHED_STREAM], ignorechars=WHITE)
            case "RunLengthDecode":
                return _run_out(data)
            case "LZWDecode":
                return _unpacked(data)
    except ValueError:
        pass
    raise _Opaque


def _run_out(data: bytes) -> bytes:
    """Undo run-length encoding (7.4.5), as far as it goes."""
    out, pos = bytearray(), 0
    while pos < len(data) and data[pos] != 128 and len(out) < MAX_SEARCHED_STREAM:
        count = data[pos]
        out += data[pos + 1 : pos + 2 + count] if count < 128 else data[pos + 1 : pos + 2] * (257 - count)
        pos += 2 + count if count < 128 else 2
    return bytes(out)


def _unpacked(data: bytes) -> bytes:
    """Undo LZW (7.4.4.2) with early change, the default, as far as it goes.

    Raises:
        ValueError: a code is not in the table: it is written otherwise, or damaged.
    """
    out, table, last = bytearray(), _LETTERS.copy(), b""
    held, bits, width = 0, 0, 9
    for byte in data:
        held, bits = (held << 8 | byte) & 0xFFFFF, bits + 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & ((1 << width) - 1)
        if code == _END or len(out) >= MAX_SEARCHED_STREAM:
            break
        if code == _CLEAR:
            table, last, width = _LETTERS.copy(), b"", 9
            continue
        if code > len(table) or (code == len(table) and not last):
            raise ValueError(code)
        word = table[code] if code < len(table) else last + last[:1]
        out += word
        if last and len(table) < 4096:
            table.append(last + word[:1])
        last = word
        width = min(12, (len(table) + 1).bit_length())
    return bytes(out)
