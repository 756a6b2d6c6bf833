"""Text fields and combo boxes that were filled in: their value, and the proof that the picture shows it."""

from __future__ import annotations

from ecert.errors import Reason
from ecert.formats.pdf import Stream
from ecert.formats.pdf.objects import decode_text_string, same
from ecert.verify.changes.field_pictures import MIN_FONT_SIZE, FieldPictures
from ecert.verify.changes.field_text import GREY_BLACK
from ecert.verify.changes.form_state import is_unseen
from ecert.verify.changes.history import FormNode
from ecert.verify.changes.proof import Contradiction, NotProven
from ecert.verify.changes.sides import Sides
from ecert.verify.changes.text_fit import ALIKE, CAPITALS, check_places, is_joined, join_lines

# /Ff, counted from 0 (tables 228, 230)
_MULTILINE, _PASSWORD, _FILE, _RICH, _COMB = 1 << 12, 1 << 13, 1 << 20, 1 << 25, 1 << 24
_COMBO, _EDIT = 1 << 17, 1 << 18


class FilledTexts:
    """Judges widgets of text fields and combo boxes."""

    def __init__(self, sides: Sides, pictures: FieldPictures) -> None:
        self._sides, self._pictures = sides, pictures
        self._before, self._after = sides.before, sides.after

    def judge(self, was: FormNode, node: FormNode, kind: str) -> str:
        """Judge what one widget of a ``kind`` Tx or Ch shows; return its text.

        Raises:
            Contradiction: it shows something else than the value.
            NotProven: what it shows cannot be told.
        """
        after = self._after
        flags = after.flags(node)
        if kind == "Ch" and not flags & _COMBO:
            raise NotProven(Reason("filling.list-box"))
        if kind == "Tx" and flags & (_PASSWORD | _FILE | _RICH | _COMB):
            raise NotProven(Reason("filling.special-kind"))
        for key in ("RV", "DR"):
            if after.all_of(node, key):
                raise NotProven(Reason("filling.has-key", key=key))
        if after.inherited(node, "DV") != self._before.inherited(was, "DV"):
            raise NotProven(Reason("filling.default-value-changed"))
        self._refuse_hidden(node)
        value = self._text_value(node)
        text = self._display_text(was, node, value, flags) if kind == "Ch" else value
        picture = self._pictures.of_text(node)
        if picture is None:
            self._judge_without_picture(was, node, value)
        else:
            self._prove_text(was, node, picture, text, lines=bool(kind == "Tx" and flags & _MULTILINE))
        return text

    def _refuse_hidden(self, node: FormNode) -> None:
        if is_unseen(node, self._after):
            raise NotProven(Reason("filling.hidden"))
        if "OC" in node.value or "AS" in node.value:
            raise NotProven(Reason("filling.visibility-depends"))
        look = self._after.dictionary(node.value.get("MK"))
        if self._after.resolve(look.get("R")) not in (None, 0):
            raise NotProven(Reason("filling.turned"))
        if not self._sides.at_flip and self._sides.update.history.annotated_with(node.num, self._after.index) is None:
            raise NotProven(Reason("filling.on-no-page"))

    def _text_value(self, node: FormNode) -> str:
        """Return the value as text; all that speak of it must agree."""
        values = self._after.all_of(node, "V")
        if any(not same(value, values[0]) for value in values):
            raise NotProven(Reason("filling.two-values"))
        value = values[0] if values else None
        if value is not None and not isinstance(value, bytes):
            raise NotProven(Reason("filling.value-not-text"))
        text = decode_text_string(value or b"")
        longest = self._after.inherited(node, "MaxLen")
        if type(longest) is int and len(text) > longest:
            raise NotProven(Reason("filling.value-too-long"))
        return text

    def _display_text(self, was: FormNode, node: FormNode, value: str, flags: int) -> str:
        """Return what a combo box shows of its value: the text of the one option that has it."""
        options = self._options(node)
        places = [i for i, (export, _) in enumerate(options) if export == value]
        before, after = self._before.all_of(was, "I"), self._after.all_of(node, "I")
        if not same(before, after) and after not in ([], [places]):
            raise NotProven(Reason("filling.index-unlike-value"))
        if len(places) == 1:
            return options[places[0]][1]
        if not places and (not value or flags & _EDIT):
            return value
        raise NotProven(Reason("filling.value-not-an-option"))

    def _options(self, node: FormNode) -> list[tuple[str, str]]:
        """Return the options of a choice field: what is exported, what is shown (table 231)."""
        found = []
        for option in self._sides.options(node):
            pair = self._after.resolve(option)
            pair = [self._after.resolve(v) for v in pair] if isinstance(pair, list) else [pair, pair]
            if len(pair) != 2 or not all(isinstance(v, bytes) for v in pair):
                raise NotProven(Reason("filling.options-unreadable"))
            found.append((decode_text_string(pair[0]), decode_text_string(pair[1])))
        return found

    def _judge_without_picture(self, was: FormNode, node: FormNode, value: str) -> None:
        """Accept a widget without picture that is empty, or a combo box with one of its plain options."""
        if was.value.get("AP") is not None:
            raise NotProven(Reason("filling.picture-removed"))
        if not value:
            if self._sides.at_flip and self._pictures.background(node):
                raise NotProven(Reason("filling.box-may-be-drawn"))
            return
        plain = [v for v in map(self._after.resolve, self._sides.options(node)) if isinstance(v, bytes)]
        if node.kind != "Ch" or value not in map(decode_text_string, plain):
            raise NotProven(Reason("filling.no-picture"))
        if self._before.draws_anew != self._after.draws_anew:
            raise NotProven(Reason("filling.no-picture"))
        style, font = self._pictures.default_style(node, None)
        self._pictures.check_colour(node, style.colour or GREY_BLACK, [])
        left, bottom, right, top = self._pictures.rectangle_of(node)
        size = style.size or MIN_FONT_SIZE
        if not font.shows(value) or set(value) & set("\r\n"):
            raise NotProven(Reason("filling.letters-without-glyph"))
        width = font.width(value.translate(ALIKE), size)
        if size < MIN_FONT_SIZE or width > right - left or size * CAPITALS > top - bottom:
            raise NotProven(Reason("filling.text-too-long"))

    def _prove_text(self, was: FormNode, node: FormNode, picture: Stream, text: str, *, lines: bool) -> None:
        """Prove that a picture shows a text, all of it, and nothing else."""
        read = self._pictures.read(picture, marked=True)
        font = self._pictures.font_of(picture, read)
        places, shown = join_lines(read, font)
        if not is_joined(shown, text):
            if font is not None and not font.shows(text):
                raise NotProven(Reason("filling.letters-without-glyph"))
            if not "".join(shown).strip():
                raise NotProven(Reason("filling.picture-empty"))
            if self._is_formatted(node):
                raise NotProven(Reason("filling.script"))
            raise Contradiction(Reason("filling.picture-unlike-value"))
        if len(shown) > 1 and not lines:
            raise NotProven(Reason("filling.picture-several-lines"))
        box = self._pictures.box(node, picture)
        if read.painted and not self._pictures.painted_before(was, read, box):
            raise NotProven(Reason("filling.picture-more-than-text"))
        if self._sides.at_flip and self._pictures.background(node) and not read.painted:
            raise NotProven(Reason("filling.box-may-be-drawn"))
        if font is None or read.style is None:
            return
        self._pictures.check_style(node, read.style, font)
        if self._after.draws_anew and "".join(shown).strip():
            self._pictures.check_colour(node, self._pictures.default_style(node, font)[0].colour or GREY_BLACK, [])
        self._pictures.check_colour(node, read.style.colour or GREY_BLACK, read.fills)
        check_places(read, font, list(zip(places, shown, strict=True)), box)

    def _is_formatted(self, node: FormNode) -> bool:
        """Return whether a script, which was there before, writes the value in its own way (/AA /F)."""
        return any(isinstance(v, dict) and "F" in v for v in self._after.all_of(node, "AA"))
