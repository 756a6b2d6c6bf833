"""The sandbox: the same reports as in this process, and no document, child or lie that gets out of it."""

from __future__ import annotations

import inspect
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ecert
from ecert.errors import InputError, ServiceError, UsageError
from ecert.model.limits import MAX_FILE_BYTES
from ecert.report import Report
from ecert.sandbox import Sandbox, worker
from ecert.sandbox.places import module_folders, readable
from ecert.verify.policies import get_policy
from tests.kit import Desk


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seconds=60) as found:
        yield found


def only(report: Report) -> tuple[str, dict[str, Any]]:
    """Return the code and data of a report's only finding."""
    (finding,) = report.findings
    assert report.verdict == "INDETERMINATE"
    return finding.code, dict(finding.data)


def children() -> set[str]:
    """Return the processes that this one started and has not reaped."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    while True:
        try:
            return {pid for t in tasks.iterdir() for pid in (t / "children").read_text().split()}
        except (FileNotFoundError, ProcessLookupError):
            continue  # a thread ended between its name and its list: its children are another's now


# ── the same answers ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["copy", "signed", "draft", "spoiled", "cut", "no-pdf", "empty"])
@pytest.mark.parametrize("policy", ["certified-copy", "signatures"])
def test_the_report_is_that_of_this_process_byte_for_byte(desk: Desk, sandbox: Sandbox, kind: str, policy: str):
    copy = desk.copy.to_bytes()
    at = copy.index(b"/Im0 Do") if b"/Im0 Do" in copy else len(copy) // 3
    data = {
        "copy": copy,
        "signed": desk.signed.to_bytes(),
        "draft": desk.draft.to_bytes(),
        "spoiled": copy[:at] + bytes([copy[at] ^ 1]) + copy[at + 1 :],
        "cut": copy[: len(copy) // 2],
        "no-pdf": b"hello",
        "empty": b"",
    }[kind]
    options: dict[str, Any] = {"trust": desk.office.trust, "policy": policy, "at": desk.office.clock.now()}
    here, there = ecert.verify_copy(data, **options), sandbox.verify_copy(data, **options)
    assert there.to_json() == here.to_json()
    assert there == here


def test_a_cross_check_and_evidence_go_along(desk: Desk, sandbox: Sandbox, tmp_path: Path):
    path = tmp_path / "bản sao.pdf"
    path.write_bytes(desk.office.certify(pages=1, level="B-B").to_bytes())
    evidence = sandbox.gather_evidence(path, desk.office.services, trust=desk.office.trust)
    told = ecert.gather_evidence(path, desk.office.services, trust=desk.office.trust)
    assert evidence.attempts == told.attempts
    assert len(evidence.items()) == len(told.items()) > 2
    options: dict[str, Any] = {
        "trust": desk.office.trust,
        "at": desk.office.clock.now(),
        "evidence": evidence,
        "cross_check": True,
    }
    there = sandbox.verify_copy(path, **options)
    assert there.verdict == "VALID"
    assert there.to_json() == ecert.verify_copy(path, **options).to_json()


def test_the_calls_take_what_the_librarys_take():
    for name in ("verify_copy", "gather_evidence"):
        ours = inspect.signature(getattr(Sandbox, name)).parameters
        theirs = inspect.signature(getattr(ecert, name)).parameters
        assert {k: p.default for k, p in ours.items() if k != "self"} == {k: p.default for k, p in theirs.items()}


def test_what_the_document_holds_comes_back(desk: Desk, sandbox: Sandbox):
    from ecert.formats.pades.dss import read_dss
    from ecert.formats.pdf import read_document

    data = desk.copy.to_bytes()
    found = sandbox.judge(data, policy=get_policy("certified-copy", None), trust=desk.office.trust)
    assert found.evidence == read_dss(read_document(data))
    assert found.evidence.crls or found.evidence.ocsps


def test_threads_share_one_sandbox(desk: Desk, sandbox: Sandbox):
    data, found = desk.copy.to_bytes(), list[str]()

    def work() -> None:
        found.append(sandbox.verify_copy(data, trust=desk.office.trust).verdict)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert found == ["VALID"] * 4


# ── calls that are refused ───────────────────────────────────────────────────────────────────────


def test_wrong_calls_are_told(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(InputError):
        sandbox.verify_copy(tmp_path / "missing.pdf")
    with pytest.raises(UsageError):
        sandbox.verify_copy(b"", policy="nonsense")
    with pytest.raises(UsageError, match="cannot be handed"):
        sandbox.verify_copy(b"", evidence=lambda: None)  # type: ignore[arg-type]
    for wrong in (
        {"seconds": 0},
        {"seconds": 1e9},
        {"memory_mb": 1},
        {"memory_mb": 10**9},
        {"slots": 0},
        {"slots": 10**6},
        {"line": -1},
    ):
        with pytest.raises(UsageError, match="out of range"):
            Sandbox(**wrong)
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(UsageError, match="no sandbox on win32") as caught:
        Sandbox()
    assert caught.value.code == "sandbox-unavailable"


# ── limits ───────────────────────────────────────────────────────────────────────────────────────


def test_too_slow_is_over_limit(desk: Desk):
    before = children()
    report = Sandbox(seconds=0.001).verify_copy(desk.copy.to_bytes(), trust=desk.office.trust)
    assert only(report) == ("over-limit", {"what": "seconds of work", "limit": 0.001})
    document = report.to_dict()["document"]
    assert document["size"] == len(desk.copy.to_bytes())
    assert report.to_dict()["trust"]["sha256"] == desk.office.trust.sha256
    assert children() == before


def test_too_much_memory_is_over_limit():
    data = b"%PDF-1.7\n" + bytes(MAX_FILE_BYTES - 9)
    report = Sandbox(memory_mb=256, seconds=60).verify_copy(data)
    assert only(report) == ("over-limit", {"what": "megabytes of memory", "limit": 256})


def test_the_largest_file_fits_the_usual_memory():
    report = Sandbox(seconds=60).verify_copy(b"%PDF-1.7\n" + bytes(MAX_FILE_BYTES - 9))
    assert report.codes() == ["pdf-damaged"]


# ── children that die, lie, stay or talk too much ────────────────────────────────────────────────

_HEAR = "import sys, os, time; sys.stdout.write('+'); sys.stdout.flush()\n"
_TAKE = """
def take():
    n = int.from_bytes(sys.stdin.buffer.read(8), 'big'); sys.stdin.buffer.read(n)
