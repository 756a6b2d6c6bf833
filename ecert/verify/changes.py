"""What a later revision may change after a signature (ISO 32000-1, 12.8.2; design rules of ecert-1).

Each revision is compared with the state before it, object by object:

* the catalogue, key by key: only /DSS, /Extensions, /AcroForm's fields, and /Perms in the signer's revision;
* Info and XMP: only producer and dates;
* pages: only /Annots, gaining widgets of fields that are permitted;
* fields: an empty signature field may be signed, a time-stamp field may be added;
  under policy ``signatures`` also form filling, as far as DocMDP and FieldMDP permit it;
* after the last signature of a copy only validation data.

New objects must be reached from a permitted change; a signed field's dictionary never changes. An
object that may be written over must have no other use in the state before; an object that was
missing, though something refers to it, must stay missing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from ecert.formats.pades.fields import PdfSignature
from ecert.formats.pdf import Document, Ref, Revision, Stream, StructureFault
from ecert.formats.pdf.objects import PdfDict, PdfValue, decode_text_string, same
from ecert.model.limits import MAX_DEPTH
from ecert.verify.case import Case, SignatureCase
from ecert.verify.structure import report_fault

T = TypeVar("T")
MAX_COMPARED = 1_000_000  # pages and fields in all revisions: 1,000 pages × 200 are 200,000
MAX_TOLD = 20  # changes of one revision that are named; the rest is counted

_TRAILER = 0  # stands for the trailer among the sources of references; no object has this number
_STRUCTURAL = {"XRef", "ObjStm"}
_TRAILER_KEYS = {"Size", "Root", "Info", "ID", "Prev"}
_XREF_STREAM_KEYS = {"Type", "W", "Index", "Length", "Filter", "DecodeParms"}
_TIMESTAMP_FIELD_KEYS = {"Type", "Subtype", "FT", "T", "Rect", "F", "P", "V"}
_SIGNED_FIELD_GAINS = {"V", "AP", "M", "MK", "F"}
_SIGNED_FIELD_FLAGS = 4 | 128 | 512  # /F: Print, Locked, LockedContents (table 165)
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
    signed: set[int] = field(default_factory=set)  # signed fields, their widgets and ancestors

    def locks(self, name: str) -> bool:
        """Tell whether a FieldMDP lock covers a field, itself or by an ancestor (12.8.2.4)."""
        parts = name.split(".")
        names = {".".join(parts[: i + 1]) for i in range(len(parts))}
        if self.lock_all or names & self.locked:
            return True
        return self.lock_exclude is not None and not names & self.lock_exclude

    def restrict(self, permission: PdfValue) -> None:
        """Take in a permission P; what is no permission permits nothing."""
        level = permission if type(permission) is int and permission in (1, 2, 3) else 1
        self.docmdp = min(self.docmdp or 3, level)


class _FormNode(NamedTuple):
    """A field or widget of the form: ``kind`` is its /FT, inherited too, ``chain`` its ancestors."""

    num: int
    name: str
    value: PdfDict
    kind: PdfValue
    chain: tuple[int, ...]


class _History:
    """The document revision by revision; everything is read once, and the work is counted."""

    def __init__(self, document: Document) -> None:
        self.document = document
        #: object → what refers to it, and how often
        self.uses: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._targets: dict[int, Counter[int]] = {}
        self._nodes: dict[int, list[_FormNode]] = {}
        self._pages: dict[int, list[Ref]] = {}
        self._work = 0

    def advance(self, revision: Revision) -> None:
        """Take a revision into :attr:`uses`."""
        for num in revision.freed:
            self._replace(num, Counter())
        for num, entry in revision.objects.items():
            trailer = entry.start in revision.sections  # a cross-reference stream, listing itself
            self._replace(num, Counter() if trailer else _references(entry.value))
        self._replace(_TRAILER, _references(revision.trailer))

    def _replace(self, source: int, targets: Counter[int]) -> None:
        for target in self._targets.get(source, ()):
            del self.uses[target][source]
        for target, count in targets.items():
            self.uses[target][source] = count
        self._targets[source] = targets

    def nodes(self, index: int) -> list[_FormNode]:
        """Return every field and widget of the form as of a revision."""
        if index not in self._nodes:
            self._nodes = {k: v for k, v in self._nodes.items() if k == index - 1}
            self._nodes[index] = self._counted(list(_form_nodes(self.document, index)))
        return self._nodes[index]

    def pages(self, index: int) -> list[Ref]:
        """Return the pages as of a revision."""
        if index not in self._pages:
            self._pages = {k: v for k, v in self._pages.items() if k == index - 1}
            self._pages[index] = self._counted(list(self.document.pages(index)))
        return self._pages[index]

    def _counted(self, found: list[T]) -> list[T]:
        self._work += len(found)
        if self._work > MAX_COMPARED:
            raise StructureFault("over-limit", "pages and fields compared", limit=MAX_COMPARED)
        return found


def _references(value: PdfValue) -> Counter[int]:
    """Return the numbers of all objects a value refers to, and how often."""
    found: Counter[int] = Counter()
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, Ref):
            found[item.num] += 1
        elif isinstance(item, Stream):
            stack.append(item.dict)
        elif isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return found


def _form_nodes(document: Document, index: int) -> Iterator[_FormNode]:
    form = document.dictionary(document.root(index).get("AcroForm"), index)
    stack: list[tuple[PdfValue, str, PdfValue, tuple[int, ...]]] = [
        (r, "", None, ()) for r in document.array(form.get("Fields"), index)
    ]
    seen: set[Ref] = set()
    while stack:
        ref, prefix, kind, chain = stack.pop()
        if not isinstance(ref, Ref) or ref in seen:
            continue
        seen.add(ref)
        if len(chain) > MAX_DEPTH:
            raise StructureFault("over-limit", "nesting of form fields", limit=MAX_DEPTH)
        node = document.dictionary(ref, index)
        part = document.resolve(node.get("T"), index)
        name = prefix
        if isinstance(part, bytes):
            text = decode_text_string(part)
            name = f"{prefix}.{text}" if prefix else text
        kind = document.resolve(node.get("FT", kind), index)
        yield _FormNode(ref.num, name, node, kind, chain)
        below = (*chain, ref.num)
        stack.extend((kid, name, kind, below) for kid in document.array(node.get("Kids"), index))


@dataclass
class _Update:
    """One revision under comparison: problems found, and what was filled in."""

    history: _History
    index: int
    rules: _Rules
    signatures: list[PdfSignature]
    archive_only: bool  # a copy's revision after its last signature: validation data alone
    problems: list[str] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)
    explained: set[int] = field(default_factory=set)
    #: objects of before that may be written over → what may refer to them, and how often
    replaceable: dict[int, Counter[int]] = field(default_factory=dict)

    @property
    def document(self) -> Document:
        """Return the document."""
        return self.history.document

    @property
    def revision(self) -> Revision:
        """Return the revision under comparison."""
        return self.document.revisions[self.index]

    @property
    def root_number(self) -> int:
        """Return the object number of the catalogue."""
        root = self.revision.trailer.get("Root")
        return root.num if isinstance(root, Ref) else _TRAILER

    def existed(self, num: int) -> bool:
        """Tell whether an object was there before."""
        return num in self.document.view(self.index - 1)

    def changed(self, num: int) -> bool:
        """Tell whether this revision writes another value, or generation, of an object of before."""
        old = self.document.view(self.index - 1).get(num)
        new = self.revision.objects.get(num)
        if old is None or new is None:
            return False
        return old.gen != new.gen or not same(old.value, new.value)

    def old(self, value: PdfValue) -> PdfValue:
        """Resolve as of the revision before."""
        return self.document.resolve(value, self.index - 1)

    def new(self, value: PdfValue) -> PdfValue:
        """Resolve as of this revision."""
        return self.document.resolve(value, self.index)

    def explain(self, value: PdfValue) -> None:
        """Mark every object of this revision that a permitted value leads to."""
        written = self.revision.objects
        stack = [value]
        while stack:
            for num in _references(stack.pop()):
                # an object of before is judged by its own role
                if num in written and num not in self.explained and not self.existed(num):
                    self.explained.add(num)
                    stack.append(written[num].value)

    def tell(self, what: str) -> None:
        """Note a change that a copy of ours forbids, and a foreign file permits with a warning."""
        (self.problems if self.rules.ours else self.filled).append(what)

    def may_replace(self, value: PdfValue, holder: int) -> int:
        """Permit writing over what a reference leads to; return the number that now holds it."""
        if not isinstance(value, Ref):
            return holder
        self.replaceable.setdefault(value.num, Counter())[holder] += 1
        return value.num


def check_changes(case: Case) -> None:
    """Judge every revision after the first signature; findings name signer, seal or field."""
    document = case.document
    if document is None or not (case.signatures or case.policy.stage == "draft"):
        return
    history = _History(document)
    try:
        for index in range(1, len(document.revisions)):
            history.advance(document.revisions[index - 1])
            before = [s for s in case.signatures if s.revision < index]
            if before or case.policy.is_copy:
                _judge_revision(case, history, index, before)
    except StructureFault as fault:
        report_fault(case, fault)


def _judge_revision(case: Case, history: _History, index: int, before: list[SignatureCase]) -> None:
    ours = case.policy.is_copy
    update = _Update(
        history,
        index,
        _rules(history, index, before, ours=ours),
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


def _rules(history: _History, index: int, before: Iterable[SignatureCase], *, ours: bool) -> _Rules:
    rules = _Rules(ours)
    document, nodes = history.document, history.nodes(index - 1)
    for s in before:
        own = s.signature.field.ref.num
        rules.signed.add(own)
        for node in nodes:
            if node.num == own:
                rules.signed.update(node.chain)
            elif own in node.chain:
                rules.signed.add(node.num)
        if s.signature.docmdp is not None:
            rules.restrict(s.signature.docmdp)
        for action, names in _locks(document, s.signature):
            if action == "Include":
                rules.locked |= names
            elif action == "Exclude":
                exempt = rules.lock_exclude
                rules.lock_exclude = names if exempt is None else names & exempt
            else:
                rules.lock_all = True
        permission = document.dictionary(s.signature.field.widget.get("Lock")).get("P")
        if permission is not None:
            rules.restrict(document.resolve(permission))
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
    names = [document.resolve(n) for n in document.array(parameters.get("Fields"))]
    texts = {decode_text_string(n) for n in names if isinstance(n, bytes)}
    return document.resolve(parameters.get("Action")), texts


def _compare(update: _Update) -> None:
    revision, earlier = update.revision, update.document.revisions[update.index - 1]
    if not same(revision.trailer.get("Root"), earlier.trailer.get("Root")):
        update.problems.append("another document catalogue")
        return
    _compare_trailer(update, earlier)
    _compare_catalog(update)
    if update.archive_only and not revision.objects:
        update.problems.append("an empty revision was appended")
    judged = {update.root_number}
    if not update.archive_only:
        _compare_info(update)
        judged |= _judge_pages(update)
        judged |= {node.num for node in update.history.nodes(update.index - 1)}
    for num in revision.objects:
        _judge_object(update, num, judged)
    for num in sorted(revision.freed):
        update.problems.append(f"object {num} was removed")


def _compare_trailer(update: _Update, earlier: Revision) -> None:
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


def _judge_object(update: _Update, num: int, judged: set[int]) -> None:
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


def _compare_catalog(update: _Update) -> None:
    document, index = update.document, update.index
    old, new = document.root(index - 1), document.root(index)
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if key == "DSS":
            _compare_dss(update, before, after)
        elif update.archive_only:
            if not same(before, after):
                update.problems.append(f"/{key} of the catalogue was changed")
        elif key == "AcroForm":
            _compare_form(update, before, after)
        elif key == "Metadata":
            _compare_metadata(update, before, after)
        elif key == "Extensions":
            update.may_replace(before, update.root_number)
            update.explain(after)
        elif same(before, after):
            continue
        elif key == "Perms" and before is None and _is_permission(update, after):
            update.explain(after)
        elif key == "Version" and not update.rules.ours:
            continue
        else:
            update.problems.append(f"/{key} of the catalogue was changed")


def _is_permission(update: _Update, value: PdfValue) -> bool:
    """Tell whether /Perms names this revision's DocMDP signature and nothing else (12.8.4)."""
    permissions = update.document.dictionary(value, update.index)
    own = [s.ref for s in update.signatures if s.docmdp is not None]
    return set(permissions) == {"DocMDP"} and permissions["DocMDP"] in own


