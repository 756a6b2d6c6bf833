"""The report, version 1: one verdict about one file, and everything it rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from ecert.errors import EcertError, UsageError
from ecert.model.audiences import AUDIENCES, check_audience
from ecert.model.findings import CHECKS, Check, Severity
from ecert.model.languages import check_language
from ecert.report.content import CheckStatus, ReportContent, Verdict
from ecert.report.findings import Finding
from ecert.report.text import report_text
from ecert.report.views import SignatureView, first_of_role

REPORT_VERSION: Final = 1


class _Judged(Protocol):
    """A finding, in words or not yet."""

    @property
    def severity(self) -> Severity: ...

    @property
    def check(self) -> Check: ...


def decide(findings: Iterable[_Judged]) -> Verdict:
    """Return the verdict: a function of the findings alone.

    Any error makes INVALID, else any unknown INDETERMINATE, else the copy is VALID.
    """
    severities = {finding.severity for finding in findings}
    if "error" in severities:
        return "INVALID"
    return "INDETERMINATE" if "unknown" in severities else "VALID"


def check_statuses(findings: Iterable[_Judged], not_checked: Iterable[Check]) -> dict[Check, CheckStatus]:
    """Return the status of every check: fail, unknown, not-checked or pass."""
    statuses: dict[Check, CheckStatus] = dict.fromkeys(CHECKS, "pass")
    for check in not_checked:
        statuses[check] = "not-checked"
    worse: tuple[tuple[Severity, CheckStatus], ...] = (("unknown", "unknown"), ("error", "fail"))
    for severity, status in worse:
        for finding in findings:
            if finding.severity == severity:
                statuses[finding.check] = status
    return statuses


@dataclass(frozen=True)
class Report:
    """What :func:`ecert.verify_copy` returns; three outcomes, never a boolean."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    content: ReportContent  # the tree of docs/reference/report.md

    def __bool__(self) -> bool:
        raise TypeError(
            "a report has three outcomes and is no boolean: compare report.verdict, or call report.require_valid()"
        )

    @property
    def certified(self) -> bool:
        """Return whether this is a certified copy: VALID, and asked for as one. No other policy says so of any file."""
        return self.content["certified"]

    def require_valid(self) -> None:
        """Return quietly if the verdict is VALID.

        Raises:
            VerificationError: it is not; ``.report`` is this report.
        """
        if self.verdict != "VALID":
            codes = ", ".join(f.code for f in self.findings if f.severity in ("error", "unknown"))
            raise VerificationError(f"the document is {self.verdict}: {codes}", report=self)

    @property
    def signer(self) -> SignatureView | None:
        """Return the competent person's signature; None where the document has none.

        What it says of a person counts where the report's verdict is VALID.
        """
        return first_of_role(self.content, "signer")

    @property
    def seal(self) -> SignatureView | None:
        """Return the certifying body's seal; None where the document has none. Counts as :attr:`signer` does."""
        return first_of_role(self.content, "seal")

    def codes(self, *severities: Severity) -> list[str]:
        """Return the findings' codes, worst first; all, or those of some severities."""
        return [f.code for f in self.findings if not severities or f.severity in severities]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return dict(self.content)

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the report as JSON (UTF-8 text, keys in the documented order)."""
        return json.dumps(self.content, ensure_ascii=False, indent=indent)

    def to_text(self, lang: str = "vi", *, audience: str = "desk") -> str:
        """Return the report as text an officer can read aloud, in ``vi`` or ``en``.

        ``audience`` is who is told what to do: ``desk``, or ``citizen``, the holder of the copy.

        Raises:
            UsageError: the language or the audience is another.
        """
        return report_text(self.content, check_language(lang), check_audience(audience))

    def to_html(self, lang: str = "vi", *, document: bytes | None = None, audience: str | None = None) -> str:
        """Return the report as one HTML page, in ``vi`` or ``en``.

        ``document`` is the file that was judged: with it the page shows the pages of a certified copy. ``audience``
        is who is told what to do, ``citizen`` or ``desk``; without it both are, the citizen first.

        Raises:
            UsageError: the language or the audience is another, or the document is another file.
        """
        from ecert.report.html import report_html

        language = check_language(lang)
        audiences = AUDIENCES if audience is None else (check_audience(audience),)
        if document is not None:
            found, judged = hashlib.sha256(document).hexdigest(), self.content["document"]["sha256"]
            if found != judged:
                raise UsageError(
                    f"the document's SHA-256 is {found}, the report is about {judged}",
                    code="another-document",
                    hint="give the very bytes that were judged",
                )
        return report_html(self.content, language, document, audiences)

    def to_etsi(self) -> bytes:
        """Return the report as an XML validation report of ETSI TS 119 102-2, UTF-8, not signed."""
        from ecert.report.etsi import report_etsi

        return report_etsi(self.content)


class VerificationError(EcertError):
    """A report that was required to be VALID is not; ``report`` says why."""

    default_code = "not-valid"

    def __init__(self, message: str, *, report: Report, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.report = report

    @property
    def exit_status(self) -> int:  # type: ignore[override]
        """Return 1 for INVALID, 3 for INDETERMINATE."""
        return 1 if self.report.verdict == "INVALID" else 3
