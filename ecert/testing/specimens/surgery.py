"""Changes in place: every offset of the file still fits, and what is signed is not touched by force."""

from __future__ import annotations

import re

from ecert.formats.pades.cms import der_length
from ecert.formats.pades.fields import PdfSignature, read_signatures
from ecert.formats.pdf import read_document


def find_signature(data: bytes, field: str) -> PdfSignature:
    """Return the signature of a field."""
    return next(s for s in read_signatures(read_document(data)) if s.name == field)


def overwrite(data: bytes, start: int, stop: int, new: bytes) -> bytes:
    """Put ``new`` in the place of the bytes from ``start`` to ``stop``, filled up with spaces.

    Raises:
        ValueError: it is longer than the place.
    """
    if len(new) > stop - start:
        raise ValueError(f"{len(new)} bytes do not fit into {stop - start}")
    return data[:start] + new.ljust(stop - start) + data[stop:]


def exchange(data: bytes, old: bytes, new: bytes) -> bytes:
    """Exchange the one occurrence of ``old`` for as many bytes.

    Raises:
        ValueError: it occurs never or several times, or the lengths differ.
    """
    if data.count(old) != 1 or len(old) != len(new):
        raise ValueError(f"{old!r} stands {data.count(old)} times")
    return data.replace(old, new)


def entry_place(data: bytes, field: str, key: str) -> tuple[int, int]:
    """Return from where to where an entry of a signature dictionary stands, key included."""
    signature = find_signature(data, field)
    start = read_document(data).view()[signature.ref.num].start
    found = re.compile(rb"/%s [^\n]*" % key.encode()).search(data, start)
    assert found is not None
    return found.span()


def with_entry(data: bytes, field: str, key: str, value: bytes) -> bytes:
    """Write another value into an entry of a signature dictionary; longer than the old one it is not."""
    start, stop = entry_place(data, field, key)
    return overwrite(data, start, stop, b"/%s %s" % (key.encode(), value))


def without_entry(data: bytes, field: str, key: str) -> bytes:
    """Blank an entry of a signature dictionary."""
    return overwrite(data, *entry_place(data, field, key), b"")


def contents(data: bytes, field: str) -> bytes:
    """Return the DER value of a signature, without its padding."""
    value = find_signature(data, field).contents
    return value[: der_length(value)]


def with_contents(data: bytes, field: str, value: bytes) -> bytes:
    """Write another DER value into a signature, padded with zeros."""
    gap = find_signature(data, field).gap
    assert gap is not None
    digits = value.hex().encode().ljust(gap[1] - gap[0] - 2, b"0")
    return overwrite(data, gap[0] + 1, gap[1] - 1, digits)


def flipped(data: bytes, at: int) -> bytes:
    """Flip the lowest bit of one byte."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
