"""Settings of an office: one TOML file and variables over it, read into frozen dataclasses.

``Settings()`` holds the defaults; ``Settings.from_file`` reads one file and nothing else;
``Settings.load`` is what the command line does: it finds the file and lays variables over it.

Rules the reader enforces:

1. A key that is not in the table below is refused, with its path and its near matches.
2. A value of a wrong kind is refused; file, key, value and a way out are named.
3. Paths are relative to the file; in a variable they must be absolute.
4. The current folder is never searched: an upload there could bring its own anchors.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, unquote

from ecert.errors import SettingsError
from ecert.model.files import read_file
from ecert.model.levels import DEFAULT_LEVEL, LEVELS, Level
from ecert.model.limits import MAX_INPUT_BYTES, MAX_OUTPUT_MB, MAX_PAGES, SANDBOX_MEMORY_MB, SANDBOX_SECONDS
from ecert.model.names import normal_name
from ecert.model.profiles import DEFAULT_PROFILE, PROFILES, SEAL_DIAMETERS_MM
from ecert.model.toml import read_toml
from ecert.trust.addresses import read_url
from ecert.trust.services import MAX_STATUS_AGE_S, MAX_TIMEOUT_S, Services, TimestampService, check_hosts, check_proxy

if TYPE_CHECKING:
    from ecert.sign.keys import Algorithm
    from ecert.trust.store import TrustStore

Lang = Literal["vi", "en"]
LANGS: tuple[Lang, ...] = ("vi", "en")
#: As in ecert.sign.keys and ecert.verify.policies, which are not loaded for this; a test compares.
ALGORITHMS = ("auto", "rsa-pkcs1", "rsa-pss", "ecdsa", "ed25519")
POLICIES = ("certified-copy", "signatures")
REVOCATION_RULES = ("require", "if-present")

FILE_NAME = "ecert.toml"
SYSTEM_FILE = Path("/etc/ecert") / FILE_NAME
MAX_SETTINGS_BYTES = 1024 * 1024  # a settings file is a few kB
PREFIX = "ECERT_"
#: As in ecert.trust.pins, which is not loaded for this: SHA-256 in hex, colons allowed.
_FINGERPRINT = re.compile(r"(?:sha256:)?(?:[0-9A-Fa-f]{2}:?){32}")
#: Variables of ours that are no settings.
NOT_SETTINGS = frozenset({"ECERT_CONFIG", "ECERT_CORPORA", "ECERT_DEBUG", "ECERT_FIELD", "ECERT_REQUIRE"})


@dataclass(frozen=True)
class KeySettings:
    """Where a key is and how it is used; an empty ``uri``: none is set."""

    uri: str = ""
    pin_source: str = "prompt"
    algorithm: Algorithm = "auto"
    certificates: tuple[Path, ...] = ()
    image: Path | None = None


@dataclass(frozen=True)
class Keys:
    """The signer's key and the seal's."""

    signer: KeySettings = KeySettings()
    seal: KeySettings = KeySettings()


@dataclass(frozen=True)
class PageSettings:
    """What the copy looks like; ``seal_diameter_mm`` None is the profile's."""

    seal_diameter_mm: float | None = None
    max_output_mb: float = MAX_OUTPUT_MB


@dataclass(frozen=True)
class NameSettings:
    """``aliases``: by a name as records write it, how the certificate writes it.

    For :meth:`ecert.CertificationRecord.with_names`, before a copy is prepared.
    """

    aliases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TrustedListSettings:
    """A trusted list to read: its file, who may have signed it, its least sequence number."""

    path: Path
    signers: tuple[Path | str, ...]
    minimum_sequence: int | None = None


@dataclass(frozen=True)
class VerifySettings:
    """How files are judged; ``online``: whether the command line asks services first.

    ``sandbox``: whether it judges in processes of their own, within ``[limits]``.
    """

    policy: str | Path = "certified-copy"  # a Path: a policy file
    revocation: Literal["require", "if-present"] = "require"
    online: bool = False
    sandbox: bool = False


