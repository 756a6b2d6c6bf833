"""Read a PDF strictly, with an account of who wrote which byte (ISO 32000-1, 7.5.6).

Rules the reader enforces:

1. ``%PDF-`` at byte 0, ``startxref N %%EOF`` at the end; N is the newest section.
2. Sections chain by ``/Prev`` without a loop; in file order, but for a linearized first pair.
3. A revision's objects stand between the end of the one before and its own cross-reference section,
   at the very offset listed, under the very number and generation listed.
4. A stream's ``/Length`` is exact. Nothing is listed twice; no dictionary key stands twice.
5. No object has a number beyond its trailer's ``/Size``: readers differ in whether it exists.
6. What is left over is reported, never skipped: :attr:`~ecert.formats.pdf.document.Document.gaps`.

Other programs' files may break a few of them and still say one thing to every reader; who asks for it has these read,
too, and told in :attr:`~ecert.formats.pdf.document.Document.oddities`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from heapq import heappop, heappush

from ecert.errors import Reason
from ecert.formats.pdf.chain import read_chain
from ecert.formats.pdf.document import Document, Gap, IndirectObject, Revision
from ecert.formats.pdf.encryption import refuse_encrypted
from ecert.formats.pdf.faults import StructureFault, damaged
from ecert.formats.pdf.filters import decode_stream, is_predicted
from ecert.formats.pdf.lexer import WHITE, Lexer
from ecert.formats.pdf.linearized import refuse_another_beginning
from ecert.formats.pdf.objects import PdfValue, Ref, Stream, references
from ecert.formats.pdf.oddities import Oddities
from ecert.formats.pdf.shown import miscounted_node, refuse_changed_lengths, shown_objects
from ecert.formats.pdf.two_readings import refuse_two_readings
from ecert.formats.pdf.xref import Entry, Section, check_numbers, read_stream_data, refuse_foreign_keys
from ecert.model.limits import MAX_INFLATED_BYTES, MAX_OBJECTS, PREDICTED_COST

_HEADER = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\x00\t\x0c ]*(\r\n|\n|\r)(?:%[^\r\n]{0,64}(\r\n|\n|\r))?")
_CLOSED_AT_ONCE = re.compile(rb"(?:\r\n|\r|\n)?endstream")
#: whose data is not shown but read or handed out byte by byte: where it ends must not be doubted
_EXACT_STREAMS = ("ObjStm", "XRef", "EmbeddedFile")
_FREE = Entry("f", 0, 0)
_END_WITHIN = 1000  # bytes: Poppler and MuPDF read 1024, and want the whole of it there


def read_document(data: bytes, *, foreign: bool = False) -> Document:
    """Read a whole PDF strictly; ``foreign`` lets a few oddities of other programs pass, and tells them.

    Raises:
        StructureFault: with the finding's code; nothing is repaired or guessed.
    """
    header = _HEADER.match(data)
    if not header:
        # some readers look for it further on, and count offsets from there: they would see another file
        if b"%PDF-" in data[:1024]:
            raise damaged(Reason("pdf.header-not-first"), 0)
        raise StructureFault("not-a-pdf", Reason("pdf.no-header"))
    oddities = Oddities(foreign)
    groups = read_chain(data, oddities)
    refuse_encrypted(data, groups, foreign=foreign)
    return _Reader(data, groups, oddities).read(header.end())


class _Reader:
    """Holds what reading one file needs; :meth:`read` is the way through."""

    def __init__(self, data: bytes, groups: list[list[Section]], oddities: Oddities) -> None:
        self.data = data
        self.groups = groups
        self.oddities = oddities
        self.lexer = Lexer(data)
        self.lexer.count(sum(s.tokens for group in groups for s in group))
        self.known: dict[int, Entry] = {}
        self.announced: set[int] = set()  # offsets of the streams that /XRefStm named
        self.members: dict[int, set[int]] = {}  # of each object stream, all it ever held
        self.highest: list[int] = []  # a heap of the numbers in use, negated
        self.spans: list[tuple[int, int]] = []
        self.inflated = 0
        self.blank_lines: set[int] = set()  # streams with an empty line before their end
        self.newer_only: set[int] = set()  # listed by /XRefStm alone, beside a table that does not list them
        self.deleted: dict[int, int] = {}  # once in use, now free: number → generation
        self.reborn: set[int] = set()  # in use again, and no newer generation

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
            revision.completing = tuple(s.completing.offset for s in group if s.completing)
            self._read_revision(revision, group)
            revisions.append(revision)
            begin = end
        document = Document(self.data, revisions, [])
        document.gaps = list(self._gaps(document))
        refuse_changed_lengths(document)
        if self.oddities.let_pass:
            refuse_another_beginning(document, header_end, self.oddities)
            self._judge_oddities(document)
        return document

    def _judge_oddities(self, document: Document) -> None:
        """Hold what was let pass against the whole file."""
        if self.blank_lines and not self.blank_lines.isdisjoint(_embedded_files(document)):
            raise damaged(Reason("pdf.stream-length-wrong"))
        # readers look for the last end mark near the end, and rebuild the file where none is
        far = len(self.data) - self.data.rfind(b"startxref") > _END_WITHIN
        if self.oddities.repairing or far:
            refuse_two_readings(document, [section for group in self.groups for section in group])
        if self.oddities.nowhere:
            values = (o.value for r in document.revisions for o in r.objects.values())
            trailers = (s.trailer for group in self.groups for s in group)
            for value in (*values, *trailers):
                if referred := self.oddities.nowhere & references(value).keys():
                    self.oddities.leave_open(Reason("pdf.row-without-place-in-use", number=min(referred)))
        self._judge_shown(document)
        document.oddities = self.oddities.told()

    def _judge_shown(self, document: Document) -> None:
        """Leave open what some readers show and others do not."""
        shown, live = shown_objects(document), document.view()
        numbers = {ref.num for ref in shown}
        if lost := self.newer_only & numbers:
            self.oddities.leave_open(Reason("pdf.shown-to-newer-readers-alone", number=min(lost)))
        # PDFium reads tables and streams in turns, and misses what was free in between
        sections = [section for group in self.groups for section in group]
        mixed = len({s.stream for s in sections}) > 1 or any(s.completing for s in sections)
        if kept := (self.deleted.keys() | (self.reborn if mixed else set())) & numbers:
            self.oddities.leave_open(Reason("pdf.deleted-and-referred-to", number=min(kept)))
        if (node := miscounted_node(document)) is not None:
            self.oddities.leave_open(Reason("pdf.pages-miscounted", number=node))
        # null by 7.3.10; PDFium does not ask for the generation
        if others := {ref.num for ref in shown if ref.num in live and live[ref.num].gen != ref.gen}:
            self.oddities.leave_open(Reason("pdf.another-generation-referred-to", number=min(others)))

    def _read_revision(self, revision: Revision, group: list[Section]) -> None:
        for section in group:
            # at the time of signing it was not there, and whoever appends it decides what it says
            if section.completing is not None and section.completing.offset >= revision.end:
                raise damaged(Reason("pdf.xrefstm-outside-file"), section.offset)
        entries = self._merge(group, revision.start)
        self._check_containers(entries)
        before = {num: self.known[num] for num in entries if num in self.known}
        self.known.update(entries)
        self._check_size(revision, entries)
        self._note_differences(group, entries, before)
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

    def _note_differences(self, group: list[Section], entries: dict[int, Entry], before: dict[int, Entry]) -> None:
        """Note what readers differ in finding: most take a table's word before that of the stream it names.

        Of a pair they ask the second section first, which lists nothing but by its stream.
        """
        hidden = {num for s in group for num in s.hidden if not (s.is_empty and len(group) > 1)}
        self.newer_only = (self.newer_only - entries.keys()) | hidden
        self.reborn -= entries.keys()
        for num, entry in entries.items():
            if entry.kind == "f":
                if num in before and before[num].kind != "f":
                    self.deleted[num] = _generation(before[num])
            elif num in self.deleted and _generation(entry) <= self.deleted.pop(num):
                self.reborn.add(num)

    def _merge(self, group: list[Section], begin: int) -> dict[int, Entry]:
        """Return a revision's entries; its sections and what older readers see must agree."""
        if self.oddities.let_pass:
            self._leave_out_repeated(group, begin)
        entries: dict[int, Entry] = {}
        for section in group:
            for num, entry in section.entries.items():
                other = entries.setdefault(num, entry)
                if other == entry or (other.kind, entry.kind) == ("f", "f"):
                    continue
                hidden = self.oddities.let_pass and num in section.hidden
                if not hidden:
                    raise StructureFault("parsers-disagree", Reason("pdf.object-listed-twice", number=num))
                if other.kind != "f":  # what the table has for free newer readers find by the stream of a later section
                    raise StructureFault("parsers-disagree", Reason("pdf.object-differs-for-older-readers", number=num))
                entries[num] = entry
        for section in group:
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
                dropped = entry_of_newer is None and entries.get(num, _FREE).kind != "f"
                if not dropped and not self._stands_elsewhere(num, entry_of_newer):
                    continue
                if self.oddities.let_pass and entry_of_newer is not None and len(group) == 1:
                    # iText signs so on an office export: nothing contradicts, and older readers see what was before
                    self.oddities.leave_open(Reason("pdf.replaced-for-newer-readers", number=num))
                else:
                    raise StructureFault("parsers-disagree", Reason("pdf.object-differs-for-older-readers", number=num))
            self.spans.append((section.offset, section.end))
            if section.eof > 0:
                self.spans.append((section.end, section.eof))
            self.lexer.comments += section.comments
        return entries

    def _leave_out_repeated(self, group: list[Section], begin: int) -> None:
        """Leave out a stream of an earlier revision that a trailer names again; it must say what is so without it."""
        shown = {num: e for s in group for num, e in s.entries.items() if num not in s.hidden}
        for section in group:
            stream = section.completing
            if stream is None:
                continue
            repeated = stream.offset in self.announced
            self.announced.add(stream.offset)
            if stream.offset >= begin and not repeated:
                continue
            for num, entry in stream.entries.items():
                now = shown.get(num) or self.known.get(num, _FREE)
                if not repeated or (now != entry and (now.kind, entry.kind) != ("f", "f")):
                    reason = Reason("pdf.object-differs-for-older-readers", number=num)
                    raise StructureFault("parsers-disagree", reason, offset=section.offset)
            for num in section.hidden:
                del section.entries[num]
            section.hidden, section.dropped = set(), set()

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
            fault = StructureFault("parsers-disagree", Reason("pdf.object-beyond-size", number=last, size=size))
            self.oddities.admit(Reason("pdf.size-too-small", size=size), fault)

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
            exact = not self.oddities.let_pass or value.get("Type") in _EXACT_STREAMS
            value = read_stream_data(lexer, value, length, line_ends=1 if exact else 2)
            if not _CLOSED_AT_ONCE.match(self.data, value.start + length):
                self.blank_lines.add(num)
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


def _generation(entry: Entry) -> int:
    """Return the generation of what a row lists; in an object stream it is 0 (7.5.7)."""
    return entry.gen if entry.kind == "n" else 0


def _embedded_files(document: Document) -> set[int]:
    """Return the numbers of the streams that any file specification of any revision embeds (7.11.4)."""
    named: list[PdfValue] = []
    stack: list[PdfValue] = [o.value for r in document.revisions for o in r.objects.values()]
    while stack:
        value = stack.pop()
        if isinstance(value, Stream):
            value = value.dict
        if isinstance(value, dict):
            if "EF" in value:
                named.append(value["EF"])
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    numbers = {num for value in named for num in references(value)}
    # /EF itself may be an object of its own
    parts = (r.objects[num].value for r in document.revisions for num in numbers & r.objects.keys())
    return numbers.union(*(references(part) for part in parts if isinstance(part, dict)))
