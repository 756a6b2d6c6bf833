"""The catalogue of findings: complete, in both languages, used, and the verdict's function."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

import ecert
from ecert.model.findings import CATALOGUE, CHECKS, NO_COPY, SEE_THE_TIME_STAMP, SEVERITIES, Finding, FindingKind
from ecert.report import check_statuses, decide, sort_findings

PACKAGE = Path(ecert.__file__).parent


def test_every_row_is_complete_nfc_and_in_both_languages() -> None:
    for code, kind in CATALOGUE.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
        assert kind.severity in SEVERITIES
        assert kind.check in CHECKS
        for words in (kind.text, kind.remedy):
            for text in (words.vi, words.en):
                assert text == unicodedata.normalize("NFC", text)
                assert text.endswith("."), code
            assert set(re.findall(r"{(\w+)}", words.vi)) == set(re.findall(r"{(\w+)}", words.en))


def test_remedies_of_particular_documents_are_nfc() -> None:
    for text in (NO_COPY.vi, NO_COPY.en, SEE_THE_TIME_STAMP.vi, SEE_THE_TIME_STAMP.en):
        assert text == unicodedata.normalize("NFC", text)
        assert text.endswith(".")


def test_every_code_is_used_and_every_used_code_is_in_the_catalogue() -> None:
    source = "".join(
        p.read_text(encoding="utf-8")
        for p in PACKAGE.rglob("*.py")
        if p.name != "findings.py" and not {"testing", "advice"} & set(p.parts)
    )
    unused = [code for code in CATALOGUE if f'"{code}"' not in source]
    assert unused == []
    used = set(re.findall(r'\.find\(\s*"([a-z0-9-]+)"', source))
    assert used <= set(CATALOGUE)


@pytest.mark.parametrize(
    ("codes", "verdict"),
    [
        ([], "VALID"),
        (["time-not-proven", "archive-timestamp-due"], "VALID"),
        (["revocation-missing", "time-not-proven"], "INDETERMINATE"),
        (["revocation-missing", "unsigned"], "INVALID"),
    ],
)
def test_the_verdict_is_a_function_of_the_findings(codes: list[str], verdict: str) -> None:
    assert decide(Finding(code) for code in codes) == verdict


def test_checks_take_the_worst_of_their_findings() -> None:
    statuses = check_statuses([Finding("revocation-missing"), Finding("unsigned")], ["competence"])
    assert statuses["trust"] == "unknown"
    assert statuses["signer"] == "fail"
    assert statuses["competence"] == "not-checked"
    assert statuses["pages"] == "pass"


def test_findings_are_sorted_worst_first_and_stand_once() -> None:
    findings = [Finding("time-not-proven"), Finding("unsigned"), Finding("unsigned")]
    assert [f.code for f in sort_findings(findings)] == ["unsigned", "time-not-proven"]


def test_a_certificates_owner_is_told_by_name_and_a_time_as_offices_tell_it() -> None:
    subject = r"C=VN,O=Xã Mẫu\,CN=Kẻ Khác,CN=Nguyễn Văn Mẫu\, Chủ tịch,UID=CCCD:001"
    data = {"subject": subject, "time": "2036-11-20T01:25:14Z"}
    told = Finding("revoked-before-signing", {}, data).to_dict()
    assert "«Nguyễn Văn Mẫu, Chủ tịch»" in told["text"]["vi"]
    assert "20/11/2036 08:25:14 +07:00" in told["text"]["vi"]
    assert "“Nguyễn Văn Mẫu, Chủ tịch”" in told["text"]["en"]
    assert "2036-11-20T01:25:14Z" in told["text"]["en"]
    assert told["data"] == data
    nameless = Finding("revocation-missing", {}, {"subject": "C=VN,O=Xã Mẫu"}).to_dict()
    assert "«C=VN,O=Xã Mẫu»" in nameless["text"]["vi"]


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
    text = Finding("date-differs", {}, {"record": "?", "signed": value}).to_dict()["text"]
    assert f"ngày ký ({told})" in text["vi"]
    assert f"({value})" in text["en"]


def test_a_time_within_a_reason_is_told_too() -> None:
    reason = "its time 2036-11-20T01:25:14Z is after the time of validation"
    text = Finding("timestamp-not-trusted", {"field": "Seal"}, {"reason": reason}).to_dict()["text"]
    assert "20/11/2036 08:25:14 +07:00" in text["vi"]
    assert reason in text["en"]


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=lambda kind: kind.code)
def test_no_sentence_counts_in_the_plural(kind: FindingKind) -> None:
    """One of something reads as well as many."""
    assert not re.search(r"{(count|limit|required)} (?!and |of )[a-z]+s\b", kind.text.en)


def test_a_remedy_follows_the_reason() -> None:
    """Four reasons keep a time-stamp from counting: each has its own way out."""
    remedy = CATALOGUE["timestamp-not-trusted"].remedy
    for word in ("--online", "--evidence", "--trust", "đồng hồ", "gia hạn"):
        assert word in remedy.vi
    for word in ("--online", "--evidence", "--trust", "clock", "extend"):
        assert word in remedy.en
