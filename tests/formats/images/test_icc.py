"""Colour profiles: honest ones come along, those that show another page are refused by name."""

from __future__ import annotations

import io
import itertools
import math
import random
import struct

import pytest
from PIL import Image, ImageCms

from ecert.capture.scan import Scan
from ecert.errors import InputError
from ecert.formats.ecert1 import cmyk_profile
from ecert.formats.images.icc import profile_fault, usable_profile
from ecert.formats.images.icc_transform import transforms
from ecert.model.limits import MAX_PROFILES
from ecert.testing import contested
from ecert.testing.contested import grey_profile, profile, rgb_profile, sampled
from tests.capture.images import encode, smooth
from tests.capture.reader import samples

PROPHOTO = ((0.7977, 0.2880, 0.0), (0.1352, 0.7119, 0.0), (0.0313, 0.0001, 0.8249))
ADOBE = ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446))


def built_in(kind: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(kind)).tobytes()  # type: ignore[arg-type]


def dot_gain(part: float) -> bytes:
    """Return a press's grey, whose dots grow by ``part`` in the middle."""
    inks = [1 - n / 255 for n in range(256)]
    grown = [min(ink + 4 * part * ink * (1 - ink), 1.0) for ink in inks]
    return grey_profile([round(65535 * (1 - ink)) for ink in grown])


def lstar() -> list[int]:
    values = [100 * n / 255 for n in range(256)]
    return [round(65535 * (((v + 16) / 116) ** 3 if v > 8 else v * 27 / 24389)) for v in values]


def lut(channels: int, spoil: dict[tuple[int, ...], float] | None = None, side: int = 9) -> bytes:
    """Return an honest table of grey paper to L*a*b* (lut16Type), some of whose points are spoiled."""
    points = b""
    for point in itertools.product(range(side), repeat=channels):
        values = [n / (side - 1) for n in point]
        if channels == 4:
            *inks, black = values
            values = [(1 - ink) * (1 - black) for ink in inks]
        lightness, a, b = to_lab(values)
        lightness = (spoil or {}).get(point, lightness)
        points += struct.pack(">3H", round(lightness * 652.8), round((a + 128) * 256), round((b + 128) * 256))
    straight = struct.pack(">2H", 0, 65535)
    matrix = struct.pack(">9i", *(65536 * (n % 4 == 0) for n in range(9)))
    body = (
        b"mft2\0\0\0\0"
        + bytes((channels, 3, side, 0))
        + matrix
        + struct.pack(">2H", 2, 2)
        + straight * channels
        + points
        + straight * 3
    )
    return profile({3: b"RGB ", 4: b"CMYK"}[channels], {b"A2B0": body}, connection=b"Lab ")


def to_lab(values: list[float]) -> tuple[float, float, float]:
    return transforms(rgb_profile(contested.gamma(2.2)), 3)[0].to_lab(values)


HONEST = {
    "sRGB": (built_in("sRGB"), 3),
    "sRGB of gamma 2.2": (rgb_profile(contested.gamma(2.2)), 3),
    "gamma 1.8": (rgb_profile(contested.gamma(1.8)), 3),
    "gamma 2.6": (rgb_profile(contested.gamma(2.6)), 3),
    "L*": (rgb_profile(lstar()), 3),
    "Adobe RGB": (rgb_profile(contested.gamma(2.199), ADOBE), 3),
    "ProPhoto": (rgb_profile(contested.gamma(1.8), PROPHOTO), 3),
    "a table": (lut(3), 3),
    "a fine table": (lut(3, side=17), 3),
    "a table of inks": (lut(4, side=5), 4),
    "the packaged inks": (cmyk_profile(), 4),
    "grey of gamma 1.8": (grey_profile(contested.gamma(1.8)), 1),
    "grey of gamma 2.2": (grey_profile(contested.gamma(2.2)), 1),
    **{f"a dot gain of {n} %": (dot_gain(n / 100), 1) for n in (10, 15, 20, 25, 30)},
}
MISLEADING = {
    "light grey is black": (rgb_profile(contested.light_grey_is_black()), 3, "greys"),
    "light grey is white": (rgb_profile(contested.light_grey_is_white()), 3, "greys"),
    "a curve falls": (rgb_profile(contested.falling()), 3, "falls"),
    "grey turned over": (grey_profile(contested.gamma(2.2)[::-1]), 1, "falls"),
    "light grey is black in grey": (grey_profile(contested.light_grey_is_black()), 1, "greys"),
    "gamma 6": (rgb_profile(contested.gamma(6)), 3, "greys"),
    "linear": (grey_profile(contested.gamma(1)), 1, "greys"),
    "red is white": (rgb_profile(contested.gamma(2.2), contested.RED_IS_WHITE), 3, "colours"),
    "a dark point on the greys": (lut(3, {(7, 7, 7): 0.0}), 3, "greys"),
    "a dark point of a fine table": (lut(3, {(15, 16, 16): 0.0}, side=17), 3, "greys"),
    "a dark point beside the greys": (lut(3, {(14, 16, 16): 0.0}, side=17), 3, "colours"),
    "light blue is white": (lut(3, {(4, 4, 8): 100.0, (0, 0, 8): 100.0}), 3, "colours"),
    "a hole in black ink": (lut(4, {(0, 0, 0, 2): 100.0}, side=5), 4, "greys"),
    "no curve": (profile(b"GRAY", {}), 1, "broken"),
    "a cut curve": (profile(b"GRAY", {b"kTRC": sampled([0, 65535])[:-2]}), 1, "broken"),
    "a table of another size": (lut(3)[:-4000], 3, "broken"),
}


