"""Fillings: a form field with all its widgets, before and after, and what readers show of its value.

A field is judged whole whenever its value, a picture or the state of a widget changes, or the form's
/NeedAppearances: what a widget shows must be proven to be the value, also where nobody wrote that widget anew.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from ecert.errors import Reason
from ecert.formats.pdf.objects import PdfValue, decode_text_string, same
from ecert.verify.changes.field_pictures import FieldPictures
from ecert.verify.changes.filled_buttons import FilledButtons
from ecert.verify.changes.filled_texts import FilledTexts
from ecert.verify.changes.form_state import Field, is_unseen, is_widget
from ecert.verify.changes.history import FormNode
from ecert.verify.changes.proof import Contradiction, NotProven
from ecert.verify.changes.sides import Sides
from ecert.verify.changes.update import Update

MAX_TOLD_VALUE: Final = 80  # characters of a value in a finding


class Fillings:
    """Judges the fields of one revision against the state before it."""

    def __init__(self, update: Update) -> None:
        self._update, self._sides = update, Sides(update)
        self._before, self._after = self._sides.before, self._sides.after
        pictures = FieldPictures(self._sides)
        self._texts, self._buttons = FilledTexts(self._sides, pictures), FilledButtons(self._sides, pictures)

    def touched(self, changed: Iterable[FormNode]) -> list[str]:
        """Return the names of fields that the change of some nodes reaches: their own, and those below."""
        numbers = {node.num for node in changed}
        names = dict.fromkeys(node.name for node in changed)
        fields = self._after.fields
        for field in fields.values():
            if any(numbers.intersection(node.chain) for node in field.nodes):
                names[field.name] = None
        shown = [name for name in names if name in fields and fields[name].widgets]
        return shown or list(names)

    def text_widgets(self, name: str) -> list[FormNode]:
        """Return the widgets of before of a field whose pictures a filling may write over."""
        field = self._before.fields.get(name)
        return [w for w in field.widgets if w.kind in ("Tx", "Ch")] if field else []

    def judge(self, name: str) -> str:
        """Judge a field that was filled in; return its value as it is told.

        Raises:
            Contradiction: a widget shows something else than the value.
            NotProven: what a widget shows cannot be told.
        """
        return self._judge(name)

    def judge_drawn_anew(self, name: str) -> None:
        """Judge a field that nobody filled in, and that readers may now draw anew, or no longer do.

        Raises:
            Contradiction: likewise.
            NotProven: likewise.
        """
        self._sides.at_flip = True
        try:
            self._judge(name)
        finally:
            self._sides.at_flip = False

    def every_field(self) -> Iterator[str]:
        """Yield the names of all fields of before that are no signature fields and have widgets."""
        for field in self._before.fields.values():
            if field.widgets and any(node.kind != "Sig" for node in field.nodes):
                yield field.name

    # ── one field ────────────────────────────────────────────────────────────────────────────────

    def _judge(self, name: str) -> str:
        field, old = self._after.fields.get(name), self._before.fields.get(name)
        if field is None or old is None or _numbers(field) != _numbers(old):
            raise NotProven(Reason("filling.widgets-changed"))
        if self._after.form.get("XFA") is not None:
            raise NotProven(Reason("filling.xfa"))
        pairs = list(zip(old.nodes, field.nodes, strict=True))
        for _, node in pairs:
            self._count(node)
        self._refuse_exchanges(pairs)
        shown = [(was, node) for was, node in pairs if is_widget(node)]
        if not shown:
            raise NotProven(Reason("filling.on-no-page"))
        states = {state for _, node in shown for state in self._sides.states(node)}
        doubts: list[NotProven] = []
        told = ""
        for was, node in shown:
            try:
                told = self._judge_widget(was, node, states)
            except NotProven as doubt:
                doubts.append(doubt)  # a contradiction in the next widget counts more
        if doubts:
            raise doubts[0]
        return told

    def _refuse_exchanges(self, pairs: list[tuple[FormNode, FormNode]]) -> None:
        """A picture that is exchanged while the value stays shows what nobody filled in."""
        for was, node in pairs:
            if not self._sides.picture_changed(was, node):
                continue
            if self._sides.is_pushbutton(node):
                raise Contradiction(Reason("filling.button-picture-exchanged"))
            value = self._before.inherited(was, "V"), self._after.inherited(node, "V")
            if was.value.get("AP") is not None and _says_the_same(*value):
                raise Contradiction(Reason("filling.picture-without-value"))

    def _judge_widget(self, was: FormNode, node: FormNode, states: set[str]) -> str:
        """Judge what one widget shows; return the value as it is told."""
        if self._sides.at_flip and is_unseen(node, self._after):
            return ""
        kind = self._after.inherited(node, "FT")
        if kind == "Btn":
            return one_line_value(self._buttons.judge(was, node, states))
        if kind not in ("Tx", "Ch"):
            raise NotProven(Reason("filling.type-not-judged"))
        return one_line_value(self._texts.judge(was, node, kind))

    def _count(self, node: FormNode) -> None:
        """Count the work that a node is: its value, its options, its states; pictures are counted when read."""
        after = self._after
        work = sum(len(v) for v in after.all_of(node, "V") if isinstance(v, bytes | list))
        work += len(self._sides.options(node)) + len(self._sides.states(node))
        self._update.history.count_filling(work)


def one_line_value(text: str) -> str:
    """Return a text as one line that hides nothing, cut to what a finding tells."""
    cut = text if len(text) <= MAX_TOLD_VALUE else f"{text[:MAX_TOLD_VALUE]}…"
    return "".join(
        c if c == " " or unicodedata.category(c)[0] not in "CZ" else c.encode("unicode_escape").decode() for c in cut
    )


def _numbers(field: Field) -> list[int]:
    return [node.num for node in field.nodes]


def _says_the_same(one: PdfValue, other: PdfValue) -> bool:
    if isinstance(one, bytes | None) and isinstance(other, bytes | None):
        return decode_text_string(one or b"") == decode_text_string(other or b"")
    return same(one, other)
