"""Offices in time: chosen lifetimes, holds that are lifted, delta CRLs, renewals, weak old days."""

from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ocsp

from ecert.testing import Office, person_name
from ecert.testing.hierarchy import VALIDITY
from ecert.testing.keys import hash_for, new_key
from ecert.testing.status import ocsp_request
from tests.testing.conftest import write_pems
from tests.testing.openssl import openssl
from tests.testing.test_responders import get, info, post, query

NOW = datetime(2026, 10, 1, 3, tzinfo=UTC)
OLD = datetime(2009, 4, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def still(now=NOW, **options):
    """An office that does not listen and whose clock stands."""
    return Office.create(now, **{"algorithm": "p256", "responders": False, **options})


def status(office, identity):
    return ocsp.load_der_ocsp_response(office.ocsp(identity)).certificate_status


GOOD, REVOKED = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED


class TestValidity:
    def test_it_is_chosen_by_name(self):
        office = still(validity={"signer": (2 * DAY, 3 * DAY), "issuing": (DAY, DAY), "tsa": (DAY, 5 * DAY)})
        signer = office.signer.certificate
        assert signer.not_valid_before_utc == NOW - 2 * DAY
        assert signer.not_valid_after_utc == NOW + 3 * DAY
        assert office.issuing.certificate.not_valid_after_utc == NOW + DAY
        assert office.tsa.certificate.not_valid_after_utc == NOW + 5 * DAY
        assert office.seal.certificate.not_valid_after_utc == NOW + VALIDITY["seal"][1]

    def test_every_name_is_a_certificate(self):
        office = still(validity=dict.fromkeys(VALIDITY, (DAY, 7 * DAY)), separate_tsa_root=True)
        authorities = (office.root, office.issuing, office.tsa_root, office.tsa_authority)
        leaves = (office.signer, office.seal, office.tsa)
        responders = [each.identity for each in office.responders.ocsp.values()]
        found = {each.certificate.not_valid_after_utc for each in (*authorities, *leaves)}
        found |= {each.certificate.not_valid_after_utc for each in responders}
        assert len(VALIDITY) == len(authorities) + len(leaves) + len(responders)
        assert found == {NOW + 7 * DAY}

    def test_unknown_names_are_refused(self):
        with pytest.raises(ValueError, match="sealer"):
            still(validity={"sealer": (DAY, DAY)})


class TestHold:
    def test_a_hold_can_be_lifted(self):
        office = still()
        serial = office.signer.certificate.serial_number
        office.revoke("signer", reason="certificateHold")
        office.release("signer", at=NOW + 3 * DAY)
        seen = []
        for _ in range(3):
            crl = x509.load_der_x509_crl(office.crl(office.issuing))
            listed = crl.get_revoked_certificate_by_serial_number(serial) is not None
            seen.append((status(office, office.signer), listed))
            office.clock.advance(days=2)
        assert seen == [(REVOKED, True), (REVOKED, True), (GOOD, False)]

    def test_only_a_hold_can_be_lifted(self):
        office = still()
        with pytest.raises(ValueError, match="hold"):
            office.release("signer")
        office.revoke("signer")
        with pytest.raises(ValueError, match="hold"):
            office.release("signer")


class TestDeltaCrl:
    @pytest.fixture
    def office(self):
        """Hold and revocation before the base; the hold lifted, and a revocation, after it."""
        with Office.create(NOW, algorithm="p256") as office:
            office.revoke("signer", at=NOW - 3 * DAY, reason="certificateHold")
            office.release("signer", at=NOW - DAY)
            office.revoke("seal", at=NOW - 3 * DAY)
            office.responders.delta_base = NOW - 2 * DAY
            yield office

    @pytest.fixture
    def late(self, office):
        """Return a certificate revoked after the base."""
        late = office.issue(person_name("Lê Thị Khác"), algorithm="p256")
        office.revoke(late, at=NOW - DAY)
        return late

    def test_the_complete_crl_is_the_base_s_and_points_to_the_delta(self, office):
        crl = x509.load_der_x509_crl(get(office.issuing.crl_url))
        assert crl.last_update_utc == NOW - 2 * DAY
        assert {each.serial_number for each in crl} == {
            office.signer.certificate.serial_number,
            office.seal.certificate.serial_number,
        }
        freshest = crl.extensions.get_extension_for_class(x509.FreshestCRL).value
        url = office.issuing.crl_url.replace("issuing.crl", "issuing-delta.crl")
        assert [name.value for point in freshest for name in point.full_name] == [url]

    def test_the_delta_says_what_changed(self, office, late):
        url = office.issuing.crl_url.replace("issuing.crl", "issuing-delta.crl")
        base, delta = (x509.load_der_x509_crl(get(u)) for u in (office.issuing.crl_url, url))
        assert delta.is_signature_valid(office.issuing.certificate.public_key())
        assert delta.last_update_utc == NOW
        indicator = delta.extensions.get_extension_for_class(x509.DeltaCRLIndicator)
        number = base.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
        assert indicator.critical
        assert indicator.value.crl_number == number
        reasons = {
            each.serial_number: each.extensions.get_extension_for_class(x509.CRLReason).value.reason for each in delta
        }
        assert reasons == {
            office.signer.certificate.serial_number: x509.ReasonFlags.remove_from_crl,
            late.certificate.serial_number: x509.ReasonFlags.key_compromise,
        }

    def test_openssl_follows_base_and_delta(self, office, tmp_path):
        write_pems(office, tmp_path)
        base, delta = tmp_path / "base.pem", tmp_path / "delta.pem"
        for path, data in ((base, office.crl(office.issuing)), (delta, office.responders.delta_crl("issuing"))):
            crl = x509.load_der_x509_crl(data)
            path.write_bytes(crl.public_bytes(serialization.Encoding.PEM))
        check = ["verify", "-crl_check", "-attime", str(int(NOW.timestamp()))]
        check += ["-CAfile", tmp_path / "root.pem", "-untrusted", tmp_path / "issuing.pem"]
        with_delta = [*check, "-CRLfile", base, "-CRLfile", delta, "-extended_crl", "-use_deltas"]
        assert "OK" in openssl(*with_delta, tmp_path / "signer.pem")

    def test_without_a_base_there_is_none(self):
        office = still()
        answer = office.responders.handle("GET", "/crl/issuing-delta.crl")
        assert answer.status == 404
        with pytest.raises(ValueError, match="delta_base"):
            office.responders.delta_crl("issuing")
        crl = x509.load_der_x509_crl(office.crl(office.issuing))
        assert x509.FreshestCRL not in {type(e.value) for e in crl.extensions}


class TestRenewal:
    def test_signer_and_seal_get_a_new_key_under_the_old_name(self):
        office = still()
        first = office.signer
        office.clock.advance(days=700)
        office.revoke("signer")
        second = office.renew("signer")
        assert office.signer is second
        assert second.certificate.subject == first.certificate.subject
        assert second.certificate.public_key() != first.certificate.public_key()
        assert second.certificate.not_valid_after_utc > office.clock.now() + 700 * DAY
        assert (status(office, first), status(office, second)) == (REVOKED, GOOD)
        office.revoke(second)
        assert status(office, second) is REVOKED

    def test_a_new_tsa_is_served_beside_the_old_one(self, tmp_path):
        with Office.create(algorithm="p256") as office:
            old, old_url = office.tsa, office.tsa_url
            url = office.renew_tsa()
            assert (url, office.tsa_url) == (f"{office.responders.url}/tsa/office-2", url)
            assert office.services.timestamps[0].url == url
            assert office.tsa.chain[0] != old.chain[0]
            assert office.anchors == [office.root.certificate]
            assert status(office, old) is status(office, office.tsa) is GOOD
            office.revoke(old)
            assert (status(office, old), status(office, office.tsa)) == (REVOKED, GOOD)
            assert get(office.tsa_authority.crl_url) != get(old_crl_url(old))
            (tmp_path / "root.pem").write_bytes(pems(office.anchors))
            (tmp_path / "data").write_bytes(b"seen")
            for number, each in enumerate((old_url, url)):
                reply = tmp_path / f"reply-{number}"
                reply.write_bytes(post(each, query()))
                trust = ["-CAfile", tmp_path / "root.pem"]
                openssl("ts", "-verify", "-in", reply, "-data", tmp_path / "data", *trust)
            assert info(office.time_stamp(query()))

    def test_a_new_root_joins_the_anchors(self, tmp_path):
        office = still(separate_tsa_root=True)
        office.clock.advance(days=9 * 365)
        office.renew_tsa(new_root=True, validity={"tsa": (DAY, 40 * DAY)})
        office.renew_tsa(new_root=True)
        assert [root.slug for root in office.roots] == ["root", "tsa-root", "tsa-root-2", "tsa-root-3"]
        assert len(set(office.anchors)) == 4
        assert len(office.write_anchors(tmp_path)) == 4
        assert office.tsa.chain[-1] == office.anchors[-1]
        assert office.trust is not None
        second = office.responders.time_stamps["office-2"].identity.certificate
        assert second.not_valid_after_utc == office.clock.now() + 40 * DAY


def old_crl_url(identity):
    points = identity.certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    return points.value[0].full_name[0].value


def pems(certificates):
    return b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates)


