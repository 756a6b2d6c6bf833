"""Evidence in folders: certificates, CRLs and OCSP answers, one file each, in DER or PEM."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.x509 import ocsp

from ecert.errors import InputError
from ecert.formats.pades.dss import read_dss
from ecert.formats.pdf import Document, StructureFault
from ecert.model.evidence import Evidence
from ecert.model.limits import MAX_EVIDENCE_BYTES

Kind = Literal["certificates", "ocsps", "crls"]
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s+([A-Za-z0-9+/=\s]+?)-----END \1-----")
#: kind → suffix of the files that --evidence-out writes
SUFFIXES: dict[Kind, str] = {"certificates": ".cer", "ocsps": ".ors", "crls": ".crl"}


def read_evidence(folders: Sequence[Path]) -> Evidence:
    """Read every file of these folders; what it is, its content says.

    Raises:
        InputError: a folder cannot be read, or a file is no certificate, CRL or OCSP answer.
    """
    found: dict[Kind, list[bytes]] = {kind: [] for kind in SUFFIXES}
    for folder in folders:
        for path in _files(folder):
            for der in _ders(_read(path)):
                kind = _kind(der)
                if kind is None:
                    raise InputError(
                        f"{path} is not a certificate, CRL or OCSP answer in DER or PEM",
                        code="evidence-refused",
                        hint="remove it from the folder of evidence",
                    )
                found[kind].append(der)
    return Evidence.of(found["certificates"], found["ocsps"], found["crls"])


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    except OSError as exc:
        raise InputError(
            f"cannot read the folder of evidence {folder}: {exc.strerror}",
            code="not-readable",
            hint="--evidence names a folder",
        ) from exc


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_EVIDENCE_BYTES + 1)
    except OSError as exc:
        raise InputError(f"cannot read {path}: {exc.strerror}", code="not-readable") from exc
    if len(data) > MAX_EVIDENCE_BYTES:
        raise InputError(f"{path} has more than {MAX_EVIDENCE_BYTES} bytes", code="too-large")
    return data


def _ders(data: bytes) -> Iterator[bytes]:
    blocks = _PEM.findall(data)
    if not blocks:
        yield data
    for _, body in blocks:
        try:
            yield base64.b64decode(b"".join(body.split()), validate=True)
        except binascii.Error:
            yield b""


_LOADERS: dict[Kind, Callable[[bytes], object]] = {
    "certificates": x509.load_der_x509_certificate,
    "crls": x509.load_der_x509_crl,
    "ocsps": ocsp.load_der_ocsp_response,
}


def _kind(der: bytes) -> Kind | None:
    for kind, load in _LOADERS.items():
        try:
            load(der)
        except ValueError:
            continue
        return kind
    return None


def evidence_inside(document: Document | None) -> Evidence:
    """Return what a document brings along in its DSS; an unreadable one brings nothing."""
    try:
        return read_dss(document) if document else Evidence()
    except StructureFault:
        return Evidence()


def write_evidence(evidence: Evidence, folder: Path) -> int:
    """Write every item into a folder, named by its digest; return how many there are.

    What is there already under that name is the same item, and stays.

    Raises:
        InputError: the folder or a file cannot be written.
    """
    from ecert.model.files import write_file

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise InputError(
            f"cannot make the folder {folder}: {exc.strerror}", code="not-writable"
        ) from exc
    count = 0
    for kind, suffix in SUFFIXES.items():
        for der in getattr(evidence, kind):
            path = folder / (hashlib.sha256(der).hexdigest()[:32] + suffix)
            write_file(path, der, force=True)
            count += 1
    return count
