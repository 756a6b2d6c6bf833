"""Answers kept for later questions: in memory, or one file each in a folder.

An answer lives until the time it was put in with (its nextUpdate), judged by the caller's clock
alone; one that was seen expired is gone for good, also when that clock is set back. Whoever takes
an answer judges it like one from the network: nothing here is proof of anything, or secret.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from ecert.model.limits import MAX_EVIDENCE_BYTES

MAX_ANSWER_BYTES = MAX_EVIDENCE_BYTES  # what is longer is no evidence either
MEMORY_ENTRIES = 1000  # answers in memory: an OCSP answer is 2 kB, an office meets some dozen CAs
MEMORY_BYTES = 64 * 1024 * 1024  # three of the largest CRLs and all the small ones
FOLDER_ENTRIES = 5000  # files: scanning them takes a few milliseconds
FOLDER_BYTES = 512 * 1024 * 1024  # on disk: a hostile file can fill this much and no more

_MAGIC = b"ecert-answer-1 "
_MAX_HEAD = 16 * 1024  # bytes before the answer: a question is an address and a digest
_SUFFIX, _TEMPORARY = ".answer", ".answer-"

Kept = tuple[datetime, bytes]


class _Shelf(Protocol):
    def take(self, question: str, now: datetime) -> bytes | None: ...
    def keep(self, question: str, answer: bytes, until: datetime) -> None: ...


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

    def get(self, question: str, now: datetime) -> bytes | None:
        """Return an answer that is still good at ``now``, or None.

        Raises:
            ValueError: ``now`` is naive.
        """
        return self._shelf.take(question, _aware(now))

    def put(self, question: str, answer: bytes, until: datetime) -> None:
        """Keep an answer until ``until``; where that cannot be done, nothing happens.

        Raises:
            ValueError: ``until`` is naive.
        """
        until = _aware(until)
        if len(answer) <= MAX_ANSWER_BYTES:
            self._shelf.keep(question, answer, until)


def _aware(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise ValueError(f"an aware datetime is needed, not {time.isoformat()}")
    return time.astimezone(UTC)


class _Memory:
    """The least recently used answers go first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Kept] = {}
        self._bytes = 0

    def take(self, question: str, now: datetime) -> bytes | None:
        with self._lock:
            for stale in [q for q, (until, _) in self._kept.items() if until <= now]:
                self._drop(stale)
            found = self._kept.pop(question, None)
            if found is None:
                return None
            self._kept[question] = found  # the most recently used stands last
            return found[1]

    def keep(self, question: str, answer: bytes, until: datetime) -> None:
        with self._lock:
            self._drop(question)
            self._kept[question] = (until, answer)
            self._bytes += len(answer)
            while len(self._kept) > MEMORY_ENTRIES or self._bytes > MEMORY_BYTES:
                self._drop(next(iter(self._kept)))

    def _drop(self, question: str) -> None:
        _, answer = self._kept.pop(question, (None, b""))
        self._bytes -= len(answer)


class _Folder:
    """One file for each question: a digest of the rest, one line of JSON, the answer as it came.

    ::

        ecert-answer-1 <SHA-256 of everything after this line, in hex>
        {"question": "…", "until": "2026-10-08T03:00:00+00:00"}
        <the answer>

    A file that is damaged, foreign, too large or expired is as good as none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, question: str, now: datetime) -> bytes | None:
        path = self._path(question)
        try:
            until, answer = _parse(_read(path), question)
            if until > now:
                return answer
            path.unlink(missing_ok=True)  # never again, whatever the clock says next
        except (OSError, ValueError, OverflowError, KeyError, TypeError, RecursionError):
            pass
        return None

    def keep(self, question: str, answer: bytes, until: datetime) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(self._path(question), _serialize(question, answer, until))
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
        most = MAX_ANSWER_BYTES + _MAX_HEAD
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("not a file")
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError("too large")
    return data


def _serialize(question: str, answer: bytes, until: datetime) -> bytes:
    head = json.dumps({"question": question, "until": until.isoformat()}).encode("ascii")
    rest = head + b"\n" + answer
    return _MAGIC + hashlib.sha256(rest).hexdigest().encode("ascii") + b"\n" + rest


def _parse(data: bytes, question: str) -> Kept:
    first, _, rest = data.partition(b"\n")
    if first != _MAGIC + hashlib.sha256(rest).hexdigest().encode("ascii"):
        raise ValueError("damaged")
    line, _, answer = rest.partition(b"\n")
    head = json.loads(line)
    if head["question"] != question:
        raise ValueError("another question's answer")
    return _aware(datetime.fromisoformat(head["until"])), answer
