"""Untouched copies: what refuses the others is not that the kit made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecert.testing.specimens.registry import specimen

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press


@specimen(
    "control",
    verdict="VALID",
    vi="Bản sao chứng thực nguyên vẹn, mức B-LTA.",
    en="A certified copy that nobody touched, level B-LTA.",
)
def untouched(press: Press) -> bytes:
    return press.copy
