"""Find text encodings of DER in a file (RFC 7468, 3), in one pass, however many beginnings have no end."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

_BEGIN, _END, _DASHES = b"-----BEGIN ", b"-----END ", b"-----"
_MAX_LABEL = 64  # bytes; the longest label in use has 24
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+")


def pem_blocks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield label and text of each block that ends under the label it begins with."""
    pos, end = 0, -1
    while (start := data.find(_BEGIN, pos)) >= 0:
        pos = start + len(_BEGIN)
        close = data.find(_DASHES, pos, pos + _MAX_LABEL + len(_DASHES))
        if close < 0:
            continue
        label, body = data[pos:close], close + len(_DASHES)
        if end < body:  # else it is known from a block before this one
            end = data.find(_END, body)
            if end < 0:
                return
        if data.startswith(label + _DASHES, end + len(_END)):
            yield label, data[body:end]
            pos = end + len(_END)


def decode_pem(text: bytes) -> bytes | None:
    """Return the DER of a block's text, or None where it is not base64 alone."""
    if not _BASE64.fullmatch(text):
        return None
    try:
        return binascii.a2b_base64(b"".join(text.split()), strict_mode=True)
    except binascii.Error:
        return None