take(); take()
"""


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        ("", "nonsense"),
        (_HEAR, "nonsense"),
        ("import os; os.kill(os.getpid(), 9)", "SIGKILL"),  # before it had the document
        (_HEAR + "sys.exit(7)", "status-7"),
        (_HEAR + _TAKE + "sys.stdout.write('what?')", "nonsense"),
        (_HEAR + _TAKE + "sys.stdout.buffer.write(bytes(8))", "nonsense"),
        (_HEAR + _TAKE + "sys.stdout.buffer.write(b'\\xff' * 100)", "nonsense"),
        (_HEAR + "os.close(1); time.sleep(60)", "silent"),
    ],
)
def test_a_broken_child_is_a_fault(program: str, fault: str, monkeypatch: pytest.MonkeyPatch):
    before = children()
    monkeypatch.setattr(worker, "_BOOT", program)
    report = Sandbox(seconds=30).verify_copy(b"x" * 1_000_000)
    assert only(report) == ("verifier-fault", {"fault": fault})
    assert children() == before


@pytest.mark.parametrize("signal", ["SIGKILL", "SIGABRT", "SIGSEGV", "SIGBUS"])
def test_a_document_that_kills_the_child_is_over_limit(signal: str, monkeypatch: pytest.MonkeyPatch):
    kill = f"import signal; os.kill(os.getpid(), signal.{signal})"
    monkeypatch.setattr(worker, "_BOOT", _HEAR + _TAKE + kill)
    report = Sandbox(seconds=30).verify_copy(b"x" * 1000)
    what = "crashes of the process that judges it"
    assert only(report) == ("over-limit", {"what": what, "limit": 0, "signal": signal})


def test_a_child_that_never_starts_or_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker, "BOOT_SECONDS", 0.5)
    monkeypatch.setattr(worker, "_BOOT", "import time; time.sleep(60)")
    started = time.monotonic()
    assert only(Sandbox().verify_copy(b""))[1] == {"fault": "not-started"}
    monkeypatch.setattr(worker, "_BOOT", _HEAR + "time.sleep(60)")
    monkeypatch.setattr(worker, "BOOT_SECONDS", 30)
    assert only(Sandbox(seconds=0.5).verify_copy(b""))[0] == "over-limit"
    assert time.monotonic() - started < 30


def test_a_child_that_talks_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker, "_BOOT", _HEAR + "while True: os.write(1, bytes(1 << 20))")
    monkeypatch.setattr("ecert.sandbox.box.MAX_STORE_BYTES", 1 << 20)
    report = Sandbox(seconds=30).verify_copy(b"")
    assert only(report)[1]["what"] == "bytes of the report"


def test_what_a_child_started_ends_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    note = tmp_path / "pid"
    fork = f"""
