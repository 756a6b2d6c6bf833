"""Visible fields added to a document that its first signer certified (P=2): honest colleagues, and everybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecert.formats.pades.fields import write_date
from ecert.formats.pdf import Name, Ref
from ecert.formats.pdf.objects import PdfDict
from ecert.report import Report
from ecert.sign.keys import SigningKey
from ecert.testing import Press
from ecert.testing.names import PROVINCE_COMMITTEE, body_name, person_name
from ecert.testing.specimens.co_signers import co_signed
from ecert.testing.specimens.foreign import OPEN_FIELD, foreign
from ecert.testing.specimens.increments import append, changed, fill_in, form, lay_out, with_room
from ecert.verify.changes.boxes import Box, joined_area
from ecert.verify.copy import verify_copy
from tests.verify.policy_files import body, certificate_digest, certifier, policy

PAGE = 200 * 200  # square points, of the form's one page
FIRST = (0, 90, 90, 99)  # where the certifier signed
ASIDE = [130, 10, 190, 40]
Key = Callable[[Press], SigningKey]


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


def _reference(permission: int) -> PdfDict:
    return {"Type": Name("SigRef"), "TransformMethod": Name("DocMDP"), "TransformParams": {"P": permission}}


def _certified(press: Press, permission: int = 2, **more: Any) -> bytes:
    return foreign(press, _reference(permission), **more)


def _report(press: Press, data: bytes, **options: Any) -> Report:
    given = {"policy": "signatures", "revocation": "if-present", **options}
    return verify_copy(data, trust=press.office.trust, at=press.now(), **given)


def _body(press: Press) -> SigningKey:
    return press.office.key("seal")


def _issued(subject: x509.Name) -> Key:
    return lambda press: press.office.key(press.office.issue(subject, algorithm="p256"))


# ── who ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_body_signs_after_its_leader(press: Press):
    report = _report(press, co_signed(press, _certified(press), 60, {}))
    assert report.verdict == "VALID"
    assert "field-added-and-signed" in report.codes("warning")
    summary = report.content["summary"]["en"]
    leader, body = (press.office.signer.name, press.office.seal.name)
    assert f"{leader} (signed first and limits later changes); {body}" in summary


def test_leader_number_date_and_seal(press: Press):
    clerk = _issued(person_name("Văn thư", organization=PROVINCE_COMMITTEE))
    data = co_signed(press, _certified(press), 60, {"Rect": [20, 180, 60, 190]}, key=clerk)
    data = co_signed(press, data, 70, {"Rect": [120, 180, 180, 190]}, key=clerk)
    data = co_signed(press, data, 80, {"Rect": [60, 80, 100, 110]})
    report = _report(press, data)
    assert report.verdict == "VALID"
    assert len([f for f in report.findings if f.code == "field-added-and-signed"]) == 3


@pytest.mark.parametrize(
    "subject",
    [
        person_name("Công dân", organization="HỘ KINH DOANH MẪU", unit=PROVINCE_COMMITTEE),
        person_name("Mạo danh", organization=PROVINCE_COMMITTEE.replace("A", "\u0410")),
        person_name("Mạo danh", organization=PROVINCE_COMMITTEE + "."),
        person_name("Không tổ chức", organization="-"),
        body_name("ỦY BAN NHÂN DÂN XÃ KHÁC", parent="ỦY BAN NHÂN DÂN TỈNH KHÁC"),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, PROVINCE_COMMITTEE)]),
        x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, o) for o in ("KHÁC", PROVINCE_COMMITTEE)]),
    ],
)
def test_others_below_the_same_root_are_not_believed(press: Press, subject: x509.Name):
    """Each is TOTAL-PASSED, and its field is small: the name alone decides."""
    report = _report(press, co_signed(press, _certified(press), 60, {"Rect": [130, 10, 150, 20]}, key=_issued(subject)))
    assert report.verdict == "INDETERMINATE"
    assert report.codes("unknown") == ["field-added-by-another"]
    assert [s["indication"] for s in report.content["signatures"]] == ["TOTAL-PASSED"] * 2


def test_the_same_organisation_by_another_authority_is_not_believed(press: Press):
    office = press.office
    now = press.now()
    other = office.root.subordinate(
        "other", office.issuing.certificate.subject.rfc4514_string(), not_before=now, not_after=now.replace(year=2090)
    )
    own = other.issue(body_name(), not_before=now, not_after=now.replace(year=2080), algorithm="p256")
    report = _report(press, co_signed(press, _certified(press), 60, {}, key=lambda _: office.key(own)))
    assert report.verdict == "INDETERMINATE"
    assert "field-added-by-another" in report.codes("unknown")


def test_whom_nobody_knows_is_not_believed(press: Press):
    stranger: Key = lambda press: press.stranger.key("seal")  # noqa: E731
    report = _report(press, co_signed(press, _certified(press), 60, {}, key=stranger))
    assert report.verdict == "INDETERMINATE"
    assert "field-added-by-another" in report.codes("unknown")


def test_without_revocation_data_nothing_is_decided(press: Press):
    data = co_signed(press, _certified(press), 60, {})
    report = _report(press, data, revocation="require")
    assert report.verdict == "INDETERMINATE"
    assert "field-added-by-another" in report.codes("unknown")


def test_a_wrong_value_and_an_empty_field_stay_refused(press: Press):
    data = co_signed(press, _certified(press), 60, {})
    at = data.rindex(b"/M (D:") + len(b"/M (D:")
    assert _report(press, data[:at] + b"2001" + data[at + 4 :]).verdict == "INVALID"
    base = _certified(press)
    widget = {"Type": Name("Annot"), "Subtype": Name("Widget"), "FT": Name("Sig"), "T": b"x", "Rect": ASIDE}
    listed = {3: changed(base, 3, Annots=[*_listed(base, 3, "Annots"), Ref(60)])}
    listed[5] = changed(base, 5, Fields=[*_listed(base, 5, "Fields"), Ref(60)])
    assert (
        _report(press, append(base, {60: {**widget, "P": Ref(3), "AP": {"N": Ref(12)}}, **listed})).verdict == "INVALID"
    )


def _listed(data: bytes, number: int, key: str) -> list[Any]:
    return list(changed(data, number)[key])


@pytest.mark.parametrize("permission", [1, 3])
def test_other_permissions_keep_their_rules(press: Press, permission: int):
    stranger = _issued(person_name("Công dân", organization="HỘ KINH DOANH MẪU"))
    report = _report(press, co_signed(press, _certified(press, permission), 60, {}, key=stranger))
    assert report.verdict == ("INVALID" if permission == 1 else "VALID")


def test_a_lock_that_permits_less_is_no_certification(press: Press):
    """P=2 by the lock of a field: nobody certified, so nobody is there to whom the later signer belongs."""
    widget = {"Type": Name("Annot"), "Subtype": Name("Widget"), "P": Ref(3)}
    lock = {"Type": Name("SigFieldLock"), "Action": Name("Include"), "Fields": [b"x"], "P": 2}
    first = {6: {**widget, "FT": Name("Sig"), "T": b"first", "Lock": lock, "Rect": list(FIRST), "AP": {"N": Ref(12)}}}
    page = [Ref(6), Ref(OPEN_FIELD), Ref(8), Ref(11)]
    base = foreign(press, None, {**first, 3: {**changed(foreign(press), 3), "Annots": page}})
    assert _report(press, base).verdict == "VALID"
    assert _report(press, co_signed(press, base, 60, {})).verdict == "INVALID"


def test_the_fields_name_may_be_locked(press: Press):
    """What the certifier locked stays locked, whoever comes."""
    widget = {"Type": Name("Annot"), "Subtype": Name("Widget"), "P": Ref(3)}
    lock = {"Type": Name("SigFieldLock"), "Action": Name("All")}
    first = {6: {**widget, "FT": Name("Sig"), "T": b"first", "Lock": lock, "Rect": list(FIRST), "AP": {"N": Ref(12)}}}
    page = [Ref(6), Ref(OPEN_FIELD), Ref(8), Ref(11)]
    base = _certified(press, prepared={**first, 3: {**changed(foreign(press), 3), "Annots": page}})
    assert _report(press, base).verdict == "VALID"
    assert _report(press, co_signed(press, base, 60, {})).verdict == "INVALID"


# ── how ──────────────────────────────────────────────────────────────────────────────────────────

_KID: PdfDict = {"Type": Name("Annot"), "Subtype": Name("Widget"), "F": 4, "P": Ref(3), "AP": {"N": Ref(61)}}
_PLAIN: PdfDict = {"Rect": None, "AP": None, "Subtype": None, "Type": None, "P": None, "F": None}


@pytest.mark.parametrize(
    ("field", "kids", "verdict"),
    [
        ({}, ({**_KID, "Rect": [130, 10, 150, 20]}, {**_KID, "Rect": [160, 10, 180, 20]}), "VALID"),
        ({}, ({**_KID, "Rect": [130, 10, 150, 20]}, {**_KID, "Rect": [0, 0, 200, 200]}), "INDETERMINATE"),
        ({}, ({**_KID, "Rect": ASIDE, "F": 4 | 8},), "INDETERMINATE"),  # NoZoom
        ({}, ({**_KID, "Rect": ASIDE, "F": 4 | 16},), "INDETERMINATE"),  # NoRotate
        ({}, ({**_KID, "Rect": ASIDE, "Subtype": Name("FreeText")},), "INVALID"),
        ({}, ({**_KID, "Rect": ASIDE, "Subtype": Name("Text")},), "INVALID"),
        ({}, ({**_KID, "Rect": ASIDE, "AA": {"E": {"S": Name("JavaScript"), "JS": b"1"}}},), "INVALID"),
        ({}, ({**_KID, "Rect": [5, 5, 5, 5]},), "INVALID"),  # empty, with a picture that paints
        ({}, ({**_KID, "Rect": [0, 0, 9999999, 9]},), "INVALID"),
        ({}, ({**_KID, "Rect": [Name("a"), 0, 9, 9]},), "INVALID"),
        ({}, ({**_KID, "Rect": ASIDE, "FT": Name("Tx"), "T": b"amount", "V": b"9"},), "INVALID"),
    ],
)
def test_widgets_of_an_added_field(press: Press, field: PdfDict, kids: tuple[PdfDict, ...], verdict: str):
    report = _report(press, co_signed(press, _certified(press), 60, {**_PLAIN, **field}, *kids))
    assert report.verdict == verdict, report.codes()
    assert "verifier-fault" not in report.codes()


def test_a_picture_larger_than_its_rectangle_is_drawn_into_it(press: Press):
    """The picture of co_signed paints 300 by 300 points; the rectangle decides (12.5.5)."""
    report = _report(press, co_signed(press, _certified(press), 60, {"Rect": [130, 10, 140, 20]}))
    assert report.verdict == "VALID"


def test_nobody_moves_it_later(press: Press):
    data = co_signed(press, _certified(press), 60, {})
    moved = append(data, {60: changed(data, 60, Rect=[50, 20, 110, 50])})
    assert _report(press, moved).verdict == "INVALID"
    shown = append(data, {61: form(b"1 g 0 0 300 300 re f")})
    assert _report(press, shown).verdict == "INVALID"


def test_what_else_its_revision_changes_is_refused(press: Press):
    base = _certified(press)
    once = co_signed(press, base, 60, {})
    other = append(once, {4: form(b"0 g 0 0 9 9 re f")})
    assert _report(press, other).verdict == "INVALID"


# ── how much ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rectangles", "verdict"),
    [
        ([[100, 0, 160, 40]], "VALID"),  # 6 %
        ([[100, 0, 160, 41]], "INDETERMINATE"),
        ([[100, 0, 160, 40], [100, 100, 160, 140]], "VALID"),  # 12 %
        ([[100, 0, 160, 40], [100, 100, 160, 140], [100, 150, 140, 180]], "VALID"),  # 15 %
        ([[100, 0, 160, 40], [100, 100, 160, 140], [100, 150, 140, 181]], "INDETERMINATE"),
        ([[0, 80, 36, 110]], "VALID"),  # 40 % of the first signature
        ([[0, 80, 37, 110]], "INDETERMINATE"),
        ([[0, 80, 18, 110], [50, 80, 68, 110]], "VALID"),  # 20 % and 20 %
        ([[0, 80, 18, 110], [50, 80, 69, 110]], "INDETERMINATE"),
        ([[0, 80, 36, 110], [0, 85, 36, 105]], "INDETERMINATE"),  # the second one hides the first
    ],
)
def test_later_fields_count_together(press: Press, rectangles: list[list[int]], verdict: str):
    data = _certified(press)
    for number, rectangle in enumerate(rectangles):
        data = co_signed(press, data, 60 + 10 * number, {"Rect": rectangle})
    report = _report(press, data)
    covered = "field-covers-page" in report.codes("unknown")
    assert (report.verdict, covered) == (verdict, verdict != "VALID")


def test_several_small_fields_of_one_signature_count_together(press: Press):
    kids = tuple({**_KID, "Rect": [100, 20 * i, 160, 20 * i + 15]} for i in range(3))  # 3 × 2.25 %
    report = _report(press, co_signed(press, _certified(press), 60, _PLAIN, *kids))
    assert "field-covers-page" in report.codes("unknown")


def test_a_prepared_field_keeps_its_own_limit(press: Press):
    """The certifier saw it empty: 8 % of the page are no addition."""
    widget = {"Type": Name("Annot"), "Subtype": Name("Widget"), "P": Ref(3), "FT": Name("Sig"), "T": b"second"}
    prepared = {OPEN_FIELD: {**widget, "Rect": [100, 0, 180, 40], "AP": {"N": Ref(12)}}}
    base = _certified(press, prepared=prepared)
    dictionary: PdfDict = {"Type": Name("Sig"), "Filter": Name("Adobe.PPKLite")}
    dictionary |= {"SubFilter": Name("ETSI.CAdES.detached"), "M": write_date(press.now(), 7)}
    objects = {50: with_room(dictionary), OPEN_FIELD: changed(base, OPEN_FIELD, V=Ref(50))}
    signed = fill_in(lay_out(base, objects), _body(press))
    assert _report(press, signed).verdict == "VALID"
    beside = co_signed(press, signed, 60, {"Rect": [100, 100, 160, 140]})
    assert _report(press, beside).verdict == "VALID"
    more = co_signed(press, beside, 70, {"Rect": [100, 150, 130, 165]})  # 8 + 6 + 1.1 %
    assert "field-covers-page" in _report(press, more).codes("unknown")


_side = st.integers(0, 40)
_box = st.tuples(_side, _side, _side, _side).map(
    lambda s: Box(min(s[0], s[2]), min(s[1], s[3]), max(s[0], s[2]), max(s[1], s[3]))
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_box, max_size=6))
def test_the_area_of_rectangles_together(boxes: list[Box]):
    points = {(x, y) for b in boxes for x in range(int(b.left), int(b.right)) for y in range(int(b.bottom), int(b.top))}
    assert joined_area(boxes) == len(points)


def test_of_very_many_rectangles_the_sum_counts():
    assert joined_area([Box(0, 0, 1, 1)] * 101) == 101


# ── the policy ───────────────────────────────────────────────────────────────────────────────────


def test_a_policy_forbids_added_fields(press: Press, tmp_path: Path):
    strict = policy(tmp_path, "[require]\nno_added_fields = true\n", base="signatures", top='revocation = "if-present"')
    options = {"policy": strict, "revocation": None}
    assert _report(press, _certified(press), **options).verdict == "VALID"
    assert (
        _report(press, co_signed(press, _certified(press), 60, {"Rect": [0, 0, 0, 0], "AP": None}), **options).verdict
        == "VALID"
    )
    for base in (_certified(press), foreign(press)):
        report = _report(press, co_signed(press, base, 60, {}), **options)
        assert report.verdict == "INVALID"
        assert report.codes("error") == ["field-added-against-policy"]


def test_a_registry_tells_two_communes_of_one_province_apart(press: Press, tmp_path: Path):
    """Their certificates name the same province: without a registry the one passes for the other."""
    commune = press.office.issue(body_name("ỦY BAN NHÂN DÂN XÃ KHÁC", identifiers=()), algorithm="p256")
    data = co_signed(press, _certified(press), 60, {}, key=lambda press: press.office.key(commune))
    own = co_signed(press, _certified(press), 60, {})
    assert _report(press, data).verdict == "VALID"
    other = f'certificates = ["{certificate_digest(commune)}"]'
    rows = body(press.office) + certifier(press.office)
    rows += body(press.office, own="xa-khac", name="Xã Khác", key=other, identifiers="")
    (tmp_path / "registry.toml").write_text(f'id = "vn.example.registry"\nversion = "1"\n{rows}', encoding="utf-8")
    top = 'registry = "registry.toml"\nrevocation = "if-present"'
    asked = {"policy": policy(tmp_path, base="signatures", top=top), "revocation": None}
    assert _report(press, own, **asked).verdict == "VALID"
    report = _report(press, data, **asked)
    assert report.verdict == "INDETERMINATE"
    assert report.codes("unknown") == ["field-added-by-another"]
