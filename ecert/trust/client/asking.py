"""Ask on behalf of one document: within bounds, nobody twice who did not answer, every attempt listed."""

from __future__ import annotations

import time
from urllib.parse import urljoin

from ecert.errors import ServiceError
from ecert.model.evidence import Attempt
from ecert.trust.addresses import Target, read_url, shown_address
from ecert.trust.breaker import OPEN_S
from ecert.trust.client.exchange import MAX_ANSWER_BYTES, Answer, Request, exchange
from ecert.trust.client.faults import NOT_ALLOWED, REFUSED, Fault
from ecert.trust.client.wire import Deadline
from ecert.trust.services import Services

MAX_REDIRECTS = 3  # for one question: a CA that moved a file needs one
#: bytes of all answers for one document: a hostile file names as many large CRLs as may be asked
MAX_DOCUMENT_BYTES = 5 * MAX_ANSWER_BYTES
#: seconds spent on all requests for one document; after that nobody is asked any more
MAX_DOCUMENT_S = 120.0
WAIT = f"repeat the step in {OPEN_S:.0f} seconds"


class Client:
    """Asks for one document; ``attempts`` lists every question and what became of it.

    Codes of its errors: ``service-unavailable`` (time-out, refused or dropped connection, unknown
    host, HTTP 429 and 5xx; it may pass), ``service-refused`` (any other answer that is none),
    ``address-refused`` (must not be asked), ``too-many-fetches``, ``offline``.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._asked = 0
        self._bytes = 0
        self._seconds = 0.0
        self._answered: dict[str, int] = {}  # address → its place in attempts
        self.attempts: list[Attempt] = []

    def get(self, url: str) -> bytes:
        """Return the body that GET gives, after redirects within the same scheme, host and port.

        Raises:
            ServiceError: nothing usable came; the attempt is listed.
        """
        return self._ask(Request("GET"), url, None, again=False)

    def post(
        self, url: str, body: bytes, content_type: str, *, timeout_s: float | None = None, again: bool = False
    ) -> bytes:
        """Return the body that POST gives; a redirect is not followed.

        ``again``: also if it did not answer a moment ago.

        Raises:
            ServiceError: nothing usable came; the attempt is listed.
        """
        return self._ask(Request("POST", body, content_type), url, timeout_s, again=again)

    def reject(self, url: str, reason: str) -> None:
        """Note that the answer from ``url`` is of no use, in place of its "answered"."""
        outcome = f"gave an unusable answer: {reason}"
        at = self._answered.pop(url, None)
        if at is None:
            self.attempts.append(Attempt(shown_address(url), outcome))
        else:
            self.attempts[at] = Attempt(self.attempts[at].url, outcome)

    def silent_since(self, url: str) -> float | None:
        """Return when (monotonic time) this address last did not answer, if it is left alone now."""
        try:
            target = read_url(url, self._services.map_hosts)
        except ValueError:
            return None
        return self._services.breaker.open_since(*self._places(target))

    def _ask(self, request: Request, url: str, timeout_s: float | None, *, again: bool) -> bytes:
        deadline = Deadline(timeout_s or self._services.timeout_s)
        asked, hops = url, 0
        while True:
            try:
                target = self._admit(asked, again=again)
                answer = self._exchange(request, target, deadline)
                if answer.location is not None:
                    followed = self._follow(request, target, answer.location, hops)
            except Fault as fault:
                self._note(asked, fault.reason)
                raise ServiceError(
                    f"{shown_address(asked)} {fault.reason}", code=fault.code, hint=fault.hint
                ) from fault
            if answer.location is None:
                self._answered[url] = len(self.attempts)
                self._note(asked, "answered")
                return answer.body
            self._note(asked, "redirected")
            asked, hops = followed, hops + 1

    def _admit(self, url: str, *, again: bool) -> Target:
        """Return whom to ask, or refuse; whatever comes of it counts as one request."""
        services = self._services
        self._asked += 1
        if self._asked > services.max_fetches:
            words = f"was not asked: {services.max_fetches} requests are the limit"
            raise Fault(words, code="too-many-fetches")
        if self._bytes > MAX_DOCUMENT_BYTES or self._seconds > MAX_DOCUMENT_S:
            words = "was not asked: other questions for this document took too much time or space"
            raise Fault(words, code="too-many-fetches")
        if not services.network:
            raise Fault("was not asked: the services are offline", code="offline")
        try:
            target = read_url(url, services.map_hosts)
        except ValueError as exc:
            raise Fault("is not an http or https address", code=NOT_ALLOWED) from exc
        if not again and not services.breaker.admits(*self._places(target)):
            raise Fault("did not answer a moment ago and was not asked again", hint=WAIT)
        return target

    def _exchange(self, request: Request, target: Target, deadline: Deadline) -> Answer:
        """Ask, and remember for the next document who did not answer."""
        breaker = self._services.breaker
        host, address = self._places(target)
        start = time.monotonic()
        try:
            answer = exchange(request, target, self._services, deadline)
        except Fault as fault:
            if fault.silent == "host":
                breaker.failed(host)
            else:
                breaker.answered(host)
                (breaker.failed if fault.silent else breaker.answered)(address)
            raise
        finally:
            self._seconds += time.monotonic() - start
        self._bytes += len(answer.body)
        breaker.answered(host)
        breaker.answered(address)
        return answer

    def _follow(self, request: Request, target: Target, location: str, hops: int) -> str:
        """Return the address a redirect leads to, if it may be followed."""
        if request.method != "GET":
            raise Fault("redirects, which is not followed for a POST", code=REFUSED)
        if hops == MAX_REDIRECTS:
            raise Fault(f"redirects more than {MAX_REDIRECTS} times", code=REFUSED)
        try:
            url = urljoin(target.url, location)
            found = read_url(url, self._services.map_hosts)
        except ValueError as exc:
            raise Fault("redirects to what is not an http or https address", code=REFUSED) from exc
        parts = zip(("scheme", "host", "port"), found.site, target.site, strict=True)
        different = [name for name, new, old in parts if new != old]
        if different:
            words = f"redirects to another {different[0]}, which is not followed"
            raise Fault(words, code=REFUSED)
        return url

    def _places(self, target: Target) -> tuple[str, str]:
        """Return who is connected to, and which address is asked (its query left out)."""
        direct = f"{target.scheme}://{target.host} {target.port}"
        place = f"proxy {self._services.proxy}" if self._services.proxy else direct
        return place, f"{direct} {target.path.partition('?')[0]}"

    def _note(self, url: str, outcome: str) -> None:
        # one line says that the limit was reached, however many questions a hostile file brings
        if self._asked <= self._services.max_fetches + 1:
            self.attempts.append(Attempt(shown_address(url), outcome))
