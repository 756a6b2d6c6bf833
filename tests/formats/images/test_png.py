"""PNG: the joined IDAT data is the stream; only alpha, colour keys and interlacing are decoded."""

from __future__ import annotations

import random
import struct
import zlib

import pytest

from ecert.capture.scan import Scan
from ecert.errors import InputError
from ecert.formats.images import read_pages
from ecert.model.images import StoredImage
from tests.capture.images import chunk, encode, exif, picture, png
from tests.capture.reader import samples

ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def page(data: bytes, dpi: float | None = None) -> StoredImage:
    (only,) = read_pages(data, name="a.png", dpi=dpi)
    return only


def code(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        page(data, 300)
    assert caught.value.hint
    return caught.value.code


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "I;16"])
def test_the_image_data_is_passed_through(mode: str):
    image = picture(mode)
    data = encode(image, "PNG")
    stored = page(data)
    assert stored.data in data.replace(b"IDAT", b"")
    assert not stored.reencoded
    assert stored.predictor
    assert stored.dpi == (300.0, 300.0)
    raw = image.tobytes()
    if mode == "I;16":
        raw = b"".join(raw[n + 1 : n + 2] + raw[n : n + 1] for n in range(0, len(raw), 2))
    assert samples(stored) == raw
    if mode == "P":
        assert stored.palette is not None
        assert stored.palette[: 3 * 100] == bytes(image.getpalette() or ())[: 3 * 100]


def test_scattered_idat_chunks_are_joined():
    packed = zlib.compress(bytes(44 * 20))
    whole = png(43, 20, 8, 0, b"")
    empty = chunk(b"IDAT", zlib.compress(b""))
    cut = whole.replace(empty, chunk(b"IDAT", packed[:5]) + chunk(b"IDAT", packed[5:]))
    assert page(cut).data == packed


def test_a_palette_with_transparency_is_laid_on_white_and_the_stream_stays():
    palette, rows = bytes((0, 0, 0, 200, 100, 50, 1, 2, 3)), bytes(44 * 20)
    more = chunk(b"PLTE", palette) + chunk(b"tRNS", b"\0\x80")
    stored = page(png(43, 20, 8, 3, rows, more=more))
    assert stored.alpha_flattened
    assert not stored.reencoded
    assert stored.data == zlib.compress(rows)
    assert stored.palette == bytes((255, 255, 255, 227, 177, 152, 1, 2, 3))


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_alpha_is_laid_on_white(mode: str):
    image = picture(mode)
    stored = page(encode(image, "PNG"))
    assert stored.reencoded
    assert stored.alpha_flattened
    *colours, alpha = (band.tobytes() for band in image.split())
    flat = samples(stored)
    for number, plane in enumerate(colours):
        for value, opacity, seen in zip(plane, alpha, flat[number :: len(colours)], strict=True):
            assert abs((value * opacity + 255 * (255 - opacity)) / 255 - seen) <= 0.51


@pytest.mark.parametrize(("kind", "channels"), [(4, 2), (6, 4)])
@pytest.mark.parametrize("interlaced", [False, True])
def test_sixteen_bits_stay_sixteen_when_alpha_is_laid_on_white(kind, channels, interlaced):
    width, height = 15, 14
    raw = random.Random(7).randbytes(width * height * channels * 2)
    rows = filtered(raw, width, height, channels * 2, interlaced)
    stored = page(png(width, height, 16, kind, rows, interlaced=interlaced), 300)
    assert (stored.bits, stored.reencoded, stored.alpha_flattened) == (16, True, True)
    values = struct.unpack(f">{width * height * channels}H", raw)
    alphas = values[channels - 1 :: channels]
    flat = struct.unpack(f">{width * height * (channels - 1)}H", samples(stored))
    for number in range(channels - 1):
        plane = zip(values[number::channels], alphas, flat[number :: channels - 1], strict=True)
        for value, alpha, seen in plane:
            assert abs((value * alpha + 65535 * (65535 - alpha)) / 65535 - seen) <= 0.51


def test_an_interlaced_image_is_decoded():
    width, height = 21, 19
    raw = random.Random(3).randbytes(width * height * 6)
    rows = filtered(raw, width, height, 6, True)
    stored = page(png(width, height, 16, 2, rows, interlaced=True))
    assert samples(stored) == raw
    assert not stored.alpha_flattened
    grey = raw[: width * height]
    rows = filtered(grey, width, height, 1, True)
    assert samples(page(png(width, height, 8, 0, rows, interlaced=True))) == grey


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_a_transparent_grey_becomes_white(bits: int):
    width, height, top = 32, 15, 2**bits - 1
    stride = width * bits // 8
    key = chunk(b"tRNS", struct.pack(">H", 0))
    stored = page(png(width, height, bits, 0, (b"\0" + bytes(stride)) * height, more=key))
    assert stored.alpha_flattened
    assert set(samples(stored)) == {255}
    other = chunk(b"tRNS", struct.pack(">H", top))
    stored = page(png(width, height, bits, 0, (b"\0" + bytes(stride)) * height, more=other))
    assert set(samples(stored)) == {0}


