"""Put the case into words and numbers: the report, version 1."""

from __future__ import annotations

import hashlib
from datetime import datetime

from ecert.formats.pades.ranges import RangeDigests
from ecert.model.evidence import Attempt
from ecert.model.findings import CATALOGUE
from ecert.model.times import rfc3339
from ecert.report import (
    REPORT_VERSION,
    Circumstances,
    Report,
    cause_text,
    decide,
    find_cause,
    put_into_words,
    reason_text,
)
from ecert.report.content import (
    AttemptPart,
    BodyPart,
    CertifierPart,
    CopyPart,
    HistoryPart,
    PolicyPart,
    ProofLimitPart,
    ReportContent,
)
from ecert.report.summary import Parties, summarise
from ecert.trust.certificates import common_name, organization
from ecert.trust.identity import is_body, is_certifier, named_otherwise, names_of_both
from ecert.verify.additions import signer_name
from ecert.verify.case import Case
from ecert.verify.checks import statuses
from ecert.verify.identity import certificate_of
from ecert.verify.signature_rows import evidence_rows, signature_row
from ecert.version import __version__

#: errors that say nothing against a signature: the policy asks for others, or for more
_DEMANDS: frozenset[str] = frozenset(
    {
        *("level-too-low", "archive-timestamp-missing", "too-few-signatures", "field-unsigned"),
        *("field-added-against-policy", "signatures-out-of-order", "algorithm-not-permitted"),
        *("seal-missing", "same-key-twice"),
        *("body-not-competent", "certifier-not-competent", "seal-key-not-of-body"),
        *(code for code, row in CATALOGUE.items() if row.severity != "error"),  # what a policy raises
    }
)
MAX_NAMED_OBJECTS = 100  # replaced objects of one revision that the report lists


def make_report(case: Case, digests: RangeDigests, name: str) -> Report:
    """Return the report; the verdict is decided by its findings alone."""
    weighed = list(case.policy.weigh(case.findings))
    signatures = [signature_row(case, s, digests) for s in case.signatures]
    cause = find_cause(weighed, Circumstances(rfc3339(case.at), signatures))
    findings = put_into_words(weighed, case.utc_offset_hours, cause)
    verdict = decide(findings)
    document = case.document
    is_certified = case.policy.stage == "certified"
    other = next((f for f in findings if f.code == "other-system" and verdict == "INDETERMINATE"), None)
    reason = cause_text(cause, case.utc_offset_hours) if cause else findings[0].text if findings else None
    if other is not None:
        reason = other.text
    content: ReportContent = {
        "report_version": REPORT_VERSION,
        "generator": {"name": "ecert", "version": __version__},
        "verified_at": rfc3339(case.at),
        "verdict": verdict,
        "certified": verdict == "VALID" and "certified-copy" in (case.policy.id, case.policy.based_on),
        "cause": cause.name if cause else None,
        "summary": summarise(
            verdict,
            reason,
            _parties(case),
            is_copy=case.policy.is_copy,
            is_certified=is_certified,
            is_sealed=case.policy.stage == "sealed",
            is_of_others=other is not None,
            is_demand=all(f.code in _DEMANDS for f in findings if f.severity == "error"),
        ),
        "proof_until": _optional(case.proof_limit.until if case.proof_limit else None),
        "proof_limit": _proof_limit(case),
        "document": {
            "name": name,
            "size": len(case.data),
            "sha256": digests.digest("sha256", [(0, len(case.data))]).hex(),
            "pages": sum(1 for _ in document.pages()) if document else None,
        },
        "policy": _policy(case),
        "trust": {
            "id": case.trust.id if case.trust else None,
            "sha256": case.trust.sha256 if case.trust else hashlib.sha256(b"").hexdigest(),
        },
        "validation_time": rfc3339(case.at),
        "copy": _copy(case),
        "checks": statuses(case, findings),
        "signatures": signatures,
        "evidence": evidence_rows(case),
        "history": _history(case),
        "attempts": [_attempt(a) for a in case.evidence.attempts],
        "findings": [f.to_dict() for f in findings],
    }
    return Report(verdict, findings, content)


def _policy(case: Case) -> PolicyPart:
    said = case.policy.describe()
    return {"id": said["id"], "version": said["version"], "sha256": said["sha256"], "settings": said["settings"]}


def _history(case: Case) -> HistoryPart | None:
    """Return what each revision did, and the pages later ones touched; None: not read so far."""
    if not case.revisions:
        return None
    return {
        "revisions": [
            {
                "index": r.index,
                "start": r.start,
                "end": r.end,
                "signed": list(r.signed),
                "added": r.added,
                "replaced": list(r.replaced[:MAX_NAMED_OBJECTS]),
                "removed": r.removed,
            }
            for r in case.revisions
        ],
        "pages": [
            {"page": p.page, "at_signer": p.at_signer, "at_seal": p.at_seal, "now": p.now} for p in case.page_histories
        ],
    }


def _proof_limit(case: Case) -> ProofLimitPart | None:
    limit = case.proof_limit
    if limit is None:
        return None
    text = reason_text(limit.reason, case.utc_offset_hours)
    return {"kind": limit.kind, "name": limit.name, "text": text}


def _attempt(attempt: Attempt) -> AttemptPart:
    part: AttemptPart = {"url": attempt.url, "outcome": attempt.outcome}
    if attempt.told_by:
        part["told_by"] = attempt.told_by
    return part


def _optional(time: datetime | None) -> str | None:
    return rfc3339(time) if time else None


def _parties(case: Case) -> Parties:
    signers = [signer_name(s) for s in case.signed]
    is_certified = bool(case.signed) and case.signed[0].signature.docmdp is not None
    if case.record is None:
        return Parties(signers, is_certified=is_certified)
    act = case.record.certification
    return Parties(signers, act.certifier.name, act.body.name, act.original.pages, is_certified, _differing_names(case))


def _differing_names(case: Case) -> dict[str, tuple[str, str]]:
    """Return certifier and body, where they differ, as record and certificate name them."""
    found: dict[str, tuple[str, str]] = {}
    if case.record is None:
        return found
    act = case.record.certification
    signer, seal = certificate_of(case, "signer"), certificate_of(case, "seal")
    if signer is not None and not is_certifier(act.certifier, signer):
        found["certifier"] = act.certifier.name, common_name(signer)
    if seal is not None and not is_body(act.body, seal):
        found["body"] = names_of_both(act.body, seal)
    return found


def _copy(case: Case) -> CopyPart | None:
    if case.record is None:
        return None
    record = case.record.to_dict()
    certifier: CertifierPart = record["certifier"]
    body: BodyPart = record["body"]
    roles = {s.role for s in case.signatures}
    act = case.record.certification
    signer, seal = certificate_of(case, "signer"), certificate_of(case, "seal")
    certifier["certificate_name"] = common_name(signer) if signer else None
    certifier["names_agree"] = is_certifier(act.certifier, signer) if signer else None
    body["certificate_name"] = common_name(seal) if seal else None
    body["certificate_parent"] = organization(seal) if seal else None
    body["names_agree"] = not named_otherwise(act.body, seal) if seal else None
    return {
        "stage": "certified" if "seal" in roles else "signed" if "signer" in roles else "draft",
        "id": record["id"],
        "replaces": record.get("replaces", []),
        "format": record["format"],
        "profile": record["profile"],
        "level": record["level"],
        "number": record["number"],
        "book": record["book"],
        "series": record["series"],
        "date": record["date"],
        "original": record["original"],
        "body": body,
        "certifier": certifier,
        "pages": record["pages"],
    }