def _compare_dss(update: _Update, before: PdfValue, after: PdfValue) -> None:
    """The DSS may grow; what it held stays (EN 319 142-1, 5.4.2.2). Ours has no /VRI."""
    if before is not None and after is None:
        update.problems.append("/DSS of the catalogue was removed")
        return
    old = update.document.dictionary(before, update.index - 1)
    new = update.document.dictionary(after, update.index)
    holder = update.may_replace(before, update.root_number)
    for value in old.values():
        update.may_replace(value, holder)
    update.explain(after)
    for key, value in new.items():
        update.explain(value)
        if key not in ("Type", "Certs", "OCSPs", "CRLs") and update.rules.ours:
            update.problems.append(f"/DSS has the foreign key /{key}")
    for key in ("Certs", "OCSPs", "CRLs"):
        was = update.document.array(old.get(key), update.index - 1)
        if update.rules.ours and not _begins(
            update.document.array(new.get(key), update.index), was
        ):
            update.problems.append(f"/DSS /{key} lost an entry")


def _begins(longer: list[PdfValue], shorter: list[PdfValue]) -> bool:
    """Tell whether an array begins with all of another's items."""
    return same(longer[: len(shorter)], shorter)


def _compare_metadata(update: _Update, before: PdfValue, after: PdfValue) -> None:
    old, new = update.old(before), update.new(after)
    update.may_replace(before, update.root_number)
    if isinstance(old, Stream) and isinstance(new, Stream):
        if old.data == new.data and same(before, after) and same(old.dict, new.dict):
            return
        plain = [_XMP_DATES.sub(b"", s.encoded()) for s in (old, new)]
        kept = {k: v for k, v in old.dict.items() if k != "Length"}
        if plain[0] == plain[1] and same(
            kept, {k: v for k, v in new.dict.items() if k != "Length"}
        ):
            update.explain(after)
            return
    elif before is None and after is None:
        return
    update.tell("the metadata (XMP) was changed")
    update.explain(after)


