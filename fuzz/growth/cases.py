"""Every case: a name, what is many of, and the file at a size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Subject = Literal[
    "copy", "signatures", "anchors", "evidence", "policy", "registry", "settings", "record.toml", "record.xml"
]


@dataclass(frozen=True)
class Case:
    """One kind of hostile file; ``size`` is the n of n, 2n and 4n."""

    name: str
    subject: Subject
    size: int
    make: Callable[[int], bytes]


def _all() -> dict[str, Case]:
    from fuzz.growth import certificates, documents, texts

    found = [*certificates.CASES, *documents.CASES, *texts.CASES]
    return {Case(*row).name: Case(*row) for row in found}


CASES = _all()
