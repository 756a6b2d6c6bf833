"""The document security store (EN 319 142-1, 5.4.2.2): validation data inside the file.

Read here, and made into objects; :mod:`ecert.formats.pades.increments` appends them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ecert.errors import Reason
from ecert.formats.asn1_bounds import Excess, certificate_excess, crl_excess, ocsp_excess
from ecert.formats.pdf import Document, StructureFault
from ecert.formats.pdf.filters import decode_stream, is_predicted
from ecert.formats.pdf.objects import PdfDict, PdfValue, Ref, Stream
from ecert.model.evidence import Evidence
from ecert.model.limits import (
    MAX_CERTIFICATES,
    MAX_EVIDENCE_BYTES,
    MAX_REVOCATION_ITEMS,
    MAX_STORE_BYTES,
    PREDICTED_COST,
)

_Array = Literal["Certs", "OCSPs", "CRLs"]
_EXCESS: dict[_Array, Callable[[bytes], Excess | None]] = {
    "Certs": certificate_excess,
    "OCSPs": ocsp_excess,
    "CRLs": crl_excess,
}
_ARRAYS: tuple[_Array, ...] = ("Certs", "OCSPs", "CRLs")


@dataclass(frozen=True)
class DssItem:
    """One stream that the DSS names; ``revision`` is the one that wrote it."""

    array: _Array
    der: bytes
    revision: int


def read_dss_items(document: Document, revision: int = -1) -> list[DssItem]:
    """Return what the DSS names as of a revision, in its order, repetitions included.

    Raises:
        StructureFault: an entry is not a readable stream, or there are too many.
    """
    store = document.dictionary(document.root(revision).get("DSS"), revision)
    if not store:
        return []
    decoded: dict[int, DssItem] = {}
    newest, view = revision % len(document.revisions), document.view(revision)
    items: list[DssItem] = []
    total = 0
    for key in _ARRAYS:
        refs = document.array(store.get(key), revision)
        limit = MAX_CERTIFICATES if key == "Certs" else MAX_REVOCATION_ITEMS
        if len(refs) > limit:
            raise StructureFault("over-limit", Reason("limits.dss-entries", key=key), limit=limit)
        for ref in refs:
            found = view.get(ref.num) if isinstance(ref, Ref) else None
            if found is None or not isinstance(found.value, Stream):
                raise StructureFault("pdf-damaged", Reason("pades.dss-holds-no-stream", key=key))
            item = decoded.get(found.num)
            if item is None or item.array != key:
                writer = max(i for i in range(newest + 1) if found.num in document.revisions[i].objects)
                der = decode_stream(found.value, MAX_EVIDENCE_BYTES)
                excess = _EXCESS[key](der)
                if excess is not None:
                    raise StructureFault("over-limit", excess.what, limit=excess.limit)
                item = decoded[found.num] = DssItem(key, der, writer)
            total += len(item.der) * (PREDICTED_COST if is_predicted(found.value) else 1)
            if total > MAX_STORE_BYTES:
                raise StructureFault("over-limit", Reason("limits.dss-bytes"), limit=MAX_STORE_BYTES)
            items.append(item)
    return items


def read_dss(document: Document, revision: int = -1) -> Evidence:
    """Return what the DSS holds as of a revision, each item once; no DSS holds nothing.

    Raises:
        StructureFault: an entry is not a readable stream, or there are too many.
    """
    return as_evidence(read_dss_items(document, revision))


def as_evidence(items: list[DssItem]) -> Evidence:
    """Return items as evidence, each once."""
    certificates, ocsps, crls = ([i.der for i in items if i.array == key] for key in _ARRAYS)
    return Evidence.of(certificates, ocsps, crls)


def dss_objects(document: Document, evidence: Evidence, first: int) -> tuple[dict[int, PdfValue], PdfDict]:
    """Return new objects (numbered from ``first``) and the DSS dictionary that names old and new.

    ``evidence`` must hold only what the document's DSS does not hold yet.
    """
    root = document.root()
    store = dict(document.dictionary(root.get("DSS")))
    objects: dict[int, PdfValue] = {}
    num = first
    for key, items in zip(_ARRAYS, (evidence.certificates, evidence.ocsps, evidence.crls), strict=True):
        refs = list(document.array(store.get(key)))
        for item in items:
            objects[num] = Stream({"Length": len(item)}, item)
            refs.append(Ref(num))
            num += 1
        if refs:
            store[key] = refs
    return objects, store
