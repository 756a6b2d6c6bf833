"""The document security store (EN 319 142-1, 5.4.2.2): validation data inside the file."""

from __future__ import annotations

from ecert.formats.pdf import Document, StructureFault
from ecert.formats.pdf.filters import decode_stream
from ecert.formats.pdf.objects import PdfDict, PdfValue, Ref, Stream
from ecert.model.evidence import Evidence
from ecert.model.limits import MAX_CERTIFICATES, MAX_EVIDENCE_BYTES, MAX_REVOCATION_ITEMS

_ARRAYS = ("Certs", "OCSPs", "CRLs")


def read_dss(document: Document, revision: int = -1) -> Evidence:
    """Return what the DSS holds as of a revision; no DSS holds nothing.

    Raises:
        StructureFault: an entry is not a readable stream, or there are too many.
    """
    store = document.dictionary(document.root(revision).get("DSS"), revision)
    items: list[list[bytes]] = []
    for key in _ARRAYS:
        refs = document.array(store.get(key), revision)
        limit = MAX_CERTIFICATES if key == "Certs" else MAX_REVOCATION_ITEMS
        if len(refs) > limit:
            raise StructureFault("over-limit", f"entries of /DSS /{key}", limit=limit)
        streams = [document.resolve(ref, revision) for ref in refs]
        if not all(isinstance(s, Stream) for s in streams):
            raise StructureFault("pdf-damaged", f"/DSS /{key} holds something else than streams")
        items.append([decode_stream(s, MAX_EVIDENCE_BYTES) for s in streams])
    certificates, ocsps, crls = items
    return Evidence.of(certificates, ocsps, crls)


def repeats_itself(document: Document) -> bool:
    """Tell whether the newest DSS names something twice."""
    store = document.dictionary(document.root().get("DSS"))
    streams = [document.resolve(r) for key in _ARRAYS for r in document.array(store.get(key))]
    items = [s.encoded() for s in streams if isinstance(s, Stream)]
    return len(items) != len(set(items))


def dss_objects(
    document: Document, evidence: Evidence, first: int
) -> tuple[dict[int, PdfValue], PdfDict]:
    """Return new objects (numbered from ``first``) and the DSS dictionary that names old and new.

    ``evidence`` must hold only what the document's DSS does not hold yet.
    """
    root = document.root()
    store = dict(document.dictionary(root.get("DSS")))
    objects: dict[int, PdfValue] = {}
    num = first
    for key, items in zip(
        _ARRAYS, (evidence.certificates, evidence.ocsps, evidence.crls), strict=True
    ):
        refs = list(document.array(store.get(key)))
        for item in items:
            objects[num] = Stream({"Length": len(item)}, item)
            refs.append(Ref(num))
            num += 1
        if refs:
            store[key] = refs
    return objects, store
