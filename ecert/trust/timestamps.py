"""Ask time-stamping authorities (RFC 3161): in order of preference, each answer checked."""

from __future__ import annotations

import secrets

from asn1crypto import tsp

from ecert.errors import ServiceError
from ecert.formats.pades.cms import CmsFault, TimestampToken, read_timestamp
from ecert.trust.client import Client
from ecert.trust.services import Services, TimestampService
from ecert.trust.tokens import token_fault

IMPRINT = "sha256"


def request_timestamp(imprint: bytes, services: Services, client: Client) -> TimestampToken:
    """Return a token over a SHA-256 imprint from the first authority that gives a good one.

    Raises:
        ServiceError: none did; the message names each and what became of it.
    """
    if not services.timestamps:
        raise ServiceError(
            "no time-stamp service is named",
            code="no-timestamp-service",
            hint="name one under [[services.timestamp]], or choose level B-B",
        )
    outcomes: list[str] = []
    for service in services.timestamps:
        for _ in range(1 + service.retries):
            try:
                return _ask(service, imprint, client)
            except ServiceError as exc:
                outcomes.append(exc.message)
                if exc.code == "bad-timestamp":
                    break
    raise ServiceError(
        "no time-stamp could be had: " + "; ".join(dict.fromkeys(outcomes)),
        hint="repeat the step later; nothing was written",
    )


def _ask(service: TimestampService, imprint: bytes, client: Client) -> TimestampToken:
    nonce = secrets.randbits(63)
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {
                "hash_algorithm": {"algorithm": IMPRINT},
                "hashed_message": imprint,
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    answer = client.post(service.url, request.dump(), "application/timestamp-query")
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        status = response["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            raise ServiceError(f"{service.url} refused: {status}")
        token = read_timestamp(response["time_stamp_token"].dump())
    except (ValueError, TypeError, KeyError, CmsFault) as exc:
        raise _bad(service, "its answer is not a time-stamp") from exc
    if token.nonce != nonce:
        raise _bad(service, "its answer has the wrong nonce")
    if (token.imprint_algorithm, token.imprint) != (IMPRINT, imprint):
        raise _bad(service, "its answer is for other data")
    reason = token_fault(token)
    if reason:
        raise _bad(service, reason)
    return token


def _bad(service: TimestampService, reason: str) -> ServiceError:
    return ServiceError(f"{service.url} gave an unusable answer: {reason}", code="bad-timestamp")
