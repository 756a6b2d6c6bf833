"""Count what a CMS holds before the ASN.1 library makes an object of each value (ITU-T X.690, 8.1).

A SET of a million empty values is two million bytes and a gigabyte of objects. Only the levels that are
read are walked: certificates, CRLs and embedded tokens are looked at one by one, elsewhere.
"""

from __future__ import annotations

from typing import Literal

from ecert.model.limits import MAX_CMS_MEMBERS, MAX_CMS_VALUES

#: ContentInfo, content, SignedData, signerInfos, SignerInfo, attributes, attribute, values, value, and two
#: within that (adbe-revocationInfoArchival); what is below is a certificate, a CRL or a token
_LEVELS = 11


def exceeded(der: bytes) -> Literal["members", "values"] | None:
    """Return which limit a CMS exceeds: in one place, or in all; malformed bytes are left to the reader."""
    counted = 0
    stack = [(0, len(der), 0)]  # start and end of a value's contents, its level
    while stack:
        pos, end, level = stack.pop()
        members = 0
        while pos < end:
            head = _head(der, pos, end)
            if head is None:
                break
            constructed, start, stop = head
            members += 1
            counted += 1
            if members > MAX_CMS_MEMBERS:
                return "members"
            if counted > MAX_CMS_VALUES:
                return "values"
            if constructed and level < _LEVELS:
                stack.append((start, stop, level + 1))
            pos = stop
    return None


def _head(der: bytes, pos: int, end: int) -> tuple[bool, int, int] | None:
    """Return whether the value at ``pos`` is constructed, and where its contents start and stop.

    One of indefinite length (8.1.3.6) is taken to go on to the end of what holds it: its members
    are counted, and those behind it with them.
    """
    if pos + 2 > end:
        return None
    first, size = der[pos], der[pos + 1]
    pos += 2
    if first & 0x1F == 0x1F:  # a tag of several bytes: nothing that is read here has one
        return None
    if size == 0x80:
        return bool(first & 0x20), pos, end
    if size > 0x80:
        count = size & 0x7F
        size = int.from_bytes(der[pos : pos + count], "big")
        pos += count
    return bool(first & 0x20), pos, min(pos + size, end)
