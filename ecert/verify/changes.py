"""What a later revision may change after a signature (ISO 32000-1, 12.8.2; design rules of ecert-1).

Each revision is compared with the state before it, object by object:

* the catalogue, key by key: only /DSS, /Extensions, /AcroForm's fields, and /Perms in the signer's revision;
* Info and XMP: only producer and dates;
* pages: only /Annots, gaining widgets of fields that are permitted;
* fields: an empty signature field may be signed, a time-stamp field may be added;
  under policy ``signatures`` also form filling, as far as DocMDP and FieldMDP permit it;
* after the last signature only validation data and time-stamps.

New objects must be reached from a permitted change; a signed field's dictionary never changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ecert.formats.pades.fields import PdfSignature
from ecert.formats.pdf import Document, Ref, Stream, StructureFault
from ecert.formats.pdf.objects import PdfDict, PdfValue, decode_text_string, same
from ecert.verify.case import Case, SignatureCase
from ecert.verify.structure import report_fault

_STRUCTURAL = {"XRef", "ObjStm"}
_SIGNED_FIELD_GAINS = {"V", "AP", "M", "MK"}
_FILLED_FIELD_GAINS = {"V", "AP", "AS", "M", "MK", "DV", "RV"}
_XMP_DATES = re.compile(
    rb"<(xmp:ModifyDate|xmp:MetadataDate|pdf:Producer)>[^<]*</\1>"
    rb"|(xmp:ModifyDate|xmp:MetadataDate|pdf:Producer)=\"[^\"]*\"|\s+|<\?xpacket[^>]*\?>"
)
_INFO_DATES = {"Producer", "ModDate"}


@dataclass
class _Rules:
    """What the signatures before a revision still permit."""

    ours: bool
    docmdp: int | None = None  # the strictest P seen
    locked: set[str] = field(default_factory=set)
    lock_all: bool = False
    lock_exclude: set[str] | None = None
    signed: set[int] = field(default_factory=set)  # object numbers of signed fields

    def locks(self, name: str) -> bool:
        """Tell whether a FieldMDP lock covers a field."""
        if self.lock_all or name in self.locked:
            return True
        return self.lock_exclude is not None and name not in self.lock_exclude


@dataclass
class _Update:
    """One revision under comparison: problems found, and what was filled in."""

    document: Document
    index: int
    rules: _Rules
    signatures: list[PdfSignature]
    problems: list[str] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)
    explained: set[int] = field(default_factory=set)

    def before(self, num: int) -> PdfValue:
        """Return an object as of the revision before."""
        found = self.document.view(self.index - 1).get(num)
        return found.value if found else None

    def old(self, value: PdfValue) -> PdfValue:
        """Resolve as of the revision before."""
        return self.document.resolve(value, self.index - 1)

    def new(self, value: PdfValue) -> PdfValue:
        """Resolve as of this revision."""
        return self.document.resolve(value, self.index)

    def explain(self, value: PdfValue) -> None:
        """Mark every object of this revision that a permitted value leads to."""
        written = self.document.revisions[self.index].objects
        stack = [value]
        while stack:
            item = stack.pop()
            if isinstance(item, Ref):
                if item.num in written and item.num not in self.explained:
                    if self.before(item.num) is not None:
                        continue  # an object of before is judged by its own role
                    self.explained.add(item.num)
                    stack.append(written[item.num].value)
            elif isinstance(item, Stream):
                stack.append(item.dict)
            elif isinstance(item, dict):
                stack.extend(item.values())
            elif isinstance(item, list):
                stack.extend(item)


def check_changes(case: Case) -> None:
    """Judge every revision after the first signature; findings name signer, seal or field."""
    document = case.document
    if document is None or not case.signatures:
        return
    try:
        for index in range(1, len(document.revisions)):
            before = [s for s in case.signatures if s.revision < index]
            if before or case.policy.is_copy:
                _judge_revision(case, document, index, before)
    except StructureFault as fault:
        report_fault(case, fault)


def _judge_revision(
    case: Case, document: Document, index: int, before: list[SignatureCase]
) -> None:
    here = [s for s in case.signatures if s.revision == index]
    update = _Update(
        document,
        index,
        _rules(document, before, ours=case.policy.is_copy),
        [s.signature for s in here],
    )
    _compare(update)
    for s in before:
        if update.problems:
            s.changes_after = "forbidden"
        elif s.changes_after == "none":
            s.changes_after = "permitted"
    last = before[-1] if before else None
    for problem in update.problems:
        if last is None:
            case.find("not-pdfa", revision=index, what=problem)
        else:
            _report(case, before, problem, index)
    for name in update.filled:
        if last is not None:
            case.find("form-filled-in", field=last.name, revision=index, what=name)


def _report(case: Case, before: list[SignatureCase], problem: str, index: int) -> None:
    roles = [s.role for s in before]
    if "seal" in roles:
        case.find("changed-after-seal", revision=index, what=problem)
    elif "signer" in roles:
        case.find("changed-after-signer", revision=index, what=problem)
    else:
        case.find("changed-after-signature", field=before[-1].name, revision=index, what=problem)


def _rules(document: Document, before: Iterable[SignatureCase], *, ours: bool) -> _Rules:
    rules = _Rules(ours)
    for s in before:
        rules.signed.add(s.signature.field.ref.num)
        if s.signature.docmdp is not None:
            rules.docmdp = min(rules.docmdp or 3, s.signature.docmdp)
        for action, names in _locks(document, s.signature):
            if action == "All":
                rules.lock_all = True
            elif action == "Include":
                rules.locked |= names
            elif action == "Exclude":
                rules.lock_exclude = names | (rules.lock_exclude or set())
    return rules


def _locks(document: Document, signature: PdfSignature) -> Iterator[tuple[PdfValue, set[str]]]:
    """Yield (action, field names) of a signature's FieldMDP transforms (12.8.2.4)."""
    for reference in document.array(signature.dictionary.get("Reference")):
        entry = document.dictionary(reference)
        if entry.get("TransformMethod") == "FieldMDP":
            yield _lock(document, document.dictionary(entry.get("TransformParams")))
    lock = document.dictionary(signature.field.widget.get("Lock"))
    if lock:
        yield _lock(document, lock)


