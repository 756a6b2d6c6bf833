"""Files are read up to a limit and never waited for; written whole, to nobody whom the umask or their forerunner
kept out, and through no link."""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecert.errors import InputError
from ecert.model import files
from ecert.model.files import PRIVATE, write_below, write_file
from tests.kit import unreadable_files, within

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX's")


@pytest.fixture(params=[0o022, 0o027, 0o077, 0o002], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_file_is_read_whole_or_refused(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert files.read(path, 5) == b"12345"
    assert files.read_head(path, 4) == b"1234"
    with pytest.raises(files.UnreadableError) as caught:
        files.read(path, 4)
    assert caught.value.code == "too-large"
    assert caught.value.message == f"cannot read {path}: it has more than 4 bytes"


def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path):
    cases = unreadable_files(tmp_path) | {"no path holds": tmp_path / "a\0b"}
    for reason, path in cases.items():
        with within(10), pytest.raises(InputError) as caught:
            files.read(path, 1000)
        assert isinstance(caught.value, files.UnreadableError)
        assert reason in caught.value.why
        assert str(path) in caught.value.message
        assert caught.value.code == ("too-large" if path == Path("/dev/zero") else "not-readable")


def test_a_forbidden_file_is_refused_by_name(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(b"1")
    path.chmod(0)
    own = os.geteuid()
    if own == 0:  # nothing is forbidden to root
        os.seteuid(65534)
    try:
        with pytest.raises(files.UnreadableError, match="Permission denied"):
            files.read(path, 10)
    finally:
        os.seteuid(own)


@pytest.mark.parametrize("pause", [0, 0.2])
def test_a_pipe_is_read_to_its_end_where_somebody_writes(tmp_path: Path, pause: float):
    path, data = tmp_path / "pipe", bytes(300_000)  # more than a pipe holds
    os.mkfifo(path)

    def write() -> None:
        with path.open("wb", buffering=0) as pipe:
            started.set()
            time.sleep(pause)
            pipe.write(data)

    started = threading.Event()
    writer = threading.Thread(target=write)
    # opened here, so that the writer's open does not wait; closed once it has come
    ours = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    writer.start()
    started.wait()
    with within(10):
        assert files.read(path, len(data)) == data
    os.close(ours)
    writer.join()


def test_a_new_file_keeps_to_the_umask(tmp_path: Path, umask: int):
    write_file(tmp_path / "copy.pdf", b"1")
    write_file(tmp_path / "forced.pdf", b"1", force=True)
    write_file(tmp_path / "key.p12", b"1", mode=PRIVATE)
    write_below(tmp_path, "a/b.pdf", b"1")
    write_below(tmp_path, "a/pins.txt", b"1", mode=PRIVATE)
    for name in ("copy.pdf", "forced.pdf", "a/b.pdf"):
        assert mode(tmp_path / name) == 0o666 & ~umask
    for name in ("key.p12", "a/pins.txt"):
        assert mode(tmp_path / name) == 0o600 & ~umask


def test_what_is_replaced_keeps_out_whom_it_kept_out(tmp_path: Path):
    path = tmp_path / "copy.pdf"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write_file(path, b"new", force=True)
    assert path.read_bytes() == b"new"
    assert mode(path) == 0o600


def test_a_link_in_the_files_place_is_replaced_itself(tmp_path: Path):
    victim, path = tmp_path / "victim", tmp_path / "copy.pdf"
    victim.write_bytes(b"kept")
    path.symlink_to(victim)
    with pytest.raises(InputError, match="exists already"):
        write_file(path, b"new")
    write_file(path, b"new", force=True)
    assert victim.read_bytes() == b"kept"
    assert not path.is_symlink()
    assert path.read_bytes() == b"new"


def test_nothing_is_left_of_what_cannot_be_written(tmp_path: Path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "x").touch()
    for write in (
        lambda: write_file(tmp_path / "taken", b"1", force=True),
        lambda: write_below(tmp_path, "taken", b"1"),
        lambda: write_below(tmp_path, "taken/x/y", b"1"),
    ):
        with pytest.raises(InputError):
            write()
    assert [p.name for p in tmp_path.rglob("*")] == ["taken", "x"]


def test_links_below_a_folder_are_not_followed(tmp_path: Path):
    folder, elsewhere = tmp_path / "kit", tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder.mkdir()
    (elsewhere / "pins.txt").write_bytes(b"kept")
    (folder / "keys").symlink_to(elsewhere, target_is_directory=True)
    (folder / "ecert.toml").symlink_to(elsewhere / "new")
    with pytest.raises(InputError, match="cannot write") as caught:
        write_below(folder, "keys/pins.txt", b"1")
    assert "links in it are not followed" in caught.value.hint
    write_below(folder, "ecert.toml", b"1")
    assert not (folder / "ecert.toml").is_symlink()
    assert [(p.name, p.read_bytes()) for p in elsewhere.iterdir()] == [("pins.txt", b"kept")]


def test_the_folder_itself_may_be_a_link(tmp_path: Path):
    (tmp_path / "real").mkdir()
    (tmp_path / "kit").symlink_to(tmp_path / "real", target_is_directory=True)
    write_below(tmp_path / "kit", "keys/pins.txt", b"1")
    assert (tmp_path / "real" / "keys" / "pins.txt").read_bytes() == b"1"
