"""``ecert seal``: the body seals a signed copy."""

from __future__ import annotations

from pathlib import Path

import click

from ecert.cli import options
from ecert.cli.session import Session


@click.command(short_help="Signed copy → certified copy.")
@click.argument("file", type=options.FILE)
@click.option("--key", metavar="URI", help="The seal's key: file:PATH or pkcs11:…")
@click.option("--image", type=options.FILE, help="Picture of the seal.")
@click.option("--level", metavar="LEVEL", help="Seal at a lower level than promised, for now: B-B, B-T, B-LT or B-LTA.")
@options.output_options
@options.trust_option
@options.pin_option
@options.format_option
@options.with_session
def seal(
    session: Session,
    file: Path,
    key: str | None,
    image: Path | None,
    level: str | None,
    output: Path | None,
    out_dir: Path | None,
    force: bool,
    trust_paths: tuple[Path, ...],
    pin_source: str | None,
    format_: str,
) -> int:
    """Seal the signed copy FILE for the certifying body.

    Validation data and archive time-stamp are added as the record's level asks.
    """
    from ecert.cli.files import choose_output, read_within_limits
    from ecert.cli.keys import Pins, check_needs, choose_key
    from ecert.cli.progress import show_progress
    from ecert.cli.results import write_result
    from ecert.model.levels import check_level
    from ecert.stages import SignedCopy, seal_copy

    settings = session.settings
    path = choose_output(output, out_dir, [file], "-certified", force=force)
    chosen = choose_key(session, "seal", key, pin_source, "--key")
    trust = session.trust(trust_paths)
    signed = SignedCopy.from_bytes(read_within_limits(session, file), name=str(file))
    target = check_level(level or signed.record.level)
    check_needs(session, target, trust)
    if trust is None and not session.quiet:
        session.tell("warning", session.words("signer-not-judged"))
    with Pins(session).open(chosen, "seal") as key_of_seal, show_progress(session) as tell:
        tell("seal")
        copy = seal_copy(
            signed,
            key_of_seal,
            level=target,
            trust=trust,
            services=settings.services,
            image=image or chosen.image,
            max_output_mb=settings.page.max_output_mb,
        )
    return write_result(session, copy, path, stage="certified", level=target, force=force, format_=format_)
