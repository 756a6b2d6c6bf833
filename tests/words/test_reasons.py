"""Every reason given has a row in both languages, filled with just what it carries; every row is used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import ecert
from ecert.errors import Reason
from ecert.report import reason_text
from ecert.words import table

PACKAGE = Path(ecert.__file__).parent
ROOMS = sorted(path.stem for path in (PACKAGE / "words" / "en" / "reasons").glob("*.toml"))
ROWS = {f"{room}.{name}": sentence for room in ROOMS for name, sentence in table(f"reasons/{room}", "en").items()}
_CODE = re.compile(r"[a-z]+\.[a-z0-9-]+")


class Given(NamedTuple):
    """A reason as the source gives it: its code and the names of its values."""

    code: str
    values: frozenset[str]
    place: str


def _given() -> Iterator[Given]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "Reason":
                continue
            place = f"{path.relative_to(PACKAGE)}:{node.lineno}"
            code = node.args[0]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield Given(code.value, frozenset(k.arg or "**" for k in node.keywords), place)
            else:  # read from a sentence of a library, or from what the sandbox's child said
                assert path.name in {"library_reasons.py", "frames.py", "errors.py"}, place


GIVEN = list(_given())
_FROM_LIBRARIES = (PACKAGE / "trust" / "library_reasons.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("given", GIVEN, ids=lambda g: f"{g.place} {g.code}")
def test_every_reason_has_its_row(given: Given) -> None:
    assert given.code in ROWS
    assert given.values == set(re.findall(r"{(\w+)}", ROWS[given.code]))


def test_every_row_is_used() -> None:
    used = {given.code for given in GIVEN} | set(_CODE.findall(_FROM_LIBRARIES))
    assert set(ROWS) - used == set()
    assert len(GIVEN) > 400


@pytest.mark.parametrize("code", ROWS)
def test_a_reason_goes_on_within_a_sentence(code: str) -> None:
    """It begins in lower case but for names and abbreviations, and has no full stop."""
    room, _, name = code.partition(".")
    english, vietnamese = ROWS[code], table(f"reasons/{room}", "vi")[name]
    assert _CODE.fullmatch(code)
    assert vietnamese[0] in "{/«" or vietnamese[0].islower()
    for sentence in (english, vietnamese):
        assert not sentence.endswith((".", ":", ","))


def test_no_finding_is_given_a_sentence() -> None:
    """What a finding carries as reason, what, version or gap is a value, never words."""
    for path in sorted((PACKAGE / "verify").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add":
                for keyword in node.keywords:
                    if keyword.arg in ("reason", "what", "version", "gap"):
                        assert not isinstance(keyword.value, ast.Constant | ast.JoinedStr), f"{path}:{node.lineno}"


# ── the value ────────────────────────────────────────────────────────────────────────────────────


def test_a_reason_is_a_value() -> None:
    import pickle

    one = Reason("record.at-path", path="original.pages", reason=Reason("record.missing"))
    assert one == Reason("record.at-path", path="original.pages", reason=Reason("record.missing"))
    assert one != Reason("record.at-path", path="id", reason=Reason("record.missing"))
    assert one != "original.pages: is missing"
    assert len({one, pickle.loads(pickle.dumps(one))}) == 1
    assert str(one) == "original.pages: is missing"
    assert repr(one) == "Reason('record.at-path', path='original.pages', reason=Reason('record.missing'))"
    with pytest.raises(AttributeError):
        one.code = "record.empty"


@pytest.mark.parametrize(
    ("reason", "english", "vietnamese"),
    [
        (
            Reason("pades.unreadable", part=Reason("pades.cms-structure"), error="ValueError"),
            "the CMS structure cannot be read (ValueError)",
            "không đọc được cấu trúc CMS (ValueError)",
        ),
        (
            Reason("changes.signed-field-changed", name="Seal", keys="/AP"),
            "the signed field “Seal” was changed (/AP)",
            "trường đã ký «Con dấu của cơ quan (Seal)» bị thay đổi (/AP)",
        ),
        (
            Reason("changes.field-added", name="{x}\n"),
            "the form field “{x}\n” was added",
            "trường biểu mẫu «{x}\n» được thêm vào",
        ),
        (
            Reason("time.in-the-future", time="2036-11-20T01:25:14Z"),
            "its time 2036-11-20T01:25:14Z is after the time of validation",
            "thời điểm 08:25:14 ngày 20/11/2036 ghi trong đó muộn hơn thời điểm kiểm tra",
        ),
    ],
)
def test_it_is_told_in_both_languages(reason: Reason, english: str, vietnamese: str) -> None:
    assert str(reason) == english
    told = reason_text(reason, 7)
    assert (told["vi"], told["en"]) == (vietnamese, english)


def test_a_value_that_reads_like_a_sentence_is_not_taken_for_one() -> None:
    text = reason_text(Reason("changes.field-added", name="page 3"), 7)
    assert text["vi"] == "trường biểu mẫu «page 3» được thêm vào"
