"""The standard text fonts (ISO 32000-1, 9.6.2.2) as a form's fillings use them: what a code shows, how wide it is.

Only fonts that every reader has by itself: nothing embedded, the widths the standard ones, the encoding one that all
readers know. /ToUnicode is ignored: it says what is copied, not what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from ecert.errors import Reason
from ecert.formats.pdf import Name
from ecert.formats.pdf.objects import PdfDict, PdfValue, decode_text_string
from ecert.formats.pdf.standard_fonts import CONVENTIONAL, DINGBATS, DOC_GLYPHS, ENCODINGS, FAMILIES, STANDARD, WINDOWS
from ecert.formats.pdf.standard_fonts import widths as font_widths
from ecert.verify.changes.proof import NotProven

_MAX_DIFFERENCES: Final = 512  # numbers and names: there are 256 codes
_FONT_KEYS: Final = {"Type", "Subtype", "BaseFont", "Name", "Encoding", "ToUnicode"}


@dataclass(frozen=True)
class StandardFont:
    """One of the standard fonts with the encoding it is used with."""

    name: str
    codes: Mapping[int, str] = field(repr=False)

    def text(self, shown: bytes) -> str:
        """Return what a string shows.

        Raises:
            NotProven: it has a code that shows nothing, or not the same to everybody.
        """
        try:
            return "".join([self.codes[code] for code in shown])
        except KeyError:
            raise NotProven(Reason("filling.ambiguous-character")) from None

    def shows(self, text: str) -> bool:
        """Return whether every character of a text can be shown; of line breaks nothing is asked."""
        return set(text) <= {*self.codes.values(), *"’'‘`\r\n\xa0"}

    def width(self, text: str, size: float) -> float:
        """Return how wide a text of :meth:`text` is at a size."""
        widths = font_widths(self.name)
        return sum([widths[c] for c in text]) * size / 1000


def read_font(font: PdfDict, resolve: Callable[[PdfValue], PdfValue]) -> StandardFont:
    """Return the standard font that a font dictionary names.

    Raises:
        NotProven: it is none, or says more about itself than every reader heeds.
    """
    name = base_font(font, resolve)
    if name not in FAMILIES:
        raise NotProven(Reason("filling.font-not-standard"))
    return StandardFont(name, _codes(resolve(font.get("Encoding")), resolve))


def base_font(font: PdfDict, resolve: Callable[[PdfValue], PdfValue]) -> str:
    """Return the name of a font that is not embedded and brings no widths of its own.

    Raises:
        NotProven: it is, or it does.
    """
    name = resolve(font.get("BaseFont"))
    if font.keys() - _FONT_KEYS or font.get("Subtype") != "Type1" or not isinstance(name, Name):
        raise NotProven(Reason("filling.font-not-standard"))
    return str(name)


def conventional_font(name: str) -> StandardFont | None:
    """Return what a font's name in a default appearance means where the form says nothing about it."""
    base = CONVENTIONAL.get(name, DINGBATS)
    return None if base == DINGBATS else StandardFont(base, WINDOWS)


def _codes(encoding: PdfValue, resolve: Callable[[PdfValue], PdfValue]) -> Mapping[int, str]:
    if encoding is None:
        return STANDARD
    if isinstance(encoding, Name) and encoding in ENCODINGS:
        return ENCODINGS[encoding]
    if isinstance(encoding, dict) and encoding.keys() <= {"Type", "BaseEncoding", "Differences"}:
        base = resolve(encoding.get("BaseEncoding", Name("StandardEncoding")))
        differences = resolve(encoding.get("Differences", []))
        known = isinstance(differences, list) and len(differences) <= _MAX_DIFFERENCES
        if isinstance(base, Name) and base in ENCODINGS and known:
            return {**ENCODINGS[base], **_doc_differences(differences)}
    raise NotProven(Reason("filling.font-encoding"))


def _doc_differences(differences: list[PdfValue]) -> Mapping[int, str]:
    """Read /Differences that say PDFDocEncoding and nothing else, as every form made by Acrobat has them.

    Each glyph's name is held against what the code means there, so that none can stand for another.
    """
    codes: dict[int, str] = {}
    code = -1
    for item in differences:
        if type(item) is int and 0 <= item <= 255:
            code = item
            continue
        if not isinstance(item, Name) or code < 0 or DOC_GLYPHS.get(code) != item:
            raise NotProven(Reason("filling.font-encoding"))
        if item != ".notdef":
            codes[code] = decode_text_string(bytes([code]))
        code += 1
    return codes
