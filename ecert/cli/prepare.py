"""``ecert prepare``: scan → draft, without any key."""

from __future__ import annotations

from pathlib import Path

import click

from ecert.cli import options
from ecert.cli.session import Session


@click.command(short_help="Scan → draft, for somebody else to sign.")
@click.argument("scans", nargs=-1, required=True, type=options.FILE, metavar="SCAN…")
@options.record_option
@options.output_options
@options.profile_option
@options.level_option
@options.dpi_option
@options.convert_option
@options.format_option
@options.with_session
def prepare(
    session: Session,
    scans: tuple[Path, ...],
    record_path: Path,
    output: Path | None,
    out_dir: Path | None,
    force: bool,
    profile: str | None,
    level: str | None,
    dpi: float | None,
    convert_profiles: bool,
    format_: str,
) -> int:
    """Make a draft of SCAN… for somebody else to sign.

    SCAN… are images or scanner PDFs in the order of the original's pages. --level is the finished
    copy's and stands in the record as a promise.
    """
    from ecert.cli.files import choose_output, read_scan
    from ecert.cli.progress import show_progress
    from ecert.cli.results import write_result
    from ecert.formats.record import CertificationRecord
    from ecert.model.levels import check_level
    from ecert.stages import prepare_copy

    settings = session.settings
    target = check_level(level or settings.level)
    path = choose_output(output, out_dir, [*scans, record_path], "-draft", force=force)
    record = CertificationRecord.from_file(record_path).with_names(settings.names.aliases)
    rules = profile or settings.profile
    scan = read_scan(session, scans, dpi, rules, convert=convert_profiles)
    with show_progress(session) as tell:
        tell("prepare")
        draft = prepare_copy(
            scan,
            record,
            profile=rules,
            level=target,
            seal_diameter_mm=settings.page.seal_diameter_mm,
            max_output_mb=settings.page.max_output_mb,
        )
    return write_result(session, draft, path, stage="draft", level=target, force=force, format_=format_)
