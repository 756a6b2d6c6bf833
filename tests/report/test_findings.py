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


def test_what_decided_says_what_to_do_in_one_voice() -> None:
    """“Hand in the file you got” beside “nothing you did to the file caused this” would contradict each other."""
    broken, differs = Found("signature-broken", {"field": "Seal"}), Found("certifier-differs")
    assert worded("certifier-differs").remedy["citizen"] != worded("signature-broken").remedy["citizen"]
    first, second = put_into_words([differs, broken], 7)
    assert (first.code, second.code) == ("signature-broken", "certifier-differs")
    assert second.remedy == first.remedy == worded("signature-broken", {"field": "Seal"}).remedy


def test_what_did_not_decide_says_what_decided_it() -> None:
    """“The copy can still be used” under a refusal would contradict it."""
    for others in ([Found("time-not-proven")], [Found("no-anchors"), Found("time-not-proven")]):
        told = put_into_words([Found("signature-broken"), *others], 7)
        assert {str(f.remedy) for f in told} == {str(worded("signature-broken").remedy)}


def test_each_warning_of_a_valid_copy_has_its_own_way_out() -> None:
    for finding in put_into_words([Found("time-not-proven"), Found("trust-stale", {}, {"id": "x", "time": "?"})], 7):
        assert finding.remedy == worded(finding.code).remedy


def test_desks_with_the_same_citizen_keep_their_own_steps() -> None:
    """A missing root and missing revocation data are two things to supply, and one thing for the citizen."""
    root, data = put_into_words([Found("revocation-missing"), Found("no-anchors")], 7)
    assert root.code == "no-anchors"
    assert root.remedy["citizen"] == data.remedy["citizen"]
    assert "--trust" in root.remedy["desk"]["en"]
    assert "--online" in data.remedy["desk"]["en"]


def test_a_time_stamp_that_is_not_believed_says_what_to_do_itself() -> None:
    found = put_into_words([Found("time-not-proven"), Found("timestamp-not-trusted")], 7)
    told = next(f for f in found if f.code == "time-not-proven")
    assert told.remedy["desk"]["en"].startswith("There is a time-stamp, but it is not accepted")


def test_reasons_are_told_in_both_languages_and_stand_in_english_in_the_data() -> None:
    reason = Reason("content.another-image", page=2)
    finding = worded("pages-differ", {"page": 2}, {"what": reason})
    assert finding.data == {"what": "the image of page 2 is not the scanned one"}
    assert finding.reasons == {"what": reason}
    assert finding.data["what"] in finding.text["en"]
    assert finding.text["vi"] == (
        "Các trang quét khác với dữ liệu chứng thực: ảnh ở trang 2 không phải là ảnh đã quét."
    )
    assert finding.to_dict()["reasons"] == {"what": {"code": "content.another-image", "values": {"page": 2}}}


def test_reasons_within_reasons_are_values_too() -> None:
    inner = Reason("content.another-image", page=2)
    finding = worded("pdf-damaged", {}, {"reason": Reason("record.at-path", path="pages", reason=inner)})
    assert finding.to_dict()["reasons"] == {
        "reason": {
            "code": "record.at-path",
            "values": {"path": "pages", "reason": {"code": "content.another-image", "values": {"page": 2}}},
        }
    }


def test_the_two_fields_of_a_copy_are_named_in_vietnamese() -> None:
    text = worded("time-not-proven", {"field": "Signer"}).text
    assert text["vi"] == "Không có dấu thời gian chứng minh lúc ký «Người thực hiện chứng thực (Signer)»."
    assert text["en"] == "No time-stamp proves when “Signer” was signed."


def test_a_certificates_owner_is_told_by_name_and_a_time_as_offices_tell_it() -> None:
    subject = r"C=VN,O=Xã Mẫu\,CN=Kẻ Khác,CN=Nguyễn Văn Mẫu\, Chủ tịch,UID=CCCD:001"
    data = {"subject": subject, "time": "2036-11-20T01:25:14Z"}
    told = worded("revoked-before-signing", {}, data)
    assert "«Nguyễn Văn Mẫu, Chủ tịch»" in told.text["vi"]
    assert "lúc 08:25:14 ngày 20/11/2036, trước khi ký" in told.text["vi"]
    assert "“Nguyễn Văn Mẫu, Chủ tịch”" in told.text["en"]
    assert "2036-11-20T01:25:14Z" in told.text["en"]
    assert told.data == data
    nameless = worded("revocation-missing", {}, {"subject": "C=VN,O=Xã Mẫu"})
    assert "«C=VN,O=Xã Mẫu»" in nameless.text["vi"]


def test_times_are_told_in_the_zone_of_the_office() -> None:
    (finding,) = put_into_words([Found("trust-stale", {}, {"id": "x", "time": "2036-11-20T01:25:14Z"})], 2)
    assert "03:25:14 ngày 20/11/2036 (+02:00)" in finding.text["vi"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2026-10-01", "01/10/2026"),
        ("9999-12-31T23:59:59Z", "23:59:59 ngày 31/12/9999 (+00:00)"),
        ("2026-13-01T00:00:00Z", "2026-13-01T00:00:00Z"),
        ("?", "?"),
    ],
)
def test_times_and_days_are_told_in_vietnamese(value: str, told: str) -> None:
    text = worded("date-differs", {}, {"record": "?", "signed": value}).text
    assert f"ngày ký ({told})" in text["vi"]
    assert f"({value})" in text["en"]
