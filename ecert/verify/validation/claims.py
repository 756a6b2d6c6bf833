"""The time a signer claims, held against the time that is proven (EN 319 102-1, 5.5.4; EN 319 142-1, 5.3)."""

from __future__ import annotations

from datetime import timedelta

from ecert.model.times import CLOCK_TOLERANCE
from ecert.verify.case import SignatureCase
from ecert.verify.validation.material import Material

#: Signing devices in Vietnam write local time as if it were UTC (docs/explanation/time.md); elsewhere it means nothing.
SEVEN_HOURS = timedelta(hours=7)


def compare_claimed_time(m: Material, s: SignatureCase) -> None:
    """Hold the claimed time against the proven one; without a proof say so."""
    case, claimed, best = m.case, s.signature.claimed_time, s.best_signature_time
    proven = m.proofs.proves(s.revision)
    if not proven:
        case.add("time-not-proven", field=s.name)
    if claimed is None or best is None:
        return
    local_time = abs(abs(claimed - best) - SEVEN_HOURS) <= CLOCK_TOLERANCE
    if proven and local_time and timedelta(hours=case.utc_offset_hours) == SEVEN_HOURS:
        case.add("claimed-time-7h-off", field=s.name)
    elif claimed - best > CLOCK_TOLERANCE:
        case.add("claimed-time-ahead", field=s.name)
