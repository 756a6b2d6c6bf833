"""Times and spans as people write them on the command line."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from ecert.errors import UsageError

_DAYS = re.compile(r"([1-9]\d{0,4})d")


def read_time(flag: str, text: str | None) -> datetime | None:
    """Return a time with a zone, in UTC; None: none is given.

    Raises:
        UsageError: it is no such time.
    """
    from ecert.model.times import read_clock

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(f"{flag} {text!r} is not a time with a zone", hint="write 2026-10-01T09:00:00+07:00")
    return read_clock(moment)


def read_days(flag: str, text: str) -> timedelta:
    """Return a number of days, such as ``365d``.

    Raises:
        UsageError: it is none.
    """
    found = _DAYS.fullmatch(text)
    if not found:
        raise UsageError(f"{flag} {text!r} is not a number of days", hint="write it as 365d")
    return timedelta(days=int(found[1]))


def read_moment(flag: str, text: str, now: datetime) -> datetime:
    """Return a time given as days from now (``30d``) or with a zone.

    Raises:
        UsageError: it is neither.
    """
    if _DAYS.fullmatch(text):
        return now + read_days(flag, text)
    moment = read_time(flag, text)
    assert moment is not None
    return moment
