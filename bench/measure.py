"""Taking turns, medians, rows, and the table they make."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

Job = Callable[[int], object]


@dataclass(frozen=True)
class Row:
    """One line of the table: ``ratio`` is ours ÷ peer and shall be at most ``target``.

    ``limit`` bounds ours alone, in its own unit. A row that could not be measured says why in
    ``note``; one with neither target nor limit informs only.
    """

    what: str
    unit: str
    ours: float | None
    peer: float | None
    against: str
    target: float | None = None
    note: str = ""
    limit: float | None = None

    @property
    def ratio(self) -> float | None:
        """Return ours ÷ peer."""
        return self.ours / self.peer if self.ours is not None and self.peer else None

    @property
    def meets(self) -> bool | None:
        """Return whether target or limit is kept; None where there is neither, or no measurement."""
        if self.limit is not None and self.ours is not None:
            return self.ours <= self.limit
        if self.ratio is None or self.target is None:
            return None
        return self.ratio <= self.target

    def to_dict(self) -> dict[str, Any]:
        """Return the row with ratio and judgement, for JSON."""
        return {**asdict(self), "ratio": self.ratio, "meets": self.meets}


def take_turns(runs: int, *jobs: Job, warm: int = 1) -> list[float]:
    """Run the jobs in turn, ``runs`` rounds after ``warm`` rounds; return the median ms of each.

    A job is told the number of its round, the warm ones included (from 0).
    """
    taken: list[list[float]] = [[] for _ in jobs]
    for number in range(warm + runs):
        for job, times in zip(jobs, taken, strict=True):
            gc.collect()
            start = time.perf_counter()
            job(number)
            times.append((time.perf_counter() - start) * 1000)
    return [median(times[warm:]) for times in taken]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of the least-squares line through (x, y)."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread


def table(rows: Sequence[Row]) -> str:
    """Return the rows as plain text."""
    head = ("", "ours", "peer", "ratio", "target", "meets", "against")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    texts = []
    for line, row in zip(lines, (None, *rows), strict=True):
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:-1], widths[1:-1], strict=True)]
        texts.append("  ".join([*cells, line[-1]]).rstrip())
        if row is not None and row.note:
            texts.append(f"    {row.note}")
    return "\n".join(texts)


def _cells(row: Row) -> tuple[str, ...]:
    verdict = {True: "yes", False: "NO", None: "-"}[row.meets]
    return (
        row.what,
        _number(row.ours, row.unit),
        _number(row.peer, row.unit),
        "-" if row.ratio is None else f"{row.ratio:.3g}",
        _target(row),
        verdict,
        row.against,
    )


def _target(row: Row) -> str:
    if row.limit is not None:
        return f"≤ {row.limit:g} {row.unit}"
    return "-" if row.target is None else f"≤ {row.target:g}"


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
