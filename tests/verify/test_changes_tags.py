"""Tagged documents: the element of a new signature comes, and nothing else of the structure tree changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecert.formats.pdf import Name, PdfValue, Ref
from ecert.formats.pdf.objects import PdfDict
from ecert.testing import Press
from ecert.testing.specimens.foreign import CONTENTS, TEXT, foreign
from ecert.testing.specimens.increments import append, changed, stream
from tests.verify.second_signature import FIELD, PAGE, judged, second_field, sign_again

_CATALOGUE, _ROOT, _DOCUMENT, _PART, _PARENTS, _LISTED, _NODE = 1, 50, 51, 52, 53, 54, 55
_NEW, _OTHER = 70, 71


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


def _element(kind: str, above: int, **entries: PdfValue) -> PdfDict:
    return {"Type": Name("StructElem"), "S": Name(kind), "P": Ref(above), **entries}


def _tagged(press: Press, **objects: Any) -> bytes:
    """Return the kit's form, tagged and signed."""
    catalogue = {"Type": Name("Catalog"), "Pages": Ref(2), "AcroForm": Ref(5), "MarkInfo": {"Marked": True}}
    prepared: dict[int, PdfValue] = {
        _CATALOGUE: {**catalogue, "StructTreeRoot": Ref(_ROOT)},
        _ROOT: {"Type": Name("StructTreeRoot"), "K": [Ref(_DOCUMENT)], "ParentTree": Ref(_PARENTS)},
        _DOCUMENT: _element("Document", _ROOT, K=Ref(_PART)),
        _PART: _element("P", _DOCUMENT, K=0, Pg=Ref(PAGE)),
        _PARENTS: {"Nums": [0, Ref(_LISTED)]},
        _LISTED: [Ref(_PART)],
        **{int(key[1:]): value for key, value in objects.items()},
    }
    data = foreign(press, None, prepared)
    assert judged(press, data).verdict == "VALID"
    return data


def _reference(**entries: PdfValue) -> PdfDict:
    return {"Type": Name("OBJR"), "Obj": Ref(FIELD), **entries}


def _new(**entries: PdfValue) -> dict[int, PdfValue]:
    """Return what an honest second signer writes into the tree."""
    return {
        _ROOT: {
            "Type": Name("StructTreeRoot"),
            "K": [Ref(_DOCUMENT)],
            "ParentTree": Ref(_PARENTS),
            "ParentTreeNextKey": 2,
        },
        _DOCUMENT: _element("Document", _ROOT, K=[Ref(_PART), Ref(_NEW)]),
        _NEW: {**_element("Form", _DOCUMENT, K=_reference(), Pg=Ref(PAGE)), **entries},
        _PARENTS: {"Nums": [0, Ref(_LISTED), 1, Ref(_NEW)]},
        FIELD: second_field(StructParent=1),
    }


def _verdict(press: Press, more: dict[int, PdfValue], data: bytes | None = None) -> str:
    return judged(press, sign_again(press, data or _tagged(press), more)).verdict


# ── honest ───────────────────────────────────────────────────────────────────────────────────────


def test_the_element_of_the_new_widget_comes(press: Press):
    assert _verdict(press, _new()) == "VALID"


def test_writers_differ_in_where_they_write_it(press: Press):
    direct = _new()
    direct[_NEW] = _element("Form", _DOCUMENT, K=[_reference(Pg=Ref(PAGE))])
    assert _verdict(press, direct) == "VALID"
    indirect = {**_new(K=Ref(_OTHER)), _OTHER: _reference()}
    assert _verdict(press, indirect) == "VALID"
    # pyHanko leaves the parent tree and the root alone
    less = {num: value for num, value in _new().items() if num not in (_ROOT, _PARENTS)}
    assert _verdict(press, less) == "VALID"


def test_the_parent_tree_may_be_written_elsewhere(press: Press):
    """IText writes it anew each time, with the lists of all pages."""
    more = _new()
    del more[_PARENTS]
    more[_ROOT] = {**_dictionary(more[_ROOT]), "ParentTree": Ref(80)}
    more |= {80: {"Kids": [Ref(81), Ref(82)]}, 81: {"Nums": [0, Ref(83)], "Limits": [0, 0]}, 83: [Ref(_PART)]}
    more[82] = {"Nums": [1, Ref(_NEW)], "Limits": [1, 1]}
    assert _verdict(press, more) == "VALID"


def _dictionary(value: PdfValue) -> PdfDict:
    assert isinstance(value, dict)
    return value