def _lock(document: Document, parameters: PdfDict) -> tuple[PdfValue, set[str]]:
    names = document.array(parameters.get("Fields"))
    texts = {decode_text_string(n) for n in names if isinstance(n, bytes)}
    return parameters.get("Action"), texts


def _compare(update: _Update) -> None:
    document, index = update.document, update.index
    revision, earlier = document.revisions[index], document.revisions[index - 1]
    if not same(revision.trailer.get("Root"), earlier.trailer.get("Root")):
        update.problems.append("another document catalogue")
        return
    _compare_catalog(update)
    _compare_info(update)
    judged = _judge_pages(update) | update.explained
    roles = _roles(update)
    for num, entry in revision.objects.items():
        old = update.before(num)
        if num in judged or (old is not None and same(old, entry.value)):
            continue
        if isinstance(entry.value, Stream) and entry.value.dict.get("Type") in _STRUCTURAL:
            continue
        if num in roles:
            continue
        if old is not None:
            update.problems.append(f"object {num} was replaced")
        elif update.rules.ours:
            update.problems.append(f"object {num} was added without a use")
    for num in revision.freed:
        update.problems.append(f"object {num} was removed")


def _roles(update: _Update) -> set[int]:
    """Return the numbers of objects whose changes are judged by the steps above."""
    root_ref = update.document.revisions[update.index].trailer.get("Root")
    roles = {root_ref.num} if isinstance(root_ref, Ref) else set()
    root = update.document.root(update.index - 1)
    for key in ("DSS", "AcroForm", "Metadata"):
        value = root.get(key)
        if isinstance(value, Ref):
            roles.add(value.num)
    form = update.document.dictionary(root.get("AcroForm"), update.index - 1)
    for value in (form.get("Fields"), update.document.revisions[update.index].trailer.get("Info")):
        if isinstance(value, Ref):
            roles.add(value.num)
    store = update.document.dictionary(root.get("DSS"), update.index - 1)
    for value in store.values():
        if isinstance(value, Ref):
            roles.add(value.num)
    return roles | {n for n, _, _ in _field_objects(update, update.index - 1)}


def _compare_catalog(update: _Update) -> None:
    document, index = update.document, update.index
    old, new = document.root(index - 1), document.root(index)
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if key == "DSS":
            _compare_dss(update, before, after)
        elif key == "AcroForm":
            _compare_form(update, before, after)
        elif key == "Metadata":
            _compare_metadata(update, before, after)
        elif same(before, after):
            continue
        elif key == "Extensions":
            update.explain(after)
        elif key == "Perms" and any(s.docmdp is not None for s in update.signatures):
            permission = document.dictionary(after, index)
            if set(permission) - {"DocMDP"}:
                update.problems.append("/Perms of the catalogue was changed")
            update.explain(after)
        elif key == "Version" and not update.rules.ours:
            continue
        else:
            update.problems.append(f"/{key} of the catalogue was changed")


