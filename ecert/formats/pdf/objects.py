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
from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

PdfValue: TypeAlias = Any
PdfDict: TypeAlias = dict[str, PdfValue]


class Name(str):
    """A name object; ``Name("Type")`` is ``/Type``.

    A name is bytes (7.3.5): each is one character here, so that names which differ never look the same.
    """

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
    """Return whether two values are the same PDF value.

    1 and 1.0 are not: some readers take no real number where an integer belongs.
    """
    if a is b:
        return True
    if isinstance(a, Stream) and isinstance(b, Stream):
        return same(a.dict, b.dict) and a.data == b.data
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(v, b[k]) for k, v in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, bytes) and isinstance(b, bytes):
        return bytes(a) == bytes(b)
    return type(a) is type(b) and bool(a == b)  # to Python true, 1 and 1.0 are equal


def references(value: PdfValue) -> Counter[int]:
    """Return the numbers of all objects a value refers to, and how often."""
    found: Counter[int] = Counter()
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, Ref):
            found[item.num] += 1
        elif isinstance(item, Stream):
            stack.append(item.dict)
        elif isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return found


_NAME_ESCAPE = re.compile(rb"[^!-~]|[#()<>\[\]{}/%]")
_STRING_ESCAPE = re.compile(rb"[\\()\r\n]")
_STRING_ESCAPES = {b"\\": b"\\\\", b"(": b"\\(", b")": b"\\)", b"\r": b"\\r", b"\n": b"\\n"}


def number(value: float) -> bytes:
    """Write a number: at most three decimals, no exponent, no trailing zeros."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return b"0" if text in ("-0", "") else text.encode()


def as_written(value: PdfValue) -> PdfValue:
    """Return a value as it is read back once it was written: numbers have three decimals, or none."""
    match value:
        case float():
            text = number(value)
            return float(text) if b"." in text else int(text)
        case Stream():
            return Stream(as_written(value.dict), value.data, value.start)
        case dict():
            return {k: as_written(v) for k, v in value.items()}
        case list():
            return [as_written(v) for v in value]
    return value


def write_value(value: PdfValue) -> bytes:
    """Write a value, streams excepted; the same value always gives the same bytes."""
    out: list[bytes] = []
    _write(value, out)
    return b"".join(out)


def _write(value: PdfValue, out: list[bytes]) -> None:  # noqa: C901  (one case a kind of value)
    match value:
        case None:
            out.append(b"null")
        case bool():  # before int, of which it is one to Python
            out.append(b"true" if value else b"false")
        case Name():
            escaped = _NAME_ESCAPE.sub(lambda m: b"#%02X" % m.group()[0], value.encode("latin-1"))
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
                # line ends for those who look into a file; frozen, for revision 0 is compared byte by byte
                out.append(b"\n" if len(value) > 3 else b" ")
            out.append(b">>")
        case _:
            raise TypeError(f"{type(value).__name__} is not a PDF value")


def text_string(text: str) -> bytes:
    """Encode a text string (7.9.2.2): ASCII as it is, else UTF-16BE with a byte order mark."""
    if text.isascii():
        return text.encode("ascii")
    return b"\xfe\xff" + text.encode("utf-16-be")


#: PDFDocEncoding where it is not Latin-1 (annex D.2); what it leaves undefined stays as it is
_DOC_ENCODING = dict(
    zip((*range(0x18, 0x20), *range(0x80, 0x9F), 0xA0), "˘ˇˆ˙˝˛˚˜•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž€", strict=False)
)
_LANGUAGE = re.compile("\x1b[^\x1b]*\x1b")  # an escape that names a language (7.9.2.2.1)


def decode_text_string(data: bytes) -> str:
    """Decode a text string (7.9.2.2): UTF-16 or UTF-8 by their marks, else PDFDocEncoding.

    UTF-16LE is no text string by the standard, but readers take it for one. Language escapes are left out.
    """
    for mark, encoding in ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"), (b"\xef\xbb\xbf", "utf-8")):
        if data.startswith(mark):
            return _LANGUAGE.sub("", data[len(mark) :].decode(encoding, "replace"))
    return data.decode("latin-1").translate(_DOC_ENCODING)
