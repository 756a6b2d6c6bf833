"""Every planted fault, at every service: another way is found, or a clear error comes in time.

What another way is: a second TSA, a CRL in place of OCSP. Nothing half-written is left either way.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

import ecert
from ecert.cli import main
from ecert.formats.pades.algorithms import default_scheme
from ecert.sign.soft import SoftKey
from ecert.testing import Fault, Office
from ecert.testing.faults import FAULTS, FaultKind
from tests.kit import small_page

TIMEOUT_S = 1.0
LONG_S = 15.0  # everything a step asks for, each with its time-out, pauses, and a busy machine
FOR_EVER = 600.0

#: What is said of an answer; a slow machine may meet its time-out before the 20 MiB are full.
REASONS: dict[FaultKind, str] = {
    "dead": "did not answer: the connection was closed",
    "drip": "timed out",
    "garbage": "unusable answer: it is not",
    "http-500": "HTTP status 500",
    "huge": "more bytes than are read",
    "redirect": "redirect",
    "slow": "timed out",
}
TSA_REASONS = REASONS | {
    "expired-responder": "unusable answer",
    "unknown-status": "refused: rejection, time_not_available",
    "unsigned": "signature",
    "wrong-certificate": "it is for other data",
    "wrong-imprint": "it is for other data",
    "wrong-nonce": "wrong nonce",
}
STATUS_REASONS = REASONS | dict.fromkeys(
    ["expired-responder", "unsigned", "unknown-status", "wrong-certificate", "wrong-imprint"],
    "says nothing that counts",
)
CRL_REASONS = STATUS_REASONS | {"unknown-status": "HTTP status 404"}


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with Office.create(algorithm="p256") as office:
        yield office


@pytest.fixture(scope="module")
def scan() -> ecert.Scan:
    return ecert.Scan.from_files([small_page()])


@contextmanager
def planted(office: Office, endpoint: str, fault: FaultKind) -> Iterator[None]:
    """Let a service fail; whatever is asked of it must be over in time and stay out of the trap."""
    hits = office.responders.trap_hits
    office.responders.faults = {endpoint: Fault(fault, seconds=FOR_EVER)}
    start = time.monotonic()
    try:
        yield
    finally:
        office.responders.faults = {}
    assert time.monotonic() - start < LONG_S
    assert office.responders.trap_hits == hits


def services(office: Office, *urls: str, **changes: Any) -> ecert.Services:
    return office.services_with(*urls or (office.tsa_url,), timeout_s=TIMEOUT_S, **changes)


def both_steps(
    office: Office, scan: ecert.Scan, services: ecert.Services
) -> tuple[ecert.SignedCopy, ecert.CertifiedCopy]:
    """Sign and seal; each step's report tells whom that step asked."""
    record = ecert.CertificationRecord.from_dict(office.record(pages=1))
    draft, trust = ecert.prepare_copy(scan, record), office.trust
    signed = ecert.sign_copy(draft, office.key("signer"), trust=trust, services=services)
    return signed, ecert.seal_copy(signed, office.key("seal"), trust=trust, services=services)


def attempts(report: ecert.Report) -> dict[str, list[str]]:
    """Return what became of every question, by address."""
    found: dict[str, list[str]] = {}
    for each in report.to_dict()["attempts"]:
        found.setdefault(each["url"], []).append(each["outcome"])
    return found


# ── time-stamps ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_tsa_is_named_with_its_reason(office: Office, scan: ecert.Scan, fault: FaultKind) -> None:
    with planted(office, "/tsa/office", fault), pytest.raises(ecert.ServiceError) as caught:
        office.certify(scan=scan, services=services(office))
    assert office.tsa_url in caught.value.message
    assert TSA_REASONS[fault] in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("fault", FAULTS)
def test_a_living_second_tsa_is_used_and_named(office: Office, scan: ecert.Scan, fault: FaultKind) -> None:
    second = office.second_tsa_url
    with planted(office, "/tsa/office", fault):
        signed, copy = both_steps(office, scan, services(office, office.tsa_url, second))
    asked = attempts(signed.report)
    assert asked[second] == attempts(copy.report)[second][:1] == ["answered"]
    assert TSA_REASONS[fault] in asked[office.tsa_url][0]
    assert copy.report.verdict == "VALID"
    used = {t["authority"] for s in copy.report.to_dict()["signatures"] for t in s["timestamps"]}
    assert used == {"ecert throwaway second time-stamp service"}


# ── revocation ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_ocsp_responder_is_replaced_by_the_crl(office: Office, scan: ecert.Scan, fault: FaultKind) -> None:
    with planted(office, "/ocsp", fault):
        signed, copy = both_steps(office, scan, services(office))
    assert copy.report.verdict == "VALID"
    asked = attempts(signed.report)
    if fault == "wrong-nonce":  # none is sent: OCSP answers are kept and shared (RFC 5019, 4)
        assert asked[office.issuing.ocsp_url] == ["answered"]
    else:
        assert STATUS_REASONS[fault] in asked[office.issuing.ocsp_url][0]
        assert asked[office.issuing.crl_url] == ["answered"]


