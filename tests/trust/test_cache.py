"""The cache gives back what was put in, until its time, and nothing else ever."""

from __future__ import annotations

import os
import stat
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ecert.trust import cache as module
from ecert.trust.cache import AnswerCache

NOW = datetime(2026, 10, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)
HANOI = timezone(timedelta(hours=7))


@pytest.fixture(params=["memory", "folder"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> AnswerCache:
    return AnswerCache(tmp_path / "new" / "answers" if request.param == "folder" else None)


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_an_answer_lives_until_its_time(cache: AnswerCache) -> None:
    assert cache.get("q", NOW) is None
    cache.put("q", b"answer\n\n{}", NOW + DAY)
    assert cache.get("q", NOW) == b"answer\n\n{}"
    assert cache.get("other", NOW) is None
    assert cache.get("q", NOW + DAY - timedelta(seconds=1)) == b"answer\n\n{}"
    assert cache.get("q", NOW + DAY) is None


def test_a_clock_set_back_wakes_nothing(cache: AnswerCache) -> None:
    cache.put("q", b"answer", NOW + DAY)
    assert cache.get("q", NOW + 2 * DAY) is None
    assert cache.get("q", NOW) is None


def test_in_memory_everything_stale_is_gone_at_the_first_sight_of_the_time() -> None:
    cache = AnswerCache()
    cache.put("q", b"answer", NOW + DAY)
    cache.get("another", NOW + 2 * DAY)
    assert cache.get("q", NOW) is None


def test_the_newest_answer_counts(cache: AnswerCache) -> None:
    cache.put("q", b"old", NOW + 9 * DAY)
    cache.put("q", b"new", NOW + DAY)
    assert cache.get("q", NOW) == b"new"
    assert cache.get("q", NOW + 2 * DAY) is None


def test_times_are_aware_and_of_any_zone(cache: AnswerCache) -> None:
    cache.put("q", b"answer", (NOW + DAY).astimezone(HANOI))
    assert cache.get("q", (NOW + DAY).astimezone(HANOI)) is None
    for call in (
        lambda: cache.get("q", NOW.replace(tzinfo=None)),
        lambda: cache.put("q", b"", NOW.replace(tzinfo=None)),
    ):
        with pytest.raises(ValueError, match="aware"):
            call()


def test_what_is_too_large_is_not_kept(cache: AnswerCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_KEPT_BYTES", 4)
    cache.put("q", b"12345", NOW + DAY)
    assert cache.get("q", NOW) is None
    cache.put("q", b"1234", NOW + DAY)
    assert cache.get("q", NOW) == b"1234"


@pytest.mark.parametrize("limit", ["ENTRIES", "BYTES"])
def test_memory_keeps_what_was_used_last(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, f"MEMORY_{limit}", 3)
    cache = AnswerCache()
    for name in "abc":
        cache.put(name, b"x", NOW + DAY)
    cache.get("a", NOW)
    cache.put("d", b"x", NOW + DAY)
    assert [cache.get(name, NOW) for name in "abcd"] == [b"x", None, b"x", b"x"]


@pytest.mark.parametrize("limit", [("ENTRIES", 2), ("BYTES", 400)])
def test_a_folder_keeps_the_youngest_and_other_people_s_files(
    limit: tuple[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, f"FOLDER_{limit[0]}", limit[1])
    (tmp_path / "README").write_bytes(bytes(1000))
    (tmp_path / ".answer-left-over").write_bytes(b"x")
    os.utime(tmp_path / ".answer-left-over", (0, 0))
    cache = AnswerCache(tmp_path)
    for age, name in enumerate("abcd"):
        cache.put(name, b"x", NOW + DAY)
        for path in tmp_path.glob("*.answer"):
            if path.stat().st_mtime > 1000:  # put just now
                os.utime(path, (age + 1, age + 1))
    assert [cache.get(name, NOW) for name in "abcd"] == [None, None, b"x", b"x"]
    assert (tmp_path / "README").exists()
    assert not (tmp_path / ".answer-left-over").exists()


def test_files_are_private_and_shared_between_caches(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    AnswerCache(folder).put("crl http://ca.example/crl", b"answer", NOW + DAY)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(only_file(folder).stat().st_mode) == 0o600
    assert AnswerCache(folder).get("crl http://ca.example/crl", NOW) == b"answer"
    assert b"http://ca.example/crl" in only_file(folder).read_bytes()


def test_every_damaged_byte_is_a_miss(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    cache.put("q", b"answer", NOW + DAY)
    path = only_file(tmp_path)
    good = path.read_bytes()
    for at in range(len(good)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        assert cache.get("q", NOW) is None, at
        path.write_bytes(good[:at])
        assert cache.get("q", NOW) is None, at
    path.write_bytes(good)
    assert cache.get("q", NOW) == b"answer"


def sealed(rest: bytes) -> bytes:
    """Return a file whose digest is right, whatever it holds."""
    import hashlib

    return b"ecert-answer-1 " + hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"ecert-answer-1 \n",
        sealed(b""),
        sealed(b"not json\nx"),
        sealed(b"[]\nx"),
        sealed(b"{}\nx"),
        sealed(b'{"question": "q"}\nx'),
        sealed(b'{"question": "q", "until": 5}\nx'),
        sealed(b'{"question": "q", "until": "soon"}\nx'),
        sealed(b"[" * 10000 + b"\nx"),
        sealed(b'{"question": "q", "until": "2027-01-01T00:00:00"}\nx'),
        sealed(b'{"question": "other", "until": "2027-01-01T00:00:00+00:00"}\nx'),
        sealed(b'{"question": "q", "until": "9999-12-31T23:59:59-23:59"}\nx'),
    ],
    ids=range(14),
)
def test_foreign_files_are_a_miss(content: bytes, tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    cache.put("q", b"answer", NOW + DAY)
    only_file(tmp_path).write_bytes(content)
    assert cache.get("q", NOW) is None
    good = sealed(b'{"question": "q", "until": "2027-01-01T00:00:00+00:00"}\nx')
    only_file(tmp_path).write_bytes(good)
    assert cache.get("q", NOW) == b"x"


def test_what_is_no_file_is_a_miss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = AnswerCache(tmp_path / "answers")
    cache.put("q", b"answer", NOW + DAY)
    path = only_file(tmp_path / "answers")
    moved = tmp_path / "elsewhere"
    path.rename(moved)
    path.symlink_to(moved)
    assert cache.get("q", NOW) is None
    path.unlink()
    os.mkfifo(path)  # opening it would wait for a writer for ever
    assert cache.get("q", NOW) is None
    path.unlink()
    path.mkdir()
    assert cache.get("q", NOW) is None
    cache.put("q", b"answer", NOW + DAY)  # cannot be written, and says nothing
    assert cache.get("q", NOW) is None
    assert [p.name for p in (tmp_path / "answers").iterdir()] == [path.name]
    path.rmdir()
    moved.rename(path)
    assert cache.get("q", NOW) == b"answer"
    monkeypatch.setattr(module, "MAX_KEPT_BYTES", 0)
    monkeypatch.setattr(module, "_MAX_HEAD", 100)
    assert cache.get("q", NOW) is None


def test_a_folder_that_cannot_be_had_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = AnswerCache(tmp_path / "file" / "answers")
    cache.put("q", b"answer", NOW + DAY)
    assert cache.get("q", NOW) is None


def test_threads_share_a_cache(cache: AnswerCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MEMORY_ENTRIES", 5)
    monkeypatch.setattr(module, "FOLDER_ENTRIES", 5)
    wrong: list[object] = []

    def work(number: int) -> None:
        try:
            for turn in range(60):
                name = str((number + turn) % 8)
                cache.put(name, name.encode(), NOW + DAY)
                found = cache.get(name, NOW)
                if found not in (None, name.encode()):
                    wrong.append(found)
        except Exception as exc:  # noqa: BLE001  (a thread's failure must fail the test)
            wrong.append(exc)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
