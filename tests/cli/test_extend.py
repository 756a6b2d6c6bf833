"""extend: one copy, a whole archive, interrupted and taken up again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import ecert
from ecert.testing import Office
from tests.cli.conftest import Desk, Run
from tests.kit import small_page


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
    assert {name: line["outcome"] for name, line in told.items()} == {"below.pdf": "due", "done.pdf": "current"}
    assert told["done.pdf"]["proof_until"] > told["below.pdf"]["proof_until"][:4]
    assert outcome.status == 4  # for the stranger
    assert sorted(p.stat().st_mtime_ns for p in archive.rglob("*.pdf")) == before


def test_an_archive_is_resumed(run: Run, desk: Desk, archive: Path, tmp_path: Path):
    goal = tmp_path / "renewed"
    arguments = ("extend", archive, "--due-within", "365d", "--out-dir", goal, "--config", desk / "ecert.toml")
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
            "extend", archive / "2026" / "below.pdf", "-o", tmp_path / "out.pdf", "--config", desk / "ecert.toml"
        )
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
        "extend", archive / "2026" / "below.pdf", "--due-within", "30d", "--config", desk / "ecert.toml", lang="vi"
    )
    assert "cần gia hạn, mức B-T" in outcome.out
    assert "bản sao được lập theo mức B-LTA" in outcome.out


# ── nothing is written over an input, and no two to one file ─────────────────────────────────────


@pytest.fixture
def shelves(archive: Path, tmp_path: Path) -> Path:
    """Return a folder of two folders, each with a copy of the same name and other content."""
    for name, source in (("a", "2026/below.pdf"), ("b", "done.pdf")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.pdf").write_bytes((archive / source).read_bytes())
    return tmp_path


def _content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.pdf")}


def test_two_inputs_of_one_output(run: Run, desk: Desk, shelves: Path):
    before = _content(shelves)
    for inputs in (("a/x.pdf", "b/x.pdf"), ("a", "b"), ("a", "b/x.pdf")):
        given = [shelves / name for name in inputs]
        outcome = run("extend", *given, "--out-dir", shelves / "out", "--force", "--config", desk / "ecert.toml")
        assert outcome.status == 2, inputs
        for words in ("a/x.pdf", "b/x.pdf", "out/x.pdf", "--out-dir each"):
            assert words in outcome.err
    assert _content(shelves) == before


@pytest.mark.parametrize("kind", ["folder", "symlink", "hard link", "folder by symlink"])
def test_an_output_that_is_an_input(run: Run, desk: Desk, shelves: Path, kind: str):
    """Refused before anything is done, also with --force and whatever links hide it."""
    goal = shelves / "out"
    if kind == "folder":
        goal = shelves / "b"
    elif kind == "folder by symlink":
        goal.symlink_to(shelves / "b")
    else:
        goal.mkdir()
        if kind == "symlink":
            (goal / "x.pdf").symlink_to(shelves / "b" / "x.pdf")
        else:
            os.link(shelves / "b" / "x.pdf", goal / "x.pdf")
    inputs = (shelves / "a" / "x.pdf", shelves / "b" / "x.pdf")
    before = _content(shelves)
    outcome = run(
        "extend",
        inputs[0],
        "--out-dir",
        goal,
        "--force",
        "--level",
        "B-LTA",
        inputs[1],
        "--config",
        desk / "ecert.toml",
        "--format",
        "json",
    )
    assert outcome.status == 4
    assert "is the input" in outcome.err
    assert str(inputs[1]) in outcome.err
    assert outcome.out == ""
    assert _content(shelves) == before


def test_an_output_folder_inside_an_input_folder(run: Run, desk: Desk, shelves: Path):
    """The next run would take what this one wrote for copies of the archive."""
    (shelves / "link").symlink_to(shelves / "a")
    for goal in (shelves / "a" / "renewed", shelves / "a", shelves / "link" / "renewed"):
        outcome = run("extend", shelves / "a", "--out-dir", goal, "--config", desk / "ecert.toml")
        assert outcome.status == 2
        assert "lies in the input folder" in outcome.err
    assert sorted(_content(shelves)) == ["a/x.pdf", "b/x.pdf"]


def test_an_input_named_twice_counts_once(run: Run, desk: Desk, shelves: Path):
    one, goal = shelves / "a" / "x.pdf", shelves / "out"
    outcome = run(
        "extend",
        one,
        shelves / "a",
        one,
        "--out-dir",
        goal,
        "--force",
        "--format",
        "json",
        "--config",
        desk / "ecert.toml",
    )
    assert outcome.status == 0, outcome.err
    assert [line["outcome"] for line in outcome.lines] == ["extended"]
    both = run("extend", one, "-o", goal / "y.pdf", "--out-dir", goal, "--config", desk / "ecert.toml")
    assert both.status == 2


# ── what is due, and what was done before ────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a desk whose time-stamping authority ends in sixty days, and copies of every promise."""
    folder = tmp_path_factory.mktemp("short")
    validity = {"tsa": (timedelta(days=1), timedelta(days=60))}
    with Office.create(algorithm="p256", validity=validity) as office:
        office.write_anchors(folder / "anchors")
        (folder / "ecert.toml").write_text(
            'trust.paths = ["anchors"]\nservices.allow_hosts = ["127.0.0.1"]\n'
            f'services.timestamp = [{{url = "{office.tsa_url}", retries = 0}}]\n'
        )
        (folder / "archive").mkdir()
        scan = ecert.Scan.from_files([small_page()])
        for level in ("B-B", "B-T", "B-LT", "B-LTA"):
            office.certify(scan=scan, level=level).write(folder / "archive" / f"{level}.pdf")
        yield Desk(folder, office)


