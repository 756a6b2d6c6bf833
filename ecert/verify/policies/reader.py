"""Read a policy file: a built-in policy, made stricter.

A file may only demand more than its base: severities are raised, never lowered, and what the base
demands cannot be dropped. The one loosening there is, ``revocation = "if-present"``, is the base's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias, TypeVar

from ecert.errors import SettingsError
from ecert.model.findings import CATALOGUE, SEVERITIES, Severity
from ecert.model.policy_names import REVOCATION_RULES
from ecert.model.tables import Table, choice, text
from ecert.model.toml_values import as_json
from ecert.verify.policies.demands import ROLES, Ages, Algorithms, Requirements, demanded, demands_of
from ecert.verify.policies.files import PolicyValue, TomlFile
from ecert.verify.policies.model import BUILT_IN, DRAFT, SIGNED_COPY, Policy
from ecert.verify.policies.registry import Registry
from ecert.verify.policies.registry_reader import read_registry, word

MAX_POLICY_BYTES = 256 * 1024  # a policy file is a few kB
_RESERVED = {*BUILT_IN, DRAFT.id, SIGNED_COPY.id}
_OF_COPIES = 'based_on = "certified-copy" alone'
_Table: TypeAlias = Table[PolicyValue]
_P = TypeVar("_P", Requirements, Algorithms, Ages)


def read_policy(path: Path) -> Policy:
    """Read a policy file and the registry it names, relative to it.

    Raises:
        SettingsError: a file cannot be read, a key or value is refused, or the base would be loosened.
    """
    file = TomlFile.read(path, "policy", MAX_POLICY_BYTES)
    table = file.table()
    identity = word(table, "id")
    if identity in _RESERVED:
        hint = "give it a name of its own, such as vn.example.portal"
        raise table.at("id", identity).wrong("free: it is a built-in policy", hint)
    version = table.need("version", text, 'write version = "1"')
    base = BUILT_IN[table.need("based_on", choice(BUILT_IN), f"name one of {', '.join(BUILT_IN)}")]
    policy = Policy(
        identity,
        version,
        base.stage,
        table.get("revocation", choice(REVOCATION_RULES)) or base.revocation,
        based_on=base.id,
        sha256=file.sha256,
        require=_requirements(table, base),
        algorithms=_part(table, "algorithms", Algorithms, base),
        ages=_part(table, "ages", Ages, base),
        severities={**base.severities, **_severities(table, base)},
        registry=_registry(table, path),
    )
    table.close()
    return policy


def _part(table: _Table, name: str, kind: type[_P], base: Policy) -> _P:
    """Read one table of demands by its rows, and refuse those that do not go with the base."""
    t = table.get(name, Table)
    if t is None:
        return kind()
    rows = demands_of(kind)
    read = {key: t.get(key, row.read) for key, row in rows.items()}
    part = kind(**{key: value for key, value in read.items() if value is not None})
    t.close()
    for key, value in demanded(part).items():
        if not rows[key].goes_with(base.id):
            raise _goes_with(t, key, _OF_COPIES) if base.id != "certified-copy" else _of_signatures(t, key, value)
    return part


def _requirements(table: _Table, base: Policy) -> Requirements:
    required = _part(table, "require", Requirements, base)
    if required.roles not in ((), ROLES):
        hint = f'write roles = ["{ROLES[0]}", "{ROLES[1]}"], in this order, or remove it'
        raise table.at("require.roles", required.roles).wrong("what a certified copy has", hint)
    return required


def _severities(table: _Table, base: Policy) -> dict[str, Severity]:
    found: dict[str, Severity] = {}
    known = {kind.code: base.severities.get(kind.code, kind.severity) for kind in CATALOGUE.values()}
    t = table.get("severities", Table)
    for code, value in t.rest() if t else ():
        if code not in known:
            raise value.unknown([table.key(f"severities.{each}") for each in known])
        severity = choice(SEVERITIES)(value)
        own = known[code]
        if SEVERITIES.index(severity) > SEVERITIES.index(own):
            raise SettingsError(
                f"{value.source}: {value.key} = {as_json(severity)} is lower than its own severity, {own}",
                code="severity-lowered",
                hint="a policy file raises severities and lowers none; remove it",
            )
        found[code] = severity
    return found


def _registry(table: _Table, path: Path) -> Registry | None:
    name = table.get("registry", text)
    return None if name is None else read_registry(path.absolute().parent / name)


def _goes_with(t: _Table, name: str, bases: str) -> SettingsError:
    return SettingsError(f"{t.value.source}: {t.key(name)} goes with {bases}", hint=f"remove {name}, or write {bases}")


def _of_signatures(t: _Table, name: str, value: object) -> SettingsError:
    return t.at(name, value).wrong("known with this base", "a certified copy has one signer and one seal; remove it")
