"""A stored picture must be what the record and its dictionary say: nothing else may be VALID."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import ImageCms

from ecert.capture.scan import Scan
from ecert.errors import StageError
from ecert.formats.ecert1 import ImageForm
from ecert.formats.record import CertificationRecord, PageFacts
from ecert.model.evidence import Evidence
from ecert.model.images import StoredImage
from ecert.model.limits import MAX_PROFILES, MAX_SIDE_PIXELS, MAX_UNPACKED_BYTES
from ecert.stages import Draft, prepare_copy
from ecert.testing import Press, contested
from ecert.testing.specimens.dishonest import draft
from ecert.verify.case import Case
from ecert.verify.copy import verify_copy
from ecert.verify.images import check_images, find_fault
from ecert.verify.policies import get_policy
from tests.capture.images import encode, jpeg, picture, segment, smooth
from tests.kit import Desk, small_page

W, H = 61, 43
GREY = smooth("L")
ROWS = GREY.tobytes()
FILTERED = b"".join(b"\0" + ROWS[at : at + W] for at in range(0, len(ROWS), W))
#: PNG rows of 4-bit samples 0 and 1, each byte the difference from the one before (type 1)
SUB_ROWS = (b"\1\x10" + bytes((W + 1) // 2 - 1)) * H
JPEG, OTHER = jpeg("L"), jpeg("L", icc_profile=None, dpi=(200, 200))
JP2 = encode(GREY, "JPEG2000")
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def stored(data: bytes, encoding: Any = "DCTDecode", **more: Any) -> StoredImage:
    facts: dict[str, Any] = {"width": W, "height": H, "bits": 8, "colour": "grey", "dpi": (300, 300)}
    return StoredImage(data=data, encoding=encoding, **(facts | more))


def flate(data: bytes, **more: Any) -> StoredImage:
    return stored(data, "FlateDecode", **more)


def fault(image: StoredImage) -> str | None:
    return find_fault(PageFacts.of(image), ImageForm.of(image))


def marked(data: bytes, marker: int, body: bytes) -> bytes:
    """Return a JPEG with one segment more behind its scan."""
    assert data.endswith(b"\xff\xd9")
    return data[:-2] + segment(marker, body) + data[-2:]


PACKED = zlib.compress(ROWS)
HALF = zlib.compress(ROWS[: W * (H // 2)])
RGB_JPEG = jpeg()

HONEST = {
    "JPEG": stored(JPEG),
    "colour JPEG": stored(RGB_JPEG, colour="rgb"),
    "CMYK JPEG": stored(jpeg("CMYK"), colour="cmyk", inverted=True),
    "progressive JPEG": stored(encode(GREY, "JPEG", progressive=True)),
    "JPEG with restart markers": stored(contested.with_restarts(GREY)),
    "JPEG of three scans": stored(contested.one_scan_each(GREY), colour="rgb"),
    "JPEG with the height again": stored(marked(JPEG, 0xDC, struct.pack(">H", H))),
    "JPEG with a profile": stored(RGB_JPEG, colour="rgb", icc=SRGB),
    "JPEG 2000": stored(JP2, "JPXDecode"),
    "colour JPEG 2000": stored(encode(smooth(), "JPEG2000"), "JPXDecode", colour="rgb"),
    "Flate": flate(PACKED),
    "Flate with a line end inside": flate(zlib.compress(ROWS + b"\r\n")),
    "Flate with a line end behind": flate(PACKED + b"\n"),
    "Flate with predictors": flate(zlib.compress(FILTERED), predictor=True),
    "Flate with a palette": flate(PACKED, colour="indexed", palette=bytes(768)),
    "Flate with a palette of as many colours as used": flate(
        zlib.compress(bytes(range(W)) * H), colour="indexed", palette=bytes(3 * W)
    ),
    "filtered rows with a short palette": flate(
        zlib.compress(SUB_ROWS), colour="indexed", palette=bytes(6), predictor=True, bits=4
    ),
    "bits beyond the row's end": flate(
        zlib.compress(b"\x10\x0f" * H), colour="indexed", palette=bytes(6), bits=4, width=3
    ),
    "Flate of single bits": flate(zlib.compress(bytes(8 * H)), bits=1, inverted=True),
}
SPOILED: dict[str, tuple[str, StoredImage]] = {
    "larger JPEG": ("size", stored(encode(smooth("L", (2 * W, 2 * H)), "JPEG"))),
    "JPEG of another height": ("size", stored(JPEG, height=H - 1)),
    "colour JPEG stated as grey": ("colours", stored(RGB_JPEG)),
    "grey JPEG stated as colour": ("colours", stored(JPEG, colour="rgb")),
    "JPEG of two heights": ("data", stored(marked(JPEG, 0xDC, struct.pack(">H", H // 2)))),
    "JPEG of two frames": ("data", stored(marked(JPEG, 0xC0, b"\x08\0\x10\0\x10\x01\x01\x11\0"))),
    "JPEG with Adobe's word too late": ("data", stored(marked(JPEG, 0xEE, b"Adobe" + bytes(7)))),
    "arithmetic JPEG": ("kind", stored(JPEG.replace(b"\xff\xc0", b"\xff\xc9", 1))),
    "restart markers out of turn": ("data", stored(contested.restarts_exchanged(GREY))),
    "restart markers without interval": ("data", stored(contested.restarts_without_interval(GREY))),
    "one restart marker too few": ("data", stored(contested.restart_left_out(GREY))),
    "two scans of one component": ("data", stored(contested.scanned_twice(GREY, GREY.rotate(180)))),
    "a component without a scan": ("data", stored(contested.without_a_scan(GREY), colour="rgb")),
    "127 scans": ("data", stored(contested.many_scans(GREY))),
    "a cut JFIF header": ("data", stored(contested.cut_jfif(GREY))),
    "components named R, G, B": ("kind", stored(contested.named_rgb(GREY), colour="rgb")),
    "bytes before a JPEG": ("data", stored(b"\n\n%junk" + JPEG)),
    "another beginning of a JPEG": ("data", stored(b"  " + JPEG[2:])),
    "two JPEGs": ("data", stored(JPEG + OTHER)),
    "cut JPEG": ("data", stored(JPEG[:-2])),
    "no JPEG": ("data", stored(b"")),
    "PNG as JPEG": ("data", stored(encode(GREY, "PNG"))),
    "JPEG with predictors": ("kind", stored(JPEG, predictor=True)),
    "JPEG in 16 bits": ("kind", stored(JPEG, bits=16)),
    "JPEG with a palette": ("kind", stored(JPEG, colour="indexed", palette=bytes(768))),
    "JPEG with a profile of other colours": ("kind", stored(JPEG, icc=SRGB)),
    "JPEG whose profile turns light grey into black": (
        "profile",
        stored(RGB_JPEG, colour="rgb", icc=contested.rgb_profile(contested.light_grey_is_black())),
    ),
    "JPEG whose profile falls": (
        "profile",
        stored(RGB_JPEG, colour="rgb", icc=contested.rgb_profile(contested.falling())),
    ),
    "JPEG with no profile for one": ("kind", stored(RGB_JPEG, colour="rgb", icc=b"none")),
    "larger JPEG 2000": ("size", stored(encode(smooth("L", (2 * W, H)), "JPEG2000"), "JPXDecode")),
    "colour JPEG 2000 stated as grey": ("colours", stored(encode(smooth(), "JPEG2000"), "JPXDecode")),
    "JPEG 2000 of another depth": ("colours", stored(JP2, "JPXDecode", bits=12)),
    "JPEG 2000 turned over": ("kind", stored(JP2, "JPXDecode", inverted=True)),
    "JPEG 2000 with transparency": ("colours", stored(encode(picture("LA"), "JPEG2000"), "JPXDecode")),
    "JPEG 2000 of Part 15": ("kind", stored(contested.part_15(GREY), "JPXDecode")),
    "Part 15 in a tile alone": ("kind", stored(contested.styled_tile(GREY), "JPXDecode")),
    "JPEG 2000 with a layer of Part 2": ("data", stored(contested.composed(GREY), "JPXDecode")),
    "JPEG 2000 of two colour spaces": ("kind", stored(contested.two_colours(GREY), "JPXDecode", colour="rgb")),
    "raw JPEG 2000": ("data", stored(JP2[JP2.index(b"\xff\x4f\xff\x51") :], "JPXDecode")),
    "cut JPEG 2000": ("data", stored(JP2[:-10], "JPXDecode")),
    "half the Flate data": ("data", flate(HALF)),
    "two halves of Flate data": ("data", flate(HALF + HALF)),
    "one row too many": ("data", flate(zlib.compress(ROWS + ROWS[:W]))),
    "bytes behind the checksum": ("data", flate(PACKED + b"more")),
    "a wrong checksum": ("data", flate(PACKED[:-1] + bytes([PACKED[-1] ^ 1]))),
    "a wrong zlib header": ("data", flate(PACKED[:1] + bytes([PACKED[1] ^ 1]) + PACKED[2:])),
    "an unknown PNG filter": ("data", flate(zlib.compress(b"\5" + FILTERED[1:]), predictor=True)),
    "rows without their filters": ("data", flate(PACKED, predictor=True)),
    "no Flate data": ("data", flate(b"")),
    "Flate of 3 bits": ("kind", flate(PACKED, bits=3)),
    "a sample beyond the palette": (
        "data",
        flate(zlib.compress(bytes(range(W)) * H), colour="indexed", palette=bytes(3 * W - 3)),
    ),
    "a nibble beyond the palette": (
        "data",
        flate(zlib.compress(b"\x10\x2f" * H), colour="indexed", palette=bytes(6), bits=4, width=3),
    ),
    "a filtered sample beyond the palette": (
        "data",
        flate(zlib.compress(SUB_ROWS), colour="indexed", palette=bytes(3), predictor=True, bits=4),
    ),
    "a sample beyond the palette in the last of many rows": (
        "data",
        flate(
            zlib.compress(bytes(9_000 * 999) + bytes(8_999) + b"\2"),
            colour="indexed",
            palette=bytes(6),
            width=9_000,
            height=1_000,
        ),
    ),
    "a palette that is not stated": ("kind", flate(PACKED, colour="indexed")),
    "a palette of half colours": ("kind", flate(PACKED, colour="indexed", palette=bytes(767))),
    "a palette that nobody uses": ("kind", flate(PACKED, palette=bytes(768))),
    "a palette turned over": ("kind", flate(PACKED, colour="indexed", palette=bytes(768), inverted=True)),
}


@pytest.mark.parametrize("image", HONEST.values(), ids=HONEST)
def test_an_honest_picture_has_no_fault(image: StoredImage):
    assert fault(image) is None


@pytest.mark.parametrize(("kind", "image"), SPOILED.values(), ids=SPOILED)
def test_a_spoiled_picture_is_told(kind: str, image: StoredImage):
    assert fault(image) == kind


def test_a_record_that_speaks_of_fax_data_is_told():
    image = flate(PACKED)
    facts = replace(PageFacts.of(image), black_is_1=True)
    assert find_fault(facts, ImageForm.of(image)) == "kind"


LIMITS: dict[str, Callable[[PageFacts], tuple[PageFacts, ...]]] = {
    "long": lambda facts: (replace(facts, width=MAX_SIDE_PIXELS + 1),),
    "large": lambda facts: (replace(facts, width=20_000, height=20_000),),
    "many": lambda facts: (replace(facts, width=10_000, height=10_000),) * (1 + MAX_UNPACKED_BYTES // 100_000_000),
}


@pytest.mark.parametrize("change", LIMITS.values(), ids=LIMITS)
def test_what_would_unpack_to_too_much_is_not_unpacked(change):
    image = flate(PACKED)
    pages = change(PageFacts.of(image))
    policy = get_policy("certified-copy", None)
    case = Case(b"", policy, None, Evidence(), datetime.now(UTC))
    check_images(case, pages, [ImageForm.of(image)] * len(pages))
    assert [f.code for f in case.findings] == ["over-limit"]


def test_a_draft_with_another_picture_than_stated_is_not_opened():
    with Press() as press:
        first, *others = press.scan.pages
        work = draft(press, pages=(replace(first, data=small_page(dpi=150)[:-2]), *others))
        with pytest.raises(StageError, match="not one whole picture"):
            Draft.from_bytes(work.data)


def test_a_palette_with_a_profile_can_be_certified(desk: Desk):
    page = smooth(size=(400, 560)).quantize(50)
    scan = Scan.from_files([encode(page, "PNG", dpi=(200, 200), icc_profile=SRGB)])
    record = CertificationRecord.from_dict(desk.office.record(pages=1))
    assert scan.pages[0].colour == "indexed"
    assert prepare_copy(scan, record).record.pages[0].profile_sha256 is None


@pytest.mark.parametrize("spoil", ["digest", "unsigned", None])
def test_pictures_are_looked_into_only_where_the_signatures_are_intact(
    spoil: str | None, monkeypatch: pytest.MonkeyPatch
):
    """Whoever sends a file that nobody signed, or that was changed, has nothing unpacked for it."""
    looked: list[int] = []
    monkeypatch.setattr("ecert.verify.content.check_images", lambda *_: looked.append(1))
    with Press() as press:
        data = {"unsigned": press.draft.to_bytes()}.get(spoil or "", press.copy)
        if spoil == "digest":
            at = data.index(press.sheets[0]) + len(press.sheets[0]) - 20
            data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        looked.clear()
        report = verify_copy(data, trust=press.office.trust, at=press.now())
    assert report.verdict == ("INVALID" if spoil else "VALID")
    assert bool(looked) is (spoil is None)
    assert report.content["checks"]["pages"] == {"digest": "fail", "unsigned": "not-checked", None: "pass"}[spoil]


def test_a_copy_has_few_profiles():
    profiles = [contested.rgb_profile(contested.gamma(2 + n / 50)) for n in range(MAX_PROFILES + 1)]
    images = [stored(RGB_JPEG, colour="rgb", icc=profile) for profile in profiles]
    case = Case(b"", get_policy("certified-copy", None), None, Evidence(), datetime.now(UTC))
    check_images(case, [*map(PageFacts.of, images)], [*map(ImageForm.of, images)])
    assert [f.code for f in case.findings] == ["over-limit"]
