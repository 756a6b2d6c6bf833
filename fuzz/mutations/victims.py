"""The copies that are mutated: one of each level and stage, valid, small, with keys that sign fast."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from ecert.capture.scan import Scan
from ecert.formats.record import CertificationRecord
from ecert.model.evidence import Evidence
from ecert.model.levels import Level
from ecert.report import Report
from ecert.stages import Draft, SignedCopy, prepare_copy, seal_copy, sign_copy
from ecert.testing import Office
from ecert.testing.specimens.sheets import draw_sheet
from ecert.trust.store import TrustStore
from ecert.verify.copy import verify_copy
from ecert.verify.policies import CERTIFIED_COPY, SIGNED_COPY, Policy


@dataclass(frozen=True)
class Victim:
    """A valid file and the conditions under which it is: trust, time and revocation are demanded."""

    name: str
    data: bytes = field(repr=False)
    trust: TrustStore = field(repr=False)
    at: datetime
    evidence: Evidence = field(default=Evidence(), repr=False)
    policy: Policy = CERTIFIED_COPY

    def judge(self, data: bytes) -> Report:
        """Return the report on a file in the victim's place."""
        return verify_copy(
            data, trust=self.trust, policy=self.policy, revocation="require", at=self.at, evidence=self.evidence
        )


def make_victims() -> tuple[Victim, ...]:
    """Make them: two archived copies of one office, then the lower levels and the signed stage.

    Raises:
        RuntimeError: one is not VALID as it stands.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    with Office.create(now, algorithm="p256") as office:
        found = tuple(_victims(office, now))
    for victim in found:
        report = victim.judge(victim.data)
        if report.verdict != "VALID":
            raise RuntimeError(f"{victim.name} is {report.verdict}: {report.codes()}")
    return found


def _victims(office: Office, now: datetime) -> list[Victim]:
    authorities = office.responders.authorities.values()
    crls = Evidence.of(crls=[office.crl(each) for each in authorities])
    signed = _sign(office, _draft(office, "B-LTA", now, number=7), now)
    found = [
        Victim("B-LTA", _seal(office, signed, now), office.trust, now),
        Victim("B-LTA, another", _copy(office, "B-LTA", now, number=8), office.trust, now),
        Victim("B-LT", _copy(office, "B-LT", now, number=9), office.trust, now),
        Victim("B-T", _copy(office, "B-T", now, number=10), office.trust, now, crls),
        Victim("B-B", _copy(office, "B-B", now, number=11), office.trust, now, crls),
    ]
    stage = Victim("signed", signed.to_bytes(), office.trust, now, crls, SIGNED_COPY)
    return [*found, stage]


def _copy(office: Office, level: Level, now: datetime, *, number: int) -> bytes:
    draft = _draft(office, level, now, number=number)
    return _seal(office, _sign(office, draft, now), now)


def _draft(office: Office, level: Level, now: datetime, *, number: int) -> Draft:
    scan = Scan.from_files([draw_sheet([f"Tờ số {number}"], quality=40)])
    record = CertificationRecord.from_dict(office.record(pages=1, number=number))
    return prepare_copy(scan, record, level=level, at=now)


def _sign(office: Office, draft: Draft, now: datetime) -> SignedCopy:
    return sign_copy(draft, office.key("signer"), trust=office.trust, services=office.services, at=now)


def _seal(office: Office, signed: SignedCopy, now: datetime) -> bytes:
    sealed = seal_copy(signed, office.key("seal"), trust=office.trust, services=office.services, at=now)
    return sealed.to_bytes()
