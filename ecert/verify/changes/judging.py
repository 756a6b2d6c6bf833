"""The way through: every revision after the first signature, object by object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard, TypeVar

from ecert.errors import Reason
from ecert.formats.pdf import Document, Revision, Stream, StructureFault
from ecert.formats.pdf.objects import PdfValue, same
from ecert.verify.case import Case, RevisionHistory, SignatureCase
from ecert.verify.changes.catalog import compare_catalog, compare_info
from ecert.verify.changes.history import TRAILER, History
from ecert.verify.changes.looks import check_looks
from ecert.verify.changes.pages import judge_pages
from ecert.verify.changes.placement import placed_fields
from ecert.verify.changes.rules import rules
from ecert.verify.changes.tags import judge_tags
from ecert.verify.changes.update import AddedAnnotation, Problem, Update
from ecert.verify.stream_digests import StreamDigests
from ecert.verify.structure import report_fault

_T = TypeVar("_T")

MAX_TOLD = 20  # changes of one revision that are named; the rest is counted
_STRUCTURAL = ("XRef", "ObjStm")
_TRAILER_KEYS = {"Size", "Root", "Info", "ID", "Prev"}
MAX_ID_BYTES = 64  # of one file identifier: digests have 16 to 64 (14.4)
CUT_ID_BYTES = 16  # what programs of the days of MD5 keep of a longer one
_XREF_STREAM_KEYS = {"Type", "W", "Index", "Length", "Filter", "DecodeParms"}


def check_changes(case: Case, digests: StreamDigests) -> None:
    """Judge every revision after the first signature; findings name signer, seal or field."""
    document = case.document
    if document is None:
        return
    case.revisions = [_describe(case, document, index) for index in range(len(document.revisions))]
    if not (case.signatures or case.policy.stage == "draft"):
        return
    history = History(document)
    try:
        for index in range(1, len(document.revisions)):
            history.advance(document.revisions[index - 1])
            before = [s for s in case.signatures if s.revision < index]
            if before or case.policy.is_copy:
                _judge_revision(case, history, index, before)
        check_looks(case, digests)
    except StructureFault as fault:
        report_fault(case, fault)


def _describe(case: Case, document: Document, index: int) -> RevisionHistory:
    """Return what a revision wrote, as the report tells it."""
    revision = document.revisions[index]
    earlier = document.view(index - 1) if index else {}
    known = {num for num in revision.objects if num in earlier}
    return RevisionHistory(
        index,
        revision.start,
        revision.end,
        tuple(f.name for s in case.signatures if s.revision == index for f in s.signature.fields),
        len(revision.objects) - len(known),
        tuple(sorted(known)),
        len(revision.freed & earlier.keys()),
    )


def _judge_revision(case: Case, history: History, index: int, before: list[SignatureCase]) -> None:
    ours = case.policy.is_copy
    update = Update(
        history,
        index,
        rules(history, index, before, ours=ours),
        [s.signature for s in case.signatures if s.revision == index],
        archive_only=ours and not any(s.revision >= index for s in case.signatures),
    )
    _compare(update)
    for s in before:
        if update.problems:
            s.changes_after = "forbidden"
        elif s.changes_after == "none":
            s.changes_after = "permitted"
    last = before[-1] if before else None
    for problem in _told(update.problems, Problem(_more(update.problems))):
        if last is None:
            case.add("not-pdfa", revision=index, object=problem.number, what=problem.what)
        else:
            _report(case, before, _located(update, problem), index)
    if last is None:
        return
    for problem in _told(update.unproven, Problem(_more(update.unproven))):
        place = _located(update, problem)
        case.add(
            "appearance-not-proven",
            field=last.name,
            page=place.page,
            object=place.number,
            revision=index,
            what=place.what,
        )
    for name in _told(update.filled, _more(update.filled)):
        case.add("form-filled-in", field=last.name, revision=index, what=name)
    for added in sorted(update.annotations, key=lambda a: not a.can_paint)[:MAX_TOLD]:
        _report_annotation(case, last, index, added)
    if update.unused:
        what = Reason("changes.objects-without-use", count=len(update.unused))
        case.add("unusual-structure", object=update.unused[0], revision=index, what=what)
    if update.is_tagged:
        case.tagged_in.add(index)
    case.placed += placed_fields(update, [s.signature for s in before])


def _report_annotation(case: Case, last: SignatureCase, index: int, added: AddedAnnotation) -> None:
    """An annotation that P=3 permits is told as what it is; one that can paint may hide what was signed."""
    place = {"page": added.page, "object": added.number, "revision": index}
    case.add("annotation-added", field=last.name, **place, kind=added.kind)
    if added.can_paint:
        what = Reason("changes.annotation-can-hide", kind=added.kind, page=added.page)
        case.add("appearance-not-proven", field=last.name, **place, what=what)


def _told(items: list[_T], rest: _T) -> list[_T]:
    """Return the first items, and ``rest`` for the others: a report is read by people."""
    return [*items[:MAX_TOLD], rest] if len(items) > MAX_TOLD else items


def _more(items: Sequence[object]) -> Reason:
    return Reason("changes.more-changes", count=len(items) - MAX_TOLD)


def _located(update: Update, problem: Problem) -> Problem:
    """Add the page that shows the object in question, where there is one."""
    if problem.number is None or problem.page is not None:
        return problem
    page = update.history.shown_on(problem.number)
    if page is None:
        page = update.history.annotated_with(problem.number, update.index)
    return problem._replace(page=page)


def _report(case: Case, before: list[SignatureCase], problem: Problem, index: int) -> None:
    roles = [s.role for s in before]
    place = {"page": problem.page, "object": problem.number, "revision": index}
    if "seal" in roles:
        case.add("changed-after-seal", **place, what=problem.what)
    elif "signer" in roles:
        case.add("changed-after-signer", **place, what=problem.what)
    else:
        case.add("changed-after-signature", field=before[-1].name, **place, what=problem.what)


def _compare(update: Update) -> None:
    revision, earlier = update.revision, update.document.revisions[update.index - 1]
    if not same(revision.trailer.get("Root"), earlier.trailer.get("Root")):
        update.forbid(Reason("changes.another-catalogue"))
        return
    _compare_trailer(update, earlier)
    compare_catalog(update)
    if update.archive_only and not revision.objects:
        update.forbid(Reason("changes.empty-revision"))
    judged = {update.root_number}
    if not update.archive_only:
        compare_info(update)
        judged |= judge_pages(update)
        if not update.rules.ours:
            judged |= judge_tags(update)
        known = update.history.form(update.index - 1).numbers
        judged |= {num for num in revision.objects if num in known}
    for num in revision.objects:
        _judge_object(update, num, judged)
    for num in sorted(revision.freed):
        _forbid(update, num, Reason("changes.object-removed", number=num))


def _compare_trailer(update: Update, earlier: Revision) -> None:
    """A trailer keeps what the signed ones say, and the file's first identifier (7.5.5, 14.4).

    Foreign writers may name or move /Info, which has rules of its own, and give a file its first identifier.
    """
    trailer, ours = update.revision.trailer, update.rules.ours
    known = _TRAILER_KEYS | (_XREF_STREAM_KEYS if trailer.get("Type") == "XRef" else set())
    if not ours:
        known = known | {"XRefStm"}
    for key in sorted(trailer.keys() - known):
        if ours:
            update.forbid(Reason("changes.trailer-foreign-key", key=key))
        elif not same(trailer[key], earlier.trailer.get(key)):
            update.forbid(Reason("changes.trailer-changed", key=key))
    was, now = earlier.trailer.get("ID"), trailer.get("ID")
    if _is_other_identifier(was, now, ours=ours):
        update.forbid(Reason("changes.identifier-changed"))
    if ours and not same(trailer.get("Info"), earlier.trailer.get("Info")):
        update.forbid(Reason("changes.another-information"))
    if not ours:
        _judge_size(update, earlier)


def _judge_size(update: Update, earlier: Revision) -> None:
    """An object that one /Size counts in and the other does not is there for some readers, and not for others."""
    sizes = [s for s in (earlier.trailer.get("Size"), update.revision.trailer.get("Size")) if type(s) is int]
    if update.document.oddities and sizes:
        number = min((n for n in update.document.view(update.index - 1) if min(sizes) <= n < max(sizes)), default=None)
        if number is not None:
            update.leave_open(Reason("changes.size-counts-otherwise", number=number), number=number)


def _is_other_identifier(was: PdfValue, now: PdfValue, *, ours: bool) -> bool:
    """Return whether the file's first identifier is another; without one a foreign file may gain or lose it.

    OpenPDF keeps 16 bytes of a longer one. It shows nothing: only a key for encryption is made from it (7.6.4.3).
    """
    if not ours and (now is None or same(was, now)):
        return False
    if not ours and was is None:
        return not _is_identifier(now)
    if not (_is_identifier(now) and _is_identifier(was)):
        return True
    return now[0] not in ((was[0],) if ours else (was[0], was[0][:CUT_ID_BYTES]))


def _is_identifier(value: PdfValue) -> TypeGuard[list[bytes]]:
    """Return whether a value is two identifiers (14.4), with no room for anything else."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(v, bytes) and len(v) <= MAX_ID_BYTES for v in value)
    )


