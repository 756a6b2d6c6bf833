"""One revision under comparison with the state before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ecert.errors import Reason
from ecert.formats.pades.fields import PdfSignature
from ecert.formats.pdf import Document, Ref, Revision
from ecert.formats.pdf.objects import PdfValue, references, same
from ecert.verify.changes.history import TRAILER, History
from ecert.verify.changes.rules import Rules


class Problem(NamedTuple):
    """A change that is not permitted, and where it is."""

    what: Reason
    page: int | None = None
    number: int | None = None  # of an object


class AddedAnnotation(NamedTuple):
    """An annotation that was added where the signatures permit it."""

    kind: str  # its /Subtype
    page: int
    number: int | None
    can_paint: bool


@dataclass
class Update:
    """One revision under comparison: problems found, and what was filled in."""

    history: History
    index: int
    rules: Rules
    signatures: list[PdfSignature]
    archive_only: bool  # a copy's revision after its last signature: validation data alone
    problems: list[Problem] = field(default_factory=list)
    filled: list[Reason] = field(default_factory=list)
    annotations: list[AddedAnnotation] = field(default_factory=list)
    unused: list[int] = field(default_factory=list)  # objects that nothing leads to
    unproven: list[Problem] = field(default_factory=list)  # what it shows cannot be told
    is_tagged: bool = False  # the structure tree gained an element of a signed widget
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

    @cached_property
    def standing_at(self) -> Counter[int]:
        """Return how many objects of this revision stand at an offset: more than one in an object stream."""
        return Counter(entry.start for entry in self.revision.objects.values())

    @property
    def root_number(self) -> int:
        """Return the object number of the catalogue."""
        root = self.revision.trailer.get("Root")
        return root.num if isinstance(root, Ref) else TRAILER

    def existed(self, num: int) -> bool:
        """Return whether an object was there before."""
        return num in self.document.view(self.index - 1)

    def changed(self, num: int) -> bool:
        """Return whether this revision writes another value, or generation, of an object of before."""
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
            for num in references(stack.pop()):
                # an object of before is judged by its own role
                if num in written and num not in self.explained and not self.existed(num):
                    self.explained.add(num)
                    stack.append(written[num].value)

    def tell(self, what: Reason) -> None:
        """Note a change that a copy of ours forbids, and a foreign file permits with a warning."""
        if self.rules.ours:
            self.forbid(what)
        else:
            self.filled.append(what)

    def forbid(self, what: Reason, *, page: int | None = None, number: int | None = None) -> None:
        """Note a change that is not permitted: to a page, to an object."""
        self.problems.append(Problem(what, page, number))

    def leave_open(self, what: Reason, *, number: int | None = None) -> None:
        """Note a change that may be permitted, but whose look cannot be told."""
        self.unproven.append(Problem(what, number=number))

    def may_replace(self, value: PdfValue, holder: int) -> int:
        """Permit writing over what a reference leads to; return the number that now holds it."""
        if not isinstance(value, Ref):
            return holder
        self.replaceable.setdefault(value.num, Counter())[holder] += 1
        return value.num


def key_names(changed: Iterable[str]) -> str:
    return ", ".join(f"/{k}" for k in sorted(changed))
