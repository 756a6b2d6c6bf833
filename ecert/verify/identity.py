"""Who signed, on which day, and how far the promised level is kept: the record against the signatures."""

from __future__ import annotations

from ecert.model.indications import Indication
from ecert.model.levels import at_least
from ecert.model.profiles import PROFILES
from ecert.model.roles import SignatureRole
from ecert.model.times import local_day
from ecert.trust.certificates import common_name
from ecert.trust.identity import is_body, is_certifier, names_of_both, shares_identifier
from ecert.verify.case import Case, SignatureCase
from ecert.verify.demands import may_have_reached


def check_identity(case: Case) -> None:
    """Check that certifier and body of the record are those of the certificates, and the date."""
    if case.record is None:
        return
    act = case.record.certification
    signer = certificate_of(case, "signer")
    if signer is not None:
        if not is_certifier(act.certifier, signer):
            name = common_name(signer)
            case.add("certifier-differs", certificate=name, record=act.certifier.name)
        _check_date(case, case.by_role("signer")[0])
    seal = certificate_of(case, "seal")
    if seal is not None and not is_body(act.body, seal):
        record, certificate = names_of_both(act.body, seal)
        if not shares_identifier(act.body, seal):
            case.add("body-differs", certificate=certificate, record=record)
        elif not _is_registered_so(case, seal):
            case.add("body-name-differs", certificate=certificate, record=record)
    if case.policy.stage == "certified" and case.reached is not None:
        promised = case.record.level
        passed = all(s.indication is Indication.TOTAL_PASSED for s in case.signatures if s.role in ("signer", "seal"))
        kept = at_least(case.reached, promised) or may_have_reached(case, promised)
        if passed and not kept:
            case.add("level-below-promise", promised=promised, reached=case.reached)


def certificate_of(case: Case, role: SignatureRole) -> bytes | None:
    """Return the certificate of a role's intact signature."""
    for s in case.by_role(role)[:1]:
        if s.intact and s.message:
            return s.message.signer_certificate
    return None


def _is_registered_so(case: Case, seal: bytes) -> bool:
    """Return whether the policy's registry says that the body of the record's name seals with this certificate."""
    registry, record = case.policy.registry, case.record
    if registry is None or record is None:
        return False
    act, s = record.certification, case.by_role("seal")[0]
    sealed = case.office_day(s.best_signature_time or case.at)
    return registry.vouches_for(act.body, seal, act.date, sealed)


def _check_date(case: Case, s: SignatureCase) -> None:
    assert case.record is not None
    profile = PROFILES.get(case.record.profile)
    time = s.signature.claimed_time
    if s.best_signature_time is not None and s.best_signature_time != case.at:
        time = s.best_signature_time
    if profile is None or time is None:
        return
    day, stated = local_day(time, profile.utc_offset_hours), case.record.certification.date
    if day != stated:
        case.add("date-differs", record=stated.isoformat(), signed=day.isoformat())
