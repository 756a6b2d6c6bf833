"""Where our time goes: ``python -m bench.profiles [--top N] [--runs N] [JOB…]``.

Jobs: certify-bb, certify-lta, verify-bb, verify-lta; each warm, on J, under cProfile. Its own cost
makes small functions look dearer than they are; the line of each job names the time without it.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import pstats
import re
from collections.abc import Callable, Mapping

from bench.measure import take_turns
from bench.work import Work, forget

_FOLDERS = re.compile(r"(?m)(?<= )/\S*/(?=(?:ecert|[\w.-]+)/[^/\s]+(?:/[^/\s]+)*\.py:)")


def main() -> None:
    """Print the functions that take longest, themselves and with what they call."""
    parser = argparse.ArgumentParser(prog="python -m bench.profiles")
    parser.add_argument("jobs", nargs="*", help="default: all")
    parser.add_argument("--top", type=int, default=25)
    parser.add_argument("--runs", type=int, default=10)
    options = parser.parse_args()
    with Work() as work:
        jobs = _jobs(work, options.runs)
        for name in options.jobs or jobs:
            print(_profile(name, jobs[name], options.runs, options.top))


def _jobs(work: Work, runs: int) -> Mapping[str, Callable[[int], object]]:
    """Return the jobs; each run of a verification has a copy of its own."""

    def verifying(level: str) -> Callable[[int], object]:
        copies: list[bytes] = []

        def verify(number: int) -> object:
            if not copies:
                copies.extend(work.certify(work.pages, level) for _ in range(2 * runs + 1))
                forget()
            return work.verify(copies[number])

        return verify

    return {
        "certify-bb": lambda _: work.certify(work.pages),
        "certify-lta": lambda _: work.certify(work.pages, "B-LTA"),
        "verify-bb": verifying("B-B"),
        "verify-lta": verifying("B-LTA"),
    }


def _profile(name: str, job: Callable[[int], object], runs: int, top: int) -> str:
    (plain,) = take_turns(runs, job)
    profiler = cProfile.Profile()
    for number in range(runs):
        profiler.enable()
        job(runs + 1 + number)
        profiler.disable()
    out = io.StringIO()
    stats = pstats.Stats(profiler, stream=out)
    for order in ("cumulative", "tottime"):
        stats.sort_stats(order).print_stats(top)
    text = _FOLDERS.sub("", out.getvalue())
    return f"=== {name}: {plain:.1f} ms without the profiler; {runs} runs in the table ===\n{text}"


if __name__ == "__main__":
    main()