def test_children_in_an_object_of_their_own(press: Press):
    data = _tagged(press, n51=_element("Document", _ROOT, K=Ref(_NODE)), n55=[Ref(_PART)])
    more = _new()
    more |= {_DOCUMENT: _element("Document", _ROOT, K=Ref(_NODE)), _NODE: [Ref(_PART), Ref(_NEW)]}
    del more[_DOCUMENT]
    assert _verdict(press, more, data) == "INVALID"  # the element itself is not written: nobody looks at its list
    more[_DOCUMENT] = _element("Document", _ROOT, K=Ref(80))
    more[80] = more.pop(_NODE)
    assert _verdict(press, more, data) == "VALID"


def test_every_signer_adds_one(press: Press):
    once = sign_again(press, _tagged(press), _new())
    assert judged(press, once).verdict == "VALID"
    again = append(once, {_DOCUMENT: _element("Document", _ROOT, K=[Ref(_NEW), Ref(_PART)])})
    assert judged(press, again).verdict == "INVALID"


def test_the_order_of_keys_may_be_that_of_the_tags(press: Press):
    data = _tagged(press)
    page = changed(data, PAGE)
    for told, verdict in (("S", "VALID"), ("R", "INVALID")):
        more = {**_new(), PAGE: {**page, "Annots": [*page["Annots"], Ref(FIELD)], "Tabs": Name(told)}}
        assert _verdict(press, more, data) == verdict


# ── lies ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "entries",
    [
        {"Alt": b"one million"},
        {"ActualText": b"one million"},
        {"E": b"one million"},
        {"AF": [Ref(4)]},
        {"A": {"O": Name("Layout")}},
        {"T": b"title"},
        {"Lang": b"vi"},
        {"NS": Ref(80)},
        {"S": Name("P")},
        {"S": Name("Figure")},
        {"S": None},
        {"Type": Name("XObject")},
        {"P": Ref(_ROOT)},
        {"P": Ref(_PART)},
        {"Pg": Ref(2)},
        {"K": None},
        {"K": 0},
        {"K": []},
        {"K": [_reference(), 0]},
        {"K": [_reference(), _reference()]},
        {"K": [_reference(), Ref(_PART)]},
        {"K": _reference(Alt=b"x")},
        {"K": _reference(Pg=Ref(2))},
        {"K": _reference(Obj=Ref(TEXT))},  # a widget of before
        {"K": _reference(Obj=Ref(4))},
        {"K": _reference(Obj=None)},
        {"K": _reference(Type=Name("MCR"))},
    ],
)
def test_a_new_element_says_nothing_but_where_the_widget_is(press: Press, entries: PdfDict):
    assert _verdict(press, _new(**entries)) == "INVALID"


@pytest.mark.parametrize(
    ("number", "entries"),
    [
        (_ROOT, {"RoleMap": {"P": Name("Artifact")}}),
        (_ROOT, {"ClassMap": {"x": {"O": Name("Layout")}}}),
        (_ROOT, {"IDTree": {"Names": []}}),
        (_ROOT, {"AF": [Ref(4)]}),
        (_ROOT, {"K": []}),
        (_ROOT, {"K": [Ref(_DOCUMENT), Ref(_DOCUMENT)]}),
        (_ROOT, {"K": [Ref(_PART), Ref(_DOCUMENT)]}),
        (_ROOT, {"ParentTreeNextKey": Name("x")}),
        (_ROOT, {"ParentTree": None}),
        (_ROOT, {"Type": Name("Other")}),
        (_DOCUMENT, {"K": [Ref(_NEW)]}),
        (_DOCUMENT, {"K": [Ref(_PART), Ref(_NEW), Ref(_NEW)]}),
        (_DOCUMENT, {"K": [Ref(_PART), Ref(_NEW), 0]}),
        (_DOCUMENT, {"K": [Ref(_PART), Ref(_NEW), Ref(99)]}),
        (_DOCUMENT, {"K": [Ref(_PART), Ref(_NEW), {"S": Name("P")}]}),
        (_DOCUMENT, {"S": Name("Artifact")}),
        (_DOCUMENT, {"Alt": b"x"}),
        (_DOCUMENT, {"ActualText": b"x"}),
        (_DOCUMENT, {"E": b"x"}),
        (_DOCUMENT, {"P": Ref(_PART)}),
        (_PARENTS, {"Nums": [1, Ref(_NEW)]}),
        (_PARENTS, {"Nums": [0, Ref(_NEW), 1, Ref(_NEW)]}),
        (_PARENTS, {"Nums": [0, Ref(_LISTED), 1, Ref(_DOCUMENT)]}),
        (_PARENTS, {"Nums": [0, Ref(_LISTED), 1, [Ref(_NEW)]]}),
        (_PARENTS, {"Nums": [0, [Ref(_PART), Ref(_NEW)]]}),
        (_PARENTS, {"Nums": [0, Ref(_LISTED), 0, Ref(_NEW)]}),
        (_PARENTS, {"Nums": [0, Ref(_LISTED), Name("x"), Ref(_NEW)]}),
        (_PARENTS, {"Kids": [Ref(_PARENTS)]}),
    ],
)
def test_nothing_else_in_the_tree_changes(press: Press, number: int, entries: PdfDict):
    more = _new()
    more[number] = {**_dictionary(more[number]), **entries}
    assert _verdict(press, more) != "VALID"


