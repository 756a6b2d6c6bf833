"""Listening on loopback: an HTTP server that may answer badly, and a port that never answers."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import cast

MAX_REQUEST_BYTES = 64 * 1024  # bytes of one request: an OCSP or TSP request has some hundred

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """What an endpoint says: HTTP status, media type, content; for a redirect, where to.

    A content that is an iterator has no declared length: it is sent until it ends or the asker hangs
    up. ``seconds`` spreads the whole answer, header included, over that time, byte by byte.
    """

    status: int
    media_type: str = "text/plain"
    content: bytes | Iterator[bytes] = b""
    location: str = ""
    seconds: float = 0.0


#: Answers one request (method, path, content); None drops the connection.
Answering = Callable[[str, str, bytes], Answer | None]


class Listener(ThreadingHTTPServer):
    """An HTTP server on 127.0.0.1, in a thread of its own from the start; ``port`` 0 is a free one.

    ``host`` is the name in ``url``; ``connections`` counts who connected, whatever came of it.
    """

    daemon_threads = True

    def __init__(self, answering: Answering, host: str = LOOPBACK, port: int = 0) -> None:
        self.answering = answering
        self.connections = 0
        self.closing = threading.Event()
        super().__init__((LOOPBACK, port), _Handler)
        self.port = int(self.server_address[1])
        self.url = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer would ask the DNS for its own name

    def get_request(self) -> tuple[socket.socket, object]:
        accepted = super().get_request()
        self.connections += 1  # only the serving thread accepts
        return accepted

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent when an asker hung up; anything else is a fault of the kit."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def stop(self) -> None:
        """Stop listening, and whatever still waits."""
        self.closing.set()
        self.shutdown()
        self.server_close()
        self._thread.join()


class BlackHole:
    """A port that takes connections and never says a word: the kernel accepts, nobody reads."""

    def __init__(self) -> None:
        self._socket = socket.create_server((LOOPBACK, 0), backlog=64)
        self.url = f"http://{LOOPBACK}:{self._socket.getsockname()[1]}"

    def stop(self) -> None:
        """Close the port."""
        self._socket.close()


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
        answer = cast(Listener, self.server).answering(self.command, self.path, content)
        if answer is None:
            self.close_connection = True
        else:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        content = answer.content
        if not isinstance(content, bytes) or answer.seconds:
            self.close_connection = True
        if answer.seconds and isinstance(content, bytes):
            head = f"HTTP/1.1 {answer.status} {self.responses[answer.status][0]}\r\n"
            head += "".join(f"{name}: {value}\r\n" for name, value in self._fields(answer))
            self._drip(f"{head}\r\n".encode() + content, answer.seconds)
            return
        self.send_response(answer.status)
        for name, value in self._fields(answer):
            self.send_header(name, value)
        self.end_headers()
        if isinstance(content, bytes):
            self.wfile.write(content)
        else:
            self._pour(content)

    def _fields(self, answer: Answer) -> Iterator[tuple[str, str]]:
        yield "Content-Type", answer.media_type
        if isinstance(answer.content, bytes):
            yield "Content-Length", str(len(answer.content))
        if answer.location:
            yield "Location", answer.location
        if self.close_connection:
            yield "Connection", "close"

    def _pour(self, content: Iterator[bytes]) -> None:
        closing = cast(Listener, self.server).closing
        for piece in content:
            if closing.is_set():
                break
            self.wfile.write(piece)

    def _drip(self, octets: bytes, seconds: float) -> None:
        closing = cast(Listener, self.server).closing
        for position in range(len(octets)):
            if closing.wait(seconds / len(octets)):
                break
            self.wfile.write(octets[position : position + 1])
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
        """Say nothing: stderr belongs to the program under test."""
