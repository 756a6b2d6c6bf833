"""Trust anchors (RFC 5280, 6.1.1 (d)): who is believed, for which roles, in which window of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ecert.errors import SettingsError
from ecert.model import files
from ecert.model.pem import decode_pem, pem_blocks
from ecert.model.roles import ANCHOR_ROLES, AnchorRole
from ecert.model.times import rfc3339
from ecert.trust.certificates import fingerprint, load
from ecert.trust.extensions import is_ca

MAX_ANCHOR_BYTES = 1024 * 1024  # bytes of one anchor file: a PEM of 100 certificates is 200 kB


@dataclass(frozen=True)
class TrustAnchor:
    """One certificate that is believed, for some roles; ``direct``: it stands for itself alone.

    Signatures and time-stamps may lean on it from ``valid_from`` until just before ``valid_until``
    (None: no bound of its own beside the certificate's). ``source`` says where it was read; anchors
    that differ in nothing else are the same anchor.
    """

    certificate: bytes  # DER
    roles: frozenset[AnchorRole]
    direct: bool = False
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    source: str = field(default="", compare=False)

    def serves(self, role: AnchorRole | None, moment: datetime | None) -> bool:
        """Return whether a role (None: any) may lean on it at a moment (None: whenever).

        An authority without a window of its own is believed until its certificate ends.
        """
        if role is not None and role not in self.roles:
            return False
        if moment is None:
            return True
        if self.valid_from is not None and moment < self.valid_from:
            return False
        if self.valid_until is not None:
            return moment < self.valid_until
        return self.direct or moment <= load(self.certificate).not_valid_after_utc

    @property
    def row(self) -> str:
        """Return one line that says what is trusted for what and when, without its source."""
        bounds = (rfc3339(t) if t else "-" for t in (self.valid_from, self.valid_until))
        roles = ",".join(sorted(self.roles))
        return f"{fingerprint(self.certificate)} {roles} {self.direct} {' '.join(bounds)}"


def anchor_of(certificate: x509.Certificate, source: str = "") -> TrustAnchor:
    """Return a certificate as an anchor for every role, at all times."""
    der = certificate.public_bytes(Encoding.DER)
    return TrustAnchor(der, frozenset(ANCHOR_ROLES), direct=not is_ca(der), source=source)


def read_anchor_folder(folder: Path) -> list[TrustAnchor]:
    """Read the CA certificates of a folder; its subfolders ``signer``, ``seal``, ``timestamp`` one role.

    Raises:
        SettingsError: it is empty, or a file in it is not a CA certificate.
    """
    anchors = [
        anchor for path in _files(folder) for anchor in read_anchor_file(path, frozenset(ANCHOR_ROLES), alone=False)
    ]
    for role in ANCHOR_ROLES:
        for path in _files(folder / role) if (folder / role).is_dir() else []:
            anchors += read_anchor_file(path, frozenset([role]), alone=False)
    if not anchors:
        raise SettingsError(f"the trust folder {folder} is empty", hint="put *.pem or *.der CA certificates there")
    return anchors


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    except OSError as exc:
        raise SettingsError(
            f"cannot read the trust folder {folder}: {exc.strerror}", hint="check its permissions"
        ) from exc


def read_anchor_file(
    path: Path, roles: frozenset[AnchorRole] = frozenset(ANCHOR_ROLES), *, alone: bool = True
) -> list[TrustAnchor]:
    """Read the certificates of a file (PEM or DER).

    Named ``alone``, it may hold a certificate that is no CA; that one then stands for itself.

    Raises:
        SettingsError: it cannot be read, or holds something else.
    """
    ders = read_certificate_file(path, "anchor")
    anchors = [TrustAnchor(d, roles, direct=not is_ca_der(d), source=str(path)) for d in ders]
    if not alone and any(a.direct for a in anchors):
        raise SettingsError(
            f"{path} is not a CA certificate", hint="name the file itself if this certificate alone shall be trusted"
        )
    return anchors


def read_certificate_file(path: Path, what: str) -> list[bytes]:
    """Return the certificates of a PEM or DER file, as DER; ``what`` names them in refusals.

    Raises:
        SettingsError: it cannot be read, is too large, or holds something else.
    """
    data = read_bytes(path, MAX_ANCHOR_BYTES, what)
    named = [text for label, text in pem_blocks(data) if label == b"CERTIFICATE"]
    ders = [decode_pem(text) or b"" for text in named] or [data]
    try:
        for der in ders:
            is_ca_der(der)
    except ValueError as exc:
        raise SettingsError(f"{path} is not a certificate in PEM or DER", hint=_what_else(data)) from exc
    return ders


def is_ca_der(der: bytes) -> bool:
    """Return whether a certificate is a CA's.

    Raises:
        ValueError: the bytes are not a certificate that can be judged.
    """
    try:
        load(der)
    except _ODDITIES as exc:
        raise ValueError("the certificate breaks RFC 5280") from exc
    return is_ca(der)


#: what ``cryptography`` raises on certificates against RFC 5280, beside ValueError
_ODDITIES = (x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


def read_bytes(path: Path, limit: int, what: str) -> bytes:
    """Return a file's bytes, at most ``limit``.

    Raises:
        SettingsError: it cannot be read, or is larger.
    """
    try:
        return files.read(path, limit)
    except files.UnreadableError as exc:
        raise SettingsError(f"cannot read the {what} {path}: {exc.why}", hint="check the path") from exc


def looks_like_bundle(data: bytes) -> bool:
    """Return whether a file begins as a CMS SignedData does (RFC 5652, 3), not as a certificate."""
    return data[:1] == b"\x30" and _SIGNED_DATA in data[:20]


_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # id-signedData


def _what_else(data: bytes) -> str:
    if looks_like_bundle(data):
        return "a trust bundle is named by itself, with its signers (trust.bundle_signers)"
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "a trusted list is named under [[trust.list]], with its signers"
    return "remove it from the anchors"
