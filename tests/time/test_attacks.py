"""What somebody could do to time: tokens, anchors and statuses that must not prove what they seem to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from asn1crypto import algos, cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding

import ecert
from ecert.formats.pades.cms import der_length, read_signed_data
from ecert.formats.pades.cms_writer import build_signed_data
from ecert.formats.pades.fields import read_signatures
from ecert.formats.pades.increments import append_validation_data, signature_dictionary
from ecert.formats.pdf import read_document
from ecert.formats.pdf.objects import Name
from ecert.model.roles import AnchorRole
from ecert.sign import steps
from ecert.testing import Authority, Office, body_name
from ecert.testing.timestamps import TimeStampAuthority
from ecert.trust.anchors import TrustAnchor
from ecert.trust.client import Client
from ecert.trust.store import TrustStore
from tests.kit import small_page
from tests.time.journeys import DAY, NOW, YEAR, certify, draft, office, statuses

LONG = {"signer": (YEAR, 6 * YEAR), "seal": (YEAR, 6 * YEAR)}


@pytest.fixture
def desk() -> Iterator[Office]:
    with office(validity=LONG) as founded:
        yield founded


def by_hand(office: Office) -> bytes:
    """Sign and seal at B-T without any check of ours."""
    made, services = draft(office), office.services
    data = made.to_bytes()
    for role in ("signer", "seal"):
        key = office.key(role)
        laid_out = steps.lay_out_signature(
            read_document(data), role, made.record, key.identity, office.clock.now(), None, timestamped=True
        )
        value = key.sign(laid_out.to_be_signed)
        data = steps.finish_signature(laid_out, value, services, Client(services))
    return data


def judge(office: Office, data: bytes, **options: Any) -> ecert.Report:
    return ecert.verify_copy(data, **{"trust": office.trust, "at": office.clock.now(), **options})


def shift(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let every time-stamp authority tell another time."""
    real = TimeStampAuthority.answer

    def answer(self: TimeStampAuthority, request: bytes, now: datetime, **more: Any) -> bytes:
        return real(self, request, now + by, **more)

    monkeypatch.setattr(TimeStampAuthority, "answer", answer)


def as_adobe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write signatures in ISO 32000's own form, which binds no certificate."""
    real = signature_dictionary

    def dictionary(*given: Any, **more: Any) -> Any:
        return {**real(*given, **more), "SubFilter": Name("adbe.pkcs7.detached")}

    monkeypatch.setattr(steps, "signature_dictionary", dictionary)


def attributes(*more: dict[str, Any]) -> Any:
    """Return a writer of signed attributes with content-type, message-digest and these."""

    def write(digest: bytes, certificate: bytes, scheme: object) -> bytes:
        plain = [{"type": "content_type", "values": ["data"]}, {"type": "message_digest", "values": [digest]}]
        found = [{**m, "values": [m["values"](certificate)]} for m in more]
        return b"\x31" + bytes(cms.CMSAttributes([*plain, *found]).dump())[1:]

    return write


