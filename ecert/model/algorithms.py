"""Until when algorithms and key sizes are held to be reliable: dated data, with its source.

From ETSI TS 119 312 V1.5.1 (2024-12), tables 1 to 5; what it no longer lists from TS 102 176-1 V2.1.1.
TT 15/2025/TT-BKHCN, for signatures made in Vietnam, sets floors without dates: RSA 2048, ECDSA 256.

A limit that had passed when this table was made is *judged*: without a proof of an earlier time
nothing made with it is relied on. A later limit is a *forecast*, and forecasts have been moved before:
it says when a renewal is due, and once passed it is a warning.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

#: When this table was made; later limits are forecasts.
TABLE_DATE = datetime(2026, 11, 1, tzinfo=UTC)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # the limit of what was never held to be reliable


def _day(year: int, month: int, day: int = 1) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


#: digest → limit; None: none is foreseen
_DIGESTS: dict[str, datetime | None] = {
    "md5": _day(2004, 8),
    "sha1": _day(2012, 8),
    "sha224": _day(2029, 1),
    "sha256": None,
    "sha384": None,
    "sha512": None,
    "sha3_256": None,
    "sha3_384": None,
    "sha3_512": None,
}
#: scheme → (from this size in bits, limit), largest first
_KEYS: dict[str, tuple[tuple[int, datetime | None], ...]] = {
    "rsa-pkcs1": ((1900, _day(2029, 1)), (1024, _day(2019, 10)), (786, _day(2010, 8))),
    "rsa-pss": ((3000, None), (1900, _day(2029, 1)), (1024, _day(2019, 10)), (786, _day(2010, 8))),
    "ecdsa": ((256, None), (224, _day(2021, 10)), (160, _day(2012, 8))),
    "dsa": ((3000, None), (1900, _day(2029, 1)), (1024, _day(2015, 12))),
    # in none of the tables: RFC 8032's strength is that of P-256, and the format does not use it
    "ed25519": ((256, None),),
}
_NAMES = {"rsa-pkcs1": "RSA-{} (PKCS #1 v1.5)", "rsa-pss": "RSA-{} (PSS)", "ecdsa": "ECDSA-{}", "dsa": "DSA-{}"}


@dataclass(frozen=True)
class AlgorithmLimit:
    """One algorithm in use and until when it is reliable; ``until`` None: no end is foreseen."""

    name: str
    until: datetime | None

    @property
    def forecast(self) -> bool:
        """Return whether the limit lay ahead when the table was made."""
        return self.until is not None and self.until > TABLE_DATE

    def passed(self, moment: datetime) -> bool:
        """Return whether the limit has passed at ``moment``."""
        return self.until is not None and moment >= self.until

    def refuses(self, moment: datetime) -> bool:
        """Return whether nothing is relied on that exists since ``moment`` alone; a forecast never says so."""
        return self.passed(moment) and not self.forecast


def digest_limit(digest: str) -> AlgorithmLimit:
    """Return the limit of a digest algorithm; one nobody knows was never reliable."""
    return AlgorithmLimit(_spelled(digest), _DIGESTS.get(digest, NEVER))


def key_limit(scheme: str, size: int) -> AlgorithmLimit:
    """Return the limit of a signature scheme with a key of ``size`` bits."""
    limit = next((until for least, until in _KEYS.get(scheme, ()) if size >= least), NEVER)
    return AlgorithmLimit(_NAMES.get(scheme, scheme).format(size), limit)


def signature_limits(scheme: str, digest: str, size: int) -> tuple[AlgorithmLimit, ...]:
    """Return the limits of one signature: its digest, and its scheme with a key of ``size`` bits."""
    return digest_limit(digest), key_limit(scheme, size)


def first_to_end(limits: Iterable[AlgorithmLimit]) -> AlgorithmLimit | None:
    """Return the limit that comes first, or None where no end is foreseen."""
    ending = [limit for limit in limits if limit.until is not None]
    return min(ending, key=lambda limit: (limit.until, limit.name), default=None)


def _spelled(digest: str) -> str:
    name = digest.upper().replace("_", "-")
    return name if name.startswith("SHA3") else name.replace("SHA", "SHA-", 1)
