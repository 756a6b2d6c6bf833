"""Where settings come from: a file, and variables over it.

The file is the one that is named, else the user's, else the system's; the current folder is never searched:
an upload there could bring its own anchors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ecert.errors import SettingsError
from ecert.model import files
from ecert.model.toml import read_toml
from ecert.model.toml_values import parse_toml
from ecert.settings.readers import SettingValue, unknown_setting
from ecert.settings.table import SETTINGS, TABLES

FILE_NAME = "ecert.toml"
SYSTEM_FILE = Path("/etc/ecert") / FILE_NAME
MAX_SETTINGS_BYTES = 1024 * 1024  # a settings file is a few kB
PREFIX = "ECERT_"
#: Variables of ours that are no settings.
NOT_SETTINGS = frozenset({"ECERT_CONFIG", "ECERT_CORPORA", "ECERT_DEBUG", "ECERT_FIELD", "ECERT_REQUIRE"})


def find_settings_file(explicit: str | Path | None, environ: Mapping[str, str]) -> Path | None:
    """Return the settings file; None: there is none."""
    named = explicit or environ.get("ECERT_CONFIG")
    if named:
        return Path(named)
    for path in _usual_places(environ):
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            pass  # it exists, and reading it says why it cannot be read
        return path
    return None


def _usual_places(environ: Mapping[str, str]) -> Iterator[Path]:
    folder, home = environ.get("XDG_CONFIG_HOME", ""), environ.get("HOME", "")
    if Path(folder).is_absolute():  # the XDG specification says to ignore a relative one
        yield Path(folder) / "ecert" / FILE_NAME
    elif Path(home).is_absolute():
        yield Path(home) / ".config" / "ecert" / FILE_NAME
    yield SYSTEM_FILE


def read_settings_file(path: Path) -> dict[str, Any]:
    """Return the file's values by their dotted keys, read and checked.

    Raises:
        SettingsError: it cannot be read, is not TOML, or a key or value is refused.
    """
    try:
        data = files.read(path, MAX_SETTINGS_BYTES)
    except files.UnreadableError as exc:
        raise SettingsError(f"cannot read the settings {path}: {exc.why}", hint="check the path") from exc
    document = SettingValue(parse_toml(path, data), "", str(path), path.absolute().parent)
    return {value.key: SETTINGS[value.key].read(value) for value in flatten(document)}


def flatten(table: SettingValue) -> Iterator[SettingValue]:
    """Yield the settings of a table and of those below it, each under its dotted key."""
    for name, given in table.given.items():
        value = table.below(name, given)
        if value.key in SETTINGS:
            yield value
        elif value.key not in TABLES:
            raise value.unknown([*SETTINGS, *TABLES])
        elif isinstance(given, dict):
            yield from flatten(value)
        else:
            raise value.refuse("not-a-table")


def read_variables(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what ``ECERT_TABLE__KEY`` variables set.

    A single word that is no setting is left alone: container platforms make up such names.

    Raises:
        SettingsError: a variable names no setting, or its value is refused.
    """
    values = {}
    for name, text in sorted(environ.items()):
        if not name.startswith(PREFIX) or name in NOT_SETTINGS:
            continue
        key = name.removeprefix(PREFIX).lower().replace("__", ".")
        if key in SETTINGS:
            value = SettingValue(text, key, f"the variable {name}", None)
            setting = SETTINGS[key]
            values[key] = setting.read(value if setting.text else _as_toml(value))
        elif "__" in name or key in TABLES:
            raise unknown_setting("the environment", name, [_variable(k) for k in SETTINGS])
    return values


def _variable(key: str) -> str:
    return PREFIX + key.upper().replace(".", "__")


def _as_toml(value: SettingValue) -> SettingValue:
    try:
        found = read_toml(f"value = {value.given}")
    except (ValueError, RecursionError):
        found = {}
    if list(found) != ["value"]:
        raise value.wrong("a TOML value", 'such as true, 10, ["a", "b"]')
    return value.at(found["value"], value.key)
