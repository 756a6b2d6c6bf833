"""Why a request gave nothing, in words that follow the address that was asked."""

from __future__ import annotations

import http.client
import ssl
from typing import Literal

#: it may be there in a moment: time-out, connection refused or dropped, HTTP 429 and 5xx
UNAVAILABLE = "service-unavailable"
#: it answered, and asking again would give the same
REFUSED = "service-refused"
#: it must not be asked
NOT_ALLOWED = "address-refused"

#: who did not answer: the host (no connection), or this address of it
Silent = Literal["", "host", "address"]


class Fault(Exception):
    """One request's end; ``reason`` goes on where a sentence began with the address."""

    def __init__(self, reason: str, *, code: str = UNAVAILABLE, silent: Silent = "", hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.code, self.silent, self.hint = reason, code, silent, hint


def fault_behind(exc: OSError | http.client.HTTPException, silent: Silent) -> Fault:
    """Return the fault behind an exception of the connection or of the HTTP parser.

    ``silent`` says who did not answer, if that is what the exception means.
    """
    match exc:
        case TimeoutError():
            return Fault("did not answer: timed out", silent=silent)
        case ConnectionRefusedError():
            return Fault("did not answer: the connection was refused", silent=silent)
        case ssl.SSLCertVerificationError():
            words = f"has a TLS certificate that is not trusted: {exc.verify_message.rstrip('.')}"
            return Fault(words, code=REFUSED)
        case ConnectionError() | ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return Fault("did not answer: the connection was closed", silent=silent)
        case http.client.IncompleteRead():
            words = "did not finish its answer: the connection was closed"
            return Fault(words, silent=silent)
        case ssl.SSLError():
            return Fault("cannot be spoken to over TLS", code=REFUSED)
        case OSError():
            return Fault("did not answer: it cannot be reached", silent=silent)
    return Fault("answered with something that is not HTTP", code=REFUSED)
