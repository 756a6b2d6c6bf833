"""Fillings: a form field with all its widgets, before and after, and what readers show of its value.

A field is judged whole whenever its value, a picture or the state of a widget changes, or the form's
/NeedAppearances: what a widget shows must be proven to be the value, also where nobody wrote that widget anew.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from ecert.errors import Reason
from ecert.formats.pdf import Name, Ref, Stream, StructureFault
from ecert.formats.pdf.filters import decode_stream
from ecert.formats.pdf.objects import PdfDict, PdfValue, decode_text_string, same
from ecert.formats.pdf.standard_fonts import DINGBATS
from ecert.model.limits import MAX_FILLING_BYTES
from ecert.verify.changes.boxes import Box
from ecert.verify.changes.field_fonts import StandardFont, base_font, conventional_font, read_font
from ecert.verify.changes.field_text import (
    GREY_BLACK,
    FieldColour,
    TextPicture,
    TextStyle,
    painted_first,
    read_operations,
    read_picture,
    read_style,
)
from ecert.verify.changes.form_state import Field, FormState, is_unseen, is_widget, rectangle
from ecert.verify.changes.history import FormNode
from ecert.verify.changes.proof import Contradiction, NotProven
from ecert.verify.changes.text_fit import ALIKE, CAPITALS, brightness, check_places, is_joined, join_lines
from ecert.verify.changes.update import Update

# /Ff, counted from 0 (tables 221, 226, 228, 230)
_MULTILINE, _PASSWORD, _FILE, _RICH, _COMB = 1 << 12, 1 << 13, 1 << 20, 1 << 25, 1 << 24
_PUSHBUTTON, _COMBO, _EDIT = 1 << 16, 1 << 17, 1 << 18
_PICTURE_KEYS = {"Type", "Subtype", "FormType", "BBox", "Matrix", "Resources", "Length", "Filter", "DecodeParms"}

_PICTURE_DEPTH: Final = 1  # of dictionaries in /AP: a kind of picture, a state
_MAX_STYLE_BYTES: Final = 400  # of a default appearance: honest ones have 30
MAX_TOLD_VALUE: Final = 80  # characters of a value in a finding
_MIN_SIZE: Final = 4.0  # points of a font: smaller is not read
_MIN_CONTRAST: Final = 0.3  # between the brightness of a text and of what is behind it
_BOX_TOLERANCE: Final = 0.5  # points by which /BBox and /Rect may differ: writers round
_WHITE: Final[FieldColour] = (1.0,)


class Fillings:
    """Judges the fields of one revision against the state before it."""

    def __init__(self, update: Update) -> None:
        self._update = update
        self._before = FormState(update, update.index - 1)
        self._after = FormState(update, update.index)
        self._at_flip = False  # nothing was filled in: readers may draw what is there anew

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
        self._at_flip = True
        try:
            self._judge(name)
        finally:
            self._at_flip = False

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
        states = {state for _, node in shown for state in self._states(node)}
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
            if not self._picture_changed(was, node):
                continue
            if self._is_pushbutton(node):
                raise Contradiction(Reason("filling.button-picture-exchanged"))
            value = self._before.inherited(was, "V"), self._after.inherited(node, "V")
            if was.value.get("AP") is not None and _says_the_same(*value):
                raise Contradiction(Reason("filling.picture-without-value"))

    def _is_pushbutton(self, node: FormNode) -> bool:
        return node.kind == "Btn" and bool(self._after.flags(node) & _PUSHBUTTON)

    def _picture_changed(self, was: FormNode, node: FormNode) -> bool:
        """Return whether a widget's pictures are others than before, written over where they stood too.

        The same pictures under other numbers are the same: some fillers write all of them anew.
        """
        return not self._is_drawn_alike(was.value.get("AP"), node.value.get("AP"))

    def _is_drawn_alike(self, old: PdfValue, new: PdfValue, depth: int = 0) -> bool:
        one, other = self._before.resolve(old), self._after.resolve(new)
        if isinstance(one, dict) and isinstance(other, dict) and depth <= _PICTURE_DEPTH:
            return one.keys() == other.keys() and all(
                self._is_drawn_alike(value, other[key], depth + 1) for key, value in one.items()
            )
        if isinstance(one, Stream) and old != new:
            self._update.history.count_filling(len(one.data))
        elif isinstance(one, Stream) and isinstance(old, Ref):
            return not self._update.changed(old.num)
        return same(one, other)

    def _judge_widget(self, was: FormNode, node: FormNode, states: set[str]) -> str:
        """Judge what one widget shows; return the value as it is told."""
        after = self._after
        if self._at_flip and is_unseen(node, after):
            return ""
        kind = after.inherited(node, "FT")
        if kind == "Btn":
            return self._judge_button(was, node, states)
        if kind not in ("Tx", "Ch"):
            raise NotProven(Reason("filling.type-not-judged"))
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
        picture = self._picture(node)
        if picture is None:
            self._judge_without_picture(was, node, value)
        else:
            self._prove_text(was, node, picture, text, lines=bool(kind == "Tx" and flags & _MULTILINE))
        return one_line_value(text)

    def _count(self, node: FormNode) -> None:
        """Count the work that a node is: its value, its options, its states; pictures are counted when read."""
        after = self._after
        work = sum(len(v) for v in after.all_of(node, "V") if isinstance(v, bytes | list))
        work += len(self._listed(node)) + len(self._states(node))
        self._update.history.count_filling(work)

    def _refuse_hidden(self, node: FormNode) -> None:
        if is_unseen(node, self._after):
            raise NotProven(Reason("filling.hidden"))
        if "OC" in node.value or "AS" in node.value:
            raise NotProven(Reason("filling.visibility-depends"))
        look = self._after.dictionary(node.value.get("MK"))
        if self._after.resolve(look.get("R")) not in (None, 0):
            raise NotProven(Reason("filling.turned"))
        if not self._at_flip and self._update.history.annotated_with(node.num, self._after.index) is None:
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
        for option in self._listed(node):
            pair = self._after.resolve(option)
            pair = [self._after.resolve(v) for v in pair] if isinstance(pair, list) else [pair, pair]
            if len(pair) != 2 or not all(isinstance(v, bytes) for v in pair):
                raise NotProven(Reason("filling.options-unreadable"))
            found.append((decode_text_string(pair[0]), decode_text_string(pair[1])))
        return found

    def _listed(self, node: FormNode) -> list[PdfValue]:
        options = self._after.inherited(node, "Opt")
        return options if isinstance(options, list) else []

    def _judge_without_picture(self, was: FormNode, node: FormNode, value: str) -> None:
        """Accept a widget without picture that is empty, or a combo box with one of its plain options."""
        if was.value.get("AP") is not None:
            raise NotProven(Reason("filling.picture-removed"))
        if not value:
            if self._at_flip and self._background(node):
                raise NotProven(Reason("filling.box-may-be-drawn"))
            return
        plain = [v for v in map(self._after.resolve, self._listed(node)) if isinstance(v, bytes)]
        if node.kind != "Ch" or value not in map(decode_text_string, plain):
            raise NotProven(Reason("filling.no-picture"))
        if self._before.draws_anew != self._after.draws_anew:
            raise NotProven(Reason("filling.no-picture"))
        style, font = self._default_style(node, None)
        self._check_colour(node, style.colour or GREY_BLACK, [])
        left, bottom, right, top = self._rectangle(node)
        size = style.size or _MIN_SIZE
        if not font.shows(value) or set(value) & set("\r\n"):
            raise NotProven(Reason("filling.letters-without-glyph"))
        width = font.width(value.translate(ALIKE), size)
        if size < _MIN_SIZE or width > right - left or size * CAPITALS > top - bottom:
            raise NotProven(Reason("filling.text-too-long"))

    # ── texts ────────────────────────────────────────────────────────────────────────────────────

    def _picture(self, node: FormNode) -> Stream | None:
        """Return the one picture of a text field's widget."""
        value = self._after.resolve(node.value.get("AP"))
        if value is None:
            return None
        normal = self._after.resolve(value.get("N")) if isinstance(value, dict) else None
        if not isinstance(normal, Stream) or value.keys() != {"N"}:
            raise NotProven(Reason("filling.several-pictures"))
        return normal

    def _prove_text(self, was: FormNode, node: FormNode, picture: Stream, text: str, *, lines: bool) -> None:
        """Prove that a picture shows a text, all of it, and nothing else."""
        read = self._read(picture, marked=True)
        font = self._used_font(picture, read)
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
        box = self._box(node, picture)
        if read.painted and not self._painted_before(was, read, box):
            raise NotProven(Reason("filling.picture-more-than-text"))
        if self._at_flip and self._background(node) and not read.painted:
            raise NotProven(Reason("filling.box-may-be-drawn"))
        if font is None or read.style is None:
            return
        self._check_style(node, read.style, font)
        if self._after.draws_anew and "".join(shown).strip():
            self._check_colour(node, self._default_style(node, font)[0].colour or GREY_BLACK, [])
        self._check_colour(node, read.style.colour or GREY_BLACK, read.fills)
        check_places(read, font, list(zip(places, shown, strict=True)), box)

    def _read(self, picture: Stream, *, marked: bool) -> TextPicture:
        """Read a picture's text, if its dictionary moves or hides nothing."""
        head = picture.dict
        if head.keys() - _PICTURE_KEYS or head.get("Subtype") != "Form" or head.get("FormType", 1) != 1:
            raise NotProven(Reason("filling.drawing-not-judged"))
        matrix = self._after.resolve(picture.dict.get("Matrix"))
        if matrix is not None and matrix != [1, 0, 0, 1, 0, 0]:
            raise NotProven(Reason("filling.picture-moved"))
        content = self._content(picture)
        return read_picture(content, marked=marked)

    def _content(self, picture: Stream) -> bytes:
        self._update.history.count_filling(len(picture.data))
        try:
            content = decode_stream(picture, MAX_FILLING_BYTES)
        except StructureFault:
            raise NotProven(Reason("filling.picture-unreadable")) from None
        self._update.history.count_filling(len(content))
        return content

    def _used_font(self, picture: Stream, read: TextPicture) -> StandardFont | None:
        if read.style is None:
            return None
        return read_font(self._resource(picture, read.style.font), self._after.resolve)

    def _resource(self, picture: Stream, name: str) -> PdfDict:
        """Return a font of a picture's own resources: where it has none, readers look elsewhere."""
        resources = self._after.dictionary(picture.dict.get("Resources"))
        if "ColorSpace" in resources:  # /DefaultGray and its kin give every colour another meaning
            raise NotProven(Reason("filling.colours-unreadable"))
        return self._after.dictionary(self._after.dictionary(resources.get("Font")).get(name))

    def _default_style(self, node: FormNode, used: StandardFont | None) -> tuple[TextStyle, StandardFont]:
        """Return the style that a widget is to be drawn in, and its font.

        Where the form does not have that font, its name tells, or else the picture's font is taken to be it.
        """
        after = self._after
        values = [*after.all_of(node, "DA"), after.resolve(after.form.get("DA"))]
        if not isinstance(values[0], bytes) or len(values[0]) > _MAX_STYLE_BYTES:
            raise NotProven(Reason("filling.no-default-appearance"))
        style = read_style(values[0])
        fonts = after.dictionary(after.dictionary(after.form.get("DR")).get("Font"))
        if style.font in fonts:
            return style, read_font(after.dictionary(fonts[style.font]), after.resolve)
        font = conventional_font(style.font) or used
        if font is None:
            raise NotProven(Reason("filling.default-appearance-not-judged"))
        return style, font

    def _check_style(self, node: FormNode, style: TextStyle, font: StandardFont) -> None:
        wanted, default = self._default_style(node, font)
        if default.name != font.name:
            raise NotProven(Reason("filling.another-font"))
        if wanted.size and abs(wanted.size - style.size) > 0.01:
            raise NotProven(Reason("filling.another-size"))
        if style.size < _MIN_SIZE:
            raise NotProven(Reason("filling.text-too-small"))

    def _check_colour(self, node: FormNode, colour: FieldColour, fills: list[FieldColour]) -> None:
        """Hold a text's colour against the page, taken to be white, and what else is behind it."""
        for behind in (_WHITE, *fills, *self._background(node)):
            if abs(brightness(colour) - brightness(behind)) < _MIN_CONTRAST:
                raise NotProven(Reason("filling.text-in-background-colour"))

    def _background(self, node: FormNode) -> list[FieldColour]:
        """Return the colour that readers fill the box with where they draw it (/MK /BG)."""
        look = self._after.dictionary(node.value.get("MK"))
        value = self._after.resolve(look.get("BG"))
        if value in (None, []):
            return []
        if not isinstance(value, list) or not all(type(v) in (int, float) for v in value):
            raise NotProven(Reason("filling.colours-unreadable"))
        return [tuple(value)]

    def _is_formatted(self, node: FormNode) -> bool:
        """Return whether a script, which was there before, writes the value in its own way (/AA /F)."""
        return any(isinstance(v, dict) and "F" in v for v in self._after.all_of(node, "AA"))

    def _rectangle(self, node: FormNode) -> Box:
        return rectangle(node.value.get("Rect"), self._after)

    def _box(self, node: FormNode, picture: Stream) -> Box:
        """Return the picture's box, which must be as large as the widget: otherwise it is scaled."""
        rect = self._rectangle(node)
        box = rectangle(picture.dict.get("BBox"), self._after)
        for low, high in ((0, 2), (1, 3)):
            if abs((rect[high] - rect[low]) - (box[high] - box[low])) > _BOX_TOLERANCE:
                raise NotProven(Reason("filling.picture-size"))
        return box

    def _painted_before(self, was: FormNode, read: TextPicture, box: tuple[float, ...]) -> bool:
        """Return whether the picture of before painted the same box and border: Acrobat draws them again each time."""
        old = self._before.dictionary(was.value.get("AP"))
        picture = self._before.resolve(old.get("N"))
        if not isinstance(picture, Stream):
            return False
        content = self._content(picture)
        painted, _ = painted_first(read_operations(content))
        same_box = rectangle(picture.dict.get("BBox"), self._before) == box
        return tuple(painted) == read.painted and same_box

    # ── buttons ──────────────────────────────────────────────────────────────────────────────────

    def _judge_button(self, was: FormNode, node: FormNode, every: set[str]) -> str:
        """Judge a check box or radio button: the pictures stay, the state is the value's."""
        if self._is_pushbutton(node):
            if not self._at_flip:
                raise NotProven(Reason("filling.button-without-value"))
            self._prove_caption(node, "Helvetica")
            return ""
        value = self._state_value(node)
        states = self._states(node)
        if self._picture_changed(was, node):
            raise NotProven(Reason("filling.state-pictures-exchanged"))
        expected = value if value in states else "Off"
        shown = self._after.resolve(node.value.get("AS", Name("Off")))
        if shown != expected:
            raise Contradiction(Reason("filling.state-unlike-value"))
        if self._at_flip:
            if expected != "Off":
                self._prove_caption(node, DINGBATS)
            elif self._background(node) and "Off" not in states:
                raise NotProven(Reason("filling.box-may-be-drawn"))
            return ""
        if not states:
            raise NotProven(Reason("filling.no-picture"))
        if value not in every | {"Off"}:
            raise NotProven(Reason("filling.value-not-a-state"))
        if is_unseen(node, self._after) or "OC" in node.value:
            raise NotProven(Reason("filling.hidden"))
        return one_line_value(value)

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

    def _states(self, node: FormNode) -> set[str]:
        normal = self._after.resolve(self._after.dictionary(node.value.get("AP")).get("N"))
        return set(normal) if isinstance(normal, dict) else set()

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
        read = self._read(normal, marked=False)
        shown = b"".join(line.shown for line in read.lines)
        if read.style is None or not caption or shown != caption:
            raise NotProven(Reason("filling.another-button"))
        font = self._resource(normal, read.style.font)
        if name == DINGBATS:
            if base_font(font, self._after.resolve) != DINGBATS or "Encoding" in font:
                raise NotProven(Reason("filling.another-button"))
        else:
            read_font(font, self._after.resolve)
        self._check_colour(node, read.style.colour or GREY_BLACK, read.fills)


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
