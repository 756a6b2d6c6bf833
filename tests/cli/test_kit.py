"""kit: listing, making, and an office that answers until it is told to end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from ecert.errors import InputError
from ecert.settings import Settings
from ecert.testing import Office, specimen_names
from ecert.testing.desk import write_desk
from tests.cli.conftest import Run


def test_every_specimen_is_listed(run: Run):
    told = run("kit", "list")
    assert told.status == 0
    assert [line.split()[0] for line in told.out.splitlines()] == list(specimen_names())
    assert "INDETERMINATE" in told.out


def test_classes_are_listed_in_either_language(run: Run):
    told = run("kit", "list", "--class", "cut-back", "--format", "json")
    assert [each["name"] for each in told.lines] == list(specimen_names(["cut-back"]))
    first = told.lines[0]
    assert set(first) == {"name", "class", "title", "verdict", "codes", "policy"}
    assert first["class"] == "cut-back"
    vietnamese = run("kit", "list", "--class", "cut-back", lang="vi")
    assert first["title"]["vi"] in vietnamese.out


def test_what_is_made_is_judged_as_stated(run: Run, tmp_path: Path):
    folder = tmp_path / "kit"
    made = run("kit", "make", "untouched", "--class", "cut-back", "-o", folder, "--format", "json")
    assert made.status == 0, made.err
    names = ["untouched", *specimen_names(["cut-back"])]
    assert [each["name"] for each in made.lines] == names
    assert sorted(p.stem for p in folder.glob("*.pdf")) == sorted(names)
    for stated in made.lines:
        assert json.loads((folder / f"{stated['name']}.json").read_text("utf-8")) == stated
        anchors = folder / stated["trust"][0]
        told = run("verify", folder / stated["file"], "--trust", anchors, "--at", stated["time"], "--format", "json")
        assert told.lines[0]["verdict"] == stated["verdict"]


def test_a_folder_in_use_is_refused(run: Run, tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    refused = run("kit", "make", "untouched", "-o", tmp_path)
    assert refused.status == 4
    assert "--force" in refused.err
    assert run("kit", "make", "untouched", "-o", tmp_path, "--force").status == 0
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert run("kit", "make", "untouched", "-o", tmp_path / "mine.txt", "--force").status == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("make", "no-such-thing", "-o", "x"), "there is no specimen 'no-such-thing'"),
        (("make", "-o", "x"), "no specimen is named"),
        (("make", "--class", "odd", "-o", "x"), "there is no class 'odd'"),
        (("list", "--class", "odd"), "there is no class 'odd'"),
        (("make", "untouched"), "-o"),
        (("serve", "--port", "65536"), "65536"),
    ],
)
def test_wrong_use_is_told(
    run: Run, arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    told = run("kit", *arguments)
    assert told.status == 2
    assert said in told.err
    assert list(tmp_path.glob("x*")) == []


def test_a_port_in_use_is_told(run: Run, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = run("kit", "serve", "--port", port, "-o", tmp_path / "kit")
    assert told.status == 2
    assert f"cannot listen on port {port}" in told.err
    assert not (tmp_path / "kit").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals are sent to a process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_office_serves_until_it_is_told_to_end(tmp_path: Path, number: signal.Signals):
    folder = tmp_path / "kit"
    command = [sys.executable, "-m", "ecert", "kit", "serve", "-o", str(folder), "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            facts = json.loads(process.stdout.readline())
            for address in (*facts["crl"].values(), *facts["ca"].values()):
                with urllib.request.urlopen(address, timeout=10) as answer:
                    assert answer.read()[:1] == b"\x30"
            settings = Settings.from_file(Path(facts["settings"]))
            assert settings.trust is not None
            assert [each.url for each in settings.services.timestamps] == [facts["timestamp"]]
            for key in ("signer", "seal", "pins", "record"):
                assert Path(facts[key]).is_file()
            assert json.loads((folder / "office.json").read_text("utf-8")) == facts
        finally:
            process.send_signal(number)
        assert process.wait(20) == 0
        assert process.stdout.read() == b""
        assert process.stderr.read() == b""


@pytest.mark.skipif(os.name != "posix", reason="links as POSIX has them")
@pytest.mark.parametrize("link", ["keys", "anchors", "keys/pins.txt", "ecert.toml"])
def test_links_in_a_folder_are_not_followed(tmp_path: Path, link: str):
    """Whoever may write into a folder of tests must not get keys written elsewhere, or files replaced there."""
    folder, elsewhere = tmp_path / "kit", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("kept")
    (folder / link).parent.mkdir(parents=True)
    is_folder = "." not in link
    (folder / link).symlink_to(elsewhere if is_folder else elsewhere / "kept")
    with Office.create(algorithm="p256", responders=False) as office:
        if is_folder:
            with pytest.raises(InputError, match="cannot write"):
                write_desk(office, folder)
        else:
            write_desk(office, folder)
            assert not (folder / link).is_symlink()
            assert (folder / "keys" / "pins.txt").stat().st_mode & 0o077 == 0
    assert [(p.name, p.read_text()) for p in elsewhere.iterdir()] == [("kept", "kept")]
