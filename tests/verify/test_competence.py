"""Competence: the same copy on both sides of each date, and what a registry can say about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import ecert
import ecert.stages.signing
from ecert.capture.scan import Scan
from ecert.formats.record import CertificationRecord
from ecert.report import Report
from ecert.testing import Office, body_name, person_name
from ecert.testing.specimens.dishonest import draft
from ecert.testing.specimens.press import Press
from ecert.verify.policies import CERTIFIED_COPY
from tests.kit import small_page
from tests.verify.policy_files import body, certificate_digest, certifier, head, key_digest, policy

DAYS = (date(2025, 6, 30), date(2025, 7, 1), date(2025, 10, 31), date(2025, 11, 1))
DELEGATION = {
    "decision": "12/QĐ-UBND",
    "scope": "chứng thực bản sao",
    "valid_from": "2025-01-01",
    "valid_to": "2026-12-31",
}
SCAN = Scan.from_files([small_page()])


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)  # 09:00 in Vietnam


def certify(office: Office, capacity: str = "head", **options: Any) -> bytes:
    stated: dict[str, Any] = {"capacity": capacity}
    if capacity == "delegated":
        stated["delegation"] = DELEGATION
    record = office.record(certifier=stated | options.pop("certifier", {}))
    given = {"level": "B-T", "record": CertificationRecord.from_dict(record), **options}
    return office.certify(scan=SCAN, **given).to_bytes()


@pytest.fixture(scope="module")
def offices() -> Iterator[dict[date, Office]]:
    """Return an office at work on each of the days."""
    made = {day: Office.create(morning(day), algorithm="p256") for day in DAYS}
    yield made
    for office in made.values():
        office.close()


@pytest.fixture(scope="module")
def copies(offices: dict[date, Office]) -> dict[tuple[date, str], bytes]:
    """Return one copy for each day and capacity."""
    capacities = ("head", "deputy", "delegated", "notary", "consular")
    return {(day, c): certify(offices[day], c) for day in DAYS for c in capacities}


@pytest.fixture(scope="module")
def office(offices: dict[date, Office]) -> Office:
    return offices[DAYS[3]]


@pytest.fixture(scope="module")
def copy(copies: dict[tuple[date, str], bytes]) -> bytes:
    return copies[DAYS[3], "head"]


def judge(office: Office, data: bytes, policy: Path, **options: Any) -> Report:
    given = {"at": office.clock.now(), "evidence": status(office), **options}
    return ecert.verify_copy(data, trust=office.trust, policy=policy, **given)


def status(office: Office) -> ecert.Evidence:
    """Return what a verifier online would have been told: copies at B-T hold no revocation data."""
    leaves = (office.signer, office.seal, office.tsa)
    authorities = {a.slug: a for a in (office.root, office.tsa_root)}.values()
    return ecert.Evidence.of(ocsps=[office.ocsp(leaf) for leaf in leaves], crls=[office.crl(a) for a in authorities])


def told(report: Report) -> list[str]:
    """Return the codes about competence."""
    return [f.code for f in report.findings if f.check == "competence"]


V, BODY, PERSON = "VALID", "body-not-competent", "certifier-not-competent"


@pytest.mark.parametrize(
    ("kind", "capacity", "expected"),
    [
        ("commune", "head", (V, V, V, V)),
        ("commune", "deputy", (V, V, V, PERSON)),
        ("commune", "delegated", (PERSON, PERSON, PERSON, V)),
        ("commune", "notary", (PERSON, PERSON, PERSON, PERSON)),
        ("district-justice", "head", (V, BODY, BODY, BODY)),
        ("district-justice", "deputy", (V, BODY, BODY, BODY)),
        ("district-justice", "delegated", (PERSON, BODY, BODY, BODY)),
        ("notary-office", "notary", (V, V, V, V)),
        ("notary-office", "head", (PERSON, PERSON, PERSON, PERSON)),
        ("consular", "consular", (V, V, V, V)),
    ],
)
def test_the_same_copy_around_the_dates(
    offices: dict[date, Office],
    copies: dict[tuple[date, str], bytes],
    tmp_path: Path,
    kind: str,
    capacity: str,
    expected: tuple[str, ...],
) -> None:
    for day, outcome in zip(DAYS, expected, strict=True):
        office = offices[day]
        rows = body(office, kind=kind) + certifier(office, capacity=capacity)
        report = judge(office, copies[day, capacity], head(tmp_path, rows))
        if outcome == V:
            assert (report.verdict, told(report)) == ("VALID", []), day
            assert report.content["checks"]["competence"] == "pass"
        else:
            assert (report.verdict, told(report)) == ("INVALID", [outcome]), day
            assert report.content["checks"]["competence"] == "fail"
            (finding,) = [f for f in report.findings if f.code == outcome]
            assert finding.data["day"] == day.isoformat()


def test_the_reason_names_the_rule(
    offices: dict[date, Office], copies: dict[tuple[date, str], bytes], tmp_path: Path
) -> None:
    office = offices[DAYS[3]]
    rows = body(office) + certifier(office, capacity="deputy")
    (finding,) = judge(office, copies[DAYS[3], "deputy"], head(tmp_path, rows)).findings[:1]
    assert "NĐ 280/2025/NĐ-CP" in finding.data["reason"]
    text = finding.to_dict()["text"]
    assert text["vi"].startswith("Ngày 01/11/2025, «Nguyễn Văn Mẫu» không có thẩm quyền")
    assert "NĐ 280/2025/NĐ-CP không quy định cương vị này" in text["vi"]


@pytest.mark.parametrize(("minute", "outcome"), [(59, []), (60, ["body-not-competent"])])
def test_the_day_ends_at_midnight_in_vietnam(tmp_path: Path, minute: int, outcome: list[str]) -> None:
    now = datetime(2025, 6, 30, 16, tzinfo=UTC) + timedelta(minutes=minute)  # 23:59 or 00:00
    with Office.create(now, algorithm="p256") as office:
        rows = body(office, kind="district-justice") + certifier(office)
        assert told(judge(office, certify(office), head(tmp_path, rows))) == outcome


def test_without_a_registry_competence_is_not_checked(office: Office, copy: bytes, tmp_path: Path) -> None:
    for chosen in (CERTIFIED_COPY, policy(tmp_path)):
        report = judge(office, copy, chosen)  # type: ignore[arg-type]
        assert report.verdict == "VALID"
        assert report.content["checks"]["competence"] == "not-checked"


def test_what_cannot_be_judged_stays_not_checked(office: Office, copy: bytes, tmp_path: Path) -> None:
    chosen = head(tmp_path, body(office) + certifier(office))
    draft = ecert.prepare_copy(SCAN, CertificationRecord.from_dict(office.record()))
    for data in (draft.to_bytes(), b"no PDF", copy[:-3000], copy.replace(b"<number>152", b"<number>153")):
        report = judge(office, data, chosen)
        assert report.verdict == "INVALID"
        assert report.content["checks"]["competence"] == "not-checked"


# ── bodies ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        # the body existed from the very day, to the very day, or not
        ({"span": "from = 2025-11-01"}, []),
        ({"span": "to = 2025-11-01"}, []),
        ({"span": "from = 2025-11-02"}, ["body-not-competent"]),
        ({"span": "to = 2025-10-31"}, ["body-not-competent"]),
        # an identifier both have says who it is, but under no name that it did not bear;
        # another scheme leaves it to the name
        ({"name": "Ủy ban nhân dân xã Khác"}, ["body-not-competent"]),
        ({"identifiers": 'identifiers = ["MNS:H00.02"]'}, ["body-not-registered"]),
        ({"identifiers": 'identifiers = ["MST:0100000000"]'}, []),
        ({"identifiers": ""}, []),
        # the name holds for its own days; spelling does not matter
        ({"identifiers": "", "name": "UỶ BAN  nhân dân xã mẫu"}, []),
        ({"identifiers": "", "name": "Ủy ban nhân dân xã Khác"}, ["body-not-registered"]),
        ({"identifiers": "", "name_span": "to = 2025-10-31"}, ["body-not-competent"]),
        ({"identifiers": "", "name_span": "from = 2025-11-01"}, []),
    ],
)
def test_bodies(office: Office, copy: bytes, tmp_path: Path, change: dict[str, str], codes: list[str]) -> None:
    report = judge(office, copy, head(tmp_path, body(office, **change) + certifier(office)))
    assert told(report) == codes
    verdicts = {"body-not-competent": "INVALID", "body-not-registered": "INDETERMINATE"}
    assert report.verdict == (verdicts[codes[0]] if codes else "VALID")


def test_a_commune_that_was_merged_and_its_successor_of_the_same_name(
    offices: dict[date, Office], copies: dict[tuple[date, str], bytes], tmp_path: Path
) -> None:
    """Each certifies on its own side of 1-Jul-2025; the old one's key seals nothing of the new one's."""
    for day, right, wrong in ((DAYS[0], "xa-mau-cu", "xa-mau"), (DAYS[1], "xa-mau", "xa-mau-cu")):
        office, data = offices[day], copies[day, "head"]

        def rows(owner: str, office: Office = office) -> str:
            own, none = f'public_keys = ["{key_digest(office.seal)}"]', ""
            old = body(
                office,
                own="xa-mau-cu",
                identifiers="",
                span="to = 2025-06-30",
                key=own if owner == "xa-mau-cu" else none,
            )
            new = body(
                office, own="xa-mau", identifiers="", span="from = 2025-07-01", key=own if owner == "xa-mau" else none
            )
            return old + new + certifier(office, body=owner)

        assert told(judge(office, data, head(tmp_path, rows(right)))) == []
        assert told(judge(office, data, head(tmp_path, rows(wrong)))) == [
            "certifier-not-competent",
            "seal-key-not-of-body",
        ]


def test_namesakes_are_told_apart_by_the_seal_alone(office: Office, copy: bytes, tmp_path: Path) -> None:
    ours = body(office, identifiers="")
    other = body(office, own="xa-mau-khac", identifiers="", key=f'certificates = ["{"0" * 64}"]')
    assert told(judge(office, copy, head(tmp_path, ours + other + certifier(office)))) == []
    ours = body(office, identifiers="", key="")
    report = judge(office, copy, head(tmp_path, ours + other + certifier(office)))
    assert (report.verdict, told(report)) == ("INDETERMINATE", ["body-not-registered"])
    assert "nothing tells them apart" in report.findings[0].data["reason"]


# ── the seal's key ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "span", "codes"),
    [
        ("certificate", "", []),
        ("public_key", "", []),
        ("identifier", "", []),
        ("certificate", "from = 2025-11-01\nto = 2025-11-01", []),
        ("certificate", "from = 2025-11-02", ["seal-key-not-of-body"]),
        ("certificate", "to = 2025-10-31", ["seal-key-not-of-body"]),
        ("none", "", ["seal-key-not-registered"]),
        ("unknown", "", ["seal-key-not-registered"]),
    ],
)
def test_seal_keys(office: Office, copy: bytes, tmp_path: Path, key: str, span: str, codes: list[str]) -> None:
    lines = {
        "certificate": f'certificates = ["sha256:{certificate_digest(office.seal).upper()}"]',
        "public_key": f'public_keys = ["{key_digest(office.seal)}"]',
        "identifier": 'identifiers = ["mns:h00.01"]',
        "unknown": f'public_keys = ["{"0" * 64}"]',
        "none": "",
    }
    rows = body(office, key=lines[key], key_span=span) + certifier(office)
    report = judge(office, copy, head(tmp_path, rows))
    assert told(report) == codes
    verdicts = {"seal-key-not-of-body": "INVALID", "seal-key-not-registered": "INDETERMINATE"}
    assert report.verdict == (verdicts[codes[0]] if codes else "VALID")


def test_the_key_of_another_body_is_an_error(office: Office, copy: bytes, tmp_path: Path) -> None:
    other = body(office, own="khac", identifiers="", name="Ủy ban nhân dân xã Khác")
    rows = body(office, key="") + other + certifier(office)
    report = judge(office, copy, head(tmp_path, rows))
    assert (report.verdict, told(report)) == ("INVALID", ["seal-key-not-of-body"])


def test_a_renewed_key_seals_what_was_signed_before(tmp_path: Path) -> None:
    """Signed on Friday, sealed on Monday with a key that is the body's since Monday."""
    with Office.create(datetime(2026, 10, 2, 2, tzinfo=UTC), algorithm="p256") as office:
        record = CertificationRecord.from_dict(office.record())
        options: dict[str, Any] = {"trust": office.trust, "services": office.services}
        signed = ecert.sign_copy(
            ecert.prepare_copy(SCAN, record, level="B-T"), office.key("signer"), at=office.clock.now(), **options
        )
        office.clock.advance(days=3)
        sealed = ecert.seal_copy(signed, office.key("seal"), at=office.clock.now(), **options)
        for span, codes in (
            ("from = 2026-10-05", []),
            ("from = 2026-10-06", ["seal-key-not-of-body"]),
            ("to = 2026-10-02", ["competence-unproven-time"]),
            ("to = 2026-10-01", ["seal-key-not-of-body"]),
        ):
            rows = body(office, key_span=span) + certifier(office)
            assert told(judge(office, sealed.to_bytes(), head(tmp_path, rows))) == codes, span


