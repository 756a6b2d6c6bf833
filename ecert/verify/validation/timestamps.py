"""Validation of one time-stamp token (EN 319 102-1, 5.4), at the time proven for it (5.6.2.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ecert.errors import Reason
from ecert.formats.pades.cms import TimestampToken
from ecert.model.indications import SubIndication as Sub
from ecert.model.times import CLOCK_TOLERANCE, rfc3339
from ecert.trust.certificates import subject_text
from ecert.trust.paths import CertificatePath, PathFault
from ecert.trust.timestamp_tokens import outlives_revocation, stamped_in_time, statement_fault
from ecert.verify.case import Case, SignatureCase, TimestampCase
from ecert.verify.validation.constraints import passed_limits, timestamp_limits
from ecert.verify.validation.material import PATH_SUB_INDICATIONS, Material, Statuses

Doubt = tuple[Reason | None, Sub]  # None: the contradiction is a finding of its own


def validate_timestamp(m: Material, s: SignatureCase, t: TimestampCase, *, newest: bool) -> None:
    """Decide whether a token counts; where it does not, a warning says why.

    ``newest``: nothing younger proves anything, so its authority's status counts beyond its
    nextUpdate while the certificate lives, with the warning ``archive-status-dated``.
    """
    moment = m.proofs.of_revision(s.revision + 1)  # nothing of its own revision covers a token
    doubt = _doubt(m, s, t, moment, newest=newest)
    if doubt is None:
        t.counts = True
        return
    reason, t.sub_indication = doubt
    contradicted = t.sub_indication is Sub.TIMESTAMP_ORDER_FAILURE
    if t.kind == "document" or contradicted:
        s.doubt(t.sub_indication)
    if contradicted:
        times = {"time": rfc3339(t.token.time), "until": rfc3339(moment)}
        m.case.add("timestamps-contradict", field=s.name, **times)
    else:
        m.case.add("timestamp-not-trusted", field=s.name, reason=reason)


def _doubt(m: Material, s: SignatureCase, t: TimestampCase, moment: datetime, *, newest: bool) -> Doubt | None:
    # 1. its time: not after the time of validation, nor after what proves it (5.5.4)
    time = t.token.time
    if time > m.case.known_by:
        m.case.add("evidence-after-time", count=1, field=s.name)
        if t.kind == "signature":  # its own: the document is younger than our clock
            m.case.add("signed-in-the-future")
        return Reason("time.in-the-future", time=rfc3339(time)), Sub.NO_POE
    fault = statement_fault(t.token)  # of a copy's it was told before (verify.integrity)
    if fault is not None:
        return fault, Sub.SIG_CONSTRAINTS_FAILURE
    # one that what covers it contradicts is looked at as if it stood alone
    contradicts = _contradicts(t.token, moment)
    moment = min(t.token.proven, m.case.at) if contradicts else moment
    # 2. its authority's path, valid at the proven time (5.2.6, 5.6.2.2)
    certificate = t.token.message.signer_certificate
    assert certificate is not None
    if not stamped_in_time(t.token):
        return Reason("time.authority-not-valid-then"), Sub.OUT_OF_BOUNDS_NO_POE
    proven = _covered(m, s, t) if newest else None
    found = m.path(certificate, "timestamp", moment, proven=proven)
    if isinstance(found, PathFault):
        return found.reason, PATH_SUB_INDICATIONS[found.kind]
    t.path, statuses = found
    # 3. revocation of each certificate of the path
    t.revocation = [status for _, status in statuses]
    if t.kind == "document":
        s.revocation = t.revocation
    doubt = _revocation_doubt(m.case, s, t, statuses, moment, newest=newest)
    if doubt is not None:
        return doubt
    # 4. cryptographic constraints (5.2.8)
    doubt = _algorithm_doubt(m.case, s, t, t.path, moment)
    # 5. the time of what covers it, where both would count (5.5.4)
    if doubt is None and contradicts:
        return None, Sub.TIMESTAMP_ORDER_FAILURE
    return doubt


def _contradicts(token: TimestampToken, moment: datetime) -> bool:
    """Return whether a token says it is younger than what was made over it, at ``moment`` at the latest.

    Two authorities whose clocks differ within the tolerance contradict nobody: below it the order of two
    tokens means nothing (RFC 3161, 2.4.2, ordering).
    """
    return token.time > moment + CLOCK_TOLERANCE + token.accuracy


def _covered(m: Material, s: SignatureCase, t: TimestampCase) -> Callable[[bytes], datetime] | None:
    """Take what the newest document time-stamp covers to be as old as it says.

    Nothing younger proves it, and its authority's status is known only as of then; but it does not
    end with the certificate of an OCSP responder, which may live for days.
    """
    if t.kind != "document":
        return None

    def proven(der: bytes) -> datetime:
        covered_from = m.proofs.covered_from(der)
        own = covered_from is not None and covered_from <= s.revision
        return min(t.token.proven, m.proofs.of_item(der)) if own else m.proofs.of_item(der)

    return proven


def _revocation_doubt(
    case: Case, s: SignatureCase, t: TimestampCase, statuses: Statuses, moment: datetime, *, newest: bool
) -> Doubt | None:
    dated: list[datetime] = []
    authority = t.token.message.signer_certificate
    for subject, status in reversed(statuses):  # from the anchor downwards (5.6.2.2)
        name, item = subject_text(subject), status.item
        if status.clean_at(moment):
            continue
        if item is not None and item.revoked_at is not None:
            if subject == authority and outlives_revocation(t.token.proven, status):
                continue
            if status.status == "on-hold":
                return Reason("time.certificate-suspended", subject=name), Sub.TRY_LATER
            return Reason("time.certificate-revoked", subject=name), Sub.REVOKED_NO_POE
        if status.status == "stale" and newest and item and item.counts_until >= t.token.time:
            dated.append(item.counts_until)
        elif case.policy.revocation == "if-present":
            case.add("revocation-not-checked", subject=name)
        elif status.status == "stale":
            return Reason("time.revocation-data-stale", subject=name), Sub.TRY_LATER
        else:
            return Reason("time.no-revocation-data", subject=name), Sub.TRY_LATER
    if dated:
        case.add("archive-status-dated", field=s.name, time=rfc3339(min(dated)))
    return None


def _algorithm_doubt(
    case: Case, s: SignatureCase, t: TimestampCase, path: CertificatePath, moment: datetime
) -> Doubt | None:
    for used in passed_limits(timestamp_limits(t.token, path), moment):
        limit = used.limit
        until = rfc3339(limit.until) if limit.until else "?"
        if not limit.forecast:
            reason = Reason("time.not-relied-since", name=used.name, time=until)
            return reason, Sub.CRYPTO_CONSTRAINTS_FAILURE_NO_POE
        case.add("algorithm-ageing", field=s.name, algorithm=used.name, time=until)
    return None
