"""A file cannot lead anybody to a loopback or private address: not by AIA, CRL DP or OCSP, not by
redirect, not by what a name server says.

The services are real and would answer rightly, so an asker who comes is not saved by an error. Who
comes is counted at the listening port and, wherever it leads, by Python's audit events; connections
to anything but loopback end there, so that no test leaves this machine.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

import ecert
from ecert.formats.pades.algorithms import default_scheme
from ecert.model.evidence import Evidence
from ecert.sign.soft import SoftKey
from ecert.testing import Fault, Identity, NameServer, Office, person_name
from ecert.testing.extensions import Part
from ecert.trust.client import Client
from ecert.trust.gathering import Gatherer
from tests.kit import small_page

#: Public addresses: an AMT relay (RFC 7450) and AS112 (RFC 7534). Nobody is connected to.
PUBLIC, PUBLIC_6 = "192.52.193.1", "2620:4f:8000::1"

POINTERS: dict[str, set[Part]] = {"issuers": {"ocsp", "crl"}, "ocsp": {"issuers", "crl"}, "crl": {"issuers", "ocsp"}}

_watched: list[str] | None = None


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _watched is None or event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = str(arguments[1][0])
    _watched.append(host)
    if not ipaddress.ip_address(host).is_loopback:
        raise ConnectionRefusedError(f"a test does not connect to {host}")


sys.addaudithook(_audit)


@pytest.fixture
def connected() -> Iterator[list[str]]:
    """Return the addresses that a TCP connection was begun to, from now on."""
    global _watched
    _watched = []
    yield _watched
    _watched = None


@pytest.fixture
def names() -> Iterator[NameServer]:
    with NameServer() as names:
        yield names


def bare_key(identity: Identity) -> SoftKey:
    """Return a key without its issuers: who looks for them must follow the certificate."""
    der = identity.certificate.public_bytes(Encoding.DER)
    return SoftKey(identity.key, [der], default_scheme(identity.certificate.public_key()))


def copy_pointing(office: Office, pointer: str) -> bytes:
    """Return a copy at B-B whose signer's certificate has one pointer, and no issuer beside it."""
    identity = office.issue(person_name(), algorithm="p256", omit=POINTERS[pointer])
    scan = ecert.Scan.from_files([small_page()])
    copy = office.certify(
        scan=scan, level="B-B", signer=bare_key(identity), seal=bare_key(office.seal), trust=None, services=None
    )
    return copy.to_bytes()


def issuers(office: Office) -> Evidence:
    """Return what is needed to ask for the signer's status: the certificate above it."""
    return Evidence(certificates=(office.issuing.certificate.public_bytes(Encoding.DER),))


def judged(office: Office, data: bytes, services: ecert.Services) -> ecert.Report:
    """Gather and judge as a verifier who trusts the office's root and has its issuing authority."""
    known = issuers(office)
    evidence = ecert.gather_evidence(data, services, trust=office.trust, evidence=known)
    return ecert.verify_copy(data, trust=office.trust, evidence=evidence)


def outcomes(report: ecert.Report) -> list[str]:
    return [each["outcome"] for each in report.to_dict()["attempts"]]


# ── by address and by name ───────────────────────────────────────────────────────────────────────

HOSTS = {
    "127.0.0.1": [],
    "localhost": ["127.0.0.1", "::1"],
    "ca.example": ["127.0.0.1"],
    "ca6.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "both.example": [PUBLIC, "127.0.0.1"],
    "both6.example": [PUBLIC, "::1"],
    "10.20.30.40": [],
    "office.example": ["192.168.7.7"],
    "cloud.example": ["169.254.169.254"],
    "wire.example": ["168.63.129.16"],
    "zero.example": ["0.0.0.0"],
    "multicast.example": ["224.0.0.251"],
}
#: What some resolvers take for 127.0.0.1; ours is asked for such a name and knows none.
SPELLINGS = ["127.1", "2130706433", "0x7f000001", "0177.0.0.1"]


