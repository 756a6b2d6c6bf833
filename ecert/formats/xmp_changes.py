"""What software may write anew in a document's XMP without saying anything about it (ISO 16684-1, 7 and 8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ecert.model.limits import MAX_DEPTH, MAX_XMP_BYTES

_XMP, _PDF = "{http://ns.adobe.com/xap/1.0/}", "{http://ns.adobe.com/pdf/1.3/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
#: who wrote the file and when; properties of rdf:Description, as elements or as attributes
_FREE = {f"{_XMP}ModifyDate", f"{_XMP}MetadataDate", f"{_PDF}Producer"}


def says_the_same(before: bytes, after: bytes) -> bool:
    """Return whether two XMP packets differ in nothing but their dates and the producer.

    Both are compared as parsed, so that no text can pass for an element. What is not XML, or has a
    document type declaration, is never the same.
    """
    trees = [_read(data) for data in (before, after)]
    return None not in trees and trees[0] == trees[1]


def _read(data: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser) if len(data) <= MAX_XMP_BYTES else None
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        return None
    return list(_plain(root, 0))


def _plain(node: Any, depth: int) -> Iterator[Any]:
    """Yield an element as it counts: name, attributes, texts and children; layout does not count."""
    if depth > MAX_DEPTH or not isinstance(node.tag, str):
        yield "no element", node.text, node.tail  # a comment or instruction counts as it stands
        return
    free = _FREE if node.tag == f"{_RDF}Description" else set()
    yield node.tag, sorted((k, v) for k, v in node.attrib.items() if k not in free)
    kept = [c for c in node if c.tag not in free or len(c) or c.attrib]
    if len(node) == 0 and not free:
        yield node.text or ""  # a value, to the letter
    else:
        yield [t for t in (node.text, *(c.tail for c in node)) if t and t.strip()]
    for child in kept:
        yield list(_plain(child, depth + 1))
