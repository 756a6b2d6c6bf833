"""Take a certificate apart by tags and lengths: its extensions by OID, its key's algorithm, what its signature covers.

Libraries that read a certificate read all of it, or none: one letter in a note's text that is not of its alphabet,
and nobody can say which uses the key has. Here nothing is read before it was found (RFC 5280, 4.1), and a part can
be read alone: :func:`with_extension` writes the certificate anew with one extension. What is written so is only for
reading; what was signed are the bytes as they stand (:func:`~ecert.formats.asn1_bounds.to_be_signed`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from ecert.formats.pades.algorithms import EC_PUBLIC_KEY
from ecert.formats.pades.der import NULL, oid, sequence, set_of, tlv

_BOOLEAN, _INTEGER, _OCTETS, _OID, _SEQUENCE = 0x01, 0x02, 0x04, 0x06, 0x30
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_UTF8 = 0x0C
#: string types whose letters writers take from Latin-1: Printable, Teletex, IA5; and UTF-8 that is none
_LOOSE_STRINGS = (_UTF8, 0x13, 0x14, 0x16)
_ECDSA = oid("1.2.840.10045.4")[2:]  # the beginning of all ecdsa-with-…
RSA_ENCRYPTION = "1.2.840.113549.1.1.1"


class Extension(NamedTuple):
    """One extension as it stands: its OID in dots, whether it is critical, the DER in its OCTET STRING."""

    oid: str
    critical: bool
    value: bytes


class _Value(NamedTuple):
    tag: int
    whole: bytes
    content: bytes


class _Parts(NamedTuple):
    """A certificate's fields; ``before`` are those in front of the extensions, from the version on."""

    before: list[_Value]
    extensions: _Value | None
    algorithm: _Value
    signature: _Value


@lru_cache(maxsize=1024)
def list_extensions(der: bytes) -> tuple[Extension, ...]:
    """Return the extensions in their order, those that stand twice included; an explicit FALSE is not critical.

    Raises:
        ValueError: the bytes are no certificate, or their list of extensions is none.
    """
    block = _parts(der).extensions
    if block is None:
        return ()
    (listed,) = _values(block.content)
    _demand(listed.tag == _SEQUENCE)
    return tuple(_extension(each) for each in _values(listed.content))


def _extension(value: _Value) -> Extension:
    _demand(value.tag == _SEQUENCE)
    kind, *critical, octets = _values(value.content)
    _demand(kind.tag == _OID and octets.tag == _OCTETS and len(critical) <= 1)
    _demand(all(c.tag == _BOOLEAN and c.content in (b"\x00", b"\xff") for c in critical))
    return Extension(dotted(kind.content), any(c.content == b"\xff" for c in critical), octets.content)


def with_extension(der: bytes, extension: Extension) -> bytes:
    """Return a certificate that has one extension alone, to be read and not to be believed.

    Raises:
        ValueError: the bytes are no certificate.
    """
    return _written(_parts(der), [extension])


def plainly_written(der: bytes) -> bytes:
    """Return a certificate as a strict reader wants it, to be read and not to be believed.

    Honest authorities write ``critical FALSE`` in so many words, an at sign, an ampersand or Latin-1 into a
    PrintableString, and NULL behind ecdsa-with-SHA256; nothing of it has two meanings.

    Raises:
        ValueError: the bytes are no certificate.
    """
    return _written(_parts(der), list_extensions(der))


def subject_key_identifier(der: bytes) -> bytes | None:
    """Return the identifier of a certificate's own key (RFC 5280, 4.2.1.2); None: there is none that can be read."""
    try:
        value = next(e.value for e in list_extensions(der) if e.oid == "2.5.29.14")
        (found,) = _values(value)
        _demand(found.tag == _OCTETS)
    except (ValueError, StopIteration):
        return None
    return found.content


def issuer_and_number(der: bytes) -> tuple[bytes, bytes]:
    """Return a certificate's issuer and serial number as they stand (RFC 5280, 4.1.2.2, 4.1.2.4).

    Raises:
        ValueError: the bytes are no certificate.
    """
    fields = _parts(der).before
    serial, _, issuer = fields[1:4] if fields[0].tag == _VERSION else fields[:3]
    return issuer.whole, serial.whole


