"""Put a tally into tables, as they stand in the note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from fuzz.mutations.campaign import Tally, Way

_VERDICTS: Final = ("INVALID", "INDETERMINATE", "VALID")
_TITLES: Final[dict[Way, str]] = {
    "bytes": "Bytes of the archived copy, by kind of syntax",
    "lower levels": "Bytes of the lower levels and of the signed stage",
    "structures": "Structure, by kind of change",
}


def tell(tally: Tally, *, seed: int) -> str:
    """Return the tables and what failed, as text."""
    lines = [f"seed {seed}"]
    for way in _TITLES:
        lines += _table(tally, way)
    lines += _reaches(tally)
    total = sum(tally.verdicts.values()) or 1
    cost = (
        f"{total:,} mutants, {tally.failed} failed; {1000 * tally.seconds / total:.1f} ms of processor time "
        f"each, the slowest {1000 * tally.slowest:.0f} ms; memory grew by {tally.growth_mb:.0f} MB at most."
    )
    lines += ["", cost, *(f"FAILED {text}" for text, _ in tally.faults)]
    return "\n".join(lines)


def is_set_apart(kind: str) -> bool:
    """Return whether a kind of syntax is image data or part of a signature value."""
    return kind == "stream: image" or kind.startswith("/Contents")


def _table(tally: Tally, way: Way) -> Iterator[str]:
    counts: Counter[tuple[str, str]] = Counter()
    victims: Counter[tuple[str, str]] = Counter()
    for (other, victim, kind, verdict), count in tally.verdicts.items():
        if other == way:
            counts[kind, verdict] += count
            victims[victim, verdict] += count
    if not counts:
        return
    total = sum(counts.values())
    yield from ("", _TITLES[way], "")
    yield from _rows(counts, "kind")
    yield ""
    yield from _rows(victims, "copy")
    if way != "structures":
        apart = sum(count for (kind, _), count in counts.items() if is_set_apart(kind))
        yield ""
        yield f"Outside image streams and /Contents: {total - apart:,} of {total:,} ({1 - apart / total:.0%})."


def _rows(counts: Counter[tuple[str, str]], title: str) -> Iterator[str]:
    yield f"| {title} | mutations | {' | '.join(_VERDICTS)} |"
    yield "|---|---:|---:|---:|---:|"
    for kind in [*sorted({kind for kind, _ in counts}), "all"]:
        row = [sum(c for (k, v), c in counts.items() if kind in (k, "all") and v == w) for w in _VERDICTS]
        every = sum(c for (k, _), c in counts.items() if kind in (k, "all"))
        yield f"| {kind} | {every:,} | {' | '.join(f'{n:,}' for n in row)} |"


def _reaches(tally: Tally) -> Iterator[str]:
    if not tally.reaches:
        return
    yield from ("", "VALID, and out of every rule's reach", "", "| reach | copy | change | mutants |")
    yield "|---|---|---|---:|"
    for (_, victim, reach, what), count in sorted(tally.reaches.items(), key=lambda i: i[0][1:]):
        yield f"| {reach} | {victim} | {what} | {count} |"
