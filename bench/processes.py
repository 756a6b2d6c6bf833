"""The rows that need a process of their own: memory, import, the command line."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import which
from statistics import median

from bench.measure import Row, take_turns
from bench.rows import MB, Effort
from bench.work import Work

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("PIL", "asn1crypto", "cryptography", "lxml", "pikepdf", "pyhanko", "pyhanko_certvalidator")
IMPORT_MS = 50.0  # with a heavy library loaded the row fails whatever the time
TIMED_IMPORT = """
import sys, time
start = time.perf_counter()
import {module}
print((time.perf_counter() - start) * 1000, *sorted({heavy} & set(sys.modules)))
"""


def memory_rows(work: Work, effort: Effort) -> Iterator[Row]:
    """Yield the peak memory of certifying and verifying one big copy, above that of the imports."""
    folder = work.folder / "memory"
    folder.mkdir()
    files = []
    size = 0
    for number, jpeg in enumerate(work.many_pages(round(effort.memory_mb * MB / len(work.pages[0])))):
        files.append(folder / f"{number:04}.jpg")
        files[-1].write_bytes(jpeg)
        size += len(jpeg)
    (folder / "record.pickle").write_bytes(pickle.dumps(work.office.record(pages=len(files))))
    note = "" if effort.memory_mb >= 170 else "a smaller file than the target means"
    for job, target in (("certify", 3.0), ("verify", 1.5)):
        command = [sys.executable, "-m", "bench.child", job, str(work.folder)]
        answer = json.loads(_run(command, work.folder).stdout)
        what = f"memory to {job} a copy of {answer['size'] / MB:.0f} MB, B-B"
        more = f"imports alone: {answer['baseline'] / MB:.0f} MB"
        grown = (answer["peak"] - answer["baseline"]) / MB
        yield Row(
            what, "MB", grown, answer["size"] / MB, "the copy's size", target, f"{more}; {note}" if note else more
        )
    for file in files:
        file.unlink()


def import_row(work: Work, effort: Effort) -> Iterator[Row]:
    """Yield the time of ``import ecert`` in fresh processes."""
    ours: list[float] = []
    theirs: list[float] = []
    loaded: set[str] = set()

    def timed(module: str, times: list[float]) -> None:
        code = TIMED_IMPORT.format(module=module, heavy=set(HEAVY))
        taken, *heavy = _run([sys.executable, "-c", code], work.folder).stdout.split()
        times.append(float(taken))
        if module == "ecert":
            loaded.update(heavy)

    take_turns(effort.processes, lambda _: timed("ecert", ours), lambda _: timed("pyhanko.sign", theirs))
    note = f"heavy libraries loaded: {', '.join(sorted(loaded)) or 'none'}"
    yield Row(
        "import ecert, fresh process",
        "ms",
        median(ours[1:]),
        median(theirs[1:]),
        "import pyhanko.sign",
        note=note,
        limit=0 if loaded else IMPORT_MS,
    )


def command_row(work: Work, copy: bytes, effort: Effort) -> Iterator[Row]:
    """Yield the time of verifying one file by a command, the whole process."""
    path = work.folder / "one.pdf"
    path.write_bytes(copy)
    words = ["verify", str(path), "--trust", str(work.anchors)]
    command = [sys.executable, "-m", "ecert", *words]
    peer = ["pdfsig", "-no-ocsp", str(path)]
    what = "ecert verify FILE, B-LTA, whole process"
    if which("pdfsig") is None:
        (ours,) = take_turns(effort.processes, lambda _: _run(command, work.folder))
        yield Row(what, "ms", ours, None, "pdfsig", 8.0, "pdfsig is not installed (make system)")
        return
    ours, theirs = take_turns(effort.processes, lambda _: _run(command, work.folder), lambda _: _run(peer, work.folder))
    yield Row(what, "ms", ours, theirs, "pdfsig, which checks less", 8.0)


def _run(command: Sequence[str], home: Path) -> subprocess.CompletedProcess[str]:
    """Run with compiled modules at hand, as an installed package has them: the warm-up writes them."""
    environment = {**os.environ, "HOME": str(home), "LC_ALL": "C.UTF-8"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(home / "bytecode")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr}")
    return done
