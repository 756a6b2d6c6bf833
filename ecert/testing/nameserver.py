"""A real name server on loopback (RFC 1035, over UDP), for tests about where names lead.

Example:
    >>> with NameServer() as names:
    ...     names.say("ca.example", "192.0.2.1", then=["127.0.0.1"])
    ...     [names.resolver("ca.example", 80) for _ in range(2)]
    [['192.0.2.1'], ['127.0.0.1']]
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.resolver
import dns.rrset

from ecert.testing.listening import LOOPBACK

_DATAGRAM_BYTES = 4096
_TYPES = {4: dns.rdatatype.A, 6: dns.rdatatype.AAAA}


@dataclass(frozen=True)
class _Entry:
    """The addresses of a name: what is said the first time, and what from the second on."""

    first: tuple[str, ...]
    then: tuple[str, ...]


class NameServer:
    """Answer A and AAAA questions about the names it was told; a context manager.

    ``queries`` counts questions by name and type: ``queries["ca.example", "A"]``. A name nobody
    told it does not exist (NXDOMAIN). ``resolver`` is a client that asks this server: give it to
    ``ecert.Services(resolver=…)``.
    """

    def __init__(self) -> None:
        """Listen on a free UDP port of 127.0.0.1."""
        self.queries: Counter[tuple[str, str]] = Counter()
        self._entries: dict[str, _Entry] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, 0))
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Return the UDP port."""
        return int(self._socket.getsockname()[1])

    def say(self, name: str, *addresses: str, then: Sequence[str] | None = None) -> None:
        """Tell the addresses (IPv4 and IPv6) of a name; ``then`` from the second question on.

        Each type of question is counted by itself, from the last ``say`` on.

        Raises:
            ValueError: something is no address.
        """
        for address in (*addresses, *(then or ())):
            ipaddress.ip_address(address)
        name = _plain(name)
        self._entries[name] = _Entry(addresses, addresses if then is None else tuple(then))
        for kind in ("A", "AAAA"):
            del self.queries[name, kind]

    def resolver(self, host: str, port: int) -> list[str]:
        """Return the addresses of ``host``, asked over UDP; an address is its own answer.

        Raises:
            OSError: the name is not known, or nobody answered.
        """
        del port  # as getaddrinfo: the same addresses for every port
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            pass
        asking = dns.resolver.Resolver(configure=False)
        asking.nameservers, asking.port, asking.lifetime = [LOOPBACK], self.port, 2.0
        found: list[str] = []
        for kind in ("A", "AAAA"):
            try:
                answer = asking.resolve(f"{host.rstrip('.')}.", kind, raise_on_no_answer=False)
            except dns.exception.DNSException as error:
                raise socket.gaierror(socket.EAI_NONAME, f"{host}: {error}") from error
            found += [record.to_text() for record in answer.rrset or ()]
        return found

    def close(self) -> None:
        """Stop listening."""
        if not self._closing.is_set():
            self._closing.set()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
                waker.sendto(b"", (LOOPBACK, self.port))
            self._thread.join()
            self._socket.close()

    def __enter__(self) -> NameServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self) -> None:
        while True:
            datagram, asker = self._socket.recvfrom(_DATAGRAM_BYTES)
            if self._closing.is_set():
                return
            try:
                question = dns.message.from_wire(datagram)
            except (dns.exception.DNSException, ValueError):
                continue  # whoever sends garbage is not answered
            self._socket.sendto(self._answer(question).to_wire(), asker)

    def _answer(self, question: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(question, recursion_available=True)
        answer.flags |= dns.flags.AA
        for asked in question.question:
            name, kind = _plain(asked.name.to_text()), dns.rdatatype.to_text(asked.rdtype)
            self.queries[name, kind] += 1
            entry = self._entries.get(name)
            if entry is None:
                answer.set_rcode(dns.rcode.NXDOMAIN)
                continue
            told = entry.first if self.queries[name, kind] == 1 else entry.then
            for address in told:
                if _TYPES[ipaddress.ip_address(address).version] == asked.rdtype:
                    # a set of its own for each record: several in one set would be shuffled
                    records = dns.rrset.from_text(asked.name, 0, dns.rdataclass.IN, asked.rdtype, address)
                    answer.answer.append(records)
        return answer


def _plain(name: str) -> str:
    """Return a name as a key: lower case, no dot at the end."""
    return name.rstrip(".").lower()
