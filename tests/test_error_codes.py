"""Every code of an error has its words in both languages, and every row of words a code that is raised."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from ecert.model.languages import LANGS, Lang
from tools import error_codes as source
from tools.error_codes import error_classes, error_codes, statuses
from tools.errors_page import PAGE, page, words


@pytest.mark.parametrize("lang", LANGS)
def test_every_code_has_a_row_and_every_row_a_code(lang: Lang) -> None:
    assert sorted(words(lang)) == sorted(error_codes()), "write it in ecert/words/*/errors.toml, then make docs"


@pytest.mark.parametrize("lang", LANGS)
def test_every_row_is_complete_and_composed(lang: Lang) -> None:
    rows = words(lang)
    assert list(rows) == sorted(rows)
    for code, row in rows.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
        assert list(row) == ["meaning", "way_out"], code
        for text in row.values():
            assert text == unicodedata.normalize("NFC", text)
            assert text.endswith("."), code


def test_the_languages_name_the_same_options_and_keys() -> None:
    named = re.compile(r"--[a-z][a-z-]*|\[+[a-z.…]+\]+|\b[a-z_]+\.[a-z_]+\b")
    vi, en = words("vi"), words("en")
    for code in en:
        said = [sorted(named.findall(" ".join(rows[code].values()))) for rows in (vi, en)]
        assert said[0] == said[1], code


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tools.errors_page"


def test_every_public_error_is_in_the_table() -> None:
    import ecert

    public = {name for name in ecert.__all__ if name.endswith("Error")}
    assert public == set(error_classes())
    assert {name for names in error_codes().values() for name in names} == public


@pytest.mark.parametrize(
    ("code", "names", "status"),
    [
        ("resolution-missing", ["InputError"], "4"),  # written where it is raised
        ("text-layer", ["InputError"], "4"),  # given to a function that raises it
        ("javascript", ["InputError"], "4"),  # a row of a table
        ("service-refused", ["ServiceError"], "6"),  # a constant of another module, by way of another exception
        ("body-name-differs", ["SigningKeyError"], "5"),  # one of two
        ("parsers-disagree", ["InputError"], "4"),  # a finding's
        ("settings", ["SettingsError"], "2"),  # the class's own
        ("not-valid", ["VerificationError"], "1 or 3"),
        ("no-path", ["ServiceError", "SigningKeyError"], "5 or 6"),
    ],
)
def test_codes_are_found_however_they_are_written(code: str, names: list[str], status: str) -> None:
    assert error_codes()[code] == names
    assert statuses(names) == status


def test_a_class_that_is_not_public_is_the_public_one_above_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "room.py").write_text(
        "class Inner(errors.InputError):\n    default_code = 'inner'\n\n"
        "def refuse(large):\n    code = 'large' if large else None\n    raise Inner('no', code=code)\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(source, "PACKAGE", tmp_path)
    assert error_codes() == {"inner": ["InputError"], "large": ["InputError"]}


@pytest.mark.parametrize(
    "text",
    [
        'raise InputError("no", code=f"not-{word}")',
        'raise InputError("no", code=WORDS[0])',
        "try:\n    go()\nexcept Strange as exc:\n    raise InputError('no', code=exc.code)",
        'raise refuse("no", code="by-a-stranger")',
        "def refuse(code='none'):\n    raise InputError('no', code=code)\nrefuse()",
    ],
)
def test_a_code_that_cannot_be_read_is_told(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "room.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(source, "ROOT", tmp_path)
    monkeypatch.setattr(source, "PACKAGE", tmp_path)
    with pytest.raises(AssertionError, match=r"room\.py:\d: .* no code can be read here"):
        error_codes()