if not os.fork():
    open({str(note)!r}, 'w').write(str(os.getpid()))
time.sleep(60)
"""
    monkeypatch.setattr(worker, "_BOOT", _HEAR + fork)
    assert only(Sandbox(seconds=2).verify_copy(b""))[0] == "over-limit"
    state = Path(f"/proc/{note.read_text()}/stat")
    deadline = time.monotonic() + 10
    while state.exists() and state.read_text().split()[2] != "Z" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_nothing_is_left_behind(desk: Desk):
    before, files = children(), len(list(Path("/proc/self/fd").iterdir()))
    with Sandbox() as sandbox:
        for data in (b"", desk.copy.to_bytes()):
            sandbox.verify_copy(data, trust=desk.office.trust)
        assert len(children()) == len(before) + 1  # the one that waits
    assert children() == before
    assert len(list(Path("/proc/self/fd").iterdir())) == files


# ── how many, and whose ──────────────────────────────────────────────────────────────────────────

_SLOW = _HEAR + _TAKE + "time.sleep(0.6)"


def test_no_more_children_work_than_there_are_slots(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker, "_BOOT", _SLOW)
    before, sandbox, most, done = children(), Sandbox(seconds=30, slots=2), 0, threading.Event()

    def judge() -> None:
        sandbox.verify_copy(b"")

    threads = [threading.Thread(target=judge) for _ in range(5)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        most = max(most, len(children() - before))
        done.wait(0.02)
    assert most == 2
    assert children() == before


def test_whoever_finds_the_line_full_is_told_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker, "_BOOT", _SLOW)
    sandbox, found = Sandbox(seconds=30, slots=1, line=1), list[str]()

    def judge() -> None:
        try:
            found.append(only(sandbox.verify_copy(b""))[0])
        except ServiceError as exc:
            found.append(exc.code)

    threads = [threading.Thread(target=judge) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(found) == ["busy", "verifier-fault", "verifier-fault"]
    judge()  # afterwards there is a slot again
    assert found[-1] == "verifier-fault"


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_has_children_of_its_own(desk: Desk):
    """The parent's child in waiting is neither used nor ended by it, whatever it does with the sandbox."""
    data, trust = desk.copy.to_bytes(), desk.office.trust
    before = children()
    with Sandbox(seconds=60) as sandbox:
        (spare,) = children() - before
        child = os.fork()
        if child == 0:
            status = 1
            try:
                with sandbox:
                    good = sandbox.verify_copy(data, trust=trust).verdict == "VALID"
                status = 0 if good and not children() else 2
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        assert children() - before == {spare}
        assert sandbox.verify_copy(data, trust=trust).verdict == "VALID"
        assert spare not in children()
    assert children() == before


# ── where modules are ────────────────────────────────────────────────────────────────────────────


def test_a_scripts_own_folder_is_no_place_of_modules(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A portal's modules have any names; none of them is imported by the child, nor read."""
    for name in ("queue", "pyhanko", "hashlib", "sitecustomize", "ecert"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)")
    monkeypatch.syspath_prepend(tmp_path)
    with monkeypatch.context() as fresh:  # as in a process that has not imported it yet
        fresh.delitem(sys.modules, "pyhanko", raising=False)
        assert str(tmp_path) not in module_folders()
        assert not any(Path(place).is_relative_to(tmp_path) for place in readable([]))
    report = Sandbox(seconds=60).verify_copy(desk.copy.to_bytes(), trust=desk.office.trust)
    assert report.verdict == "VALID"


def test_dependencies_beside_a_script_are_read_without_what_lies_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "tzdata").mkdir()
    (tmp_path / "tzdata" / "__init__.py").touch()
    (tmp_path / "zoneless.libs").mkdir()
    (tmp_path / ".env").write_text("SECRET=1")
    monkeypatch.syspath_prepend(tmp_path)
    assert str(tmp_path) in module_folders()
    found = {p for p in readable([]) if Path(p).is_relative_to(tmp_path)}
    assert found == {str(tmp_path / "tzdata"), str(tmp_path / "zoneless.libs")}


def test_only_folders_of_the_library_dependencies_and_ecert_are_read():
    home, here = Path.home(), Path(ecert.__file__).parents[1]
    found = [Path(place) for place in readable([])]
    for kept_back in (home, here, here / "tests", home / ".ssh", Path("/etc/passwd"), Path("/usr")):
        assert not any(kept_back.is_relative_to(place) for place in found), kept_back
