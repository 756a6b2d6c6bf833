"""Verifying as a whole: here and in the sandbox, asked of services, kept and made again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import ecert
from ecert.errors import InputError, UsageError
from ecert.model.limits import DocumentLimits
from ecert.operations import EvidenceFolder, Verifier
from ecert.sandbox import Sandbox
from ecert.verify.policies import get_policy
from tests.kit import Desk

POLICY = get_policy("certified-copy", None)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seconds=60) as found:
        yield found


@pytest.fixture(scope="module")
def plain(desk: Desk) -> bytes:
    """Return a copy without validation data, which only a service can vouch for."""
    office = desk.office
    return ecert.seal_copy(
        desk.signed, office.key("seal"), level="B-B", trust=office.trust, services=office.services
    ).to_bytes()


def verifier(desk: Desk, **options: Any) -> Verifier:
    return Verifier(**{"policy": POLICY, "trust": desk.office.trust, "at": moment(desk), **options})


def moment(desk: Desk) -> datetime:
    """Return one time for all of these tests: reports state it."""
    now: datetime = desk.made.setdefault("moment of operations", desk.office.clock.now())
    return now


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_is_what_verify_copy_says(desk: Desk) -> None:
    data, at = desk.copy.to_bytes(), moment(desk)
    report = verifier(desk).verify(data)
    assert report.verdict == "VALID"
    assert report.to_json() == ecert.verify_copy(data, trust=desk.office.trust, at=at).to_json()
    assert verifier(desk).verify(data, "bản sao.pdf").content["document"]["name"] == "bản sao.pdf"


def test_here_and_in_the_sandbox_the_same_is_said_and_kept(
    desk: Desk, plain: bytes, sandbox: Sandbox, tmp_path: Path
) -> None:
    services, documents = desk.office.services, (plain, desk.copy.to_bytes(), b"no PDF")
    asked = verifier(desk, services=services, sandbox=sandbox, keep_in=tmp_path / "asked")
    assert [asked.verify(data).verdict for data in documents] == ["VALID", "VALID", "INVALID"]
    said = []
    for where, inside in (("here", None), ("there", sandbox)):
        folder = EvidenceFolder.read(tmp_path / "asked")
        work = verifier(desk, evidence=[folder], sandbox=inside, keep_in=tmp_path / where)
        said.append([work.verify(data, "a.pdf").to_json() for data in documents])
    assert said[0] == said[1]
    assert files(tmp_path / "here") == files(tmp_path / "there") == files(tmp_path / "asked")


def test_what_was_kept_makes_the_same_report_again_and_asks_nobody(desk: Desk, plain: bytes, tmp_path: Path) -> None:
    assert verifier(desk).verify(plain).verdict == "INDETERMINATE"
    asked = verifier(desk, services=desk.office.services, keep_in=tmp_path).verify(plain)
    desk.office.responders.requests.clear()
    again = verifier(desk, evidence=[EvidenceFolder.read(tmp_path)]).verify(plain)
    assert (asked.verdict, again.verdict) == ("VALID", "VALID")
    assert asked.content["evidence"] == again.content["evidence"]
    assert "evidence-replayed" in again.codes()
    assert not desk.office.responders.requests


def test_threads_share_it_and_tell_the_same_attempts(desk: Desk, plain: bytes) -> None:
    work = verifier(desk, services=desk.office.services)
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: work.verify(plain).to_json(), range(8)))
    assert len(set(reports)) == 1


def test_all_documents_of_a_run_are_of_one_time(desk: Desk) -> None:
    work = Verifier(POLICY, desk.office.trust)
    times = {work.verify(data).content["validation_time"] for data in (b"a", desk.copy.to_bytes())}
    assert len(times) == 1


def test_limits_are_findings(desk: Desk, sandbox: Sandbox) -> None:
    for where in (None, sandbox):
        report = verifier(desk, limits=DocumentLimits(1000, 10), sandbox=where).verify(desk.copy.to_bytes())
        assert report.codes() == ["over-limit"]


def test_calls_that_are_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        Verifier(POLICY, at=datetime(2026, 10, 1))  # noqa: DTZ001  (the point)
    later = verifier(desk, keep_in=tmp_path / "file" / "below", at=desk.office.clock.now() + timedelta(1))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError) as caught:
        later.verify(b"no PDF")
    assert caught.value.code == "not-writable"
