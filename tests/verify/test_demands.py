"""Each demand of a policy: one document that meets it, one that does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import ecert
from ecert.capture.scan import Scan
from ecert.formats.record import CertificationRecord
from ecert.model.findings import CATALOGUE
from ecert.report import Report
from ecert.testing import Office
from ecert.verify.demands import DEMAND_CHECKS
from ecert.verify.policies import Ages, Policy, Requirements
from ecert.verify.policies.demands import DEMAND_TABLES, demands_of
from tests.kit import small_page
from tests.time.journeys import NOW
from tests.verify.policy_files import policy

SCAN = Scan.from_files([small_page()])


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with Office.create(NOW, algorithm="p256") as office:
        yield office


@pytest.fixture(scope="module")
def copies(office: Office) -> dict[str, bytes]:
    """Return one copy at each level, and a draft signed for the same day."""
    return {level: office.certify(scan=SCAN, level=level).to_bytes() for level in ("B-B", "B-T", "B-LT", "B-LTA")}


def judge(office: Office, data: bytes, path: Path, **options: Any) -> Report:
    leaves = (office.signer, office.seal, office.tsa)
    evidence = ecert.Evidence.of(ocsps=[office.ocsp(leaf) for leaf in leaves], crls=[office.crl(office.root)])
    given = {"trust": office.trust, "at": office.clock.now(), "evidence": evidence, **options}
    return ecert.verify_copy(data, policy=path, **given)


def told(report: Report) -> tuple[str, list[str]]:
    return report.verdict, report.codes("error", "unknown")


@pytest.mark.parametrize("base", ["certified-copy", "signatures"])
@pytest.mark.parametrize("wanted", ["B-B", "B-T", "B-LT", "B-LTA"])
def test_level(office: Office, copies: dict[str, bytes], tmp_path: Path, base: str, wanted: str) -> None:
    path = policy(tmp_path, f'[require]\nlevel = "{wanted}"', base=base)
    levels = list(copies)
    for level, data in copies.items():
        enough = levels.index(level) >= levels.index(wanted)
        expected = ("VALID", []) if enough else ("INVALID", ["level-too-low"])
        report = judge(office, data, path)
        assert told(report) == expected
        if not enough:
            assert report.findings[0].data == {"required": wanted, "what": f"it has reached {level}"}


def test_a_level_that_nobody_here_can_tell(office: Office, copies: dict[str, bytes], tmp_path: Path) -> None:
    """What the verifier lacks is not held against the copy."""
    path = policy(tmp_path, '[require]\nlevel = "B-LTA"\narchive_timestamp = true')
    report = judge(office, copies["B-LTA"], path, trust=None)
    assert report.verdict == "INDETERMINATE"
    assert report.codes().count("demand-unproven") == 2
    for level in ("B-B", "B-T", "B-LT"):  # without an archive time-stamp nobody can
        report = judge(office, copies[level], path, trust=None)
        assert report.codes("error") == ["level-too-low", "archive-timestamp-missing"]
    with Office.create(NOW, algorithm="p256", separate_tsa_root=True) as other:
        data = other.certify(scan=SCAN).to_bytes()
        trust = ecert.TrustStore.from_certificates([other.root.certificate])
        report = judge(other, data, path, trust=trust)
    assert told(report) == ("INDETERMINATE", ["demand-unproven", "demand-unproven"])
    assert "timestamp-not-trusted" in report.codes("warning")


@pytest.mark.parametrize("base", ["certified-copy", "signatures"])
def test_archive_timestamp(office: Office, copies: dict[str, bytes], tmp_path: Path, base: str) -> None:
    path = policy(tmp_path, "[require]\narchive_timestamp = true", base=base)
    assert told(judge(office, copies["B-LTA"], path)) == ("VALID", [])
    for level in ("B-T", "B-LT"):
        expected = ("INVALID", ["archive-timestamp-missing"])
        assert told(judge(office, copies[level], path)) == expected
    off = policy(tmp_path, "[require]\narchive_timestamp = false", base=base)
    assert told(judge(office, copies["B-T"], off)) == ("VALID", [])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("signatures = 2", []),
        ("signatures = 3", ["too-few-signatures"]),
        ('fields = ["Signer"]', []),
        ('fields = ["Signer", "Seal"]', []),
        ('fields = ["Seal", "Signer"]', ["signatures-out-of-order"]),
        ('fields = ["Signer", "Minister"]', ["field-unsigned"]),
    ],
)
def test_signatures_and_fields(
    office: Office, copies: dict[str, bytes], tmp_path: Path, text: str, codes: list[str]
) -> None:
    """The archive time-stamp of the copy is no signature."""
    path = policy(tmp_path, f"[require]\n{text}", base="signatures")
    report = judge(office, copies["B-LTA"], path)
    assert told(report) == ("INVALID" if codes else "VALID", codes)
    assert report.content["checks"]["order"] == ("fail" if "order" in "".join(codes) else "pass")


def test_profiles(office: Office, copies: dict[str, bytes], tmp_path: Path) -> None:
    path = policy(tmp_path, '[require]\nprofiles = ["vn-2025-11"]')
    assert told(judge(office, copies["B-T"], path)) == ("VALID", [])
    path = policy(tmp_path, '[require]\nprofiles = ["vn-2025-11-en"]')
    assert told(judge(office, copies["B-T"], path)) == ("INVALID", ["profile-not-accepted"])


# ── algorithms ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("base", ["certified-copy", "signatures"])
@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('digests = ["sha256"]', []),
        ('digests = ["sha384"]', ["SHA-256"]),
        ('signatures = ["ecdsa"]', []),
        ('signatures = ["rsa-pss", "rsa-pkcs1"]', ["ecdsa"]),
        ('curves = ["secp256r1"]', []),
        ('curves = ["secp384r1", "secp521r1"]', ["secp256r1"]),
        ("rsa_bits = 4096", []),
    ],
)
def test_algorithms_of_curves(
    office: Office, copies: dict[str, bytes], tmp_path: Path, base: str, text: str, refused: list[str]
) -> None:
    report = judge(office, copies["B-T"], policy(tmp_path, f"[algorithms]\n{text}", base=base))
    found = [f for f in report.findings if f.code == "algorithm-not-permitted"]
    assert [f.data["algorithm"] for f in found] == 2 * refused  # of the signer and of the seal
    assert report.verdict == ("INVALID" if refused else "VALID")


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("rsa_bits = 2048", []),
        ("rsa_bits = 2049", ["RSA-2048"]),
        ('curves = ["secp384r1"]', []),
        ('signatures = ["rsa-pkcs1"]', []),
        ('signatures = ["rsa-pss"]', ["rsa-pkcs1"]),
    ],
)
def test_algorithms_of_rsa(tmp_path: Path, text: str, refused: list[str]) -> None:
    with Office.create(NOW, algorithm="rsa2048") as office:
        data = office.certify(scan=SCAN, level="B-T").to_bytes()
        report = judge(office, data, policy(tmp_path, f"[algorithms]\n{text}"))
    found = [f for f in report.findings if f.code == "algorithm-not-permitted"]
    assert [f.data["algorithm"] for f in found] == 2 * refused


def test_algorithms_of_the_certificates_above(tmp_path: Path) -> None:
    """The signer's own key and signature are fine; its authority signed with SHA-512."""
    with Office.create(NOW, algorithm="p256", digest="sha512") as office:
        data = office.certify(scan=SCAN, level="B-T").to_bytes()
        report = judge(office, data, policy(tmp_path, '[algorithms]\ndigests = ["sha256"]'))
        found = [f for f in report.findings if f.code == "algorithm-not-permitted"]
    assert [(f.where["field"], f.data["algorithm"]) for f in found] == [("Seal", "SHA-512"), ("Signer", "SHA-512")]


