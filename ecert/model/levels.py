"""PAdES baseline levels (ETSI EN 319 142-1, 6) in rising order."""

from __future__ import annotations

from typing import Literal, get_args

from ecert.errors import UsageError

Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]
LEVELS: tuple[Level, ...] = get_args(Level)
DEFAULT_LEVEL: Level = "B-LTA"


def check_level(value: str) -> Level:
    """Return ``value`` as a level.

    Raises:
        UsageError: it is not one of B-B, B-T, B-LT, B-LTA.
    """
    for level in LEVELS:
        if value == level:
            return level
    raise UsageError(f"unknown level {value!r}", hint=f"choose one of {', '.join(LEVELS)}")


def at_least(level: Level, floor: Level) -> bool:
    """Return whether ``level`` is ``floor`` or above."""
    return LEVELS.index(level) >= LEVELS.index(floor)
