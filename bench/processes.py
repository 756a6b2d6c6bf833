"""The rows that need a process of their own: memory, import, the command line."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
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
#: What the command does, for as long as there is no command.
WITHOUT_CLI = """
import sys
from ecert import TrustStore, verify_copy
report = verify_copy(sys.argv[2], trust=TrustStore.from_folder(sys.argv[1]))
print(report.to_text("vi"))
sys.exit({"VALID": 0, "INVALID": 1, "INDETERMINATE": 3}[report.verdict])
"""
WITH_CLI = "from ecert.cli import main; main()"


def memory_rows(work: Work, effort: Effort) -> Iterator[Row]:
    """Yield the peak memory of certifying and verifying one big copy, above that of the imports."""
    folder = work.folder / "memory"
    folder.mkdir()
    files = []
    size = 0
    for number, jpeg in enumerate(
        work.many_pages(round(effort.memory_mb * MB / len(work.pages[0])))
    ):
        files.append(folder / f"{number:04}.jpg")
        files[-1].write_bytes(jpeg)
        size += len(jpeg)
    (folder / "record.pickle").write_bytes(pickle.dumps(work.office.record(pages=len(files))))
    note = "" if effort.memory_mb >= 170 else "a smaller file than the target means"
    for job, target in (("certify", 3.0), ("verify", 1.5)):
        command = [sys.executable, "-m", "bench.child", job, str(work.folder)]
        answer = json.loads(_run(command).stdout)
        what = f"memory to {job} a copy of {answer['size'] / MB:.0f} MB, B-B"
        more = f"imports alone: {answer['baseline'] / MB:.0f} MB"
        grown = (answer["peak"] - answer["baseline"]) / MB
        yield Row(
            what, "MB", grown, answer["size"] / MB, "the copy's size", target,
            f"{more}; {note}" if note else more,
        )  # fmt: skip
    for file in files:
        file.unlink()


def import_row(effort: Effort) -> Iterator[Row]:
    """Yield the time of ``import ecert`` in fresh processes."""
    ours: list[float] = []
    theirs: list[float] = []
    loaded: set[str] = set()

    def timed(module: str, times: list[float]) -> None:
        code = TIMED_IMPORT.format(module=module, heavy=set(HEAVY))
        taken, *heavy = _run([sys.executable, "-c", code]).stdout.split()
        times.append(float(taken))
        if module == "ecert":
            loaded.update(heavy)

    take_turns(
        effort.processes,
        lambda _: timed("ecert", ours),
        lambda _: timed("pyhanko.sign", theirs),
    )
    note = f"heavy libraries loaded: {', '.join(sorted(loaded)) or 'none'}"
    yield Row(
        "import ecert, fresh process", "ms", median(ours[1:]), median(theirs[1:]),
        "import pyhanko.sign", note=note, limit=0 if loaded else IMPORT_MS,
    )  # fmt: skip


def command_row(work: Work, copy: bytes, effort: Effort) -> Iterator[Row]:
    """Yield the time of verifying one file by a command, the whole process."""
    path = work.folder / "one.pdf"
    path.write_bytes(copy)
    command, how = _verify_command(work, path)
    environment = {**os.environ, "HOME": str(work.folder), "LC_ALL": "C.UTF-8"}
    peer = ["pdfsig", "-no-ocsp", str(path)]
    if which("pdfsig") is None:
        (ours,) = take_turns(effort.processes, lambda _: _run(command))
        note = f"{how}; pdfsig is not installed (make system)"
        yield Row("ecert verify FILE, B-LTA", "ms", ours, None, "pdfsig", 8.0, note)
        return
    ours, theirs = take_turns(
        effort.processes,
        lambda _: _run(command, environment),
        lambda _: _run(peer, environment),
    )
    what = "ecert verify FILE, B-LTA, whole process"
    yield Row(what, "ms", ours, theirs, "pdfsig, which checks less", 8.0, how)


def _verify_command(work: Work, path: Path) -> tuple[list[str], str]:
    """Return the command that verifies, and its name: the real one as soon as it works."""
    words = ["verify", str(path), "--trust", str(work.anchors)]
    command = [sys.executable, "-c", WITH_CLI, *words]
    tried = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if tried.returncode == 0 and tried.stdout:
        return command, "the command ecert verify"
    command = [sys.executable, "-c", WITHOUT_CLI, str(work.anchors), str(path)]
    return command, "python -c with verify_copy: there is no command yet"


def _run(
    command: Sequence[str], environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr}")
    return done
