"""The network client asks nobody it must not ask."""

from __future__ import annotations

import pytest

import ecert
from ecert.errors import ServiceError
from ecert.trust.client import Client
from tests.kit import Desk


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x", "http://localhost/x", "http://[::1]/x", "http://10.0.0.1/x",
        "http://192.168.1.1/x", "http://169.254.169.254/latest", "http://0.0.0.0/x",
        "http://224.0.0.1/x", "http://2130706433/x", "http://[::ffff:127.0.0.1]/x",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_before_connecting(url: str) -> None:
    client = Client(ecert.Services())
    with pytest.raises(ServiceError, match=r"private or loopback|is not known"):
        client.get(url)
    assert [a.url for a in client.attempts] == [url]


@pytest.mark.parametrize("url", ["ftp://example.org/x", "file:///etc/passwd", "http://u@h/x", "x"])
def test_only_http_and_https(url: str) -> None:
    with pytest.raises(ServiceError, match="not an http or https address"):
        Client(ecert.Services()).get(url)


def test_offline_asks_nobody(desk: Desk) -> None:
    with pytest.raises(ServiceError, match="offline"):
        Client(ecert.Services.offline()).get(desk.office.tsa_url)


def test_requests_are_bounded_and_remembered(desk: Desk) -> None:
    office = desk.office
    services = ecert.Services(allow_hosts=frozenset({"127.0.0.1"}), max_fetches=2)
    client = Client(services)
    url = office.issuing.crl_url
    assert client.get(url)
    assert client.get(url)
    with pytest.raises(ServiceError, match="limit"):
        client.get(url)
    assert [a.outcome for a in client.attempts[:2]] == ["answered", "answered"]


def test_slow_and_failing_services_are_named(desk: Desk) -> None:
    from ecert.testing.responders import Fault

    office = desk.office
    services = ecert.Services(allow_hosts=frozenset({"127.0.0.1"}), timeout_s=0.3)
    for fault, words in (
        ("http-500", "500"),
        ("dead", "did not answer"),
        (Fault("slow", 2), "timed out"),
    ):
        office.responders.faults["/crl"] = fault  # type: ignore[assignment]
        try:
            with pytest.raises(ServiceError, match=words):
                Client(services).get(office.issuing.crl_url)
        finally:
            office.responders.faults.clear()


def test_hosts_are_mapped(desk: Desk) -> None:
    url = desk.office.issuing.crl_url.replace("127.0.0.1", "crl.internal.invalid")
    services = ecert.Services(
        allow_hosts=frozenset({"127.0.0.1"}), map_hosts={"crl.internal.invalid": "127.0.0.1"}
    )
    assert Client(services).get(url)