# ── a seal that bears another name ───────────────────────────────────────────────────────────────

OLD_NAME, COMPANY = "ỦY BAN NHÂN DÂN XÃ MẪU CŨ", "CÔNG TY TNHH MẪU"
PROVINCE = "Ủy ban nhân dân tỉnh Khác"
NO_KEY = f'public_keys = ["{"0" * 64}"]'


def sealed_by(office: Office, name: Any, **stated: Any) -> tuple[bytes, str]:
    """Return a copy that a certificate of this name sealed, as no honest office would, and the key's digest."""
    record = CertificationRecord.from_dict(office.record(body=stated))
    identity = office.issue(name, algorithm="p256")
    with Press(office) as press:
        work = draft(press, record=record, sheets=[small_page()]).sign("signer")
        return work.sign("seal", office.key(identity)).archive(), key_digest(identity)


@pytest.fixture(scope="module")
def renamed(office: Office) -> tuple[bytes, str]:
    """Return a copy sealed with a certificate of the body's old name and its own identifier."""
    return sealed_by(office, body_name(OLD_NAME))


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        # this body had this key on that day, under the record's name
        ({}, []),
        ({"name_span": "from = 2025-11-01"}, []),
        ({"key_span": "from = 2025-11-01\nto = 2025-11-01"}, []),
        ({"identifiers": ""}, []),
        # or this identifier; that the key is its own still has to be said
        ({"key": 'identifiers = ["MNS:H00.01"]'}, []),
        ({"key": NO_KEY}, ["seal-key-not-registered"]),
        ({"key": NO_KEY, "identifiers": ""}, ["body-name-differs", "seal-key-not-registered"]),
        (
            {"key": NO_KEY, "identifiers": 'identifiers = ["MST:0100000001"]'},
            ["body-name-differs", "seal-key-not-registered"],
        ),
        # not another day's key, name or body
        ({"identifiers": "", "key_span": "to = 2025-10-31"}, ["body-name-differs", "seal-key-not-of-body"]),
        ({"name_span": "from = 2025-11-02"}, ["body-name-differs", "body-not-competent"]),
        ({"span": "to = 2025-10-31"}, ["body-name-differs", "body-not-competent"]),
        ({"name": "Ủy ban nhân dân xã Khác"}, ["body-name-differs", "body-not-competent"]),
        # nor a body of which the registry says nothing
        ({"identifiers": 'identifiers = ["MNS:H00.02"]'}, ["body-name-differs", "body-not-registered"]),
    ],
)
def test_a_registry_may_vouch_for_a_seal_of_another_name(
    office: Office, renamed: tuple[bytes, str], tmp_path: Path, change: dict[str, str], codes: list[str]
) -> None:
    data, digest = renamed
    rows = body(office, **{"key": f'public_keys = ["{digest}"]'} | change) + certifier(office)
    report = judge(office, data, head(tmp_path, rows))
    asked = {f.code for f in report.findings if f.check in ("record", "competence")}
    assert sorted(asked) == codes
    if not codes:
        assert (report.verdict, report.findings) == ("VALID", ())
        assert f"Ủy ban nhân dân xã Mẫu (on the certificate: {OLD_NAME})" in report.content["summary"]["en"]
        assert report.to_dict()["copy"]["body"]["certificate_name"] == OLD_NAME


