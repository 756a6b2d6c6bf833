"""What we write, we verify: by the public verifier's code, on the final bytes, with nothing the writer parsed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from ecert.errors import EcertError
from ecert.model.evidence import Attempt, Evidence
from ecert.model.levels import Level, at_least
from ecert.model.times import read_clock
from ecert.report import Report
from ecert.stages.copies import Draft, Stage
from ecert.trust.store import TrustStore
from ecert.verify.case import Case
from ecert.verify.copy import judge

S = TypeVar("S", bound=Stage)


class SelfCheckError(EcertError):
    """What was just written does not pass its own verification: our fault, nothing is handed out."""

    default_code = "self-check-failed"

    def __init__(self, report: Report, reason: str) -> None:
        super().__init__(
            f"the result did not pass its own verification ({reason})", hint="nothing was written; please report this"
        )
        self.report = report


def verify_written(
    stage: type[S],
    data: bytes,
    *,
    trust: TrustStore | None,
    level: Level,
    at: datetime | None,
    attempts: Sequence[Attempt] = (),
    extended: bool = False,
) -> S:
    """Verify what was written, as far as the level must prove it; hand it out or raise.

    From B-T up each signature has a time-stamp of its own, unless the copy was ``extended``.

    Raises:
        SelfCheckError: it does not pass.
    """
    proves_all = at_least(level, "B-LT")
    policy = replace(
        stage.policy, revocation="require" if proves_all else "if-present", require_trust=trust is not None
    )
    asked = Evidence(attempts=tuple(attempts))
    case, report = judge(data, policy=policy, trust=trust, at=read_clock(at), evidence=asked)
    blocking: list[str] = [
        f.code
        for f in report.findings
        if f.severity in ("error", "unknown") or f.code == "unusual-structure"
        if trust is not None or f.check != "trust"
    ]
    if stage is not Draft and not _reaches(case, level, trusted=trust is not None):
        blocking.append(f"level {level} is not reached")
    elif stage is not Draft and level != "B-B" and not extended and not _stamped(case):
        blocking.append("a signature has no time-stamp")
    if not blocking and case.record is not None and case.document is not None:
        return stage(case.document, case.record, report)
    raise SelfCheckError(report, ", ".join(blocking))


def _reaches(case: Case, level: Level, *, trusted: bool) -> bool:
    """Return whether a level is reached; without anchors that cannot be known."""
    return not trusted or (case.reached is not None and at_least(case.reached, level))


def _stamped(case: Case) -> bool:
    return all(s.timestamps for s in case.signed)
