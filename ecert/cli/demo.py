"""``ecert demo``: the whole story on one screen, from nothing."""

from __future__ import annotations

import shlex
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ecert.cli import options
from ecert.cli.session import Session
from ecert.cli.terminal import megabytes
from ecert.words import table

WIDTH = 92  # characters, as in the report


@click.command(short_help="Try it all with a throwaway office.")
@click.argument("folder", type=options.FILE, default="ecert-demo", metavar="[DIR]")
@click.option("--force", is_flag=True, help="Replace the files of an earlier demo in DIR.")
@options.with_session
def demo(session: Session, folder: Path, force: bool) -> int:
    """Show it all: a throwaway office certifies a drawn scan into DIR (default ecert-demo).

    Needs no settings, no keys and no network. Leaves the copy of each stage, its report, a forged
    copy, and the anchors to verify with.
    """
    from ecert.testing.demo import make_demo

    story = table("cli/demo", session.lang)
    number = 0

    def tell(step: str, seconds: float, facts: Mapping[str, Any]) -> None:
        nonlocal number
        number += 1
        if session.quiet:
            return
        told = dict(facts)
        if "size" in told:
            told["size"] = megabytes(told["size"], session.lang)
        took = f"{seconds:.2f}".replace(".", "," if session.lang == "vi" else ".")
        took = story["seconds"].format(n=took)
        session.print(_wrapped(f"{number}. {story[step].format_map(told)} ({took})"))
        if "report" in facts:
            report = facts["report"]
            verdict = f"{story[report.verdict]}: {report.content['summary'][session.lang]}"
            session.print("   " + _wrapped(verdict))
        sys.stdout.flush()

    if not session.quiet:
        session.print(textwrap.fill(story["title"], WIDTH) + "\n")
    make_demo(folder, tell=tell, lang=session.lang, force=force)
    if session.quiet:
        session.print(str(folder))
        return 0
    place = shlex.quote(str(folder))
    session.print(f"\n{story['next']}")
    session.print(f"  ecert verify {place}/certified.pdf --trust {place}/anchors")
    session.print(f"  ecert verify {place}/tampered.pdf --trust {place}/anchors")
    session.print(f"  ecert inspect {place}/certified.pdf")
    session.print(
        f"  ecert certify {place}/scan/*.jpg --record {place}/record.toml "
        f"--config {place}/ecert.toml --level B-B -o ban-sao.pdf"
    )
    return 0


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent="   ", break_on_hyphens=False)
