"""Servers on loopback that say exactly what a test tells them, byte for byte."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: What to send for a request; a generator may take its time.
Script = Callable[[bytes], Iterable[bytes]]


def ok(body: bytes, *headers: str) -> bytes:
    """Return a whole answer with status 200."""
    head = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(head).encode() + body


def redirect(location: str, status: int = 302) -> bytes:
    """Return a redirection."""
    return f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\n\r\n".encode()


class Scripted:
    """A server on 127.0.0.1; ``requests`` holds what was asked, ``connections`` counts who came."""

    def __init__(self, script: Script, *, tls: ssl.SSLContext | None = None, greeting: bytes = b"") -> None:
        self._script, self._tls, self._greeting = script, tls, greeting
        self.requests: list[bytes] = []
        self.connections = 0
        self.closing = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def __enter__(self) -> Scripted:
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        socket.create_connection(("127.0.0.1", self.port)).close()  # wakes the accepting thread
        for thread in self._threads:
            thread.join()
        self._socket.close()

    def drip(self, data: Iterable[bytes], pause: float = 0.05) -> Iterator[bytes]:
        """Yield pieces slowly, until the server is closed."""
        for piece in data:
            if self.closing.wait(pause):
                return
            yield piece

    def _accept(self) -> None:
        while True:
            taken, _ = self._socket.accept()
            if self.closing.is_set():
                taken.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(taken,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, taken: socket.socket) -> None:
        with taken:
            try:
                taken.settimeout(20)
                if self._tls:
                    taken = self._tls.wrap_socket(taken, server_side=True)
                with taken:
                    taken.sendall(self._greeting)
                    request = _read_request(taken)
                    self.requests.append(request)
                    for piece in self._script(request):
                        taken.sendall(piece)
            except OSError:
                pass  # the client hung up, as it should


def _read_request(taken: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = taken.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            while len(body) < int(line.split(b":")[1]):
                body += taken.recv(65536)
    return head + b"\r\n\r\n" + body


def tls_for(folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    """Return a server's TLS context for hosts, and the certificate to trust it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Máy chủ thử")])
    now = dt.datetime.now(dt.UTC)
    alternatives: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address(n)) if n[0].isdigit() else x509.DNSName(n) for n in names
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, secret = folder / "server.pem", folder / "server.key"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, secret)
    return context, path
