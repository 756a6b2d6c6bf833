"""The packaged fonts: every Vietnamese letter, no ballast, and known by their digests."""

import hashlib
import re
import subprocess
import sys
import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from ecert.testing.drawing import font

FONTS = files("ecert.formats.ecert1") / "fonts"
NAMES = ("serif-regular.ttf", "serif-bold.ttf")
SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "subset_fonts.py"
SOURCE = Path("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf")

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VOWELS = "aăâeêioôơuưy"


def vietnamese():
    """Return every letter of Vietnamese, composed from vowels and tones, in both cases."""
    small = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]
    letters = [*small, "đ", *"bcdghklmnpqrstvx"]
    return [*letters, *(letter.upper() for letter in letters)]


@pytest.fixture(params=NAMES)
def face(request):
    with (FONTS / request.param).open("rb") as file, TTFont(file) as face:
        yield face


def test_every_vietnamese_letter_is_one_glyph_with_an_outline(face):
    characters = face.getBestCmap()
    letters = vietnamese()
    assert len(set(letters)) == 2 * (12 * 6 + 1 + 16)
    assert all(len(letter) == 1 for letter in letters)
    for letter in letters:
        assert face["glyf"][characters[ord(letter)]].numberOfContours != 0, letter


def test_signs_are_there(face):
    wanted = {*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "–—‘’“”…•№₫€")}
    assert not wanted - set(face.getBestCmap())


def test_only_tables_that_draw_are_there(face):
    tables = set(face.keys()) - {"GlyphOrder"}
    assert tables == {*("head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "loca", "glyf", "name", "post")}
    assert face["post"].formatType == 3
    assert face["OS/2"].fsType == 0  # may be embedded
    assert face["head"].unitsPerEm == 2048


def test_the_licence_stands_in_the_font_and_beside_it(face):
    assert "SIL Open Font License" in face["name"].getDebugName(13)
    assert face["name"].getDebugName(1) == "Ecert Serif"
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "LICENSE.txt").read_text("utf-8")


def test_the_source_note_has_their_digests():
    note = (FONTS / "SOURCE.md").read_text("utf-8")
    for name in NAMES:
        data = (FONTS / name).read_bytes()
        row = re.search(rf"`{name}` \| (\d+) \| `([0-9a-f]{{64}})`", note)
        assert row is not None
        assert row.groups() == (str(len(data)), hashlib.sha256(data).hexdigest())
        assert len(data) < 90_000


def test_the_script_makes_the_same_bytes():
    if not SOURCE.is_file() or not SCRIPT.is_file():
        pytest.skip("fonts-croscore is not installed, or this is not a checkout")
    command = [sys.executable, str(SCRIPT), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_pillow_takes_them():
    assert font(40).getname() == ("Ecert Serif", "Regular")
    assert font(40, bold=True).getname() == ("Ecert Serif", "Bold")
    assert font(40).getlength("Ủy ban nhân dân") > 100
