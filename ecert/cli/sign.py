"""``ecert sign``: the competent person signs a draft."""

from __future__ import annotations

from pathlib import Path

import click

from ecert.cli import options
from ecert.cli.session import Session


@click.command(short_help="Draft → signed copy.")
@click.argument("file", type=options.FILE)
@click.option("--key", metavar="URI", help="The signer's key: file:PATH or pkcs11:…")
@click.option("--image", type=options.FILE, help="Picture of the signature.")
@options.output_options
@options.trust_option
@options.pin_option
@options.format_option
@options.with_session
def sign(
    session: Session,
    file: Path,
    key: str | None,
    image: Path | None,
    output: Path | None,
    out_dir: Path | None,
    force: bool,
    trust_paths: tuple[Path, ...],
    pin_source: str | None,
    format_: str,
) -> int:
    """Sign the draft FILE as the competent person.

    The level is the one the draft promises.
    """
    from ecert.cli.files import choose_output, read_within_limits
    from ecert.cli.keys import Pins, check_needs, choose_key
    from ecert.cli.progress import show_progress
    from ecert.cli.results import write_result
    from ecert.stages import Draft, sign_copy

    settings = session.settings
    path = choose_output(output, out_dir, [file], "-signed", force=force)
    chosen = choose_key(session, "signer", key, pin_source, "--key")
    trust = session.trust(trust_paths)
    draft = Draft.from_bytes(read_within_limits(session, file), name=str(file))
    check_needs(session, draft.record.level, trust)
    with Pins(session).open(chosen, "signer") as signer, show_progress(session) as tell:
        tell("sign")
        signed = sign_copy(
            draft,
            signer,
            trust=trust,
            services=settings.services,
            image=image or chosen.image,
            max_output_mb=settings.page.max_output_mb,
        )
    return write_result(session, signed, path, stage="signed", level=signed.record.level, force=force, format_=format_)
