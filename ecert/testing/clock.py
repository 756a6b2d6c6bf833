"""The office's clock: real time, or any other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

#: Vietnam has no daylight saving time: +07:00 all year.
VIETNAM = timezone(timedelta(hours=7))


class Clock:
    """A movable clock: it follows real time until it is set, then stands still until moved.

    Example:
        >>> clock = Clock(datetime(2026, 10, 1, 3, tzinfo=UTC))
        >>> clock.advance(days=1)
        >>> clock.now().isoformat()
        '2026-10-02T03:00:00+00:00'
    """

    def __init__(self, now: datetime | None = None) -> None:
        self._fixed: datetime | None = None
        self._offset = timedelta()
        if now is not None:
            self.set(now)

    def now(self) -> datetime:
        """Return the time, in UTC."""
        return self._fixed or datetime.now(UTC) + self._offset

    def today(self) -> date:
        """Return the day in Vietnam (+07:00)."""
        return self.now().astimezone(VIETNAM).date()

    def set(self, now: datetime | None) -> None:
        """Stop the clock at ``now`` (an aware datetime), or let it follow real time again (None).

        Raises:
            ValueError: the datetime is naive.
        """
        if now is not None and now.tzinfo is None:
            raise ValueError(f"a clock needs an aware datetime, not {now.isoformat()}")
        self._fixed = now.astimezone(UTC) if now else None
        self._offset = timedelta()

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move the clock forward, or back with negative values, whether it runs or stands."""
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        if self._fixed:
            self._fixed += step
        else:
            self._offset += step
