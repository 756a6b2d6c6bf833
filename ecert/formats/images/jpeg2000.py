"""JPEG 2000 (ISO/IEC 15444-1): a JP2 file becomes the page's JPXDecode stream, untouched.

That needs what ISO 19005-3, 6.2.8.3 asks: 1, 3 or 4 colour channels of one depth, and one usable
colour specification; no transparency; and nothing that only some readers know. Files with an opacity
channel, a palette or sYCC colour, colour specifications that differ, or what other parts of the
standard add to the codestream, and raw codestreams, are decoded and stored without loss, in 8 bits or
16-bit grey; where the decoder would cut bits they are refused, and so are boxes of other parts. Of the
codestream the headers and the length of every tile-part are checked; flipped bits inside are not
detected.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from ecert.formats.images import refusals
from ecert.formats.images.icc import has_tables, profile_fault, usable_profile
from ecert.formats.images.jpeg2000_codestream import Codestream, read_codestream
from ecert.formats.images.resolution import Density, resolve
from ecert.model.images import Colour, StoredImage
from ecert.model.limits import MAX_IMAGE_SEGMENTS

COLOURS: dict[int, Colour] = {1: "grey", 3: "rgb", 4: "cmyk"}
#: Enumerated colour spaces → channels (ISO/IEC 15444-1, table I.10; 15444-2, table M.25).
_ENUMERATED = {12: 4, 16: 3, 17: 1}
_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
#: Boxes of Part 1 (table I.2), and Part 2's list of what a reader needs, which shows nothing.
_OUTER = frozenset((b"jP  ", b"ftyp", b"jp2h", b"jp2c", b"jp2i", b"xml ", b"uuid", b"uinf", b"rreq"))
_INNER = frozenset((b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef", b"res "))


@dataclass(frozen=True)
class Jp2:
    """What the boxes say; ``channels`` is None where the colour is not one that PDF/A-3 shows."""

    codestream: Codestream
    channels: int | None  # of the colour specification
    profile: bytes | None
    plain: bool  # no palette, no opacity channel, channels in their natural order, a JP2 file
    density: Density | None


def read_jpeg2000(data: bytes, *, name: str, dpi: float | None = None) -> StoredImage:
    """Return the page of a JP2 file or a raw codestream.

    Raises:
        InputError: ``truncated``, ``damaged-image``, ``too-large``, ``unsupported-format``,
            ``lossless-impossible``, ``resolution-missing``.
    """
    if data.startswith(b"\xff\x4f"):
        code = read_codestream(data, 0, len(data), name=name)
        jp2 = Jp2(code, None, None, plain=False, density=None)
    else:
        jp2 = parse_jpeg2000(data, name=name)
    code = jp2.codestream
    density = resolve((jp2.density,), name=name, dpi=dpi)
    if carried(jp2):
        return StoredImage(
            data=data,
            encoding="JPXDecode",
            width=code.width,
            height=code.height,
            bits=code.depth,
            colour=COLOURS[code.channels],
            dpi=density,
            # the others say in the file itself what their colours are
            icc=usable_profile(jp2.profile, 4) if code.channels == 4 else None,
            source=name,
        )
    return decoded(data, jp2, name=name, dpi=density)


def carried(jp2: Jp2) -> bool:
    """Return whether PDF/A-3 can carry the file as it is (ISO 19005-3, 6.2.8.3)."""
    code = jp2.codestream
    alike = code.uniform and code.depth <= 16 and code.channels == jp2.channels
    honest = jp2.profile is None or profile_fault(jp2.profile, code.channels) is None
    return jp2.plain and code.plain and alike and honest


def decoded(data: bytes, jp2: Jp2, *, name: str, dpi: Density) -> StoredImage:
    """Decode, where no bit gets lost, and store the pixels.

    Raises:
        InputError: ``lossless-impossible``, ``damaged-image``, ``too-large``.
    """
    code = jp2.codestream
    exact = code.uniform and (code.depth == 8 or (code.depth == 16 and code.channels == 1))
    if not exact:
        raise refusals.lossless_impossible(name, f"{code.depth}-bit JPEG 2000 of this kind")
    from ecert.formats.images import reencode

    with reencode.decoding(name):
        from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

        image = Jpeg2KImageFile(io.BytesIO(data))
    return reencode.store_picture(image, name=name, dpi=dpi, icc=usable_profile(jp2.profile, code.channels))


def parse_jpeg2000(data: bytes, *, name: str) -> Jp2:
    """Read the boxes of a JP2 file (ISO/IEC 15444-1, annex I).

    Raises:
        InputError: as :func:`read_jpeg2000`, the resolution aside.
    """
    header: tuple[int, int] | None = None
    code: Codestream | None = None
    plain, foreign = data.startswith(_SIGNATURE) and data[16:24] == b"ftypjp2 ", False
    for kind, start, end in _boxes(data, 0, len(data), name):
        foreign = foreign or kind not in _OUTER
        if kind == b"jp2h":
            if header is not None:
                raise refusals.damaged_image(name, "a JPEG 2000 file with two headers")
            header = start, end
        elif kind == b"jp2c":
            if code is not None:
                raise refusals.unsupported(name, "a JPEG 2000 file of several images")
            code = read_codestream(data, start, end, name=name)
    if header is None or code is None:
        raise refusals.truncated(name, "the JPEG 2000 file lacks its header or its image")
    if foreign:
        raise refusals.unsupported(name, "a JPEG 2000 file with boxes of other parts")
    return _header(data, *header, code, name, plain=plain)


def _header(data: bytes, start: int, end: int, code: Codestream, name: str, *, plain: bool) -> Jp2:
    """Read the superbox that describes the image (I.5.3)."""
    density = None
    seen: set[bytes] = set()
    colours: list[tuple[int, int, bytes]] = []  # approximation, method, the rest
    image: bytes | None = None
    for kind, first, last in _boxes(data, start, end, name):
        body = data[first:last]
        if kind not in _INNER:
            raise refusals.unsupported(name, "a JPEG 2000 header with boxes of other parts")
        if kind in seen and kind != b"colr":
            raise refusals.damaged_image(name, "a JPEG 2000 header that says something twice")
        seen.add(kind)
        if kind == b"ihdr" and len(body) == 14:
            image = body
        elif kind == b"colr" and len(body) >= 3:
            colours.append((body[2], body[0], body[3:]))
        elif kind in (b"pclr", b"cmap"):
            plain = False
        elif kind == b"cdef":
            plain = plain and _natural_order(body, code.channels)
        elif kind == b"res ":
            density = _density(data, first, last, name)
    if image is None:
        raise refusals.damaged_image(name, "the JPEG 2000 file lacks its image header")
    height, width, channels = struct.unpack_from(">IIH", image)
    if (width, height, channels) != (code.width, code.height, code.channels):
        raise refusals.damaged_image(name, "the JPEG 2000 header and its codestream differ")
    best = [colour for colour in colours if colour[0] == 1]
    # readers choose the first, or the one that calls itself the best
    if not colours or (len(colours) > 1 and (len(best) != 1 or len({c[1:] for c in colours}) > 1)):
        return Jp2(code, None, None, plain, density)
    _, method, rest = colours[0]
    if method == 1 and len(rest) >= 4:
        space = struct.unpack_from(">I", rest)[0]
        return Jp2(code, _ENUMERATED.get(space), None, plain, density)
    profile = usable_profile(rest, code.channels) if method in (2, 3) else None
    # the restricted method names matrices and curves alone, the other one is of Part 2 (I.5.3.3)
    restricted = profile is not None and method == 2 and not has_tables(profile)
    return Jp2(code, code.channels if restricted else None, profile, plain, density)


def _boxes(data: bytes, at: int, stop: int, name: str) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, start and end of the content of every box (I.4)."""
    for _ in range(MAX_IMAGE_SEGMENTS):
        if at == stop:
            return
        if at + 8 > stop:
            break
        size, head = struct.unpack_from(">I", data, at)[0], 8
        if size == 1 and at + 16 <= stop:
            size, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        elif size == 0:
            size = stop - at
        if size < head:
            raise refusals.damaged_image(name, f"a broken JPEG 2000 box at byte {at:,}")
        if at + size > stop:
            break
        yield data[at + 4 : at + 8], at + head, at + size
        at += size
    raise refusals.truncated(name, "the JPEG 2000 file ends inside a box")


def _natural_order(body: bytes, channels: int) -> bool:
    """Return whether channel definitions name colours 1, 2, … in order and nothing else (I.5.3.6)."""
    wanted = [(number, 0, number + 1) for number in range(channels)]
    return list(struct.iter_unpack(">HHH", body[2 : 2 + 6 * channels])) == wanted


def _density(data: bytes, start: int, end: int, name: str) -> Density | None:
    """Return the capture resolution, else the display resolution, in dots per inch (I.5.3.7)."""
    found: dict[bytes, Density] = {}
    for kind, first, last in _boxes(data, start, end, name):
        if last - first == 10:
            down, below, across, beside, high, wide = cast(
                "tuple[int, int, int, int, int, int]", struct.unpack_from(">HHHHbb", data, first)
            )
            if below and beside and max(abs(high), abs(wide)) < 20:
                found[kind] = (across / beside * 10.0**wide * 0.0254, down / below * 10.0**high * 0.0254)
    return found.get(b"resc", found.get(b"resd"))
