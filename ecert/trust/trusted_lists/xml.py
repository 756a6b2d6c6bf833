"""Reading a trusted list's elements: exactly one, whole texts, UTC times."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime

from lxml.etree import _Element

TSL = "http://uri.etsi.org/02231/v2#"
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z")  # TS 119 612, 5.1.4: UTC
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
MAX_NAME = 120  # characters kept of a name


def children(parent: _Element | None, name: str, namespace: str = TSL) -> Iterator[_Element]:
    """Yield the child elements of that name."""
    if parent is not None:
        yield from parent.iterchildren(f"{{{namespace}}}{name}")


def child(parent: _Element | None, name: str) -> _Element | None:
    """Return the only child of that name; None: there is none, or more than one."""
    found = list(children(parent, name))
    return found[0] if len(found) == 1 else None


def text_of(element: _Element | None) -> str | None:
    """Return an element's text; None where anything else stands in it, a processing instruction too."""
    if element is None or len(element):
        return None
    return (element.text or "").strip()


def time_of(element: _Element | None) -> datetime | None:
    """Return an element's time, in UTC, whole seconds."""
    found = _TIME.fullmatch(text_of(element) or "")
    try:
        return datetime.fromisoformat(found[1]).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def name_in(element: _Element | None) -> str:
    """Return the English ``Name`` in an element, else its first; cleaned and shortened."""
    named = list(children(element, "Name"))
    english = [n for n in named if (n.get(_LANGUAGE) or "").casefold() == "en"]
    text = next((text_of(n) or "" for n in english + named), "")
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(plain.split())[:MAX_NAME]
