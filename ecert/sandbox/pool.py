"""The child processes of one sandbox: so many at once, one in waiting, and never those of another process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from ecert.errors import ServiceError
from ecert.model.locks import forkable_lock
from ecert.sandbox.worker import Worker

_forks = forkable_lock()


class Pool:
    """At most ``slots`` children work at once, ``line`` callers wait for one (None: any number).

    After a fork the parent's child in waiting is the parent's alone: the forked process closes its ends of
    the pipes, counts from nought and starts children of its own.
    """

    def __init__(self, slots: int, line: int | None) -> None:
        self._slots, self._line = slots, line
        self._warm = False
        self._begin()

    def _begin(self) -> None:
        self._owner = os.getpid()
        self._free = Condition()
        self._working = self._waiting = 0
        self._spare: Worker | None = None

    def _own(self) -> Condition:
        """Return what to wait at, this process's own."""
        with _forks:
            if self._owner != os.getpid():
                if self._spare is not None:
                    self._spare.abandon()
                self._begin()
            return self._free

    def warm_up(self) -> None:
        """Keep a child ready from now on."""
        with self._own():
            self._warm = True
            self._spare = self._spare or Worker()

    def close(self) -> None:
        """End the child in waiting."""
        with self._own():
            spare, self._spare, self._warm = self._spare, None, False
        if spare is not None:
            spare.end()

    @contextmanager
    def worker(self) -> Iterator[Worker]:
        """Yield a child for one job, when there is a slot; the next one is started already where it is kept ready.

        Raises:
            ServiceError: ``busy``: all slots are taken, and so is every place in the line.
        """
        free = self._own()
        with free:
            if self._working >= self._slots:
                self._wait(free)
            self._working += 1
        try:
            yield self._take(free)
        finally:
            with free:
                self._working -= 1
                free.notify()

    def _wait(self, free: Condition) -> None:
        if self._line is not None and self._waiting >= self._line:
            raise ServiceError(
                f"all {self._slots} places to judge a document are taken",
                code="busy",
                hint="try again in a moment, or give the sandbox more slots",
            )
        self._waiting += 1
        try:
            free.wait_for(lambda: self._working < self._slots)
        finally:
            self._waiting -= 1

    def _take(self, free: Condition) -> Worker:
        with free:
            worker, self._spare = self._spare or Worker(), None
            if self._warm:
                self._spare = Worker()
        return worker
