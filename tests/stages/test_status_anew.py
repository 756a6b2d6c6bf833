"""The status of a certificate about to sign is asked anew, whatever is kept; so is the signer's before a seal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import ecert
from ecert.formats.record import CertificationRecord
from ecert.sign.soft import SoftKey
from ecert.testing import Office
from ecert.trust.cache import AnswerCache
from tests.kit import small_page, unreadable_files, within

NOW = dt.datetime(2026, 10, 1, 3, tzinfo=dt.UTC)
#: the kit's root publishes a CRL alone, so authorities' status comes from there in any case
WAYS = ("ocsp", "crl", "both")


@pytest.fixture
def office() -> Iterator[Office]:
    with Office.create(NOW, algorithm="p256") as office:
        yield office


@pytest.fixture(scope="module")
def scan() -> ecert.Scan:
    return ecert.Scan.from_files([small_page()])


def with_services(office: Office, way: str = "both", **changes: Any) -> ecert.Services:
    """Return services of an office whose signer and seal are told of in one way, or in both."""
    if way == "ocsp":
        office.responders.faults["/crl/issuing.crl"] = "http-500"
    if way == "crl":
        changes["revocation"] = ("crl",)
    return office.services_with(office.tsa_url, **changes)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(ecert.EcertError) as caught:
        act()
    return caught.value.code


class Slow(SoftKey):
    """A key whose signature takes so long that something happens meanwhile."""

    meanwhile: Callable[[], object]

    def _sign_data(self, data: bytes) -> bytes:
        self.meanwhile()
        return super()._sign_data(data)


def slow_key(office: Office, who: Any, meanwhile: Callable[[], object]) -> SoftKey:
    key = office.key(who)
    assert isinstance(key, SoftKey)
    slow = Slow(key._key, list(key.chain), key.scheme)
    slow.meanwhile = meanwhile
    return slow


# ── between two copies of one Services ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("level", ["B-T", "B-LT", "B-LTA"])
@pytest.mark.parametrize("folder", [False, True], ids=["memory", "folder"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("who", ["signer", "seal"])
def test_revoked_between_two_copies(
    office: Office, scan: ecert.Scan, tmp_path: Path, way: str, folder: bool, who: Any, level: str
) -> None:
    cache = tmp_path / "answers" if folder else None
    services = with_services(office, way, cache_dir=cache)
    office.certify(scan=scan, services=services, level=level)
    office.clock.advance(minutes=6)
    office.revoke(who)
    if folder:  # another process: its memory is the folder alone
        services = with_services(office, way, cache_dir=cache)
    office.responders.requests.clear()
    assert refused(lambda: office.certify(scan=scan, services=services, level=level)) == ("certificate-revoked")
    if who == "signer":  # before the key was used, and before anybody stamped anything
        assert office.responders.requests["/tsa/office"] == 0


def test_the_answer_of_a_moment_ago_serves(office: Office, scan: ecert.Scan) -> None:
    services = with_services(office)
    office.certify(scan=scan, services=services)
    office.responders.requests.clear()
    office.certify(scan=scan, services=services)
    # before the keys are used nobody is asked; after it, for each is proven a second later than it was told of
    assert office.responders.requests == {"/tsa/office": 3, "/ocsp/issuing": 2}
    office.clock.advance(minutes=6)
    office.responders.requests.clear()
    office.certify(scan=scan, services=services)
    assert office.responders.requests == {"/tsa/office": 3, "/ocsp/issuing": 4}


def test_an_ocsp_answer_from_before_the_signature_is_not_what_a_copy_ends_with(
    office: Office, scan: ecert.Scan
) -> None:
    services = with_services(office)
    office.certify(scan=scan, services=services)
    office.clock.advance(minutes=1)  # the answers are recent, and older than the next signatures
    office.responders.requests.clear()
    copy = office.certify(scan=scan, services=services)
    assert office.responders.requests == {"/tsa/office": 3, "/ocsp/issuing": 2}
    chains = [s["chain"][0]["revocation"] for s in copy.report.to_dict()["signatures"][:2]]
    assert {c["this_update"] for c in chains} == {"2026-10-01T03:01:00Z"}
    # so a revocation of that minute is seen too, though the key has been used
    office.clock.advance(minutes=1)
    office.revoke("seal")
    assert refused(lambda: office.certify(scan=scan, services=services)) == "certificate-revoked"


@pytest.mark.parametrize(("seconds", "code"), [(0, "certificate-revoked"), (60, ""), (3600, "")])
def test_how_old_an_answer_may_be_is_a_setting(office: Office, scan: ecert.Scan, seconds: float, code: str) -> None:
    services = with_services(office, "crl", status_max_age_s=seconds)
    office.certify(scan=scan, services=services)
    office.revoke("signer")
    act = lambda: office.certify(scan=scan, services=services)  # noqa: E731
    if code:
        assert refused(act) == code
        return
    act()
    office.clock.advance(seconds=seconds + 1)
    assert refused(act) == "certificate-revoked"


def test_an_answer_ages_by_the_machines_clock_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pins the time of an act does not stop time."""
    cache = AnswerCache()
    clock = [1000.0]
    monkeypatch.setattr("ecert.trust.cache.time.time", lambda: clock[0])
    until = NOW + dt.timedelta(days=1)
    cache.put("q", b"a", until, fetched=NOW)
    cache.put("undated", b"a", until)
    assert cache.get("q", NOW, max_age_s=300) == b"a"
    assert cache.get("undated", NOW, max_age_s=300) is None
    assert cache.get("undated", NOW) == b"a"
    for moment in (NOW + dt.timedelta(seconds=301), NOW - dt.timedelta(seconds=1)):
        assert cache.get("q", moment, max_age_s=300) is None
    for clock[0] in (1301.0, 999.0):
        assert cache.get("q", NOW, max_age_s=300) is None
        assert cache.get("q", NOW) == b"a"
    assert cache.get("q", NOW, max_age_s=0) is None


