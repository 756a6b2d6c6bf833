"""Time and trust: validation of signatures after ETSI EN 319 102-1.

1. Document time-stamps, newest first: each that passes proves that all before it existed (5.6.3, 5.6.2.3).
2. Signature time-stamps, at the time proven for them (5.4, 5.5).
3. Signing certificates, at the best signature time (5.5.4): path, revocation.

``at`` is the current time everywhere and proves nothing; evidence produced after it is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ecert.formats.pades.dss import read_dss, repeats_itself
from ecert.formats.pdf import StructureFault
from ecert.model.evidence import Evidence
from ecert.model.indications import Indication
from ecert.model.indications import SubIndication as Sub
from ecert.model.levels import LEVELS, Level
from ecert.model.times import rfc3339
from ecert.trust.certificates import load, subject_text, try_load
from ecert.trust.paths import CertificatePath, PathFault, find_path
from ecert.trust.revocation import RevocationStatus, needs_no_check, revocation_status
from ecert.trust.store import Role
from ecert.trust.usage import refuse_document_signing
from ecert.verify.case import Case, SignatureCase, TimestampCase
from ecert.verify.structure import report_fault

SEVEN_HOURS = timedelta(hours=7)
CLOCK_TOLERANCE = timedelta(minutes=5)  # between a claimed time and a time-stamp
DUE_WITHIN = timedelta(days=365)


@dataclass
class _Evidence:
    """All evidence that may count: what the file holds, what the caller gave, none after ``at``."""

    embedded: Evidence
    everything: Evidence


def validate_signatures(case: Case) -> None:
    """Decide the indication of every intact signature, and what each time-stamp proves."""
    evidence = _collect(case)
    if case.trust is None and case.signatures and case.policy.require_trust:
        case.find("no-anchors")
    proven: dict[int, datetime] = {}
    newest_timestamp = True
    for s in reversed(case.by_role("timestamp")):
        if s.intact:
            _validate_document_timestamp(case, s, evidence, proven, newest=newest_timestamp)
            newest_timestamp = False
    signed = [s for s in case.signatures if s.role != "timestamp" and s.intact]
    for s in reversed(signed):  # newest first: a later time-stamp also proves what it covers
        for t in s.timestamps:
            own = _proven_at(proven, s.revision, case.at)
            _validate_token(case, s, t, evidence, own, newest=newest_timestamp)
            if t.counts:
                proven[s.revision] = min(own, t.token.time)
        newest_timestamp = newest_timestamp and not s.timestamps
    for s in signed:
        s.best_signature_time = _proven_at(proven, s.revision, case.at)
        _validate_signer(case, s, evidence)
        _compare_claimed_time(case, s)
        s.level = _level(case, s, evidence)
    _sum_up(case)


def _collect(case: Case) -> _Evidence:
    """Put DSS, CMS and the caller's evidence together (5.2.5); the rest is ignored, with a finding."""
    embedded = Evidence()
    if case.document is not None:
        try:
            embedded = read_dss(case.document)
            if case.policy.is_copy and repeats_itself(case.document):
                case.find("unusual-structure", what="/DSS holds something twice")
        except StructureFault as fault:
            report_fault(case, fault)
    for s in case.signatures:
        for message in [s.message, *(t.token.message for t in s.timestamps)]:
            if message is not None:
                embedded += Evidence.of(message.certificates, message.ocsps, message.crls)
    return _Evidence(embedded, embedded + case.evidence)


def _proven_at(proven: dict[int, datetime], revision: int, at: datetime) -> datetime:
    """Return the earliest time at which a revision is proven to have existed (5.6.2.3)."""
    return min((time for r, time in proven.items() if r >= revision), default=at)


def _validate_document_timestamp(
    case: Case, s: SignatureCase, evidence: _Evidence, proven: dict[int, datetime], *, newest: bool
) -> None:
    token = s.timestamps[0]
    own = _proven_at(proven, s.revision, case.at)
    _validate_token(case, s, token, evidence, own, newest=newest)
    s.best_signature_time = token.token.time
    s.path = token.path
    if token.counts:
        s.indication = Indication.TOTAL_PASSED
        proven[s.revision] = min(own, token.token.time)
    else:
        s.doubt(s.sub_indication or Sub.NO_POE)


def _validate_token(
    case: Case, s: SignatureCase, t: TimestampCase, evidence: _Evidence, moment: datetime, *,
    newest: bool,
) -> None:  # fmt: skip
    """Validate one token at the time proven for it (5.4); it counts, or a warning says why not."""
    reason, sub = _token_doubt(case, s, t, evidence, moment, newest=newest)
    if reason is None:
        t.counts = True
        return
    if t.kind == "document":
        s.sub_indication = sub
    case.find("timestamp-not-trusted", field=s.name, reason=reason)


