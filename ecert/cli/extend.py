"""``ecert extend``: raise levels and renew archive time-stamps, one file or a whole archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ecert.cli import options
from ecert.cli.moments import read_days
from ecert.cli.session import INTERNAL, Session, worst
from ecert.errors import EcertError, InputError, UsageError

if TYPE_CHECKING:
    from ecert.stages import CertifiedCopy
    from ecert.stages.extending import Outlook
    from ecert.trust.store import TrustStore

Outcome = Literal["extended", "done-before", "current", "due", "refused"]


@click.command(short_help="Raise a copy's level, renew its archive time-stamp.")
@click.argument("inputs", nargs=-1, required=True, type=options.FILE, metavar="FILE|FOLDER …")
@click.option(
    "--due-within", metavar="DAYS",
    help="Only copies below their promised level, or whose proof ends within this time: 365d.",
)  # fmt: skip
@click.option(
    "--level", metavar="LEVEL",
    help="B-T, B-LT or B-LTA; usual is the level the copy's record promises.",
)  # fmt: skip
@options.output_options
@options.trust_option
@options.format_option
@options.with_session
def extend(
    session: Session, inputs: tuple[Path, ...], due_within: str | None, level: str | None,
    output: Path | None, out_dir: Path | None, force: bool, trust_paths: tuple[Path, ...],
    format_: str,
) -> int:  # fmt: skip
    """Extend certified copies: each FILE, or every *.pdf of a FOLDER, at any depth.

    What is written goes to -o or --out-dir (folders keep their shape), never over the input. With
    --due-within and neither of the two, it only lists what is due. Run it again after an interruption:
    what was extended before is left as it is.
    """
    from ecert.cli.files import choose_output
    from ecert.cli.progress import show_progress
    from ecert.model.levels import check_level

    within = None if due_within is None else read_days("--due-within", due_within)
    trust = session.trust(trust_paths)
    if trust is None:
        raise UsageError(
            "extending needs trust anchors", hint="name them with --trust or under [trust] paths"
        )
    if output is None and out_dir is None and within is None:
        raise UsageError(
            "give -o FILE or --out-dir DIR", hint="or --due-within 365d, to list what is due"
        )
    if output is not None:
        if len(inputs) > 1 or inputs[0].is_dir():
            raise UsageError("-o names one file", hint="use --out-dir DIR for several")
        if not (output.exists() and _begins_with(output, inputs[0])):
            choose_output(output, None, inputs, "", force=force)
    target = check_level(level) if level else None
    work = _Work(session, trust, within, target, output, out_dir, force, format_ == "json")
    found = list(_inputs(inputs))
    with show_progress(session) as tell:
        for number, (base, item) in enumerate(found, 1):
            tell("extend", done=number, all=len(found))
            work.one(base, item)
    if len(found) > 1 and not work.as_json:
        counts = work.counts
        session.print(
            session.words(
                "extend-summary", extended=counts["extended"] + counts["done-before"],
                due=counts["due"], current=counts["current"], refused=counts["refused"],
            )
        )  # fmt: skip
    return worst(work.statuses)


@dataclass
class _Work:
    """Extends inputs one by one and prints what became of each."""

    session: Session
    trust: TrustStore
    within: timedelta | None
    level: str | None
    output: Path | None
    out_dir: Path | None
    force: bool
    as_json: bool
    statuses: list[int] = field(default_factory=list)
    counts: Counter[Outcome] = field(default_factory=Counter)

    def one(self, base: Path, item: Path | InputError) -> None:
        """Extend one input, if it needs it."""
        try:
            if isinstance(item, InputError):
                raise item
            self._extend(base, item)
        except EcertError as exc:
            self._refuse(item, exc, exc.exit_status)
        except Exception as exc:  # noqa: BLE001  (the other inputs still have their turn)
            self._refuse(item, self.session.explain_fault(exc), INTERNAL)
        else:
            self.statuses.append(0)

    def _extend(self, base: Path, path: Path) -> None:
        from ecert.cli.files import prepare_folder, read_document
        from ecert.stages import CertifiedCopy, extend_copy
        from ecert.stages.extending import DUE_WITHIN, outlook

        settings = self.session.settings
        copy = CertifiedCopy.from_bytes(read_document(self.session, path), name=str(path))
        output = self._output(base, path)
        view = outlook(copy, trust=self.trust, within=self.within or DUE_WITHIN)
        if self.within is not None and not view.due:
            self._tell("current", path, view)
            return
        if output is None:
            self._tell("due", path, view)
            return
        if output.exists() and not self.force:
            self._check_done(copy, output)
            self._tell("done-before", path, view, output)
            return
        extended = extend_copy(
            copy, level=self.level, trust=self.trust, services=settings.services,
            max_output_mb=settings.page.max_output_mb,
        )  # fmt: skip
        prepare_folder(output)
        extended.write(output, force=self.force)
        after = outlook(extended, trust=self.trust, within=timedelta())
        self._tell("extended", path, after, output)

    def _output(self, base: Path, path: Path) -> Path | None:
        if self.out_dir is None:
            return self.output
        output = self.out_dir / (path.name if base == path else path.relative_to(base))
        if output.exists() and output.samefile(path):
            raise InputError(
                f"{output} is also an input", code="output-is-input", hint="name another folder"
            )
        return output

    def _check_done(self, copy: CertifiedCopy, output: Path) -> None:
        """Accept what an earlier run wrote: this very copy, extended, and not due again.

        Raises:
            InputError: something else stands there.
        """
        from ecert.cli.files import read_document
        from ecert.stages import CertifiedCopy
        from ecert.stages.extending import outlook

        data = read_document(self.session, output)
        same = data.startswith(copy.to_bytes()) and len(data) > len(copy.to_bytes())
        try:
            done = CertifiedCopy.from_bytes(data, name=str(output)) if same else copy
            view = outlook(done, trust=self.trust, within=self.within or timedelta())
            same = same and not view.due
        except InputError:
            same = False
        if not same:
            raise InputError(
                f"{output} exists already, and is not this copy extended",
                code="output-exists",
                hint="choose another folder, or --force",
            )

    def _tell(
        self, outcome: Outcome, path: Path, view: Outlook, output: Path | None = None
    ) -> None:
        self.counts[outcome] += 1
        limit = view.proof_limit
        if self.as_json:
            from ecert.model.times import rfc3339

            self.session.print_json(
                {
                    "file": str(path), "outcome": outcome, "level": view.level,
                    "promised": view.promised,
                    "proof_until": rfc3339(limit.until) if limit else None,
                    "reason": limit.reason if limit else None,
                    "output": str(output) if output else None,
                }
            )  # fmt: skip
            return
        from ecert.model.phrases import in_vietnamese
        from ecert.model.times import office_time

        words = self.session.words
        until = office_time(limit.until, 7) if limit else words("no-end")
        reason = words("below-promise", promised=view.promised)
        if limit and view.level == view.promised:
            reason = in_vietnamese(limit.reason) if self.session.lang == "vi" else limit.reason
        self.session.print(
            words(
                outcome,
                path=path,
                level=view.level,
                until=until,
                reason=reason,
                output=output or "",
            )
        )

    def _refuse(self, item: Path | InputError, error: EcertError, status: int) -> None:
        self.counts["refused"] += 1
        self.statuses.append(status)
        if self.as_json:
            self.session.print_json_error(error)
            return
        if isinstance(item, Path) and str(item) not in error.message:
            error = EcertError(f"{item}: {error.message}", code=error.code, hint=error.hint)
        self.session.tell_error(error)


def _begins_with(output: Path, given: Path) -> bool:
    """Tell whether an earlier run may have written this output from this input."""
    try:
        data = given.read_bytes()
        with output.open("rb") as file:
            return not output.samefile(given) and file.read(len(data)) == data
    except OSError:
        return False


def _inputs(given: Sequence[Path]) -> list[tuple[Path, Path | InputError]]:
    from ecert.cli.files import find_documents

    return [(base, item) for base in given for item in find_documents(base)]
