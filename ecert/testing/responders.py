"""The services of a PKI on one loopback port: time-stamps, OCSP, CRLs and issuers' certificates.

=================== ========================= ==============================
endpoint            method                    answer
=================== ========================= ==============================
``/tsa/<name>``     POST                      RFC 3161 over HTTP (3.4)
``/ocsp/<ca>``      POST, GET ``/…/<base64>`` RFC 6960, appendix A
``/crl/<ca>.crl``   GET                       RFC 5280, 4.2.1.13
``/ca/<ca>.cer``    GET                       RFC 5280, 4.2.2.1 (caIssuers)
=================== ========================= ==============================
"""

from __future__ import annotations

import base64
import binascii
import threading
import urllib.parse
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Literal, cast, get_args

from ecert.testing import status
from ecert.testing.clock import Clock
from ecert.testing.pki import Authority, Identity, der
from ecert.testing.status import OcspResponder, Revocation
from ecert.testing.timestamps import TimeStampAuthority

FaultKind = Literal["dead", "garbage", "http-500", "slow", "wrong-imprint", "wrong-nonce"]

FAULTS: tuple[FaultKind, ...] = get_args(FaultKind)

MAX_REQUEST_BYTES = 64 * 1024  # bytes of one request: an OCSP or TSP request has some hundred


@dataclass(frozen=True)
class Fault:
    """A planted fault; ``seconds`` is how long ``slow`` waits before the right answer."""

    kind: FaultKind
    seconds: float = 2.0


@dataclass(frozen=True)
class Answer:
    """What an endpoint says: HTTP status, media type, content."""

    status: int
    media_type: str = "text/plain"
    content: bytes = b""


