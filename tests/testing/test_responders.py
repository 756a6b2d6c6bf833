"""The services: openssl accepts their answers, faults do what they say."""

import base64
import hashlib
import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime

import pytest
from asn1crypto import core, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from ecert.testing import Fault, Office
from ecert.testing.keys import ALGORITHMS
from ecert.testing.responders import FAULTS
from ecert.testing.status import ocsp_request
from tests.testing.conftest import write_pems
from tests.testing.openssl import openssl

NOW = datetime(2026, 10, 1, 3, tzinfo=UTC)


def post(url, content):
    request = urllib.request.Request(url, content)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def query(digest="sha256", **changes):
    imprint = {"hash_algorithm": {"algorithm": digest}, "hashed_message": hashlib.new(digest, b"seen").digest()}
    fields = {"version": "v1", "message_imprint": imprint, "nonce": 2**63 + 7, "cert_req": True}
    return tsp.TimeStampReq(fields | changes).dump()


def rejection(response):
    """Return the failInfo of a response that must carry no token."""
    outer = core.Sequence.load(response, strict=True)
    status = tsp.PKIStatusInfo.load(outer[0].dump())
    assert len(outer.native) == 1
    assert status["status"].native == "rejection"
    return status["fail_info"].native


def info(response):
    token = tsp.TimeStampResp.load(response, strict=True)["time_stamp_token"]
    return token["content"]["encap_content_info"]["content"].parsed


class TestTimeStamps:
    @pytest.mark.parametrize("algorithm", [name for name in ALGORITHMS if name[:4] != "rsa4"])
    def test_openssl_accepts_the_token(self, algorithm, tmp_path):
        with Office.create(algorithm=algorithm) as office:
            write_pems(office, tmp_path)
            data, asked, reply = (tmp_path / name for name in ("data", "query", "reply"))
            data.write_bytes(b"seen")
            openssl("ts", "-query", "-data", data, "-sha256", "-cert", "-out", asked)
            reply.write_bytes(post(office.tsa_url, asked.read_bytes()))
            trust = ["-CAfile", tmp_path / "root.pem"]
            verify = ["ts", "-verify", "-in", reply, *trust]
            assert "Verification: OK" in openssl(*verify, "-queryfile", asked)
            assert "Verification: OK" in openssl(*verify, "-data", data)

    def test_openssl_accepts_a_token_without_certificates(self, office, pems, tmp_path):
        reply, chain = tmp_path / "reply", tmp_path / "chain.pem"
        reply.write_bytes(office.time_stamp(query(cert_req=False)))
        chain.write_bytes((pems / "tsa.pem").read_bytes() + (pems / "tsa-ca.pem").read_bytes())
        (tmp_path / "data").write_bytes(b"seen")
        trust = ["-CAfile", pems / "root.pem", "-untrusted", chain]
        openssl("ts", "-verify", "-in", reply, "-data", tmp_path / "data", *trust)

    def test_the_token_has_the_clock_s_time_and_is_der(self):
        office = Office.create(NOW, algorithm="p256", responders=False)
        response = office.time_stamp(query())
        content = info(response)
        assert content["gen_time"].native == NOW
        assert content["nonce"].native == 2**63 + 7
        assert content["accuracy"]["seconds"].native == 1
        again = tsp.TimeStampResp.load(response)
        again.dump(force=True)
        office.clock.advance(days=2)
        assert info(office.time_stamp(query()))["gen_time"].native.day == 3

    @pytest.mark.parametrize(
        ("request_", "failure"),
        [
            (b"garbage", "bad_data_format"),
            (b"", "bad_data_format"),
            (query() + b"\0", "bad_data_format"),
            (query(digest="sha1"), "bad_alg"),
            (query(req_policy="1.2.3.4"), "unaccepted_policy"),
            (query(version="v2"), "bad_request"),
            (query(extensions=[{"extn_id": "1.2.3", "extn_value": b"x"}]), "unaccepted_extensions"),
        ],
        ids=["garbage", "empty", "tail", "sha1", "policy", "version", "extension"],
    )
    def test_what_cannot_be_served_is_rejected_by_name(self, office, request_, failure):
        assert rejection(office.time_stamp(request_)) == {failure}

    def test_an_imprint_of_the_wrong_length_is_rejected(self, office):
        imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"short"}
        response = office.time_stamp(query(message_imprint=imprint))
        assert rejection(response) == {"bad_data_format"}

    def test_the_policy_may_be_asked_for(self, office):
        assert info(office.time_stamp(query(req_policy="2.999.3161.1")))["policy"].native

    def test_building_a_token_costs_little(self):
        office = Office.create(NOW, algorithm="p256", responders=False)
        request = query()
        office.time_stamp(request)
        start = time.perf_counter()
        for _ in range(20):
            office.time_stamp(request)
        assert time.perf_counter() - start < 20 * 0.003 * 5  # 3 ms, with room for a busy machine