def test_a_seal_of_another_name_is_not_believed_without_a_registry(
    office: Office, renamed: tuple[bytes, str], tmp_path: Path
) -> None:
    for chosen in (CERTIFIED_COPY, policy(tmp_path)):
        report = judge(office, renamed[0], chosen)  # type: ignore[arg-type]
        assert (report.verdict, report.codes()) == ("INDETERMINATE", ["body-name-differs"])
        assert report.content["checks"]["record"] == "unknown"


def test_a_registry_that_does_not_speak_for_the_day_vouches_for_nothing(
    office: Office, renamed: tuple[bytes, str], tmp_path: Path
) -> None:
    data, digest = renamed
    rows = body(office, key=f'public_keys = ["{digest}"]') + certifier(office)
    report = judge(office, data, head(tmp_path, "valid_to = 2025-10-31\n" + rows))
    assert sorted(report.codes()) == ["body-name-differs", "registry-out-of-date"]


def test_a_registry_vouches_for_the_body_above_by_name_alone(office: Office, tmp_path: Path) -> None:
    """The record names another province than the certificate: somebody has to say so."""
    data, digest = sealed_by(office, body_name(), parent=PROVINCE)
    rows = body(office, key=f'public_keys = ["{digest}"]') + certifier(office)
    assert judge(office, data, head(tmp_path, rows)).codes() == ["body-name-differs"]
    text = 'text = "Ủy ban nhân dân xã Mẫu"'
    assert text in rows
    below = rows.replace(text, f'{text}\nparent = "{PROVINCE}"')
    assert judge(office, data, head(tmp_path, below)).verdict == "VALID"
    other = rows.replace(text, f'{text}\nparent = "Ủy ban nhân dân tỉnh Mẫu"')
    assert "body-name-differs" in judge(office, data, head(tmp_path, other)).codes()


