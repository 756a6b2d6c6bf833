"""The verdict in every plain situation an officer meets; attacks are in tests/testing/test_specimens.py."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import ecert
from ecert.formats.pdf import read_document
from ecert.formats.record import CertificationRecord
from ecert.model.limits import MAX_FILE_BYTES
from ecert.model.roles import Role
from ecert.report import Report
from ecert.sign.keys import SigningKey
from ecert.sign.steps import finish_signature, lay_out_signature
from ecert.testing import Office, person_name
from tests.kit import Desk


def verify(desk: Desk, data: bytes, **options: Any) -> Report:
    return ecert.verify_copy(data, **{"trust": desk.office.trust, **options})


@pytest.mark.parametrize("data", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"%PDF-", b"\0" * 5000])
def test_what_is_no_pdf_is_invalid(desk: Desk, data: bytes) -> None:
    report = verify(desk, data)
    assert report.verdict == "INVALID"
    assert set(report.codes()) <= {"not-a-pdf", "pdf-damaged"}


def test_unsigned_and_only_signed(desk: Desk) -> None:
    assert verify(desk, desk.draft.to_bytes()).codes("error") == ["unsigned"]
    assert verify(desk, desk.signed.to_bytes()).codes("error") == ["seal-missing"]


def written_by_hand(desk: Desk, *acts: tuple[Role, SigningKey]) -> bytes:
    """Sign a draft with the writer's private steps, which check neither order nor names."""
    draft = ecert.prepare_copy(desk.scan, desk.record, level="B-B")
    data = draft.to_bytes()
    for role, key in acts:
        laid_out = lay_out_signature(
            read_document(data), role, draft.record, key.identity, desk.office.clock.now(), None, timestamped=False
        )
        data = finish_signature(laid_out, key.sign(laid_out.to_be_signed), None, None)
    return data


def test_seal_before_signer(desk: Desk) -> None:
    office = desk.office
    data = written_by_hand(desk, ("seal", office.key("seal")), ("signer", office.key("signer")))
    report = verify(desk, data, revocation="if-present")
    assert report.verdict == "INVALID"
    assert "seal-before-signer" in report.codes("error")


def test_another_offices_seal_and_another_persons_signature(desk: Desk) -> None:
    stranger = desk.office.issue(person_name("Lê Văn Khác"), algorithm="p256")
    key = desk.office.key(stranger)
    report = verify(desk, written_by_hand(desk, ("signer", key), ("seal", key)), revocation="if-present")
    assert report.verdict == "INVALID"
    assert {"certifier-differs", "body-differs", "same-key-twice"} <= set(report.codes("error"))


