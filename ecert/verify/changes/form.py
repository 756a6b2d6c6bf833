"""The form and its fields: signing an empty field, time-stamp fields, filling in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecert.errors import Reason
from ecert.formats.pdf import Ref, Stream
from ecert.formats.pdf.objects import PdfDict, PdfValue, decode_text_string, same
from ecert.model.limits import MAX_PAGE_POINTS
from ecert.verify.changes.filling import Fillings, one_line_value
from ecert.verify.changes.form_resources import is_blank, judge_resources
from ecert.verify.changes.form_state import first_of, unlisted
from ecert.verify.changes.history import FormNode
from ecert.verify.changes.placement import appearances, escapes, has_place
from ecert.verify.changes.proof import Contradiction, NotProven
from ecert.verify.changes.update import Update, key_names

_TIMESTAMP_FIELD_KEYS = {"Type", "Subtype", "FT", "T", "Rect", "F", "P", "V"}
_TIMESTAMP_KEYS = {"Type", "Filter", "SubFilter", "ByteRange", "Contents", "V"}
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")  # of a time-stamp's field: nothing to read into
_SIGNED_FIELD_GAINS = {"V", "AP", "M", "MK", "F"}
_STAMP_FLAGS = 2 | 4 | 64 | 128 | 512  # Hidden, Print, ReadOnly, Locked, LockedContents
_SIGNED_FIELD_FLAGS = 4 | 128 | 512  # /F: Print, Locked, LockedContents (table 165)
_FILLED_FIELD_GAINS = {"V", "AP", "AS", "M", "DV", "RV", "I"}


def compare_form(update: Update, before: PdfValue, after: PdfValue) -> None:
    document, index = update.document, update.index
    old, new = document.dictionary(before, index - 1), document.dictionary(after, index)
    if before is not None and after is None:
        update.forbid(Reason("changes.form-removed"))
        return
    holder = update.may_replace(before, update.root_number)
    update.may_replace(old.get("Fields"), holder)
    if _is_unwritten(update, before, after, old, new):
        if update.history.form(index).twice:
            update.forbid(Reason("changes.field-removed-or-twice"))
        _judge_fillings(update, _judge_known_fields(update), drawn_anew=False)
        return
    update.explain(after)
    permitted = {"Fields"} | (set() if update.rules.ours else {"SigFlags", "NeedAppearances"})
    refused = set() if update.rules.ours else set(judge_resources(update, old, new, holder))
    if not update.rules.ours:
        permitted |= {"DA", "DR"} - refused
    for key in sorted(old.keys() | new.keys()):
        changed = not same(old.get(key), new.get(key))
        if key in refused or (changed and key not in permitted):
            update.forbid(Reason("changes.form-changed", key=key))
        elif key != "Fields":
            update.explain(new.get(key))
    known = {repr(r) for r in document.array(old.get("Fields"), index - 1)}
    current = document.array(new.get("Fields"), index)
    listed = {repr(r) for r in current}
    if known - listed or len(listed) != len(current):
        update.forbid(Reason("changes.field-removed-or-twice"))
    names = update.history.form(index - 1).names
    for ref in current:
        if repr(ref) not in known:
            _judge_new_field(update, ref, names)
    update.explain(new.get("Fields"))
    filled = _judge_known_fields(update)
    _judge_fillings(update, filled, drawn_anew=_is_drawn_anew(update, old, new))


def _is_unwritten(update: Update, before: PdfValue, after: PdfValue, old: PdfDict, new: PdfDict) -> bool:
    """Return whether a revision wrote neither the form nor its list of fields: then nothing is to be compared."""
    was = update.document.array(old.get("Fields"), update.index - 1)
    now = update.document.array(new.get("Fields"), update.index)
    return old is new and same(before, after) and was is now


def _is_drawn_anew(update: Update, old: PdfDict, new: PdfDict) -> bool:
    """Return, and note, whether readers may now draw the fields anew, or no longer do (/NeedAppearances)."""
    before, after = update.old(old.get("NeedAppearances")), update.new(new.get("NeedAppearances"))
    if update.rules.ours or same(before, after):
        return False
    effective = (before or False) is not (after or False)
    if effective and update.rules.docmdp == 1:
        update.forbid(Reason("changes.form-changed", key="NeedAppearances"))
    else:
        update.tell(Reason("changes.form-changed", key="NeedAppearances"))
    return effective


def _judge_new_field(update: Update, ref: PdfValue, names: frozenset[str]) -> None:
    """A time-stamp field may come; a new signature field only in foreign files (P ≥ 2)."""
    node = update.document.dictionary(ref, update.index)
    part = update.new(node.get("T"))
    name = decode_text_string(part) if isinstance(part, bytes) else ""
    value = update.document.dictionary(node.get("V"), update.index)
    rules = update.rules
    number = ref.num if isinstance(ref, Ref) else None
    if not isinstance(ref, Ref) or update.existed(ref.num) or node.get("FT") != "Sig":
        update.forbid(Reason("changes.field-added", name=name), number=number)
    elif not name or name in names:
        update.forbid(Reason("changes.second-field-added", name=name), number=number)
    elif any({"A", "AA"} & widget.keys() for widget in _widgets(update, ref)):
        update.forbid(Reason("changes.field-added-with-action", name=name), number=number)
    elif ref not in (f.ref for s in update.signatures for f in s.fields):
        update.forbid(Reason("changes.empty-signature-field-added", name=name), number=number)
    elif value.get("Type") == "DocTimeStamp" or value.get("SubFilter") == "ETSI.RFC3161":
        if not _is_invisible(update, ref):
            update.forbid(Reason("changes.timestamp-field-visible", name=name), number=number)
        elif rules.ours:
            _judge_archive_field(update, ref, name, node, value)
    elif rules.ours:
        update.forbid(Reason("changes.signature-field-added", name=name), number=number)
    elif rules.docmdp == 1 or rules.locks(name):
        update.forbid(Reason("changes.signature-field-added-against-permissions", name=name), number=number)
    elif rules.docmdp == 2 and not _is_invisible(update, ref) and not (rules.is_certified and _has_place(update, ref)):
        # P=2 permits to sign what is there; a new visible field can be laid over anything. Whose it is, and what it
        # hides, is judged when the signatures are: verify/additions.py
        update.forbid(Reason("changes.visible-signature-field-added", name=name), number=number)
    update.explain(ref)


def _widgets(update: Update, ref: Ref) -> Iterator[PdfDict]:
    """Yield a new field and all below it."""
    for node in update.history.form(update.index).family(ref.num):
        yield node.value


def _judge_archive_field(update: Update, ref: Ref, name: str, node: PdfDict, value: PdfDict) -> None:
    """A copy's time-stamp says nothing beside the time: viewers show names, reasons and places too."""
    foreign = (node.keys() - _TIMESTAMP_FIELD_KEYS) | (value.keys() - _TIMESTAMP_KEYS)
    indirect = {k for k, v in node.items() if isinstance(v, Ref) and k not in ("P", "V")}
    page = update.history.annotated_with(ref.num, update.index)
    if foreign:
        keys = key_names(foreign)
        update.forbid(Reason("changes.timestamp-field-foreign-keys", name=name, keys=keys), number=ref.num)
    elif indirect or not _is_plain_stamp(node, value):
        update.forbid(Reason("changes.timestamp-field-unlike-format", name=name), number=ref.num)
    elif page is None or update.history.pages(update.index)[page - 1] != node.get("P"):
        update.forbid(Reason("changes.timestamp-field-on-another-page", name=name), number=ref.num)
    elif not _PLAIN_NAME.fullmatch(name):
        update.forbid(Reason("changes.timestamp-field-misleading-name"), number=ref.num)


