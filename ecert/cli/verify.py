"""``ecert verify``: one verdict about each file, and why."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecert.cli import options
from ecert.cli.moments import read_time
from ecert.cli.outputs import Planned
from ecert.cli.reports import FORMS, plan_reports, print_report, write_report
from ecert.cli.session import INTERNAL, Session, is_fault, worst
from ecert.cli.terminal import one_line
from ecert.errors import EcertError, InputError, UsageError
from ecert.model.audiences import AUDIENCES
from ecert.model.policy_names import POLICIES, REVOCATION_RULES

if TYPE_CHECKING:
    from ecert.operations.verifying import Verifier
    from ecert.report import Report
    from ecert.sandbox import Sandbox
    from ecert.verify.policies import Policy

STDIN = Path("-")
_STATUS = {"VALID": 0, "INVALID": 1, "INDETERMINATE": 3}


@click.command(short_help="One verdict about each file, and why.")
@click.argument("inputs", nargs=-1, required=True, type=options.FILE, metavar="FILE|FOLDER|- …")
@options.trust_option
@click.option(
    "--policy",
    metavar="NAME|FILE",
    help="certified-copy (usual); signed-and-sealed: any system's; signatures: any signed PDF; or a policy file.",
)
@click.option("--at", metavar="TIME", help="Time of validation, such as 2026-10-01T09:00:00+07:00.")
@click.option(
    "--evidence",
    "evidence_paths",
    type=options.FILE,
    multiple=True,
    metavar="DIR",
    help="Folder of certificates, CRLs, OCSP answers. May be repeated.",
)
@click.option(
    "--evidence-out",
    type=options.FILE,
    metavar="DIR",
    help="Write there what each file was judged with; --evidence DIR makes the same report again.",
)
@click.option(
    "--revocation",
    type=click.Choice(REVOCATION_RULES),
    help="Whether missing revocation data leaves the verdict open (require, usual) or is a warning.",
)
@click.option(
    "--online/--offline",
    default=None,
    help="Ask the services named in the documents' certificates first, or nobody (usual).",
)
@click.option(
    "--sandbox/--no-sandbox",
    default=None,
    help="Judge each file in a process of its own, with limits of time and memory, or here (usual).",
)
@click.option("--cross-check", is_flag=True, help="Ask other software's opinion too.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", *FORMS]),
    default="text",
    show_default=True,
    help=f"text; json: one line for each input; {', '.join(FORMS)}: a file for each.",
)
@click.option(
    "--audience",
    type=click.Choice(AUDIENCES),
    help="Who is told what to do: the copy's holder, or the desk. Usual are desk in text and both in html.",
)
@options.report_options
@options.with_session
def verify(
    session: Session,
    inputs: tuple[Path, ...],
    trust_paths: tuple[Path, ...],
    policy: str | None,
    at: str | None,
    evidence_paths: tuple[Path, ...],
    evidence_out: Path | None,
    revocation: str | None,
    online: bool | None,
    sandbox: bool | None,
    cross_check: bool,
    format_: str,
    audience: str | None,
    output: Path | None,
    out_dir: Path | None,
    force: bool,
) -> int:
    """Say of each FILE whether it is a certified copy: VALID, INVALID or INDETERMINATE.

    FILE is a PDF, FOLDER stands for its *.pdf at any depth, - for stdin. Nothing is asked over the
    network unless --online says so. A report in html or etsi (XML of ETSI TS 119 102-2) goes to -o, to
    NAME.html or NAME.xml in --out-dir, or, of one FILE, to stdout.

    Exit status: 0 VALID, 1 INVALID, 3 INDETERMINATE, 4 not readable; of several the first of
    70, 2, 5, 6, 4, 1, 3, 0 that occurred.
    """
    if inputs.count(STDIN) > 1:
        raise UsageError("stdin can be read once", hint="give - only once")
    found = _plan(format_, inputs, output, out_dir, force=force)
    from ecert.cli.files import document_limits
    from ecert.cli.progress import show_progress
    from ecert.operations.verifying import Verifier
    from ecert.trust.evidence_folders import EvidenceFolder

    chosen = session.settings.verify
    verifier = Verifier(
        _choose_policy(policy or chosen.policy, revocation, chosen.revocation),
        session.trust(trust_paths),
        evidence=[EvidenceFolder.read(folder) for folder in evidence_paths],
        at=read_time("--at", at),
        services=session.settings.services if (chosen.online if online is None else online) else None,
        keep_in=evidence_out,
        cross_check=cross_check,
        limits=document_limits(session),
    )
    with ExitStack() as stack:
        if chosen.sandbox if sandbox is None else sandbox:
            verifier.sandbox = stack.enter_context(_sandbox(session))
        work = _Work(session, verifier, format_, audience, force)
        tell = stack.enter_context(show_progress(session))
        for number, item in enumerate(found, 1):
            if not sys.stdout.isatty():
                tell("verify", done=number, all=len(found))
            work.one(item)
    return worst(work.statuses)


@dataclass
class _Work:
    """Verifies inputs one by one and tells, or writes, what is to be said about each."""

    session: Session
    verifier: Verifier
    format: str
    audience: str | None
    force: bool
    statuses: list[int] = field(default_factory=list)

    def one(self, planned: Planned) -> None:
        """Verify one input and tell, or write, what is to be said about it."""
        item = planned.item
        try:
            if isinstance(item, InputError):
                raise item
            data = _read(self.session, item)
            report = self.verifier.verify(data, _shown(item))
            text = self._put(report, data)
            if planned.output is not None:
                write_report(text, planned.output, force=self.force)
        except EcertError as exc:
            self._refuse(exc, exc.exit_status)
        except BaseException as exc:  # the other inputs still have their verdict
            if not is_fault(exc):
                raise
            self._refuse(self.session.explain_fault(exc), INTERNAL)
        else:
            self.statuses.append(_STATUS[report.verdict])
            self._tell(report, text, planned)

    def _put(self, report: Report, data: bytes) -> str:
        """Put a report into the form that was asked for; the document's bytes give it pictures.

        A document that is judged in a sandbox is decoded nowhere else: its report has no pictures.
        """
        if self.format == "json":
            return ""  # it is printed from the tree
        if self.format == "text":
            return report.to_text(self.session.lang, audience=self.audience or "desk")
        at_hand = data if self.verifier.sandbox is None else None
        return FORMS[self.format].render(report, at_hand, self.session.lang, self.audience)

    def _tell(self, report: Report, text: str, planned: Planned) -> None:
        show = self.session
        if self.format == "json":
            show.print_json(report.to_dict())
        elif self.format == "text":
            show.print(text)
        elif planned.output is None:
            print_report(text)
        else:
            verdict = show.words(report.verdict)
            given, output = planned.item, planned.output
            told = show.words("reported", path=given, verdict=verdict, output=output)
            show.print(one_line(told))

    def _refuse(self, error: EcertError, status: int) -> None:
        self.statuses.append(status)
        if self.format == "json":
            self.session.print_json_error(error)
        else:
            self.session.tell_error(error)


def _choose_policy(policy: str | Path, revocation: str | None, usual: str) -> Policy:
    """Return the policy; the settings' rule for revocation is for built-in ones, a file has its own."""
    from ecert.verify.policies import get_policy

    return get_policy(policy, revocation or (usual if policy in POLICIES else None))


