"""What later signers lend to the form, /DA and /DR: harmless where nobody borrows, refused elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ecert.formats.pdf import Name, PdfValue, Ref
from ecert.formats.pdf.objects import PdfDict
from ecert.testing import Press
from ecert.testing.specimens.foreign import OPEN_FIELD, SIGNED_FIELD, TEXT, foreign
from ecert.testing.specimens.increments import append, changed, form, stream
from tests.verify.second_signature import FORM, PAGE, judged, sign_again

_PICTURE, _TEXT_PICTURE, _FONT, _LENT, _NAMED = 12, 13, 14, 33, 34
_DA = b"/Helv 0 Tf 0 g "
_HELVETICA: PdfDict = {"Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": Name("Helvetica")}


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


def _picture(paint: bytes = b"0 0 10 10 re", **entries: PdfValue) -> Any:
    drawn = form(paint)
    return stream(bytes(drawn.data), **{**drawn.dict, "Resources": {}, **entries})


def _form(press: Press, fields: PdfDict | None = None, **objects: Any) -> bytes:
    """Return a signed form whose fields borrow nothing; ``fields`` are entries of the form."""
    own = {f"n{_PICTURE}": _picture(), f"n{_TEXT_PICTURE}": _picture(), **objects}
    plain = {"Fields": [Ref(SIGNED_FIELD), Ref(OPEN_FIELD), Ref(10)], "SigFlags": 3, **(fields or {})}
    text = {**_text(press), "DA": b"/F1 9 Tf 0 g"}
    prepared = {FORM: plain, TEXT: text, **{int(key[1:]): value for key, value in own.items()}}
    return foreign(press, None, prepared)


def _text(press: Press) -> PdfDict:
    return changed(foreign(press), TEXT)


def _verdict(press: Press, data: bytes, more: dict[int, PdfValue] | None = None, **entries: PdfValue) -> str:
    assert judged(press, data).verdict == "VALID"
    return judged(press, sign_again(press, data, more, form=entries)).verdict


def _added(press: Press, data: bytes) -> str:
    return _verdict(press, data, {70: _HELVETICA}, DA=_DA, DR={"Font": {"Helv": Ref(70)}})


# ── added ────────────────────────────────────────────────────────────────────────────────────────


def test_both_may_come_where_nobody_borrows(press: Press):
    assert _added(press, _form(press)) == "VALID"
    assert _verdict(press, _form(press), DA=_DA) == "VALID"


def test_a_style_of_the_fields_parent_is_its_own(press: Press):
    text = {k: v for k, v in _text(press).items() if k != "DA"}
    group = {"T": b"group", "Kids": [Ref(TEXT)], "DA": b"/F1 9 Tf 0 g"}
    assert _added(press, _form(press, n8=text, n10=group)) == "VALID"


@pytest.mark.parametrize(
    ("entries", "verdict"),
    [
        ({}, "INVALID"),  # no style
        ({"DA": 7}, "INVALID"),
        ({"FT": Name("Ch"), "Ff": 1 << 17}, "INVALID"),
        ({"FT": Name("Btn"), "Ff": 1 << 16}, "INVALID"),  # a push button
        ({"FT": Name("Btn"), "Ff": b"no number"}, "INVALID"),
        ({"FT": Name("Btn")}, "VALID"),  # a check box shows its pictures
        ({"FT": Name("Btn"), "Ff": 1 << 15}, "VALID"),  # radio buttons too
        ({"FT": Name("other")}, "INVALID"),
    ],
)
def test_a_field_without_style_borrows(press: Press, entries: PdfDict, verdict: str):
    text = {**{k: v for k, v in _text(press).items() if k != "DA"}, **entries}
    assert _added(press, _form(press, n8=text)) == verdict


@pytest.mark.parametrize("flag", [True, Name("yes"), 1])
def test_where_fields_are_drawn_anew_nothing_comes(press: Press, flag: Any):
    assert _added(press, _form(press, {"NeedAppearances": flag})) != "VALID"
    entries: dict[str, PdfValue] = {"DA": _DA, "NeedAppearances": flag}
    assert _verdict(press, _form(press), **entries) != "VALID"


def test_no_longer_drawn_anew_is_drawn_anew_before(press: Press):
    entries: dict[str, PdfValue] = {"DA": _DA, "NeedAppearances": False}
    assert _verdict(press, _form(press, {"NeedAppearances": True}), **entries) != "VALID"


@pytest.mark.parametrize(
    ("picture", "verdict"),
    [
        (_picture(b"BT /Helv 9 Tf (x) Tj ET", Resources=None), "INVALID"),
        (_picture(b"BT /Helv 9 Tf (x) Tj ET", Resources=Ref(98)), "INVALID"),
        (_picture(b"BT /Helv 9 Tf (x) Tj ET", Resources=Name("none")), "INVALID"),
        (_picture(b"BT /Helv 9 Tf (x) Tj ET", Filter=Name("Unknown"), Resources=None), "INVALID"),
        (_picture(b"% DSBlank\n", Resources=None), "VALID"),
        (_picture(b"", Resources=None), "VALID"),
        (_picture(b"BT /Helv 9 Tf (x) Tj ET", Resources={}), "VALID"),
    ],
)
def test_a_picture_without_resources_borrows(press: Press, picture: Any, verdict: str):
    picture.dict = {k: v for k, v in picture.dict.items() if v is not None}
    assert _added(press, _form(press, n12=picture)) == verdict
    assert _verdict(press, _form(press, n12=picture), DR={"Font": {"Helv": Ref(_FONT)}}) == verdict


def test_a_style_is_added_and_never_exchanged(press: Press):
    assert _verdict(press, _form(press, {"DA": b"/F1 9 Tf 0 g"}), DA=_DA) == "INVALID"
    assert _verdict(press, _form(press, {"DA": b"/F1 9 Tf 0 g"}), DA=None) == "INVALID"
    assert _verdict(press, _form(press), DA=Name("Helv")) == "INVALID"


# ── replaced ─────────────────────────────────────────────────────────────────────────────────────


def _lending(press: Press, **objects: Any) -> bytes:
    lent = {"XObject": {"FRM0": Ref(_LENT)}, "Font": {"F1": Ref(_FONT)}}
    return _form(press, {"DR": lent}, **{"n33": _picture(), **objects})


def _replaced(name: str = "FRM0", kind: str = "XObject") -> PdfDict:
    lent: PdfDict = {"XObject": {"FRM0": Ref(_LENT)}, "Font": {"F1": Ref(_FONT)}}
    lent[kind] = {name: Ref(70)}
    return lent


def test_a_form_that_no_field_uses_may_be_another(press: Press):
    assert _verdict(press, _lending(press), {70: _picture(b"1 g")}, DR=_replaced()) == "VALID"


@pytest.mark.parametrize(
    ("lent", "more"),
    [
        (_replaced(), {70: _picture(b"1 g", Subtype=Name("Image"))}),
        (_replaced(), {70: {"Type": Name("XObject"), "Subtype": Name("Form")}}),
        (_replaced(name="FRM1"), {70: _picture(b"1 g")}),  # the other one is gone
        (_replaced(name="F1", kind="Font"), {70: _HELVETICA}),
        (_replaced(name="F1", kind="Font"), {70: _picture(b"1 g")}),
        ({"XObject": {"FRM0": Ref(70)}}, {70: _picture(b"1 g")}),  # no fonts any more
        (None, {}),
        ([], {}),
    ],
)
def test_nothing_else_may_be_another(press: Press, lent: PdfValue, more: dict[int, PdfValue]):
    assert _verdict(press, _lending(press), more, DR=lent) == "INVALID"


def test_a_form_is_not_exchanged_where_anything_borrows(press: Press):
    more: dict[int, PdfValue] = {70: _picture(b"1 g")}
    bare = _picture(b"/FRM0 Do")
    bare.dict.pop("Resources")
    assert _verdict(press, _lending(press, n13=bare), more, DR=_replaced()) == "INVALID"
    unstyled = {k: v for k, v in _text(press).items() if k != "DA"}
    assert _verdict(press, _lending(press, n8=unstyled), more, DR=_replaced()) == "INVALID"


def test_a_form_that_something_shows_is_not_written_over(press: Press):
    """What FRM0 is stays, where it stood: its object may be the picture of a signature."""
    assert _verdict(press, _lending(press), {_LENT: _picture(b"1 g")}) == "INVALID"


def test_resources_may_gain_names_where_they_stand(press: Press):
    fonts: PdfDict = {"F1": Ref(_FONT)}
    data = _form(press, {"DR": Ref(_LENT)}, n33={"Font": Ref(_NAMED)}, n34=fonts)
    more: dict[int, PdfValue] = {_NAMED: {**fonts, "Helv": Ref(70)}, 70: _HELVETICA}
    assert _verdict(press, data, more) == "VALID"
    lent: dict[int, PdfValue] = {_LENT: {"Font": {**fonts, "Helv": Ref(70)}}, 70: _HELVETICA}
    assert _verdict(press, data, lent) == "VALID"
    assert _verdict(press, data, {_NAMED: {"F1": Ref(70)}, 70: _HELVETICA}) == "INVALID"


def test_resources_that_a_page_shares_stay_as_they_are(press: Press):
    """The page draws with the very dictionary that the form lends: a name there is the page's."""
    page = {**changed(foreign(press), PAGE), "Resources": {"Font": Ref(_NAMED)}}
    data = _form(press, {"DR": {"Font": Ref(_NAMED)}}, n34={"F1": Ref(_FONT)}, n3=page)
    more: dict[int, PdfValue] = {_NAMED: {"F1": Ref(_FONT), "Helv": Ref(70)}, 70: _HELVETICA}
    assert _verdict(press, data, more) == "INVALID"


