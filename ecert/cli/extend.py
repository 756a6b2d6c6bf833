"""``ecert extend``: raise levels and renew archive time-stamps, one file or a whole archive."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecert.cli import options
from ecert.cli.moments import read_days
from ecert.cli.session import INTERNAL, Session, is_fault, worst
from ecert.cli.terminal import one_line
from ecert.errors import EcertError, InputError, UsageError

if TYPE_CHECKING:
    from ecert.cli.outputs import Planned
    from ecert.model.levels import Level
    from ecert.operations.extending import ExtensionResult
    from ecert.trust.store import TrustStore


@click.command(short_help="Raise a copy's level, renew its archive time-stamp.")
@click.argument("inputs", nargs=-1, required=True, type=options.FILE, metavar="FILE|FOLDER …")
@click.option(
    "--due-within",
    metavar="DAYS",
    help="Only copies below their promised level, or whose proof ends within this time: 365d.",
)
@click.option("--level", metavar="LEVEL", help="B-T, B-LT or B-LTA; usual is the level the copy's record promises.")
@options.output_options
@options.trust_option
@options.format_option
@options.with_session
def extend(
    session: Session,
    inputs: tuple[Path, ...],
    due_within: str | None,
    level: str | None,
    output: Path | None,
    out_dir: Path | None,
    force: bool,
    trust_paths: tuple[Path, ...],
    format_: str,
) -> int:
    """Extend certified copies: each FILE, or every *.pdf of a FOLDER, at any depth.

    What is written goes to -o or --out-dir (folders keep their shape), never over an input. With
    --due-within and neither of the two, it only lists what is due. Run it again after an interruption:
    what was extended before is left as it is. Below B-LTA a proof that ends cannot be renewed: such a
    copy stays due until --level B-LTA is named.
    """
    from ecert.cli.outputs import plan
    from ecert.cli.progress import show_progress
    from ecert.model.levels import check_level

    within = None if due_within is None else read_days("--due-within", due_within)
    trust = session.trust(trust_paths)
    if trust is None:
        raise UsageError("extending needs trust anchors", hint="name them with --trust or under [trust] paths")
    if output is None and out_dir is None and within is None:
        raise UsageError("give -o FILE or --out-dir DIR", hint="or --due-within 365d, to list what is due")
    if output is not None and out_dir is not None:
        raise UsageError("give either -o FILE or --out-dir DIR", hint="-o names the PDF to write")
    target = check_level(level) if level else None
    work = _Work(session, trust, within, target, force, format_ == "json")
    found = plan(inputs, output, out_dir, force=force)
    with show_progress(session) as tell:
        for number, planned in enumerate(found, 1):
            tell("extend", done=number, all=len(found))
            work.one(planned)
    if len(found) > 1 and not work.as_json:
        counts = work.counts
        session.print(
            session.words(
                "extend-summary",
                extended=counts["extended"] + counts["done-before"],
                due=counts["due"],
                current=counts["current"],
                refused=counts["refused"],
            )
        )
    return worst(work.statuses)


@dataclass
class _Work:
    """Extends inputs one by one and prints what became of each."""

    session: Session
    trust: TrustStore
    within: timedelta | None
    level: Level | None
    force: bool
    as_json: bool
    statuses: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)  # by outcome, and how many were refused

    def one(self, planned: Planned) -> None:
        """Extend one input, if it needs it."""
        item = planned.item
        try:
            if isinstance(item, InputError):
                raise item
            self._extend(item, planned.output)
        except EcertError as exc:
            self._refuse(item, exc, exc.exit_status)
        except BaseException as exc:  # the other inputs still have their turn
            if not is_fault(exc):
                raise
            self._refuse(item, self.session.explain_fault(exc), INTERNAL)
        else:
            self.statuses.append(0)

    def _extend(self, path: Path, output: Path | None) -> None:
        from ecert.operations.extending import extend_file

        settings = self.session.settings
        done = extend_file(
            path,
            output,
            trust=self.trust,
            services=settings.services,
            level=self.level,
            within=self.within,
            force=self.force,
            limit_mb=settings.limits.file_mb,
            max_output_mb=settings.page.max_output_mb,
        )
        self._tell(done, path)

    def _tell(self, done: ExtensionResult, path: Path) -> None:
        outcome, view, output = done.outcome, done.outlook, done.output
        self.counts[outcome] += 1
        limit = view.proof_limit
        if self.as_json:
            from ecert.model.times import rfc3339

            self.session.print_json(
                {
                    "file": str(path),
                    "outcome": outcome,
                    "level": view.level,
                    "promised": view.promised,
                    "needs": view.needs,
                    "proof_until": rfc3339(limit.until) if limit else None,
                    "reason": str(limit.reason) if limit else None,
                    "output": str(output) if output else None,
                }
            )
            return
        from ecert.model.times import office_time
        from ecert.report import reason_text

        words = self.session.words
        until = office_time(limit.until, view.utc_offset_hours) if limit else words("no-end")
        if view.below or limit is None:
            reason = words("below-promise", promised=view.promised)
        else:
            reason = reason_text(limit.reason, view.utc_offset_hours)[self.session.lang]
        if outcome == "due" and output is not None:
            reason += words("due-again", output=output)
        elif outcome == "due" and not view.helped_by(self.level):
            reason += words("needs", level=view.needs)
        told = words(outcome, path=path, level=view.level, until=until, reason=reason, output=output or "")
        self.session.print(one_line(told))

    def _refuse(self, item: Path | InputError, error: EcertError, status: int) -> None:
        self.counts["refused"] += 1
        self.statuses.append(status)
        if self.as_json:
            self.session.print_json_error(error)
            return
        if isinstance(item, Path) and str(item) not in error.message:
            error = EcertError(f"{item}: {error.message}", code=error.code, hint=error.hint)
        self.session.tell_error(error)
