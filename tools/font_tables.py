"""Write ``serif-*.json`` beside each packaged font: what a PDF needs to know of it.

Glyph ids and widths by character, and the font descriptor's values in 1/1000 em (ISO 32000-1, 9.8).
Run after ``subset_fonts.py``; the output is always the same.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent.parent / "ecert" / "formats" / "ecert1" / "fonts"


def tables(path: Path) -> dict[str, Any]:
    """Return one font's tables as plain values."""
    font = TTFont(path)
    em = font["head"].unitsPerEm

    def scaled(value: float) -> int:
        return round(value * 1000 / em)

    head, hhea, os2, hmtx = font["head"], font["hhea"], font["OS/2"], font["hmtx"]
    bold = "bold" in path.stem
    characters = {
        chr(code): [font.getGlyphID(glyph), scaled(hmtx[glyph][0])]
        for code, glyph in sorted(font.getBestCmap().items())
    }
    return {
        "name": "ECERT+Tinos-Bold" if bold else "ECERT+Tinos",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "bbox": [scaled(v) for v in (head.xMin, head.yMin, head.xMax, head.yMax)],
        "ascent": scaled(hhea.ascent),
        "descent": scaled(hhea.descent),
        "cap_height": scaled(getattr(os2, "sCapHeight", 0) or 0.66 * em),
        "stem_v": 140 if bold else 80,
        "glyphs": len(font.getGlyphOrder()),
        "characters": characters,
    }


if __name__ == "__main__":
    for path in sorted(FONTS.glob("*.ttf")):
        text = json.dumps(tables(path), ensure_ascii=False, indent=0)
        path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
        print(path.with_suffix(".json").name, len(text))
