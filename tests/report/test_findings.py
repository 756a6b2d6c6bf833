"""Findings in words: sorted, each once, times and names as people read them; and the verdict they make."""

from __future__ import annotations

from typing import Any

import pytest

from ecert.errors import Reason
from ecert.model.findings import Code, Found
from ecert.report import Finding, check_statuses, decide, put_into_words


def worded(code: Code, where: dict[str, Any] | None = None, values: dict[str, Any] | None = None) -> Finding:
    """Return one finding as an office in Vietnam reads it."""
    (finding,) = put_into_words([Found(code, where or {}, values or {})], 7)
    return finding


@pytest.mark.parametrize(
    ("codes", "verdict"),
    [
        ([], "VALID"),
        (["time-not-proven", "archive-timestamp-due"], "VALID"),
        (["revocation-missing", "time-not-proven"], "INDETERMINATE"),
        (["revocation-missing", "unsigned"], "INVALID"),
    ],
)
def test_the_verdict_is_a_function_of_the_findings(codes: list[Code], verdict: str) -> None:
    assert decide(Found(code) for code in codes) == verdict


def test_checks_take_the_worst_of_their_findings() -> None:
    statuses = check_statuses([Found("revocation-missing"), Found("unsigned")], ["competence"])
    assert statuses["trust"] == "unknown"
    assert statuses["signer"] == "fail"
    assert statuses["competence"] == "not-checked"
    assert statuses["pages"] == "pass"


def test_findings_are_sorted_worst_first_and_stand_once() -> None:
    found = [Found("time-not-proven"), Found("unsigned"), Found("unsigned")]
    assert [f.code for f in put_into_words(found, 7)] == ["unsigned", "time-not-proven"]


def test_ways_out_fit_what_else_was_found() -> None:
    alone = worded("unsigned")
    _, beside = put_into_words([Found("record-missing"), Found("unsigned")], 7)[::-1]
    fitting = next(f for f in put_into_words([Found("record-missing"), Found("unsigned")], 7) if f.code == "unsigned")
    assert fitting.remedy["en"].startswith("This is a print or a re-save")
    assert alone.remedy != fitting.remedy
    assert beside.text


def test_reasons_are_told_in_both_languages_and_stand_in_english_in_the_data() -> None:
    reason = Reason("content.another-image", page=2)
    finding = worded("pages-differ", {"page": 2}, {"what": reason})
    assert finding.data == {"what": "the image of page 2 is not the scanned one"}
    assert finding.reasons == {"what": reason}
    assert finding.data["what"] in finding.text["en"]
    assert finding.text["vi"] == (
        "Các trang quét khác với dữ liệu chứng thực: ảnh ở trang 2 không phải là ảnh đã quét."
    )
    assert "reasons" not in finding.to_dict()


def test_the_two_fields_of_a_copy_are_named_in_vietnamese() -> None:
    text = worded("time-not-proven", {"field": "Signer"}).text
    assert text["vi"] == "Không có dấu thời gian chứng minh lúc ký «Người ký (Signer)»."
    assert text["en"] == "No time-stamp proves when “Signer” was signed."


def test_a_certificates_owner_is_told_by_name_and_a_time_as_offices_tell_it() -> None:
    subject = r"C=VN,O=Xã Mẫu\,CN=Kẻ Khác,CN=Nguyễn Văn Mẫu\, Chủ tịch,UID=CCCD:001"
    data = {"subject": subject, "time": "2036-11-20T01:25:14Z"}
    told = worded("revoked-before-signing", {}, data)
    assert "«Nguyễn Văn Mẫu, Chủ tịch»" in told.text["vi"]
    assert "20/11/2036 08:25:14 +07:00" in told.text["vi"]
    assert "“Nguyễn Văn Mẫu, Chủ tịch”" in told.text["en"]
    assert "2036-11-20T01:25:14Z" in told.text["en"]
    assert told.data == data
    nameless = worded("revocation-missing", {}, {"subject": "C=VN,O=Xã Mẫu"})
    assert "«C=VN,O=Xã Mẫu»" in nameless.text["vi"]


def test_times_are_told_in_the_zone_of_the_office() -> None:
    (finding,) = put_into_words([Found("trust-stale", {}, {"id": "x", "time": "2036-11-20T01:25:14Z"})], 2)
    assert "20/11/2036 03:25:14 +02:00" in finding.text["vi"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2026-10-01", "01/10/2026"),
        ("9999-12-31T23:59:59Z", "31/12/9999 23:59:59 +00:00"),
        ("2026-13-01T00:00:00Z", "2026-13-01T00:00:00Z"),
        ("?", "?"),
    ],
)
def test_times_and_days_are_told_in_vietnamese(value: str, told: str) -> None:
    text = worded("date-differs", {}, {"record": "?", "signed": value}).text
    assert f"ngày ký ({told})" in text["vi"]
    assert f"({value})" in text["en"]
