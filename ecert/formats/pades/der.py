"""Write DER (ITU-T X.690): the few kinds of values that a signature consists of."""

from __future__ import annotations

from functools import cache

from asn1crypto.core import ObjectIdentifier

from ecert.formats.pades.asn1 import set_up


def tlv(tag: int, *parts: bytes) -> bytes:
    """Return one value: tag, length, contents."""
    contents = b"".join(parts)
    size = len(contents)
    if size < 0x80:
        return bytes((tag, size)) + contents
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + contents


def sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE."""
    return tlv(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    """Return a SET OF, its members in DER's order (X.690, 11.6)."""
    return tlv(0x31, *sorted(parts))


def octets(data: bytes) -> bytes:
    """Return an OCTET STRING."""
    return tlv(0x04, data)


def integer(value: int) -> bytes:
    """Return a non-negative INTEGER."""
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


@cache
def oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER."""
    set_up()
    return bytes(ObjectIdentifier(dotted).dump())


NULL = b"\x05\x00"
