"""Evidence in folders: certificates, CRLs and OCSP answers, one file each, in DER or PEM.

What ``--evidence-out`` wrote has, besides, one ``<SHA-256 of the document>.json`` for each document
that was judged: the items its verdict could lean on, who was asked for them, and when. A document that is
named so gets exactly these items again, any other gets all: the same report can be made again, which says
besides that it was. What else lies in the folder counts for it as soon as something there says that one of its
certificates was revoked: a list must hide nobody's revocation.

What a file is, its content says. So nothing is written that its content does not show to be what it
was used as: rubbish in a document's DSS, or an OCSP answer among its CRLs, the document brings itself.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

from cryptography import x509
from cryptography.x509 import ocsp

from ecert.errors import InputError
from ecert.formats.asn1_bounds import Excess, certificate_excess, crl_excess, ocsp_excess
from ecert.formats.pades.dss import read_dss
from ecert.formats.pdf import Document, StructureFault
from ecert.model import files
from ecert.model.evidence import Attempt, Evidence
from ecert.model.files import write_file
from ecert.model.limits import MAX_EVIDENCE_BYTES
from ecert.model.pem import decode_pem, pem_blocks
from ecert.model.times import rfc3339
from ecert.trust.certificates import load
from ecert.trust.signed import UNREADABLE

ItemKind = Literal["certificates", "ocsps", "crls"]
_LIST = re.compile(r"[0-9a-f]{64}\.json")
#: kind → suffix of the files that --evidence-out writes
SUFFIXES: dict[ItemKind, str] = {"certificates": ".cer", "ocsps": ".ors", "crls": ".crl"}


@dataclass(frozen=True)
class _List:
    """What was used for one document: file names, who was asked, and when it was judged."""

    names: tuple[str, ...]
    attempts: tuple[Attempt, ...]
    kept: datetime


@dataclass
class EvidenceFolder:
    """One folder that was named with ``--evidence``."""

    items: dict[str, list[tuple[ItemKind, bytes]]] = field(default_factory=dict)
    lists: dict[str, _List] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read every file; what it is, its content says.

        Raises:
            InputError: the folder cannot be read, or a file is no certificate, CRL or OCSP answer.
        """
        found = cls()
        for path in _files(folder):
            if _LIST.fullmatch(path.name):
                found.lists[path.stem] = _read_list(path)
                continue
            for der in _ders(files.read(path, MAX_EVIDENCE_BYTES)):
                kind = _kind(der)
                if kind is None:
                    raise InputError(
                        f"{path} is not a certificate, CRL or OCSP answer in DER or PEM",
                        code="evidence-refused",
                        hint="remove it from the folder of evidence",
                    )
                found.items.setdefault(path.name, []).append((kind, der))
        return found

    def for_document(self, digest: str) -> Evidence:
        """Return what belongs to the document with this SHA-256, in hex.

        Raises:
            InputError: its list names a file that is not there.
        """
        chosen = self.lists.get(digest)
        missing = [n for n in chosen.names if n not in self.items] if chosen else []
        if missing:
            raise InputError(
                f"the evidence {missing[0]} is listed in {digest}.json and is not there",
                code="evidence-refused",
                hint="restore the folder as --evidence-out wrote it",
            )
        if chosen is None:
            return self._evidence(self.items)
        found, everything = self._evidence(chosen.names), self._evidence(self.items)
        return replace(found, attempts=chosen.attempts, doubts=everything - found, kept=chosen.kept)

    def _evidence(self, names: Iterable[str]) -> Evidence:
        items = [item for name in names for item in self.items[name]]
        certificates, ocsps, crls = ([der for kind, der in items if kind == k] for k in SUFFIXES)
        return Evidence.of(certificates, ocsps, crls)


def evidence_for(folders: Sequence[EvidenceFolder], data: bytes) -> Evidence:
    """Return what folders hold for one document; what two of them tell alike counts once.

    Raises:
        InputError: a folder is not as ``--evidence-out`` wrote it.
    """
    digest, found = hashlib.sha256(data).hexdigest(), Evidence()
    for folder in folders:
        more = folder.for_document(digest)
        found += replace(more, attempts=_besides(found.attempts, more.attempts))
    return found


