"""Signatures made after others: whose they are, where they stand, what they may hide; undeclared ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ecert.formats.pades.fields import read_signatures
from ecert.formats.pades.undeclared import first_page_with, undeclared_signatures
from ecert.formats.pdf import Name, Ref, read_document
from ecert.formats.pdf.writer import write_revision
from ecert.testing import Press, person_name
from ecert.testing.pki import Identity
from ecert.testing.specimens.co_signers import Key, co_signed
from ecert.testing.specimens.foreign import foreign
from ecert.verify.changes.boxes import Box, read_box
from ecert.verify.changes.placement import page_box
from ecert.verify.copy import verify_copy


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


def _document(page: dict[str, Any], above: dict[str, Any] | None = None) -> Any:
    objects = {
        1: {"Type": Name("Catalog"), "Pages": Ref(2)},
        2: {"Type": Name("Pages"), "Kids": [Ref(3)], "Count": 1, **(above or {})},
        3: {"Type": Name("Page"), "Parent": Ref(2), **page},
    }
    return read_document(b"".join(map(bytes, write_revision(objects, {"Size": 4, "Root": Ref(1)}))))


@pytest.mark.parametrize(
    ("page", "above", "box"),
    [
        ({"MediaBox": [0, 0, 200, 100]}, {}, Box(0, 0, 200, 100)),
        ({"MediaBox": [200, 100, 0, 0]}, {}, Box(0, 0, 200, 100)),
        ({}, {"MediaBox": [0, 0, 200, 100]}, Box(0, 0, 200, 100)),
        ({"CropBox": [50, 50, 900, 900]}, {"MediaBox": [0, 0, 200, 100]}, Box(50, 50, 200, 100)),
        ({"MediaBox": [0, 0, 200]}, {}, None),
        ({"MediaBox": [0, 0, 200, Name("x")]}, {}, None),
        ({"MediaBox": [0, 0, 200, 9999999.0]}, {}, None),
        ({"MediaBox": [0, 0, 200, 100], "CropBox": 7}, {}, None),
        ({}, {}, None),
    ],
)
def test_the_box_of_a_page_is_what_is_shown(page: Any, above: Any, box: Box | None):
    assert page_box(_document(page, above), Ref(3), 0) == box


def test_a_box_of_crossed_sides_is_put_in_order_and_has_an_area():
    document = _document({"MediaBox": [0, 0, 10, 10]})
    box = read_box([10, 20, 0, 5], document.resolve)
    assert box == Box(0, 5, 10, 20)
    assert box.area == 150
    assert box.meet(Box(5, 0, 50, 10)).area == 25
    assert box.meet(Box(90, 90, 99, 99)).area == 0


def _report(press: Press, data: bytes) -> Any:
    return verify_copy(data, trust=press.office.trust, policy="signatures", at=press.now(), evidence=press.evidence)


@pytest.mark.parametrize(
    ("side", "verdict"),
    [(69, "VALID"), (70, "INDETERMINATE")],  # 69² and 70² points of 40,000: 11.9 and 12.25 %
)
def test_the_limit_is_an_eighth_of_the_page(press: Press, side: int, verdict: str):
    data = co_signed(press, foreign(press), 60, {"Rect": [120, 0, 120 + side, side]})
    assert _report(press, data).verdict == verdict


@pytest.mark.parametrize(
    ("names", "rows", "verdict"),
    [
        (("Một Người",), 2, "INDETERMINATE"),  # 22 %, by two certificates of one name
        (tuple("ABCDEFGH"), 4, "VALID"),  # 44 %
        (tuple("ABCDEFGH"), 5, "INDETERMINATE"),  # 55 %
    ],
)
def test_of_several_certificates_the_names_and_the_sum_count(
    press: Press, names: tuple[str, ...], rows: int, verdict: str
):
    data = foreign(press)
    for row in range(rows):
        own = press.office.issue(person_name(names[row % len(names)]), algorithm="p256")
        low = 22 * row if row < 4 else 110
        data = co_signed(press, data, 60 + 10 * row, {"Rect": [0, low, 200, low + 22]}, key=_key(own))
    assert _report(press, data).verdict == verdict


def _key(own: Identity) -> Key:
    return lambda press: press.office.key(own)


_PARTS = [[0, 90, 36, 99], [36, 90, 72, 99], [72, 90, 90, 99]]


def test_an_earlier_signature_is_not_hidden_in_parts(press: Press):
    """40, 40 and 20 % of it: in three widgets of one signature, or by three signatures."""
    widget = {"Type": Name("Annot"), "Subtype": Name("Widget"), "F": 4, "P": Ref(3), "AP": {"N": Ref(61)}}
    plain = dict.fromkeys(("Rect", "AP", "Subtype", "Type", "P", "F"))
    once = co_signed(press, foreign(press), 60, plain, *({**widget, "Rect": part} for part in _PARTS))
    thrice = foreign(press)
    for number, part in enumerate(_PARTS):
        thrice = co_signed(press, thrice, 60 + 10 * number, {"Rect": part})
    for data in (once, thrice):
        assert set(_report(press, data).codes("unknown")) == {"field-covers-page"}


def test_what_lies_beside_the_page_hides_nothing(press: Press):
    data = co_signed(press, foreign(press), 60, {"Rect": [170, 10, 900, 40]})
    assert _report(press, data).verdict == "VALID"


def test_a_widget_without_a_readable_place_is_not_decided(press: Press):
    data = co_signed(press, foreign(press), 60, {"Rect": [0, 0, 9999999, 9999999]})
    report = _report(press, data)
    assert report.verdict == "INDETERMINATE"
    assert "field-covers-page" in report.codes()


def test_the_warning_tells_place_and_signer_and_the_way_back(press: Press):
    report = _report(press, co_signed(press, foreign(press), 60, {"Rect": [130, 10, 190, 40]}))
    (told,) = [f for f in report.findings if f.code == "field-added-and-signed"]
    assert told.where == {"field": "party60", "page": 1, "revision": 2}
    assert told.data["signed"] == 1
    assert (told.data["left"], told.data["top"]) == (46, 56)
    assert (told.data["width"], told.data["height"]) == (21, 11)
    assert "--revision 1 " in told.to_dict()["remedy"]["desk"]["en"]


def test_the_summary_names_every_signer_in_order(press: Press):
    signer = press.office.record(pages=1)["certifier"]["name"]
    report = _report(press, co_signed(press, foreign(press), 60, {}))
    for text in report.content["summary"].values():
        first, _, second = text.partition(": ")[2].rstrip(".").partition("; ")
        assert first == signer
        assert second
        assert second != signer
    assert signer in _report(press, foreign(press)).content["summary"]["en"]


def test_usage_rights_are_told_apart_and_pages_found(press: Press):
    from ecert.testing.specimens import undeclared

    left = read_document(undeclared.undeclared_widget(press))
    found = undeclared_signatures(left, read_signatures(left))
    assert (found.dictionaries, found.widgets, found.usage_rights) == ((30,), (31,), ())
    assert first_page_with(left, {31}) == 1
    assert first_page_with(left, {30}) is None
    rights = read_document(undeclared.usage_rights(press))
    assert undeclared_signatures(rights, read_signatures(rights)).usage_rights == (30,)
    plain = read_document(foreign(press))
    assert undeclared_signatures(plain, read_signatures(plain)) == ((), (), ())
