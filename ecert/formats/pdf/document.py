"""A PDF as revisions and objects: what is live as of which, and what no object accounts for (ISO 32000-1, 7.5.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeVar

from ecert.errors import Reason
from ecert.formats.pdf.faults import damaged
from ecert.formats.pdf.objects import PdfDict, PdfValue, Ref
from ecert.formats.pdf.oddities import Oddity
from ecert.model.limits import MAX_OBJECTS

_T = TypeVar("_T")
_VIEWS_KEPT = 8  # states of the document in memory: revisions are compared two by two


class IndirectObject(NamedTuple):
    """One numbered object; ``start`` and ``end`` are offsets in the file."""

    num: int
    gen: int
    value: PdfValue
    start: int
    end: int


class Gap(NamedTuple):
    """Bytes that belong to no object, section or trailer."""

    start: int
    end: int
    kind: Literal["white-space", "comment", "other"]
    revision: int


@dataclass
class Revision:
    """One update: bytes ``start`` to ``end`` of the file, what it wrote and what it freed."""

    index: int
    start: int
    end: int
    trailer: PdfDict
    objects: dict[int, IndirectObject] = field(default_factory=dict)
    freed: set[int] = field(default_factory=set)
    startxref: int = -1
    sections: tuple[int, ...] = ()  # offsets of its cross-reference sections
    completing: tuple[int, ...] = ()  # offsets of the streams that its tables name (/XRefStm)


class Document:
    """A file that was read whole; objects are seen as of any revision.

    ``oddities`` are what a strict reading would have refused, where the reading was not strict.
    """

    def __init__(
        self, data: bytes, revisions: list[Revision], gaps: list[Gap], oddities: Sequence[Oddity] = ()
    ) -> None:
        self.data = data
        self.revisions = revisions
        self.gaps = gaps
        self.oddities = oddities
        self._views: dict[int, dict[int, IndirectObject]] = {}
        self._read: set[int] | None = None  # numbers that were resolved, while somebody asks

    def view(self, revision: int = -1) -> dict[int, IndirectObject]:
        """Return every live object as of a revision (default: the newest)."""
        index = revision % len(self.revisions)
        if index not in self._views:
            near = max((i for i in self._views if i < index), default=-1)
            found = dict(self._views.get(near, {}))
            for update in self.revisions[near + 1 : index + 1]:
                for num in update.freed:
                    found.pop(num, None)
                found.update(update.objects)
            if len(self._views) >= _VIEWS_KEPT:
                del self._views[next(iter(self._views))]
            self._views[index] = found
        return self._views[index]

    def resolve(self, value: PdfValue, revision: int = -1) -> PdfValue:
        """Follow a reference (as of a revision) to its value; anything else is returned as it is."""
        for _ in range(10):  # references that lead to each other would never end
            if not isinstance(value, Ref):
                return value
            if self._read is not None:
                self._read.add(value.num)
            # a reference to what is not there, or to another generation, is null and no error (7.3.10)
            found = self.view(revision).get(value.num)
            value = found.value if found and found.gen == value.gen else None
        raise damaged(Reason("pdf.reference-chain"))

    def traced(self, walk: Callable[[], _T]) -> tuple[_T, set[int]]:
        """Return what a walk finds, and the numbers of all objects, missing ones too, that it asked for."""
        outer, self._read = self._read, set()
        try:
            found = walk()
            return found, self._read
        finally:
            if outer is not None:
                outer |= self._read
            self._read = outer

    def note(self, numbers: set[int]) -> None:
        """Count objects as asked for by the walk that is traced, if one is: it leans on what was found before."""
        if self._read is not None:
            self._read |= numbers

    def dictionary(self, value: PdfValue, revision: int = -1) -> PdfDict:
        """Return what ``value`` leads to if it is a dictionary, else an empty one."""
        found = self.resolve(value, revision)
        return found if isinstance(found, dict) else {}

    def array(self, value: PdfValue, revision: int = -1) -> list[PdfValue]:
        """Return what ``value`` leads to if it is an array, else an empty one."""
        found = self.resolve(value, revision)
        return found if isinstance(found, list) else []

    def root(self, revision: int = -1) -> PdfDict:
        """Return the document catalogue as of a revision."""
        trailer = self.revisions[revision].trailer
        return self.dictionary(trailer.get("Root"), revision)

    def pages(self, revision: int = -1) -> Iterator[Ref]:
        """Yield the pages in order, each as a reference.

        Raises:
            StructureFault: the page tree loops, or holds a page that is not an indirect object.
        """
        seen: set[Ref] = set()
        stack: list[PdfValue] = [self.root(revision).get("Pages")]
        while stack:
            ref = stack.pop()
            node = self.dictionary(ref, revision)
            if not isinstance(ref, Ref) or ref in seen or len(seen) > MAX_OBJECTS:
                raise damaged(Reason("pdf.page-tree-malformed"))
            seen.add(ref)
            if node.get("Type") == "Page" or "Kids" not in node:
                if not node:
                    raise damaged(Reason("pdf.page-tree-leads-nowhere"))
                yield ref
            else:
                stack.extend(reversed(self.array(node["Kids"], revision)))