def test_changed_after_sealing(desk: Desk) -> None:
    data = desk.copy.to_bytes()
    for offset in (1000, len(data) // 2, len(data) - 3000):
        changed = data[:offset] + bytes([data[offset] ^ 1]) + data[offset + 1 :]
        assert verify(desk, changed).verdict == "INVALID"
    assert verify(desk, data + b"x").codes("error") == ["bytes-unaccounted"]
    cut = data[: data.rindex(b"%%EOF", 0, len(data) - 10) + 6]
    assert "level-below-promise" in verify(desk, cut, revocation="if-present").codes()


def test_without_anchors_nothing_is_valid(desk: Desk) -> None:
    report = ecert.verify_copy(desk.copy.to_bytes())
    assert report.verdict == "INDETERMINATE"
    assert "no-anchors" in report.codes("unknown")
    with Office.create(algorithm="p256") as other:
        report = ecert.verify_copy(desk.copy.to_bytes(), trust=other.trust)
    assert report.verdict == "INDETERMINATE"
    assert {"signer-not-trusted", "seal-not-trusted"} <= set(report.codes("unknown"))


def test_missing_revocation_data_is_indeterminate_unless_allowed(desk: Desk) -> None:
    office = desk.office
    copy = office.certify(scan=desk.scan, level="B-T")
    report = verify(desk, copy.to_bytes())
    assert report.verdict == "INDETERMINATE"
    assert set(report.codes("unknown")) == {"revocation-missing"}
    assert {s["sub_indication"] for s in report.to_dict()["signatures"]} == {"TRY_LATER"}
    assert verify(desk, copy.to_bytes(), revocation="if-present").verdict == "VALID"
    evidence = ecert.Evidence(
        ocsps=tuple(office.ocsp(i) for i in (office.signer, office.seal, office.tsa)),
        crls=(office.crl(office.root), office.crl(office.tsa_root)),
    )
    report = verify(desk, copy.to_bytes(), evidence=evidence, at=office.clock.now())
    assert report.verdict == "VALID"


def test_revoked_always_counts(desk: Desk) -> None:
    with Office.create(algorithm="p256") as office:
        copy = office.certify(scan=desk.scan, level="B-B")
        office.clock.advance(hours=1)
        office.revoke("signer", at=office.clock.now())
        evidence = ecert.Evidence(crls=(office.crl(office.issuing),))
        report = ecert.verify_copy(
            copy.to_bytes(), trust=office.trust, evidence=evidence, revocation="if-present", at=office.clock.now()
        )
    assert report.verdict != "VALID"
    assert "revoked-unproven-time" in report.codes("unknown")


def test_revoked_after_the_proven_time_stays_valid(desk: Desk) -> None:
    with Office.create(algorithm="p256") as office:
        copy = office.certify(scan=desk.scan)
        office.clock.advance(days=30)
        office.revoke("signer", at=office.clock.now())
        evidence = ecert.Evidence(crls=(office.crl(office.issuing),))
        report = ecert.verify_copy(copy.to_bytes(), trust=office.trust, evidence=evidence, at=office.clock.now())
    assert report.verdict == "VALID"


def test_the_same_inputs_give_the_same_report(desk: Desk) -> None:
    at = desk.office.clock.now()
    texts = {verify(desk, desk.copy.to_bytes(), at=at).to_json() for _ in range(3)}
    assert len(texts) == 1


def test_a_report_is_no_boolean_and_require_valid_raises(desk: Desk) -> None:
    report = verify(desk, desk.draft.to_bytes())
    with pytest.raises(TypeError, match="three outcomes"):
        bool(report)
    with pytest.raises(ecert.VerificationError) as caught:
        report.require_valid()
    assert caught.value.report is report
    assert caught.value.exit_status == 1
    verify(desk, desk.copy.to_bytes()).require_valid()


def test_the_report_has_the_contracts_shape(desk: Desk) -> None:
    tree = json.loads(verify(desk, desk.copy.to_bytes()).to_json())
    assert list(tree) == [
        "report_version",
        "generator",
        "verified_at",
        "verdict",
        "certified",
        "cause",
        "summary",
        "proof_until",
        "proof_limit",
        "document",
        "policy",
        "trust",
        "validation_time",
        "copy",
        "checks",
        "signatures",
        "evidence",
        "history",
        "attempts",
        "findings",
    ]
    assert tree["copy"]["stage"] == "certified"
    assert tree["proof_until"] > tree["validation_time"]
    signer = tree["signatures"][0]
    assert signer["role"] == "signer"
    assert signer["changes_after"] == "permitted"
    assert signer["chain"][-1]["anchor"] is True
    assert signer["chain"][0]["revocation"]["source"] == "ocsp"
    assert tree["signatures"][-1]["covers"] == "whole-file"


def test_a_fault_of_ours_is_a_finding(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ecert.verify.copy.check_changes", fail)
    report = verify(desk, desk.copy.to_bytes())
    assert report.verdict == "INDETERMINATE"
    assert report.codes("unknown") == ["verifier-fault"]


def test_english_profile(desk: Desk) -> None:
    copy = desk.office.certify(scan=desk.scan, profile="vn-2025-11-en")
    report = verify(desk, copy.to_bytes())
    assert report.verdict == "VALID"
    assert copy.record.template == "en-statement-1"


def test_everything_a_record_may_say_fits_a_valid_copy(desk: Desk) -> None:
    values = desk.office.record(
        pages=2,
        original={"kind": "Giấy", "number": "12/GXN", "issuer": "Xã Mẫu", "date": "2020-02-29"},
        body={"parent": "ỦY BAN NHÂN DÂN TỈNH MẪU"},
        certifier={"legal_basis": "Nghị định 280/2025/NĐ-CP"},
        capture={"device": "Máy quét", "software": "x", "time": "08:00"},
        replaces=["1b4e28ba-2fa1-11d2-883f-0016d3cca427"],
        verify_at="https://example.org/kiem-tra",
    )
    record = CertificationRecord.from_dict(values)
    copy = desk.office.certify(scan=desk.scan, record=record)
    assert verify(desk, copy.to_bytes()).verdict == "VALID"
    assert copy.record.certification.original.number == "12/GXN"


def test_a_file_beyond_the_limit_is_not_read_whole(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "huge.pdf"
    path.write_bytes(desk.copy.to_bytes())
    os.truncate(path, MAX_FILE_BYTES + 1000)  # nothing is stored for what is not written
    report = ecert.verify_copy(path, trust=desk.office.trust)
    assert report.verdict == "INDETERMINATE"
    assert report.codes("unknown") == ["over-limit"]
    assert report.to_dict()["document"]["size"] == MAX_FILE_BYTES + 1
