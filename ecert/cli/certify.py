"""``ecert certify``: the whole act in one process."""

from __future__ import annotations

from pathlib import Path

import click

from ecert.cli import options
from ecert.cli.session import Session


@click.command(short_help="Scan → signed and sealed copy, in one go.")
@click.argument("scans", nargs=-1, required=True, type=options.FILE, metavar="SCAN…")
@options.record_option
@click.option("--key", metavar="URI", help="The signer's key: file:PATH or pkcs11:…")
@click.option("--seal-key", metavar="URI", help="The seal's key, likewise.")
@click.option("--signature-image", type=options.FILE, help="Picture of the signature.")
@click.option("--seal-image", type=options.FILE, help="Picture of the seal.")
@options.output_options
@options.profile_option
@options.level_option
@options.dpi_option
@options.convert_option
@options.trust_option
@options.pin_option
@options.format_option
@options.with_session
def certify(
    session: Session,
    scans: tuple[Path, ...],
    record_path: Path,
    key: str | None,
    seal_key: str | None,
    signature_image: Path | None,
    seal_image: Path | None,
    output: Path | None,
    out_dir: Path | None,
    force: bool,
    profile: str | None,
    level: str | None,
    dpi: float | None,
    convert_profiles: bool,
    trust_paths: tuple[Path, ...],
    pin_source: str | None,
    format_: str,
) -> int:
    """Certify SCAN…: prepare, sign and seal a copy in one go.

    SCAN… are images or scanner PDFs in the order of the original's pages.
    """
    from ecert.certify import certify_copy
    from ecert.cli.files import choose_output, read_scan
    from ecert.cli.keys import Pins, check_needs, choose_key
    from ecert.cli.progress import show_progress
    from ecert.cli.results import write_result
    from ecert.formats.record import CertificationRecord
    from ecert.model.levels import check_level

    settings = session.settings
    # 1. everything that can be refused without a key
    target = check_level(level or settings.level)
    path = choose_output(output, out_dir, [*scans, record_path], "-certified", force=force)
    at_signer = choose_key(session, "signer", key, pin_source, "--key")
    at_seal = choose_key(session, "seal", seal_key, pin_source, "--seal-key")
    trust = session.trust(trust_paths)
    check_needs(session, target, trust)
    record = CertificationRecord.from_file(record_path).with_names(settings.names.aliases)
    rules = profile or settings.profile
    scan = read_scan(session, scans, dpi, rules, convert=convert_profiles)
    # 2. the keys; one shared source of PINs gives its first line to the signer, its second to the seal
    pins = Pins(session)
    shared = at_signer.pin_source == at_seal.pin_source
    with (
        pins.open(at_signer, "signer") as signer,
        pins.open(at_seal, "seal", line=1 if shared else 0, beside=signer) as seal,
        show_progress(session) as tell,
    ):
        # 3. the act
        copy = certify_copy(
            scan,
            record,
            signer=signer,
            seal=seal,
            trust=trust,
            services=settings.services,
            profile=rules,
            level=target,
            signature_image=signature_image or at_signer.image,
            seal_image=seal_image or at_seal.image,
            seal_diameter_mm=settings.page.seal_diameter_mm,
            max_output_mb=settings.page.max_output_mb,
            progress=tell,
        )
    return write_result(session, copy, path, stage="certified", level=target, force=force, format_=format_)
