"""The specimens: each gets the verdict it states, for the reason it states, here and by the command line."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from ecert.cli import main
from ecert.errors import UsageError
from ecert.model.findings import CATALOGUE
from ecert.testing import Office, Press, Specimen, make, specimen_names
from ecert.testing.specimens import CLASSES, recipes
from ecert.testing.specimens.sheets import as_long_as, draw_sheets

#: What says that a file is not judged, or not readable; a reason of its own it is not.
LEFT_OPEN = {"structure-unsupported", "algorithm-not-supported", "over-limit"}


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


@pytest.fixture(scope="module")
def made(press: Press) -> dict[str, Specimen]:
    """Return what was made so far; the tests below fill it."""
    return {}


def _made(name: str, press: Press, made: dict[str, Specimen]) -> Specimen:
    if name not in made:
        made[name] = press.make(name)
    return made[name]


@pytest.mark.parametrize("name", specimen_names())
def test_each_gets_its_verdict_for_its_reason(name: str, press: Press, made: dict[str, Specimen]):
    specimen = _made(name, press, made)
    report = specimen.judge()
    found = set(report.codes())
    assert report.verdict == specimen.verdict, found
    assert set(specimen.codes) <= found, found
    assert "verifier-fault" not in found


def test_their_reasons_are_reasons():
    for name, recipe in recipes().items():
        assert all(code in CATALOGUE for code in recipe.codes), name
        severities = {CATALOGUE[code].severity for code in recipe.codes}
        if recipe.verdict == "VALID":
            assert severities <= {"warning", "info"}, name
            continue
        worst = {"INVALID": "error", "INDETERMINATE": "unknown"}[recipe.verdict]
        assert worst in severities, name
        assert not LEFT_OPEN & set(recipe.codes), name


def test_there_are_many_and_of_every_class(press: Press, made: dict[str, Specimen]):
    every = [_made(name, press, made) for name in specimen_names()]
    changed = [s for s in every if s.verdict == "INVALID"]
    assert len({specimen.data for specimen in changed}) == len(changed)
    assert len(changed) > 200
    assert all(s.attack != "control" for s in changed)
    assert {s.verdict for s in every if s.attack == "control"} == {"VALID"}
    count = Counter(s.attack for s in every)
    assert set(count) == set(CLASSES)
    assert min(count.values()) >= 4


def test_their_titles_are_sentences_in_both_languages():
    for name, recipe in recipes().items():
        assert recipe.vi == unicodedata.normalize("NFC", recipe.vi), name
        assert recipe.vi != recipe.en
        for title in (recipe.vi, recipe.en):
            assert title.endswith("."), name
            assert title[0] == title[0].upper(), name
            assert "\n" not in title, name
    for language in ("vi", "en"):
        titles = Counter(getattr(recipe, language) for recipe in recipes().values())
        assert [title for title, times in titles.items() if times > 1] == []


def test_a_stranger_gets_the_same_from_what_is_written(
    press: Press,
    made: dict[str, Specimen],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    """Read every NAME.json, do what it says, and compare: nothing but the folder is known."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    names = sorted(specimen_names())
    for name in names:
        _made(name, press, made).write(tmp_path)
    stated = [json.loads(path.read_text("utf-8")) for path in tmp_path.glob("*.json")]
    assert sorted(each["name"] for each in stated) == names
    judged = 0
    for conditions, group in groupby(sorted(stated, key=_conditions), key=_conditions):
        several = list(group)
        capfd.readouterr()
        main([*_arguments(several, tmp_path), "--format", "json"])
        reports = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
        for each, report in zip(several, reports, strict=True):
            found = {finding["code"] for finding in report["findings"]}
            assert report["document"]["sha256"] == each["sha256"], conditions
            assert report["verdict"] == each["verdict"], each["name"]
            assert set(each["codes"]) <= found, each["name"]
            judged += 1
    assert judged == len(names)


def _conditions(stated: dict[str, Any]) -> list[Any]:
    return [stated["policy"], stated["time"], stated["trust"], stated["evidence"]]


def _arguments(stated: list[dict[str, Any]], folder: Path) -> list[str]:
    first = stated[0]
    words = ["verify", *(str(folder / each["file"]) for each in stated), "--at", first["time"]]
    words += ["--policy", first["policy"]]
    for option in ("trust", "evidence"):
        for place in first[option]:
            words += [f"--{option}", str(folder / place)]
    return words


# ── making ───────────────────────────────────────────────────────────────────────────────────────


def test_specimens_of_one_process_share_an_office():
    one, two = make("untouched"), make("cut-back-to-the-signer")
    assert one.anchors == two.anchors
    assert one.data.startswith(two.data)


def test_an_office_of_ones_own_may_make_them(press: Press):
    with Office.create(press.now(), algorithm="p256") as office:
        specimen = make("empty-revision", office=office)
        assert specimen.anchors == tuple(office.anchors)
        assert specimen.judge().codes() == ["changed-after-seal"]
        assert specimen.data.startswith(make("untouched", office=office).data)


def test_an_unknown_name_is_refused(press: Press):
    with pytest.raises(UsageError, match="there is no specimen 'no-such-thing'"):
        press.make("no-such-thing")


def test_classes_choose(press: Press):
    names = specimen_names(["cut-back"])
    assert "cut-back-to-the-draft" in names
    assert [s.name for s in press.all(["cut-back"])] == list(names)
    assert {recipes()[name].attack for name in names} == {"cut-back"}


def test_what_is_written_can_be_written_again(press: Press, tmp_path: Path):
    specimen = press.make("level-b-t")
    for _ in range(2):
        assert specimen.write(tmp_path).read_bytes() == specimen.data
    assert sorted(p.name for p in tmp_path.iterdir()) == ["anchors", "evidence", "level-b-t.json", "level-b-t.pdf"]


def test_a_picture_is_lengthened_by_a_comment():
    picture = draw_sheets()[0]
    assert as_long_as(picture, len(picture)) == picture
    longer = as_long_as(picture, len(picture) + 40)
    assert len(longer) == len(picture) + 40
    for impossible in (len(picture) - 1, len(picture) + 3, len(picture) + 70_000):
        with pytest.raises(ValueError, match="cannot be made"):
            as_long_as(picture, impossible)
