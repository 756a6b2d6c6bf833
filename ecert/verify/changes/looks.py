"""What each page of a copy shows: at the signer's revision, at the seal's, and now.

Our pages are images, so this is decided without drawing anything. A page shows its dictionary with
what it inherits (ISO 32000-1, 7.7.3.4), everything that leads to (resources, content, images, fonts)
and its visible annotations with their appearances (12.5.2, 12.5.5). Objects that no later revision
wrote are the same by their place in the file; the others are compared by digest.

The other modules judge each step, this one the result: what slips past one is seen by the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from ecert.errors import Reason
from ecert.formats.pdf import Document, Ref, Stream, StructureFault
from ecert.formats.pdf.document import IndirectObject
from ecert.formats.pdf.objects import PdfDict, PdfValue, references
from ecert.model.findings import Code
from ecert.model.limits import MAX_DEPTH, MAX_SHOWN_OBJECTS
from ecert.model.roles import SignatureRole
from ecert.verify.case import Case, PageHistory, SignatureCase
from ecert.verify.stream_digests import StreamDigests, sha256_hex

_ROLES: tuple[SignatureRole, ...] = ("signer", "seal")
_INHERITED = ("Resources", "MediaBox", "CropBox", "Rotate")
_ABOVE = ("Page", "Pages", "Catalog")  # what a page refers to without showing it
#: an annotation's keys that lead elsewhere or hold a signature's value, which nobody sees
_UNSEEN = {"P", "Parent", "Popup", "V"}


def check_looks(case: Case, digests: StreamDigests) -> None:
    """Hold what the pages show now against what signer and seal saw; findings name the page.

    From the signer to the seal a page may gain the seal's appearance; after the seal nothing. What a
    finding about a revision already names is not told again.

    Raises:
        StructureFault: a page leads to more objects than are compared.
    """
    signer, seal = (next(iter(case.by_role(role)), None) for role in _ROLES)
    if case.document is None or signer is None:
        return
    if seal is not None and seal.revision <= signer.revision:
        seal = None  # told as seal-before-signer
    moments = (signer.revision, seal.revision if seal else -1, -1)
    orders = [list(case.document.pages(index)) for index in moments]
    for since, before, after in zip((signer, seal), orders, orders[1:], strict=False):
        if since is not None and before != after:
            _tell(case, since, Reason("changes.page-list-changed"))
    looks = Looks(case.document, digests)
    for number, page in looks.touched(signer.revision):
        then = looks.look(page, signer.revision)
        sealed = looks.look(page, seal.revision) if seal else None
        now = looks.look(page, -1)
        case.page_histories.append(PageHistory(number, then.sha256, sealed.sha256 if sealed else None, now.sha256))
        if seal is not None and sealed != now:
            _tell(case, seal, Reason("changes.page-shows-something-else", page=number), number, page)
        if then.without(seal) != (sealed or now).without(seal):
            _tell(case, signer, Reason("changes.page-shows-something-else", page=number), number, page)


def _tell(case: Case, since: SignatureCase, what: Reason, number: int | None = None, page: Ref | None = None) -> None:
    code: Code = "changed-after-seal" if since.role == "seal" else "changed-after-signer"
    since.changes_after = "forbidden"
    if not any(f.code == code and f.where.get("page") == number for f in case.findings):
        case.add(code, page=number, object=page.num if page else None, what=what)


class PageLook(NamedTuple):
    """What a page shows: a digest of its content, and one for each visible annotation."""

    content: str
    marks: dict[int, str]

    @property
    def sha256(self) -> str:
        """Return one digest of all a page shows, in lower-case hex."""
        return sha256_hex(repr((self.content, sorted(self.marks.items()))).encode())

    def without(self, field: SignatureCase | None) -> PageLook:
        """Leave out the annotation of a field that was still to be signed."""
        own = field.signature.field.ref.num if field else None
        return PageLook(self.content, {k: v for k, v in self.marks.items() if k != own})


class _SeenObject(NamedTuple):
    """An object with what it leads to; ``is_above``: a page or what holds pages, referred to but not shown."""

    is_above: bool
    targets: frozenset[int]
    digest: bytes


_MISSING = _SeenObject(is_above=False, targets=frozenset(), digest=b"")


class Looks:
    """What the pages of one document show as of any revision."""

    def __init__(self, document: Document, digests: StreamDigests) -> None:
        self._document = document
        self._digests = digests
        self._objects: dict[tuple[int, int], _SeenObject] = {}

    def touched(self, since: int) -> list[tuple[int, Ref]]:
        """Return number and reference of the pages that a revision after ``since`` may have changed.

        Raises:
            StructureFault: a page leads to more objects than are compared.
        """
        later = self._document.revisions[since + 1 :]
        written = {num for r in later for num in (*r.objects, *r.freed)}
        pages = enumerate(self._document.pages(since), 1)
        return [(i, ref) for i, ref in pages if written & self._numbers(ref, since)]

    def look(self, page: Ref, index: int) -> PageLook:
        """Return what a page shows as of a revision."""
        content = self._digest(self._content(page, index), index)
        marks = {
            num: self._digest(_seen(value), index)
            for num, value in self._annotations(page, index)
            if _is_visible(self._document, value, index)
        }
        return PageLook(content, marks)

    def _content(self, page: Ref, index: int) -> PdfDict:
        """Return the page's own entries and those it inherits, without annotations."""
        node = self._document.dictionary(page, index)
        shown = {k: v for k, v in node.items() if k not in ("Parent", "Annots")}
        for _ in range(MAX_DEPTH):
            node = self._document.dictionary(node.get("Parent"), index)
            if not node:
                return shown
            shown |= {k: node[k] for k in _INHERITED if k in node and k not in shown}
        raise StructureFault("over-limit", Reason("limits.page-tree-nesting"), limit=MAX_DEPTH)

    def _annotations(self, page: Ref, index: int) -> Iterator[tuple[int, PdfDict]]:
        """Yield number and value of each annotation; without an object, minus its place in the list."""
        listed = self._document.dictionary(page, index).get("Annots")
        for place, item in enumerate(self._document.array(listed, index), 1):
            number = item.num if isinstance(item, Ref) else -place
            yield number, self._document.dictionary(item, index)

    def _numbers(self, page: Ref, index: int) -> set[int]:
        """Return the numbers of every object a page or its annotations rest on, missing ones too."""
        node = self._document.dictionary(page, index)
        found = {page.num}
        above = node.get("Parent")
        while isinstance(above, Ref) and above.num not in found:
            found.add(above.num)
            above = self._document.dictionary(above, index).get("Parent")
        listed = node.get("Annots")
        if isinstance(listed, Ref):
            found.add(listed.num)
        found |= self._reached(self._content(page, index), index)
        for num, value in self._annotations(page, index):
            found |= {num} | self._reached(_seen(value), index)
        return found

    def _reached(self, value: PdfValue, index: int) -> set[int]:
        """Return the numbers of all objects a value leads to, other pages left out."""
        view, found = self._document.view(index), set[int]()
        fresh = set(references(value))
        while fresh:
            num = fresh.pop()
            seen = self._seen_object(view.get(num))
            if seen.is_above:
                continue
            found.add(num)
            fresh |= seen.targets - found
            if len(found) > MAX_SHOWN_OBJECTS:
                raise StructureFault("over-limit", Reason("limits.objects-of-one-page"), limit=MAX_SHOWN_OBJECTS)
        return found

    def _digest(self, value: PdfValue, index: int) -> str:
        """Return the SHA-256 of a value with everything it leads to."""
        view = self._document.view(index)
        whole = hashlib.sha256(repr(self._plain(value)).encode())
        for num in sorted(self._reached(value, index)):
            whole.update(b"%d " % num + self._seen_object(view.get(num)).digest)
        return whole.hexdigest()

    def _seen_object(self, entry: IndirectObject | None) -> _SeenObject:
        """Return what an object is to the pages: looked at once, however often it is shown."""
        if entry is None:
            return _MISSING
        key = entry.num, entry.start
        if key not in self._objects:
            value = entry.value
            above = isinstance(value, dict) and value.get("Type") in _ABOVE
            digest = b"" if above else hashlib.sha256(repr(self._plain(value)).encode()).digest()
            self._objects[key] = _SeenObject(above, frozenset(references(value)), digest)
        return self._objects[key]

    def _plain(self, value: PdfValue) -> PdfValue:
        """Return a value in one form however it was written; a stream by its digest."""
        match value:
            case Stream():
                return self._plain(value.dict), self._digests.sha256(value)
            case dict():
                return [(k, self._plain(value[k])) for k in sorted(value)]
            case list():
                return [self._plain(v) for v in value]
        return value


def _seen(annotation: PdfDict) -> PdfDict:
    return {k: v for k, v in annotation.items() if k not in _UNSEEN}


def _is_visible(document: Document, annotation: PdfDict, index: int) -> bool:
    """Return whether an annotation covers any place: document time-stamps have none."""
    rect = document.array(annotation.get("Rect"), index)
    numbers = len(rect) == 4 and all(type(v) in (int, float) for v in rect)
    return not numbers or (rect[0] != rect[2] and rect[1] != rect[3])
