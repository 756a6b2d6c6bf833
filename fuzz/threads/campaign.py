"""Start many fresh processes, and say in how many of them a thread came to a wrong result."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from ecert.testing import Office
from ecert.testing.specimens.sheets import draw_sheet
from fuzz.threads.child import ACTS, THREADS

BEGINS = ("bare", "loaded")
SECONDS = 120.0  # a process that takes longer has a thread that will never end
_PIN = "thu-nghiem"


@dataclass
class Row:
    """One act begun in one way: how many processes, in which of them something was wrong, and what."""

    act: str
    begin: str
    processes: int = 0
    wrong: int = 0
    hung: int = 0
    wrongs: Counter[str] = field(default_factory=Counter)


def run(
    processes: int, *, acts: Sequence[str] = tuple(ACTS), jobs: int = 2, progress: Callable[[], None] = lambda: None
) -> list[Row]:
    """Start so many processes for every act, half of them with the library loaded; return the table."""
    rows = {pair: Row(*pair) for pair in product(acts, BEGINS)}
    with tempfile.TemporaryDirectory() as name, office(Path(name)) as facts:
        right = {act: ACTS[act](Path(name), facts) for act in acts}

        def one(job: tuple[str, str]) -> None:
            found = _start(*job, Path(name))
            progress()
            _count(rows[job], found, right[job[0]])

        plan = [(act, BEGINS[n % 2]) for act in acts for n in range(processes)]
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(one, plan))
    return list(rows.values())


def table(rows: Sequence[Row]) -> str:
    """Return what came out, as a table, and the most frequent wrong results below it."""
    lines = ["| act | begun | processes | with a wrong result | never ended |", "|---|---|---:|---:|---:|"]
    lines += [f"| {r.act} | {r.begin} | {r.processes} | {r.wrong} | {r.hung} |" for r in rows]
    wrongs = sum((r.wrongs for r in rows), Counter[str]())
    return "\n".join([*lines, *(f"  {n} × {what[:200]}" for what, n in wrongs.most_common(10))])


def _start(act: str, begin: str, folder: Path) -> list[str] | None:
    command = [sys.executable, "-m", "fuzz.threads.child", act, begin, str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        return [f"the process ended with status {done.returncode}"] * THREADS
    found: list[str] = json.loads(done.stdout)
    return found


def _count(row: Row, found: list[str] | None, right: str) -> None:
    row.processes += 1
    wrong = [each for each in found or () if each != right]
    row.hung += found is None
    row.wrong += found is None or bool(wrong) or len(found) != THREADS
    row.wrongs.update(wrong)


@contextmanager
def office(folder: Path) -> Iterator[dict[str, str]]:
    """Write what the children work with; yield the facts that they are told."""
    now = datetime.now(UTC).replace(microsecond=0)
    with Office.create(now, algorithm="p256") as desk:
        from ecert.capture.scan import Scan
        from ecert.formats.record import CertificationRecord
        from ecert.stages import prepare_copy

        sheet = draw_sheet(["1"])
        (folder / "scan.jpg").write_bytes(sheet)
        scan, facts = Scan.from_files([sheet]), desk.record(pages=1)
        (folder / "record.json").write_text(json.dumps(facts, default=str), encoding="utf-8")
        record = CertificationRecord.from_dict(facts)
        draft = prepare_copy(scan, record, at=now)
        draft.write(folder / "draft.pdf")
        desk.certify(scan=scan, level="B-LTA").write(folder / "copy.pdf")
        desk.certify(scan=scan, level="B-T").write(folder / "signed-only.pdf")
        desk.write_anchors(folder / "anchors")
        for who in ("signer", "seal"):
            getattr(desk, who).write_pkcs12(folder / f"{who}.p12", _PIN)
        about = {"at": now.isoformat(), "tsa": desk.tsa_url, "pin": _PIN}
        (folder / "facts.json").write_text(json.dumps(about), encoding="utf-8")
        yield about