# ── while the key signs ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("level", ["B-T", "B-LTA"])
@pytest.mark.parametrize("who", ["signer", "seal"])
def test_revoked_while_the_key_signs(office: Office, scan: ecert.Scan, level: str, who: Any, way: str) -> None:
    def meanwhile() -> None:
        office.clock.advance(minutes=6)
        office.revoke(who)

    services = with_services(office, way)
    record = CertificationRecord.from_dict(office.record(pages=1))
    trust = office.trust
    draft = ecert.prepare_copy(scan, record, level=level, at=NOW)
    keys = {"signer": office.key("signer"), "seal": office.key("seal")}
    keys[who] = slow_key(office, who, meanwhile)

    def sign() -> ecert.SignedCopy:
        return ecert.sign_copy(draft, keys["signer"], trust=trust, services=services)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ecert.stages.call.read_clock", lambda at: at or office.clock.now())
        patch.setattr("ecert.stages.self_check.read_clock", lambda at: at or office.clock.now())
        if who == "signer":
            assert refused(sign) == "certificate-revoked"
            return
        signed = sign()
        assert refused(lambda: ecert.seal_copy(signed, keys["seal"], trust=trust, services=services)) == (
            "certificate-revoked"
        )


# ── who does not answer ──────────────────────────────────────────────────────────────────────────


def test_without_an_answer_nothing_above_b_t_is_written(office: Office, scan: ecert.Scan) -> None:
    services = with_services(office)
    office.certify(scan=scan, services=services)
    office.clock.advance(minutes=6)
    faults = office.responders.faults
    faults |= {"/ocsp/issuing": "dead", "/crl/issuing.crl": "dead"}
    with pytest.raises(ecert.ServiceError, match="no revocation data") as caught:
        office.certify(scan=scan, services=services)
    assert caught.value.code == "revocation-missing"
    assert "/ocsp/issuing" in caught.value.message
    office.certify(scan=scan, services=with_services(office), level="B-T")


def test_one_way_to_ask_is_enough(office: Office, scan: ecert.Scan) -> None:
    services = with_services(office)
    office.certify(scan=scan, services=services)
    office.clock.advance(minutes=6)
    office.responders.faults["/ocsp/issuing"] = "dead"
    copy = office.certify(scan=scan, services=services)
    assert copy.report.verdict == "VALID"
    office.clock.advance(minutes=6)
    office.revoke("signer")
    assert refused(lambda: office.certify(scan=scan, services=services)) == "certificate-revoked"


