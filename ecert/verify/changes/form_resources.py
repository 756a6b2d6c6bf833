"""What the form lends to its fields, /DA and /DR, and when it may change without changing what is shown.

Programs that sign add both, whether a field needs them or not: iText, OpenPDF, PDFBox, EU DSS. A reader takes them for
a field that it draws itself and that says nothing of its own (ISO 32000-1, 12.7.3.3), and some readers for a picture
without /Resources. So what is there before may be another only where no field is drawn anew and none has to borrow;
names alone may come where nobody waits for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from ecert.formats.pdf import Ref, Stream, StructureFault
from ecert.formats.pdf.filters import decode_stream
from ecert.formats.pdf.lexer import WHITE
from ecert.formats.pdf.objects import PdfDict, PdfValue, same
from ecert.formats.pdf.standard_fonts import CONVENTIONAL, DINGBATS
from ecert.formats.pdf.xref import refuse_foreign_keys
from ecert.verify.changes.field_fonts import base_font, read_font
from ecert.verify.changes.form_state import FormState, first_of, is_widget, unlisted
from ecert.verify.changes.history import FormNode
from ecert.verify.changes.proof import NotProven
from ecert.verify.changes.update import Update

_USED = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]+)")  # names in a default appearance
MAX_BLANK = 4096  # bytes of a picture without operators: longer ones are taken to paint
_COMMENT = re.compile(rb"%[^\r\n]*")
_PUSHBUTTON = 1 << 16  # /Ff, counted from 0 (table 226)


def judge_resources(update: Update, old: PdfDict, new: PdfDict, holder: int) -> Iterator[str]:
    """Yield which of the form's /DA and /DR changed in a way that may change what is shown.

    ``old`` and ``new`` are the form; ``holder`` is the object that holds it.
    """
    lent = _Lent(update, old, new)
    if not same(old.get("DA"), new.get("DA")):
        added = "DA" not in old and isinstance(update.new(new["DA"]), bytes)
        if update.rules.docmdp == 1 or not added or lent.is_borrowed:
            yield "DA"
    if not lent.is_written():
        return
    if update.rules.docmdp == 1 or not lent.keeps_what_it_was():
        yield "DR"
        return
    # what was compared by content may stand where it stood
    own = update.may_replace(old.get("DR"), holder)
    for value in lent.before.values():
        update.may_replace(value, own)


class _Lent:
    """The resources of a form before and after one revision."""

    def __init__(self, update: Update, old: PdfDict, new: PdfDict) -> None:
        self._update, self._old, self._new = update, old, new
        self.before = update.document.dictionary(old.get("DR"), update.index - 1)
        self._after = update.document.dictionary(new.get("DR"), update.index)

    def is_written(self) -> bool:
        """Return whether the resources, or one kind of them, are written anew."""
        if not same(self._old.get("DR"), self._new.get("DR")):
            return True
        held = [self._old.get("DR"), *self.before.values()]
        return any(isinstance(value, Ref) and self._update.changed(value.num) for value in held)

    def keeps_what_it_was(self) -> bool:
        """Return whether the resources gain names alone, and none that a field waits for.

        A form XObject may be another too where no field borrows: pictures are drawn from resources of their own, and a
        default appearance names fonts alone.
        """
        if self.before.keys() - self._after.keys() or self._has_bare_picture:
            return False
        if any(isinstance(self._update.new(v), Stream) for v in (self._new.get("DR"), *self._after.values())):
            return False  # some readers take a stream's dictionary for one
        nodes = self._update.history.nodes(self._update.index - 1)
        asked = [self._old.get("DA"), *(node.value.get("DA") for node in nodes)]
        asked += [self._update.old(each["DA"]) for chain in self._unlisted for each in chain if "DA" in each]
        used = {name for text in asked if isinstance(text, bytes) for name in _USED.findall(text)}
        return all(self._keeps_kind(kind, used) for kind in self._after)

    def _keeps_kind(self, kind: str, used: set[bytes]) -> bool:
        update = self._update
        was = update.document.dictionary(self.before.get(kind), update.index - 1)
        named = update.document.dictionary(self._after[kind], update.index)
        if kind in self.before and not was and not same(update.old(self.before[kind]), update.new(self._after[kind])):
            return False
        if was.keys() - named.keys():
            return False
        others = [name for name, item in was.items() if not same(item, named[name])]
        if others and (kind != "XObject" or self.is_borrowed):
            return False
        if not all(_is_form(update.old(was[name])) and _is_form(update.new(named[name])) for name in others):
            return False
        gained = {name for name in named.keys() - was.keys() if name.encode("latin-1") in used}
        if kind != "Font" and gained:
            return False
        return all(_is_what_it_was_taken_for(update, name, named[name]) for name in gained)

    @cached_property
    def is_borrowed(self) -> bool:
        """Return whether what the form lends may be shown: by a reader that draws, or in a picture without any."""
        update = self._update
        flips = update.old(self._old.get("NeedAppearances")), update.new(self._new.get("NeedAppearances"))
        if any(flip not in (None, False) for flip in flips):
            return True
        for state in (FormState(update, update.index - 1), FormState(update, update.index)):
            if any(_lacks_style(state, node) for node in update.history.nodes(state.index)):
                return True
        return any(map(self._unlisted_lacks_style, self._unlisted)) or self._has_bare_picture

    @cached_property
    def _unlisted(self) -> list[list[PdfDict]]:
        return unlisted(self._update)

    def _unlisted_lacks_style(self, chain: list[PdfDict]) -> bool:
        kind = self._update.old(chain[0].get("Subtype"))
        if kind == "FreeText":
            return "AP" not in chain[0] and not isinstance(first_of(self._update, chain, "DA"), bytes)
        if kind != "Widget" or not _is_drawn_as_text(
            first_of(self._update, chain, "FT"), first_of(self._update, chain, "Ff")
        ):
            return False
        return not isinstance(first_of(self._update, chain, "DA"), bytes)

    @cached_property
    def _has_bare_picture(self) -> bool:
        """Return whether a picture paints and has no resources of its own."""
        return any(
            not isinstance(self._update.old(picture.dict.get("Resources")), dict) and not is_blank(picture)
            for picture in _pictures(self._update)
        )


def _is_form(value: PdfValue) -> bool:
    return isinstance(value, Stream) and value.dict.get("Subtype") == "Form"


def _is_what_it_was_taken_for(update: Update, name: str, value: PdfValue) -> bool:
    """Return whether a font that fields waited for is the one that readers took in its place, as PDFBox adds it."""
    expected, font = CONVENTIONAL.get(name), update.document.dictionary(value, update.index)
    try:
        if expected == DINGBATS:
            return "Encoding" not in font and base_font(font, update.new) == DINGBATS
        return read_font(font, update.new).name == expected
    except NotProven:
        return False


def _lacks_style(state: FormState, node: FormNode) -> bool:
    """Return whether a widget that is drawn as text has no /DA of its own field's."""
    if not is_widget(node):
        return False
    return _is_drawn_as_text(state.inherited(node, "FT"), state.inherited(node, "Ff")) and not any(
        isinstance(value, bytes) for value in state.all_of(node, "DA")[:1]
    )


