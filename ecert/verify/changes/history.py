"""The states a document went through: live objects, who refers to whom, form and pages, per revision."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from ecert.errors import Reason
from ecert.formats.pdf import Document, Ref, Revision, StructureFault
from ecert.formats.pdf.objects import PdfDict, PdfValue, decode_text_string, references
from ecert.model.limits import MAX_COMPARED, MAX_DEPTH, MAX_FILLINGS

_T = TypeVar("_T")
_WIDGET_COST = 64  # what judging a widget counts as, beside its characters
#: what readers follow; other keys are their writers' own (table 15)
TRAILER_LEADS = ("Root", "Info", "ID", "Encrypt")
TRAILER = 0  # stands for the trailer among the sources of references; no object has this number


class FormNode(NamedTuple):
    """A field or widget of the form: ``kind`` is its /FT, inherited too, ``chain`` its ancestors."""

    num: int
    name: str
    value: PdfDict
    kind: PdfValue
    chain: tuple[int, ...]


class Form:
    """The fields and widgets of one state, by number and by family."""

    def __init__(self, listed: list[PdfValue], nodes: list[FormNode], twice: bool) -> None:
        self.listed = listed
        self.nodes = nodes
        self.twice = twice  # some field is listed twice

    @cached_property
    def numbers(self) -> frozenset[int]:
        """Return the numbers of all fields and widgets."""
        return frozenset(node.num for node in self.nodes)

    @cached_property
    def names(self) -> frozenset[str]:
        """Return their names."""
        return frozenset(node.name for node in self.nodes)

    @cached_property
    def _families(self) -> dict[int, list[FormNode]]:
        found: dict[int, list[FormNode]] = {}
        for node in self.nodes:
            for num in dict.fromkeys((node.num, *node.chain)):
                found.setdefault(num, []).append(node)
        return found

    def family(self, number: int) -> list[FormNode]:
        """Return a field with all fields and widgets below it."""
        return self._families.get(number, [])

    def among(self, numbers: Collection[int]) -> Iterator[FormNode]:
        """Yield the fields and widgets that are among some objects."""
        if not self.numbers.isdisjoint(numbers):
            yield from (node for node in self.nodes if node.num in numbers)


class History:
    """The document revision by revision; everything is read once, and the work is counted."""

    def __init__(self, document: Document) -> None:
        self.document = document
        #: object → what refers to it, and how often
        self.uses: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self.leads: Counter[int] = Counter()  # what readers follow of the trailer
        self.named_aside: set[int] = set()  # what any trailer named elsewhere
        self._targets: dict[int, Counter[int]] = {}
        self._states: dict[str, dict[int, Any]] = {}
        self._taken = 0
        self._shown: dict[int, int] | None = None  # object → first page, of the state taken in
        self._work = 0
        self._filled = 0

    def advance(self, revision: Revision) -> None:
        """Take a revision into :attr:`uses`."""
        self._shown, self._taken = None, revision.index
        for num in revision.freed:
            self._replace(num, Counter())
        for num, entry in revision.objects.items():
            # a cross-reference stream, listed as an object
            trailer = entry.start in revision.sections or entry.start in revision.completing
            self._replace(num, Counter() if trailer else references(entry.value))
        self._replace(TRAILER, references(revision.trailer))
        self.leads = references([revision.trailer.get(key) for key in TRAILER_LEADS])
        self.named_aside |= references(revision.trailer).keys() - self.leads.keys()

    def _replace(self, source: int, targets: Counter[int]) -> None:
        for target in self._targets.get(source, ()):
            del self.uses[target][source]
        for target, count in targets.items():
            self.uses[target][source] = count
        self._targets[source] = targets

    def nodes(self, index: int) -> list[FormNode]:
        """Return every field and widget of the form as of a revision."""
        return self.form(index).nodes

    def form(self, index: int) -> Form:
        """Return the form as of a revision; the same object while no revision touches it."""
        return self._kept("form", index, lambda: self._form(index))

    def _form(self, index: int) -> Form:
        form = self.document.dictionary(self.document.root(index).get("AcroForm"), index)
        listed = self.document.array(form.get("Fields"), index)

        def walk() -> Form:
            nodes = self.counted(list(_form_nodes(self.document, listed, index)))
            return Form(listed, nodes, len({repr(ref) for ref in listed}) != len(listed))

        # the list may be written again with what it held
        return self._kept("fields", index, walk, lambda form: form.listed == listed)

    def pages(self, index: int) -> list[Ref]:
        """Return the pages as of a revision."""
        return self._kept("pages", index, lambda: self.counted(list(self.document.pages(index))))

    def page_parts(self, index: int) -> dict[int, list[int]]:
        """Return which pages, by their place, an object is, or is the list of annotations of."""
        return self._kept("parts", index, lambda: self._page_parts(index))

    def _page_parts(self, index: int) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for place, ref in enumerate(self.counted(self.pages(index)), 1):
            listed = self.document.dictionary(ref, index).get("Annots")
            for num in {ref.num, *([listed.num] if isinstance(listed, Ref) else ())}:
                found.setdefault(num, []).append(place)
        return found

    def _kept(self, what: str, index: int, walk: Callable[[], _T], still: Callable[[_T], bool] = lambda _: True) -> _T:
        """Return what a walk found, in this state or an earlier one where nothing it asked for changed since."""
        states: dict[int, tuple[Any, set[int]]] = self._states.setdefault(what, {})
        if index not in states:
            last = max((k for k in states if k < index), default=None)
            before = None if last is None else states[last]
            if (
                last is not None
                and before is not None
                and self._is_untouched(range(last + 1, index + 1), before[1])
                and still(before[0])
            ):
                states[index] = before
            else:
                states[index] = self.document.traced(walk)
            for other in [k for k in states if abs(k - index) > 1]:  # compared two by two
                del states[other]
        found: _T = states[index][0]
        self.document.note(states[index][1])
        return found

    def _is_untouched(self, indices: range, asked: set[int]) -> bool:
        """Return whether revisions wrote and freed none of these objects, and kept the catalogue."""
        revisions = self.document.revisions
        return all(
            revisions[i].trailer.get("Root") == revisions[i - 1].trailer.get("Root")
            and asked.isdisjoint(revisions[i].objects)
            and asked.isdisjoint(revisions[i].freed)
            for i in indices
        )

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
        self.counted(list(found))
        return found

    def annotated_with(self, number: int, index: int) -> int | None:
        """Return the first page that has an object among its annotations as of a revision."""
        return next((page for page, *_ in self.annotated(index).get(number, ())), None)

    def annotated(self, index: int) -> dict[int, list[tuple[int, Ref, Ref]]]:
        """Return which pages list an annotation, by its number: the page's number, reference, and the annotation's."""
        return self._kept("annotations", index, lambda: self._annotations(index))

    def _annotations(self, index: int) -> dict[int, list[tuple[int, Ref, Ref]]]:
        found: dict[int, list[tuple[int, Ref, Ref]]] = {}
        for page, ref in enumerate(self.counted(self.pages(index)), 1):
            listed = self.document.dictionary(ref, index).get("Annots")
            for item in self.counted(self.document.array(listed, index)):
                if isinstance(item, Ref):
                    found.setdefault(item.num, []).append((page, ref, item))
        return found

    def count_filling(self, characters: int) -> None:
        """Count the judging of one widget, with so many characters of value and picture."""
        self._filled += _WIDGET_COST + characters
        if self._filled > MAX_FILLINGS:
            raise StructureFault("over-limit", Reason("limits.fields-held-against-pictures"), limit=MAX_FILLINGS)

    def counted(self, found: list[_T]) -> list[_T]:
        """Count what is looked at one by one, and hand it on.

        Raises:
            StructureFault: it is more than is compared.
        """
        self._work += len(found)
        if self._work > MAX_COMPARED:
            raise StructureFault("over-limit", Reason("limits.pages-and-fields-compared"), limit=MAX_COMPARED)
        return found


def _form_nodes(document: Document, listed: list[PdfValue], index: int) -> Iterator[FormNode]:
    stack: list[tuple[PdfValue, str, PdfValue, tuple[int, ...]]] = [(r, "", None, ()) for r in listed]
    seen: set[Ref] = set()
    while stack:
        ref, prefix, kind, chain = stack.pop()
        if not isinstance(ref, Ref) or ref in seen:
            continue
        seen.add(ref)
        if len(chain) > MAX_DEPTH:
            raise StructureFault("over-limit", Reason("limits.field-nesting"), limit=MAX_DEPTH)
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
