"""Trust bundles: what is believed, by whom else, and that nothing altered ever is."""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import ecert
from ecert.errors import SettingsError
from ecert.formats.pades import cms_writer
from ecert.formats.pades.algorithms import SignatureScheme
from ecert.formats.pades.der import octets, oid, set_of
from ecert.model.fingerprints import in_pairs
from ecert.model.times import read_clock
from ecert.testing import Office, person_name
from ecert.testing.pki import der, pem
from ecert.trust.anchors import TrustAnchor
from ecert.trust.bundle import _encode, build_bundle, open_bundle
from ecert.trust.manifest import ListSource, Manifest
from ecert.trust.store import TrustStore
from tests.kit import Desk
from tests.testing.openssl import openssl

DAY = timedelta(days=1)
NOW = read_clock(None)


@pytest.fixture(scope="module")
def office(desk: Desk) -> Office:
    return desk.office


@pytest.fixture(scope="module")
def manifest(office: Office) -> Manifest:
    """Return a manifest with two anchors, one of them bounded, and a list behind it."""
    anchors = (
        TrustAnchor(der(office.root.certificate), frozenset({"signer", "seal"}), source="root.pem"),
        TrustAnchor(
            der(office.tsa.certificate),
            frozenset({"timestamp"}),
            direct=True,
            valid_from=NOW - 9 * DAY,
            valid_until=NOW + 9 * DAY,
            source="dấu thời gian",
        ),
    )
    behind = ListSource("VN sample", "Sample operator", 3, "ab" * 32)
    return Manifest("xa-mau", 4, NOW, NOW + 30 * DAY, NOW + 365 * DAY, anchors, (behind,))


@pytest.fixture(scope="module")
def good(office: Office, manifest: Manifest) -> bytes:
    return build_bundle(manifest, office.key("seal"))


@pytest.fixture
def pin(office: Office) -> list[Any]:
    return [office.seal.certificate]


def signed(content: bytes, office: Office) -> bytes:
    """Return any content, signed as bundles are."""
    key = office.key("seal")
    digest = hashlib.new(key.scheme.digest, content).digest()
    attributes = cms_writer.signed_attributes(digest, key.certificate, key.scheme)
    return _encode(attributes, key.sign(attributes), key.scheme, key.certificate, content)


def code_of(data: bytes, signers: list[Any], at: datetime = NOW) -> str:
    """Return the code under which a bundle is refused; fail where it is not."""
    with pytest.raises(SettingsError) as caught:
        open_bundle(data, signers, "it").check_time(at, "it")
    assert caught.value.hint
    return caught.value.code


# ── what is believed ─────────────────────────────────────────────────────────────────────────────


SCHEMES = [
    ("p256", None),
    ("p384", None),
    ("p521", None),
    ("rsa2048", None),
    ("ed25519", None),
    ("rsa2048", SignatureScheme("rsa-pss", "sha256", 32)),
]


@pytest.mark.parametrize(("algorithm", "scheme"), SCHEMES)
def test_every_kind_of_key_can_publish(
    office: Office, manifest: Manifest, algorithm: Any, scheme: SignatureScheme | None
):
    publisher = office.issue(person_name("Trần Thị Thử"), algorithm=algorithm)
    data = build_bundle(manifest, office.key(publisher, scheme=scheme))
    assert open_bundle(data, [publisher.certificate], "it") == manifest


@pytest.mark.parametrize(("algorithm", "scheme"), [SCHEMES[0], SCHEMES[3], SCHEMES[5]])
def test_openssl_says_the_same(
    office: Office, manifest: Manifest, tmp_path: Path, algorithm: Any, scheme: SignatureScheme | None
):
    publisher = office.issue(person_name("Trần Thị Thử"), algorithm=algorithm)
    data = build_bundle(manifest, office.key(publisher, scheme=scheme))
    above = pem(office.root.certificate) + pem(office.issuing.certificate)
    (tmp_path / "above.pem").write_bytes(above)
    (tmp_path / "office.ecb").write_bytes(data)
    judge = (
        "cms",
        "-verify",
        "-inform",
        "DER",
        "-in",
        tmp_path / "office.ecb",
        "-CAfile",
        tmp_path / "above.pem",
        "-purpose",
        "any",
        "-out",
        tmp_path / "manifest.json",
    )
    openssl(*judge)
    assert (tmp_path / "manifest.json").read_bytes() == manifest.to_json()
    (tmp_path / "office.ecb").write_bytes(data.replace(b'"seal"', b'"seaI"'))
    with pytest.raises(AssertionError, match=r"(?i)verification failure"):
        openssl(*judge)


