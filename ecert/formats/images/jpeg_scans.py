"""The scans of a JPEG (ITU-T T.81, B.2): which components they bring, and their restart markers.

Where these contradict the frame, decoders go on in ways of their own, and what they show differs: one
stops at a restart marker that should not be there and another passes it over; of two scans of one
component some show the first, others the last.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from ecert.formats.images import refusals
from ecert.formats.images.jpeg_segments import interval_of, segment, skip_fill
from ecert.model.limits import MAX_IMAGE_SEGMENTS, MAX_JPEG_SCANS

#: 0xFF before anything but the zero that makes it a sample's byte (F.1.2.3)
_MARKER = re.compile(rb"\xff[^\x00]")
#: segments between scans (T.81, B.2.1): tables, comments, DNL, the scan's header, and applications'
#: but for JFIF and Adobe, which some decoders take for the colours of the whole
_BETWEEN_SCANS = frozenset((0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD, 0xFE, *range(0xE1, 0xEE), 0xEF))
_SOS, _EOI = 0xDA, 0xD9
_PROGRESSIVE, _SEQUENTIAL = 2, (0, 1)


@dataclass(frozen=True)
class Frame:
    """The frame header; ``number`` is n of SOFn, ``samplings`` are (across, down) (B.2.2)."""

    number: int
    bits: int
    width: int
    height: int
    components: bytes  # their identifiers
    samplings: tuple[tuple[int, int], ...]

    def units(self, components: bytes) -> int:
        """Return the number of MCUs in a scan of these components (A.2)."""
        across = 8 * max(h for h, _ in self.samplings)
        down = 8 * max(v for _, v in self.samplings)
        if len(components) == 1:  # of a single component, blocks that hold samples (A.2.2)
            h, v = self.samplings[self.components.index(components)]
            columns, rows = -(-self.width * h // across), -(-self.height * v // down)
            return columns * rows
        return -(-self.width // across) * -(-self.height // down)


def read_frame(number: int, header: bytes, *, name: str) -> Frame:
    """Read a frame header.

    Raises:
        InputError: ``damaged-image``, ``unsupported-format``, ``too-large``.
    """
    if len(header) < 6 or len(header) != 6 + 3 * header[5]:
        raise refusals.damaged_image(name, "a broken JPEG frame header")
    bits, height, width = struct.unpack_from(">BHH", header)
    if height == 0:
        raise refusals.unsupported(name, "a JPEG that hides its height (DNL)")
    refusals.check_pixels(name, width, height)
    if header[5] not in (1, 3, 4):
        raise refusals.unsupported(name, f"a JPEG of {header[5]} components")
    samplings = tuple((both >> 4, both & 15) for both in header[7::3])
    if not all(1 <= side <= 4 for both in samplings for side in both):
        raise refusals.damaged_image(name, "a broken JPEG frame header")
    return Frame(number, bits, width, height, header[6::3], samplings)


def end_of_image(data: bytes | memoryview, at: int, frame: Frame, interval: int, *, name: str) -> int:
    """Return the offset after the end-of-image marker; the first scan's header stands at ``at``.

    The segments between scans are walked one by one, for their parameters may look like markers.

    Raises:
        InputError: ``truncated``, ``damaged-image``, ``unsupported-format``.
    """
    scans = _Scans(frame, name)
    for _ in range(MAX_IMAGE_SEGMENTS):
        marker, start, end = segment(data, at, name)
        if marker == _SOS:
            components = scans.take(bytes(data[start:end]))
            at = _end_of_scan(data, end, frame, components, interval, name)
        elif marker not in _BETWEEN_SCANS:
            raise refusals.damaged_image(name, f"no JPEG marker of a scan at byte {at:,}")
        # most decoders pass DNL over, others believe it (T.81, B.2.5)
        elif marker == 0xDC and data[start:end] != struct.pack(">H", frame.height):
            raise refusals.unsupported(name, "a JPEG of two heights (DNL)")
        else:
            interval = interval_of(data[start:end], name) if marker == 0xDD else interval
            at = skip_fill(data, end)
        if data[at : at + 2] == b"\xff\xd9":
            scans.close()
            return at + 2
    raise refusals.damaged_image(name, f"more than {MAX_IMAGE_SEGMENTS:,} JPEG segments")


def _end_of_scan(data: bytes | memoryview, at: int, frame: Frame, components: bytes, interval: int, name: str) -> int:
    """Return where the marker after a scan's data begins; the restart markers in it are counted.

    They are numbered 0 to 7 in turn, one after every ``interval`` MCUs but the last (E.1.4).
    """
    begin, count = at, 0
    for hit in _MARKER.finditer(data, at):
        if hit.start() < at:  # among fill bytes passed over
            continue
        at = hit.start()
        marker = data[at + 1]
        if marker == 0xFF:
            at = skip_fill(data, at)
            marker = data[at + 1] if at + 1 < len(data) else 0xFF
            if marker == 0:
                raise refusals.damaged_image(name, f"fill bytes in a JPEG scan at byte {at:,}")
        if not 0xD0 <= marker <= 0xD7:
            break
        if not interval or marker != 0xD0 + count % 8:
            raise refusals.damaged_image(name, f"a JPEG restart marker out of turn at byte {at:,}")
        count, at = count + 1, at + 2
    else:
        raise refusals.truncated(name, "the JPEG has no end of image")
    if at == begin:
        raise refusals.truncated(name, "the JPEG has no image data")
    # other frames are decoded and stored anew, or refused
    if interval and frame.number in (*_SEQUENTIAL, _PROGRESSIVE):
        wanted = -(-frame.units(components) // interval) - 1
        if count != wanted:
            raise refusals.damaged_image(name, f"{count:,} JPEG restart markers, {wanted:,} needed")
    return at


class _Scans:
    """Counts what the scans bring: of a sequential frame each component comes once (B.2.3).

    In a progressive one every scan adds to what is there: the next bit of a band of coefficients that
    came before, or a band that did not (G.1.1.1).
    """

    def __init__(self, frame: Frame, name: str) -> None:
        self.frame = frame
        self.name = name
        self.count = 0
        self._seen: set[int] = set()
        self._low = {component: [-1] * 64 for component in frame.components}

    def take(self, header: bytes) -> bytes:
        """Check a scan's header and return its components."""
        self.count += 1
        if self.count > MAX_JPEG_SCANS:
            raise refusals.damaged_image(self.name, f"more than {MAX_JPEG_SCANS:,} JPEG scans")
        if not header or not header[0] or len(header) != 4 + 2 * header[0]:
            raise refusals.damaged_image(self.name, "a broken JPEG scan header")
        components = header[1 : 1 + 2 * header[0] : 2]
        if not set(components) <= set(self.frame.components):
            raise refusals.damaged_image(self.name, "a JPEG scan of components that the frame lacks")
        if len(set(components)) != len(components):
            raise refusals.damaged_image(self.name, "a JPEG scan with a component twice")
        if self.frame.number == _PROGRESSIVE:
            self._progress(components, *header[-3:])
        elif self._seen & set(components):
            raise refusals.damaged_image(self.name, "a JPEG with two scans of one component")
        self._seen |= set(components)
        return components

    def close(self) -> None:
        """Refuse an image that lacks a component."""
        if self._seen != set(self.frame.components):
            raise refusals.truncated(self.name, "the JPEG lacks a component's scan")

    def _progress(self, components: bytes, first: int, last: int, bits: int) -> None:
        """Take a progressive scan of a band of coefficients (B.2.3, table B.3)."""
        high, low = bits >> 4, bits & 15
        broken = last > 63 or first > last or low > 13
        if broken or (first == 0 and last) or (first and len(components) > 1):
            raise refusals.damaged_image(self.name, "a broken JPEG scan header")
        for component in components:
            known = self._low[component]
            band = set(known[first : last + 1])
            fits = low == high - 1 if high else True
            if (first and known[0] < 0) or band != {high or -1} or not fits:
                raise refusals.damaged_image(self.name, "JPEG scans that do not follow each other")
            known[first : last + 1] = [low] * (last + 1 - first)