def test_a_copy_has_pades_signatures(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    as_adobe(monkeypatch)
    report = judge(desk, by_hand(desk), evidence=statuses(desk))
    assert report.verdict == "INVALID"
    assert report.codes("error") == ["signature-malformed", "signature-malformed"]


@pytest.mark.parametrize("digest", ["md5", "shake128", "shake256"])
def test_a_certificate_is_bound_by_a_digest_that_binds(
    desk: Office, monkeypatch: pytest.MonkeyPatch, digest: str
) -> None:
    def bind(certificate: bytes) -> Any:
        value = hashlib.md5(certificate).digest() if digest == "md5" else bytes(32)
        named = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": digest})}
        return tsp.SigningCertificateV2({"certs": [{**named, "cert_hash": value}]})

    writer = attributes({"type": "signing_certificate_v2", "values": bind})
    monkeypatch.setattr(steps, "signed_attributes", writer)
    report = judge(desk, by_hand(desk), evidence=statuses(desk))
    assert report.verdict == "INVALID"
    assert "verifier-fault" not in report.codes()


def test_anchors_for_time_stamps_sign_no_documents() -> None:
    with office(separate_tsa_root=True) as founded:
        data = certify(founded).to_bytes()

        def store(*roles: tuple[Authority, AnchorRole]) -> TrustStore:
            ders = [(a.certificate.public_bytes(Encoding.DER), r) for a, r in roles]
            return TrustStore(tuple(TrustAnchor(d, frozenset([r])) for d, r in ders))

        stamps = store((founded.root, "timestamp"), (founded.tsa_root, "timestamp"))
        for policy in ("signatures", "certified-copy"):
            report = judge(founded, data, trust=stamps, policy=policy)
            assert report.verdict == "INDETERMINATE", policy
        right = store((founded.root, "signer"), (founded.tsa_root, "timestamp"))
        assert judge(founded, data, trust=right, policy="signatures").verdict == "VALID"


def test_the_newest_authoritys_status_was_fresh_when_it_stamped(desk: Office) -> None:
    """Its key was revoked before it stamped; the file only holds what was said years earlier."""
    old = ecert.Evidence.of(ocsps=[desk.ocsp(desk.tsa)], crls=[desk.crl(desk.root)])
    desk.clock.advance(days=365)
    desk.revoke("tsa")
    desk.clock.advance(days=365)
    data = by_hand(desk)
    present = ecert.Evidence.of(ocsps=[desk.ocsp(desk.signer), desk.ocsp(desk.seal)], crls=[desk.crl(desk.root)])
    report = judge(desk, append_validation_data(read_document(data), present + old))
    assert "timestamp-not-trusted" in report.codes("warning")
    assert "time-not-proven" in report.codes("warning")
    assert not any(t["counts"] for s in report.content["signatures"] for t in s["timestamps"])


def test_a_time_before_the_authority_began_does_not_count(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    shift(monkeypatch, -2 * YEAR)
    monkeypatch.setattr("ecert.trust.timestamps._out_of_time", lambda _: None)
    report = judge(desk, by_hand(desk), evidence=statuses(desk))
    assert not any(t["counts"] for s in report.content["signatures"] for t in s["timestamps"])
    assert "timestamp-not-trusted" in report.codes()


def test_a_few_seconds_between_two_authorities_mean_nothing(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        shift(patch, timedelta(seconds=3))
        data = by_hand(desk)
    copy = ecert.extend_copy(
        ecert.CertifiedCopy.from_bytes(data), trust=desk.trust, services=desk.services, at=desk.clock.now()
    )
    desk.clock.advance(days=1)
    report = judge(desk, copy.to_bytes())
    assert report.verdict == "VALID"
    assert "timestamp-not-trusted" not in report.codes()


def test_a_time_stamp_far_ahead_of_the_archive_contradicts_it(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    data = by_hand(desk)
    shift(monkeypatch, -timedelta(hours=2))
    services = desk.services
    archived = steps.append_archive(data, desk.trust, services, Client(services), desk.clock.now, timestamp=True)
    desk.clock.advance(hours=1)
    report = judge(desk, archived)
    assert report.verdict == "INDETERMINATE"
    assert set(report.codes("unknown")) == {"timestamps-contradict"}
    told = [(f.where["field"], f.data) for f in report.findings if f.severity == "unknown"]
    times = {"time": "2026-11-16T02:00:00Z", "until": "2026-11-16T00:00:01Z"}  # accuracy: a second
    assert told == [("Seal", times), ("Signer", times)]


def test_an_old_token_proves_nothing_about_what_another_key_signs(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Duplicate-signature key selection: a made-up key under which an old signature value fits new data.

    A thief signs with a revoked key and adds a second signature that brings a genuine token of 2026.
    """
    genuine = read_signatures(read_document(certify(desk).to_bytes()))
    sealed = next(s for s in genuine if s.name == "Seal")
    old = read_signed_data(sealed.contents[: der_length(sealed.contents)])
    desk.clock.advance(days=365)
    desk.revoke("signer")
    desk.clock.advance(days=365)
    made, key = draft(desk), desk.key("signer")
    laid_out = steps.lay_out_signature(
        read_document(made.to_bytes()), "signer", made.record, key.identity, NOW, None, timestamped=False
    )
    stolen = steps.finish_signature(laid_out, key.sign(laid_out.to_be_signed), None, None)
    as_adobe(monkeypatch)
    monkeypatch.setattr(steps, "signed_attributes", attributes())
    second = steps.lay_out_signature(
        read_document(stolen), "seal", made.record, desk.key("seal").identity, NOW, None, timestamped=True
    )
    certificate = _made_up(_select_key(old.signature, second.to_be_signed))
    contents = build_signed_data(
        second.to_be_signed, old.signature, second.identity.scheme, (certificate,), old.timestamps[0]
    )
    known = ecert.Evidence.of(
        ocsps=[desk.ocsp(desk.signer), desk.ocsp(desk.tsa)], crls=[desk.crl(desk.root), desk.crl(desk.issuing)]
    )
    report = judge(desk, second.pending.finish(contents), policy="signatures", evidence=known)
    thief, helper = report.content["signatures"]
    assert helper["best_signature_time"] == "2026-11-16T02:00:01Z"  # its own value is that old
    assert (thief["indication"], thief["sub_indication"]) == ("INDETERMINATE", "REVOKED_NO_POE")


_P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
Point = tuple[int, int]


def _select_key(value: bytes, data: bytes) -> ec.EllipticCurvePublicKey:
    """Return the P-256 key for which an ECDSA value fits data: Q = r⁻¹(sR - eG)."""
    r, s = utils.decode_dss_signature(value)
    e = int.from_bytes(hashlib.sha256(data).digest(), "big")
    point = (r, pow((r**3 - 3 * r + _B) % _P, (_P + 1) // 4, _P))
    inverse = pow(r, -1, _N)
    found = _add(_times(s * inverse % _N, point), _times(-e * inverse % _N, _G))
    return ec.EllipticCurvePublicNumbers(*found, ec.SECP256R1()).public_key()


def _add(a: Point, b: Point) -> Point:
    rise, run = (3 * a[0] * a[0] - 3, 2 * a[1]) if a == b else (b[1] - a[1], b[0] - a[0])
    slope = rise * pow(run, -1, _P)
    x = (slope * slope - a[0] - b[0]) % _P
    return x, (slope * (a[0] - x) - a[1]) % _P


def _times(factor: int, point: Point) -> Point:
    total: Point | None = None
    while factor:
        if factor & 1:
            total = point if total is None else _add(total, point)
        point, factor = _add(point, point), factor >> 1
    assert total is not None
    return total


def _made_up(key: ec.EllipticCurvePublicKey) -> bytes:
    nobody = Authority.root(
        "nobody",
        "nobody",
        base_url="http://nobody.invalid",
        not_before=NOW - DAY,
        not_after=NOW + 9 * YEAR,
        algorithm="p256",
    )
    builder = x509.CertificateBuilder(nobody.certificate.subject, body_name(), key, 5, NOW - DAY, NOW + 5 * YEAR)
    assert isinstance(nobody.key, ec.EllipticCurvePrivateKey)
    return builder.sign(nobody.key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_a_retirement_that_nobody_can_prove_saves_no_time_stamp() -> None:
    """The authority's key was stolen; an expired OCSP responder's key tells of an early, orderly end."""
    with office(validity={"tsa_ocsp": (DAY, 30 * DAY)}) as founded:
        copy = certify(founded)
        founded.clock.advance(days=20)
        with_reason = _said(founded, "cessationOfOperation")
        founded.clock.advance(days=20)  # the responder's certificate has expired
        assert not _counting(judge(founded, copy.to_bytes(), evidence=with_reason))
    with office() as founded:
        copy = certify(founded)
        founded.clock.advance(days=20)
        early = _said(founded, "cessationOfOperation")
        assert _counting(judge(founded, copy.to_bytes(), evidence=early))
        founded.clock.advance(hours=1)
        stolen = _said(founded, "keyCompromise")
        assert not _counting(judge(founded, copy.to_bytes(), evidence=early + stolen))


def _said(office: Office, reason: str) -> ecert.Evidence:
    office.revoke("tsa", reason=reason)
    return ecert.Evidence(ocsps=(office.ocsp(office.tsa),))


def _counting(report: ecert.Report) -> bool:
    return any(t["counts"] for s in report.content["signatures"] for t in s["timestamps"])


@pytest.mark.parametrize(("ahead", "verdict"), [(1, "VALID"), (299, "VALID"), (301, "INDETERMINATE")])
def test_services_whose_clock_is_ahead_count_for_five_minutes(ahead: int, verdict: str) -> None:
    """A B-B copy is asked about online: the answers are younger than the time of validation."""
    with Office.create(now=NOW, algorithm="p256") as office:
        copy = office.certify(scan=ecert.Scan.from_files([small_page()]), level="B-B").to_bytes()
        at = office.clock.now()
        office.clock.advance(seconds=ahead)
        found = ecert.gather_evidence(copy, office.services, trust=office.trust, at=at)
        report = ecert.verify_copy(copy, trust=office.trust, at=at, evidence=found)
        assert report.verdict == verdict
        assert ("evidence-after-time" in report.codes()) is (verdict != "VALID")


@pytest.mark.parametrize(("behind", "verdict"), [(299, "VALID"), (301, "INDETERMINATE")])
def test_a_verifier_whose_clock_is_behind_takes_a_fresh_copy_for_five_minutes(behind: int, verdict: str) -> None:
    with Office.create(now=NOW, algorithm="p256") as office:
        copy = office.certify(scan=ecert.Scan.from_files([small_page()])).to_bytes()
        at = office.clock.now() - timedelta(seconds=behind)
        report = ecert.verify_copy(copy, trust=office.trust, at=at)
        assert report.verdict == verdict
        if verdict == "VALID":
            times = [s["best_signature_time"] for s in report.to_dict()["signatures"][:2]]
            assert max(times) <= report.content["validation_time"]  # a proof is no promise
        else:
            assert report.codes()[0] == "signed-in-the-future"


def test_where_the_named_root_has_expired_nobody_says_that_none_was_named() -> None:
    with Office.create(now=NOW, algorithm="p256") as office:
        copy = office.certify(scan=ecert.Scan.from_files([small_page()])).to_bytes()
        report = ecert.verify_copy(copy, trust=office.trust, at=NOW + 40 * YEAR)
    assert report.verdict == "INDETERMINATE"
    reasons = [str(f.data.get("reason")) for f in report.findings]
    assert not any("no anchor is named" in reason for reason in reasons)
    assert any("believed at that time" in reason for reason in reasons)
