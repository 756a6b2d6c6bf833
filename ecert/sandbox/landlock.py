"""Which files a process may still read (Landlock, Linux 5.13): :mod:`ecert.sandbox.places`.

Nothing can be written, made, moved or executed any more; and a process in such a domain cannot look into
others outside it, its parent's memory under /proc included. Kernels without Landlock are left as they are.
"""

from __future__ import annotations

import os
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from ecert.sandbox.places import readable

#: the same numbers on every machine
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH = 1
_EVERY_RIGHT = (1 << 13) - 1  # of files and folders, as the first version of Landlock knows them
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3


def install_rules(libc: Any) -> bool:
    """Take the limits upon this process; False: the kernel has none. Needs ``PR_SET_NO_NEW_PRIVS``."""
    handled = struct.pack("=Q", _EVERY_RIGHT)
    rules: int = libc.syscall(_CREATE_RULESET, handled, len(handled), 0)
    if rules < 0:
        return False
    try:
        for path in dict.fromkeys(readable(list(sys.modules))):
            with suppress(OSError):
                _allow(libc, rules, path)
        return bool(libc.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(libc: Any, rules: int, path: str) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = _READ_FILE | (_READ_DIR if Path(path).is_dir() else 0)
        libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, handle), 0)
    finally:
        os.close(handle)
