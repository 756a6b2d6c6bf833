"""One child process as the parent sees it: started, fed, listened to within bounds, ended, reaped."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ecert.sandbox.frames import READY, length
from ecert.sandbox.places import module_folders

BOOT_SECONDS = 60.0  # to start and import: half a second on an idle machine, many on one that swaps
_PIECE = 1 << 20  # bytes written or read at once
#: ecert is found where the parent has it, and what lies beside it (a repository, a portal) is no place for modules
_BOOT = """
import importlib.util, sys
sys.path[:] = sys.argv[2:]
spec = importlib.util.spec_from_file_location(
    "ecert", sys.argv[1] + "/__init__.py", submodule_search_locations=[sys.argv[1]]
)
sys.modules["ecert"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["ecert"])
from ecert.sandbox.child import judge_one
judge_one()
"""


@dataclass(frozen=True)
class WorkerEnd:
    """What became of a job: its answer, or why there is none; ``word`` names a signal or status.

    A child that a signal ended while it had the document was killed by it; any other end is its own fault.
    """

    kind: Literal["answer", "too-slow", "killed", "died", "too-long"]
    answer: bytes = b""
    word: str = ""


class Worker:
    """A child process that does one job; it is ended however the job ends."""

    def __init__(self) -> None:
        """Start it: a fresh interpreter with no environment, in ``/``, in a session of its own."""
        self._process = subprocess.Popen(  # noqa: S603  this interpreter, these modules
            # -I: no variable, user folder or script folder brings modules along; -B: no bytecode is written
            [sys.executable, "-I", "-B", "-X", "utf8", "-c", _BOOT, *_places()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_environment(),
            bufsize=0,
            start_new_session=True,
        )

    def do(self, job: bytes, document: bytes, *, seconds: float, most: int) -> WorkerEnd:
        """Hand over a pickled job and its document; return the answer, at most ``most`` bytes of it.

        The seconds are counted from when the child is ready, the document's way to it included.
        """
        try:
            return self._exchange(job, document, seconds, most)
        finally:
            self.end()

    def abandon(self) -> None:
        """Let go of another process's child, after a fork: only this process's ends of its pipes are closed."""
        self._process.returncode = 0  # not ours to reap
        self._close()

    def end(self) -> None:
        """Kill what is left of it, and whatever it started, and reap it."""
        process = self._process
        with suppress(ProcessLookupError, PermissionError):
            if process.returncode is None:  # not reaped: the number is still its own
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._close()

    def _close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _exchange(self, job: bytes, document: bytes, seconds: float, most: int) -> WorkerEnd:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        source, sink = self._process.stdout.fileno(), self._process.stdin.fileno()
        os.set_blocking(source, False)
        os.set_blocking(sink, False)
        pieces: list[bytes | memoryview] = [length(job) + job + length(document), document]
        found, ready = bytearray(), False
        with selectors.DefaultSelector() as selector:
            selector.register(source, selectors.EVENT_READ)
            deadline = time.monotonic() + BOOT_SECONDS
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    return WorkerEnd("too-slow") if ready else WorkerEnd("died", word="not-started")
                for key, _ in selector.select(left):
                    if key.fd == sink:
                        if not _write(sink, pieces):
                            selector.unregister(sink)
                        continue
                    data = _read(source)
                    if not data:
                        return self._ended(bytes(found), ready=ready)
                    found += data
                    if len(found) > most:
                        return WorkerEnd("too-long")
                    if not ready and found.startswith(READY):
                        ready, deadline = True, time.monotonic() + seconds
                        del found[:1]
                        selector.register(sink, selectors.EVENT_WRITE)

    def _ended(self, found: bytes, *, ready: bool) -> WorkerEnd:
        """Return what a child that closed its pipe left: an answer, or the way it died."""
        try:
            status = self._process.wait(1)
        except subprocess.TimeoutExpired:
            return WorkerEnd("died", word="silent")
        if status == 0:
            return WorkerEnd("answer", found)
        if status in (-signal.SIGXCPU, -signal.SIGALRM):
            return WorkerEnd("too-slow")
        if status < 0:
            return WorkerEnd("killed" if ready else "died", word=_signal_name(-status))
        return WorkerEnd("died", word=f"status-{status}")


def _write(sink: int, pieces: list[bytes | memoryview]) -> bool:
    """Write some of the pieces; False: all is said, or nobody listens."""
    view = memoryview(pieces[0])[:_PIECE]
    try:
        count = os.write(sink, view)
    except BlockingIOError:
        return True
    except OSError:  # its end of the pipe is closed; what it said is still to be read
        return False
    if count < len(pieces[0]):
        pieces[0] = memoryview(pieces[0])[count:]
    else:
        pieces.pop(0)
    return bool(pieces)


def _read(source: int) -> bytes:
    try:
        return os.read(source, _PIECE)
    except OSError:
        return b""


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal-{number}"


def _places() -> list[str]:
    """Return where ecert is, then the folders of modules."""
    return [str(Path(__file__).parents[1]), *module_folders()]


def _environment() -> dict[str, str]:
    """Return no environment, but for where the interpreter's own libraries are."""
    return {k: v for k, v in os.environ.items() if k == "LD_LIBRARY_PATH"}
