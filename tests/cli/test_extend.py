"""extend: one copy, a whole archive, interrupted and taken up again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import ecert
from tests.cli.conftest import Desk, Run


@pytest.fixture(scope="module")
def archive(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a finished copy, one below its promise in a folder below, and a stranger."""
    folder, office = tmp_path_factory.mktemp("archive"), desk.office
    scan = ecert.Scan.from_files([desk.scans[0]])
    record = ecert.CertificationRecord.from_dict(office.record(pages=1))
    options: dict[str, Any] = {"trust": office.trust, "services": office.services}
    signed = ecert.sign_copy(ecert.prepare_copy(scan, record), office.key("signer"), **options)
    ecert.seal_copy(signed, office.key("seal"), **options).write(folder / "done.pdf")
    (folder / "2026").mkdir()
    below = ecert.seal_copy(signed, office.key("seal"), level="B-T", **options)
    below.write(folder / "2026" / "below.pdf")
    (folder / "stranger.pdf").write_bytes(b"%PDF-1.7\nno copy at all\n")
    return folder


def test_one_file(run: Run, desk: Desk, archive: Path, tmp_path: Path):
    goal, config = tmp_path / "out.pdf", ("--config", desk / "ecert.toml")
    below = archive / "2026" / "below.pdf"
    outcome = run("extend", below, "-o", goal, *config)
    assert outcome.status == 0, outcome.err
    assert "extended, level B-LTA" in outcome.out
    assert goal.read_bytes().startswith(below.read_bytes())
    report = ecert.verify_copy(goal, trust=desk.office.trust)
    assert report.verdict == "VALID"
    again = run("extend", below, "-o", goal, *config)
    assert (again.status, "extended before" in again.out) == (0, True)


def test_without_an_output_it_only_lists(run: Run, desk: Desk, archive: Path):
    before = sorted(p.stat().st_mtime_ns for p in archive.rglob("*.pdf"))
    config = ("--config", desk / "ecert.toml")
    outcome = run("extend", archive, "--due-within", "365d", "--format", "json", *config)
    told = {Path(line["file"]).name: line for line in outcome.lines if "file" in line}
    assert {name: line["outcome"] for name, line in told.items()} == {
        "below.pdf": "due", "done.pdf": "current",
    }  # fmt: skip
    assert told["done.pdf"]["proof_until"] > told["below.pdf"]["proof_until"][:4]
    assert outcome.status == 4  # for the stranger
    assert sorted(p.stat().st_mtime_ns for p in archive.rglob("*.pdf")) == before


def test_an_archive_is_resumed(run: Run, desk: Desk, archive: Path, tmp_path: Path):
    goal = tmp_path / "renewed"
    arguments = (
        "extend", archive, "--due-within", "365d", "--out-dir", goal,
        "--config", desk / "ecert.toml",
    )  # fmt: skip
    first = run(*arguments)
    assert [p.relative_to(goal).as_posix() for p in goal.rglob("*.pdf")] == ["2026/below.pdf"]
    assert first.out.splitlines()[-1] == "1 extended, 0 due, 1 not due, 1 refused."
    written = (goal / "2026" / "below.pdf").read_bytes()
    second = run(*arguments)
    assert "extended before" in second.out
    assert (goal / "2026" / "below.pdf").read_bytes() == written
    (goal / "2026" / "below.pdf").write_bytes(written[:-100])  # somebody else's half-written file
    third = run(*arguments)
    assert "is not this copy extended" in third.err
    assert (goal / "2026" / "below.pdf").read_bytes() == written[:-100]
    assert run(*arguments, "--force").status == 4
    assert (goal / "2026" / "below.pdf").stat().st_size > len(written) - 2000
    assert list(goal.rglob("*")) == [goal / "2026", goal / "2026" / "below.pdf"]


def test_a_dead_service_leaves_nothing(run: Run, desk: Desk, archive: Path, tmp_path: Path):
    desk.office.responders.faults["/tsa"] = "dead"
    try:
        outcome = run(
            "extend", archive / "2026" / "below.pdf", "-o", tmp_path / "out.pdf",
            "--config", desk / "ecert.toml",
        )  # fmt: skip
    finally:
        desk.office.responders.faults.clear()
    assert outcome.status == 6
    assert "no time-stamp could be had" in outcome.err
    assert not (tmp_path / "out.pdf").exists()


def test_calls_that_are_refused(run: Run, desk: Desk, archive: Path, tmp_path: Path):
    config = ("--config", desk / "ecert.toml")
    one = archive / "done.pdf"
    for arguments, words in (
        ((one,), "--out-dir"),
        ((archive, "-o", tmp_path / "x.pdf"), "-o names one file"),
        ((one, "--due-within", "a year"), "365d"),
        ((one, "--level", "B-X", "-o", tmp_path / "x.pdf"), "B-X"),
    ):
        outcome = run("extend", *arguments, *config)
        assert outcome.status == 2, arguments
        assert words in outcome.err
    assert run("extend", one, "-o", one, "--force", *config).status == 4
    assert run("extend", one, "-o", tmp_path / "x.pdf").status == 2  # no anchors
    nothing = run("extend", one, "-o", tmp_path / "x.pdf", *config)
    assert nothing.status == 6
    assert "no longer than the last one" in nothing.err


def test_the_words_are_vietnamese_too(run: Run, desk: Desk, archive: Path):
    outcome = run(
        "extend", archive / "2026" / "below.pdf", "--due-within", "30d",
        "--config", desk / "ecert.toml", lang="vi",
    )  # fmt: skip
    assert "cần gia hạn, mức B-T" in outcome.out
    assert "bản sao hứa mức B-LTA" in outcome.out
