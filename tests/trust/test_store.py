"""Anchors: nothing by default, roles by folder, refusals by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

import ecert
from ecert.errors import SettingsError
from tests.kit import Desk


def test_a_folder_serves_every_role_and_subfolders_one(desk: Desk, tmp_path: Path) -> None:
    office = desk.office
    (tmp_path / "timestamp").mkdir()
    root = office.root.certificate
    (tmp_path / "root.der").write_bytes(root.public_bytes(Encoding.DER))
    tsa = office.tsa_authority.certificate
    (tmp_path / "timestamp" / "tsa.pem").write_bytes(tsa.public_bytes(Encoding.PEM))
    store = ecert.TrustStore.from_folder(tmp_path)
    assert len(store.for_role("signer")) == 1
    assert len(store.for_role("timestamp")) == 2
    assert store.sha256 == ecert.TrustStore.from_folder(tmp_path).sha256


def test_roles_are_respected(desk: Desk, tmp_path: Path) -> None:
    for role in ("signer", "timestamp"):
        desk.office.write_anchors(tmp_path / role)
    report = ecert.verify_copy(desk.copy.to_bytes(), trust=ecert.TrustStore.from_folder(tmp_path))
    assert report.verdict == "INDETERMINATE"
    assert report.codes("unknown") == ["seal-not-trusted"]


def test_empty_folders_and_wrong_files_are_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is empty"):
        ecert.TrustStore.from_folder(tmp_path)
    with pytest.raises(SettingsError, match="cannot read"):
        ecert.TrustStore.from_folder(tmp_path / "missing")
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(SettingsError, match=r"notes\.txt is not a certificate"):
        ecert.TrustStore.from_folder(tmp_path)
    (tmp_path / "notes.txt").unlink()
    leaf = tmp_path / "leaf.pem"
    leaf.write_bytes(desk.office.signer.certificate.public_bytes(Encoding.PEM))
    with pytest.raises(SettingsError, match="not a CA certificate"):
        ecert.TrustStore.from_folder(tmp_path)


def test_a_leaf_named_as_a_file_stands_for_itself_alone(desk: Desk, tmp_path: Path) -> None:
    paths: list[Path] = []
    for who in (desk.office.signer, desk.office.seal):
        path = tmp_path / f"{len(paths)}.pem"
        path.write_bytes(who.certificate.public_bytes(Encoding.PEM))
        paths.append(path)
    report = ecert.verify_copy(desk.copy.to_bytes(), trust=ecert.TrustStore.from_paths(paths))
    assert report.verdict == "VALID"
    assert "anchor-is-not-a-ca" in report.codes("warning")
    report = ecert.verify_copy(desk.copy.to_bytes(), trust=ecert.TrustStore.from_paths(paths[:1]))
    assert report.codes("unknown") == ["seal-not-trusted"]
