"""Count what ASN.1 values hold before a library makes objects of them (ITU-T X.690, 8.1).

A SET of a million empty values is two million bytes and a gigabyte of objects; a name of a hundred thousand parts
is three hundred kilobytes, compressed a few hundred bytes. So certificates, CRLs, OCSP answers and CMS are
walked here first, by tags and lengths alone, no further than to their limit.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ecert.errors import Reason
from ecert.model.limits import (
    MAX_CERTIFICATE_BYTES,
    MAX_CERTIFICATE_VALUES,
    MAX_CMS_MEMBERS,
    MAX_CMS_VALUES,
    MAX_CRL_VALUES,
    MAX_EVIDENCE_BYTES,
    MAX_OCSP_BYTES,
    MAX_OCSP_VALUES,
)

#: ContentInfo, content, SignedData, signerInfos, SignerInfo, attributes, attribute, values, value, and two
#: within that (adbe-revocationInfoArchival); what is below is a certificate, a CRL or a token
_CMS_LEVELS = 11
_ALL_LEVELS = 32  # further down nothing is read
_SEQUENCE, _OCTETS = 0x30, 0x04
_TIMES = (0x17, 0x18)


class Excess(NamedTuple):
    """What there is more of than is judged, and the most there may be."""

    what: Reason
    limit: int


_Head = tuple[int, int, int]  # a value's tag, and where its contents start and stop


@lru_cache(maxsize=512)
def certificate_excess(der: bytes) -> Excess | None:
    """Return what a certificate exceeds: bytes, or values, those within its extensions included."""
    if len(der) > MAX_CERTIFICATE_BYTES:
        return Excess(Reason("limits.certificate-bytes"), MAX_CERTIFICATE_BYTES)
    if _count(der, [(0, len(der))], MAX_CERTIFICATE_VALUES) > MAX_CERTIFICATE_VALUES:
        return Excess(Reason("limits.certificate-values"), MAX_CERTIFICATE_VALUES)
    return None


@lru_cache(maxsize=256)
def ocsp_excess(der: bytes) -> Excess | None:
    """Return what an OCSP answer exceeds: bytes, or values, such as single responses and certificates."""
    if len(der) > MAX_OCSP_BYTES:
        return Excess(Reason("limits.ocsp-bytes"), MAX_OCSP_BYTES)
    if _count(der, [(0, len(der))], MAX_OCSP_VALUES) > MAX_OCSP_VALUES:
        return Excess(Reason("limits.ocsp-values"), MAX_OCSP_VALUES)
    return None


def crl_excess(der: bytes) -> Excess | None:
    """Return what a CRL exceeds: bytes, or values beside its entries (RFC 5280, 5.1)."""
    if len(der) > MAX_EVIDENCE_BYTES:
        return Excess(Reason("limits.crl-bytes"), MAX_EVIDENCE_BYTES)
    if _count(der, _beside_entries(der), MAX_CRL_VALUES) > MAX_CRL_VALUES:
        return Excess(Reason("limits.crl-values"), MAX_CRL_VALUES)
    return None


def cms_excess(der: bytes) -> tuple[Excess | None, int]:
    """Return which limit a CMS exceeds, in one place or in all, and how many values were counted.

    Only the levels that are read are walked: certificates, CRLs and embedded tokens are looked at one by one,
    elsewhere. Malformed bytes are left to the reader.
    """
    counted = 0
    stack = [(0, len(der), 0)]  # start and end of a value's contents, its level
    while stack:
        pos, end, level = stack.pop()
        members = 0
        while pos < end:
            head = _head(der, pos, end)
            if head is None:
                break
            members += 1
            counted += 1
            if members > MAX_CMS_MEMBERS:
                return Excess(Reason("limits.cms-values-in-one-place"), MAX_CMS_MEMBERS), counted
            if counted > MAX_CMS_VALUES:
                return Excess(Reason("limits.cms-values"), MAX_CMS_VALUES), counted
            tag, start, pos = head
            if tag & 0x20 and level < _CMS_LEVELS:
                stack.append((start, pos, level + 1))
    return None, counted


def to_be_signed(der: bytes) -> memoryview:
    """Return the first value of a SEQUENCE as it stands: of a certificate or a CRL, what is signed.

    Raises:
        ValueError: there is none.
    """
    outer = _head(der, 0, len(der))
    inner = _head(der, *outer[1:]) if outer and outer[0] == _SEQUENCE else None
    if outer is None or inner is None:
        raise ValueError("it is no signed structure")
    return memoryview(der)[outer[1] : inner[2]]


def _beside_entries(der: bytes) -> list[tuple[int, int]]:
    """Return where the parts of a CRL stand that are no entries."""
    outer = _head(der, 0, len(der))
    inner = _head(der, *outer[1:]) if outer else None
    if outer is None or inner is None:
        return []
    _, pos, end = inner
    parts = [(end, outer[2])]  # signature and its algorithm
    timed = False
    while pos < end and len(parts) < 10:
        head = _head(der, pos, end)
        if head is None:
            break
        tag, _, stop = head
        timed = timed or tag in _TIMES
        if not (timed and tag == _SEQUENCE):  # revokedCertificates stand behind the times
            parts.append((pos, stop))
        pos = stop
    return parts


def _count(der: bytes, spans: list[tuple[int, int]], most: int) -> int:
    """Count the values within spans, those in OCTET STRINGs that hold one included, to one more than ``most``."""
    counted = 0
    stack = [(start, end, 0) for start, end in spans]
    while stack:
        pos, end, level = stack.pop()
        while pos < end:
            head = _head(der, pos, end)
            if head is None:
                break
            counted += 1
            if counted > most:
                return counted
            tag, start, pos = head
            inner = tag & 0x20 or (tag == _OCTETS and _holds_one(der, start, pos))
            if inner and level < _ALL_LEVELS:
                stack.append((start, pos, level + 1))
    return counted


def _holds_one(der: bytes, start: int, stop: int) -> bool:
    """Return whether an OCTET STRING's contents are one constructed value, as those of extensions are."""
    inner = _head(der, start, stop)
    return inner is not None and bool(inner[0] & 0x20) and inner[2] == stop


def _head(der: bytes, pos: int, end: int) -> _Head | None:
    """Return the tag of the value at ``pos``, and where its contents start and stop.

    One of indefinite length (8.1.3.6) is taken to go on to the end of what holds it: its members
    are counted, and those behind it with them.
    """
    if pos + 2 > end:
        return None
    tag = der[pos]
    pos += 1
    if tag & 0x1F == 0x1F:  # a tag of several bytes (8.1.2.4): of a value that nobody asks for
        while pos < end and der[pos] & 0x80:
            pos += 1
        pos += 1
    if pos >= end:
        return None
    size = der[pos]
    pos += 1
    if size == 0x80:
        return tag, pos, end
    if size > 0x80:
        count = size & 0x7F
        size = int.from_bytes(der[pos : pos + count], "big")
        pos += count
    return tag, pos, min(pos + size, end)