def test_a_proof_that_ends_is_due_at_every_level(run: Run, short: Desk, tmp_path: Path):
    arguments = ("extend", short / "archive", "--due-within", "365d", "--config", short / "ecert.toml")
    listed = run(*arguments, "--format", "json").lines
    assert [(Path(x["file"]).stem, x["outcome"], x["needs"]) for x in listed] == [
        ("B-B", "current", None),
        ("B-LT", "due", "B-LTA"),
        ("B-LTA", "due", "B-LTA"),
        ("B-T", "due", "B-LTA"),
    ]
    told = run(*arguments).out.splitlines()
    assert "only --level B-LTA helps" in told[1]
    assert "expires then)" in told[2]
    # the promised level is reached and cannot be renewed: listed, not refused, nothing written
    (short / "archive" / "B-LTA.pdf").rename(short / "B-LTA.pdf")
    try:
        waits = run(*arguments, "--out-dir", tmp_path / "out", "--format", "json")
        assert (waits.status, [x["outcome"] for x in waits.lines]) == (0, ["current", "due", "due"])
        assert not (tmp_path / "out").exists()
        done = run(*arguments, "--out-dir", tmp_path / "out", "--level", "B-LTA", "--format", "json")
    finally:
        (short / "B-LTA.pdf").rename(short / "archive" / "B-LTA.pdf")
    assert [(x["outcome"], x["level"]) for x in done.lines[1:]] == [("extended", "B-LTA")] * 2


def test_done_before_is_said_of_the_level_that_is_wanted(run: Run, short: Desk, tmp_path: Path):
    one, goal = short / "archive" / "B-T.pdf", tmp_path / "out"
    arguments = ("extend", one, "--out-dir", goal, "--config", short / "ecert.toml")
    assert run(*arguments, "--level", "B-LT").status == 0
    again = run(*arguments, "--level", "B-LT")
    assert (again.status, "extended before, level B-LT, can be verified until" in again.out) == (0, True)
    line = run(*arguments, "--level", "B-LT", "--format", "json").lines[0]
    assert (line["outcome"], line["level"]) == ("done-before", "B-LT")
    written = (goal / "B-T.pdf").read_bytes()
    higher = run(*arguments, "--level", "B-LTA")
    assert higher.status == 4
    assert "extended to level B-LT alone" in higher.err
    assert (goal / "B-T.pdf").read_bytes() == written


def test_what_was_extended_before_may_be_due_again(run: Run, short: Desk, tmp_path: Path):
    """Not done, for its proof ends too; not refused either, for the run may just be taken up again."""
    arguments = (
        "extend",
        short / "archive" / "B-T.pdf",
        "--level",
        "B-LTA",
        "--due-within",
        "365d",
        "--out-dir",
        tmp_path / "out",
        "--config",
        short / "ecert.toml",
    )
    assert run(*arguments).status == 0
    again = run(*arguments)
    assert (again.status, "go on from that file" in again.out) == (0, True)
    line = run(*arguments, "--format", "json").lines[0]
    assert (line["outcome"], line["level"], line["needs"]) == ("due", "B-LTA", "B-LTA")
    assert line["output"] == str(tmp_path / "out" / "B-T.pdf")
