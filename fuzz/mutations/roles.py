"""What each stream of a copy holds, by who refers to it."""

from __future__ import annotations

from collections.abc import Iterator

from ecert.formats.pdf import Document, PdfValue, Ref, Stream

#: the key under which a stream is referred to → what it holds
_BY_KEY = {
    "Contents": "content",
    "Metadata": "metadata",
    "DestOutputProfile": "ICC profile",
    "ToUnicode": "character map",
    "FontFile": "font",
    "FontFile2": "font",
    "FontFile3": "font",
    "CIDSet": "font",
    "CIDToGIDMap": "font",
    "F": "record",
    "UF": "record",
    "SMask": "image",
    "N": "appearance",
    "Certs": "certificate",
    "CRLs": "CRL",
    "OCSPs": "OCSP answer",
}


def stream_roles(document: Document) -> dict[tuple[int, int], str]:
    """Return (revision, object number) → what the stream holds; unnamed ones are left out."""
    named = {num: key for revision in document.revisions for num, key in _references(revision.index, document)}
    found: dict[tuple[int, int], str] = {}
    for revision in document.revisions:
        for num, entry in revision.objects.items():
            if not isinstance(entry.value, Stream):
                continue
            role = _BY_KEY.get(named.get(num, ""))
            if entry.value.dict.get("Subtype") == "Image":
                role = "image"
            elif entry.value.dict.get("Subtype") == "Form":
                role = "appearance"
            if role:
                found[revision.index, num] = role
    return found


def _references(index: int, document: Document) -> Iterator[tuple[int, str]]:
    for entry in document.revisions[index].objects.values():
        value = entry.value
        yield from _named(value.dict if isinstance(value, Stream) else value, "")


def _named(value: PdfValue, key: str) -> Iterator[tuple[int, str]]:
    if isinstance(value, Ref):
        yield value.num, key
    elif isinstance(value, dict):
        for inner, item in value.items():
            yield from _named(item, inner)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, key)
