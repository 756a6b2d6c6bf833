"""Keep quiet what libraries warn of: it may quote a document, and nobody could act on it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ecert.model.locks import forkable_lock

_lock = forkable_lock()
_inside = 0  # how many threads are
_before: Any = None  # what to restore once the last has left


@contextmanager
def quietly() -> Iterator[None]:
    """Drop every warning of the process while any thread is inside.

    ``warnings.catch_warnings`` alone restores what it found: of two threads that overlap, the later one
    would find, and leave behind, the silence of the earlier one.
    """
    global _inside, _before
    with _lock:
        if _inside == 0:
            _before = warnings.catch_warnings()
            _before.__enter__()
            warnings.simplefilter("ignore")
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                _before.__exit__(None, None, None)
