"""Read a registry from TOML; rows that contradict each other are refused, both named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

from ecert.errors import SettingsError
from ecert.formats.record.fields import CAPACITIES, Capacity
from ecert.model.fingerprints import read_fingerprint
from ecert.model.names import is_personal, normal_name
from ecert.model.tables import Table, choice, day, tables, text, texts
from ecert.verify.policies.files import MAX_POLICY_ITEMS, PolicyValue, TomlFile
from ecert.verify.policies.registry import Appointment, BodyName, NamedKeys, RegisteredBody, Registry, SealKeys
from ecert.verify.policies.rules import RULES, Rule, Span

MAX_REGISTRY_BYTES = 16 * 1024 * 1024  # every commune of the country with ten people each is 8 MB
_WORD = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_KEY_HINT = "give certificates, public_keys or identifiers"
_T = TypeVar("_T")
_Table: TypeAlias = Table[PolicyValue]
_texts = texts(MAX_POLICY_ITEMS, least=1, distinct=True)
_capacities = texts(MAX_POLICY_ITEMS, least=1, allowed=CAPACITIES, distinct=True)


class _Claim(NamedTuple):
    """What one row says for some days and no other row may say for the same days."""

    about: str
    span: Span
    row: str


def read_registry(path: Path) -> Registry:
    """Read a registry file.

    Raises:
        SettingsError: it cannot be read, a key or value is refused, or two rows contradict each other.
    """
    file = TomlFile.read(path, "registry", MAX_REGISTRY_BYTES)
    table = file.table()
    identity = word(table, "id"), table.need("version", text, 'write version = "2026-11-01"')
    span = _span(table, "valid_from", "valid_to")
    rules = _rows(table, "rule", _rule)
    own = {rule.kind for rule in rules}
    rules += tuple(rule for rule in RULES if rule.kind not in own)
    kinds = list(dict.fromkeys(rule.kind for rule in rules))
    bodies = _rows(table, "body", lambda t: _body(t, kinds))
    known = {body.id for body in bodies}
    appointments = _rows(table, "certifier", lambda t: _appointment(t, known), private=True)
    table.close()
    registry = Registry(*identity, file.sha256, span, bodies, appointments, rules)
    _refuse_contradictions(file, registry)
    return registry


def word(table: _Table, name: str) -> str:
    """Return an identifier: lower case, joined by hyphens and dots."""
    found = table.need(name, text, f'write {name} = "vn.example.office"')
    if not _WORD.fullmatch(found) or len(found) > 100:
        hint = "use a-z, 0-9, hyphens and dots, such as vn.example.office"
        raise table.at(name, found).wrong("a word of at most 100 characters", hint)
    return found


def _rows(table: _Table, name: str, read: Callable[[_Table], _T], *, private: bool = False) -> tuple[_T, ...]:
    """Read the tables of a list, none where it is absent; ``private``: they are about persons."""
    value = table.take(name)
    if value is None:
        return ()
    return tuple(read(Table(row.value.kept_private()) if private else row) for row in tables(value))


def _span(table: _Table, first: str = "from", last: str = "to") -> Span:
    span = Span(table.get(first, day), table.get(last, day))
    if span.first and span.last and span.last < span.first:
        raise table.at(last, span.last).wrong(f"on or after {first}", f"{last} is the last day")
    return span


def _rule(t: _Table) -> Rule:
    kind, named = word(t, "kind"), t.get("capacities", _capacities) or ()
    capacities = tuple(capacity for capacity in CAPACITIES if capacity in named)
    if not capacities:
        raise t.missing("capacities", f"name some of {', '.join(CAPACITIES)}")
    rule = Rule(kind, capacities, _span(t), t.need("basis", text, 'name the text: basis = "NĐ …"'))
    t.close()
    return rule


def _body(t: _Table, kinds: list[str]) -> RegisteredBody:
    identity = word(t, "id")
    kind = t.need("kind", choice(kinds), f"name one of {', '.join(kinds)}")
    names = _rows(t, "name", _name)
    if not names:
        raise t.missing("name", f'write [[body.name]] with text = "…" for {identity}')
    body = RegisteredBody(
        identity, kind, _span(t), names, _of_body(t, t.get("identifiers", _texts) or ()), _rows(t, "key", _seal_keys)
    )
    t.close()
    return body


def _name(t: _Table) -> BodyName:
    name = BodyName(t.need("text", text, 'write text = "Ủy ban nhân dân xã …"'), t.get("parent", text), _span(t))
    t.close()
    return name


def _seal_keys(t: _Table) -> SealKeys:
    row = SealKeys(_keys(t), _span(t))
    _of_body(t, row.keys.identifiers)
    t.close()
    return row


def _of_body(t: _Table, identifiers: tuple[str, ...]) -> tuple[str, ...]:
    """Return identifiers of a body or its seal; a citizen's number is none."""
    if any(map(is_personal, identifiers)):
        raise SettingsError(
            f"{t.value.source}: {t.key('identifiers')} has a person's number, which identifies no body",
            hint="name the seal's certificates or public_keys, or the body's own identifiers",
        )
    return identifiers


