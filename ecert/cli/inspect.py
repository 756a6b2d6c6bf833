"""``ecert inspect``: what is in a file, without judging it."""

from __future__ import annotations

from pathlib import Path

import click

from ecert.cli import options
from ecert.cli.session import Session
from ecert.errors import EcertError, UsageError


@click.command(short_help="What is in a file, without judging it.")
@click.argument("file", type=options.FILE)
@options.format_option
@click.option(
    "--revision",
    type=click.IntRange(min=0),
    metavar="N",
    help="Write out the file as it was after revision N, which a signer had before him; needs -o.",
)
@click.option("-o", "--output", type=options.FILE, metavar="FILE", help="The PDF to write.")
@click.option("--force", is_flag=True, help="Replace an existing output file.")
@options.with_session
def inspect(session: Session, file: Path, format_: str, revision: int | None, output: Path | None, force: bool) -> int:
    """Show what is in FILE: revisions, signatures, record, pages, validation data.

    With --revision N and -o FILE the file as it was then is written out instead. Nothing is judged: whether it is a
    certified copy is said by "ecert verify".
    """
    from ecert.cli.files import choose_output, read_within_limits
    from ecert.model.files import write_file
    from ecert.operations.inspecting import cut_back, look_inside

    if (revision is None) != (output is None):
        raise UsageError("--revision and -o go together", hint="ecert inspect FILE --revision 1 -o signed.pdf")
    try:
        if revision is not None:
            path = choose_output(output, None, [file], "", force=force)
            then = cut_back(read_within_limits(session, file), file.name, revision)
            write_file(path, then, force=force)
            return 0
        content = look_inside(read_within_limits(session, file), file.name)
    except EcertError as exc:
        if format_ == "json":
            session.print_json_error(exc)
            return exc.exit_status
        raise
    if format_ == "json":
        session.print_json(content)
    else:
        from ecert.cli.inspect_text import inspection_text

        session.print(inspection_text(content, session.lang))
    return 0