def office_of_2009():
    return still(OLD, algorithm="rsa1024", tsa_algorithm="rsa1024", digest="sha1")


@pytest.fixture(scope="module")
def old():
    return office_of_2009()


class TestOldDays:
    def test_everything_is_signed_with_sha1(self, old):
        certificates = [*old.signer.chain, *old.tsa.chain]
        certificates += [each.certificate for each in (old.signer, old.seal, old.tsa)]
        crl = x509.load_der_x509_crl(old.crl(old.issuing))
        answer = ocsp.load_der_ocsp_response(old.ocsp(old.signer))
        for signed in (*certificates, crl, answer):
            assert isinstance(signed.signature_hash_algorithm, hashes.SHA1)

    def test_keys_are_short(self, old):
        for identity in (old.signer, old.seal, old.tsa):
            key = identity.certificate.public_key()
            assert isinstance(key, rsa.RSAPublicKey)
            assert key.key_size == 1024
        assert old.issuing.key.key_size == 2048
        assert old.tsa_authority.key.key_size == 1024

    def test_openssl_would_have_taken_it_then(self, old, tmp_path):
        write_pems(old, tmp_path)
        then = ["-attime", str(int(OLD.timestamp())), "-auth_level", "0"]
        trust = ["-CAfile", tmp_path / "root.pem"]
        issuing = ["-untrusted", tmp_path / "issuing.pem"]
        for name in ("signer", "seal"):
            openssl("verify", *then, *trust, *issuing, tmp_path / f"{name}.pem")
        reply, data, crl = (tmp_path / name for name in ("reply", "data", "crl"))
        data.write_bytes(b"seen")
        reply.write_bytes(old.time_stamp(query(digest="sha1")))
        openssl("ts", "-verify", *then, "-in", reply, "-data", data, *trust)
        crl.write_bytes(old.crl(old.issuing))
        show = ["crl", "-inform", "DER", "-in", crl, "-CAfile", tmp_path / "issuing.pem", "-noout"]
        assert "verify OK" in openssl(*show)
        request, answer = tmp_path / "request", tmp_path / "answer"
        request.write_bytes(ocsp_request(old.signer.certificate, old.issuing.certificate))
        answer.write_bytes(old.ocsp(old.signer))
        ask = ["ocsp", "-respin", answer, "-reqin", request, "-no_nonce", *then, *trust]
        assert "Response verify OK" in openssl(*ask, "-verify_other", tmp_path / "issuing.pem")

    def test_the_token_s_own_digest_is_sha1(self, old):
        response = old.time_stamp(query())
        token = cms.ContentInfo.load(response[response.index(b"\x06\x09\x2a\x86\x48") - 4 :])
        signer = token["content"]["signer_infos"][0]
        assert signer["digest_algorithm"]["algorithm"].native == "sha1"
        assert signer["signature_algorithm"].signature_algo == "rsassa_pkcs1v15"
        assert signer["signature_algorithm"].hash_algo == "sha1"

    def test_a_renewal_may_be_of_today(self):
        office = office_of_2009()
        office.clock.set(NOW)
        office.renew_tsa(new_root=True, algorithm="p256")
        assert isinstance(office.tsa.certificate.signature_hash_algorithm, hashes.SHA256)
        assert isinstance(office.root.certificate.signature_hash_algorithm, hashes.SHA1)

    def test_an_unknown_digest_is_refused(self):
        with pytest.raises(ValueError, match="md5"):
            still(digest="md5")
        with pytest.raises(ValueError, match="Ed25519"):
            hash_for(new_key("ed25519"), "sha256")
