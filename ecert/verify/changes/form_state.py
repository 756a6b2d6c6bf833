"""The form as of a revision: its fields with all their widgets, and what they inherit (ISO 32000-1, 12.7.3)."""

from __future__ import annotations

from dataclasses import dataclass

from ecert.errors import Reason
from ecert.formats.pdf import Ref, Stream
from ecert.formats.pdf.objects import PdfDict, PdfValue
from ecert.model.limits import MAX_DEPTH
from ecert.verify.changes.boxes import Box, read_box
from ecert.verify.changes.history import FormNode
from ecert.verify.changes.proof import NotProven
from ecert.verify.changes.update import Update

_UNSEEN = 1 | 2 | 32 | 256  # /F: Invisible, Hidden, NoView, ToggleNoView


@dataclass(frozen=True)
class Field:
    """A field by its full name: its own node and its widgets, which may be one."""

    name: str
    nodes: tuple[FormNode, ...]

    @property
    def widgets(self) -> list[FormNode]:
        """Return the nodes that are shown."""
        return [node for node in self.nodes if is_widget(node)]


class FormState:
    """The form as of a revision: its fields, and what they inherit (12.7.3.1)."""

    def __init__(self, update: Update, index: int) -> None:
        self._document = update.document
        self.index = index
        nodes = update.history.nodes(index)
        self._by_number = {node.num: node.value for node in nodes}
        grouped: dict[str, list[FormNode]] = {}
        for node in nodes:
            grouped.setdefault(node.name, []).append(node)
        self.fields = {name: Field(name, tuple(found)) for name, found in grouped.items()}
        root = self._document.root(index)
        self.form = self._document.dictionary(root.get("AcroForm"), index)

    def resolve(self, value: PdfValue) -> PdfValue:
        """Resolve as of this state."""
        return self._document.resolve(value, self.index)

    def dictionary(self, value: PdfValue) -> PdfDict:
        """Resolve to a dictionary, an empty one for what is none."""
        return self._document.dictionary(value, self.index)

    def all_of(self, node: FormNode, key: str) -> list[PdfValue]:
        """Return what a node and those above it say, the nearest first."""
        chain = [node.value, *(self._by_number.get(num, {}) for num in reversed(node.chain))]
        return [self.resolve(each[key]) for each in chain if key in each]

    def inherited(self, node: FormNode, key: str) -> PdfValue:
        """Return an attribute of a node, or what it inherits."""
        return next(iter(self.all_of(node, key)), None)

    def flags(self, node: FormNode) -> int:
        """Return the field's flags.

        Raises:
            NotProven: they are no number.
        """
        flags = self.inherited(node, "Ff")
        if flags is not None and type(flags) is not int:
            raise NotProven(Reason("filling.flags-unreadable"))
        return flags or 0

    @property
    def draws_anew(self) -> bool:
        """Return whether readers may draw every field anew (/NeedAppearances)."""
        return self.resolve(self.form.get("NeedAppearances")) not in (None, False)


def is_widget(node: FormNode) -> bool:
    """Return whether a node is shown: a field may be its own widget."""
    return node.value.get("Subtype") == "Widget" or "Rect" in node.value


def is_unseen(node: FormNode, state: FormState) -> bool:
    """Return whether readers hide a widget, or cannot know."""
    flags = state.resolve(node.value.get("F", 0))
    return type(flags) is not int or bool(flags & _UNSEEN)


def rectangle(value: PdfValue, state: FormState) -> Box:
    """Return left, bottom, right and top of a rectangle.

    Raises:
        NotProven: it is none.
    """
    box = read_box(value, state.resolve)
    if box is None:
        raise NotProven(Reason("filling.box-unreadable"))
    return box


def unlisted(update: Update) -> list[list[PdfDict]]:
    """Return the annotations of pages before this revision that the form does not list, each with what is above it.

    Readers take widgets among them for fields all the same, and some a stream for a widget: it is none to us, listed
    or not.
    """
    document, index, history = update.document, update.index - 1, update.history
    listed, found = history.form(index).numbers, []
    for page in history.counted(history.pages(index)):
        for item in history.counted(document.array(document.dictionary(page, index).get("Annots"), index)):
            value = document.resolve(item, index)
            if isinstance(item, Ref) and item.num in listed and not isinstance(value, Stream):
                continue
            chain = [_entries(value)]
            while "Parent" in chain[-1] and len(chain) <= MAX_DEPTH:
                chain.append(_entries(document.resolve(chain[-1]["Parent"], index)))
            found.append(chain)
    return found


def _entries(value: PdfValue) -> PdfDict:
    if isinstance(value, Stream):
        return value.dict
    return value if isinstance(value, dict) else {}


def first_of(update: Update, chain: list[PdfDict], key: str) -> PdfValue:
    """Return an attribute of what :func:`unlisted` returns, or what it inherits."""
    return next((update.old(each[key]) for each in chain if key in each), None)
