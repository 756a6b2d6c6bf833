"""The languages that ecert speaks."""

from __future__ import annotations

from typing import Literal, get_args

from ecert.errors import UsageError

Lang = Literal["vi", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)


def check_language(value: str) -> Lang:
    """Return ``value`` as a language.

    Raises:
        UsageError: it is neither vi nor en.
    """
    for lang in LANGS:
        if value == lang:
            return lang
    raise UsageError(f"unknown language {value!r}", hint=f"choose {' or '.join(LANGS)}")
