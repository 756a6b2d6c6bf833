"""A filter of system calls (seccomp(2), a classic BPF program), on the machines whose numbers stand here.

What it names is refused with EPERM, everything else passes: a list of what judging needs would differ with
every C library. Threads stay possible: ``clone`` passes with CLONE_THREAD alone, and ``clone3``, whose flags
a filter cannot see, is said not to exist, so that the C library takes ``clone``; so is ``openat2``. Files are
opened for reading alone (modules are still imported), and limits are asked about, of this process only.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from typing import Any

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_CLONE_THREAD = 0x00010000
_X32 = 0x40000000  # system calls of the x32 machine, on the same processor
#: offsets in struct seccomp_data: the call's number, the machine, the low half of the first argument
_NUMBER, _MACHINE, _FIRST, _SECOND, _THIRD = 0, 4, 16, 24, 32
_OPENAT2 = 437  # the same number on every machine
#: of open's flags: every one but O_RDONLY that lets a file be changed (O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
#: BPF: load a word; jump if equal, if above or equal, if a bit is set; return (linux/bpf_common.h)
_LOAD, _EQUAL, _AT_LEAST, _BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

#: machine → AUDIT_ARCH, clone, clone3, the calls that are refused, and those refused where an argument has
#: one of these bits: the call, where the argument stands, the bits
_MACHINES: dict[str, tuple[int, int, int, tuple[int, ...], tuple[tuple[int, int, int], ...]]] = {
    "x86_64": (
        0xC000003E, 56, 435,
        (
            41, 42, 43, 49, 50, 53, 288,  # socket, connect, accept, bind, listen, socketpair, accept4
            57, 58, 59, 322,  # fork, vfork, execve, execveat
            62, 101, 109, 112, 200, 310, 311,  # kill, ptrace, setpgid, setsid, tkill, process_vm_readv/writev
            76, 77, 82, 83, 84, 85, 86, 87, 88,  # truncate … rename, mkdir, rmdir, creat, link, unlink, symlink
            90, 91, 92, 93, 94, 132, 133, 161, 165, 166,  # chmod … chown, utime, mknod, chroot, mount, umount
            235, 258, 259, 260, 261, 263, 264, 265, 266, 268, 280, 316,  # the same by folder: …at
            250, 272, 308, 321, 323, 425, 438, 452,  # keyctl, unshare, setns, bpf, userfaultfd, io_uring, pidfd
            129, 234, 297, 304, 424, 434,  # signals to others: …queueinfo, tgkill, pidfd; open_by_handle_at
        ),
        ((2, _SECOND, _WRITING), (257, _THIRD, _WRITING), (302, _FIRST, 0xFFFFFFFF)),  # open, openat, prlimit64
    ),
    "aarch64": (
        0xC00000B7, 220, 435,
        (
            198, 199, 200, 201, 202, 203, 242,  # socket, socketpair, bind, listen, accept, connect, accept4
            221, 281,  # execve, execveat
            117, 129, 130, 154, 157, 270, 271,  # ptrace, kill, tkill, setpgid, setsid, process_vm_readv/writev
            33, 34, 35, 36, 37, 38, 39, 40, 45, 46, 51, 52, 53, 54, 55, 88, 276,  # files made, moved, changed
            97, 219, 268, 280, 282, 425, 438, 452,  # unshare, keyctl, setns, bpf, userfaultfd, io_uring, pidfd
            131, 138, 240, 265, 424, 434,  # signals to others: tgkill, …queueinfo, pidfd; open_by_handle_at
        ),
        ((56, _THIRD, _WRITING), (261, _FIRST, 0xFFFFFFFF)),  # openat, prlimit64
    ),
}  # fmt: skip


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install(libc: Any) -> bool:
    """Install the filter; False: this machine or kernel has none. Needs ``PR_SET_NO_NEW_PRIVS``."""
    known = _MACHINES.get(os.uname().machine)
    if known is None or sys.maxsize < 2**32:  # a 32-bit Python has other numbers
        return False
    code = _program(*known)
    program = _Program(len(code) // 8, code)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _program(
    machine: int,
    clone: int,
    clone3: int,
    refused: tuple[int, ...],
    bits: tuple[tuple[int, int, int], ...],
) -> bytes:
    steps = [
        _step(_LOAD, _MACHINE),
        _step(_EQUAL, machine, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _X32, 0, 1),
        _step(_RETURN, _KILL),
    ]
    for number in (clone3, _OPENAT2):
        steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ERRNO | errno.ENOSYS)]
    for number in refused:
        steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ERRNO | errno.EPERM)]
    for number, argument, mask in bits:
        steps += [
            _step(_EQUAL, number, 0, 4),
            _step(_LOAD, argument),
            _step(_BIT, mask, 0, 1),
            _step(_RETURN, _ERRNO | errno.EPERM),
            _step(_RETURN, _ALLOW),
        ]
    steps += [
        _step(_EQUAL, clone, 1, 0),
        _step(_RETURN, _ALLOW),
        _step(_LOAD, _FIRST),
        _step(_BIT, _CLONE_THREAD, 0, 1),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _ERRNO | errno.EPERM),
    ]
    return b"".join(steps)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
