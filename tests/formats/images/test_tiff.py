"""TIFF: everything is unpacked without losing a bit, and fax data strictly."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ecert.errors import InputError
from ecert.formats.images import read_pages
from ecert.formats.images.tiff import read_tiff
from ecert.model.images import StoredImage
from tests.capture.images import encode, picture, smooth
from tests.capture.reader import bilevel, render, samples

DPI = {282: (300, 1), 283: (300, 1), 296: 2}


def pages(data: bytes, dpi: float | None = None, **more: Any) -> list[StoredImage]:
    return list(read_pages(data, name="a.tif", dpi=dpi, **more))


def code(data: bytes, dpi: float | None = 300, **more: Any) -> str:
    with pytest.raises(InputError) as caught:
        pages(data, dpi, **more)
    assert caught.value.hint
    return caught.value.code


def tiff(tags: dict[int, Any], strips: list[bytes], order: str = "<", tiled: bool = False) -> bytes:
    """Return a TIFF file of one page; a tuple of two numbers is a rational, a list is LONGs."""
    data, offsets = b"", []
    for strip in strips:
        offsets.append(8 + len(data))
        data += strip
    tags = DPI | tags | {324 if tiled else 273: offsets, 325 if tiled else 279: [*map(len, strips)]}
    entries, extra = b"", b""
    first = 8 + len(data)
    after = first + 2 + 12 * len(tags) + 4
    for tag, value in sorted(tags.items()):
        if isinstance(value, tuple):
            kind, count, body = 5, 1, struct.pack(order + "II", *value)
        elif isinstance(value, bytes):
            kind, count, body = 7, len(value), value
        else:
            values = value if isinstance(value, list) else [value]
            wide = tag in (256, 257, 273, 279, 324, 325)
            kind, count = (4 if wide else 3), len(values)
            body = struct.pack(f"{order}{count}{'I' if wide else 'H'}", *values)
        if len(body) > 4:
            entries += struct.pack(order + "HHII", tag, kind, count, after + len(extra))
            extra += body
        else:
            entries += struct.pack(order + "HHI", tag, kind, count) + body.ljust(4, b"\0")
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", first)
    return head + data + struct.pack(order + "H", len(tags)) + entries + bytes(4) + extra


def plain(width: int, height: int, bits: list[int], photometric: int, **more: int) -> dict[int, Any]:
    known = {"compression": 259, "planar": 284, "fill": 266, "predictor": 317, "extra": 338}
    tags: dict[int, Any] = {256: width, 257: height, 258: bits, 262: photometric, 277: len(bits)}
    tags[259] = 1
    return tags | {known[key]: value for key, value in more.items()}


@pytest.mark.parametrize("photometric", [0, 1])
def test_a_group_4_page_is_stored_bit_for_bit(photometric: int, tmp_path):
    image = picture("1", (203, 101))
    data = encode(image, "TIFF", compression="group4", tiffinfo={262: photometric, 278: 101})
    (stored,) = pages(data)
    assert (stored.encoding, stored.reencoded, stored.bits) == ("FlateDecode", True, 1)
    assert stored.inverted is (photometric == 0)
    shown = render([stored], tmp_path)[0].convert("1")
    assert shown.tobytes() == Image.open(io.BytesIO(data)).tobytes()


def strip(compression: str = "group4", options: int = 0) -> bytes:
    """Return the fax data of one page."""
    info = {278: 101, 262: 0} | ({292: options} if options else {})
    data = encode(picture("1", (203, 101)), "TIFF", compression=compression, tiffinfo=info)
    with Image.open(io.BytesIO(data)) as file:
        (offset,), (size,) = file.tag_v2[273], file.tag_v2[279]  # type: ignore[attr-defined]
    return data[offset : offset + size]


def fax(data: bytes, compression: int = 4, **more: int) -> bytes:
    return tiff(plain(203, 101, [1], 0, compression=compression, **more), [data])


def test_fill_order_2_is_turned():
    turned = bytes(int(f"{byte:08b}"[::-1], 2) for byte in strip())
    (stored,) = pages(fax(turned, fill=2))
    (other,) = pages(fax(strip()))
    assert other.data == stored.data


@pytest.mark.parametrize("tail", [b"", bytes(40), b"\r\n", bytes(7) + b"\n", b"\0\x10\1" * 2])
def test_the_end_of_fax_data_may_be_there_or_not(tail: bytes):
    """The number of rows says where a page ends; end codes, padding and line ends show nothing."""
    bits = f"{int.from_bytes(strip(), 'big'):0{8 * len(strip())}b}".rstrip("0")
    bits = bits.removesuffix("000000000001" * 2)
    size = -(-len(bits) // 8)
    body = int(bits.ljust(8 * size, "0"), 2).to_bytes(size, "big")
    (stored,) = pages(fax(body + tail))
    assert bilevel(stored) == picture("1", (203, 101))


def test_wrong_fax_data_is_refused():
    good = strip()
    assert code(fax(good[:-20])) == "truncated"
    assert code(fax(good + good)) == "damaged-image"
    refused = set()
    for at in range(0, 8 * (len(good) - 3), 97):
        bad = bytearray(good)
        bad[at // 8] ^= 1 << at % 8
        with contextlib.suppress(InputError):  # a flipped bit may also make another whole picture
            pages(fax(bytes(bad)))
            continue
        refused.add(code(fax(bytes(bad))))
    assert "damaged-image" in refused
    assert refused <= {"damaged-image", "truncated"}
    assert code(fax(good[:100] + b"\0\x0f\xff" + good[103:])) == "damaged-image"  # extension codes
    early = good[:60] + b"\0\x10\1\0\x10\1" + good[60:]
    assert code(fax(early)) in ("truncated", "damaged-image")


@pytest.mark.parametrize(
    ("compression", "number", "options"),
    [("group3", 3, 0), ("group3", 3, 1), ("group3", 3, 5), ("tiff_ccitt", 2, 0), ("group4", 4, 0)],
)
def test_fax_of_every_kind_is_read_as_libtiff_reads_it(compression: str, number: int, options: int):
    for size in ((1, 1), (8, 9), (203, 101), (2700, 7), (5300, 3)):
        for image in (picture("1", size), Image.new("1", size), Image.new("1", size, 255)):
            info = {278: size[1], 262: 0} | ({292: options} if options else {})
            data = encode(image, "TIFF", compression=compression, tiffinfo=info, dpi=(100, 100))
            with Image.open(io.BytesIO(data)) as file:
                assert file.tag_v2[259] == number  # type: ignore[attr-defined]
            (stored,) = read_tiff(data, name="a.tif", max_pages=1)
            assert bilevel(stored).tobytes() == image.tobytes()


@pytest.mark.parametrize("compression", ["group4", "group3", "tiff_lzw", "packbits", None])
def test_black_and_white_in_strips_is_stored_bit_for_bit(compression, tmp_path):
    image = picture("1", (203, 101))
    data = encode(image, "TIFF", compression=compression, tiffinfo={278: 10})
    (stored,) = pages(data)
    assert (stored.encoding, stored.bits, stored.reencoded) == ("FlateDecode", 1, True)
    assert render([stored], tmp_path)[0].convert("1").tobytes() == image.tobytes()


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "lzma"])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK", "P", "I;16"])
def test_samples_are_stored_bit_for_bit(mode: str, compression: str | None):
    image = picture(mode)
    for predictor in (1, 2):
        info = {278: 7}
        if predictor == 2 and compression in ("tiff_lzw", "tiff_adobe_deflate"):
            info[317] = 2
        (stored,) = pages(encode(image, "TIFF", compression=compression, tiffinfo=info))
        raw = image.tobytes()
        if mode == "I;16":
            raw = b"".join(raw[n + 1 : n + 2] + raw[n : n + 1] for n in range(0, len(raw), 2))
        assert samples(stored) == raw
        assert stored.bits == (16 if mode == "I;16" else 8)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("planar", [1, 2])
@pytest.mark.parametrize("deflate", [False, True])
def test_sixteen_bit_colour_loses_nothing(order: str, planar: int, deflate: bool):
    width, height = 33, 21
    values = random.Random(5).choices(range(65536), k=width * height * 3)
    parts = [values] if planar == 1 else [values[n::3] for n in range(3)]
    strips = [struct.pack(f"{order}{len(part)}H", *part) for part in parts]
    tags = plain(width, height, [16, 16, 16], 2, planar=planar, compression=8 if deflate else 1)
    if deflate:
        strips = [zlib.compress(strip) for strip in strips]
    (stored,) = pages(tiff(tags, strips, order))
    assert (stored.bits, stored.colour) == (16, "rgb")
    assert samples(stored) == struct.pack(f">{len(values)}H", *values)


@pytest.mark.parametrize("order", ["<", ">"])
def test_sixteen_bit_differences_are_undone(order: str):
    width, height = 33, 21
    values = random.Random(5).choices(range(65536), k=width * height * 3)
    coded = []
    for row in range(height):
        line = values[row * width * 3 : (row + 1) * width * 3]
        coded += line[:3] + [(b - a) % 65536 for a, b in zip(line, line[3:], strict=False)]
    strip = zlib.compress(struct.pack(f"{order}{len(coded)}H", *coded))
    tags = plain(width, height, [16, 16, 16], 2, compression=8, predictor=2)
    (stored,) = pages(tiff(tags, [strip], order))
    assert samples(stored) == struct.pack(f">{len(values)}H", *values)


def test_tiles_are_put_together():
    image = picture("RGB", (61, 43))
    wide = image.crop((0, 0, 64, 48))
    tiles = [wide.crop((x, y, x + 32, y + 16)).tobytes() for y in (0, 16, 32) for x in (0, 32)]
    tags = plain(61, 43, [8, 8, 8], 2) | {322: 32, 323: 16}
    (stored,) = pages(tiff(tags, tiles, tiled=True))
    assert samples(stored) == image.tobytes()


@pytest.mark.parametrize("bits", [2, 4])
def test_grey_of_few_bits_keeps_its_depth(bits: int):
    raw = random.Random(1).randbytes(16 * 20)
    (stored,) = pages(tiff(plain(16 * 8 // bits, 20, [bits], 0), [raw]))
    assert (stored.bits, stored.inverted) == (bits, True)
    assert samples(stored) == raw


def test_twelve_bits_are_widened_to_sixteen():
    values = random.Random(1).choices(range(4096), k=31 * 20)
    raw = b""
    for row in range(20):
        bits = "".join(f"{value:012b}" for value in values[row * 31 : row * 31 + 31]) + "0000"
        raw += int(bits, 2).to_bytes(47, "big")
    (stored,) = pages(tiff(plain(31, 20, [12], 1), [raw]))
    seen = struct.unpack(f">{31 * 20}H", samples(stored))
    assert stored.bits == 16
    assert list(seen) == [value << 4 | value >> 8 for value in values]


@pytest.mark.parametrize("extra", [1, 2])
def test_alpha_is_laid_on_white(extra: int):
    raw = random.Random(2).randbytes(31 * 20 * 4)
    (stored,) = pages(tiff(plain(31, 20, [8] * 4, 2, extra=extra), [raw]))
    assert stored.alpha_flattened
    alphas = raw[3::4]
    for number in range(3):
        plane = zip(raw[number::4], alphas, samples(stored)[number::3], strict=True)
        for value, alpha, seen in plane:
            exact = value + 255 - alpha if extra == 1 else (value * alpha + 255 * (255 - alpha)) / 255
            assert abs(min(exact, 255) - seen) <= 0.51


def test_jpeg_inside_tiff_is_stored_as_pixels():
    data = encode(picture("RGB", (64, 48)).resize((640, 480)), "TIFF", compression="jpeg")
    (stored,) = pages(data)
    assert stored.reencoded
    assert samples(stored) == Image.open(io.BytesIO(data)).tobytes()


@pytest.mark.parametrize("value", range(1, 9))
def test_jpeg_inside_tiff_is_turned_once(value: int, tmp_path: Path):
    info = {274: value, 278: 480}
    data = encode(smooth("RGB", (320, 240)), "TIFF", compression="jpeg", tiffinfo=info)
    (stored,) = pages(data)
    assert (stored.width, stored.height, stored.orientation) == (320, 240, value)
    upright = Image.open(io.BytesIO(data))  # Pillow turns TIFF by itself
    upright.load()
    assert render([stored], tmp_path)[0].tobytes() == upright.tobytes()


def test_pages_come_in_order_and_are_limited():
    frames = [picture("L", (30 + n, 20)) for n in range(5)]
    data = encode(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    assert [page.width for page in pages(data)] == [30, 31, 32, 33, 34]
    assert pages(data)[1].source == "a.tif, page 2"
    assert code(data, max_pages=4) == "too-many-pages"


def test_small_copies_of_a_page_are_not_pages():
    frames = [picture("L", (60, 40)), picture("L", (15, 10))]
    frames[1].encoderinfo = {"tiffinfo": {254: 1}}
    out = io.BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:], dpi=(300, 300))
    assert [page.width for page in pages(out.getvalue())] == [60]


def test_resolution_units():
    raw = [bytes(30 * 20)]
    base = plain(30, 20, [8], 1)
    assert pages(tiff(base | {296: 3, 282: (11811, 100), 283: (11811, 100)}, raw))[0].dpi == (300, 300)
    assert pages(tiff(base | {282: (204, 1), 283: (98, 1)}, raw))[0].dpi == (204, 98)
    for silent in ({296: 1}, {282: (0, 1)}, {283: (1, 0)}):
        assert code(tiff(base | silent, raw), None) == "resolution-missing"
        assert pages(tiff(base | silent, raw), 150)[0].dpi == (150, 150)


@pytest.mark.parametrize("value", range(10))
def test_orientation(value: int):
    (stored,) = pages(tiff(plain(30, 20, [8], 1) | {274: value}, [bytes(600)]))
    assert stored.orientation == (value if 1 <= value <= 8 else 1)


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [
        ({339: 3, 258: [32]}, "lossless-impossible"),
        ({339: 2}, "lossless-impossible"),
        ({258: [32]}, "lossless-impossible"),
        ({262: 8}, "lossless-impossible"),
        ({262: 6}, "lossless-impossible"),
        ({259: 50001}, "unsupported-format"),
        ({254: 4}, "unsupported-format"),
        ({277: 2, 258: [8, 8]}, "unsupported-format"),
        ({256: 0}, "damaged-image"),
        ({256: 30_001}, "too-large"),
        ({256: 14_000, 257: 14_000}, "too-large"),
        ({257: 21}, "truncated"),
        ({278: 5}, "damaged-image"),
        ({262: 3}, "damaged-image"),
    ],
)
def test_refusals(tags: dict[int, Any], wanted: str):
    assert code(tiff(plain(30, 20, [8], 1) | tags, [bytes(600)])) == wanted


def test_strips_that_unpack_to_too_much_or_too_little():
    tags = plain(30, 20, [8], 1, compression=8)
    assert code(tiff(tags, [zlib.compress(bytes(1 << 24))])) == "decompression-bomb"
    assert code(tiff(tags, [zlib.compress(bytes(599))])) == "truncated"
    assert code(tiff(tags, [zlib.compress(bytes(600))[:-8]])) == "truncated"
    assert code(tiff(tags | {259: 5}, [b"\x80\x01\x02"])) == "damaged-image"


def test_a_ring_of_pages_is_refused():
    data = bytearray(tiff(plain(30, 20, [8], 1), [bytes(600)]))
    first = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, first)[0]
    struct.pack_into("<I", data, first + 2 + 12 * count, first)
    assert code(bytes(data)) == "damaged-image"
