"""Evidence: certificates, OCSP answers and CRLs that judging may lean on; only bytes, no trust."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Attempt:
    """One question asked over the network and what became of it.

    ``told_by`` says who tells so, where it is not whoever asked: a folder of evidence, which anybody may
    have written.
    """

    url: str
    outcome: str
    told_by: Literal["folder"] | None = None


@dataclass(frozen=True)
class Evidence:
    """DER-encoded validation data (RFC 5280 certificates and CRLs, RFC 6960 OCSP responses).

    ``doubts`` lay beside it and were not chosen: they count as soon as one of them says *revoked*. ``kept`` is
    when what is here was used before, where it was taken from a folder that keeps such.
    """

    certificates: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    doubts: Evidence | None = None
    kept: datetime | None = None

    @staticmethod
    def of(
        certificates: Iterable[bytes] = (),
        ocsps: Iterable[bytes] = (),
        crls: Iterable[bytes] = (),
        attempts: Iterable[Attempt] = (),
    ) -> Evidence:
        """Return evidence with each item once, in the order first met."""
        return Evidence(
            tuple(dict.fromkeys(certificates)), tuple(dict.fromkeys(ocsps)), tuple(dict.fromkeys(crls)), tuple(attempts)
        )

    def __add__(self, other: Evidence) -> Evidence:
        found = Evidence.of(
            self.certificates + other.certificates,
            self.ocsps + other.ocsps,
            self.crls + other.crls,
            self.attempts + other.attempts,
        )
        doubts = self.doubts + other.doubts if self.doubts and other.doubts else None
        doubts = doubts or self.doubts or other.doubts
        times = [time for time in (self.kept, other.kept) if time is not None]
        return replace(found, doubts=doubts, kept=min(times, default=None))

    def __sub__(self, other: Evidence) -> Evidence:
        """Return what ``other`` does not hold yet; the rest is as it was."""
        return replace(
            self,
            certificates=tuple(c for c in self.certificates if c not in other.certificates),
            ocsps=tuple(o for o in self.ocsps if o not in other.ocsps),
            crls=tuple(c for c in self.crls if c not in other.crls),
        )

    def items(self) -> tuple[bytes, ...]:
        """Return every item, whatever its kind."""
        return (*self.certificates, *self.ocsps, *self.crls)

    def in_order(self) -> Evidence:
        """Return the same items in an order that does not depend on who gave them."""
        return replace(
            self,
            certificates=tuple(sorted(self.certificates)),
            ocsps=tuple(sorted(self.ocsps)),
            crls=tuple(sorted(self.crls)),
        )

    def __bool__(self) -> bool:
        return bool(self.certificates or self.ocsps or self.crls)
