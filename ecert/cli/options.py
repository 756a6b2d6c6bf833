"""Options that several commands share, and the session every command begins with."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ecert.cli.session import Session
from ecert.model.languages import LANGS, Lang

Run = TypeVar("Run", bound=Callable[..., int])
FILE = click.Path(path_type=Path)


def with_session(run: Run) -> Run:
    """Give a command ``--config``, ``--lang``, ``--quiet`` and, as its first argument, the session."""

    @click.option("--config", type=FILE, help="Settings; else $ECERT_CONFIG, the user's, /etc/ecert.")
    @click.option("--lang", type=click.Choice(LANGS), help="Language of what is printed.")
    @click.option("--quiet", is_flag=True, help="Show no progress and no warnings.")
    @click.pass_context
    @functools.wraps(run)
    def opened(ctx: click.Context, /, config: Path | None, lang: Lang | None, quiet: bool, **options: Any) -> int:
        session = ctx.ensure_object(Session)
        session.open(config, lang, quiet=quiet)
        return run(session, **options)

    return opened  # type: ignore[return-value]


format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the result is printed; json: one line.",
)
record_option = click.option(
    "--record",
    "record_path",
    type=FILE,
    required=True,
    metavar="FILE",
    help="The certification record: .toml, .json or .xml.",
)
profile_option = click.option("--profile", metavar="NAME", help="Office rules, such as vn-2025-11.")
level_option = click.option(
    "--level", metavar="LEVEL", help="PAdES level of the finished copy: B-B, B-T, B-LT or B-LTA."
)
dpi_option = click.option("--dpi", type=float, help="Resolution of scans that name none themselves.")
convert_option = click.option(
    "--convert-profiles",
    is_flag=True,
    help="Convert pages whose colour profile misleads to sRGB, instead of refusing them.",
)


def trust_option(run: Run) -> Run:
    """Give a command ``--trust`` and, kept in the session, ``--trust-signer``."""
    for option in (
        click.option(
            "--trust-signer",
            multiple=True,
            metavar="PATH",
            expose_value=False,
            callback=_keep_signers,
            help="Who may have signed a bundle given with --trust: certificate or SHA-256.",
        ),
        click.option(
            "--trust",
            "trust_paths",
            type=FILE,
            multiple=True,
            metavar="PATH",
            help="Trust anchors: folder, file or bundle; instead of the settings'. May be repeated.",
        ),
    ):
        run = option(run)
    return run


def _keep_signers(
    ctx: click.Context,
    param: click.Parameter,  # noqa: ARG001
    value: tuple[str, ...],
) -> None:
    ctx.ensure_object(Session).bundle_signers = value


pin_option = click.option(
    "--pin-source",
    metavar="SOURCE",
    help="Where PINs come from: prompt, file:PATH or fd:N. With two keys: first line the signer's, "
    "second line the seal's.",
)


def output_options(run: Run) -> Run:
    """Give a command ``-o``, ``--out-dir`` and ``--force``."""
    for option in (
        click.option("--force", is_flag=True, help="Replace an existing output file."),
        click.option(
            "--out-dir",
            type=FILE,
            metavar="DIR",
            help="Folder for the result, instead of -o; its name is made from the input's.",
        ),
        click.option("-o", "--output", type=FILE, metavar="FILE", help="The PDF to write."),
    ):
        run = option(run)
    return run


def report_options(run: Run) -> Run:
    """Give a command ``-o``, ``--out-dir`` and ``--force`` for reports that are files of their own."""
    for option in (
        click.option("--force", is_flag=True, help="Replace an existing report."),
        click.option(
            "--out-dir", type=FILE, metavar="DIR", help="Folder for the reports; their names are made from the inputs'."
        ),
        click.option("-o", "--output", type=FILE, metavar="FILE", help="The report to write."),
    ):
        run = option(run)
    return run
