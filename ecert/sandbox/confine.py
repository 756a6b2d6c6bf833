"""What a child gives up before it sees the document: memory, time, files to write, processes, sockets.

1. Limits of the kernel (setrlimit(2)): address space, processor time, no byte written to a file, few open
   files, no core dump. They hold whatever code runs.
2. ``PR_SET_NO_NEW_PRIVS`` (prctl(2)): no set-uid program could give anything back.
3. Landlock (:mod:`ecert.sandbox.landlock`) where the kernel has it: no file is read but Python's own, and
   no other process looked into. It holds for native code too.
4. A system call filter (:mod:`ecert.sandbox.seccomp`) where the kernel and the machine know it: no socket,
   no other program, no other process, no file created, renamed or removed. It holds for native code.
5. An audit hook (PEP 578): the same for Python code, on every machine. A second line: native code passes
   below it.
"""

from __future__ import annotations

import ctypes
import math
import os
import resource
import signal
import sys
from typing import Any

from ecert.sandbox import landlock, seccomp

MAX_OPEN_FILES = 32  # of the child: three pipes, and what an import opens
_PR_SET_NO_NEW_PRIVS = 38
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "ctypes.",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.chown",
    "os.truncate",
    "os.utime",
    "os.kill",
    "os.setxattr",
    "os.removexattr",
    "pty.",
    "shutil.",
    "tempfile.",
    "sqlite3.",
    "ftplib.",
    "http.",
    "smtplib.",
    "urllib.",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def confine(seconds: float, memory_bytes: int) -> None:
    """Take the limits upon this process; there is no way back."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    processor = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
    # no RLIMIT_NPROC: it counts the threads of all processes of a user (docs/adr/0010-sandbox.md)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold the document
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # the answer goes through a pipe, which is no file
    resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_OPEN_FILES, MAX_OPEN_FILES))
    # SIGXCPU first, by which the parent knows the reason; SIGKILL a second later
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    signal.alarm(math.ceil(seconds) + 5)  # ends it where nobody is left to do so
    libc = ctypes.CDLL(None, use_errno=True)  # before the hook, which refuses ctypes
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        landlock.install_rules(libc)
        seccomp.install_filter(libc)
    sys.addaudithook(_refuse)


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if event == "open":
        mode, flags = args[1], args[2]
        writing = isinstance(mode, str) and set(mode) & set("wax+")
        if writing or (isinstance(flags, int) and flags & _WRITING):
            raise PermissionError("the sandbox writes no file")
    elif event.startswith(_FORBIDDEN):
        raise PermissionError("the sandbox forbids this")
