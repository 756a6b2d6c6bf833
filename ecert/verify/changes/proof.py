"""Whether what a form field shows can be told: the two ways in which it cannot."""

from __future__ import annotations

from ecert.errors import Reason


class NotProven(Exception):
    """What readers show cannot be told, or not that all show the same; ``reason`` is why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Contradiction(Exception):
    """Readers show something else than the value says; ``reason`` is why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