def test_a_companys_seal_is_none_whatever_the_record_states(office: Office, tmp_path: Path) -> None:
    tax_code = "MST:0100000001"
    data, digest = sealed_by(office, body_name(COMPANY, identifiers=(tax_code,)), identifiers=[tax_code])
    for key in (NO_KEY, 'identifiers = ["MNS:H00.01"]'):
        report = judge(office, data, head(tmp_path, body(office, key=key) + certifier(office)))
        assert report.verdict == "INDETERMINATE"
        assert set(report.codes()) == {"body-name-differs", "seal-key-not-registered"}
    # the company stands in the registry too
    company = body(
        office,
        own="cong-ty",
        identifiers=f'identifiers = ["{tax_code}"]',
        name=COMPANY,
        key=f'public_keys = ["{digest}"]',
    )
    rows = body(office, identifiers="", key="") + company + certifier(office)
    report = judge(office, data, head(tmp_path, rows))
    assert report.verdict == "INVALID"
    assert "body-name-differs" in report.codes("unknown")


def test_a_registered_key_does_not_outweigh_identifiers_that_contradict(office: Office, tmp_path: Path) -> None:
    data, digest = sealed_by(office, body_name(identifiers=("MNS:H00.99",)))
    rows = body(office, key=f'public_keys = ["{digest}"]') + certifier(office)
    assert judge(office, data, head(tmp_path, rows)).codes("error") == ["body-differs"]