def test_a_store_of_a_bundle(good: bytes, manifest: Manifest, pin: list[Any], tmp_path: Path):
    path = tmp_path / "office.ecb"
    path.write_bytes(good)
    store = ecert.TrustStore.from_bundle(path, pin)
    assert (store.id, store.stale_since, store.expires) == ("xa-mau", manifest.next_update, manifest.expires)
    assert store.for_role("timestamp", NOW) == manifest.anchors[1:]
    assert store.for_role("timestamp", NOW + 9 * DAY) == ()
    assert [a.source for a in store.anchors] == ["root.pem", "dấu thời gian"]
    assert ecert.TrustStore.from_paths([path], signers=pin) == store
    both = ecert.TrustStore.from_paths([path, path], signers=pin)
    assert (both.id, both.anchors, both.expires) == (None, store.anchors, store.expires)


def test_a_copy_is_judged_by_a_bundle(desk: Desk, tmp_path: Path):
    office = desk.office
    anchors = office.trust.anchors
    now = read_clock(None)
    bundle = Manifest("xa-mau", 1, now, now + DAY, now + 2 * DAY, anchors)
    path = tmp_path / "office.ecb"
    path.write_bytes(build_bundle(bundle, office.key("seal")))
    trust = ecert.TrustStore.from_bundle(path, [office.seal.certificate])
    report = ecert.verify_copy(desk.copy.to_bytes(), trust=trust)
    assert report.verdict == "VALID"
    assert report.to_dict()["trust"] == {"id": "xa-mau", "sha256": office.trust.sha256}


def test_signers_are_certificates_or_fingerprints(good: bytes, office: Office):
    digest = hashlib.sha256(der(office.seal.certificate)).hexdigest()
    for signer in (der(office.seal.certificate), digest, in_pairs(digest), f"sha256:{digest}"):
        open_bundle(good, [der(office.signer.certificate), signer], "it")
    with pytest.raises(SettingsError, match="is not the SHA-256"):
        open_bundle(good, [digest[:-2]], "it")


def test_unsigned_use_is_impossible(good: bytes, tmp_path: Path):
    path = tmp_path / "office.ecb"
    path.write_bytes(good)
    for use in (lambda: TrustStore.from_bundle(path, []), lambda: TrustStore.from_paths([path])):
        with pytest.raises(SettingsError, match="nobody is named as its signer") as caught:
            use()
        assert caught.value.code == "bundle-without-signer"
    with pytest.raises(SettingsError, match="is not a certificate") as caught:
        TrustStore.from_folder(tmp_path)
    assert "named by itself" in caught.value.hint


# ── its time ─────────────────────────────────────────────────────────────────────────────────────


def test_expired_is_refused_and_stale_is_told(good: bytes, manifest: Manifest, pin: list[Any]):
    found = open_bundle(good, pin, "it")
    for at in (NOW - timedelta(minutes=5), NOW, manifest.next_update, manifest.expires):
        found.check_time(at, "it")
    second = timedelta(seconds=1)
    assert code_of(good, pin, manifest.expires + second) == "bundle-expired"
    assert code_of(good, pin, NOW - timedelta(minutes=5) - second) == "bundle-from-the-future"


def test_a_file_is_read_as_of_a_time(good: bytes, pin: list[Any], tmp_path: Path):
    path = tmp_path / "office.ecb"
    path.write_bytes(good)
    TrustStore.from_bundle(path, pin, NOW + 365 * DAY)
    with pytest.raises(SettingsError, match="has expired") as caught:
        TrustStore.from_bundle(path, pin, NOW + 366 * DAY)
    assert str(path) in caught.value.message
    with pytest.raises(SettingsError, match="cannot read"):
        TrustStore.from_bundle(tmp_path / "no.ecb", pin)


def test_a_signer_does_not_speak_beyond_its_certificate(office: Office, manifest: Manifest):
    who = office.issue(person_name("Trần Thị Thử"), algorithm="p256", not_after=NOW + 100 * DAY)
    with pytest.raises(SettingsError, match="let the bundle expire by") as caught:
        build_bundle(manifest, office.key(who))
    assert caught.value.code == "bundle-wrong-signer"
    build_bundle(replace(manifest, expires=NOW + 99 * DAY), office.key(who))
    late = office.issue(person_name("Trần Thị Thử"), algorithm="p256", not_before=NOW + DAY)
    with pytest.raises(SettingsError, match="not within the validity"):
        build_bundle(manifest, office.key(late))


