"""The picture of a field's widget: read whole, and held against the style, colours and box the field asks for."""

from __future__ import annotations

from typing import Final

from ecert.errors import Reason
from ecert.formats.pdf import Stream, StructureFault
from ecert.formats.pdf.filters import decode_stream
from ecert.formats.pdf.objects import PdfDict
from ecert.model.limits import MAX_FILLING_BYTES
from ecert.verify.changes.boxes import Box
from ecert.verify.changes.field_fonts import StandardFont, conventional_font, read_font
from ecert.verify.changes.field_text import (
    FieldColour,
    TextPicture,
    TextStyle,
    painted_first,
    read_operations,
    read_picture,
    read_style,
)
from ecert.verify.changes.form_state import rectangle
from ecert.verify.changes.history import FormNode
from ecert.verify.changes.proof import NotProven
from ecert.verify.changes.sides import Sides
from ecert.verify.changes.text_fit import brightness

_PICTURE_KEYS = {"Type", "Subtype", "FormType", "BBox", "Matrix", "Resources", "Length", "Filter", "DecodeParms"}
_MAX_STYLE_BYTES: Final = 400  # of a default appearance: honest ones have 30
MIN_FONT_SIZE: Final = 4.0  # points: smaller is not read
_MIN_CONTRAST: Final = 0.3  # between the brightness of a text and of what is behind it
_BOX_TOLERANCE: Final = 0.5  # points by which /BBox and /Rect may differ: writers round
_WHITE: Final[FieldColour] = (1.0,)


class FieldPictures:
    """Reads pictures of after, and what they have to fit."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._before, self._after = sides.before, sides.after

    def of_text(self, node: FormNode) -> Stream | None:
        """Return the one picture of a text field's widget."""
        value = self._after.resolve(node.value.get("AP"))
        if value is None:
            return None
        normal = self._after.resolve(value.get("N")) if isinstance(value, dict) else None
        if not isinstance(normal, Stream) or value.keys() != {"N"}:
            raise NotProven(Reason("filling.several-pictures"))
        return normal

    def read(self, picture: Stream, *, marked: bool) -> TextPicture:
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
        self._sides.update.history.count_filling(len(picture.data))
        try:
            content = decode_stream(picture, MAX_FILLING_BYTES)
        except StructureFault:
            raise NotProven(Reason("filling.picture-unreadable")) from None
        self._sides.update.history.count_filling(len(content))
        return content

    def font_of(self, picture: Stream, read: TextPicture) -> StandardFont | None:
        """Return the font that a picture's text is set in; None: it has no text."""
        if read.style is None:
            return None
        return read_font(self.font_named(picture, read.style.font), self._after.resolve)

    def font_named(self, picture: Stream, name: str) -> PdfDict:
        """Return a font of a picture's own resources: where it has none, readers look elsewhere."""
        resources = self._after.dictionary(picture.dict.get("Resources"))
        if "ColorSpace" in resources:  # /DefaultGray and its kin give every colour another meaning
            raise NotProven(Reason("filling.colours-unreadable"))
        return self._after.dictionary(self._after.dictionary(resources.get("Font")).get(name))

    def default_style(self, node: FormNode, used: StandardFont | None) -> tuple[TextStyle, StandardFont]:
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

    def check_style(self, node: FormNode, style: TextStyle, font: StandardFont) -> None:
        """Hold a text's font and size against those the field is to be drawn in."""
        wanted, default = self.default_style(node, font)
        if default.name != font.name:
            raise NotProven(Reason("filling.another-font"))
        if wanted.size and abs(wanted.size - style.size) > 0.01:
            raise NotProven(Reason("filling.another-size"))
        if style.size < MIN_FONT_SIZE:
            raise NotProven(Reason("filling.text-too-small"))

    def check_colour(self, node: FormNode, colour: FieldColour, fills: list[FieldColour]) -> None:
        """Hold a text's colour against the page, taken to be white, and what else is behind it."""
        for behind in (_WHITE, *fills, *self.background(node)):
            if abs(brightness(colour) - brightness(behind)) < _MIN_CONTRAST:
                raise NotProven(Reason("filling.text-in-background-colour"))

    def background(self, node: FormNode) -> list[FieldColour]:
        """Return the colour that readers fill the box with where they draw it (/MK /BG)."""
        look = self._after.dictionary(node.value.get("MK"))
        value = self._after.resolve(look.get("BG"))
        if value in (None, []):
            return []
        if not isinstance(value, list) or not all(type(v) in (int, float) for v in value):
            raise NotProven(Reason("filling.colours-unreadable"))
        return [tuple(value)]

    def rectangle_of(self, node: FormNode) -> Box:
        """Return where a widget stands."""
        return rectangle(node.value.get("Rect"), self._after)

    def box(self, node: FormNode, picture: Stream) -> Box:
        """Return the picture's box, which must be as large as the widget: otherwise it is scaled."""
        rect = self.rectangle_of(node)
        box = rectangle(picture.dict.get("BBox"), self._after)
        for low, high in ((0, 2), (1, 3)):
            if abs((rect[high] - rect[low]) - (box[high] - box[low])) > _BOX_TOLERANCE:
                raise NotProven(Reason("filling.picture-size"))
        return box

    def painted_before(self, was: FormNode, read: TextPicture, box: tuple[float, ...]) -> bool:
        """Return whether the picture of before painted the same box and border: Acrobat draws them again each time."""
        old = self._before.dictionary(was.value.get("AP"))
        picture = self._before.resolve(old.get("N"))
        if not isinstance(picture, Stream):
            return False
        content = self._content(picture)
        painted, _ = painted_first(read_operations(content))
        same_box = rectangle(picture.dict.get("BBox"), self._before) == box
        return tuple(painted) == read.painted and same_box