def _is_drawn_as_text(kind: PdfValue, flags: PdfValue) -> bool:
    """Return whether a widget of this kind and flags needs a style: all but signatures, check boxes, radio buttons."""
    if kind == "Btn":
        return flags is not None and (type(flags) is not int or bool(flags & _PUSHBUTTON))
    return bool(kind != "Sig")


def _pictures(update: Update) -> Iterator[Stream]:
    """Yield the pictures of every annotation and field before this revision, those of states included (12.5.5)."""
    document, index, history = update.document, update.index - 1, update.history
    nodes: list[PdfDict] = [node.value for node in history.nodes(index)]
    for page in history.counted(history.pages(index)):
        listed = document.array(document.dictionary(page, index).get("Annots"), index)
        nodes += (document.dictionary(item, index) for item in history.counted(listed))
    for node in nodes:
        held = document.resolve(node.get("AP"), index)
        kinds = held.dict if isinstance(held, Stream) else held
        for shown in history.counted([*kinds.values()] if isinstance(kinds, dict) else []):
            found = document.resolve(shown, index)
            states = history.counted([*found.values()]) if isinstance(found, dict) else [found]
            yield from (s for s in (document.resolve(v, index) for v in states) if isinstance(s, Stream))


def is_blank(picture: Stream) -> bool:
    """Return whether a content stream of at most :data:`MAX_BLANK` bytes has no operators at all."""
    try:
        refuse_foreign_keys(picture.dict, picture.start)  # by which others decode it to something else
        content = decode_stream(picture, MAX_BLANK)
    except StructureFault:
        return False
    return not _COMMENT.sub(b"", content).strip(WHITE)
