"""Values of PDF (ISO 32000-1, 7.3) as plain Python values, and how they are written.

=============  ==============================================
PDF            Python
=============  ==============================================
null           None
boolean        bool
number         int, float
name           :class:`Name` (without the slash)
string         bytes
array          list
dictionary     dict with str keys (without the slash)
stream         :class:`Stream`
reference      :class:`Ref`
=============  ==============================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

PdfValue: TypeAlias = Any
PdfDict: TypeAlias = dict[str, PdfValue]


class Name(str):
    """A name object; ``Name("Type")`` is ``/Type``."""

    __slots__ = ()


class Ref(NamedTuple):
    """An indirect reference."""

    num: int
    gen: int = 0


class Hex(bytes):
    """A string to be written in hexadecimal form."""

    __slots__ = ()


class Raw(bytes):
    """Bytes to be written as they are; only for the places a signature fills in later."""

    __slots__ = ()


@dataclass(slots=True)
class Stream:
    """A stream: its dictionary and its encoded data; ``start`` is the data's offset in the file."""

    dict: PdfDict
    data: bytes | memoryview
    start: int = -1

    def encoded(self) -> bytes:
        """Return the encoded data as bytes."""
        return bytes(self.data)


def same(a: PdfValue, b: PdfValue) -> bool:
    """Tell whether two values are the same PDF value; 1 and 1.0 are, 1 and true are not."""
    if isinstance(a, Stream) and isinstance(b, Stream):
        return same(a.dict, b.dict) and a.data == b.data
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(v, b[k]) for k, v in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, bytes) and isinstance(b, bytes):
        return bytes(a) == bytes(b)
    numbers = (int, float)
    if type(a) in numbers and type(b) in numbers:
        return bool(a == b)
    return type(a) is type(b) and bool(a == b)


_NAME_ESCAPE = re.compile(rb"[^!-~]|[#()<>\[\]{}/%]")
_STRING_ESCAPE = re.compile(rb"[\\()\r\n]")
_STRING_ESCAPES = {b"\\": b"\\\\", b"(": b"\\(", b")": b"\\)", b"\r": b"\\r", b"\n": b"\\n"}


def number(value: float) -> bytes:
    """Write a number: at most three decimals, no exponent, no trailing zeros."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return b"0" if text in ("-0", "") else text.encode()


def write_value(value: PdfValue) -> bytes:
    """Write a value, streams excepted; the same value always gives the same bytes."""
    out: list[bytes] = []
    _write(value, out)
    return b"".join(out)


def _write(value: PdfValue, out: list[bytes]) -> None:  # noqa: C901  (one case a kind of value)
    match value:
        case None:
            out.append(b"null")
        case bool():
            out.append(b"true" if value else b"false")
        case Name():
            escaped = _NAME_ESCAPE.sub(lambda m: b"#%02X" % m.group()[0], value.encode())
            out.append(b"/" + escaped)
        case int():
            out.append(b"%d" % value)
        case float():
            out.append(number(value))
        case Ref(num, gen):
            out.append(b"%d %d R" % (num, gen))
        case Raw():
            out.append(bytes(value))
        case Hex():
            out.append(b"<" + value.hex().encode() + b">")
        case bytes():
            escaped = _STRING_ESCAPE.sub(lambda m: _STRING_ESCAPES[m.group()], value)
            out.append(b"(" + escaped + b")")
        case list():
            out.append(b"[")
            for i, item in enumerate(value):
                if i:
                    out.append(b" ")
                _write(item, out)
            out.append(b"]")
        case dict():
            out.append(b"<<")
            for key, item in value.items():
                _write(Name(key), out)
                out.append(b" ")
                _write(item, out)
                out.append(b"\n" if len(value) > 3 else b" ")
            out.append(b">>")
        case _:
            raise TypeError(f"{type(value).__name__} is not a PDF value")


def text_string(text: str) -> bytes:
    """Encode a text string (7.9.2.2): ASCII as it is, else UTF-16BE with a byte order mark."""
    if text.isascii():
        return text.encode("ascii")
    return b"\xfe\xff" + text.encode("utf-16-be")


def decode_text_string(data: bytes) -> str:
    """Decode a text string: UTF-16BE or UTF-8 by their marks, else Latin-1 (near PDFDocEncoding)."""
    if data[:2] == b"\xfe\xff":
        return data[2:].decode("utf-16-be", "replace")
    if data[:3] == b"\xef\xbb\xbf":
        return data[3:].decode("utf-8", "replace")
    return data.decode("latin-1")