def _compare_dss(update: _Update, before: PdfValue, after: PdfValue) -> None:
    """The DSS may grow; what it held stays (EN 319 142-1, 5.4.2.2)."""
    if before is not None and after is None:
        update.problems.append("/DSS of the catalogue was removed")
        return
    old = update.document.dictionary(before, update.index - 1)
    new = update.document.dictionary(after, update.index)
    update.explain(after)
    for key, value in new.items():
        update.explain(value)
        if key not in ("Type", "Certs", "OCSPs", "CRLs", "VRI") and update.rules.ours:
            update.problems.append(f"/DSS has the foreign key /{key}")
        for item in update.document.array(value, update.index):
            update.explain(item)
    for key in ("Certs", "OCSPs", "CRLs"):
        kept = update.document.array(new.get(key), update.index)
        for ref in update.document.array(old.get(key), update.index - 1):
            if ref not in kept and update.rules.ours:
                update.problems.append(f"/DSS /{key} lost an entry")


def _compare_metadata(update: _Update, before: PdfValue, after: PdfValue) -> None:
    old, new = update.old(before), update.new(after)
    if isinstance(old, Stream) and isinstance(new, Stream):
        if old.data == new.data and same(before, after):
            return
        plain = [_XMP_DATES.sub(b"", s.encoded()) for s in (old, new)]
        kept = {k: v for k, v in old.dict.items() if k != "Length"}
        if plain[0] == plain[1] and same(
            kept, {k: v for k, v in new.dict.items() if k != "Length"}
        ):
            update.explain(after)
            return
        if not update.rules.ours:
            update.explain(after)
            return
    elif before is None and after is None:
        return
    elif not update.rules.ours:
        update.explain(after)
        return
    update.problems.append("the metadata (XMP) was changed")


def _compare_info(update: _Update) -> None:
    document, index = update.document, update.index
    old_ref = document.revisions[index - 1].trailer.get("Info")
    new_ref = document.revisions[index].trailer.get("Info")
    old, new = document.dictionary(old_ref, index - 1), document.dictionary(new_ref, index)
    update.explain(new_ref)
    if not update.rules.ours:
        return
    for key in old.keys() | new.keys():
        if key not in _INFO_DATES and not same(update.old(old.get(key)), update.new(new.get(key))):
            update.problems.append(f"/{key} of the document information was changed")


def _compare_form(update: _Update, before: PdfValue, after: PdfValue) -> None:
    document, index = update.document, update.index
    old, new = document.dictionary(before, index - 1), document.dictionary(after, index)
    if before is not None and after is None:
        update.problems.append("the form was removed")
        return
    update.explain(after)
    permitted = {"Fields", "SigFlags"} | (
        set() if update.rules.ours else {"DR", "DA", "NeedAppearances"}
    )
    for key in old.keys() | new.keys():
        if key not in permitted and not same(old.get(key), new.get(key)):
            update.problems.append(f"/{key} of the form was changed")
        elif key != "Fields":
            update.explain(new.get(key))
    known = [r for r in document.array(old.get("Fields"), index - 1) if isinstance(r, Ref)]
    current = document.array(new.get("Fields"), index)
    if any(r not in current for r in known) or len(set(map(repr, current))) != len(current):
        update.problems.append("a form field was removed or stands twice")
    for ref in current:
        if ref not in known:
            _judge_new_field(update, ref)
    update.explain(new.get("Fields"))
    _judge_known_fields(update)


def _judge_new_field(update: _Update, ref: PdfValue) -> None:
    """A time-stamp field may come; a new signature field only in foreign files (P ≥ 2)."""
    node = update.document.dictionary(ref, update.index)
    name = decode_text_string(node["T"]) if isinstance(node.get("T"), bytes) else "?"
    value = update.document.dictionary(node.get("V"), update.index)
    if node.get("FT") != "Sig":
        update.problems.append(f"the form field “{name}” was added")
    elif value.get("Type") == "DocTimeStamp" or value.get("SubFilter") == "ETSI.RFC3161":
        if not _is_invisible(update, node):
            update.problems.append(f"the time-stamp field “{name}” is visible")
    elif update.rules.ours:
        update.problems.append(f"the signature field “{name}” was added")
    elif update.rules.docmdp == 1 or update.rules.lock_all:
        update.problems.append(f"the signature field “{name}” was added against the permissions")
    elif not node.get("V"):
        update.problems.append(f"the empty signature field “{name}” was added")
    update.explain(ref)


def _is_invisible(update: _Update, node: PdfDict) -> bool:
    """Tell whether a widget paints nothing: an empty rectangle, or hidden, and no appearance in ours."""
    rect = update.document.array(node.get("Rect"), update.index)
    if not all(isinstance(v, int | float) for v in rect):
        return False
    empty = len(rect) == 4 and rect[0] == rect[2] and rect[1] == rect[3]
    if update.rules.ours:
        return empty and "AP" not in node
    return empty or not rect


