"""One copy of an archive after the other: what becomes of it, and what is never touched."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import ecert
from ecert.errors import InputError, StageError, UsageError
from ecert.operations import ExtensionResult, Outlook, extend_file, outlook, outlooks
from tests.kit import Desk

YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def archive(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a finished copy, and one below the level it promises."""
    folder, office = tmp_path_factory.mktemp("archive"), desk.office
    desk.copy.write(folder / "done.pdf")
    ecert.seal_copy(desk.signed, office.key("seal"), level="B-T", trust=office.trust, services=office.services).write(
        folder / "below.pdf"
    )
    return folder


def extend(desk: Desk, path: str | Path, output: str | Path | None, **options: Any) -> ExtensionResult:
    return extend_file(path, output, **{"trust": desk.office.trust, "services": desk.office.services, **options})


def test_a_copy_below_its_promise_is_extended_once(desk: Desk, archive: Path, tmp_path: Path) -> None:
    below, goal = archive / "below.pdf", tmp_path / "2026" / "below.pdf"
    first = extend(desk, below, goal, within=YEAR)
    assert (first.outcome, first.output, first.outlook.level) == ("extended", goal, "B-LTA")
    written = goal.read_bytes()
    assert written.startswith(below.read_bytes())
    second = extend(desk, below, goal, within=YEAR)
    assert (second.outcome, second.outlook) == ("done-before", first.outlook)
    assert goal.read_bytes() == written
    third = extend(desk, below, goal, within=100 * YEAR)  # what was written comes to its end, too
    assert (third.outcome, third.output) == ("due", goal)


def test_what_is_due_is_told_and_nothing_written(desk: Desk, archive: Path) -> None:
    before = sorted(archive.iterdir())
    told = {name: extend(desk, archive / name, None, within=YEAR) for name in ("done.pdf", "below.pdf")}
    assert {name: done.outcome for name, done in told.items()} == {"done.pdf": "current", "below.pdf": "due"}
    assert {done.output for done in told.values()} == {None}
    assert told["below.pdf"].outlook.needs == "B-LTA"
    copy = ecert.CertifiedCopy.open(archive / "below.pdf")
    assert outlook(copy, trust=desk.office.trust, within=YEAR) == told["below.pdf"].outlook
    assert sorted(archive.iterdir()) == before


def test_something_else_stands_there(desk: Desk, archive: Path, tmp_path: Path) -> None:
    below, goal = archive / "below.pdf", tmp_path / "goal.pdf"
    for found in (b"", below.read_bytes(), below.read_bytes() + b"%more"):
        goal.write_bytes(found)
        with pytest.raises(InputError) as caught:
            extend(desk, below, goal)
        assert caught.value.code == "output-exists"
        assert goal.read_bytes() == found
    assert extend(desk, below, goal, force=True).outcome == "extended"


def test_calls_that_are_refused(desk: Desk, archive: Path, tmp_path: Path) -> None:
    goal = tmp_path / "goal.pdf"
    (tmp_path / "stranger.pdf").write_bytes(b"no copy")
    with pytest.raises(StageError):
        extend(desk, tmp_path / "stranger.pdf", goal)
    for path, options, code in (
        (tmp_path / "none.pdf", {}, "not-readable"),
        (archive / "below.pdf", {"limit_mb": 0.01}, "too-large"),
        (archive / "below.pdf", {"max_output_mb": 0.01}, "output-too-large"),
    ):
        with pytest.raises(InputError) as caught:
            extend(desk, path, goal, **options)
        assert caught.value.code == code
    assert not goal.exists()


def test_a_level_that_is_none_is_wrong_use(desk: Desk, archive: Path, tmp_path: Path) -> None:
    for within in (None, YEAR):
        with pytest.raises(UsageError, match="B-X"):
            extend(desk, archive / "below.pdf", tmp_path / "goal.pdf", level="B-X", within=within)


def test_paths_may_be_texts(desk: Desk, archive: Path, tmp_path: Path) -> None:
    told = extend(desk, str(archive / "below.pdf"), str(tmp_path / "goal.pdf"), within=YEAR)
    assert told.outcome == "extended"
    assert told.output == tmp_path / "goal.pdf"


def test_which_copies_of_an_archive_are_due(desk: Desk, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "stranger.pdf").write_bytes(b"no copy")
    paths = [*sorted(archive.iterdir()), tmp_path / "stranger.pdf", tmp_path / "missing.pdf"]
    told = dict(outlooks(paths, trust=desk.office.trust, within=timedelta(days=1)))
    assert list(told) == paths
    below, stranger, missing = told[archive / "below.pdf"], *(told[path] for path in paths[-2:])
    assert isinstance(below, Outlook)
    assert below.due
    assert isinstance(stranger, StageError)
    assert isinstance(missing, InputError)
    assert {path.name for path, view in told.items() if isinstance(view, Outlook) and not view.due}