def _compare_info(update: _Update) -> None:
    document, index = update.document, update.index
    old_ref = document.revisions[index - 1].trailer.get("Info")
    new_ref = document.revisions[index].trailer.get("Info")
    old, new = document.dictionary(old_ref, index - 1), document.dictionary(new_ref, index)
    update.may_replace(old_ref, _TRAILER)
    update.explain(new_ref)
    for key in sorted(old.keys() | new.keys()):
        if key not in _INFO_DATES and not same(update.old(old.get(key)), update.new(new.get(key))):
            update.tell(f"/{key} of the document information was changed")


def _compare_form(update: _Update, before: PdfValue, after: PdfValue) -> None:
    document, index = update.document, update.index
    old, new = document.dictionary(before, index - 1), document.dictionary(after, index)
    if before is not None and after is None:
        update.problems.append("the form was removed")
        return
    holder = update.may_replace(before, update.root_number)
    update.may_replace(old.get("Fields"), holder)
    update.explain(after)
    permitted = {"Fields", "SigFlags"} | (
        set() if update.rules.ours else {"DR", "DA", "NeedAppearances"}
    )
    for key in sorted(old.keys() | new.keys()):
        if key not in permitted and not same(old.get(key), new.get(key)):
            update.problems.append(f"/{key} of the form was changed")
        elif key != "Fields":
            update.explain(new.get(key))
        if key == "NeedAppearances" and not same(old.get(key), new.get(key)):
            update.tell("/NeedAppearances of the form was changed")
    known = {repr(r) for r in document.array(old.get("Fields"), index - 1)}
    current = document.array(new.get("Fields"), index)
    listed = {repr(r) for r in current}
    if known - listed or len(listed) != len(current):
        update.problems.append("a form field was removed or stands twice")
    names = {node.name for node in update.history.nodes(index - 1)}
    for ref in current:
        if repr(ref) not in known:
            _judge_new_field(update, ref, names)
    update.explain(new.get("Fields"))
    _judge_known_fields(update)


