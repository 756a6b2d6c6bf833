"""Read the file strictly and account for every byte (ISO 32000-1, 7.5)."""

from __future__ import annotations

import re

from ecert.formats.pdf import Document, Stream, StructureFault, read_document
from ecert.formats.pdf.document import Gap
from ecert.model.limits import MAX_WHITE_SPACE, DocumentLimits
from ecert.verify.case import Case

_BAIT = re.compile(
    rb"[0-9][\x00\t\n\x0c\r ]+[0-9]+[\x00\t\n\x0c\r ]+obj|startxref|trailer[\x00\t\n\x0c\r ]*<<"
)


def read_structure(case: Case, limits: DocumentLimits) -> Document | None:
    """Return the document, or None with the finding that says why it cannot be judged."""
    if len(case.data) > limits.file_bytes:
        case.find("over-limit", what="bytes", limit=limits.file_bytes)
        return None
    try:
        document = read_document(case.data)
        for count, _ in enumerate(document.pages(), 1):
            if count > limits.pages:
                case.find("over-limit", what="pages", limit=limits.pages)
                return None
    except StructureFault as fault:
        report_fault(case, fault)
        return None
    _judge_gaps(case, document)
    if case.policy.is_copy:
        _judge_baits(case, document)
    return document


def _judge_baits(case: Case, document: Document) -> None:
    """Refuse streams of later revisions that hold objects in disguise.

    A reader that gives up on a file looks for objects anywhere in it, and finds these; no certificate,
    answer or drawing has a reason to look like them.
    """
    for revision in document.revisions[1:]:
        for num, entry in revision.objects.items():
            if isinstance(entry.value, Stream) and _BAIT.search(entry.value.data):
                reason = f"object {num} holds what readers in need take for objects"
                case.find("parsers-disagree", object=num, revision=revision.index, reason=reason)


def report_fault(case: Case, fault: StructureFault) -> None:
    """Turn a fault of the strict reader into its finding."""
    values: dict[str, object] = {"reason": fault.reason, "offset": fault.offset}
    if fault.code == "over-limit":
        values = {"what": fault.reason, "limit": fault.limit, "offset": fault.offset}
    elif fault.code in ("not-a-pdf", "encrypted"):
        values = {}
    case.find(fault.code, **values)


def _judge_gaps(case: Case, document: Document) -> None:
    """White space between objects is harmless, at the end it is not ours; anything else is told.

    One finding of each kind, however many gaps there are: it names the first and counts all bytes.
    """
    for code, found in _sorted_gaps(case, document).items():
        size = sum(gap.end - gap.start for gap in found)
        if found and code == "unusual-structure":
            case.find(code, what=f"{size} bytes outside every object", offset=found[0].start)
        elif found:
            case.find(code, count=size, offset=found[0].start)


def _sorted_gaps(case: Case, document: Document) -> dict[str, list[Gap]]:
    kinds: dict[str, list[Gap]] = {"bytes-unaccounted": [], "unusual-structure": []}
    for gap in document.gaps:
        at_end = gap.revision >= len(document.revisions)
        harmless = gap.kind == "white-space" and gap.end - gap.start <= MAX_WHITE_SPACE
        if harmless and not (at_end and case.policy.is_copy):
            continue
        foreign = not case.policy.is_copy and (gap.kind != "other" or not at_end)
        kinds["unusual-structure" if foreign else "bytes-unaccounted"].append(gap)
    return kinds
