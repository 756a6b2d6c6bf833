"""No bundle or list goes back behind one that was used before, where a folder remembers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from ecert.errors import SettingsError
from ecert.model.times import read_clock
from ecert.settings import Settings
from ecert.testing import Office
from ecert.testing.pki import der, pem
from ecert.trust.anchors import TrustAnchor
from ecert.trust.bundle import build_bundle
from ecert.trust.manifest import Manifest
from ecert.trust.seen import note_sequence, refuse_older
from ecert.trust.store import TrustStore
from tests.kit import Desk
from tests.trust.lists import ListText, State, service, sign_list

DAY = timedelta(days=1)
NOW = read_clock(None)


@pytest.fixture(scope="module")
def office(desk: Desk) -> Office:
    return desk.office


@pytest.fixture(scope="module")
def issue(office: Office) -> Callable[..., bytes]:
    """Return a function that issues a version of the office's bundle."""
    anchor = TrustAnchor(der(office.root.certificate), frozenset({"signer", "seal"}))

    def issue(version: int, name: str = "xa-mau", who: str = "seal") -> bytes:
        dates = (NOW, NOW + 30 * DAY, NOW + 365 * DAY)
        return build_bundle(Manifest(name, version, *dates, (anchor,)), office.key(who))  # type: ignore[arg-type]

    return issue


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(SettingsError) as refused:
        call()
    assert refused.value.hint
    return refused.value.code


def test_a_bundle_does_not_go_back(office: Office, issue: Callable[..., bytes], tmp_path: Path) -> None:
    state, path = tmp_path / "made" / "state", tmp_path / "office.ecb"
    signers = (office.seal.certificate, office.signer.certificate)

    def read(data: bytes, folder: Path | None = state) -> str | None:
        path.write_bytes(data)
        return TrustStore.from_paths([path], signers=signers, state=folder).id

    assert read(issue(4)) == "xa-mau"
    assert read(issue(4))  # the same one, as often as wanted
    assert read(issue(6))
    assert code_of(lambda: read(issue(5))) == "trust-rolled-back"
    assert code_of(lambda: read(issue(4, who="signer"))) == "trust-rolled-back"  # another key of it
    assert read(issue(1, "another"))  # another bundle has numbers of its own
    assert read(issue(5), None)  # nobody remembers
    assert read(issue(7))
    assert state.stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in state.iterdir()} == {0o600}


def test_what_is_refused_is_not_remembered(office: Office, issue: Callable[..., bytes], tmp_path: Path) -> None:
    path = tmp_path / "office.ecb"
    path.write_bytes(issue(9))
    stranger = [office.tsa.certificate]
    with pytest.raises(SettingsError):
        TrustStore.from_bundle(path, stranger, state=tmp_path / "state")
    late = NOW + 400 * DAY
    with pytest.raises(SettingsError):
        TrustStore.from_bundle(path, [office.seal.certificate], late, state=tmp_path / "state")
    assert not (tmp_path / "state").exists()


def test_a_list_does_not_go_back(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "list.xml"
    services = [service(State(certificates=[office.root.certificate]))]
    for sequence, good in ((7, True), (7, True), (6, False), (8, True)):
        path.write_bytes(sign_list(ListText(services, sequence=str(sequence)).xml(), office.seal))

        def read() -> TrustStore:
            return TrustStore.from_trusted_list(path, [office.seal.certificate], state=tmp_path / "state")

        if good:
            assert read().anchors
        else:
            assert code_of(read) == "trust-rolled-back"


def test_the_settings_name_the_folder(office: Office, issue: Callable[..., bytes], tmp_path: Path) -> None:
    (tmp_path / "signer.pem").write_bytes(pem(office.seal.certificate))
    config = tmp_path / "ecert.toml"
    config.write_text('[trust]\npaths = ["office.ecb"]\nbundle_signers = ["signer.pem"]\nstate_dir = "seen"\n')
    (tmp_path / "office.ecb").write_bytes(issue(3))
    settings = Settings.from_file(config)
    assert settings.trust_settings.state_dir == tmp_path / "seen"
    assert settings.trust is not None
    (tmp_path / "office.ecb").write_bytes(issue(2))
    assert code_of(lambda: Settings.from_file(config).trust) == "trust-rolled-back"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "3",
        '{"format": "ecert-seen-1"}',
        "[" * 3000,
        json.dumps({"format": "ecert-seen-1", "kind": "bundle", "key": "other", "sequence": 1}),
        json.dumps({"format": "ecert-seen-1", "kind": "bundle", "key": "k", "sequence": True}),
        json.dumps({"format": "ecert-seen-1", "kind": "bundle", "key": "k", "sequence": "1"}),
        json.dumps({"format": "ecert-seen-1", "kind": "bundle", "key": "k", "sequence": -1}),
        json.dumps({"format": "ecert-seen-2", "kind": "bundle", "key": "k", "sequence": 1}),
    ],
)
def test_what_is_damaged_is_refused_not_forgotten(tmp_path: Path, content: str) -> None:
    note_sequence(tmp_path, "bundle", "k", 5, "it")
    (file,) = tmp_path.glob("*.json")
    file.write_text(content)
    for number in (4, 6):
        assert code_of(lambda n=number: note_sequence(tmp_path, "bundle", "k", n, "it")) == (  # type: ignore[misc]
            "trust-state-unusable"
        )


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "state"
    assert code_of(lambda: note_sequence(folder, "list", "k", 1, "it")) == "trust-state-unusable"


def test_looking_writes_nothing(tmp_path: Path) -> None:
    assert refuse_older(tmp_path / "none", "bundle", "k", 1, "it") is None
    assert not (tmp_path / "none").exists()


_RAISE = """
import sys
from pathlib import Path
from ecert.errors import SettingsError
from ecert.trust.seen import note_sequence
for number in range(int(sys.argv[2]), 200, 2):
    try:
        note_sequence(Path(sys.argv[1]), "bundle", "k", number, "it")
    except SettingsError as refused:
        assert refused.code == "trust-rolled-back", refused
"""


def test_two_processes_never_lower_a_number(tmp_path: Path) -> None:
    """Each counts on its own; whatever the order, the highest stays."""
    command = [sys.executable, "-c", _RAISE, str(tmp_path)]
    running = [subprocess.Popen([*command, str(start)]) for start in (0, 1)]
    assert [each.wait(60) for each in running] == [0, 0]
    assert refuse_older(tmp_path, "bundle", "k", 199, "it") == 199
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".seen")] == []