def _token_doubt(
    case: Case, s: SignatureCase, t: TimestampCase, evidence: _Evidence, moment: datetime, *,
    newest: bool,
) -> tuple[str | None, Sub | None]:  # fmt: skip
    certificate = t.token.message.signer_certificate
    assert certificate is not None
    if t.token.time > case.at:
        case.find("evidence-after-time", count=1, field=s.name)
        return f"its time {rfc3339(t.token.time)} is after the time of validation", Sub.NO_POE
    if t.token.time > moment:
        return "its time is after a later time-stamp", Sub.TIMESTAMP_ORDER_FAILURE
    found = find_path(
        certificate, trust=case.trust, role="timestamp",
        others=evidence.everything.certificates, moment=moment,
    )  # fmt: skip
    if isinstance(found, PathFault):
        return found.reason, _path_sub_indication(found)
    t.path = found
    for subject, issuer in found.issued():
        status = _status(case, subject, issuer, evidence, moment)
        if status.status == "good":
            continue
        if status.status == "revoked" and status.item and status.item.revoked_at:
            if status.item.revoked_at > moment:
                continue
            return "its authority's certificate was revoked", Sub.REVOKED_NO_POE
        if status.status == "stale" and newest and status.item:
            until = status.item.counts_until
            case.find("archive-status-dated", field=s.name, time=rfc3339(until))
            continue
        if case.policy.revocation == "if-present":
            case.find("revocation-not-checked", subject=subject_text(subject))
            continue
        if status.status == "stale":
            reason = f"there is only stale revocation data for {subject_text(subject)}"
        else:
            reason = f"there is no revocation data for {subject_text(subject)}"
        return reason, Sub.TRY_LATER
    return None, None


def _status(
    case: Case, certificate: bytes, issuer: bytes, evidence: _Evidence, moment: datetime
) -> RevocationStatus:
    found = try_load(certificate)
    if found is not None and needs_no_check(found):
        return RevocationStatus("good")
    return revocation_status(
        certificate, issuer, evidence.everything, moment=moment, known_by=case.at
    )


def _role(s: SignatureCase) -> Role | None:
    return s.role if s.role in ("signer", "seal") else None


def _validate_signer(case: Case, s: SignatureCase, evidence: _Evidence) -> None:
    """Validate the signing certificate at the best signature time (5.2.6, 5.5.4)."""
    assert s.message is not None
    assert s.message.signer_certificate is not None
    assert s.best_signature_time is not None
    certificate, moment = s.message.signer_certificate, s.best_signature_time
    refused = refuse_document_signing(load(certificate))
    if refused and (case.policy.is_copy or "CA" not in refused):
        s.fail(Sub.SIG_CONSTRAINTS_FAILURE)
        case.find("certificate-wrong-usage", field=s.name, reason=refused)
        return
    found = find_path(
        certificate, trust=case.trust, role=_role(s), others=evidence.everything.certificates,
        moment=moment,
    )  # fmt: skip
    if isinstance(found, PathFault):
        _report_path_fault(case, s, found)
        return
    s.path = found
    if found.direct:
        case.find("anchor-is-not-a-ca", subject=subject_text(certificate))
    for subject, issuer in found.issued():
        status = _status(case, subject, issuer, evidence, moment)
        s.revocation.append(status)
        _judge_revocation(case, s, subject, status)
    if s.sub_indication is None and s.indication is not Indication.TOTAL_FAILED:
        s.indication = Indication.TOTAL_PASSED


def _path_sub_indication(fault: PathFault) -> Sub:
    return {
        "no-path": Sub.NO_CERTIFICATE_CHAIN_FOUND,
        "expired": Sub.OUT_OF_BOUNDS_NO_POE,
        "not-yet-valid": Sub.NOT_YET_VALID,
        "weak": Sub.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
        "invalid": Sub.CHAIN_CONSTRAINTS_FAILURE,
    }[fault.kind]


def _report_path_fault(case: Case, s: SignatureCase, fault: PathFault) -> None:
    """Turn a path's fault into indication and finding."""
    assert s.message is not None
    assert s.message.signer_certificate is not None
    subject = subject_text(s.message.signer_certificate)
    code = {"signer": "signer-not-trusted", "seal": "seal-not-trusted"}.get(
        s.role, "signature-not-trusted"
    )
    sub = _path_sub_indication(fault)
    if fault.kind in ("no-path", "weak", "invalid"):
        s.doubt(sub)
        if case.trust is not None:
            case.find(code, field=s.name, reason=fault.reason)
    elif fault.kind == "expired":
        time = rfc3339(fault.time) if fault.time else "?"
        claimed = s.signature.claimed_time
        if fault.time and claimed and claimed > fault.time:
            s.fail(Sub.EXPIRED)
            reason = f"expired {time}, signed {rfc3339(claimed)}"
            case.find("not-valid-at-signing", field=s.name, subject=subject, reason=reason)
        else:
            s.doubt(Sub.OUT_OF_BOUNDS_NO_POE)
            case.find("expired-unproven-time", field=s.name, subject=subject, time=time)
    elif s.best_signature_time == case.at:  # nothing is proven, so nothing contradicts it
        s.doubt(Sub.OUT_OF_BOUNDS_NO_POE)
        time = rfc3339(fault.time) if fault.time else "?"
        case.find("not-yet-valid", field=s.name, subject=subject, time=time)
    else:
        s.fail(Sub.NOT_YET_VALID)
        time = rfc3339(fault.time) if fault.time else "?"
        reason = f"not valid before {time}"
        case.find("not-valid-at-signing", field=s.name, subject=subject, reason=reason)


