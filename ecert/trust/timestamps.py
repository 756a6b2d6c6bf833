"""Ask time-stamping authorities (RFC 3161): in order of preference, each answer checked."""

from __future__ import annotations

import secrets
import time

from asn1crypto import core, tsp

from ecert.errors import ServiceError
from ecert.formats.pades.asn1 import set_up
from ecert.formats.pades.cms import CmsFault, CmsUnsupported, TimestampToken, read_timestamp
from ecert.formats.pades.unsigned_part import has_standard_form
from ecert.model.times import rfc3339
from ecert.trust.addresses import shown_address
from ecert.trust.client import Client
from ecert.trust.client.faults import UNAVAILABLE
from ecert.trust.extensions import ExtensionFault
from ecert.trust.services import Services, TimestampService
from ecert.trust.timestamp_tokens import stamped_in_time, statement_fault, timestamp_fault

IMPRINT = "sha256"
FIRST_PAUSE_S = 0.2  # before authorities are asked again; doubled each time
LONGEST_PAUSE_S = 2.0
#: Nobody is asked again once this much time went by: an officer waits at the desk.
MAX_RETRYING_S = 30.0


def request_timestamp(imprint: bytes, services: Services, client: Client) -> TimestampToken:
    """Return a token over a SHA-256 imprint from the first authority that gives a good one.

    1. All are asked in order; one that did not answer a moment ago is passed over.
    2. Those with a fault that may pass are asked again after pauses, as often as their ``retries``
       say. A pause comes only when everybody was asked: a second authority is quicker than any wait.
    3. Of those passed over, the one silent for the longest is asked once after all.

    ``client.attempts`` tells who was asked and which answer was used.

    Raises:
        ServiceError: none did; the message names each and what became of it.
    """
    if not services.timestamps:
        raise ServiceError(
            "no time-stamp service is named",
            code="no-timestamp-service",
            hint="name one under [[services.timestamp]], or choose level B-B",
        )
    named = tuple(dict.fromkeys(services.timestamps))
    silent = {s: t for s in named if (t := client.silent_since(s.url)) is not None}
    failures: dict[TimestampService, ServiceError] = {}
    # 1 and 2
    waiting = [s for s in named if s not in silent]
    asked, pause, end = 0, FIRST_PAUSE_S, time.monotonic() + MAX_RETRYING_S
    while waiting:
        for service in waiting:
            try:
                return _ask(service, imprint, client, again=asked > 0)
            except ServiceError as exc:
                failures[service] = exc
        asked += 1
        waiting = [s for s in waiting if s.retries >= asked and failures[s].code == UNAVAILABLE]
        if time.monotonic() + pause > end:
            break
        if waiting:
            # first those that said something: a silent one may cost its whole time-out again
            waiting.sort(key=lambda s: client.silent_since(s.url) or 0.0)
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
    # 3
    for at, service in enumerate(sorted(silent, key=lambda s: silent[s])):
        try:
            return _ask(service, imprint, client, again=at == 0)
        except ServiceError as exc:
            failures[service] = exc
    raise ServiceError(
        "no time-stamp could be had: " + "; ".join(failures[s].message for s in named),
        hint=_way_out(list(failures.values())),
    )


def _way_out(failures: list[ServiceError]) -> str:
    """Return the hint of a refusal that no waiting cures, else the advice to wait."""
    refused = [f.hint for f in failures if f.code == "address-refused" and f.hint]
    if refused and len(refused) == len(failures):
        return refused[0]
    return "repeat the step later; nothing was written"


def _ask(service: TimestampService, imprint: bytes, client: Client, *, again: bool) -> TimestampToken:
    """Ask one authority once.

    Raises:
        ServiceError: no answer, or (code ``bad-timestamp``) one that is no time-stamp of ours.
    """
    set_up()
    nonce = secrets.randbits(63)
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {"hash_algorithm": {"algorithm": IMPRINT}, "hashed_message": imprint},
            "nonce": nonce,
            "cert_req": True,
        }
    )
    answer = client.post(
        service.url, request.dump(), "application/timestamp-query", timeout_s=service.timeout_s, again=again
    )
    token = _read(answer)
    reason = token if isinstance(token, str) else _doubt(token, nonce, imprint)
    if isinstance(token, str) or reason:
        client.reject(service.url, str(reason))
        raise ServiceError(f"{shown_address(service.url)} gave an unusable answer: {reason}", code="bad-timestamp")
    return token


def _read(answer: bytes) -> TimestampToken | str:
    """Return the token of a TimeStampResp (RFC 3161, 2.4.2), or why there is none."""
    try:
        # not tsp.TimeStampResp: it takes no refusal, which has no token
        response = core.Sequence.load(answer, strict=True)
        told = tsp.PKIStatusInfo.load(response[0].dump(), strict=True)
        status = told["status"].native
        if status not in ("granted", "granted_with_mods"):
            failures = told["fail_info"].native or ()
            return f"it refused: {', '.join([str(status), *sorted(map(str, failures))])}"
        return read_timestamp(response[1].dump())
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError, CmsFault):
        return "it is not a time-stamp"


def _doubt(token: TimestampToken, nonce: int, imprint: bytes) -> str | None:
    """Return why a token is not the answer to our question, or None."""
    if token.nonce != nonce:
        return "wrong nonce"
    if (token.imprint_algorithm, token.imprint) != (IMPRINT, imprint):
        return "it is for other data"
    try:
        fault = timestamp_fault(token) or statement_fault(token)
    except (CmsUnsupported, ExtensionFault) as exc:
        return str(exc.reason)
    return str(fault) if fault else _form_fault(token) or _out_of_time(token)


def _form_fault(token: TimestampToken) -> str | None:
    """Return why a copy could not hold the token, or None: its verifier demands one form of the unsigned part."""
    if token.message.unsigned_attributes:
        return "it has unsigned attributes"
    if not has_standard_form(token.der):
        return "what nothing signs in it is not as the standards write it"
    return None


def _out_of_time(token: TimestampToken) -> str | None:
    """Return the fault where the authority's certificate is not valid at the time it states itself.

    Nobody could ever trust such a token, and the next authority may do better.
    """
    try:
        if stamped_in_time(token):
            return None
    except TypeError:  # without the Z of RFC 3161, 2.4.2, or in the year 0
        return "it has no usable time"
    return f"its authority's certificate is not valid at {rfc3339(token.time)}"
