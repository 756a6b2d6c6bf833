"""Readers of single settings: paths, hosts, keys, lists; a refusal names file, key, value and a way out."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Self

from ecert.errors import SettingsError
from ecert.model.files import is_folder
from ecert.model.fingerprints import read_fingerprint
from ecert.model.key_uris import KEY_URIS, KEY_URIS_HINT, key_file_uri, path_of_key_file
from ecert.model.names import normal_name
from ecert.model.policy_names import POLICIES, PolicyName
from ecert.model.tables import Flaw, tables
from ecert.model.toml_values import TomlValue, as_json
from ecert.trust.addresses import read_url
from ecert.trust.services import check_hosts, check_proxy


class SettingValue(TomlValue):
    """A value of a settings file, or of a variable; ``base`` is what relative paths are relative to.

    ``base`` None: only absolute paths.
    """

    __slots__ = ("base",)

    def __init__(self, given: Any, key: str, source: str, base: Path | None) -> None:
        super().__init__(given, key, source)
        self.base = base

    def at(self, given: Any, key: str) -> Self:
        """Return another value of the same file or variable."""
        return type(self)(given, key, self.source, self.base)

    def way_out(self) -> str:
        """Return what to do where nothing more is known."""
        return f"correct it, or remove {self.key} to have the default"

    def refuse(self, flaw: Flaw, **details: Any) -> SettingsError:
        """Return the refusal of the value; of an item that is no table, under the key of its list."""
        if flaw == "not-a-row":
            listed = self.key.rpartition("[")[0]
            return self.at(self.given, listed).wrong("a table", f"write [[{listed}]]")
        return super().refuse(flaw, **details)

    def unknown(self, known: Collection[str]) -> SettingsError:
        """Return the refusal of a key that is no setting, with its near matches, else those beside it."""
        return unknown_setting(self.source, self.key, known)


def unknown_setting(source: str, key: str, known: Collection[str]) -> SettingsError:
    """Return the refusal of a key or variable that is no setting."""
    from difflib import get_close_matches  # what goes well does not wait for it

    near = get_close_matches(key, known, n=2, cutoff=0.7)
    siblings = sorted(k for k in known if k.rpartition(".")[0] == key.rpartition(".")[0])
    hint = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(siblings)}"
    return SettingsError(
        f"{source}: {key} is not a setting",
        code="unknown-setting",
        hint=hint if near or siblings else "see docs/reference/settings.md",
    )


Read = Callable[[SettingValue], Any]


def string(value: SettingValue) -> str:
    """Return a text as it is."""
    if not isinstance(value.given, str):
        raise value.refuse("not-a-text")
    return value.given


def strings(value: SettingValue) -> tuple[str, ...]:
    """Return a list of texts as they are; none is empty."""
    items = _list(value, "texts")
    if not all(isinstance(item, str) and item for item in items):
        raise value.wrong("a list of texts")
    return tuple(items)


def _list(value: SettingValue, of: str) -> list[Any]:
    if not isinstance(value.given, list):
        raise value.wrong(f"a list of {of}", f'write {value.key} = ["…"]')
    return value.given


def rows(value: SettingValue, readers: Mapping[str, Read], needed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the values of each table of a list; ``needed``: keys that must be there, with a hint."""
    found = []
    for table in tables(value):
        place, values = table.value, {}
        for key, inner in table.rest():
            if key not in readers:
                raise inner.unknown([table.key(known) for known in readers])
            values[key] = readers[key](inner)
        for key, hint in needed.items():
            if not values.get(key):
                raise SettingsError(f"{place.source}: {place.key} has no {key}", hint=hint)
        found.append(values)
    return found


# ── paths ────────────────────────────────────────────────────────────────────────────────────────


def path(value: SettingValue) -> Path:
    """Return a path, relative to the file; in a variable it must be absolute."""
    given = value.given
    if not isinstance(given, str) or not given or "\0" in given:
        raise value.wrong("a path")
    try:
        found = Path(given).expanduser()
    except RuntimeError as exc:
        raise value.wrong("a path: there is no home folder") from exc
    if found.is_absolute():
        return found
    if value.base is None:
        raise value.wrong("an absolute path", "in a variable, paths begin with /")
    return value.base / found


def optional_path(value: SettingValue) -> Path | None:
    """Return a path; None where it is empty."""
    return None if value.given == "" else path(value)


