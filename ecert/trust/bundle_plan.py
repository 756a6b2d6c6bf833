"""What goes into a new bundle: anchors of files, bundles and lists, and what it follows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ecert.errors import UsageError
from ecert.model.roles import AnchorRole
from ecert.model.times import rfc3339
from ecert.trust.anchors import TrustAnchor
from ecert.trust.manifest import ListSource, Manifest
from ecert.trust.opened import Source, open_source
from ecert.trust.pins import Publisher


@dataclass(frozen=True)
class Plan:
    """What the publisher asked for; times are read already."""

    id: str | None
    origins: tuple[Path, ...]
    roles: frozenset[AnchorRole]  # empty: as they are
    window: tuple[datetime | None, datetime | None]
    lists: tuple[Path, ...]
    list_signers: tuple[Publisher, ...]
    previous: Path | None
    next_update: datetime
    expires: datetime


def plan_manifest(plan: Plan, trusted: Iterable[Publisher], now: datetime) -> Manifest:
    """Return the manifest of the bundle to sign; ``trusted`` may have signed the bundles it reads.

    Raises:
        UsageError: nothing is asked for, or it contradicts itself.
        SettingsError: a source is refused, or a list is older than the previous bundle's.
    """
    if not plan.origins and not plan.lists:
        raise UsageError("a bundle of nothing", hint="give --from PATH or --list FILE")
    trusted = tuple(trusted)
    before = _previous(plan.previous, trusted, now)
    work = _Collected({s.list: s for s in before.sources} if before else {}, plan.next_update)
    for path in plan.origins:
        work.take_origin(open_source(path, trusted, now), plan, now)
    for path in plan.lists:
        work.take_list(open_source(path, plan.list_signers, now), now)
    return Manifest(
        id=_identifier(plan.id, before),
        version=before.version + 1 if before else 1,
        issued=now,
        next_update=min(work.next_update, plan.expires),
        expires=plan.expires,
        anchors=tuple(dict.fromkeys(work.anchors)),
        sources=tuple(work.lists.values()),
    )


@dataclass
class _Collected:
    """Anchors so far, the newest issue of each list ever read, and when the bundle is due again."""

    lists: dict[str, ListSource]
    next_update: datetime
    anchors: list[TrustAnchor] = field(default_factory=list)

    def take_origin(self, source: Source, plan: Plan, now: datetime) -> None:
        if source.list:
            raise UsageError(f"{source.path} is a trusted list", hint="give it with --list and --list-signer")
        source.check(now)
        self.anchors += _narrowed(source, plan)
        for each in source.bundle.sources if source.bundle else ():
            known = self.lists.get(each.list)
            if known is None or known.sequence < each.sequence:
                self.lists[each.list] = each

    def take_list(self, source: Source, now: datetime) -> None:
        found = source.list
        if found is None:
            raise UsageError(f"{source.path} is not a trusted list", hint="give it with --from")
        earlier = self.lists.get(found.key)
        replace(source, minimum=earlier.sequence if earlier else None).check(now)
        self.lists[found.key] = found.source
        self.anchors += found.anchors
        # the bundle says nothing newer than its lists
        self.next_update = min(self.next_update, found.next_update or self.next_update)


def _previous(path: Path | None, trusted: Iterable[Publisher], now: datetime) -> Manifest | None:
    """Return the bundle that is followed; it may have expired."""
    if path is None:
        return None
    before = open_source(path, trusted, now).bundle
    if before is None:
        raise UsageError(f"{path} is not a trust bundle", hint="give the bundle this one follows")
    return before


def _identifier(given: str | None, before: Manifest | None) -> str:
    if before is None:
        if given is None:
            raise UsageError("the bundle has no name", hint="give --id NAME")
        return given
    if given not in (None, before.id):
        raise UsageError(f"{given} does not follow {before.id}", hint="leave out --id, or --previous")
    return before.id


def _narrowed(source: Source, plan: Plan) -> list[TrustAnchor]:
    """Return a source's anchors for the roles and the window asked for; never more than it says."""
    start, end = plan.window
    found = []
    for anchor in source.anchors:
        roles = anchor.roles & plan.roles if plan.roles else anchor.roles
        begins = max(filter(None, (anchor.valid_from, start)), default=None)
        ends = min(filter(None, (anchor.valid_until, end)), default=None)
        if not roles or (begins and ends and begins >= ends):
            continue
        # a bundle for others does not tell how folders are named here
        origin = anchor.source if source.bundle else Path(anchor.source).name
        found.append(replace(anchor, roles=roles, valid_from=begins, valid_until=ends, source=origin))
    if not found:
        raise UsageError(
            f"nothing is left of {source.path} for these roles and times",
            hint="check --role, --valid-from and --valid-until",
        )
    return found


def bundle_facts(path: Path, manifest: Manifest, data: bytes, signer: bytes) -> dict[str, Any]:
    """Return what was built, as plain values; ``signer`` is the certificate, DER."""
    return {
        "file": str(path),
        "id": manifest.id,
        "version": manifest.version,
        "anchors": len(manifest.anchors),
        "issued": rfc3339(manifest.issued),
        "next_update": rfc3339(manifest.next_update),
        "expires": rfc3339(manifest.expires),
        "signer": hashlib.sha256(signer).hexdigest(),
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