class TestOcsp:
    def test_openssl_accepts_good_then_revoked(self, pems, tmp_path):
        with Office.create() as office:
            write_pems(office, tmp_path)
            ask = ["ocsp", "-issuer", tmp_path / "issuing.pem", "-cert", tmp_path / "signer.pem"]
            ask += ["-url", office.issuing.ocsp_url, "-CAfile", tmp_path / "root.pem"]
            ask += ["-verify_other", tmp_path / "issuing.pem"]
            printed = openssl(*ask)  # sends a nonce, and checks it
            assert "Response verify OK" in printed
            assert "signer.pem: good" in printed
            assert "Nonce" not in printed
            office.revoke("signer", reason="cessationOfOperation")
            printed = openssl(*ask)
            assert "signer.pem: revoked" in printed
            assert "Reason: cessationOfOperation" in printed

    @pytest.mark.parametrize("algorithm", ["p256", "p384", "p521", "ed25519"])
    def test_openssl_accepts_other_keys(self, algorithm, tmp_path):
        with Office.create(algorithm=algorithm) as office:
            write_pems(office, tmp_path)
            ask = ["ocsp", "-issuer", tmp_path / "tsa-ca.pem", "-cert", tmp_path / "tsa.pem"]
            ask += ["-url", office.tsa_authority.ocsp_url, "-CAfile", tmp_path / "root.pem"]
            printed = openssl(*ask, "-verify_other", tmp_path / "tsa-ca.pem")
            assert "Response verify OK" in printed
            assert "tsa.pem: good" in printed

    def test_get_answers_like_post(self, office):
        request = ocsp_request(office.seal.certificate, office.issuing.certificate)
        path = urllib.parse.quote(base64.b64encode(request), safe="")
        answer = get(f"{office.issuing.ocsp_url}/{path}")
        parsed = ocsp.load_der_ocsp_response(answer)
        assert parsed.certificate_status is ocsp.OCSPCertStatus.GOOD

    def test_times_are_the_clock_s(self):
        office = Office.create(NOW, algorithm="p256", responders=False)
        office.revoke("seal", at=datetime(2026, 10, 3, tzinfo=UTC))
        answer = ocsp.load_der_ocsp_response(office.ocsp(office.seal))
        assert answer.produced_at_utc == answer.this_update_utc == NOW
        assert answer.next_update_utc == datetime(2026, 10, 2, 3, tzinfo=UTC)
        assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD
        office.clock.advance(days=3)
        answer = ocsp.load_der_ocsp_response(office.ocsp(office.seal))
        assert answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
        assert answer.revocation_time_utc == datetime(2026, 10, 3, tzinfo=UTC)
        assert answer.revocation_reason is x509.ReasonFlags.key_compromise

    def test_next_update_and_knowledge_can_be_left_out(self):
        office = Office.create(NOW, algorithm="p256", responders=False)
        office.responders.ocsp_lifetime = None
        office.responders.unknown.add(office.signer.certificate.serial_number)
        answer = ocsp.load_der_ocsp_response(office.ocsp(office.signer))
        assert answer.next_update_utc is None
        assert answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN

    def test_strangers_and_garbage_get_an_error_status(self, office):
        stranger = ocsp_request(office.tsa.certificate, office.tsa_authority.certificate)
        answers = [post(office.issuing.ocsp_url, data) for data in (stranger, b"garbage")]
        found = [ocsp.load_der_ocsp_response(data).response_status for data in answers]
        status = ocsp.OCSPResponseStatus
        assert found == [status.UNAUTHORIZED, status.MALFORMED_REQUEST]


