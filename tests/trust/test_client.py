"""The network client asks nobody it must not ask, and nobody can hold it up or fill its memory."""

from __future__ import annotations

import http.client
import ipaddress
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ecert
from ecert.errors import ServiceError
from ecert.trust.client import MAX_ANSWER_BYTES, MAX_REDIRECTS, Client, asking
from ecert.trust.client.exchange import _receive
from ecert.trust.client.faults import Fault
from ecert.trust.client.wire import Deadline, TooMuch, Wire
from tests.kit import Desk
from tests.trust.servers import Scripted, ok, redirect, tls_for

LOOPBACK = frozenset({"127.0.0.1"})
HELD_S = 20.0  # how long the servers here would hold a client that has no deadline
PATIENCE_S = 8.0  # generous: time-outs here are 0.5 s


def client(**settings: Any) -> Client:
    given: dict[str, Any] = {"allow_hosts": LOOPBACK, "timeout_s": 5.0, **settings}
    return Client(ecert.Services(**given))


def refusal(asked: Client, url: str, *, post: bool = False) -> ServiceError:
    """Ask, and return the error; the last attempt must tell the same."""
    with pytest.raises(ServiceError) as caught:
        asked.post(url, b"x", "text/plain") if post else asked.get(url)
    assert asked.attempts[-1].outcome in caught.value.message
    assert "\n" not in caught.value.message
    return caught.value


@pytest.fixture
def server() -> Iterator[Callable[..., Scripted]]:
    """Return a maker of servers that say what they are given; they are closed at the end."""
    running: list[Scripted] = []

    def serve(*pieces: bytes, script: Any = None, **options: Any) -> Scripted:
        running.append(Scripted(script or (lambda request: pieces), **options))
        return running[-1]

    yield serve
    for each in running:
        each.__exit__()


Serve = Callable[..., Scripted]


# ── who may be asked ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "LOCALHOST.",
        "127。0。0。1",
    ],
)
def test_loopback_is_refused_however_it_is_written(server: Serve, host: str) -> None:
    listening = server(ok(b"secret"))
    url = f"http://{host}:{listening.port}/x"
    asked = Client(ecert.Services(timeout_s=2))
    error = refusal(asked, url)
    assert "private or loopback" in error.message or "is not known" in error.message
    assert listening.connections == 0
    assert [a.url for a in asked.attempts] == [url]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "169.254.169.254",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fe80::1%lo",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
    ],
)
@pytest.mark.parametrize("public", [[], ["203.0.114.7"]], ids=["alone", "beside a public one"])
def test_a_public_name_does_not_lead_to_a_private_address(server: Serve, address: str, public: list[str]) -> None:
    listening = server(ok(b"secret"))
    asked = client(resolver=lambda host, port: [*public, address])
    error = refusal(asked, f"http://ca.example:{listening.port}/crl")
    assert error.code == "address-refused"
    assert f"private or loopback address {ipaddress.ip_address(address)}" in error.message
    assert "'ca.example'" in error.hint
    assert listening.connections == 0


def test_a_name_is_looked_up_once_and_its_addresses_are_tried_in_order(server: Serve) -> None:
    listening = server(ok(b"yes"))
    answers = iter([["127.0.0.2", "127.0.0.1"], ["192.0.2.1"]])
    asked = client(allow_hosts=frozenset({"CA.example."}), resolver=lambda *_: next(answers))
    assert asked.get(f"http://ca.EXAMPLE.:{listening.port}/crl") == b"yes"
    assert next(answers) == ["192.0.2.1"]
    assert f"Host: ca.example:{listening.port}".encode() in listening.requests[0]


@pytest.mark.parametrize("answer", [[], ["not an address"], OSError("no"), UnicodeError("no")])
def test_a_name_nobody_knows(answer: Any) -> None:
    def resolver(host: str, port: int) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert "ca.example is not known" in refusal(client(resolver=resolver), "http://ca.example/").message


