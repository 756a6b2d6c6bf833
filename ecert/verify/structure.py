"""Read the file strictly and account for every byte (ISO 32000-1, 7.5)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from operator import attrgetter

from ecert.errors import Reason
from ecert.formats.pdf import Document, Ref, Revision, Stream, StructureFault, read_document
from ecert.formats.pdf.document import Gap
from ecert.formats.pdf.objects import references
from ecert.formats.pdf.two_readings import BLANK, object_heads
from ecert.model.findings import Code
from ecert.model.limits import MAX_WHITE_SPACE, DocumentLimits
from ecert.verify.case import Case
from ecert.verify.first_bytes import kind_of

_HEADER_WITHIN, _END_WITHIN = 1024, 1024  # bytes in which readers look for the header and the last end mark
MAX_BAITS_TOLD = 20  # of one revision: a report is read by people
_BAIT = re.compile(rb"[0-9]%(blank)s+[0-9]+%(blank)s+obj|startxref|trailer%(blank)s*[<%%]" % {b"blank": BLANK})
_HEAD = re.compile(rb"[0-9]+%(blank)s+[0-9]+%(blank)s+obj" % {b"blank": BLANK})

_BEGUN = re.compile(rb"%(blank)s*(?:[0-9]+%(blank)s+[0-9]+%(blank)s+obj|xref)" % {b"blank": BLANK})


def read_structure(case: Case, limits: DocumentLimits) -> Document | None:
    """Return the document, or None with the finding that says why it cannot be judged."""
    if len(case.data) > limits.file_bytes:
        case.add("over-limit", what=Reason("limits.bytes"), limit=limits.file_bytes)
        return None
    try:
        document = read_document(case.data, foreign=not case.policy.is_copy)
        for count, _ in enumerate(document.pages(), 1):
            if count > limits.pages:
                case.add("over-limit", what=Reason("limits.pages"), limit=limits.pages)
                return None
    except StructureFault as fault:
        report_fault(case, fault)
        return None
    for oddity in document.oddities:
        reason = {"what" if oddity.code == "unusual-structure" else "reason": oddity.reason}
        case.add(oddity.code, offset=oddity.offset, **reason)
    _judge_gaps(case, document)
    if case.policy.is_copy:
        _judge_baits(case, document)
    else:
        _judge_twins(case, document)
    return document


def _judge_twins(case: Case, document: Document) -> None:
    """Bytes outside every object may not hold one whose number is in use: a repairing reader takes the last.

    Nor may a stream or string that was written after a signature: whoever appends it can drive some reader into
    repairing. In use is, too, what is missing and referred to: the same reader finds it there. And no end mark may
    stand behind the last: in a comment, too, it is where most readers begin.
    """
    data = document.data
    mark = data.rfind(b"startxref")
    if mark >= document.revisions[-1].end:
        case.add("parsers-disagree", offset=mark, reason=Reason("pdf.end-mark-behind-the-last"))
    heads = [head for gap in document.gaps for head in object_heads(data, gap.start, gap.end)]
    signed = data.find(b"/ByteRange")
    later = [revision for revision in document.revisions[1:] if 0 <= signed < revision.start]
    inside = [(revision, head) for revision in later for head in _heads_inside(document, revision)]
    if not heads and not inside:
        return
    live = document.view()
    values = (*(entry.value for entry in live.values()), document.revisions[-1].trailer)
    used = live.keys() | {number for value in values for number in references(value)}
    for number, offset in heads:
        if number in used:
            case.add("unlisted-object", object=number, offset=offset)
            return
    for revision, (number, offset) in inside:
        if number in used:
            reason = Reason("pdf.written-inside-another", number=number)
            case.add("structure-unsupported", revision=revision.index, offset=offset, reason=reason)
            return


def _heads_inside(document: Document, revision: Revision) -> Iterator[tuple[int, int]]:
    """Yield number and offset of whatever a revision holds that looks like an object, its own excepted."""
    own = {entry.start for entry in revision.objects.values()} | {*revision.sections, *revision.completing}
    found = object_heads(document.data, revision.start, revision.end)
    return (head for head in found if head[1] not in own)


def _judge_baits(case: Case, document: Document) -> None:
    """Refuse later revisions that hold objects in disguise.

    A reader that gives up on a file looks for objects anywhere in it, and finds these: in streams, in
    strings, in a trailer, in object streams. No certificate, answer or drawing has a reason to look like them.
    """
    gaps = sorted((gap.start, gap.end) for gap in document.gaps)
    for revision in document.revisions[1:]:
        for num in dict.fromkeys((*_baited(document.data, revision, gaps), *_unlisted(revision))):
            reason = (
                Reason("pdf.object-holds-objects", number=num)
                if num is not None
                else Reason("pdf.trailer-holds-objects")
            )
            case.add("parsers-disagree", object=num, revision=revision.index, reason=reason)


def _baited(data: bytes, revision: Revision, gaps: list[tuple[int, int]]) -> list[int | None]:
    """Return the objects of a revision with baits inside; None stands for its sections and trailers.

    The ``gaps``, bytes that belong to nothing, are told apart.
    """
    objects = sorted({o.start: o for o in revision.objects.values()}.values(), key=attrgetter("start"))
    starts = [o.start for o in objects]
    unlisted = sum(offset not in starts for offset in revision.sections)
    outside = 0
    found: dict[int | None, None] = {}
    for bait in _BAIT.finditer(data, revision.start, revision.end):
        index = bisect_right(starts, bait.start()) - 1
        holder = objects[index] if index >= 0 and bait.end() <= objects[index].end else None
        if holder is None:
            index = bisect_right(gaps, (bait.start(), len(data))) - 1
            outside += index < 0 or gaps[index][1] <= bait.start()
        elif not _HEAD.fullmatch(data, holder.start, bait.end()):
            found[holder.num] = None
            if len(found) == MAX_BAITS_TOLD:
                break
    # each section has one startxref, and a trailer or a head of its own unless it lists itself
    if outside > len(revision.sections) + unlisted:
        found[None] = None
    return list(found)


def _unlisted(revision: Revision) -> list[int]:
    """Return streams of a revision that call themselves structure and hold what no section lists.

    MuPDF, when it rebuilds a file, takes every member of every object stream; others take a section's /Root.
    """
    standing_at = Counter(o.start for o in revision.objects.values())
    found: list[int] = []
    for num, held in revision.objects.items():
        if not isinstance(held.value, Stream):
            continue
        kind = held.value.dict.get("Type")
        if kind == "ObjStm":
            foreign = standing_at[held.start] - 1 != held.value.dict.get("N")
        else:  # nobody names a stream's type by a reference
            foreign = isinstance(kind, Ref) or (kind == "XRef" and held.start not in revision.sections)
        if foreign:
            found.append(num)
    return found[:MAX_BAITS_TOLD]


def report_fault(case: Case, fault: StructureFault) -> None:
    """Turn a fault of the strict reader into its finding, with what people did to the file where that is seen."""
    values: dict[str, object] = {"reason": fault.reason, "offset": fault.offset}
    if fault.code == "over-limit":
        values = {"what": fault.reason, "limit": fault.limit, "offset": fault.offset}
    elif fault.code in ("not-a-pdf", "encrypted"):
        values = {}
    if fault.code in ("not-a-pdf", "pdf-damaged"):
        values |= _seen_cause(case.data)
    case.add(fault.code, **values)


def _seen_cause(data: bytes) -> dict[str, object]:
    """Return what the bytes of a file that cannot be read give away: another kind of file, a download broken off."""
    kind = kind_of(data)
    if kind is not None:
        return {"cause": kind}
    header = data[:_HEADER_WITHIN].find(b"%PDF-")
    if header > 0:
        return {"cause": "put-before", "count": header}
    return {"cause": "cut-off"} if header == 0 and _lacks_end(data) else {}


def _lacks_end(data: bytes) -> bool:
    """Return whether no end mark stands where readers look for the last one (ISO 32000-1, annex H, note 18)."""
    return b"%%EOF" not in data[-_END_WITHIN:]


def _judge_gaps(case: Case, document: Document) -> None:
    """White space between objects is harmless, at the end it is not ours; anything else is told.

    One finding of each kind, however many gaps there are: it names the first and counts all bytes. What stands at
    the file's end is told by itself: an update that was cut off, or what a mail gateway appended.
    """
    for (code, at_end), found in _sorted_gaps(case, document).items():
        size = sum(gap.end - gap.start for gap in found)
        if code == "unusual-structure":
            case.add(code, what=Reason("pdf.bytes-outside-objects", count=size), offset=found[0].start)
        else:
            seen = {"cause": _cause_at_end(case.data[found[0].start :])} if at_end else {}
            case.add(code, count=size, offset=found[0].start, **seen)


def _cause_at_end(tail: bytes) -> str:
    """Return what stands behind the last revision: an update that never ends, or something foreign."""
    return "cut-off" if _BEGUN.match(tail) and _lacks_end(tail) else "appended"


def _sorted_gaps(case: Case, document: Document) -> dict[tuple[Code, bool], list[Gap]]:
    """Return the gaps that are told, by finding and by whether they stand behind the last revision."""
    kinds: dict[tuple[Code, bool], list[Gap]] = {}
    for gap in document.gaps:
        at_end = gap.revision >= len(document.revisions)
        harmless = gap.kind == "white-space" and gap.end - gap.start <= MAX_WHITE_SPACE
        if harmless and not (at_end and case.policy.is_copy):
            continue
        foreign = not case.policy.is_copy and (gap.kind != "other" or not at_end)
        code: Code = "unusual-structure" if foreign else "bytes-unaccounted"
        kinds.setdefault((code, at_end and not foreign), []).append(gap)
    return kinds
