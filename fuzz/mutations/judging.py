"""One mutant judged: its verdict, what went wrong, what it cost."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ecert.report import Report
from fuzz.mutations.reach import named_reach
from fuzz.mutations.victims import Victim

#: Seconds of processor time for one mutant; the slowest honest copy of this size takes a twentieth.
MAX_SECONDS: Final = 2.0


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant; ``fault`` says what must not have happened."""

    verdict: str
    seconds: float
    reach: str | None = None
    fault: str | None = None


def judge(victim: Victim, data: bytes, originals: Iterable[bytes], *, render: bool) -> Outcome:
    """Judge a mutant under its victim's conditions; with ``render`` write every kind of report too.

    ``originals`` are the copies it may be made of.
    """
    begin = time.process_time()
    try:
        report = victim.judge(data)
        if render:
            write_reports(report, data)
    except Exception:  # noqa: BLE001  (that is what is looked for)
        return Outcome("none", time.process_time() - begin, fault=traceback.format_exc())
    seconds = time.process_time() - begin
    fault = reach = None
    if "verifier-fault" in report.codes():
        fault = "the verifier failed: verifier-fault"
    elif seconds > MAX_SECONDS:
        fault = f"it took {seconds:.1f} s"
    elif report.verdict == "VALID":
        reach = named_reach(originals, data)
        fault = None if reach else "it is VALID"
    return Outcome(report.verdict, seconds, reach, fault)


def write_reports(report: Report, data: bytes) -> None:
    """Write a report in every form and language."""
    for lang in ("vi", "en"):
        report.to_text(lang)
        report.to_html(lang, document=data)
    report.to_json()
    report.to_etsi()
