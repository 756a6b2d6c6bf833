"""What readers draw beyond a widget's rectangle: other kinds of annotations, pictures that nothing clips."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from ecert.formats.pdf import Name, PdfValue, Ref, StructureFault
from ecert.formats.pdf.objects import PdfDict
from ecert.model.limits import MAX_PLACES_COMPARED
from ecert.testing import Press
from ecert.testing.specimens.foreign import OPEN_FIELD, foreign
from ecert.testing.specimens.increments import append, changed, fill_in, form, lay_out, stream, with_room
from ecert.testing.specimens.time_stamps import DOCUMENT_TIME_STAMP, time_stamp
from ecert.verify.changes.boxes import Comparisons
from ecert.verify.changes.form_resources import MAX_BLANK
from tests.verify.second_signature import FIELD, FORM, PAGE, SIGNATURE, judged, second_field, sign_again

_PICTURE = 63
_LINES: dict[str, PdfDict] = {
    "Ink": {"InkList": [[0, 100, 200, 100]], "BS": {"W": 200}},
    "Line": {"L": [0, 100, 200, 100], "BS": {"W": 200}},
    "Polygon": {"Vertices": [0, 0, 200, 0, 200, 200, 0, 200], "IC": [1, 1, 1]},
    "Highlight": {"QuadPoints": [0, 200, 200, 200, 0, 0, 200, 0]},
    "Text": {"Open": True},
}


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


def _certified(press: Press, permission: int) -> bytes:
    params = {"P": permission}
    return foreign(press, {"Type": Name("SigRef"), "TransformMethod": Name("DocMDP"), "TransformParams": params})


def _stamped(press: Press, data: bytes, **entries: PdfValue) -> bytes:
    objects: dict[int, PdfValue] = {
        FIELD: second_field(**entries),
        SIGNATURE: with_room(DOCUMENT_TIME_STAMP),
        PAGE: changed(data, PAGE, Annots=[*changed(data, PAGE)["Annots"], Ref(FIELD)]),
        FORM: changed(data, FORM, Fields=[*changed(data, FORM)["Fields"], Ref(FIELD)]),
    }
    pending = lay_out(data, objects)
    return pending.finish(time_stamp(press, pending.digest("sha256")))


def _unclipped(paint: bytes = b"1 g -900 -900 2000 2000 re f", **entries: PdfValue) -> Any:
    drawn = {k: v for k, v in form(paint).dict.items() if k not in ("BBox", "Length")}
    return stream(paint, **{**drawn, "Resources": {}, **entries})


@pytest.mark.parametrize("permission", [None, 1, 2, 3])
def test_a_time_stamp_may_stand_in_an_empty_widget(press: Press, permission: int | None):
    data = _certified(press, permission) if permission else foreign(press)
    assert judged(press, _stamped(press, data)).verdict == "VALID"


@pytest.mark.parametrize("kind", _LINES)
@pytest.mark.parametrize("permission", [None, 1, 2])
def test_a_time_stamp_in_the_shape_of_another_annotation_paints(press: Press, kind: str, permission: int | None):
    """Readers draw the lines of an /Ink where they run, whatever its rectangle; anybody has a time-stamp."""
    data = _certified(press, permission) if permission else foreign(press)
    report = judged(press, _stamped(press, data, Subtype=Name(kind), C=[1, 1, 1], **_LINES[kind]))
    assert report.codes("error") == ["changed-after-signature"]


@pytest.mark.parametrize(("permission", "verdict"), [(None, "INDETERMINATE"), (2, "INVALID")])
def test_so_does_a_signature(press: Press, permission: int | None, verdict: str):
    data = _certified(press, permission) if permission else foreign(press)
    field = second_field(Subtype=Name("Ink"), C=[1, 1, 1], **_LINES["Ink"])
    assert judged(press, sign_again(press, data, {FIELD: field})).verdict == verdict


@pytest.mark.parametrize("rectangle", [[0, 0, 0, 0], [0, 0, 0, 200], [190, 0, 200, 10]])
@pytest.mark.parametrize("box", [None, 7, [0, 0, 9], [Name("a")] * 4])
def test_a_picture_without_a_box_may_be_drawn_anywhere(press: Press, rectangle: list[int], box: PdfValue):
    """Chromium clips a picture to its /BBox alone."""
    picture = _unclipped(**({} if box is None else {"BBox": box}))
    field = second_field(Rect=rectangle, AP={"N": Ref(_PICTURE)})
    report = judged(press, sign_again(press, foreign(press), {FIELD: field, _PICTURE: picture}))
    assert report.codes("unknown") == ["field-covers-page"]


@pytest.mark.parametrize("picture", [_unclipped(b"% DSBlank\n"), _unclipped(BBox=[0, 0, 300, 300])])
def test_a_picture_that_paints_nothing_or_has_a_box_is_drawn_in_its_place(press: Press, picture: Any):
    field = second_field(Rect=[190, 0, 200, 10], AP={"N": {"On": Ref(_PICTURE)}}, AS=Name("On"))
    assert judged(press, sign_again(press, foreign(press), {FIELD: field, _PICTURE: picture})).verdict == "VALID"


@pytest.mark.parametrize(("length", "verdict"), [(MAX_BLANK, "VALID"), (MAX_BLANK + 1, "INVALID")])
def test_a_long_picture_is_taken_to_paint(press: Press, length: int, verdict: str):
    """Thousands of widgets may share it: each looks at it anew."""
    packed = zlib.compress(b" " * length)
    picture = stream(packed, Subtype=Name("Form"), BBox=[0, 0, 9, 9], Filter=Name("FlateDecode"))
    field = second_field(AP={"N": Ref(_PICTURE)})
    data = sign_again(press, _certified(press, 2), {FIELD: field, _PICTURE: picture})
    assert judged(press, data).verdict == verdict


def test_a_stream_in_the_place_of_a_dictionary_may_hold_pictures(press: Press):
    """Chromium looks into it: /AP leads to a stream, and that to a picture."""
    held = stream(b"", N=Ref(_PICTURE + 1))
    data = _certified(press, 1)
    objects: dict[int, PdfValue] = {_PICTURE: held, _PICTURE + 1: _unclipped()}
    stamped = _stamped(press, append(data, objects), AP=Ref(_PICTURE))
    assert "changed-after-signature" in judged(press, stamped).codes("error")
    field = second_field(AP=Ref(_PICTURE))
    report = judged(press, sign_again(press, foreign(press), {FIELD: field, **objects}))
    assert report.codes("unknown") == ["field-covers-page"]


def test_a_prepared_field_may_not_be_signed_with_such_a_picture(press: Press):
    data = foreign(press)
    objects: dict[int, PdfValue] = {
        OPEN_FIELD: changed(data, OPEN_FIELD, V=Ref(SIGNATURE), AP={"N": Ref(_PICTURE)}),
        _PICTURE: _unclipped(),
        SIGNATURE: with_room({"Type": Name("Sig"), "Filter": Name("A"), "SubFilter": Name("ETSI.CAdES.detached")}),
    }
    report = judged(press, fill_in(lay_out(data, objects), press.office.key("seal")))
    assert "field-covers-page" in report.codes("unknown")


def test_how_many_places_are_compared_is_limited(press: Press):
    widget: PdfDict = {"Type": Name("Annot"), "Subtype": Name("Widget"), "P": Ref(PAGE), "Parent": Ref(6)}
    kids = {1000 + i: {**widget, "Rect": [0, 90, 90 - i * 0.1, 99]} for i in range(200)}
    page = {**changed(foreign(press), PAGE), "Annots": [*map(Ref, kids), Ref(OPEN_FIELD), Ref(8), Ref(11)]}
    reference = {"Type": Name("SigRef"), "TransformMethod": Name("DocMDP"), "TransformParams": {"P": 2}}
    first = {"FT": Name("Sig"), "T": b"first", "Kids": [*map(Ref, kids)]}
    data = foreign(press, reference, {6: first, PAGE: page, **kids})
    own = {
        2000 + i: {**widget, "Parent": Ref(FIELD), "F": 4, "Rect": [i * 0.1, 90, i * 0.1 + 1, 92]} for i in range(60)
    }
    field = {"FT": Name("Sig"), "T": b"second party", "V": Ref(SIGNATURE), "Kids": [*map(Ref, own)]}
    shown = {**page, "Annots": [*page["Annots"], *map(Ref, own)]}
    report = judged(press, sign_again(press, data, {FIELD: field, PAGE: shown, **own}))
    assert report.codes("unknown") == ["over-limit"]
    counted = Comparisons()
    counted.count(MAX_PLACES_COMPARED)
    with pytest.raises(StructureFault):
        counted.count(1)