def _judge_new_field(update: _Update, ref: PdfValue, names: set[str]) -> None:
    """A time-stamp field may come; a new signature field only in foreign files (P ≥ 2)."""
    node = update.document.dictionary(ref, update.index)
    part = update.new(node.get("T"))
    name = decode_text_string(part) if isinstance(part, bytes) else ""
    value = update.document.dictionary(node.get("V"), update.index)
    rules = update.rules
    if not isinstance(ref, Ref) or update.existed(ref.num) or node.get("FT") != "Sig":
        update.problems.append(f"the form field “{name}” was added")
    elif not name or name in names:
        update.problems.append(f"a second form field “{name}” was added")
    elif {"A", "AA"} & node.keys():
        update.problems.append(f"the form field “{name}” was added with an action")
    elif not any(s.field.ref == ref for s in update.signatures):
        update.problems.append(f"the empty signature field “{name}” was added")
    elif value.get("Type") == "DocTimeStamp" or value.get("SubFilter") == "ETSI.RFC3161":
        if not _is_invisible(update, ref):
            update.problems.append(f"the time-stamp field “{name}” is visible")
        elif rules.ours and node.keys() - _TIMESTAMP_FIELD_KEYS:
            keys = _keys(node.keys() - _TIMESTAMP_FIELD_KEYS)
            update.problems.append(f"the time-stamp field “{name}” has foreign keys ({keys})")
    elif rules.ours:
        update.problems.append(f"the signature field “{name}” was added")
    elif rules.docmdp == 1 or rules.locks(name):
        update.problems.append(f"the signature field “{name}” was added against the permissions")
    elif not _is_invisible(update, ref):
        # P=2 permits to sign what is there; a new visible field can be laid over anything
        if rules.docmdp == 2:
            update.problems.append(f"the visible signature field “{name}” was added")
        else:
            update.filled.append(f"signature field {name}")
    update.explain(ref)


