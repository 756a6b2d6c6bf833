"""Answers kept for later questions: in memory, or one file each in a folder.

An answer lives until the time it was put in with (its nextUpdate), judged by the caller's clock
alone; one that was seen expired is gone for good, also when that clock is set back. How long ago it was
fetched is judged by that clock and by the machine's own. Whoever takes an answer judges it like one from
the network: nothing here is proof of anything, or secret.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from ecert.model.limits import MAX_EVIDENCE_BYTES

MAX_KEPT_BYTES = MAX_EVIDENCE_BYTES  # what is longer is no evidence either
MEMORY_ENTRIES = 1000  # answers in memory: an OCSP answer is 2 kB, an office meets some dozen CAs
MEMORY_BYTES = 64 * 1024 * 1024  # three of the largest CRLs and all the small ones
FOLDER_ENTRIES = 5000  # files: scanning them takes a few milliseconds
FOLDER_BYTES = 512 * 1024 * 1024  # on disk: a hostile file can fill this much and no more

_MAGIC = b"ecert-answer-1 "
_MAX_HEAD = 16 * 1024  # bytes before the answer: a question is an address and a digest
_SUFFIX, _TEMPORARY = ".answer", ".answer-"


@dataclass(frozen=True)
class _Kept:
    """An answer, until when it is good, and when it was fetched: by the caller's clock and by the machine's."""

    answer: bytes
    until: datetime
    fetched: datetime | None = None
    seconds: float = 0.0

    def is_recent(self, now: datetime, max_age_s: float) -> bool:
        """Return whether it was fetched within so many seconds, by both clocks."""
        if self.fetched is None or max_age_s <= 0:
            return False
        ages = (now - self.fetched).total_seconds(), time.time() - self.seconds
        return all(0 <= age <= max_age_s for age in ages)


class _Shelf(Protocol):
    def take(self, question: str, now: datetime) -> _Kept | None: ...
    def keep(self, question: str, kept: _Kept) -> None: ...


class AnswerCache:
    """Answers by their questions; threads may share one, processes a folder.

    Example:
        >>> from datetime import timedelta
        >>> cache, now = AnswerCache(), datetime(2026, 10, 1, tzinfo=UTC)
        >>> cache.put("crl http://ca.example/crl", b"...", now + timedelta(days=7))
        >>> cache.get("crl http://ca.example/crl", now)
        b'...'
        >>> cache.get("crl http://ca.example/crl", now + timedelta(days=7)) is None
        True
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Keep answers in ``folder``, made when it is first needed, or in memory (None)."""
        self._shelf: _Shelf = _Folder(folder) if folder else _Memory()

    def get(self, question: str, now: datetime, *, max_age_s: float | None = None) -> bytes | None:
        """Return an answer that is still good at ``now``, or None.

        With ``max_age_s`` only one that is known to have been fetched within so many seconds.

        Raises:
            ValueError: ``now`` is naive.
        """
        now = _aware(now)
        kept = self._shelf.take(question, now)
        if kept is None or (max_age_s is not None and not kept.is_recent(now, max_age_s)):
            return None
        return kept.answer

    def put(self, question: str, answer: bytes, until: datetime, *, fetched: datetime | None = None) -> None:
        """Keep an answer until ``until``; where that cannot be done, nothing happens.

        ``fetched`` is the caller's time when it came from the network just now.

        Raises:
            ValueError: a time is naive.
        """
        fetched = _aware(fetched) if fetched else None
        kept = _Kept(answer, _aware(until), fetched, time.time())
        if len(answer) <= MAX_KEPT_BYTES:
            self._shelf.keep(question, kept)


def _aware(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise ValueError(f"an aware datetime is needed, not {time.isoformat()}")
    return time.astimezone(UTC)


class _Memory:
    """The least recently used answers go first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}
        self._bytes = 0

    def take(self, question: str, now: datetime) -> _Kept | None:
        with self._lock:
            for stale in [q for q, kept in self._kept.items() if kept.until <= now]:
                self._drop(stale)
            found = self._kept.pop(question, None)
            if found is not None:
                self._kept[question] = found  # the most recently used stands last
            return found

    def keep(self, question: str, kept: _Kept) -> None:
        with self._lock:
            self._drop(question)
            self._kept[question] = kept
            self._bytes += len(kept.answer)
            while len(self._kept) > MEMORY_ENTRIES or self._bytes > MEMORY_BYTES:
                self._drop(next(iter(self._kept)))

    def _drop(self, question: str) -> None:
        kept = self._kept.pop(question, None)
        self._bytes -= len(kept.answer) if kept else 0


class _Folder:
    """One file for each question: a digest of the rest, one line of JSON, the answer as it came.

    ::

        ecert-answer-1 <SHA-256 of everything after this line, in hex>
        {"question": "…", "until": "2026-10-08T03:00:00+00:00", "fetched": "…", "seconds": 1790823600.0}
        <the answer>

    A file that is damaged, foreign, too large or expired is as good as none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, question: str, now: datetime) -> _Kept | None:
        path = self._path(question)
        try:
            kept = _parse(_read(path), question)
            if kept.until > now:
                return kept
            path.unlink(missing_ok=True)  # never again, whatever the clock says next
        except (OSError, ValueError, OverflowError, KeyError, TypeError, RecursionError):
            pass
        return None

    def keep(self, question: str, kept: _Kept) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(self._path(question), _serialize(question, kept))
            self._tidy()
        except OSError:  # a full or read-only disk costs time, not the act
            pass

    def _path(self, question: str) -> Path:
        name = hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / (name + _SUFFIX)

    def _write(self, path: Path, data: bytes) -> None:
        handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=self._folder)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _tidy(self) -> None:
        """Remove the oldest files of ours while there are too many, left-over pieces included."""
        with os.scandir(self._folder) as entries:
            ours = [
                (e.stat(follow_symlinks=False), e.path)
                for e in entries
                if e.name.endswith(_SUFFIX) or e.name.startswith(_TEMPORARY)
            ]
        ours.sort(key=lambda each: each[0].st_mtime)
        count, size = len(ours), sum(status.st_size for status, _ in ours)
        for status, path in ours:
            if count <= FOLDER_ENTRIES and size <= FOLDER_BYTES:
                return
            Path(path).unlink(missing_ok=True)
            count, size = count - 1, size - status.st_size


def _read(path: Path) -> bytes:
    """Return a regular file's bytes; a pipe planted in its place must not hold us up."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
        most = MAX_KEPT_BYTES + _MAX_HEAD
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("not a file")
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError("too large")
    return data


def _serialize(question: str, kept: _Kept) -> bytes:
    facts: dict[str, object] = {"question": question, "until": kept.until.isoformat()}
    if kept.fetched is not None:
        facts |= {"fetched": kept.fetched.isoformat(), "seconds": kept.seconds}
    rest = json.dumps(facts).encode("ascii") + b"\n" + kept.answer
    return _MAGIC + hashlib.sha256(rest).hexdigest().encode("ascii") + b"\n" + rest


def _parse(data: bytes, question: str) -> _Kept:
    first, _, rest = data.partition(b"\n")
    if first != _MAGIC + hashlib.sha256(rest).hexdigest().encode("ascii"):
        raise ValueError("damaged")
    line, _, answer = rest.partition(b"\n")
    head = json.loads(line)
    if head["question"] != question:
        raise ValueError("another question's answer")
    until, fetched = _aware(datetime.fromisoformat(head["until"])), None
    if "fetched" in head:
        fetched = _aware(datetime.fromisoformat(head["fetched"]))
    return _Kept(answer, until, fetched, float(head.get("seconds", 0)))