@pytest.mark.parametrize("fault", FAULTS)
def test_without_another_way_the_faulty_crl_is_named(office: Office, scan: ecert.Scan, fault: FaultKind) -> None:
    """The authorities' own status comes by CRL alone."""
    with planted(office, "/crl/root.crl", fault):
        if fault == "wrong-nonce":  # a CRL has none
            assert office.certify(scan=scan, services=services(office)).report.verdict == "VALID"
            return
        with pytest.raises(ecert.ServiceError) as caught:
            office.certify(scan=scan, services=services(office))
    assert caught.value.code == "revocation-missing"
    assert office.root.crl_url in caught.value.message
    assert CRL_REASONS[fault] in caught.value.message


# ── issuers ──────────────────────────────────────────────────────────────────────────────────────


def bare_key(office: Office) -> SoftKey:
    """Return the signer's key as on a token that holds no issuer's certificate."""
    certificate = office.signer.certificate
    chain = [certificate.public_bytes(Encoding.DER)]
    return SoftKey(office.signer.key, chain, default_scheme(certificate.public_key()))


@pytest.mark.parametrize("fault", [f for f in FAULTS if f != "wrong-nonce"])
def test_an_issuer_that_cannot_be_had_leaves_no_path(office: Office, scan: ecert.Scan, fault: FaultKind) -> None:
    refusals = (ecert.ServiceError, ecert.SigningKeyError)
    with planted(office, "/ca", fault), pytest.raises(refusals) as caught:
        office.certify(scan=scan, signer=bare_key(office), services=services(office))
    assert office.signer.name in caught.value.message
    assert "path" in caught.value.message
    assert caught.value.hint


def test_an_issuer_that_the_key_lacks_is_fetched(office: Office, scan: ecert.Scan) -> None:
    copy = office.certify(scan=scan, signer=bare_key(office), services=services(office))
    assert copy.report.verdict == "VALID"


# ── who verifies ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def simple(office: Office, scan: ecert.Scan) -> ecert.CertifiedCopy:
    """Return a copy at B-T: nothing about revocation in it."""
    return office.certify(scan=scan, level="B-T", services=services(office))


@pytest.mark.parametrize("endpoint", ["/ocsp", "/crl", "/ca", "/"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_verifier_gets_a_verdict_all_the_same(
    office: Office, simple: ecert.CertifiedCopy, fault: FaultKind, endpoint: str
) -> None:
    """Missing data is a finding; nothing a service says makes the call fail or the copy INVALID."""
    data = simple.to_bytes()
    with planted(office, endpoint, fault):
        evidence = ecert.gather_evidence(data, services(office), trust=office.trust)
    report = ecert.verify_copy(data, trust=office.trust, evidence=evidence)
    whole = fault == "wrong-nonce" or endpoint in ("/ocsp", "/ca")  # a CRL speaks for OCSP too
    if whole:
        assert report.verdict == "VALID"
    else:
        assert report.verdict == "INDETERMINATE"
        assert {"revocation-missing", "revocation-stale"} & set(report.codes("unknown"))
        said = attempts(report)[office.root.crl_url]
        assert all(CRL_REASONS[fault] in each or "moment ago" in each for each in said)


# ── nothing half-written ─────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def desk(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with scan, record, keys, anchors and settings."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "page.jpg").write_bytes(small_page())
    record = json.dumps(office.record(pages=1), default=str)
    (folder / "record.json").write_text(record, encoding="utf-8")
    office.write_anchors(folder / "anchors")
    office.signer.write_pkcs12(folder / "signer.p12", "one")
    office.seal.write_pem(folder / "seal.pem", "two")
    (folder / "pins.txt").write_text("one\ntwo\n", encoding="utf-8")
    keys = "".join(
        f'[keys.{role}]\nuri = "file:{name}"\npin_source = "file:pins.txt"\n'
        for role, name in (("signer", "signer.p12"), ("seal", "seal.pem"))
    )
    (folder / "ecert.toml").write_text(
        f'{keys}[trust]\npaths = ["anchors"]\n'
        f'[services]\nallow_hosts = ["127.0.0.1"]\ntimeout_s = {TIMEOUT_S}\n'
        f'[[services.timestamp]]\nurl = "{office.tsa_url}"\nretries = 0\n',
        encoding="utf-8",
    )
    return folder


COMMANDS = [
    *[("/tsa", fault) for fault in FAULTS],
    *[("/crl/root.crl", fault) for fault in FAULTS if fault != "wrong-nonce"],  # it has none
    *[("/", fault) for fault in FAULTS],
]


@pytest.mark.parametrize(("endpoint", "fault"), COMMANDS)
def test_the_command_leaves_no_file(
    office: Office, desk: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], endpoint: str, fault: FaultKind
) -> None:
    before = sorted(desk.rglob("*"))
    act = ["certify", desk / "page.jpg", "--record", desk / "record.json", "--lang", "en"]
    act += ["--config", desk / "ecert.toml", "-o", tmp_path / "out.pdf"]
    with planted(office, endpoint, fault):
        assert main([str(each) for each in act]) == 6
    told = capfd.readouterr()
    assert told.out == ""
    assert "http://127.0.0.1:" in told.err
    assert list(tmp_path.iterdir()) == []
    assert sorted(desk.rglob("*")) == before
