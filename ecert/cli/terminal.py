"""Text as a terminal may show it: sizes for people, and nothing that it would take for commands."""

from __future__ import annotations


def megabytes(size: int, lang: str) -> str:
    """Return a size for people: 3,4 MB in Vietnamese, 3.4 MB in English, small ones in kB."""
    text = f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1000:.1f} kB"
    return text.replace(".", ",") if lang == "vi" else text


def printable(text: str) -> str:
    """Return text that no terminal takes for commands: controls and direction marks are replaced.

    Names come from files that anybody may have made; line breaks and tabs stay.
    """
    return "".join(
        "\ufffd"
        if (c < " " and c not in "\n\t") or "\x7f" <= c <= "\x9f" or c in _DIRECTION_MARKS or "\ud800" <= c <= "\udfff"
        else c
        for c in text
    )


def one_line(text: str) -> str:
    """Return text as one line: a file's name may hold line breaks, and after one stand words in our name."""
    return printable(text.translate(_BREAKS))


_BREAKS = str.maketrans({"\n": "\\n", "\r": "\\r", "\t": "\\t"})
_DIRECTION_MARKS = frozenset("\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
