"""Many mutants judged, shared among processes; each is drawn from the seed and its own number."""

from __future__ import annotations

import gc
import multiprocessing
import random
import resource
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from fuzz.mutations.bytewise import ByteMutator, Mutant
from fuzz.mutations.judging import judge
from fuzz.mutations.structural import StructureMutator
from fuzz.mutations.victims import Victim, make_victims

Way = Literal["bytes", "lower levels", "structures"]

#: How many of ten mutants are of each victim: bytes of the archived copy, bytes of the others, structure of all.
_SHARES: Final[dict[Way, tuple[int, ...]]] = {
    "bytes": (10, 0, 0, 0, 0, 0),
    "lower levels": (0, 0, 2, 3, 2, 3),
    "structures": (6, 0, 1, 1, 1, 1),
}
_CHUNK: Final = 250  # mutants a process takes at a time
_RENDERED: Final = 50  # one mutant in so many is reported in every form
_KEPT: Final = 20  # failing mutants that are kept
#: Megabytes a process may grow while it judges: the copies have 0.16.
MAX_GROWTH_MB: Final = 200


@dataclass
class Tally:
    """What was counted: verdicts by way, victim and kind of syntax; the slowest; what failed."""

    verdicts: Counter[tuple[Way, str, str, str]] = field(default_factory=Counter)
    reaches: Counter[tuple[Way, str, str, str]] = field(default_factory=Counter)
    faults: list[tuple[str, Mutant]] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    growth_mb: float = 0.0

    def add(self, other: Tally) -> None:
        """Take in what another process counted."""
        self.verdicts += other.verdicts
        self.reaches += other.reaches
        self.faults = (self.faults + other.faults)[:_KEPT]
        self.failed += other.failed
        self.seconds += other.seconds
        self.slowest = max(self.slowest, other.slowest)
        self.growth_mb = max(self.growth_mb, other.growth_mb)

    @property
    def passed(self) -> bool:
        """Return whether nothing failed and memory stayed in its limit."""
        return not self.failed and self.growth_mb <= MAX_GROWTH_MB


@dataclass(frozen=True)
class Task:
    """Mutants to be made: of which way, from which number to which."""

    way: Way
    seed: int
    start: int
    stop: int


_victims: tuple[Victim, ...] = ()
_byte_mutators: dict[str, ByteMutator] = {}
_structure_mutators: dict[str, StructureMutator] = {}


def run(counts: dict[Way, int], *, seed: int, jobs: int, progress: Callable[[int], None] = lambda _: None) -> Tally:
    """Judge so many mutants of each way; the victims are made anew, the changes are drawn from ``seed``."""
    global _victims
    _victims = make_victims()
    tally, tasks = Tally(), list(_tasks(counts, seed))
    gc.collect()
    gc.freeze()
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        for task, found in zip(tasks, pool.imap(_run, tasks), strict=True):
            tally.add(found)
            progress(task.stop - task.start)
    return tally


def _tasks(counts: dict[Way, int], seed: int) -> Iterator[Task]:
    for way, count in counts.items():
        for start in range(0, count, _CHUNK):
            yield Task(way, seed, start, min(start + _CHUNK, count))


def _run(task: Task) -> Tally:
    gc.disable()  # collected by hand: a third of the time would go there
    warnings.simplefilter("ignore", UserWarning)  # the library's, about spoilt certificates
    tally, before = Tally(), _peak_mb()
    originals = {v.data for v in _victims}
    for number in range(task.start, task.stop):
        rnd = random.Random(f"{task.seed}/{task.way}/{number}")
        (victim,) = rnd.choices(_victims, _SHARES[task.way])
        mutant = _draw(task.way, victim, rnd)
        while mutant.data in originals:  # another copy as it stands is no mutant
            mutant = _draw(task.way, victim, rnd)
        first = [victim.data, *originals]
        outcome = judge(victim, mutant.data, first, render=number % _RENDERED == 0)
        tally.verdicts[task.way, victim.name, mutant.kind, outcome.verdict] += 1
        tally.seconds += outcome.seconds
        tally.slowest = max(tally.slowest, outcome.seconds)
        if number % _RENDERED == 0:
            gc.collect()
        if outcome.reach:
            what = f"{mutant.kind}, {mutant.change}" if task.way == "structures" else mutant.kind
            tally.reaches[task.way, victim.name, outcome.reach, what] += 1
        if outcome.fault:
            tally.failed += 1
            text = f"{task.way} {number} of {victim.name}: {mutant.kind}, {mutant.change} {mutant.place}"
            tally.faults.append((f"{text}\n{outcome.fault}", mutant))
    tally.faults = tally.faults[:_KEPT]
    tally.growth_mb = _peak_mb() - before
    return tally


def _draw(way: Way, victim: Victim, rnd: random.Random) -> Mutant:
    if way != "structures":
        mutator = _byte_mutators.setdefault(victim.name, ByteMutator(victim.data))
        return mutator.draw(rnd)
    others = [v.data for v in _victims if v is not victim]
    structures = _structure_mutators.setdefault(victim.name, StructureMutator(victim.data, others))
    return structures.draw(rnd)


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def keep(tally: Tally, folder: Path) -> list[Path]:
    """Write the failing mutants into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (text, mutant) in enumerate(tally.faults, 1):
        paths.append(folder / f"mutant-{number}.pdf")
        paths[-1].write_bytes(mutant.data)
        paths[-1].with_suffix(".txt").write_text(text, encoding="utf-8")
    return paths
