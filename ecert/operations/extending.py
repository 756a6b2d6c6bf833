"""Keep an archive's copies alive, one file after the other: extend what is due, into another file.

Whether a copy is due is said by :func:`ecert.stages.extending.outlook`; how it is brought further by
:func:`ecert.extend_copy`. Here is what an archive needs besides: nothing is written over an input, and what an
earlier run wrote is recognised, so that a run can be repeated after an interruption.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from ecert.errors import InputError
from ecert.model.levels import Level, at_least, check_level
from ecert.model.limits import MAX_OUTPUT_MB
from ecert.operations.files import MAX_INPUT_MB, prepare_folder, read_within
from ecert.stages import CertifiedCopy, extend_copy
from ecert.stages.extending import Outlook, outlook
from ecert.trust.services import Services
from ecert.trust.store import TrustStore
from ecert.verify.validation.levels import DUE_WITHIN

Outcome = Literal["extended", "done-before", "current", "due"]


@dataclass(frozen=True)
class ExtensionResult:
    """What became of one copy.

    * ``extended``: ``output`` was written; ``outlook`` is that of what was written.
    * ``done-before``: ``output`` is there, from an earlier run; ``outlook`` is that of what is there.
    * ``current``: nothing is due within the time asked for.
    * ``due``: it has to be extended and was not: nowhere to write, or this level does not help; with ``output``:
      what an earlier run wrote there has come due again itself.
    """

    outcome: Outcome
    outlook: Outlook
    output: Path | None = None


def extend_file(
    path: str | Path,
    output: str | Path | None,
    *,
    trust: TrustStore,
    services: Services,
    level: str | None = None,
    within: timedelta | None = None,
    force: bool = False,
    limit_mb: float = MAX_INPUT_MB,
    max_output_mb: float = MAX_OUTPUT_MB,
) -> ExtensionResult:
    """Extend the copy at ``path`` into ``output``; None: say what is to be done, and write nothing.

    ``level`` is the one to reach (None: the one its record promises). With ``within`` only a copy that is below its
    promised level, or whose proof ends within this time, is extended; without it every one is. An ``output`` that
    exists is left as it is, unless ``force`` is set. ``limit_mb`` (MiB) is what an input may have, ``max_output_mb``
    (millions of bytes) what is written. Safe from many threads that write to
    different outputs; blocks while the services work.

    Raises:
        InputError: the copy cannot be read or does not verify, something else stands at ``output``, or it cannot be
            written.
        ServiceError: a service did not give what is needed, or a renewal would prove no longer.
        SettingsError: the anchors' own source, a bundle or list, has expired.
        SelfCheckError: what was written does not verify; nothing is left of it.
        UsageError: there is no such level, or the copy has it already.
    """
    level = None if level is None else check_level(level)
    path, output = Path(path), None if output is None else Path(output)
    copy = CertifiedCopy.from_bytes(read_within(path, limit_mb), name=str(path))
    view = outlook(copy, trust=trust, within=within or DUE_WITHIN)
    if within is not None and not view.due:
        return ExtensionResult("current", view)
    if output is None or (within is not None and not view.helped_by(level)):
        return ExtensionResult("due", view)
    if output.exists() and not force:
        done = _done_before(copy, output, trust, level, within, limit_mb)
        again = within is not None and done.due
        return ExtensionResult("due" if again else "done-before", done, output)
    extended = extend_copy(copy, level=level, trust=trust, services=services, max_output_mb=max_output_mb)
    prepare_folder(output)
    extended.write(output, force=force)
    return ExtensionResult("extended", outlook(extended, trust=trust, within=timedelta()), output)


def outlooks(
    paths: Iterable[str | Path], *, trust: TrustStore, within: timedelta = DUE_WITHIN, limit_mb: float = MAX_INPUT_MB
) -> Iterator[tuple[Path, Outlook | InputError]]:
    """Yield of each copy of an archive how far it has come and whether it is due (``.due``); asks nobody.

    A copy is due that is below the level it promises, or whose proof ends ``within`` this time. What cannot be read or
    does not verify is yielded with the error in place of an outlook, so that one file does not stop an archive.

    Raises:
        SettingsError: the anchors' own source, a bundle or list, has expired.
    """
    for path in map(Path, paths):
        try:
            copy = CertifiedCopy.from_bytes(read_within(path, limit_mb), name=str(path))
            yield path, outlook(copy, trust=trust, within=within)
        except InputError as exc:
            yield path, exc


def _done_before(
    copy: CertifiedCopy, output: Path, trust: TrustStore, level: Level | None, within: timedelta | None, limit_mb: float
) -> Outlook:
    """Accept what an earlier run wrote: this very copy, brought to the level that is wanted now.

    It may have become due again itself, or have a time-stamp that never lasted longer.

    Raises:
        InputError: something else stands there.
    """
    data, given = read_within(output, limit_mb), copy.to_bytes()
    try:
        if not data.startswith(given) or len(data) == len(given):
            raise InputError("it does not begin with the copy")
        done = CertifiedCopy.from_bytes(data, name=str(output))
        view = outlook(done, trust=trust, within=within or timedelta())
    except InputError as exc:
        raise InputError(
            f"{output} exists already, and is not this copy extended",
            code="output-exists",
            hint="choose another folder, or --force",
        ) from exc
    if not at_least(view.level, level or view.promised):
        raise InputError(
            f"{output} exists already, and is this copy extended to level {view.level} alone",
            code="output-exists",
            hint="extend that file, into another folder, or use --force",
        )
    return view
