"""Keys by URI: exactly one match or a refusal that lists what was found; a PIN is asked for once."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import ecert
from ecert.errors import PinError, SigningKeyError, UsageError
from ecert.sign.pkcs11 import parse_uri
from ecert.testing import Office, SoftToken
from tests.kit import Desk


class Pin:
    """A PIN callback that counts how often it is asked."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.asked = 0

    def __call__(self, request: ecert.PinRequest) -> str:
        self.asked += 1
        assert self.value not in request.label + request.uri
        return self.value


@pytest.fixture
def files(desk: Desk, tmp_path: Path) -> Path:
    desk.office.signer.write_pkcs12(tmp_path / "key.p12", "right")
    desk.office.signer.write_pem(tmp_path / "key.pem", "right")
    return tmp_path


@pytest.mark.parametrize("name", ["key.p12", "key.pem"])
def test_key_files_open_with_the_right_pass_phrase(desk: Desk, files: Path, name: str) -> None:
    pin = Pin("right")
    with ecert.open_key(f"file:{files / name}", pin=pin) as key:
        assert key.name == desk.office.signer.name
        assert len(key.chain) == 2
        assert key.sign(b"data")
    assert pin.asked == 1


@pytest.mark.parametrize("name", ["key.p12", "key.pem"])
def test_a_wrong_pass_phrase_is_tried_once(files: Path, name: str) -> None:
    pin = Pin("wrong-secret")
    with pytest.raises(PinError) as caught:
        ecert.open_key(f"file://{files / name}", pin=pin)
    assert pin.asked == 1
    assert "wrong-secret" not in str(caught.value)
    assert caught.value.exit_status == 5
    with pytest.raises(PinError, match="needs a PIN"):
        ecert.open_key(f"file:{files / name}")


def test_files_without_exactly_one_key_and_certificate_are_refused(desk: Desk, tmp_path: Path) -> None:
    key = desk.office.signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    certificate = desk.office.signer.certificate.public_bytes(Encoding.PEM)
    other = desk.office.seal.certificate.public_bytes(Encoding.PEM)
    cases = {
        "no-certificate": key,
        "other-certificate": key + other,
        "two-keys": key + key + certificate,
        "no-key": certificate,
        "rubbish": b"hello",
        "empty": b"",
    }
    for name, data in cases.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(SigningKeyError) as caught:
            ecert.open_key(f"file:{path}", pin=Pin("x"))
        assert name in caught.value.message
    with pytest.raises(SigningKeyError, match="cannot read"):
        ecert.open_key(f"file:{tmp_path / 'missing'}")
    good = tmp_path / "good"
    good.write_bytes(key)
    with ecert.open_key(f"file:{good}", certificates=[certificate]) as opened:
        assert opened.name == desk.office.signer.name


@pytest.mark.parametrize("uri", ["key.p12", "http://x", "", "csc:https://x"])
def test_what_is_no_key_uri_is_a_usage_error(uri: str) -> None:
    with pytest.raises(UsageError):
        ecert.open_key(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "pkcs11:token=a?pin-value=1234",
        "pkcs11:token=a?pin-source=file:x",
        "pkcs11:color=red",
        "pkcs11:token=a;token=b",
        "pkcs11:token=a?module-path=x&module-path=y",
    ],
)
def test_pkcs11_uris_hold_no_secret_and_nothing_unknown(uri: str) -> None:
    with pytest.raises(UsageError) as caught:
        ecert.open_key(uri, pin=Pin("x"))
    assert "1234" not in str(caught.value)


def test_pkcs11_uris_are_read_as_rfc_7512_says() -> None:
    attributes, options = parse_uri("pkcs11:token=My%20Token;id=%01%ff?module-path=/lib/a%20b.so")
    assert attributes == {"token": "My Token", "id": b"\x01\xff"}
    assert options == {"module-path": "/lib/a b.so"}


