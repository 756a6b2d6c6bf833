"""One signature that several fields show, "sign every page": of one revision it is one signature, else a forgery."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ecert.formats.pades.fields import read_signatures, write_date
from ecert.formats.pdf import Name, PdfValue, Ref, read_document
from ecert.formats.pdf.objects import PdfDict
from ecert.formats.pdf.writer import write_revision
from ecert.operations.inspecting import look_inside
from ecert.testing import Press
from ecert.testing.specimens.foreign import foreign
from ecert.testing.specimens.increments import append, changed, fill_in, lay_out, with_room
from ecert.verify.copy import verify_copy
from tests.verify.policy_files import policy
from tests.verify.second_signature import judged

_SIGNATURE, _FORM = 62, 5
_PAGES = (3, 6, 7)
_FIELDS = (70, 71, 72)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


def _base(**objects: Any) -> bytes:
    pages = {
        num: {"Type": Name("Page"), "Parent": Ref(2), "MediaBox": [0, 0, 200, 200], "Annots": []} for num in _PAGES
    }
    plain: dict[int, PdfValue] = {
        1: {"Type": Name("Catalog"), "Pages": Ref(2), "AcroForm": Ref(_FORM)},
        2: {"Type": Name("Pages"), "Kids": [Ref(num) for num in _PAGES], "Count": len(_PAGES)},
        _FORM: {"Fields": [], "SigFlags": 3},
        **pages,
        **{int(key[1:]): value for key, value in objects.items()},
    }
    return b"".join(map(bytes, write_revision(plain, {"Size": 90, "Root": Ref(1)})))


def _field(number: int, page: int, **entries: PdfValue) -> PdfDict:
    widget = {"Type": Name("Annot"), "Subtype": Name("Widget"), "FT": Name("Sig"), "F": 132, "Rect": [10, 10, 60, 30]}
    return {**widget, "T": b"sign%d" % number, "P": Ref(page), "V": Ref(_SIGNATURE), **entries}


def _signed(press: Press, base: bytes, fields: dict[int, PdfDict], **entries: PdfValue) -> bytes:
    """Sign once, in fields on pages of their own."""
    shown = {page: Ref(num) for page, num in zip(_PAGES, fields, strict=False)}
    dictionary: PdfDict = {
        "Type": Name("Sig"),
        "Filter": Name("Adobe.PPKLite"),
        "SubFilter": Name("ETSI.CAdES.detached"),
        "M": write_date(press.now(), 7),
        **entries,
    }
    listed = [*changed(base, _FORM)["Fields"], *(Ref(num) for num in fields)]
    objects: dict[int, PdfValue] = {
        _FORM: changed(base, _FORM, Fields=listed),
        **{page: changed(base, page, Annots=[*changed(base, page)["Annots"], ref]) for page, ref in shown.items()},
        **fields,
        _SIGNATURE: with_room(dictionary),
    }
    return fill_in(lay_out(base, objects), press.office.key("signer"))


def _every_page() -> dict[int, PdfDict]:
    return {num: _field(num, page) for num, page in zip(_FIELDS, _PAGES, strict=True)}


def test_every_page_is_signed_at_once(press: Press):
    data = _signed(press, _base(), _every_page())
    report = judged(press, data)
    assert report.verdict == "VALID"
    assert [s["field"] for s in report.content["signatures"]] == ["sign70"]
    (told,) = [f for f in report.findings if f.code == "unusual-structure"]
    assert "3" in told.text["en"]
    assert report.content["history"] is not None
    assert report.content["history"]["revisions"][1]["signed"] == ["sign70", "sign71", "sign72"]
    assert all(field["signed"] for field in look_inside(data, "x.pdf")["fields"])


def test_prepared_fields_may_be_signed_at_once(press: Press):
    empty = {num: {k: v for k, v in field.items() if k != "V"} for num, field in _every_page().items()}
    listed = {"n5": {"Fields": [Ref(num) for num in _FIELDS], "SigFlags": 3}}
    base = _base(**listed, **{f"n{num}": field for num, field in empty.items()})
    whole = dict(zip(_FIELDS, _PAGES, strict=True))
    data = _base(
        **listed,
        **{f"n{num}": field for num, field in empty.items()},
        **{f"n{page}": {**changed(base, page), "Annots": [Ref(num)]} for num, page in whole.items()},
    )
    objects: dict[int, PdfValue] = {num: {**field, "V": Ref(_SIGNATURE)} for num, field in empty.items()}
    entries: PdfDict = {"Type": Name("Sig"), "Filter": Name("Adobe.PPKLite"), "M": write_date(press.now(), 7)}
    objects[_SIGNATURE] = with_room({**entries, "SubFilter": Name("ETSI.CAdES.detached")})
    assert judged(press, fill_in(lay_out(data, objects), press.office.key("signer"))).verdict == "VALID"


def test_a_copy_has_one_field_for_each_signature(press: Press):
    data = _signed(press, _base(), _every_page())
    report = verify_copy(data, trust=press.office.trust, at=press.now())
    assert report.verdict == "INVALID"
    assert "signature-malformed" in report.codes()
    assert all(s.faults for s in read_signatures(read_document(data)))


# ── forgeries ────────────────────────────────────────────────────────────────────────────────────


def _later(data: bytes, number: int, page: int, **entries: PdfValue) -> bytes:
    """Show the signature in one more field, in a revision of its own."""
    listed = [*changed(data, _FORM)["Fields"], Ref(number)]
    return append(
        data,
        {
            _FORM: changed(data, _FORM, Fields=listed),
            page: changed(data, page, Annots=[*changed(data, page)["Annots"], Ref(number)]),
            number: _field(number, page, **entries),
        },
    )


@pytest.mark.parametrize("fields", [1, 3])
def test_a_field_that_comes_later_is_refused(press: Press, fields: int):
    some = dict(list(_every_page().items())[:fields])
    report = judged(press, _later(_signed(press, _base(), some), 80, 3))
    assert report.verdict == "INVALID"
    assert "signature-malformed" in report.codes()


def test_a_widget_that_comes_later_is_refused(press: Press):
    data = _signed(press, _base(), _every_page())
    kid = {"Type": Name("Annot"), "Subtype": Name("Widget"), "Parent": Ref(70), "Rect": [0, 0, 200, 200], "P": Ref(6)}
    page = changed(data, 6, Annots=[*changed(data, 6)["Annots"], Ref(80)])
    assert judged(press, append(data, {6: page, 80: kid})).verdict == "INVALID"
    parent = changed(data, 70, Kids=[Ref(80)])
    assert judged(press, append(data, {6: page, 80: kid, 70: parent})).verdict == "INVALID"


@pytest.mark.parametrize("number", _FIELDS)
def test_none_of_the_fields_changes_later(press: Press, number: int):
    data = _signed(press, _base(), _every_page())
    for entries in ({"Rect": [0, 0, 200, 200]}, {"AP": {"N": Ref(80)}}, {"V": None}, {"F": 2}):
        assert judged(press, append(data, {number: changed(data, number, **entries)})).verdict == "INVALID"


def test_a_field_that_waited_for_the_signature_is_refused(press: Press):
    """Its value was there before the signature: no revision of the signer's wrote it."""
    waiting = _base(n5={"Fields": [Ref(80)], "SigFlags": 3}, n80=_field(80, 3))
    assert judged(press, _signed(press, waiting, _every_page())).verdict == "INVALID"


