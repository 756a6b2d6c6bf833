"""JPEG 2000 and WebP: JP2 is passed through where PDF/A-3 can carry it, the rest decoded."""

from __future__ import annotations

import io
import struct
import sys

import pytest
from PIL import Image

from ecert.capture.scan import Scan
from ecert.errors import InputError
from ecert.formats.images import read_pages
from ecert.model.images import StoredImage
from ecert.testing import contested
from tests.capture.images import encode, exif, picture, smooth
from tests.capture.reader import render, samples


def page(data: bytes, dpi: float | None = 300, name: str = "a") -> StoredImage:
    (only,) = read_pages(data, name=name, dpi=dpi)
    return only


def code(data: bytes, dpi: float | None = 300) -> str:
    with pytest.raises(InputError) as caught:
        page(data, dpi)
    assert caught.value.hint
    return caught.value.code


def jp2(mode: str = "RGB") -> bytes:
    return encode(picture(mode), "JPEG2000", irreversible=False)


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def with_box(data: bytes, more: bytes) -> bytes:
    """Return a JP2 file with a box more in its header."""
    at = data.index(b"jp2h") - 4
    size = struct.unpack_from(">I", data, at)[0]
    header = data[at + 8 : at + size] + more
    return data[:at] + box(b"jp2h", header) + data[at + size :]


@pytest.mark.parametrize(("mode", "colour"), [("L", "grey"), ("RGB", "rgb")])
def test_jp2_is_passed_through(mode: str, colour: str, tmp_path):
    data = jp2(mode)
    stored = page(data)
    assert (stored.data, stored.encoding, stored.bits) == (data, "JPXDecode", 8)
    assert (stored.colour, stored.reencoded) == (colour, False)
    assert render([stored], tmp_path)[0].convert(mode).tobytes() == picture(mode).tobytes()


def test_sixteen_bit_grey_jp2_is_passed_through():
    stored = page(jp2("I;16"))
    assert (stored.bits, stored.colour, stored.reencoded) == (16, "grey", False)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_opacity_is_laid_on_white(mode: str):
    stored = page(jp2(mode))
    assert (stored.encoding, stored.reencoded, stored.alpha_flattened) == ("FlateDecode", True, True)


@pytest.mark.parametrize("mode", ["L", "RGB", "I;16"])
def test_a_raw_codestream_is_stored_as_pixels(mode: str):
    image = picture(mode)
    data = encode(image, "JPEG2000", irreversible=False, no_jp2=True)
    stored = page(data)
    assert stored.reencoded
    raw = image.tobytes()
    if mode == "I;16":
        raw = b"".join(raw[n + 1 : n + 2] + raw[n : n + 1] for n in range(0, len(raw), 2))
    assert samples(stored) == raw


def test_sycc_is_decoded_and_cie_jab_too():
    data = jp2()
    at = data.index(b"colr") + 7
    assert struct.unpack_from(">I", data, at)[0] == 16
    for space in (18, 19):
        changed = data[:at] + struct.pack(">I", space) + data[at + 4 :]
        assert page(changed).reencoded


def test_two_colour_specifications_need_one_best():
    second = box(b"colr", struct.pack(">BBBI", 1, 0, 0, 16))
    assert page(with_box(jp2(), second)).reencoded
    at = (data := with_box(jp2(), second)).index(b"colr")
    best = data[: at + 6] + b"\1" + data[at + 7 :]
    assert not page(best).reencoded


def test_two_colour_specifications_that_differ_are_decoded():
    assert page(contested.two_colours(smooth())).reencoded


def test_what_other_parts_add_is_not_passed_through():
    from ecert.formats.images import jpeg2000

    for made in (contested.part_15(smooth()), contested.styled_tile(smooth())):
        assert not jpeg2000.carried(jpeg2000.parse_jpeg2000(made, name="a"))
    assert code(contested.composed(smooth())) == "unsupported-format"
    twice = with_box(jp2(), jp2()[(at := jp2().index(b"ihdr") - 4) : at + 22])
    assert code(twice) == "damaged-image"
    other_brand = jp2().replace(b"ftypjp2 ", b"ftypjpx ", 1)
    assert page(other_brand).reencoded


def with_profile(profile: bytes) -> bytes:
    """Return a JP2 file with a restricted ICC profile in place of its enumerated colours (I.5.3.3)."""
    data = jp2()
    at, old = data.index(b"jp2h") - 4, data.index(b"colr") - 4
    end = at + struct.unpack_from(">I", data, at)[0]
    inner = data[at + 8 : old] + box(b"colr", b"\2\0\0" + profile) + data[old + 15 : end]
    return data[:at] + box(b"jp2h", inner) + data[end:]


def test_a_profile_inside_the_file_stays_there_if_it_is_honest():
    honest = with_profile(contested.rgb_profile(contested.gamma(2.2)))
    (stored,) = Scan.from_files([honest], dpi=300).pages
    assert (stored.data, stored.icc) == (honest, None)
    with pytest.raises(InputError) as caught:
        Scan.from_files([with_profile(contested.rgb_profile(contested.falling()))], dpi=300)
    assert caught.value.code == "misleading-profile"


def test_resolution_boxes():
    def resolution(kind: bytes, down: int, across: int) -> bytes:
        return box(kind, struct.pack(">HHHHbb", down, 100, across, 100, 2, 2))

    both = resolution(b"resd", 2835, 2835) + resolution(b"resc", 11811, 5906)
    assert page(with_box(jp2(), box(b"res ", both)), None).dpi == (150.0, 300.0)
    shown = box(b"res ", resolution(b"resd", 11811, 11811))
    assert page(with_box(jp2(), shown), None).dpi == (300.0, 300.0)
    assert code(jp2(), None) == "resolution-missing"


def test_cut_and_contradictory_files_are_refused():
    data = jp2()
    for end in range(20, len(data), 401):
        assert code(data[:end]) == "truncated"
    at = data.index(b"ihdr") + 4
    assert code(data[:at] + b"\0\0\0\1" + data[at + 4 :]) == "damaged-image"
    assert code(data[:-2] + b"\0\0") in ("truncated", "damaged-image")


@pytest.mark.parametrize("lossless", [False, True])
def test_webp_is_stored_as_pixels(lossless: bool):
    out = io.BytesIO()
    smooth().save(out, "WEBP", lossless=lossless, exif=exif(6, 150))
    stored = page(out.getvalue(), None)
    assert (stored.reencoded, stored.orientation, stored.dpi) == (True, 6, (150.0, 150.0))
    assert samples(stored) == Image.open(out).tobytes()


def test_webp_alpha_and_frames():
    out = io.BytesIO()
    picture("RGBA").save(out, "WEBP", lossless=True)
    assert page(out.getvalue()).alpha_flattened
    out = io.BytesIO()
    smooth().save(out, "WEBP", save_all=True, append_images=[picture()])
    assert code(out.getvalue()) == "unsupported-format"


def test_a_cut_webp_is_refused():
    out = io.BytesIO()
    smooth().save(out, "WEBP")
    data = out.getvalue()
    for end in range(12, len(data), 31):
        assert code(data[:end]) in ("truncated", "damaged-image", "unsupported-format")


def test_heic_names_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(InputError) as caught:
        page(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), name="a.heic")
    assert caught.value.code == "missing-extra"
    assert "ecert[heic]" in caught.value.hint


@pytest.mark.parametrize("format_", ["GIF", "BMP", "AVIF", "ICO", "PPM"])
def test_other_formats_are_refused_by_name(format_: str):
    assert code(encode(smooth(), format_)) == "unsupported-format"