def test_other_elements_and_lists_stay_as_they_are(press: Press):
    assert _verdict(press, {**_new(), _PART: _element("P", _DOCUMENT, K=1, Pg=Ref(PAGE))}) == "INVALID"
    assert _verdict(press, {**_new(), _LISTED: [Ref(_DOCUMENT)]}) == "INVALID"
    assert _verdict(press, {**_new(), _LISTED: []}) == "INVALID"


def test_the_widget_must_be_signed_and_new(press: Press):
    """Without a signature nobody adds anything to the tree."""
    base = _tagged(press)
    more = {num: value for num, value in _new().items() if num != FIELD}
    assert judged(press, append(base, more)).verdict == "INVALID"


def test_no_tree_comes_and_none_goes(press: Press):
    data = foreign(press)
    tree = {**changed(data, _CATALOGUE), "StructTreeRoot": Ref(80)}
    assert _verdict(press, {_CATALOGUE: tree, 80: {"Type": Name("StructTreeRoot")}}, data) == "INVALID"
    tagged = _tagged(press)
    bare = {k: v for k, v in changed(tagged, _CATALOGUE).items() if k != "StructTreeRoot"}
    assert _verdict(press, {_CATALOGUE: bare}, tagged) == "INVALID"


def test_an_element_that_is_something_else_too_is_not_written_anew(press: Press):
    """/K of a group, or of a filter's parameters, decides what a page shows."""
    content = stream(b"0 0 10 10 re", DecodeParms=[None, Ref(_DOCUMENT)])
    data = _tagged(press, n4=content)
    assert _verdict(press, _new(), data) == "INVALID"
    page = {**changed(foreign(press), PAGE), "Group": Ref(_DOCUMENT)}
    assert _verdict(press, _new(), _tagged(press, n3=page)) == "INVALID"
    listed = _tagged(press, n4=stream(b"0 0 10 10 re", DecodeParms=Ref(_NODE)), n55=[Ref(_DOCUMENT)])
    assert _verdict(press, _new(), listed) == "INVALID"


def test_loops_come_to_an_end(press: Press):
    data = _tagged(press, n51=_element("Document", _PART, K=Ref(_PART)), n52=_element("P", _DOCUMENT, K=Ref(_DOCUMENT)))
    assert _verdict(press, _new(), data) != "VALID"
    turning = _tagged(press, n53={"Kids": [Ref(_PARENTS)]})
    assert _verdict(press, _new(), turning) != "VALID"


_VALUES = st.recursive(
    st.none()
    | st.integers(-2, 99)
    | st.just(b"x")
    | st.sampled_from(["S", "P", "Form"]).map(Name)
    | st.sampled_from([_ROOT, _DOCUMENT, _PART, _PARENTS, _NEW, FIELD, PAGE, CONTENTS, 99]).map(Ref),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["K", "P", "S", "Nums", "Kids", "Obj", "Type"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    number=st.sampled_from([_ROOT, _DOCUMENT, _PARENTS, _NEW]),
    key=st.sampled_from(["K", "P", "S", "ParentTree", "Nums", "Kids", "Pg"]),
    value=_VALUES,
)
def test_whatever_else_is_written_ends_in_a_verdict(press: Press, number: int, key: str, value: PdfValue):
    more = _new()
    honest = _dictionary(more[number])
    more[number] = {**honest, key: value}
    report = judged(press, sign_again(press, _TAGGED[press], more) if press in _TAGGED else _first(press, more))
    if report.verdict == "VALID":
        assert _is_honest(number, key, value, honest)


_TAGGED: dict[Press, bytes] = {}


def _first(press: Press, more: dict[int, PdfValue]) -> bytes:
    _TAGGED[press] = _tagged(press)
    return sign_again(press, _TAGGED[press], more)


def _is_honest(number: int, key: str, value: PdfValue, honest: PdfDict) -> bool:
    """Return whether a value says what the honest one says, or stands where nobody reads it."""
    if value == honest.get(key) or (number == _NEW and key == "Pg" and value is None):
        return True
    return (number == _PARENTS and key not in ("Nums", "Kids")) or (key == "Kids" and value in (None, []))
