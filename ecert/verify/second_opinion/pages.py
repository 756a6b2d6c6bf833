"""pypdf's view of pages, fields and record: now, and in the file cut back to each signed revision."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ecert.errors import Reason
from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pdf import Document, Ref, Stream, StructureFault
from ecert.formats.pdf.filters import decode_stream
from ecert.formats.pdf.objects import PdfDict, PdfValue
from ecert.formats.record import RECORD_FILE_NAME
from ecert.model.limits import MAX_COMPARED_CONTENT, MAX_DEPTH
from ecert.verify.case import Case
from ecert.verify.second_opinion.asking import Tool
from ecert.verify.stream_digests import sha256_hex

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader


class PageView(NamedTuple):
    """What one reader sees of a page; None: it cannot tell."""

    box: tuple[float, ...] | None
    rotation: int
    content: str | None  # SHA-256 of the drawing operators
    images: dict[str, str]  # resource name → SHA-256 of the stored data


def compare_pages(tool: Tool) -> None:
    """Compare pages and signature fields at the moments that count, and the record."""
    from pypdf import PdfReader

    case, document = tool.case, tool.case.document
    assert document is not None
    for index in _moments(case, document):
        end = document.revisions[index].end
        whole = index == len(document.revisions) - 1
        reader = PdfReader(io.BytesIO(case.data if whole else case.data[:end]), strict=False)
        _compare_fields(tool, reader, document, index)
        if _compare_count(tool, reader, document, index):
            _compare_views(tool, reader, document, index)
        if whole and case.policy.is_copy and case.record is not None:
            _compare_record(tool, reader)


def _moments(case: Case, document: Document) -> list[int]:
    """Return the first and the last revision that a person or body signed, and the newest."""
    signed = [s.revision for s in case.signed]
    return sorted({*signed[:1], *signed[-1:], len(document.revisions) - 1})


def _compare_fields(tool: Tool, reader: PdfReader, document: Document, index: int) -> None:
    fields = reader.get_fields() or {}
    theirs = sorted(n for n, f in fields.items() if f.get("/FT") == "/Sig" and f.get("/V"))
    ours = sorted(
        f.name
        for s in tool.case.signatures
        for f in s.signature.fields
        if document.dictionary(f.ref, index).get("V") is not None
    )
    if theirs != ours:
        tool.differs(Reason("opinion.signatures", theirs=str(theirs), ours=str(ours)))


def _compare_count(tool: Tool, reader: PdfReader, document: Document, index: int) -> bool:
    theirs, ours = len(reader.pages), sum(1 for _ in document.pages(index))
    if theirs != ours:
        tool.differs(Reason("opinion.pages", theirs=theirs, ours=ours))
    return theirs == ours


def _compare_views(tool: Tool, reader: PdfReader, document: Document, index: int) -> None:
    pairs = zip(reader.pages, document.pages(index), strict=True)
    for number, (page, ref) in enumerate(pairs, 1):
        theirs, ours = _their_view(page), _our_view(document, ref, index)
        if ours.content is None:
            theirs = theirs._replace(content=None)
        if theirs != ours:
            tool.differs(Reason("opinion.page-content", page=number, number=index))


def _compare_record(tool: Tool, reader: PdfReader) -> None:
    names = list(reader.attachments)
    if names != [RECORD_FILE_NAME]:
        tool.differs(Reason("opinion.attachments", theirs=str(names)))
    elif reader.attachments[RECORD_FILE_NAME] != [_record_bytes(tool.case)]:
        tool.differs(Reason("opinion.another-record"))


def _record_bytes(case: Case) -> bytes | None:
    """Return the record as the first revision holds it."""
    assert case.document is not None
    found = case.document.view(0).get(NUMBERS.RECORD_FILE)
    return found.value.encoded() if found and isinstance(found.value, Stream) else None


# ── a page as pypdf sees it ──────────────────────────────────────────────────────────────────────


def _their_view(page: PageObject) -> PageView:
    contents = page.get_contents()
    stated: Any = page.get("/MediaBox")
    box = tuple(float(v) for v in stated.get_object()) if stated is not None else None
    return PageView(
        box,
        page.rotation % 360,
        _operators(contents.get_data() if contents is not None else b""),
        dict(_their_images(page)),
    )


def _their_images(page: PageObject) -> Iterator[tuple[str, str]]:
    resources = page.get("/Resources")
    listed = resources.get_object().get("/XObject") if resources is not None else None
    for name, item in (listed.get_object() if listed is not None else {}).items():
        image: Any = item.get_object()
        if image is not None and image.get("/Subtype") == "/Image":
            yield name.removeprefix("/"), sha256_hex(image._data)


# ── the same page as the strict reader sees it ───────────────────────────────────────────────────


def _our_view(document: Document, page: Ref, index: int) -> PageView:
    node = document.dictionary(page, index)
    box = document.array(_inherited(document, node, "MediaBox", index), index)
    rotation = document.resolve(_inherited(document, node, "Rotate", index), index)
    return PageView(
        tuple(float(document.resolve(v, index)) for v in box) or None,
        rotation % 360 if type(rotation) is int else 0,
        _our_content(document, node.get("Contents"), index),
        dict(_our_images(document, node, index)),
    )


def _inherited(document: Document, node: PdfDict, key: str, index: int) -> PdfValue:
    for _ in range(MAX_DEPTH):
        if key in node or "Parent" not in node:
            break
        node = document.dictionary(node["Parent"], index)
    return node.get(key)


def _our_content(document: Document, value: PdfValue, index: int) -> str | None:
    """Return the digest of a page's operators; None: a filter that is not decoded here."""
    found = document.resolve(value, index)
    parts = found if isinstance(found, list) else [found]
    try:
        streams = (document.resolve(part, index) for part in parts)
        return _operators(b"\n".join(decode_stream(s, MAX_COMPARED_CONTENT) for s in streams if isinstance(s, Stream)))
    except StructureFault:
        return None


def _our_images(document: Document, node: PdfDict, index: int) -> Iterator[tuple[str, str]]:
    resources = document.dictionary(_inherited(document, node, "Resources", index), index)
    for name, item in document.dictionary(resources.get("XObject"), index).items():
        image = document.resolve(item, index)
        if isinstance(image, Stream) and image.dict.get("Subtype") == "Image":
            yield name, sha256_hex(image.data)


def _operators(content: bytes) -> str:
    """Return a digest of drawing operators, however many spaces stand between them."""
    return hashlib.sha256(b" ".join(content.split())).hexdigest()