def _keys(t: _Table) -> NamedKeys:
    keys = NamedKeys(
        t.get("certificates", _fingerprints) or (),
        t.get("public_keys", _fingerprints) or (),
        t.get("identifiers", _texts) or (),
    )
    if not keys.marks:
        raise t.missing("certificates", _KEY_HINT)
    return keys


def _fingerprints(value: PolicyValue) -> tuple[str, ...]:
    """Read SHA-256 digests into lower-case hex."""
    found = []
    for written in _texts(value):
        digest = read_fingerprint(written)
        if digest is None:
            raise value.at(written, value.key).wrong("a SHA-256 digest", "write its 64 hex digits")
        found.append(digest)
    return tuple(found)


def _capacity(value: PolicyValue) -> Capacity:
    """Read a certifier's capacity; a refusal repeats it, for it says nothing about the person."""
    return choice(CAPACITIES)(value.kept_private(False))


def _appointment(t: _Table, bodies: set[str]) -> Appointment:
    name = t.need("name", text, "write the name as in the certificate")
    body = t.need("body", text, "name the id of a [[body]]")
    if body not in bodies:
        raise SettingsError(
            f"{t.value.source}: {t.key('body')} = {body!r} is no body of this registry",
            hint="write the id of a [[body]]",
        )
    capacity = t.need("capacity", _capacity, f"name one of {', '.join(CAPACITIES)}")
    decision = t.get("decision", text)
    if capacity == "delegated" and decision is None:
        raise t.missing("decision", "name the decision by which the person may certify")
    appointment = Appointment(
        name, _keys(t), body, capacity, _span(t), decision, t.get("title", text), t.get("scope", text)
    )
    t.close()
    return appointment


# ── contradictions ───────────────────────────────────────────────────────────────────────────────


def _refuse_contradictions(file: TomlFile, registry: Registry) -> None:
    """Refuse rows that cannot both be true on some day."""
    always = Span()
    bodies, people = list(enumerate(registry.bodies)), list(enumerate(registry.appointments))
    refuse = _refuser(file)
    refuse("have the same id", (_Claim(b.id, always, f"body[{i}]") for i, b in bodies))
    refuse(
        "share an identifier at the same time",
        (_Claim(normal_name(i), b.span, f"body[{n}]") for n, b in bodies for i in b.identifiers),
    )
    refuse(
        "are two names of one body at the same time",
        (_Claim(b.id, name.span, f"body[{i}].name[{k}]") for i, b in bodies for k, name in enumerate(b.names)),
    )
    refuse(
        "give one seal's key to two bodies at the same time",
        (
            _Claim(mark, row.span, f"body[{i}].key[{k}]")
            for i, b in bodies
            for k, row in enumerate(b.seal_keys)
            for mark in sorted(row.keys.marks)
        ),
        apart=lambda row: row.partition(".")[0],
    )
    refuse(
        "are two rules for one kind of body at the same time",
        (_Claim(r.kind, r.span, f"rule[{i}]") for i, r in enumerate(registry.rules)),
    )
    refuse(
        "say the same person's capacity twice for the same days",
        (
            _Claim(f"{a.body} {a.capacity} {mark}", a.span, f"certifier[{i}]")
            for i, a in people
            for mark in sorted(a.keys.marks)
        ),
    )
    holders: dict[str, tuple[str, str]] = {}
    for i, a in people:
        for mark in sorted(a.keys.marks):
            row = f"certifier[{i}]"
            name, before = holders.setdefault(mark, (normal_name(a.name), row))
            if name != normal_name(a.name):
                raise _contradiction(file, before, row, "give one key to two persons")


def _refuser(file: TomlFile) -> Callable[..., None]:
    def refuse(words: str, claims: Iterable[_Claim], apart: Callable[[str], str] | None = None) -> None:
        """Refuse two claims about the same that overlap; ``apart``: of rows for which this differs."""
        about: dict[str, list[_Claim]] = {}
        for claim in claims:
            about.setdefault(claim.about, []).append(claim)
        for rivals in about.values():
            rivals.sort(key=lambda c: c.span.order)
            furthest = rivals[0]  # the one that reaches furthest so far
            for claim in rivals[1:]:
                same = apart is not None and apart(furthest.row) == apart(claim.row)
                if not same and claim.span.order[0] <= furthest.span.order[1]:
                    raise _contradiction(file, furthest.row, claim.row, words)
                if claim.span.order[1] > furthest.span.order[1]:
                    furthest = claim

    return refuse


def _contradiction(file: TomlFile, one: str, other: str, words: str) -> SettingsError:
    return SettingsError(
        f"{file.path}: {_placed(file, one)} and {_placed(file, other)} {words}",
        code="registry-contradiction",
        hint="correct from and to (both days included), or remove one of them",
    )


def _placed(file: TomlFile, row: str) -> str:
    """Return a row with the line on which its table begins, where that can be told."""
    found = re.match(r"(\w+)\[(\d+)\]", row)
    assert found is not None
    line = file.line(found[1], int(found[2]))
    return f"{row} (line {line})" if line else row
