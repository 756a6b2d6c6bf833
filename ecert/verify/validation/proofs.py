"""Proofs of existence (EN 319 102-1, 5.6.2.3): since when each revision, and each piece of evidence, is known to exist.

A time-stamp that passes proves what it covers: a document time-stamp its own revision (the DSS written
with it included) and all before it, a signature time-stamp the revision its signature signs. What
stands in a signature's or token's own CMS is covered by later revisions alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Proofs:
    """The earliest proven times; what nothing proves exists ``at`` the time of validation."""

    at: datetime
    _covered_from: dict[bytes, int] = field(default_factory=dict)  # evidence → revision
    _proven: dict[int, datetime] = field(default_factory=dict)  # with all before
    _alone: dict[int, datetime] = field(default_factory=dict)

    def add(self, revision: int, time: datetime) -> None:
        """Take in that a revision, with all before it, existed at ``time``."""
        self._proven[revision] = min(time, self.of_revision(revision))

    def add_alone(self, revision: int, time: datetime) -> None:
        """Take in that a revision's own signature value existed at ``time``, whatever it signs."""
        self._alone[revision] = min(time, self.of_revision(revision))

    def cover(self, items: Iterable[bytes], revision: int) -> None:
        """Take in that these items stand where proofs of ``revision`` cover them."""
        for der in items:
            self._covered_from[der] = min(revision, self._covered_from.get(der, revision))

    def covered_from(self, der: bytes) -> int | None:
        """Return the first revision whose proofs cover a piece of evidence; None: the file lacks it."""
        return self._covered_from.get(der)

    def of_revision(self, revision: int) -> datetime:
        """Return the earliest time at which a revision is proven to have existed."""
        covering = [t for r, t in self._proven.items() if r >= revision]
        return min([*covering, self._alone.get(revision, self.at), self.at])

    def proves(self, revision: int) -> bool:
        """Return whether anything proves when a revision existed."""
        return revision in self._alone or any(r >= revision for r in self._proven)

    def of_item(self, der: bytes) -> datetime:
        """Return the earliest time at which a piece of evidence is proven to have existed."""
        revision = self._covered_from.get(der)
        return self.at if revision is None else self.of_revision(revision)
