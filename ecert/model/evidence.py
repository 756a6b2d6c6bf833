"""Evidence: certificates, OCSP answers and CRLs that judging may lean on; only bytes, no trust."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Attempt:
    """One question asked over the network and what became of it."""

    url: str
    outcome: str


@dataclass(frozen=True)
class Evidence:
    """DER-encoded validation data (RFC 5280 certificates and CRLs, RFC 6960 OCSP responses)."""

    certificates: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    attempts: tuple[Attempt, ...] = ()

    @staticmethod
    def of(
        certificates: Iterable[bytes] = (),
        ocsps: Iterable[bytes] = (),
        crls: Iterable[bytes] = (),
        attempts: Iterable[Attempt] = (),
    ) -> Evidence:
        """Return evidence with each item once, in the order first met."""
        return Evidence(
            tuple(dict.fromkeys(certificates)),
            tuple(dict.fromkeys(ocsps)),
            tuple(dict.fromkeys(crls)),
            tuple(attempts),
        )

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence.of(
            self.certificates + other.certificates,
            self.ocsps + other.ocsps,
            self.crls + other.crls,
            self.attempts + other.attempts,
        )

    def __sub__(self, other: Evidence) -> Evidence:
        """Return what ``other`` does not hold yet (attempts are kept)."""
        return Evidence(
            tuple(c for c in self.certificates if c not in other.certificates),
            tuple(o for o in self.ocsps if o not in other.ocsps),
            tuple(c for c in self.crls if c not in other.crls),
            self.attempts,
        )

    def items(self) -> tuple[bytes, ...]:
        """Return every item, whatever its kind."""
        return (*self.certificates, *self.ocsps, *self.crls)

    def in_order(self) -> Evidence:
        """Return the same items in an order that does not depend on who gave them."""
        return Evidence(
            tuple(sorted(self.certificates)),
            tuple(sorted(self.ocsps)),
            tuple(sorted(self.crls)),
            self.attempts,
        )

    def __bool__(self) -> bool:
        return bool(self.certificates or self.ocsps or self.crls)
