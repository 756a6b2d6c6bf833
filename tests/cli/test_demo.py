"""demo: from nothing to a verdict, and a forgery refused."""

from __future__ import annotations

import io
import json
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from ecert.formats.record import CertificationRecord
from ecert.settings import Settings
from ecert.testing.demo import FORGED_PLACE, _comments, make_demo
from ecert.verify.copy import verify_copy
from tests.cli.conftest import Run

FILES = [
    "anchors/root.pem",
    "certified.pdf",
    "draft.pdf",
    "ecert.toml",
    "keys/README.txt",
    "keys/pins.txt",
    "keys/seal.pem",
    "keys/seal.png",
    "keys/signature.png",
    "keys/signer.p12",
    "record.toml",
    "report.json",
    "report.txt",
    "scan/page-1.jpg",
    "scan/page-2.jpg",
    "signed.pdf",
    "tampered.pdf",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "ecert-demo"
    make_demo(folder, algorithm="p256")
    return folder


def test_it_leaves_exactly_these_files(folder: Path):
    found = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    assert found == FILES
    assert list(folder.parent.iterdir()) == [folder]


def test_the_copy_is_valid_without_any_service(run: Run, folder: Path):
    anchors = ("--trust", folder / "anchors")
    assert run("verify", folder / "certified.pdf", *anchors).status == 0
    assert run("verify", folder / "tampered.pdf", *anchors).status == 1
    assert run("verify", folder / "draft.pdf", *anchors).status == 1
    assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["verdict"] == "VALID"
    assert (folder / "report.txt").read_text(encoding="utf-8").startswith("KẾT LUẬN: HỢP LỆ")


def test_the_forgery_can_be_seen_and_is_named(folder: Path):
    report = verify_copy(folder / "tampered.pdf")
    found = {f.code: f for f in report.findings}
    assert {"signature-broken", "pages-differ"} <= set(found)
    assert found["pages-differ"].where["page"] == 1
    true, forged = ((folder / name).read_bytes() for name in ("certified.pdf", "tampered.pdf"))
    assert len(true) == len(forged)
    page = (folder / "scan/page-1.jpg").read_bytes()
    start = true.index(page)
    with Image.open(io.BytesIO(page)) as a, Image.open(io.BytesIO(forged[start : start + len(page)])) as b:
        changed = ImageChops.difference(a.convert("RGB"), b.convert("RGB"))
    strong = changed.convert("L").point([255 if v > 100 else 0 for v in range(256)]).getbbox()
    assert strong is not None
    left, top, right, bottom = strong
    assert FORGED_PLACE[0] - 8 <= left
    assert right <= FORGED_PLACE[0] + 40
    assert FORGED_PLACE[1] - 8 <= top
    assert bottom <= FORGED_PLACE[1] + 64


@pytest.mark.parametrize("size", [0, 4, 5, 0xFFFF, 0x10000, 0x10002, 0x10003, 200_001])
def test_comments_have_the_size_asked_for(size: int):
    made = _comments(size)
    assert len(made) == size
    assert made[:2] == (b"\xff\xfe" if size else b"")


def test_its_inputs_are_an_offices(run: Run, folder: Path, tmp_path: Path):
    settings = Settings.from_file(folder / "ecert.toml")
    assert settings.trust is not None
    assert settings.keys.signer.image == folder / "keys/signature.png"
    CertificationRecord.from_file(folder / "record.toml")
    outcome = run(
        "certify",
        *sorted((folder / "scan").iterdir()),
        "--record",
        folder / "record.toml",
        "--config",
        folder / "ecert.toml",
        "--level",
        "B-B",
        "-o",
        tmp_path / "c.pdf",
    )
    assert outcome.status == 0, outcome.err


def test_the_command_tells_the_story(run: Run, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    told = run("demo", lang="vi")
    assert told.status == 0
    assert "HỢP LỆ: " in told.out
    assert "KHÔNG HỢP LỆ: " in told.out
    assert "ecert verify ecert-demo/certified.pdf --trust ecert-demo/anchors" in told.out
    refused = run("demo")
    assert refused.status == 4
    assert "--force" in refused.err


def test_force_keeps_what_is_not_ours(run: Run, tmp_path: Path, folder: Path):
    mine = shutil.copytree(folder, tmp_path / "mine")
    (Path(mine) / "note.txt").write_text("mine")
    outcome = run("demo", mine, "--force", "--quiet")
    assert outcome == (0, f"{mine}\n", "")
    assert (Path(mine) / "note.txt").read_text() == "mine"
    assert run("verify", Path(mine) / "certified.pdf", "--trust", Path(mine) / "anchors").status == 0


@pytest.mark.skipif(os.name != "posix", reason="links as POSIX has them")
def test_force_follows_no_link_and_shows_no_key(run: Run, tmp_path: Path):
    elsewhere, mine = tmp_path / "elsewhere", tmp_path / "mine"
    elsewhere.mkdir()
    mine.mkdir()
    (elsewhere / "kept").write_text("kept")
    (mine / "certified.pdf").symlink_to(elsewhere / "kept")
    (mine / "report.txt").symlink_to(elsewhere, target_is_directory=True)
    outcome = run("demo", mine, "--force", "--quiet")
    assert outcome.status == 0
    assert not (mine / "certified.pdf").is_symlink()
    assert (mine / "report.txt").is_file()
    for name in ("signer.p12", "seal.pem", "pins.txt"):
        assert (mine / "keys" / name).stat().st_mode & 0o077 == 0
    shutil.rmtree(mine / "keys")
    (mine / "keys").symlink_to(elsewhere, target_is_directory=True)
    refused = run("demo", mine, "--force", "--quiet")
    assert refused.status == 4
    assert "links in it are not followed" in refused.err
    assert [(p.name, p.read_text()) for p in elsewhere.iterdir()] == [("kept", "kept")]
