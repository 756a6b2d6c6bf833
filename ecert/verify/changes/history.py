"""The states a document went through: live objects, who refers to whom, form and pages, per revision."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from ecert.formats.pdf import Document, Ref, Revision, Stream, StructureFault
from ecert.formats.pdf.objects import PdfDict, PdfValue, decode_text_string
from ecert.model.limits import MAX_COMPARED, MAX_DEPTH, MAX_FILLINGS

T = TypeVar("T")
_WIDGET_COST = 64  # what judging a widget counts as, beside its characters
TRAILER = 0  # stands for the trailer among the sources of references; no object has this number


class FormNode(NamedTuple):
    """A field or widget of the form: ``kind`` is its /FT, inherited too, ``chain`` its ancestors."""

    num: int
    name: str
    value: PdfDict
    kind: PdfValue
    chain: tuple[int, ...]


class History:
    """The document revision by revision; everything is read once, and the work is counted."""

    def __init__(self, document: Document) -> None:
        self.document = document
        #: object → what refers to it, and how often
        self.uses: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._targets: dict[int, Counter[int]] = {}
        self._nodes: dict[int, list[FormNode]] = {}
        self._pages: dict[int, list[Ref]] = {}
        self._taken = 0
        self._shown: dict[int, int] | None = None  # object → first page, of the state taken in
        self._annotated: dict[int, dict[int, int]] = {}  # likewise, annotations as of a revision
        self._work = 0
        self._filled = 0

    def advance(self, revision: Revision) -> None:
        """Take a revision into :attr:`uses`."""
        self._shown, self._taken = None, revision.index
        for num in revision.freed:
            self._replace(num, Counter())
        for num, entry in revision.objects.items():
            trailer = entry.start in revision.sections  # a cross-reference stream, listing itself
            self._replace(num, Counter() if trailer else references(entry.value))
        self._replace(TRAILER, references(revision.trailer))

    def _replace(self, source: int, targets: Counter[int]) -> None:
        for target in self._targets.get(source, ()):
            del self.uses[target][source]
        for target, count in targets.items():
            self.uses[target][source] = count
        self._targets[source] = targets

    def nodes(self, index: int) -> list[FormNode]:
        """Return every field and widget of the form as of a revision."""
        if index not in self._nodes:
            self._nodes = {k: v for k, v in self._nodes.items() if k == index - 1}
            self._nodes[index] = self._counted(list(_form_nodes(self.document, index)))
        return self._nodes[index]

    def pages(self, index: int) -> list[Ref]:
        """Return the pages as of a revision."""
        if index not in self._pages:
            self._pages = {k: v for k, v in self._pages.items() if k == index - 1}
            self._pages[index] = self._counted(list(self.document.pages(index)))
        return self._pages[index]

    def shown_on(self, number: int) -> int | None:
        """Return the first page that rests on an object, in the state taken in; None: no page does.

        A page rests on what it refers to, directly or not, on the nodes above it and on the fields of its widgets.
        """
        if self._shown is None:
            self._shown = self._rest_of_pages(self._taken)
        return self._shown.get(number)

    def _rest_of_pages(self, index: int) -> dict[int, int]:
        """Return the first page that rests on each object; no page rests on another."""
        pages = {ref.num: i for i, ref in reversed(list(enumerate(self.pages(index), 1)))}
        found = dict(pages)
        for page, number in sorted((i, num) for num, i in pages.items()):
            stack = [number]
            while stack:
                fresh = self._targets.get(stack.pop(), Counter()).keys() - found.keys()
                found.update(dict.fromkeys(fresh, page))
                stack.extend(fresh)
        self._counted(list(found))
        return found

    def annotated_with(self, number: int, index: int) -> int | None:
        """Return the first page that has an object among its annotations as of a revision."""
        if index not in self._annotated:
            self._annotated = {index: self._annotations(index)}
        return self._annotated[index].get(number)

    def _annotations(self, index: int) -> dict[int, int]:
        found: dict[int, int] = {}
        for page, _, item in self.annotations(index):
            found.setdefault(item.num, page)
        return found

    def annotations(self, index: int) -> Iterator[tuple[int, Ref, Ref]]:
        """Yield every annotation as of a revision with its page, by number and as a reference."""
        for page, ref in enumerate(self.pages(index), 1):
            listed = self.document.dictionary(ref, index).get("Annots")
            for item in self._counted(self.document.array(listed, index)):
                if isinstance(item, Ref):
                    yield page, ref, item

    def count_filling(self, characters: int) -> None:
        """Count the judging of one widget, with so many characters of value and picture."""
        self._filled += _WIDGET_COST + characters
        if self._filled > MAX_FILLINGS:
            raise StructureFault(
                "over-limit", "form fields held against their pictures", limit=MAX_FILLINGS
            )

    def _counted(self, found: list[T]) -> list[T]:
        self._work += len(found)
        if self._work > MAX_COMPARED:
            raise StructureFault("over-limit", "pages and fields compared", limit=MAX_COMPARED)
        return found


def references(value: PdfValue) -> Counter[int]:
    """Return the numbers of all objects a value refers to, and how often."""
    found: Counter[int] = Counter()
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, Ref):
            found[item.num] += 1
        elif isinstance(item, Stream):
            stack.append(item.dict)
        elif isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return found


def _form_nodes(document: Document, index: int) -> Iterator[FormNode]:
    form = document.dictionary(document.root(index).get("AcroForm"), index)
    stack: list[tuple[PdfValue, str, PdfValue, tuple[int, ...]]] = [
        (r, "", None, ()) for r in document.array(form.get("Fields"), index)
    ]
    seen: set[Ref] = set()
    while stack:
        ref, prefix, kind, chain = stack.pop()
        if not isinstance(ref, Ref) or ref in seen:
            continue
        seen.add(ref)
        if len(chain) > MAX_DEPTH:
            raise StructureFault("over-limit", "nesting of form fields", limit=MAX_DEPTH)
        node = document.dictionary(ref, index)
        part = document.resolve(node.get("T"), index)
        name = prefix
        if isinstance(part, bytes):
            text = decode_text_string(part)
            name = f"{prefix}.{text}" if prefix else text
        kind = document.resolve(node.get("FT", kind), index)
        yield FormNode(ref.num, name, node, kind, chain)
        below = (*chain, ref.num)
        stack.extend((kid, name, kind, below) for kid in document.array(node.get("Kids"), index))
