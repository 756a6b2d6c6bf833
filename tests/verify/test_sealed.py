"""Policy ``signed-and-sealed``: persons and then their body, by a registry, and nothing said about a copy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import ecert
from ecert.errors import SettingsError
from ecert.report import Report
from ecert.testing import Office, Press, body_name, person_name
from ecert.testing.pki import Identity
from ecert.testing.specimens.co_signers import co_signed
from ecert.testing.specimens.foreign import filled, foreign
from ecert.testing.specimens.increments import append, changed, stream
from ecert.testing.specimens.other_systems import archived, signed_and_sealed
from ecert.verify.policies import Policy
from tests.verify.policy_files import body, certificate_digest, certifier, head, key_digest, policy

POLICY = "signed-and-sealed"
NOW = datetime(2026, 11, 5, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with Office.create(NOW, algorithm="p256") as office:
        yield office


@pytest.fixture(scope="module")
def press(office: Office) -> Iterator[Press]:
    with Press(office) as press:
        yield press


@pytest.fixture(scope="module")
def document(press: Press) -> bytes:
    return archived(press, signed_and_sealed(press))


@pytest.fixture(scope="module")
def other(office: Office) -> Identity:
    """Return another body's seal."""
    return office.issue(body_name("ỦY BAN NHÂN DÂN XÃ KHÁC", identifiers=("MNS:H00.02",)), algorithm="p256")


@pytest.fixture(scope="module")
def clerk(office: Office) -> Identity:
    return office.issue(person_name("Trần Thị Thử"), algorithm="p256")


def judged(press: Press, data: bytes, wanted: str | Path, **options: object) -> Report:
    given = {"trust": press.office.trust, "policy": wanted, "at": press.now(), "evidence": press.evidence, **options}
    return ecert.verify_copy(data, **given)  # type: ignore[arg-type]


def told(press: Press, data: bytes, folder: Path, rows: str, **options: object) -> tuple[str, list[str]]:
    """Return verdict, and codes that decided it."""
    report = judged(press, data, head(folder, rows, base=POLICY), **options)
    assert report.certified is False
    return report.verdict, report.codes("error", "unknown")


def own(office: Office, **options: str) -> str:
    return body(office) + certifier(office, **options)


def test_a_person_and_then_the_body(press: Press, document: bytes, tmp_path: Path):
    report = judged(press, document, head(tmp_path, own(press.office), base=POLICY))
    assert (report.verdict, report.codes("error", "unknown")) == ("VALID", [])
    assert report.certified is False
    assert json.loads(report.to_json())["certified"] is False
    checks = report.content["checks"]
    assert {c for c, status in checks.items() if status == "not-checked"} == {"record", "statement", "pages", "pdfa"}
    assert set(checks.values()) == {"pass", "not-checked"}
    report.require_valid()


@pytest.mark.parametrize(("lang", "words"), [("en", "Not judged"), ("vi", "Chưa kiểm tra")])
def test_the_first_lines_say_what_was_not_judged(press: Press, document: bytes, tmp_path: Path, lang: str, words: str):
    for report in (
        judged(press, document, head(tmp_path, own(press.office), base=POLICY)),
        judged(press, document, POLICY),
        judged(press, document + b"x", POLICY),
    ):
        first = "\n".join(report.to_text(lang).split("\n\n")[0].splitlines()[1:])
        assert words in first
        assert words in report.to_html(lang).partition("<section")[0]
    report = judged(press, document, head(tmp_path, own(press.office), base=POLICY))
    summary = report.content["summary"][lang]  # type: ignore[index]
    assert summary.index(press.office.signer.name) < summary.index(press.office.seal.name)


def test_without_a_registry_nothing_is_decided(press: Press, document: bytes):
    report = judged(press, document, POLICY)
    assert (report.verdict, report.codes("error", "unknown")) == ("INDETERMINATE", ["registry-missing"])
    assert {report.content["checks"][c] for c in ("seal", "order")} == {"not-checked"}


def test_nobody_signed(press: Press, tmp_path: Path):
    rows = own(press.office)
    assert told(press, press.draft.to_bytes(), tmp_path, rows) == ("INVALID", ["unsigned"])


