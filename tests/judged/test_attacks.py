"""Measure the table of attacks anew: every specimen of the kit before ecert, pyHanko, pdfsig and EU DSS.

A verifier that changed its mind fails here, whether it got better or worse; so does a specimen
without a row. ``python -m tests.judged.measure`` writes the table and its pages.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ecert.testing import make, specimen_names
from ecert.testing.specimens import recipes
from tests.judged import attacks, measure
from tests.judged.attacks import OTHERS, REFRESH, Row
from tests.judged.opinions import Written, ask_dss
from tests.judges import require, tools
from tools import attacks_page

TABLE = attacks.read_table()

_ADDITIONS = "poppler has the same word for additions that are permitted and for others"
_PARTED = "poppler sees no value in a field whose widget is an object of its own"
_CERTIFIED = "to pyHanko no field may be added after a certification that permits filling in (P=2)"
_HYBRID = "pyHanko does not judge hybrid files"
_TOO_SMALL = "pyHanko wants every object number below /Size"
_DANGLING = "the page refers to an object that does not exist; pyHanko's strict mode turns that away"


def _of(judge: str, why: str, *names: str) -> dict[tuple[str, str], str]:
    return {(name, judge): why for name in names}


#: What else than acceptance is said about files that are in order, and why.
FALSE_ALARMS = {
    ("validation-data-added", "pdfsig"): _ADDITIONS,
    ("foreign-untouched", "pdfsig"): _PARTED,
    ("foreign-locked-untouched", "pdfsig"): _PARTED,
    ("foreign-filled", "pdfsig"): _PARTED,
    ("foreign-filled-over", "pdfsig"): _PARTED,
    ("foreign-filled", "pyhanko"): _DANGLING,
    ("foreign-filled-over", "pyhanko"): _DANGLING,
    ("foreign-filled-over", "dss"): "to DSS a field's old picture may not be written over",
    ("foreign-filled-over", "dss-changes-fail"): "the same",
    **_of(
        "pdfsig",
        _ADDITIONS,
        "authority-for-signing",
        "filling-by-pdfbox",
        "filling-by-pypdf",
        "filling-in-red-and-in-hexadecimal",
        "filling-of-a-check-box",
        "filling-of-a-combo-without-picture",
        "filling-of-one-line",
        "filling-of-several-lines",
        "filling-with-the-encoding-of-acrobat",
        "identifier-of-odd-digits",
        "number-with-a-plus-sign",
        "object-glued-to-its-value",
        "redrawn-without-a-difference",
        "rows-with-other-line-ends",
        "validation-data-added-by-a-stream",
    ),
    **_of(
        "pdfsig",
        _PARTED,
        "annotated-with-a-link",
        "foreign-byte-range-with-leading-zeros",
        "foreign-filled-beside-a-lock",
        "foreign-filled-in-an-exempted-group",
        "foreign-mark-with-states",
        "foreign-signature-with-two-marks",
        "trailer-with-another-second-identifier",
        "usage-rights",
    ),
    **_of(
        "pyhanko",
        _DANGLING,
        "annotated-with-a-link",
        "co-signed-aside",
        "co-signed-unseen",
        "foreign-signed-by-two",
        "trailer-with-another-second-identifier",
    ),
    **_of(
        "dss",
        "DSS looks at the pages and at every object, not at what a filling must change",
        "filling-of-a-check-box",
        "foreign-filled",
        "redrawn-without-a-difference",
    ),
    **_of(
        "dss-changes-fail",
        "the same, or an annotation that P=3 permits",
        "annotated-with-a-link",
        "filling-of-a-check-box",
        "foreign-filled",
        "redrawn-without-a-difference",
    ),
    **_of("pyhanko", _CERTIFIED, "certified-then-numbered-dated-and-sealed", "certified-then-sealed"),
    ("office-export-signed-twice", "pyhanko"): _HYBRID,
    ("size-too-small", "pyhanko"): _TOO_SMALL,
    ("foreign-signed-by-two", "dss"): "to DSS the first signature's lock is not as its profile wants it",
    ("foreign-signed-by-two", "dss-changes-fail"): "the same",
    ("time-stamps-a-minute-apart", "dss"): "DSS allows clocks no difference",
    ("time-stamps-a-minute-apart", "dss-changes-fail"): "the same",
}


@pytest.fixture(scope="session")
def comparable() -> frozenset[str]:
    """Return the verifiers that are here in the release that the table was measured with."""
    require("dss")
    require("poppler")
    here = measure.versions()
    return frozenset(each for each in OTHERS if here[each] == TABLE.versions.get(each))


@pytest.mark.parametrize("name", specimen_names())
def test_every_verifier_says_what_the_table_says(name: str, comparable: frozenset[str], tmp_path: Path) -> None:
    if name not in TABLE.rows:
        pytest.fail(f"no row for {name}: {REFRESH} --new", pytrace=False)
    now, then = measure.measure(make(name), tmp_path), TABLE.rows[name]
    if changed := _differences(now, then, comparable):
        pytest.fail(f"{name}: {'; '.join(changed)}; if right: {REFRESH} {name}", pytrace=False)


def _differences(now: Row, then: Row, judges: frozenset[str]) -> list[str]:
    said: list[tuple[str, str, str]] = [
        ("ecert", now.ecert, then.ecert),
        ("ecert", ", ".join(now.codes), ", ".join(then.codes)),
    ]
    said += [(each, now.others[each], then.others[each]) for each in OTHERS if each in judges]
    return [f"{who} says {new!r}, in the table {old!r}" for who, new, old in said if new != old]


def test_the_table_was_measured_with_the_releases_that_are_here() -> None:
    require("dss")
    require("poppler")
    here = measure.versions()
    if here != TABLE.versions:
        words = f"measured with {dict(TABLE.versions)}, here is {here}: {REFRESH}"
        (pytest.fail if "poppler" in tools.required() else pytest.skip)(words)


def test_no_row_is_about_a_specimen_that_is_gone() -> None:
    assert not TABLE.rows.keys() - set(specimen_names())


def test_ecert_says_what_the_kit_promises() -> None:
    for name, row in TABLE.rows.items():
        assert row.ecert == recipes()[name].verdict, name


def test_files_in_order_are_accepted_by_all() -> None:
    said = {
        (name, judge)
        for name in specimen_names(["control"])
        for judge in OTHERS
        if TABLE.rows[name].others[judge] != "accepts"
    }
    assert said == FALSE_ALARMS.keys()


def test_every_verifier_refuses_something_and_accepts_something() -> None:
    for judge in OTHERS:
        words = {row.word(judge) for row in TABLE.rows.values()}
        assert words >= {"accepts", "refuses"}, judge


def test_a_verifier_that_changes_its_mind_is_named() -> None:
    row = Row("INVALID", ("changed-after-seal",), dict.fromkeys(OTHERS, "refuses"))
    other = replace(row, others={**row.others, "dss": "accepts"})
    assert _differences(other, row, frozenset(OTHERS)) == ["dss says 'accepts', in the table 'refuses'"]
    assert _differences(other, row, frozenset({"pyhanko"})) == []


def test_dss_is_given_the_evidence_that_comes_with_a_specimen(tmp_path: Path) -> None:
    require("dss")
    specimen = make("level-b-t")
    assert specimen.evidence
    without = replace(specimen, evidence=type(specimen.evidence)())
    assert ask_dss(Written.of(without, tmp_path))["dss"].word == "cannot say"


def test_the_table_is_written_as_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attacks, "DATA", tmp_path / "attacks.toml")
    attacks.write_table(TABLE)
    assert attacks.read_table() == TABLE


def test_the_pages_show_the_table() -> None:
    assert attacks_page.REFERENCE.read_text("utf-8") == attacks_page.reference(TABLE)
    assert attacks_page.EXPLANATION.read_text("utf-8") == attacks_page.explanation(TABLE)
