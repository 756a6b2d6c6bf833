"""What passes between the processes: a length, a head in JSON, then the byte strings it announces.

The parent is believed, so its own job travels as a pickle (:mod:`ecert.sandbox.worker`). The child is
not: :func:`unpack` reads plain JSON and bytes of announced sizes within a bound, and nothing else.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

from ecert.errors import Reason
from ecert.model.limits import MAX_STRUCTURE_BYTES

READY = b"+"  # the child's first byte: everything is imported, seconds count from now
LENGTH_BYTES = 8  # of the big-endian number that says how long a frame is
_MAX_DIGITS = 20  # of a whole number: none in a report is larger than a file
_MAX_REASONS = 4  # reasons within reasons
_REASON = re.compile(r"[a-z]+\.[a-z0-9-]+")  # it names a file and a row of ecert.words
_MAX_DEPTH = 32  # nested arrays and objects of a head: reports have 7


@dataclass(frozen=True)
class Job:
    """What is asked about the document that follows; ``arguments`` are those of ``judge``."""

    kind: Literal["judge", "inquire"]
    seconds: float
    memory_bytes: int
    arguments: dict[str, Any] = field(default_factory=dict)


def pack_reason(reason: Reason) -> list[Any]:
    """Return a reason as plain values: its code, then what it is filled with."""
    values = {k: pack_reason(v) if isinstance(v, Reason) else v for k, v in reason.values.items()}
    return [reason.code, values]


def unpack_reason(said: object, depth: int = 0) -> Reason:
    """Return the reason that plain values stand for; whether there is such a one is not known here.

    Raises:
        BrokenAnswer: they stand for none.
    """
    if not isinstance(said, list) or len(said) != 2 or depth > _MAX_REASONS:
        raise BrokenAnswer("a reason is not one")
    code, values = said
    if not isinstance(code, str) or not _REASON.fullmatch(code) or not isinstance(values, dict):
        raise BrokenAnswer("a reason is not one")
    read = {k: unpack_reason(v, depth + 1) if isinstance(v, list) else v for k, v in values.items()}
    if not all(isinstance(v, str | int | float | Reason) for v in read.values()):
        raise BrokenAnswer("a reason's values are not words and numbers")
    return Reason(code, **read)


class BrokenAnswer(Exception):
    """The bytes are not what an honest child says."""


class OverlongAnswer(BrokenAnswer):
    """An honest child might say so much, but nobody takes it apart: objects take far more memory than JSON."""


def length(data: bytes) -> bytes:
    """Return the number that stands before a frame."""
    return len(data).to_bytes(LENGTH_BYTES, "big")


def pack(head: dict[str, Any], blobs: Sequence[bytes] = ()) -> bytes:
    """Return one frame."""
    text = json.dumps({"head": head, "blobs": [len(b) for b in blobs]}).encode()
    return b"".join([length(text), text, *blobs])


def unpack(data: bytes, max_head: int) -> tuple[dict[str, Any], list[bytes]]:
    """Return a frame's head and byte strings.

    Raises:
        BrokenAnswer: it is anything else, or its head is longer than ``max_head`` bytes.
        OverlongAnswer: there is more of it than ``MAX_STRUCTURE_BYTES`` outside its texts.
    """
    size = int.from_bytes(data[:LENGTH_BYTES], "big")
    end = LENGTH_BYTES + size
    if size > max_head or end > len(data):
        raise BrokenAnswer("its length is wrong")
    text = data[LENGTH_BYTES:end]
    if _structure(text) > MAX_STRUCTURE_BYTES:
        raise OverlongAnswer("it has too many parts")
    try:
        tree = json.loads(text.decode("ascii"), parse_constant=_no_number, parse_float=_finite, parse_int=_whole)
    except (ValueError, RecursionError) as exc:
        raise BrokenAnswer("it is not JSON") from exc
    if not isinstance(tree, dict) or tree.keys() != {"head", "blobs"} or _too_deep(tree):
        raise BrokenAnswer("it has another shape")
    head, sizes = tree["head"], tree["blobs"]
    if not isinstance(head, dict) or not isinstance(sizes, list):
        raise BrokenAnswer("it has another shape")
    if not all(type(n) is int and n >= 0 for n in sizes) or end + sum(sizes) != len(data):
        raise BrokenAnswer("its byte strings are not those announced")
    blobs = []
    for n in sizes:
        blobs.append(data[end : end + n])
        end += n
    return head, blobs


def _structure(text: bytes) -> int:
    """Return how many bytes stand outside the texts, two for each text's quotes."""
    quotes = text.count(b'"')
    if quotes > MAX_STRUCTURE_BYTES:
        return quotes
    pieces = text.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')
    return sum(map(len, pieces[::2])) + len(pieces) - 1


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _finite(digits: str) -> float:
    """Return a number; JSON's grammar admits 1e999, which becomes infinity."""
    number = float(digits)
    if not math.isfinite(number):
        _no_number(digits[:40])
    return number


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= _MAX_DIGITS else _no_number(digits[:40])


def _too_deep(tree: object) -> bool:
    stack = [(tree, 0)]
    while stack:
        value, depth = stack.pop()
        if depth > _MAX_DEPTH:
            return True
        if isinstance(value, dict):
            stack.extend((v, depth + 1) for v in value.values())
        elif isinstance(value, list):
            stack.extend((v, depth + 1) for v in value)
    return False
