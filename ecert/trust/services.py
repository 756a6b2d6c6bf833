"""Who may be asked over the network: plain data, handed explicitly to every call that may ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ecert.errors import SettingsError


@dataclass(frozen=True)
class TimestampService:
    """One RFC 3161 time-stamping authority over HTTP."""

    url: str
    retries: int = 2


@dataclass(frozen=True)
class Services:
    """The services that may be asked, in order of preference; without one, everything is offline.

    ``allow_hosts`` names loopback or private hosts that may be reached all the same.
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
    network: bool = True

    @classmethod
    def offline(cls, *, crl_files: tuple[Path, ...] = ()) -> Services:
        """Return services that ask nobody; CRLs may still come from files."""
        return cls(crl_files=crl_files, revocation=(), fetch_issuers=False, network=False)

    def __post_init__(self) -> None:
        for service in self.timestamps:
            if not service.url.startswith(("http://", "https://")):
                raise SettingsError(
                    f"the time-stamp address {service.url!r} is not http or https",
                    hint="write it as http://host/path",
                )
        if not 0 < self.timeout_s <= 300:
            raise SettingsError(f"timeout_s = {self.timeout_s} is not within 0 to 300 seconds")