@pytest.mark.parametrize("pointer", POINTERS)
@pytest.mark.parametrize("host", [*HOSTS, *SPELLINGS])
def test_a_verifier_does_not_follow_a_certificate_there(
    names: NameServer, connected: list[str], host: str, pointer: str
) -> None:
    if HOSTS.get(host):
        names.say(host, *HOSTS[host])
    with Office.create(algorithm="p256", host=host) as office:
        data = copy_pointing(office, pointer)
        services = ecert.Services(resolver=names.resolver)
        if pointer == "issuers":
            evidence = ecert.gather_evidence(data, services)
            report = ecert.verify_copy(data, trust=office.trust, evidence=evidence)
        else:
            report = judged(office, data, services)
        assert office.responders.connections == 0
    assert connected == []
    assert outcomes(report)
    assert all("was not asked" in each for each in outcomes(report))
    expected = "signer-not-trusted" if pointer == "issuers" else "revocation-missing"
    assert expected in report.codes("unknown")
    assert report.verdict == "INDETERMINATE"


@pytest.mark.parametrize("pointer", POINTERS)
def test_an_allowed_host_is_asked(names: NameServer, connected: list[str], pointer: str) -> None:
    """What the test above forbids would have worked: its zeros mean something."""
    names.say("ca.example", "127.0.0.1")
    with Office.create(algorithm="p256", host="ca.example") as office:
        data = copy_pointing(office, pointer)
        services = office.services_with(resolver=names.resolver)
        if pointer == "issuers":
            ecert.gather_evidence(data, services)
        else:
            judged(office, data, services)
        assert office.responders.connections > 0
    assert set(connected) == {"127.0.0.1"}


def test_judging_alone_asks_nobody(connected: list[str]) -> None:
    with Office.create(algorithm="p256") as office:
        data = copy_pointing(office, "crl")
        ecert.verify_copy(data, trust=office.trust)
        assert office.responders.connections == 0
    assert connected == []


@pytest.mark.parametrize("pointer", POINTERS)
def test_who_signs_does_not_follow_either(names: NameServer, connected: list[str], pointer: str) -> None:
    """The signer's certificate is a file too; here its host is not among the allowed ones."""
    names.say("ca.example", "127.0.0.1")
    with Office.create(algorithm="p256", host="ca.example") as office:
        identity = office.issue(person_name(), algorithm="p256", omit=POINTERS[pointer])
        key = bare_key(identity) if pointer == "issuers" else office.key(identity)
        services = ecert.Services(timestamps=(ecert.TimestampService(office.tsa_url),), resolver=names.resolver)
        with pytest.raises((ecert.ServiceError, ecert.SigningKeyError)) as caught:
            office.certify(scan=ecert.Scan.from_files([small_page()]), signer=key, services=services)
        assert office.responders.connections == 0
    assert connected == []
    if pointer == "issuers":
        assert "path" in caught.value.message
    else:
        assert "ca.example has the private or loopback address 127.0.0.1" in caught.value.message


def test_a_time_stamp_address_is_no_exception(connected: list[str]) -> None:
    """The settings name the TSA; its host must be allowed by name all the same."""
    with Office.create(algorithm="p256") as office:
        services = ecert.Services(timestamps=(ecert.TimestampService(office.tsa_url),))
        with pytest.raises(ecert.ServiceError, match="private or loopback address"):
            office.certify(scan=ecert.Scan.from_files([small_page()]), level="B-T", trust=None, services=services)
        assert office.responders.connections == 0
    assert connected == []


# ── by a name server that changes its mind ───────────────────────────────────────────────────────


@pytest.mark.parametrize("pointer", POINTERS)
@pytest.mark.parametrize("first", [PUBLIC, PUBLIC_6])
def test_the_address_that_was_checked_is_the_one_connected_to(
    names: NameServer, connected: list[str], first: str, pointer: str
) -> None:
    names.say("rebinding.example", first, then=["127.0.0.1"])
    with Office.create(algorithm="p256", host="rebinding.example") as office:
        data = copy_pointing(office, pointer)
        names.say("rebinding.example", first, then=["127.0.0.1"])  # counts anew
        services = ecert.Services(resolver=names.resolver, timeout_s=2)
        leaf = ecert.gather_evidence(data, services, evidence=issuers_unless(office, pointer))
        assert office.responders.connections == 0
    assert connected == [first]
    assert any("did not answer" in each.outcome for each in leaf.attempts)