def test_lists_from_files_serve_where_nobody_may_be_asked(office: Office, scan: ecert.Scan, tmp_path: Path) -> None:
    paths = []
    for authority in (office.root, office.issuing, office.tsa_authority):
        paths.append(tmp_path / f"{authority.slug}.crl")
        paths[-1].write_bytes(office.crl(authority))
    office.clock.advance(hours=1)
    alone = with_services(office, revocation=(), crl_files=tuple(paths))
    assert office.certify(scan=scan, services=alone).report.verdict == "VALID"
    # where somebody may be asked, he is
    beside = with_services(office, crl_files=tuple(paths))
    office.revoke("signer")
    assert refused(lambda: office.certify(scan=scan, services=beside)) == "certificate-revoked"
    office.responders.faults |= {"/ocsp": "dead", "/crl": "dead"}
    with pytest.raises(ecert.ServiceError, match="no new revocation data") as caught:
        office.certify(scan=scan, services=with_services(office, crl_files=tuple(paths)))
    assert "services.revocation = []" in caught.value.hint


def test_a_list_that_cannot_be_read_is_refused_by_name(office: Office, scan: ecert.Scan, tmp_path: Path) -> None:
    for reason, path in unreadable_files(tmp_path).items():
        services = with_services(office, revocation=(), crl_files=(path,))
        with within(60), pytest.raises(ecert.SettingsError, match=f"cannot read the CRL {path}: {reason}"):
            office.certify(scan=scan, services=services)


# ── the signer before the seal ───────────────────────────────────────────────────────────────────


class Untouched(SoftKey):
    """A key that must not be used."""

    def _sign_data(self, data: bytes) -> bytes:
        raise AssertionError("the seal's key was used")


def untouched(office: Office) -> SoftKey:
    key = office.key("seal")
    assert isinstance(key, SoftKey)
    return Untouched(key._key, list(key.chain), key.scheme)


def sign(office: Office, scan: ecert.Scan, level: str, **options: Any) -> ecert.SignedCopy:
    record = CertificationRecord.from_dict(office.record(pages=1))
    now = office.clock.now()
    draft = ecert.prepare_copy(scan, record, level=level, at=now)
    signed = ecert.sign_copy(draft, office.key("signer"), at=now, **options)
    return ecert.SignedCopy.from_bytes(signed.to_bytes())


@pytest.mark.parametrize("level", ["B-B", "B-T"])
def test_a_signer_nobody_vouches_for_is_not_sealed(office: Office, scan: ecert.Scan, level: str) -> None:
    with Office.create(NOW, algorithm="p256") as stranger:
        given: dict[str, Any] = {} if level == "B-B" else {"services": stranger.services}
        signed = sign(stranger, scan, level, **given)
    with pytest.raises(ecert.StageError, match="not sealed") as caught:
        ecert.seal_copy(signed, untouched(office), trust=office.trust, services=office.services, at=NOW)
    assert caught.value.code == "signer-not-trusted"
    assert caught.value.exit_status == 4


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LTA"])
def test_a_signer_revoked_before_he_signed_is_not_sealed(office: Office, scan: ecert.Scan, level: str) -> None:
    services = office.services
    # he signed somewhere without asking anybody who would have told
    quiet = with_services(office, "crl")
    signed = sign(office, scan, level, trust=office.trust, services=quiet)
    office.revoke("signer", at=NOW - dt.timedelta(hours=1))
    office.clock.advance(hours=1)
    with pytest.raises(ecert.InputError, match="revoked or suspended") as caught:
        ecert.seal_copy(signed, untouched(office), trust=office.trust, services=services, at=office.clock.now())
    assert caught.value.code == "certificate-revoked"


def test_a_signer_who_retired_after_signing_is_sealed(office: Office, scan: ecert.Scan) -> None:
    signed = sign(office, scan, "B-LTA", trust=office.trust, services=office.services)
    office.clock.advance(days=1)
    office.revoke("signer", reason="cessationOfOperation")
    office.clock.advance(days=1)
    copy = ecert.seal_copy(
        signed, office.key("seal"), trust=office.trust, services=office.services, at=office.clock.now()
    )
    assert copy.report.verdict == "VALID"
    assert copy.notes == ()


def test_the_memory_of_the_signers_desk_does_not_hide_his_revocation(office: Office, scan: ecert.Scan) -> None:
    services = office.services
    signed = sign(office, scan, "B-B", trust=office.trust, services=services)
    office.clock.advance(minutes=6)
    office.revoke("signer")
    code = refused(
        lambda: ecert.seal_copy(signed, untouched(office), trust=office.trust, services=services, at=office.clock.now())
    )
    assert code == "certificate-revoked"  # without a time-stamp nobody can tell that he signed before