def _field_objects(update: _Update, index: int) -> Iterator[tuple[int, str, PdfDict]]:
    """Yield (number, full name, dictionary) of every field and widget as of a revision."""
    document = update.document
    form = document.dictionary(document.root(index).get("AcroForm"), index)
    stack = [(r, "") for r in document.array(form.get("Fields"), index)]
    seen: set[Ref] = set()
    while stack:
        ref, prefix = stack.pop()
        if not isinstance(ref, Ref) or ref in seen:
            continue
        seen.add(ref)
        node = document.dictionary(ref, index)
        part = node.get("T")
        name = prefix
        if isinstance(part, bytes):
            text = decode_text_string(part)
            name = f"{prefix}.{text}" if prefix else text
        yield ref.num, name, node
        stack.extend((kid, name) for kid in document.array(node.get("Kids"), index))


def _judge_known_fields(update: _Update) -> None:
    written = update.document.revisions[update.index].objects
    signing = {s.field.ref.num: s for s in update.signatures}
    for num, name, old in _field_objects(update, update.index - 1):
        if num not in written or same(old, written[num].value):
            continue
        new = written[num].value
        if not isinstance(new, dict):
            update.problems.append(f"the form field “{name}” was replaced")
            continue
        changed = {k for k in old.keys() | new.keys() if not same(old.get(k), new.get(k))}
        if num in update.rules.signed:
            update.problems.append(f"the signed field “{name}” was changed ({_keys(changed)})")
        elif num in signing and update.old(old.get("V")) is None:
            _judge_signing(update, name, changed)
        elif update.rules.ours:
            update.problems.append(f"the form field “{name}” was changed ({_keys(changed)})")
        else:
            _judge_filling(update, name, old, changed)
        update.explain(new)


def _keys(changed: set[str]) -> str:
    return ", ".join(f"/{k}" for k in sorted(changed))


def _judge_signing(update: _Update, name: str, changed: set[str]) -> None:
    """An empty signature field is signed: it gains value and appearance, nothing else."""
    allowed = {"V", "AP"} if update.rules.ours else _SIGNED_FIELD_GAINS
    if changed - allowed:
        update.problems.append(f"the field “{name}” was changed ({_keys(changed - allowed)})")
    elif update.rules.docmdp == 1:
        update.problems.append(f"the field “{name}” was signed against the permissions")


def _judge_filling(update: _Update, name: str, old: PdfDict, changed: set[str]) -> None:
    """A form field is filled in, as far as DocMDP and FieldMDP permit it."""
    if changed - _FILLED_FIELD_GAINS:
        update.problems.append(
            f"the form field “{name}” was changed ({_keys(changed - _FILLED_FIELD_GAINS)})"
        )
    elif old.get("FT") == "Sig" or update.rules.docmdp == 1 or update.rules.locks(name):
        update.problems.append(f"the form field “{name}” was filled in against the permissions")
    else:
        update.filled.append(name)


def _judge_pages(update: _Update) -> set[int]:
    """Compare the pages; return the numbers of objects judged here."""
    document, index = update.document, update.index
    written = document.revisions[index].objects
    old_pages, new_pages = list(document.pages(index - 1)), list(document.pages(index))
    judged: set[int] = set()
    if old_pages != new_pages:
        update.problems.append("pages were added, removed or reordered")
        return judged
    fields = {num for num, _, _ in _field_objects(update, index)}
    for number, ref in enumerate(new_pages, 1):
        old = document.dictionary(ref, index - 1)
        new = document.dictionary(ref, index)
        annotations = old.get("Annots"), new.get("Annots")
        arrays = {a.num for a in annotations if isinstance(a, Ref)}
        if ref.num not in written and not arrays & written.keys():
            continue
        judged |= {ref.num} | arrays
        changed = {
            k for k in old.keys() | new.keys() if k != "Annots" and not same(old.get(k), new.get(k))
        }
        if changed:
            update.problems.append(f"page {number} was changed ({_keys(changed)})")
        _judge_annotations(update, number, *annotations, fields)
    return judged


def _judge_annotations(
    update: _Update, page: int, before: PdfValue, after: PdfValue, fields: set[int]
) -> None:
    document, index = update.document, update.index
    old, new = document.array(before, index - 1), document.array(after, index)
    if any(ref not in new for ref in old):
        update.problems.append(f"an annotation of page {page} was removed")
    known = {num for num, _, _ in _field_objects(update, index - 1)}
    for ref in new:
        if ref in old:
            continue
        if isinstance(ref, Ref) and ref.num in fields and ref.num not in known:
            continue  # a new field's widget, judged with the field
        if update.rules.docmdp == 3 and not update.rules.ours:
            update.filled.append(f"annotation on page {page}")
            update.explain(ref)
            continue
        update.problems.append(f"an annotation was added to page {page}")
