"""The one strict table reader, in the words of records and in those of an office's TOML files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, get_args

import pytest

from ecert.errors import RecordError, SettingsError
from ecert.formats.record.refusals import RecordValue
from ecert.model.tables import Flaw, Table, Value, choice, day, day_or_iso, decimal, flag, tables, text, texts, whole
from ecert.model.toml_values import TomlValue

Read = Callable[[Any], Any]


def in_toml(given: Any, key: str = "a.b") -> TomlValue:
    return TomlValue(given, key, "office.toml")


@pytest.mark.parametrize(
    ("read", "given", "found"),
    [
        (text, "  Xã Mẫu ", "Xã Mẫu"),
        (text, "a\u0301", "á"),
        (choice(("head", "deputy")), "head", "head"),
        (choice(("head", "deputy"), trimmed=True), " head ", "head"),
        (texts(3), [], ()),
        (texts(3, least=1, allowed=("a", "b"), distinct=True), ["b", "a"], ("b", "a")),
        (flag, False, False),
        (whole(1, 3), 3, 3),
        (decimal(1, 3), 3, 3.0),
        (day, date(2026, 10, 1), date(2026, 10, 1)),
        (day_or_iso, "2026-10-01", date(2026, 10, 1)),
    ],
)
def test_what_is_read(read: Read, given: Any, found: Any) -> None:
    for value in (RecordValue(given, "a.b"), in_toml(given)):
        assert read(value) == found
        assert type(read(value)) is type(found)


@pytest.mark.parametrize(
    ("read", "given", "in_record", "in_file"),
    [
        (text, 1, "must be a text, not 1", "1 is not a text"),
        (text, " ", "is empty", '" " is not one line of 1 to 500 characters'),
        (text, "x" * 501, "has 501 characters, more than 500", "is not one line of 1 to 500 characters"),
        (text, "a\u202eb", "holds a line break or control character", "is not one line of 1 to 500 characters"),
        (choice(("head",)), " head", "' head' is not one of head", '" head" is not one of head'),
        (choice(("head",)), ["head"], "['head'] is not one of head", '["head"] is not one of head'),
        (choice(("head",), trimmed=True), " king ", "'king' is not one of head", '"king" is not one of head'),
        (texts(2), ["a"] * 3, "must be a list of at most 2 texts", "is not a list of 0 to 2 texts"),
        (texts(2), "a", "must be a list of at most 2 texts", '"a" is not a list of 0 to 2 texts'),
        (texts(2, allowed=("a",)), ["b"], "a.b[0]: 'b' is not one of a", 'a.b = "b" is not one of a'),
        (texts(2), ["a", 1], "a.b[1]: must be a text, not 1", "a.b = 1 is not a text"),
        (flag, 1, "must be true or false, not 1", "1 is not true or false"),
        (whole(1, 3), True, "must be a whole number, not True", "true is not a whole number from 1 to 3"),
        (whole(1, 3), 4, "4 is not within 1 to 3", "4 is not a whole number from 1 to 3"),
        (decimal(1, 3), "2", "must be a number, not '2'", '"2" is not a number from 1 to 3'),
        (decimal(1, 3), float("nan"), "nan is not within 1 to 3", "NaN is not a number from 1 to 3"),
        (decimal(1, 3), 10**400, "is not within 1 to 3", "is not a number from 1 to 3"),
        (day, "2026-10-01", "must be a date such as 2026-10-01, not '2026-10-01'", '"2026-10-01" is not a date'),
        (day, datetime(2026, 1, 1), "must be a date such as", "is not a date"),  # noqa: DTZ001 TOML's local time
        (day_or_iso, "20261001", "must be a date such as", '"20261001" is not a date'),
        (Table, 1, "must be a table", "1 is not a table"),
        (lambda value: list(tables(value, 1)), [{}, {}], "must be a list of at most 1", "is not a list of tables"),
        (lambda value: list(tables(value)), [{}, 1], "a.b[1]: must be a table", "a.b[1] = 1 is not a table"),
    ],
)
def test_what_is_refused_and_in_which_words(read: Read, given: Any, in_record: str, in_file: str) -> None:
    with pytest.raises(RecordError) as record:
        read(RecordValue(given, "a.b"))
    assert record.value.message.startswith("a.b")
    assert in_record in record.value.message
    with pytest.raises(SettingsError) as file:
        read(in_toml(given))
    assert file.value.message.startswith("office.toml: a.b")
    assert in_file in file.value.message
    assert file.value.hint
    assert max(len(record.value.message), len(file.value.message)) < 200


def test_keys_are_asked_for_or_refused() -> None:
    table = Table(in_toml({"title": "A", "pages": 2, "page": 3}, ""))
    assert (table.need("title", text), table.get("pages", whole(1, 9)), table.get("kind", text)) == ("A", 2, None)
    with pytest.raises(SettingsError, match='"page" is not a key') as surplus:
        table.close()
    assert surplus.value.code == "unknown-setting"
    assert surplus.value.hint == "did you mean pages?"
    with pytest.raises(SettingsError, match="kind is missing") as missing:
        table.need("kind", text, "write a kind")
    assert missing.value.hint == "write a kind"
    assert [name for name, _ in table.rest()] == ["page"]
    table.close()


@pytest.mark.parametrize("given", [None, ""])
def test_what_nobody_filled_in_is_absent_in_a_record(given: str | None) -> None:
    table = Table(RecordValue({"original": {"title": given}})).need("original", Table)
    assert table.get("title", text) is None
    table = Table(RecordValue({"original": {"title": given}})).need("original", Table)
    with pytest.raises(RecordError, match=r"original\.title: is missing") as caught:
        table.need("title", text)
    assert (caught.value.code, caught.value.path) == ("record-field-missing", "original.title")


def test_the_whole_must_be_a_table() -> None:
    with pytest.raises(RecordError) as caught:
        Table(RecordValue([]))
    assert (caught.value.path, caught.value.message) == ("record", "record: must be a table")


@pytest.mark.parametrize("flaw", get_args(Flaw))
def test_every_flaw_has_its_words(flaw: Flaw) -> None:
    details = {"allowed": ("x",), "low": 1, "high": 2, "least": 1, "most": 2, "count": 3, "known": ["c"], "hint": "h"}
    values: list[Value] = []
    if flaw != "repeated":  # records say twice what they like
        values.append(RecordValue("v", "a.b"))
    if flaw != "not-a-uuid":  # none stands in a file of an office
        values.append(in_toml("v"))
    for value in values:
        assert "{" not in value.refuse(flaw, **details).message
