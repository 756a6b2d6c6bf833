"""What ``ecert kit serve`` stands on: an office on a given port, and an end that signals bring."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ecert.errors import UsageError
from ecert.testing.office import Office

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def opened_office(host: str, port: int) -> Iterator[Office]:
    """Open a throwaway office whose services listen on a loopback port.

    Raises:
        UsageError: the port cannot be listened on.
    """
    try:
        office = Office.create(host=host, port=port)
    except OSError as exc:
        raise UsageError(f"cannot listen on port {port}: {exc.strerror}", hint="choose another port, or 0") from exc
    with office:
        yield office


@contextmanager
def ending() -> Iterator[threading.Event]:
    """Yield an event that SIGINT or SIGTERM sets; what they meant before is put back afterwards."""
    end = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        end.set()

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield end
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
