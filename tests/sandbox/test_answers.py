"""What a child says is plain values of a report's shapes, or nothing: no lie breaks the parent."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ecert
from ecert.report import Report
from ecert.sandbox.answers import read_evidence, read_questions, read_report
from ecert.sandbox.frames import BrokenAnswer, OverlongAnswer, _structure, length, pack, pack_reason, unpack
from ecert.sandbox.shapes import Shapes
from ecert.verify.copy import report_unjudged
from ecert.verify.policies import get_policy
from tests.kit import Desk


@pytest.fixture(scope="module")
def told(desk: Desk) -> dict[str, Any]:
    """Return a report with findings, two signers and a time-stamp, as the child would send it."""
    report = ecert.verify_copy(desk.copy.to_bytes())
    assert report.codes()
    assert len(report.to_dict()["signatures"]) == 3
    found: dict[str, Any] = json.loads(report.to_json())
    return found


@pytest.fixture(scope="module")
def reasons(desk: Desk) -> list[Any]:
    """Return what the child sends about the reasons in them."""
    report = ecert.verify_copy(desk.copy.to_bytes())
    return [{key: pack_reason(reason) for key, reason in f.reasons.items()} for f in report.findings]


@pytest.fixture(scope="module")
def known(desk: Desk) -> Report:
    return report_unjudged(
        desk.copy.to_bytes(),
        "verifier-fault",
        policy=get_policy("certified-copy", None),
        trust=None,
        at=desk.office.clock.now(),
        evidence=None,
        name="",
        fault="",
    )


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value of a tree."""
    if path:
        yield path
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


