"""The stored pictures: what a stream really holds against what the record and its dictionary say.

Readers disagree where an encoded picture and its dictionary do (ISO 32000-1, 8.9.5): some show the
picture's own size and colours, others the stated ones. So every picture must be what capture would
have taken from a scanner: the same parsers read it here. JPEG and JPEG 2000 are walked marker by
marker and not decoded; Flate data is unpacked piece by piece and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from ecert.errors import InputError, Reason
from ecert.formats.ecert1 import ImageForm
from ecert.formats.images import jpeg, jpeg2000
from ecert.formats.images.flate import CHANNELS, MAX_SLACK, check_rows, row_bytes
from ecert.formats.images.icc import profile_fault, usable_profile
from ecert.formats.images.jpeg_trailer import check_trailer
from ecert.formats.images.palette import check_samples
from ecert.formats.record import PageFacts
from ecert.model.limits import MAX_PIXELS, MAX_PROFILES, MAX_SIDE_PIXELS, MAX_UNPACKED_BYTES
from ecert.verify.case import Case

ImageFault = Literal["size", "colours", "kind", "data", "profile"]

_NAME = "image"  # the parsers name files; nobody reads their words here
_CHANNELS: Mapping[str, int] = {str(colour): count for colour, count in CHANNELS.items()}
_MAX_PALETTE = 3 * 256  # bytes: RGB triples


def check_images(case: Case, pages: Sequence[PageFacts], images: Sequence[ImageForm]) -> None:
    """Hold every page's picture against the facts that the record states of it."""
    if any(max(p.width, p.height) > MAX_SIDE_PIXELS for p in pages) or any(
        p.width * p.height > MAX_PIXELS for p in pages
    ):
        case.add("over-limit", what=Reason("limits.picture-pixels"), limit=MAX_PIXELS)
        return
    unpacked = sum(_stride(p) * p.height for p in pages if p.encoding == "FlateDecode")
    if unpacked > MAX_UNPACKED_BYTES:
        what = Reason("limits.all-picture-bytes")
        case.add("over-limit", what=what, limit=MAX_UNPACKED_BYTES)
        return
    own = {i.icc for p, i in zip(pages, images, strict=True) if p.profile_sha256 is not None}
    if len(own) > MAX_PROFILES:
        case.add("over-limit", what=Reason("limits.colour-profiles"), limit=MAX_PROFILES)
        return
    for page, (facts, image) in enumerate(zip(pages, images, strict=True), 1):
        fault = find_fault(facts, image)
        if fault is None:
            continue
        if fault == "size":
            what = Reason("content.image-size", page=page)
        elif fault == "colours":
            what = Reason("content.image-colours", page=page)
        elif fault == "profile":
            what = Reason("content.profile-shows-other-colours", page=page)
        elif fault == "kind":
            what = Reason("content.image-kind", page=page)
        else:
            what = Reason("content.image-data", page=page)
        case.add("pages-differ", page=page, what=what)


def find_fault(facts: PageFacts, image: ImageForm) -> ImageFault | None:
    """Return in what a picture is not what is stated of it, None where it is."""
    if not _is_of_a_copy(facts) or not _has_colours_of_a_copy(facts, image):
        return "kind"
    own = image.icc if facts.profile_sha256 is not None else None
    if own is not None and profile_fault(own, _CHANNELS[facts.colour]) is not None:
        return "profile"
    try:
        if facts.encoding == "DCTDecode":
            return _jpeg_fault(facts, image.data)
        if facts.encoding == "JPXDecode":
            return _jpeg2000_fault(facts, bytes(image.data))
        _check_flate(facts, image)
    except InputError:
        return "data"
    return None


def _check_flate(facts: PageFacts, image: ImageForm) -> None:
    """Count the rows, and look for samples that a palette lacks.

    Raises:
        InputError: it is not one whole picture.
    """
    check_rows(
        image.data, stride=_stride(facts), rows=facts.height, filtered=facts.predictor, name=_NAME, slack=MAX_SLACK
    )
    if facts.colour == "indexed" and image.palette is not None:
        check_samples(
            image.data,
            width=facts.width,
            rows=facts.height,
            bits=facts.bits,
            entries=len(image.palette) // 3,
            filtered=facts.predictor,
            name=_NAME,
        )


def _is_of_a_copy(facts: PageFacts) -> bool:
    """Return whether capture stores pictures of this kind at all."""
    if (facts.predictor and facts.encoding != "FlateDecode") or facts.black_is_1:
        return False
    if facts.encoding == "FlateDecode":
        return facts.bits in (1, 2, 4, 8, 16) and not (facts.inverted and facts.colour == "indexed")
    if facts.encoding == "JPXDecode":
        return facts.colour != "indexed" and facts.bits <= 16 and not facts.inverted
    return facts.colour != "indexed" and facts.bits == 8


def _has_colours_of_a_copy(facts: PageFacts, image: ImageForm) -> bool:
    """Return whether palette and profile are stated where they belong, and can be used there.

    What the digests do not match is told by whoever compares them.
    """
    indexed = facts.colour == "indexed"
    if indexed != (facts.palette_sha256 is not None):
        return False
    palette, icc = image.palette, image.icc
    if palette is not None and not (0 < len(palette) <= _MAX_PALETTE and len(palette) % 3 == 0):
        return False
    if facts.profile_sha256 is None:
        return True
    return not indexed and (icc is None or usable_profile(icc, _CHANNELS[facts.colour]) == icc)


def _jpeg_fault(facts: PageFacts, data: bytes | memoryview) -> ImageFault | None:
    found = jpeg.parse_jpeg(data, name=_NAME)
    check_trailer(data, found.end, name=_NAME)
    if (found.width, found.height) != (facts.width, facts.height):
        return "size"
    if found.colour != facts.colour or found.bits != facts.bits:
        return "colours"
    return None if found.carried else "kind"


def _jpeg2000_fault(facts: PageFacts, data: bytes) -> ImageFault | None:
    found = jpeg2000.parse_jpeg2000(data, name=_NAME)
    code = found.codestream
    if (code.width, code.height) != (facts.width, facts.height):
        return "size"
    if jpeg2000.COLOURS.get(code.channels) != facts.colour or code.depth != facts.bits:
        return "colours"
    return None if jpeg2000.carried(found) else "kind"


def _stride(facts: PageFacts) -> int:
    """Return the bytes of one row, its PNG filter type included."""
    return row_bytes(facts.width, _CHANNELS[facts.colour], facts.bits) + facts.predictor
