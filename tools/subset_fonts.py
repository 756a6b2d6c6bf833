"""Make the packaged serif fonts from Debian's Tinos: the same bytes from the same source, every time.

Run by hand when the source or the character set changes (a new template version goes with it, because font
programs are known by their digest)::

    python tools/subset_fonts.py [--source DIR] [--check]

``--check`` writes nothing and fails when the packaged files differ from what this script would write.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import sys
from pathlib import Path
from typing import Any

import fontTools
from fontTools import subset
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/truetype/croscore")  # where Debian's fonts-croscore puts them
TARGET = Path(__file__).resolve().parent.parent / "ecert" / "formats" / "ecert1" / "fonts"
FAMILY = "Ecert Serif"  # a changed font does not carry the trademark "Tinos"
VERSION = "1.000"

#: (source file, SHA-256 of the source, file written, style)
FACES = (
    (
        "Tinos-Regular.ttf",
        "cf264a22292950ca1679b2ade07e9e6ecb26c649ab70975d0e113f979efa827a",
        "serif-regular.ttf",
        "Regular",
    ),
    ("Tinos-Bold.ttf", "971d6af5fcb3a0c05535a92a635fb63a86ea5eb935639c9b864be33f3bfaba80", "serif-bold.ttf", "Bold"),
)

#: Tables a PDF reader or a rasteriser uses; hinting and layout tables are left out.
TABLES = ("head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "loca", "glyf", "name", "post")


def characters() -> list[int]:
    """Return the code points kept: Latin, Latin-1, Extended-A, all Vietnamese letters, a few signs."""
    latin = [*range(0x20, 0x7F), *range(0xA0, 0x180)]
    vietnamese = [*map(ord, "ĂăĐđƠơƯư"), *range(0x1EA0, 0x1EFA)]
    return sorted({*latin, *vietnamese, *map(ord, "–—‘’“”…•№₫€")})


def make_face(source: bytes, style: str) -> bytes:
    """Return the subset of one TrueType font as bytes that depend on ``source`` alone.

    Raises:
        ValueError: the source lacks a character that is to be kept.
    """
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    missing = [chr(code) for code in characters() if code not in font.getBestCmap()]
    if missing:
        raise ValueError(f"the source font has no glyph for {''.join(missing)!r}")
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.glyph_names = False
    options.legacy_cmap = False
    options.symbol_cmap = False
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.prune_unicode_ranges = True
    options.name_IDs = [0, 7, 13, 14]
    options.name_languages = [0x409]
    options.drop_tables = sorted(set(font.keys()) - {*TABLES, "GlyphOrder"})
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    _rename(font, style)
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def _rename(font: Any, style: str) -> None:
    """Name the face as ours; copyright, trademark and licence entries (0, 7, 13, 14) stay."""
    full = f"{FAMILY} {style}"
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    texts = {
        1: FAMILY,
        2: style,
        3: f"{VERSION};ecert;{postscript}",
        4: full,
        5: f"Version {VERSION}; subset of Tinos 1.33",
        6: postscript,
    }
    for name_id, text in texts.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font["OS/2"].achVendID = "NONE"
    font["head"].fontRevision = float(VERSION)


def source_note(made: dict[str, bytes]) -> str:
    """Return SOURCE.md: where each file comes from and its digest."""
    lines = [
        "# Packaged fonts",
        "",
        "Subsets of **Tinos** 1.33 (metric-compatible with Times New Roman), from Debian's package",
        "`fonts-croscore` 20201225-1, upstream <https://github.com/googlefonts/noto-fonts>.",
        f"Made by `tools/subset_fonts.py` with fontTools {fontTools.version}: hinting and layout tables",
        "dropped, renamed `Ecert Serif` because the fonts are changed and Tinos is a trademark.",
        "",
        "Licence: **SIL Open Font License 1.1** (`LICENSE.txt`), as the source's name table and Debian's",
        "copyright file state for this version; earlier releases of Tinos were under Apache-2.0.",
        "Documents that embed the fonts are not bound by it.",
        "",
        "Characters: Basic Latin, Latin-1 Supplement, Latin Extended-A, ƠơƯư, U+1EA0–U+1EF9,",
        "– — ‘ ’ “ ” … • № ₫ €.",
        "",
        "| file | bytes | SHA-256 | made from | SHA-256 of the source |",
        "|---|---|---|---|---|",
    ]
    for source, source_digest, target, _ in FACES:
        data = made[target]
        digest = hashlib.sha256(data).hexdigest()
        lines.append(f"| `{target}` | {len(data)} | `{digest}` | `{source}` | `{source_digest}` |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the fonts and SOURCE.md, or compare with ``--check``; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--source", type=Path, default=SOURCE, help="folder of the Tinos files")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    made: dict[str, bytes] = {}
    for name, digest, target, style in FACES:
        data = (arguments.source / name).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            sys.exit(f"{name}: not the source this script was written for (SHA-256 differs)")
        made[target] = make_face(data, style)
    files = {**made, "SOURCE.md": source_note(made).encode()}
    different = 0
    for file_name, content in files.items():
        path = TARGET / file_name
        if arguments.check:
            same = path.is_file() and path.read_bytes() == content
            different += not same
            print(f"{path.name}: {'same' if same else 'DIFFERENT'}")
        else:
            path.write_bytes(content)
            print(f"{path.name}: {len(content)} bytes")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