def _is_invisible(update: _Update, ref: Ref) -> bool:
    """Tell whether a field's widgets paint nothing: each has an empty rectangle, or none."""
    for node in update.history.nodes(update.index):
        if node.num != ref.num and ref.num not in node.chain:
            continue
        rect = update.document.array(node.value.get("Rect"), update.index)
        if not all(isinstance(v, int | float) for v in rect) or len(rect) not in (0, 4):
            return False
        if rect and (rect[0] != rect[2] or rect[1] != rect[3]):
            return False
        if update.rules.ours and (not rect or "AP" in node.value):
            return False
    return True


def _judge_known_fields(update: _Update) -> None:
    signing = {s.field.ref.num for s in update.signatures}
    for num, name, old, kind, _ in update.history.nodes(update.index - 1):
        if not update.changed(num):
            continue
        new = update.revision.objects[num].value
        if not isinstance(new, dict):
            update.problems.append(f"the form field “{name}” was replaced")
            continue
        changed = {k for k in old.keys() | new.keys() if not same(old.get(k), new.get(k))}
        if num in update.rules.signed:
            update.problems.append(f"the signed field “{name}” was changed ({_keys(changed)})")
        elif num in signing and update.old(old.get("V")) is None:
            _judge_signing(update, num, name, old, new)
        elif update.rules.ours:
            update.problems.append(f"the form field “{name}” was changed ({_keys(changed)})")
        elif kind == "Sig":
            update.problems.append(f"the signature field “{name}” was changed ({_keys(changed)})")
        else:
            _judge_filling(update, num, name, old, changed)
        update.explain(new)


def _keys(changed: Iterable[str]) -> str:
    return ", ".join(f"/{k}" for k in sorted(changed))


