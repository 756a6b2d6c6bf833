"""The name server: answered over UDP, asked by dnspython, by its own resolver and by the client."""

import socket

import dns.message
import dns.query
import dns.rcode
import pytest

import ecert
from ecert.testing import NameServer, Office
from ecert.trust.client import Client


@pytest.fixture
def names():
    with NameServer() as names:
        yield names


def ask(names, name, kind):
    question = dns.message.make_query(name, kind)
    return dns.query.udp(question, "127.0.0.1", timeout=5, port=names.port)


def test_both_kinds_of_addresses(names):
    names.say("Ca.Example", "192.0.2.1", "192.0.2.2", "2001:db8::1")
    assert names.resolver("ca.example", 80) == ["192.0.2.1", "192.0.2.2", "2001:db8::1"]
    assert names.resolver("CA.example.", 443) == ["192.0.2.1", "192.0.2.2", "2001:db8::1"]
    assert names.queries == {("ca.example", "A"): 2, ("ca.example", "AAAA"): 2}
    assert [r.to_text() for r in ask(names, "ca.example", "AAAA").answer[0]] == ["2001:db8::1"]


def test_it_may_change_its_mind(names):
    names.say("ca.example", "192.0.2.1", then=["127.0.0.1", "::1"])
    found = [names.resolver("ca.example", 80) for _ in range(3)]
    assert found == [["192.0.2.1"], ["127.0.0.1", "::1"], ["127.0.0.1", "::1"]]
    names.say("ca.example", "192.0.2.9")
    assert names.resolver("ca.example", 80) == ["192.0.2.9"]


def test_unknown_names_do_not_exist(names):
    assert ask(names, "nobody.example", "A").rcode() == dns.rcode.NXDOMAIN
    with pytest.raises(OSError, match=r"nobody\.example"):
        names.resolver("nobody.example", 80)
    assert names.queries["nobody.example", "A"] == 2


def test_a_name_without_addresses_is_known_all_the_same(names):
    names.say("empty.example")
    assert names.resolver("empty.example", 80) == []
    assert ask(names, "empty.example", "A").rcode() == dns.rcode.NOERROR


def test_addresses_are_not_looked_up(names):
    assert names.resolver("127.0.0.1", 80) == ["127.0.0.1"]
    assert names.resolver("::1", 80) == ["::1"]
    assert not names.queries


def test_no_address_is_refused(names):
    with pytest.raises(ValueError, match="ca"):
        names.say("ca.example", "ca")


def test_garbage_does_not_stop_it(names):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for garbage in (b"", b"\0", bytes(600)):
            asker.sendto(garbage, ("127.0.0.1", names.port))
    names.say("ca.example", "192.0.2.1")
    assert names.resolver("ca.example", 80) == ["192.0.2.1"]


def test_closing_frees_the_port():
    names = NameServer()
    port = names.port
    names.close()
    names.close()
    with socket.socket(type=socket.SOCK_DGRAM) as successor:
        successor.bind(("127.0.0.1", port))  # free again


def test_an_office_can_be_called_by_a_name(names):
    names.say("ca.example", "127.0.0.1")
    with Office.create(algorithm="p256", host="ca.example") as office:
        assert office.issuing.crl_url.startswith("http://ca.example:")
        services = office.services_with(office.tsa_url, resolver=names.resolver)
        assert services.allow_hosts == {"127.0.0.1", "ca.example"}
        assert Client(services).get(office.issuing.crl_url)
        with pytest.raises(ecert.ServiceError, match=r"ca\.example"):
            Client(ecert.Services(resolver=names.resolver)).get(office.issuing.crl_url)
