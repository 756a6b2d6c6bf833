"""The way through: every revision after the first signature, object by object."""

from __future__ import annotations

from ecert.formats.pdf import Revision, Stream, StructureFault
from ecert.formats.pdf.objects import same
from ecert.verify.case import Case, SignatureCase
from ecert.verify.changes.catalog import compare_catalog, compare_info
from ecert.verify.changes.history import History
from ecert.verify.changes.pages import judge_pages
from ecert.verify.changes.rules import rules
from ecert.verify.changes.update import Update
from ecert.verify.structure import report_fault

MAX_TOLD = 20  # changes of one revision that are named; the rest is counted
_STRUCTURAL = {"XRef", "ObjStm"}
_TRAILER_KEYS = {"Size", "Root", "Info", "ID", "Prev"}
_XREF_STREAM_KEYS = {"Type", "W", "Index", "Length", "Filter", "DecodeParms"}


def check_changes(case: Case) -> None:
    """Judge every revision after the first signature; findings name signer, seal or field."""
    document = case.document
    if document is None or not (case.signatures or case.policy.stage == "draft"):
        return
    history = History(document)
    try:
        for index in range(1, len(document.revisions)):
            history.advance(document.revisions[index - 1])
            before = [s for s in case.signatures if s.revision < index]
            if before or case.policy.is_copy:
                _judge_revision(case, history, index, before)
    except StructureFault as fault:
        report_fault(case, fault)


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
    for problem in _told(update.problems):
        if last is None:
            case.find("not-pdfa", revision=index, what=problem)
        else:
            _report(case, before, problem, index)
    for name in _told(update.filled):
        if last is not None:
            case.find("form-filled-in", field=last.name, revision=index, what=name)


def _told(items: list[str]) -> list[str]:
    """Return the first items, and how many more there are: a report is read by people."""
    more = len(items) - MAX_TOLD
    return [*items[:MAX_TOLD], f"{more} more changes"] if more > 0 else items


def _report(case: Case, before: list[SignatureCase], problem: str, index: int) -> None:
    roles = [s.role for s in before]
    if "seal" in roles:
        case.find("changed-after-seal", revision=index, what=problem)
    elif "signer" in roles:
        case.find("changed-after-signer", revision=index, what=problem)
    else:
        case.find("changed-after-signature", field=before[-1].name, revision=index, what=problem)


def _compare(update: Update) -> None:
    revision, earlier = update.revision, update.document.revisions[update.index - 1]
    if not same(revision.trailer.get("Root"), earlier.trailer.get("Root")):
        update.problems.append("another document catalogue")
        return
    _compare_trailer(update, earlier)
    compare_catalog(update)
    if update.archive_only and not revision.objects:
        update.problems.append("an empty revision was appended")
    judged = {update.root_number}
    if not update.archive_only:
        compare_info(update)
        judged |= judge_pages(update)
        judged |= {node.num for node in update.history.nodes(update.index - 1)}
    for num in revision.objects:
        _judge_object(update, num, judged)
    for num in sorted(revision.freed):
        update.problems.append(f"object {num} was removed")


def _compare_trailer(update: Update, earlier: Revision) -> None:
    """A copy's trailer says what the format says, and keeps the file's first identifier."""
    if not update.rules.ours:
        return
    trailer = update.revision.trailer
    known = _TRAILER_KEYS | (_XREF_STREAM_KEYS if trailer.get("Type") == "XRef" else set())
    for key in sorted(trailer.keys() - known):
        update.problems.append(f"the trailer has the foreign key /{key}")
    first = update.document.array(earlier.trailer.get("ID"), update.index - 1)[:1]
    if first != update.document.array(trailer.get("ID"), update.index)[:1]:
        update.problems.append("the file's identifier was changed")


def _judge_object(update: Update, num: int, judged: set[int]) -> None:
    """Judge one object of the revision that no earlier step has judged."""
    uses = update.history.uses[num]
    if not update.existed(num):
        value = update.revision.objects[num].value
        if uses:
            update.problems.append(f"object {num}, referred to but missing before, was added")
        elif isinstance(value, Stream) and value.dict.get("Type") in _STRUCTURAL:
            return
        elif update.rules.ours and num not in update.explained:
            update.problems.append(f"object {num} was added without a use")
    elif not update.changed(num):
        return
    elif update.document.view(update.index - 1)[num].gen != update.revision.objects[num].gen:
        update.problems.append(f"object {num} was given another generation")
    elif num in update.replaceable:
        if not uses <= update.replaceable[num]:
            update.problems.append(f"object {num} was replaced, which has other uses")
    elif num not in judged:
        update.problems.append(f"object {num} was replaced")
