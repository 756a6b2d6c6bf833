"""Registries: what is read, which rows contradict each other, and that no row is repeated in a message."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from ecert.errors import SettingsError
from ecert.formats.record import Body
from ecert.verify.policies.registry import Registry
from ecert.verify.policies.registry_reader import MAX_REGISTRY_BYTES, read_registry
from ecert.verify.policies.rules import RULES, Span

A, B = "a" * 64, "b" * 64
HEAD = 'id = "vn.example.registry"\nversion = "1"\n'


def a_body(own: str = "xa-a", more: str = "", name: str = "Xã A", key: str = "") -> str:
    keys = f"[[body.key]]\n{key}\n" if key else ""
    return f'[[body]]\nid = "{own}"\nkind = "commune"\n{more}\n[[body.name]]\ntext = "{name}"\n{keys}'


def a_person(more: str = "", name: str = "Nguyễn Văn Mẫu", body: str = "xa-a") -> str:
    capacity = "" if "capacity" in more else 'capacity = "head"\n'
    key = "" if any(k in more for k in ("certificates", "public", "identifiers")) else (f'certificates = ["{A}"]\n')
    return f'[[certifier]]\nname = "{name}"\nbody = "{body}"\n{capacity}{key}{more}\n'


def read(folder: Path, text: str) -> Registry:
    path = folder / "registry.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return read_registry(path)


def refused(folder: Path, text: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        read(folder, text)
    assert str(folder / "registry.toml") in caught.value.message
    assert caught.value.hint
    assert "Nguyễn" not in str(caught.value)
    return caught.value


def test_what_a_registry_says(tmp_path: Path) -> None:
    text = a_body(more='from = 2025-07-01\nidentifiers = ["MNS:H00.01"]', key=f'public_keys = ["{B}"]') + a_person(
        'capacity = "delegated"\ndecision = "12/QĐ"\ntitle = "Công chức"\nscope = "bản sao"'
    )
    registry = read(tmp_path, "valid_to = 2026-12-31\n" + text)
    (body,), (person,) = registry.bodies, registry.appointments
    assert registry.span == Span(None, date(2026, 12, 31))
    assert (body.kind, body.span, body.identifiers) == ("commune", Span(date(2025, 7, 1)), ("MNS:H00.01",))
    assert body.seal_keys[0].keys.public_keys == (B,)
    assert (person.decision, person.title, person.scope) == ("12/QĐ", "Công chức", "bản sao")
    assert registry.rules == RULES


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (a_body(more='identifiers = ["CCCD:001099000001"]'), ["body[0].identifiers", "no body"]),
        (a_body(key='identifiers = ["MST:001099000001"]'), ["body[0].key[0].identifiers", "no body"]),
        ("valid_from = 2026-01-01\nvalid_to = 2025-12-31", ["valid_to", "on or after valid_from"]),
        ("bodies = []", ['"bodies" is not a key', "known are body"]),
        ("body = 1", ["body = 1", "write [[body]]"]),
        ("body = [1]", ["body[0] = 1", "write [[body]]"]),
        ('[[body]]\nid = "a"\nname = "Xã A"', ["body[0].kind is missing", "district-justice"]),
        ('[[body]]\nid = "a"\nkind = "commune"', ["body[0].name is missing", "[[body.name]]"]),
        ('[[body]]\nid = "a"\nkind = "commune"\nname = "Xã A"', ["body[0].name", "[[body.name]]"]),
        ('[[body]]\nid = "Xã A"', ['body[0].id = "Xã A"', "a-z"]),
        ('[[body]]\nid = "a"\nkind = "province"', ['body[0].kind = "province"', "notary-office"]),
        (a_body(more='from = "2025-07-01"'), ["body[0].from", "without quotes"]),
        (a_body(more="from = 2025-07-01T00:00:00"), ["body[0].from", "without quotes"]),
        (a_body(more="from = 2025-07-02\nto = 2025-07-01"), ["body[0].to", "on or after from"]),
        (a_body(more='parent = "Tỉnh"'), ["body[0].parent"]),
        (a_body(key="from = 2025-07-01"), ["body[0].key[0].certificates is missing", "public_keys"]),
        (a_body(key='certificates = ["abc"]'), ["body[0].key[0].certificates", "64 hex digits"]),
        (a_body(key=f'certificate = "{A}"'), ["certificates"]),
        (a_body() + a_person(body="xa-b"), ["certifier[0].body = 'xa-b'", "[[body]]"]),
        (a_body() + a_person('capacity = "chief"'), ['certifier[0].capacity = "chief" is not', "deputy"]),
        (a_body() + a_person('capacity = "delegated"'), ["certifier[0].decision is missing"]),
        (a_body() + a_person("certificates = []"), ["certifier[0].certificates"]),
        (a_body() + a_person('phone = "1"'), ["certifier[0].phone"]),
        (a_body() + a_person(name="a\u202eb"), ["certifier[0].name is not one line"]),
        (a_body() + a_person(f'certificates = ["{A}", "{A}"]'), ["repetitions"]),
        ('[[rule]]\nkind = "commune"\nbasis = "a"', ["rule[0].capacities is missing"]),
        ('[[rule]]\nkind = "commune"\ncapacities = ["chief"]\nbasis = "a"', ['"chief"', "head"]),
        ('[[rule]]\nkind = "commune"\ncapacities = ["head"]', ["rule[0].basis is missing"]),
    ],
)
def test_refusals_name_the_row(tmp_path: Path, text: str, words: list[str]) -> None:
    error = refused(tmp_path, text)
    for word in words:
        assert word in f"{error.message} / {error.hint}"


RULE = '[[rule]]\nkind = "commune"\ncapacities = ["head"]\nbasis = "a"\n'


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (a_body(), a_body(), "have the same id"),
        (a_body(more='identifiers = ["MNS:1"]'), a_body("xa-b", 'identifiers = ["mns:1"]'), "share an identifier"),
        (
            a_body(key=f'certificates = ["{A}"]'),
            a_body("xa-b", key=f'certificates = ["{A}"]'),
            "give one seal's key to two bodies",
        ),
        (
            a_body(key=f'public_keys = ["{A}"]\nto = 2025-07-01'),
            a_body("xa-b", key=f'public_keys = ["{A}"]\nfrom = 2025-07-01'),
            "give one seal's key to two bodies",
        ),
        (RULE, RULE, "are two rules"),
        (RULE + "to = 2025-07-01\n", RULE + "from = 2025-07-01\n", "are two rules"),
        (a_body() + a_person(), a_person(), "capacity twice"),
        (a_body() + a_person("to = 2025-07-01"), a_person("from = 2025-07-01"), "capacity twice"),
        (
            a_body() + a_person('identifiers = ["CCCD:1"]'),
            a_person(f'identifiers = ["cccd:1"]\npublic_keys = ["{B}"]'),
            "capacity twice",
        ),
        (a_body() + a_person(), a_person(name="Trần Thị Thử", body="xa-a"), "capacity twice"),
        (
            a_body() + a_person("to = 2025-06-30"),
            a_person("from = 2025-07-01", name="Trần Thị Thử"),
            "one key to two persons",
        ),
    ],
)
def test_contradictions_name_both_rows_and_lines(tmp_path: Path, first: str, second: str, words: str) -> None:
    error = refused(tmp_path, first + second)
    assert error.code == "registry-contradiction"
    assert words in error.message
    table = "rule" if "[[rule]]" in second else "body" if "[[body]]" in second else "certifier"
    lines = [i for i, line in enumerate((HEAD + first + second).splitlines(), 1) if line == f"[[{table}]]"]
    for number, line in enumerate(lines):
        assert f"{table}[{number}]" in error.message
        assert f"(line {line})" in error.message


def test_two_names_of_one_body(tmp_path: Path) -> None:
    name = '[[body.name]]\ntext = "Xã B"\nfrom = 2025-07-01\n'
    before = a_body().replace('"Xã A"', '"Xã A"\nto = 2025-06-30')
    assert len(read(tmp_path, before + name).bodies[0].names) == 2
    error = refused(tmp_path, a_body() + name)
    assert "body[0].name[0] (line 3) and body[0].name[1] (line 3) are two names" in error.message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # what follows on the next day
        (
            a_body(more='to = 2025-06-30\nidentifiers = ["MNS:1"]'),
            a_body("xa-b", 'from = 2025-07-01\nidentifiers = ["MNS:1"]'),
        ),
        (
            a_body(key=f'public_keys = ["{A}"]\nto = 2025-06-30'),
            a_body("xa-b", key=f'public_keys = ["{A}"]\nfrom = 2025-07-01'),
        ),
        (a_body() + a_person("to = 2025-06-30"), a_person("from = 2025-07-01")),
        (RULE + "to = 2025-10-31\n", RULE + "from = 2025-11-01\n"),
        # what may be true at the same time
        (a_body(), a_body("xa-b")),
        (a_body() + a_person(), a_person('capacity = "deputy"')),
        (a_body() + a_body("xa-b") + a_person(), a_person(body="xa-b")),
        (a_body() + a_person(), a_person(f'certificates = ["{B}"]')),
        (a_body(key=f'public_keys = ["{A}"]'), f'[[body.key]]\ncertificates = ["{B}"]'),
        (a_body(key=f'public_keys = ["{A}"]'), f'[[body.key]]\npublic_keys = ["{A}"]'),
    ],
)
def test_no_contradictions(tmp_path: Path, first: str, second: str) -> None:
    assert read(tmp_path, first + second).id == "vn.example.registry"


spans = st.tuples(st.integers(1, 28), st.integers(1, 28)).map(sorted)


@hypothesis.given(rows=st.lists(st.tuples(st.integers(0, 1), spans), min_size=2, max_size=5))
@hypothesis.settings(max_examples=60)
def test_every_overlap_is_found(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, list[int]]]) -> None:
    """The sweep finds what comparing each pair of rows finds."""
    text = "".join(
        a_body(f"b-{owner}-{i}", key=f'public_keys = ["{A}"]\nfrom = 2025-07-{a:02}\nto = 2025-07-{b:02}')
        if owner
        else a_body(f"b-{owner}-{i}")
        for i, (owner, (a, b)) in enumerate(rows)
    )
    keyed = [span for owner, span in rows if owner]
    clash = any(one[0] <= other[1] and other[0] <= one[1] for i, one in enumerate(keyed) for other in keyed[:i])
    folder = tmp_path_factory.mktemp("registry")
    if clash:
        assert "give one seal's key" in refused(folder, text).message
    else:
        assert len(read(folder, text).bodies) == len(rows)


@pytest.mark.parametrize(
    ("identifiers", "parent", "stated", "meant"),
    [
        ([], None, Body("xã a"), True),
        ([], None, Body("Xã B"), False),
        # the parent counts where both name one
        ([], "Tỉnh Mẫu", Body("Xã A", "TỈNH MẪU"), True),
        ([], "Tỉnh Mẫu", Body("Xã A", "Tỉnh Khác"), False),
        ([], None, Body("Xã A", "Tỉnh Khác"), True),
        ([], "Tỉnh Mẫu", Body("Xã A"), True),
        # an identifier of a scheme both have decides, whatever the names say
        (["MNS:1"], None, Body("Xã B", identifiers=("mns:1",)), True),
        (["MNS:1"], None, Body("Xã A", identifiers=("MNS:2",)), False),
        (["MNS:1"], None, Body("Xã A", identifiers=("MST:1",)), True),
        (["MNS:1", "MNS:2"], None, Body("Xã B", identifiers=("MNS:1",)), True),
        (["MNS:1", "MST:2"], None, Body("Xã A", identifiers=("MNS:1", "MST:3")), False),
    ],
)
def test_whom_a_record_means(
    tmp_path: Path, identifiers: list[str], parent: str | None, stated: Body, meant: bool
) -> None:
    more = f"identifiers = {identifiers}" if identifiers else ""
    text = a_body(more=more) + (f'parent = "{parent}"\n' if parent else "")
    registry = read(tmp_path, text)
    found = registry.bodies_stated(stated, b"no certificate", date(2026, 1, 1))
    assert bool(found) is meant


def test_a_whole_country_is_read_and_asked_quickly(tmp_path: Path) -> None:
    """3,300 bodies, ten people each in four: names are found by an index, overlaps by sorting."""
    count = 3300
    bodies = "".join(
        a_body(f"xa-{i}", f'identifiers = ["MNS:H{i}"]', f"Xã {i % 100}", f'public_keys = ["{i:064x}"]')
        for i in range(count)
    )
    people = "".join(a_person(f'certificates = ["{i:064x}"]', body=f"xa-{i % count}") for i in range(count))
    registry = read(tmp_path, bodies + people)
    stated = Body("Xã 7", identifiers=("MNS:H107",))
    found = registry.bodies_stated(stated, b"no certificate", date(2026, 1, 1))
    assert [b.id for b in found] == ["xa-107"]
    assert len(registry.bodies_stated(Body("Xã 7"), b"", date(2026, 1, 1))) == count // 100


GOOD = (
    a_body(more='from = 2025-07-01\nidentifiers = ["MNS:1"]', key=f'public_keys = ["{B}"]')
    + a_person('capacity = "delegated"\ndecision = "12/QĐ"')
    + RULE.replace("commune", "notary-office")
)
LITERALS = (
    "0",
    "-1",
    "1.5",
    "nan",
    "true",
    '""',
    '"a"',
    r'"\u0000"',
    "[]",
    "[1]",
    '["a"]',
    "[[]]",
    "[{}]",
    "{}",
    "{a = 1}",
    "2025-07-01",
    "2025-07-01T00:00:00Z",
    "00:00:00",
    "9999-12-31",
    "0001-01-01",
)


@pytest.mark.parametrize("literal", LITERALS)
def test_any_value_anywhere_is_read_or_refused(tmp_path: Path, literal: str) -> None:
    """Whatever stands at a key of a good file, only our refusal leaves the reader."""
    lines = (HEAD + GOOD).splitlines()
    keys = [i for i, line in enumerate(lines) if " = " in line]
    assert len(keys) == 16
    refusals = []
    for i in keys:
        changed = [*lines[:i], lines[i].partition(" = ")[0] + f" = {literal}", *lines[i + 1 :]]
        path = tmp_path / "registry.toml"
        path.write_text("\n".join(changed), encoding="utf-8")
        try:
            read_registry(path)
        except SettingsError as error:
            refusals.append(error)
    assert len(refusals) >= 8  # few literals fit anywhere
    assert all(error.hint for error in refusals)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "registry.toml"
    path.write_bytes(b"#" * (MAX_REGISTRY_BYTES + 1))
    with pytest.raises(SettingsError, match="more than"):
        read_registry(path)
    path.write_text("id = 'a'")
    with pytest.raises(SettingsError, match="version is missing"):
        read_registry(path)


def test_the_rules_leave_no_gap_and_no_overlap() -> None:
    """Every kind has one rule on each day from its first to its last; each names its text."""
    for kind in {rule.kind for rule in RULES}:
        rules = sorted((r for r in RULES if r.kind == kind), key=lambda r: r.span.order)
        for before, after in pairwise(rules):
            assert before.span.last is not None
            assert after.span.first is not None
            assert (after.span.first - before.span.last).days == 1
        assert all(rule.basis.startswith("NĐ ") for rule in rules)
