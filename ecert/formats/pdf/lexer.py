"""Bytes → values (ISO 32000-1, 7.2 and 7.3), strictly.

Refused rather than guessed: unbalanced brackets, duplicate dictionary keys (readers differ in which
one counts), keywords in place of values, numbers of absurd length, nesting beyond the limit.
"""

from __future__ import annotations

import re

from ecert.errors import Reason
from ecert.formats.pdf.faults import StructureFault, damaged
from ecert.formats.pdf.objects import Name, PdfDict, PdfValue, Ref
from ecert.model.limits import MAX_DEPTH, MAX_NUMBER_DIGITS, MAX_TOKENS

WHITE = b"\x00\t\n\x0c\r "  # table 1
_SPACE = re.compile(rb"[\x00\t\n\x0c\r ]*")
_COMMENT = re.compile(rb"%[^\r\n]*")
_NUMBER = re.compile(rb"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|\Z)")
_REF = re.compile(
    rb"([0-9]{1,10})[\x00\t\n\x0c\r ]+([0-9]{1,5})[\x00\t\n\x0c\r ]+R"
    rb"(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|\Z)"
)
_NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]*)")
#: as in the head of an object: digits alone, no sign
_WHOLE = re.compile(rb"[0-9]+(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|\Z)")
_WORD = re.compile(rb"(?:true|false|null)(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|\Z)")
_HEX = re.compile(rb"<([0-9a-fA-F\x00\t\n\x0c\r ]*)>")
#: arrays that are read at once; "*+" gives nothing back, so that one without an end is not tried again and again
_INTEGERS = re.compile(rb"\[([0-9 ]{1,8000})\]")
_REFS = re.compile(rb"\[[ \r\n]*([0-9]{1,10} [0-9]{1,5} R(?:[ \r\n]+[0-9]{1,10} [0-9]{1,5} R)*+)[ \r\n]*\]")
_PLAIN_STRING = re.compile(rb"\(([^()\\\r]*)\)")
_ODD_NAME = re.compile(rb"#(?![0-9a-fA-F]{2})|#00")  # 7.3.5: some readers end a name at a NUL
#: PDFium, and qpdf at the first of them, end a name there: /Rect and one of these is /Rect once more to them
_BLANK_TO_SOME = re.compile(rb"[\x0b\x80\xff]")
_NAME_HEX = re.compile(rb"#([0-9a-fA-F]{2})")
#: letters and digits, which never need an escape
_NEEDLESS = re.compile(rb"#(?:3[0-9]|[46][1-9a-fA-F]|[57][0-9aA])")
_ESCAPED = {0x6E: b"\n", 0x72: b"\r", 0x74: b"\t", 0x62: b"\b", 0x66: b"\f", 0x28: b"(", 0x29: b")", 0x5C: b"\\"}
_WORDS = {b"true": True, b"false": False, b"null": None}


