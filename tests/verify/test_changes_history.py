"""States of a document are walked anew only where something they rest on was written, and always there."""

from __future__ import annotations

import pytest

from ecert.formats.pdf import Name, PdfValue, Ref, read_document
from ecert.formats.pdf.writer import write_revision
from ecert.testing.specimens.increments import append
from ecert.verify.changes.history import History

FORM, FIELDS, FIELD, KID, PAGE, PAGES, MARKS = 3, 4, 5, 6, 7, 2, 8


def pdf() -> bytes:
    objects: dict[int, PdfValue] = {
        1: {"Type": Name("Catalog"), "Pages": Ref(PAGES), "AcroForm": Ref(FORM)},
        PAGES: {"Type": Name("Pages"), "Count": 1, "Kids": [Ref(PAGE)]},
        FORM: {"Fields": Ref(FIELDS)},
        FIELDS: [Ref(FIELD)],
        FIELD: {"T": b"a", "FT": Name("Tx"), "Kids": [Ref(KID), Ref(20)]},
        KID: {"T": b"b", "Parent": Ref(FIELD)},
        PAGE: {"Type": Name("Page"), "Parent": Ref(PAGES), "Annots": Ref(MARKS)},
        MARKS: [Ref(KID)],
    }
    return b"".join(map(bytes, write_revision(objects, {"Size": 30, "Root": Ref(1)})))


def states(*updates: dict[int, PdfValue]) -> History:
    data = pdf()
    for update in updates:
        data = append(data, update)
    return History(read_document(data))


IDLE: dict[int, PdfValue] = {25: 1}
AGAIN: dict[int, PdfValue] = {FORM: {"Fields": Ref(FIELDS)}}
LISTED: dict[int, PdfValue] = {FIELDS: [Ref(FIELD)]}


def test_what_nothing_touches_is_the_same_object() -> None:
    history = states(IDLE, AGAIN, LISTED)
    forms = [history.form(i) for i in range(4)]
    assert all(form is forms[0] for form in forms)
    assert all(history.pages(i) is history.pages(0) for i in range(1))


@pytest.mark.parametrize("between", [(), (IDLE,), (AGAIN,), (LISTED,), (AGAIN, LISTED, IDLE)])
@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({KID: {"T": b"c"}}, {"a", "a.c"}),
        ({FIELD: {"T": b"d", "Kids": [Ref(KID)]}}, {"d", "d.b"}),
        ({20: {"T": b"missing before"}}, {"a", "a.b", "a.missing before"}),
        ({FIELDS: [Ref(KID)]}, {"b"}),
        ({FORM: {"Fields": [Ref(KID)]}}, {"b"}),
        ({1: {"Pages": Ref(PAGES), "AcroForm": {"Fields": []}}}, set()),
    ],
)
def test_a_change_is_seen_whatever_stands_between(
    between: tuple[dict[int, PdfValue], ...], change: dict[int, PdfValue], names: set[str]
) -> None:
    history = states(*between, change)
    for index in range(len(between) + 1):
        assert history.form(index).names == {"a", "a.b"}
    assert history.form(len(between) + 1).names == names


@pytest.mark.parametrize("between", [(), (IDLE,), (AGAIN, IDLE)])
def test_pages_and_annotations_are_seen_likewise(between: tuple[dict[int, PdfValue], ...]) -> None:
    last = len(between) + 2
    history = states(
        *between,
        {MARKS: [Ref(KID), Ref(20)]},
        {PAGES: {"Kids": [Ref(PAGE), Ref(21)]}, 21: {"Type": Name("Page"), "Annots": [Ref(22)]}},
    )
    for index in range(last - 1):
        assert history.annotated_with(20, index) is None
        assert history.page_parts(index) == {PAGE: [1], MARKS: [1]}
    assert history.annotated_with(20, last - 1) == 1
    assert history.annotated_with(22, last - 1) is None
    assert history.annotated_with(22, last) == 2
    assert history.pages(last) == [Ref(PAGE), Ref(21)]
    assert history.page_parts(last) == {PAGE: [1], MARKS: [1], 21: [2]}
