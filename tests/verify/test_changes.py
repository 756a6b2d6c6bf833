"""What later revisions did: the page and the object are named, and two analyses each see it alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

import ecert
from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pdf import Name, Ref, read_document
from ecert.formats.pdf.objects import PdfValue
from ecert.testing.specimens.increments import CONTENT, FORGED, FREE, IMAGE, PAGE, append, changed, stream
from ecert.verify import changes
from tests.kit import Desk

Change = Callable[[bytes], bytes]
STATEMENT_PAGE = 3  # of a copy of two pages
STAMP = {"Type": Name("Annot"), "Subtype": Name("Stamp"), "Rect": [0, 0, 99, 99]}


def replaced(num: int, value: PdfValue = FORGED) -> Change:
    return lambda data: append(data, {num: value})


def altered(num: int, **entries: PdfValue) -> Change:
    return lambda data: append(data, {num: changed(data, num, **entries)})


def painted(field: int) -> Change:
    """Replace the appearance that a signed field shows."""

    def change(data: bytes) -> bytes:
        document = read_document(data)
        ref = document.dictionary(document.dictionary(Ref(field))["AP"])["N"]
        return append(data, {ref.num: FORGED})

    return change


def moved_content(data: bytes) -> bytes:
    """Let the page show another object, which a later revision brings."""
    return append(data, {PAGE: changed(data, PAGE, Contents=Ref(FREE)), FREE: FORGED})


#: what changes the looks → (change, page, object)
SEEN: Mapping[str, tuple[Change, int, int]] = {
    "content": (replaced(CONTENT), 1, CONTENT),
    "image": (replaced(IMAGE), 1, IMAGE),
    "image of page 2": (replaced(IMAGE + 4), 2, IMAGE + 4),
    "page size": (altered(PAGE, MediaBox=[0, 0, 10, 10]), 1, PAGE),
    "page refers to another content": (moved_content, 1, PAGE),
    "all pages turned": (altered(NUMBERS.PAGES, Rotate=180), 1, NUMBERS.PAGES),
    "statement": (replaced(NUMBERS.STATEMENT_CONTENT), STATEMENT_PAGE, NUMBERS.STATEMENT_CONTENT),
    "font": (replaced(NUMBERS.REGULAR_FONT + 2), STATEMENT_PAGE, NUMBERS.REGULAR_FONT + 2),
    "place of the signature": (altered(NUMBERS.SIGNER, Rect=[0, 0, 500, 500]), STATEMENT_PAGE, NUMBERS.SIGNER),
    "seal hidden": (altered(NUMBERS.SEAL, F=2), STATEMENT_PAGE, NUMBERS.SEAL),
    "appearance of the signature": (painted(NUMBERS.SIGNER), STATEMENT_PAGE, 0),
    "appearance of the seal": (painted(NUMBERS.SEAL), STATEMENT_PAGE, 0),
    "annotation": (altered(PAGE, Annots=[STAMP]), 1, PAGE),
    "content removed": (lambda data: append(data, {}, freed=(CONTENT,)), 1, CONTENT),
}
#: what nobody sees on a page, though it is refused
UNSEEN: Mapping[str, Change] = {
    "record": replaced(NUMBERS.RECORD_FILE),
    "metadata": replaced(NUMBERS.METADATA),
    "orphan": replaced(FREE),
    "nothing": lambda data: append(data, {}),
}


def judged(desk: Desk, data: bytes) -> ecert.Report:
    return ecert.verify_copy(data, trust=desk.office.trust)


def changes_told(report: ecert.Report) -> list[Mapping[str, Any]]:
    return [f.where for f in report.findings if f.code == "changed-after-seal"]


@pytest.mark.parametrize("name", SEEN)
def test_page_and_object_are_named(desk: Desk, name: str):
    change, page, number = SEEN[name]
    places = changes_told(judged(desk, change(desk.copy.to_bytes())))
    assert page in {place.get("page") for place in places}
    if number:
        assert number in {place.get("object") for place in places}


@pytest.mark.parametrize("name", SEEN)
def test_the_looks_alone_tell_what_changed(desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch):
    """With the rules for revisions switched off, comparing what pages show still finds it."""
    monkeypatch.setattr(changes.judging, "_judge_revision", lambda *_: None)
    report = judged(desk, SEEN[name][0](desk.copy.to_bytes()))
    assert report.verdict == "INVALID"
    assert SEEN[name][1] in {place.get("page") for place in changes_told(report)}


def test_pages_in_another_order_are_seen(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(changes.judging, "_judge_revision", lambda *_: None)
    data = desk.copy.to_bytes()
    kids = read_document(data).dictionary(Ref(NUMBERS.PAGES))["Kids"]
    told = changes_told(judged(desk, altered(NUMBERS.PAGES, Kids=kids[::-1])(data)))
    assert {} in told


@pytest.mark.parametrize("name", UNSEEN)
def test_the_looks_tell_nothing_that_nobody_sees(desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(changes.judging, "_judge_revision", lambda *_: None)
    report = judged(desk, UNSEEN[name](desk.copy.to_bytes()))
    assert not changes_told(report)


@pytest.mark.parametrize("name", [*SEEN, *UNSEEN])
def test_the_rules_alone_tell_what_changed(desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(changes.judging, "check_looks", lambda *_: None)
    change = SEEN[name][0] if name in SEEN else UNSEEN[name]
    assert changes_told(judged(desk, change(desk.copy.to_bytes())))


def test_a_change_before_the_seal_is_told_of_the_signer(desk: Desk):
    """Cut back to the signer and changed there: the looks are held against the signer's revision."""
    signed = desk.signed.to_bytes()
    report = judged(desk, append(signed, {CONTENT: FORGED}))
    told = [f.where for f in report.findings if f.code == "changed-after-signer"]
    assert [(place["page"], place["object"]) for place in told] == [(1, CONTENT)]