def test_a_look_up_that_hangs_ends_and_is_not_waited_for_twice() -> None:
    hanging, asked = threading.Event(), []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        hanging.wait(HELD_S)
        return []

    services = ecert.Services(timeout_s=0.3, resolver=resolver)
    start = time.monotonic()
    try:
        assert "in time" in refusal(Client(services), "http://ca.example/a").message
        assert "a moment ago" in refusal(Client(services), "http://ca.example/b").message
    finally:
        hanging.set()
    assert asked == ["ca.example"]
    assert time.monotonic() - start < PATIENCE_S


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "file:///etc/passwd",
        "x",
        "",
        "http://",
        "http:///x",
        "//a/b",
        "http://u@h/x",
        "http://u:secret@h/x",
        "http://h:99999/",
        "http://h:0/",
        "http://h:x/",
        "http://[::1/",
        "http://[fe80::1%25lo]/",
        "http://good\\@evil/",
        "http://h/\r\nX: y",
        "http://h /",
        "http://h/\x00",
        "http://a..b/",
        "http://*/",
        "http://h/" + 5000 * "a",
        "http://" + 300 * "a" + "/",
    ],
    ids=range(22),
)
def test_only_http_and_https_addresses_are_asked(url: str) -> None:
    asked = client(resolver=lambda *_: pytest.fail("looked up"))
    error = refusal(asked, url)
    assert "is not an http or https address" in error.message
    assert "secret" not in error.message
    assert len(asked.attempts[0].url) <= 200
    assert asked.attempts[0].url.isprintable()


def test_offline_asks_nobody(desk: Desk) -> None:
    asked = Client(ecert.Services.offline())
    assert refusal(asked, desk.office.tsa_url).code == "offline"


def test_hosts_are_mapped_before_anything_is_checked(server: Serve) -> None:
    listening = server(ok(b"yes"))
    mapped = {"CRL.internal.invalid": "127.0.0.1"}
    url = f"http://crl.internal.invalid:{listening.port}/x"
    assert client(map_hosts=mapped).get(url) == b"yes"
    unnamed = client(map_hosts=mapped, allow_hosts=frozenset({"crl.internal.invalid"}))
    assert "private or loopback" in refusal(unnamed, url).message
    assert listening.connections == 1


# ── bounds ───────────────────────────────────────────────────────────────────────────────────────


def test_requests_are_bounded_and_a_flood_leaves_one_line(server: Serve) -> None:
    listening = server(ok(b"yes"))
    asked = client(max_fetches=3)
    assert asked.get(listening.url) == b"yes"
    assert "private" in refusal(asked, "http://10.0.0.1/").message
    refusal(asked, "gopher://x")
    assert refusal(asked, listening.url).code == "too-many-fetches"
    for _ in range(50):
        with pytest.raises(ServiceError, match="3 requests are the limit"):
            asked.get(listening.url)
    assert len(asked.attempts) == 4
    assert listening.connections == 1


@pytest.mark.parametrize("limit", ["MAX_DOCUMENT_BYTES", "MAX_DOCUMENT_S"])
def test_all_questions_of_a_document_share_bounds(server: Serve, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, limit, 0)
    listening = server(ok(b"yes"))
    asked = client()
    assert asked.get(listening.url) == b"yes"
    error = refusal(asked, listening.url)
    assert "too much time or space" in error.message
    assert error.code == "too-many-fetches"
    assert client().get(listening.url) == b"yes"


def forever(piece: bytes) -> Iterator[bytes]:
    return itertools.repeat(piece)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("start", "drip"),
    [
        (b"", b""),
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (CHUNKED, b"1\r\nx\r\n"),
        (CHUNKED + b"0\r\n", b"X: y\r\n"),
    ],
    ids=["silent", "status line", "headers", "body", "body without length", "chunks", "trailers"],
)
def test_a_dripping_server_does_not_hold_us(server: Serve, start: bytes, drip: bytes) -> None:
    def script(request: bytes) -> Iterable[bytes]:
        pieces = itertools.chain([start], itertools.repeat(drip, int(HELD_S / 0.05)))
        return listening.drip(pieces)

    listening: Scripted = server(script=script)
    begin = time.monotonic()
    error = refusal(client(timeout_s=0.5), listening.url)
    assert time.monotonic() - begin < PATIENCE_S
    assert "timed out" in error.message
    assert error.code == "service-unavailable"


