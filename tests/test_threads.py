"""The first call of a process may come from many threads at once, and what they share stays whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest

import ecert
from ecert.formats.pades.asn1 import set_up
from ecert.model.locks import forkable_lock
from ecert.model.quiet import quietly
from ecert.trust.naming import parsed
from fuzz.threads.campaign import run, table
from tests.kit import Desk

#: a tenth of what ``python -m fuzz threads`` does of its first act
PROCESSES = {"verify": 20, "sign": 6, "gather": 6, "certify": 6, "cross-check": 4}


@pytest.mark.parametrize("act", PROCESSES)
def test_eight_threads_may_begin_in_a_fresh_process(act: str):
    rows = run(PROCESSES[act], acts=[act])
    assert sum(row.processes for row in rows) == PROCESSES[act]
    assert not any(row.wrong for row in rows), table(rows)


_NO_CLASS_ON_FIRST_USE = """
import sys
from pathlib import Path
from asn1crypto import core
import ecert.formats.pades.asn1 as ours

class Watched(dict):
    def __setitem__(self, kind, value):
        frame, names = sys._getframe(1), set()
        while frame:
            names.add((frame.f_code.co_filename, frame.f_code.co_name))
            frame = frame.f_back
        if (ours.__file__, "set_up") not in names:
            late.append(kind.__qualname__)
        super().__setitem__(kind, value)

late = []
core._SETUP_CLASSES = Watched()
import json
from fuzz.threads.campaign import office
from fuzz.threads.child import ACTS
from tempfile import TemporaryDirectory
with TemporaryDirectory() as name, office(Path(name)) as facts:
    late.clear()  # the office itself is made with asn1crypto, too
    core._SETUP_CLASSES.clear()
    ours._done.clear()
    for act, do in ACTS.items():
        said = do(Path(name), facts)
        print(act, said)
print("late:", sorted(set(late)))
assert not late
"""


def test_no_class_is_completed_by_the_document_that_uses_it_first():
    done = subprocess.run(
        [sys.executable, "-c", _NO_CLASS_ON_FIRST_USE],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=Path(__file__).parents[1],
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("VALID") >= len(PROCESSES)


def test_every_class_is_complete():
    from asn1crypto import core

    set_up("pyhanko_certvalidator.validate")

    def below(kind: type[core.Asn1Value]) -> set[type]:
        found: set[type] = {kind}
        for each in kind.__subclasses__():
            found |= below(each)
        return found

    missing = below(core.Asn1Value) - set(core._SETUP_CLASSES)
    assert missing <= {core.Asn1Value, core.Choice}


def test_each_thread_has_a_certificate_of_its_own(desk: Desk):
    certificate, found = desk.office.key("signer").chain[0], list[object]()
    thread = threading.Thread(target=lambda: found.append(parsed(certificate)))
    thread.start()
    thread.join()
    assert parsed(certificate) is parsed(certificate)
    assert found[0] is not parsed(certificate)


def test_the_last_thread_that_leaves_gives_the_warnings_back():
    inside, leave = threading.Event(), threading.Event()

    def other() -> None:
        with quietly():
            inside.set()
            leave.wait(10)

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        before = list(warnings.filters)
        thread = threading.Thread(target=other)
        with quietly():
            thread.start()
            inside.wait(10)
            warnings.warn("inside", stacklevel=1)
        warnings.warn("still inside", stacklevel=1)
        leave.set()
        thread.join()
        warnings.warn("afterwards", stacklevel=1)
        assert list(warnings.filters) == before
    assert [str(each.message) for each in told] == ["afterwards"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_finds_the_lock_open():
    lock, held, leave = forkable_lock(), threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            leave.wait(0.2)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    child = os.fork()  # waits for the thread
    if child == 0:
        os._exit(0 if lock.acquire(blocking=False) else 1)
    thread.join()
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize("name", [n for n in ecert.__all__ if n.endswith(("_copy", "_evidence", "_key"))])
def test_every_public_call_says_so(name: str):
    assert "many threads" in (getattr(ecert, name).__doc__ or "")


def test_the_how_to_names_every_public_name():
    page = Path(__file__).parents[1] / "docs" / "how-to" / "threads.md"
    told = set(re.findall(r"`(\w+)`", page.read_text(encoding="utf-8")))
    exceptions = {n for n in ecert.__all__ if n.endswith("Error")}
    assert set(ecert.__all__) - exceptions - {"__version__"} <= told
