"""Soft tokens: a key that signs, a certificate beside it, several tokens at a time."""

import os
import subprocess
import sys

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

from ecert.errors import UsageError
from ecert.testing import Office, SoftToken, softhsm
from ecert.testing.pki import der
from tests.judges import tools


@pytest.fixture(autouse=True)
def _needs_softhsm():
    tools.require("softhsm")


@pytest.fixture(scope="module")
def curve():
    return Office.create(algorithm="p384", responders=False)


def library(token):
    import pkcs11

    return pkcs11.lib(str(token.module))


def objects(session, kind):
    import pkcs11

    return list(session.get_objects({pkcs11.Attribute.CLASS: kind}))


def test_an_rsa_key_signs_and_its_certificate_lies_beside_it(office):
    import pkcs11

    with SoftToken.create("Chairman", pin="4711-4711") as token:
        uri = token.add(office.signer, "sign")
        assert uri == f"pkcs11:token=Chairman;object=sign?module-path={token.module}"
        with library(token).get_token(token_label="Chairman").open(user_pin="4711-4711") as session:
            (key,) = objects(session, pkcs11.ObjectClass.PRIVATE_KEY)
            (found,) = objects(session, pkcs11.ObjectClass.CERTIFICATE)
            signature = key.sign(b"data", mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
            assert found[pkcs11.Attribute.VALUE] == der(office.signer.certificate)
            assert found[pkcs11.Attribute.ID] == key[pkcs11.Attribute.ID]
            parsed = asn1_x509.Certificate.load(found[pkcs11.Attribute.VALUE])
            assert found[pkcs11.Attribute.SUBJECT] == parsed.subject.dump()
            assert not key[pkcs11.Attribute.EXTRACTABLE]
        public = office.signer.certificate.public_key()
        public.verify(signature, b"data", padding.PKCS1v15(), hashes.SHA256())


def test_a_curve_s_key_signs(curve):
    import pkcs11

    with SoftToken.create("Office") as token:
        token.add(curve.seal, "seal", issuers=True)
        with library(token).get_token(token_label="Office").open(user_pin=token.pin) as session:
            (key,) = objects(session, pkcs11.ObjectClass.PRIVATE_KEY)
            assert len(objects(session, pkcs11.ObjectClass.CERTIFICATE)) == 2
            digest = hashes.Hash(hashes.SHA384())
            digest.update(b"data")
            value = digest.finalize()
            raw = key.sign(value, mechanism=pkcs11.Mechanism.ECDSA)
        half = len(raw) // 2
        numbers = (int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
        signature = utils.encode_dss_signature(*numbers)
        algorithm = ec.ECDSA(utils.Prehashed(hashes.SHA384()))
        curve.seal.certificate.public_key().verify(signature, value, algorithm)


def test_two_tokens_live_side_by_side(curve):
    before = os.environ.get("SOFTHSM2_CONF")
    with SoftToken.create("Chairman") as first:
        first.add(curve.signer)
        with SoftToken.create("Văn phòng") as second:
            second.add(curve.seal)
            assert second.uri("a;b") == (
                "pkcs11:token=V%C4%83n%20ph%C3%B2ng;object=a%3Bb?module-path=" + str(second.module)
            )
            labels = {token.label for token in library(first).get_tokens()}
            assert {"Chairman", "Văn phòng"} <= labels
            with pytest.raises(UsageError, match="open token 'Chairman'"):
                SoftToken.create("Chairman")
        assert "Văn phòng" not in {token.label for token in library(first).get_tokens()}
        folder = os.path.dirname(first.environment["SOFTHSM2_CONF"])  # noqa: PTH120
        assert first.uri() == f"pkcs11:token=Chairman?module-path={first.module}"
    assert not os.path.exists(folder)  # noqa: PTH110
    assert os.environ.get("SOFTHSM2_CONF") == before
    with pytest.raises(UsageError, match="closed"):
        first.add(curve.seal)
    first.close()


def test_another_process_sees_the_token(curve):
    with SoftToken.create("Chairman") as token:
        token.add(curve.signer)
        code = "import pkcs11, sys; lib = pkcs11.lib(sys.argv[1]);print([t.label for t in lib.get_tokens() if t.label])"
        command = [sys.executable, "-c", code, str(token.module)]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        assert run.stdout.strip() == "['Chairman']"


def test_pkcs11_tool_lists_what_was_imported(curve):
    tools.require("opensc")
    with SoftToken.create("Chairman") as token:
        token.add(curve.signer, "sign")
        command = ["pkcs11-tool", "--module", str(token.module), "--token-label", "Chairman"]
        command += ["--login", "--pin", token.pin, "--list-objects"]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        for kind in ("Private Key Object; EC", "Public Key Object; EC", "Certificate Object"):
            assert kind in run.stdout


def test_a_missing_library_is_said(monkeypatch):
    monkeypatch.setattr(softhsm, "_FOLDERS", ("/nowhere",))
    with pytest.raises(UsageError, match="apt install softhsm2") as caught:
        SoftToken.create()
    assert caught.value.code == "softhsm-missing"
