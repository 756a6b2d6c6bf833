"""What CAs and time-stamps are for, and what a token states that nobody may rely on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

import ecert
from ecert.errors import ServiceError
from ecert.formats.pades.algorithms import SignatureScheme, check_signature
from ecert.formats.pades.cms import CmsFault, read_timestamp
from ecert.formats.pades.der import integer, octets, oid, sequence, tlv
from ecert.formats.pades.unsigned_part import _check_scheme, _NotSo, _Value, _values
from ecert.model.roles import AnchorRole
from ecert.testing import Office
from ecert.testing.extensions import DOCUMENT_SIGNING
from ecert.testing.keys import new_key
from ecert.testing.pki import der
from ecert.testing.specimens import Press
from ecert.testing.timestamps import TimeStampAuthority
from ecert.trust.client import Client
from ecert.trust.paths import CertificatePath, PathFault, find_path
from ecert.trust.store import TrustStore
from ecert.trust.timestamp_tokens import statement_fault
from ecert.trust.timestamps import request_timestamp
from ecert.trust.usage import refuse_time_stamping
from tests.trust.authorities import CA, NOW, Extension, Holder, root, usage

STAMPING = ExtendedKeyUsageOID.TIME_STAMPING
SERVERS = ExtendedKeyUsageOID.SERVER_AUTH


def for_uses(*purposes: ObjectIdentifier) -> tuple[Extension, ...]:
    return (*CA, (x509.ExtendedKeyUsage(purposes), False))


def found(role: AnchorRole | None, anchor: Holder, leaf: Holder, *others: Holder) -> str | None:
    """Return why there is no path, or None."""
    trust = TrustStore.from_certificates([anchor.certificate])
    between = [o.der for o in others]
    path = find_path(leaf.der, trust=trust, role=role, others=between, moment=NOW)
    return str(path.reason) if isinstance(path, PathFault) else None


@pytest.mark.parametrize(
    ("purposes", "signing", "stamping"),
    [
        ((), True, True),
        ((DOCUMENT_SIGNING,), True, False),
        ((ExtendedKeyUsageOID.EMAIL_PROTECTION, SERVERS), True, False),
        ((ExtendedKeyUsageOID.CLIENT_AUTH,), True, False),
        ((ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,), True, True),
        ((STAMPING,), False, True),
        ((STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING), False, True),
        ((SERVERS,), False, False),
        ((ExtendedKeyUsageOID.OCSP_SIGNING,), False, False),
    ],
)
def test_a_ca_that_lists_uses_must_allow_the_one_wanted(
    purposes: tuple[ObjectIdentifier, ...], signing: bool, stamping: bool
) -> None:
    above = root("uses")
    middle = above.issue("middle", *(for_uses(*purposes) if purposes else CA))
    leaf = middle.issue("leaf")
    wanted: dict[AnchorRole | None, bool] = {"signer": signing, "seal": signing, None: signing, "timestamp": stamping}
    for role, allowed in wanted.items():
        reason = found(role, above, leaf, middle)
        assert (reason is None) == allowed, role
        assert allowed or reason is not None
        assert allowed or "the extended key usage of a CA in its path allows no" in str(reason)


def test_every_ca_of_the_path_is_asked_and_the_anchor_is_not() -> None:
    above = root("uses")
    high = above.issue("high", *for_uses(SERVERS))
    low = high.issue("low", *CA)
    leaf = low.issue("leaf")
    assert found("signer", above, leaf, high, low) is not None
    assert found("signer", high, leaf, low) is None  # an anchor is a name and a key (6.1.1 (d))


def test_another_path_without_that_ca_is_found() -> None:
    above = root("uses")
    servers = above.issue("middle", *for_uses(SERVERS))
    other = root("other")
    crossed = other.issue("middle", *CA)  # the same name and key
    leaf = servers.issue("leaf")
    trust = TrustStore.from_certificates([above.certificate, other.certificate])
    path = find_path(leaf.der, trust=trust, role="signer", others=[servers.der, crossed.der], moment=NOW)
    assert isinstance(path, CertificatePath)
    assert crossed.der in path.certificates


@pytest.mark.parametrize(
    ("extensions", "reason"),
    [
        ((), None),
        (((usage(digital_signature=True), True),), None),
        (((usage(content_commitment=True), True),), None),
        (((usage(key_encipherment=True), True),), "its key usage is neither digitalSignature nor nonRepudiation"),
        (CA, "it is a CA certificate"),
    ],
)
def test_who_may_stamp(extensions: tuple[Extension, ...], reason: str | None) -> None:
    stamping = (x509.ExtendedKeyUsage([STAMPING]), True)
    tsa = root("tsa").issue("tsa", stamping, *extensions)
    found = refuse_time_stamping(tsa.der)
    assert (str(found) if found else None) == reason


# ── what a token states ──────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with Office.create(datetime(2026, 11, 16, 2, tzinfo=UTC), algorithm="p256") as founded:
        yield founded


def token(authority: TimeStampAuthority, now: datetime) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256().digest()}
    request = tsp.TimeStampReq({"version": 1, "cert_req": True, "message_imprint": imprint})
    answer = tsp.TimeStampResp.load(authority.answer(request.dump(), now))
    return bytes(answer["time_stamp_token"].dump())


def extension(*, critical: bool) -> bytes:
    return sequence(oid("2.999.1"), *([b"\x01\x01\xff"] if critical else []), octets(b"\x05\x00"))


def name_of(office: Office, *, turned: bool = False, upper: bool = False) -> asn1.Name:
    own = asn1.Certificate.load(der(office.tsa.certificate)).subject
    parts = [rdn.dump() for rdn in own.chosen]
    data = tlv(0x30, *(reversed(parts) if turned else parts))
    return asn1.Name.load(data.replace(b"time-stamp", b"TIME-STAMP") if upper else data)


def test_the_authority_named_is_the_certificates(office: Office) -> None:
    now = office.clock.now()
    for name in (None, name_of(office), name_of(office, turned=True), name_of(office, upper=True)):
        stated = TimeStampAuthority(office.tsa, name=name)
        assert statement_fault(read_timestamp(token(stated, now))) is None
    other = asn1.Name.build({"common_name": "ecert throwaway time-stamp service"})
    stated = TimeStampAuthority(office.tsa, name=other)
    assert statement_fault(read_timestamp(token(stated, now))) is not None


@pytest.mark.parametrize(("version", "critical"), [(2, False), (0, False), (1, True)])
def test_what_we_do_not_know_is_not_relied_on(office: Office, version: int, critical: bool) -> None:
    stated = TimeStampAuthority(office.tsa, version=version, extensions=extension(critical=critical))
    assert statement_fault(read_timestamp(token(stated, office.clock.now()))) is not None
    known = TimeStampAuthority(office.tsa, extensions=extension(critical=False))
    assert statement_fault(read_timestamp(token(known, office.clock.now()))) is None


def test_such_a_token_is_not_taken_from_a_service(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    stated = TimeStampAuthority(office.tsa, extensions=extension(critical=True))
    monkeypatch.setitem(office.responders.time_stamps, "office", stated)
    with pytest.raises(ServiceError, match="critical extension"):
        request_timestamp(hashlib.sha256().digest(), office.services, Client(office.services))


def test_elsewhere_than_in_copies_it_does_not_count() -> None:
    """A foreign file is not to blame for its time-stamp: the rest is judged as if it had none."""
    with Press() as press:
        specimen = press.make("time-stamp-with-an-unknown-extension")
    report = ecert.verify_copy(
        specimen.data, trust=specimen.trust, at=specimen.at, evidence=specimen.evidence, policy="signatures"
    )
    assert report.verdict == "VALID"
    assert {"timestamp-not-trusted", "time-not-proven"} <= set(report.codes("warning"))


@pytest.mark.parametrize("seconds", [0, 1, 90, 3600, 86_400])
def test_what_is_proven_is_proven_by_the_latest_time_it_can_be(office: Office, seconds: int) -> None:
    now = office.clock.now()
    found = read_timestamp(token(TimeStampAuthority(office.tsa, accuracy_s=seconds), now))
    assert (found.time, found.proven) == (now, now + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-1, 86_401, 10**30])
def test_an_accuracy_that_is_none(office: Office, seconds: int) -> None:
    with pytest.raises(CmsFault, match="accuracy"):
        read_timestamp(token(TimeStampAuthority(office.tsa, accuracy_s=seconds), office.clock.now()))


def test_an_accuracy_at_the_end_of_all_calendars(office: Office) -> None:
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    late = token(TimeStampAuthority(office.tsa, accuracy_s=2), end)
    with pytest.raises(CmsFault):
        read_timestamp(late)


# ── RSA-PSS ──────────────────────────────────────────────────────────────────────────────────────


def test_the_salt_is_as_long_as_stated() -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    key = new_key("rsa2048")
    assert isinstance(key, rsa.RSAPrivateKey)
    for made in (0, 20, 32):
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), made)
        value = key.sign(b"data", pss, hashes.SHA256())
        for stated in (0, 20, 32, 33, -1, 10**30):
            scheme = SignatureScheme("rsa-pss", "sha256", stated)
            right = check_signature(key.public_key(), scheme, value, b"data")
            assert right == (stated == made), (made, stated)


@pytest.mark.parametrize(
    ("salt", "good"),
    [
        (integer(32), True),
        (integer(0), True),
        (b"\x02\x02\x00\x20", False),
        (b"\x02\x00", False),
        (b"\x02\x01\xff", False),
    ],
)
def test_a_copy_states_it_in_the_shortest_form(salt: bytes, good: bool) -> None:
    digest = sequence(oid("2.16.840.1.101.3.4.2.1"))
    mask = sequence(oid("1.2.840.113549.1.1.8"), digest)
    parameters = sequence(tlv(0xA0, digest), tlv(0xA1, mask), tlv(0xA2, salt))
    (scheme,) = _values(sequence(oid("1.2.840.113549.1.1.10"), parameters))
    assert isinstance(scheme, _Value)
    if good:
        _check_scheme(scheme)
    else:
        with pytest.raises(_NotSo):
            _check_scheme(scheme)