def _judge_revocation(
    case: Case, s: SignatureCase, certificate: bytes, status: RevocationStatus
) -> None:
    """Decide what a certificate's status means at the best signature time (5.2.6.4, 5.5.4 step 5)."""
    moment, subject = s.best_signature_time, subject_text(certificate)
    assert moment is not None
    revoked_at = status.item.revoked_at if status.item else None
    if status.status == "good":
        return
    if status.status == "revoked" and revoked_at:
        if revoked_at > moment:
            return  # revoked after the time that is proven
        claimed, time = s.signature.claimed_time, rfc3339(revoked_at)
        if claimed is not None and claimed >= revoked_at:
            s.fail(Sub.REVOKED)
            case.find("revoked-before-signing", field=s.name, subject=subject, time=time)
        else:
            s.doubt(Sub.REVOKED_NO_POE)
            case.find("revoked-unproven-time", field=s.name, subject=subject, time=time)
        return
    if case.policy.revocation == "if-present":
        case.find("revocation-not-checked", field=s.name, subject=subject)
        return
    s.doubt(Sub.TRY_LATER)
    if status.status == "stale" and status.item:
        until = rfc3339(status.item.counts_until)
        case.find("revocation-stale", field=s.name, subject=subject, time=until)
    else:
        case.find("revocation-missing", field=s.name, subject=subject)


def _compare_claimed_time(case: Case, s: SignatureCase) -> None:
    """Hold the claimed time against the proven one; without a proof say so."""
    if not any(t.counts for t in s.timestamps) and s.best_signature_time == case.at:
        case.find("time-not-proven", field=s.name)
        return
    claimed, proven = s.signature.claimed_time, s.best_signature_time
    if claimed is None or proven is None:
        return
    if abs(abs(claimed - proven) - SEVEN_HOURS) <= CLOCK_TOLERANCE:
        case.find("claimed-time-7h-off", field=s.name)


def _level(case: Case, s: SignatureCase, evidence: _Evidence) -> Level | None:
    """Return the PAdES baseline level a signature has reached (EN 319 142-1, 6)."""
    if s.signature.dictionary.get("SubFilter") != "ETSI.CAdES.detached":
        return None
    stamps = [t for t in s.timestamps if t.counts]
    if not stamps:
        return "B-B"
    paths = [p for p in (s.path, *(t.path for t in stamps)) if p is not None]
    if s.path is None or not all(_embedded(case, p, evidence, s) for p in paths):
        return "B-T"
    archived = any(
        t.counts and d.revision > s.revision
        for d in case.by_role("timestamp")
        for t in d.timestamps
    )
    return "B-LTA" if archived else "B-LT"


def _embedded(case: Case, path: CertificatePath, evidence: _Evidence, s: SignatureCase) -> bool:
    """Tell whether the file itself holds what proves a path's revocation status."""
    assert s.best_signature_time is not None
    for certificate, issuer in path.issued():
        if needs_no_check(load(certificate)):
            continue
        status = revocation_status(
            certificate, issuer, evidence.embedded, moment=s.best_signature_time, known_by=case.at
        )
        if status.status == "missing" or certificate not in evidence.embedded.certificates:
            return False
    return True


def _sum_up(case: Case) -> None:
    """Set the level the whole document has reached and how long its proof lasts."""
    signed = [s for s in case.signatures if s.role != "timestamp" and s.intact]
    levels = [s.level for s in signed if s.level is not None]
    if levels and len(levels) == len(signed):
        case.reached = min(levels, key=LEVELS.index)
    stamps = [t for s in case.signatures for t in s.timestamps if t.counts and t.path]
    documents = [t for t in stamps if t.kind == "document"]
    if documents:
        paths = [documents[-1].path]
    else:
        paths = [t.path for t in stamps] + [
            s.path for s in case.signatures if s.role != "timestamp"
        ]
    ends = [
        load(certificate).not_valid_after_utc
        for path in paths
        if path
        for certificate in (path.certificates[:-1] or path.certificates)
    ]
    if ends and case.signatures:
        case.proof_until = min(ends)
        if documents and case.proof_until - DUE_WITHIN <= case.at:
            case.find("archive-timestamp-due", time=rfc3339(case.proof_until))