# ── what was altered ─────────────────────────────────────────────────────────────────────────────


def test_no_flipped_bit_is_accepted(good: bytes, pin: list[Any]):
    """One bit of every byte: manifest, certificate, attributes, signature and all that frames them."""
    bits = random.Random(1)
    for place in range(len(good)):
        altered = bytearray(good)
        altered[place] ^= 1 << bits.randrange(8)
        with pytest.raises(SettingsError) as caught:
            open_bundle(bytes(altered), pin, "it")
        assert caught.value.code in ("bundle-altered", "bundle-wrong-signer"), place


def test_nothing_cut_inserted_or_repeated_is_accepted(good: bytes, pin: list[Any]):
    chance = random.Random(2)
    for _ in range(300):
        start, end = sorted(chance.sample(range(len(good)), 2))
        piece = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))
        for altered in (
            good[:start],
            good[:start] + good[end:],
            good[:end] + good[start:],
            good[:start] + piece + good[start:],
            good + piece,
        ):
            assert code_of(altered, pin) in ("bundle-altered", "bundle-wrong-signer")


@pytest.mark.parametrize(
    "alter",
    [
        lambda m: replace(m, anchors=m.anchors[:1]),
        lambda m: replace(m, anchors=(replace(m.anchors[0], roles=frozenset({"timestamp"})),)),
        lambda m: replace(m, anchors=(replace(m.anchors[1], valid_until=None),)),
        lambda m: replace(m, expires=m.expires + DAY),
        lambda m: replace(m, version=m.version + 1),
        lambda m: replace(m, sources=()),
    ],
)
def test_another_manifest_under_the_same_signature(
    office: Office, manifest: Manifest, pin: list[Any], alter: Callable[[Manifest], Manifest]
):
    key = office.key("seal")
    digest = hashlib.sha256(manifest.to_json()).digest()
    attributes = cms_writer.signed_attributes(digest, key.certificate, key.scheme)
    parts = (attributes, key.sign(attributes), key.scheme, key.certificate)
    assert open_bundle(_encode(*parts, manifest.to_json()), pin, "it") == manifest
    assert code_of(_encode(*parts, alter(manifest).to_json()), pin) == "bundle-altered"


def test_another_signer_is_refused_and_named(office: Office, manifest: Manifest, pin: list[Any]):
    data = build_bundle(manifest, office.key("signer"))
    with pytest.raises(SettingsError) as caught:
        open_bundle(data, pin, "it")
    assert caught.value.code == "bundle-wrong-signer"
    assert in_pairs(hashlib.sha256(der(office.signer.certificate)).hexdigest()) in str(caught.value)


def test_a_borrowed_certificate_does_not_help(office: Office, manifest: Manifest, pin: list[Any]):
    """The signature of one key beside the certificate of another."""
    content, own, other = manifest.to_json(), office.key("seal"), office.key("signer")
    digest = hashlib.sha256(content).digest()
    for named in (own, other):
        attributes = cms_writer.signed_attributes(digest, named.certificate, own.scheme)
        value = other.sign(attributes)
        data = _encode(attributes, value, own.scheme, own.certificate, content)
        assert code_of(data, pin) == "bundle-altered"


@pytest.mark.parametrize("missing", range(4))
def test_every_signed_attribute_counts(office: Office, manifest: Manifest, pin: list[Any], missing: int):
    content, key = manifest.to_json(), office.key("seal")
    digest = hashlib.sha256(content).digest()
    good = _attributes(cms_writer.signed_attributes(digest, key.certificate, key.scheme))
    wrong = [
        cms_writer._attribute(cms_writer._CONTENT_TYPE, oid(cms_writer._SIGNED_DATA)),
        cms_writer._attribute(cms_writer._MESSAGE_DIGEST, octets(digest[::-1])),
        *_attributes(
            cms_writer.signed_attributes(digest, der(office.root.certificate), key.scheme),
            cms_writer._SIGNING_CERTIFICATE_V2,
        ),
        *_attributes(
            cms_writer.signed_attributes(digest, key.certificate, SignatureScheme("ecdsa", "sha384")),
            cms_writer._ALGORITHM_PROTECTION,
        ),
    ]
    kind = wrong[missing][2 : 2 + 2 + wrong[missing][3]]  # its OBJECT IDENTIFIER
    rest = [a for a in good if kind not in a]
    assert len(rest) == 3
    for attributes in (set_of(*rest), set_of(*rest, wrong[missing])):
        data = _encode(attributes, key.sign(attributes), key.scheme, key.certificate, content)
        assert code_of(data, pin) == "bundle-altered"
    again = set_of(*good)
    open_bundle(_encode(again, key.sign(again), key.scheme, key.certificate, content), pin, "it")


