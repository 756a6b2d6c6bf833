"""Host names looked up in time, and every address checked before any is connected to."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import Future

from ecert.trust.addresses import is_public, plain_host
from ecert.trust.client.faults import NOT_ALLOWED, Fault
from ecert.trust.client.wire import Deadline
from ecert.trust.services import Services


def allowed_addresses(host: str, port: int, services: Services, deadline: Deadline) -> list[str]:
    """Return the IP addresses of a host that may be connected to, in order.

    One address that is not public refuses the host as a whole: an honest name does not have both.

    Raises:
        Fault: the host is not known, or must not be asked.
    """
    addresses = look_up(host, port, services, deadline)
    if not is_allowed(host, services):
        for address in addresses:
            if not is_public(address):
                raise Fault(
                    f"was not asked: its host {host} has the private or loopback address {address}",
                    code=NOT_ALLOWED,
                    hint=f"if it is meant to be asked, add {host!r} to services.allow_hosts",
                )
    return addresses


def is_allowed(host: str, services: Services) -> bool:
    """Return whether the settings name this host (after ``map_hosts``)."""
    return host in {plain_host(name) for name in services.allow_hosts}


def look_up(host: str, port: int, services: Services, deadline: Deadline) -> list[str]:
    """Return the IP addresses of a host, checked for nothing.

    Raises:
        Fault: it has none, or nobody told in time.
    """
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    resolve = services.resolver or _system
    answer: Future[Sequence[str]] = Future()

    def ask() -> None:
        try:
            answer.set_result(resolve(host, port))
        except BaseException as exc:  # noqa: BLE001  (raised again by the one who waits)
            answer.set_exception(exc)

    # getaddrinfo takes no time-out, so a dead DNS server would hold us beyond every deadline
    threading.Thread(target=ask, name="ecert-look-up", daemon=True).start()
    try:
        found = answer.result(deadline.left())
        addresses = [str(ipaddress.ip_address(each)) for each in dict.fromkeys(found)]
    except TimeoutError as exc:
        words = f"did not answer: its host {host} could not be looked up in time"
        raise Fault(words, silent="host") from exc
    except (OSError, ValueError) as exc:
        raise Fault(f"was not asked: its host {host} is not known") from exc
    if not addresses:
        raise Fault(f"was not asked: its host {host} is not known")
    return addresses


def _system(host: str, port: int) -> list[str]:
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
