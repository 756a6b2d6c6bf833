"""The network client: the only code of the library that opens a connection.

http and https; no address that is loopback, private, link-local, multicast or reserved unless the
settings name the host (checked on the resolved address, and that very address is connected to); no
redirect; answers and time capped; a bounded number of requests for one client.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from urllib.parse import urlsplit

from ecert.errors import ServiceError
from ecert.model.evidence import Attempt
from ecert.trust.services import Services

MAX_ANSWER_BYTES = 20 * 1024 * 1024  # the largest CRLs of public CAs are about 15 MB


class Client:
    """Asks on behalf of one act (one document); remembers every attempt."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.attempts: list[Attempt] = []

    def get(self, url: str) -> bytes:
        """Return the body that GET gives.

        Raises:
            ServiceError: nothing usable came; the attempt is remembered.
        """
        return self._ask("GET", url, None, {})

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        """Return the body that POST gives.

        Raises:
            ServiceError: nothing usable came; the attempt is remembered.
        """
        return self._ask("POST", url, body, {"Content-Type": content_type})

    def _ask(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        try:
            answer = self._request(method, url, body, headers)
        except ServiceError as exc:
            self.attempts.append(Attempt(url, exc.message))
            raise
        except (OSError, http.client.HTTPException) as exc:
            reason = "timed out" if isinstance(exc, TimeoutError) else type(exc).__name__
            self.attempts.append(Attempt(url, reason))
            raise ServiceError(f"{url} did not answer: {reason}") from exc
        self.attempts.append(Attempt(url, "answered"))
        return answer

    def _request(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        services = self._services
        if not services.network:
            raise ServiceError(f"{url} was not asked: the services are offline")
        if len(self.attempts) >= services.max_fetches:
            raise ServiceError(
                f"{url} was not asked: {services.max_fetches} requests are the limit"
            )
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not host or parts.username:
            raise ServiceError(f"{url} is not an http or https address")
        host = services.map_hosts.get(host, host)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        deadline = time.monotonic() + services.timeout_s
        connection = self._connect(parts.scheme, host, port)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            default = port == (443 if parts.scheme == "https" else 80)
            headers = {
                "Host": host if default else f"{host}:{port}",
                "User-Agent": "ecert",
                **headers,
            }
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            if response.status != 200:
                raise ServiceError(f"{url} answered with HTTP status {response.status}")
            return self._read(response, url, deadline)
        finally:
            connection.close()

    def _connect(self, scheme: str, host: str, port: int) -> http.client.HTTPConnection:
        services = self._services
        address = self._resolve(host, port)
        if services.proxy:
            proxy = urlsplit(services.proxy)
            connection = http.client.HTTPConnection(
                proxy.hostname or "", proxy.port or 3128, timeout=services.timeout_s
            )
            connection.set_tunnel(host, port)
            return connection
        sock = socket.create_connection((address, port), timeout=services.timeout_s)
        connection = http.client.HTTPConnection(host, port, timeout=services.timeout_s)
        if scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        connection.sock = sock
        return connection

    def _resolve(self, host: str, port: int) -> str:
        """Return one address of a host that may be connected to."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as exc:
            raise ServiceError(f"the host {host} is not known") from exc
        addresses = [str(info[4][0]) for info in found]
        if host not in self._services.allow_hosts:
            for address in addresses:
                if not _is_public(address):
                    raise ServiceError(
                        f"the host {host} has the private or loopback address {address}",
                        hint=f"if it is meant to be asked, add {host!r} to services.allow_hosts",
                    )
        return addresses[0]

    def _read(self, response: http.client.HTTPResponse, url: str, deadline: float) -> bytes:
        body = bytearray()
        while chunk := response.read(65536):
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                raise ServiceError(f"{url} answered with more than {MAX_ANSWER_BYTES} bytes")
            if time.monotonic() > deadline:
                raise ServiceError(f"{url} did not finish its answer in time")
        return bytes(body)


def _is_public(address: str) -> bool:
    """Tell whether an address is on the public internet, an IPv4 address in IPv6 clothes included."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast
