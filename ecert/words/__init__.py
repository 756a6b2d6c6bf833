"""The ground floor: a code goes in, a sentence comes out, in Vietnamese and English. No other room is imported here.

The sentences are data, so that whoever edits a language needs no Python. Below ``vi/`` and
``en/`` stand the same files:

* ``findings/CHECK.toml``: a table per finding with its ``text``, what it usually comes from (``cause``), and what
  to do: ``clerk`` and ``citizen`` are the two remedies of the report, ``developer`` stands in its technical part.
  ``@name`` stands for a sentence of ``findings/shared.toml``.
* ``causes.toml``: a table per cause that a report tells first (:mod:`ecert.report.causes`), with ``text``, ``clerk``
  and ``citizen``.
* ``reasons/SUBJECT.toml``: a row per reason; ``changes.page-changed`` is the row ``page-changed`` of ``changes.toml``.
* ``errors.toml``: a table per code of an error: its ``meaning`` and the ``way_out`` (docs/reference/errors.md).
* ``report/*.toml``: the labels of the text and HTML reports, and their first sentence.
* ``fields.toml``: what the two form fields of a copy are called; ``cli/*.toml``: what the command line says.

``{name}`` is filled from the values that a finding or reason carries. Each file is read when its first sentence is
asked for, and kept.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

#: the sentences about a finding, as its table names them
Part = Literal["text", "cause", "clerk", "citizen", "developer"]
PARTS: tuple[Part, ...] = get_args(Part)
#: the two of them that a report's remedies are
Advice = Literal["clerk", "citizen"]

_HERE = Path(__file__).parent


def reason_sentence(code: str, lang: str) -> str:
    """Return the sentence of a reason such as ``pdf.no-header``, with its ``{names}``.

    Raises:
        KeyError: there is none.
    """
    room, _, name = code.partition(".")
    sentence: str = table(f"reasons/{room}", lang)[name]
    return sentence


def finding_sentence(check: str, code: str, part: Part, lang: str) -> str:
    """Return a sentence about a finding of a check, with its ``{names}``.

    Raises:
        KeyError: there is none.
    """
    return shared_sentence(table(f"findings/{check}", lang)[code][part], lang)


def cause_sentence(name: str, part: Literal["text"] | Advice, lang: str) -> str:
    """Return a sentence about a cause, with its ``{names}``.

    Raises:
        KeyError: there is none.
    """
    return shared_sentence(table("causes", lang)[name][part], lang)


def shared_sentence(text: str, lang: str) -> str:
    """Return what ``@name`` stands for; any other text as it is.

    Raises:
        KeyError: nothing has that name.
    """
    if not text.startswith("@"):
        return text
    sentence: str = table("findings/shared", lang)[text[1:]]
    return sentence


def fill(sentence: str, values: Mapping[str, Any]) -> str:
    """Return a sentence with values put in; a value that is not there shows as a question mark."""
    return sentence.format_map(_Values(values))


@cache
def table(name: str, lang: str) -> Mapping[str, Any]:
    """Return a file of sentences, such as ``reasons/pdf``; it is not to be changed.

    Raises:
        KeyError: there is none.
    """
    try:
        text = (_HERE / lang / f"{name}.toml").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise KeyError(name) from None
    return tomllib.loads(text)


class _Values(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
