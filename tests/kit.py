"""Made once for many tests: an office with short keys, a small scan, and the stages of a copy."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from PIL import Image

from ecert.capture.scan import Scan
from ecert.formats.record import CertificationRecord
from ecert.stages import CertifiedCopy, Draft, SignedCopy, prepare_copy, seal_copy, sign_copy
from ecert.testing import Office

T = TypeVar("T")


def small_page(colour: tuple[int, int, int] = (240, 235, 225), dpi: int = 200) -> bytes:
    """Return a small JPEG page above the profile's floor."""
    buffer = io.BytesIO()
    Image.new("RGB", (400, 560), colour).save(buffer, "JPEG", dpi=(dpi, dpi))
    return buffer.getvalue()


class per_day(Generic[T]):  # noqa: N801  (used as a decorator)
    """A property made once a day: a record's date is today's, also when midnight comes (+07:00)."""

    def __init__(self, make: Callable[[Desk], T]) -> None:
        self._make = make

    def __get__(self, desk: Desk, kind: object = None) -> T:
        key = f"{self._make.__name__} {desk.office.clock.today()}"
        if key not in desk.made:
            desk.made[key] = self._make(desk)
        found: T = desk.made[key]
        return found


@dataclass
class Desk:
    """An office and what passes over its desks; every stage is made on first use."""

    office: Office
    made: dict[str, Any] = field(default_factory=dict)

    @per_day
    def scan(self) -> Scan:
        return Scan.from_files([small_page(), small_page((200, 210, 240))])

    @per_day
    def record(self) -> CertificationRecord:
        return CertificationRecord.from_dict(self.office.record(pages=2))

    @per_day
    def draft(self) -> Draft:
        return prepare_copy(self.scan, self.record)

    @per_day
    def signed(self) -> SignedCopy:
        office = self.office
        return sign_copy(self.draft, office.key("signer"), trust=office.trust, services=office.services)

    @per_day
    def copy(self) -> CertifiedCopy:
        office = self.office
        return seal_copy(self.signed, office.key("seal"), trust=office.trust, services=office.services)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail where something takes longer: what waits for ever would hold up every test after it."""

    def too_slow(*_: object) -> None:
        raise AssertionError(f"it took more than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, too_slow)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def unreadable_files(folder: Path) -> dict[str, Path]:
    """Return what is no file to read, by the reason that is told."""
    os.mkfifo(folder / "pipe")
    return {
        "No such file": folder / "missing",
        "Is a directory": folder,
        "nobody writes into this pipe": folder / "pipe",
        "it has more than": Path("/dev/zero"),
    }