def replaced(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    found = copy.deepcopy(tree)
    at = found
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return found


def test_an_honest_answer_is_believed(told: dict[str, Any], reasons: list[Any], known: Report):
    report = read_report(told, reasons, known)
    assert report.verdict == told["verdict"]
    assert [f.to_dict() for f in report.findings] == told["findings"]


@pytest.mark.parametrize(
    "lie",
    [None, 7, -1.5, True, "", "HACKED\x1b[2J", "\ud800", [], [None], {}, {"vi": 1}, 10**30],
    ids=lambda lie: repr(lie)[:12],
)
def test_a_lie_at_any_place_is_refused_or_harmless(told: dict[str, Any], reasons: list[Any], known: Report, lie: Any):
    refused = 0
    for path in places(told):
        try:
            report = read_report(replaced(told, path, lie), reasons, known)
        except BrokenAnswer:
            refused += 1
            continue
        for lang in ("vi", "en"):
            report.to_text(lang)
        report.to_json().encode()
        report.to_html().encode()
    assert refused > 20


def test_severities_are_raised_by_policies_and_never_lowered(told: dict[str, Any], reasons: list[Any], known: Report):
    rows = {row["severity"]: i for i, row in enumerate(told["findings"])}
    worse = replaced(told, ("findings", rows["unknown"], "severity"), "error")
    assert read_report({**worse, "verdict": "INVALID"}, reasons, known).verdict == "INVALID"
    milder = replaced(told, ("findings", rows["unknown"], "severity"), "info")
    with pytest.raises(BrokenAnswer):
        read_report(milder, reasons, known)


def test_a_schema_of_other_keywords_is_refused():
    with pytest.raises(NotImplementedError):
        Shapes({"not": {}}).wrong(1)


def test_what_the_parent_knows_is_not_taken_from_the_child(told: dict[str, Any], reasons: list[Any], known: Report):
    for *path, lie in (
        ("validation_time", "1999-01-01T00:00:00Z"),
        ("policy", "id", "anything-goes"),
        ("trust", "id", "me"),
        ("document", "sha256", "0" * 64),
    ):
        content = read_report(replaced(told, tuple(path), lie), reasons, known).content
        assert content["document"]["sha256"] == known.content["document"]["sha256"]
        assert content["policy"] == known.content["policy"]
        assert content["trust"] == known.content["trust"]
        assert content["validation_time"] == known.content["validation_time"]


def test_the_texts_of_findings_are_our_own(told: dict[str, Any], reasons: list[Any], known: Report):
    lie = replaced(told, ("findings", 0, "text"), {"vi": "Tốt", "en": "fine"})
    assert read_report(lie, reasons, known).content["findings"] == told["findings"]


@pytest.mark.parametrize(
    "lie",
    [
        None,
        [],
        {},
        [{"reason": "broken"}],
        [{"reason": ["pdf.no-header"]}],
        [{"reason": ["../../../etc/passwd", {}]}],
        [{"reason": ["pdf.no-such-reason", {}]}],
        [{"reason": ["nowhere.no-header", {}]}],
        [{"reason": ["pdf.no-header", {"x": None}]}],
        [{"reason": ["pdf.no-header", {"x": {}}]}],
        [{"reason": ["pdf.no-header", []]}],
        [{"elsewhere": ["pdf.no-header", {}]}],
    ],
    ids=repr,
)
def test_reasons_that_are_none_are_refused(desk: Desk, known: Report, lie: Any):
    spoiled = ecert.verify_copy(b"%PDF-1.7\n" + bytes(20), policy="signatures")
    content, behind = (
        json.loads(spoiled.to_json()),
        [{"reason": pack_reason(f.reasons["reason"])} for f in spoiled.findings],
    )
    assert read_report(content, behind, known).codes() == ["pdf-damaged"]
    with pytest.raises(BrokenAnswer):
        read_report(content, lie, known)


def test_reasons_within_reasons_end_somewhere(known: Report):
    spoiled = ecert.verify_copy(b"%PDF-1.7\n" + bytes(20), policy="signatures")
    deep: Any = ["pdf.no-header", {}]
    for _ in range(20):
        deep = ["record.at-path", {"path": "x", "reason": deep}]
    with pytest.raises(BrokenAnswer):
        read_report(json.loads(spoiled.to_json()), [{"reason": deep}], known)


def test_a_verdict_against_its_findings_is_refused(told: dict[str, Any], reasons: list[Any], known: Report):
    with pytest.raises(BrokenAnswer):
        read_report({**told, "verdict": "VALID"}, reasons, known)
    with pytest.raises(BrokenAnswer):
        read_report({**told, "more": 1}, reasons, known)


@given(st.binary(max_size=60))
def test_frames_are_read_or_refused(data: bytes):
    for told in (data, length(data) + data):
        try:
            unpack(told, 1000)
        except BrokenAnswer:
            continue


@pytest.mark.parametrize(
    "text",
    [
        b"[]",
        b"{}",
        b'{"head": {}}',
        b'{"head": [], "blobs": []}',
        b'{"head": {}, "blobs": [1]}',
        b'{"head": {}, "blobs": [-1]}',
        b'{"head": {}, "blobs": [true]}',
        b'{"head": {"a": NaN}, "blobs": []}',
        b'{"head": {"a": ' + b"[" * 100_000,
        b'{"head": {"a": ' + b"[" * 50 + b"]" * 50 + b'}, "blobs": []}',
        b'{"head": {"a": ' + b"9" * 10_000 + b'}, "blobs": []}',
        '{"head": {"é": 1}, "blobs": []}'.encode(),
    ],
    ids=range(12),
)
def test_a_head_of_another_shape_is_refused(text: bytes):
    with pytest.raises(BrokenAnswer):
        unpack(length(text) + text, 1_000_000)


def test_a_frame_is_read_back():
    blobs = [b"", b"abc"]
    assert unpack(pack({"a": ["\udc80ệ"]}, blobs), 1000) == ({"a": ["\udc80ệ"]}, blobs)
    with pytest.raises(BrokenAnswer):
        unpack(pack({"a": "x" * 1000}), 1000)


@pytest.mark.parametrize("counts", [None, [1], [1, 0, 0], [0, 0, -1], [500, 0, 0], ["a", 0, 0], [True, 0, 0]])
def test_evidence_that_was_not_announced_is_refused(counts: Any):
    with pytest.raises(BrokenAnswer):
        read_evidence(counts, [b""] * (500 if counts == [500, 0, 0] else 0))


@pytest.mark.parametrize(
    "rows", [None, {}, [None], [[1, None, 0]], [["a", "boss", 0]], [["a", None, 5]], [["a", None, -1]]]
)
def test_questions_that_are_none_are_refused(rows: Any):
    with pytest.raises(BrokenAnswer):
        read_questions(rows, [0, 0, 0], [b"certificate"])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 21, "1" * 5000])
def test_numbers_that_no_report_has_are_refused(number: str):
    text = b'{"head": {"n": %s}, "blobs": []}' % number.encode()
    with pytest.raises(BrokenAnswer):
        unpack(length(text) + text, len(text))


def test_what_has_too_many_parts_is_not_taken_apart(monkeypatch: pytest.MonkeyPatch):
    words: list[object] = ["x" * (3 << 20), '"\\']
    parts: list[object] = [[]] * (1 << 19)
    for head, good in (({"w": words}, True), ({"w": parts}, False)):
        data = pack(head)
        if good:
            assert unpack(data, len(data))[0] == head
        else:
            monkeypatch.setattr("json.loads", lambda *_, **__: pytest.fail("it was taken apart"))
            with pytest.raises(OverlongAnswer):
                unpack(data, len(data))


def test_texts_cannot_hide_parts():
    tricky = {"a": '"' * 5, "b": "\\", "c": '\\"[', "d": [1, 2.5, None, True]}
    text = json.dumps(tricky).encode()
    outside = re.sub(rb'"(?:[^"\\]|\\.)*"', b'""', text)
    assert _structure(text) == len(outside)
