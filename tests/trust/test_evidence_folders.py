"""Folders of evidence: what is kept of one document, and what another document finds there."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ecert.errors import InputError
from ecert.formats.pdf import read_document
from ecert.model.evidence import Attempt, Evidence
from ecert.trust.evidence_folders import SUFFIXES, EvidenceFolder, evidence_for, evidence_inside, write_evidence
from tests.kit import Desk

AT = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
DOCUMENT, OTHER = b"one document", b"another one"


@pytest.fixture(scope="module")
def evidence(desk: Desk) -> Evidence:
    """Return what a copy brings along, and who was asked for it, one of them twice."""
    inside = evidence_inside(read_document(desk.copy.to_bytes()))
    asked = (Attempt("http://ca.test/ocsp", "answered"), Attempt("http://ca.test/ocsp", "answered"))
    return inside + Evidence(attempts=asked)


def test_a_document_finds_again_what_it_was_judged_with(evidence: Evidence, tmp_path: Path) -> None:
    write_evidence(evidence, DOCUMENT, tmp_path, AT)
    found = EvidenceFolder.read(tmp_path).for_document(hashlib.sha256(DOCUMENT).hexdigest())
    assert found.in_order().items() == evidence.in_order().items()
    assert found.kept == AT
    assert [(a.url, a.outcome, a.told_by) for a in found.attempts] == [
        ("http://ca.test/ocsp", "answered", "folder")
    ] * 2


def test_another_document_finds_everything_and_no_list(evidence: Evidence, tmp_path: Path) -> None:
    write_evidence(evidence, DOCUMENT, tmp_path, AT)
    found = EvidenceFolder.read(tmp_path).for_document(hashlib.sha256(OTHER).hexdigest())
    assert set(found.items()) == set(evidence.items())
    assert (found.attempts, found.kept, found.doubts) == ((), None, None)


def test_what_lies_beside_is_a_doubt(evidence: Evidence, tmp_path: Path) -> None:
    write_evidence(Evidence(evidence.certificates), DOCUMENT, tmp_path, AT)
    write_evidence(Evidence(ocsps=evidence.ocsps), OTHER, tmp_path, AT)
    found = EvidenceFolder.read(tmp_path).for_document(hashlib.sha256(DOCUMENT).hexdigest())
    assert not found.ocsps
    assert found.doubts is not None
    assert set(found.doubts.items()) == set(evidence.ocsps)


def test_a_folder_named_twice_counts_once(evidence: Evidence, tmp_path: Path) -> None:
    write_evidence(evidence, DOCUMENT, tmp_path, AT)
    folder = EvidenceFolder.read(tmp_path)
    once, twice = evidence_for([folder], DOCUMENT), evidence_for([folder, folder], DOCUMENT)
    assert (once.items(), once.attempts) == (twice.items(), twice.attempts)


def test_files_are_named_by_their_content(evidence: Evidence, tmp_path: Path) -> None:
    write_evidence(evidence, DOCUMENT, tmp_path, AT)
    for path in tmp_path.iterdir():
        if path.suffix == ".json":
            assert path.stem == hashlib.sha256(DOCUMENT).hexdigest()
            assert json.loads(path.read_text())["kept"] == "2026-10-01T02:00:00Z"
        else:
            assert path.stem == hashlib.sha256(path.read_bytes()).hexdigest()[:32]
            assert path.suffix in SUFFIXES.values()


def test_rubbish_is_not_kept_and_not_taken(evidence: Evidence, tmp_path: Path) -> None:
    write_evidence(Evidence((b"rubbish",), (evidence.certificates[0],)), DOCUMENT, tmp_path, AT)
    assert [path.suffix for path in tmp_path.iterdir()] == [".json"]
    (tmp_path / "note.txt").write_text("no certificate")
    with pytest.raises(InputError) as caught:
        EvidenceFolder.read(tmp_path)
    assert caught.value.code == "evidence-refused"


def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the folder of evidence") as caught:
        EvidenceFolder.read(tmp_path / "none")
    assert caught.value.code == "not-readable"
    assert evidence_inside(None) == Evidence()
