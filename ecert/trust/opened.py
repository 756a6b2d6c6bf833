"""What a path of trust is, opened: certificates, a signed bundle or a trusted list, as plain facts.

A source can be looked at whatever its own time: whether it may be used at a time is said by :meth:`Source.check`,
what an office should see to by :func:`warnings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from ecert.errors import SettingsError
from ecert.model.roles import ANCHOR_ROLES
from ecert.model.times import rfc3339
from ecert.trust.anchors import TrustAnchor, looks_like_bundle, read_bytes
from ecert.trust.bundle import MAX_BUNDLE_BYTES, open_bundle
from ecert.trust.certificates import common_name, fingerprint, load, organization
from ecert.trust.manifest import Manifest
from ecert.trust.pins import Publisher, weak_key
from ecert.trust.seen import refuse_older
from ecert.trust.store import TrustStore
from ecert.trust.trusted_lists import MAX_LIST_BYTES, TrustedList, looks_like_list, open_trusted_list

SOON = timedelta(days=365)  # an anchor that ends within a year wants to be replaced


@dataclass(frozen=True)
class Source:
    """A place anchors come from; signatures are checked, its own time is not yet."""

    path: Path
    anchors: tuple[TrustAnchor, ...]
    bundle: Manifest | None = None
    list: TrustedList | None = None
    minimum: int | None = None  # sequence number of the list
    state: Path | None = None  # where the numbers seen before are remembered; nothing is written here

    @property
    def kind(self) -> Literal["certificates", "bundle", "list"]:
        """Return what it is."""
        return "bundle" if self.bundle else "list" if self.list else "certificates"

    def check(self, at: datetime) -> None:
        """Refuse what is not of its time, older than what was used before, or of no use.

        Raises:
            SettingsError: with the code of the bundle or list.
        """
        if self.bundle:
            self.bundle.check_time(at, f"the trust bundle {self.path}")
        if self.list:
            self.list.check(at, self.minimum, f"the trusted list {self.path}")
        if self.state:
            self._check_seen(self.state)

    def _check_seen(self, state: Path) -> None:
        if self.bundle:
            number, name = self.bundle.version, f"the trust bundle {self.path}"
            refuse_older(state, "bundle", self.bundle.id, number, name)
        if self.list:
            number, name = self.list.sequence, f"the trusted list {self.path}"
            refuse_older(state, "list", self.list.key, number, name)

    def is_stale(self, at: datetime) -> bool:
        """Return whether it should have been renewed by now."""
        return self.bundle is not None and self.bundle.next_update <= at

    def facts(self, at: datetime) -> dict[str, Any]:
        """Return everything worth showing as plain values."""
        try:
            self.check(at)
            status, code = ("stale" if self.is_stale(at) else "current"), None
        except SettingsError as exc:
            status, code = "refused", exc.code
        return {
            "path": str(self.path),
            "kind": self.kind,
            "status": status,
            "code": code,
            **self._issue(),
            "sha256": TrustStore(self.anchors).sha256,
            "anchors": [_anchor(a) for a in self.anchors],
        }

    def _issue(self) -> dict[str, Any]:
        if self.bundle:
            b = self.bundle
            return {
                "id": b.id,
                "version": b.version,
                "issued": _time(b.issued),
                "next_update": _time(b.next_update),
                "expires": _time(b.expires),
                "sources": [vars(s) for s in b.sources],
            }
        if self.list:
            tl = self.list
            return {
                "id": tl.key,
                "operator": tl.operator,
                "sequence": tl.sequence,
                "issued": _time(tl.issued),
                "next_update": _time(tl.next_update),
                "expires": _time(tl.next_update),
            }
        return {}


def open_source(path: Path, signers: Iterable[Publisher], at: datetime) -> Source:
    """Read a source and check its signature, whatever its own time.

    Raises:
        SettingsError: it cannot be read, or its signature or signer is refused.
    """
    if path.is_dir():
        return Source(path, TrustStore.from_folder(path).anchors)
    data = read_bytes(path, max(MAX_BUNDLE_BYTES, MAX_LIST_BYTES), "file")
    if looks_like_bundle(data):
        bundle = open_bundle(data, signers, str(path))
        return Source(path, bundle.anchors, bundle=bundle)
    if looks_like_list(data):
        found = open_trusted_list(data, signers, at, str(path))
        return Source(path, found.anchors, list=found)
    return Source(path, TrustStore.from_paths([path]).anchors)


def warnings(source: Source, at: datetime) -> list[dict[str, Any]]:
    """Return what an office should see to: staleness, anchors that end within a year, weak keys."""
    found: list[dict[str, Any]] = []
    if source.is_stale(at) and source.bundle:
        found.append({"code": "trust-stale", "time": _time(source.bundle.next_update)})
    for anchor in source.anchors:
        if anchor.valid_until and anchor.valid_until <= at:
            continue  # history: it only serves signatures of its own time
        facts = _anchor(anchor)
        who = {"name": facts["name"], "sha256": facts["sha256"]}
        end = load(anchor.certificate).not_valid_after_utc
        end = min(end, anchor.valid_until) if anchor.valid_until else end
        if end < at + SOON:
            code = "anchor-expired" if end < at else "anchor-expires-soon"
            found.append({"code": code, **who, "time": _time(end)})
        weak = weak_key(anchor.certificate)
        if weak:
            found.append({"code": "anchor-weak", **who, "what": weak})
    return found


def _anchor(anchor: TrustAnchor) -> Mapping[str, Any]:
    return {
        "name": common_name(anchor.certificate),
        "organization": organization(anchor.certificate),
        "sha256": fingerprint(anchor.certificate),
        "roles": [r for r in ANCHOR_ROLES if r in anchor.roles],
        "direct": anchor.direct,
        "valid_from": _time(anchor.valid_from),
        "valid_until": _time(anchor.valid_until),
        "certificate_ends": _time(load(anchor.certificate).not_valid_after_utc),
        "source": anchor.source,
    }


def _time(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment else None
