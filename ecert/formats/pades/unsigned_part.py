"""Hold what no signature covers in a CMS against the one way the standards give it (RFC 5652, 5).

A signature covers the signed attributes, and by them content and signer's certificate. The rest is
read but proves nothing: versions, the list of digest algorithms, lengths, other certificates. Behind
the last signature of a file it could be changed, or filled, without a trace; so a copy has it in one form:

1. every value in definite form with the shortest length (X.690, 10.1), nothing behind the last;
2. versions as 5.1 and 5.3 count them;
3. one digest algorithm, the signer's; parameters absent or NULL (RFC 5754, 2), or those of PSS (RFC 4055, 3.1);
4. the signer named by its certificate's own issuer and serial number, as they stand there;
5. certificates, each once, and no revocation data beside them;
6. no unsigned attribute but signature time-stamps, each a token of the same form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ecert.formats.pades.der import NULL, integer, oid, tlv

_SIGNED_DATA = oid("1.2.840.113549.1.7.2")
_DATA = oid("1.2.840.113549.1.7.1")
_SIGNATURE_TIMESTAMP = oid("1.2.840.113549.1.9.16.2.14")
_INTEGER, _OCTETS, _OID, _SEQUENCE, _SET = 0x02, 0x04, 0x06, 0x30, 0x31
#: of SignedData and SignerInfo; of SignerInfo the unsigned attributes may follow
_SIGNED_DATA_TAGS = (_INTEGER, _SET, _SEQUENCE, 0xA0, _SET)
_SIGNER_TAGS = (_INTEGER, _SEQUENCE, _SEQUENCE, 0xA0, _SEQUENCE, _OCTETS)


class _NotSo(Exception):
    """Something is not in the form it must have."""


class _Value(NamedTuple):
    tag: int
    whole: bytes
    content: bytes


def has_standard_form(der: bytes) -> bool:
    """Return whether the unsigned part of a CMS is encoded as the standards write it.

    ``der`` was read before as a SignedData of one signer with signed attributes.
    """
    try:
        _check_message(der, stamped=True)
    except (_NotSo, ValueError):  # of unpacking: another number of values
        return False
    return True


def _check_message(der: bytes, *, stamped: bool) -> None:
    """Check a ContentInfo; ``stamped``: it may have signature time-stamps."""
    (info,) = _values(der, _SEQUENCE)
    kind, wrapped = _values(info.content, _OID, 0xA0)
    (data,) = _values(wrapped.content, _SEQUENCE)
    version, digests, content, carried, signers = _values(data.content, *_SIGNED_DATA_TAGS)
    (signer,) = _values(signers.content, _SEQUENCE)
    encapsulated = _values(content.content)
    (listed,) = _values(digests.content, _SEQUENCE)
    certificates = [v.whole for v in _values(carried.content)]
    by_name = _check_signer(signer, listed, certificates, stamped=stamped)
    plain = encapsulated[0].whole == _DATA
    _demand(kind.whole == _SIGNED_DATA)
    _demand(version.whole == integer(1 if plain and by_name else 3))
    _demand([v.tag for v in encapsulated] in ([_OID], [_OID, 0xA0]))
    for wrapped in encapsulated[1:]:
        _values(wrapped.content, _OCTETS)
    _demand(len(set(certificates)) == len(certificates))
    _demand(all(each[0] == _SEQUENCE for each in certificates))


def _check_signer(signer: _Value, listed: _Value, certificates: Sequence[bytes], *, stamped: bool) -> bool:
    """Check a SignerInfo (5.3); return whether it names its certificate by issuer and number."""
    version, sid, digest, _, scheme, _, *unsigned = _values(signer.content)
    by_name = sid.tag == _SEQUENCE
    tags = [_INTEGER, sid.tag, *_SIGNER_TAGS[2:]] + [0xA1] * bool(unsigned)
    _demand([v.tag for v in _values(signer.content)] == tags)
    _demand(by_name or sid.tag == 0x80)
    _demand(version.whole == integer(1 if by_name else 3))
    _demand(_plain_algorithm(listed) == _plain_algorithm(digest))
    _check_scheme(scheme)
    if by_name:
        _demand(any(sid.content == _issuer_and_number(each) for each in certificates))
    for attributes in unsigned:
        _demand(stamped)
        (attribute,) = _values(attributes.content, _SEQUENCE)
        kind, tokens = _values(attribute.content, _OID, _SET)
        _demand(kind.whole == _SIGNATURE_TIMESTAMP)
        for token in _values(tokens.content):
            _check_message(token.whole, stamped=False)
    return by_name


def _issuer_and_number(certificate: bytes) -> bytes:
    """Return issuer and serial number as a certificate has them (RFC 5280, 4.1), the issuer first."""
    (whole,) = _values(certificate, _SEQUENCE)
    body = _values(_values(whole.content)[0].content)
    fields = body[1:] if body[0].tag == 0xA0 else body
    _demand(len(fields) > 2)
    number, _, issuer = fields[:3]
    return issuer.whole + number.whole


def _check_scheme(value: _Value) -> None:
    """Check a signature's AlgorithmIdentifier: no parameters, NULL, or those of RSA-PSS."""
    parts = _values(value.content)
    if [v.tag for v in parts] != [_OID, _SEQUENCE]:
        _plain_algorithm(value)
        return
    digest, mask, salt = _values(parts[1].content, 0xA0, 0xA1, 0xA2)
    (outer,) = _values(digest.content, _SEQUENCE)
    (generator,) = _values(mask.content, _SEQUENCE)
    inner = _values(generator.content, _OID, _SEQUENCE)[1]
    _demand(_plain_algorithm(outer) == _plain_algorithm(inner))
    (length,) = _values(salt.content, _INTEGER)
    _demand(length.whole == integer(int.from_bytes(length.content, "big")))


def _plain_algorithm(value: _Value) -> bytes:
    """Return the identifier of an algorithm whose parameters are absent or NULL."""
    kind, *parameters = _values(value.content)
    _demand(kind.tag == _OID and [p.whole for p in parameters] in ([], [NULL]))
    return kind.whole


def _values(data: bytes, *tags: int) -> list[_Value]:
    """Split contents into values; with ``tags`` exactly these, else one at least."""
    found: list[_Value] = []
    pos = 0
    while pos < len(data):
        found.append(_value(data, pos))
        pos += len(found[-1].whole)
    _demand([v.tag for v in found] == list(tags) if tags else bool(found))
    return found


def _value(data: bytes, pos: int) -> _Value:
    """Return the value at ``pos``: one tag byte, the shortest length, its contents."""
    _demand(pos + 2 <= len(data) and data[pos] & 0x1F != 0x1F)
    size, start = data[pos + 1], pos + 2
    if size & 0x80:
        count = size & 0x7F
        _demand(count <= 4)
        size = int.from_bytes(data[start : start + count], "big")
        start += count
    content = data[start : start + size]
    whole = data[pos : start + size]
    _demand(len(content) == size and whole == tlv(data[pos], content))
    return _Value(data[pos], whole, content)


def _demand(so: bool) -> None:
    if not so:
        raise _NotSo
