"""``ecert verify``: one verdict about each file, and why."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecert.cli import options
from ecert.cli.moments import read_time
from ecert.cli.options import not_yet
from ecert.cli.session import INTERNAL, Session, worst
from ecert.errors import EcertError, InputError, UsageError
from ecert.settings import POLICIES, REVOCATION_RULES

if TYPE_CHECKING:
    from ecert.cli.evidence import EvidenceFolder, Gathered
    from ecert.report import Report
    from ecert.trust.store import TrustStore
    from ecert.verify.policies import Policy

STDIN = Path("-")
_STATUS = {"VALID": 0, "INVALID": 1, "INDETERMINATE": 3}


@click.command(short_help="One verdict about each file, and why.")
@click.argument("inputs", nargs=-1, required=True, type=options.FILE, metavar="FILE|FOLDER|- …")
@options.trust_option
@click.option(
    "--policy", metavar="NAME", help="certified-copy (usual) or signatures: any signed PDF."
)
@click.option("--at", metavar="TIME", help="Time of validation, such as 2026-10-01T09:00:00+07:00.")
@click.option(
    "--evidence", "evidence_paths", type=options.FILE, multiple=True, metavar="DIR",
    help="Folder of certificates, CRLs, OCSP answers. May be repeated.",
)  # fmt: skip
@click.option(
    "--evidence-out", type=options.FILE, metavar="DIR",
    help="Write there what each file was judged with; --evidence DIR makes the same report again.",
)  # fmt: skip
@click.option(
    "--revocation", type=click.Choice(REVOCATION_RULES),
    help="Whether missing revocation data leaves the verdict open (require, usual) or is a warning.",
)  # fmt: skip
@click.option(
    "--online/--offline",
    default=None,
    help="Ask the services named in the documents' certificates first, or nobody (usual).",
)
@click.option("--cross-check", is_flag=True, help="Ask other software's opinion too.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json", "html", "etsi"]), default="text",
    show_default=True, help="text, or json: one line for each input (html, etsi: later).",
)  # fmt: skip
@options.with_session
def verify(
    session: Session, inputs: tuple[Path, ...], trust_paths: tuple[Path, ...], policy: str | None,
    at: str | None, evidence_paths: tuple[Path, ...], evidence_out: Path | None,
    revocation: str | None, online: bool | None, cross_check: bool, format_: str,
) -> int:  # fmt: skip
    """Say of each FILE whether it is a certified copy: VALID, INVALID or INDETERMINATE.

    FILE is a PDF, FOLDER stands for its *.pdf at any depth, - for stdin. Nothing is asked over the
    network unless --online says so.

    Exit status: 0 VALID, 1 INVALID, 3 INDETERMINATE, 4 not readable; of several the first of
    70, 2, 5, 6, 4, 1, 3, 0 that occurred.
    """
    _refuse_later(format_=format_, policy=policy)
    if inputs.count(STDIN) > 1:
        raise UsageError("stdin can be read once", hint="give - only once")
    from ecert.cli.evidence import EvidenceFolder, Gathered
    from ecert.cli.progress import show_progress
    from ecert.verify.policies import get_policy

    chosen = session.settings.verify
    judge = _Judge(
        session,
        get_policy(policy or chosen.policy, revocation or chosen.revocation),
        session.trust(trust_paths),
        [EvidenceFolder.read(folder) for folder in evidence_paths],
        read_time("--at", at),
        Gathered(),
        online=chosen.online if online is None else online,
        evidence_out=evidence_out,
        cross_check=cross_check,
        as_json=format_ == "json",
    )
    found = list(_inputs(inputs))
    with show_progress(session) as tell:
        for number, item in enumerate(found, 1):
            if not sys.stdout.isatty():
                tell("verify", done=number, all=len(found))
            judge.one(item)
    return worst(judge.statuses)


@dataclass
class _Judge:
    """Judges inputs one by one under the same policy, anchors, evidence and time."""

    session: Session
    policy: Policy
    trust: TrustStore | None
    evidence: Sequence[EvidenceFolder]
    at: datetime | None
    gathered: Gathered
    online: bool
    evidence_out: Path | None
    cross_check: bool
    as_json: bool
    statuses: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take the clock's time once, so that all inputs are judged at the same moment."""
        from ecert.model.times import read_clock

        self.at = read_clock(self.at)

    def one(self, item: Path | InputError) -> None:
        """Judge one input and print what is to be said about it."""
        show = self.session
        try:
            if isinstance(item, InputError):
                raise item
            report = self._judge(item)
        except EcertError as exc:
            self._refuse(exc, exc.exit_status)
        except Exception as exc:  # noqa: BLE001  (the other inputs still have their verdict)
            self._refuse(show.explain_fault(exc), INTERNAL)
        else:
            self.statuses.append(_STATUS[report.verdict])
            if self.as_json:
                show.print_json(report.to_dict())
            else:
                show.print(report.to_text(show.lang))

    def _judge(self, path: Path) -> Report:
        from ecert.cli.evidence import evidence_for, evidence_inside, write_evidence
        from ecert.cli.files import read_document, read_stream
        from ecert.verify.copy import judge

        if path == STDIN:
            data = read_stream(self.session, sys.stdin.buffer, "stdin")
        else:
            data = read_document(self.session, path)
        evidence = evidence_for(self.evidence, data)
        if self.online:
            from ecert.trust.questions import gather_evidence

            at_hand, services = evidence, self.session.settings.services
            evidence = self.gathered.for_document(
                data,
                lambda: gather_evidence(
                    data, services, trust=self.trust, evidence=at_hand, at=self.at
                ),
            )
        case, report = judge(
            data, policy=self.policy, trust=self.trust, at=self.at, evidence=evidence,
            cross_check=self.cross_check, name=_shown(path),
        )  # fmt: skip
        if self.evidence_out is not None:
            write_evidence(evidence + evidence_inside(case.document), data, self.evidence_out)
        return report

    def _refuse(self, error: EcertError, status: int) -> None:
        self.statuses.append(status)
        if self.as_json:
            self.session.print_json_error(error)
        else:
            self.session.tell_error(error)


def _refuse_later(*, format_: str, policy: str | None) -> None:
    """Refuse what only a later version can do, before any file is read."""
    if format_ in ("html", "etsi"):
        raise not_yet(f"--format {format_}", "use --format json or text")
    if policy is not None and policy not in POLICIES and Path(policy).exists():
        raise not_yet("a policy from a file", f"choose {' or '.join(POLICIES)}")


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
    from ecert.cli.words import printable

    return " ".join(printable(os.fspath(path)).split())
