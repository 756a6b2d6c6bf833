"""The time a signer claims, held against the time that is proven (EN 319 102-1, 5.5.4; EN 319 142-1, 5.3)."""

from __future__ import annotations

from datetime import timedelta

from ecert.model.times import CLOCK_TOLERANCE
from ecert.verify.case import Case, SignatureCase

#: Signing devices in Vietnam write local time as if it were UTC (docs/explanation/time.md); elsewhere it means nothing.
SEVEN_HOURS = timedelta(hours=7)


def check_claimed_times(case: Case) -> None:
    """Hold the claimed times of intact signatures against the proven ones; where nothing is proven say so.

    The record is read by then: its profile says in which zone devices were set.
    """
    for s in case.signed:
        if s.intact:
            _check(case, s)


def _check(case: Case, s: SignatureCase) -> None:
    claimed, best = s.signature.claimed_time, s.best_signature_time
    proven = case.is_proven(s)
    if not proven:
        case.add("time-not-proven", field=s.name)
    if claimed is None or best is None:
        return
    as_local_time = abs(abs(claimed - best) - SEVEN_HOURS) <= CLOCK_TOLERANCE
    if proven and as_local_time and timedelta(hours=case.utc_offset_hours) == SEVEN_HOURS:
        case.add("claimed-time-7h-off", field=s.name)
    elif claimed - best > CLOCK_TOLERANCE:
        case.add("claimed-time-ahead", field=s.name)
