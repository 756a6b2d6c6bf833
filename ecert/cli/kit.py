"""``ecert kit``: good and spoiled copies by name, and an office that answers, for other test suites."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from ecert.cli import options
from ecert.cli.session import Session
from ecert.errors import InputError, UsageError

force_option = click.option("--force", is_flag=True, help="Use a folder that is not empty.")
class_option = click.option(
    "--class",
    "classes",
    multiple=True,
    metavar="CLASS",
    help="Only specimens of this kind of attack, such as shadow. May be repeated.",
)


@click.group(short_help="Good and spoiled copies for tests; an office that answers.")
def kit() -> None:
    """Make good and spoiled copies with known verdicts, and run a throwaway office for tests.

    Everything is plainly fictitious: names, places, keys.
    """


@kit.command("list", short_help="Which specimens there are.")
@class_option
@options.format_option
@options.with_session
def list_(session: Session, classes: tuple[str, ...], format_: str) -> int:
    """List the specimens: name, verdict it must get, what was done. Nothing is made."""
    from ecert.testing.specimens import recipes

    for name in _chosen((), classes, everything=True):
        recipe = recipes()[name]
        title = {"vi": recipe.vi, "en": recipe.en}
        if format_ == "json":
            session.print_json(
                {
                    "name": name,
                    "class": recipe.attack,
                    "title": title,
                    "verdict": recipe.verdict,
                    "codes": list(recipe.codes),
                    "policy": recipe.policy,
                }
            )
        else:
            session.print(f"{name:<48} {recipe.verdict:<13} {title[session.lang]}")
    return 0


@kit.command(short_help="Write specimens into a folder.")
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option("--all", "everything", is_flag=True, help="Every specimen.")
@class_option
@click.option(
    "-o",
    "--output",
    "folder",
    type=options.FILE,
    required=True,
    metavar="DIR",
    help="Folder for NAME.pdf, NAME.json, anchors/ and evidence/.",
)
@force_option
@options.format_option
@options.with_session
def make(
    session: Session,
    names: tuple[str, ...],
    everything: bool,
    classes: tuple[str, ...],
    folder: Path,
    force: bool,
    format_: str,
) -> int:
    """Make specimens in DIR: each NAME.pdf with a NAME.json that says what a verifier must find.

    The JSON names verdict and findings, the time and policy to judge with, and the folders of trust
    anchors and evidence beside it. All specimens of one run come from one throwaway office.
    """
    from ecert.cli.progress import show_progress
    from ecert.testing.specimens import Press

    chosen = _chosen(names, classes, everything=everything)
    _check_folder(folder, force=force)
    with Press() as press, show_progress(session) as tell:
        for number, name in enumerate(chosen, 1):
            tell("kit", done=number, all=len(chosen))
            found = press.make(name)
            path = found.write(folder)
            if format_ == "json":
                session.print_json(found.expectation())
            else:
                session.print(str(path))
    return 0


@kit.command(short_help="Run an office's services until Ctrl-C.")
@click.option(
    "-o",
    "--output",
    "folder",
    type=options.FILE,
    default="ecert-kit",
    show_default=True,
    metavar="DIR",
    help="Folder for anchors, keys, settings and office.json.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="NAME",
    help="The name by which certificates call the services; they listen on 127.0.0.1 alone.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="The port; 0: a free one.")
@force_option
@options.format_option
@options.with_session
def serve(session: Session, folder: Path, host: str, port: int, force: bool, format_: str) -> int:
    """Run a throwaway office until Ctrl-C: time-stamps, OCSP, CRLs, issuers' certificates.

    Prints the addresses, and where keys and anchors were written; then waits. Status 0 when it is
    told to end (SIGINT, SIGTERM).
    """
    from ecert.cli.kit_serving import ending, opened_office
    from ecert.testing.desk import write_desk

    _check_folder(folder, force=force)
    with ending() as end, opened_office(host, port) as office:
        facts = write_desk(office, folder)
        if format_ == "json":
            session.print_json(facts)
        else:
            for key, value in facts.items():
                told = value if isinstance(value, str) else json.dumps(value)
                session.print(f"{key:<10} {told}")
        sys.stdout.flush()
        end.wait()
    return 0


def _chosen(names: tuple[str, ...], classes: tuple[str, ...], *, everything: bool) -> list[str]:
    """Return the names asked for, each once.

    Raises:
        UsageError: nothing is asked for, or a name or class does not exist.
    """
    from ecert.testing.specimens import CLASSES, recipes, specimen_names

    unknown = [name for name in names if name not in recipes()]
    if unknown:
        raise UsageError(f"there is no specimen {unknown[0]!r}", hint="ecert kit list shows them all")
    strange = [name for name in classes if name not in CLASSES]
    if strange:
        raise UsageError(f"there is no class {strange[0]!r}", hint=f"choose one of {', '.join(CLASSES)}")
    if not (names or classes or everything):
        raise UsageError("no specimen is named", hint="name some, or --all")
    found = [r.name for r in recipes().values() if r.attack in classes] if classes else []
    if everything and not classes:
        found = list(specimen_names())
    return list(dict.fromkeys((*names, *found)))


def _check_folder(folder: Path, *, force: bool) -> None:
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as exc:
        raise _not_writable(folder, exc) from exc
    if taken and not (force and folder.is_dir()):
        raise InputError(f"{folder} exists already", code="output-exists", hint="name another folder, or --force")


def _not_writable(folder: Path, fault: OSError) -> InputError:
    return InputError(f"cannot write {folder}: {fault.strerror}", code="not-writable", hint="check the folder")
