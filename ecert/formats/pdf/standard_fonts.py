"""The standard text fonts (ISO 32000-1, 9.6.2.2) for Latin text: their widths, and the encodings of annex D.

The widths are those of Adobe's Core 14 AFM files, in thousandths of the font size.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

#: the characters of Latin text, in the order of the widths below
_CHARACTERS: Final = "".join(map(chr, range(0x20, 0x7F))) + (
    "¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"
    "ıŁłŒœŠšŸŽžƒˆˇ˘˙˚˛˜˝–—‘’‚“”„†‡•…‰‹›⁄€™−ﬁﬂ"
)
_WIDTHS: Final[Mapping[str, str]] = {
    "Helvetica": (
        "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 "
        "556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 "
        "556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 "
        "556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 "
        "500 500 500 334 260 334 584 333 556 556 556 556 260 556 333 737 370 556 584 737 333 400 "
        "584 333 333 333 556 537 278 333 333 365 556 834 834 834 611 667 667 667 667 667 667 1000 "
        "722 667 667 667 667 278 278 278 278 722 722 778 778 778 778 778 584 778 722 722 722 722 "
        "667 667 611 556 556 556 556 556 556 889 500 556 556 556 556 278 278 278 278 556 556 556 "
        "556 556 556 556 584 611 556 556 556 556 500 556 500 278 556 222 1000 944 667 500 667 611 "
        "500 556 333 333 333 333 333 333 333 333 556 1000 222 222 222 333 333 333 556 556 350 1000 "
        "1000 333 333 167 556 1000 584 500 500 "
    ),
    "Helvetica-Bold": (
        "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 "
        "556 556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 "
        "611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 "
        "611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 "
        "556 556 500 389 280 389 584 333 556 556 556 556 280 556 333 737 370 556 584 737 333 400 "
        "584 333 333 333 611 556 278 333 333 365 556 834 834 834 611 722 722 722 722 722 722 1000 "
        "722 667 667 667 667 278 278 278 278 722 722 778 778 778 778 778 584 778 722 722 722 722 "
        "667 667 611 556 556 556 556 556 556 889 556 556 556 556 556 278 278 278 278 611 611 611 "
        "611 611 611 611 584 611 611 611 611 611 556 611 556 278 611 278 1000 944 667 556 667 611 "
        "500 556 333 333 333 333 333 333 333 333 556 1000 278 278 278 500 500 500 556 556 350 1000 "
        "1000 333 333 167 556 1000 584 611 611 "
    ),
    "Times-Roman": (
        "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 "
        "500 500 500 500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 "
        "611 889 722 722 556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 "
        "500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 "
        "500 500 444 480 200 480 541 333 500 500 500 500 200 500 333 760 276 500 564 760 333 400 "
        "564 300 300 333 500 453 250 333 300 310 500 750 750 750 444 722 722 722 722 722 722 889 "
        "667 611 611 611 611 333 333 333 333 722 722 722 722 722 722 722 564 722 722 722 722 722 "
        "722 556 500 444 444 444 444 444 444 667 444 444 444 444 444 278 278 278 278 500 500 500 "
        "500 500 500 500 564 500 500 500 500 500 500 500 500 278 611 278 889 722 556 389 722 611 "
        "444 500 333 333 333 333 333 333 333 333 500 1000 333 333 333 444 444 444 500 500 350 1000 "
        "1000 333 333 167 500 980 564 556 556 "
    ),
    "Times-Bold": (
        "250 333 555 500 500 1000 833 278 333 333 500 570 250 333 250 278 500 500 500 500 500 500 "
        "500 500 500 500 333 333 570 570 570 500 930 722 667 722 722 667 611 778 778 389 500 778 "
        "667 944 722 778 611 778 722 556 667 722 722 1000 722 722 667 333 278 333 581 500 333 500 "
        "556 444 556 444 333 500 556 278 333 556 278 833 556 500 556 556 444 389 333 556 500 722 "
        "500 500 444 394 220 394 520 333 500 500 500 500 220 500 333 747 300 500 570 747 333 400 "
        "570 300 300 333 556 540 250 333 300 330 500 750 750 750 500 722 722 722 722 722 722 1000 "
        "722 667 667 667 667 389 389 389 389 722 722 778 778 778 778 778 570 778 722 722 722 722 "
        "722 611 556 500 500 500 500 500 500 722 444 444 444 444 444 278 278 278 278 500 556 500 "
        "500 500 500 500 570 500 556 556 556 556 500 556 500 278 667 278 1000 722 556 389 722 667 "
        "444 500 333 333 333 333 333 333 333 333 500 1000 333 333 333 500 500 500 500 500 350 1000 "
        "1000 333 333 167 500 1000 570 556 556 "
    ),
    "Times-Italic": (
        "250 333 420 500 500 833 778 214 333 333 500 675 250 333 250 278 500 500 500 500 500 500 "
        "500 500 500 500 333 333 675 675 675 500 920 611 611 667 722 611 611 722 722 333 444 667 "
        "556 833 667 722 611 722 611 500 556 722 611 833 611 556 556 389 278 389 422 500 333 500 "
        "500 444 500 444 278 500 500 278 278 444 278 722 500 500 500 500 389 389 278 500 444 667 "
        "444 444 389 400 275 400 541 389 500 500 500 500 275 500 333 760 276 500 675 760 333 400 "
        "675 300 300 333 500 523 250 333 300 310 500 750 750 750 500 611 611 611 611 611 611 889 "
        "667 611 611 611 611 333 333 333 333 722 667 722 722 722 722 722 675 722 722 722 722 722 "
        "556 611 500 500 500 500 500 500 500 667 444 444 444 444 444 278 278 278 278 500 500 500 "
        "500 500 500 500 675 500 500 500 500 500 444 500 444 278 556 278 944 667 500 389 556 556 "
        "389 500 333 333 333 333 333 333 333 333 500 889 333 333 333 556 556 556 500 500 350 889 "
        "1000 333 333 167 500 980 675 500 500 "
    ),
    "Times-BoldItalic": (
        "250 389 555 500 500 833 778 278 333 333 500 570 250 333 250 278 500 500 500 500 500 500 "
        "500 500 500 500 333 333 570 570 570 500 832 667 667 667 722 667 667 722 778 389 500 667 "
        "611 889 722 722 611 722 667 556 611 722 667 889 667 611 611 333 278 333 570 500 333 500 "
        "500 444 500 444 333 500 556 278 278 500 278 778 556 500 500 500 389 389 278 556 444 667 "
        "500 444 389 348 220 348 570 389 500 500 500 500 220 500 333 747 266 500 606 747 333 400 "
        "570 300 300 333 576 500 250 333 300 300 500 750 750 750 500 667 667 667 667 667 667 944 "
        "667 667 667 667 667 389 389 389 389 722 722 722 722 722 722 722 570 722 722 722 722 722 "
        "611 611 500 500 500 500 500 500 500 722 444 444 444 444 444 278 278 278 278 500 556 500 "
        "500 500 500 500 570 500 556 556 556 556 444 500 444 278 611 278 944 722 556 389 611 611 "
        "389 500 333 333 333 333 333 333 333 333 500 1000 333 333 333 500 500 500 500 500 350 1000 "
        "1000 333 333 167 500 1000 606 556 556 "
    ),
}
_COURIER_WIDTH: Final = 600
#: a font's name → whose widths it has: slanting changes none
FAMILIES: Final[Mapping[str, str | None]] = {
    **{name: name for name in _WIDTHS},
    "Helvetica-Oblique": "Helvetica",
    "Helvetica-BoldOblique": "Helvetica-Bold",
    **dict.fromkeys(("Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique"), None),
}
DINGBATS: Final = "ZapfDingbats"  # of check marks; what a code shows there is never read as text
#: what the names mean that Acrobat gave to fonts of forms, where a form has none of that name
CONVENTIONAL: Final[Mapping[str, str]] = {
    "Helv": "Helvetica",
    "HeBo": "Helvetica-Bold",
    "HeOb": "Helvetica-Oblique",
    "HeBO": "Helvetica-BoldOblique",
    "TiRo": "Times-Roman",
    "TiBo": "Times-Bold",
    "TiIt": "Times-Italic",
    "TiBI": "Times-BoldItalic",
    "Cour": "Courier",
    "CoBo": "Courier-Bold",
    "CoOb": "Courier-Oblique",
    "CoBO": "Courier-BoldOblique",
    "ZaDb": DINGBATS,
}

_ASCII: Final = {code: chr(code) for code in range(0x20, 0x7F)}
#: StandardEncoding from code A1 on (annex D.2); a NUL stands for no glyph
_STANDARD_TAIL: Final = (
    "¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ\0–†‡·\0¶•‚„”»…‰\0¿\0`´ˆ˜¯˘˙¨\0˚¸\0˝˛ˇ—" + 16 * "\0" + "Æ\0ª\0\0\0\0ŁØŒº\0\0\0\0\0æ\0\0\0ı\0\0łøœß"
)
STANDARD: Final = {
    **_ASCII,
    0x27: "’",
    0x60: "‘",
    **{code: c for code, c in enumerate(_STANDARD_TAIL, 0xA1) if c != "\0"},
}
#: the codes that Windows leaves open are bullets to some readers (D.2, note 3): not read
WINDOWS: Final = {
    **_ASCII,
    **{
        code: bytes([code]).decode("cp1252")
        for code in range(0x80, 0x100)
        if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    },
    0xA0: " ",
    0xAD: "-",
}
ENCODINGS: Final[Mapping[str, Mapping[int, str]]] = {"StandardEncoding": STANDARD, "WinAnsiEncoding": WINDOWS}
#: names of glyphs from code 24 and from code 128 on in PDFDocEncoding (annex D.2)
_DOC_ACCENTS: Final = "breve caron circumflex dotaccent hungarumlaut ogonek ring tilde"
_DOC_TAIL: Final = (
    "bullet dagger daggerdbl ellipsis emdash endash florin fraction guilsinglleft guilsinglright minus "
    "perthousand quotedblbase quotedblleft quotedblright quoteleft quoteright quotesinglbase trademark fi "
    "fl Lslash OE Scaron Ydieresis Zcaron dotlessi lslash oe scaron zcaron .notdef Euro exclamdown cent "
    "sterling currency yen brokenbar section dieresis copyright ordfeminine guillemotleft logicalnot "
    ".notdef registered macron degree plusminus twosuperior threesuperior acute mu paragraph "
    "periodcentered cedilla onesuperior ordmasculine guillemotright onequarter onehalf threequarters "
    "questiondown Agrave Aacute Acircumflex Atilde Adieresis Aring AE Ccedilla Egrave Eacute Ecircumflex "
    "Edieresis Igrave Iacute Icircumflex Idieresis Eth Ntilde Ograve Oacute Ocircumflex Otilde Odieresis "
    "multiply Oslash Ugrave Uacute Ucircumflex Udieresis Yacute Thorn germandbls agrave aacute "
    "acircumflex atilde adieresis aring ae ccedilla egrave eacute ecircumflex edieresis igrave iacute "
    "icircumflex idieresis eth ntilde ograve oacute ocircumflex otilde odieresis divide oslash ugrave "
    "uacute ucircumflex udieresis yacute thorn ydieresis "
)
DOC_GLYPHS: Final[Mapping[int, str]] = {
    **dict(enumerate(_DOC_ACCENTS.split(), 24)),
    39: "quotesingle",
    96: "grave",
    **dict(enumerate(_DOC_TAIL.split(), 128)),
}


@cache
def widths(name: str) -> Mapping[str, int]:
    """Return the width of each character in a standard text font."""
    family = FAMILIES[name]
    if family is None:
        return dict.fromkeys(_CHARACTERS, _COURIER_WIDTH)
    return dict(zip(_CHARACTERS, map(int, _WIDTHS[family].split()), strict=True))