def _judge_signing(update: _Update, num: int, name: str, old: PdfDict, new: PdfDict) -> None:
    """An empty signature field is signed: it gains value and appearance, nothing else."""
    changed = {k for k in old.keys() | new.keys() if not same(old.get(k), new.get(k))}
    allowed = {"V", "AP"} if update.rules.ours else _SIGNED_FIELD_GAINS
    if changed - allowed:
        update.problems.append(f"the field “{name}” was changed ({_keys(changed - allowed)})")
    elif "F" in changed and not _keeps_showing(old.get("F", 0), new.get("F", 0)):
        update.problems.append(f"the field “{name}” was changed (/F)")
    elif update.rules.docmdp == 1 or (not update.rules.ours and update.rules.locks(name)):
        update.problems.append(f"the field “{name}” was signed against the permissions")
    elif not update.rules.ours:
        _replace_appearance(update, num, name, old)


def _keeps_showing(old: PdfValue, new: PdfValue) -> bool:
    """Tell whether an annotation's flags differ only in what locks and prints it."""
    if type(old) is not int or type(new) is not int:
        return False
    return not (old ^ new) & ~_SIGNED_FIELD_FLAGS


def _replace_appearance(update: _Update, num: int, name: str, old: PdfDict) -> None:
    """What a field showed may be written over, unless something else shows it too."""
    value = old.get("AP")
    holder = update.may_replace(value, num)
    if isinstance(value, Ref) and update.history.uses[value.num] != {num: 1}:
        update.problems.append(f"the appearance of the field “{name}” has other uses")
    for state in update.document.dictionary(value, update.index - 1).values():
        update.may_replace(state, holder)


def _judge_filling(update: _Update, num: int, name: str, old: PdfDict, changed: set[str]) -> None:
    """A form field is filled in, as far as DocMDP and FieldMDP permit it."""
    if changed - _FILLED_FIELD_GAINS:
        update.problems.append(
            f"the form field “{name}” was changed ({_keys(changed - _FILLED_FIELD_GAINS)})"
        )
    elif update.rules.docmdp == 1 or update.rules.locks(name):
        update.problems.append(f"the form field “{name}” was filled in against the permissions")
    else:
        update.filled.append(name)
        _replace_appearance(update, num, name, old)


def _judge_pages(update: _Update) -> set[int]:
    """Compare the pages; return the numbers of objects judged here."""
    document, index, history = update.document, update.index, update.history
    written = update.revision.objects
    judged: set[int] = set()
    if history.pages(index - 1) != history.pages(index):
        update.problems.append("pages were added, removed or reordered")
        return judged
    for number, ref in enumerate(history.pages(index), 1):
        old = document.dictionary(ref, index - 1)
        new = document.dictionary(ref, index)
        annotations = old.get("Annots"), new.get("Annots")
        arrays = {a.num for a in annotations if isinstance(a, Ref)}
        if ref.num not in written and not arrays & written.keys():
            continue
        judged.add(ref.num)
        update.may_replace(old.get("Annots"), ref.num)
        changed = {
            k for k in old.keys() | new.keys() if k != "Annots" and not same(old.get(k), new.get(k))
        }
        if changed:
            update.problems.append(f"page {number} was changed ({_keys(changed)})")
        _judge_annotations(update, number, *annotations)
    return judged


def _judge_annotations(update: _Update, page: int, before: PdfValue, after: PdfValue) -> None:
    """Annotations stay, in their order; only widgets of new fields may come (P=3: any, told)."""
    document, index = update.document, update.index
    old, new = document.array(before, index - 1), document.array(after, index)
    rest = iter(new)
    if not all(any(same(kept, item) for item in rest) for kept in old):
        update.problems.append(f"an annotation of page {page} was removed or moved")
    update.explain(after)
    known = {repr(item) for item in old}
    fields = {node.num for node in update.history.nodes(index)}
    fields -= {node.num for node in update.history.nodes(index - 1)}
    for ref in new:
        if repr(ref) in known:
            continue
        if isinstance(ref, Ref) and ref.num in fields and not update.existed(ref.num):
            continue  # a new field's widget, judged with the field
        if update.rules.docmdp == 3 and not update.rules.ours:
            update.filled.append(f"annotation on page {page}")
            update.explain(ref)
            continue
        update.problems.append(f"an annotation was added to page {page}")