def test_a_server_that_never_shakes_hands_does_not_hold_us(server: Serve) -> None:
    listening: Scripted = server(script=lambda request: listening.drip(forever(b"")))
    begin = time.monotonic()
    url = listening.url.replace("http:", "https:")
    assert "timed out" in refusal(client(timeout_s=0.5), url).message
    assert time.monotonic() - begin < PATIENCE_S


MIB = bytes(1024 * 1024)


@pytest.mark.parametrize(
    "pieces",
    [
        lambda: [b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n", *forever_mib()],
        lambda: [b"HTTP/1.1 200 OK\r\n\r\n", *forever_mib()],
        lambda: [CHUNKED, *(b"100000\r\n" + m + b"\r\n" for m in forever_mib())],
        lambda: [b"HTTP/1.1 200 OK\r\n", *(b"X: " + 100 * m[:1000] + b"\r\n" for m in forever_mib())],
        lambda: [b"HTTP/1.1 " + MIB],
        lambda: [b"HTTP/1.1 100 Continue\r\n\r\n" * 10000],
        lambda: [CHUNKED + b"1;" + MIB + MIB],
    ],
    ids=["length", "no length", "chunked", "headers", "status line", "continue", "chunk extension"],
)
def test_a_server_that_never_stops_does_not_fill_us(server: Serve, pieces: Any) -> None:
    listening = server(script=lambda request: pieces())
    error = refusal(client(timeout_s=20), listening.url)
    assert error.code == "service-refused"
    assert "more bytes" in error.message or "not HTTP" in error.message


def forever_mib() -> Iterator[bytes]:
    return itertools.repeat(MIB, 3 * MAX_ANSWER_BYTES // len(MIB))


def test_the_largest_answer_is_read(server: Serve) -> None:
    listening = server(ok(bytes(MAX_ANSWER_BYTES)))
    assert len(client(timeout_s=20).get(listening.url)) == MAX_ANSWER_BYTES


@pytest.mark.parametrize(
    ("answer", "words", "code"),
    [
        (b"", "the connection was closed", "service-unavailable"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "answered with nothing", "service-refused"),
        (ok(b""), "answered with nothing", "service-refused"),
        (ok(b"whole")[:-1], "did not finish its answer", "service-unavailable"),
        (CHUNKED + b"5\r\nwh", "did not finish its answer", "service-unavailable"),
        (CHUNKED + b"-5\r\nwhole\r\n0\r\n\r\n", "not HTTP", "service-refused"),
        (CHUNKED + b"zz\r\n", "did not finish its answer", "service-unavailable"),
        (b"\x16\x03\x01garbage\r\n\r\n", "not HTTP", "service-refused"),
        (b"HTTP/9.9 200 OK\r\n\r\n", "not HTTP", "service-refused"),
        (b"HTTP/1.1 99999 OK\r\n\r\n", "not HTTP", "service-refused"),
        (b"HTTP/1.1 500 No\r\n\r\n", "HTTP status 500", "service-unavailable"),
        (b"HTTP/1.1 503 No\r\n\r\n", "HTTP status 503", "service-unavailable"),
        (b"HTTP/1.1 429 No\r\n\r\n", "HTTP status 429", "service-unavailable"),
        (b"HTTP/1.1 404 No\r\n\r\n", "HTTP status 404", "service-refused"),
        (b"HTTP/1.1 204 None\r\n\r\n", "HTTP status 204", "service-refused"),
        (b"HTTP/1.1 206 Part\r\nContent-Length: 1\r\n\r\nx", "HTTP status 206", "service-refused"),
    ],
    ids=range(16),
)
def test_answers_that_are_none(server: Serve, answer: bytes, words: str, code: str) -> None:
    error = refusal(client(), server(answer).url)
    assert words in error.message
    assert error.code == code


_PIECES = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.0 301 \r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"\r\n",
    b"\n",
    b"Content-Length: ",
    b"Transfer-Encoding: chunked\r\n",
    b"Location: ",
    b"5\r\n",
    b"-1",
    b"0\r\n",
    b"FFFFFFFFFFFFFFFFFFFF\r\n",
    b"1_0",
    b"whole",
    b":",
    b"\0",
    b"\xb2",
    5000 * b"9",
    b" \t",
    b";",
]


@given(st.lists(st.sampled_from(_PIECES) | st.binary(max_size=20), max_size=12).map(b"".join))
def test_any_bytes_are_an_answer_or_a_fault(data: bytes) -> None:
    near, far = socket.socketpair()
    with far:
        far.sendall(data)
    wire = Wire(near, Deadline(10))
    try:
        answer = _receive(wire, "GET")
        assert answer.body or answer.location is not None
    except (Fault, TooMuch, OSError, http.client.HTTPException):
        pass  # what exchange() makes faults of
    finally:
        wire.close()


def test_an_error_s_body_is_not_read(server: Serve) -> None:
    listening: Scripted = server(
        script=lambda request: listening.drip(itertools.chain([b"HTTP/1.1 500 No\r\n\r\n"], forever(b"x")))
    )
    begin = time.monotonic()
    assert "500" in refusal(client(timeout_s=HELD_S), listening.url).message
    assert time.monotonic() - begin < PATIENCE_S


def test_a_port_where_nobody_listens() -> None:
    with Scripted(lambda request: []) as gone:
        url = gone.url
    assert "the connection was refused" in refusal(client(), url).message


# ── redirects ────────────────────────────────────────────────────────────────────────────────────


def moving(request: bytes) -> list[bytes]:
    """Answer /3 by way of /2, /1 and /0."""
    step = int(request.split()[1][1:])
    return [ok(b"there")] if step == 0 else [redirect(f"/{step - 1}", (301, 302, 307)[step % 3])]


def test_redirects_within_one_site_are_followed_and_counted(server: Serve) -> None:
    listening = server(script=moving)
    asked = client(max_fetches=6)
    assert asked.get(f"{listening.url}/{MAX_REDIRECTS}") == b"there"
    assert [a.outcome for a in asked.attempts] == [*["redirected"] * 3, "answered"]
    asked.reject(f"{listening.url}/{MAX_REDIRECTS}", "it is not a CRL")
    assert asked.attempts[-1].url.endswith("/0")
    assert asked.attempts[-1].outcome == "gave an unusable answer: it is not a CRL"
    assert "limit" in refusal(asked, f"{listening.url}/{MAX_REDIRECTS}").message
    assert listening.connections == 6


def test_redirects_end(server: Serve) -> None:
    listening = server(redirect("/again"))
    assert "redirects more than 3 times" in refusal(client(), listening.url).message
    assert listening.connections == MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://localhost:{port}/", "another host"),
        ("//localhost:{port}/", "another host"),
        ("http://127.0.0.1:{other}/", "another port"),
        ("https://127.0.0.1:{port}/", "another scheme"),
        ("http://169.254.169.254/latest/meta-data/", "another host"),
        ("file:///etc/passwd", "not an http or https address"),
        ("http://u@127.0.0.1:{port}/", "not an http or https address"),
        ("http://[", "not an http or https address"),
    ],
)
def test_redirects_elsewhere_are_refused(server: Serve, location: str, words: str) -> None:
    other = server(ok(b"secret"))
    filled: list[bytes] = []
    listening = server(script=lambda request: filled)
    filled.append(redirect(location.format(port=listening.port, other=other.port)))
    asked = client(allow_hosts=frozenset({"127.0.0.1", "localhost"}))
    error = refusal(asked, listening.url)
    assert words in error.message
    assert error.code == "service-refused"
    assert (listening.connections, other.connections) == (1, 0)


