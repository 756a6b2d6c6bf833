"""Digests over byte ranges (ISO 32000-1, 12.8.1): signatures share a prefix, so it is hashed once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from ecert.formats.pades.algorithms import hash_of
from ecert.model.limits import MAX_HASHED_LENGTHS

ByteRange = tuple[int, int, int, int]


class TooMuchHashed(Exception):
    """More bytes are to be hashed than :data:`~ecert.model.limits.MAX_HASHED_LENGTHS` allows."""


class RangeDigests:
    """Digests of one file; hash states of prefixes are kept and continued."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._prefixes: dict[str, list[tuple[int, Any]]] = {}
        self._known: dict[tuple[str, tuple[tuple[int, int], ...]], bytes] = {}
        self._hashed = 0  # bytes

    def digest(self, algorithm: str, ranges: Sequence[tuple[int, int]]) -> bytes:
        """Return the digest of ``(start, length)`` ranges, concatenated; the first starts at 0.

        Raises:
            ValueError: the algorithm is unknown, or the first range does not start at 0.
            TooMuchHashed: see :meth:`spend`.
        """
        key = algorithm, tuple(ranges)
        if key not in self._known:
            self._known[key] = self._digest(algorithm, ranges)
        return self._known[key]

    def _digest(self, algorithm: str, ranges: Sequence[tuple[int, int]]) -> bytes:
        (start, length), *rest = ranges
        if start:
            raise ValueError("the first range does not start at 0")
        state = self._prefix(algorithm, length).copy()
        self.spend(sum(length for _, length in rest))
        for start, length in rest:
            state.update(self._data[start : start + length])
        return bytes(state.digest())

    def spend(self, size: int) -> None:
        """Count bytes that one signature alone has hashed; what is shared costs a file's length at most.

        Raises:
            TooMuchHashed: signatures of one file have more to themselves than they can honestly have.
        """
        if size and self._hashed + size > MAX_HASHED_LENGTHS * len(self._data):
            raise TooMuchHashed
        self._hashed += size

    def _prefix(self, algorithm: str, length: int) -> Any:
        hash_of(algorithm)
        known = self._prefixes.setdefault(algorithm, [(0, hashlib.new(algorithm))])
        at, state = max((k for k in known if k[0] <= length), key=lambda k: k[0])
        if at == length:
            return state
        state = state.copy()
        state.update(self._data[at:length])
        known.append((length, state))
        return state
