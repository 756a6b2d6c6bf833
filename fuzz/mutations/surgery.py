"""Changes by hand of what nobody can protect: for the tests that show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ecert.formats.pades.cms import der_length, read_signed_data
from ecert.formats.pades.der import integer, sequence
from ecert.formats.pades.fields import read_signatures
from ecert.formats.pdf import read_document
from fuzz.mutations.asn1 import parse

#: The order of P-256's base point (SP 800-186, 3.2.1.3).
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def ecdsa_pair(value: bytes) -> tuple[int, int]:
    """Return r and s of an ECDSA signature value (RFC 3279, 2.2.3)."""
    r, s = (int.from_bytes(m.content, "big") for m in parse(value).members)
    return r, s


def ecdsa_twin(value: bytes) -> bytes:
    """Return the other signature that the same key and data have: (r, n − s)."""
    r, s = ecdsa_pair(value)
    return sequence(integer(r), integer(ORDER - s))


def with_last_value(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return a copy whose last signature has another signature value."""
    last = read_signatures(read_document(data))[-1]
    assert last.gap is not None
    der = last.contents[: der_length(last.contents)]
    value = read_signed_data(der).signature
    tree = parse(der)
    (node,) = [n for n in tree.walk() if n.tag == 0x04 and n.content == value]
    node.content = change(value)
    digits = tree.encoded().hex().encode()
    start, end = last.gap[0] + 1, last.gap[1] - 1
    return data[:start] + digits.ljust(end - start, b"0") + data[end:]
