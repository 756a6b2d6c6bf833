"""The table of settings: every key there is, by its dotted name, and how its value is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ecert.model.languages import LANGS
from ecert.model.levels import LEVELS
from ecert.model.limits import (
    MAX_INPUT_BYTES,
    MAX_PAGES,
    MAX_SANDBOX_MEMORY_MB,
    MAX_SANDBOX_SECONDS,
    MIN_SANDBOX_MEMORY_MB,
)
from ecert.model.policy_names import REVOCATION_RULES
from ecert.model.profiles import PROFILES, SEAL_DIAMETERS_MM
from ecert.model.schemes import ALGORITHMS
from ecert.model.tables import choice, decimal, flag, whole
from ecert.settings import readers
from ecert.settings.parts import TrustedListSettings
from ecert.settings.readers import Read, SettingValue
from ecert.trust.services import MAX_STATUS_AGE_S, MAX_TIMEOUT_S, TimestampService


@dataclass(frozen=True)
class Setting:
    """One setting: its reader; ``text``: a variable's value is taken as it is, not as TOML.

    ``field``: what it is called in the dataclass, where that is not its key.
    """

    read: Read
    text: bool = False
    field: str = ""


def _word(*allowed: str) -> Setting:
    return Setting(choice(allowed), text=True)


def _timestamps(value: SettingValue) -> tuple[TimestampService, ...]:
    each = {"url": readers.url, "retries": whole(0, 10), "timeout_s": decimal(0.1, MAX_TIMEOUT_S)}
    needed = {"url": 'write url = "http://host/path"'}
    return tuple(TimestampService(**row) for row in readers.rows(value, each, needed))


def _trusted_lists(value: SettingValue) -> tuple[TrustedListSettings, ...]:
    each = {"path": readers.path, "signers": readers.signers, "minimum_sequence": whole(1, 999_999_999)}
    needed = {
        "path": 'write path = "list.xml"',
        "signers": 'name its operator\'s certificate: signers = ["operator.pem"]',
    }
    return tuple(TrustedListSettings(**row) for row in readers.rows(value, each, needed))


_KEY = {
    "uri": Setting(readers.key_uri, text=True),
    "pin_source": Setting(readers.pin_source, text=True),
    "algorithm": _word(*ALGORITHMS),
    "certificates": Setting(readers.paths),
    "image": Setting(readers.optional_path, text=True),
}
SETTINGS: Mapping[str, Setting] = {
    "lang": _word(*LANGS),
    "profile": _word(*PROFILES),
    "level": _word(*LEVELS),
    **{f"keys.{role}.{key}": setting for role in ("signer", "seal") for key, setting in _KEY.items()},
    "names.aliases": Setting(readers.aliases),
    "page.seal_diameter_mm": Setting(decimal(*SEAL_DIAMETERS_MM)),
    "page.max_output_mb": Setting(decimal(0.1, 1000)),
    "trust.paths": Setting(readers.paths),
    "trust.bundle_signers": Setting(readers.signers),
    "trust.list": Setting(_trusted_lists, field="lists"),
    "trust.state_dir": Setting(readers.folder, text=True),
    "services.timeout_s": Setting(decimal(0.1, MAX_TIMEOUT_S)),
    "services.max_fetches": Setting(whole(1, 1000)),
    "services.status_max_age_s": Setting(decimal(0, MAX_STATUS_AGE_S)),
    "services.revocation": Setting(readers.revocation_kinds),
    "services.crl_files": Setting(readers.paths),
    "services.fetch_issuers": Setting(flag),
    "services.allow_hosts": Setting(readers.hosts),
    "services.map_hosts": Setting(readers.host_map),
    "services.proxy": Setting(readers.proxy, text=True),
    "services.cache_dir": Setting(readers.folder, text=True),
    "services.timestamp": Setting(_timestamps, field="timestamps"),
    "verify.policy": Setting(readers.policy, text=True),
    "verify.revocation": _word(*REVOCATION_RULES),
    "verify.online": Setting(flag),
    "verify.sandbox": Setting(flag),
    "limits.file_mb": Setting(decimal(0.001, MAX_INPUT_BYTES / 1024 / 1024)),
    "limits.pages": Setting(whole(1, MAX_PAGES)),
    "limits.seconds": Setting(decimal(0.1, MAX_SANDBOX_SECONDS)),
    "limits.memory_mb": Setting(whole(MIN_SANDBOX_MEMORY_MB, MAX_SANDBOX_MEMORY_MB)),
}
#: ``keys``, ``keys.signer``, ``trust`` …: what stands above settings
TABLES = frozenset(key.rsplit(".", depth)[0] for key in SETTINGS for depth in range(1, key.count(".") + 1))
