"""JPEG (ITU-T T.81): the whole file becomes the page's DCTDecode stream, untouched.

Checked by structure, without decoding: every marker up to the end-of-image marker, a frame that PDF
readers can show, and tables. Not detected: flipped bits inside the entropy-coded data, and a cut
file to which some tool has appended an end marker.

After the end marker stand, in files from cameras, padding, maker's trailers and secondary images
that a Multi-Picture index (CIPA DC-007) calls thumbnails or gain maps. Every reader stops at the
end marker, so these bytes show nothing and the file is kept whole. More than that (a video, a
second picture) is refused: a page must not carry what nobody sees.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ecert.errors import InputError
from ecert.formats.images import refusals
from ecert.formats.images.exif import Exif, read_exif
from ecert.formats.images.icc import usable_profile
from ecert.formats.images.jpeg_scans import Frame, end_of_image, read_frame
from ecert.formats.images.jpeg_segments import interval_of, segment
from ecert.formats.images.jpeg_trailer import check_trailer
from ecert.formats.images.resolution import Density, resolve
from ecert.model.images import Colour, StoredImage
from ecert.model.limits import MAX_IMAGE_SEGMENTS

_SOI = b"\xff\xd8"
_COLOURS: dict[int, Colour] = {1: "grey", 3: "rgb", 4: "cmyk"}
#: component identifiers that decoders take for colours: RGB, and the wide ranges of JPEG 9
_NAMED_COLOURS = (b"RGB", b"rgb", b"\x01\x22\x23")
_UNIT_FACTORS = {1: 1.0, 2: 2.54}


@dataclass(frozen=True)
class Jpeg:
    """What the markers say; ``frame`` is n of SOFn, ``adobe`` the transform of APP14, else None."""

    width: int
    height: int
    bits: int
    components: bytes  # their identifiers
    frame: int
    end: int  # offset after the end-of-image marker
    jfif: bool
    density: Density | None
    exif: Exif
    adobe: int | None
    profile: bytes | None

    @property
    def colour(self) -> Colour:
        """Return the colour model that the number of components means."""
        return _COLOURS[len(self.components)]

    @property
    def carried(self) -> bool:
        """Return whether PDF readers show the file as it is: 8 bits, Huffman-coded, unambiguous."""
        return self.bits == 8 and self.frame in (0, 1, 2) and self.shown_alike

    @property
    def shown_alike(self) -> bool:
        """Return whether every PDF reader undoes the same colour transform.

        ISO 32000-1, 7.4.8 lets an Adobe marker decide, and three components without one are
        YCbCr. The common decoder lets JFIF outrank Adobe and takes components named R, G, B as
        RGB where neither stands; its elder sister lets such names outrank both.
        """
        if len(self.components) != 3:
            return True
        plain_rgb = self.adobe == 0 and not self.jfif
        if self.components in _NAMED_COLOURS:
            return plain_rgb and self.components == b"RGB"
        return self.adobe in (None, 1) or plain_rgb


def read_jpeg(data: bytes, *, name: str, dpi: float | None = None) -> StoredImage:
    """Return the page of a JPEG file.

    The file is passed through where it is grey, RGB, YCbCr, CMYK or YCCK, 8 bits, baseline,
    extended or progressive, and unambiguous; else its pixels are stored without loss.

    Raises:
        InputError: ``truncated``, ``damaged-image``, ``unsupported-format``, ``too-large``,
            ``lossless-impossible``, ``resolution-missing``.
    """
    facts = parse_jpeg(data, name=name)
    check_trailer(data, facts.end, name=name)
    density = resolve((facts.density, facts.exif.dpi), name=name, dpi=dpi)
    icc = usable_profile(facts.profile, len(facts.components))
    if facts.carried:
        return StoredImage(
            data=data,
            encoding="DCTDecode",
            width=facts.width,
            height=facts.height,
            bits=8,
            colour=facts.colour,
            dpi=density,
            orientation=facts.exif.orientation,
            icc=icc,
            inverted=facts.colour == "cmyk" and facts.adobe is not None,
            source=name,
        )
    if facts.bits != 8:
        raise refusals.lossless_impossible(name, f"a {facts.bits}-bit JPEG")
    return _reencoded(data, facts, density, icc, name)


def _reencoded(data: bytes, facts: Jpeg, density: Density, icc: bytes | None, name: str) -> StoredImage:
    from ecert.formats.images import reencode

    try:
        return reencode.store_picture(
            reencode.open_jpeg(data, name=name), name=name, dpi=density, orientation=facts.exif.orientation, icc=icc
        )
    except InputError as error:
        if facts.frame <= 2 or error.code != "damaged-image":
            raise
        kind = "a JPEG that is lossless or arithmetic-coded"
        raise refusals.lossless_impossible(name, kind) from error


def parse_jpeg(data: bytes | memoryview, *, name: str) -> Jpeg:
    """Walk the markers of a JPEG and check that it is whole; a view is not copied.

    Raises:
        InputError: as :func:`read_jpeg`, the resolution aside.
    """
    if data[:2] != _SOI:
        raise refusals.damaged_image(name, "no JPEG marker at byte 0")
    segments = _Segments(name)
    at, found = 2, 0
    while True:
        marker, start, end = segment(data, at, name)
        if marker == 0xDA:
            break
        segments.take(marker, data, start, end)
        at, found = end, found + 1
        if found > MAX_IMAGE_SEGMENTS:
            raise refusals.damaged_image(name, f"more than {MAX_IMAGE_SEGMENTS:,} JPEG segments")
    frame = segments.frame
    if frame is None:
        raise refusals.damaged_image(name, "a JPEG scan before its frame")
    if not segments.tables >= ({0xDB} if frame.number > 2 else {0xDB, 0xC4}):
        raise refusals.damaged_image(name, "a JPEG without its tables")
    return Jpeg(
        width=frame.width,
        height=frame.height,
        bits=frame.bits,
        components=frame.components,
        frame=frame.number,
        end=end_of_image(data, at, frame, segments.interval, name=name),
        jfif=segments.jfif,
        density=segments.density,
        exif=read_exif(segments.exif),
        adobe=segments.adobe,
        profile=segments.profile(),
    )


class _Segments:
    """Collects what the segments before the first scan say."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.frame: Frame | None = None
        self.interval = 0
        self.jfif = False
        self.density: Density | None = None
        self.exif: bytes | None = None
        self.adobe: int | None = None
        self.tables: set[int] = set()
        self._icc: dict[int, bytes] = {}
        self._icc_count = 0

    def take(self, marker: int, data: bytes | memoryview, start: int, end: int) -> None:
        """Note one segment."""
        head = bytes(data[start : min(start + 12, end)])
        if marker in (0xC4, 0xCC, 0xDB):
            self.tables.add(marker)
        elif 0xC0 <= marker <= 0xCF and marker != 0xC8:
            if self.frame is not None:
                raise refusals.damaged_image(self.name, "a JPEG with two frame headers")
            self.frame = read_frame(marker - 0xC0, bytes(data[start:end]), name=self.name)
        elif marker == 0xDD:
            self.interval = interval_of(data[start:end], self.name)
        elif marker == 0xE0 and head.startswith(b"JFIF\0"):
            # some decoders pass a shorter one over: it decides what the components mean
            if end - start < 14:
                raise refusals.damaged_image(self.name, "a JPEG whose JFIF header is cut")
            self.jfif = True
            unit, across, down = struct.unpack_from(">BHH", data, start + 7)
            if unit in _UNIT_FACTORS and self.density is None:
                self.density = across * _UNIT_FACTORS[unit], down * _UNIT_FACTORS[unit]
        elif marker == 0xE1 and head.startswith(b"Exif\0") and self.exif is None:
            self.exif = bytes(data[start + 6 : end])
        elif marker == 0xE2 and head.startswith(b"ICC_PROFILE\0") and end - start > 14:
            self._icc.setdefault(data[start + 12], bytes(data[start + 14 : end]))
            self._icc_count = data[start + 13]
        elif marker == 0xEE and head.startswith(b"Adobe") and end - start >= 12:
            if self.adobe not in (None, data[start + 11]):
                raise refusals.damaged_image(self.name, "a JPEG with two Adobe headers that differ")
            self.adobe = data[start + 11]

    def profile(self) -> bytes | None:
        """Return the ICC profile put together from its numbered chunks (ICC.1:2010, B.4)."""
        if not self._icc or set(self._icc) != set(range(1, self._icc_count + 1)):
            return None
        return b"".join(self._icc[number] for number in sorted(self._icc))
