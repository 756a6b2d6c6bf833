"""Keep copies alive: raise the level, renew the archive time-stamp before it weakens (EN 319 142-1, 5.4 and 6.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ecert.errors import InputError, ServiceError, UsageError
from ecert.formats.pades.dss import read_dss
from ecert.model.evidence import Evidence
from ecert.model.indications import Indication
from ecert.model.levels import Level, at_least, check_level
from ecert.model.limits import MAX_OUTPUT_MB
from ecert.model.profiles import DEFAULT_PROFILE
from ecert.model.times import read_clock, rfc3339
from ecert.sign.steps import RevokedError, append_archive, append_timestamp
from ecert.stages.call import Call
from ecert.stages.copies import CertifiedCopy
from ecert.stages.self_check import verify_written
from ecert.trust.certificates import load, subject_text
from ecert.trust.services import Services
from ecert.trust.store import TrustStore
from ecert.verify.case import Case, ProofLimit
from ecert.verify.copy import judge
from ecert.verify.policies import CERTIFIED_COPY, get_policy

_NEVER = datetime.max.replace(tzinfo=UTC)
_BEYOND_HELP = "certify the original again; where it is only suspended, wait until that ends"


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
    the file. A renewal proves again all that stands before it. Signer and seal are asked about once more,
    as far as somebody answers: a copy whose own evidence is older than a revocation is not carried on. Nothing
    else is asked about certificates whose evidence stands under a document time-stamp already. Safe from
    many threads; blocks while the services work.

    Raises:
        InputError: the copy does not verify, or a certificate it leans on was revoked before it signed,
            or since: nothing that is appended could help it.
        ServiceError: a service did not give what is needed, or a renewal would prove no longer.
        UsageError: the copy has that level already, or the level needs no extension.
    """
    if not isinstance(copy, CertifiedCopy):
        raise UsageError("extend_copy takes a CertifiedCopy", hint="open it with CertifiedCopy.open(path)")
    target = check_level(level) if level else copy.record.level
    call = Call(trust, services, max_output_mb, at)
    call.require(target)
    # 1. what the copy proves today, and until when
    case = _judged(copy, trust, call.now())
    reached = case.reached or "B-B"
    if at_least(reached, target) and target != "B-LTA":
        raise UsageError(f"the copy has level {reached} already", hint="choose a higher level, such as B-LTA")
    # 2. was anybody revoked before signing, as is known today
    newer = _ask_once_more(case, call)
    # 3. the revision that brings it further
    data = _extended(copy, case, reached, target, call, newer)
    call.check_size(len(data))
    # 4. the same verification as ever, and the proof must last longer than before
    extended = verify_written(
        CertifiedCopy, data, trust=trust, level=target, at=at, attempts=call.attempts, extended=True
    )
    if reached == "B-LTA":
        _require_gain(case, _judged(extended, trust, call.now()))
    return extended


@dataclass(frozen=True)
class Outlook:
    """How far a copy has come, how long its proof lasts, and which level an extension has to reach."""

    level: Level
    promised: Level
    proof_limit: ProofLimit | None
    needs: Level | None  # None: nothing is due
    utc_offset_hours: int = DEFAULT_PROFILE.utc_offset_hours  # of the copy's office

    @property
    def due(self) -> bool:
        """Return whether the copy needs an extension."""
        return self.needs is not None

    @property
    def below(self) -> bool:
        """Return whether the copy has not come as far as its record promises."""
        return not at_least(self.level, self.promised)

    def helped_by(self, level: Level | None) -> bool:
        """Return whether :func:`extend_copy` can do anything at ``level`` (None: the promised one).

        Time-stamps below B-LTA cannot be renewed: the copy has that level, and keeps its end.
        """
        target = level or self.promised
        return target == "B-LTA" or not at_least(self.level, target)


def outlook(copy: CertifiedCopy, *, trust: TrustStore, within: timedelta, at: datetime | None = None) -> Outlook:
    """Return whether a copy is below its promised level, or its proof ends ``within`` a time from ``at``.

    Whatever its level, a proof that ends is carried on by an archive time-stamp alone (B-LTA).

    Raises:
        InputError: the copy does not verify.
    """
    now = read_clock(at)
    case = _judged(copy, trust, now)
    level, limit, promised = case.reached or "B-B", case.proof_limit, copy.record.level
    needs: Level | None = None if at_least(level, promised) else promised
    if limit is not None and limit.until - now <= within:
        needs = "B-LTA"
    return Outlook(level, promised, limit, needs, case.utc_offset_hours)


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
            hint="run: ecert verify FILE",
        )
    return case