def test_names_and_objects_must_differ(press: Press):
    twice = {70: _field(70, 3), 71: _field(70, 6)}
    assert judged(press, _signed(press, _base(), twice)).verdict == "INVALID"
    inherited = {70: {"FT": Name("Sig"), "T": b"all", "V": Ref(_SIGNATURE), "Kids": [Ref(80), Ref(81)]}}
    base = _base(**{f"n{n}": {**_field(n, 3, Parent=Ref(70)), "V": None} for n in (80, 81)})
    assert judged(press, _signed(press, base, inherited)).verdict == "INVALID"


def test_a_signature_of_somebody_else_is_not_shown_again(press: Press):
    """A second signer's field shows the first signature, and is signed by nobody."""
    data = foreign(press)
    shown = changed(data, 6)["V"]
    field = _field(80, 3, V=shown)
    listed = [*changed(data, _FORM)["Fields"], Ref(80)]
    page = changed(data, 3, Annots=[*changed(data, 3)["Annots"], Ref(80)])
    forged = append(data, {_FORM: changed(data, _FORM, Fields=listed), 3: page, 80: field})
    assert judged(press, forged).verdict == "INVALID"


# ── what else asks for fields ────────────────────────────────────────────────────────────────────


def test_a_policy_may_name_any_of_the_fields(press: Press, tmp_path: Path):
    data = _signed(press, _base(), _every_page())
    for name, verdict in (("sign72", "VALID"), ("sign73", "INVALID")):
        text = f'[require]\nfields = ["{name}"]\nsignatures = 1\n'
        asked = policy(tmp_path, text, base="signatures", top='revocation = "if-present"')
        report = verify_copy(data, trust=press.office.trust, policy=asked, at=press.now())
        assert report.verdict == verdict


def test_each_field_locks(press: Press):
    """A lock on the second field forbids what comes later, as one on the first does."""
    lock = {"Type": Name("SigFieldLock"), "Action": Name("All"), "P": 1}
    for number in _FIELDS[:2]:
        fields = _every_page()
        fields[number]["Lock"] = lock
        data = _signed(press, _base(), fields)
        assert judged(press, data).verdict == "VALID"
        field = {**_field(80, 3, Rect=[0, 0, 0, 0], V=Ref(81)), "T": b"later"}
        listed = [*changed(data, _FORM)["Fields"], Ref(80)]
        entries: PdfDict = {"Type": Name("Sig"), "Filter": Name("Adobe.PPKLite"), "M": write_date(press.now(), 7)}
        objects: dict[int, PdfValue] = {
            _FORM: changed(data, _FORM, Fields=listed),
            3: changed(data, 3, Annots=[*changed(data, 3)["Annots"], Ref(80)]),
            80: field,
            81: with_room({**entries, "SubFilter": Name("ETSI.CAdES.detached")}),
        }
        assert judged(press, fill_in(lay_out(data, objects), press.office.key("seal"))).verdict == "INVALID"