@pytest.mark.parametrize(("data", "channels"), HONEST.values(), ids=HONEST)
def test_an_honest_profile_has_no_fault(data: bytes, channels: int):
    assert usable_profile(data, channels) == data
    assert profile_fault(data, channels) is None


@pytest.mark.parametrize(("data", "channels", "fault"), MISLEADING.values(), ids=MISLEADING)
def test_a_misleading_profile_is_told(data: bytes, channels: int, fault: str):
    assert profile_fault(data, channels) == fault


@pytest.mark.parametrize("kind", ["sRGB", "a table", "the packaged inks", "grey of gamma 1.8"])
def test_colours_are_those_of_the_common_engine(kind: str):
    data, channels = HONEST[kind]
    source = random.Random(7)
    mode = {1: "L", 3: "RGB", 4: "CMYK"}[channels]
    image = Image.frombytes(mode, (400, 1), source.randbytes(400 * channels))
    given = ImageCms.ImageCmsProfile(io.BytesIO(data))
    seen = ImageCms.profileToProfile(
        image,
        given,
        ImageCms.createProfile("LAB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="LAB",
    )
    assert seen is not None
    to_lab = transforms(data, channels)[0].to_lab
    raw = image.tobytes()
    for n, (lightness, a, b) in enumerate(zip(*[iter(seen.tobytes())] * 3, strict=True)):
        ours = to_lab([value / 255 for value in raw[n * channels : (n + 1) * channels]])
        a, b = ((v + 128) % 256 - 128 for v in (a, b))
        theirs = lightness / 2.55, a, b
        assert math.dist(ours, theirs) < 3, (n, ours, theirs)


def test_whatever_is_done_to_a_profile_nothing_is_raised():
    source = random.Random(11)
    for data, channels in HONEST.values():
        for _ in range(12):
            bad = bytearray(data)
            for _ in range(source.choice((1, 3, 20))):
                bad[source.randrange(128, len(bad))] = source.choice((0, 1, 127, 128, 255))
            usable = usable_profile(bytes(bad), channels)
            if usable is not None:
                profile_fault(usable, channels)


def with_profile(data: bytes, **options: object) -> bytes:
    return encode(smooth(), "JPEG", quality=95, icc_profile=data, **options)


def test_a_page_with_a_misleading_profile_is_refused_by_name():
    page = with_profile(rgb_profile(contested.light_grey_is_black()))
    with pytest.raises(InputError, match="input 1: the colour profile shows greys far") as caught:
        Scan.from_files([page])
    assert caught.value.code == "misleading-profile"
    assert "--convert-profiles" in (caught.value.hint or "")
    with pytest.raises(InputError, match="cannot be read whole"):
        Scan.from_files([with_profile(profile(b"RGB ", {}))], convert_profiles=True)


def test_on_request_a_page_is_converted_to_what_its_profile_shows():
    bad = rgb_profile(contested.falling())
    (stored,) = Scan.from_files([with_profile(bad)], convert_profiles=True).pages
    assert (stored.encoding, stored.icc, stored.reencoded) == ("FlateDecode", None, True)
    with Image.open(io.BytesIO(with_profile(bad))) as image:
        wanted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(bad)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        )
        assert wanted is not None
        pairs = zip(samples(stored), wanted.tobytes(), strict=True)
        assert max(abs(a - b) for a, b in pairs) <= 2
    honest = with_profile(built_in("sRGB"))
    (kept,) = Scan.from_files([honest], convert_profiles=True).pages
    assert kept.data == honest


def test_a_scan_has_few_profiles():
    pages = [with_profile(rgb_profile(contested.gamma(2 + n / 50))) for n in range(MAX_PROFILES + 1)]
    assert len(Scan.from_files(pages[1:] * 2).pages) == 2 * MAX_PROFILES
    with pytest.raises(InputError) as caught:
        Scan.from_files(pages)
    assert caught.value.code == "too-many-profiles"