def _is_structure(update: Update, num: int, value: PdfValue) -> bool:
    """Return whether a new stream is a section of the revision, or holds objects of it and no others."""
    if not isinstance(value, Stream) or value.dict.get("Type") not in _STRUCTURAL:
        return False
    start = update.revision.objects[num].start
    if value.dict["Type"] == "XRef":
        return start in update.revision.sections or start in update.revision.completing
    held = update.standing_at[start] - 1
    return held > 0 and (held == value.dict.get("N") or not update.rules.ours)


def _forbid(update: Update, num: int, what: Reason) -> None:
    """Forbid what was done to an object; where a page shows it, that is said first."""
    told = len(update.problems) < MAX_TOLD  # the way up to a page is not walked for the rest
    page = update.history.shown_on(num) if told else None
    if page is not None:
        what = Reason("changes.page-shows-something-else-because", page=page, reason=what)
    update.forbid(what, page=page, number=num)


def _is_awaited(update: Update, num: int, value: PdfValue) -> bool:
    """Return whether something led to an object that was missing, and is now there.

    LibreOffice names streams of the source document in a trailer key of its own, and signing programs take the number
    when it is free: that is no use, as long as no stream stands there.
    """
    history = update.history
    if update.rules.ours or num not in history.named_aside:
        return bool(history.uses[num])
    return isinstance(value, Stream) or num in history.leads or bool(history.uses[num].keys() - {TRAILER})


def _judge_object(update: Update, num: int, judged: set[int]) -> None:
    """Judge one object of the revision that no earlier step has judged."""
    uses = update.history.uses[num]
    if not update.existed(num):
        value = update.revision.objects[num].value
        if _is_awaited(update, num, value):
            _forbid(update, num, Reason("changes.missing-object-added", number=num))
        elif _is_structure(update, num, value) or num in update.explained:
            return
        elif update.rules.ours:
            _forbid(update, num, Reason("changes.object-added-without-use", number=num))
        else:
            update.unused.append(num)
    elif not update.changed(num):
        if update.archive_only and num not in judged and num not in update.replaceable:
            _forbid(update, num, Reason("changes.object-rewritten-without-use", number=num))
    elif update.document.view(update.index - 1)[num].gen != update.revision.objects[num].gen:
        _forbid(update, num, Reason("changes.object-another-generation", number=num))
    elif num in update.replaceable:
        if not uses <= update.replaceable[num]:
            _forbid(update, num, Reason("changes.object-replaced-with-other-uses", number=num))
    elif num not in judged:
        _forbid(update, num, Reason("changes.object-replaced", number=num))