def test_an_empty_registry_knows_nobody(press: Press, document: bytes, tmp_path: Path):
    assert told(press, document, tmp_path, "") == ("INDETERMINATE", ["seal-key-not-registered"])


def test_a_copy_of_ours_is_signed_and_sealed_too(press: Press, tmp_path: Path):
    report = judged(press, press.copy, head(tmp_path, own(press.office), base=POLICY))
    assert (report.verdict, report.certified) == ("VALID", False)


def test_the_body_signs_number_and_date_between(press: Press, tmp_path: Path):
    seal = lambda p: p.office.key("seal")  # noqa: E731
    data = signed_and_sealed(press, people=(lambda p: p.office.key("signer"), seal, seal))
    assert told(press, data, tmp_path, own(press.office)) == ("VALID", [])


def test_two_persons_of_the_body(press: Press, clerk: Identity, tmp_path: Path):
    data = signed_and_sealed(press, people=(lambda p: p.office.key("signer"), lambda p: p.office.key(clerk)))
    rows = own(press.office)
    assert told(press, data, tmp_path, rows) == ("INDETERMINATE", ["certifier-not-registered"])
    key = f'certificates = ["{certificate_digest(clerk)}"]'
    both = rows + certifier(press.office, name=clerk.name, key=key, capacity="delegated")
    assert told(press, data, tmp_path, both) == ("VALID", [])


def test_what_is_asked_for_is_no_fault_of_a_signature(press: Press, tmp_path: Path):
    """The signatures hold, and the first sentence does not say otherwise."""
    data = signed_and_sealed(press, seal=None)
    assert (
        "not valid" not in judged(press, data, head(tmp_path, own(press.office), base=POLICY)).content["summary"]["en"]
    )
    broken = data.replace(b"60 780 200 12 re", b"60 780 201 12 re")
    assert "not valid" in judged(press, broken, POLICY).content["summary"]["en"]


# ── who may not ──────────────────────────────────────────────────────────────────────────────────


def test_a_person_signs_last(press: Press, tmp_path: Path):
    data = signed_and_sealed(press, people=(lambda p: p.office.key("seal"),), seal=lambda p: p.office.key("signer"))
    assert told(press, data, tmp_path, own(press.office)) == ("INVALID", ["seal-missing"])


def test_the_body_alone(press: Press, tmp_path: Path):
    data = signed_and_sealed(press, people=())
    assert told(press, data, tmp_path, own(press.office)) == ("INDETERMINATE", ["sealed-alone"])
    twice = signed_and_sealed(press, people=(lambda p: p.office.key("seal"),))
    assert told(press, twice, tmp_path, own(press.office)) == ("INDETERMINATE", ["sealed-alone"])


def test_the_bodys_office_signs_and_no_person(press: Press, clerk: Identity, tmp_path: Path):
    data = signed_and_sealed(press, people=(lambda p: p.office.key(clerk),))
    keys = f'public_keys = ["{key_digest(press.office.seal)}", "{key_digest(clerk)}"]'
    report = judged(press, data, head(tmp_path, body(press.office, key=keys), base=POLICY))
    assert (report.verdict, report.codes("error", "unknown")) == ("VALID", [])
    assert "no-person-signed" in report.codes("warning")
    asked = policy(
        tmp_path, '[severities]\nno-person-signed = "unknown"', base=POLICY, top='registry = "registry.toml"'
    )
    assert judged(press, data, asked).verdict == "INDETERMINATE"


def test_a_person_alone(press: Press, tmp_path: Path):
    data = signed_and_sealed(press, seal=None)
    assert told(press, data, tmp_path, own(press.office)) == ("INVALID", ["seal-missing"])


def test_a_stranger_last(press: Press, tmp_path: Path):
    data = signed_and_sealed(press, seal=lambda p: p.stranger.key("seal"))
    verdict, codes = told(press, data, tmp_path, own(press.office))
    assert verdict != "VALID"
    assert "signature-not-trusted" in codes


