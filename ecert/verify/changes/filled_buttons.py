"""Check boxes, radio buttons and push buttons: their pictures stay, and the state that shows is the value's."""

from __future__ import annotations

from ecert.errors import Reason
from ecert.formats.pdf import Name, Stream
from ecert.formats.pdf.objects import same
from ecert.formats.pdf.standard_fonts import DINGBATS
from ecert.verify.changes.field_fonts import base_font, read_font
from ecert.verify.changes.field_pictures import FieldPictures
from ecert.verify.changes.field_text import GREY_BLACK
from ecert.verify.changes.form_state import is_unseen
from ecert.verify.changes.history import FormNode
from ecert.verify.changes.proof import Contradiction, NotProven
from ecert.verify.changes.sides import Sides


class FilledButtons:
    """Judges widgets of buttons."""

    def __init__(self, sides: Sides, pictures: FieldPictures) -> None:
        self._sides, self._pictures = sides, pictures
        self._after = sides.after

    def judge(self, was: FormNode, node: FormNode, every: set[str]) -> str:
        """Judge one widget; ``every`` are the states of all of its field. Return the value.

        Raises:
            Contradiction: it shows another state than the value.
            NotProven: what it shows cannot be told.
        """
        if self._sides.is_pushbutton(node):
            if not self._sides.at_flip:
                raise NotProven(Reason("filling.button-without-value"))
            self._prove_caption(node, "Helvetica")
            return ""
        value = self._state_value(node)
        states = self._sides.states(node)
        if self._sides.picture_changed(was, node):
            raise NotProven(Reason("filling.state-pictures-exchanged"))
        expected = value if value in states else "Off"
        shown = self._after.resolve(node.value.get("AS", Name("Off")))
        if shown != expected:
            raise Contradiction(Reason("filling.state-unlike-value"))
        if self._sides.at_flip:
            if expected != "Off":
                self._prove_caption(node, DINGBATS)
            elif self._pictures.background(node) and "Off" not in states:
                raise NotProven(Reason("filling.box-may-be-drawn"))
            return ""
        if not states:
            raise NotProven(Reason("filling.no-picture"))
        if value not in every | {"Off"}:
            raise NotProven(Reason("filling.value-not-a-state"))
        if is_unseen(node, self._after) or "OC" in node.value:
            raise NotProven(Reason("filling.hidden"))
        return value

    def _state_value(self, node: FormNode) -> str:
        values = self._after.all_of(node, "V")
        if any(not same(value, values[0]) for value in values):
            raise NotProven(Reason("filling.two-values"))
        value = values[0] if values else Name("Off")
        if value is None:
            return "Off"
        if not isinstance(value, Name):
            raise NotProven(Reason("filling.value-not-a-state"))
        return str(value)

    def _prove_caption(self, node: FormNode, name: str) -> None:
        """Prove that a button's picture is the caption that readers would draw in its place (/MK /CA)."""
        look = self._after.dictionary(node.value.get("MK"))
        caption = self._after.resolve(look.get("CA", b"4" if name == DINGBATS else b""))
        normal = self._after.resolve(self._after.dictionary(node.value.get("AP")).get("N"))
        if isinstance(normal, dict):
            state = self._after.resolve(node.value.get("AS"))
            normal = self._after.resolve(normal.get(state)) if isinstance(state, str) else None
        if not isinstance(normal, Stream) or not isinstance(caption, bytes):
            raise NotProven(Reason("filling.another-button"))
        read = self._pictures.read(normal, marked=False)
        shown = b"".join(line.shown for line in read.lines)
        if read.style is None or not caption or shown != caption:
            raise NotProven(Reason("filling.another-button"))
        font = self._pictures.font_named(normal, read.style.font)
        if name == DINGBATS:
            if base_font(font, self._after.resolve) != DINGBATS or "Encoding" in font:
                raise NotProven(Reason("filling.another-button"))
        else:
            read_font(font, self._after.resolve)
        self._pictures.check_colour(node, read.style.colour or GREY_BLACK, read.fills)
