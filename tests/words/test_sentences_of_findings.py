"""What is said about every finding: a sentence, a way out and advice for each reader, in both languages."""

from __future__ import annotations

import re
import unicodedata

import pytest

from ecert.model.findings import CATALOGUE, Code, FindingKind
from ecert.model.names import normal_name
from ecert.words import PARTS, Part, finding_sentence, shared_sentence, table
from tools.findings_page import page

ADVICE: tuple[Part, ...] = ("cause", "clerk", "citizen", "developer")
SENTENCES = [
    pytest.param(finding_sentence(kind.check, code, part, lang), id=f"{code}-{part}-{lang}")
    for code, kind in CATALOGUE.items()
    for part in ADVICE
    for lang in ("vi", "en")
]


def test_every_finding_has_its_sentences_and_nothing_else_has() -> None:
    for check in {kind.check for kind in CATALOGUE.values()}:
        told = table(f"findings/{check}", "en")
        assert set(told) == {code for code, kind in CATALOGUE.items() if kind.check == check}
        for sentences in told.values():
            assert tuple(sentences) == PARTS


@pytest.mark.parametrize("code", CATALOGUE)
@pytest.mark.parametrize("part", ["text", "clerk", "citizen"])
def test_what_a_report_says_ends_and_is_filled_with_the_same_values(code: Code, part: Part) -> None:
    both = [finding_sentence(CATALOGUE[code].check, code, part, lang) for lang in ("vi", "en")]
    for text in both:
        assert text.endswith(".")
    assert len({frozenset(re.findall(r"{(\w+)}", text)) for text in both}) == 1


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_remedy_of_a_time_stamp_that_is_not_believed_is_a_sentence(lang: str) -> None:
    assert shared_sentence("@see-the-time-stamp", lang).endswith(".")


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=lambda kind: kind.code)
def test_no_sentence_counts_in_the_plural(kind: FindingKind) -> None:
    """One of something reads as well as many."""
    text = finding_sentence(kind.check, kind.code, "text", "en")
    assert not re.search(r"{(count|limit|required)} (?!and |of )[a-z]+s\b", text)


def test_a_remedy_follows_the_reason() -> None:
    """Four reasons keep a time-stamp from counting: each has its own way out."""
    for word in ("--online", "--evidence", "--trust", "đúng giờ", "chứng thực lại"):
        assert word in finding_sentence("time", "timestamp-not-trusted", "clerk", "vi")
    for word in ("--online", "--evidence", "--trust", "right time", "a new copy"):
        assert word in finding_sentence("time", "timestamp-not-trusted", "clerk", "en")


# ── advice ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", SENTENCES)
def test_advice_is_well_written(text: str) -> None:
    assert text == " ".join(text.split())
    assert text.endswith(".")
    assert not re.search(r"[{}]", text.replace("{signed}", "")), "advice is general, but for the revision to look at"
    assert text[0] == text[0].upper() or re.match(r"[a-z_]+[. \[]", text), "a sentence or a name"
    assert len(text) <= 400


@pytest.mark.parametrize("code", CATALOGUE)
def test_the_two_languages_name_the_same_things(code: Code) -> None:
    """Flags, settings, report keys and commands are the same in both."""
    names = re.compile(
        r"--[a-z-]+|\b[a-z]+(?:_[a-z]+)+\b|\becert (?:sign|seal|extend|inspect|trust \w+)\b|\[[a-z.]+\]|\bB-[A-Z]+\b"
    )
    for part in ADVICE:
        vietnamese, english = (finding_sentence(CATALOGUE[code].check, code, part, lang) for lang in ("vi", "en"))
        assert set(names.findall(vietnamese)) == set(names.findall(english)), part


@pytest.mark.parametrize("code", CATALOGUE)
def test_vietnamese_is_vietnamese_and_english_is_english(code: Code) -> None:
    marks = re.compile("[ăâđêôơư\u0300\u0301\u0303\u0309\u0323]")
    for part in ADVICE:
        vietnamese, english = (finding_sentence(CATALOGUE[code].check, code, part, lang) for lang in ("vi", "en"))
        assert marks.search(unicodedata.normalize("NFD", vietnamese.lower()))
        assert not marks.search(unicodedata.normalize("NFD", english.lower()))


def test_tone_marks_stand_where_the_other_texts_have_them() -> None:
    """``hóa`` and ``hủy``, not ``hoá`` and ``huỷ``: one spelling in all that people read."""
    new_style = re.compile(r"\w*(?:o[àáãảạ]|o[èéẽẻẹ]|u[ỳýỹỷỵ])\b")
    for code, kind in CATALOGUE.items():
        text = " ".join(finding_sentence(kind.check, code, part, "vi") for part in ADVICE).lower()
        bad = [w for w in new_style.findall(text) if not w.startswith("qu")]
        assert not bad, (code, bad, [normal_name(w) for w in bad])


def test_the_page_explains_every_finding_under_its_own_anchor() -> None:
    text = page()
    for code, kind in CATALOGUE.items():
        assert text.count(f"\n### `{code}`\n") == 1
        assert text.count(f"[`{code}`](#{code})") == 1
        assert finding_sentence(kind.check, code, "text", "vi") in text
        assert finding_sentence(kind.check, code, "developer", "en") in text
