"""The pages: only /Annots may gain widgets of permitted fields."""

from __future__ import annotations

import re

from ecert.errors import Reason
from ecert.formats.pdf import Ref
from ecert.formats.pdf.objects import PdfDict, PdfValue, same
from ecert.verify.changes.update import AddedAnnotation, Update, key_names

_HIDDEN = 2  # /F (table 165): neither shown nor printed
_BOXES = {"MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox"}  # 14.11.2
_PLAIN_KIND = re.compile(r"[A-Za-z0-9]{1,32}")


def judge_pages(update: Update) -> set[int]:
    """Compare the pages; return the numbers of objects judged here."""
    document, index, history = update.document, update.index, update.history
    written = update.revision.objects
    judged: set[int] = set()
    if history.pages(index - 1) != history.pages(index):
        update.forbid(Reason("changes.page-list-changed"))
        return judged
    judged |= _judge_tree(update)
    pages, parts = history.pages(index), (history.page_parts(index - 1), history.page_parts(index))
    for number in sorted({n for num in written for part in parts for n in part.get(num, ())}):
        ref = pages[number - 1]
        old = document.dictionary(ref, index - 1)
        new = document.dictionary(ref, index)
        annotations = old.get("Annots"), new.get("Annots")
        judged.add(ref.num)
        update.may_replace(old.get("Annots"), ref.num)
        changed = _changed(update, old, new) - {"Annots"}
        if not update.rules.ours and update.signatures and "Tabs" not in old and new.get("Tabs") == "S":
            changed -= {"Tabs"}  # the order in which keys go from field to field: iText adds it with a field's tag
        if changed:
            update.forbid(
                Reason("changes.page-changed", page=number, keys=key_names(changed)), page=number, number=ref.num
            )
        _judge_annotations(update, number, *annotations)
    return judged


def _judge_tree(update: Update) -> set[int]:
    """Return the nodes above pages (7.7.3.2) that say what they said, with boxes in other numbers of the same value."""
    found = set()
    for num, entry in update.revision.objects.items():
        new = entry.value
        if isinstance(new, dict) and new.get("Type") == "Pages" and update.changed(num):
            old = update.old(Ref(num))
            if isinstance(old, dict) and not _changed(update, old, new):
                found.add(num)
    return found


def _changed(update: Update, old: PdfDict, new: PdfDict) -> set[str]:
    """Return the keys of a page, or a node above it, that say something else."""
    found = {k for k in old.keys() | new.keys() if not same(old.get(k), new.get(k))}
    if update.rules.ours:
        return found
    return {k for k in found if k not in _BOXES or not _is_same_box(update, old.get(k), new.get(k))}


def _is_same_box(update: Update, before: PdfValue, after: PdfValue) -> bool:
    """Return whether two boxes have the same values: ``612`` and ``612.0`` are one number (7.3.3)."""
    old, new = (
        [resolve(v) for v in _listed(resolve(box))] for resolve, box in ((update.old, before), (update.new, after))
    )
    numbers = all(type(v) in (int, float) for v in (*old, *new))
    return numbers and len(old) == 4 and old == new


def _listed(value: PdfValue) -> list[PdfValue]:
    return value if isinstance(value, list) else []


def _judge_annotations(update: Update, page: int, before: PdfValue, after: PdfValue) -> None:
    """Annotations stay, in their order; only widgets of new fields may come (P=3: any, told)."""
    document, index = update.document, update.index
    old, new = document.array(before, index - 1), document.array(after, index)
    update.history.counted([*old, *new])  # pages may share one list
    rest = iter(new)
    if not all(any(same(kept, item) for item in rest) for kept in old):
        update.forbid(Reason("changes.annotation-removed-or-moved", page=page), page=page)
    update.explain(after)
    known = {repr(item) for item in old}
    was, now = update.history.form(index - 1).numbers, update.history.form(index).numbers
    for ref in new:
        if repr(ref) in known:
            continue
        is_new_field = isinstance(ref, Ref) and ref.num in now and ref.num not in was
        if is_new_field and not update.existed(ref.num):
            continue  # a new field's widget, judged with the field
        if update.rules.docmdp == 3 and not update.rules.ours:
            update.annotations.append(_added(update, page, ref))
            update.explain(ref)
            continue
        update.forbid(
            Reason("changes.annotation-added", page=page), page=page, number=ref.num if isinstance(ref, Ref) else None
        )


def _added(update: Update, page: int, ref: PdfValue) -> AddedAnnotation:
    """Return what was added, and whether it can paint over the page (12.5.2, 12.5.5, 12.5.6).

    A hidden one without actions cannot; nor can, without a picture of its own, a link without a border and a closed
    pop-up window. The icon of a note hides a letter or two.
    """
    node = update.document.dictionary(ref, update.index)
    subtype = update.new(node.get("Subtype"))
    kind = subtype if isinstance(subtype, str) and _PLAIN_KIND.fullmatch(subtype) else "?"
    flags = update.new(node.get("F"))
    hidden = type(flags) is int and bool(flags & _HIDDEN) and not {"A", "AA"} & node.keys()
    closed = update.new(node.get("Open")) in (None, False)
    bare = (kind == "Link" and _has_no_border(update, node)) or (kind == "Popup" and closed)
    number = ref.num if isinstance(ref, Ref) else None
    return AddedAnnotation(kind, page, number, not (hidden or (bare and "AP" not in node)))


def _has_no_border(update: Update, node: PdfDict) -> bool:
    """Return whether no border is drawn: the default is one of width 1 (table 164)."""
    border = [update.new(v) for v in update.document.array(node.get("Border"), update.index)]
    return "BS" not in node and len(border) == 3 and border[2] == 0
