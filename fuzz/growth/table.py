"""Judge every case at n, 2n and 4n, each in a process of its own, and tell it as a table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from fuzz.growth.cases import Case
from fuzz.growth.ground import ground

CHILD = Path(__file__).with_name("child.py")
HERE = Path(__file__).parents[2]
STEPS = (1, 2, 4)


def measure(case: Case, count: int, trees: Iterable[Path], *, calls: bool = False) -> list[dict[str, Any]]:
    """Judge one file of a case with the code of each tree."""
    with tempfile.TemporaryDirectory(prefix="ecert-growth-") as folder:
        lay_out(case, count, Path(folder))
        found = [_run(Path(folder), case, tree, calls=calls) for tree in trees]
        size = (Path(folder) / "data").stat().st_size
    return [{"bytes": size, **each} for each in found]


def lay_out(case: Case, count: int, folder: Path) -> None:
    """Write a case's file, and what it is judged with, into a folder."""
    (folder / "data").write_bytes(case.make(count))
    if case.subject in ("copy", "signatures"):
        g = ground()
        given = {"anchors": [a.hex() for a in g.anchors], "at": g.now.isoformat(), "sound": g.copy.data.hex()}
        (folder / "given.json").write_text(json.dumps(given))


def _run(folder: Path, case: Case, tree: Path, *, calls: bool) -> dict[str, Any]:
    command = [sys.executable, str(CHILD), str(folder), case.subject, *(["calls"] if calls else [])]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(tree)}, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
        return {"seconds": None, "megabytes": None, "calls": None, "told": last[:60]}
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def tell(cases: Iterable[Case], trees: list[Path], say: Callable[[str], None], *, calls: bool = False) -> None:
    """Print the table, row by row as it is measured."""
    say(
        "| case | n | kB of 4n | " + " | ".join(f"seconds, {t.name}: n, 2n, 4n | MB of 4n" for t in trees) + " | then |"
    )
    say("|---|---:|---:|" + "---|---:|" * len(trees) + "---|")
    for case in cases:
        rows = [measure(case, case.size * step, trees, calls=calls) for step in STEPS]
        cells = []
        for i, _ in enumerate(trees):
            cells.append(", ".join(_number(row[i], calls=calls) for row in rows))
            memory = rows[-1][i]["megabytes"]
            cells.append("" if memory is None else f"{memory:.0f}")
        last = rows[-1]
        head = f"| {case.name} | {case.size:,} | {last[0]['bytes'] / 1000:,.0f} | "
        say(f"{head}{' | '.join(cells)} | {last[-1]['told'][:80]} |")


def _number(row: dict[str, Any], *, calls: bool) -> str:
    if row["seconds"] is None:
        return "–"
    return f"{row['calls']:,}" if calls else f"{row['seconds']:.2f}"