def test_what_is_told_can_be_read_aloud(desk: Desk):
    report = judged(desk, append(desk.copy.to_bytes(), {CONTENT: FORGED}))
    text = next(f.to_dict()["text"] for f in report.findings if f.code == "changed-after-seal")
    assert text["vi"] == (
        f"Tài liệu đã bị thay đổi sau khi đóng dấu: trang 1 hiển thị khác đi: đối tượng {CONTENT} bị thay thế."
    )
    assert text["en"] == (
        f"The document was changed after it was sealed: page 1 shows something else: object {CONTENT} was replaced."
    )


def test_the_report_says_how_the_file_grew(desk: Desk):
    report = judged(desk, desk.copy.to_bytes())
    history = report.to_dict()["history"]
    assert [r["signed"] for r in history["revisions"]] == [[], ["Signer"], ["Seal"], ["Archive1"]]
    ends = [r["end"] for r in history["revisions"]]
    assert [r["start"] for r in history["revisions"]] == [0, *ends[:-1]]
    assert ends[-1] == report.content["document"]["size"]
    assert [r["replaced"] for r in history["revisions"]] == [
        [],
        [NUMBERS.CATALOG, NUMBERS.SIGNER],
        [NUMBERS.SEAL],
        [NUMBERS.CATALOG, NUMBERS.ACRO_FORM, NUMBERS.ANNOTATIONS],
    ]
    (page,) = history["pages"]  # the scanned pages rest on the bytes the signer saw
    assert page["page"] == STATEMENT_PAGE
    assert page["at_signer"] != page["at_seal"] == page["now"]


def test_a_changed_page_has_another_digest(desk: Desk):
    report = judged(desk, append(desk.copy.to_bytes(), {IMAGE: FORGED}))
    pages = {p["page"]: p for p in report.to_dict()["history"]["pages"]}
    assert pages[1]["at_signer"] == pages[1]["at_seal"] != pages[1]["now"]


def test_a_file_that_cannot_be_read_has_no_history():
    assert ecert.verify_copy(b"%PDF-1.7\n").content["history"] is None


def test_a_page_that_leads_to_too_much_is_over_a_limit(desk: Desk):
    """A page dictionary with more objects than any statement has is not walked to its end."""
    data = desk.copy.to_bytes()
    many: dict[int, PdfValue] = {FREE + i: i for i in range(1100)}
    many[PAGE] = changed(data, PAGE, PieceInfo=[Ref(FREE + i) for i in range(1100)])
    report = judged(desk, append(append(data, many), {CONTENT: FORGED}))
    assert report.verdict == "INVALID"
    assert "over-limit" in report.codes("unknown")


@pytest.mark.parametrize("kind", [{"A": 1}, [1], b"Page", 7, None])
def test_a_type_that_is_no_name_is_no_structure(desk: Desk, kind: PdfValue):
    data = desk.copy.to_bytes()
    odd = {FREE: stream(b"x", Type=kind), FREE + 1: {"Type": kind}}
    linked = changed(data, PAGE, PieceInfo=[Ref(FREE), Ref(FREE + 1)])
    report = judged(desk, append(append(data, {**odd, PAGE: linked}), {CONTENT: FORGED}))
    assert report.verdict == "INVALID"
    assert "verifier-fault" not in report.codes()