@dataclass(frozen=True)
class Limits:
    """What the command line takes in; the library's own limits stand above these.

    ``seconds`` and ``memory_mb`` are the sandbox's, for one document.
    """

    file_mb: float = MAX_INPUT_BYTES / 1024 / 1024
    pages: int = MAX_PAGES
    seconds: float = SANDBOX_SECONDS
    memory_mb: int = SANDBOX_MEMORY_MB


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
    keys: Keys = Keys()
    names: NameSettings = NameSettings()
    page: PageSettings = PageSettings()
    trust_paths: tuple[Path, ...] = ()
    trust_signers: tuple[Path | str, ...] = ()
    trust_lists: tuple[TrustedListSettings, ...] = ()
    trust_state: Path | None = None  # where the newest versions of bundles and lists are remembered
    services: Services = field(default_factory=Services)
    verify: VerifySettings = VerifySettings()
    limits: Limits = Limits()
    source: Path | None = None

    @cached_property
    def trust(self) -> TrustStore | None:
        """Return the anchors that ``[trust]`` names, read on first use; None where none are named.

        Raises:
            SettingsError: a path is missing, empty or not a CA certificate; a bundle or list is refused.
        """
        if not self.trust_paths and not self.trust_lists:
            return None
        from ecert.trust.pins import read_signers
        from ecert.trust.store import TrustStore

        stores = [
            TrustStore.from_trusted_list(
                each.path, read_signers(each.signers), minimum_sequence=each.minimum_sequence, state=self.trust_state
            )
            for each in self.trust_lists
        ]
        if self.trust_paths:
            signers = read_signers(self.trust_signers)
            paths, state = self.trust_paths, self.trust_state
            stores.append(TrustStore.from_paths(paths, signers=signers, state=state))
        return TrustStore.combined(stores)

    @classmethod
    def from_file(cls, path: str | Path) -> Settings:
        """Read a settings file; nothing else is looked at.

        Raises:
            SettingsError: it cannot be read, is not TOML, or a key or value is refused.
        """
        path = Path(path)
        return _build(_read_file(path), path)

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
        path = _find(explicit, environ)
        values = _read_file(path) if path else {}
        return _build(values | _read_variables(environ), path)


# ── the table of settings ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Place:
    """Where a value stands: for messages, and for what relative paths are relative to."""

    source: str
    key: str
    base: Path | None  # None: only absolute paths

    def wrong(self, value: object, expected: str, hint: str = "") -> SettingsError:
        return SettingsError(
            f"{self.source}: {self.key} = {_shown(value)} is not {expected}",
            hint=hint or f"correct it, or remove {self.key} to have the default",
        )


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"


_Read = Callable[[Any, _Place], Any]


@dataclass(frozen=True)
class _Setting:
    """How one value is read; ``text``: a variable's value is taken as it is, not as TOML."""

    read: _Read
    text: bool = False


def _text(value: Any, place: _Place) -> str:
    if not isinstance(value, str):
        raise place.wrong(value, "a text")
    return value


def _choice(*allowed: str) -> _Setting:
    def read(value: Any, place: _Place) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise place.wrong(value, f"one of {', '.join(allowed)}")
        return value

    return _Setting(read, text=True)


def _flag(value: Any, place: _Place) -> bool:
    if not isinstance(value, bool):
        raise place.wrong(value, "true or false")
    return value


def _whole(low: int, high: int) -> _Setting:
    def read(value: Any, place: _Place) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise place.wrong(value, f"a whole number from {low} to {high}")
        return value

    return _Setting(read)


def _number(low: float, high: float) -> _Setting:
    def read(value: Any, place: _Place) -> float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or not low <= value <= high:
            raise place.wrong(value, f"a number from {low:g} to {high:g}")
        return float(value)

    return _Setting(read)


def _list(value: Any, place: _Place, of: str) -> list[Any]:
    if not isinstance(value, list):
        raise place.wrong(value, f"a list of {of}", hint=f'write {place.key} = ["…"]')
    return value


def _texts(value: Any, place: _Place) -> tuple[str, ...]:
    items = _list(value, place, "texts")
    if not all(isinstance(item, str) and item for item in items):
        raise place.wrong(value, "a list of texts")
    return tuple(items)


def _path(value: Any, place: _Place) -> Path:
    if not isinstance(value, str) or not value or "\0" in value:
        raise place.wrong(value, "a path")
    try:
        path = Path(value).expanduser()
    except RuntimeError as exc:
        raise place.wrong(value, "a path: there is no home folder") from exc
    if path.is_absolute():
        return path
    if place.base is None:
        raise place.wrong(value, "an absolute path", hint="in a variable, paths begin with /")
    return place.base / path


