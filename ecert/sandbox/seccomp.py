"""A filter of system calls (seccomp(2), a classic BPF program), on the machines whose numbers stand here.

What it names is refused with EPERM, everything else passes: a list of what judging needs would differ with
every C library. Threads stay possible: ``clone`` passes with CLONE_THREAD alone, and ``clone3``, whose flags
a filter cannot see, is said not to exist, so that the C library takes ``clone``; so is ``openat2``. Files are
opened for reading alone (modules are still imported), and limits are asked about, of this process only, not set:
a child that root runs could raise them again.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_CLONE_THREAD = 0x00010000
_X32 = 0x40000000  # system calls of the x32 machine, on the same processor
#: offsets in struct seccomp_data: the call's number, the machine, the low halves of the first arguments
_NUMBER, _MACHINE, _FIRST, _SECOND, _THIRD = 0, 4, 16, 24, 32
_OPENAT2 = 437  # the same number on every machine
#: of open's flags: every one but O_RDONLY that lets a file be changed (O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
#: BPF: load a word; jump if equal, if above or equal, if a bit is set; return (linux/bpf_common.h)
_LOAD, _EQUAL, _AT_LEAST, _BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

#: where an argument's high half stands, on machines whose first byte is the lowest (both are)
_HIGH = 4
#: what is refused, with its number on x86-64 and arm64; None: there is none (asm/unistd_64.h, asm-generic/unistd.h)
REFUSED_CALLS: Mapping[str, tuple[int, int | None]] = {
    # sockets
    "socket": (41, 198),
    "connect": (42, 203),
    "accept": (43, 202),
    "accept4": (288, 242),
    "bind": (49, 200),
    "listen": (50, 201),
    "socketpair": (53, 199),
    # other programs and processes: started, signalled, looked into
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438),
    "setpgid": (109, 154),
    "setsid": (112, 157),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "unshare": (272, 97),
    "setns": (308, 268),
    # files made, moved, changed
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "creat": (85, None),
    "link": (86, None),
    "linkat": (265, 37),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "fallocate": (285, 47),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
    # memory and messages shared with others (sysvipc(7), mq_overview(7))
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "shmdt": (67, 197),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "mq_timedsend": (242, 182),
    "mq_timedreceive": (243, 183),
    "mq_notify": (244, 184),
    "mq_getsetattr": (245, 185),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    # the kernel's keys (keyrings(7))
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # doors to parts of the kernel that judging has no use for
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_setup": (206, 0),
    "io_submit": (209, 2),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "modify_ldt": (154, None),
    "personality": (135, 92),
    "lookup_dcookie": (212, 18),
    # what only root may do, should the child be run as root
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "open_tree_attr": (467, 467),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "create_module": (174, None),
    "iopl": (172, None),
    "ioperm": (173, None),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "nfsservctl": (180, 42),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "setuid": (105, 146),
    "setgid": (106, 144),
    "setreuid": (113, 145),
    "setregid": (114, 143),
    "setresuid": (117, 147),
    "setresgid": (119, 149),
    "setfsuid": (122, 151),
    "setfsgid": (123, 152),
    "setgroups": (116, 159),
    "capset": (126, 91),
    "setrlimit": (160, 164),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274),
}


@dataclass(frozen=True)
class _Machine:
    """A machine's own numbers; ``guarded``: calls refused where the word at an offset has one of these bits."""

    audit_arch: int
    clone: int
    clone3: int
    refused: tuple[int, ...]
    guarded: Mapping[int, tuple[tuple[int, int], ...]]


_ANY = 0xFFFFFFFF
#: of prlimit64: another process's limits, or any that are set and not asked about
_LIMITS = ((_FIRST, _ANY), (_THIRD, _ANY), (_THIRD + _HIGH, _ANY))
_MACHINES = {
    "x86_64": _Machine(
        0xC000003E,
        56,
        435,
        tuple(x for x, _ in REFUSED_CALLS.values()),
        {2: ((_SECOND, _WRITING),), 257: ((_THIRD, _WRITING),), 302: _LIMITS},  # open, openat, prlimit64
    ),
    "aarch64": _Machine(
        0xC00000B7,
        220,
        435,
        tuple(a for _, a in REFUSED_CALLS.values() if a is not None),
        {56: ((_THIRD, _WRITING),), 261: _LIMITS},  # openat, prlimit64
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install_filter(libc: Any) -> bool:
    """Install the filter; False: this machine or kernel has none. Needs ``PR_SET_NO_NEW_PRIVS``."""
    known = _MACHINES.get(os.uname().machine)
    if known is None or sys.maxsize < 2**32:  # a 32-bit Python has other numbers
        return False
    code = _program(known)
    program = _Program(len(code) // 8, code)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _program(machine: _Machine) -> bytes:
    steps = [
        _step(_LOAD, _MACHINE),
        # a call by another machine's door (int 0x80 of 32 bits) has numbers that mean something else here
        _step(_EQUAL, machine.audit_arch, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _X32, 0, 1),
        _step(_RETURN, _KILL),
    ]
    for number in (machine.clone3, _OPENAT2):
        steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ERRNO | errno.ENOSYS)]
    for number in machine.refused:
        steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ERRNO | errno.EPERM)]
    for number, words in machine.guarded.items():
        steps.append(_step(_EQUAL, number, 0, 3 * len(words) + 1))
        for offset, mask in words:
            steps += [_step(_LOAD, offset), _step(_BIT, mask, 0, 1), _step(_RETURN, _ERRNO | errno.EPERM)]
        steps.append(_step(_RETURN, _ALLOW))  # an argument was loaded over the number: nothing to compare any more
    steps += [
        _step(_EQUAL, machine.clone, 1, 0),
        _step(_RETURN, _ALLOW),
        _step(_LOAD, _FIRST),
        _step(_BIT, _CLONE_THREAD, 0, 1),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _ERRNO | errno.EPERM),
    ]
    return b"".join(steps)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
