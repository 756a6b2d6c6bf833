"""Read TOML in time that grows with its size: the library walks a dotted key anew for each of its parts."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from ecert.model.limits import MAX_TOML_KEY_PARTS

_MANY_DOTS = re.compile(rf"(?:\.[^.\n]*){{{MAX_TOML_KEY_PARTS}}}")
#: a text, a bare part of a key, a dot, blanks, anything else
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|(?P<bare>[A-Za-z0-9_-]+)|(?P<dot>\.)|(?P<blank>[ \t]+)|.')


def read_toml(text: str) -> dict[str, Any]:
    """Return a document's values.

    Raises:
        ValueError: it is not TOML, a number has thousands of digits, or a key has more parts than are read.
        RecursionError: it is nested too deeply.
    """
    pos = 0
    while found := _MANY_DOTS.search(text, pos):
        start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.start())
        end = len(text) if end < 0 else end
        if _parts(text[start:end]) > MAX_TOML_KEY_PARTS:
            raise ValueError(f"a key has more than {MAX_TOML_KEY_PARTS} parts")
        pos = end
    return tomllib.loads(text)


def _parts(line: str) -> int:
    """Return of how many parts, joined by dots, the longest key of a line could be."""
    most = run = 0
    joined = False
    for token in _TOKEN.finditer(line):
        if token["blank"]:
            continue
        if token["dot"]:
            joined = run > 0
            run = run if joined else 0
        elif token["bare"] or len(token[0]) > 1:
            run = run + 1 if joined else 1
            joined = False
            most = max(most, run)
        else:
            run, joined = 0, False
    return most