def test_a_post_is_never_redirected(server: Serve) -> None:
    listening = server(redirect("/there", 307))
    assert "not followed for a POST" in refusal(client(), listening.url, post=True).message
    assert listening.connections == 1


def test_a_redirect_s_host_is_not_mapped_elsewhere(server: Serve) -> None:
    """A host that stands in for another stays the one that is asked."""
    other = server(ok(b"secret"))
    listening = server(script=lambda request: [redirect(f"http://b.example:{other.port}/")])
    asked = client(
        map_hosts={"a.example": "127.0.0.1", "b.example": "localhost"},
        allow_hosts=frozenset({"127.0.0.1", "localhost"}),
    )
    assert "another host" in refusal(asked, f"http://a.example:{listening.port}/").message
    assert other.connections == 0


# ── what is sent ─────────────────────────────────────────────────────────────────────────────────


def test_requests_are_plain(server: Serve) -> None:
    listening = server(ok(b"yes"))
    asked = client()
    asked.post(f"{listening.url}/ocsp?a=b#part", b"body", "application/ocsp-request")
    head, _, body = listening.requests[0].partition(b"\r\n\r\n")
    lines = head.decode("ascii").split("\r\n")
    assert lines[0] == "POST /ocsp?a=b HTTP/1.1"
    assert f"Host: 127.0.0.1:{listening.port}" in lines
    assert "Content-Type: application/ocsp-request" in lines
    assert "Content-Length: 4" in lines
    assert body == b"body"
    asked.get(f"{listening.url}/tệp%20x?é=%41")
    assert listening.requests[1].startswith(b"GET /t%E1%BB%87p%20x?%C3%A9=%41 ")