def test_what_is_kept_of_the_signer_serves_where_nobody_answers_at_the_seal(office: Office, scan: ecert.Scan) -> None:
    services = office.services
    signed = sign(office, scan, "B-LTA", trust=office.trust, services=services)
    office.clock.advance(minutes=6)
    faults = office.responders.faults
    seal = slow_key(office, "seal", lambda: faults.update({"/ocsp": "dead", "/crl": "dead"}))
    copy = ecert.seal_copy(signed, seal, trust=office.trust, services=services, at=office.clock.now(), level="B-T")
    assert copy.report.verdict == "VALID"


def test_a_signed_copy_is_judged_offline_by_its_path(office: Office, scan: ecert.Scan) -> None:
    signed = sign(office, scan, "B-B", trust=office.trust)
    copy = ecert.seal_copy(signed, office.key("seal"), trust=office.trust, at=NOW)
    assert copy.report.verdict == "VALID"
    assert copy.warnings == ()


def test_without_anchors_the_copy_says_what_was_not_judged(office: Office, scan: ecert.Scan) -> None:
    signed = sign(office, scan, "B-B")
    copy = ecert.seal_copy(signed, office.key("seal"), at=NOW)
    assert "was not judged" in copy.warnings[0]
    assert ecert.CertifiedCopy.from_bytes(copy.to_bytes()).warnings == ()


# ── who verifies online ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("who", ["signer", "seal"])
def test_online_asks_about_signer_and_seal_although_the_file_brings_data(
    office: Office, scan: ecert.Scan, way: str, who: Any
) -> None:
    data = office.certify(scan=scan).to_bytes()
    services = with_services(office, way)
    office.clock.advance(days=2)
    office.revoke(who, at=NOW - dt.timedelta(hours=1))
    now = office.clock.now()
    assert ecert.verify_copy(data, trust=office.trust, at=now).verdict == "VALID"
    evidence = ecert.gather_evidence(data, services, trust=office.trust, at=now)
    report = ecert.verify_copy(data, trust=office.trust, evidence=evidence, at=now)
    assert report.verdict == "INVALID"
    assert "revoked-before-signing" in report.codes("error")


def test_evidence_at_hand_and_kept_answers_do_not_hide_it_either(office: Office, scan: ecert.Scan) -> None:
    data = office.certify(scan=scan, level="B-T").to_bytes()
    services = office.services
    old = ecert.gather_evidence(data, services, trust=office.trust, at=NOW)
    office.clock.advance(minutes=6)
    office.revoke("signer", at=NOW - dt.timedelta(hours=1))
    now = office.clock.now()
    for given in (None, old):
        evidence = ecert.gather_evidence(data, services, trust=office.trust, evidence=given, at=now)
        report = ecert.verify_copy(data, trust=office.trust, evidence=evidence, at=now)
        assert report.verdict == "INVALID"


def test_an_honest_copy_reads_the_same_online(office: Office, scan: ecert.Scan) -> None:
    data = office.certify(scan=scan).to_bytes()
    office.responders.requests.clear()
    for days in (0, 30, 365, 4 * 365):  # in the end they have expired
        office.clock.advance(days=days)
        now = office.clock.now()
        alone = ecert.verify_copy(data, trust=office.trust, at=now)
        evidence = ecert.gather_evidence(data, office.services, trust=office.trust, at=now)
        online = ecert.verify_copy(data, trust=office.trust, evidence=evidence, at=now)
        assert online.verdict == alone.verdict
        assert set(online.codes()) <= set(alone.codes())  # the newest authority's status is known now
        assert evidence.attempts or days == 0
    # nor at a time long past: what was made since does not count, and leaves no trace
    evidence = ecert.gather_evidence(data, office.services, trust=office.trust, at=NOW)
    assert not evidence.ocsps
    assert not evidence.crls


def test_a_silent_responder_changes_no_verdict(office: Office, scan: ecert.Scan) -> None:
    data = office.certify(scan=scan).to_bytes()
    office.clock.advance(days=1)
    office.responders.faults |= {"/ocsp": "dead", "/crl": "dead"}
    now = office.clock.now()
    evidence = ecert.gather_evidence(data, office.services, trust=office.trust, at=now)
    report = ecert.verify_copy(data, trust=office.trust, evidence=evidence, at=now)
    assert report.verdict == "VALID"
    assert any("/ocsp/issuing" in a["url"] for a in report.to_dict()["attempts"])