# ── the certifier ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "verdict", "codes"),
    [
        ({"span": "from = 2025-11-01\nto = 2025-11-01"}, "VALID", []),
        ({"span": "from = 2025-11-02"}, "INVALID", ["certifier-not-competent"]),
        ({"span": "to = 2025-10-31"}, "INVALID", ["certifier-not-competent"]),
        ({"capacity": "delegated"}, "INVALID", ["certifier-not-competent"]),
        ({"body": "xa-khac"}, "INVALID", ["certifier-not-competent"]),
        ({"name": "Lê Văn Khác"}, "INDETERMINATE", ["certifier-not-registered"]),
        ({"name": "NGUYỄN  văn mẫu"}, "VALID", []),
        ({"key": f'certificates = ["{"0" * 64}"]'}, "INDETERMINATE", ["certifier-not-registered"]),
        ({"key": 'identifiers = ["CCCD:000000000000"]'}, "INDETERMINATE", ["certifier-not-registered"]),
    ],
)
def test_certifiers(
    office: Office, copy: bytes, tmp_path: Path, change: dict[str, str], verdict: str, codes: list[str]
) -> None:
    other = body(office, own="xa-khac", identifiers="", name="Ủy ban nhân dân xã Khác", key="")
    report = judge(office, copy, head(tmp_path, body(office) + other + certifier(office, **change)))
    assert (report.verdict, told(report)) == (verdict, codes)


