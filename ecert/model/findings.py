"""The findings: everything a report can say, how much the verdict leans on it, and the check it belongs to.

A code is a stable kebab-case word; what is said about it stands in :mod:`ecert.words` (docs/reference/findings.md is
generated from both).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Severity = Literal["error", "unknown", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
Check = Literal[
    "structure",
    "integrity",
    "signer",
    "seal",
    "order",
    "time",
    "trust",
    "record",
    "statement",
    "pages",
    "pdfa",
    "competence",
]
CHECKS: tuple[Check, ...] = get_args(Check)
#: every finding; one that is not named here does not type-check
Code = Literal[
    "not-a-pdf",
    "pdf-damaged",
    "encrypted",
    "saved-anew",
    "parsers-disagree",
    "bytes-unaccounted",
    "changed-after-signer",
    "changed-after-seal",
    "changed-after-signature",
    "unsigned",
    "signer-missing",
    "seal-missing",
    "seal-before-signer",
    "extra-signature",
    "same-key-twice",
    "signature-broken",
    "signature-malformed",
    "certificate-wrong-usage",
    "algorithm-too-weak",
    "revoked-before-signing",
    "not-valid-at-signing",
    "timestamp-broken",
    "record-missing",
    "record-malformed",
    "statement-differs",
    "pages-differ",
    "certifier-differs",
    "body-differs",
    "not-pdfa",
    "second-opinion-differs",
    "level-too-low",
    "archive-timestamp-missing",
    "too-few-signatures",
    "field-added-against-policy",
    "field-unsigned",
    "signatures-out-of-order",
    "profile-not-accepted",
    "algorithm-not-permitted",
    "sealed-too-late",
    "copy-too-old",
    "body-not-competent",
    "certifier-not-competent",
    "seal-key-not-of-body",
    "over-limit",
    "structure-unsupported",
    "encrypted-not-judged",
    "algorithm-not-supported",
    "certificate-unreadable",
    "signed-in-the-future",
    "no-anchors",
    "signer-not-trusted",
    "seal-not-trusted",
    "signature-not-trusted",
    "revocation-missing",
    "revocation-stale",
    "revocation-unproven-time",
    "revoked-unproven-time",
    "expired-unproven-time",
    "certificate-suspended",
    "algorithm-unproven-time",
    "not-yet-valid",
    "record-too-new",
    "demand-unproven",
    "revocation-too-old",
    "registry-out-of-date",
    "body-not-registered",
    "certifier-not-registered",
    "seal-key-not-registered",
    "competence-unproven-time",
    "undeclared-signature",
    "unlisted-object",
    "field-added-by-another",
    "field-covers-page",
    "appearance-not-proven",
    "timestamps-contradict",
    "verifier-fault",
    "body-name-differs",
    "other-system",
    "more-after-last-signature",
    "sealed-alone",
    "no-person-signed",
    "registry-missing",
    "time-not-proven",
    "timestamp-not-trusted",
    "revocation-not-checked",
    "archive-status-dated",
    "claimed-time-7h-off",
    "claimed-time-ahead",
    "algorithm-ageing",
    "date-differs",
    "level-below-promise",
    "evidence-after-time",
    "anchor-is-not-a-ca",
    "trust-stale",
    "unusual-structure",
    "form-filled-in",
    "field-added-and-signed",
    "annotation-added",
    "second-opinion-unavailable",
    "revocation-older-than-signature",
    "archive-timestamp-due",
    "evidence-replayed",
]


@dataclass(frozen=True)
class FindingKind:
    """One row of the catalogue."""

    code: Code
    severity: Severity
    check: Check


@dataclass(frozen=True)
class Found:
    """Something a check has to say about this document: code and values, not yet in words.

    ``where`` holds any of field, page, object, revision, offset, path; ``values`` are what its sentences are filled
    with, among them reasons (:class:`~ecert.errors.Reason`). ``raised`` is a policy's severity where it is not the
    catalogue's.
    """

    code: Code
    where: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    raised: Severity | None = None

    @property
    def severity(self) -> Severity:
        """Return how much the verdict leans on this finding."""
        return self.raised or CATALOGUE[self.code].severity

    @property
    def check(self) -> Check:
        """Return the check this finding belongs to."""
        return CATALOGUE[self.code].check


_ROWS: tuple[tuple[Severity, Check, Code], ...] = (
    # error
    ("error", "structure", "not-a-pdf"),
    ("error", "structure", "pdf-damaged"),
    ("error", "structure", "encrypted"),
    ("error", "structure", "saved-anew"),
    ("error", "structure", "parsers-disagree"),
    ("error", "structure", "bytes-unaccounted"),
    ("error", "integrity", "changed-after-signer"),
    ("error", "integrity", "changed-after-seal"),
    ("error", "integrity", "changed-after-signature"),
    ("error", "signer", "unsigned"),
    ("error", "signer", "signer-missing"),
    ("error", "seal", "seal-missing"),
    ("error", "order", "seal-before-signer"),
    ("error", "order", "extra-signature"),
    ("error", "order", "same-key-twice"),
    ("error", "integrity", "signature-broken"),
    ("error", "integrity", "signature-malformed"),
    ("error", "trust", "certificate-wrong-usage"),
    ("error", "integrity", "algorithm-too-weak"),
    ("error", "trust", "revoked-before-signing"),
    ("error", "trust", "not-valid-at-signing"),
    ("error", "time", "timestamp-broken"),
    ("error", "record", "record-missing"),
    ("error", "record", "record-malformed"),
    ("error", "statement", "statement-differs"),
    ("error", "pages", "pages-differ"),
    ("error", "record", "certifier-differs"),
    ("error", "record", "body-differs"),
    ("error", "pdfa", "not-pdfa"),
    ("error", "integrity", "second-opinion-differs"),
    ("error", "time", "level-too-low"),
    ("error", "time", "archive-timestamp-missing"),
    ("error", "signer", "too-few-signatures"),
    ("error", "integrity", "field-added-against-policy"),
    ("error", "signer", "field-unsigned"),
    ("error", "order", "signatures-out-of-order"),
    ("error", "record", "profile-not-accepted"),
    ("error", "integrity", "algorithm-not-permitted"),
    ("error", "order", "sealed-too-late"),
    ("error", "record", "copy-too-old"),
    ("error", "competence", "body-not-competent"),
    ("error", "competence", "certifier-not-competent"),
    ("error", "competence", "seal-key-not-of-body"),
    # unknown
    ("unknown", "record", "other-system"),
    ("unknown", "structure", "over-limit"),
    ("unknown", "structure", "structure-unsupported"),
    ("unknown", "structure", "encrypted-not-judged"),
    ("unknown", "integrity", "algorithm-not-supported"),
    ("unknown", "trust", "certificate-unreadable"),
    ("unknown", "time", "signed-in-the-future"),
    ("unknown", "trust", "no-anchors"),
    ("unknown", "trust", "signer-not-trusted"),
    ("unknown", "trust", "seal-not-trusted"),
    ("unknown", "trust", "signature-not-trusted"),
    ("unknown", "trust", "revocation-missing"),
    ("unknown", "trust", "revocation-stale"),
    ("unknown", "trust", "revocation-unproven-time"),
    ("unknown", "trust", "revoked-unproven-time"),
    ("unknown", "trust", "expired-unproven-time"),
    ("unknown", "trust", "certificate-suspended"),
    ("unknown", "time", "algorithm-unproven-time"),
    ("unknown", "trust", "not-yet-valid"),
    ("unknown", "record", "record-too-new"),
    ("unknown", "time", "demand-unproven"),
    ("unknown", "trust", "revocation-too-old"),
    ("unknown", "competence", "registry-out-of-date"),
    ("unknown", "competence", "body-not-registered"),
    ("unknown", "competence", "certifier-not-registered"),
    ("unknown", "competence", "seal-key-not-registered"),
    ("unknown", "competence", "competence-unproven-time"),
    ("unknown", "integrity", "undeclared-signature"),
    ("unknown", "structure", "unlisted-object"),
    ("unknown", "integrity", "field-added-by-another"),
    ("unknown", "integrity", "field-covers-page"),
    ("unknown", "integrity", "appearance-not-proven"),
    ("unknown", "time", "timestamps-contradict"),
    ("unknown", "structure", "verifier-fault"),
    ("unknown", "record", "body-name-differs"),
    ("unknown", "integrity", "more-after-last-signature"),
    ("unknown", "signer", "sealed-alone"),
    ("unknown", "competence", "registry-missing"),
    # warning
    ("warning", "time", "time-not-proven"),
    ("warning", "time", "timestamp-not-trusted"),
    ("warning", "trust", "revocation-not-checked"),
    ("warning", "time", "archive-status-dated"),
    ("warning", "time", "claimed-time-7h-off"),
    ("warning", "time", "claimed-time-ahead"),
    ("warning", "time", "algorithm-ageing"),
    ("warning", "record", "date-differs"),
    ("warning", "time", "level-below-promise"),
    ("warning", "time", "evidence-after-time"),
    ("warning", "trust", "anchor-is-not-a-ca"),
    ("warning", "trust", "trust-stale"),
    ("warning", "structure", "unusual-structure"),
    ("warning", "integrity", "form-filled-in"),
    ("warning", "integrity", "field-added-and-signed"),
    ("warning", "integrity", "annotation-added"),
    ("warning", "integrity", "second-opinion-unavailable"),
    ("warning", "trust", "revocation-older-than-signature"),
    ("warning", "signer", "no-person-signed"),
    # info
    ("info", "time", "archive-timestamp-due"),
    ("info", "trust", "evidence-replayed"),
)

#: code → row, worst first: the order in which a report lists what is equally bad
CATALOGUE: Mapping[Code, FindingKind] = {code: FindingKind(code, severity, check) for severity, check, code in _ROWS}
