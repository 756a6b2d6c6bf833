"""The first sentence: what people can do something about comes first, and one way out with it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import ecert
from ecert.errors import Reason
from ecert.model.audiences import AUDIENCES
from ecert.model.findings import CATALOGUE, Found
from ecert.model.languages import LANGS
from ecert.report import CAUSES, Circumstances, find_cause, report_schema
from ecert.testing import make
from ecert.words import cause_sentence, table
from tests.kit import Desk
from tests.report.accidents import ACCIDENTS, Accident


@pytest.fixture(params=ACCIDENTS)
def accident(request: pytest.FixtureRequest) -> Accident:
    return ACCIDENTS[request.param]


def test_an_accident_is_told_by_its_cause(desk: Desk, accident: Accident):
    report, _ = accident.report(desk)
    assert report.verdict == ("INDETERMINATE" if accident.clock else "INVALID")
    assert not report.content["certified"]
    assert report.content["cause"] == accident.cause
    assert accident.vi in report.content["summary"]["vi"]
    assert accident.en in report.content["summary"]["en"]


def test_an_accident_has_one_way_out(desk: Desk, accident: Accident):
    """Whatever else was found, everybody is told one thing to do."""
    report, _ = accident.report(desk)
    deciding = "unknown" if report.verdict == "INDETERMINATE" else "error"
    told = [f["remedy"] for f in report.content["findings"] if f["severity"] == deciding]
    for audience in AUDIENCES:
        for lang in LANGS:
            assert {r[audience][lang] for r in told} == {told[0][audience][lang]}
            text = " ".join(report.to_text(lang, audience=audience).split())
            assert text.count(told[0][audience][lang]) == 1
    if accident.cause:
        expected = cause_sentence(accident.cause, "citizen", "vi").partition("{")[0]
        assert told[0]["citizen"]["vi"].startswith(expected)


def test_an_accident_reads_the_same_behind_a_sandbox(desk: Desk):
    for name in ("cut-within-the-seal", "clock-fast-by-decades", "31-bytes-appended"):
        accident = ACCIDENTS[name]
        data, at = accident.make(desk), desk.office.clock.now() + accident.clock
        given: dict[str, Any] = {"trust": desk.office.trust, "at": at}
        alone, confined = ecert.verify_copy(data, **given), ecert.Sandbox().verify_copy(data, **given)
        assert confined.to_dict() == alone.to_dict()


@pytest.mark.parametrize("name", CAUSES)
def test_every_cause_has_its_sentences(name: str):
    for lang in LANGS:
        assert set(table("causes", lang)) == set(CAUSES)
        assert set(table("causes", lang)[name]) == {"text", "clerk", "citizen"}
        assert cause_sentence(name, "text", lang).endswith(".")
        for part in ("clerk", "citizen"):
            assert cause_sentence(name, part, lang).endswith(".")
    assert name in report_schema()["properties"]["cause"]["examples"]


def test_every_cause_is_met():
    met = {accident.cause for accident in ACCIDENTS.values()}
    rare = {"page-altered-after-signer", "page-changed-after-signer", "page-changed-after-signature"}
    assert met - {None} | rare == set(CAUSES)


# ── what is not said ─────────────────────────────────────────────────────────────────────────────


def test_a_valid_copy_has_no_cause(desk: Desk):
    report = ecert.verify_copy(desk.copy.to_bytes(), trust=desk.office.trust)
    assert report.content["certified"]
    assert report.content["cause"] is None


def test_a_page_exchanged_before_signing_was_not_altered_afterwards(desk: Desk):
    """Its signatures are intact: whoever made the copy is asked, nothing is said of later."""
    report = make("page-exchanged-before-signing", office=desk.office).judge()
    assert "pages-differ" in report.codes("error")
    assert report.content["cause"] is None
    assert "sau khi ký" not in report.content["summary"]["vi"]


def test_an_object_that_only_looks_like_a_broken_update_is_still_refused(desk: Desk):
    """Whatever stands behind the end: the words change, never the verdict."""
    data = desk.copy.to_bytes()
    for tail in (
        b"9000 0 obj << /Type /Page >> endobj",
        b"9000 0 obj << >> endobj\nstartxref\n0\n%%EOF junk",
        bytes(9),
    ):
        report = ecert.verify_copy(data + tail, trust=desk.office.trust)
        assert report.verdict == "INVALID"


def test_a_stranger_is_not_called_a_wrong_clock(desk: Desk):
    """Nobody who was named is behind a stranger's seal; that her certificates have expired is no excuse."""
    specimen = make("seal-of-a-stranger", office=desk.office)
    assert specimen.judge().content["cause"] is None
    found = [Found("seal-not-trusted"), Found("body-name-differs")]
    ended = Circumstances("2099-01-01T00:00:00Z", _expired(desk))
    assert find_cause(found[:1], ended) is not None
    assert find_cause(found, ended) is None, "the name is not a matter of time"