def test_a_person_is_known_by_any_mark_of_the_key(office: Office, tmp_path: Path) -> None:
    person = office.issue(person_name(identifiers=("CCCD:000000000000",)), algorithm="p256")
    data = certify(office, signer=office.key(person))
    evidence = status(office) + ecert.Evidence.of(ocsps=[office.ocsp(person)])
    for key in (
        'identifiers = ["cccd:000000000000"]',
        f'public_keys = ["{key_digest(person)}"]',
        f'certificates = ["{"0" * 64}", "{certificate_digest(person)}"]',
        f'certificates = ["{"0" * 64}"]\nidentifiers = ["CCCD:000000000000"]',
    ):
        chosen = head(tmp_path, body(office) + certifier(office, key=key))
        assert judge(office, data, chosen, evidence=evidence).verdict == "VALID", key


def test_one_of_several_appointments_is_enough(office: Office, copy: bytes, tmp_path: Path) -> None:
    before = certifier(office, capacity="deputy", span="to = 2025-10-31")
    now = certifier(office, capacity="head", span="from = 2025-11-01")
    assert told(judge(office, copy, head(tmp_path, body(office) + before + now))) == []


def test_a_delegation_covers_the_proven_day_too(tmp_path: Path) -> None:
    """The record's own delegation ends before anything proves the signature."""
    with Office.create(morning(date(2026, 3, 31)), algorithm="p256") as office:
        delegation = DELEGATION | {"valid_to": "2026-03-31"}
        data = certify(office, "delegated", level="B-B", certifier={"delegation": delegation})
        rows = head(tmp_path, body(office) + certifier(office, capacity="delegated"))
        assert told(judge(office, data, rows)) == []
        office.clock.advance(days=1)
        assert told(judge(office, data, rows)) == ["competence-unproven-time"]


# ── days that are proven, days that are claimed ──────────────────────────────────────────────────


def test_without_a_time_stamp_only_those_still_in_office_are_believed(tmp_path: Path) -> None:
    with Office.create(morning(DAYS[0]), algorithm="p256") as office:
        plain, stamped = certify(office, level="B-B"), certify(office, level="B-T")
        chosen = head(tmp_path, body(office, kind="district-justice") + certifier(office))
        assert judge(office, plain, chosen).verdict == "VALID"
        office.clock.advance(days=1)
        report = judge(office, plain, chosen)
        assert (report.verdict, told(report)) == ("INDETERMINATE", ["competence-unproven-time"])
        assert report.content["checks"]["competence"] == "unknown"
        assert judge(office, stamped, chosen).verdict == "VALID"


@pytest.mark.parametrize(
    ("dated", "span", "verdict", "codes"),
    [
        # signed on 1-Jul-2025: back-dated to the last day of the person's office, or dated ahead
        (date(2025, 6, 30), "to = 2025-06-30", "INDETERMINATE", ["competence-unproven-time"]),
        (date(2025, 6, 30), "to = 2025-07-01", "VALID", []),
        (date(2025, 7, 2), "from = 2025-07-02", "INVALID", ["certifier-not-competent"]),
        (date(2025, 7, 2), "from = 2025-07-01", "VALID", []),
    ],
)
def test_a_record_of_another_day_than_the_signature(
    offices: dict[date, Office],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    dated: date,
    span: str,
    verdict: str,
    codes: list[str],
) -> None:
    # an honest office refuses both
    monkeypatch.setattr(ecert.stages.signing, "check_date", lambda *_: None)
    office = offices[DAYS[1]]
    record = CertificationRecord.from_dict(office.record(date=dated))
    draft = ecert.prepare_copy(SCAN, record, level="B-T", at=morning(date(2025, 7, 2)))
    options: dict[str, Any] = {"trust": office.trust, "services": office.services, "at": office.clock.now()}
    signed = ecert.sign_copy(draft, office.key("signer"), **options)
    data = ecert.seal_copy(signed, office.key("seal"), **options).to_bytes()
    report = judge(office, data, head(tmp_path, body(office) + certifier(office, span=span)))
    assert (report.verdict, told(report)) == (verdict, codes)
    assert "date-differs" in report.codes("warning")


