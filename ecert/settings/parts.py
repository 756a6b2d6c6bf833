"""The tables of a settings file as frozen dataclasses; their defaults are those of an office without one.

A field is named as its key in the file. Of two lists the file's key is singular, since TOML writes one table
for each item (``[[trust.list]]``, ``[[services.timestamp]]``); their fields are ``lists`` and ``timestamps``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ecert.model.limits import MAX_INPUT_BYTES, MAX_OUTPUT_MB, MAX_PAGES, SANDBOX_MEMORY_MB, SANDBOX_SECONDS
from ecert.model.policy_names import PolicyName, RevocationRule
from ecert.model.schemes import Algorithm


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
class NameSettings:
    """``aliases``: by a name as records write it, how the certificate writes it.

    For :meth:`ecert.CertificationRecord.with_names`, before a copy is prepared.
    """

    aliases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PageSettings:
    """What the copy looks like; ``seal_diameter_mm`` None is the profile's."""

    seal_diameter_mm: float | None = None
    max_output_mb: float = MAX_OUTPUT_MB


@dataclass(frozen=True)
class TrustedListSettings:
    """A trusted list to read: its file, who may have signed it, its least sequence number."""

    path: Path
    signers: tuple[Path | str, ...]
    minimum_sequence: int | None = None


@dataclass(frozen=True)
class TrustSettings:
    """Whom an office believes: anchors and bundles, who may have signed the bundles, and trusted lists.

    ``bundle_signers`` are the bundles' publishers: paths of certificates, or fingerprints. ``state_dir`` is
    where the newest versions of bundles and lists are remembered; None: nowhere.
    """

    paths: tuple[Path, ...] = ()
    bundle_signers: tuple[Path | str, ...] = ()
    lists: tuple[TrustedListSettings, ...] = ()
    state_dir: Path | None = None


@dataclass(frozen=True)
class VerifySettings:
    """How files are judged; ``online``: whether the command line asks services first.

    ``sandbox``: whether it judges in processes of their own, within ``[limits]``.
    """

    policy: PolicyName | Path = "certified-copy"  # a Path: a policy file
    revocation: RevocationRule = "require"
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
