"""The highest sequence numbers that were ever seen, in a folder: no bundle or list goes back behind its own.

Whoever controls the way a bundle or trusted list comes could hand out an older one, signed and not yet
expired, with an authority that was struck off since (docs/adr/0006-trust-bundle.md). One file for each, named by a
digest of its kind and key::

    {"format": "ecert-seen-1", "kind": "bundle", "key": "office", "sequence": 7}

Threads and processes may share a folder: a number is raised under a lock, in one step, and never lowered.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from ecert.errors import SettingsError
from ecert.model.files import read_head

SequenceKind = Literal["bundle", "list"]

_FORMAT = "ecert-seen-1"
_LOCK, _TEMPORARY = ".lock", ".seen-"
_MAX_BYTES = 4096  # bytes of one file: a list's key is an address


def note_sequence(folder: Path, kind: SequenceKind, key: str, sequence: int, name: str) -> None:
    """Refuse a bundle or list that is older than one seen before; remember the number of a newer one.

    ``key`` tells it from others, from issue to issue, whoever of those the office believes signed it: a new
    key does not open a way back. ``name`` says which it is in refusals.

    Raises:
        SettingsError: ``trust-rolled-back``, or ``trust-state-unusable``: the folder cannot be read or written.
    """
    path = _path(folder, kind, key)
    if refuse_older(folder, kind, key, sequence, name) == sequence:
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(folder):
            if refuse_older(folder, kind, key, sequence, name) != sequence:
                _write(path, {"format": _FORMAT, "kind": kind, "key": key, "sequence": sequence})
    except OSError as exc:
        raise _unusable(folder, f"cannot be written ({exc.strerror})") from exc


def refuse_older(folder: Path, kind: SequenceKind, key: str, sequence: int, name: str) -> int | None:
    """Refuse a bundle or list as :func:`note_sequence` does, and write nothing; return the number seen last.

    Raises:
        SettingsError: see :func:`note_sequence`.
    """
    seen = _seen(folder, kind, key)
    if seen is not None and sequence < seen:
        raise SettingsError(
            f"{name} is number {sequence}, and number {seen} of it was used before",
            code="trust-rolled-back",
            hint="get its newest issue from its publisher; it may have been exchanged on the way here",
        )
    return seen


def _seen(folder: Path, kind: SequenceKind, key: str) -> int | None:
    path = _path(folder, kind, key)
    try:
        tree: Any = json.loads(read_head(path, _MAX_BYTES))
        stated = {"format": _FORMAT, "kind": kind, "key": key}
        if tree.keys() == {*stated, "sequence"} and stated.items() <= tree.items():
            number = tree["sequence"]
            if type(number) is int and number >= 0:
                return number
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise _unusable(folder, f"cannot be read ({exc.strerror})") from exc
    except (ValueError, AttributeError, TypeError, RecursionError):
        pass
    raise _unusable(folder, f"holds a damaged file, {path.name}")


def _path(folder: Path, kind: SequenceKind, key: str) -> Path:
    return folder / (hashlib.sha256(f"{kind} {key}".encode()).hexdigest() + ".json")


def _write(path: Path, tree: dict[str, Any]) -> None:
    """Write a file in one step, so that a power cut leaves the old one or the new one."""
    handle, temporary = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps(tree).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system lets go of it when a process dies."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(folder / _LOCK, flags, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _unusable(folder: Path, reason: str) -> SettingsError:
    return SettingsError(
        f"the folder of seen bundles and lists {folder} {reason}",
        code="trust-state-unusable",
        hint="check trust.state_dir and its permissions; a damaged file comes back from a backup, or is removed "
        "once the number in use was compared with its publisher's by another way",
    )
