"""Validation of a signing certificate at the best signature time (EN 319 102-1, 5.2.6, 5.2.8, 5.5.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from ecert.errors import Reason
from ecert.model.findings import Code
from ecert.model.indications import Indication
from ecert.model.indications import SubIndication as Sub
from ecert.model.roles import SignatureRole
from ecert.model.times import rfc3339
from ecert.trust.certificates import load, subject_text
from ecert.trust.extensions import ExtensionFault
from ecert.trust.paths import CertificatePath, PathFault
from ecert.trust.revocation import RevocationStatus, unjudged_algorithm
from ecert.trust.usage import refuse_document_signing
from ecert.verify.case import Case, SignatureCase
from ecert.verify.validation.constraints import message_limits, passed_limits
from ecert.verify.validation.material import PATH_SUB_INDICATIONS, Material, Statuses

_NOT_TRUSTED: Mapping[SignatureRole, Code] = {"signer": "signer-not-trusted", "seal": "seal-not-trusted"}


def validate_signer(m: Material, s: SignatureCase) -> None:
    """Decide a signature's indication; findings say what its certificate lacks."""
    case, moment, certificate = m.case, _moment(s), s.certificate
    # 1. may it sign documents at all
    try:
        refused = refuse_document_signing(certificate)
    except ExtensionFault as fault:
        s.doubt(Sub.CHAIN_CONSTRAINTS_FAILURE)
        case.add("certificate-unreadable", field=s.name, reason=fault.reason)
        return
    if refused and (case.policy.is_copy or refused.code != "trust.is-a-ca"):
        s.fail(Sub.SIG_CONSTRAINTS_FAILURE)
        case.add("certificate-wrong-usage", field=s.name, reason=refused)
        return
    # 2. a path to an anchor that is valid at the best signature time
    found = m.path(certificate, s.signing_role, moment)
    if isinstance(found, PathFault):
        _report_path_fault(m, s, found)
        return
    s.path, statuses = found
    if s.path.direct:
        case.add("anchor-is-not-a-ca", subject=subject_text(certificate))
    # 3. cryptographic constraints, before what newer data could still decide
    _judge_algorithms(case, s, s.path)
    # 4. revocation of each certificate of the path
    s.revocation = [status for _, status in statuses]
    for subject, status in reversed(statuses):  # from the anchor downwards (5.6.2.2)
        _judge_revocation(m, s, subject, status)
    _tell_older_status(case, s, statuses)
    if s.sub_indication is None and s.indication is not Indication.TOTAL_FAILED:
        s.indication = Indication.TOTAL_PASSED


def _moment(s: SignatureCase) -> datetime:
    assert s.best_signature_time is not None
    return s.best_signature_time


def _report_path_fault(m: Material, s: SignatureCase, fault: PathFault) -> None:
    """Turn a path's fault into indication and finding (5.2.6.4; for time 5.5.4, step 5)."""
    case, subject = m.case, subject_text(s.certificate)
    time = rfc3339(fault.time) if fault.time else "?"
    if fault.kind == "weak":
        s.doubt(Sub.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)
        case.add("algorithm-unproven-time", field=s.name, algorithm=fault.algorithm, time=time)
    elif fault.kind == "unsupported":
        s.doubt(PATH_SUB_INDICATIONS[fault.kind])
        case.add("algorithm-not-supported", field=s.name, reason=fault.reason)
    elif fault.kind == "unreadable":
        s.doubt(PATH_SUB_INDICATIONS[fault.kind])
        case.add("certificate-unreadable", field=s.name, reason=fault.reason)
    elif fault.kind in ("no-path", "invalid"):
        s.doubt(PATH_SUB_INDICATIONS[fault.kind])
        if case.trust is not None:
            case.add(_NOT_TRUSTED.get(s.role, "signature-not-trusted"), field=s.name, reason=fault.reason)
    elif fault.kind == "expired":
        claimed = s.signature.claimed_time
        if fault.time and claimed and claimed > fault.time:
            s.fail(Sub.EXPIRED)
            reason = Reason("time.expired-signed", time=time, signed=rfc3339(claimed))
            case.add("not-valid-at-signing", field=s.name, subject=subject, reason=reason)
        else:
            s.doubt(_out_of_bounds(m, s, fault))
            case.add("expired-unproven-time", field=s.name, subject=subject, time=time)
    elif not m.proofs.proves(s.revision):  # nothing is proven, so nothing contradicts it
        s.doubt(Sub.OUT_OF_BOUNDS_NO_POE)
        case.add("not-yet-valid", field=s.name, subject=subject, time=time)
    else:
        s.fail(Sub.NOT_YET_VALID)
        reason = Reason("time.not-valid-before", time=time)
        case.add("not-valid-at-signing", field=s.name, subject=subject, reason=reason)