def _is_plain_stamp(node: PdfDict, value: PdfDict) -> bool:
    """Return whether field and value of a time-stamp hold what they must, and nothing else that a reader might use."""
    flags = node.get("F", 0)
    return (
        (node.get("Type", "Annot"), node.get("Subtype")) == ("Annot", "Widget")
        and type(flags) is int
        and not flags & ~_STAMP_FLAGS
        and (value.get("Type"), value.get("Filter")) == ("DocTimeStamp", "Adobe.PPKLite")
        and type(value.get("V", 0)) is int
    )


def _is_invisible(update: Update, ref: Ref) -> bool:
    """Return whether a field's widgets paint nothing: each has an empty rectangle, or is on no page."""
    return all(_is_unseen(update, node) for node in update.history.form(update.index).family(ref.num))


def _is_unseen(update: Update, node: FormNode) -> bool:
    rect = update.document.array(node.value.get("Rect"), update.index)
    on_page = update.history.annotated_with(node.num, update.index) is not None
    if update.rules.ours and (not rect or "AP" in node.value):
        return False
    if not (_is_empty(rect) or (not rect and not on_page)) or escapes(update, node.value, node.num):
        return False
    return all(map(_paints_nothing, appearances(update, node.value.get("AP"))))


def _has_place(update: Update, ref: Ref) -> bool:
    """Return whether each of a field's widgets paints nothing, or is drawn where it can be measured."""
    family = update.history.form(update.index).family(ref.num)
    return all(_is_unseen(update, node) or has_place(update, node.value, node.num) for node in family)


