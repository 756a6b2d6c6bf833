"""The PDF/A gate stands before every draft, and sees every kind of page."""

from __future__ import annotations

from typing import Any

import pytest

import ecert
from ecert.formats.ecert1 import build_first_revision
from ecert.formats.pdfa import check_pdfa
from ecert.testing import sample_images
from tests.kit import Desk, small_page


def test_every_kind_of_page_passes_the_gate_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    def watched(data: bytes, *, has_jpx: bool) -> list[str]:
        seen.append(data)
        return check_pdfa(data, has_jpx=has_jpx)

    monkeypatch.setattr("ecert.capture.draft.check_pdfa", watched)
    images = sample_images()
    files = [small_page(), images["g4.tif"], small_page((9, 9, 9)), images["cmyk.jpg"], small_page()]
    scan = ecert.Scan.from_files(files)
    record = ecert.CertificationRecord.from_dict(desk.office.record(pages=len(files)))
    ecert.prepare_copy(scan, record)
    assert len(seen) == 1
    assert seen[0].count(b"/Type /Page\n") == 4  # three kinds and the statement
    for page in (scan.pages[0], scan.pages[1], scan.pages[3]):
        assert page.data in seen[0]


def test_what_the_gate_refuses_becomes_no_draft(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoiled(*given: Any, for_gate: bool = False, **named: Any) -> Any:
        revision = build_first_revision(*given, for_gate=for_gate, **named)
        if for_gate:  # an image that asks for interpolation (ISO 19005-3, 6.2.8)
            index = next(i for i, c in enumerate(revision.chunks) if b"/Subtype /Image" in bytes(c))
            chunk = bytes(revision.chunks[index])
            revision.chunks[index] = chunk.replace(b"/BitsPerComponent 8", b"/Interpolate true  ")
        return revision

    monkeypatch.setattr("ecert.formats.ecert1.build_first_revision", spoiled)
    with pytest.raises(ecert.InputError, match="would not be PDF/A"):
        ecert.prepare_copy(desk.scan, desk.record)
