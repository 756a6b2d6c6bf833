"""Why a trusted list is refused."""

from __future__ import annotations

from ecert.errors import SettingsError


def malformed(name: str, reason: str) -> SettingsError:
    """Return the refusal of a list that cannot be read."""
    return SettingsError(
        f"the trusted list {name} is malformed: {reason}", code="list-malformed", hint="get it again from its operator"
    )