def test_a_transparent_sixteen_bit_colour_is_matched_in_all_its_bits():
    pixels = bytes.fromhex("010203040506010203040507000102030405060102030405")
    row = b"\0" + pixels * 5
    key = chunk(b"tRNS", bytes.fromhex("010203040506"))
    stored = page(png(20, 15, 16, 2, row * 15, more=key))
    assert samples(stored) == (b"\xff" * 6 + pixels[6:]) * 5 * 15


def filtered(raw: bytes, width: int, height: int, pixel: int, interlaced: bool) -> bytes:
    """Return rows with filter bytes 0, in Adam7 order where asked."""
    passes = ADAM7 if interlaced else ((0, 0, 1, 1),)
    out = b""
    for left, top, across, down in passes:
        for y in range(top, height, down):
            line = b"".join(
                raw[(y * width + x) * pixel : (y * width + x + 1) * pixel] for x in range(left, width, across)
            )
            out += b"\0" + line if line else b""
    return out


def test_damage_is_found():
    good = encode(picture("L"), "PNG")
    assert code(good[:-12]) == "truncated"
    assert code(good[:-20]) == "truncated"
    at = good.index(b"IDAT") + 9
    assert code(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]) == "damaged-image"
    rows = (b"\0" + bytes(20)) * 20
    assert code(png(20, 20, 8, 0, rows[:-1])) == "truncated"
    assert code(png(20, 20, 8, 0, rows + b"\0")) == "decompression-bomb"
    assert code(png(20, 20, 8, 0, rows[:-21] + b"\5" + bytes(20))) == "damaged-image"
    assert code(png(20, 20, 8, 0, bytes(1 << 24))) == "decompression-bomb"
    assert code(png(20, 20, 3, 0, rows)) == "damaged-image"
    assert code(png(20, 20, 8, 3, rows)) == "damaged-image"
    assert code(png(30_001, 20, 8, 0, rows)) == "too-large"
    assert code(png(20_000, 20_000, 8, 0, rows)) == "too-large"
    assert code(png(20, 20, 8, 0, rows, more=chunk(b"acTL", struct.pack(">II", 2, 0)))) == ("unsupported-format")


def test_filter_types_are_checked_in_every_block():
    width, height = 1021, 3000  # more than two blocks of a megabyte, rows astride their borders
    rows = bytearray((b"\1" + bytes(width)) * height)
    assert page(png(width, height, 8, 0, bytes(rows))).predictor
    for row in (0, 1, 1026, 2053, 2999):
        spoiled = rows.copy()
        spoiled[row * (width + 1)] = 5
        assert code(png(width, height, 8, 0, bytes(spoiled))) == "damaged-image"


def test_resolution_and_orientation():
    bare = encode(picture("L"), "PNG", dpi=None)
    with pytest.raises(InputError) as caught:
        page(bare)
    assert caught.value.code == "resolution-missing"
    assert page(bare, 240).dpi == (240.0, 240.0)
    assert page(encode(picture("L"), "PNG", exif=exif(6))).orientation == 6
    assert page(encode(picture("L"), "PNG", dpi=(204, 98))).dpi == (204.0, 98.0)


def test_profiles():
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert page(encode(picture(), "PNG", icc_profile=profile)).icc == profile
    assert page(encode(picture("P"), "PNG", icc_profile=profile)).icc is None  # plain RGB palette
    assert page(encode(picture("L"), "PNG", icc_profile=profile)).icc is None
    bomb = chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(1 << 25)))
    assert page(png(43, 20, 8, 0, bytes(44 * 20), more=bomb)).icc is None


def test_a_sample_beyond_the_palette_is_refused():
    """Readers show white, black, or words hidden behind the palette's end."""

    for bits, row in ((8, bytes(16) + b"\1"), (1, b"\0\0\1")):
        for entries in (2, 1):
            palette = chunk(b"PLTE", bytes(3 * entries))
            data = png(16, 43, bits, 3, row * 43, more=palette)
            if entries == 2:
                assert Scan.from_files([data]).pages[0].palette == bytes(6)
                continue
            with pytest.raises(InputError, match="beyond the last colour"):
                Scan.from_files([data])
