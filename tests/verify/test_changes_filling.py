"""What a filled-in field shows: the grammar of its picture, the font, the place, and the fields as a whole."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from typing import Any

import pytest

from ecert.formats.pdf import Name, Ref, Stream
from ecert.formats.pdf.objects import PdfValue, decode_text_string
from ecert.report import Finding
from ecert.testing import Press
from ecert.testing.specimens.fillings import filled_form, picture
from ecert.testing.specimens.foreign import sign_form
from ecert.testing.specimens.increments import append, changed, stream
from ecert.verify.changes import field_text
from ecert.verify.changes.field_fonts import StandardFont, read_font
from ecert.verify.changes.field_text import TextStyle, read_picture, read_style
from ecert.verify.changes.filling import MAX_TOLD_VALUE, one_line_value
from ecert.verify.changes.history import History
from ecert.verify.changes.proof import NotProven
from ecert.verify.changes.text_fit import is_joined
from ecert.verify.copy import verify_copy

AMOUNT, NOTE, COMBO, FORM, NEW = 7, 8, 9, 5, 60
TEXT = b"2 6 Td (100) Tj"


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


@pytest.fixture(scope="module")
def signed(press: Press) -> bytes:
    return filled_form(press)


def shown(inner: bytes = TEXT, *, before: bytes = b"q 2 2 196 16 re W n", after: bytes = b"Q") -> bytes:
    return b"/Tx BMC %s BT /Helv 12 Tf 0 g %s ET %s EMC" % (before, inner, after)


# ── the grammar ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "content",
    [
        shown(),
        shown(before=b"", after=b""),
        shown(before=b"q", after=b"Q"),
        shown(before=b"q 1 1 198 18 re W n q", after=b"Q Q"),
        shown(before=b"q 1 1 198 18 re W", after=b"Q"),
        b"q " + shown() + b" Q",
        shown(b"1 0 0 1 2 6 Tm (100) Tj"),
        shown(b"1 1 Td 1 5 Td (100) Tj 0 0 Td"),
        shown(b"2 6 Td <3130 30> Tj"),
        shown(b"2 6 Td (\\061\\060\\060) Tj"),
        b"/Tx BMC BT 2 6 Td /DeviceGray cs 0 sc /Helv 12 Tf (100) Tj ET EMC",
    ],
)
def test_what_writers_write_is_read(content: bytes):
    read = read_picture(content)
    assert [tuple(line) for line in read.lines] == [(2, 6, b"100")]
    assert read.style is not None
    assert (read.style.font, read.style.size, read.style.colour) == ("Helv", 12, (0,))


def test_a_picture_may_be_empty():
    for content in (b"", b" \n", b"/Tx BMC EMC", b"/Tx BMC q Q EMC", b"/Tx BMC BT ET EMC"):
        assert read_picture(content).lines == ()


@pytest.mark.parametrize(
    "content",
    [
        b"BT /Helv 12 Tf 2 6 Td (100) Tj ET",  # nothing says which part is the text
        b"/Ty BMC BT /Helv 12 Tf (1) Tj ET EMC",
        b"/Tx << >> BDC BT /Helv 12 Tf (1) Tj ET EMC",
        shown(b"3 Tr " + TEXT),
        shown(b"50 Tz " + TEXT),
        shown(b"1 Tc " + TEXT),
        shown(b"1 Tw " + TEXT),
        shown(b"9 Ts " + TEXT),
        shown(b"9 TL " + TEXT),
        shown(b"/G gs " + TEXT),
        shown(TEXT + b" 0 8 Td (900) Tj"),
        shown(TEXT + b" 0 -8 Td (900) Tj"),
        shown(TEXT + b" (900) Tj"),
        shown(b"2 6 Td [(1) -500 (00)] TJ"),
        shown(b"2 6 Td (1) '"),
        shown(b"2 0 0 1 2 6 Tm (100) Tj"),
        shown(b"1 0 0 1 2 6 Tm (1) Tj 1 0 0 1 2 60 Tm (9) Tj"),
        shown(TEXT + b" 1 g 0 -20 Td (x) Tj"),
        shown(TEXT + b" /Helv 1 Tf 0 -20 Td (x) Tj"),
        shown(TEXT + b" ET BT 2 6 Td (900) Tj"),
        shown(before=b"q 1 0 0 1 0 0 cm 2 2 196 16 re W n"),
        shown(before=b"q 0 0 1 1 re W n 0 0 9 9 re W n"),
        shown(before=b"q 0 0 9 9 re 0 0 9 9 re W n"),
        shown(before=b"q 0 0 m 9 9 l 9 0 l W n"),
        shown(before=b"q 2 2 196 16 re f"),
        shown(after=b"q"),
        shown(after=b""),
        shown() + b" Q",
        shown() + b" /X Do",
        b"/X Do " + shown(),
        b"1 0 0 1 9 9 cm " + shown(),
        b"q 0 0 1 1 re W n " + shown(),
        shown() + b" BT /Helv 9 Tf (900) Tj ET",
        shown().replace(b" EMC", b""),
        b"BI /W 1 /H 1 /BPC 1 /CS /G ID x EI " + shown(),
        shown(b"% 3 Tr\n" + TEXT),
        shown(b"(2) 6 Td (100) Tj"),
        shown(b"2 6 Td 100 Tj"),
        shown(b"2 Td (1) Tj"),
        shown(b"2 6 Td (100 Tj"),
        shown(b"2 6 Td <31303> Tj Tj"),
        shown(b"2 6 Td (1) Tj0"),
        shown(b"/A BMC " + TEXT),
        shown(b"/Helv (12) Tf " + TEXT),
        shown(b"/DeviceRGB cs 0 sc " + TEXT),
        shown(b"/Own cs 0 sc " + TEXT),
        b"/Tx BMC BT 2 6 Td (100) Tj ET EMC",  # no font
        b"0 g " + b"/Tx BMC BT /Helv 12 Tf 2 6 Td (100) Tj ET EMC",  # a colour from before
        b"\x80\xff",
        b"<< /A 1",
        b"[1 2",
        b"1 0 R",
    ],
)
def test_whatever_else_is_not_read(content: bytes):
    with pytest.raises(NotProven):
        read_picture(content)


def test_no_content_breaks_the_reader():
    chance = random.Random(4)
    pieces = [
        *shown().split(),
        b"(",
        b")",
        b"<",
        b">",
        b"%",
        b"/",
        b"[",
        b"]",
        b"q",
        b"Q",
        b"\x00",
        b"-",
        b"1e9",
        b"BMC",
        b"re",
        b"W",
        b"9" * 30,
        b"Td",
        b"Tm",
        b"cs",
        b"sc",
        b"<<",
        b">>",
        b"\xff",
    ]
    for _ in range(3000):
        content = b" ".join(chance.choices(pieces, k=chance.randrange(1, 30)))
        for read in (read_picture, read_style, lambda c: read_picture(c, marked=False)):
            with contextlib.suppress(NotProven):
                read(content)


def test_a_default_appearance_is_a_font_and_a_colour():
    assert read_style(b"/Helv 0 Tf 0 g") == TextStyle("Helv", 0, (0,))
    assert read_style(b"0 0 1 rg /TiRo 9.5 Tf") == TextStyle("TiRo", 9.5, (0, 0, 1))
    for odd in (b"", b"0 g", b"/Helv 9 Tf 3 Tr", b"/Helv 9 Tf 50 Tz", b"/Helv 9 Tf (", b"9 Tf"):
        with pytest.raises(NotProven):
            read_style(odd)


# ── fonts ────────────────────────────────────────────────────────────────────────────────────────

HELVETICA = {"Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": Name("Helvetica")}


def font(**entries: PdfValue) -> StandardFont:
    return read_font({**HELVETICA, **entries}, lambda value: value)


def test_the_standard_fonts_show_what_their_encodings_say():
    assert font().text(b"It's \xa3 \xae") == "It’s £ ﬁ"
    assert font(Encoding=Name("WinAnsiEncoding")).text(b"It's \x80 \xe9\x93") == "It's € é“"
    differences = [24, Name("breve"), 128, Name("bullet"), Name("dagger"), 160, Name("Euro")]
    assert font(Encoding={"Differences": differences}).text(b"\x18\x80\x81\xa0") == "˘•†€"
    assert font(ToUnicode=Ref(9)).text(b"9") == "9"
    assert font().width("100", 12) == pytest.approx(20.016)
    assert font(BaseFont=Name("Courier-Bold")).width("iW", 10) == 12
    assert font(BaseFont=Name("Times-Italic")).width("m", 1000) == 722


@pytest.mark.parametrize(
    "entries",
    [
        {"FontDescriptor": {"FontFile": Ref(1)}},
        {"Widths": [1]},
        {"Subtype": Name("TrueType")},
        {"Subtype": Name("Type3")},
        {"BaseFont": Name("Arial")},
        {"BaseFont": Name("Symbol")},
        {"BaseFont": b"Helvetica"},
        {"BaseFont": None},
        {"Encoding": Name("MacRomanEncoding")},
        {"Encoding": Ref(1)},
        {"Encoding": {"Differences": [57, Name("one")]}},
        {"Encoding": {"Differences": [128, Name("nine")]}},
        {"Encoding": {"Differences": [Name("one")]}},
        {"Encoding": {"Differences": [255, Name("ydieresis"), Name("one")]}},
        {"Encoding": {"Differences": 9 * [24] * 90}},
        {"Encoding": {"Differences": Name("one")}},
        {"Encoding": {"CMap": 1}},
    ],
)
def test_what_brings_more_or_less_is_no_standard_font(entries: dict[str, PdfValue]):
    with pytest.raises(NotProven):
        font(**entries)


def test_codes_that_readers_show_differently_are_not_read():
    for code in (b"\x81", b"\x1f", b"\n"):
        with pytest.raises(NotProven):
            font(Encoding=Name("WinAnsiEncoding")).text(code)


def test_lines_are_joined_as_the_value_has_them():
    assert is_joined(["a ", "b"], "a b")
    assert is_joined(["a", "b"], "a\r\nb")
    assert is_joined(["1000", "000"], "1000000")
    assert is_joined([], "")
    assert is_joined(["O’Brien"], "O'Brien")
    assert not is_joined(["b", "a"], "a b")
    assert not is_joined(["a"], "a b")
    assert not is_joined(["1 00"], "100")
    assert not is_joined(["100"], "1 00")
    assert not is_joined(["100", "0"], "100")


def test_a_value_is_told_in_one_line_that_hides_nothing():
    assert one_line_value("12.000.000 đồng") == "12.000.000 đồng"
    assert one_line_value("a\nb\u202ec\u00a0d") == "a\\nb\\u202ec\\xa0d"
    assert one_line_value("x" * 200) == "x" * MAX_TOLD_VALUE + "…"
    assert decode_text_string(b"a") == "a"


# ── fields ───────────────────────────────────────────────────────────────────────────────────────


def judged(press: Press, data: bytes) -> tuple[str, list[Finding]]:
    report = verify_copy(
        data, trust=press.make("foreign-untouched").trust, policy="signatures", at=press.now(), evidence=press.evidence
    )
    assert "verifier-fault" not in report.codes()
    return report.verdict, [f for f in report.findings if f.check == "integrity"]


def fill(data: bytes, content: bytes = shown(), value: PdfValue = b"100", **entries: PdfValue) -> bytes:
    new = changed(data, AMOUNT, V=value, AP={"N": Ref(NEW)})
    return append(data, {AMOUNT: new, NEW: picture(content, **entries)})


@pytest.mark.parametrize(
    "entries",
    [
        {"Matrix": [1, 0, 0, 1, 300, 0]},
        {"Matrix": [0.1, 0, 0, 0.1, 0, 0]},
        {"Group": {"S": Name("Transparency")}},
        {"Resources": {}},
        {"Resources": None},
        {"BBox": [0, 0, 400, 40]},
        {"BBox": [0, 0, 1, 1]},
        {"BBox": None},
        {"Resources": {"Font": {"Helv": Ref(30)}, "ColorSpace": {"DefaultGray": [Name("CalGray"), {}]}}},
        {"Subtype": Name("Image")},
        {"Filter": Name("ASCIIHexDecode")},
        {"Filter": [Name("FlateDecode")] * 2},
    ],
)
def test_a_picture_that_is_more_than_its_text_is_not_proven(press: Press, signed: bytes, entries: dict[str, Any]):
    verdict, found = judged(press, fill(signed, **entries))
    assert verdict == "INDETERMINATE"
    assert [f.code for f in found] == ["appearance-not-proven"]


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"Matrix": [1, 0, 0, 1, 0, 0]},
        {"FormType": 1},
        {"BBox": [0.0, 0.0, 200.1, 19.9]},
        {"Resources": {"Font": {"Helv": Ref(30)}, "ProcSet": [Name("PDF"), Name("Text")]}},
    ],
)
def test_what_changes_nothing_is_accepted(press: Press, signed: bytes, entries: dict[str, Any]):
    verdict, found = judged(press, fill(signed, **entries))
    assert verdict == "VALID"
    assert [f.data["what"] for f in found] == ["the form field “amount” = “100”"]


@pytest.mark.parametrize(
    ("before", "content"),
    [
        ({"DA": b"/Helv 9 Tf 0 g"}, shown()),  # another size than it says
        ({"DA": b"/TiRo 12 Tf 0 g"}, shown()),  # another font
        ({"DA": b"/Helv 12 Tf 2 Tr 0 g"}, shown()),
        ({"DA": b"/Emb 12 Tf 0 g"}, shown()),
        ({"Ff": 1 << 13}, shown()),
        ({"Ff": 1 << 20}, shown()),
        ({"Ff": 1 << 24, "MaxLen": 9}, shown()),
        ({"Ff": 1 << 25}, shown()),
        ({"MaxLen": 2}, shown()),
        ({"Ff": b"1"}, shown()),
        ({"F": 2}, shown()),
        ({"F": 32}, shown()),
        ({"F": Name("x")}, shown()),
        ({"OC": {}}, shown()),
        ({"MK": {"R": 90}}, shown()),
        ({"MK": {"BG": [0]}}, shown()),
        ({"MK": {"BG": b"x"}}, shown()),
        ({"DR": {"Font": {}}}, shown()),
        ({"AS": Name("x")}, shown()),
        ({}, shown(b"1 1 0.2 rg 2 6 Td (100) Tj")),
        ({}, shown(b"0 0 0 0 k 2 6 Td (100) Tj")),
        ({}, shown(b"2 18 Td (100) Tj")),
        ({}, shown(b"2 -8 Td (100) Tj")),
        ({}, shown(b"-9 6 Td (100) Tj")),
        ({}, shown(before=b"q 2 2 20 16 re W n")),
        ({}, shown(before=b"q 9 9 191 11 re W n")),
        ({}, shown(b"2 6 Td (1) Tj 60 0 Td (00) Tj")),
        ({}, shown(b"2 18 Td (1) Tj 0 -14 Td (00) Tj")),
        ({}, b"/Tx BMC EMC"),
    ],
)
def test_what_may_not_be_seen_is_not_proven(press: Press, before: dict[str, Any], content: bytes):
    verdict, found = judged(press, fill(filled_form(press, **before), content))
    assert verdict == "INDETERMINATE"
    assert [f.code for f in found] == ["appearance-not-proven"]


def test_words_that_go_on_where_the_last_one_ends_are_one_line(press: Press, signed: bytes):
    verdict, _ = judged(press, fill(signed, shown(b"2 6 Td (1) Tj 6.672 0 Td (00) Tj")))
    assert verdict == "VALID"


def test_a_box_that_was_painted_before_may_be_painted_again(press: Press):
    painted = b"q 0.8 1 0.8 rg 0 0 200 20 re f 0 G 1 w 0.5 0.5 199 19 re s Q "
    for again, expected in ((painted, "VALID"), (painted.replace(b"0.8 1", b"0.1 1"), "INDETERMINATE")):
        data = filled_form(press, V=b"1", AP={"N": Ref(39)})
        one = append(data, {39: picture(painted + shown(b"2 6 Td (1) Tj"))})
        assert judged(press, one)[0] == "INVALID"  # what was missing must stay missing
        data = sign_form(press, _minimal(painted + shown(b"2 6 Td (1) Tj")), 6)
        assert judged(press, fill(data, again + shown()))[0] == expected


def _minimal(content: bytes) -> dict[int, PdfValue]:
    """Return a form of one text field, whose picture was there before signing."""
    widget = {"Type": Name("Annot"), "Subtype": Name("Widget"), "P": Ref(3), "F": 4}
    return {
        1: {"Type": Name("Catalog"), "Pages": Ref(2), "AcroForm": Ref(5)},
        2: {"Type": Name("Pages"), "Kids": [Ref(3)], "Count": 1},
        3: {"Type": Name("Page"), "Parent": Ref(2), "MediaBox": [0, 0, 300, 400], "Annots": [Ref(6), Ref(7)]},
        5: {"Fields": [Ref(6), Ref(7)], "SigFlags": 3, "DA": b"/Helv 12 Tf 0 g"},
        6: {**widget, "FT": Name("Sig"), "T": b"signature", "Rect": [0, 0, 0, 0]},
        7: {**widget, "FT": Name("Tx"), "T": b"amount", "Rect": [40, 330, 240, 350], "V": b"1", "AP": {"N": Ref(8)}},
        8: picture(content),
        30: {**HELVETICA, "Encoding": Name("WinAnsiEncoding")},
    }


def test_a_font_that_was_waited_for_may_come_where_it_is_the_one_readers_took(press: Press):
    data = sign_form(press, _minimal(shown(b"2 6 Td (1) Tj")), 6)
    lying = {**HELVETICA, "Encoding": {"Differences": [49, Name("nine")]}}
    for value, expected in (
        (Ref(30), "VALID"),
        (lying, "INVALID"),
        ({**HELVETICA, "BaseFont": Name("Symbol")}, "INVALID"),
    ):
        form = changed(data, FORM, DR={"Font": {"Helv": value}})
        assert judged(press, append(data, {FORM: form}))[0] == expected


def test_a_script_that_writes_the_picture_leaves_it_open(press: Press):
    before = filled_form(press, AA={"F": {"S": Name("JavaScript"), "JS": b"AFNumber_Format(2)"}})
    assert judged(press, fill(before, shown(b"2 6 Td (1.000,00) Tj"), b"1000"))[0] == "INDETERMINATE"


def test_a_picture_written_over_where_it_stood_is_exchanged(press: Press):
    data = sign_form(press, _minimal(shown(b"2 6 Td (1) Tj")), 6)
    for change, expected in (
        ({8: picture(shown())}, "INVALID"),
        ({8: picture(shown()), 7: changed(data, 7, M=b"D:2026")}, "INVALID"),
        ({8: picture(shown()), 7: changed(data, 7, V=b"100")}, "VALID"),
        ({7: changed(data, 7, AP={"N": Ref(NEW)}), NEW: picture(shown(b"2 6 Td (1) Tj"))}, "VALID"),
        ({7: changed(data, 7, AP={"N": Ref(NEW)}), NEW: picture(shown(b"3 6 Td (1) Tj"))}, "INVALID"),
        ({7: changed(data, 7, AP=None)}, "INVALID"),
        ({7: changed(data, 7, AP=None, V=None)}, "INDETERMINATE"),
    ):
        assert judged(press, append(data, change))[0] == expected, change


def test_a_second_description_of_the_form_leaves_it_open(press: Press):
    objects = _minimal(shown(b"2 6 Td (1) Tj"))
    objects[5] |= {"XFA": Ref(9)}
    objects[9] = stream(b"<xdp/>")
    assert judged(press, fill(sign_form(press, objects, 6)))[0] == "INDETERMINATE"


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ({"V": b"five years"}, "VALID"),
        ({"V": b"five years", "I": [1]}, "VALID"),
        ({"V": b"five years", "I": [0]}, "INDETERMINATE"),
        ({"V": b"ten years"}, "INDETERMINATE"),
        ({"V": [b"five years"]}, "INDETERMINATE"),
        ({"V": Name("one year")}, "INDETERMINATE"),
        ({"V": b"five years", "DV": b"x"}, "INDETERMINATE"),
        ({"V": b"five years", "RV": b"x"}, "INDETERMINATE"),
        ({"V": b"five years", "Opt": [b"five years"]}, "INVALID"),
        ({"V": b"five years", "MK": {}}, "INVALID"),
        ({"V": b"five years", "Rect": [0, 0, 9, 9]}, "INVALID"),
        ({"V": b"five years", "Ff": 0}, "INVALID"),
        ({"V": b"five years", "DA": b"/Helv 9 Tf"}, "INVALID"),
        ({"V": b"five years", "F": 2}, "INVALID"),
    ],
)
def test_a_combo_box_has_one_of_its_options(press: Press, signed: bytes, entries: dict[str, Any], expected: str):
    assert judged(press, append(signed, {COMBO: changed(signed, COMBO, **entries)}))[0] == expected


def test_a_combo_box_shows_the_text_of_its_option(press: Press, signed: bytes):
    for options, text, expected in (
        ([[b"1", b"one"], [b"2", b"two"]], b"two", "VALID"),
        ([[b"1", b"one"], [b"2", b"two"]], b"2", "INVALID"),
        ([[b"2", b"one"], [b"2", b"two"]], b"two", "INDETERMINATE"),
        ([[b"1", b"one"], b"two"], b"two", "INDETERMINATE"),
        ({"no": b"list"}, b"two", "INDETERMINATE"),
    ):
        objects = _minimal(shown(b"2 6 Td (one) Tj"))
        objects[7] |= {"FT": Name("Ch"), "Ff": 1 << 17, "Opt": options, "V": b"1"}
        data = sign_form(press, objects, 6)
        assert judged(press, fill(data, shown(b"2 6 Td (%s) Tj" % text), b"2"))[0] == expected


def test_check_boxes_keep_their_pictures_and_show_their_value(press: Press, signed: bytes):
    yes, off, odd = Name("Yes"), Name("Off"), Name("Odd")
    box, states = 10, changed(signed, 10)["AP"]["N"]
    for entries, expected in (
        ({"V": yes, "AS": yes}, "VALID"),
        ({"V": yes}, "INVALID"),
        ({"V": yes, "AS": off}, "INVALID"),
        ({"V": odd, "AS": off}, "INDETERMINATE"),
        ({"V": odd, "AS": odd}, "INVALID"),
        ({"V": b"Yes", "AS": yes}, "INDETERMINATE"),
        ({"AP": {"N": {**states, "Yes": Ref(21)}}}, "INVALID"),
        ({"V": yes, "AS": yes, "AP": {"N": {**states, "Yes": Ref(21)}}}, "INDETERMINATE"),
        ({"V": yes, "AS": yes, "MK": {"CA": b"8"}}, "INVALID"),
    ):
        assert judged(press, append(signed, {box: changed(signed, box, **entries)}))[0] == expected, entries


def test_radio_buttons_all_show_the_value(press: Press, signed: bytes):
    bank, cash, off = Name("bank"), Name("cash"), Name("Off")
    radio, one, other = 11, 15, 16
    for value, states, expected in (
        (bank, {other: bank}, "VALID"),
        (bank, {}, "INVALID"),
        (bank, {one: cash}, "INVALID"),
        (bank, {one: cash, other: bank}, "INVALID"),
        (off, {other: bank}, "INVALID"),
        (Name("gold"), {}, "INDETERMINATE"),
    ):
        objects = {num: changed(signed, num, AS=state) for num, state in states.items()}
        later = append(signed, {radio: changed(signed, radio, V=value), **objects})
        assert judged(press, later)[0] == expected, (value, states)


def test_a_field_shows_its_value_in_every_place(press: Press, signed: bytes):
    """Its widgets are judged too where the value above them alone was written."""
    field, upper, lower = 13, 17, 18
    new = {field: changed(signed, field, V=b"100"), NEW: picture(shown())}
    drawn = {num: changed(signed, num, AP={"N": Ref(NEW)}) for num in (upper, lower)}
    assert judged(press, append(signed, {**new, **drawn}))[0] == "VALID"
    assert judged(press, append(signed, {**new, upper: drawn[upper]}))[0] == "INVALID"
    two = {**new, **drawn, lower: changed(signed, lower, AP={"N": Ref(NEW)}, V=b"900")}
    assert judged(press, append(signed, two))[0] == "INDETERMINATE"


def test_values_of_any_type_end_in_a_verdict(press: Press):
    """Every entry that the judging reads is given values of other types, in the field, its picture and its font."""
    chance = random.Random(11)
    junk: list[PdfValue] = [
        None,
        True,
        0,
        -1,
        10**19,
        0.5,
        b"",
        b"x" * 500,
        Name("x"),
        [],
        [1],
        [[]],
        {},
        {"N": 1},
        Ref(7),
        Ref(99),
        Ref(8),
        stream(b"x"),
        {"Font": {"Helv": [1]}},
        [Ref(7)] * 4,
        [b"a", [b"a"]],
    ]
    keys = ["FT", "Ff", "V", "AP", "AS", "MK", "DA", "DR", "Opt", "Rect", "F", "MaxLen", "AA", "I", "RV", "DV", "OC"]
    for _ in range(150):
        objects = _minimal(shown(b"2 6 Td (1) Tj"))
        plain = [v for v in junk if not isinstance(v, Stream)]
        objects[7] |= {key: chance.choice(plain) for key in chance.sample(keys, 3)}
        objects[5] |= {chance.choice(["DA", "DR", "NeedAppearances", "XFA"]): chance.choice(plain)}
        objects[30] |= {chance.choice(["Encoding", "BaseFont", "Subtype"]): chance.choice(plain)}
        head = {chance.choice(["BBox", "Matrix", "Resources", "FormType"]): chance.choice(plain)}
        objects[8] = picture(shown(b"2 6 Td (1) Tj"), **head)
        data = sign_form(press, objects, 6)
        new = changed(data, 7, V=chance.choice(plain), AP={"N": Ref(NEW)})
        form = changed(data, FORM, NeedAppearances=chance.choice([True, None, b"x"]))
        later = append(data, {7: new, NEW: chance.choice([picture(shown()), *junk]), FORM: form})
        assert judged(press, later)[0] in ("VALID", "INVALID", "INDETERMINATE")


def test_permissions_come_first(press: Press):
    specimen = press.make("foreign-filled-against-a-lock").judge()
    assert specimen.verdict == "INVALID"
    assert "appearance-not-proven" not in specimen.codes()


def test_work_grows_with_the_fields(press: Press, monkeypatch: pytest.MonkeyPatch):
    """One value above N widgets that share one picture: 2N cost at most 3 × N."""
    counts: list[int] = []
    lexed: list[int] = []
    count, read = History.count_filling, field_text.read_operations

    def counting(history: History, characters: int) -> None:
        counts.append(64 + characters)
        count(history, characters)

    def reading(content: bytes) -> list[field_text.Operation]:
        lexed.append(len(content))
        return read(content)

    monkeypatch.setattr(History, "count_filling", counting)
    monkeypatch.setattr(field_text, "read_operations", reading)
    costs = []
    for widgets in (40, 80):
        counts.clear()
        lexed.clear()
        data = sign_form(press, _shared(widgets), 6)
        assert judged(press, append(data, {7: changed(data, 7, V=b"100")}))[0] == "INVALID"
        costs.append(sum(counts) + sum(lexed))
    assert costs[1] <= 3 * costs[0]


def _shared(widgets: int) -> dict[int, PdfValue]:
    objects = _minimal(shown(b"2 6 Td (1) Tj"))
    objects = {num: value for num, value in objects.items() if num != 7}
    kids = [Ref(100 + i) for i in range(widgets)]
    widget = {"Type": Name("Annot"), "Subtype": Name("Widget"), "P": Ref(3), "F": 4, "Parent": Ref(7)}
    objects[7] = {"FT": Name("Tx"), "T": b"amount", "V": b"1", "Kids": kids}
    objects[3] = {**objects[3], "Annots": [Ref(6), *kids]}
    rest = {ref.num: {**widget, "Rect": [40, 330, 240, 350], "AP": {"N": Ref(8)}} for ref in kids}
    return {**objects, **rest}