def test_a_stranger_in_between(press: Press, tmp_path: Path):
    data = signed_and_sealed(press, people=(lambda p: p.office.key("signer"), lambda p: p.stranger.key("signer")))
    assert told(press, data, tmp_path, own(press.office))[0] != "VALID"


def test_another_bodys_seal(press: Press, other: Identity, tmp_path: Path):
    data = signed_and_sealed(press, seal=lambda p: p.office.key(other))
    rows = own(press.office)
    assert told(press, data, tmp_path, rows) == ("INDETERMINATE", ["seal-key-not-registered"])
    second = body(
        press.office,
        own="xa-khac",
        name="Ủy ban nhân dân xã Khác",
        identifiers='identifiers = ["MNS:H00.02"]',
        key=f'public_keys = ["{key_digest(other)}"]',
    )
    assert told(press, data, tmp_path, second + rows) == ("INVALID", ["certifier-not-competent"])
    three = signed_and_sealed(press, people=(lambda p: p.office.key("signer"), lambda p: p.office.key(other)))
    assert told(press, three, tmp_path, second + rows) == ("INVALID", ["seal-key-not-of-body"])


def test_one_key_for_both(press: Press, tmp_path: Path):
    office = press.office
    shared = office.issue(person_name("Lê Văn Một"), algorithm="p256")
    data = signed_and_sealed(press, people=(lambda p: p.office.key(shared),), seal=lambda p: p.office.key(shared))
    key = f'certificates = ["{certificate_digest(shared)}"]'
    rows = body(office, key=f'public_keys = ["{key_digest(shared)}"]') + certifier(office, name=shared.name, key=key)
    assert told(press, data, tmp_path, rows) == ("INVALID", ["seal-missing"])


def test_a_name_borrowed_from_a_registered_person(press: Press, tmp_path: Path):
    namesake = press.office.issue(person_name(press.office.signer.name), algorithm="p256")
    data = signed_and_sealed(press, people=(lambda p: p.office.key(namesake),))
    assert told(press, data, tmp_path, own(press.office)) == ("INDETERMINATE", ["certifier-not-registered"])


def test_a_body_named_like_another(press: Press, tmp_path: Path):
    twin = press.office.issue(body_name(identifiers=()), algorithm="p256")
    data = signed_and_sealed(press, seal=lambda p: p.office.key(twin))
    assert told(press, data, tmp_path, own(press.office)) == ("INDETERMINATE", ["seal-key-not-registered"])


def test_a_page_covered_by_the_seal(press: Press, tmp_path: Path):
    data = co_signed(press, foreign(press), 70, {"Rect": [50, 20, 150, 120]})
    verdict, codes = told(press, data, tmp_path, own(press.office))
    assert (verdict, set(codes)) == ("INDETERMINATE", {"field-covers-page"})


# ── when ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("from = 2026-11-05\nto = 2026-11-05", []),
        ("to = 2026-11-04", ["certifier-not-competent"]),
        ("from = 2026-11-06", ["certifier-not-competent"]),
    ],
)
def test_the_appointment_covers_the_day(press: Press, document: bytes, tmp_path: Path, span: str, expected: list[str]):
    assert told(press, document, tmp_path, own(press.office, span=span))[1] == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ({"span": "to = 2026-11-04"}, ["body-not-competent", "certifier-not-competent"]),
        ({"span": "from = 2026-11-06"}, ["body-not-competent", "certifier-not-competent"]),
        ({"key_span": "to = 2026-11-04"}, ["seal-key-not-of-body"]),
        ({"kind": "district-justice"}, ["body-not-competent", "certifier-not-competent"]),
        ({"kind": "notary-office"}, ["certifier-not-competent"]),
    ],
)
def test_the_body_and_its_key_on_the_day(
    press: Press, document: bytes, tmp_path: Path, lines: dict[str, str], expected: list[str]
):
    rows = body(press.office, **lines) + certifier(press.office)
    assert told(press, document, tmp_path, rows) == ("INVALID", expected)


