"""Times of the report's tree, read back and told as offices tell them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ecert.model.profiles import utc_offset_of
from ecert.model.times import office_time
from ecert.report.content import ReportContent

Clock = Callable[[str], str]


def read_rfc3339(text: str) -> datetime:
    """Return a time of the tree, which has it as 2026-10-01T02:03:04Z."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def office_clock(content: ReportContent) -> Clock:
    """Return what tells a report's times as 01/10/2026 09:03:04 +07:00, in the zone of the copy's office."""
    hours = utc_offset_of(content["copy"]["profile"] if content["copy"] else None)
    return lambda text: office_time(read_rfc3339(text), hours)


def told_day(text: str | None) -> str | None:
    """Return a day, which the tree has as 2026-10-01, as 01/10/2026; none stays none."""
    return "/".join(reversed(text.split("-"))) if text else None
