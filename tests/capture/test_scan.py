"""Scan.from_files: order, names, limits, and what is never imported for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ecert.capture import scan as module
from ecert.capture.scan import Scan
from ecert.errors import InputError, UsageError
from tests.capture.images import encode, jpeg, picture, without_segments


def test_paths_and_bytes_in_order(tmp_path: Path):
    (tmp_path / "front.jpg").write_bytes(jpeg())
    seen: list[tuple[int, int]] = []
    scan = Scan.from_files(
        [tmp_path / "front.jpg", encode(picture("L"), "PNG"), str(tmp_path / "front.jpg")],
        progress=lambda done, total: seen.append((done, total)),
    )
    assert [page.source for page in scan.pages] == ["front.jpg", "input 2", "front.jpg"]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_dpi_serves_only_files_that_name_none():
    scan = Scan.from_files([jpeg(), without_segments(jpeg(), 0xE0)], dpi=200)
    assert [page.dpi for page in scan.pages] == [(300.0, 300.0), (200.0, 200.0)]


@pytest.mark.parametrize("files", ["a.jpg", b"\xff\xd8", Path("a.jpg"), []])
def test_wrong_calls(files):
    with pytest.raises(UsageError):
        Scan.from_files(files)


@pytest.mark.parametrize("dpi", [0, -1, 19, 5000, float("nan")])
def test_impossible_dpi(dpi: float):
    with pytest.raises(UsageError):
        Scan.from_files([jpeg()], dpi=dpi)


def test_unreadable_files(tmp_path: Path):
    for path in (tmp_path / "none.jpg", tmp_path):
        with pytest.raises(InputError) as caught:
            Scan.from_files([path])
        assert caught.value.code == "not-readable"
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(InputError) as caught:
        Scan.from_files([tmp_path / "pipe.jpg"])
    assert caught.value.code == "not-readable"


def test_empty_and_too_long_files(tmp_path: Path):
    with pytest.raises(InputError) as caught:
        Scan.from_files([b""])
    assert caught.value.code == "empty-file"
    path = tmp_path / "long.jpg"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024 + 1)
    with pytest.raises(InputError) as caught:
        Scan.from_files([path])
    assert caught.value.code == "too-large"
    assert "209,715,201" in str(caught.value)


def test_pages_are_counted_over_the_whole_scan():
    frames = [picture("1", (13, 13))] * 600
    tiff = encode(frames[0], "TIFF", dpi=(72, 72), save_all=True, append_images=frames[1:])
    with pytest.raises(InputError) as caught:
        Scan.from_files([tiff, tiff])
    assert caught.value.code == "too-many-pages"
    assert "1,000" in caught.value.message
    with pytest.raises(InputError) as caught:
        Scan.from_files([jpeg()] * 1001)
    assert caught.value.code == "too-many-pages"
    assert len(Scan.from_files([jpeg()] * 1000).pages) == 1000


def test_bytes_are_counted_over_the_whole_scan(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MAX_SCAN_BYTES", 2 * len(jpeg()))
    assert len(Scan.from_files([jpeg()] * 2).pages) == 2
    with pytest.raises(InputError) as caught:
        Scan.from_files([jpeg()] * 3)
    assert caught.value.code == "too-large"


def test_passing_through_needs_neither_pillow_nor_pikepdf(tmp_path: Path):
    for name, data in {
        "a.jpg": jpeg(),
        "b.png": encode(picture("P"), "PNG"),
        "d.jp2": encode(picture(), "JPEG2000"),
    }.items():
        (tmp_path / name).write_bytes(data)
    program = (
        "import sys; from ecert.capture.scan import Scan\n"
        "scan = Scan.from_files(sys.argv[1:], dpi=300)\n"
        "assert not any(page.reencoded for page in scan.pages)\n"
        "sys.exit('PIL' in sys.modules or 'pikepdf' in sys.modules)"
    )
    files = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run([sys.executable, "-c", program, *files], check=False)
    assert done.returncode == 0
