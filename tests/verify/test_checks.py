"""The checks of a report: none passes on what is not there, or on a signature that failed."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from PIL import Image

import ecert
from tests.kit import Desk

OF_SIGNATURES = ("signer", "seal", "order", "time", "trust")


def checks(desk: Desk, data: bytes, **options: Any) -> dict[str, str]:
    given = {"trust": desk.office.trust, **options}
    found = ecert.verify_copy(data, **given).to_dict()["checks"]
    return {name: found[name] for name in OF_SIGNATURES}


def outcome(*statuses: str) -> dict[str, str]:
    return dict(zip(OF_SIGNATURES, statuses, strict=True))


def plain_pdf() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (40, 40)).save(buffer, "PDF")
    return buffer.getvalue()


def spoiled(data: bytes) -> bytes:
    """Change a byte that both signatures cover."""
    at = data.index(b"<number>152<") + len(b"<number>")
    return data[:at] + b"7" + data[at + 1 :]


def test_a_whole_copy_passes(desk: Desk) -> None:
    assert set(checks(desk, desk.copy.to_bytes()).values()) == {"pass"}


@pytest.mark.parametrize("kind", ["plain", "draft"])
def test_without_signatures_nothing_about_them_passes(desk: Desk, kind: str) -> None:
    data = plain_pdf() if kind == "plain" else desk.draft.to_bytes()
    unchecked = ("not-checked",) * 3
    assert checks(desk, data) == outcome("fail", "not-checked", *unchecked)
    loose = checks(desk, data, policy="signatures")
    assert loose == outcome("fail", "not-checked", *unchecked)


def test_without_a_seal_there_is_no_order(desk: Desk) -> None:
    data = desk.signed.to_bytes()
    assert checks(desk, data) | {"trust": "?"} == outcome("pass", "fail", "not-checked", "pass", "?")


def test_of_broken_signatures_nothing_passes(desk: Desk) -> None:
    data = spoiled(desk.copy.to_bytes())
    report = ecert.verify_copy(data, trust=desk.office.trust).to_dict()
    broken = {s["role"] for s in report["signatures"] if s["indication"] == "TOTAL-FAILED"}
    assert {"signer", "seal"} <= broken
    found = checks(desk, data)
    assert found["signer"] == found["seal"] == "not-checked"
    assert "pass" not in found.values()
    assert "pass" not in checks(desk, data, policy="signatures").values()


def test_what_was_never_reached_is_not_checked(desk: Desk) -> None:
    assert set(checks(desk, b"no PDF").values()) == {"not-checked"}


def test_a_heading_follows_what_was_asked(desk: Desk) -> None:
    """A photo handed in as a copy was judged as a copy, though nothing of it could be checked."""
    for data in (b"", b"\xff\xd8\xff", b"<!DOCTYPE html>", desk.copy.to_bytes()[:-100]):
        page = ecert.verify_copy(data, trust=desk.office.trust).to_html("vi")
        assert "Kết quả kiểm tra bản sao chứng thực điện tử" in page
        assert "Chỉ các chữ ký số được kiểm tra" not in page
        page = ecert.verify_copy(data, policy="signatures").to_html("vi")
        assert "Chỉ các chữ ký số được kiểm tra" in page


def test_a_copy_that_some_program_saved_anew_is_told_so_first(desk: Desk) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(desk.copy.to_bytes())) as pdf:
        pdf.save(out)
    report = ecert.verify_copy(out.getvalue(), trust=desk.office.trust)
    assert report.verdict == "INVALID"
    assert report.codes()[0] == "saved-anew"
    assert "seal-before-signer" not in report.codes()
    assert "saved-anew" not in ecert.verify_copy(desk.copy.to_bytes()).codes()


def test_so_is_one_that_lost_its_fields_on_the_way(desk: Desk) -> None:
    """It said "unsigned" and "record-malformed" alone, as if somebody had made up a record."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(desk.copy.to_bytes())) as pdf:
        del pdf.Root.AcroForm
        del pdf.pages[-1].Annots
        pdf.save(out)
    assert ecert.verify_copy(out.getvalue()).codes()[0] == "saved-anew"
    codes = ecert.verify_copy(desk.draft.to_bytes()).codes()
    assert "unsigned" in codes
    assert "saved-anew" not in codes
