"""Time-stamps come from the first authority that gives a good one; nobody dead is waited for twice."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asn1crypto import cms, core
from asn1crypto.util import extended_datetime

import ecert
from ecert.errors import ServiceError
from ecert.formats.pades.cms import read_timestamp
from ecert.testing import Fault, Office
from ecert.trust import timestamps as module
from ecert.trust.client import Client
from ecert.trust.timestamps import request_timestamp
from tests.trust.servers import Scripted

IMPRINT = hashlib.sha256(b"signature value").digest()


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with Office.create(algorithm="p256") as made:
        yield made


class Tsas:
    """Three time-stamp authorities of one office, and one that never says a word."""

    def __init__(self, office: Office, hole: Scripted) -> None:
        self.office, self.hole = office, hole
        self.urls = [office.responders.add_time_stamps(n, office.tsa) for n in ("t0", "t1", "t2")]

    def services(self, *urls: str, retries: int = 0, **settings: Any) -> ecert.Services:
        chosen = tuple(ecert.TimestampService(u, retries=retries) for u in urls or self.urls)
        return ecert.Services(timestamps=chosen, allow_hosts=frozenset({"127.0.0.1"}), timeout_s=0.5, **settings)

    def plant(self, *faults: Any) -> None:
        for number, fault in enumerate(faults):
            if fault:
                self.office.responders.faults[f"/tsa/t{number}"] = fault

    @property
    def asked(self) -> list[int]:
        return [self.office.responders.requests[f"/tsa/t{n}"] for n in range(3)]


@pytest.fixture
def tsas(office: Office) -> Iterator[Tsas]:
    office.responders.requests.clear()
    never: Scripted
    with Scripted(lambda request: never.drip([b""] * 200)) as never:
        yield Tsas(office, never)
    office.responders.faults.clear()


def failing(services: ecert.Services, client: Client) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        request_timestamp(IMPRINT, services, client)
    for service in services.timestamps:
        assert service.url in caught.value.message
    return caught.value


def outcomes(client: Client) -> list[str]:
    return [a.outcome for a in client.attempts]


def test_the_first_that_gives_a_good_one_is_used_and_named(tsas: Tsas) -> None:
    tsas.plant("http-500", "wrong-nonce")
    services = tsas.services()
    client = Client(services)
    assert request_timestamp(IMPRINT, services, client).imprint == IMPRINT
    assert [a.url for a in client.attempts] == tsas.urls
    assert outcomes(client) == ["answered with HTTP status 500", "gave an unusable answer: wrong nonce", "answered"]
    assert tsas.asked == [1, 1, 1]


@pytest.mark.parametrize(
    ("fault", "times", "words"),
    [
        ("http-500", 3, "HTTP status 500"),
        ("dead", 3, "the connection was closed"),
        (Fault("slow", 2), 3, "timed out"),
        ("wrong-nonce", 1, "wrong nonce"),
        ("wrong-imprint", 1, "it is for other data"),
        ("garbage", 1, "it is not a time-stamp"),
    ],
    ids=lambda value: str(getattr(value, "kind", value)),
)
def test_only_what_may_pass_is_tried_again(tsas: Tsas, fault: Any, times: int, words: str) -> None:
    tsas.plant(fault)
    services = tsas.services(tsas.urls[0], retries=2)
    client = Client(services)
    assert words in failing(services, client).message
    assert tsas.asked == [times, 0, 0]
    assert len(client.attempts) == times
    assert all(words in outcome for outcome in outcomes(client))


def test_a_fault_that_passes(tsas: Tsas) -> None:
    answers = iter([b"HTTP/1.1 503 No\r\n\r\n", b""])
    with Scripted(lambda request: [next(answers, b"HTTP/1.1 404 No\r\n\r\n")]) as moody:
        services = tsas.services(moody.url, retries=5)
        client = Client(services)
        assert "404" in failing(services, client).message
    assert outcomes(client) == [
        "answered with HTTP status 503",
        "did not answer: the connection was closed",
        "answered with HTTP status 404",
    ]


def test_a_second_authority_comes_before_any_pause(tsas: Tsas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("paused"))
    tsas.plant("http-500")
    services = tsas.services(retries=5)
    request_timestamp(IMPRINT, services, Client(services))
    assert tsas.asked == [1, 1, 0]


def test_pauses_grow_and_end(tsas: Tsas, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    tsas.plant("http-500")
    services = tsas.services(tsas.urls[0], retries=6)
    failing(services, Client(services))
    assert pauses == [0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
    monkeypatch.setattr(module, "MAX_RETRYING_S", 0.1)
    failing(services, Client(services))
    assert len(pauses) == 6


def test_a_dead_authority_is_not_waited_for_twice(tsas: Tsas) -> None:
    services = tsas.services(tsas.hole.url, tsas.urls[0], retries=2)
    for _ in range(3):
        client = Client(services)
        request_timestamp(IMPRINT, services, client)
        assert client.attempts[-1].url == tsas.urls[0]
        assert client.attempts[-1].outcome == "answered"
    assert tsas.hole.connections == 1
    assert tsas.asked == [3, 0, 0]


def test_when_all_are_silent_the_one_silent_longest_is_tried(tsas: Tsas) -> None:
    tsas.plant("dead", "dead", "dead")
    services = tsas.services()
    failing(services, Client(services))
    assert tsas.asked == [1, 1, 1]
    client = Client(services)
    failing(services, client)
    assert outcomes(client) == [
        "did not answer: the connection was closed",
        *["did not answer a moment ago and was not asked again"] * 2,
    ]
    assert tsas.asked == [2, 1, 1]
    tsas.office.responders.faults.clear()
    client = Client(services)
    request_timestamp(IMPRINT, services, client)
    assert [a.url for a in client.attempts] == [tsas.urls[1]]
    request_timestamp(IMPRINT, services, client)
    assert tsas.asked == [2, 3, 1]


def test_a_silent_authority_is_still_better_than_none(tsas: Tsas) -> None:
    tsas.plant("dead")
    services = tsas.services(*tsas.urls[:2])
    request_timestamp(IMPRINT, services, Client(services))
    tsas.office.responders.faults = {"/tsa/t1": "http-500"}
    client = Client(services)
    request_timestamp(IMPRINT, services, client)
    assert [a.url for a in client.attempts] == [tsas.urls[1], tsas.urls[0]]


def test_each_has_its_own_time_out(tsas: Tsas) -> None:
    tsas.plant(Fault("slow", 1.5))
    slow = ecert.TimestampService(tsas.urls[0], retries=0, timeout_s=10)
    allowed = frozenset({"127.0.0.1"})
    services = ecert.Services(timestamps=(slow,), allow_hosts=allowed, timeout_s=0.3)
    assert request_timestamp(IMPRINT, services, Client(services)).imprint == IMPRINT


def test_requests_for_time_stamps_count_like_all_others(tsas: Tsas) -> None:
    tsas.plant("http-500")
    services = tsas.services(tsas.urls[0], retries=5, max_fetches=2)
    assert "2 requests are the limit" in failing(services, Client(services)).message
    assert tsas.asked == [2, 0, 0]


def test_a_refusal_is_named(tsas: Tsas) -> None:
    services = tsas.services(tsas.urls[0], retries=2)
    with pytest.raises(ServiceError, match="it refused: rejection, bad_data_format"):
        request_timestamp(b"short", services, Client(services))
    assert tsas.asked == [1, 0, 0]


def test_without_an_authority() -> None:
    services = ecert.Services()
    with pytest.raises(ServiceError) as caught:
        request_timestamp(IMPRINT, services, Client(services))
    assert caught.value.code == "no-timestamp-service"


def test_an_authority_out_of_its_time_is_passed_over(tsas: Tsas) -> None:
    now = tsas.office.clock.now()
    tsas.office.clock.set(now + dt.timedelta(days=36500))
    try:
        services = tsas.services(tsas.urls[0], retries=2)
        client = Client(services)
        error = failing(services, client)
    finally:
        tsas.office.clock.set(None)
    assert "its authority's certificate is not valid at 21" in error.message
    assert outcomes(client)[0].startswith("gave an unusable answer: its authority's certificate")
    assert tsas.asked == [1, 0, 0]


@pytest.mark.parametrize("stated", [dt.datetime(2026, 10, 1), extended_datetime(0, 1, 1)], ids=str)  # noqa: DTZ001
def test_a_time_that_is_none(tsas: Tsas, stated: Any) -> None:
    services = tsas.services()
    token = request_timestamp(IMPRINT, services, Client(services))
    assert token.nonce is not None
    assert module._doubt(token, token.nonce, IMPRINT) is None
    wrong = dataclasses.replace(token, time=stated)
    assert module._doubt(wrong, token.nonce, IMPRINT) == "it has no usable time"


def _with_unsigned_attribute(info: cms.ContentInfo) -> None:
    signer = info["content"]["signer_infos"][0]
    signer["unsigned_attrs"] = cms.CMSAttributes([{"type": "1.2.3.4", "values": [core.Integer(1)]}])


def _with_a_certificate_twice(info: cms.ContentInfo) -> None:
    certificates = info["content"]["certificates"]
    certificates.append(certificates[0].copy())


@pytest.mark.parametrize(
    ("change", "words"),
    [(_with_unsigned_attribute, "unsigned attributes"), (_with_a_certificate_twice, "not as the standards write it")],
)
def test_a_token_that_no_copy_could_hold_is_refused_where_it_arrives(
    tsas: Tsas, change: Callable[[cms.ContentInfo], None], words: str
) -> None:
    """Its signature is right; but what nothing signs in it has another form than a copy may have."""
    services = tsas.services()
    token = request_timestamp(IMPRINT, services, Client(services))
    info = cms.ContentInfo.load(token.der)
    change(info)
    changed = read_timestamp(info.dump(force=True))
    reason = module._doubt(changed, token.nonce or 0, IMPRINT)
    assert reason is not None
    assert words in reason
    assert module._doubt(token, token.nonce or 0, IMPRINT) is None
