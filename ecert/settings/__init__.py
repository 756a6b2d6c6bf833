"""Settings of an office: one TOML file and variables over it, read into frozen dataclasses.

``Settings()`` holds the defaults; ``Settings.from_file`` reads one file and nothing else;
``Settings.load`` is what the command line does: it finds the file and lays variables over it.

* :mod:`~ecert.settings.parts`: the tables of the file as dataclasses, with their defaults.
* :mod:`~ecert.settings.table`: every key there is, and how its value is read.
* :mod:`~ecert.settings.readers`: readers of single values.
* :mod:`~ecert.settings.layers`: where they come from: the file that is found, and variables.

To add a setting: its field in ``parts``, its row in ``table``, its line in docs/reference/settings.md.

Rules the reader enforces:

1. A key that is not in the table is refused, with its path and its near matches.
2. A value of a wrong kind is refused; file, key, value and a way out are named.
3. Paths are relative to the file; in a variable they must be absolute.
4. The current folder is never searched: an upload there could bring its own anchors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecert.model.languages import Lang
from ecert.model.levels import DEFAULT_LEVEL, Level
from ecert.model.profiles import DEFAULT_PROFILE
from ecert.settings.layers import find_settings_file, read_settings_file, read_variables
from ecert.settings.parts import (
    Keys,
    KeySettings,
    Limits,
    NameSettings,
    PageSettings,
    TrustedListSettings,
    TrustSettings,
    VerifySettings,
)
from ecert.settings.table import SETTINGS
from ecert.trust.services import Services

if TYPE_CHECKING:
    from ecert.trust.store import TrustStore

__all__ = [
    "KeySettings",
    "Keys",
    "Limits",
    "NameSettings",
    "PageSettings",
    "Settings",
    "TrustSettings",
    "TrustedListSettings",
    "VerifySettings",
]


@dataclass(frozen=True)
class Settings:
    """Everything an office settles once; immutable, to be shared by threads.

    Example:
        >>> Settings().level
        'B-LTA'
        >>> Settings().trust is None
        True
    """

    lang: Lang = "vi"
    profile: str = DEFAULT_PROFILE.id
    level: Level = DEFAULT_LEVEL
    keys: Keys = field(default_factory=Keys)
    names: NameSettings = field(default_factory=NameSettings)
    page: PageSettings = field(default_factory=PageSettings)
    trust_settings: TrustSettings = field(default_factory=TrustSettings)
    services: Services = field(default_factory=Services)
    verify: VerifySettings = field(default_factory=VerifySettings)
    limits: Limits = field(default_factory=Limits)
    source: Path | None = None

    @cached_property
    def trust(self) -> TrustStore | None:
        """Return the anchors that ``[trust]`` names, read on first use; None where none are named.

        Raises:
            SettingsError: a path is missing, empty or not a CA certificate; a bundle or list is refused.
        """
        named = self.trust_settings
        if not named.paths and not named.lists:
            return None
        from ecert.trust.pins import read_publishers
        from ecert.trust.store import TrustStore

        stores = [
            TrustStore.from_trusted_list(
                each.path, read_publishers(each.signers), minimum_sequence=each.minimum_sequence, state=named.state_dir
            )
            for each in named.lists
        ]
        if named.paths:
            signers = read_publishers(named.bundle_signers)
            stores.append(TrustStore.from_paths(named.paths, signers=signers, state=named.state_dir))
        return TrustStore.combined(stores)

    @classmethod
    def from_file(cls, path: str | Path) -> Settings:
        """Read a settings file; nothing else is looked at.

        Raises:
            SettingsError: it cannot be read, is not TOML, or a key or value is refused.
        """
        path = Path(path)
        return _build(read_settings_file(path), path)

    @classmethod
    def load(cls, explicit: str | Path | None, environ: Mapping[str, str]) -> Settings:
        """Find the file and lay variables over it.

        The file is ``explicit``, else ``$ECERT_CONFIG``, else the user's
        (``$XDG_CONFIG_HOME/ecert/ecert.toml`` or ``~/.config/ecert/ecert.toml``), else
        ``/etc/ecert/ecert.toml``, else none. A variable such as ``ECERT_VERIFY__REVOCATION`` wins
        over the file's ``verify.revocation``.

        Raises:
            SettingsError: a named file is missing, or a key, variable or value is refused.
        """
        path = find_settings_file(explicit, environ)
        values = read_settings_file(path) if path else {}
        return _build(values | read_variables(environ), path)


def _build(values: Mapping[str, Any], source: Path | None) -> Settings:
    """Put checked values, by their dotted keys, into the dataclasses."""
    tables: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        table, _, name = key.rpartition(".")
        tables.setdefault(table, {})[SETTINGS[key].field or name] = value

    def part(table: str) -> dict[str, Any]:
        return tables.get(table, {})

    return Settings(
        **part(""),
        keys=Keys(KeySettings(**part("keys.signer")), KeySettings(**part("keys.seal"))),
        names=NameSettings(**part("names")),
        page=PageSettings(**part("page")),
        trust_settings=TrustSettings(**part("trust")),
        services=Services(**part("services")),
        verify=VerifySettings(**part("verify")),
        limits=Limits(**part("limits")),
        source=source,
    )
