"""The sentences as data: the same files and rows in both languages, the same placeholders, well written."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import ecert.words
from ecert.model.languages import LANGS
from ecert.words import fill, finding_sentence, reason_sentence, shared_sentence, table

ROOT = Path(ecert.words.__file__).parent
FILES = sorted(path.relative_to(ROOT / "en").as_posix() for path in (ROOT / "en").rglob("*.toml"))


def sentences(tree: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every sentence of a file with its place."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from sentences(value, f"{place}{key}.")
        else:
            yield f"{place}{key}", value


def read(lang: str, name: str) -> dict[str, str]:
    return dict(sentences(tomllib.loads((ROOT / lang / name).read_text(encoding="utf-8"))))


def test_each_language_has_the_same_files() -> None:
    assert FILES
    for lang in LANGS:
        assert sorted(p.relative_to(ROOT / lang).as_posix() for p in (ROOT / lang).rglob("*.toml")) == FILES


@pytest.mark.parametrize("name", FILES)
def test_each_file_has_the_same_rows_and_placeholders(name: str) -> None:
    english, vietnamese = read("en", name), read("vi", name)
    assert list(english) == list(vietnamese)
    for place, sentence in english.items():
        other = vietnamese[place]
        assert sentence.startswith("@") == other.startswith("@"), place
        if sentence.startswith("@"):
            assert sentence == other, place
        assert set(re.findall(r"{(\w+)[}:!]", sentence)) == set(re.findall(r"{(\w+)[}:!]", other)), place


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", FILES)
def test_every_sentence_is_well_written(name: str, lang: str) -> None:
    for place, sentence in read(lang, name).items():
        assert sentence.strip(), place
        assert sentence == unicodedata.normalize("NFC", sentence), place
        assert "  " not in sentence.strip(), place


def test_every_shared_sentence_is_used() -> None:
    used = {s[1:] for name in FILES for s in read("en", name).values() if s.startswith("@")}
    extra = {"see-the-time-stamp"}  # chosen by what else was found (report/findings.py)
    assert used | extra == set(read("en", "findings/shared.toml"))


def test_what_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        reason_sentence("pdf.no-such-reason", "en")
    with pytest.raises(KeyError):
        reason_sentence("nowhere.no-header", "en")
    with pytest.raises(KeyError):
        reason_sentence("pdf.no-header", "fr")
    with pytest.raises(KeyError):
        finding_sentence("structure", "no-such-code", "text", "vi")
    with pytest.raises(KeyError):
        shared_sentence("@no-such-sentence", "vi")


def test_values_are_put_in_as_they_are() -> None:
    assert fill("a {b} c {d}", {"b": "{d}"}) == "a {d} c ?"


def test_a_file_is_read_once() -> None:
    assert table("reasons/pdf", "vi") is table("reasons/pdf", "vi")