class Responders:
    """Answer for authorities, OCSP responders and TSAs at the clock's time; listen if told to.

    ``faults`` plants faults by endpoint, ``{"/tsa/office": "slow", "/ocsp": Fault("dead")}``: the
    longest entry that begins the path counts. ``requests`` counts what was asked, by endpoint.
    ``revocations`` maps an authority's slug to its list; ``unknown`` holds serial numbers that OCSP
    does not know. ``crl_lifetime`` and ``ocsp_lifetime`` set nextUpdate (OCSP: None leaves it out).
    """

    def __init__(self, clock: Clock, *, listen: bool = True) -> None:
        self.clock = clock
        self.authorities: dict[str, Authority] = {}
        self.time_stamps: dict[str, TimeStampAuthority] = {}
        self.ocsp: dict[str, OcspResponder] = {}
        self.revocations: dict[str, dict[int, Revocation]] = {}
        self.unknown: set[int] = set()
        self.faults: dict[str, FaultKind | Fault] = {}
        self.requests: Counter[str] = Counter()
        self.crl_lifetime = timedelta(days=7)
        self.ocsp_lifetime: timedelta | None = timedelta(days=1)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(self) if listen else None
        self.url = self._server.url if self._server else "http://ecert.invalid"

    def add(self, authority: Authority, ocsp: Identity | None = None) -> None:
        """Publish an authority's certificate and CRL; with a delegated identity its OCSP too."""
        self.authorities[authority.slug] = authority
        self.revocations.setdefault(authority.slug, {})
        if ocsp is not None:
            self.ocsp[authority.slug] = OcspResponder(authority, ocsp)

    def add_time_stamps(self, name: str, identity: Identity) -> str:
        """Offer time-stamps of ``identity`` under ``/tsa/<name>``; return the URL."""
        self.time_stamps[name] = TimeStampAuthority(identity)
        return f"{self.url}/tsa/{name}"

    def handle(self, method: str, path: str, content: bytes = b"") -> Answer | None:
        """Return the answer to one request, as over HTTP; None where the connection is dropped."""
        kind, _, rest = path.lstrip("/").partition("/")
        name, _, tail = rest.partition("/")
        endpoint = f"/{kind}/{name}"
        with self._lock:
            self.requests[endpoint] += 1
        fault = self._fault(endpoint)
        match fault.kind if fault else None:
            case "dead":
                return None
            case "garbage":
                return Answer(
                    200, "application/octet-stream", b"\x30\x82\xff\xffnot what you asked for"
                )
            case "http-500":
                return Answer(500, content=b"planted fault\n")
            case "slow" if fault:
                self._closing.wait(fault.seconds)
        planted = fault.kind if fault else ""
        if kind == "tsa" and name in self.time_stamps and method == "POST":
            return self._time_stamp(name, content, planted)
        if kind == "ocsp" and name in self.ocsp:
            request = content if method == "POST" else _from_path(tail)
            response = self.ocsp_answer(name, request, flip_nonce=planted == "wrong-nonce")
            return Answer(200, "application/ocsp-response", response)
        slug, _, extension = name.rpartition(".")
        if method == "GET" and slug in self.authorities and (kind, extension) == ("crl", "crl"):
            return Answer(200, "application/pkix-crl", self.crl(slug))
        if method == "GET" and slug in self.authorities and (kind, extension) == ("ca", "cer"):
            certificate = der(self.authorities[slug].certificate)
            return Answer(200, "application/pkix-cert", certificate)
        return Answer(404, content=b"no such endpoint\n")

    def crl(self, slug: str) -> bytes:
        """Return the DER CRL of an authority at the clock's time."""
        authority, revoked = self.authorities[slug], self.revocations[slug]
        return status.crl(authority, revoked, self.clock.now(), self.crl_lifetime)

    def ocsp_answer(self, slug: str, request: bytes, *, flip_nonce: bool = False) -> bytes:
        """Return the DER OCSPResponse of an authority's responder at the clock's time."""
        return self.ocsp[slug].answer(
            request,
            self.revocations[slug],
            self.clock.now(),
            lifetime=self.ocsp_lifetime,
            unknown=frozenset(self.unknown),
            flip_nonce=flip_nonce,
        )

    def close(self) -> None:
        """Stop listening; answering by ``handle`` still works."""
        self._closing.set()
        if self._server:
            self._server.stop()
            self._server = None

    def _time_stamp(self, name: str, content: bytes, planted: str) -> Answer:
        response = self.time_stamps[name].answer(
            content,
            self.clock.now(),
            nonce_shift=int(planted == "wrong-nonce"),
            flip_imprint=planted == "wrong-imprint",
        )
        return Answer(200, "application/timestamp-reply", response)

    def _fault(self, endpoint: str) -> Fault | None:
        hits = [key for key in self.faults if f"{endpoint}/".startswith(f"{key.rstrip('/')}/")]
        if not hits:
            return None
        planted = self.faults[max(hits, key=len)]
        fault = planted if isinstance(planted, Fault) else Fault(planted)
        if fault.kind not in FAULTS:
            raise ValueError(f"unknown fault {fault.kind!r}: use one of {', '.join(FAULTS)}")
        return fault


def _from_path(tail: str) -> bytes:
    """Return the request of an OCSP GET (RFC 6960, A.1): base64, then percent-encoded."""
    try:
        return base64.b64decode(urllib.parse.unquote(tail), validate=True)
    except (ValueError, binascii.Error):
        return b""


class _Server(ThreadingHTTPServer):
    """A server on 127.0.0.1 and a free port, in a thread of its own from the start."""

    daemon_threads = True

    def __init__(self, responders: Responders) -> None:
        self.responders = responders
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer would ask the DNS for its own name

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet for header and content
    timeout = 30  # seconds an idle connection is kept
    server_version = "ecert-testing"
    sys_version = ""

    def do_GET(self) -> None:
        self._respond(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_REQUEST_BYTES:
            self.close_connection = True
            self._send(Answer(413, content=b"a length of at most 64 KiB is needed\n"))
            return
        self._respond(self.rfile.read(int(length)))

    def _respond(self, content: bytes) -> None:
        server = cast(_Server, self.server)
        answer = server.responders.handle(self.command, self.path, content)
        if answer is None:
            self.close_connection = True
        else:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
        """Say nothing: stderr belongs to the program under test."""
