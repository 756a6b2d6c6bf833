"""Who reads a report, and is told what to do: the holder of the copy, or the desk that was handed it."""

from __future__ import annotations

from typing import Literal, get_args

from ecert.errors import UsageError

Audience = Literal["citizen", "desk"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)


def check_audience(value: str) -> Audience:
    """Return ``value`` as an audience.

    Raises:
        UsageError: it is neither citizen nor desk.
    """
    for audience in AUDIENCES:
        if value == audience:
            return audience
    raise UsageError(f"unknown audience {value!r}", hint=f"choose {' or '.join(AUDIENCES)}")