# ── ages ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("level", "after", "outcome"),
    [
        ("B-T", timedelta(days=2), ("VALID", [])),
        # a time-stamp of the kit is off by a second at most: so much later the signer is proven
        ("B-T", timedelta(days=2, seconds=2), ("INVALID", ["sealed-too-late"])),
        ("B-B", timedelta(hours=1), ("INDETERMINATE", ["demand-unproven"])),
    ],
)
def test_seal_days(tmp_path: Path, level: str, after: timedelta, outcome: tuple[str, list[str]]) -> None:
    with Office.create(NOW, algorithm="p256") as office:
        record = CertificationRecord.from_dict(office.record())
        options: dict[str, Any] = {"trust": office.trust, "services": office.services}
        draft = ecert.prepare_copy(SCAN, record, level=level, at=NOW)
        signed = ecert.sign_copy(draft, office.key("signer"), at=NOW, **options)
        office.clock.set(NOW + after)
        sealed = ecert.seal_copy(signed, office.key("seal"), at=NOW + after, **options)
        data = sealed.to_bytes()
        assert told(judge(office, data, policy(tmp_path, "[ages]\nseal_days = 2"))) == outcome


def test_copy_days(office: Office, copies: dict[str, bytes], tmp_path: Path) -> None:
    """Days are counted in Vietnam: the copy is of the morning of one day, judged at the end of another."""
    path = policy(tmp_path, "[ages]\ncopy_days = 30")
    last = NOW.replace(hour=16, minute=59) + timedelta(days=30)  # 23:59
    assert told(judge(office, copies["B-LTA"], path, at=last)) == ("VALID", [])
    report = judge(office, copies["B-LTA"], path, at=last + timedelta(minutes=1))
    assert told(report) == ("INVALID", ["copy-too-old"])
    assert report.findings[0].data == {"count": 31, "limit": 30}


