"""The findings of a report: what checks found, put into words, in order, with ways out that fit together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, cast

from ecert.errors import Reason
from ecert.model.findings import CATALOGUE, SEVERITIES, Check, Code, Found, Severity
from ecert.report.causes import Cause
from ecert.report.content import FindingPart, ReasonPart, RemedyPart, WherePart, WordsPart
from ecert.report.wording import cause_remedy, finding_remedy, finding_text, shared_remedy


@dataclass(frozen=True)
class Finding:
    """Something a report says about a document.

    ``where`` holds any of field, page, object, revision, offset, path; ``data`` the values in the text, reasons in
    English. ``text`` is a sentence by language, ``remedy`` one for each audience; ``reasons`` are the values behind
    those reasons in ``data``.
    """

    code: Code
    severity: Severity
    check: Check
    where: Mapping[str, Any]
    data: Mapping[str, Any]
    text: WordsPart
    remedy: RemedyPart
    reasons: Mapping[str, Reason] = field(default_factory=dict)

    def to_dict(self) -> FindingPart:
        """Return the finding as it stands in the report, version 1."""
        return {
            "code": self.code,
            "severity": self.severity,
            "check": self.check,
            "where": cast(WherePart, dict(self.where)),
            "data": dict(self.data),
            "reasons": {key: _tree(reason) for key, reason in self.reasons.items()},
            "text": dict(self.text),
            "remedy": {"citizen": dict(self.remedy["citizen"]), "desk": dict(self.remedy["desk"])},
        }


def _tree(reason: Reason) -> ReasonPart:
    """Return a reason as plain values: its code, and what its sentence is filled with, reasons among them."""
    values = {key: _tree(value) if isinstance(value, Reason) else value for key, value in reason.values.items()}
    return {"code": reason.code, "values": values}


def put_into_words(found: Iterable[Found], utc_offset_hours: int, cause: Cause | None = None) -> tuple[Finding, ...]:
    """Return the findings worst first, each once, in a stable order; times are told in the office's zone.

    Of those that decided the verdict the one behind ``cause`` comes first, and all of them say what to do in one
    voice: see :func:`_remedies`. Without a cause, and where nothing of our format is in a file, that comes first: what
    else our format would call a change may be honest in another.
    """
    found = list(found)
    order = {code: place for place, code in enumerate(CATALOGUE)}
    leading = cause.found if cause else _of_no_format_of_ours(found)
    unique: dict[tuple[int, bool, int, str], tuple[Found, dict[str, Any]]] = {}
    for each in found:
        data = _plain(each.values)
        place = json.dumps([each.where, data], ensure_ascii=False, sort_keys=True)
        later = leading is None or each != leading
        unique[SEVERITIES.index(each.severity), later, order[each.code], place] = each, data
    ordered = [unique[key] for key in sorted(unique)]
    remedies = _remedies([each for each, _ in ordered], cause, utc_offset_hours)
    return tuple(
        Finding(
            each.code,
            each.severity,
            each.check,
            each.where,
            data,
            finding_text(each, utc_offset_hours),
            remedy,
            {key: value for key, value in each.values.items() if isinstance(value, Reason)},
        )
        for (each, data), remedy in zip(ordered, remedies, strict=True)
    )


#: errors that only say of a file of others that it is none of ours
_OTHER_FORMAT: frozenset[Code] = frozenset(
    {"changed-after-signature", "signer-missing", "seal-missing", "extra-signature", "same-key-twice"}
)


def _of_no_format_of_ours(found: Sequence[Found]) -> Found | None:
    """Return the finding that there is no record, where a copy's signatures are missing too and nothing is broken."""
    codes = {each.code for each in found if each.severity == "error"}
    worse = set(takewhile(lambda code: code != "record-missing", CATALOGUE))
    if not {"signer-missing", "seal-missing"} <= codes or not codes & worse <= _OTHER_FORMAT:
        return None
    return next((each for each in found if each.code == "record-missing"), None)


def _remedies(found: Sequence[Found], cause: Cause | None, utc_offset_hours: int) -> list[RemedyPart]:
    """Return what to do about each finding.

    A document that is not valid has one way out: "hand in the file you got" beside "nothing you did to the file
    caused this", or beside a warning's "the copy can still be used", would contradict itself. So every finding says
    what the first says. One exception: of what is undecided, without a cause, those that the citizen does the same
    about keep what the desk does, for a missing root and missing revocation data are two things to supply.

    Of a valid one each finding has its own; where a time-stamp is there and not believed, that finding says what to do.
    """
    own = [finding_remedy(each, utc_offset_hours) for each in found]
    if not found:
        return own
    worst = found[0].severity
    if worst in ("error", "unknown"):
        first = cause_remedy(cause, utc_offset_hours) if cause else own[0]
        alike = worst == "unknown" and cause is None
        return [
            remedy if alike and each.severity == worst and remedy["citizen"] == first["citizen"] else first
            for each, remedy in zip(found, own, strict=True)
        ]
    if any(each.code == "timestamp-not-trusted" for each in found):
        hint = shared_remedy("see-the-time-stamp")
        return [hint if f.code == "time-not-proven" else r for f, r in zip(found, own, strict=True)]
    return own


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, Reason) else value for key, value in values.items()}
