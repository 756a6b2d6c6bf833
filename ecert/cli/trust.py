"""``ecert trust``: who is trusted, for what, from when to when; bundles built and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecert.cli import options
from ecert.cli.session import Session, worst
from ecert.errors import SettingsError
from ecert.model.roles import ANCHOR_ROLES

if TYPE_CHECKING:
    from ecert.model.roles import AnchorRole

signer_option = click.option(
    "--signer",
    "signers",
    multiple=True,
    metavar="PATH",
    help="Who may have signed the bundle or list: certificate or SHA-256; instead of the settings'.",
)


@click.group(short_help="Who is trusted: show, build, check.")
def trust() -> None:
    """Show, build and check what is trusted: certificates, signed bundles, trusted lists.

    Nothing is trusted by default. A bundle or list counts only when one of the signers named for it
    signed it.
    """


@trust.command(short_help="Who is trusted for what, from when to when.")
@click.argument("paths", nargs=-1, type=options.FILE, metavar="[PATH…]")
@signer_option
@click.option("--at", metavar="TIME", help="Read bundles and lists as of this time, such as that of an old report.")
@options.format_option
@options.with_session
def show(session: Session, paths: tuple[Path, ...], signers: tuple[str, ...], at: str | None, format_: str) -> int:
    """Show who is trusted by PATH…: folders, certificates, bundles, trusted lists.

    Without PATH: by the settings. Expired bundles and lists are shown too, and said to be so.
    """
    from ecert.cli.moments import read_time
    from ecert.cli.trust_sources import named_sources
    from ecert.cli.trust_text import source_text
    from ecert.model.times import read_clock, rfc3339

    moment = read_time("--at", at) or read_clock(None)
    texts: list[str] = []
    for named in named_sources(session, paths, signers):
        facts = named.open(moment).facts(moment)
        if at is not None:
            facts["at"] = rfc3339(moment)
        if format_ == "json":
            session.print_json(facts)
        else:
            texts.append(source_text(facts, session.lang, session.office_time))
    if texts:
        session.print("\n\n".join(texts))
    return 0


@trust.command(short_help="May these be used? Expired, altered, ending soon.")
@click.argument("paths", nargs=-1, type=options.FILE, metavar="[PATH…]")
@signer_option
@options.format_option
@options.with_session
def check(session: Session, paths: tuple[Path, ...], signers: tuple[str, ...], format_: str) -> int:
    """Check whether PATH… may be used, and what an office should see to.

    Without PATH: what the settings name. Exit status: 0 usable, 1 altered, expired or of another
    signer, 2 settings. Warns of anchors that end within a year and of weak keys.
    """
    from ecert.cli.trust_sources import named_sources
    from ecert.cli.trust_text import REFUSALS, check_text
    from ecert.model.times import read_clock
    from ecert.trust.opened import warnings

    now = read_clock(None)
    statuses = []
    for named in named_sources(session, paths, signers):
        outcome: dict[str, Any] = {"path": str(named.path), "error": None, "warnings": []}
        try:
            source = named.open(now)
            source.check(now)
        except SettingsError as exc:
            outcome["error"] = {"code": exc.code, "message": exc.message, "hint": exc.hint}
            statuses.append(1 if exc.code in REFUSALS else exc.exit_status)
        else:
            outcome["warnings"] = warnings(source, now)
            statuses.append(0)
        if format_ == "json":
            session.print_json(outcome)
        else:
            session.print(check_text(outcome, session.lang, session.office_time))
    return worst(statuses)


@trust.command(short_help="Certificates and trusted lists → signed bundle.")
@click.option(
    "-o", "--output", type=options.FILE, required=True, metavar="FILE", help="The bundle to write, such as office.ecb."
)
@click.option("--key", metavar="URI", required=True, help="The publisher's key: file:PATH or pkcs11:…")
@click.option("--id", "identifier", metavar="NAME", help="Name of the bundle, such as xa-mau-2026.")
@click.option(
    "--from",
    "origins",
    type=options.FILE,
    multiple=True,
    metavar="PATH",
    help="Folder, certificate or bundle to take anchors from. May be repeated.",
)
@click.option(
    "--role",
    "roles",
    type=click.Choice(ANCHOR_ROLES),
    multiple=True,
    help="Take what --from names for these roles alone.",
)
@click.option("--valid-from", metavar="TIME", help="… and for signatures from this time on.")
@click.option("--valid-until", metavar="TIME", help="… and for signatures before this time.")
@click.option(
    "--list",
    "lists",
    type=options.FILE,
    multiple=True,
    metavar="FILE",
    help="Trusted list (ETSI TS 119 612) to take anchors from. May be repeated.",
)
@click.option(
    "--list-signer",
    "list_signers",
    multiple=True,
    metavar="PATH",
    help="Who may have signed the lists: certificate or SHA-256.",
)
@click.option(
    "--signer",
    "signers",
    multiple=True,
    metavar="PATH",
    help="Who may have signed bundles of --from and --previous, beside --key.",
)
@click.option(
    "--previous", type=options.FILE, metavar="FILE", help="The bundle this one follows: next version, no older list."
)
@click.option(
    "--next-update",
    default="30d",
    show_default=True,
    metavar="TIME",
    help="When the next one is due: days (30d) or a time.",
)
@click.option(
    "--expires",
    default="365d",
    show_default=True,
    metavar="TIME",
    help="After this it is refused: days (365d) or a time.",
)
@click.option("--force", is_flag=True, help="Replace an existing output file.")
@options.pin_option
@options.format_option
@options.with_session
def build(
    session: Session,
    output: Path,
    key: str,
    identifier: str | None,
    origins: tuple[Path, ...],
    roles: tuple[AnchorRole, ...],
    valid_from: str | None,
    valid_until: str | None,
    lists: tuple[Path, ...],
    list_signers: tuple[str, ...],
    signers: tuple[str, ...],
    previous: Path | None,
    next_update: str,
    expires: str,
    force: bool,
    pin_source: str | None,
    format_: str,
) -> int:
    """Build a signed bundle out of certificates and trusted lists.

    Give its receivers the fingerprint that is printed by another way than the bundle itself.
    """
    from ecert.cli.files import choose_output
    from ecert.cli.keys import Pins, choose_key
    from ecert.cli.moments import read_moment, read_time
    from ecert.cli.trust_text import built_text
    from ecert.model.files import write_file
    from ecert.model.times import read_clock
    from ecert.trust.bundle import build_bundle
    from ecert.trust.bundle_plan import Plan, bundle_facts, plan_manifest
    from ecert.trust.pins import read_publishers

    # 1. everything that can be refused without the key
    now = read_clock(None)
    given = [*origins, *lists, *([previous] if previous else [])]
    path = choose_output(output, None, given, "", force=force)
    chosen = choose_key(session, "signer", key, pin_source, "--key")
    plan = Plan(
        identifier,
        origins,
        frozenset(roles),
        (read_time("--valid-from", valid_from), read_time("--valid-until", valid_until)),
        lists,
        read_publishers(list_signers),
        previous,
        read_moment("--next-update", next_update, now),
        read_moment("--expires", expires, now),
    )
    named = session.publishers(signers)
    # 2. what the bundle says; what it follows was signed with this key, or by who is named
    with Pins(session).open(chosen, "signer") as publisher:
        manifest = plan_manifest(plan, (*named, publisher.certificate), now)
        data = build_bundle(manifest, publisher)
    write_file(path, data, force=force)
    facts = bundle_facts(path, manifest, data, publisher.certificate)
    if format_ == "json":
        session.print_json(facts)
    else:
        session.print(built_text(facts, session.lang, session.office_time))
    return 0