def _out_of_bounds(m: Material, s: SignatureCase, fault: PathFault) -> Sub:
    """Return an expired certificate's sub-indication; one known not to be revoked has its own (5.2.6.4, table 6)."""
    if fault.time is not None:
        found = m.path(s.certificate, s.signing_role, fault.time)
        statuses = [] if isinstance(found, PathFault) else [status for _, status in found[1]]
        if statuses and all(status.clean_at(fault.time) for status in statuses):
            return Sub.OUT_OF_BOUNDS_NOT_REVOKED
    return Sub.OUT_OF_BOUNDS_NO_POE


def _judge_revocation(m: Material, s: SignatureCase, certificate: bytes, status: RevocationStatus) -> None:
    """Decide what a certificate's status means at the best signature time (5.2.6.4, 5.5.4 step 5)."""
    case, subject, item = m.case, subject_text(certificate), status.item
    if status.clean_at(_moment(s)):
        return
    if item is not None and item.revoked_at is not None:
        claimed, time = s.signature.claimed_time, rfc3339(item.revoked_at)
        if status.status == "on-hold":
            s.doubt(Sub.TRY_LATER)
            case.add("certificate-suspended", field=s.name, subject=subject, time=time)
        elif claimed is not None and claimed >= item.revoked_at:
            s.fail(Sub.REVOKED)
            case.add("revoked-before-signing", field=s.name, subject=subject, time=time)
        else:
            own = certificate == s.certificate
            s.doubt(Sub.REVOKED_NO_POE if own else Sub.REVOKED_CA_NO_POE)
            case.add("revoked-unproven-time", field=s.name, subject=subject, time=time)
        return
    if case.policy.revocation == "if-present":
        case.add("revocation-not-checked", field=s.name, subject=subject)
        return
    assert s.path is not None
    if m.lacks_only_proof(s.path, certificate, _moment(s)):
        expired = load(certificate).not_valid_after_utc < case.at
        s.doubt(Sub.OUT_OF_BOUNDS_NO_POE if expired else Sub.REVOCATION_OUT_OF_BOUNDS_NO_POE)
        case.add("revocation-unproven-time", field=s.name, subject=subject)
        return
    s.doubt(Sub.TRY_LATER)
    if status.status == "stale" and item is not None:
        until = rfc3339(item.counts_until)
        case.add("revocation-stale", field=s.name, subject=subject, time=until)
    elif (algorithm := unjudged_algorithm(certificate, m.everything)) is not None:
        reason = Reason("trust.status-signed-by", algorithm=algorithm, subject=subject)
        case.add("algorithm-not-supported", field=s.name, reason=reason)
    else:
        case.add("revocation-missing", field=s.name, subject=subject)


def _tell_older_status(case: Case, s: SignatureCase, statuses: Statuses) -> None:
    """Add a finding where nothing that counts about the signer's own certificate was made since it signed.

    Whoever has a key that was revoked a moment ago could bring along what was true before. Of the
    authorities above nothing is told: their lists are issued once in months.
    """
    if not statuses:
        return
    (certificate, status), moment = statuses[0], _moment(s)
    item = status.item
    if item is None or status.status != "good" or not item.made_before(moment):
        return
    case.add(
        "revocation-older-than-signature",
        field=s.name,
        subject=subject_text(certificate),
        time=rfc3339(item.this_update),
        signed=rfc3339(moment),
        gap=_in_words(moment - item.this_update),
    )


def _in_words(gap: timedelta) -> Reason:
    """Return a span of time in the largest unit of which it has two."""
    minutes = gap // timedelta(minutes=1)
    if minutes >= 2 * 24 * 60:
        return Reason("time.days", count=minutes // (24 * 60))
    return Reason("time.hours", count=minutes // 60) if minutes >= 2 * 60 else Reason("time.minutes", count=minutes)


def _judge_algorithms(case: Case, s: SignatureCase, path: CertificatePath) -> None:
    """Hold the algorithms against their dated limits (5.2.8; 5.5.4, step 7).

    A limit that passed before the claimed time refuses the signature by its own words; one that
    passed before the proven time alone leaves open whether it is older.
    """
    assert s.message is not None
    claimed = s.signature.claimed_time
    for used in passed_limits(message_limits(s.message, path), _moment(s)):
        limit = used.limit
        until = rfc3339(limit.until) if limit.until else "?"
        if limit.forecast:
            case.add("algorithm-ageing", field=s.name, algorithm=used.name, time=until)
        elif claimed is not None and limit.passed(claimed):
            s.fail(Sub.CRYPTO_CONSTRAINTS_FAILURE)
            case.add("algorithm-too-weak", field=s.name, algorithm=used.name)
        else:
            s.doubt(Sub.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)
            case.add("algorithm-unproven-time", field=s.name, algorithm=used.name, time=until)
