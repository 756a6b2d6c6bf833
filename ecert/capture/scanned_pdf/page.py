"""Read a page's content stream: where its one image lies, and that nothing else shows.

ISO 32000-1, 8.2 lists the operators. Those that neither paint nor clip are let through; a clip must
leave the image whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn

from ecert.capture.scanned_pdf.geometry import Matrix, PageBox, orientation_of
from ecert.errors import InputError
from ecert.formats.images import refusals
from ecert.model.images import Orientation
from ecert.model.limits import MAX_PDF_CONTENT_BYTES

if TYPE_CHECKING:
    import pikepdf

_PLAIN = "scan the pages as plain image PDF, one image per page"
_NO_TEXT = "switch off text recognition (searchable PDF) in the scanner and scan again"
#: Operators without a visible effect of their own.
_HARMLESS = frozenset(("w", "J", "j", "M", "d", "ri", "i", "MP", "BMC", "EMC", "BX", "EX"))
_COLOURS = frozenset(("G", "RG", "K", "CS", "SC", "SCN", "cs"))  # of strokes, or a space alone
_TEXT_STATE = frozenset(("BT", "ET", "Tc", "Tw", "Tz", "TL", "Tf", "Tr", "Ts", "Td", "TD", "Tm", "T*"))
_TEXT = frozenset(("Tj", "TJ", "'", '"'))
_PAINT = frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh"))
_PATH = frozenset(("m", "l", "c", "v", "y", "h"))
_BLACK = {"g": (0.0,), "rg": (0.0, 0.0, 0.0), "k": (0.0, 0.0, 0.0, 1.0)}
_MAX_DEPTH = 64  # nested q operators: ISO 32000-1, annex C.2 says 28
_TOLERANCE = 0.02  # part of a page's side by which image, page and clip may differ


@dataclass(frozen=True)
class PlacedImage:
    """A page's one image, how it stands, and its pixels per inch along its own axes."""

    stream: pikepdf.Stream
    orientation: Orientation
    dpi: tuple[float, float]
    fill_is_black: bool  # colour that a stencil mask would be painted in


@dataclass(frozen=True)
class _State:
    matrix: Matrix = field(default_factory=Matrix)
    clip: PageBox | None = None
    fill_is_black: bool = True


def read_page(page: pikepdf.Page, *, name: str) -> PlacedImage:
    """Return the page's image.

    Raises:
        InputError: ``annotations``, ``active-content``, ``text-layer``, ``vector-paint``,
            ``inline-image``, ``several-images``, ``optional-content``, ``transparency``,
            ``page-layout``, ``too-large``.
    """
    if len(page.obj.get("/Annots", [])):
        _refuse(name, "annotations", "the page has annotations", "print without annotations")
    if "/AA" in page.obj:
        _refuse(name, "active-content", "the page has actions")
    walk = _Walk(page, name)
    walk.run()
    if walk.found is None:
        _refuse(name, "page-layout", "the page has no image")
    stream, state = walk.found
    return _placed(page, stream, state, name)


def _placed(page: pikepdf.Page, stream: pikepdf.Stream, state: _State, name: str) -> PlacedImage:
    """Check the image's place against page and clip, and work out how it stands."""
    box = PageBox.of(_inherited(page, "/MediaBox"))
    crop = _inherited(page, "/CropBox")
    shown = box.meet(PageBox.of(crop)) if crop is not None else box
    rotate, unit = int(_inherited(page, "/Rotate") or 0), float(page.obj.get("/UserUnit", 1))
    image = state.matrix.unit_square()
    if rotate % 90 or image is None:
        _refuse(name, "page-layout", "the image is askew on the page")
    if not image.like(shown, _TOLERANCE):
        _refuse(name, "page-layout", "the image does not cover the page exactly")
    if state.clip is not None and not state.clip.meet(image).like(image, _TOLERANCE):
        _refuse(name, "page-layout", "the page shows only a part of its image")
    across, down = state.matrix.sides()
    width, height = int(stream.get("/Width", 0)), int(stream.get("/Height", 0))
    refusals.check_pixels(name, width, height)
    return PlacedImage(
        stream=stream,
        orientation=orientation_of(state.matrix, rotate),
        dpi=(width * 72 / (across * unit), height * 72 / (down * unit)),
        fill_is_black=state.fill_is_black,
    )


def _inherited(page: pikepdf.Page, key: str) -> Any:
    """Return a page attribute, its own or an ancestor's (ISO 32000-1, 7.7.3.4)."""
    node: Any = page.obj
    for _ in range(_MAX_DEPTH):
        if node is None:
            return None
        if key in node:
            return node[key]
        node = node.get("/Parent")
    raise ValueError("page tree too deep")


