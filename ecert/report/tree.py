"""The report, version 1: one verdict about one file, and everything it rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from ecert.errors import UsageError, VerificationError
from ecert.model.findings import CATALOGUE, CHECKS, NO_COPY, SEE_THE_TIME_STAMP, SEVERITIES, Check, Finding
from ecert.report.text import report_text

Verdict = Literal["VALID", "INVALID", "INDETERMINATE"]
REPORT_VERSION = 1


def decide(findings: Iterable[Finding]) -> Verdict:
    """Return the verdict: a function of the findings alone.

    Any error makes INVALID, else any unknown INDETERMINATE, else the copy is VALID.
    """
    severities = {finding.severity for finding in findings}
    if "error" in severities:
        return "INVALID"
    return "INDETERMINATE" if "unknown" in severities else "VALID"


def check_statuses(findings: Iterable[Finding], not_checked: Iterable[Check]) -> dict[str, str]:
    """Return the status of every check: fail, unknown, not-checked or pass."""
    statuses: dict[str, str] = dict.fromkeys(CHECKS, "pass")
    statuses |= dict.fromkeys(not_checked, "not-checked")
    for severity, status in (("unknown", "unknown"), ("error", "fail")):
        for finding in findings:
            if finding.severity == severity:
                statuses[finding.check] = status
    return statuses


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings worst first, each once, in a stable order, with ways out that fit together."""
    order = {code: i for i, code in enumerate(CATALOGUE)}

    def rank(finding: Finding) -> tuple[int, int, str]:
        place = json.dumps([finding.where, finding.data], ensure_ascii=False, sort_keys=True)
        return SEVERITIES.index(finding.severity), order[finding.code], place

    unique = {rank(f): f for f in findings}
    return tuple(_fitting([unique[key] for key in sorted(unique)]))


def _fitting(findings: list[Finding]) -> Iterator[Finding]:
    """Yield the findings with ways out that fit what else was found.

    A file that never was a copy does not wait for signatures as a draft does; where a time-stamp is there
    and not believed, its own finding says what to do.
    """
    codes = {f.code for f in findings}
    fitting = {}
    if "record-missing" in codes:
        fitting["unsigned"] = NO_COPY
    if "timestamp-not-trusted" in codes:
        fitting["time-not-proven"] = SEE_THE_TIME_STAMP
    for finding in findings:
        way_out = fitting.get(finding.code)
        yield replace(finding, way_out=way_out) if way_out else finding


@dataclass(frozen=True)
class Report:
    """What :func:`ecert.verify_copy` returns; three outcomes, never a boolean."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    content: Mapping[str, Any]  # the tree of docs/reference/report.md

    def __bool__(self) -> bool:
        raise TypeError(
            "a report has three outcomes and is no boolean: compare report.verdict, or call report.require_valid()"
        )

    def require_valid(self) -> None:
        """Return quietly if the verdict is VALID.

        Raises:
            VerificationError: it is not; ``.report`` is this report.
        """
        if self.verdict != "VALID":
            codes = ", ".join(f.code for f in self.findings if f.severity in ("error", "unknown"))
            raise VerificationError(f"the document is {self.verdict}: {codes}", report=self)

    def codes(self, *severities: str) -> list[str]:
        """Return the findings' codes, worst first; all, or those of some severities."""
        return [f.code for f in self.findings if not severities or f.severity in severities]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return dict(self.content)

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the report as JSON (UTF-8 text, keys in the documented order)."""
        return json.dumps(self.content, ensure_ascii=False, indent=indent)

    def to_text(self, lang: str = "vi") -> str:
        """Return the report as text an officer can read aloud, in ``vi`` or ``en``."""
        return report_text(self.content, lang)

    def to_html(self, lang: str = "vi", *, document: bytes | None = None) -> str:
        """Return the report as one HTML page for a citizen, in ``vi`` or ``en``.

        ``document`` is the file that was judged: with it the page shows the pages of a certified copy.

        Raises:
            UsageError: it is another file.
        """
        from ecert.report.html import report_html

        if document is not None:
            found, judged = hashlib.sha256(document).hexdigest(), self.content["document"]["sha256"]
            if found != judged:
                raise UsageError(
                    f"the document's SHA-256 is {found}, the report is about {judged}",
                    code="another-document",
                    hint="give the very bytes that were judged",
                )
        return report_html(self.content, lang, document)

    def to_etsi(self) -> bytes:
        """Return the report as an XML validation report of ETSI TS 119 102-2, UTF-8, not signed."""
        from ecert.report.etsi import report_etsi

        return report_etsi(self.content)
