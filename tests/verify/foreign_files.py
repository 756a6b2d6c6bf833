"""How files of programs with odd habits are judged."""

from __future__ import annotations

from ecert.report import Report
from ecert.testing import Press
from ecert.verify.copy import verify_copy


def judged(press: Press, data: bytes, *, cross_check: bool = False) -> Report:
    """Return the report about a file under the policy for other people's files."""
    return verify_copy(
        data,
        trust=press.office.trust,
        policy="signatures",
        at=press.now(),
        evidence=press.evidence,
        cross_check=cross_check,
    )
