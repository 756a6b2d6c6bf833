"""JPEG: passed through untouched where every PDF reader shows it alike, else refused or re-encoded."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from ecert.errors import InputError
from ecert.formats.images import read_pages
from ecert.model.images import StoredImage
from ecert.testing import contested
from tests.capture.images import encode, exif, jpeg, segment, smooth, without_segments
from tests.capture.reader import samples


def page(data: bytes, dpi: float | None = None, name: str = "a.jpg") -> StoredImage:
    (only,) = read_pages(data, name=name, dpi=dpi)
    return only


def code(data: bytes, dpi: float | None = None) -> str:
    with pytest.raises(InputError) as caught:
        page(data, dpi)
    assert caught.value.hint
    assert caught.value.message.startswith("a.jpg: ")
    return caught.value.code


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize(
    ("mode", "colour", "inverted"), [("L", "grey", False), ("RGB", "rgb", False), ("CMYK", "cmyk", True)]
)
def test_the_whole_file_is_the_stream(mode: str, colour: str, inverted: bool, progressive: bool):
    data = jpeg(mode, progressive=progressive)
    stored = page(data)
    assert stored.data == data
    assert not stored.reencoded
    assert (stored.encoding, stored.bits, stored.colour) == ("DCTDecode", 8, colour)
    assert (stored.width, stored.height, stored.dpi) == (61, 43, (300.0, 300.0))
    assert stored.inverted is inverted


def test_cmyk_without_adobe_marker_is_not_inverted():
    assert not page(without_segments(jpeg("CMYK"), 0xEE), dpi=300).inverted


def test_rgb_with_adobe_marker_is_passed_through():
    data = without_segments(jpeg(keep_rgb=True), 0xE0)
    assert b"Adobe" in data
    assert page(data, dpi=300).data == data


@pytest.mark.parametrize("drop", [(0xE0, 0xEE), ()])
def test_what_readers_would_show_differently_is_stored_as_pixels(drop: tuple[int, ...]):
    """Neither marker and components named R, G, B; or JFIF beside an Adobe marker that says RGB."""
    data = without_segments(jpeg(keep_rgb=True), *drop)
    if not drop and b"JFIF" not in data:
        jfif = segment(0xE0, b"JFIF\0\1\1\1\1\x2c\1\x2c\0\0")
        data = data[:2] + jfif + data[2:]
    stored = page(data, dpi=300)
    assert stored.reencoded
    assert samples(stored) == Image.open(io.BytesIO(data)).tobytes()


def test_orientation_is_kept_as_a_fact():
    for value in range(1, 9):
        stored = page(jpeg(exif=exif(value)))
        assert stored.orientation == value
        assert (stored.size_points[0] > stored.size_points[1]) is (value <= 4)
    assert page(jpeg(exif=exif(9))).orientation == 1


def test_resolution_comes_from_jfif_then_exif_then_the_caller():
    assert page(jpeg(), dpi=200).dpi == (300.0, 300.0)
    bare = without_segments(jpeg(), 0xE0)
    assert page(bare, dpi=200).dpi == (200.0, 200.0)
    assert code(bare) == "resolution-missing"
    with_exif = without_segments(jpeg(exif=exif(1, 150)), 0xE0)
    assert page(with_exif).dpi == (150.0, 150.0)
    metric = jpeg().replace(b"\1\1\x01\x2c\x01\x2c", b"\1\2\x00\x76\x00\x76", 1)
    assert page(metric).dpi == (299.72, 299.72)
    for placeholder in (b"\1\1\0\1\0\1", b"\1\1\0\0\0\0", b"\1\1\xff\xff\xff\xff", b"\1\0\0\1\0\1"):
        assert code(jpeg().replace(b"\1\1\x01\x2c\x01\x2c", placeholder, 1)) == "resolution-missing"


def test_cut_files_are_refused():
    data = jpeg()
    assert code(data[:-2]) == "truncated"
    for end in range(4, len(data) - 2, 37):
        assert code(data[:end]) == "truncated"


def test_padding_and_makers_trailers_are_kept():
    data = jpeg() + bytes(1000)
    assert page(data).data == data


def test_long_trailers_and_second_pictures_are_refused():
    assert code(jpeg() + bytes(65 * 1024)) == "trailing-data"
    assert code(jpeg() + jpeg() + b"\0") == "several-images"


def test_several_pictures_with_an_index_are_refused_but_gain_maps_are_not():
    out = io.BytesIO()
    smooth().save(out, "MPO", save_all=True, append_images=[smooth()], dpi=(300, 300))
    assert code(out.getvalue(), 300) == "several-images"
    first, second = jpeg(), jpeg("L", comment=b"urn:iso:std:iso:ts:21496:-1")
    index = mpf(len(first), len(second))
    shift = len(segment(0xE2, b"MPF\0" + index))
    whole = first[:2] + segment(0xE2, b"MPF\0" + mpf(len(first) + shift, len(second))) + first[2:]
    data = whole + second
    assert page(data).data == data


def mpf(first: int, second: int) -> bytes:
    """Return a Multi-Picture index of a primary image and one of undefined type after it."""
    entries = struct.pack("<IIIHH", 0x030000, first, 0, 0, 0)
    entries += struct.pack("<IIIHH", 0, second, first - 2 - 4 - 4, 0, 0)
    tags = struct.pack("<HHI4s", 0xB000, 7, 4, b"0100") + struct.pack("<HHII", 0xB001, 4, 1, 2)
    tags += struct.pack("<HHII", 0xB002, 7, 32, 8 + 2 + 3 * 12 + 4)
    return b"II*\0" + struct.pack("<IH", 8, 3) + tags + bytes(4) + entries


def test_frames_that_pdf_readers_do_not_decode():
    data = jpeg()
    at = data.index(b"\xff\xc0")
    assert code(data[: at + 4] + b"\x0c" + data[at + 5 :]) == "lossless-impossible"
    assert code(data.replace(b"\xff\xc0", b"\xff\xc3", 1)) == "lossless-impossible"
    assert code(data[: at + 5] + b"\0\0" + data[at + 7 :]) == "unsupported-format"
    assert code(data[: at + 5] + b"\xff\xff" + data[at + 7 :]) == "too-large"


def test_a_usable_profile_comes_along():
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert page(jpeg(icc_profile=profile)).icc == profile
    assert page(jpeg("L", icc_profile=profile)).icc is None
    assert page(jpeg(icc_profile=profile[:200])).icc is None
    assert page(jpeg(icc_profile=profile[:8] + b"\5" + profile[9:])).icc is None


def test_the_name_must_not_contradict_the_content():
    with pytest.raises(InputError) as caught:
        page(jpeg(), name="a.png")
    assert caught.value.code == "wrong-suffix"
    assert page(jpeg(), name="input 1").encoding == "DCTDecode"
    assert page(encode(smooth(), "PNG"), name="A.PNG").encoding == "FlateDecode"


@pytest.mark.parametrize("dpi", [72, 20])
def test_pages_beyond_what_pdf_allows_are_refused(dpi: int):
    tiny = jpeg().replace(b"\1\1\x01\x2c\x01\x2c", b"\1\1\x12\xc0\x12\xc0", 1)  # 4,800 dpi
    assert code(tiny, dpi) == "page-size"


PICTURE, OTHER = smooth(size=(161, 143)), smooth(size=(161, 143)).rotate(180)
CONTESTED = {
    "restarts exchanged": contested.restarts_exchanged(PICTURE),
    "a restart left out": contested.restart_left_out(PICTURE),
    "restarts without interval": contested.restarts_without_interval(PICTURE),
    "two scans of a component": contested.scanned_twice(PICTURE, OTHER),
    "a scan too few": contested.without_a_scan(PICTURE),
    "many scans": contested.many_scans(PICTURE),
    "a cut JFIF header": contested.cut_jfif(PICTURE),
    "two Adobe headers": contested.two_transforms(PICTURE),
}


@pytest.mark.parametrize("data", CONTESTED.values(), ids=CONTESTED)
def test_what_decoders_read_in_two_ways_is_refused(data: bytes):
    assert code(data) in ("damaged-image", "truncated")


def test_honest_restart_markers_are_kept():
    for options in ({"restart_marker_rows": 1}, {"restart_marker_blocks": 1}):
        for progressive in (False, True):
            data = encode(PICTURE, "JPEG", progressive=progressive, **options)
            assert page(data).data == data
    filled = contested.with_restarts(PICTURE).replace(b"\xff\xd1", b"\xff\xff\xff\xd1")
    assert page(filled).data == filled


def test_components_named_red_green_and_blue_are_stored_as_pixels():
    """One decoder goes by the names, another by the headers: alike only where both say RGB."""
    stored = page(contested.named_rgb(PICTURE))
    assert (stored.encoding, stored.reencoded) == ("FlateDecode", True)


def test_scans_one_after_the_other_are_kept():
    data = contested.one_scan_each(PICTURE)
    assert page(data).data == data
