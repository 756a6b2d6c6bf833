"""Locks that a forked child does not inherit locked: there, nobody would ever release them."""

from __future__ import annotations

import os
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _thread import RLock as RLockType


def forkable_lock() -> RLockType:
    """Return a lock for the life of the process; a fork waits until whoever holds it is done."""
    lock = RLock()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)
    return lock