def issuers_unless(office: Office, pointer: str) -> Evidence:
    return Evidence() if pointer == "issuers" else issuers(office)


def test_a_later_question_is_checked_anew(names: NameServer, connected: list[str]) -> None:
    names.say("rebinding.example", PUBLIC, then=["127.0.0.1"])
    with Office.create(algorithm="p256", host="rebinding.example") as office:
        client = Client(ecert.Services(resolver=names.resolver))
        for url in (office.root.crl_url, office.issuing.crl_url):
            with pytest.raises(ecert.ServiceError):
                client.get(url)
        assert office.responders.connections == 0
    assert connected == [PUBLIC]


# ── by redirect ──────────────────────────────────────────────────────────────────────────────────

Lead = Callable[[Office], str]
LEADS: dict[str, Lead] = {
    "other-port": lambda office: office.responders.trap_url + "/crl/root.crl",
    "other-name": lambda office: named(office.responders.trap_url, "other.example"),
    "same-name": lambda office: named(office.responders.trap_url, "ca.example"),
    "no-scheme": lambda office: office.responders.trap_url.removeprefix("http:") + "/crl/root.crl",
    "https": lambda office: office.responders.trap_url.replace("http:", "https:"),
    "private": lambda office: "http://10.20.30.40/crl/root.crl",
    "metadata": lambda office: "http://169.254.169.254/latest/meta-data/",
    "file": lambda office: "file:///etc/hostname",
    "ftp": lambda office: "ftp://127.0.0.1/crl/root.crl",
    "nowhere": lambda office: "http://",
    "folded": lambda office: office.responders.trap_url + "\\@ca.example/",
}


def named(url: str, host: str) -> str:
    return url.replace("127.0.0.1", host) + "/crl/root.crl"


@pytest.mark.parametrize("pointer", POINTERS)
@pytest.mark.parametrize("lead", LEADS)
def test_an_allowed_host_cannot_lead_elsewhere(
    names: NameServer, connected: list[str], lead: str, pointer: str
) -> None:
    for name in ("ca.example", "other.example"):
        names.say(name, "127.0.0.1")
    with Office.create(algorithm="p256", host="ca.example") as office:
        data = copy_pointing(office, pointer)
        office.responders.faults["/"] = Fault("redirect", location=LEADS[lead](office))
        services = office.services_with(resolver=names.resolver)
        evidence = ecert.gather_evidence(data, services, evidence=issuers_unless(office, pointer))
        assert office.responders.connections > 0
        assert office.responders.trap_hits == 0
    assert set(connected) == {"127.0.0.1"}
    assert not evidence.crls + evidence.ocsps
    assert any("redirect" in each.outcome for each in evidence.attempts)


def test_a_redirecting_tsa_is_not_followed(connected: list[str]) -> None:
    with Office.create(algorithm="p256") as office:
        office.responders.faults["/tsa"] = "redirect"
        with pytest.raises(ecert.ServiceError, match="redirects"):
            office.certify(scan=ecert.Scan.from_files([small_page()]), level="B-T", trust=None)
        assert office.responders.trap_hits == 0


# ── the collector itself ─────────────────────────────────────────────────────────────────────────


def test_the_gatherer_tells_whom_it_did_not_ask(names: NameServer, connected: list[str]) -> None:
    names.say("ca.example", "127.0.0.1")
    with Office.create(algorithm="p256", host="ca.example") as office:
        now = datetime.now(UTC)
        gatherer = Gatherer(office.trust, ecert.Services(resolver=names.resolver), lambda: now, issuers(office))
        gatherer.look_up(office.signer.certificate.public_bytes(Encoding.DER), ())
        asked = {attempt.url for attempt in gatherer.client.attempts}
        assert asked == {office.issuing.ocsp_url, office.issuing.crl_url, office.root.crl_url}
        assert office.responders.connections == 0
    assert connected == []
