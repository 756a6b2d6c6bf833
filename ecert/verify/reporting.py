"""Put the case into words and numbers: the report, version 1."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from ecert.formats.pades.algorithms import key_size
from ecert.formats.pades.ranges import RangeDigests
from ecert.model.evidence import Attempt
from ecert.model.phrases import in_vietnamese
from ecert.model.times import rfc3339
from ecert.report import REPORT_VERSION, Report, check_statuses, decide, sort_findings
from ecert.trust.certificates import (
    common_name,
    fingerprint,
    identifiers,
    load,
    organization,
    public_key,
    try_load,
)
from ecert.trust.paths import CertificatePath
from ecert.verify.case import Case, SignatureCase
from ecert.version import __version__

_SUMMARIES = {
    "VALID": {
        "vi": "Bản sao chứng thực hợp lệ: {certifier} ký, {body} đóng dấu; "
              "nội dung nguyên vẹn, đầy đủ {pages} trang.",
        "en": "The certified copy is valid: signed by {certifier}, sealed by {body}; "
              "complete ({pages} pages) and unaltered.",
    },
    "VALID-signatures": {
        "vi": "Các chữ ký số trong tài liệu đều hợp lệ.",
        "en": "The document's signatures are valid.",
    },
    "INVALID": {
        "vi": "Không được chấp nhận tệp này là bản sao chứng thực: {reason}",
        "en": "This file must not be accepted as a certified copy: {reason}",
    },
    "INVALID-signatures": {
        "vi": "Không được tin các chữ ký trong tài liệu này: {reason}",
        "en": "The signatures of this document must not be relied on: {reason}",
    },
    "INDETERMINATE": {
        "vi": "Chưa thể kết luận về tệp này: {reason}",
        "en": "Nothing final can be said about this file: {reason}",
    },
}  # fmt: skip


def make_report(case: Case, digests: RangeDigests, name: str) -> Report:
    """Return the report; the verdict is decided by its findings alone."""
    findings = sort_findings(case.findings)
    verdict = decide(findings)
    not_checked = {*case.policy.not_checked, *case.not_checked}
    statuses = check_statuses(findings, not_checked)
    document = case.document
    listed = [f.to_dict() for f in findings]
    content = {
        "report_version": REPORT_VERSION,
        "generator": {"name": "ecert", "version": __version__},
        "verified_at": rfc3339(case.at),
        "verdict": verdict,
        "summary": _summary(case, verdict, listed),
        "proof_until": _optional(case.proof_limit.until if case.proof_limit else None),
        "proof_limit": _proof_limit(case),
        "document": {
            "name": name,
            "size": len(case.data),
            "sha256": digests.digest("sha256", [(0, len(case.data))]).hex(),
            "pages": sum(1 for _ in document.pages()) if document else None,
        },
        "policy": case.policy.describe(),
        "trust": {
            "id": case.trust.id if case.trust else None,
            "sha256": case.trust.sha256 if case.trust else hashlib.sha256(b"").hexdigest(),
        },
        "validation_time": rfc3339(case.at),
        "copy": _copy(case),
        "checks": statuses,
        "signatures": [_signature(case, s) for s in case.signatures],
        "attempts": [_attempt(a) for a in case.evidence.attempts],
        "findings": listed,
    }
    return Report(verdict, findings, content)


def _proof_limit(case: Case) -> dict[str, Any] | None:
    limit = case.proof_limit
    if limit is None:
        return None
    text = {"vi": in_vietnamese(limit.reason), "en": limit.reason}
    return {"kind": limit.kind, "name": limit.name, "text": text}


def _attempt(attempt: Attempt) -> dict[str, str]:
    return {"url": attempt.url, "outcome": attempt.outcome}


def _optional(time: datetime | None) -> str | None:
    return rfc3339(time) if time else None


def _summary(case: Case, verdict: str, findings: list[dict[str, Any]]) -> dict[str, str]:
    key = verdict
    if not case.policy.is_copy and f"{verdict}-signatures" in _SUMMARIES:
        key = f"{verdict}-signatures"
    elif verdict == "VALID" and case.policy.stage != "certified":
        key = "VALID-signatures"
    summary = {}
    for lang, template in _SUMMARIES[key].items():
        values = {"reason": findings[0]["text"][lang] if findings else ""}
        if case.record is not None:
            act = case.record.certification
            values |= {
                "certifier": act.certifier.name,
                "body": act.body.name,
                "pages": str(act.original.pages),
            }
        summary[lang] = template.format_map(values)
    return summary


def _copy(case: Case) -> dict[str, Any] | None:
    if case.record is None:
        return None
    record = case.record.to_dict()
    roles = {s.role for s in case.signatures}
    stage = "certified" if "seal" in roles else "signed" if "signer" in roles else "draft"
    return {
        "stage": stage,
        "id": record["id"],
        "replaces": record.get("replaces", []),
        **{
            key: record[key]
            for key in (
                "format", "profile", "level", "number", "book", "series", "date", "original",
                "body", "certifier", "pages",
            )
        },
    }  # fmt: skip


def _signature(case: Case, s: SignatureCase) -> dict[str, Any]:
    message = s.message
    certificate = message.signer_certificate if message else None
    document = case.document
    assert document is not None
    byte_range = s.signature.byte_range
    whole = byte_range is not None and byte_range[2] + byte_range[3] == len(case.data)
    return {
        "field": s.name,
        "role": s.role,
        "indication": str(s.indication),
        "sub_indication": str(s.sub_indication) if s.sub_indication else None,
        "level": s.level,
        "certificate": _certificate(certificate) if certificate else None,
        "chain": _chain(s),
        "claimed_time": _optional(s.signature.claimed_time),
        "best_signature_time": _optional(s.best_signature_time),
        "timestamps": [
            {
                "kind": t.kind,
                "authority": common_name(t.token.message.signer_certificate or b""),
                "time": rfc3339(t.token.time),
                "counts": t.counts,
            }
            for t in s.timestamps
        ],
        "covers": "whole-file" if whole else "revision",
        "revision": s.revision,
        "changes_after": s.changes_after,
        "algorithms": {
            "digest": message.digest_algorithm if message else None,
            "signature": str(message.scheme.kind) if message else None,
            "key_size": _key_size(certificate),
        },
    }


def _key_size(certificate: bytes | None) -> int | None:
    try:
        return key_size(public_key(certificate)) if certificate else None
    except ValueError:
        return None


def _certificate(der: bytes) -> dict[str, Any]:
    found = try_load(der)
    return {
        "name": common_name(der),
        "organization": organization(der),
        "subject": found.subject.rfc4514_string() if found else None,
        "issuer": found.issuer.rfc4514_string() if found else None,
        "serial": f"{found.serial_number:x}" if found else None,
        "sha256": fingerprint(der),
        "identifiers": list(identifiers(der)),
        "not_before": rfc3339(found.not_valid_before_utc) if found else None,
        "not_after": rfc3339(found.not_valid_after_utc) if found else None,
    }


def _chain(s: SignatureCase) -> list[dict[str, Any]]:
    path: CertificatePath | None = s.path
    if path is None:
        return []
    rows = []
    last = len(path.certificates) - 1
    for i, der in enumerate(path.certificates):
        status = s.revocation[i] if i < len(s.revocation) else None
        item = status.item if status else None
        rows.append(
            {
                "subject": load(der).subject.rfc4514_string(),
                "sha256": fingerprint(der),
                "anchor": i == last,
                "revocation": {
                    "status": status.status if status else "not-needed",
                    "source": item.source if item else None,
                    "this_update": rfc3339(item.this_update) if item else None,
                    "next_update": _optional(item.next_update) if item else None,
                },
            }
        )
    return rows
