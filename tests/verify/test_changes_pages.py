"""Pages that a later signer writes anew: the same boxes in other numbers, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecert.formats.pdf import Name, PdfValue, Ref
from ecert.formats.pdf.objects import PdfDict, Raw
from ecert.testing import Press
from ecert.testing.specimens.foreign import WIDGET, foreign
from ecert.testing.specimens.increments import append, changed
from tests.verify.second_signature import FIELD, PAGE, judged, sign_again

_ABOVE = 2


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


def _boxed(press: Press, **entries: PdfValue) -> bytes:
    return foreign(press, None, {PAGE: {**changed(foreign(press), PAGE), **entries}, 33: [0, 0, 200, 200]})


def _verdict(press: Press, data: bytes, more: dict[int, PdfValue] | None = None, **entries: PdfValue) -> str:
    page = changed(data, PAGE)
    own = {PAGE: {**page, "Annots": [*page["Annots"], Ref(FIELD)], **entries}}
    return judged(press, sign_again(press, data, {**own, **(more or {})})).verdict


@pytest.mark.parametrize(
    ("box", "verdict"),
    [
        (Raw(b"[0 0 200.0 200]"), "VALID"),
        (Raw(b"[0.0 -0.0 +200.00 200.]"), "VALID"),
        ([0, 0, 200.5, 200], "INVALID"),
        ([0, 0, 200, 201], "INVALID"),
        ([200, 200, 0, 0], "INVALID"),
        ([0, 0, 200], "INVALID"),
        ([0, 0, 200, 200, 0], "INVALID"),
        ([0, 0, 200, b"200"], "INVALID"),
        ([False, 0, 200, 200], "INVALID"),
        ([], "INVALID"),
        (None, "INVALID"),
    ],
)
def test_boxes_are_compared_by_value(press: Press, box: Any, verdict: str):
    for key in ("MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox"):
        data = _boxed(press, **{key: [0, 0, 200, 200]})
        assert _verdict(press, data, **{key: box}) == verdict


def test_a_box_elsewhere_is_the_same_box(press: Press):
    assert _verdict(press, _boxed(press, MediaBox=Ref(33)), MediaBox=Raw(b"[0 0 200.0 200]")) == "VALID"
    assert _verdict(press, _boxed(press, MediaBox=Ref(33)), {33: [0, 0, 100, 100]}) == "INVALID"
    assert _verdict(press, _boxed(press), UserUnit=2) == "INVALID"
    assert _verdict(press, _boxed(press), CropBox=[0, 0, 200, 200]) == "INVALID"
    assert _verdict(press, _boxed(press, Rotate=0), Rotate=Raw(b"0.0")) == "INVALID"


def test_the_node_above_may_be_written_with_other_numbers(press: Press):
    above: PdfDict = {"Type": Name("Pages"), "Kids": [Ref(PAGE)], "Count": 1, "MediaBox": [0, 0, 200, 200]}
    page = {k: v for k, v in changed(foreign(press), PAGE).items() if k != "MediaBox"}
    data = foreign(press, None, {_ABOVE: above, PAGE: page})
    assert _verdict(press, data, {_ABOVE: {**above, "MediaBox": Raw(b"[0 0 200.0 200.0]")}}) == "VALID"
    assert _verdict(press, data, {_ABOVE: {**above, "MediaBox": [0, 0, 200, 100]}}) == "INVALID"
    assert _verdict(press, data, {_ABOVE: {**above, "Resources": {}}}) == "INVALID"


_numbers = st.integers(-300, 300)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_numbers, min_size=4, max_size=4))
def test_any_box_written_as_reals_is_the_same(press: Press, sides: list[int]):
    data = _boxed(press, TrimBox=list(sides))
    assert _verdict(press, data, TrimBox=Raw(b"[%d.0 %d.0 %d.0 %d.0]" % tuple(sides))) == "VALID"
    assert _verdict(press, data, TrimBox=[side + 0.25 for side in sides]) == "INVALID"


def test_the_order_of_keys_comes_with_a_signature_alone(press: Press):
    data = _boxed(press)
    assert _verdict(press, data, Tabs=Name("S")) == "VALID"
    assert judged(press, append(data, {PAGE: changed(data, PAGE, Tabs=Name("S"))})).verdict == "INVALID"
    assert _verdict(press, _boxed(press, Tabs=Name("R")), Tabs=Name("S")) == "INVALID"


def test_a_signed_widget_may_say_what_it_is(press: Press):
    """PDFBox writes /Type into the widget of an earlier signature that lacks it; it is optional (table 164)."""
    plain = {k: v for k, v in changed(foreign(press), WIDGET).items() if k != "Type"}
    data = foreign(press, None, {WIDGET: plain})
    assert _verdict(press, data, {WIDGET: {**plain, "Type": Name("Annot")}}) == "VALID"
    assert _verdict(press, data, {WIDGET: {**plain, "Type": Name("Other")}}) == "INVALID"
    assert _verdict(press, data, {WIDGET: {**plain, "Type": Name("Annot"), "F": 2}}) == "INVALID"
    typed = foreign(press)
    assert _verdict(press, typed, {WIDGET: plain}) == "INVALID"
