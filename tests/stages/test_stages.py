"""Draft → SignedCopy → CertifiedCopy: order, levels, refusals, and what stays behind after a failure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import ecert
from ecert.formats.record import CertificationRecord
from ecert.testing import Office, body_name, person_name
from ecert.testing.extensions import TIME_STAMPING
from tests.kit import Desk, small_page, unreadable_files, within


def test_the_default_copy_is_valid_and_b_lta(desk: Desk) -> None:
    report = ecert.verify_copy(desk.copy.to_bytes(), trust=desk.office.trust)
    assert report.verdict == "VALID"
    assert report.codes("error", "unknown", "warning") == []
    levels = {s["role"]: s["level"] for s in report.to_dict()["signatures"]}
    assert levels == {"signer": "B-LTA", "seal": "B-LTA", "timestamp": None}
    assert set(report.to_dict()["checks"].values()) == {"pass", "not-checked"}


def test_each_stage_opens_as_itself_alone(desk: Desk, tmp_path: Path) -> None:
    stages = {ecert.Draft: desk.draft, ecert.SignedCopy: desk.signed, ecert.CertifiedCopy: desk.copy}
    for kind, stage in stages.items():
        path = tmp_path / f"{kind.__name__}.pdf"
        stage.write(path)
        assert kind.open(path).to_bytes() == stage.to_bytes()
        for other in stages:
            if other is not kind:
                with pytest.raises(ecert.StageError):
                    other.open(path)


def test_a_wrong_order_does_not_run(desk: Desk) -> None:
    key = desk.office.key("seal")
    with pytest.raises(ecert.UsageError, match="takes a SignedCopy"):
        ecert.seal_copy(desk.draft, key)  # type: ignore[arg-type]
    with pytest.raises(ecert.UsageError, match="takes a Draft"):
        ecert.sign_copy(desk.signed, key)  # type: ignore[arg-type]


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
def test_every_level_is_reached_and_none_above(desk: Desk, level: str) -> None:
    copy = desk.office.certify(scan=desk.scan, level=level)
    report = ecert.verify_copy(copy.to_bytes(), trust=desk.office.trust, revocation="if-present")
    assert report.verdict == "VALID"
    found = {s["level"] for s in report.to_dict()["signatures"] if s["role"] != "timestamp"}
    assert found == {level}
    assert "level-below-promise" not in report.codes()


def test_a_level_below_the_promise_is_told(desk: Desk) -> None:
    office = desk.office
    copy = ecert.seal_copy(desk.signed, office.key("seal"), level="B-T", trust=office.trust, services=office.services)
    report = ecert.verify_copy(copy.to_bytes(), trust=office.trust, revocation="if-present")
    assert report.verdict == "VALID"
    assert "level-below-promise" in report.codes("warning")
    low = ecert.prepare_copy(desk.scan, desk.record, level="B-B")
    signed = ecert.sign_copy(low, office.key("signer"))
    with pytest.raises(ecert.UsageError, match="promises"):
        ecert.seal_copy(signed, office.key("seal"), level="B-LTA", trust=office.trust)


def test_b_b_needs_no_trust_and_no_service(desk: Desk) -> None:
    draft = ecert.prepare_copy(desk.scan, desk.record, level="B-B")
    signed = ecert.sign_copy(draft, desk.office.key("signer"))
    copy = ecert.seal_copy(signed, desk.office.key("seal"))
    assert ecert.verify_copy(copy.to_bytes()).verdict == "INDETERMINATE"
    report = ecert.verify_copy(copy.to_bytes(), trust=desk.office.trust, revocation="if-present")
    assert report.verdict == "VALID"
    assert "time-not-proven" in report.codes("warning")


def test_higher_levels_ask_for_trust_and_a_time_stamp_service(desk: Desk) -> None:
    key = desk.office.key("signer")
    with pytest.raises(ecert.UsageError, match="trust anchors"):
        ecert.sign_copy(desk.draft, key, services=desk.office.services)
    with pytest.raises(ecert.UsageError, match="time-stamp service"):
        ecert.sign_copy(desk.draft, key, trust=desk.office.trust)


def test_two_desks_days_apart(desk: Desk) -> None:
    with Office.create(dt.datetime(2026, 9, 1, 3, tzinfo=dt.UTC), algorithm="p256") as o:
        record = CertificationRecord.from_dict(o.record(pages=2))
        draft = ecert.prepare_copy(desk.scan, record, at=o.clock.now())
        signed = ecert.sign_copy(draft, o.key("signer"), trust=o.trust, services=o.services, at=o.clock.now())
        o.clock.advance(days=5)
        copy = ecert.seal_copy(signed, o.key("seal"), trust=o.trust, services=o.services, at=o.clock.now())
        report = ecert.verify_copy(copy.to_bytes(), trust=o.trust, at=o.clock.now())
    assert report.verdict == "VALID"
    assert report.codes("warning") == []


def test_signing_on_another_day_than_the_record_says_is_refused(desk: Desk) -> None:
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    with pytest.raises(ecert.InputError, match="the record's date is"):
        ecert.sign_copy(
            desk.draft, desk.office.key("signer"), trust=desk.office.trust, services=desk.office.services, at=tomorrow
        )


def _refused_key(desk: Desk, role: str, identity: Any, **options: Any) -> ecert.SigningKeyError:
    office = desk.office
    given = {"trust": office.trust, "services": office.services, **options}
    key = office.key(identity)
    with pytest.raises(ecert.SigningKeyError) as caught:  # noqa: PT012
        if role == "signer":
            ecert.sign_copy(desk.draft, key, **given)
        else:
            ecert.seal_copy(desk.signed, key, **given)
    return caught.value


def test_keys_are_refused_before_they_are_used(desk: Desk) -> None:
    office = desk.office
    now = office.clock.now()
    name = person_name(office.signer.name)
    other = person_name("Lê Văn Khác")
    other_body = body_name("ỦY BAN NHÂN DÂN XÃ KHÁC", identifiers=("MNS:X99.99",))
    year = dt.timedelta(days=365)
    past = office.issue(name, algorithm="p256", not_before=now - 2 * year, not_after=now - year)
    stamping = office.issue(name, algorithm="p256", use=TIME_STAMPING)
    revoked = office.issue(name, algorithm="p256")
    office.revoke(revoked, at=now - dt.timedelta(hours=1))
    assert _refused_key(desk, "signer", past).code == "certificate-out-of-time"
    assert _refused_key(desk, "signer", stamping).code == "certificate-wrong-usage"
    assert _refused_key(desk, "signer", revoked).code == "certificate-revoked"
    stranger = office.issue(other, algorithm="p256")
    assert _refused_key(desk, "signer", stranger).code == "certifier-differs"
    assert _refused_key(desk, "seal", office.issue(other_body, algorithm="p256")).code == "body-differs"
    with Office.create(algorithm="p256") as foreign:
        error = _refused_key(desk, "signer", foreign.signer)
        assert error.code == "no-path"
        assert error.exit_status == 5


@pytest.mark.parametrize(
    ("name", "stated", "code", "words"),
    [
        (
            body_name("UBND XA MAU", identifiers=()),
            {},
            "body-differs",
            ['[names] aliases = {"Ủy ban nhân dân xã Mẫu" = "UBND XA MAU"}', "prepare the copy again"],
        ),
        (body_name("CÔNG TY MẪU", identifiers=("MST:1",)), {"identifiers": ["MST:1"]}, "body-name-differs", []),
        (
            person_name("Lê Văn Khác", identifiers=("CCCD:001099000001",)),
            {"identifiers": ["CCCD:001099000001"]},
            "body-differs",
            [],
        ),
        (body_name(), {"parent": "Tỉnh Khác"}, "body-name-differs", ['"Tỉnh Khác" = "ỦY BAN NHÂN DÂN TỈNH MẪU"']),
        (body_name(identifiers=("MNS:H00.99",)), {}, "body-differs", ["body.identifiers"]),
    ],
)
def test_a_seal_nobody_would_believe_is_refused(
    desk: Desk, name: Any, stated: dict[str, Any], code: str, words: list[str]
) -> None:
    office = desk.office
    record = CertificationRecord.from_dict(office.record(pages=2, body=stated))
    given: dict[str, Any] = {"trust": office.trust, "services": office.services}
    signed = ecert.sign_copy(ecert.prepare_copy(desk.scan, record), office.key("signer"), **given)
    seal = office.key(office.issue(name, algorithm="p256"))
    with pytest.raises(ecert.SigningKeyError) as caught:
        ecert.seal_copy(signed, seal, **given)
    assert caught.value.code == code
    assert [word for word in words if word not in caught.value.hint] == []
    # the setting helps where names differ, not where identifiers do
    assert ("aliases" in caught.value.hint) == ("body.identifiers" not in words)


def test_the_record_carries_the_certificates_spelling(desk: Desk) -> None:
    office = desk.office
    given: dict[str, Any] = {"trust": office.trust, "services": office.services}
    signer = office.key(office.issue(person_name("NGUYEN VAN MAU"), algorithm="p256"))
    seal = office.key(office.issue(body_name("UBND XA MAU", parent="UBND TINH MAU"), algorithm="p256"))
    stated = {"parent": "Ủy ban nhân dân tỉnh Mẫu"}
    record = CertificationRecord.from_dict(office.record(pages=2, body=stated))
    draft = ecert.prepare_copy(desk.scan, record)
    with pytest.raises(ecert.SigningKeyError) as caught:
        ecert.sign_copy(draft, signer, **given)
    assert f'"{office.signer.name}" = "NGUYEN VAN MAU"' in caught.value.hint
    aliases = {
        "UỶ BAN NHÂN DÂN XÃ MẪU": "UBND XA MAU",
        "Ủy ban nhân dân tỉnh Mẫu": "UBND TINH MAU",
        office.signer.name: "NGUYEN VAN MAU",
    }
    copy = ecert.certify_copy(desk.scan, record.with_names(aliases), signer=signer, seal=seal, **given)
    body, certifier = copy.record.certification.body, copy.record.certification.certifier
    assert (body.name, body.parent) == ("UBND XA MAU", "UBND TINH MAU")
    assert (certifier.name, certifier.title) == ("NGUYEN VAN MAU", "Chủ tịch")
    report = ecert.verify_copy(copy.to_bytes(), trust=office.trust)
    assert (report.verdict, report.codes()) == ("VALID", [])
    assert "sealed by UBND XA MAU;" in report.content["summary"]["en"]


def test_without_revocation_data_no_lower_level_is_written_silently(desk: Desk) -> None:
    office = desk.office
    office.responders.faults |= {"/ocsp": "dead", "/crl": "dead"}
    try:
        with pytest.raises(ecert.ServiceError, match="no revocation data") as caught:
            ecert.sign_copy(desk.draft, office.key("signer"), trust=office.trust, services=office.services)
        assert "/ocsp/" in caught.value.message
        assert "/crl/" in caught.value.message
    finally:
        office.responders.faults.clear()


@pytest.mark.parametrize("fault", ["dead", "garbage", "http-500", "wrong-nonce", "wrong-imprint"])
def test_a_bad_time_stamp_service_is_named_and_the_next_one_asked(desk: Desk, fault: Any) -> None:
    office = desk.office
    office.responders.faults["/tsa"] = fault
    try:
        with pytest.raises(ecert.ServiceError, match="/tsa/office"):
            ecert.sign_copy(desk.draft, office.key("signer"), trust=office.trust, services=office.services)
        second = office.responders.add_time_stamps("second", office.tsa)
        office.responders.faults = {"/tsa/office": fault}
        both = ecert.Services(
            timestamps=(ecert.TimestampService(office.tsa_url, retries=0), ecert.TimestampService(second)),
            allow_hosts=frozenset({"127.0.0.1"}),
        )
        signed = ecert.sign_copy(desk.draft, office.key("signer"), trust=office.trust, services=both)
        assert signed.report.verdict == "VALID"
    finally:
        office.responders.faults = {}


def test_scans_below_the_profile_are_refused_by_name(desk: Desk) -> None:
    scan = ecert.Scan.from_files([small_page(dpi=150), small_page()])
    with pytest.raises(ecert.InputError, match=r"page 1 .* has 150 dpi") as caught:
        ecert.prepare_copy(scan, desk.record)
    assert caught.value.code == "resolution-too-low"


def test_a_record_that_does_not_fit_the_scan_is_refused(desk: Desk) -> None:
    record = CertificationRecord.from_dict(desk.office.record(pages=3))
    with pytest.raises(ecert.RecordError) as caught:
        ecert.prepare_copy(desk.scan, record)
    assert caught.value.path == "original.pages"
    future = desk.office.clock.today() + dt.timedelta(days=2)
    record = CertificationRecord.from_dict(desk.office.record(pages=2, date=future))
    with pytest.raises(ecert.RecordError, match="future"):
        ecert.prepare_copy(desk.scan, record)


def test_a_character_without_a_glyph_is_refused(desk: Desk) -> None:
    changed = desk.office.record(pages=2, original={"title": "漢字"})
    with pytest.raises(ecert.RecordError, match="U\\+6F22"):
        ecert.prepare_copy(desk.scan, CertificationRecord.from_dict(changed))


def test_a_file_is_never_overwritten_unasked_and_never_half_written(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "copy.pdf"
    desk.copy.write(path)
    with pytest.raises(ecert.InputError, match="exists already"):
        desk.draft.write(path)
    assert path.read_bytes() == desk.copy.to_bytes()
    desk.draft.write(path, force=True)
    assert [p.name for p in tmp_path.iterdir()] == ["copy.pdf"]


def test_too_large_an_output_is_refused_before_the_key_is_used(desk: Desk) -> None:
    with pytest.raises(ecert.InputError, match=r"more than 0\.01 MB"):
        ecert.prepare_copy(desk.scan, desk.record, max_output_mb=0.01)


def test_a_picture_that_cannot_be_read_is_refused_before_the_key_is_used(desk: Desk, tmp_path: Path) -> None:
    key = desk.office.key("signer")
    key.sign = lambda data: pytest.fail("the key was used")  # type: ignore[method-assign]
    for reason, path in unreadable_files(tmp_path).items():
        with within(60), pytest.raises(ecert.InputError, match=f"cannot read the image {path}: {reason}") as caught:
            ecert.sign_copy(desk.draft, key, trust=desk.office.trust, services=desk.office.services, image=path)
        assert caught.value.code == ("too-large" if path == Path("/dev/zero") else "not-readable")


def test_pages_without_colour_are_a_warning(desk: Desk) -> None:
    from ecert.testing import sample_images

    scan = ecert.Scan.from_files([sample_images()["g4.tif"], small_page()])
    draft = ecert.prepare_copy(scan, desk.record)
    assert draft.warnings == ("page 1 is not in colour",)
    assert desk.draft.warnings == ()


def test_a_seal_without_services_names_the_lower_level(desk: Desk) -> None:
    office = desk.office
    office.responders.faults["/tsa"] = "dead"
    try:
        with pytest.raises(ecert.ServiceError) as caught:
            ecert.seal_copy(desk.signed, office.key("seal"), trust=office.trust, services=office.services)
        assert "B-T or B-B" in caught.value.hint
        assert "later" in caught.value.hint
    finally:
        office.responders.faults.clear()


@pytest.mark.parametrize("algorithm", ["ed25519", "p521", "rsa3072"])
def test_other_keys_sign_too(desk: Desk, algorithm: Any) -> None:
    with Office.create(algorithm=algorithm) as office:
        copy = office.certify(scan=desk.scan)
        report = ecert.verify_copy(copy.to_bytes(), trust=office.trust)
    assert report.verdict == "VALID"
    assert len({s["algorithms"]["signature"] for s in report.to_dict()["signatures"][:2]}) == 1
