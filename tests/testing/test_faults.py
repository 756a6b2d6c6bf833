"""Planted faults do what their table says; openssl refuses what is wrong and says why."""

import http.client
import itertools
import socket
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509 import ocsp

from ecert.testing import Fault, Office, person_name
from ecert.testing.faults import FAULTS, FaultKind, planted
from ecert.testing.status import ocsp_request
from tests.testing.conftest import write_pems
from tests.testing.openssl import openssl, refusal
from tests.testing.test_responders import get, info, post, query, rejection


@pytest.fixture
def office():
    """An office of its own on real time: openssl judges by the wall clock."""
    with Office.create(algorithm="p256") as office:
        yield office


@pytest.fixture
def pems(office, tmp_path):
    write_pems(office, tmp_path)
    return tmp_path


def about(office, identity):
    return ocsp_request(identity.certificate, office.issuing.certificate)


class TestTable:
    def test_every_endpoint_takes_every_fault(self, office):
        """What it answers is tested below; here nothing may break."""
        requests = {
            "/tsa/office": ("POST", query()),
            "/ocsp/issuing": ("POST", about(office, office.signer)),
            "/crl/issuing.crl": ("GET", b""),
            "/ca/issuing.cer": ("GET", b""),
            "/ca/root.cer": ("GET", b""),
        }
        for fault, (path, (method, content)) in itertools.product(FAULTS, requests.items()):
            office.responders.faults = {path: Fault(fault, seconds=0)}
            answer = office.responders.handle(method, path, content)
            assert (answer is None) == (fault == "dead"), (fault, path)

    def test_the_longest_entry_counts_and_names_are_kept_apart(self):
        faults: dict[str, FaultKind | Fault] = {"/tsa": "dead", "/tsa/second": Fault("slow", 1)}
        assert planted(faults, "/tsa/office") == Fault("dead")
        assert planted(faults, "/tsa/second") == Fault("slow", 1)
        assert planted(faults, "/tsa/second-best") == Fault("dead")
        assert planted(faults, "/ocsp/issuing") is None


class TestUnsigned:
    def test_openssl_refuses_the_ocsp_answer(self, office, pems):
        request, answer = pems / "request", pems / "answer"
        request.write_bytes(about(office, office.signer))
        ask = ["ocsp", "-respin", answer, "-reqin", request, "-CAfile", pems / "root.pem"]
        ask += ["-verify_other", pems / "issuing.pem", "-no_nonce"]
        answer.write_bytes(post(office.issuing.ocsp_url, request.read_bytes()))
        assert "Response verify OK" in openssl(*ask)
        office.responders.faults["/ocsp"] = "unsigned"
        answer.write_bytes(post(office.issuing.ocsp_url, request.read_bytes()))
        printed = refusal(*ask)
        assert "Response Verify Failure" in printed
        assert "signature" in printed

    def test_openssl_refuses_the_token(self, office, pems):
        reply, data = pems / "reply", pems / "data"
        data.write_bytes(b"seen")
        verify = ["ts", "-verify", "-in", reply, "-data", data, "-CAfile", pems / "root.pem"]
        reply.write_bytes(post(office.tsa_url, query()))
        openssl(*verify)
        office.responders.faults["/tsa"] = "unsigned"
        reply.write_bytes(post(office.tsa_url, query()))
        assert "signature failure" in refusal(*verify)

    def test_openssl_refuses_the_crl(self, office, pems):
        office.responders.faults["/crl"] = "unsigned"
        path = pems / "issuing.crl"
        path.write_bytes(get(office.issuing.crl_url))
        show = ["crl", "-inform", "DER", "-in", path, "-CAfile", pems / "issuing.pem", "-noout"]
        assert "verify failure" in openssl(*show)  # it says so, and leaves with 0

    def test_the_issuer_is_not_vouched_for(self, office):
        office.responders.faults["/ca"] = "unsigned"
        found = x509.load_der_x509_certificate(get(office.issuing.certificate_url))
        assert found.subject == office.issuing.certificate.subject
        with pytest.raises(InvalidSignature):
            found.verify_directly_issued_by(office.root.certificate)


