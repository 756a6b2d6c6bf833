"""The packaged serif fonts: measured text, drawn as glyph ids, embedded as they are.

Both are subsets of Tinos (see SOURCE.md), metric-compatible with Times New Roman. Precomposed
Vietnamese needs no shaping; a character without a glyph raises, it never becomes ``.notdef``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ecert.errors import Reason, RecordError
from ecert.formats.pdf.objects import Name, PdfValue, Ref, Stream
from ecert.formats.pdf.writer import Chunk, write_object
from ecert.model.files import packaged


@dataclass(frozen=True, eq=False)
class Font:
    """A packaged font; widths are in 1/1000 em."""

    resource: str  # its name in a page's /Font resources
    file: str
    tables: Mapping[str, PdfValue]

    def glyph(self, character: str) -> tuple[int, int]:
        """Return (glyph id, width).

        Raises:
            RecordError: the font has no glyph for this character.
        """
        try:
            glyph, width = self.tables["characters"][character]
        except KeyError:
            raise RecordError(
                Reason("record.unprintable", character=f"{character!r}", code=f"{ord(character):04X}"),
                code="glyph-missing",
                hint="write the text in Latin letters, Vietnamese included",
            ) from None
        return glyph, width

    def width(self, text: str, size: float) -> float:
        """Return the text's width in points at ``size`` points."""
        return sum(self.glyph(c)[1] for c in text) * size / 1000

    def shown(self, text: str) -> bytes:
        """Return the text as a hexadecimal string of two-byte glyph ids."""
        return b"<" + "".join(f"{self.glyph(c)[0]:04X}" for c in text).encode() + b">"

    def program(self) -> bytes:
        """Return the font file."""
        return packaged(f"formats/ecert1/fonts/{self.file}")

    def wrapped(self, text: str, size: float, width: float) -> list[str]:
        """Break text at spaces into lines of at most ``width`` points; a word too long is cut.

        Raises:
            ValueError: not even one letter fits.
        """
        lines: list[str] = []
        line = ""
        for word in text.split(" "):
            while self.width(word, size) > width:
                shorter = range(len(word) - 1, 0, -1)
                cut = next((n for n in shorter if self.width(word[:n], size) <= width), 0)
                if not cut:
                    raise ValueError(f"no letter is as narrow as {width} points")
                if line:
                    lines.append(line)
                    line = ""
                lines.append(word[:cut])
                word = word[cut:]
            longer = f"{line} {word}" if line else word
            if line and self.width(longer, size) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        return [*lines, line]


@cache
def _load(resource: str, stem: str) -> Font:
    return Font(resource, f"{stem}.ttf", json.loads(packaged(f"formats/ecert1/fonts/{stem}.json")))


def regular() -> Font:
    """Return the upright face, /F1."""
    return _load("F1", "serif-regular")


def bold() -> Font:
    """Return the bold face, /F2."""
    return _load("F2", "serif-bold")


@cache
def font_objects(font: Font, first: int) -> dict[int, PdfValue]:
    """Return a composite font's five objects, numbered from ``first`` (ISO 32000-1, 9.7)."""
    tables = font.tables
    name = Name(tables["name"])
    composite, descendant, descriptor, program, to_unicode = range(first, first + 5)
    data = font.program()
    characters = tables["characters"]
    widths = dict(characters.values())
    return {
        composite: {
            "Type": Name("Font"),
            "Subtype": Name("Type0"),
            "BaseFont": name,
            "Encoding": Name("Identity-H"),
            "DescendantFonts": [Ref(descendant)],
            "ToUnicode": Ref(to_unicode),
        },
        descendant: {
            "Type": Name("Font"),
            "Subtype": Name("CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": {"Registry": b"Adobe", "Ordering": b"Identity", "Supplement": 0},
            "FontDescriptor": Ref(descriptor),
            "CIDToGIDMap": Name("Identity"),
            "DW": 0,
            "W": [0, [widths.get(glyph, 0) for glyph in range(tables["glyphs"])]],
        },
        descriptor: {
            "Type": Name("FontDescriptor"),
            "FontName": name,
            "Flags": 6,
            "FontBBox": list(tables["bbox"]),
            "ItalicAngle": 0,
            "Ascent": tables["ascent"],
            "Descent": tables["descent"],
            "CapHeight": tables["cap_height"],
            "StemV": tables["stem_v"],
            "FontFile2": Ref(program),
        },
        program: Stream({"Length": len(data), "Length1": len(data)}, data),
        to_unicode: _to_unicode({glyph: c for c, (glyph, _) in reversed(characters.items())}),
    }


@cache
def font_chunks(font: Font, first: int) -> dict[int, list[Chunk]]:
    """Return the same objects as written; they are the same in every copy."""
    return {num: write_object(num, value) for num, value in font_objects(font, first).items()}


def _to_unicode(characters: Mapping[int, str]) -> Stream:
    """Return the CMap that gives each glyph its character back (9.10.3)."""
    rows = [f"<{glyph:04X}> <{ord(c):04X}>" for glyph, c in sorted(characters.items())]
    blocks = [rows[i : i + 100] for i in range(0, len(rows), 100)]
    body = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
    data = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()
    return Stream({"Length": len(data)}, data)


__all__ = ["Font", "bold", "font_chunks", "font_objects", "regular"]