def _optional_path(value: Any, place: _Place) -> Path | None:
    return None if value == "" else _path(value, place)


def _paths(value: Any, place: _Place) -> tuple[Path, ...]:
    return tuple(_path(item, place) for item in _list(value, place, "paths"))


def _folder(value: Any, place: _Place) -> Path | None:
    """Read a folder that is made when it is first needed; what is there may not be a file."""
    path = _optional_path(value, place)
    for part in (path, *path.parents) if path else ():
        if part.is_dir():
            break
        if os.path.lexists(part):
            raise place.wrong(value, f"a folder: {part} is something else")
    return path


def _hosts(value: Any, place: _Place) -> tuple[str, ...]:
    hosts = _texts(value, place)
    check_hosts(hosts, f"{place.source}: {place.key}")
    return hosts


def _host_map(value: Any, place: _Place) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) and v for v in value.values()):
        raise place.wrong(value, "a table of texts", hint='write {"this.host" = "that.host"}')
    check_hosts([*value, *value.values()], f"{place.source}: {place.key}")
    return dict(value)


def _aliases(value: Any, place: _Place) -> dict[str, str]:
    """Read a table of names; two rows about one name, in whatever spelling, are refused."""
    if not isinstance(value, dict) or not all(isinstance(v, str) and v.strip() for v in value.values()):
        raise place.wrong(value, "a table of names", hint='write {"name in records" = "name in the certificate"}')
    known: dict[str, str] = {}
    for name in value:
        other = known.setdefault(normal_name(name), name)
        if other != name:
            raise place.wrong(name, f"another name than {_shown(other)}", hint="keep one of the two")
    return dict(value)


def _proxy(value: Any, place: _Place) -> str:
    proxy = _text(value, place)
    check_proxy(proxy, f"{place.source}: {place.key}")
    return proxy


def _key_uri(value: Any, place: _Place) -> str:
    """Read a key's URI; it is never shown, since people put PINs where they do not belong."""
    if value == "":
        return ""
    if not isinstance(value, str) or not value.startswith(("file:", "pkcs11:")):
        raise SettingsError(
            f"{place.source}: {place.key} is not a key URI", hint="write file:PATH or pkcs11:token=…;object=…"
        )
    if value.startswith("file:"):
        rest = value.removeprefix("file:")
        path = unquote(rest.removeprefix("//")) if rest.startswith("//") else unquote(rest)
        return "file:" + quote(str(_path(path, place)))
    return value


def _policy(value: Any, place: _Place) -> str | Path:
    """Read the name of a built-in policy or the path of a policy file, which has a folder or .toml in it."""
    if isinstance(value, str) and value in POLICIES:
        return value
    if not isinstance(value, str) or not ("/" in value or value.endswith(".toml")):
        raise place.wrong(value, f"one of {', '.join(POLICIES)}, or the path of a policy file")
    return _path(value, place)


def _pin_source(value: Any, place: _Place) -> str:
    kind, _, rest = value.partition(":") if isinstance(value, str) else ("", "", "")
    if value == "prompt" or (kind == "fd" and rest.isascii() and rest.isdigit()):
        return str(value)
    if kind == "file" and rest:
        return f"file:{_path(rest, place)}"
    raise SettingsError(
        f"{place.source}: {place.key} is not a source of PINs",
        hint="write prompt, file:PATH or fd:NUMBER; never the PIN itself",
    )


def _revocation(value: Any, place: _Place) -> tuple[str, ...]:
    kinds = _texts(value, place)
    if not set(kinds) <= {"ocsp", "crl"} or len(set(kinds)) != len(kinds):
        raise place.wrong(value, "a list of ocsp and crl")
    return kinds


def _timestamps(value: Any, place: _Place) -> tuple[TimestampService, ...]:
    needed = {"url": 'write url = "http://host/path"'}
    return tuple(TimestampService(**row) for row in _rows(value, place, _TIMESTAMP, needed))


def _trusted_lists(value: Any, place: _Place) -> tuple[TrustedListSettings, ...]:
    needed = {
        "path": 'write path = "list.xml"',
        "signers": 'name its operator\'s certificate: signers = ["operator.pem"]',
    }
    return tuple(TrustedListSettings(**row) for row in _rows(value, place, _TRUSTED_LIST, needed))


