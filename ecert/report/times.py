"""Times of the report's tree, read back and told as offices tell them."""

from __future__ import annotations

from datetime import UTC, datetime

from ecert.model.times import office_time


def read_rfc3339(text: str) -> datetime:
    """Return a time of the tree, which has it as 2026-10-01T02:03:04Z."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def told_time(text: str) -> str:
    """Return a time as 01/10/2026 09:03:04 +07:00."""
    return office_time(read_rfc3339(text), 7)


def told_day(text: str | None) -> str | None:
    """Return a day, which the tree has as 2026-10-01, as 01/10/2026; none stays none."""
    return "/".join(reversed(text.split("-"))) if text else None