def test_a_copy_dated_ahead_is_as_old_as_its_signature(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ecert.stages.signing, "check_date", lambda *_: None)
    later = NOW + timedelta(days=20)
    record = CertificationRecord.from_dict(office.record(date=later.date()))
    options: dict[str, Any] = {"trust": office.trust, "services": office.services, "at": NOW}
    draft = ecert.prepare_copy(SCAN, record, at=later)
    signed = ecert.sign_copy(draft, office.key("signer"), **options)
    data = ecert.seal_copy(signed, office.key("seal"), **options).to_bytes()
    path = policy(tmp_path, "[ages]\ncopy_days = 10")
    report = judge(office, data, path, at=later)
    assert told(report) == ("INVALID", ["copy-too-old"])


@pytest.mark.parametrize("base", ["certified-copy", "signatures"])
def test_revocation_days(tmp_path: Path, base: str) -> None:
    """The age counts back from the signature that is proven, not from today."""
    path = policy(tmp_path, "[ages]\nrevocation_days = 2", base=base)
    with Office.create(NOW, algorithm="p256") as office:
        leaves = (office.signer, office.seal, office.tsa)
        old = ecert.Evidence.of(ocsps=[office.ocsp(leaf) for leaf in leaves], crls=[office.crl(office.root)])
        young = office.certify(scan=SCAN, level="B-LTA").to_bytes()
        assert judge(office, young, path, at=NOW + timedelta(days=300)).verdict == "VALID"
        office.clock.advance(days=3)
        data = office.certify(scan=SCAN, level="B-B").to_bytes()
        options = {"revocation": None, "evidence": old}
        report = judge(office, data, path, **options)
        assert set(report.codes("unknown")) >= {"revocation-too-old"}
        assert judge(office, data, path).verdict == "VALID"


def test_a_document_without_signatures_is_said_to_have_none(office: Office, tmp_path: Path) -> None:
    record = CertificationRecord.from_dict(office.record())
    draft = ecert.prepare_copy(SCAN, record, at=NOW).to_bytes()
    text = '[require]\nlevel = "B-LTA"\narchive_timestamp = true\nsignatures = 2'
    path = policy(tmp_path, text, base="signatures")
    assert told(judge(office, draft, path)) == ("INVALID", ["unsigned"])


def test_a_promise_is_not_held_against_a_copy_whose_time_stamps_nobody_here_believes() -> None:
    with Office.create(NOW, algorithm="p256", separate_tsa_root=True) as other:
        copies = {level: other.certify(scan=SCAN, level=level).to_bytes() for level in ("B-LT", "B-LTA")}
        trust = ecert.TrustStore.from_certificates([other.root.certificate])
        given: dict[str, Any] = {"at": other.clock.now(), "revocation": "if-present"}
        for data in copies.values():
            report = ecert.verify_copy(data, trust=trust, **given)
            assert report.verdict == "VALID", report.codes()
            assert "timestamp-not-trusted" in report.codes("warning")
            assert "level-below-promise" not in report.codes()
            told = " ".join(report.to_text("en").split())
            for text in (told, report.to_html("en")):
                assert "does not hold what it takes" not in text  # it may: nobody here can tell
                assert "can be verified by what it holds itself" not in text
            assert "There is a time-stamp, but it is not accepted" in told


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────


def test_every_demand_has_a_check_or_is_the_bases_own() -> None:
    rows = {f"{part}.{name}": row for part, kind in DEMAND_TABLES.items() for name, row in demands_of(kind).items()}
    assert set(DEMAND_CHECKS) == {name for name, row in rows.items() if not row.is_stated}
    assert {code for row in rows.values() for code in row.findings} <= set(CATALOGUE)
    assert all(row.findings for row in rows.values() if not row.is_stated)


def test_what_demands_nothing_is_not_described() -> None:
    assert list(Policy("a", "1", "certified").demands()) == []
    strict = Policy("a", "1", "certified", ages=Ages(copy_days=0), require=Requirements(pdfa=True))
    assert list(strict.demands()) == ["require.pdfa", "ages.copy_days"]