def _attributes(encoded: bytes, kind: str = "") -> list[bytes]:
    """Return the attributes in a SET, each as it is encoded; ``kind``: that one alone."""
    from asn1crypto.cms import CMSAttributes

    return [a.dump() for a in CMSAttributes.load(encoded) if not kind or a["type"].dotted == kind]


def test_without_signed_attributes_or_content(office: Office, good: bytes, pin: list[Any]):
    from asn1crypto.cms import ContentInfo

    for part, inside in (("signed_attrs", "signer"), ("content", "content")):
        info = ContentInfo.load(good)
        if inside == "signer":
            info["content"]["signer_infos"][0][part] = None
        else:
            info["content"]["encap_content_info"][part] = None
        assert code_of(info.dump(force=True), pin) == "bundle-altered"


def test_weak_keys_and_digests_are_refused(office: Office, manifest: Manifest):
    weak = office.issue(person_name("Trần Thị Thử"), algorithm="rsa1024")
    with pytest.raises(SettingsError, match="RSA-1024") as caught:
        build_bundle(manifest, office.key(weak))
    assert caught.value.code == "bundle-altered"


def test_a_certificate_or_a_key_is_no_bundle(office: Office, pin: list[Any]):
    for data in (der(office.root.certificate), b"", b"0", b"\x30\x80" * 5000, b"{}", office.crl(office.root)):
        assert code_of(data, pin) == "bundle-altered"


# ── what the manifest must say ───────────────────────────────────────────────────────────────────


def put(*path: str | int) -> Callable[[Any], Callable[[dict[str, Any]], None]]:
    """Return a function that makes a change: this value at that place."""

    def with_value(value: Any) -> Callable[[dict[str, Any]], None]:
        def change(document: dict[str, Any]) -> None:
            place: Any = document
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value

        return change

    return with_value


def drop(*path: str | int) -> Callable[[dict[str, Any]], None]:
    """Return a change that takes a key away."""

    def change(document: dict[str, Any]) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


def twice(key: str) -> Callable[[dict[str, Any]], None]:
    """Return a change that repeats the first item of a list."""
    return lambda document: document[key].append(dict(document[key][0]))


TIME = "2026-10-01T02:03:04Z"
MALFORMED = {
    "unknown key": put("more")(1),
    "unknown key of an anchor": put("anchors", 0, "note")(""),
    "unknown key of a source": put("sources", 0, "url")(""),
    **{
        f"no {key}": drop(key)
        for key in (
            "format",
            "format_version",
            "id",
            "version",
            "issued",
            "next_update",
            "expires",
            "sources",
            "anchors",
        )
    },
    **{
        f"anchor without {key}": drop("anchors", 0, key)
        for key in ("certificate", "sha256", "roles", "valid_from", "valid_until", "source", "direct")
    },
    **{f"source without {key}": drop("sources", 0, key) for key in ("list", "name", "sequence", "sha256")},
    "another format": put("format")("bundle"),
    "a later version": put("format_version")(2),
    "a format version that is true": put("format_version")(True),
    "a bad id": put("id")("../x"),
    "an id that is no text": put("id")(None),
    "version 0": put("version")(0),
    "version true": put("version")(True),
    "version as text": put("version")("1"),
    "a fraction": put("version")(1.5),
    "a huge number": put("version")(10**30),
    "a large version": put("version")(2 * 10**9),
    "local time": put("issued")("2026-10-01T02:03:04+07:00"),
    "no time": put("issued")("soon"),
    "an impossible day": put("issued")("2026-02-30T00:00:00Z"),
    "a null time": put("expires")(None),
    "expires before it is issued": put("expires")("2001-01-01T00:00:00Z"),
    "stale after it expires": put("next_update")("2101-01-01T00:00:00Z"),
    "anchors that are no list": put("anchors")({}),
    "no anchors": put("anchors")([]),
    "an anchor that is no object": put("anchors", 0)("x"),
    "an anchor twice": twice("anchors"),
    "a list twice": twice("sources"),
    "a wrong fingerprint": put("anchors", 0, "sha256")("0" * 64),
    "the other's fingerprint": lambda d: put("anchors", 0, "sha256")(d["anchors"][1]["sha256"])(d),
    "the other's certificate": lambda d: put("anchors", 0, "certificate")(d["anchors"][1]["certificate"])(d),
    "no certificate": put("anchors", 0, "certificate")("AAAA"),
    "not base64": put("anchors", 0, "certificate")("?"),
    "a certificate that is no text": put("anchors", 0, "certificate")(7),
    "a CA that stands for itself": put("anchors", 0, "direct")(True),
    "a leaf that is a CA": put("anchors", 1, "direct")(False),
    "direct as a number": put("anchors", 1, "direct")(1),
    "no roles": put("anchors", 0, "roles")([]),
    "an unknown role": put("anchors", 0, "roles")(["boss"]),
    "a role twice": put("anchors", 0, "roles")(["seal", "seal"]),
    "roles unsorted": put("anchors", 0, "roles")(["signer", "seal"]),
    "roles as text": put("anchors", 0, "roles")("seal"),
    "roles of anything": put("anchors", 0, "roles")([["seal"], {}]),
    "an empty window": put("anchors", 1, "valid_until")(TIME[:3] + "0" + TIME[4:]),
    "a window that is no time": put("anchors", 0, "valid_from")(0),
    "a long source": put("anchors", 0, "source")("x" * 301),
    "a source with controls": put("anchors", 0, "source")("a\u202eb"),
    "a sequence of 0": put("sources", 0, "sequence")(0),
    "a digest that is none": put("sources", 0, "sha256")("AB" * 32),
    "a list without a name": put("sources", 0, "list")(""),
    "too many anchors": lambda d: d["anchors"].extend([{}] * 5000),
}


