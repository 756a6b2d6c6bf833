"""A connection on which every wait ends at one deadline, however slowly the other side drips.

The deadline is kept with socket time-outs: each wait gets the time that is left. Reads are counted
too, so a parser above cannot be fed without end.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from collections.abc import Sequence
from typing import Protocol

MAX_ADDRESSES = 4  # of one host, tried one after the other


class TooMuch(Exception):
    """More bytes came than are allowed."""


class Deadline:
    """A moment of monotonic time."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: none are.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is over")
        return left


class Readable(Protocol):
    """What http.client asks of a socket."""

    def makefile(self, mode: str) -> io.BufferedReader: ...


class Wire:
    """A connected socket, its deadline, and how many more bytes may be read (``allowance``)."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self.allowance = 0

    def secure(self, host: str) -> None:
        """Speak TLS from here on, with ``host`` proven by a certificate the system trusts."""
        self._sock.settimeout(self._deadline.left())  # holds for the handshake as a whole
        self._sock = ssl.create_default_context().wrap_socket(self._sock, server_hostname=host)

    def send(self, data: bytes) -> None:
        """Send everything."""
        rest = memoryview(data)
        while rest:
            self._sock.settimeout(self._deadline.left())
            rest = rest[self._sock.send(rest) :]

    def receive_into(self, buffer: memoryview) -> int:
        """Fill the beginning of ``buffer``; return how many bytes came, 0 at the end.

        Raises:
            TooMuch: the allowance is used up.
        """
        self._sock.settimeout(self._deadline.left())
        count = self._sock.recv_into(buffer)
        self.allowance -= count
        if self.allowance < 0:
            raise TooMuch
        return count

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return a file to read from; closing it leaves the connection open."""
        assert mode == "rb"
        return io.BufferedReader(_Source(self))

    def close(self) -> None:
        """End the connection."""
        self._sock.close()


class _Source(io.RawIOBase):
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._wire.receive_into(buffer)


def open_wire(addresses: Sequence[str], port: int, deadline: Deadline) -> Wire:
    """Connect to the first of these IP addresses that takes the connection; no name is looked up.

    Raises:
        OSError: none does.
    """
    tried = addresses[:MAX_ADDRESSES]
    for at, address in enumerate(tried, 1):
        # the first must not use up the time of the others
        share = deadline.left() / (len(tried) - at + 1)
        try:
            return Wire(socket.create_connection((address, port), timeout=share), deadline)
        except OSError:
            if at == len(tried):
                raise
    raise OSError("there is no address")