def paths(value: SettingValue) -> tuple[Path, ...]:
    """Return a list of paths."""
    return tuple(path(value.at(item, value.key)) for item in _list(value, "paths"))


def folder(value: SettingValue) -> Path | None:
    """Return a folder that is made when it is first needed; what is there may not be a file."""
    found = optional_path(value)
    for part in (found, *found.parents) if found else ():
        if is_folder(part):
            break
        if os.path.lexists(part):
            raise value.wrong(f"a folder: {part} is something else")
    return found


def signers(value: SettingValue) -> tuple[Path | str, ...]:
    """Return who may sign: fingerprints as they are, anything else as the path of a certificate."""
    return tuple(
        item if isinstance(item, str) and read_fingerprint(item) else path(value.at(item, value.key))
        for item in _list(value, "paths or fingerprints")
    )


def policy(value: SettingValue) -> PolicyName | Path:
    """Return the name of a built-in policy or the path of a policy file, which has a folder or .toml in it."""
    for name in POLICIES:
        if value.given == name:
            return name
    if not isinstance(value.given, str) or not ("/" in value.given or value.given.endswith(".toml")):
        raise value.wrong(f"one of {', '.join(POLICIES)}, or the path of a policy file")
    return path(value)


# ── keys and PINs: never shown, since people put PINs where they do not belong ───────────────────


def key_uri(value: SettingValue) -> str:
    """Return a key's URI, a path in it made absolute."""
    given = value.given
    if given == "":
        return ""
    scheme, colon, rest = given.partition(":") if isinstance(given, str) else ("", "", "")
    if not colon or scheme not in KEY_URIS:
        raise SettingsError(f"{value.source}: {value.key} is not a key URI", hint=KEY_URIS_HINT)
    if scheme == "file":
        return key_file_uri(str(path(value.at(path_of_key_file(rest), value.key))))
    return str(given)


def pin_source(value: SettingValue) -> str:
    """Return where PINs come from: ``prompt``, ``file:PATH`` or ``fd:NUMBER``."""
    given = value.given
    kind, _, rest = given.partition(":") if isinstance(given, str) else ("", "", "")
    if given == "prompt" or (kind == "fd" and rest.isascii() and rest.isdigit()):
        return str(given)
    if kind == "file" and rest:
        return f"file:{path(value.at(rest, value.key))}"
    raise SettingsError(
        f"{value.source}: {value.key} is not a source of PINs",
        hint="write prompt, file:PATH or fd:NUMBER; never the PIN itself",
    )


# ── names and hosts ──────────────────────────────────────────────────────────────────────────────


def aliases(value: SettingValue) -> dict[str, str]:
    """Return a table of names; two rows about one name, in whatever spelling, are refused."""
    given = value.given
    if not isinstance(given, dict) or not all(isinstance(v, str) and v.strip() for v in given.values()):
        raise value.wrong("a table of names", 'write {"name in records" = "name in the certificate"}')
    known: dict[str, str] = {}
    for name in given:
        other = known.setdefault(normal_name(name), name)
        if other != name:
            raise value.at(name, value.key).wrong(f"another name than {as_json(other)}", "keep one of the two")
    return dict(given)


def hosts(value: SettingValue) -> frozenset[str]:
    """Return a list of hosts, without ports."""
    found = strings(value)
    check_hosts(found, f"{value.source}: {value.key}")
    return frozenset(found)


def host_map(value: SettingValue) -> dict[str, str]:
    """Return a table of hosts: which to ask in place of which."""
    given = value.given
    if not isinstance(given, dict) or not all(isinstance(v, str) and v for v in given.values()):
        raise value.wrong("a table of texts", 'write {"this.host" = "that.host"}')
    check_hosts([*given, *given.values()], f"{value.source}: {value.key}")
    return dict(given)


def proxy(value: SettingValue) -> str:
    """Return the address of an HTTP proxy; empty: none."""
    found = string(value)
    check_proxy(found, f"{value.source}: {value.key}")
    return found


def url(value: SettingValue) -> str:
    """Return an http or https address."""
    found = string(value)
    try:
        read_url(found)
    except ValueError as exc:
        raise value.wrong("an http or https address", "write it as http://host/path") from exc
    return found


def revocation_kinds(value: SettingValue) -> tuple[str, ...]:
    """Return what is asked about revocation, in this order."""
    kinds = strings(value)
    if not set(kinds) <= {"ocsp", "crl"} or len(set(kinds)) != len(kinds):
        raise value.wrong("a list of ocsp and crl")
    return kinds
