"""Whether what a form field shows can be told: the two ways in which it cannot."""

from __future__ import annotations


class NotProven(Exception):
    """What readers show cannot be told, or not that all show the same; ``reason`` is a phrase."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Contradiction(Exception):
    """Readers show something else than the value says; ``reason`` is a phrase."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
