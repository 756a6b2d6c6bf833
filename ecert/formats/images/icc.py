"""Which embedded ICC profiles may stand in a PDF/A-3 file, and which show other colours than are there.

A profile says what samples look like, and readers follow it or do not. So one that turns light grey into
black, or grey letters into the white around them, shows two pages, of which nobody knows which was certified.
Honest profiles of scanners, screens and presses differ from sRGB by what stands at the limits below.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import Literal

from ecert.formats.images.icc_transform import Lab, NotMonotonic, Transform, transforms
from ecert.model.files import packaged
from ecert.model.limits import MAX_ICC_BYTES, MAX_PROFILES

ProfileFault = Literal["broken", "falls", "greys", "colours"]

_CLASSES = (b"mntr", b"prtr", b"scnr", b"spac")
_SPACES = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}


def usable_profile(profile: bytes | None, channels: int) -> bytes | None:
    """Return the profile, cut to its stated size, where an ICCBased space may name it, else None.

    ISO 19005-3, 6.2.4.2 and ISO 32000-1, 8.6.5.5: version 4 or older; class display, output,
    input or colour space; data colour space equal to the number of channels. Beyond that the
    header (ICC.1:2010, 7.2) must be sane: signature, size, XYZ or Lab connection space, and
    every tag inside the profile.
    """
    if profile is None or not 132 <= len(profile) <= MAX_ICC_BYTES:
        return None
    size, tags = struct.unpack_from(">I", profile)[0], struct.unpack_from(">I", profile, 128)[0]
    sane = (
        132 + 12 * tags <= size <= len(profile)
        and profile[36:40] == b"acsp"
        and 2 <= profile[8] <= 4
        and profile[12:16] in _CLASSES
        and profile[16:20] == _SPACES.get(channels)
        and profile[20:24] in (b"XYZ ", b"Lab ")
        and tags > 0
    )
    if not sane:
        return None
    for at in range(132, 132 + 12 * tags, 12):
        offset, length = struct.unpack_from(">II", profile, at + 4)
        if offset < 128 or offset + length > size:
            return None
    return profile[:size]


def has_tables(profile: bytes) -> bool:
    """Return whether a usable profile names tables beside or in place of curves and a matrix."""
    count = struct.unpack_from(">I", profile, 128)[0]
    return any(profile.startswith(b"A2B", at) for at in range(132, 132 + 12 * count, 12))


#: L* by which greys may be darker or lighter than in sRGB: a dot gain of 30 % is 17 darker, one of 10 % is 23
#: lighter, gamma 2.6 is 9 darker; a linear profile, which takes faint letters away, is 31 lighter
_DARKER, _LIGHTER = 20.0, 27.0
_BLACK_INK = 38.0  # L* by which printers' black may be lighter: newspapers' is 36
_MOST_DIP = 1.0  # L* by which a grey may be darker than a darker one: noise of a measured table
_LEAST_WHITE = 80.0  # L*: unbleached paper, in profiles that do not relate to it
_MOST_TINT = 25.0  # a* or b* of a grey
#: a step of 3 L* between greys that are not nearly black keeps 0.3 of itself: of a dot gain of 10 % it is 0.62
_STEP, _LEAST_STEP, _NEARLY_BLACK = 3.0, 0.3, 20.0
#: any colour: L* from the usual one (ProPhoto's blue is 30 darker), and which part of its distance from white
#: is left (gamma 1.8: 0.78)
_ASTRAY, _LEAST_CONTRAST, _NEAR_WHITE = 40.0, 0.5, 5.0


@lru_cache(maxsize=MAX_PROFILES)
def profile_fault(profile: bytes, channels: int) -> ProfileFault | None:
    """Return in what a usable profile shows other colours than are there, None where it does not.

    Every transformation that a reader may choose is looked at.
    """
    try:
        found = transforms(profile, channels)
        for each in found:
            fault = _fault(each, channels)
            if fault is not None:
                return fault
    except NotMonotonic:
        return "falls"
    except (ValueError, ArithmeticError):
        return "broken"
    return None


def _fault(transform: Transform, channels: int) -> ProfileFault | None:
    to_lab = transform.to_lab
    for ramp in _ramps(channels):
        inks = channels == 4
        if not _greys_stay([to_lab(device) for device in ramp], inks=inks):
            return "greys"
    if channels == 1:
        return None
    white = to_lab(_white(channels))
    for device in _samples(channels, transform.side):
        if _is_astray(to_lab(device), white, _usual(device), _usual(_white(channels))):
            return "colours"
    return None


def _white(channels: int) -> tuple[float, ...]:
    return (0.0,) * 4 if channels == 4 else (1.0,) * channels


def _ramps(channels: int) -> Iterator[list[tuple[float, ...]]]:
    """Yield what stands for 256 greys, from black to white: black ink alone, and the other three."""
    greys = [n / 255 for n in range(256)]
    if channels == 4:
        yield [(0.0, 0.0, 0.0, 1 - grey) for grey in greys]
        yield [(1 - grey, 1 - grey, 1 - grey, 0.0) for grey in greys]
    else:
        yield [(grey,) * channels for grey in greys]


def _greys_stay(shown: Sequence[Lab], *, inks: bool) -> bool:
    """Return whether greys are shown as greys, each not far from where it was, none lost in the next."""
    usual = _usual_greys()
    lighter = _BLACK_INK if inks else _LIGHTER
    lightest = 0.0
    for (lightness, a, b), wanted in zip(shown, usual, strict=True):
        lightest = max(lightest, lightness)
        if lightness < lightest - _MOST_DIP or max(abs(a), abs(b)) > _MOST_TINT:
            return False
        if not -_DARKER <= lightness - wanted <= lighter:
            return False
    if shown[-1][0] < _LEAST_WHITE:
        return False
    upper = 0
    for lower, wanted in enumerate(usual):
        while upper < 256 and usual[upper] < wanted + _STEP:
            upper += 1
        if upper == 256:
            return True
        kept = shown[upper][0] - shown[lower][0]
        if wanted >= _NEARLY_BLACK and kept < _LEAST_STEP * (usual[upper] - wanted):
            return False
    return True


def _samples(channels: int, side: int) -> Iterable[tuple[float, ...]]:
    """Return colours all over, and of a table every point beside the greys: paper is never quite white."""
    steps = 9 if side and channels == 3 else 5
    yield from product([n / (steps - 1) for n in range(steps)], repeat=channels)
    if side < 3:
        return
    beside = list(product((-1, 0, 1), repeat=channels))
    if channels == 4:  # one ink more or less
        beside = [offset for offset in beside if sum(map(abs, offset)) == 1]
    for ramp in _ramps(channels):
        for n in range(side):
            grey = ramp[round(255 * n / (side - 1))]
            for offset in beside:
                yield tuple(
                    min(max(value + step / (side - 1), 0.0), 1.0) for value, step in zip(grey, offset, strict=True)
                )


def _is_astray(shown: Lab, white: Lab, usual: Lab, usual_white: Lab) -> bool:
    if abs(shown[0] - usual[0]) > _ASTRAY:
        return True
    contrast = math.dist(usual, usual_white)
    return contrast > _NEAR_WHITE and math.dist(shown, white) < _LEAST_CONTRAST * contrast


@cache
def _usual_greys() -> tuple[float, ...]:
    return tuple(_usual((n / 255,) * 3)[0] for n in range(256))


@lru_cache(maxsize=4096)
def _usual(device: tuple[float, ...]) -> Lab:
    """Return the colour that is usually meant: sRGB, or the packaged profile of a press."""
    return _usual_transform(len(device)).to_lab(device)


@cache
def _usual_transform(channels: int) -> Transform:
    names = {3: "sRGB-v2-micro.icc", 4: "CGATS001Compat-v2-micro.icc"}
    return transforms(packaged(f"formats/ecert1/icc/{names[channels]}"), channels)[0]
