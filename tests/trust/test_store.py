"""Anchors: nothing by default, roles by folder, windows, refusals by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

import ecert
from ecert.errors import SettingsError
from ecert.trust.anchors import TrustAnchor
from ecert.trust.store import TrustStore
from tests.kit import Desk
from tests.trust.lists import ListText, State, service, sign_list


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


# ── windows, combination, digest, expiry ─────────────────────────────────────────────────────────

NOW = datetime(2026, 10, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def root(desk: Desk) -> bytes:
    return desk.office.root.certificate.public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("start", "end", "moment", "offered"),
    [
        (None, None, NOW, True),
        (NOW, None, NOW, True),
        (NOW + DAY, None, NOW, False),
        (None, NOW, NOW, False),
        (None, NOW + DAY, NOW, True),
        (NOW - DAY, NOW, None, True),
        (NOW - DAY, NOW + DAY, NOW, True),
    ],
)
def test_outside_its_window_an_anchor_is_not_offered(
    root: bytes, start: datetime | None, end: datetime | None, moment: datetime | None, offered: bool
):
    anchor = TrustAnchor(root, frozenset({"seal"}), valid_from=start, valid_until=end)
    store = TrustStore((anchor,))
    assert store.for_role("seal", moment) == ((anchor,) if offered else ())
    assert store.for_role(None, moment) == ((anchor,) if offered else ())
    assert store.for_role("signer", moment) == ()


def test_the_digest_covers_what_is_trusted_and_nothing_else(root: bytes):
    plain = TrustAnchor(root, frozenset({"seal"}), source="a")
    digest = TrustStore((plain,)).sha256
    assert TrustStore((replace(plain, source="b"),), "x", NOW, NOW).sha256 == digest
    assert TrustStore((plain, replace(plain, source="b"))).sha256 == digest
    others: list[TrustAnchor] = [
        replace(plain, roles=frozenset({"signer"})),
        replace(plain, direct=True),
        replace(plain, valid_from=NOW),
        replace(plain, valid_until=NOW),
        replace(plain, certificate=root[:-1] + b"\0"),
    ]
    assert len({digest, *(TrustStore((other,)).sha256 for other in others)}) == 6


def test_several_sources_have_the_earliest_bounds_and_no_name(root: bytes):
    one = TrustStore((TrustAnchor(root, frozenset({"seal"})),), "one", NOW, NOW + 9 * DAY)
    other = TrustStore((TrustAnchor(root, frozenset({"signer"})),), "other", None, NOW + DAY)
    both = TrustStore.combined([one, other, one])
    assert (both.id, both.stale_since, both.expires) == (None, NOW, NOW + DAY)
    assert both.anchors == one.anchors + other.anchors
    assert TrustStore.combined([one]) == one
    with pytest.raises(SettingsError, match="no trust anchors"):
        TrustStore.combined([])


def test_an_expired_store_refuses_to_be_used(root: bytes):
    store = TrustStore((TrustAnchor(root, frozenset({"seal"})),), "one", NOW, NOW)
    store.check_time(NOW)
    TrustStore(store.anchors).check_time(NOW + 99_999 * DAY)
    with pytest.raises(SettingsError, match="store one has expired") as caught:
        store.check_time(NOW + timedelta(seconds=1))
    assert caught.value.code == "trust-expired"


def test_certificates_against_the_standard_are_refused_by_name(root: bytes, tmp_path: Path):
    version = root.index(bytes.fromhex("a003020102"))  # RFC 5280, 4.1.2.1: v3 is 2
    path = tmp_path / "odd.der"
    path.write_bytes(root[: version + 4] + b"\x09" + root[version + 5 :])
    with pytest.raises(SettingsError, match=r"odd\.der is not a certificate"):
        TrustStore.from_paths([path])


def test_a_list_among_anchors_says_where_it_belongs(tmp_path: Path):
    (tmp_path / "list.xml").write_text("<TrustServiceStatusList/>")
    with pytest.raises(SettingsError, match=r"\[\[trust\.list\]\]"):
        TrustStore.from_folder(tmp_path)


def test_nothing_is_trusted_by_default(monkeypatch: pytest.MonkeyPatch, desk: Desk, tmp_path: Path):
    """Whatever this machine's own store says, no path of ours asks it."""
    root = tmp_path / "system.pem"
    root.write_bytes(desk.office.root.certificate.public_bytes(Encoding.PEM))
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(root))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the system's store was asked")

    for target in ("certifi.where", "certifi.contents", "ssl.get_default_verify_paths", "ssl.create_default_context"):
        monkeypatch.setattr(target, refuse)
    assert ecert.Settings().trust is None
    report = ecert.verify_copy(desk.copy.to_bytes())
    assert report.codes("unknown")[0] == "no-anchors"
    listed = ListText([service(State(certificates=desk.office.anchors))])
    file = tmp_path / "list.xml"
    file.write_bytes(sign_list(listed.xml(), desk.office.seal))
    TrustStore.from_trusted_list(file, [desk.office.seal.certificate])
