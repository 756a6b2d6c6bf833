"""Elements that escape what they hold: markup comes out of :func:`el` alone, text never becomes markup.

What is written is HTML and well-formed XML at once, so that any XML parser can judge it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ecert.report.hidden import characters, plain

MOST_CHARACTERS = 1000  # of one text from the document: the record's own fields have at most 500
_VOID = frozenset({"br", "link", "meta", "path", "rect", "line", "circle", "image"})
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})

#: the page's own words in one language (``report/html.toml`` of :mod:`ecert.words`); findings bring theirs
Labels = Mapping[str, str]


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def el(name: str, /, *children: str | None, **attributes: str | None) -> Markup:
    """Return an element; a child that is no :class:`Markup` is text, None is nothing.

    An attribute's trailing underscore is dropped, others become hyphens: ``class_``, ``aria_label``.
    """
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{shown}/>")
    inner = "".join(c if isinstance(c, Markup) else escaped(c) for c in children if c)
    return Markup(f"<{name}{shown}>{inner}</{name}>")


def foreign(text: object, most: int = MOST_CHARACTERS) -> Markup:
    """Return a text from the document, isolated: its direction does not reach what stands around it."""
    return Markup(f'<bdi dir="auto">{escaped(str(text), most)}</bdi>')


def escaped(text: str, most: int = 10 * MOST_CHARACTERS) -> Markup:
    """Escape a text; what would not be seen, or would turn the text around, is written as its code point."""
    rest = len(text) - most
    if rest <= 0 and text.isascii() and text.isprintable():
        return Markup(text.translate(_ESCAPES))
    parts = [
        f'<span class="odd">[U+{ord(c):04X}]</span>' if odd else c.translate(_ESCAPES)
        for c, odd in characters(text[:most])
    ]
    return Markup("".join(parts) + (f"… (+{rest})" if rest > 0 else ""))


def _attribute(value: str) -> str:
    harmless = value.isascii() and value.isprintable()  # a picture's data is long
    return (value if harmless else plain(value, len(value))).translate(_ESCAPES)