def test_a_registry_speaks_for_its_own_days(office: Office, copy: bytes, tmp_path: Path) -> None:
    rows = body(office) + certifier(office)
    for span, codes in (
        ("valid_from = 2025-11-01\nvalid_to = 2025-11-01\n", []),
        ("valid_to = 2025-10-31\n", ["registry-out-of-date"]),
        ("valid_from = 2025-11-02\n", ["registry-out-of-date"]),
    ):
        report = judge(office, copy, head(tmp_path, span + rows))
        assert told(report) == codes
        assert report.verdict == ("INDETERMINATE" if codes else "VALID")


def test_a_registry_may_bring_its_own_rules(
    offices: dict[date, Office], copies: dict[tuple[date, str], bytes], tmp_path: Path
) -> None:
    office, data = offices[DAYS[3]], copies[DAYS[3], "deputy"]
    rule = '[[rule]]\nkind = "commune"\ncapacities = ["deputy"]\nbasis = "mẫu"\n'
    rows = body(office) + certifier(office, capacity="deputy")
    assert told(judge(office, data, head(tmp_path, rule + rows))) == []
    # it stands instead of all rules of that kind
    before = head(tmp_path, rule.replace("basis", "to = 2025-10-31\nbasis") + rows)
    assert told(judge(office, data, before)) == ["body-not-competent"]
    # a kind of its own
    kind = rule.replace("commune", "special-zone") + rows.replace('"commune"', '"special-zone"')
    assert told(judge(office, data, head(tmp_path, kind))) == []


# ── what the report may say ──────────────────────────────────────────────────────────────────────


def test_nothing_of_the_registry_but_its_name_and_digest_is_reported(
    office: Office, copy: bytes, tmp_path: Path
) -> None:
    private = 'decision = "99/QĐ-BÍMẬT"\ntitle = "Riêng tư"\nscope = "kín"'
    change = {"capacity": "deputy", "more": private}
    rows = (
        body(office)
        + certifier(office, **change)
        + certifier(office, name="Người Khác", key='identifiers = ["CCCD:001"]')
    )
    chosen = head(tmp_path, "valid_from = 2020-01-01\n" + rows)
    report = judge(office, copy, chosen)
    assert told(report) == ["certifier-not-competent"]
    written = report.to_json() + report.to_text("vi") + report.to_text("en")
    for word in ("BÍMẬT", "Riêng tư", "kín", "Người Khác", "CCCD:001"):
        assert word not in written
    assert report.content["policy"]["settings"]["registry"] == {
        "id": "vn.example.registry",
        "version": "2026-11-01",
        "sha256": dataclasses.asdict(ecert.Policy.from_file(chosen))["registry"]["sha256"],
        "valid_from": "2020-01-01",
        "valid_to": None,
    }


def test_another_persons_certificate_of_the_same_name_is_not_registered(office: Office, tmp_path: Path) -> None:
    namesake = office.issue(person_name(), algorithm="p256")
    data = certify(office, signer=office.key(namesake))
    evidence = status(office) + ecert.Evidence.of(ocsps=[office.ocsp(namesake)])
    chosen = head(tmp_path, body(office) + certifier(office))
    report = judge(office, data, chosen, evidence=evidence)
    assert (report.verdict, told(report)) == ("INDETERMINATE", ["certifier-not-registered"])


def test_another_seal_with_the_bodys_name_is_not_registered(office: Office, tmp_path: Path) -> None:
    other = office.issue(body_name(), algorithm="p256")
    data = certify(office, seal=office.key(other))
    evidence = status(office) + ecert.Evidence.of(ocsps=[office.ocsp(other)])
    chosen = head(tmp_path, body(office) + certifier(office))
    report = judge(office, data, chosen, evidence=evidence)
    assert (report.verdict, told(report)) == ("INDETERMINATE", ["seal-key-not-registered"])
