"""What a confined process cannot do: as Python, and below Python."""

from __future__ import annotations

import ctypes
import json
import platform
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ecert.sandbox.seccomp import REFUSED_CALLS

ROOT = Path(__file__).parents[2]
_HEADERS = (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm-generic/unistd.h"))
_ATTEMPTS = """
import ctypes, json, os, resource, socket, subprocess, sys, threading
sys.path.insert(0, sys.argv[1])
sys.path.insert(0, sys.argv[2])  # as the folder of a script stands there
import lxml.etree
libc = ctypes.CDLL(None)
raw, errno = libc.syscall, libc.__errno_location  # found before the audit hook forbids to look
errno.restype = ctypes.POINTER(ctypes.c_int)
from ecert.sandbox.confine import confine
from ecert.sandbox.seccomp import REFUSED_CALLS

def outcome(attempt):
    try:
        return repr(attempt())
    except BaseException as exc:
        return type(exc).__name__

def refused(number):
    return (raw(number, -1, -1, -1, -1, -1, -1), errno()[0])

def thread():
    found = []
    t = threading.Thread(target=lambda: found.append(1)); t.start(); t.join()
    return found

confine(5, 1 << 30)
attempts = {
    "read": lambda: len(open(os.__file__, "rb").read(10)),
    "thread": thread,
    "write": lambda: open(sys.argv[2] + "/new", "w"),
    "os.open": lambda: os.open(sys.argv[2] + "/new", os.O_CREAT | os.O_WRONLY),
    "remove": lambda: os.remove(sys.argv[2] + "/kept"),
    "socket": lambda: socket.socket(),
    "popen": lambda: subprocess.run(["true"]),
    "system": lambda: os.system("true"),
    "fork": lambda: os.fork(),
    "dlopen": lambda: ctypes.CDLL("libm.so.6"),
    "memory": lambda: len(bytes(1 << 31)),
    "raw socket": lambda: raw(41, 2, 1, 0),
    "raw fork": lambda: raw(57),
    "raw clone": lambda: raw(56, 17, 0, 0, 0, 0),
    "raw unlink": lambda: raw(87, (sys.argv[2] + "/kept").encode()),
    "raw kill": lambda: raw(62, os.getppid(), 0),
    "raw open to write": lambda: raw(2, (sys.argv[2] + "/kept").encode(), os.O_RDWR),
    "raw openat to empty": lambda: raw(257, -100, (sys.argv[2] + "/kept").encode(), os.O_TRUNC),
    "raw openat to create": lambda: raw(257, -100, (sys.argv[2] + "/new").encode(), os.O_CREAT, 0o600),
    "raw openat2": lambda: raw(437, -100, (sys.argv[2] + "/kept").encode(), bytes(24), 24),
    "raw signal to a thread": lambda: raw(234, os.getppid(), os.getppid(), 0),
    "read of others": lambda: open("/etc/hostname").read(),
    "read of the parent": lambda: os.pread(os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY), 1, 1),
    "raw limits of another": lambda: raw(302, os.getppid(), 0, None, None),
    "raw limits": lambda: raw(302, 0, 9, bytes(b"\\xff" * 16), None),
    "read of a dependency": lambda: len(open(lxml.__file__, "rb").read(10)),
    "read of ecert": lambda: len(open(sys.argv[1] + "/ecert/py.typed", "rb").read()),
    "read beside the script": lambda: open(sys.argv[2] + "/.env").read(),
    "read beside ecert": lambda: open(sys.argv[1] + "/pyproject.toml").read(),
    "read of other packages": lambda: open(sys.argv[3]).read(),
    "list beside the script": lambda: os.listdir(sys.argv[2]),
    "limits asked about": lambda: resource.getrlimit(resource.RLIMIT_AS)[0] == 1 << 30,
    **{"call " + name: lambda n=numbers[0]: refused(n) for name, numbers in REFUSED_CALLS.items()},
}
sys.stdout.write(json.dumps({name: outcome(a) for name, a in attempts.items()}))
"""

#: the version of Landlock that the kernel has; -1: none
_HAS_LANDLOCK = ctypes.CDLL(None).syscall(444, None, 0, 1) > 0


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("confined")
    (folder / "kept").write_text("here")
    (folder / ".env").write_text("SECRET=1")
    done = subprocess.run(
        [sys.executable, "-c", _ATTEMPTS, str(ROOT), str(folder), pytest.__file__],
        check=True,
        capture_output=True,
        timeout=60,
    )
    assert (folder / "kept").read_text() == "here"
    assert not (folder / "new").exists()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_judging_can_still_read_and_start_threads(outcomes: dict[str, Any]):
    assert outcomes["read"] == "10"
    assert outcomes["thread"] == "[1]"
    assert outcomes["read of a dependency"] == "10"
    assert outcomes["read of ecert"] == "0"
    assert outcomes["limits asked about"] == "True"


@pytest.mark.parametrize("name", ["write", "os.open", "remove", "socket", "popen", "system", "fork", "dlopen"])
def test_python_code_is_refused(outcomes: dict[str, Any], name: str):
    assert outcomes[name] == "PermissionError"


@pytest.mark.skipif(not _HAS_LANDLOCK, reason="this kernel has no Landlock")
@pytest.mark.parametrize(
    "name",
    [
        "read of others",
        "read of the parent",
        "read beside the script",
        "read beside ecert",
        "read of other packages",
        "list beside the script",
    ],
)
def test_nothing_but_modules_is_read(outcomes: dict[str, Any], name: str):
    assert outcomes[name] == "PermissionError"


def test_memory_is_bounded(outcomes: dict[str, Any]):
    assert outcomes["memory"] == "MemoryError"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="these are the numbers of x86-64")
@pytest.mark.parametrize(
    "name",
    [
        "raw socket",
        "raw fork",
        "raw clone",
        "raw unlink",
        "raw kill",
        "raw open to write",
        "raw openat to empty",
        "raw openat to create",
        "raw openat2",
        "raw signal to a thread",
        "raw limits of another",
        "raw limits",
    ],
)
def test_native_code_is_refused(outcomes: dict[str, Any], name: str):
    assert outcomes[name] == "-1"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="these are the numbers of x86-64")
@pytest.mark.parametrize("name", REFUSED_CALLS)
def test_calls_are_refused_by_number(outcomes: dict[str, Any], name: str):
    assert outcomes[f"call {name}"] == "(-1, 1)"  # EPERM: whatever the arguments are


def test_processor_time_is_bounded():
    spin = "import sys; sys.path.insert(0, sys.argv[1])\nfrom ecert.sandbox.confine import confine\n"
    spin += "confine(0.1, 1 << 30)\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", spin, str(ROOT)], timeout=60)
    assert done.returncode in (-24, -14)  # SIGXCPU; SIGALRM where others had the processor


@pytest.mark.skipif(not all(p.exists() for p in _HEADERS), reason="the kernel's headers are not here")
@pytest.mark.parametrize("machine", [0, 1], ids=["x86-64", "arm64"])
def test_the_numbers_are_those_of_the_headers(machine: int):
    text = _HEADERS[machine].read_text()
    known = {n: int(v) for n, v in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", text)}
    told = {name: numbers[machine] for name, numbers in REFUSED_CALLS.items()}
    assert {n: v for n, v in told.items() if n in known and known[n] != v} == {}
    # the rest is newer than these headers, has no number here, or none at all
    assert len({n for n, v in told.items() if v is not None and n not in known}) <= 6
