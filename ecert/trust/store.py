"""The trust store: anchors that an office names, each for the roles it serves."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ecert.errors import SettingsError
from ecert.trust.certificates import is_ca, load

Role = Literal["signer", "seal", "timestamp"]
ROLES: tuple[Role, ...] = ("signer", "seal", "timestamp")
MAX_ANCHOR_BYTES = 1024 * 1024  # bytes of one anchor file: bundles of 100 certificates are 200 kB
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class TrustAnchor:
    """One certificate that is believed, for some roles; ``direct``: it stands for itself alone."""

    certificate: bytes  # DER
    roles: frozenset[Role]
    direct: bool = False


@dataclass(frozen=True)
class TrustStore:
    """Anchors by role; immutable. An empty store is refused, nothing is trusted by default."""

    anchors: tuple[TrustAnchor, ...]
    id: str | None = None

    @classmethod
    def from_folder(cls, folder: str | Path) -> TrustStore:
        """Read the CA certificates of a folder (PEM or DER).

        Files in it serve every role, those in ``signer/``, ``seal/`` and ``timestamp/`` that one.

        Raises:
            SettingsError: the folder is missing or empty, or a file is not a CA certificate.
        """
        return cls.from_paths([folder])

    @classmethod
    def from_paths(cls, paths: Iterable[str | Path]) -> TrustStore:
        """Read anchors from folders and single files together.

        A file named by itself may hold a certificate that is no CA; it then stands for itself alone.

        Raises:
            SettingsError: nothing is found, or a file is not what it must be.
        """
        anchors: list[TrustAnchor] = []
        for path in map(Path, paths):
            if path.is_dir():
                anchors += _read_folder(path)
            else:
                anchors += _read_file(path, frozenset(ROLES), alone=True)
        if not anchors:
            raise SettingsError(
                "no trust anchors were named", hint="name a folder or file of anchors"
            )
        return cls(tuple(dict.fromkeys(anchors)))

    @classmethod
    def from_certificates(cls, certificates: Iterable[x509.Certificate]) -> TrustStore:
        """Take certificates of the ``cryptography`` library as anchors for every role.

        Raises:
            SettingsError: there are none.
        """
        anchors = tuple(
            TrustAnchor(c.public_bytes(Encoding.DER), frozenset(ROLES), direct=not is_ca(c))
            for c in certificates
        )
        if not anchors:
            raise SettingsError("no trust anchors were named", hint="give at least one certificate")
        return cls(anchors)

    def for_role(self, role: Role | None) -> tuple[TrustAnchor, ...]:
        """Return the anchors that serve a role; None: every anchor."""
        return tuple(a for a in self.anchors if role is None or role in a.roles)

    @cached_property
    def sha256(self) -> str:
        """Return a digest of what is trusted for what, whatever the order and the file names."""
        rows = sorted(
            f"{hashlib.sha256(a.certificate).hexdigest()} {','.join(sorted(a.roles))} {a.direct}"
            for a in self.anchors
        )
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _read_folder(folder: Path) -> list[TrustAnchor]:
    anchors = [
        anchor
        for path in _files(folder)
        for anchor in _read_file(path, frozenset(ROLES), alone=False)
    ]
    for role in ROLES:
        for path in _files(folder / role) if (folder / role).is_dir() else []:
            anchors += _read_file(path, frozenset([role]), alone=False)
    if not anchors:
        raise SettingsError(
            f"the trust folder {folder} is empty", hint="put *.pem or *.der CA certificates there"
        )
    return anchors


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))


def _read_file(path: Path, roles: frozenset[Role], *, alone: bool) -> list[TrustAnchor]:
    try:
        if path.stat().st_size > MAX_ANCHOR_BYTES:
            raise SettingsError(f"the anchor file {path} has more than {MAX_ANCHOR_BYTES} bytes")
        data = path.read_bytes()
    except OSError as exc:
        raise SettingsError(
            f"cannot read the anchor {path}: {exc.strerror}", hint="check the path"
        ) from exc
    try:
        found = [x509.load_pem_x509_certificate(pem) for pem in _PEM.findall(data)] or [load(data)]
        ders = [(c, c.public_bytes(Encoding.DER)) for c in found]
        kinds = [is_ca(c) for c, _ in ders]
    except ValueError as exc:
        raise SettingsError(
            f"{path} is not a certificate in PEM or DER", hint="remove it from the anchors"
        ) from exc
    if not alone and not all(kinds):
        raise SettingsError(
            f"{path} is not a CA certificate",
            hint="name the file itself if this certificate alone shall be trusted",
        )
    return [
        TrustAnchor(der, roles, direct=not ca) for (_, der), ca in zip(ders, kinds, strict=True)
    ]