def read_basic_constraints(value: bytes) -> tuple[bool, int | None]:
    """Return cA and pathLenConstraint as they stand (RFC 5280, 4.2.1.9); a FALSE that is written out is one.

    Raises:
        ValueError: it is not basicConstraints.
    """
    whole, *behind = _values(value)
    _demand(whole.tag == _SEQUENCE and not behind)
    parts = list(_each(whole.content))
    is_authority, length = False, None
    if parts and parts[0].tag == _BOOLEAN:
        _demand(parts[0].content in (b"\x00", b"\xff"))
        is_authority = parts.pop(0).content == b"\xff"
    if parts and parts[0].tag == _INTEGER:
        _demand(bool(parts[0].content) and parts[0].content[0] < 0x80)
        length = int.from_bytes(parts.pop(0).content, "big")
    _demand(not parts)
    return is_authority, length


def read_policies(value: bytes) -> tuple[str, ...]:
    """Return the OIDs of certificatePolicies (RFC 5280, 4.2.1.4), their qualifiers not looked at.

    Raises:
        ValueError: it is not certificatePolicies.
    """
    whole, *behind = _values(value)
    _demand(whole.tag == _SEQUENCE and not behind)
    stated = _values(whole.content)
    kinds = [_values(each.content)[0] for each in stated]
    _demand(all(each.tag == _SEQUENCE for each in stated) and all(kind.tag == _OID for kind in kinds))
    return tuple(dotted(kind.content) for kind in kinds)


def check_statements(value: bytes, objects: int) -> None:
    """Refuse what is not a SEQUENCE of SEQUENCEs that begin with so many OBJECT IDENTIFIERs.

    So are policyMappings (RFC 5280, 4.2.1.5: two) and QCStatements (RFC 3739, 3.2.6: one).

    Raises:
        ValueError: it is not.
    """
    whole, *behind = _values(value)
    _demand(whole.tag == _SEQUENCE and not behind)
    for each in _values(whole.content):
        first = _values(each.content)[:objects]
        _demand(each.tag == _SEQUENCE and [v.tag for v in first] == [_OID] * objects)
        for kind in first:
            dotted(kind.content)


def read_integer(value: bytes) -> int:
    """Return what an INTEGER is, its tag before it.

    Raises:
        ValueError: it is none.
    """
    (found,) = _values(value)
    _demand(found.tag == _INTEGER and bool(found.content))
    return int.from_bytes(found.content, "big", signed=True)


def key_algorithm(der: bytes) -> str:
    """Return the OID, in dots, of a certificate's key.

    Raises:
        ValueError: the bytes are no certificate.
    """
    return _algorithm_of(_values(_key(der).content)[0])


def has_negative_modulus(der: bytes) -> bool:
    """Return whether the key is of RSA, and a number of it is written as a negative one (X.690, 8.3.3).

    Writers that leave out the zero in front of a number's first bit make such keys; some readers mend them.

    Raises:
        ValueError: the bytes are no certificate.
    """
    algorithm, bits, *_ = _values(_key(der).content)
    if _algorithm_of(algorithm) != RSA_ENCRYPTION:
        return False
    numbers = _values(_values(bits.content[1:])[0].content)
    return any(n.tag == _INTEGER and n.content[:1] >= b"\x80" for n in numbers)


def has_explicit_curve(der: bytes) -> bool:
    """Return whether the key is one of EC whose curve is written out, and not named (RFC 5480, 2.1.1, forbids it).

    Raises:
        ValueError: the bytes are no certificate.
    """
    kind, *parameters = _values(_values(_key(der).content)[0].content)
    return dotted(kind.content) == EC_PUBLIC_KEY and [p.tag for p in parameters] == [_SEQUENCE]


def signature_algorithm(der: bytes) -> str:
    """Return the OID, in dots, of the algorithm by which a certificate's issuer signed it.

    Raises:
        ValueError: the bytes are no certificate.
    """
    return _algorithm_of(_parts(der).algorithm)