def _rows(
    value: Any, place: _Place, table: Mapping[str, _Setting], needed: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield the values of each table of a list; ``needed``: keys that must be there, with a hint."""
    if not isinstance(value, list):
        raise place.wrong(value, "a list of tables", hint=f"write [[{place.key}]]")
    for i, item in enumerate(value):
        if not isinstance(item, dict):
            raise place.wrong(item, "a table", hint=f"write [[{place.key}]]")
        values = {}
        for key, inner in item.items():
            spot = _Place(place.source, f"{place.key}[{i}].{key}", place.base)
            if key not in table:
                raise _unknown(place.source, spot.key, [f"{place.key}[{i}].{k}" for k in table])
            values[key] = table[key].read(inner, spot)
        for key, hint in needed.items():
            if not values.get(key):
                raise SettingsError(f"{place.source}: {place.key}[{i}] has no {key}", hint=hint)
        yield values


def _signers(value: Any, place: _Place) -> tuple[Path | str, ...]:
    """Read who may sign: fingerprints as they are, anything else as the path of a certificate."""
    items = _list(value, place, "paths or fingerprints")
    return tuple(
        item if isinstance(item, str) and _FINGERPRINT.fullmatch(item) else _path(item, place) for item in items
    )


def _url(value: Any, place: _Place) -> str:
    try:
        read_url(_text(value, place))
    except ValueError as exc:
        raise place.wrong(value, "an http or https address", hint="write it as http://host/path") from exc
    return str(value)


_TIMESTAMP = {"url": _Setting(_url, text=True), "retries": _whole(0, 10), "timeout_s": _number(0.1, MAX_TIMEOUT_S)}
_TRUSTED_LIST = {"path": _Setting(_path), "signers": _Setting(_signers), "minimum_sequence": _whole(1, 999_999_999)}
_SETTINGS: dict[str, _Setting] = {
    "lang": _choice(*LANGS),
    "profile": _choice(*PROFILES),
    "level": _choice(*LEVELS),
    **{
        f"keys.{role}.{key}": setting
        for role in ("signer", "seal")
        for key, setting in {
            "uri": _Setting(_key_uri, text=True),
            "pin_source": _Setting(_pin_source, text=True),
            "algorithm": _choice(*ALGORITHMS),
            "certificates": _Setting(_paths),
            "image": _Setting(_optional_path, text=True),
        }.items()
    },
    "names.aliases": _Setting(_aliases),
    "page.seal_diameter_mm": _number(*SEAL_DIAMETERS_MM),
    "page.max_output_mb": _number(0.1, 1000),
    "trust.paths": _Setting(_paths),
    "trust.bundle_signers": _Setting(_signers),
    "trust.list": _Setting(_trusted_lists),
    "trust.state_dir": _Setting(_folder, text=True),
    "services.timeout_s": _number(0.1, MAX_TIMEOUT_S),
    "services.max_fetches": _whole(1, 1000),
    "services.status_max_age_s": _number(0, MAX_STATUS_AGE_S),
    "services.revocation": _Setting(_revocation),
    "services.crl_files": _Setting(_paths),
    "services.fetch_issuers": _Setting(_flag),
    "services.allow_hosts": _Setting(_hosts),
    "services.map_hosts": _Setting(_host_map),
    "services.proxy": _Setting(_proxy, text=True),
    "services.cache_dir": _Setting(_folder, text=True),
    "services.timestamp": _Setting(_timestamps),
    "verify.policy": _Setting(_policy, text=True),
    "verify.revocation": _choice(*REVOCATION_RULES),
    "verify.online": _Setting(_flag),
    "verify.sandbox": _Setting(_flag),
    "limits.file_mb": _number(0.001, MAX_INPUT_BYTES / 1024 / 1024),
    "limits.pages": _whole(1, MAX_PAGES),
    "limits.seconds": _number(0.1, 3600),  # as in ecert.sandbox.box, which is not loaded for this
    "limits.memory_mb": _whole(256, 65_536),
}
_TABLES = frozenset(key.rsplit(".", depth)[0] for key in _SETTINGS for depth in range(1, key.count(".") + 1))


# ── files and variables ──────────────────────────────────────────────────────────────────────────


def _find(explicit: str | Path | None, environ: Mapping[str, str]) -> Path | None:
    """Return the settings file; None: there is none. The current folder is never searched."""
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


def _read_file(path: Path) -> dict[str, Any]:
    """Return the file's values by their dotted keys, read and checked."""
    try:
        data = read_file(path, MAX_SETTINGS_BYTES + 1)
    except OSError as exc:
        raise SettingsError(f"cannot read the settings {path}: {exc.strerror}", hint="check the path") from exc
    if len(data) > MAX_SETTINGS_BYTES:
        raise SettingsError(f"the settings {path} have more than {MAX_SETTINGS_BYTES} bytes")
    try:
        document = read_toml(data.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        raise SettingsError(f"{path} is not UTF-8", hint="save it as UTF-8") from exc
    except (ValueError, RecursionError) as exc:
        raise SettingsError(f"{path} is not valid TOML: {exc}", hint="correct that line") from exc
    source, base = str(path), path.absolute().parent
    return {key: _SETTINGS[key].read(value, _Place(source, key, base)) for key, value in _flatten(document, "", source)}


def _flatten(table: Mapping[str, Any], prefix: str, source: str) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        key = prefix + name
        if key in _SETTINGS:
            yield key, value
        elif key not in _TABLES:
            raise _unknown(source, key, [*_SETTINGS, *_TABLES])
        elif isinstance(value, dict):
            yield from _flatten(value, key + ".", source)
        else:
            raise SettingsError(f"{source}: {key} = {_shown(value)} is not a table", hint=f"write [{key}]")


def _read_variables(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what ``ECERT_TABLE__KEY`` variables set.

    A single word that is no setting is left alone: container platforms make up such names.
    """
    values = {}
    for name, text in sorted(environ.items()):
        if not name.startswith(PREFIX) or name in NOT_SETTINGS:
            continue
        key = name.removeprefix(PREFIX).lower().replace("__", ".")
        if key in _SETTINGS:
            place = _Place(f"the variable {name}", key, None)
            setting = _SETTINGS[key]
            values[key] = setting.read(text if setting.text else _toml(text, place), place)
        elif "__" in name or key in _TABLES:
            variables = [_variable(k) for k in _SETTINGS]
            raise _unknown("the environment", name, variables)
    return values


def _variable(key: str) -> str:
    return PREFIX + key.upper().replace(".", "__")


def _toml(text: str, place: _Place) -> Any:
    try:
        found = read_toml(f"value = {text}")
    except (ValueError, RecursionError):
        found = {}
    if list(found) != ["value"]:
        raise place.wrong(text, "a TOML value", hint='such as true, 10, ["a", "b"]')
    return found["value"]


def _unknown(source: str, key: str, known: list[str]) -> SettingsError:
    from difflib import get_close_matches

    near = get_close_matches(key, known, n=2, cutoff=0.7)
    siblings = sorted(k for k in known if k.rpartition(".")[0] == key.rpartition(".")[0])
    hint = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(siblings)}"
    return SettingsError(
        f"{source}: {key} is not a setting",
        code="unknown-setting",
        hint=hint if near or siblings else "see docs/reference/settings.md",
    )


def _build(values: Mapping[str, Any], source: Path | None) -> Settings:
    """Put checked values, by their dotted keys, into the dataclasses."""

    def part(kind: type[Any], table: str) -> Any:
        names = [f.name for f in fields(kind)]
        return kind(**{n: values[f"{table}.{n}"] for n in names if f"{table}.{n}" in values})

    given = {k: v for k, v in values.items() if "." not in k}
    services = {k.removeprefix("services."): v for k, v in values.items() if k.startswith("services.")}
    if "timestamp" in services:
        services["timestamps"] = services.pop("timestamp")
    if "allow_hosts" in services:
        services["allow_hosts"] = frozenset(services["allow_hosts"])
    return Settings(
        **given,
        keys=Keys(part(KeySettings, "keys.signer"), part(KeySettings, "keys.seal")),
        names=part(NameSettings, "names"),
        page=part(PageSettings, "page"),
        trust_paths=values.get("trust.paths", ()),
        trust_signers=values.get("trust.bundle_signers", ()),
        trust_lists=values.get("trust.list", ()),
        trust_state=values.get("trust.state_dir"),
        services=Services(**services),
        verify=part(VerifySettings, "verify"),
        limits=part(Limits, "limits"),
        source=source,
    )
