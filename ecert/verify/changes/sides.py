"""The two sides of a filling: a form before and after a revision, and what both say of a field's nodes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ecert.formats.pdf import Ref, Stream
from ecert.formats.pdf.objects import PdfValue, same
from ecert.verify.changes.form_state import FormState
from ecert.verify.changes.history import FormNode
from ecert.verify.changes.update import Update

_PUSHBUTTON: Final = 1 << 16  # of /Ff, counted from 0 (table 226)
_PICTURE_DEPTH: Final = 1  # of dictionaries in /AP: a kind of picture, a state


@dataclass
class Sides:
    """The form before and after one revision.

    ``at_flip``: nothing was filled in, but readers may now draw what is there anew, or no longer do.
    """

    update: Update
    at_flip: bool = False
    before: FormState = field(init=False)
    after: FormState = field(init=False)

    def __post_init__(self) -> None:
        self.before = FormState(self.update, self.update.index - 1)
        self.after = FormState(self.update, self.update.index)

    def is_pushbutton(self, node: FormNode) -> bool:
        """Return whether a node is a button that has no value."""
        return node.kind == "Btn" and bool(self.after.flags(node) & _PUSHBUTTON)

    def picture_changed(self, was: FormNode, node: FormNode) -> bool:
        """Return whether a widget's pictures are others than before, written over where they stood too.

        The same pictures under other numbers are the same: some fillers write all of them anew.
        """
        return not self._is_drawn_alike(was.value.get("AP"), node.value.get("AP"))

    def _is_drawn_alike(self, old: PdfValue, new: PdfValue, depth: int = 0) -> bool:
        one, other = self.before.resolve(old), self.after.resolve(new)
        if isinstance(one, dict) and isinstance(other, dict) and depth <= _PICTURE_DEPTH:
            return one.keys() == other.keys() and all(
                self._is_drawn_alike(value, other[key], depth + 1) for key, value in one.items()
            )
        if isinstance(one, Stream) and old != new:
            self.update.history.count_filling(len(one.data))
        elif isinstance(one, Stream) and isinstance(old, Ref):
            return not self.update.changed(old.num)
        return same(one, other)

    def options(self, node: FormNode) -> list[PdfValue]:
        """Return the options of a choice field as they are listed."""
        options = self.after.inherited(node, "Opt")
        return options if isinstance(options, list) else []

    def states(self, node: FormNode) -> set[str]:
        """Return the names of the states that a button's widget has pictures of."""
        normal = self.after.resolve(self.after.dictionary(node.value.get("AP")).get("N"))
        return set(normal) if isinstance(normal, dict) else set()
