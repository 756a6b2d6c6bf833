"""The findings of a report: what checks found, put into words, in order, with ways out that fit together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ecert.errors import Reason
from ecert.model.findings import CATALOGUE, SEVERITIES, Check, Code, Found, Severity
from ecert.report.content import FindingPart, WherePart, WordsPart
from ecert.report.wording import finding_remedy, finding_text


@dataclass(frozen=True)
class Finding:
    """Something a report says about a document.

    ``where`` holds any of field, page, object, revision, offset, path; ``data`` the values in the text, reasons in
    English. ``text`` and ``remedy`` are sentences by language, ``reasons`` the values behind those reasons in ``data``.
    """

    code: Code
    severity: Severity
    check: Check
    where: Mapping[str, Any]
    data: Mapping[str, Any]
    text: WordsPart
    remedy: WordsPart
    reasons: Mapping[str, Reason] = field(default_factory=dict)

    def to_dict(self) -> FindingPart:
        """Return the finding as it stands in the report, version 1."""
        return {
            "code": self.code,
            "severity": self.severity,
            "check": self.check,
            "where": cast(WherePart, dict(self.where)),
            "data": dict(self.data),
            "text": dict(self.text),
            "remedy": dict(self.remedy),
        }


def put_into_words(found: Iterable[Found], utc_offset_hours: int) -> tuple[Finding, ...]:
    """Return the findings worst first, each once, in a stable order; times are told in the office's zone."""
    listed = list(found)
    remedies = _fitting_remedies({f.code for f in listed})
    order = {code: place for place, code in enumerate(CATALOGUE)}
    unique: dict[tuple[int, int, str], tuple[Found, dict[str, Any]]] = {}
    for each in listed:
        data = _plain(each.values)
        place = json.dumps([each.where, data], ensure_ascii=False, sort_keys=True)
        unique[SEVERITIES.index(each.severity), order[each.code], place] = each, data
    ordered = (unique[key] for key in sorted(unique))
    return tuple(_worded(found, data, utc_offset_hours, remedies.get(found.code)) for found, data in ordered)


def _worded(found: Found, data: dict[str, Any], utc_offset_hours: int, remedy: str | None) -> Finding:
    return Finding(
        found.code,
        found.severity,
        found.check,
        found.where,
        data,
        finding_text(found, utc_offset_hours),
        finding_remedy(found, utc_offset_hours, remedy),
        {key: value for key, value in found.values.items() if isinstance(value, Reason)},
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, Reason) else value for key, value in values.items()}


def _fitting_remedies(codes: set[Code]) -> dict[Code, str]:
    """Return shared remedies, by finding, that fit what else was found better than the finding's own.

    A file that never was a copy does not wait for signatures as a draft does; where a time-stamp is there
    and not believed, its own finding says what to do.
    """
    fitting: dict[Code, str] = {}
    if "record-missing" in codes:
        fitting["unsigned"] = "no-copy"
    if "timestamp-not-trusted" in codes:
        fitting["time-not-proven"] = "see-the-time-stamp"
    return fitting