def _is_empty(rect: list[PdfValue]) -> bool:
    """Return whether a rectangle is empty to every reader: large numbers mean different ones to them."""
    numbers = [v for v in rect if type(v) in (int, float) and abs(v) <= MAX_PAGE_POINTS]
    return len(rect) == len(numbers) == 4 and numbers[:2] == numbers[2:]


def _paints_nothing(value: PdfValue) -> bool:
    """Return whether an appearance has no operators, or an empty box to paint them in."""
    if not isinstance(value, Stream):
        return value is None
    box = value.dict.get("BBox")
    if isinstance(box, list) and _is_empty(box):
        return True
    return is_blank(value)


def _judge_known_fields(update: Update) -> list[FormNode]:
    """Judge the fields of before that this revision wrote anew; return those that were filled in."""
    signing = {f.ref.num for s in update.signatures for f in s.fields}
    filled: list[FormNode] = []
    form = update.history.form(update.index - 1)
    for node in form.among(update.revision.objects.keys()):
        num, name, old, kind, _ = node
        if not update.changed(num):
            continue
        new = update.revision.objects[num].value
        if not isinstance(new, dict):
            update.forbid(Reason("changes.field-replaced", name=name), number=num)
            continue
        changed = {k for k in old.keys() | new.keys() if not same(old.get(k), new.get(k))}
        if num in update.rules.signed and not update.rules.ours and changed == {"Type"} and _names_its_type(old, new):
            continue
        if num in update.rules.signed:
            update.forbid(Reason("changes.signed-field-changed", name=name, keys=key_names(changed)), number=num)
        elif num in signing and update.old(old.get("V")) is None:
            _judge_signing(update, num, name, old, new)
        elif update.rules.ours:
            update.forbid(Reason("changes.form-field-changed", name=name, keys=key_names(changed)), number=num)
        elif kind == "Sig":
            update.forbid(Reason("changes.signature-field-changed", name=name, keys=key_names(changed)), number=num)
        else:
            _judge_filling(update, node, changed, filled)
        update.explain(new)
    return filled


def _names_its_type(old: PdfDict, new: PdfDict) -> bool:
    """Return whether an annotation now says that it is one, which it need not (table 164): PDFBox adds it."""
    return "Type" not in old and new.get("Type") == "Annot"