class _Walk:
    """Follows the graphics state through one content stream."""

    def __init__(self, page: pikepdf.Page, name: str) -> None:
        self.page = page
        self.name = name
        self.found: tuple[pikepdf.Stream, _State] | None = None
        self._state = _State()
        self._stack: list[_State] = []
        self._path: list[PageBox | None] = []  # None: other than a rectangle
        self._clipping = False
        resources = _inherited(page, "/Resources")
        self._resources: Any = {} if resources is None else resources

    def run(self) -> None:
        """Take every operator of the page."""
        import pikepdf

        with pikepdf.new() as scratch:
            stream = pikepdf.Stream(scratch, self._content())
            for instruction in pikepdf.parse_content_stream(stream):
                operator = str(instruction.operator)
                if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                    _refuse(self.name, "inline-image", "the page has an inline image")
                self._take(operator, list(instruction.operands))

    def _content(self) -> bytes:
        """Return the page's streams joined, within ``MAX_PDF_CONTENT_BYTES`` before and after."""
        import pikepdf

        contents = self.page.obj.get("/Contents")
        streams: list[Any] = [] if contents is None else [contents]
        if isinstance(contents, pikepdf.Array):
            streams = list(contents)
        joined = b""
        for stream in streams:
            if len(stream.read_raw_bytes()) <= MAX_PDF_CONTENT_BYTES:
                joined += stream.read_bytes() + b"\n"
            else:
                joined = bytes(MAX_PDF_CONTENT_BYTES + 1)
            if len(joined) > MAX_PDF_CONTENT_BYTES:
                _refuse(self.name, "vector-paint", "the page draws more than an image")
        return joined

    def _take(self, operator: str, operands: Sequence[Any]) -> None:
        if operator in _TEXT:
            _refuse(self.name, "text-layer", "the page has text", _NO_TEXT)
        if operator in _PAINT:
            _refuse(self.name, "vector-paint", "the page has drawings")
        if operator in _HARMLESS | _COLOURS | _TEXT_STATE:
            return
        if operator in _PATH or operator in ("re", "W", "W*", "n"):
            self._take_path(operator, operands)
        elif operator in ("q", "Q"):
            self._save_or_restore(operator)
        elif operator == "cm":
            self._change(matrix=Matrix.of(operands).then(self._state.matrix))
        elif operator in ("g", "rg", "k", "sc", "scn"):
            black = operator in _BLACK and tuple(map(float, operands)) == _BLACK[operator]
            self._change(fill_is_black=black)
        elif operator == "gs":
            self._graphics_state(self._resources["/ExtGState"][str(operands[0])])
        elif operator in ("BDC", "DP"):
            if str(operands[0]) == "/OC":
                _refuse(self.name, "optional-content", "the page has layers")
        elif operator == "Do":
            self._paint(str(operands[0]))
        else:
            raise ValueError("an operator that pages do not have")

    def _take_path(self, operator: str, operands: Sequence[Any]) -> None:
        """Take a path: painted it is refused, as a clip it may be one rectangle."""
        if operator == "re":
            x, y, width, height = (float(value) for value in operands)
            self._path.append(self._state.matrix.box(x, y, x + width, y + height))
        elif operator in _PATH:
            self._path.append(None)
        elif operator == "n":
            self._end_path()
        else:
            self._clipping = True

    def _change(self, **changes: Any) -> None:
        self._state = replace(self._state, **changes)

    def _save_or_restore(self, operator: str) -> None:
        if operator == "Q":
            self._state = self._stack.pop()
            return
        if len(self._stack) == _MAX_DEPTH:
            raise ValueError("graphics states too deep")
        self._stack.append(self._state)

    def _end_path(self) -> None:
        if self._clipping:
            box = self._path[0] if len(self._path) == 1 else None
            if box is None:
                _refuse(self.name, "vector-paint", "the page clips its image to a shape")
            self._change(clip=box if self._state.clip is None else self._state.clip.meet(box))
        self._path, self._clipping = [], False

    def _graphics_state(self, parameters: Any) -> None:
        alike = all(float(parameters.get(key, 1)) == 1 for key in ("/CA", "/ca"))
        mask, mode = parameters.get("/SMask", "/None"), parameters.get("/BM", "/Normal")
        if not alike or str(mask) != "/None" or str(mode) not in ("/Normal", "/Compatible"):
            _refuse(self.name, "transparency", "the page is drawn with transparency")

    def _paint(self, key: str) -> None:
        item = self._resources["/XObject"][key]
        if str(item.get("/Subtype")) != "/Image":
            _refuse(self.name, "vector-paint", "the page has a drawing (form XObject)")
        if self.found is not None:
            _refuse(self.name, "several-images", "the page has several images")
        self.found = item, self._state


def _refuse(name: str, code: str, what: str, hint: str = _PLAIN) -> NoReturn:
    raise InputError(f"{name}: {what}", code=code, hint=hint)
