"""Times: aware, whole seconds, UTC inside; the clock is read here alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from ecert.errors import UsageError


def read_clock(at: datetime | None) -> datetime:
    """Return ``at`` in UTC, or the current time where it is None; whole seconds.

    Raises:
        UsageError: ``at`` has no time zone.
    """
    if at is None:
        return datetime.now(UTC).replace(microsecond=0)
    if at.tzinfo is None:
        raise UsageError(f"the time {at.isoformat()} has no zone", hint="give one, such as +07:00")
    return at.astimezone(UTC).replace(microsecond=0)


def rfc3339(time: datetime) -> str:
    """Return a time as RFC 3339 in UTC, such as 2026-10-01T02:03:04Z."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_day(time: datetime, utc_offset_hours: int) -> date:
    """Return the calendar day of a time in an office's zone."""
    return (time.astimezone(UTC) + timedelta(hours=utc_offset_hours)).date()


def office_time(time: datetime, utc_offset_hours: int, *, iso: bool = False) -> str:
    """Return a time for people, with seconds and offset: 01/10/2026 09:03:04 +07:00.

    ``iso`` writes the day as 2026-10-01.
    """
    zone = timezone(timedelta(hours=utc_offset_hours))
    local = time.astimezone(zone)
    day = f"{local:%Y-%m-%d}" if iso else f"{local:%d/%m/%Y}"
    return f"{day} {local:%H:%M:%S} {local.isoformat()[-6:]}"
