"""What a child says, taken apart with suspicion: plain values of the shapes a report has, or nothing.

Whoever took the child over can make it say VALID; that is what confinement is for. But nothing it says
may do more to the parent than be believed: types, lengths and words are checked before a report is made,
the texts of findings are written here, and what the parent knows itself it does not take from the child.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import NoneType
from typing import Any, cast

from ecert.model.evidence import Evidence
from ecert.model.findings import CATALOGUE, SEVERITIES, Found
from ecert.model.limits import MAX_CERTIFICATES, MAX_OBJECTS, MAX_REVOCATION_ITEMS
from ecert.model.profiles import utc_offset_of
from ecert.model.roles import ANCHOR_ROLES
from ecert.report import Circumstances, Report, decide, find_cause, put_into_words
from ecert.report.content import ReportContent
from ecert.report.schema import report_schema
from ecert.sandbox.frames import BrokenAnswer, unpack_reason
from ecert.sandbox.shapes import Shapes
from ecert.trust.inquiry import Inquiry, Question

#: what a report says that the parent knows without the child
_KNOWN = ("report_version", "generator", "verified_at", "policy", "trust", "validation_time", "attempts")
_IDENTITY = ("name", "size", "sha256")


_PLAIN = (str, int, float, bool, NoneType)
_WORDS = frozenset({"field", "name", "reason", "what", "version"})  # put into sentences as they are
_PLACES = frozenset({"field", "page", "object", "revision", "offset", "path"})


def read_report(said: object, reasons: object, known: Report) -> Report:
    """Return the child's report; ``known`` is one about the same document, made without it.

    ``reasons`` are those behind the data of its findings, a table for each.

    Raises:
        BrokenAnswer: it is no report, or contradicts itself.
    """
    wrong = _report_shapes().wrong(said)
    if wrong is not None:
        raise BrokenAnswer(f"the report is not one at {wrong}")
    assert isinstance(said, dict)
    found = _findings(said["findings"], reasons)
    cause = find_cause(found, Circumstances(known.content["validation_time"], said["signatures"]))
    try:
        findings = put_into_words(found, utc_offset_of(said["copy"]["profile"] if said["copy"] else None), cause)
    except KeyError:
        raise BrokenAnswer("a reason is not one of ours") from None
    verdict = decide(findings)
    if said["verdict"] != verdict or said.keys() != known.content.keys():
        raise BrokenAnswer("the verdict is not that of its findings")
    if (said["proof_until"] is None) != (said["proof_limit"] is None):
        raise BrokenAnswer("what ends the proof is not that of its end")
    if not _is_text({**said, "document": None}):
        raise BrokenAnswer("a text holds half a character")
    document = said["document"] | {k: v for k, v in known.content["document"].items() if k in _IDENTITY}
    content = said | {key: value for key, value in known.content.items() if key in _KNOWN}
    content |= {"document": document, "findings": [f.to_dict() for f in findings]}
    content |= {"cause": cause.name if cause else None, "certified": said["certified"] and verdict == "VALID"}
    return Report(verdict, findings, cast(ReportContent, content))  # the schema says so: _report_shapes


def _is_text(tree: object) -> bool:
    """Return whether every text of a tree can be written: JSON admits lone surrogates, UTF-8 does not."""
    try:
        json.dumps(tree, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


@cache
def _report_shapes() -> Shapes:
    return Shapes(report_schema())


def _findings(rows: list[Mapping[str, Any]], reasons: object) -> list[Found]:
    if not isinstance(reasons, list) or len(reasons) != len(rows):
        raise BrokenAnswer("the reasons are not those of the findings")
    return [_finding(row, behind) for row, behind in zip(rows, reasons, strict=True)]


def _finding(row: Mapping[str, Any], reasons: object) -> Found:
    if row["code"] not in CATALOGUE or not row["where"].keys() <= _PLACES:
        raise BrokenAnswer("a finding is not of the catalogue")
    values = {**row["where"], **row["data"]}
    if not all(isinstance(v, _PLAIN) or (k not in _WORDS and _flat(v)) for k, v in values.items()):
        raise BrokenAnswer("a finding's data are not words and numbers")
    if not isinstance(reasons, dict) or not reasons.keys() <= row["data"].keys():
        raise BrokenAnswer("the reasons are not those of the findings")
    behind = {key: unpack_reason(reason) for key, reason in reasons.items()}
    finding = Found(row["code"], row["where"], {**row["data"], **behind})
    if row["severity"] == finding.severity:
        return finding
    if SEVERITIES.index(row["severity"]) > SEVERITIES.index(finding.severity):
        raise BrokenAnswer("a finding is milder than the catalogue's")
    return replace(finding, raised=row["severity"])  # by the policy


def _flat(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(v, _PLAIN) for v in value)


def read_evidence(counts: object, blobs: list[bytes]) -> Evidence:
    """Return byte strings as evidence: so many certificates, OCSP answers and CRLs.

    Raises:
        BrokenAnswer: there are not so many, or more than a document may hold.
    """
    if not isinstance(counts, list) or not all(type(n) is int for n in counts):
        raise BrokenAnswer("the evidence is not what was announced")
    if len(counts) != 3 or min(counts) < 0 or sum(counts) != len(blobs):
        raise BrokenAnswer("the evidence is not what was announced")
    c, o, r = counts
    if c > MAX_CERTIFICATES or max(o, r) > MAX_REVOCATION_ITEMS:
        raise BrokenAnswer("there is more evidence than a document may hold")
    return Evidence(tuple(blobs[:c]), tuple(blobs[c : c + o]), tuple(blobs[c + o :]))


def read_questions(said: object, counts: object, blobs: list[bytes]) -> Inquiry:
    """Return what is to be asked about a document, as the child read it.

    Raises:
        BrokenAnswer: it is anything else.
    """
    if not isinstance(said, list) or not all(isinstance(row, list) for row in said):
        raise BrokenAnswer("the questions are none")
    questions, at = [], 0
    for row in said:
        if len(row) != 3 or type(row[0]) is not str or row[1] not in (None, *ANCHOR_ROLES):
            raise BrokenAnswer("a question is not one")
        if type(row[2]) is not int or not 0 <= row[2] <= MAX_OBJECTS:
            raise BrokenAnswer("a question is not one")
        own = blobs[at : at + 1 + row[2]]
        if len(own) != 1 + row[2]:
            raise BrokenAnswer("a question lacks its certificates")
        questions.append(Question(row[0], own[0], row[1], tuple(own[1:])))
        at += len(own)
    return Inquiry(read_evidence(counts, blobs[at:]), tuple(questions))
