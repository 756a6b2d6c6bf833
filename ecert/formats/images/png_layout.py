"""What the chunks of a PNG file say about its page (ISO/IEC 15948); every checksum is checked."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ecert.errors import InputError
from ecert.formats.images import refusals
from ecert.formats.images.exif import read_exif
from ecert.formats.images.flate import inflate
from ecert.formats.images.resolution import Density
from ecert.model.images import Colour, Orientation
from ecert.model.limits import MAX_ICC_BYTES, MAX_IMAGE_SEGMENTS

SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Colour type → colour, channels, depths allowed (ISO/IEC 15948, table 11.1).
_TYPES: dict[int, tuple[Colour, int, tuple[int, ...]]] = {
    0: ("grey", 1, (1, 2, 4, 8, 16)),
    2: ("rgb", 3, (8, 16)),
    3: ("indexed", 1, (1, 2, 4, 8)),
    4: ("grey", 2, (8, 16)),
    6: ("rgb", 4, (8, 16)),
}
_KNOWN_CRITICAL = (b"IHDR", b"PLTE", b"IDAT", b"IEND")


@dataclass(frozen=True)
class Png:
    """The header, and the chunks that matter to a page."""

    width: int
    height: int
    bits: int
    colour: Colour
    channels: int  # alpha included
    interlaced: bool
    data: bytes  # IDAT, joined
    palette: bytes | None
    transparency: bytes | None
    density: Density | None
    orientation: Orientation
    profile: bytes | None

    @property
    def alpha(self) -> bool:
        """Return whether there is an alpha channel."""
        return self.channels in (2, 4)


def parse_png(data: bytes, *, name: str) -> Png:
    """Read and check every chunk, its CRC included, but not the image data itself.

    Raises:
        InputError: ``truncated``, ``damaged-image``, ``decompression-bomb``, ``too-large``,
            ``unsupported-format``.
    """
    found: dict[bytes, bytes] = {}
    parts: list[bytes] = []
    previous = b""
    for kind, body in _chunks(data, name):
        if not previous and kind != b"IHDR":
            raise refusals.damaged_image(name, "the PNG does not begin with its header")
        if kind == b"IDAT":
            if parts and previous != b"IDAT":
                raise refusals.damaged_image(name, "the PNG's image data is scattered")
            parts.append(body)
        elif kind in (b"IHDR", b"PLTE", b"tRNS") and kind in found:
            raise refusals.damaged_image(name, f"the PNG has two {kind.decode()} chunks")
        elif kind == b"fdAT" or (kind == b"acTL" and body[:4] != b"\0\0\0\1"):
            raise refusals.animated(name, "the PNG")
        elif not kind[0] & 0x20 and kind not in _KNOWN_CRITICAL:
            raise refusals.unsupported(name, "a PNG with an unknown critical chunk")
        else:
            found.setdefault(kind, body)
        previous = kind
    if not parts:
        raise refusals.damaged_image(name, "the PNG has no image data")
    return _png(found, b"".join(parts), name)


def _chunks(data: bytes, name: str) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and body of every chunk up to IEND, CRC checked (ISO/IEC 15948, 5.3)."""
    at = len(SIGNATURE)
    for _ in range(MAX_IMAGE_SEGMENTS):
        if at + 12 > len(data):
            raise refusals.truncated(name, "the PNG has no end")
        size = struct.unpack_from(">I", data, at)[0]
        end = at + 12 + size
        if end > len(data):
            raise refusals.truncated(name, "the PNG ends inside a chunk")
        kind, body = data[at + 4 : at + 8], data[at + 8 : end - 4]
        if zlib.crc32(body, zlib.crc32(kind)) != struct.unpack_from(">I", data, end - 4)[0]:
            raise refusals.damaged_image(name, f"a PNG chunk at byte {at:,} fails its checksum")
        yield kind, body
        if kind == b"IEND":
            return
        at = end
    raise refusals.damaged_image(name, f"more than {MAX_IMAGE_SEGMENTS:,} PNG chunks")


def _png(found: dict[bytes, bytes], data: bytes, name: str) -> Png:
    header = found[b"IHDR"]
    if len(header) != 13:
        raise refusals.damaged_image(name, "a broken PNG header")
    width, height, bits, kind, method, filters, interlace = struct.unpack(">IIBBBBB", header)
    refusals.check_pixels(name, width, height)
    if kind not in _TYPES or bits not in _TYPES[kind][2] or method or filters or interlace > 1:
        raise refusals.damaged_image(name, "a broken PNG header")
    colour, channels, _ = _TYPES[kind]
    palette = found.get(b"PLTE") if colour == "indexed" else None
    transparency = found.get(b"tRNS") if kind in (0, 2, 3) else None
    if colour == "indexed":
        if not palette or len(palette) % 3 or len(palette) > 3 << bits:
            raise refusals.damaged_image(name, "a broken PNG palette")
        if transparency is not None and 3 * len(transparency) > len(palette):
            raise refusals.damaged_image(name, "broken PNG transparency")
    elif transparency is not None and len(transparency) != 2 * channels:
        raise refusals.damaged_image(name, "broken PNG transparency")
    return Png(
        width=width,
        height=height,
        bits=bits,
        colour=colour,
        channels=channels,
        interlaced=bool(interlace),
        data=data,
        palette=palette,
        transparency=transparency,
        density=_density(found.get(b"pHYs", b"")),
        orientation=read_exif(found.get(b"eXIf")).orientation,
        profile=_profile(found.get(b"iCCP", b""), name),
    )


def _density(chunk: bytes) -> Density | None:
    """Return pHYs in dots per inch where its unit is the metre (ISO/IEC 15948, 11.3.5.3)."""
    if len(chunk) != 9 or chunk[8] != 1:
        return None
    across, down = struct.unpack_from(">II", chunk)
    return across * 0.0254, down * 0.0254


def _profile(chunk: bytes, name: str) -> bytes | None:
    """Return the unpacked iCCP profile; a broken one does not spoil the page."""
    _, found, packed = chunk.partition(b"\0")
    if not found or packed[:1] != b"\0":
        return None
    try:
        return b"".join(inflate(packed[1:], MAX_ICC_BYTES, name=name))
    except InputError:
        return None
