"""The cross-reference sections of a file, oldest first, and which of them are one revision (ISO 32000-1, 7.5.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecert.errors import Reason
from ecert.formats.pdf.faults import StructureFault, damaged
from ecert.formats.pdf.objects import same
from ecert.formats.pdf.oddities import Oddities
from ecert.formats.pdf.xref import END, Entry, Section, read_section
from ecert.model.limits import MAX_OBJECTS, MAX_REVISIONS

#: some writers announce the line end before a section (foreign files)
_BEFORE_SECTION = re.compile(rb"[\r\n ]{1,4}(?=xref)")
_BETWEEN_SECTIONS = re.compile(rb"[\r\n ]{0,16}")
_FREE = Entry("f", 0, 0)


def read_chain(data: bytes, oddities: Oddities) -> list[list[Section]]:
    """Return the sections of each revision, oldest first.

    Raises:
        StructureFault: the chain breaks, loops, or a revision has no end mark that names it.
    """
    sections = _read_sections(data, oddities)
    if oddities.let_pass:
        _free_rows_without_place(sections, oddities)
    return _grouped(data, sections, oddities)


def _read_sections(data: bytes, oddities: Oddities) -> list[Section]:
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
        offset = _landing(data, offset, oddities)
        if offset in seen:
            raise damaged(Reason("pdf.xref-loop"), offset)
        seen.add(offset)
        if len(seen) > MAX_REVISIONS:
            raise StructureFault("over-limit", Reason("limits.revisions"), limit=MAX_REVISIONS)
        section = read_section(data, offset, oddities)
        sections.append(section)
        entries += max(len(section.entries), len(section.completing.entries) if section.completing else 0)
        if entries > MAX_OBJECTS:  # before the next section is read: each may list as many
            raise StructureFault("over-limit", Reason("limits.objects"), limit=MAX_OBJECTS)
        offset = section.trailer.get("Prev")
    sections.reverse()
    for index, section in enumerate(sections):
        _check_way_on(section, sections[index - 1] if index else None)
    return sections


def _check_way_on(section: Section, before: Section | None) -> None:
    """Refuse a stream named by /XRefStm that leads elsewhere than its table: pdf.js follows its /Prev, too.

    PDFBox writes the table's own; that of the section before is as good, for the way there is the same.
    """
    stream = section.completing
    way = stream.trailer.get("Prev") if stream is not None else None
    known = (section.trailer.get("Prev"), before.trailer.get("Prev") if before is not None else None)
    if way is not None and not any(same(way, other) for other in known):
        raise StructureFault("parsers-disagree", Reason("pdf.xrefstm-leads-on"), offset=section.offset)


def _landing(data: bytes, offset: int, oddities: Oddities) -> int:
    """Return where the section begins that an offset names: there, or behind the white space there."""
    found = _BEFORE_SECTION.match(data, offset) if oddities.let_pass else None
    if found is None:
        return offset
    fault = damaged(Reason("pdf.no-xref-section"), offset)
    oddities.admit(Reason("pdf.startxref-at-white-space"), fault, offset=offset)
    return found.end()


def _free_rows_without_place(sections: list[Section], oddities: Oddities) -> None:
    """Take rows in use at offset 0, where the header stands, for free ones, unless a section has the number in use."""
    listings = [*sections, *(s.completing for s in sections if s.completing)]
    rows = [(num, entry) for section in listings for num, entry in section.entries.items()]
    nowhere = {num for num, entry in rows if entry.kind == "n" and not entry.offset}
    nowhere -= {num for num, entry in rows if entry.kind == "c" or (entry.kind == "n" and entry.offset)}
    if not nowhere:
        return
    number = min(nowhere)
    fault = damaged(Reason("pdf.object-not-where-listed", number=number), 0)
    oddities.admit(Reason("pdf.row-without-place", number=number), fault)
    oddities.nowhere = nowhere
    for section in listings:
        section.entries |= dict.fromkeys(nowhere & section.entries.keys(), _FREE)
        section.hidden -= nowhere


def _grouped(data: bytes, sections: list[Section], oddities: Oddities) -> list[list[Section]]:
    """Put sections of one revision together: the first two of a linearized file (annex F), and office pairs."""
    groups: list[list[Section]] = []
    if len(sections) > 1 and sections[0].offset > sections[1].offset:
        groups = [sections[:2]]
    for section in sections[2 * len(groups) :]:
        if oddities.let_pass and groups and _completes(data, groups, section):
            groups[-1].append(section)
        else:
            groups.append([section])
    for group in groups:
        for section in _closing(group):
            if section.eof < 0:
                raise damaged(Reason("pdf.revision-without-end-mark"), section.end)
            announced = _landing(data, section.startxref, oddities)
            section.startxref = announced
            if announced not in [s.offset for s in group] and not (is_linearized(group) and not announced):
                raise damaged(Reason("pdf.startxref-names-another-section"), section.end)
    return groups


def is_linearized(group: list[Section]) -> bool:
    """Return whether the sections of a revision are a linearized file's two first ones."""
    return len(group) > 1 and group[0].offset > group[1].offset


def _closing(group: list[Section]) -> Iterator[Section]:
    """Yield the sections whose end marks must name one of the revision; of a linearized file that is the last."""
    if is_linearized(group):
        yield group[0]
    else:
        yield from group


def _completes(data: bytes, groups: list[list[Section]], section: Section) -> bool:
    """Return whether a section belongs to the table before it, as Word and Excel write them (7.5.8.4).

    It lists nothing, stands directly behind that table's end mark, says the same as it, and announces a
    cross-reference stream that the same revision wrote.
    """
    (first, *others), begin = groups[-1], max((s.eof for group in groups[:-1] for s in group), default=0)
    if others or first.stream or first.completing or first.eof < 0 or not section.is_empty or not section.completing:
        return False
    if first.startxref != first.offset or not begin <= section.completing.offset < first.offset:
        return False
    between = _BETWEEN_SECTIONS.fullmatch(data, first.eof, section.offset) if first.eof <= section.offset else None
    return between is not None and all(
        same(first.trailer.get(key), section.trailer.get(key)) for key in ("Root", "Info", "ID")
    )
