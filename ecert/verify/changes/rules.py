"""What the signatures before a revision still permit: DocMDP, FieldMDP, locks (ISO 32000-1, 12.8.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ecert.formats.pades.fields import PdfSignature
from ecert.formats.pdf import Document
from ecert.formats.pdf.objects import PdfDict, PdfValue, decode_text_string
from ecert.verify.case import SignatureCase
from ecert.verify.changes.history import History


@dataclass
class Rules:
    """What the signatures before a revision still permit."""

    ours: bool
    docmdp: int | None = None  # the strictest P seen
    is_certified: bool = False  # the first signature itself certifies, with P=2
    locked: set[str] = field(default_factory=set)
    lock_all: bool = False
    lock_exclude: set[str] | None = None
    signed: set[int] = field(default_factory=set)  # signed fields, their widgets and ancestors

    def locks(self, name: str) -> bool:
        """Return whether a FieldMDP lock covers a field, itself or by an ancestor (12.8.2.4)."""
        parts = name.split(".")
        names = {".".join(parts[: i + 1]) for i in range(len(parts))}
        if self.lock_all or names & self.locked:
            return True
        return self.lock_exclude is not None and not names & self.lock_exclude

    def restrict(self, permission: PdfValue) -> None:
        """Take in a permission P; what is no permission permits nothing."""
        level = permission if type(permission) is int and permission in (1, 2, 3) else 1
        self.docmdp = min(self.docmdp or 3, level)


def rules(history: History, index: int, before: Iterable[SignatureCase], *, ours: bool) -> Rules:
    before = list(before)
    first = next((s for s in before if not s.signature.is_timestamp), None)
    rules = Rules(ours, is_certified=first is not None and first.signature.docmdp == 2)
    document, form = history.document, history.form(index - 1)
    for s in before:
        for own in (f.ref.num for f in s.signature.fields):
            rules.signed.add(own)
            for node in form.family(own):
                if node.num == own:
                    rules.signed.update(node.chain)
                else:
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
        for lock in _field_locks(document, s.signature):
            permission = lock.get("P")
            if permission is not None:
                rules.restrict(document.resolve(permission))
    return rules


def _locks(document: Document, signature: PdfSignature) -> Iterator[tuple[PdfValue, set[str]]]:
    """Yield (action, field names) of a signature's FieldMDP transforms (12.8.2.4)."""
    for reference in document.array(signature.dictionary.get("Reference")):
        entry = document.dictionary(reference)
        if entry.get("TransformMethod") == "FieldMDP":
            yield _lock(document, document.dictionary(entry.get("TransformParams")))
    for lock in _field_locks(document, signature):
        yield _lock(document, lock)


def _field_locks(document: Document, signature: PdfSignature) -> Iterator[PdfDict]:
    """Yield the locks that the fields of a signature have (12.7.4.5, table 233)."""
    locks = (document.dictionary(f.widget.get("Lock")) for f in signature.fields)
    yield from filter(None, locks)


def _lock(document: Document, parameters: PdfDict) -> tuple[PdfValue, set[str]]:
    names = [document.resolve(n) for n in document.array(parameters.get("Fields"))]
    texts = {decode_text_string(n) for n in names if isinstance(n, bytes)}
    return document.resolve(parameters.get("Action")), texts
