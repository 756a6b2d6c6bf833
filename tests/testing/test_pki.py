"""Certificates: paths that openssl builds, names as in the field, key files that load again."""

import stat
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtensionOID, NameOID

from ecert.testing import Office, body_name, person_name
from ecert.testing.keys import ALGORITHMS, new_key, new_keys
from ecert.testing.pki import pem
from tests.testing.conftest import write_pems
from tests.testing.openssl import openssl

NOW = datetime(2026, 10, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize("algorithm", [name for name in ALGORITHMS if name != "rsa4096"])
def test_openssl_builds_every_path(algorithm, tmp_path):
    office = Office.create(NOW, algorithm=algorithm, responders=False)
    write_pems(office, tmp_path)
    base = ["verify", "-x509_strict", "-attime", str(int(NOW.timestamp()))]
    base += ["-CAfile", tmp_path / "root.pem"]
    for name in ("signer", "seal"):
        openssl(*base, "-untrusted", tmp_path / "issuing.pem", tmp_path / f"{name}.pem")
    chain = ["-untrusted", tmp_path / "tsa-ca.pem", "-purpose", "timestampsign"]
    openssl(*base, *chain, tmp_path / "tsa.pem")


def test_rsa_keys_have_the_size_asked_for():
    for key, bits in ((new_key("rsa2048"), 2048), (new_key("rsa3072"), 3072)):
        assert isinstance(key, rsa.RSAPrivateKey)
        assert key.key_size == bits


def test_keys_differ_between_offices():
    first, second = (Office.create(NOW, algorithm="p256", responders=False) for _ in range(2))
    certificates = [
        each.certificate
        for office in (first, second)
        for each in (office.root, office.issuing, office.tsa_authority, office.signer, office.seal)
    ]
    assert len({key_identifier(each) for each in certificates}) == 10
    assert len(new_keys(["p256", "p256"])) == 2


def key_identifier(certificate):
    return x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest


def test_an_unknown_algorithm_is_named():
    with pytest.raises(ValueError, match="dsa1024"):
        new_key("dsa1024")  # type: ignore[arg-type]


def test_names_have_the_shapes_met_in_the_field(office):
    person, body = office.signer.certificate.subject, office.seal.certificate.subject
    assert [part.oid for part in person] == [
        NameOID.COUNTRY_NAME,
        NameOID.LOCALITY_NAME,
        NameOID.ORGANIZATION_NAME,
        NameOID.ORGANIZATIONAL_UNIT_NAME,
        NameOID.COMMON_NAME,
    ]
    assert body.get_attributes_for_oid(NameOID.USER_ID)[0].value == "MNS:H00.01"
    assert NameOID.USER_ID.dotted_string == "0.9.2342.19200300.100.1.1"
    assert office.seal.name == "ỦY BAN NHÂN DÂN XÃ MẪU"
    assert person_name("Lê Thị Khác", identifiers=("CCCD:000000000001",)).rdns[-1]
    assert len(body_name(identifiers=())) == 4


def test_certificates_point_to_their_services(office):
    certificate = office.signer.certificate
    access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert [each.access_location.value for each in access] == [
        f"{office.responders.url}/ocsp/issuing",
        f"{office.responders.url}/ca/issuing.cer",
    ]
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert points[0].full_name[0].value == f"{office.responders.url}/crl/issuing.crl"
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.content_commitment


def test_parts_can_be_left_out(office):
    parts = ("ski", "aki", "crl", "ocsp", "issuers", "key-usage", "extended-key-usage")
    bare = office.issue(person_name(), algorithm="p256", omit=parts)
    assert [each.oid for each in bare.certificate.extensions] == [ExtensionOID.BASIC_CONSTRAINTS]


def test_validity_is_what_was_asked_for(office):
    expired = office.issue(person_name(), not_after=NOW, not_before=NOW - timedelta(days=1))
    assert expired.certificate.not_valid_after_utc == NOW


def test_pkcs12_holds_key_certificate_and_issuers(office, tmp_path):
    path = tmp_path / "signer.p12"
    office.signer.write_pkcs12(path, "throwaway")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key, certificate, others = pkcs12.load_key_and_certificates(path.read_bytes(), b"throwaway")
    assert key is not None
    assert certificate == office.signer.certificate
    assert others == [office.issuing.certificate]


def test_pem_holds_an_encrypted_key_and_the_chain(office, tmp_path):
    path = tmp_path / "signer.pem"
    office.signer.write_pem(path, "throwaway")
    data = path.read_bytes()
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in data
    serialization.load_pem_private_key(data, b"throwaway")
    assert x509.load_pem_x509_certificates(data) == [office.signer.certificate, office.issuing.certificate]


def test_keys_are_not_shown(office):
    assert "PrivateKey" not in repr(office.signer) + repr(office.root)
    assert pem(office.root.certificate).startswith(b"-----BEGIN CERTIFICATE")