@pytest.mark.parametrize("change", MALFORMED.values(), ids=MALFORMED.keys())
def test_the_manifest_is_closed_and_does_not_lie(
    office: Office, manifest: Manifest, pin: list[Any], change: Callable[[dict[str, Any]], None]
):
    document = json.loads(manifest.to_json())
    change(document)
    data = signed(json.dumps(document).encode(), office)
    assert code_of(data, pin) == "bundle-malformed"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b'"id":', b'"id": "other", "id":'),
        lambda text: text.replace(b'"direct": true', b'"direct": false, "direct": true'),
        lambda text: text.replace(b'"version": 4', b'"version": NaN'),
        lambda text: text.replace(b'"version": 4', b'"version": Infinity'),
        lambda text: text.replace(b'"version": 4', b'"version": 4.0'),
        lambda text: text.replace(b'"version": 4', b'"version": 4e0'),
        lambda text: text.replace(b'"version": 4', b'"version": ' + b"4" * 10_000),
        lambda text: text.replace(b'"version": 4', b'"version": ' + b"[" * 100_000),
        lambda text: text.replace(b'"version": 4', b'"version": ' + b"[" * 9999 + b"]" * 9999),
        lambda text: text.replace(b"xa-mau", b"xa-m\xff\xff"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text + b"{}",
        lambda text: text.decode().encode("utf-16"),
        lambda text: b"[]",
        lambda text: b"null",
        lambda text: b"",
    ],
)
def test_the_manifest_is_strict_json(
    office: Office, manifest: Manifest, pin: list[Any], change: Callable[[bytes], bytes]
):
    text = change(manifest.to_json())
    assert text != manifest.to_json()
    assert code_of(signed(text, office), pin) == "bundle-malformed"


def test_a_manifest_that_could_not_be_read_is_not_made(manifest: Manifest):
    with pytest.raises(SettingsError, match="its id"):
        replace(manifest, id="Xã Mẫu")
    with pytest.raises(SettingsError, match="names no anchor"):
        replace(manifest, anchors=())


def test_what_is_not_readable_as_text_is_not_published(office: Office, manifest: Manifest):
    """The builder reads its own bundle back before it is handed out."""
    odd = replace(manifest.anchors[0], source="line\nline")
    with pytest.raises(SettingsError, match="short printable text"):
        build_bundle(replace(manifest, anchors=(odd,)), office.key("seal"))


def test_the_manifest_shows_certificates_anybody_can_read(manifest: Manifest):
    document = json.loads(manifest.to_json())
    for anchor, said in zip(manifest.anchors, document["anchors"], strict=True):
        assert base64.b64decode(said["certificate"]) == anchor.certificate
        assert said["sha256"] == hashlib.sha256(anchor.certificate).hexdigest()
