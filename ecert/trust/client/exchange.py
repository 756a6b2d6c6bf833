"""One HTTP request and its answer, on a connection of its own (RFC 9110, RFC 9112)."""

from __future__ import annotations

import http.client
import socket
from dataclasses import dataclass
from typing import cast

from ecert.model.limits import MAX_EVIDENCE_BYTES
from ecert.trust.addresses import Target, read_url
from ecert.trust.client.faults import REFUSED, UNAVAILABLE, Fault, fault_behind
from ecert.trust.client.names import allowed_addresses, is_allowed, look_up
from ecert.trust.client.wire import Deadline, TooMuch, Wire, open_wire
from ecert.trust.services import Services

MAX_ANSWER_BYTES = MAX_EVIDENCE_BYTES  # the largest CRLs of public CAs are about 15 MB
MAX_HEAD_BYTES = 64 * 1024  # status line and headers: some hundred bytes in practice
#: bytes that may come for one answer: chunks (RFC 9112, 7.1) wrap what they carry
MAX_WIRE_BYTES = 2 * MAX_ANSWER_BYTES
_BLOCK = 64 * 1024
_REDIRECTIONS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Request:
    """What is sent; ``body`` None: there is none."""

    method: str
    body: bytes | None = None
    content_type: str = ""


@dataclass(frozen=True)
class Answer:
    """A whole body; or where a redirection leads (``location``)."""

    body: bytes = b""
    location: str | None = None


def exchange(request: Request, target: Target, services: Services, deadline: Deadline) -> Answer:
    """Send one request and return the answer.

    Raises:
        Fault: no usable answer came.
    """
    wire = _connect(target, services, deadline)
    try:
        if target.scheme == "https":
            wire.secure(target.host)
        # through a proxy plain http is asked in absolute form (RFC 9112, 3.2.2)
        absolute = bool(services.proxy) and target.scheme == "http"
        wire.send(_serialize(request, target, target.url if absolute else target.path))
        return _receive(wire, request.method)
    except TooMuch as exc:
        raise Fault("answered with more bytes than are read", code=REFUSED) from exc
    except (OSError, http.client.HTTPException) as exc:
        raise fault_behind(exc, "address") from exc
    finally:
        wire.close()


def _connect(target: Target, services: Services, deadline: Deadline) -> Wire:
    """Return a connection to the target, or to the proxy that leads there.

    A proxy looks the name up again, and what it then connects to is its own rule. Therefore the
    name must be known here too, with addresses that are allowed; a network where only the proxy
    knows names outside lists the hosts it asks in ``allow_hosts``.
    """
    if not services.proxy:
        addresses = allowed_addresses(target.host, target.port, services, deadline)
        try:
            return open_wire(addresses, target.port, deadline)
        except OSError as exc:
            raise fault_behind(exc, "host") from exc
    if not is_allowed(target.host, services):
        allowed_addresses(target.host, target.port, services, deadline)
    proxy = read_url(services.proxy)
    try:
        wire = open_wire(look_up(proxy.host, proxy.port, services, deadline), proxy.port, deadline)
    except (Fault, OSError) as exc:
        fault = exc if isinstance(exc, Fault) else fault_behind(exc, "host")
        words = f"was not asked: the proxy {proxy.authority} {fault.reason}"
        raise Fault(words, silent="host") from exc
    if target.scheme == "https":
        try:
            _tunnel(wire, target)
        except BaseException:
            wire.close()
            raise
    return wire


def _tunnel(wire: Wire, target: Target) -> None:
    """Ask a proxy to lead through to the target (RFC 9110, 9.3.6)."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    place = f"{host}:{target.port}"
    try:
        wire.send(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode("ascii"))
        response = _head(wire, "CONNECT")
    except TooMuch as exc:
        raise Fault("was not asked: the proxy's answer is too long", code=REFUSED) from exc
    except (OSError, http.client.HTTPException) as exc:
        raise Fault(f"was not asked: the proxy {fault_behind(exc, '').reason}", silent="address") from exc
    if response.status != 200:
        words = f"was not asked: the proxy answered with HTTP status {response.status}"
        raise Fault(words, code=_code(response.status))


def _serialize(request: Request, target: Target, form: str) -> bytes:
    headers = {"Host": target.authority, "User-Agent": "ecert", "Accept-Encoding": "identity", "Connection": "close"}
    if request.body is not None:
        headers |= {"Content-Type": request.content_type, "Content-Length": str(len(request.body))}
    lines = [f"{request.method} {form} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + (request.body or b"")


def _receive(wire: Wire, method: str) -> Answer:
    """Return the answer; an error's body is not read."""
    response = _head(wire, method)
    if response.status in _REDIRECTIONS:
        return Answer(location=response.getheader("Location") or "")
    if response.status != 200:
        words = f"answered with HTTP status {response.status}"
        raise Fault(words, code=_code(response.status))
    wire.allowance = MAX_WIRE_BYTES
    body = bytearray()
    try:
        while block := response.read(_BLOCK):
            body += block
            if len(body) > MAX_ANSWER_BYTES:
                raise TooMuch
    except (ValueError, OverflowError) as exc:  # impossible sizes of chunks
        raise http.client.HTTPException("malformed chunks") from exc
    if response.length:  # Content-Length promised more; read() keeps silent about that
        raise http.client.IncompleteRead(bytes(body), response.length)
    if not body:
        raise Fault("answered with nothing", code=REFUSED)
    return Answer(bytes(body))


def _head(wire: Wire, method: str) -> http.client.HTTPResponse:
    """Return the response with its status and headers read."""
    wire.allowance = MAX_HEAD_BYTES
    # it asks nothing of a socket but makefile
    response = http.client.HTTPResponse(cast(socket.socket, wire), method=method)
    try:
        response.begin()
    except ValueError as exc:  # numbers int() does not take
        raise http.client.HTTPException("malformed head") from exc
    return response


def _code(status: int) -> str:
    return UNAVAILABLE if status == 429 or status >= 500 else REFUSED
