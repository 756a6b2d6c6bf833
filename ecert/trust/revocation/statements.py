"""The vocabulary of revocation: one statement about one certificate, and the status that follows from all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cryptography.x509 import ReasonFlags

from ecert.model.times import CLOCK_TOLERANCE
from ecert.trust.signed import SignatureAlgorithm

#: How long an answer without nextUpdate counts (RFC 6960, 4.2.2.1: newer data is always available).
DEFAULT_LIFE = timedelta(days=1)
#: Every reason a CRL can be limited to (RFC 5280, 4.2.1.13); a certificate is good when all are covered.
ALL_REASONS = frozenset(ReasonFlags) - {ReasonFlags.unspecified, ReasonFlags.remove_from_crl}
ON_HOLD = ReasonFlags.certificate_hold.value
LIFTED = ReasonFlags.remove_from_crl.value


@dataclass(frozen=True)
class RevocationItem:
    """One authentic statement about one certificate."""

    source: Literal["ocsp", "crl"]
    this_update: datetime
    next_update: datetime | None
    #: the revocation time, or since when it is on hold; None: neither. Never the invalidity date, which
    #: the key's holder may have had a say in (RFC 5280, 5.3.2; EN 319 102-1, 5.2.6 asks the former)
    revoked_at: datetime | None
    reason: str | None
    der: bytes  # of a base and its delta: the delta

    @property
    def counts_until(self) -> datetime:
        """Return when the statement goes stale."""
        return self.next_update or self.this_update + DEFAULT_LIFE

    def made_before(self, moment: datetime) -> bool:
        """Return whether it was made before a moment, by more than the clocks of two services may differ."""
        return self.this_update < moment - CLOCK_TOLERANCE


#: Reasons that leave the key with its holder (RFC 3161, 4 (1); named as in RFC 5280, 5.3.1).
RETIREMENT = frozenset({"unspecified", "affiliationChanged", "superseded", "cessationOfOperation"})


@dataclass(frozen=True)
class RevocationStatus:
    """The answer: ``good``, ``revoked``, ``on-hold``, ``stale`` (only outdated statements) or ``missing``.

    ``item`` is the statement it follows from; ``revoked`` and ``on-hold`` hold since ``item.revoked_at``.
    Where that is after the moment asked for, it is proven that nothing had happened by then.
    """

    status: Literal["good", "revoked", "on-hold", "stale", "missing"]
    item: RevocationItem | None = None
    sources: tuple[bytes, ...] = ()  # every CRL or OCSP answer it rests on, DER
    #: of a revocation: it proves itself, and every word about it gives a reason of :data:`RETIREMENT`
    retired: bool = False

    def clean_at(self, moment: datetime) -> bool:
        """Return whether a certificate is known to have been neither revoked nor on hold at a moment."""
        if self.item is not None and self.item.revoked_at is not None:
            return self.item.revoked_at > moment
        return self.status == "good"


@dataclass(frozen=True)
class Statement:
    """An item with what decides whether it proves anything."""

    item: RevocationItem
    produced_at: datetime
    signer: bytes  # the certificate whose key signed it, DER
    sources: tuple[bytes, ...]  # the CRLs or the OCSP answer it rests on, DER
    algorithms: tuple[SignatureAlgorithm, ...]
    reasons: frozenset[ReasonFlags] = ALL_REASONS  # for which it tells the whole status
    #: status is told of certificates that expired at this time or later (RFC 6960, 4.4.4; X.509, 9.5.2.3)
    expired_since: datetime | None = None

    @property
    def word(self) -> Literal["good", "on-hold", "revoked"]:
        """Return what it says."""
        if self.item.revoked_at is None:
            return "good"
        return "on-hold" if self.item.reason == ON_HOLD else "revoked"

    def tells_of_harm(self, moment: datetime) -> bool:
        """Return whether it says that the certificate was revoked or on hold at a moment."""
        return self.item.revoked_at is not None and self.item.revoked_at <= moment

    @property
    def rank(self) -> tuple[datetime, int, bool, bool, tuple[bytes, ...]]:
        """Return what statements are sorted by: the newer, a delta above its base, the worse, OCSP above CRL."""
        item, sources = self.item, self.sources
        revoked = item.revoked_at is not None
        return (item.this_update, len(sources), revoked, item.source == "ocsp", sources)
