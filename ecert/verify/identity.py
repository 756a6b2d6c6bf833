"""Who signed, on which day, and how far the promised level is kept: the record against the signatures."""

from __future__ import annotations

from ecert.model.indications import Indication
from ecert.model.levels import at_least
from ecert.model.profiles import PROFILES
from ecert.model.times import local_day
from ecert.trust.certificates import common_name
from ecert.trust.identity import bears_name, is_body, is_certifier
from ecert.verify.case import Case, SignatureCase
from ecert.verify.demands import may_have_reached


def check_identity(case: Case) -> None:
    """Check that certifier and body of the record are those of the certificates, and the date."""
    if case.record is None:
        return
    act = case.record.certification
    for s in case.by_role("signer")[:1]:
        if s.message and s.message.signer_certificate and s.intact:
            if not is_certifier(act.certifier, s.message.signer_certificate):
                name = common_name(s.message.signer_certificate)
                case.find("certifier-differs", certificate=name, record=act.certifier.name)
            _check_date(case, s)
    for s in case.by_role("seal")[:1]:
        certificate = s.message.signer_certificate if s.message and s.intact else None
        if certificate and not is_body(act.body, certificate):
            case.find("body-differs", certificate=common_name(certificate), record=act.body.name)
        elif certificate and not bears_name(act.body, certificate):
            name = common_name(certificate)
            case.find("body-name-differs", certificate=name, record=act.body.name)
    if case.policy.stage == "certified" and case.reached is not None:
        promised = case.record.level
        passed = all(
            s.indication is Indication.TOTAL_PASSED
            for s in case.signatures
            if s.role in ("signer", "seal")
        )
        kept = at_least(case.reached, promised) or may_have_reached(case, promised)
        if passed and not kept:
            case.find("level-below-promise", promised=promised, reached=case.reached)


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
        case.find("date-differs", record=stated.isoformat(), signed=day.isoformat())
