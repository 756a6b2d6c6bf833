"""A PDF as revisions and objects, with an account of who wrote which byte (ISO 32000-1, 7.5.6).

Rules the reader enforces:

1. ``%PDF-`` at byte 0, ``startxref N %%EOF`` at the end; N is the newest section.
2. Sections chain by ``/Prev`` without a loop; in file order, but for a linearized first pair.
3. A revision's objects stand between the end of the one before and its own cross-reference section,
   at the very offset listed, under the very number and generation listed.
4. A stream's ``/Length`` is exact. Nothing is listed twice; no dictionary key stands twice.
5. No object has a number beyond its trailer's ``/Size``: readers differ in whether it exists.
6. What is left over is reported, never skipped: :attr:`Document.gaps`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Literal, NamedTuple, TypeVar

from ecert.errors import Reason
from ecert.formats.pdf.faults import StructureFault, damaged
from ecert.formats.pdf.filters import decode_stream, is_predicted
from ecert.formats.pdf.lexer import WHITE, Lexer
from ecert.formats.pdf.objects import PdfDict, PdfValue, Ref, Stream
from ecert.formats.pdf.xref import (
    END,
    Entry,
    Section,
    check_numbers,
    read_section,
    read_stream_data,
    refuse_foreign_keys,
)
from ecert.model.limits import MAX_INFLATED_BYTES, MAX_OBJECTS, MAX_REVISIONS, PREDICTED_COST

_T = TypeVar("_T")
_HEADER = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\x00\t\x0c ]*(\r\n|\n|\r)(?:%[^\r\n]{0,64}(\r\n|\n|\r))?")
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


class Document:
    """A file that was read whole; objects are seen as of any revision."""

    def __init__(self, data: bytes, revisions: list[Revision], gaps: list[Gap]) -> None:
        self.data = data
        self.revisions = revisions
        self.gaps = gaps
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


def read_document(data: bytes) -> Document:
    """Read a whole PDF strictly.

    Raises:
        StructureFault: with the finding's code; nothing is repaired or guessed.
    """
    header = _HEADER.match(data)
    if not header:
        # some readers look for it further on, and count offsets from there: they would see another file
        if b"%PDF-" in data[:1024]:
            raise damaged(Reason("pdf.header-not-first"), 0)
        raise StructureFault("not-a-pdf", Reason("pdf.no-header"))
    sections = _chain(data)
    # in any of them: readers differ in which trailer they ask, and decrypt what others show as it is
    if any("Encrypt" in s.trailer for s in sections):
        raise StructureFault("encrypted", Reason("pdf.encrypted"))
    return _Reader(data, sections).read(header.end())


def _chain(data: bytes) -> list[Section]:
    """Return the cross-reference sections, oldest first."""
    last = data.rfind(b"%%EOF")
    if last < 0:
        raise damaged(Reason("pdf.no-end-mark"))
    start = data.rfind(b"startxref", 0, last)
    tail = END.fullmatch(data[start : last + 5]) if start >= 0 else None
    if not tail:
        raise damaged(Reason("pdf.end-mark-malformed"), last)
    sections: list[Section] = []
    offset: object = int(tail[1])
    seen: set[int] = set()
    entries = 0
    while offset is not None:
        # not isinstance: true is an int to Python, and a real number is no offset to some readers
        if type(offset) is not int or not 0 < offset < len(data):
            raise damaged(Reason("pdf.xref-outside-file", offset=str(offset)))
        if offset in seen:
            raise damaged(Reason("pdf.xref-loop"), offset)
        seen.add(offset)
        if len(seen) > MAX_REVISIONS:
            raise StructureFault("over-limit", Reason("limits.revisions"), limit=MAX_REVISIONS)
        section = read_section(data, offset)
        sections.append(section)
        entries += len(section.entries)
        if entries > MAX_OBJECTS:  # before the next section is read: each may list as many
            raise StructureFault("over-limit", Reason("limits.objects"), limit=MAX_OBJECTS)
        offset = section.trailer.get("Prev")
    sections.reverse()
    return sections


class _Reader:
    """Holds what reading one file needs; :meth:`read` is the way through."""

    def __init__(self, data: bytes, sections: list[Section]) -> None:
        self.data = data
        self.lexer = Lexer(data)
        self.lexer.count(sum(s.tokens for s in sections))
        self.known: dict[int, Entry] = {}
        self.members: dict[int, set[int]] = {}  # of each object stream, all it ever held
        self.highest: list[int] = []  # a heap of the numbers in use, negated
        self.spans: list[tuple[int, int]] = []
        self.inflated = 0
        self.groups = self._group(sections)

    def _group(self, sections: list[Section]) -> list[list[Section]]:
        """Put a linearized file's two first sections into one revision (annex F)."""
        groups = [[s] for s in sections]
        if len(sections) > 1 and sections[0].offset > sections[1].offset:
            groups = [sections[:2], *groups[2:]]
        for group in groups:
            closing = max(group, key=lambda s: s.offset)
            if closing.eof < 0:
                raise damaged(Reason("pdf.revision-without-end-mark"), closing.end)
            announced = closing.startxref
            if announced not in [s.offset for s in group] and not (len(group) > 1 and not announced):
                raise damaged(Reason("pdf.startxref-names-another-section"), closing.end)
        return groups

    def read(self, start: int) -> Document:
        header_end = start
        revisions: list[Revision] = []
        begin = 0
        self.spans.append((0, header_end))
        for index, group in enumerate(self.groups):
            closing = max(group, key=lambda s: s.offset)
            end = closing.eof
            if self.data[end : end + 2] == b"\r\n":
                end += 2
            elif self.data[end : end + 1] in (b"\n", b"\r"):
                end += 1
            if end > closing.eof:
                self.spans.append((closing.eof, end))
            if min(s.offset for s in group) < begin:
                raise StructureFault("parsers-disagree", Reason("pdf.revisions-overlap"), offset=closing.offset)
            revision = Revision(index, begin, end, group[-1].trailer, startxref=closing.startxref)
            revision.sections = tuple(s.offset for s in group)
            self._read_revision(revision, group)
            revisions.append(revision)
            begin = end
        document = Document(self.data, revisions, [])
        document.gaps = list(self._gaps(document))
        return document

    def _read_revision(self, revision: Revision, group: list[Section]) -> None:
        entries = self._merge(group)
        self._check_containers(entries)
        before = {num: self.known[num] for num in entries if num in self.known}
        self.known.update(entries)
        self._check_size(revision, entries)
        packed: dict[int, list[tuple[int, int]]] = {}
        for num, entry in entries.items():
            if entry.kind == "f":
                if num in before and before[num].kind != "f":
                    revision.freed.add(num)
            elif entry.kind == "c":
                # the same row leads to another object where its object stream was written anew
                if before.get(num) != entry or entry.offset in entries:
                    packed.setdefault(entry.offset, []).append((num, entry.gen))
            elif revision.start <= entry.offset < revision.end:
                revision.objects[num] = self._read_object(num, entry)
            # a table may repeat rows of before; a new one into older bytes would give signed bytes a new meaning
            elif before.get(num) != entry:
                raise damaged(Reason("pdf.object-outside-its-revision", number=num), entry.offset)
        for container, members in packed.items():
            self._read_packed(revision, container, members)

    def _merge(self, group: list[Section]) -> dict[int, Entry]:
        """Return a revision's entries; its sections and what older readers see must agree."""
        entries: dict[int, Entry] = {}
        for section in group:
            for num, entry in section.entries.items():
                other = entries.setdefault(num, entry)
                if other != entry and (other.kind, entry.kind) != ("f", "f"):
                    raise StructureFault("parsers-disagree", Reason("pdf.object-listed-twice", number=num))
            for num, offset in section.streams.items():
                listed = section.entries.get(num)
                own_row = listed is not None and listed.kind != "f"
                if not own_row and self._stands_elsewhere(num, Entry("n", offset, 0)):
                    raise StructureFault(
                        "parsers-disagree", Reason("pdf.xref-stream-calls-itself-otherwise", number=num)
                    )
            newer: dict[int, Entry | None] = dict.fromkeys(section.dropped)
            newer |= {num: entries[num] for num in section.hidden}
            for num, entry_of_newer in newer.items():
                if self._stands_elsewhere(num, entry_of_newer):
                    raise StructureFault("parsers-disagree", Reason("pdf.object-differs-for-older-readers", number=num))
            self.spans.append((section.offset, section.end))
            if section.eof > 0:
                self.spans.append((section.end, section.eof))
            self.lexer.comments += section.comments
        return entries

    def _stands_elsewhere(self, num: int, place: Entry | None) -> bool:
        """Return whether an object of an earlier section is in use, and not as ``place`` says."""
        entry = self.known.get(num)
        return entry is not None and entry.kind != "f" and entry != place

    def _check_containers(self, entries: dict[int, Entry]) -> None:
        """An object stream that is replaced takes its members along in most readers: each must be listed anew."""
        for container in entries.keys() & self.members.keys():
            for num in self.members[container] - entries.keys():
                entry = self.known[num]
                if entry.kind == "c" and entry.offset == container:
                    raise StructureFault("parsers-disagree", Reason("pdf.object-stream-replaced", number=num))
        for num, entry in entries.items():
            if entry.kind == "c":
                self.members.setdefault(entry.offset, set()).add(num)

    def _check_size(self, revision: Revision, entries: dict[int, Entry]) -> None:
        """Objects numbered from /Size on do not exist (table 15), yet some readers see them."""
        size = revision.trailer.get("Size")
        if type(size) is not int:
            raise damaged(Reason("pdf.trailer-without-size"), revision.end)
        check_numbers(size, 0, revision.end)
        for num, entry in entries.items():
            if entry.kind != "f":
                heappush(self.highest, -num)
        while self.highest and self.known[-self.highest[0]].kind == "f":
            heappop(self.highest)
        last = max((*entries, *(-num for num in self.highest[:1])), default=0)
        if last >= size:
            raise StructureFault("parsers-disagree", Reason("pdf.object-beyond-size", number=last, size=size))

    def _read_object(self, num: int, entry: Entry) -> IndirectObject:
        lexer = self.lexer
        lexer.pos = entry.offset
        lexer.skip_space()
        start = lexer.pos
        if lexer.integer() != num or lexer.integer() != entry.gen:
            raise damaged(Reason("pdf.object-not-where-listed", number=num), entry.offset)
        lexer.expect(b"obj")
        lexer.skip_space()
        empty = self.data.startswith(b"endobj", lexer.pos)  # stands for null
        value = None if empty else lexer.value()
        lexer.skip_space()
        if isinstance(value, dict) and self.data.startswith(b"stream", lexer.pos):
            resume = lexer.pos
            length = self._length(value.get("Length"))
            lexer.pos = resume
            value = read_stream_data(lexer, value, length)
        else:
            lexer.expect(b"endobj")
        self.spans.append((start, lexer.pos))
        return IndirectObject(num, entry.gen, value, start, lexer.pos)

    def _length(self, value: PdfValue) -> int:
        if isinstance(value, Ref):
            entry = self.known.get(value.num)
            if entry is None or entry.kind != "n" or entry.gen != value.gen:
                raise damaged(Reason("pdf.stream-length-leads-nowhere"), self.lexer.pos)
            self.lexer.pos = entry.offset
            if self.lexer.integer() != value.num:
                raise damaged(Reason("pdf.stream-length-leads-nowhere"), entry.offset)
            self.lexer.integer()
            self.lexer.expect(b"obj")
            value = self.lexer.value()
        if type(value) is not int or value < 0:
            raise damaged(Reason("pdf.stream-without-length"), self.lexer.pos)
        return value

    def _read_packed(self, revision: Revision, container: int, members: list[tuple[int, int]]) -> None:
        """Read the members of one object stream (7.5.7) that this revision lists."""
        holder = revision.objects.get(container)
        if holder is None:
            raise StructureFault("structure-unsupported", Reason("pdf.object-stream-used-again"))
        stream = holder.value
        if not isinstance(stream, Stream) or stream.dict.get("Type") != "ObjStm":
            raise damaged(Reason("pdf.not-an-object-stream", number=container), holder.start)
        count, first = stream.dict.get("N"), stream.dict.get("First")
        if type(count) is not int or type(first) is not int or not 0 <= count <= MAX_OBJECTS:
            raise damaged(Reason("pdf.object-stream-incomplete"), holder.start)
        if "Extends" in stream.dict and not isinstance(stream.dict["Extends"], Ref):
            raise damaged(Reason("pdf.object-stream-extends-malformed"), holder.start)
        refuse_foreign_keys(stream.dict, holder.start)
        text = decode_stream(stream, MAX_INFLATED_BYTES - self.inflated)
        self.inflated += len(text) * (PREDICTED_COST if is_predicted(stream) else 1)
        lexer = Lexer(text)
        lexer.count(self.lexer.tokens)
        heads = [(lexer.integer(), lexer.integer()) for _ in range(count)]
        if len({num for num, _ in heads}) != count:
            raise StructureFault("parsers-disagree", Reason("pdf.object-stream-number-twice"))
        starts = sorted({first + offset for _, offset in heads} | {len(text)})
        for num, index in members:
            if not 0 <= index < count or heads[index][0] != num:
                raise damaged(Reason("pdf.object-not-where-its-stream-says", number=num), holder.start)
            lexer.pos = first + heads[index][1]
            if not first <= lexer.pos <= len(text):
                raise damaged(Reason("pdf.object-stream-offset-outside"), holder.start)
            following = starts[bisect_right(starts, lexer.pos)] if lexer.pos < len(text) else 0
            value = lexer.value()
            end = lexer.pos
            lexer.skip_space()
            # white space and comments at most stand between a member and the next: else bytes would be of none, or two
            if not end <= following <= lexer.pos:
                raise damaged(Reason("pdf.object-stream-member-not-ended"), holder.start)
            revision.objects[num] = IndirectObject(num, 0, value, holder.start, holder.end)
        self.lexer.tokens = lexer.tokens

    def _gaps(self, document: Document) -> Iterator[Gap]:
        """Yield what no span covers, and comments within spans."""
        spans = sorted(set(self.spans))
        bounds = [r.end for r in document.revisions]
        pos = 0
        for start, end in [*spans, (len(self.data), len(self.data))]:
            if start > pos:
                revision = bisect_right(bounds, pos)
                yield from self._describe(pos, start, revision)
            # a byte of two objects would be signed as the one and shown as the other
            if start < pos and end > start:
                raise StructureFault("parsers-disagree", Reason("pdf.objects-overlap"), offset=start)
            pos = max(pos, end)
        for start, end in self.lexer.comments:
            revision = bisect_right(bounds, start)
            yield Gap(start, end, "comment", revision)

    def _describe(self, start: int, end: int, revision: int) -> Iterator[Gap]:
        rest = self.data[start:end].strip(WHITE)
        if not rest:
            yield Gap(start, end, "white-space", revision)
            return
        lexer = Lexer(self.data, start)
        lexer.skip_space()
        yield Gap(start, end, "comment" if lexer.pos >= end else "other", revision)
