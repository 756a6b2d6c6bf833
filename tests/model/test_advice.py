"""Every finding has advice, in both languages, for each of its readers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields

import pytest

from ecert.model.advice import ADVICE, Advice
from ecert.model.findings import CATALOGUE, Words
from ecert.model.names import normal_name
from tools.findings_page import page

PARTS = [field.name for field in fields(Advice)]
SENTENCES = [
    pytest.param(getattr(getattr(advice, part), lang), id=f"{code}-{part}-{lang}")
    for code, advice in ADVICE.items()
    for part in PARTS
    for lang in ("vi", "en")
]


def test_every_finding_has_advice_and_nothing_else_has() -> None:
    assert PARTS == ["cause", "clerk", "citizen", "developer"]
    assert set(ADVICE) == set(CATALOGUE)


def test_no_code_is_explained_in_two_places() -> None:
    """Merging dictionaries would keep the last one silently."""
    from ecert.model.advice import competence, content, demands, signatures, structure, times, trust

    modules = (competence, content, demands, signatures, structure, times, trust)
    tables = [v for m in modules for k, v in vars(m).items() if k.isupper() and isinstance(v, dict)]
    assert len(tables) == len(modules)
    assert sum(map(len, tables)) == len(ADVICE)


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_are_well_written(text: str) -> None:
    assert text == unicodedata.normalize("NFC", text)
    assert text == " ".join(text.split())
    assert text.endswith(".")
    assert not re.search(r"[{}]", text), "advice is general: it has no data to be filled with"
    assert text[0] == text[0].upper() or re.match(r"[a-z_]+[. \[]", text), "a sentence or a name"
    assert len(text) <= 400


@pytest.mark.parametrize("code", ADVICE)
def test_the_two_languages_name_the_same_things(code: str) -> None:
    """Flags, settings, report keys and commands are the same in both."""
    names = re.compile(
        r"--[a-z-]+|\b[a-z]+(?:_[a-z]+)+\b|\becert (?:sign|seal|extend|inspect|trust \w+)\b|\[[a-z.]+\]|\bB-[A-Z]+\b"
    )
    for part in PARTS:
        words: Words = getattr(ADVICE[code], part)
        assert set(names.findall(words.vi)) == set(names.findall(words.en)), part


@pytest.mark.parametrize("code", ADVICE)
def test_vietnamese_is_vietnamese_and_english_is_english(code: str) -> None:
    marks = re.compile("[ăâđêôơư\u0300\u0301\u0303\u0309\u0323]")
    for part in PARTS:
        words: Words = getattr(ADVICE[code], part)
        assert marks.search(unicodedata.normalize("NFD", words.vi.lower()))
        assert not marks.search(unicodedata.normalize("NFD", words.en.lower()))


def test_tone_marks_stand_where_the_other_texts_have_them() -> None:
    """``hóa`` and ``hủy``, not ``hoá`` and ``huỷ``: one spelling in all that people read."""
    new_style = re.compile(r"\w*(?:o[àáãảạ]|o[èéẽẻẹ]|u[ỳýỹỷỵ])\b")
    for code, advice in ADVICE.items():
        text = " ".join(getattr(advice, part).vi for part in PARTS).lower()
        bad = [w for w in new_style.findall(text) if not w.startswith("qu")]
        assert not bad, (code, bad, [normal_name(w) for w in bad])


def test_the_page_explains_every_finding_under_its_own_anchor() -> None:
    text = page()
    for code, kind in CATALOGUE.items():
        assert text.count(f"\n### `{code}`\n") == 1
        assert text.count(f"[`{code}`](#{code})") == 1
        assert kind.text.vi in text
        assert ADVICE[code].developer.en in text
