"""The services of a PKI on one loopback port: time-stamps, OCSP, CRLs and issuers' certificates.

======================= ========================= ==============================
endpoint                method                    answer
======================= ========================= ==============================
``/tsa/<name>``         POST                      RFC 3161 over HTTP (3.4)
``/ocsp/<ca>``          POST, GET ``/…/<base64>`` RFC 6960, appendix A
``/crl/<ca>.crl``       GET                       RFC 5280, 4.2.1.13
``/crl/<ca>-delta.crl`` GET                       RFC 5280, 5.2.4 and 5.2.6
``/ca/<ca>.cer``        GET                       RFC 5280, 4.2.2.1 (caIssuers)
======================= ========================= ==============================

What can go wrong with them: ``ecert.testing.faults``.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import threading
import urllib.parse
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from ecert.testing import faults, signing, status
from ecert.testing.clock import Clock
from ecert.testing.extensions import OCSP_SIGNING, TIME_STAMPING
from ecert.testing.faults import FAULTS as FAULTS
from ecert.testing.faults import Fault as Fault
from ecert.testing.faults import FaultKind as FaultKind
from ecert.testing.listening import LOOPBACK, Answer, BlackHole, Listener
from ecert.testing.pki import Authority, Identity, der
from ecert.testing.status import OcspResponder, Revocation
from ecert.testing.timestamps import TimeStampAuthority

_GARBAGE = b"\x30\x82\xff\xffnot what you asked for"
_HUGE = b"\x30\x84\x7f\xff\xff\xff"  # a SEQUENCE of 2 GiB begins
_PIECE = bytes(64 * 1024)
_DELTA = "-delta"


class Responders:
    """Answer for authorities, OCSP responders and TSAs at the clock's time; listen if told to.

    ``faults`` plants faults by endpoint, ``{"/tsa/office": "slow", "/ocsp": Fault("dead")}``: the
    longest entry that begins the path counts. ``requests`` counts what was asked, by endpoint.
    ``revocations`` maps an authority's slug to its list; ``unknown`` holds serial numbers that OCSP
    does not know. ``crl_lifetime`` and ``ocsp_lifetime`` set nextUpdate (OCSP: None leaves it out).

    With ``delta_base`` (an aware datetime) complete CRLs are those of that time and point to delta
    CRLs, which say what changed since. ``host`` is the name in every URL; ``port`` (0: a free one)
    listens on 127.0.0.1 whatever it is.
    """

    def __init__(self, clock: Clock, *, listen: bool = True, host: str = LOOPBACK, port: int = 0) -> None:
        self.clock = clock
        self.host = host
        self.authorities: dict[str, Authority] = {}
        self.time_stamps: dict[str, TimeStampAuthority] = {}
        self.ocsp: dict[str, OcspResponder] = {}
        self.revocations: dict[str, dict[int, Revocation]] = {}
        self.unknown: set[int] = set()
        self.faults: dict[str, FaultKind | Fault] = {}
        self.requests: Counter[str] = Counter()
        self.crl_lifetime = timedelta(days=7)
        self.ocsp_lifetime: timedelta | None = timedelta(days=1)
        self.delta_base: datetime | None = None
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = Listener(self.handle, host, port) if listen else None
        self._others: list[Listener | BlackHole] = []
        self.url = self._server.url if self._server else "http://ecert.invalid"

    # ── who answers ──────────────────────────────────────────────────────────────────────────

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

    def issuer_of(self, identity: Identity) -> Authority:
        """Return the authority that issued a leaf certificate.

        Raises:
            ValueError: none of these authorities did.
        """
        for authority in self.authorities.values():
            if authority.certificate == identity.chain[0]:
                return authority
        raise ValueError(f"{identity.name!r} was not issued by this office")

    @property
    def connections(self) -> int:
        """Return how many connections were made to ``url`` so far, whatever was asked then."""
        return self._server.connections if self._server else 0

    # ── places nobody should be led to ───────────────────────────────────────────────────────

    @cached_property
    def _trap(self) -> Listener:
        trap = Listener(self._answer_well)
        self._others.append(trap)
        return trap

    @property
    def trap_url(self) -> str:
        """Return a second loopback port with every endpoint and no faults: nobody should come.

        It answers rightly, so that an asker who lets himself be led there is not saved by an error.
        """
        return self._trap.url

    @property
    def trap_hits(self) -> int:
        """Return how many connections the trap saw."""
        return self._trap.connections if "_trap" in vars(self) else 0

    @cached_property
    def black_hole_url(self) -> str:
        """Return a loopback port that takes connections and never says a word."""
        hole = BlackHole()
        self._others.append(hole)
        return hole.url

    # ── answers ──────────────────────────────────────────────────────────────────────────────

    def handle(self, method: str, path: str, content: bytes = b"") -> Answer | None:
        """Return the answer to one request, as over HTTP; None where the connection is dropped."""
        endpoint = "/".join(["", *_parts(path)[:2]])
        with self._lock:
            self.requests[endpoint] += 1
        fault = faults.planted(self.faults, endpoint)
        if fault is None:
            return self._answer(method, path, content, "")
        match fault.kind:
            case "dead":
                return None
            case "garbage":
                return Answer(200, "application/octet-stream", _GARBAGE)
            case "http-500":
                return Answer(500, content=b"planted fault\n")
            case "huge":
                endless = itertools.chain([_HUGE], itertools.repeat(_PIECE))
                return Answer(200, "application/octet-stream", endless)
            case "redirect":
                return Answer(302, location=fault.location or self.trap_url + path)
            case "slow":
                self._closing.wait(fault.seconds)
        answer = self._answer(method, path, content, fault.kind)
        return replace(answer, seconds=fault.seconds) if fault.kind == "drip" else answer

    def crl(self, slug: str) -> bytes:
        """Return the DER CRL of an authority: at the clock's time, or of ``delta_base``."""
        return self._complete_crl(self.authorities[slug], self.revocations[slug])

    def delta_crl(self, slug: str) -> bytes:
        """Return the DER delta CRL of an authority: what changed from ``delta_base`` until now.

        Raises:
            ValueError: there is no ``delta_base``.
        """
        if self.delta_base is None:
            raise ValueError("delta CRLs need a base: set delta_base")
        authority, revoked = self.authorities[slug], self.revocations[slug]
        now = self.clock.now()
        return status.delta_crl(authority, revoked, now, self.crl_lifetime, base=self.delta_base)

    def ocsp_answer(self, slug: str, request: bytes) -> bytes:
        """Return the DER OCSPResponse of an authority's responder at the clock's time."""
        return self._ocsp(slug, request, "")

    def close(self) -> None:
        """Stop listening; answering by ``handle`` still works."""
        self._closing.set()
        if self._server:
            self._others.append(self._server)
            self._server = None
        while self._others:
            self._others.pop().stop()

    def _answer_well(self, method: str, path: str, content: bytes) -> Answer:
        return self._answer(method, path, content, "")

    def _answer(self, method: str, path: str, content: bytes, fault: str) -> Answer:
        kind, name, tail = _parts(path)
        if kind == "tsa" and name in self.time_stamps and method == "POST":
            token = self._time_stamp(name, content, fault)
            return Answer(200, "application/timestamp-reply", token)
        if kind == "ocsp" and name in self.ocsp:
            request = content if method == "POST" else _from_path(tail)
            response = self._ocsp(name, request, fault)
            return Answer(200, "application/ocsp-response", response)
        slug, _, extension = name.rpartition(".")
        if method == "GET" and fault != "unknown-status":
            if (kind, extension) == ("crl", "crl"):
                base = slug.removesuffix(_DELTA)
                if base in self.authorities and (slug == base or self.delta_base):
                    crl = self._crl(base, fault, delta=slug != base)
                    return Answer(200, "application/pkix-crl", crl)
            if (kind, extension) == ("ca", "cer") and slug in self.authorities:
                certificate = self._issuer(self.authorities[slug], fault)
                return Answer(200, "application/pkix-cert", certificate)
        return Answer(404, content=b"no such endpoint\n")

    def _time_stamp(self, name: str, request: bytes, fault: str) -> bytes:
        authority, now = self.time_stamps[name], self.clock.now()
        if fault == "unknown-status":
            return authority.refuse()
        if fault == "expired-responder":
            issuer = self.issuer_of(authority.identity)
            twin = issuer.expired_twin(authority.identity, TIME_STAMPING, now)
            authority = TimeStampAuthority(twin, authority.policy, authority.accuracy_s)
        return authority.answer(
            request,
            now,
            nonce_shift=int(fault == "wrong-nonce"),
            flip_imprint=fault in ("wrong-imprint", "wrong-certificate"),
            unsigned=fault == "unsigned",
        )

    def _ocsp(self, slug: str, request: bytes, fault: str) -> bytes:
        responder, now = self.ocsp[slug], self.clock.now()
        unknown = set(self.unknown)
        if fault == "expired-responder":
            authority = responder.authority
            twin = authority.expired_twin(responder.identity, OCSP_SIGNING, now)
            responder = OcspResponder(authority, twin)
        return responder.answer(
            request,
            self.revocations[slug],
            now,
            lifetime=self.ocsp_lifetime,
            unknown=(lambda _: True) if fault == "unknown-status" else unknown.__contains__,
            flip_nonce=fault == "wrong-nonce",
            next_serial=fault in ("wrong-imprint", "wrong-certificate"),
            unsigned=fault == "unsigned",
        )

    def _crl(self, slug: str, fault: str, *, delta: bool) -> bytes:
        authority, revoked = self.authorities[slug], self.revocations[slug]
        match fault:
            case "wrong-imprint" | "wrong-certificate":
                return self._complete_crl(self._stranger(), {})
            case "expired-responder":
                long_ago = self.clock.now() - timedelta(days=365) - self.crl_lifetime
                return status.crl(authority, revoked, long_ago, self.crl_lifetime)
        found = self.delta_crl(slug) if delta else self._complete_crl(authority, revoked)
        if fault == "unsigned":
            found = signing.unsigned_crl(found, authority.key, authority.digest)
        return found

    def _complete_crl(self, authority: Authority, revoked: dict[int, Revocation]) -> bytes:
        freshest = authority.crl_url.removesuffix(".crl") + f"{_DELTA}.crl"
        return status.crl(
            authority,
            revoked,
            self.delta_base or self.clock.now(),
            self.crl_lifetime,
            freshest=freshest if self.delta_base else "",
        )

    def _issuer(self, authority: Authority, fault: str) -> bytes:
        match fault:
            case "wrong-imprint" | "wrong-certificate":
                authority = self._stranger()
            case "expired-responder":
                return der(authority.expired(self.clock.now()))
            case "unsigned":
                above, certificate = authority.issuer or authority, der(authority.certificate)
                return signing.unsigned_certificate(certificate, above.key, above.digest)
        return der(authority.certificate)

    def _stranger(self) -> Authority:
        """Make an authority that nobody here knows."""
        now, year = self.clock.now(), timedelta(days=365)
        return Authority.root(
            "stranger",
            "ecert throwaway stranger",
            base_url=self.url,
            not_before=now - year,
            not_after=now + year,
            algorithm="p256",
        )


def _parts(path: str) -> tuple[str, str, str]:
    """Return the kind of endpoint, its name, and what follows."""
    kind, _, rest = path.lstrip("/").partition("/")
    name, _, tail = rest.partition("/")
    return kind, name, tail


def _from_path(tail: str) -> bytes:
    """Return the request of an OCSP GET (RFC 6960, A.1): base64, then percent-encoded."""
    try:
        return base64.b64decode(urllib.parse.unquote(tail), validate=True)
    except (ValueError, binascii.Error):
        return b""