def test_attempts_are_one_short_line(server: Serve) -> None:
    listening = server(ok(b"yes"))
    asked = client()
    asked.get(f"{listening.url}/crl?{500 * 'q'}")
    refusal(asked, "http://a\u202eb/\x1b[31m\n")
    assert [a.url for a in asked.attempts] == [f"{listening.url}/crl…", "http://a\ufffdb/\ufffd[31m\ufffd"]
    asked.reject("http://never.example/", "it came by post")
    assert asked.attempts[-1].outcome == "gave an unusable answer: it came by post"


# ── TLS ──────────────────────────────────────────────────────────────────────────────────────────


def test_tls_needs_a_certificate_that_is_trusted_and_names_the_host(
    server: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate = tls_for(tmp_path, "127.0.0.1")
    listening = server(ok(b"yes"), tls=context)
    error = refusal(client(), listening.url)
    assert "not trusted" in error.message
    assert error.code == "service-refused"
    assert listening.requests == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert client().get(listening.url) == b"yes"
    other = client(allow_hosts=frozenset({"localhost"}), resolver=lambda *_: ["127.0.0.1"])
    url = listening.url.replace("127.0.0.1", "localhost")
    assert "localhost" in refusal(other, url).message
    assert len(listening.requests) == 1


def test_plain_http_where_tls_is_expected(server: Serve) -> None:
    url = server(greeting=b"220 mail.example\r\n").url.replace("http:", "https:")
    assert "TLS" in refusal(client(), url).message


# ── proxies ──────────────────────────────────────────────────────────────────────────────────────


def test_plain_http_goes_through_a_proxy_in_absolute_form(server: Serve) -> None:
    proxy = server(ok(b"by proxy"))
    asked = client(proxy=proxy.url, resolver=lambda *_: ["203.0.114.7"])
    assert asked.get("http://ca.example/crl?x") == b"by proxy"
    assert proxy.requests[0].startswith(b"GET http://ca.example/crl?x HTTP/1.1\r\nHost: ca.example\r\n")


def test_https_goes_through_a_tunnel(server: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, certificate = tls_for(tmp_path, "ca.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Tunnel(server(ok(b"inside"), tls=context)) as proxy:
        asked = client(proxy=proxy.url, resolver=lambda *_: ["203.0.114.7"])
        assert asked.get("https://ca.example/crl") == b"inside"
    assert proxy.told == b"CONNECT ca.example:443 HTTP/1.1\r\nHost: ca.example:443\r\n\r\n"


class Tunnel(AbstractContextManager["Tunnel"]):
    """A proxy that leads every CONNECT to one server."""

    def __init__(self, end: Scripted) -> None:
        self._end = end
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.told = b""
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        def pump(source: socket.socket, sink: socket.socket) -> None:
            while piece := source.recv(65536):
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)

        near, _ = self._socket.accept()
        with near, socket.create_connection(("127.0.0.1", self._end.port)) as far:
            self.told = near.recv(65536)
            near.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            out = threading.Thread(target=pump, args=(near, far))
            out.start()
            pump(far, near)
            out.join()

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._socket.close()


def test_a_proxy_is_not_a_way_to_private_addresses(server: Serve) -> None:
    proxy = server(ok(b"secret"))
    for resolver, words in ((lambda *_: ["10.0.0.1"], "private or loopback"), (lambda *_: [], "is not known")):
        asked = client(proxy=proxy.url, resolver=resolver)
        assert words in refusal(asked, "http://ca.example/").message
        assert "private" in refusal(asked, "https://10.0.0.1/").message
    assert proxy.connections == 0
    named = client(proxy=proxy.url, resolver=lambda *_: [], allow_hosts=frozenset({"ca.example"}))
    assert named.get("http://ca.example/") == b"secret"


def test_a_proxy_that_fails_is_named(server: Serve) -> None:
    with Scripted(lambda request: []) as gone:
        url = gone.url
    allowed = frozenset({"ca.example"})
    services = ecert.Services(proxy=url, allow_hosts=allowed)
    message = refusal(Client(services), "http://ca.example/").message
    assert f"the proxy 127.0.0.1:{gone.port} did not answer: the connection was refused" in message
    assert "a moment ago" in refusal(Client(services), "http://ca.example/other").message
    for answer, words in (
        (b"HTTP/1.1 407 No\r\n\r\n", "proxy answered with HTTP status 407"),
        (b"HTTP/1.1 200 OK\r\n" + 10 * MIB, "the proxy"),
        (b"", "the proxy did not answer: the connection was closed"),
    ):
        asked = client(proxy=server(answer).url, allow_hosts=allowed)
        assert words in refusal(asked, "https://ca.example/").message


# ── the breaker ──────────────────────────────────────────────────────────────────────────────────


def test_an_address_that_was_silent_is_not_asked_again_and_its_host_is(server: Serve) -> None:
    def script(request: bytes) -> Iterable[bytes]:
        return [ok(b"crl")] if request.startswith(b"GET /crl") else []

    listening = server(script=script)
    services = ecert.Services(allow_hosts=LOOPBACK)
    assert "closed" in refusal(Client(services), f"{listening.url}/ocsp?1", post=True).message
    error = refusal(Client(services), f"{listening.url}/ocsp?2", post=True)
    assert "did not answer a moment ago and was not asked again" in error.message
    assert error.hint
    assert Client(services).get(f"{listening.url}/crl") == b"crl"
    assert listening.connections == 2
    assert Client(services).silent_since(f"{listening.url}/ocsp") is not None
    assert Client(services).silent_since(f"{listening.url}/crl") is None
    assert Client(services).silent_since("nonsense") is None


def test_a_host_that_cannot_be_connected_to_is_left_alone_as_a_whole() -> None:
    with Scripted(lambda request: []) as gone:
        url = gone.url
    services = ecert.Services(allow_hosts=LOOPBACK)
    assert "refused" in refusal(Client(services), f"{url}/ocsp").message
    assert "a moment ago" in refusal(Client(services), f"{url}/crl").message


def test_who_says_no_is_there(server: Serve) -> None:
    listening = server(b"HTTP/1.1 500 No\r\n\r\n")
    services = ecert.Services(allow_hosts=LOOPBACK)
    for _ in range(3):
        assert "500" in refusal(Client(services), listening.url).message


def test_asking_again_on_purpose_and_an_answer_closes_the_breaker(server: Serve) -> None:
    answers: Iterator[list[bytes]] = iter([[], [ok(b"back")], [ok(b"still")]])
    listening = server(script=lambda request: next(answers))
    services = ecert.Services(allow_hosts=LOOPBACK)
    refusal(Client(services), listening.url, post=True)
    assert Client(services).post(listening.url, b"", "x/y", again=True) == b"back"
    assert Client(services).post(listening.url, b"", "x/y") == b"still"


def test_slow_and_failing_services_of_the_kit_are_named(desk: Desk) -> None:
    from ecert.testing import Fault as Planted

    office = desk.office
    for fault, words in (("http-500", "500"), ("dead", "did not answer"), (Planted("slow", 2), "timed out")):
        office.responders.faults["/crl"] = fault  # type: ignore[assignment]
        try:
            assert words in refusal(client(timeout_s=0.3), office.issuing.crl_url).message
        finally:
            office.responders.faults.clear()