def _ask_once_more(case: Case, call: Call) -> Evidence:
    """Ask about the certificates of signer and seal once more; return what they lack and somebody told.

    What a copy holds may be older than a revocation before it signed, which its services know by now. Of a
    certificate that has expired nothing new is told, unless nothing was told after it signed. Who does not answer
    holds up nothing: that stands among the attempts.

    Raises:
        InputError: somebody was revoked or suspended by the time that is proven for the signature.
    """
    assert case.document is not None
    held = read_dss(case.document)
    gatherer, newer, now = call.gatherer(held), Evidence(), call.now()
    older = {f.where["field"] for f in case.findings if f.code == "revocation-older-than-signature"}
    settled = _settled(case)
    for s in case.signed:
        moment = s.best_signature_time
        if gatherer is None or moment is None or s.path is None or s.path.direct:
            continue
        (certificate, issuer), anchor = s.path.issued()[0], s.path.certificates[-1]
        if load(certificate).not_valid_after_utc < now and s.name not in older:
            continue
        before = gatherer.evidence
        status = gatherer.ask_again(certificate, issuer, anchor, moment)
        item = status.item
        if item is not None and item.revoked_at is not None and not status.clean_at(moment):
            raise InputError(
                f"the copy cannot be extended: the certificate {subject_text(certificate)} is revoked or "
                f"suspended since {rfc3339(item.revoked_at)}, and the signature “{s.name}” is proven to exist "
                f"only by {rfc3339(moment)}",
                code="cannot-extend",
                hint=_BEYOND_HELP,
            )
        if s.name in older & settled and item is not None and not item.made_before(moment):
            newer += gatherer.evidence - before
    return newer


def _extended(copy: CertifiedCopy, case: Case, reached: Level, target: Level, call: Call, newer: Evidence) -> bytes:
    """Return the copy and its new revision; what a service or status forbids is said in an archive's terms.

    Raises:
        InputError: a certificate the copy leans on is revoked or suspended since.
        ServiceError: a service did not give what is needed.
    """
    try:
        return _appended(copy, case, reached, target, call, newer)
    except ServiceError as exc:
        if exc.code != "revocation-missing":
            raise
        raise ServiceError(
            exc.message,
            code=exc.code,
            hint="allow its addresses, or give its CRL under services.crl_files; "
            "extend copies while the authority still answers",
        ) from exc
    except RevokedError as exc:
        raise InputError(
            f"the copy cannot be extended: {exc.message}", code="cannot-extend", hint=_BEYOND_HELP
        ) from exc


def _appended(copy: CertifiedCopy, case: Case, reached: Level, target: Level, call: Call, newer: Evidence) -> bytes:
    assert call.trust is not None
    data = copy.to_bytes()
    if reached == "B-B" and target != "B-LTA":  # at B-LTA the archive time-stamp proves the time too
        data = append_timestamp(data, call.services, call.client)
    if target == "B-T":
        return data
    return append_archive(
        data,
        call.trust,
        call.services,
        call.client,
        call.now,
        timestamp=target == "B-LTA",
        settled=_settled(case),
        newer=newer,
    )


def _settled(case: Case) -> set[str]:
    """Return the fields that a document time-stamp proves with all their evidence: none below B-LTA.

    That is every field but the newest document time-stamp that counts: its authority's status is the
    one that only the next time-stamp will hold.
    """
    if case.reached != "B-LTA":
        return set()
    counting = [s for s in case.by_role("timestamp") if s.indication is Indication.TOTAL_PASSED]
    return {s.name for s in case.signatures} - {s.name for s in counting[-1:]}


def _require_gain(before: Case, after: Case) -> None:
    """Refuse a renewal that brings the end nearer, or leaves it where it is and gains nothing.

    With the same end, such as an algorithm's that is only forecast, certificates may still gain years
    that count once the forecast is put off; then no kind of end may come earlier than before.

    Raises:
        ServiceError: the proof would last no longer.
    """
    old, new = _end(before.proof_limits), _end(after.proof_limits)
    pairs = [
        (_end(_of_kind(before, kind)), _end(_of_kind(after, kind)))
        for kind in {limit.kind for limit in (*before.proof_limits, *after.proof_limits)}
    ]
    gains = any(b > a for a, b in pairs) and all(b >= a for a, b in pairs)
    limit = after.proof_limit
    if limit is None or new > old or (new == old and gains):
        return
    sooner = f" instead of {rfc3339(old)}" if new < old < _NEVER else ""
    raise ServiceError(
        f"the new time-stamp would prove no longer than the last one: "
        f"until {rfc3339(limit.until)}{sooner}, because {limit.reason}",
        code="nothing-gained",
        hint="name a time-stamp service with a longer certificate or stronger algorithms",
    )


def _of_kind(case: Case, kind: str) -> list[ProofLimit]:
    return [limit for limit in case.proof_limits if limit.kind == kind]


def _end(limits: Iterable[ProofLimit]) -> datetime:
    """Return when the first of these limits comes; without any, at no time that a calendar has."""
    return min((limit.until for limit in limits), default=_NEVER)