class TestFiles:
    def test_openssl_accepts_the_crl(self, tmp_path):
        with Office.create(algorithm="p256") as office:
            write_pems(office, tmp_path)
            office.revoke("seal")
            path = tmp_path / "issuing.crl"
            path.write_bytes(get(office.issuing.crl_url))
            show = ["crl", "-inform", "DER", "-in", path, "-CAfile", tmp_path / "issuing.pem"]
            printed = openssl(*show, "-noout", "-text")
            assert "verify OK" in printed
            assert f"{office.seal.certificate.serial_number:X}" in printed.replace("0x", "")

    def test_a_crl_lists_what_was_revoked_by_then(self):
        office = Office.create(NOW, algorithm="p256", responders=False)
        office.revoke("seal", at=datetime(2026, 10, 3, tzinfo=UTC))
        crl = x509.load_der_x509_crl(office.crl(office.issuing))
        assert len(crl) == 0
        assert crl.last_update_utc == NOW
        office.clock.advance(days=3)
        assert len(x509.load_der_x509_crl(office.crl(office.issuing))) == 1

    def test_issuers_are_where_certificates_say(self, office):
        found = x509.load_der_x509_certificate(get(office.issuing.certificate_url))
        assert found == office.issuing.certificate

    def test_other_paths_are_not_found(self, office):
        for path in ("/", "/crl/nobody.crl", "/ca/root.crl", "/tsa/office", "/ocsp/root/AA"):
            with pytest.raises(urllib.error.HTTPError, match="404") as caught:
                get(office.responders.url + path)
            caught.value.close()

    def test_long_requests_are_refused(self, office):
        with pytest.raises(urllib.error.HTTPError, match="413") as caught:
            post(office.tsa_url, bytes(70_000))
        caught.value.close()


class TestFaults:
    @pytest.fixture
    def office(self):
        with Office.create(NOW, algorithm="p256") as office:
            yield office

    def test_requests_are_counted_by_endpoint(self, office):
        post(office.tsa_url, query())
        office.responders.handle("GET", "/ocsp/issuing/AAAA")
        get(office.root.crl_url)
        assert office.responders.requests == {"/tsa/office": 1, "/ocsp/issuing": 1, "/crl/root.crl": 1}

    def test_dead_drops_the_connection(self, office):
        office.responders.faults["/tsa"] = "dead"
        with pytest.raises(http.client.RemoteDisconnected):
            post(office.tsa_url, query())

    def test_http_500(self, office):
        office.responders.faults["/crl/root.crl"] = "http-500"
        with pytest.raises(urllib.error.HTTPError, match="500") as caught:
            get(office.root.crl_url)
        caught.value.close()
        get(office.issuing.crl_url)

    def test_garbage_is_no_token(self, office):
        office.responders.faults["/tsa/office"] = "garbage"
        with pytest.raises(ValueError, match=r"."):
            _ = tsp.TimeStampResp.load(post(office.tsa_url, query()), strict=True).native

    def test_a_wrong_nonce_differs(self, office):
        office.responders.faults["/tsa"] = "wrong-nonce"
        assert info(post(office.tsa_url, query()))["nonce"].native == 2**63 + 8

    def test_a_wrong_imprint_differs(self, office):
        office.responders.faults["/tsa"] = "wrong-imprint"
        found = info(post(office.tsa_url, query()))["message_imprint"]["hashed_message"].native
        assert found != hashlib.sha256(b"seen").digest()
        assert len(found) == 32

    def test_a_wrong_ocsp_nonce_differs(self, office):
        certificate, issuer = office.signer.certificate, office.issuing.certificate
        builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256())
        builder = builder.add_extension(x509.OCSPNonce(b"0123456789abcdef"), critical=False)
        request = builder.build().public_bytes(serialization.Encoding.DER)

        def nonce():
            answer = ocsp.load_der_ocsp_response(post(office.issuing.ocsp_url, request))
            return answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce

        assert nonce() == b"0123456789abcdef"
        office.responders.faults["/ocsp"] = "wrong-nonce"
        assert nonce() != b"0123456789abcdef"

    def test_slow_waits_and_then_answers(self, office):
        office.responders.faults["/tsa"] = Fault("slow", seconds=0.3)
        start = time.perf_counter()
        assert info(post(office.tsa_url, query()))
        assert time.perf_counter() - start >= 0.3

    def test_the_longest_entry_counts(self, office):
        office.responders.faults |= {"/tsa": "dead", "/tsa/office": Fault("slow", seconds=0)}
        assert info(post(office.tsa_url, query()))

    def test_an_unknown_fault_is_named(self, office):
        office.responders.faults["/tsa"] = "grumpy"
        with pytest.raises(ValueError, match="grumpy"):
            office.responders.handle("POST", "/tsa/office", query())
        assert "slow" in FAULTS