class TestExpiredResponder:
    def test_openssl_refuses_the_ocsp_answer(self, office, pems):
        office.responders.faults["/ocsp"] = "expired-responder"
        ask = ["ocsp", "-issuer", pems / "issuing.pem", "-cert", pems / "signer.pem"]
        ask += ["-url", office.issuing.ocsp_url, "-CAfile", pems / "root.pem"]
        printed = refusal(*ask, "-verify_other", pems / "issuing.pem")
        assert "certificate has expired" in printed

    def test_openssl_refuses_the_token(self, office, pems):
        office.responders.faults["/tsa"] = "expired-responder"
        reply, data = pems / "reply", pems / "data"
        data.write_bytes(b"seen")
        reply.write_bytes(post(office.tsa_url, query()))
        printed = refusal("ts", "-verify", "-in", reply, "-data", data, "-CAfile", pems / "root.pem")
        assert "certificate has expired" in printed

    def test_the_crl_went_stale_long_ago(self, office):
        office.responders.faults["/crl"] = "expired-responder"
        crl = x509.load_der_x509_crl(get(office.issuing.crl_url))
        assert crl.next_update_utc is not None
        assert crl.next_update_utc < datetime.now(UTC) - timedelta(days=300)
        assert crl.is_signature_valid(office.issuing.certificate.public_key())

    @pytest.mark.parametrize("name", ["root", "issuing"])
    def test_the_issuer_is_the_same_but_expired(self, office, name):
        office.responders.faults["/ca"] = "expired-responder"
        own = getattr(office, name)
        found = x509.load_der_x509_certificate(get(own.certificate_url))
        found.verify_directly_issued_by(office.root.certificate)
        assert found.subject == own.certificate.subject
        assert found.public_key() == own.key.public_key()
        assert found.not_valid_after_utc < datetime.now(UTC)


class TestWrongCertificate:
    @pytest.mark.parametrize("fault", ["wrong-certificate", "wrong-imprint"])
    def test_ocsp_is_about_another_serial_number(self, office, fault):
        office.responders.faults["/ocsp"] = fault
        answer = post(office.issuing.ocsp_url, about(office, office.signer))
        found = ocsp.load_der_ocsp_response(answer)
        assert found.serial_number == office.signer.certificate.serial_number + 1
        assert found.certificate_status is ocsp.OCSPCertStatus.GOOD

    @pytest.mark.parametrize("fault", ["wrong-certificate", "wrong-imprint"])
    def test_crl_and_issuer_are_a_stranger_s(self, office, fault):
        office.responders.faults |= {"/crl": fault, "/ca": fault}
        crl = x509.load_der_x509_crl(get(office.issuing.crl_url))
        assert crl.issuer != office.issuing.certificate.subject
        found = x509.load_der_x509_certificate(get(office.issuing.certificate_url))
        assert found.subject != office.issuing.certificate.subject

    def test_the_token_is_for_other_data(self, office, pems):
        office.responders.faults["/tsa"] = "wrong-certificate"
        reply, data = pems / "reply", pems / "data"
        data.write_bytes(b"seen")
        reply.write_bytes(post(office.tsa_url, query()))
        verify = ["ts", "-verify", "-in", reply, "-data", data, "-CAfile", pems / "root.pem"]
        assert "message imprint mismatch" in refusal(*verify)


class TestUnknownStatus:
    def test_ocsp_knows_nobody(self, office):
        office.responders.faults["/ocsp"] = "unknown-status"
        answer = post(office.issuing.ocsp_url, about(office, office.signer))
        found = ocsp.load_der_ocsp_response(answer)
        assert found.certificate_status is ocsp.OCSPCertStatus.UNKNOWN

    def test_the_tsa_has_no_time(self, office):
        office.responders.faults["/tsa"] = "unknown-status"
        assert rejection(post(office.tsa_url, query())) == {"time_not_available"}

    def test_files_are_not_there(self, office):
        office.responders.faults |= {"/crl": "unknown-status", "/ca": "unknown-status"}
        for url in (office.issuing.crl_url, office.issuing.certificate_url):
            with pytest.raises(urllib.error.HTTPError, match="404") as caught:
                get(url)
            caught.value.close()


