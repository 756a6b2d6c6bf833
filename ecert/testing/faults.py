"""What can go wrong with the kit's services, on purpose.

``seconds`` is how long ``slow`` waits before the right answer, and over how long ``drip`` spreads
it, byte by byte, the status line first. Every endpoint has every fault; where a fault makes no
sense there, the nearest thing that does:

================= ================= =================== ================= =====================
fault             ``/tsa``          ``/ocsp``           ``/crl``          ``/ca``
================= ================= =================== ================= =====================
dead              the connection is dropped without an answer
garbage           200 and bytes that only begin like DER
http-500          500
slow              the right answer, late
drip              the right answer, one byte at a time
huge              200 and an endless content, until the asker hangs up
redirect          302 to ``Fault.location``; to ``Responders.trap_url`` where it is empty
wrong-nonce       nonce plus one    a bit flipped, if   the right answer  the right answer
                                    there is a nonce
wrong-imprint     imprint changed   as wrong-certificate
wrong-certificate as wrong-imprint  about the next      CRL of a stranger a stranger's
                                    serial number                         certificate
expired-responder token of a TSA    answer of an OCSP   CRL with a        the issuer's
                  certificate       certificate         nextUpdate long   certificate, long
                  long expired      long expired        past              expired
unsigned          in form right, the signature value made over other data
unknown-status    rejection, time   status unknown      404               404
                  not available
================= ================= =================== ================= =====================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

FaultKind = Literal[
    "dead",
    "drip",
    "expired-responder",
    "garbage",
    "http-500",
    "huge",
    "redirect",
    "slow",
    "unknown-status",
    "unsigned",
    "wrong-certificate",
    "wrong-imprint",
    "wrong-nonce",
]

FAULTS: tuple[FaultKind, ...] = get_args(FaultKind)


@dataclass(frozen=True)
class Fault:
    """A planted fault: what goes wrong; how long ``slow`` and ``drip`` take; where ``redirect`` leads."""

    kind: FaultKind
    seconds: float = 2.0
    location: str = ""


def planted(faults: Mapping[str, FaultKind | Fault], endpoint: str) -> Fault | None:
    """Return the fault planted for an endpoint: that of the longest entry which begins its path.

    Raises:
        ValueError: there is no such fault.
    """
    hits = [key for key in faults if f"{endpoint}/".startswith(f"{key.rstrip('/')}/")]
    if not hits:
        return None
    found = faults[max(hits, key=len)]
    fault = found if isinstance(found, Fault) else Fault(found)
    if fault.kind not in FAULTS:
        raise ValueError(f"unknown fault {fault.kind!r}: use one of {', '.join(FAULTS)}")
    return fault