def test_ed25519_must_be_asked_for_by_name(tmp_path: Path) -> None:
    with Office.create(algorithm="ed25519", responders=False) as office:
        office.signer.write_pem(tmp_path / "k.pem", "x")
    with pytest.raises(SigningKeyError, match="outside the format"):
        ecert.open_key(f"file:{tmp_path / 'k.pem'}", pin=Pin("x"))
    with ecert.open_key(f"file:{tmp_path / 'k.pem'}", pin=Pin("x"), algorithm="ed25519") as key:
        assert key.scheme.kind == "ed25519"


def test_short_rsa_keys_are_refused(desk: Desk, tmp_path: Path) -> None:
    short = rsa.generate_private_key(65537, 1024)
    identity = desk.office.issue(desk.office.signer.certificate.subject, key=short)
    identity.write_pem(tmp_path / "k.pem", "x")
    with pytest.raises(SigningKeyError, match="RSA-1024"):
        ecert.open_key(f"file:{tmp_path / 'k.pem'}", pin=Pin("x"))


def test_a_key_whose_value_does_not_fit_the_certificate_is_stopped(desk: Desk) -> None:
    office = desk.office
    key = office.key("signer")
    key._key = office.seal.key  # type: ignore[attr-defined]
    with pytest.raises(SigningKeyError, match="does not fit the certificate"):
        key.sign(b"data")


def test_tokens(desk: Desk, require: object) -> None:
    from tests.judges import tools

    tools.require("softhsm")
    with SoftToken.create("Chairman", pin="246810") as token:
        uri = token.add(desk.office.signer, "sign")
        pin = Pin("246810")
        with ecert.open_key(uri, pin=pin) as key:
            assert key.name == desk.office.signer.name
            assert key.sign(b"data")
        assert pin.asked == 1
        wrong = Pin("000000")
        with pytest.raises(PinError, match="tried once"):
            ecert.open_key(uri, pin=wrong)
        assert wrong.asked == 1
        with pytest.raises(SigningKeyError, match="'sign'") as caught:
            ecert.open_key(uri.replace("object=sign", "object=other"), pin=pin)
        assert caught.value.code == "not-one-key"
        with pytest.raises(SigningKeyError, match="'Chairman'") as caught:
            ecert.open_key(uri.replace("token=Chairman", "token=Nobody"), pin=pin)
        assert caught.value.code == "not-one-token"
    with pytest.raises(SigningKeyError, match="does not exist"):
        ecert.open_key("pkcs11:token=a?module-path=/nowhere.so", pin=Pin("x"))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("right\0", "control character"),
        ("ri\0ght", "control character"),
        ("right\n", "control character"),
        ("right\r", "control character"),
        ("right\t", "control character"),
        ("right\x1b", "control character"),
        ("right\x7f", "control character"),
        ("right\x85", "control character"),
        ("right\udc80", "no UTF-8"),
        ("r" * 1025, "more than 1024"),
        (b"right", "no text but bytes"),
        (7391, "no text but int"),
        (["right"], "no text but list"),
    ],
)
@pytest.mark.parametrize("name", ["key.p12", "key.pem"])
def test_what_can_be_no_pin_is_refused_with_its_reason_and_not_told(
    files: Path, capfd: pytest.CaptureFixture[str], value: object, reason: str, name: str
) -> None:
    """A NUL made the library print the pass phrase as numbers, and end with what is no Exception."""
    with pytest.raises(PinError, match=reason) as caught:
        ecert.open_key(f"file:{files / name}", pin=lambda _: value)  # type: ignore[arg-type,return-value]
    assert caught.value.code == "pin-malformed"
    assert "right" not in str(caught.value)
    assert "7391" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("value", [None, ""])
def test_no_pin_is_told_as_that(files: Path, value: str | None) -> None:
    with pytest.raises(PinError, match="no PIN was given"):
        ecert.open_key(f"file:{files / 'key.p12'}", pin=lambda _: value)  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize("secret", ["mật khẩu", "𝟙𝟚𝟛 🔑", "a b", "\u00a0\u200b"])
def test_any_text_that_is_typed_is_a_pass_phrase(desk: Desk, tmp_path: Path, secret: str) -> None:
    desk.office.signer.write_pkcs12(tmp_path / "key.p12", secret)
    with ecert.open_key(f"file:{tmp_path / 'key.p12'}", pin=lambda _: secret) as key:
        assert key.sign(b"data")
