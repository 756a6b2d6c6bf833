"""What may stand after a JPEG's end-of-image marker (see :mod:`ecert.formats.images.jpeg`)."""

from __future__ import annotations

import struct

from ecert.errors import InputError
from ecert.formats.images.ifd import read_directory, read_header
from ecert.formats.images.jpeg_segments import skip_fill
from ecert.model.limits import MAX_IMAGE_SEGMENTS, MAX_JPEG_TRAILER_BYTES

#: CIPA DC-007, table 4: thumbnails the size of a VGA or full HD screen.
_THUMBNAILS = (0x010001, 0x010002)
#: What a secondary image says of itself when it only brightens the first (ISO 21496-1, Apple, Adobe).
_GAIN_MAP = (b"urn:iso:std:iso:ts:21496:-1", b"hdrgainmap", b"hdrgm:", b"HDRGainMap")
_GAIN_MAP_HEADERS = 64 * 1024  # bytes of the secondary image searched for one of these
_INDEX_VERSION, _ENTRIES = 0xB000, 0xB002


def check_trailer(data: bytes | memoryview, end: int, *, name: str) -> None:
    """Refuse pictures and long data after the end marker at ``end``.

    Raises:
        InputError: ``several-images``, ``trailing-data``.
    """
    if end == len(data):
        return
    covered = max(end, _covered_by_index(data, name))
    rest = len(data) - covered
    if rest > MAX_JPEG_TRAILER_BYTES:
        raise InputError(
            f"{name}: {rest:,} bytes after the end of the JPEG, the limit is {MAX_JPEG_TRAILER_BYTES:,}",
            code="trailing-data",
            hint="export the still image alone, without video or other data",
        )
    if b"\xff\xd8\xff" in bytes(data[covered:]):
        raise _several(name)


def _several(name: str) -> InputError:
    hint = "give every page as a file of its own"
    return InputError(f"{name}: the JPEG holds several pictures", code="several-images", hint=hint)


def _covered_by_index(data: bytes | memoryview, name: str) -> int:
    """Return the end of the last image that a Multi-Picture index names, 0 where there is none."""
    at, covered = 2, 0
    for _ in range(MAX_IMAGE_SEGMENTS):
        at = skip_fill(data, at)
        if data[at + 1] == 0xDA:
            break
        length = struct.unpack_from(">H", data, at + 2)[0]
        if data[at + 1] == 0xE2 and data[at + 4 : at + 8] == b"MPF\0":
            for kind, size, offset in _index(bytes(data[at + 8 : at + 2 + length])):
                start = at + 8 + offset
                if offset == 0 or start + size > len(data):
                    continue
                if kind not in _THUMBNAILS and not _is_gain_map(data[start : start + size]):
                    raise _several(name)
                covered = max(covered, start + size)
        at += 2 + length
    return covered


def _is_gain_map(image: bytes | memoryview) -> bool:
    head = bytes(image[:_GAIN_MAP_HEADERS])
    return any(word in head for word in _GAIN_MAP)


def _index(block: bytes) -> list[tuple[int, int, int]]:
    """Return (type, size, offset) of every image in an MP index IFD; nothing if it is broken."""
    try:
        header = read_header(block)
        tags, _ = read_directory(block, header, header.first)
        if _INDEX_VERSION not in tags or _ENTRIES not in tags:
            return []
        raw = tags[_ENTRIES].raw()
    except ValueError:
        return []
    entries = struct.iter_unpack(header.order + "III4x", raw[: len(raw) // 16 * 16])
    return [(kind & 0xFFFFFF, size, offset) for kind, size, offset in entries]