class Lexer:
    """Reads values from ``data`` at ``pos``.

    ``comments`` are the comments passed over; ``disguised`` says that a letter or digit of a name was escaped.
    """

    def __init__(self, data: bytes, pos: int = 0) -> None:
        self.data = data
        self.pos = pos
        self.tokens = 0
        self.comments: list[tuple[int, int]] = []
        self.disguised = False

    def skip_space(self) -> None:
        """Pass over white space and comments."""
        first, end = -1, -1
        while True:
            self.pos = _SPACE.match(self.data, self.pos).end()  # type: ignore[union-attr]
            if self.data[self.pos : self.pos + 1] != b"%":
                break
            first = self.pos if first < 0 else first
            self.count()
            end = _COMMENT.match(self.data, self.pos).end()  # type: ignore[union-attr]
            self.pos = end
        if first >= 0:
            self.comments.append((first, end))

    def keyword(self, word: bytes) -> bool:
        """Pass over ``word`` if it stands next."""
        self.skip_space()
        end = self.pos + len(word)
        if self.data[self.pos : end] != word:
            return False
        following = self.data[end : end + 1]
        if following and following not in b"\x00\t\n\x0c\r ()<>[]{}/%":
            return False
        self.pos = end
        return True

    def expect(self, word: bytes) -> None:
        """Pass over ``word`` or refuse the file."""
        if not self.keyword(word):
            raise damaged(Reason("pdf.word-missing", word=word.decode()), self.pos)

    def integer(self) -> int:
        """Read a whole number written in digits alone."""
        self.count()
        self.skip_space()
        found = _WHOLE.match(self.data, self.pos)
        if not found or len(found[0]) > MAX_NUMBER_DIGITS:
            raise damaged(Reason("pdf.whole-number-missing"), self.pos)
        self.pos = found.end()
        return int(found[0])

    def count(self, values: int = 1) -> None:
        """Count values, and comments between them, against the limit of one file."""
        self.tokens += values
        if self.tokens > MAX_TOKENS:
            raise StructureFault("over-limit", Reason("limits.values"), limit=MAX_TOKENS)

    def value(self, depth: int = 0) -> PdfValue:
        """Read one value, a stream's data excepted."""
        self.count()
        if depth > MAX_DEPTH:
            raise StructureFault("over-limit", Reason("limits.nesting"), offset=self.pos, limit=MAX_DEPTH)
        self.skip_space()
        data, pos = self.data, self.pos
        first = data[pos : pos + 1]
        if first == b"/":
            return self._name()
        if first in b"0123456789" and first:  # at the end of the data it is empty, and so in everything
            ref = _REF.match(data, pos)
            if ref:
                self.pos = ref.end()
                return Ref(int(ref[1]), int(ref[2]))
            return self._number()
        if first == b"<":
            if data[pos + 1 : pos + 2] == b"<":
                return self._dictionary(depth)
            return self._hex()
        if first == b"(":
            return self._string()
        if first == b"[":
            return self._array(depth)
        if first in (b"+", b"-", b"."):
            return self._number()
        word = _WORD.match(data, pos)
        if word:
            self.pos = word.end()
            return _WORDS[word[0]]
        raise damaged(Reason("pdf.value-missing"), pos)

    def _name(self) -> Name:
        found = _NAME.match(self.data, self.pos)
        assert found is not None
        self.pos = found.end()
        raw = found[1]
        if b"#" in raw:
            if _ODD_NAME.search(raw):
                raise StructureFault("parsers-disagree", Reason("pdf.name-escapes-nothing"), offset=self.pos)
            self.disguised = self.disguised or bool(_NEEDLESS.search(raw))
            raw = _NAME_HEX.sub(lambda m: bytes([int(m[1], 16)]), raw)
        return Name(raw.decode("latin-1"))

    def _number(self) -> int | float:
        found = _NUMBER.match(self.data, self.pos)
        if not found:
            raise damaged(Reason("pdf.number-malformed"), self.pos)
        if len(found[0]) > MAX_NUMBER_DIGITS:
            raise StructureFault("over-limit", Reason("limits.number-digits"), offset=self.pos, limit=MAX_NUMBER_DIGITS)
        self.pos = found.end()
        return float(found[0]) if b"." in found[0] else int(found[0])

    def _hex(self) -> bytes:
        found = _HEX.match(self.data, self.pos)
        if not found:
            raise damaged(Reason("pdf.hex-string-malformed"), self.pos)
        self.pos = found.end()
        digits = found[1].translate(None, WHITE)  # an odd one out is followed by 0 (7.3.4.3)
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())

    def _string(self) -> bytes:
        plain = _PLAIN_STRING.match(self.data, self.pos)
        if plain:
            self.pos = plain.end()
            return plain[1]
        data, i, depth = self.data, self.pos + 1, 1
        out = bytearray()
        while i < len(data):
            byte = data[i]
            i += 1
            if byte == 0x5C:
                i = self._escape(i, out)
                continue
            if byte == 0x28:
                depth += 1
            elif byte == 0x29:
                depth -= 1
                if not depth:
                    self.pos = i
                    return bytes(out)
            elif byte == 0x0D:  # a line end of any kind is one LF (7.3.4.2)
                byte = 0x0A
                if data[i : i + 1] == b"\n":
                    i += 1
            out.append(byte)
        raise damaged(Reason("pdf.string-without-end"), self.pos)

    def _escape(self, i: int, out: bytearray) -> int:
        data = self.data
        if i >= len(data):
            raise damaged(Reason("pdf.string-without-end"), self.pos)
        byte = data[i]
        if byte in _ESCAPED:
            out += _ESCAPED[byte]
            return i + 1
        if 0x30 <= byte <= 0x37:
            end = i + 1
            while end < i + 3 and end < len(data) and 0x30 <= data[end] <= 0x37:
                end += 1
            out.append(int(data[i:end], 8) & 0xFF)  # 7.3.4.2: what overflows is ignored
            return end
        if byte == 0x0D:  # behind a backslash a line end is no part of the string
            return i + 2 if data[i + 1 : i + 2] == b"\n" else i + 1
        if byte == 0x0A:
            return i + 1
        out.append(byte)  # 7.3.4.2: before any other character the backslash is ignored
        return i + 1

    def _array(self, depth: int) -> list[PdfValue]:
        start = self.pos
        plain = _INTEGERS.match(self.data, start)
        if plain:  # glyph widths, boxes: read at once
            numbers = plain[1].split()
            if max(map(len, numbers), default=0) <= MAX_NUMBER_DIGITS:
                self.count(len(numbers))
                self.pos = plain.end()
                return list(map(int, numbers))
        plain = _REFS.match(self.data, start)
        if plain:  # pages, fields, annotations: likewise
            parts = plain[1].split()
            self.count(len(parts) // 3)
            self.pos = plain.end()
            return list(map(Ref, map(int, parts[::3]), map(int, parts[1::3])))
        self.pos += 1
        items: list[PdfValue] = []
        while True:
            self.skip_space()
            following = self.data[self.pos : self.pos + 1]
            if following == b"]":
                self.pos += 1
                return items
            if not following:
                raise damaged(Reason("pdf.array-without-end"), start)
            items.append(self.value(depth + 1))

    def _dictionary(self, depth: int) -> PdfDict:
        start = self.pos
        self.pos += 2
        result: PdfDict = {}
        while True:
            self.skip_space()
            if self.data[self.pos : self.pos + 2] == b">>":
                self.pos += 2
                return result
            if self.data[self.pos : self.pos + 1] != b"/":
                raise damaged(Reason("pdf.dictionary-malformed"), max(start, self.pos))
            begin = self.pos
            key = str(self._name())
            if not (key.isascii() and key.isprintable()) and _BLANK_TO_SOME.search(self.data, begin, self.pos):
                raise StructureFault("parsers-disagree", Reason("pdf.key-ends-otherwise"), offset=begin)
            value = self.value(depth + 1)
            if key in result:
                raise StructureFault("parsers-disagree", Reason("pdf.key-twice", key=key), offset=start)
            result[key] = value
