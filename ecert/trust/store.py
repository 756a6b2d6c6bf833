"""The trust store: anchors that an office names, each for the roles it serves.

Nothing is trusted by default, and the system's own store has no say. Anchors come from

* folders and files of certificates (:mod:`ecert.trust.anchors`);
* a signed bundle (:mod:`ecert.trust.bundle`);
* an ETSI trusted list (:mod:`ecert.trust.trusted_lists`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from cryptography import x509

from ecert.errors import SettingsError
from ecert.model.files import is_folder, read_head
from ecert.model.roles import AnchorRole
from ecert.model.times import read_clock, rfc3339
from ecert.trust.anchors import TrustAnchor, anchor_of, looks_like_bundle, read_anchor_file, read_anchor_folder
from ecert.trust.pins import Publisher


@dataclass(frozen=True)
class TrustStore:
    """Anchors by role; immutable, to be shared by threads. An empty store is refused, nothing is trusted by default.

    ``stale_since``: from then on its source should have been renewed; ``expires``: after that nothing
    may lean on it any more. Both are None for certificates named by hand.
    """

    anchors: tuple[TrustAnchor, ...]
    id: str | None = None
    stale_since: datetime | None = None
    expires: datetime | None = None

    @classmethod
    def from_folder(cls, folder: str | Path) -> TrustStore:
        """Read the CA certificates of a folder (PEM or DER).

        Files in it serve every role, those in ``signer/``, ``seal/`` and ``timestamp/`` that one.

        Raises:
            SettingsError: the folder is missing or empty, or a file is not a CA certificate.
        """
        return cls.from_paths([folder])

    @classmethod
    def from_paths(
        cls,
        paths: Iterable[str | Path],
        *,
        signers: Iterable[Publisher] = (),
        at: datetime | None = None,
        state: str | Path | None = None,
    ) -> TrustStore:
        """Read anchors from folders, single files and bundles together.

        A file named by itself may hold a certificate that is no CA; it then stands for itself alone.
        A bundle is told by its content and believed only when one of ``signers`` signed it; see
        :meth:`from_bundle` for ``state``.

        Raises:
            SettingsError: nothing is found, or a file is not what it must be.
        """
        signers = tuple(signers)
        stores = [
            cls.from_bundle(path, signers, at, state) if _is_bundle(path) else cls(_read(path))
            for path in map(Path, paths)
        ]
        return cls.combined(stores)

    @classmethod
    def from_bundle(
        cls, path: str | Path, signers: Iterable[Publisher], at: datetime | None = None, state: str | Path | None = None
    ) -> TrustStore:
        """Read a signed bundle (``.ecb``) as of ``at`` (default: now).

        ``signers`` are certificates, their DER bytes, or their SHA-256 fingerprints. ``state`` is a folder that
        remembers the highest version of every bundle: an older one than was seen before is refused.

        Raises:
            SettingsError: it is refused; the code is ``bundle-altered``, ``bundle-wrong-signer``,
                ``bundle-malformed``, ``bundle-expired``, ``bundle-from-the-future``,
                ``bundle-without-signer``, ``trust-rolled-back`` or ``trust-state-unusable``.
        """
        from ecert.trust.bundle import read_bundle
        from ecert.trust.seen import note_sequence

        manifest = read_bundle(Path(path), signers, read_clock(at))
        if state is not None:
            name = f"the trust bundle {path}"
            note_sequence(Path(state), "bundle", manifest.id, manifest.version, name)
        return cls(manifest.anchors, manifest.id, manifest.next_update, manifest.expires)

    @classmethod
    def from_trusted_list(
        cls,
        path: str | Path,
        signers: Iterable[Publisher],
        at: datetime | None = None,
        minimum_sequence: int | None = None,
        state: str | Path | None = None,
    ) -> TrustStore:
        """Read an ETSI TS 119 612 trusted list (XML) as of ``at`` (default: now).

        ``state`` is a folder that remembers the highest TSLSequenceNumber of every list, as for bundles.

        Raises:
            SettingsError: it is refused; the code is ``list-altered``, ``list-wrong-signer``,
                ``list-malformed``, ``list-wrong-type``, ``list-expired``, ``list-from-the-future``,
                ``list-sequence-decreased``, ``list-without-anchors``, ``list-without-signer``,
                ``trust-rolled-back`` or ``trust-state-unusable``.
        """
        from ecert.trust.seen import note_sequence
        from ecert.trust.trusted_lists import read_trusted_list

        found = read_trusted_list(Path(path), signers, read_clock(at), minimum_sequence)
        if state is not None:
            name = f"the trusted list {path}"
            note_sequence(Path(state), "list", found.key, found.sequence, name)
        return cls(found.anchors, found.key, expires=found.next_update)

    @classmethod
    def from_certificates(cls, certificates: Iterable[x509.Certificate]) -> TrustStore:
        """Take certificates of the ``cryptography`` library as anchors for every role.

        Raises:
            SettingsError: there are none.
        """
        anchors = tuple(map(anchor_of, certificates))
        if not anchors:
            raise SettingsError("no trust anchors were named", hint="give at least one certificate")
        return cls(anchors)

    @classmethod
    def combined(cls, stores: Iterable[TrustStore]) -> TrustStore:
        """Return one store of several: every anchor, the earliest of their bounds, the only one's id.

        Raises:
            SettingsError: there are none.
        """
        stores = tuple(stores)
        anchors = tuple(dict.fromkeys(a for s in stores for a in s.anchors))
        if not anchors:
            raise SettingsError("no trust anchors were named", hint="name a folder or file of anchors")
        return cls(
            anchors,
            stores[0].id if len(stores) == 1 else None,
            min((s.stale_since for s in stores if s.stale_since), default=None),
            min((s.expires for s in stores if s.expires), default=None),
        )

    def for_role(self, role: AnchorRole | None, moment: datetime | None = None) -> tuple[TrustAnchor, ...]:
        """Return the anchors that serve a role (None: any) at a moment (None: whatever their window)."""
        return tuple(a for a in self.anchors if a.serves(role, moment))

    @cached_property
    def for_documents(self) -> TrustStore:
        """Return the anchors below which documents may be signed: all but those for time-stamps alone."""
        kept = tuple(a for a in self.anchors if a.roles & {"signer", "seal"})
        return replace(self, anchors=kept)

    def check_time(self, at: datetime) -> None:
        """Refuse to be used after ``expires``.

        Raises:
            SettingsError: ``trust-expired``.
        """
        if self.expires is not None and at > self.expires:
            name = f"the trust store {self.id}" if self.id else "a bundle or list of the trust store"
            raise SettingsError(
                f"{name} has expired ({rfc3339(self.expires)})",
                code="trust-expired",
                hint="get its newest issue from its publisher",
            )

    @cached_property
    def sha256(self) -> str:
        """Return a digest of what is trusted for what and when, whatever the order and the source."""
        rows = sorted({a.row for a in self.anchors})
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _read(path: Path) -> tuple[TrustAnchor, ...]:
    return tuple(read_anchor_folder(path) if is_folder(path) else read_anchor_file(path))


def _is_bundle(path: Path) -> bool:
    try:
        return looks_like_bundle(read_head(path, 32))
    except OSError:
        return False  # a folder; or reading it says why it cannot be read
