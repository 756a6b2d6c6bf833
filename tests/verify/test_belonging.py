"""Who stands for the certifier's body: by the registry of the day, or by one CA's key and one organisation."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from ecert.model.evidence import Evidence
from ecert.trust.certificates import fingerprint
from ecert.trust.paths import CertificatePath
from ecert.verify.belonging import belongs_together, organizations
from ecert.verify.case import Case, SignatureCase
from ecert.verify.policies import SIGNATURES_ALONE
from ecert.verify.policies.registry import Appointment, NamedKeys, RegisteredBody, Registry, SealKeys
from ecert.verify.policies.rules import Span

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
UID = x509.ObjectIdentifier("0.9.2342.19200300.100.1.1")
KEY, OTHER_KEY, LEAF_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
PROVINCE = "ỦY BAN NHÂN DÂN TỈNH MẪU"
COMMUNE = "ỦY BAN NHÂN DÂN XÃ MẪU"
Part = tuple[x509.ObjectIdentifier, str]


def _issue(parts: list[Part], key: ec.EllipticCurvePrivateKey = KEY, authority: str = "CA cơ quan Nhà nước") -> bytes:
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, authority)])
    builder = x509.CertificateBuilder(issuer, subject, LEAF_KEY.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(NOW - timedelta(days=9)).not_valid_after(NOW + timedelta(days=9))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _authority(key: ec.EllipticCurvePrivateKey, name: str = "CA cơ quan Nhà nước") -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(NOW - timedelta(days=9)).not_valid_after(NOW + timedelta(days=9))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _signed(leaf: bytes, *above: bytes, proven: datetime | None = NOW, claimed: datetime | None = NOW) -> SignatureCase:
    signature = SimpleNamespace(claimed_time=claimed)
    message = SimpleNamespace(signer_certificate=leaf)
    path = CertificatePath((leaf, *above), direct=not above)
    return SignatureCase(cast(Any, signature), "other", cast(Any, message), path=path, best_signature_time=proven)


def _case(registry: Registry | None = None) -> Case:
    return Case(b"", dataclasses.replace(SIGNATURES_ALONE, registry=registry), None, Evidence(), NOW)


def _person(name: str = "Nguyễn Văn Mẫu", *organizations: str, **more: str) -> bytes:
    own = {"OU": NameOID.ORGANIZATIONAL_UNIT_NAME, "UID": UID}
    listed = [(NameOID.ORGANIZATION_NAME, o) for o in organizations]
    return _issue([*listed, *((own[k], v) for k, v in more.items()), (NameOID.COMMON_NAME, name)])


CA = _authority(KEY)
LEADER = _person("Nguyễn Văn Mẫu", PROVINCE, OU=COMMUNE)


def _why(other: SignatureCase, certifier: bytes = LEADER, registry: Registry | None = None) -> str | None:
    reason = belongs_together(_case(registry), _signed(certifier, CA), other)
    return reason.code if reason else None


# ── certificates ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "other",
    [
        _person("Trần Thị Mẫu", PROVINCE, OU=COMMUNE),
        _person(COMMUNE, PROVINCE),  # the body itself names the one above it
        _person(COMMUNE, "Uỷ ban  nhân dân tỉnh Mẫu"),  # spelt otherwise
        _person("Văn thư", PROVINCE, OU="Văn phòng", UID="CCCD:001099000001"),
    ],
)
def test_one_authority_and_one_organisation_belong_together(other: bytes):
    assert _why(_signed(other, CA)) is None


def test_a_certificate_of_the_same_authority_renewed_is_of_the_same_key():
    assert _why(_signed(_person("Trần Thị Mẫu", PROVINCE), _authority(KEY, "CA cơ quan Nhà nước G2"))) is None


@pytest.mark.parametrize(
    "name",
    [
        *("Cá nhân", "ICP-Brasil", "NON PRESENTE", "Cartão de Cidadão", "Unaffiliated", "yessign", "ФІЗИЧНА ОСОБА"),
        "Ingen organisatorisk tilknytning",
    ],
)
def test_what_authorities_write_for_no_organisation_joins_nobody(name: str):
    assert _why(_signed(_person("B", name), CA), _person("A", name)) == "belonging.no-organization"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (_person("Công dân"), "belonging.no-organization"),
        (_person("Công dân", " "), "belonging.no-organization"),
        (_person("Công dân", "\u200b\u00ad"), "belonging.no-organization"),
        (_person("Công dân", "-"), "belonging.no-organization"),
        (_person("Công dân", PROVINCE.replace("A", "\u0410")), "belonging.another-organization"),  # Cyrillic
        (_person("Công dân", PROVINCE + "\u200b"), "belonging.another-organization"),
        (_person("Công dân", PROVINCE + " KHÁC"), "belonging.another-organization"),
        (_person("Công dân", "Công ty khác", PROVINCE), "belonging.another-organization"),
        (_person("Công dân", PROVINCE, "Công ty khác"), "belonging.another-organization"),
        (_person("Công dân", PROVINCE, PROVINCE), "belonging.another-organization"),
        (_person("Công dân", *[f"O {i}" for i in range(50)], PROVINCE), "belonging.another-organization"),
        (_person("Công dân", OU=PROVINCE), "belonging.no-organization"),
        (_person(PROVINCE), "belonging.no-organization"),
    ],
)
def test_the_same_authority_alone_proves_nothing(other: bytes, why: str):
    assert _why(_signed(other, CA)) == why


def test_two_citizens_belong_to_nobody():
    for written in ("CÁ NHÂN", "Individual", "ESTEID"):
        assert _why(_signed(_person("B", written), CA), _person("A", written)) == "belonging.no-organization"
    assert _why(_signed(_person("B"), CA), _person("A")) == "belonging.no-organization"


def test_an_authority_of_the_same_name_is_another_one():
    forged = _issue([(NameOID.ORGANIZATION_NAME, PROVINCE), (NameOID.COMMON_NAME, "Mạo danh")], OTHER_KEY)
    assert _why(_signed(forged, _authority(OTHER_KEY))) == "belonging.another-authority"


def test_an_anchor_that_is_the_certificate_itself_has_no_authority():
    own = _person("Trần Thị Mẫu", PROVINCE)
    assert _why(_signed(own)) == "belonging.another-authority"
    alone = belongs_together(_case(), _signed(LEADER), _signed(LEADER))
    assert alone is not None


def test_namesakes_with_other_numbers_are_other_bodies():
    ours = _person("A", "CÔNG TY HOÀNG GIA", UID="MST:0100109106")
    theirs = _person("B", "CÔNG TY HOÀNG GIA", UID="MST:0100109107")
    same = _person("B", "CÔNG TY HOÀNG GIA", UID="MST:0100109106")
    assert _why(_signed(theirs, CA), ours) == "belonging.another-identifier"
    assert _why(_signed(same, CA), ours) is None


def test_what_cannot_be_read_belongs_to_nobody():
    assert organizations(b"no certificate") == ()
    lost = dataclasses.replace(_signed(LEADER, CA), message=None)
    assert belongs_together(_case(), lost, _signed(LEADER, CA)) is not None
    unknown = dataclasses.replace(_signed(LEADER, CA), path=None)
    assert belongs_together(_case(), unknown, _signed(LEADER, CA)) is not None


# ── the registry ─────────────────────────────────────────────────────────────────────────────────

ALWAYS = Span()
SEAL = _issue([(NameOID.COMMON_NAME, COMMUNE)], OTHER_KEY)
STRANGER = _issue([(NameOID.COMMON_NAME, "Xã khác"), (NameOID.ORGANIZATION_NAME, PROVINCE)])


def _registry(*, appointed: Span = ALWAYS, sealing: Span = ALWAYS, existed: Span = ALWAYS, span: Span = ALWAYS):
    def body(own: str, seal: bytes) -> RegisteredBody:
        keys = SealKeys(NamedKeys(certificates=(fingerprint(seal),)), sealing)
        return RegisteredBody(own, "commune", existed, (), (), (keys,))

    leader = NamedKeys(certificates=(fingerprint(LEADER),))
    return Registry(
        "vn.example",
        "1",
        "0" * 64,
        span,
        (body("xa-mau", SEAL), body("xa-khac", STRANGER)),
        (Appointment("Nguyễn Văn Mẫu", leader, "xa-mau", "head", appointed),),
        (),
    )


def test_the_registry_knows_whose_seal_it_is():
    """Other authorities, and no organisation: the registry suffices."""
    seal = _signed(SEAL, _authority(OTHER_KEY))
    assert _why(seal, registry=_registry()) is None
    assert _why(seal) == "belonging.another-authority"


def test_the_registry_outranks_the_certificate():
    stranger = _signed(STRANGER, CA)
    assert _why(stranger) is None
    assert _why(stranger, registry=_registry()) == "belonging.registered-elsewhere"


@pytest.mark.parametrize(
    "changed",
    [
        {"appointed": Span(None, date(2026, 11, 19))},
        {"sealing": Span(date(2026, 11, 21), None)},
        {"existed": Span(None, date(2026, 11, 19))},
    ],
)
def test_another_day_is_another_answer(changed: dict[str, Span]):
    seal = _signed(SEAL, _authority(OTHER_KEY))
    assert _why(seal, registry=_registry(**changed)) == "belonging.registered-elsewhere"


def test_whoever_has_left_does_not_belong_by_the_certificate():
    left = _registry(appointed=Span(None, date(2026, 11, 19)))
    officer = _signed(_person("Trần Thị Mẫu", PROVINCE), CA)
    assert _why(officer) is None
    assert _why(officer, registry=left) == "belonging.not-registered-then"


def test_whom_the_registry_does_not_know_is_told_by_the_certificate():
    officer = _signed(_person("Trần Thị Mẫu", PROVINCE), CA)
    assert _why(officer, registry=_registry()) is None
    silent = _registry(span=Span(None, date(2026, 11, 19)))
    assert _why(_signed(SEAL, _authority(OTHER_KEY)), registry=silent) == "belonging.another-authority"


@pytest.mark.parametrize("days", [1, 400])
def test_a_signature_counts_on_the_day_it_claims_and_on_the_proven_one(days: int):
    seal = _signed(SEAL, _authority(OTHER_KEY), claimed=NOW - timedelta(days=days))
    assert _why(seal, registry=_registry(sealing=Span(date(2026, 11, 20), None))) == "belonging.registered-elsewhere"
    assert _why(seal, registry=_registry()) is None
    unproven = _signed(SEAL, _authority(OTHER_KEY), proven=None, claimed=None)
    assert _why(unproven, registry=_registry()) is None
