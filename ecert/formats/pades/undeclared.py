"""Signatures that a file holds and its form does not declare (ISO 32000-1, 12.7.2, 12.8.1).

Pages that were merged into another file, or taken out of it, keep the widgets and lose the form: readers show
a signature that nobody can verify. What :func:`~ecert.formats.pades.fields.read_signatures` finds is declared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from ecert.formats.pades.fields import PdfSignature
from ecert.formats.pdf import Document, Ref, Stream
from ecert.formats.pdf.objects import PdfDict, PdfValue
from ecert.model.limits import MAX_DEPTH

_USAGE_RIGHTS = ("UR", "UR3")


class Undeclared(NamedTuple):
    """Signatures outside the form, by the numbers of the objects that hold them; 0 stands for the trailer."""

    dictionaries: tuple[int, ...]
    widgets: tuple[int, ...]
    usage_rights: tuple[int, ...]


def undeclared_signatures(document: Document, declared: Collection[PdfSignature]) -> Undeclared:
    """Return the signatures in use that the form's fields do not lead to.

    A signature is a dictionary with /ByteRange and /Contents, or a widget of a signature field with a value.
    In use is what the newest trailer leads to. Usage rights (12.8.2.3) are told apart.

    Raises:
        StructureFault: references lead to references.
    """
    form = document.dictionary(document.root().get("AcroForm"))
    permissions = document.dictionary(document.root().get("Perms"))
    # dictionaries of the document are told apart by identity: one that is written in place has no number
    signed = {id(s.dictionary) for s in declared}
    fields = set(map(id, _below(document, form.get("Fields"))))
    rights = {id(right) for key in _USAGE_RIGHTS if (right := document.dictionary(permissions.get(key)))}
    dictionaries, widgets, usage_rights = dict[int, None](), dict[int, None](), dict[int, None]()
    for number, value in _in_use(document):
        if _is_signature(document, value) and id(value) not in signed:
            (usage_rights if id(value) in rights else dictionaries)[number] = None
        elif _is_signed_widget(document, value) and id(value) not in fields:
            widgets[number] = None
    return Undeclared(tuple(dictionaries), tuple(widgets), tuple(usage_rights))


def first_page_with(document: Document, numbers: Collection[int]) -> int | None:
    """Return the first page that has one of these objects among its annotations; None: no page has."""
    seen: set[int] = set()
    for page, ref in enumerate(document.pages(), 1):
        listed = document.array(document.dictionary(ref).get("Annots"))
        if id(listed) in seen:  # pages may share one array
            continue
        seen.add(id(listed))
        if any(isinstance(item, Ref) and item.num in numbers for item in listed):
            return page
    return None


def _below(document: Document, listed: PdfValue) -> Iterator[PdfDict]:
    """Yield every field and widget below a list of fields, each once, however many lists name it."""
    seen: set[int] = set()
    stack = [document.array(listed)]
    while stack:
        items = stack.pop()
        if not items or id(items) in seen:
            continue
        seen.add(id(items))
        for item in items:
            node = document.dictionary(item)
            if node and id(node) not in seen:
                seen.add(id(node))
                yield node
                stack.append(document.array(node.get("Kids")))


def _in_use(document: Document) -> Iterator[tuple[int, PdfDict]]:
    """Yield every dictionary the newest trailer leads to, with the number of the object that holds it."""
    view = document.view()
    stack: list[tuple[int, PdfValue]] = [(0, document.revisions[-1].trailer)]
    seen: set[int] = set()
    while stack:
        number, value = stack.pop()
        if isinstance(value, Ref):
            entry = view.get(value.num)
            if value.num not in seen and entry is not None:
                seen.add(value.num)
                stack.append((value.num, entry.value))
            continue
        if isinstance(value, Stream):
            value = value.dict
        if isinstance(value, dict):
            yield number, value
            stack.extend((number, item) for item in value.values() if _is_container(item))
        elif isinstance(value, list):
            stack.extend((number, item) for item in value if _is_container(item))


def _is_container(value: PdfValue) -> bool:
    return isinstance(value, Ref | dict | list | Stream)


def _is_signature(document: Document, value: PdfDict) -> bool:
    return "ByteRange" in value and isinstance(document.resolve(value.get("Contents")), bytes)


def _is_signed_widget(document: Document, value: PdfDict) -> bool:
    if document.resolve(value.get("Subtype")) != "Widget":
        return False
    kind, signed, above = value.get("FT"), value.get("V"), value.get("Parent")
    for _ in range(MAX_DEPTH):
        node = document.dictionary(above) if kind is None or signed is None else {}
        if not node:
            break
        kind = node.get("FT") if kind is None else kind
        signed = node.get("V") if signed is None else signed
        above = node.get("Parent")
    return document.resolve(kind) == "Sig" and document.resolve(signed) is not None
