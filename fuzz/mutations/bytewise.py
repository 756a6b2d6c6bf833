"""Changes of bytes: the kind of syntax is drawn first, so that white space counts as much as images."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ecert.formats.pades.fields import read_signatures
from ecert.formats.pdf import read_document
from fuzz.mutations.syntax import Span, by_kind, spans_of

#: What may be put in: bytes that mean something to readers of PDF.
_TELLING: Final = b"\x00\t\n\x0c\r ()<>[]{}/%0123456789+-.RfntrueEOFobjxz#\\'\xff\x80"


@dataclass(frozen=True)
class Mutant:
    """A changed file: what was done to what kind of syntax, and where."""

    data: bytes = field(repr=False)
    kind: str
    change: str
    place: str = ""


Change = Callable[[random.Random, bytes, Span, list[Span]], tuple[int, int, bytes]]


def _at(rnd: random.Random, span: Span) -> int:
    return rnd.randrange(span.start, span.end)


def _length(rnd: random.Random, span: Span, at: int) -> int:
    return min(span.end - at, 1 + int(rnd.expovariate(0.3)))


def _flip(rnd: random.Random, data: bytes, span: Span, _: list[Span]) -> tuple[int, int, bytes]:
    at = _at(rnd, span)
    return at, at + 1, bytes([data[at] ^ 1 << rnd.randrange(8)])


def _set(rnd: random.Random, _: bytes, span: Span, __: list[Span]) -> tuple[int, int, bytes]:
    at = _at(rnd, span)
    return at, at + 1, bytes([rnd.randrange(256)])


def _telling(rnd: random.Random, _: bytes, span: Span, __: list[Span]) -> tuple[int, int, bytes]:
    at = _at(rnd, span)
    return at, at + 1, bytes([rnd.choice(_TELLING)])


def _digit(rnd: random.Random, data: bytes, span: Span, _: list[Span]) -> tuple[int, int, bytes]:
    places = [i for i in range(span.start, min(span.end, span.start + 400)) if data[i : i + 1].isdigit()]
    at = rnd.choice(places) if places else _at(rnd, span)
    return at, at + 1, b"%d" % rnd.randrange(10)


def _insert(rnd: random.Random, _: bytes, span: Span, __: list[Span]) -> tuple[int, int, bytes]:
    at = _at(rnd, span)
    return at, at, bytes(rnd.choice(_TELLING) for _ in range(rnd.randint(1, 4)))


def _delete(rnd: random.Random, _: bytes, span: Span, __: list[Span]) -> tuple[int, int, bytes]:
    at = _at(rnd, span)
    return at, at + _length(rnd, span, at), b""


def _double(rnd: random.Random, data: bytes, span: Span, _: list[Span]) -> tuple[int, int, bytes]:
    at = _at(rnd, span)
    end = at + _length(rnd, span, at)
    return end, end, data[at:end]


def _transpose(rnd: random.Random, data: bytes, span: Span, _: list[Span]) -> tuple[int, int, bytes]:
    at = min(_at(rnd, span), len(data) - 2)
    return at, at + 2, data[at + 1 : at + 2] + data[at : at + 1]


def _copy(rnd: random.Random, data: bytes, span: Span, alike: list[Span]) -> tuple[int, int, bytes]:
    """Write over part of a span with as much of another of its kind."""
    other = rnd.choice(alike)
    size = min(span.end - span.start, other.end - other.start)
    return span.start, span.start + size, data[other.start : other.start + size]


def _replace(rnd: random.Random, data: bytes, span: Span, alike: list[Span]) -> tuple[int, int, bytes]:
    """Put another span of the kind in the place of one, longer or shorter."""
    other = rnd.choice(alike)
    return span.start, span.end, data[other.start : other.end]


CHANGES: Final[Mapping[str, Change]] = {
    "flip a bit": _flip,
    "set a byte": _set,
    "set a telling byte": _telling,
    "change a digit": _digit,
    "insert": _insert,
    "delete": _delete,
    "double": _double,
    "transpose": _transpose,
    "copy over": _copy,
    "replace": _replace,
}
#: Changes that move what follows are seen at once, by the first offset: they are drawn less often.
_WEIGHTS: Final = (4, 3, 3, 3, 1, 1, 1, 2, 3, 1)
SWAP: Final = "swap"


@dataclass(frozen=True)
class ByteMutator:
    """Draws changes of one file."""

    data: bytes = field(repr=False)

    @cached_property
    def kinds(self) -> dict[str, list[Span]]:
        """Return the file's spans by kind, the kinds in order of their names.

        A DSS behind the last signature is left out: nobody signs it, and anybody may write another
        (:mod:`fuzz.mutations.reach`).
        """
        document = read_document(self.data)
        end = document.revisions[read_signatures(document)[-1].revision].end
        return dict(sorted(by_kind([s for s in spans_of(self.data) if s.end <= end]).items()))

    def draw(self, rnd: random.Random) -> Mutant:
        """Return a mutant that differs from the file."""
        while True:
            kind = rnd.choice(list(self.kinds))
            alike = self.kinds[kind]
            if len(alike) > 1 and rnd.random() < 0.05:
                mutant = self._swapped(rnd, kind, alike)
            else:
                mutant = self._changed(rnd, kind, alike)
            if mutant.data != self.data:
                return mutant

    def _changed(self, rnd: random.Random, kind: str, alike: list[Span]) -> Mutant:
        (name,) = rnd.choices(list(CHANGES), _WEIGHTS)
        start, end, new = CHANGES[name](rnd, self.data, rnd.choice(alike), alike)
        changed = self.data[:start] + new + self.data[end:]
        return Mutant(changed, kind, name, f"{start}–{end} → {new[:40]!r}")

    def _swapped(self, rnd: random.Random, kind: str, alike: list[Span]) -> Mutant:
        a, b = sorted(rnd.sample(alike, 2))
        data = self.data
        parts = data[: a.start], data[b.start : b.end], data[a.end : b.start], data[a.start : a.end]
        return Mutant(b"".join((*parts, data[b.end :])), kind, SWAP, f"{a.start} ↔ {b.start}")
