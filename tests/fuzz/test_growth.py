"""Twice as much of anything costs at most three times the work: function calls counted, never seconds."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from fuzz.growth import CASES, Case
from fuzz.growth.child import Calls, prepared
from fuzz.growth.table import lay_out

#: what a case's first size is divided by; the table of ``python -m fuzz growth`` goes on from there
FEW, MANY = 4, 8


def work(case: Case, count: int, folder: Path) -> int:
    """Return how many functions are called while a case's file of this size is judged."""
    folder.mkdir()
    lay_out(case, count, folder)
    judge = prepared(folder, case.subject)
    with Calls() as calls:
        told = judge()
    assert "verifier-fault" not in told
    assert not told.startswith("VALID")
    return calls.count


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.name)
def test_twice_as_much_costs_three_times_at_most(case: Case, tmp_path: Path) -> None:
    least = max(2, case.size // (FEW if case.size < 100 else MANY))
    costs = [work(case, least * n, tmp_path / str(n)) for n in (1, 2, 4)]
    for less, more in pairwise(costs):
        assert more <= 3 * less, costs
    # what all files cost alike is left out: a square would be four times as steep in the second step
    first, second = costs[1] - costs[0], costs[2] - costs[1]
    assert second <= 3 * max(first, 0) + costs[0], costs