def dotted(encoded: bytes) -> str:
    """Return an OBJECT IDENTIFIER's contents in dots (X.690, 8.19).

    Raises:
        ValueError: they are none.
    """
    _demand(bool(encoded) and not encoded[-1] & 0x80)
    numbers, number = [], 0
    for byte in encoded:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


def _algorithm_of(value: _Value) -> str:
    kind = _values(value.content)[0]
    _demand(value.tag == _SEQUENCE and kind.tag == _OID)
    return dotted(kind.content)


def _key(der: bytes) -> _Value:
    found = _parts(der).before[-1]
    for value in reversed(_parts(der).before):  # unique identifiers may follow it
        if value.tag == _SEQUENCE:
            found = value
            break
    _demand(found.tag == _SEQUENCE)
    return found


@lru_cache(maxsize=64)
def _parts(der: bytes) -> _Parts:
    (whole,) = _values(der)
    body, algorithm, signature = _values(whole.content)
    _demand(whole.tag == body.tag == algorithm.tag == _SEQUENCE)
    fields = _values(body.content)
    extensions = fields.pop() if fields and fields[-1].tag == _EXTENSIONS else None
    _demand(len(fields) >= 6 and all(f.tag != _EXTENSIONS for f in fields))
    return _Parts(fields, extensions, algorithm, signature)


def _written(parts: _Parts, extensions: Iterable[Extension]) -> bytes:
    fields = parts.before
    number = 1 if fields[0].tag == _VERSION else 0
    _demand(len(fields) >= number + 6)
    serial, algorithm, issuer, validity, subject, *rest = fields[number:]
    listed = [_encoded(each) for each in extensions]
    body = sequence(
        *(f.whole for f in fields[:number]),
        serial.whole,
        _plain_algorithm(algorithm),
        _plain_name(issuer),
        validity.whole,
        _plain_name(subject),
        *(f.whole for f in rest),
        *([tlv(_EXTENSIONS, sequence(*listed))] if listed else []),
    )
    return sequence(body, _plain_algorithm(parts.algorithm), parts.signature.whole)


def _encoded(extension: Extension) -> bytes:
    critical = (tlv(_BOOLEAN, b"\xff"),) if extension.critical else ()
    return sequence(oid(extension.oid), *critical, tlv(_OCTETS, extension.value))


def _plain_algorithm(value: _Value) -> bytes:
    kind, *parameters = _values(value.content)
    if kind.content.startswith(_ECDSA) and [p.whole for p in parameters] == [NULL]:
        return sequence(kind.whole)
    return value.whole


def _plain_name(name: _Value) -> bytes:
    if name.tag != _SEQUENCE or not name.content:
        return name.whole
    return sequence(*(set_of(*map(_plain_attribute, _values(rdn.content))) for rdn in _values(name.content)))


def _plain_attribute(attribute: _Value) -> bytes:
    kind, text = _values(attribute.content)
    if text.tag not in _LOOSE_STRINGS:
        return attribute.whole
    try:
        letters = text.content.decode("utf-8" if text.tag == _UTF8 else "ascii")
    except UnicodeDecodeError:
        letters = text.content.decode("latin-1")
    return sequence(kind.whole, tlv(_UTF8, letters.encode()))


def _values(data: bytes) -> list[_Value]:
    """Split contents into values, one at least."""
    found = list(_each(data))
    _demand(bool(found))
    return found


def _each(data: bytes) -> Iterator[_Value]:
    pos = 0
    while pos < len(data):
        _demand(pos + 2 <= len(data) and data[pos] & 0x1F != 0x1F)
        size, start = data[pos + 1], pos + 2
        if size & 0x80:
            count = size & 0x7F
            _demand(1 <= count <= 4 and start + count <= len(data))
            size, start = int.from_bytes(data[start : start + count], "big"), start + count
        _demand(start + size <= len(data))
        yield _Value(data[pos], data[pos : start + size], data[start : start + size])
        pos = start + size


def _demand(so: bool) -> None:
    if not so:
        raise ValueError("it is not a certificate")