# ── what the form does not list ──────────────────────────────────────────────────────────────────

_LOOSE = 30
_WIDGET: PdfDict = {
    "Type": Name("Annot"),
    "Subtype": Name("Widget"),
    "P": Ref(PAGE),
    "F": 4,
    "Rect": [20, 150, 180, 180],
}
_PRICE: PdfDict = {**_WIDGET, "FT": Name("Tx"), "T": b"price", "V": b"1000"}
_REMARK: PdfDict = {**_WIDGET, "Subtype": Name("FreeText"), "Contents": b"1000"}
_STYLE = b"/Foo 14 Tf 0 g"


def _beside(press: Press, annotation: PdfValue, **objects: Any) -> bytes:
    """Return a signed form with an annotation on its page that the form does not list."""
    page = {**changed(foreign(press), PAGE), "Annots": [Ref(9), Ref(OPEN_FIELD), Ref(TEXT), Ref(11), Ref(_LOOSE)]}
    return _form(press, **{f"n{PAGE}": page, f"n{_LOOSE}": annotation, **objects})


@pytest.mark.parametrize(
    ("annotation", "verdict"),
    [
        (_PRICE, "INVALID"),  # readers draw it in the form's style, which a white one hides
        ({**_PRICE, "DA": _DA}, "VALID"),
        ({**_WIDGET, "Parent": Ref(31)}, "INVALID"),  # above it stands what the form does not list either
        ({**_WIDGET, "FT": Name("Sig")}, "VALID"),
        (_REMARK, "INVALID"),
        ({**_REMARK, "DA": _STYLE}, "VALID"),
        ({**_REMARK, "AP": {"N": Ref(_PICTURE)}}, "VALID"),
    ],
)
def test_readers_lend_a_style_to_what_the_form_does_not_list(press: Press, annotation: PdfDict, verdict: str):
    data = _beside(press, annotation, n31={"FT": Name("Tx"), "T": b"x", "V": b"1000", "Kids": [Ref(_LOOSE)]})
    assert _verdict(press, data, DA=b"/Helv 90 Tf 1 g") == verdict


