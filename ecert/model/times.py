"""Times: aware, whole seconds, UTC inside; the clock is read here alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from ecert.errors import UsageError

#: How far the clocks of two machines may differ: a service's and ours, a signer's and an authority's.
CLOCK_TOLERANCE = timedelta(minutes=5)

#: Times that a certificate can name (RFC 5280, 4.1.2.5), with room for zones and tolerances after them.
_FIRST, _LAST = datetime(1950, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)


def read_clock(at: datetime | None) -> datetime:
    """Return ``at`` in UTC, or the current time where it is None; whole seconds.

    Raises:
        UsageError: ``at`` has no time zone, or is in no year that certificates know.
    """
    if at is None:
        return datetime.now(UTC).replace(microsecond=0)
    if at.tzinfo is None:
        raise UsageError(f"the time {at.isoformat()} has no zone", hint="give one, such as +07:00")
    if not _FIRST <= at <= _LAST:
        raise UsageError(f"the time {at.isoformat()} is out of range", hint="give one between 1950 and 9998")
    return at.astimezone(UTC).replace(microsecond=0)


def rfc3339(time: datetime) -> str:
    """Return a time as RFC 3339 in UTC, such as 2026-10-01T02:03:04Z."""
    # not strftime: it writes a year before 1000, as hostile files name them, with fewer digits
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def local_day(time: datetime, utc_offset_hours: int) -> date:
    """Return the calendar day of a time in an office's zone."""
    return (time.astimezone(UTC) + timedelta(hours=utc_offset_hours)).date()


def office_time(time: datetime, utc_offset_hours: int, *, iso: bool = False) -> str:
    """Return a time for people, with seconds and offset: 01/10/2026 09:03:04 +07:00.

    ``iso`` writes the day as 2026-10-01.
    """
    zone = timezone(timedelta(hours=utc_offset_hours))
    try:
        local = time.astimezone(zone)
    except OverflowError:  # 99991231235959Z: no well-defined end (RFC 5280, 4.1.2.5)
        local = time.astimezone(UTC)
    day = f"{local:%Y-%m-%d}" if iso else f"{local:%d/%m/%Y}"
    return f"{day} {local:%H:%M:%S} {local.isoformat()[-6:]}"


def time_in_sentence(time: datetime, utc_offset_hours: int) -> str:
    """Return a time as Vietnamese prose has it: 09:03:04 ngày 01/10/2026; another zone than Vietnam's is named."""
    day, clock, offset = office_time(time, utc_offset_hours).split()
    return f"{clock} ngày {day}" + ("" if offset == "+07:00" else f" ({offset})")