def test_a_certificate_that_lives_keeps_the_clock_out_of_it(desk: Desk):
    now = ecert.verify_copy(desk.copy.to_bytes()).content
    assert find_cause([Found("signer-not-trusted")], Circumstances(now["validation_time"], now["signatures"])) is None
    assert find_cause([Found("signer-not-trusted")], Circumstances("2099-01-01T00:00:00Z", [])) is None


def test_without_anchors_nobody_looks_at_the_clock_of_expired_certificates(desk: Desk):
    assert find_cause([Found("no-anchors")], Circumstances("2099-01-01T00:00:00Z", _expired(desk))) is None


def _expired(desk: Desk) -> Any:
    return ecert.verify_copy(desk.copy.to_bytes()).content["signatures"]


# ── the table ────────────────────────────────────────────────────────────────────────────────────


def test_only_what_decided_is_asked():
    clock, cut = Found("signed-in-the-future"), Found("bytes-unaccounted", {}, {"cause": "cut-off"})
    assert getattr(find_cause([clock]), "name", None) == "clock-slow"
    assert getattr(find_cause([clock, cut]), "name", None) == "cut-off"
    assert find_cause([dataclasses.replace(clock, raised="warning")]) is None
    assert find_cause([]) is None


def test_a_download_that_broke_off_goes_before_what_is_missing():
    cut = Found("bytes-unaccounted", {}, {"cause": "cut-off"})
    for other in (Found("unsigned"), Found("seal-missing"), Found("record-missing")):
        found = find_cause([other, cut])
        assert found is not None
        assert found.name == "cut-off"


def test_a_changed_page_goes_before_bytes_behind_the_end():
    reason = Reason("changes.page-shows-something-else", page=2)
    changed, appended = (
        Found("changed-after-seal", {}, {"what": reason}),
        Found("bytes-unaccounted", {}, {"cause": "appended"}),
    )
    cause = find_cause([appended, changed])
    assert cause is not None
    assert (cause.name, cause.values["page"]) == ("page-changed-after-seal", 2)


@pytest.mark.parametrize("code", CATALOGUE)
def test_any_finding_alone_has_a_cause_or_none(code: Any):
    """A finding without values never breaks the table."""
    cause = find_cause([Found(code)], Circumstances("2026-01-01T00:00:00Z"))
    assert cause is None or cause.found.code == code


def test_the_suspected_clock_is_told_as_the_head_of_the_report_tells_it(desk: Desk):
    report, _ = ACCIDENTS["clock-slow-by-an-hour"].report(desk)
    for lang in LANGS:
        told = next(line for line in report.to_text(lang).splitlines() if line.endswith(" +07:00")).split(": ")[1]
        assert told in report.content["summary"][lang]


def test_nobody_says_that_a_file_that_cannot_be_read_has_no_signature(desk: Desk):
    for name in ("bytes-at-the-head", "cut-early", "empty"):
        report, data = ACCIDENTS[name].report(desk)
        assert "Tệp không có chữ ký số." not in report.to_html("vi", document=data)
    report, data = ACCIDENTS["invoice"].report(desk)
    assert "Tệp không có chữ ký số." in report.to_html("vi", document=data)