@pytest.mark.parametrize("annotation", [{**_PRICE, "DA": _STYLE}, {**_REMARK, "DA": _STYLE}])
def test_readers_lend_it_a_font_too(press: Press, annotation: PdfDict):
    symbols = {**_HELVETICA, "BaseFont": Name("Symbol")}
    data = _beside(press, annotation)
    assert _verdict(press, data, {70: symbols}, DR={"Font": {"Foo": Ref(70)}}) == "INVALID"
    assert _verdict(press, data, {70: symbols}, DR={"Font": {"Other": Ref(70)}}) == "VALID"


@pytest.mark.parametrize("lent", [{"DR": Ref(70)}, {"DR": {"Font": Ref(70)}}])
def test_a_stream_lends_to_some_readers(press: Press, lent: PdfDict):
    data = _beside(press, {**_REMARK, "DA": _STYLE})
    symbols = {**_HELVETICA, "BaseFont": Name("Symbol")}
    held = stream(b"", Font={"Foo": Ref(71)}, Foo=Ref(71))
    assert _verdict(press, data, {70: held, 71: symbols}, **lent) == "INVALID"


def test_a_stream_may_be_a_widget_to_some_readers(press: Press):
    data = _beside(press, stream(b"", **_PRICE))
    assert _verdict(press, data, DA=b"/Helv 90 Tf 1 g") == "INVALID"


@pytest.mark.parametrize("kind", ["Tx", "Ch"])
def test_readers_draw_it_anew_when_they_are_told_to(press: Press, kind: str):
    """The picture says 10 and the value 1000; the form has no other field that is drawn."""
    page = {**changed(foreign(press), PAGE), "Annots": [Ref(9), Ref(OPEN_FIELD), Ref(11), Ref(_LOOSE)]}
    prepared: dict[int, Any] = {
        FORM: {"Fields": [Ref(SIGNED_FIELD), Ref(OPEN_FIELD)], "SigFlags": 3},
        PAGE: page,
        _LOOSE: {**_PRICE, "FT": Name(kind), "DA": _DA, "AP": {"N": Ref(_PICTURE)}},
    }
    data = foreign(press, None, prepared)
    assert judged(press, append(data, {FORM: changed(data, FORM, NeedAppearances=True)})).verdict == "INDETERMINATE"
