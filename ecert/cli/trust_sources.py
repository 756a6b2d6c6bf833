"""Which sources of trust ``ecert trust`` is about: the paths of flags, else those of the settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ecert.cli.session import Session
from ecert.errors import UsageError
from ecert.trust.opened import Source, open_source
from ecert.trust.pins import read_publishers


@dataclass(frozen=True)
class NamedSource:
    """A path with what flags or settings say of it."""

    path: Path
    signers: Sequence[Path | str]
    minimum: int | None = None
    state: Path | None = None

    def open(self, at: datetime) -> Source:
        """Read it and check its signature, whatever its own time.

        Raises:
            SettingsError: it cannot be read, or its signature or signer is refused.
        """
        found = open_source(self.path, read_publishers(self.signers), at)
        return replace(found, minimum=self.minimum, state=self.state)


def named_sources(session: Session, paths: Sequence[Path], signers: Sequence[str]) -> Iterator[NamedSource]:
    """Yield the paths of flags, else of the settings, with the signers named for them, likewise.

    Raises:
        UsageError: no path is given and the settings name none.
    """
    named = session.settings.trust_settings
    own = {each.path.absolute(): each for each in named.lists}
    wanted = list(paths) or [*named.paths, *own]
    if not wanted:
        raise UsageError(
            "nothing is trusted: no path is given and the settings name none",
            hint="name a folder, certificate, bundle or trusted list",
        )
    for path in wanted:
        listed = own.get(path.absolute())
        usual = listed.signers if listed else named.bundle_signers
        least = listed.minimum_sequence if listed else None
        yield NamedSource(path, signers or usual, least, named.state_dir)