def _besides(known: Iterable[Attempt], told: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """Return the attempts that are not among the known ones; one address may be asked several times."""
    left, new = Counter(known), []
    for attempt in told:
        if left[attempt]:
            left[attempt] -= 1
        else:
            new.append(attempt)
    return tuple(new)


def _read_list(path: Path) -> _List:
    try:
        tree: Any = json.loads(files.read(path, MAX_EVIDENCE_BYTES))
        attempts = tuple(Attempt(str(a["url"]), str(a["outcome"]), "folder") for a in tree["attempts"])
        names = tuple(str(name) for name in tree["evidence"])
        return _List(names, attempts, _read_time(tree.get("kept")) or _written(path))
    except (ValueError, TypeError, KeyError, RecursionError) as exc:
        raise InputError(
            f"{path} is not a list that --evidence-out wrote",
            code="evidence-refused",
            hint="remove it from the folder of evidence",
        ) from exc


def _read_time(stated: str | None) -> datetime | None:
    """Return the time a list states; None: an older version wrote it, which stated none.

    Raises:
        ValueError: it is no time.
    """
    if stated is None:
        return None
    time = datetime.fromisoformat(stated)
    if time.tzinfo is None:
        raise ValueError("without a zone")
    return time.astimezone(UTC)


def _written(path: Path) -> datetime:
    """Return when a list was written, as the file system tells it."""
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    except OSError as exc:
        raise InputError(
            f"cannot read the folder of evidence {folder}: {exc.strerror}",
            code="not-readable",
            hint="--evidence names a folder",
        ) from exc


def _ders(data: bytes) -> Iterator[bytes]:
    if _kind(data) is not None:  # DER may hold text that looks like PEM
        yield data
        return
    blocks = [text for _, text in pem_blocks(data)]
    for text in blocks:
        yield decode_pem(text) or b""
    if not blocks:
        yield data


#: kind → what it exceeds, asked before the library sees it, and what reads it
_LOADERS: dict[ItemKind, tuple[Callable[[bytes], Excess | None], Callable[[bytes], object]]] = {
    "certificates": (certificate_excess, load),
    "ocsps": (ocsp_excess, ocsp.load_der_ocsp_response),
    "crls": (crl_excess, x509.load_der_x509_crl),
}


def _kind(der: bytes) -> ItemKind | None:
    for kind, (excess, read) in _LOADERS.items():
        if excess(der) is not None:
            continue
        try:
            read(der)
        except UNREADABLE:
            continue
        return kind
    return None


def evidence_inside(document: Document | None) -> Evidence:
    """Return what a document brings along in its DSS; an unreadable one brings nothing."""
    try:
        return read_dss(document) if document else Evidence()
    except StructureFault:
        return Evidence()


def write_evidence(evidence: Evidence, data: bytes, folder: Path, at: datetime) -> None:
    """Write what one document was judged with ``at`` a time: items named by their digests, and their list.

    What is there already under that name is the same item, and stays. What lay beside is written too, for it
    may say *revoked*. A list of what was kept before, and asked of nobody since, is as old as that.

    Raises:
        InputError: the folder or a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise InputError(f"cannot make the folder {folder}: {exc.strerror}", code="not-writable") from exc
    names = _write_items(evidence, folder)
    _write_items(evidence.doubts or Evidence(), folder)
    attempts = [{"url": a.url, "outcome": a.outcome} for a in evidence.attempts]
    again = evidence.kept is not None and all(a.told_by for a in evidence.attempts)
    kept = evidence.kept if again and evidence.kept else at
    tree = {"kept": rfc3339(kept), "evidence": sorted(names), "attempts": attempts}
    path = folder / f"{hashlib.sha256(data).hexdigest()}.json"
    write_file(path, json.dumps(tree, indent=1).encode(), force=True)


def _write_items(evidence: Evidence, folder: Path) -> list[str]:
    """Write what is not there yet; return the files' names."""
    names = []
    for kind, suffix in SUFFIXES.items():
        for der in getattr(evidence, kind):
            if _kind(der) != kind:
                continue
            names.append(hashlib.sha256(der).hexdigest()[:32] + suffix)
            path = folder / names[-1]
            if not path.exists():
                write_file(path, der, force=True)
    return names
