"""Which embedded ICC profiles may stand in a PDF/A-3 file."""

from __future__ import annotations

import struct

from ecert.model.limits import MAX_ICC_BYTES

_CLASSES = (b"mntr", b"prtr", b"scnr", b"spac")
_SPACES = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}


def usable_profile(profile: bytes | None, channels: int) -> bytes | None:
    """Return the profile, cut to its stated size, where an ICCBased space may name it, else None.

    ISO 19005-3, 6.2.4.2 and ISO 32000-1, 8.6.5.5: version 4 or older; class display, output,
    input or colour space; data colour space equal to the number of channels. Beyond that the
    header (ICC.1:2010, 7.2) must be sane: signature, size, XYZ or Lab connection space, and
    every tag inside the profile.
    """
    if profile is None or not 132 <= len(profile) <= MAX_ICC_BYTES:
        return None
    size, tags = struct.unpack_from(">I", profile)[0], struct.unpack_from(">I", profile, 128)[0]
    sane = (
        132 + 12 * tags <= size <= len(profile)
        and profile[36:40] == b"acsp"
        and 2 <= profile[8] <= 4
        and profile[12:16] in _CLASSES
        and profile[16:20] == _SPACES.get(channels)
        and profile[20:24] in (b"XYZ ", b"Lab ")
        and tags > 0
    )
    if not sane:
        return None
    for at in range(132, 132 + 12 * tags, 12):
        offset, length = struct.unpack_from(">II", profile, at + 4)
        if offset < 128 or offset + length > size:
            return None
    return profile[:size]
