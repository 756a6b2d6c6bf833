"""Remember who did not answer a moment ago, so that nobody is waited for twice.

A *place* is a host with its port (it could not be connected to) or one address of it (it was
connected to, and did not answer): a CA whose OCSP service hangs may well hand out its CRLs from the
same host.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

#: How long a place is left alone: longer than an officer takes for a few copies, short enough that
#: a service back from a restart is found again during the same sitting.
OPEN_S = 60.0
MAX_PLACES = 1000  # remembered at once; the files of a day name some dozen


class Breaker:
    """Which places are left alone; threads may share one. Time is monotonic."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: dict[str, float] = {}  # the latest failure last

    def failed(self, place: str) -> None:
        """Note that a place did not answer: it is left alone from now on."""
        with self._lock:
            self._failed.pop(place, None)
            self._failed[place] = self._clock()
            if len(self._failed) > MAX_PLACES:
                del self._failed[next(iter(self._failed))]

    def answered(self, place: str) -> None:
        """Note that a place answered, whatever it said."""
        with self._lock:
            self._failed.pop(place, None)

    def open_since(self, *places: str) -> float | None:
        """Return the latest failure of any of these places that still counts, or None."""
        with self._lock:
            return self._open_since(places)

    def admits(self, *places: str) -> bool:
        """Return whether they may be asked.

        Once the time is over one asker is let in to see; the others go on leaving the place alone
        until it is known to answer.
        """
        with self._lock:
            if self._open_since(places) is not None:
                return False
            for place in places:
                if place in self._failed:
                    self._failed[place] = self._clock()
            return True

    def _open_since(self, places: tuple[str, ...]) -> float | None:
        now = self._clock()
        times = [self._failed[p] for p in places if p in self._failed]
        return max((t for t in times if now < t + OPEN_S), default=None)
