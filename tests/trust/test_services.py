"""Services are plain data with a memory of their own."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ecert.errors import SettingsError
from ecert.settings import Settings
from ecert.trust.breaker import MAX_PLACES, OPEN_S, Breaker
from ecert.trust.services import Services, TimestampService

NOW = datetime(2026, 10, 1, tzinfo=UTC)


def used(services: Services) -> bool:
    return services.cache.get("q", NOW) is not None or services.breaker.open_since("p") is not None


def use(services: Services) -> Services:
    services.cache.put("q", b"answer", NOW + timedelta(days=1))
    services.breaker.failed("p")
    assert used(services)
    return services


@pytest.mark.parametrize(
    "copied",
    [lambda s: dataclasses.replace(s, timeout_s=3.0), copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))],
    ids=["replace", "deepcopy", "pickle"],
)
def test_copies_begin_with_an_empty_memory(copied: Any) -> None:
    services = use(Services(allow_hosts=frozenset({"a"}), map_hosts={"a": "b"}))
    other = copied(services)
    assert not used(other)
    assert dataclasses.replace(other, timeout_s=10.0) == services
    use(other)


def test_a_copy_keeps_its_folder(tmp_path: Path) -> None:
    services = use(Services(cache_dir=tmp_path))
    other = pickle.loads(pickle.dumps(services))
    assert other.cache.get("q", NOW) == b"answer"
    assert other.breaker.open_since("p") is None
    moved = dataclasses.replace(services, cache_dir=tmp_path / "other")
    assert moved.cache.get("q", NOW) is None


def test_the_memory_is_no_part_of_the_value() -> None:
    assert use(Services()) == Services()
    assert "memory" not in repr(use(Services()))
    with pytest.raises(TypeError):
        Services(_memory=None)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: TimestampService("ftp://a/b"), "is not http or https"),
        (lambda: TimestampService("http://"), "is not http or https"),
        (lambda: TimestampService("http://u:secret@a/"), "…@a"),
        (lambda: TimestampService("http://a/", timeout_s=0), "timeout_s = 0"),
        (lambda: Services(timeout_s=301), "timeout_s = 301"),
        (lambda: Services(timeout_s=float("nan")), "timeout_s = nan"),
        (lambda: Services(status_max_age_s=-1), "status_max_age_s = -1"),
        (lambda: Services(status_max_age_s=float("nan")), "status_max_age_s = nan"),
        (lambda: Services(status_max_age_s=1e6), "status_max_age_s = 1000000.0"),
        (lambda: Services(allow_hosts=frozenset({"127.0.0.1:80"})), "'127.0.0.1:80' is not a host"),
        (lambda: Services(map_hosts={"a": "http://b"}), "'http://b' is not a host"),
        (lambda: Services(map_hosts={"a b": "b"}), "'a b' is not a host"),
        (lambda: Services(proxy="proxy:3128"), "is not a proxy"),
        (lambda: Services(proxy="https://proxy:3128"), "is not a proxy"),
        (lambda: Services(proxy="http://proxy:3128/path"), "is not a proxy"),
        (lambda: Services(proxy="http://u:secret@proxy:3128"), "is not a proxy"),
    ],
    ids=range(16),
)
def test_what_can_never_work_is_refused(make: Any, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        make()
    assert words in caught.value.message
    assert caught.value.hint or "_s = " in words
    assert "secret" not in str(caught.value)


def test_services_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "ecert.toml"
    path.write_text(
        '[services]\ncache_dir = "answers"\nproxy = "http://proxy.example:3128"\n'
        '[[services.timestamp]]\nurl = "http://a/tsa"\nretries = 0\ntimeout_s = 3\n'
        '[[services.timestamp]]\nurl = "http://b/tsa"\n'
    )
    services = Settings.from_file(path).services
    assert services.timestamps == (TimestampService("http://a/tsa", 0, 3.0), TimestampService("http://b/tsa"))
    assert services.cache_dir == tmp_path / "answers"
    assert list(tmp_path.iterdir()) == [path]  # reading settings makes nothing
    use(services)
    assert len(list((tmp_path / "answers").iterdir())) == 1
    path.write_text('[services]\ncache_dir = ""')
    assert Settings.from_file(path).services.cache_dir is None


# ── the breaker ──────────────────────────────────────────────────────────────────────────────────


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_silent_place_is_left_alone_for_a_while() -> None:
    time = Time()
    breaker = Breaker(time)
    assert breaker.admits("host", "address")
    breaker.failed("address")
    assert not breaker.admits("host", "address")
    assert breaker.admits("host", "another address")
    assert breaker.open_since("host", "address") == 1000
    time.now += OPEN_S
    assert breaker.open_since("host", "address") is None
    assert breaker.admits("host", "address")


def test_after_the_while_one_asker_goes_first() -> None:
    time = Time()
    breaker = Breaker(time)
    breaker.failed("host")
    time.now += OPEN_S
    assert breaker.admits("host")
    assert not breaker.admits("host")
    breaker.answered("host")
    assert breaker.admits("host")
    assert breaker.admits("host")


def test_the_breaker_remembers_the_latest_failures_only() -> None:
    breaker = Breaker(Time())
    for number in range(MAX_PLACES + 1):
        breaker.failed(str(number))
    assert breaker.admits("0")
    assert not breaker.admits("1")
    assert not breaker.admits(str(MAX_PLACES))
