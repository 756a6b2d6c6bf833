"""What one call works with: whom it believes, whom it asks, when it happens, how large the result may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ecert.errors import InputError, UsageError
from ecert.model.evidence import Attempt, Evidence
from ecert.model.levels import Level, at_least
from ecert.model.limits import MAX_OUTPUT_MB
from ecert.model.times import read_clock
from ecert.trust.client import Client
from ecert.trust.gathering import Gatherer
from ecert.trust.services import Services
from ecert.trust.store import TrustStore


@dataclass(frozen=True)
class Call:
    """One call: prepare, sign, seal or extend. ``at`` None follows the clock."""

    trust: TrustStore | None = None
    given_services: Services | None = None
    max_output_mb: float = MAX_OUTPUT_MB
    at: datetime | None = None

    def now(self) -> datetime:
        """Return the time of the call."""
        return read_clock(self.at)

    @cached_property
    def services(self) -> Services:
        """Return who may be asked; without any, nobody."""
        return self.given_services or Services.offline()

    @cached_property
    def client(self) -> Client:
        """Return the one client of this call."""
        return Client(self.services)

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Return who was asked so far and what became of it."""
        return tuple(self.client.attempts)

    def gatherer(self, known: Evidence) -> Gatherer | None:
        """Return what gathers evidence; None: no anchors were given, so there is no path to complete."""
        if self.trust is None:
            return None
        return Gatherer(self.trust, self.services, self.now, known, self.client)

    def check_size(self, size: int) -> None:
        """Refuse a result of ``size`` bytes that is larger than its target takes.

        Raises:
            InputError: it would be; both sizes are told.
        """
        if size > self.max_output_mb * 1_000_000:
            raise InputError(
                f"the copy would have {size / 1_000_000:.1f} MB, more than {self.max_output_mb:g} MB",
                code="output-too-large",
                hint="raise page.max_output_mb, or scan at a lower resolution (not below 200 dpi)",
            )

    def require(self, level: Level) -> None:
        """Refuse a level for which something is not given.

        Raises:
            UsageError: anchors or a time-stamp service are missing.
        """
        if at_least(level, "B-LT") and self.trust is None:
            raise UsageError(f"level {level} needs trust anchors", hint="pass trust=TrustStore.from_folder(…)")
        if at_least(level, "B-T") and not self.services.timestamps:
            raise UsageError(
                f"level {level} needs a time-stamp service",
                hint="name one under [[services.timestamp]], or choose level B-B",
            )
        if self.trust is not None:
            self.trust.check_time(self.now())
