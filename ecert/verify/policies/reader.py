"""Read a policy file: a built-in policy, made stricter.

A file may only demand more than its base: severities are raised, never lowered, and what the base
demands cannot be dropped. The one loosening there is, ``revocation = "if-present"``, is the base's own.
"""

from __future__ import annotations

from pathlib import Path

from ecert.errors import SettingsError
from ecert.formats.pades.algorithms import HASHES
from ecert.model.findings import CATALOGUE, SEVERITIES, Severity
from ecert.model.levels import LEVELS
from ecert.model.profiles import PROFILES
from ecert.verify.policies.model import BUILT_IN, DRAFT, SIGNED_COPY, Ages, Algorithms, Policy, Requirements
from ecert.verify.policies.registry import Registry
from ecert.verify.policies.registry_reader import read_registry, word
from ecert.verify.policies.tables import Table, TomlFile, shown, unknown_key

MAX_POLICY_BYTES = 256 * 1024  # a policy file is a few kB
MAX_DAYS = 36_525  # a hundred years
_RESERVED = {*BUILT_IN, DRAFT.id, SIGNED_COPY.id}
_ROLES = ("signer", "seal")  # and in no other order: NĐ 30/2020/NĐ-CP Đ.32.2(d)
_SCHEMES = ("rsa-pkcs1", "rsa-pss", "ecdsa", "ed25519")
_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_OF_COPIES = 'based_on = "certified-copy" alone'


def read_policy(path: Path) -> Policy:
    """Read a policy file and the registry it names, relative to it.

    Raises:
        SettingsError: a file cannot be read, a key or value is refused, or the base would be loosened.
    """
    file = TomlFile.read(path, "policy", MAX_POLICY_BYTES)
    table = Table(path, file.values)
    identity = word(table, "id")
    if identity in _RESERVED:
        hint = "give it a name of its own, such as vn.example.portal"
        raise table.wrong("id", identity, "free: it is a built-in policy", hint=hint)
    version = table.text("version", 'write version = "1"')
    base = _base(table)
    policy = Policy(
        identity,
        version,
        base.stage,
        table.choice("revocation", ("require", "if-present")) or base.revocation,  # type: ignore[arg-type]
        based_on=base.id,
        sha256=file.sha256,
        require=_requirements(table.table("require"), base),
        algorithms=_algorithms(table.table("algorithms")),
        ages=_ages(table.table("ages"), base),
        severities=_severities(table.table("severities")),
        registry=_registry(table, base),
    )
    table.close()
    return policy


def _base(table: Table) -> Policy:
    base = table.choice("based_on", BUILT_IN)
    if base is None:
        raise table.missing("based_on", f"name one of {', '.join(BUILT_IN)}")
    return BUILT_IN[base]


def _requirements(t: Table, base: Policy) -> Requirements:
    required = Requirements(
        level=t.choice("level", LEVELS),  # type: ignore[arg-type]
        archive_timestamp=t.flag("archive_timestamp") or False,
        signatures=t.whole("signatures", 1, 50),
        fields=t.texts("fields"),
        roles=t.texts("roles"),
        pdfa=_pdfa(t),
        profiles=t.texts("profiles", PROFILES),
    )
    t.close()
    if base.is_copy:
        for name in ("signatures", "fields"):
            if getattr(required, name):
                hint = "a certified copy has one signer and one seal; remove it"
                raise t.wrong(name, getattr(required, name), "known with this base", hint=hint)
        if required.roles not in ((), _ROLES):
            hint = f'write roles = ["{_ROLES[0]}", "{_ROLES[1]}"], in this order, or remove it'
            raise t.wrong("roles", required.roles, "what a certified copy has", hint=hint)
        return required
    for name in ("roles", "pdfa", "profiles"):
        if getattr(required, name):
            raise _of_copies(t, name)
    return required


def _pdfa(t: Table) -> bool:
    value = t.flag("pdfa")
    if value is False:
        hint = "certified-copy always asks for PDF/A-3b, signatures never; remove pdfa"
        raise t.wrong("pdfa", value, "possible: a policy file drops nothing", hint=hint)
    return value or False


def _algorithms(t: Table) -> Algorithms:
    allowed = Algorithms(
        digests=t.texts("digests", HASHES),
        signatures=t.texts("signatures", _SCHEMES),
        curves=t.texts("curves", _CURVES),
        rsa_bits=t.whole("rsa_bits", 2048, 16_384),
    )
    t.close()
    return allowed


def _ages(t: Table, base: Policy) -> Ages:
    ages = Ages(
        seal_days=t.whole("seal_days", 1, MAX_DAYS),
        copy_days=t.whole("copy_days", 0, MAX_DAYS),
        revocation_days=t.whole("revocation_days", 0, MAX_DAYS),
    )
    t.close()
    for name in ("seal_days", "copy_days"):
        if getattr(ages, name) is not None and not base.is_copy:
            raise _of_copies(t, name)
    return ages


def _severities(t: Table) -> dict[str, Severity]:
    found: dict[str, Severity] = {}
    known = {kind.code: kind.severity for kind in CATALOGUE.values()}
    for code, value in t.rest():
        if code not in known:
            raise unknown_key(t.source, t.key(code), [t.key(each) for each in known])
        if value not in SEVERITIES:
            raise t.wrong(code, value, f"one of {', '.join(SEVERITIES)}")
        own = CATALOGUE[code].severity
        if SEVERITIES.index(value) > SEVERITIES.index(own):
            raise SettingsError(
                f"{t.source}: {t.key(code)} = {shown(value)} is lower than its own severity, {own}",
                code="severity-lowered",
                hint="a policy file raises severities and lowers none; remove it",
            )
        found[code] = value
    return found


def _registry(table: Table, base: Policy) -> Registry | None:
    name = table.optional_text("registry")
    if name is None:
        return None
    if not base.is_copy:
        raise _of_copies(table, "registry")
    return read_registry(table.source.absolute().parent / name)


def _of_copies(t: Table, name: str) -> SettingsError:
    return SettingsError(
        f"{t.source}: {t.key(name)} goes with {_OF_COPIES} alone", hint=f"remove {name}, or write {_OF_COPIES}"
    )
