"""The catalogue of findings: complete, in both languages, used, and the verdict's function."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

import ecert
from ecert.model.findings import CATALOGUE, CHECKS, SEVERITIES, Finding
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
        ([], "VALID"), (["time-not-proven", "archive-timestamp-due"], "VALID"),
        (["revocation-missing", "time-not-proven"], "INDETERMINATE"),
        (["revocation-missing", "unsigned"], "INVALID"),
    ],
)  # fmt: skip
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
