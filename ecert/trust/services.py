"""Who may be asked over the network: plain data, handed explicitly to every call that may ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ecert.errors import SettingsError
from ecert.trust.addresses import plain_host, read_url, shown_address
from ecert.trust.breaker import Breaker
from ecert.trust.cache import AnswerCache

#: (host, port) → its IP addresses, in the order to try them; raises OSError where there are none.
Resolver = Callable[[str, int], Sequence[str]]

MAX_TIMEOUT_S = 300.0  # seconds for one answer: whoever needs longer is not there
MAX_STATUS_AGE_S = 86_400.0  # seconds: a day-old answer does not tell who may sign now


@dataclass(frozen=True)
class TimestampService:
    """One RFC 3161 time-stamping authority over HTTP.

    ``retries`` is how often it is asked again after a fault that may pass; ``timeout_s`` None is
    the services' own.
    """

    url: str
    retries: int = 2
    timeout_s: float | None = None

    def __post_init__(self) -> None:
        try:
            read_url(self.url)
        except ValueError as exc:
            raise SettingsError(
                f"the time-stamp address {shown_address(self.url)!r} is not http or https",
                hint="write it as http://host/path",
            ) from exc
        if self.timeout_s is not None:
            _check_timeout(self.timeout_s)


class _Memory:
    """What outlives one document. A copy, by pickling too, begins with an empty one."""

    def __init__(self, cache_dir: Path | None) -> None:
        self._cache_dir = cache_dir
        self.breaker = Breaker()
        self.cache = AnswerCache(cache_dir)

    def __reduce__(self) -> tuple[type[_Memory], tuple[Path | None]]:
        return (_Memory, (self._cache_dir,))


@dataclass(frozen=True)
class Services:
    """The services that may be asked, in order of preference; without one, everything is offline.

    ``allow_hosts`` names hosts that may be reached although they are loopback or private;
    ``map_hosts`` another host to ask in place of one. ``cache_dir`` None keeps answers in memory.
    ``resolver`` looks names up in place of the system. ``status_max_age_s`` is how old an answer about a
    certificate that is about to sign may be, whatever the memory holds; 0: each time anew.

    Who did not answer, and the answers in memory, are remembered by the object: use one for many
    documents. Threads may share it. ``dataclasses.replace`` and copies begin with an empty memory.
    """

    timestamps: tuple[TimestampService, ...] = ()
    revocation: tuple[Literal["ocsp", "crl"], ...] = ("ocsp", "crl")
    crl_files: tuple[Path, ...] = ()
    fetch_issuers: bool = True
    allow_hosts: frozenset[str] = frozenset()
    map_hosts: Mapping[str, str] = field(default_factory=dict)
    proxy: str = ""
    timeout_s: float = 10.0
    max_fetches: int = 40
    status_max_age_s: float = 300.0
    network: bool = True
    cache_dir: Path | None = None
    resolver: Resolver | None = None
    _memory: _Memory = field(init=False, repr=False, compare=False)

    @classmethod
    def offline(cls, *, crl_files: tuple[Path, ...] = ()) -> Services:
        """Return services that ask nobody; CRLs may still come from files."""
        return cls(crl_files=crl_files, revocation=(), fetch_issuers=False, network=False)

    @property
    def cache(self) -> AnswerCache:
        """Return the answers kept from earlier questions."""
        return self._memory.cache

    @property
    def breaker(self) -> Breaker:
        """Return who did not answer a moment ago."""
        return self._memory.breaker

    def __post_init__(self) -> None:
        _check_timeout(self.timeout_s)
        if not 0 <= self.status_max_age_s <= MAX_STATUS_AGE_S:
            raise SettingsError(
                f"status_max_age_s = {self.status_max_age_s} is not within 0 to {MAX_STATUS_AGE_S:g} seconds"
            )
        check_hosts(self.allow_hosts, "allow_hosts")
        check_hosts([*self.map_hosts, *self.map_hosts.values()], "map_hosts")
        check_proxy(self.proxy, "proxy")
        object.__setattr__(self, "_memory", _Memory(self.cache_dir))


def check_hosts(names: Iterable[str], where: str) -> None:
    """Refuse what can never match a host, such as one with a port.

    Raises:
        SettingsError: a name is not a host.
    """
    for name in names:
        try:
            plain_host(name)
        except ValueError as exc:
            raise SettingsError(
                f"{where}: {name!r} is not a host", hint="write a host name or an IP address, without http:// and port"
            ) from exc


def check_proxy(proxy: str, where: str) -> None:
    """Refuse what is not ``http://host:port``; empty is no proxy.

    Raises:
        SettingsError: it is something else.
    """
    if not proxy:
        return
    try:
        target = read_url(proxy)
        if (target.scheme, target.path) != ("http", "/"):
            raise ValueError("a proxy is spoken to in plain http")
    except ValueError as exc:
        raise SettingsError(
            f"{where}: {shown_address(proxy)!r} is not a proxy that can be used",
            hint="write http://host:port, without a user name",
        ) from exc


def _check_timeout(seconds: float) -> None:
    if not 0 < seconds <= MAX_TIMEOUT_S:
        raise SettingsError(f"timeout_s = {seconds} is not within 0 to {MAX_TIMEOUT_S:g} seconds")
