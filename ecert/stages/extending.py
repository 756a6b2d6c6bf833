"""Keep copies alive: raise the level, renew the archive time-stamp before it weakens (EN 319 142-1, 5.4 and 6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ecert.errors import InputError, ServiceError, UsageError
from ecert.model.indications import Indication
from ecert.model.levels import Level, at_least, check_level
from ecert.model.limits import MAX_OUTPUT_MB
from ecert.model.times import read_clock, rfc3339
from ecert.sign.checks import check_size
from ecert.sign.steps import append_archive, append_timestamp
from ecert.stages.act import Act
from ecert.stages.copies import CertifiedCopy
from ecert.stages.self_check import verified
from ecert.trust.services import Services
from ecert.trust.store import TrustStore
from ecert.verify.case import Case, ProofLimit
from ecert.verify.copy import judge
from ecert.verify.policies import CERTIFIED_COPY, get_policy

#: How long before its proof ends a copy is called due, unless somebody says otherwise.
DUE_WITHIN = timedelta(days=365)


def extend_copy(
    copy: CertifiedCopy,
    *,
    level: str | None = None,
    trust: TrustStore,
    services: Services,
    max_output_mb: float = MAX_OUTPUT_MB,
    at: datetime | None = None,
) -> CertifiedCopy:
    """Bring a copy to ``level`` (default: the one its record promises), or renew its archive time-stamp.

    One revision is appended: what the ``/DSS`` lacks, and from B-LTA the document time-stamp that ends
    the file. A renewal proves again all that stands before it; nothing is asked about certificates
    whose evidence stands under a document time-stamp already.

    Raises:
        InputError: the copy does not verify, so nothing that is appended could help it.
        ServiceError: a service did not give what is needed, or a renewal would prove no longer.
        UsageError: the copy has that level already, or the level needs no extension.
    """
    if not isinstance(copy, CertifiedCopy):
        raise UsageError(
            "extend_copy takes a CertifiedCopy", hint="open it with CertifiedCopy.open(path)"
        )
    target = check_level(level) if level else copy.record.level
    act = Act(trust, services, max_output_mb, at)
    act.require(target)
    # 1. what the copy proves today, and until when
    case = _judged(copy, trust, act.now())
    reached = case.reached or "B-B"
    if at_least(reached, target) and target != "B-LTA":
        raise UsageError(
            f"the copy has level {reached} already", hint="choose a higher level, such as B-LTA"
        )
    # 2. the revision that brings it further
    data = _extended(copy, case, reached, target, act)
    check_size(len(data), max_output_mb)
    # 3. the same verification as ever, and the proof must last longer than before
    extended = verified(
        CertifiedCopy, data, trust=trust, level=target, at=at, attempts=act.attempts,
        extended=True,
    )  # fmt: skip
    if reached == "B-LTA":
        _require_gain(case, _judged(extended, trust, act.now()))
    return extended


@dataclass(frozen=True)
class Outlook:
    """How far a copy has come, how long its proof lasts, and whether it needs an extension."""

    level: Level
    promised: Level
    proof_limit: ProofLimit | None
    due: bool


def outlook(
    copy: CertifiedCopy, *, trust: TrustStore, within: timedelta, at: datetime | None = None
) -> Outlook:
    """Say whether a copy is below its promised level, or its proof ends ``within`` a time from ``at``.

    Raises:
        InputError: the copy does not verify.
    """
    now = read_clock(at)
    case = _judged(copy, trust, now)
    level, limit = case.reached or "B-B", case.proof_limit
    ends = limit is not None and limit.until <= now + within and level == "B-LTA"
    below = not at_least(level, copy.record.level)
    return Outlook(level, copy.record.level, limit, below or ends)


def _judged(copy: CertifiedCopy, trust: TrustStore | None, at: datetime) -> Case:
    """Judge a copy as far as its own evidence goes.

    Raises:
        InputError: it does not verify.
    """
    policy = get_policy(CERTIFIED_COPY, "if-present")
    case, report = judge(copy.to_bytes(), policy=policy, trust=trust, at=at)
    if report.verdict != "VALID":
        first = report.findings[0].to_dict()["text"]["en"].rstrip(".")
        raise InputError(
            f"the copy cannot be extended, for it does not verify: {first}",
            code="cannot-extend",
            hint="let ecert verify tell the whole story",
        )
    return case


def _extended(copy: CertifiedCopy, case: Case, reached: Level, target: Level, act: Act) -> bytes:
    assert act.trust is not None
    data = copy.to_bytes()
    if (
        reached == "B-B" and target != "B-LTA"
    ):  # at B-LTA the archive time-stamp proves the time too
        data = append_timestamp(data, act.services, act.client)
    if target == "B-T":
        return data
    return append_archive(
        data, act.trust, act.services, act.client, act.now,
        timestamp=target == "B-LTA", settled=_settled(case) if reached == "B-LTA" else (),
    )  # fmt: skip


def _settled(case: Case) -> set[str]:
    """Return the fields that a document time-stamp proves with all their evidence.

    That is every field but the newest document time-stamp that counts: its authority's status is the
    one that only the next time-stamp will hold.
    """
    counting = [s for s in case.by_role("timestamp") if s.indication is Indication.TOTAL_PASSED]
    return {s.name for s in case.signatures} - {s.name for s in counting[-1:]}


def _require_gain(before: Case, after: Case) -> None:
    """Refuse a renewal after which neither certificates nor algorithms last longer.

    Raises:
        ServiceError: both end when they did before.
    """

    def ends(case: Case) -> dict[str, ProofLimit]:
        return {limit.kind: limit for limit in sorted(case.proof_limits, reverse=True)}

    old, new = ends(before), ends(after)
    longer = any(k not in new or new[k].until > old[k].until for k in old)
    if not longer and after.proof_limit is not None:
        raise ServiceError(
            f"the new time-stamp would prove no longer than the last one: "
            f"until {rfc3339(after.proof_limit.until)}, because {after.proof_limit.reason}",
            code="nothing-gained",
            hint="name a time-stamp service with a longer certificate or stronger algorithms",
        )