def test_without_a_proof_it_is_the_day_of_validation_that_decides(press: Press, tmp_path: Path):
    data = signed_and_sealed(press)
    later = press.now() + timedelta(days=3)
    ended = own(press.office, span="to = 2026-11-06")
    assert told(press, data, tmp_path, ended) == ("VALID", [])
    given = {"at": later, "revocation": None}
    verdict, codes = told(press, data, tmp_path, ended, **given)
    assert verdict == "INDETERMINATE"
    assert "competence-unproven-time" in codes


def test_a_clock_set_back_does_not_help(press: Press, tmp_path: Path):
    data = archived(press, signed_and_sealed(press, claimed=press.now() - timedelta(days=2)))
    ended = own(press.office, span="to = 2026-11-04")
    assert told(press, data, tmp_path, ended) == ("INDETERMINATE", ["competence-unproven-time"])
    not_yet = own(press.office, span="from = 2026-11-04")
    assert told(press, data, tmp_path, not_yet) == ("INVALID", ["certifier-not-competent"])
    replaced = body(press.office, key_span="to = 2026-11-04") + certifier(press.office)
    assert told(press, data, tmp_path, replaced) == ("INDETERMINATE", ["competence-unproven-time"])


def test_a_registry_that_does_not_speak_for_the_day(press: Press, document: bytes, tmp_path: Path):
    rows = "valid_to = 2026-11-04\n" + own(press.office)
    assert told(press, document, tmp_path, rows) == ("INDETERMINATE", ["registry-out-of-date"])


# ── what came in between and after ───────────────────────────────────────────────────────────────


def test_filled_in_between_the_signatures(press: Press, tmp_path: Path):
    data = co_signed(press, filled(foreign(press)), 70, {"Rect": [130, 10, 190, 40]})
    verdict, codes = told(press, data, tmp_path, own(press.office))
    assert (verdict, codes) == ("INDETERMINATE", ["form-filled-in"])


def test_filled_in_after_the_seal(press: Press, tmp_path: Path):
    data = filled(co_signed(press, foreign(press), 70, {"Rect": [130, 10, 190, 40]}))
    verdict, codes = told(press, data, tmp_path, own(press.office))
    assert (verdict, set(codes)) == ("INDETERMINATE", {"form-filled-in", "more-after-last-signature"})


def test_an_object_after_the_seal(press: Press, document: bytes, tmp_path: Path):
    data = append(document, {90: stream(b"more")})
    verdict, codes = told(press, data, tmp_path, own(press.office))
    assert (verdict, codes) == ("INDETERMINATE", ["more-after-last-signature"])


def test_validation_data_after_the_seal(press: Press, document: bytes, tmp_path: Path):
    data = append(document, {1: changed(document, 1, DSS={"CRLs": [], "Certs": []})})
    assert told(press, data, tmp_path, own(press.office)) == ("VALID", [])


# ── policy files ─────────────────────────────────────────────────────────────────────────────────


def test_a_file_based_on_it_keeps_what_it_raises(tmp_path: Path):
    made = Policy.from_file(policy(tmp_path, '[severities]\nform-filled-in = "error"', base=POLICY))
    assert made.severities == {"form-filled-in": "error", "annotation-added": "unknown"}
    with pytest.raises(SettingsError, match="lower than its own severity, unknown"):
        Policy.from_file(policy(tmp_path, '[severities]\nform-filled-in = "warning"', base=POLICY))


@pytest.mark.parametrize("demand", ["[require]\nroles = ['signer', 'seal']", "[ages]\ncopy_days = 1"])
def test_what_is_asked_of_copies_alone_does_not_go_with_it(tmp_path: Path, demand: str):
    with pytest.raises(SettingsError, match='goes with based_on = "certified-copy"'):
        Policy.from_file(policy(tmp_path, demand, base=POLICY))


def test_demands_on_signatures_go_with_it(press: Press, document: bytes, tmp_path: Path):
    head(tmp_path, own(press.office), base=POLICY)
    text = "[require]\nsignatures = 3"
    asked = policy(tmp_path, text, base=POLICY, top='registry = "registry.toml"')
    assert judged(press, document, asked).codes("error") == ["too-few-signatures"]