class TestDelivery:
    def test_huge_never_ends_and_says_no_length(self, office):
        office.responders.faults["/crl"] = "huge"
        with urllib.request.urlopen(office.issuing.crl_url, timeout=10) as answer:
            assert answer.headers["Content-Length"] is None
            assert sum(len(answer.read(2**20)) for _ in range(25)) == 25 * 2**20

    def test_who_hangs_up_is_left_alone(self, office, capfd):
        office.responders.faults["/crl"] = "huge"
        with urllib.request.urlopen(office.issuing.crl_url, timeout=10) as answer:
            answer.read(100)
        office.responders.faults.clear()
        get(office.issuing.crl_url)
        time.sleep(0.2)
        assert capfd.readouterr().err == ""

    def test_drip_is_right_when_it_is_there(self, office):
        office.responders.faults["/tsa"] = Fault("drip", seconds=0.4)
        start = time.perf_counter()
        assert info(post(office.tsa_url, query()))["nonce"].native == 2**63 + 7
        assert time.perf_counter() - start > 0.35

    def test_drip_begins_with_the_status_line_byte_by_byte(self, office):
        office.responders.faults["/crl"] = Fault("drip", seconds=60)
        with socket.create_connection(("127.0.0.1", port_of(office.tsa_url)), 5) as asker:
            asker.sendall(b"GET /crl/root.crl HTTP/1.1\r\nHost: x\r\n\r\n")
            assert [asker.recv(100) for _ in range(4)] == [b"H", b"T", b"T", b"P"]

    def test_redirects_lead_to_the_trap(self, office):
        office.responders.faults["/crl"] = "redirect"
        assert office.responders.trap_hits == 0
        connection = http.client.HTTPConnection("127.0.0.1", port_of(office.tsa_url), timeout=5)
        connection.request("GET", "/crl/root.crl")
        answer = connection.getresponse()
        connection.close()
        assert answer.status == 302
        assert answer.headers["Location"] == f"{office.responders.trap_url}/crl/root.crl"
        assert office.responders.trap_hits == 0
        crl = x509.load_der_x509_crl(get(office.root.crl_url))  # this asker follows
        assert crl.issuer == office.root.certificate.subject
        assert office.responders.trap_hits == 1
        assert office.responders.requests["/crl/root.crl"] == 2

    def test_redirects_lead_where_they_are_told(self, office):
        office.responders.faults["/crl"] = Fault("redirect", location="http://192.0.2.1/x")
        answer = office.responders.handle("GET", "/crl/root.crl")
        assert (answer.status, answer.location) == (302, "http://192.0.2.1/x")

    def test_the_trap_counts_who_only_connects(self, office):
        with socket.create_connection(("127.0.0.1", port_of(office.responders.trap_url)), 5):
            deadline = time.monotonic() + 5
            while not office.responders.trap_hits and time.monotonic() < deadline:
                time.sleep(0.01)
        assert office.responders.trap_hits == 1

    def test_connections_are_counted_besides_requests(self, office):
        assert office.responders.connections == 0
        with socket.create_connection(("127.0.0.1", port_of(office.tsa_url)), 5):
            get(office.root.crl_url)  # accepted after the other one
        assert office.responders.connections == 2
        assert office.responders.requests.total() == 1

    def test_the_trap_has_no_faults(self, office):
        office.responders.faults["/tsa"] = "dead"
        assert info(post(f"{office.responders.trap_url}/tsa/office", query()))

    def test_the_black_hole_takes_all_and_says_nothing(self, office):
        port = port_of(office.responders.black_hole_url)
        with socket.create_connection(("127.0.0.1", port), 5) as asker:
            asker.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            asker.settimeout(0.2)
            with pytest.raises(TimeoutError):
                asker.recv(1)

    def test_closing_does_not_wait_for_faults(self):
        office = Office.create(algorithm="p256")
        office.responders.faults |= {"/crl": Fault("drip", 600), "/ca": Fault("slow", 600)}
        for path in ("/crl/root.crl", "/ca/root.cer"):
            asker = socket.create_connection(("127.0.0.1", port_of(office.tsa_url)), 5)
            asker.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            asker.close()
        assert office.responders.trap_url != office.responders.black_hole_url
        start = time.perf_counter()
        office.close()
        assert time.perf_counter() - start < 2


def test_faults_are_planted_by_tsa_name(office):
    assert office.second_tsa_url.endswith("/tsa/second")
    office.responders.faults["/tsa/office"] = "dead"
    with pytest.raises(http.client.RemoteDisconnected):
        post(office.tsa_url, query())
    token = tsp.TimeStampResp.load(post(office.second_tsa_url, query()))["time_stamp_token"]
    names = {each.chosen.subject.native["common_name"] for each in token["content"]["certificates"]}
    assert "ecert throwaway second time-stamp service" in names
    assert office.responders.requests == {"/tsa/office": 1, "/tsa/second": 1}


def test_only_known_issuers_can_have_an_expired_twin(office):
    stranger = Office.create(algorithm="p256", responders=False)
    url = office.responders.add_time_stamps("stranger", stranger.tsa)
    assert info(post(url, query()))
    with pytest.raises(ValueError, match="not issued by this office"):
        office.responders.issuer_of(stranger.tsa)
    assert office.responders.issuer_of(office.issue(person_name(), algorithm="p256"))


def port_of(url):
    return int(url.split(":")[2].split("/")[0])
