"""Times of the report's tree, read back and told as offices tell them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ecert.model.languages import Lang
from ecert.model.profiles import utc_offset_of
from ecert.model.times import office_time, time_in_sentence
from ecert.report.content import CopyPart

Clock = Callable[[str], str]


def read_rfc3339(text: str) -> datetime:
    """Return a time of the tree, which has it as 2026-10-01T02:03:04Z."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def office_clock(copy: CopyPart | None) -> Clock:
    """Return what tells times as 01/10/2026 09:03:04 +07:00, in the zone of a copy's office; None: of no copy."""
    return profile_clock(copy["profile"] if copy else None)


def prose_clock(copy: CopyPart | None, lang: Lang) -> Clock:
    """Return what tells times within sentences of a language, in the zone of a copy's office."""
    if lang != "vi":
        return office_clock(copy)
    hours = utc_offset_of(copy["profile"] if copy else None)
    return lambda text: time_in_sentence(read_rfc3339(text), hours)


def profile_clock(profile: str | None) -> Clock:
    """Return what tells times in the zone of the offices that a profile is for."""
    hours = utc_offset_of(profile)
    return lambda text: office_time(read_rfc3339(text), hours)


def told_day(text: str | None) -> str | None:
    """Return a day, which the tree has as 2026-10-01, as 01/10/2026; none stays none."""
    return "/".join(reversed(text.split("-"))) if text else None
