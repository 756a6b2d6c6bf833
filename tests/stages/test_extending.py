"""Raising levels and renewing archive time-stamps: what is appended, what is asked, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import ecert
from ecert.formats.pades.dss import read_dss_items
from ecert.formats.pades.increments import append_validation_data
from ecert.formats.pdf import read_document
from ecert.model.evidence import Evidence
from ecert.model.roles import Role
from ecert.model.times import rfc3339
from ecert.sign import steps
from ecert.stages.extending import outlook
from ecert.testing import Office
from ecert.trust.client import Client
from ecert.trust.timestamps import request_timestamp
from tests.kit import small_page
from tests.time.journeys import DAY, NOW, YEAR

ROLES: tuple[Role, ...] = ("signer", "seal")


@pytest.fixture
def office() -> Iterator[Office]:
    with Office.create(now=NOW, algorithm="p256") as founded:
        yield founded


@pytest.fixture(scope="module")
def scan() -> ecert.Scan:
    return ecert.Scan.from_files([small_page()])


def sealed(office: Office, scan: ecert.Scan, level: str) -> ecert.CertifiedCopy:
    """Seal at a level below the B-LTA that the record promises."""
    now = office.clock.now()
    record = ecert.CertificationRecord.from_dict(office.record(pages=1))
    options: dict[str, Any] = {"trust": office.trust, "services": office.services, "at": now}
    draft = ecert.prepare_copy(scan, record, at=now)
    signed = ecert.sign_copy(draft, office.key("signer"), **options)
    return ecert.seal_copy(signed, office.key("seal"), level=level, **options)


def extend(office: Office, copy: ecert.CertifiedCopy, **options: Any) -> ecert.CertifiedCopy:
    return ecert.extend_copy(
        copy, **{"trust": office.trust, "services": office.services, "at": office.clock.now(), **options}
    )


def levels(copy: ecert.CertifiedCopy) -> list[str]:
    return [str(s["level"]) for s in copy.report.content["signatures"] if s["role"] != "timestamp"]


@pytest.mark.parametrize("below", ["B-B", "B-T", "B-LT"])
def test_a_copy_is_brought_to_its_promised_level(office: Office, scan: ecert.Scan, below: str) -> None:
    copy = sealed(office, scan, below)
    office.clock.advance(days=20)
    extended = extend(office, copy)
    assert extended.to_bytes().startswith(copy.to_bytes())
    assert extended.report.verdict == "VALID"
    assert levels(extended) == ["B-LTA", "B-LTA"]
    revisions = [len(read_document(c.to_bytes()).revisions) for c in (copy, extended)]
    assert revisions[1] == revisions[0] + 1


@pytest.mark.parametrize(("below", "target"), [("B-B", "B-T"), ("B-B", "B-LT"), ("B-T", "B-LT")])
def test_a_level_in_between_may_be_named(office: Office, scan: ecert.Scan, below: str, target: str) -> None:
    extended = extend(office, sealed(office, scan, below), level=target)
    assert min(levels(extended)) == target
    assert "level-below-promise" in extended.report.codes("warning")


def test_a_renewal_appends_one_revision_and_nothing_twice(office: Office, scan: ecert.Scan) -> None:
    copy = office.certify(scan=scan)
    sizes = [len(copy.to_bytes())]
    for _ in range(3):
        office.clock.advance(days=365)
        office.renew_tsa()
        copy = extend(office, copy)
        sizes.append(len(copy.to_bytes()))
    document = read_document(copy.to_bytes())
    items = [(i.array, i.der) for i in read_dss_items(document)]
    assert len(items) == len(set(items))
    assert len(document.revisions) == 4 + 3
    assert document.data.rstrip().endswith(b"%%EOF")
    last = copy.report.content["signatures"][-1]
    assert (last["role"], last["covers"]) == ("timestamp", "whole-file")
    growth = [b - a for a, b in pairwise(sizes)]
    assert max(growth) < 30_000  # the last authority's answers, the new one's, and room for the token


def test_a_renewal_asks_nothing_about_signer_and_seal_once_they_have_expired(office: Office, scan: ecert.Scan) -> None:
    copy = office.certify(scan=scan)
    office.clock.advance(days=3 * 365)  # both certificates have expired
    office.renew_tsa()
    office.responders.requests.clear()
    renewed = extend(office, copy)
    assert office.responders.requests["/ocsp/issuing"] == 0
    assert office.responders.requests["/crl/issuing.crl"] == 0
    assert renewed.report.verdict == "VALID"


def test_a_renewal_works_with_services_whose_clock_is_a_little_ahead(office: Office, scan: ecert.Scan) -> None:
    copy = office.certify(scan=scan)
    office.clock.advance(days=3 * 365)
    office.renew_tsa()
    ours = office.clock.now() - timedelta(seconds=1)
    renewed = ecert.extend_copy(copy, trust=office.trust, services=office.services, at=ours)
    newest = renewed.report.to_dict()["signatures"][-1]
    assert (newest["field"], newest["indication"]) == ("Archive2", "TOTAL-PASSED")
    assert renewed.report.to_dict()["proof_until"] > copy.report.to_dict()["proof_until"]


def test_a_renewal_that_proves_no_longer_is_refused(office: Office, scan: ecert.Scan) -> None:
    copy = office.certify(scan=scan)
    office.clock.advance(days=30)
    with pytest.raises(ecert.ServiceError, match="no longer than the last one") as caught:
        extend(office, copy)
    assert caught.value.code == "nothing-gained"


TEN_YEARS = {"tsa": (DAY, 9 * YEAR)}


@pytest.mark.parametrize(
    ("before", "algorithm", "validity", "until"),
    [
        ("p256", "rsa2048", TEN_YEARS, "2029-01-01"),
        ("rsa2048", "p256", {"tsa": (DAY, 60 * DAY)}, "2027-02-14"),
        ("rsa2048", "rsa2048", {"tsa": (DAY, 4 * YEAR)}, "2029-01-01"),
    ],
    ids=["longer certificate, weaker key", "stronger key, short certificate", "same end, shorter certificate"],
)
def test_a_renewal_that_weakens_the_proof_is_refused(
    scan: ecert.Scan, before: Any, algorithm: Any, validity: Any, until: str
) -> None:
    """What one kind of limit gains does not make up for what another loses."""
    with Office.create(now=NOW, algorithm="p256", tsa_algorithm=before) as office:
        copy = office.certify(scan=scan)
        office.clock.advance(days=30)
        office.renew_tsa(new_root=True, algorithm=algorithm, validity=validity)
        with pytest.raises(ecert.ServiceError, match=f"no longer .* until {until}") as caught:
            extend(office, copy)
        assert caught.value.code == "nothing-gained"
        proven = copy.report.to_dict()["proof_until"]
        assert (f"instead of {proven}" in caught.value.message) is (until < proven[:10])


def test_a_forecast_that_stays_does_not_forbid_a_renewal(scan: ecert.Scan) -> None:
    """RSA-2048 ends as before, by forecast; the certificate gains years."""
    with Office.create(now=NOW, algorithm="p256", tsa_algorithm="rsa2048") as office:
        copy = office.certify(scan=scan)
        office.clock.advance(days=30)
        office.renew_tsa(validity=TEN_YEARS)
        renewed = extend(office, copy)
        assert copy.report.content["proof_until"] == "2029-01-01T00:00:00Z"
        assert renewed.report.content["proof_until"] == "2029-01-01T00:00:00Z"


def test_the_old_authority_is_silent(office: Office, scan: ecert.Scan, tmp_path: Path) -> None:
    """Its last status is what a renewal has to hold; the way out is not that of a sealing desk."""
    copy = office.certify(scan=scan)
    office.clock.advance(days=3 * 365)
    old = office.tsa_authority
    office.renew_tsa(new_root=True)
    for path in (f"/ocsp/{old.slug}", f"/crl/{old.slug}.crl"):
        office.responders.faults[path] = "http-500"
    with pytest.raises(ecert.ServiceError, match="no revocation data") as caught:
        extend(office, copy)
    assert caught.value.code == "revocation-missing"
    assert "services.crl_files" in caught.value.hint
    assert "B-T" not in caught.value.hint
    (tmp_path / "old.crl").write_bytes(office.crl(old))  # as the hint says
    services = office.services_with(office.tsa_url, crl_files=(tmp_path / "old.crl",))
    assert extend(office, copy, services=services).report.verdict == "VALID"


@pytest.mark.parametrize("reason", ["keyCompromise", "certificateHold"])
def test_an_authority_that_was_revoked_since(office: Office, scan: ecert.Scan, reason: str) -> None:
    """No key is at fault and no signature came after it: the copy is beyond help, and since when is told."""
    copy = office.certify(scan=scan)
    office.clock.advance(days=365)
    office.revoke("tsa", reason=reason)
    office.clock.advance(days=365)
    office.renew_tsa(new_root=True)
    with pytest.raises(ecert.InputError, match="cannot be extended") as caught:
        extend(office, copy)
    assert caught.value.code == "cannot-extend"
    assert rfc3339(NOW + YEAR) in caught.value.message
    assert "before the signature" not in caught.value.message
    assert "throwaway time-stamp service" in caught.value.message


def test_what_comes_too_late_is_refused(office: Office, scan: ecert.Scan) -> None:
    copy = office.certify(scan=scan)
    office.clock.advance(days=6 * 365)
    office.renew_tsa(new_root=True)
    with pytest.raises(ecert.InputError, match="does not verify") as caught:
        extend(office, copy)
    assert caught.value.code == "cannot-extend"


def test_a_changed_copy_is_not_extended(office: Office, scan: ecert.Scan) -> None:
    data = bytearray(office.certify(scan=scan).to_bytes())
    data[2000] ^= 1
    with pytest.raises(ecert.StageError):
        ecert.CertifiedCopy.from_bytes(bytes(data))


def test_calls_that_make_no_sense(office: Office, scan: ecert.Scan) -> None:
    copy = sealed(office, scan, "B-LT")
    with pytest.raises(ecert.UsageError, match="has level B-LT already"):
        extend(office, copy, level="B-T")
    with pytest.raises(ecert.UsageError, match="CertifiedCopy"):
        extend(office, copy.to_bytes())  # type: ignore[arg-type]
    with pytest.raises(ecert.UsageError, match="time-stamp service"):
        extend(office, copy, services=ecert.Services.offline())


def test_a_dead_authority_leaves_the_copy_as_it_was(office: Office, scan: ecert.Scan) -> None:
    copy = sealed(office, scan, "B-T")
    before = copy.to_bytes()
    office.responders.faults["/tsa"] = "dead"
    with pytest.raises(ecert.ServiceError, match="no time-stamp could be had"):
        extend(office, copy)
    assert copy.to_bytes() == before


def test_the_report_of_an_extension_says_who_was_asked(office: Office, scan: ecert.Scan) -> None:
    copy = sealed(office, scan, "B-T")
    office.clock.advance(days=10)
    asked = {a["url"]: a["outcome"] for a in extend(office, copy).report.content["attempts"]}
    assert asked[office.tsa_url] == "answered"
    assert set(asked.values()) == {"answered"}


def test_a_signer_revoked_before_its_time_stamp_is_told_before_anything_is_written(
    office: Office, scan: ecert.Scan
) -> None:
    now = office.clock.now()
    record = ecert.CertificationRecord.from_dict(office.record(pages=1))
    options: dict[str, Any] = {"trust": office.trust, "services": office.services}
    draft = ecert.prepare_copy(scan, record, at=now)
    signed = ecert.sign_copy(draft, office.key("signer"), at=now, **options)
    office.clock.advance(days=1)
    office.revoke("signer", at=now - timedelta(days=3))
    options["services"] = office.services  # whose memory does not hold yesterday's answer
    with pytest.raises(ecert.InputError, match="revoked or suspended"):
        ecert.seal_copy(signed, office.key("seal"), at=office.clock.now(), **options)


def test_what_is_due(office: Office, scan: ecert.Scan) -> None:
    at = {"trust": office.trust, "at": office.clock.now()}
    archived, waiting = office.certify(scan=scan), sealed(office, scan, "B-T")
    soon = outlook(archived, within=timedelta(days=365), **at)  # type: ignore[arg-type]
    assert (soon.level, soon.due) == ("B-LTA", False)
    assert soon.proof_limit is not None
    assert soon.proof_limit.until == NOW + 5 * YEAR
    assert soon.proof_limit.kind == "certificate"
    assert outlook(archived, within=5 * YEAR, **at).due  # type: ignore[arg-type]
    below = outlook(waiting, within=timedelta(), **at)  # type: ignore[arg-type]
    assert (below.level, below.promised, below.due) == ("B-T", "B-LTA", True)


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT"])
def test_a_proof_that_ends_is_due_whatever_was_promised(office: Office, scan: ecert.Scan, level: str) -> None:
    copy = office.certify(scan=scan, level=level)
    at: dict[str, Any] = {"trust": office.trust, "at": office.clock.now()}
    assert not outlook(copy, within=timedelta(days=30), **at).due
    soon = outlook(copy, within=6 * YEAR, **at)
    assert (soon.level, soon.promised, soon.needs, soon.below) == (level, level, "B-LTA", False)
    assert not soon.helped_by(None)
    assert not soon.helped_by(soon.level)
    assert soon.helped_by("B-LTA")
    assert outlook(extend(office, copy, level="B-LTA"), within=YEAR, **at).needs is None


def test_an_algorithm_may_end_the_proof_first(scan: ecert.Scan) -> None:
    """RSA-2048 is expected to be reliable until 2029, the certificates of this office live longer."""
    with Office.create(now=NOW) as office:
        copy = office.certify(scan=scan)
        report = copy.report.to_dict()
        assert report["proof_until"] == "2029-01-01T00:00:00Z"
        assert report["proof_limit"]["kind"] == "algorithm"
        assert report["proof_limit"]["name"].startswith("RSA-2048")
        assert "RSA-2048" in copy.report.to_html("vi"), "why stands in the technical part"
        office.clock.advance(days=400)
        office.renew_tsa(new_root=True, algorithm="p256")
        renewed = extend(office, copy)
        assert renewed.report.to_dict()["proof_limit"]["kind"] == "certificate"


# ── signer and seal are asked about once more ────────────────────────────────────────────────────


def laundered(office: Office, *, level: str) -> bytes:
    """Sign and seal two hours after the evidence was made, which is put into the file, and archive it at B-LTA.

    What the office's services say meanwhile nobody asks.
    """
    kept = Evidence.of(
        ocsps=[office.ocsp(office.signer), office.ocsp(office.seal)],
        crls=[office.crl(office.root), office.crl(office.issuing)],
    )
    office.clock.advance(hours=2)
    kept += Evidence.of(ocsps=[office.ocsp(office.tsa)], crls=[office.crl(office.tsa_authority)])
    data = by_hand(office)
    if level == "B-T":
        return data
    document, services = read_document(data), office.services
    if level == "B-LT":
        return append_validation_data(document, kept)
    pending, _ = steps._begin_timestamp(document, kept)
    token = request_timestamp(pending.digest("sha256"), services, Client(services))
    return steps._finish_timestamp(pending, token.der)


def by_hand(office: Office) -> bytes:
    """Sign and seal at B-T without any check of ours."""
    now, services = office.clock.now(), office.services
    record = ecert.CertificationRecord.from_dict(office.record(pages=1))
    made = ecert.prepare_copy(ecert.Scan.from_files([small_page()]), record, at=now)
    data = made.to_bytes()
    for role in ROLES:
        key = office.key(role)
        laid_out = steps.lay_out_signature(
            read_document(data), role, made.record, key.identity, now, None, timestamped=True
        )
        value = key.sign(laid_out.to_be_signed)
        data = steps.finish_signature(laid_out, value, services, Client(services))
    return data


def older(report: ecert.Report) -> list[tuple[str, str]]:
    return [(f.where["field"], f.data["gap"]) for f in report.findings if f.code == "revocation-older-than-signature"]


@pytest.mark.parametrize("level", ["B-LT", "B-LTA"])
def test_evidence_that_is_older_than_the_signature_is_told(office: Office, level: str) -> None:
    office.revoke("signer", at=NOW + timedelta(hours=1))
    data = laundered(office, level=level)
    report = ecert.verify_copy(data, trust=office.trust, at=office.clock.now())
    assert report.verdict == "VALID"  # by what is at hand (docs/adr/0007)
    assert older(report) == [("Seal", "2 hours"), ("Signer", "2 hours")]
    finding = next(f for f in report.findings if f.code == "revocation-older-than-signature")
    assert finding.data["time"] == rfc3339(NOW)
    assert finding.data["signed"] == rfc3339(office.clock.now())
    assert "2 giờ trước khi ký" in finding.to_dict()["text"]["vi"]
    # whoever asks is told
    fetched = ecert.gather_evidence(data, office.services, trust=office.trust, at=office.clock.now())
    asked = ecert.verify_copy(data, trust=office.trust, at=office.clock.now(), evidence=fetched)
    assert asked.codes("error") == ["revoked-before-signing"]


def test_a_policy_may_refuse_what_is_told_by_older_evidence(office: Office, tmp_path: Path) -> None:
    data = laundered(office, level="B-LTA")
    policy = tmp_path / "strict.toml"
    policy.write_text(
        'id = "strict"\nversion = "1"\nbased_on = "certified-copy"\n'
        '[severities]\nrevocation-older-than-signature = "unknown"\n'
    )
    report = ecert.verify_copy(data, trust=office.trust, at=office.clock.now(), policy=policy)
    assert report.verdict == "INDETERMINATE"


def test_copies_made_here_hold_what_was_told_after_they_were_signed(office: Office, scan: ecert.Scan) -> None:
    """Each step asks anew, so also where the services are kept and hours lie between signature and seal."""
    services = office.services
    now = office.clock.now()
    record = ecert.CertificationRecord.from_dict(office.record(pages=1))
    draft = ecert.prepare_copy(scan, record, at=now)
    options: dict[str, Any] = {"trust": office.trust, "services": services}
    signed = ecert.sign_copy(draft, office.key("signer"), at=now, **options)
    office.clock.advance(hours=5)
    copy = ecert.seal_copy(signed, office.key("seal"), at=office.clock.now(), **options)
    assert older(copy.report) == []
    office.clock.advance(days=2)
    assert older(ecert.verify_copy(copy.to_bytes(), trust=office.trust, at=office.clock.now())) == []


@pytest.mark.parametrize("level", ["B-T", "B-LT", "B-LTA"])
@pytest.mark.parametrize("who", ["signer", "seal"])
def test_a_copy_of_a_key_revoked_before_is_not_carried_on(office: Office, who: Role, level: str) -> None:
    office.revoke(who, at=NOW + timedelta(hours=1))
    copy = ecert.CertifiedCopy.from_bytes(laundered(office, level=level))
    office.clock.advance(minutes=10)
    with pytest.raises(ecert.InputError) as refused:
        extend(office, copy)
    assert refused.value.code == "cannot-extend"
    assert rfc3339(NOW + timedelta(hours=1)) in refused.value.message
    assert rfc3339(NOW + timedelta(hours=2, seconds=1)) in refused.value.message


def test_a_renewal_brings_newer_evidence_where_the_older_left_a_gap(office: Office) -> None:
    copy = ecert.CertifiedCopy.from_bytes(laundered(office, level="B-LTA"))
    office.clock.advance(days=1)
    office.revoke("signer")  # later: what was signed before stands
    office.clock.advance(days=1)
    office.renew_tsa()
    renewed = extend(office, copy)
    assert renewed.report.verdict == "VALID"
    assert older(renewed.report) == []


def test_a_renewal_needs_no_answer_about_signer_and_seal(office: Office) -> None:
    copy = ecert.CertifiedCopy.from_bytes(laundered(office, level="B-LTA"))
    office.clock.advance(days=1)
    office.renew_tsa()
    office.responders.faults["/ocsp/issuing"] = "dead"
    office.responders.faults["/crl/issuing.crl"] = "dead"
    renewed = extend(office, copy)
    assert renewed.report.verdict == "VALID"
    assert older(renewed.report) == [("Seal", "2 hours"), ("Signer", "2 hours")]
    silent = [a for a in renewed.report.content["attempts"] if "/issuing" in a["url"]]
    assert silent
    assert all(a["outcome"] != "answered" for a in silent)