def _plan(
    format_: str, inputs: Sequence[Path], output: Path | None, out_dir: Path | None, *, force: bool
) -> list[Planned]:
    """Return what is to be judged, each with the file its report goes to, if there is one.

    Raises:
        UsageError: files are named for a form that is told on stdout alone.
    """
    if format_ in FORMS:
        return plan_reports(format_, inputs, output, out_dir, force=force)
    if output is not None or out_dir is not None:
        raise UsageError(f"--format {format_} is printed", hint="name --format html, or redirect what is printed")
    return [Planned(item) for item in _inputs(inputs)]


def _sandbox(session: Session) -> Sandbox:
    from ecert.sandbox import Sandbox

    limits = session.settings.limits
    return Sandbox(seconds=limits.seconds, memory_mb=limits.memory_mb)


def _read(session: Session, path: Path) -> bytes:
    """Return a document's bytes; of one beyond the limit only so many as show that it is.

    Raises:
        InputError: it cannot be read.
    """
    from ecert.operations.files import max_bytes
    from ecert.verify.copy import read_input

    most = max_bytes(session.settings.limits.file_mb) + 1
    return sys.stdin.buffer.read(most) if path == STDIN else read_input(path, most)[0]


def _inputs(given: Sequence[Path]) -> Iterator[Path | InputError]:
    """Yield every file to judge, folders opened up; what cannot be opened is an item too."""
    from ecert.cli.files import find_documents

    for path in given:
        if path == STDIN:
            yield path
        else:
            yield from find_documents(path)


def _shown(path: Path) -> str:
    """Return a path as it may stand in a report: undecodable bytes and controls replaced."""
    from ecert.cli.terminal import printable

    return " ".join(printable(os.fspath(path)).split())