def _judge_signing(update: Update, num: int, name: str, old: PdfDict, new: PdfDict) -> None:
    """An empty signature field is signed: it gains value and appearance, nothing else."""
    changed = {k for k in old.keys() | new.keys() if not same(old.get(k), new.get(k))}
    allowed = {"V", "AP"} if update.rules.ours else _SIGNED_FIELD_GAINS
    if changed - allowed:
        update.forbid(Reason("changes.field-changed", name=name, keys=key_names(changed - allowed)), number=num)
    elif "F" in changed and not _keeps_showing(old.get("F", 0), new.get("F", 0)):
        update.forbid(Reason("changes.field-changed", name=name, keys="/F"), number=num)
    elif _is_stamped(update, num) and not _is_invisible(update, Ref(num)):
        # anybody can have a time-stamp: it must not fill the place where a person was to sign
        update.forbid(Reason("changes.timestamp-field-visible", name=name), number=num)
    elif update.rules.docmdp == 1 or (not update.rules.ours and update.rules.locks(name)):
        update.forbid(Reason("changes.field-signed-against-permissions", name=name), number=num)
    elif not update.rules.ours:
        _replace_appearance(update, num, name, old)


def _is_stamped(update: Update, num: int) -> bool:
    return any(s.is_timestamp and num in (f.ref.num for f in s.fields) for s in update.signatures)


def _keeps_showing(old: PdfValue, new: PdfValue) -> bool:
    """Return whether an annotation's flags differ only in what locks and prints it."""
    if type(old) is not int or type(new) is not int:
        return False
    return not (old ^ new) & ~_SIGNED_FIELD_FLAGS


def _replace_appearance(update: Update, num: int, name: str, old: PdfDict) -> None:
    """What a field showed may be written over, unless something else shows it too."""
    value = old.get("AP")
    holder = update.may_replace(value, num)
    if isinstance(value, Ref) and update.history.uses[value.num] != {num: 1}:
        update.forbid(Reason("changes.appearance-with-other-uses", name=name), number=num)
    for state in update.document.dictionary(value, update.index - 1).values():
        update.may_replace(state, holder)


def _judge_filling(update: Update, node: FormNode, changed: set[str], filled: list[FormNode]) -> None:
    """A form field is filled in, as far as DocMDP and FieldMDP permit it; what it shows is judged after."""
    num, name = node.num, node.name
    if changed - _FILLED_FIELD_GAINS:
        update.forbid(
            Reason("changes.form-field-changed", name=name, keys=key_names(changed - _FILLED_FIELD_GAINS)), number=num
        )
    elif update.rules.docmdp == 1 or update.rules.locks(name):
        update.forbid(Reason("changes.field-filled-against-permissions", name=name), number=num)
    else:
        filled.append(node)


def _judge_fillings(update: Update, filled: list[FormNode], *, drawn_anew: bool) -> None:
    """Judge what every field shows that a filling reaches, and all of them where readers draw them anew."""
    if not filled and not drawn_anew:
        return
    for chain in unlisted(update) if drawn_anew else ():
        if update.old(chain[0].get("Subtype")) == "Widget" and first_of(update, chain, "FT") != "Sig":
            text = first_of(update, chain, "T")
            name, why = decode_text_string(text) if isinstance(text, bytes) else "?", Reason("filling.not-in-form")
            update.leave_open(Reason("changes.field-drawn-anew", name=one_line_value(name), reason=why))
    fillings = Fillings(update)
    touched = fillings.touched(filled) if filled else []
    for name in touched:
        if update.rules.locks(name):  # by a value that it inherits
            update.forbid(Reason("changes.field-filled-against-permissions", name=name))
            continue
        widgets = fillings.text_widgets(name)
        for widget in widgets:
            _replace_appearance(update, widget.num, name, widget.value)
        number = widgets[0].num if widgets else None
        try:
            value = fillings.judge(name)
        except Contradiction as fault:
            update.forbid(Reason("changes.field-because", name=name, reason=fault.reason), number=number)
        except NotProven as doubt:
            update.leave_open(Reason("changes.field-because", name=name, reason=doubt.reason), number=number)
        else:
            update.filled.append(Reason("changes.field-filled", name=one_line_value(name), value=value))
    for name in fillings.every_field() if drawn_anew else ():
        if name in touched:
            continue
        try:
            fillings.judge_drawn_anew(name)
        except (Contradiction, NotProven) as doubt:
            update.leave_open(Reason("changes.field-drawn-anew", name=name, reason=doubt.reason))
