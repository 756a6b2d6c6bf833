"""Colour profiles of scanned pages: those that show other colours than are there are refused by name.

On request such a page is converted: its pixels as the profile shows them, in sRGB, stored without loss.
"""

from __future__ import annotations

from dataclasses import replace

from ecert.errors import InputError
from ecert.formats.images import reencode, refusals
from ecert.formats.images.decoded import open_stored, to_srgb, upright_tones
from ecert.formats.images.flate import CHANNELS
from ecert.formats.images.icc import ProfileFault, profile_fault
from ecert.model.images import StoredImage

_WORDS: dict[ProfileFault, str] = {
    "broken": "cannot be read whole",
    "falls": "has a curve that falls where it should rise",
    "greys": "shows greys far from where they are",
    "colours": "shows colours far from what they are, or hides them in white",
}


def with_honest_profile(page: StoredImage, *, convert: bool) -> StoredImage:
    """Return the page, or with ``convert`` one in sRGB where its profile is not honest.

    Raises:
        InputError: ``misleading-profile``; ``lossless-impossible`` where there are more than 8 bits.
    """
    if page.icc is None:
        return page
    fault = profile_fault(page.icc, CHANNELS[page.colour])
    if fault is None:
        return page
    if convert and fault != "broken":
        return _converted(page, page.icc)
    raise InputError(
        f"{page.source}: the colour profile {_WORDS[fault]}; readers show different pages",
        code="misleading-profile",
        hint="scan without a colour profile or in sRGB; --convert-profiles converts what such a one shows",
    )


def _converted(page: StoredImage, profile: bytes) -> StoredImage:
    name = page.source
    if page.bits > 8:
        raise refusals.lossless_impossible(name, f"{page.bits}-bit samples in another colour space")
    refusals.check_decoded(name, page.width * page.height * reencode.CODEC_PIXEL_BYTES)
    with reencode.decoding(name):
        picture = open_stored(page, page.data, page.palette, name=name)
        seen = to_srgb(upright_tones(picture, page), profile)
    seen.info = {}
    stored = reencode.store_picture(seen, name=name, dpi=page.dpi, orientation=page.orientation)
    return replace(stored, alpha_flattened=page.alpha_flattened)
