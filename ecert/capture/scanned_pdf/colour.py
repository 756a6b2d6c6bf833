"""Colour spaces of scanner PDFs' images (ISO 32000-1, 8.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ecert.formats.images import refusals
from ecert.formats.images.flate import inflate
from ecert.formats.images.icc import usable_profile
from ecert.model.images import Colour
from ecert.model.limits import MAX_ICC_BYTES

_DEVICE: dict[str, Colour] = {
    "/DeviceGray": "grey",
    "/DeviceRGB": "rgb",
    "/DeviceCMYK": "cmyk",
    "/CalGray": "grey",
    "/CalRGB": "rgb",
}
_BY_CHANNELS: dict[int, Colour] = {1: "grey", 3: "rgb", 4: "cmyk"}
_USUAL_GAMMA = (1.7, 2.5)  # what scanners mean by sRGB; shown as device colour


@dataclass(frozen=True)
class ColourSpace:
    """What the samples mean."""

    colour: Colour
    icc: bytes | None = None
    palette: bytes | None = None


def read_colour_space(space: Any, *, name: str) -> ColourSpace:
    """Return the colour space of an image.

    CalGray and CalRGB with the usual gamma count as device colours: they are what scanners call
    sRGB. A profile that PDF/A-3 cannot carry is left out, as in image files.

    Raises:
        InputError: ``unsupported-format`` for separations, Lab, patterns and other gammas.
    """
    import pikepdf

    if not isinstance(space, pikepdf.Array):
        if str(space) in ("/DeviceGray", "/DeviceRGB", "/DeviceCMYK"):
            return ColourSpace(_DEVICE[str(space)])
        raise refusals.unsupported(name, "an image of unknown colour space")
    family = str(space[0])
    if family in ("/CalGray", "/CalRGB"):
        gamma = space[1].get("/Gamma", 1)
        values = list(gamma) if isinstance(gamma, pikepdf.Array) else [gamma]
        low, high = _USUAL_GAMMA
        if not all(low <= float(value) <= high for value in values):
            raise refusals.unsupported(name, "an image in calibrated colour of unusual gamma")
    if family in _DEVICE:
        return ColourSpace(_DEVICE[family])
    if family == "/ICCBased":
        channels = int(space[1].get("/N", 0))
        if channels not in _BY_CHANNELS:
            raise refusals.unsupported(name, f"an image of {channels} ICC channels")
        profile = usable_profile(_content(space[1], name), channels)
        return ColourSpace(_BY_CHANNELS[channels], profile)
    if family == "/Indexed":
        return _indexed(space, name)
    raise refusals.unsupported(name, f"an image in colour space {family[1:20]}")


def _indexed(space: Any, name: str) -> ColourSpace:
    """Return an indexed space as RGB triples; a grey base is widened."""
    import pikepdf

    base = read_colour_space(space[1], name=name)
    if base.colour not in ("grey", "rgb"):
        raise refusals.unsupported(name, f"an image palette over {base.colour}")
    table = _content(space[3], name) if isinstance(space[3], pikepdf.Stream) else bytes(space[3])
    entries, size = int(space[2]) + 1, 1 if base.colour == "grey" else 3
    if not 1 <= entries <= 256 or len(table) < entries * size:
        raise refusals.damaged_image(name, "a broken image palette")
    table = table[: entries * size]
    if base.colour == "grey":
        return ColourSpace("indexed", None, bytes(v for value in table for v in (value,) * 3))
    return ColourSpace("indexed", None, table)  # a page's palette is plain RGB


def _content(stream: Any, name: str) -> bytes:
    """Return a small stream's content, bounded by ``MAX_ICC_BYTES``."""
    raw = stream.read_raw_bytes()
    kind = stream.get("/Filter")
    if len(raw) > MAX_ICC_BYTES:
        return b""
    if str(kind) == "/FlateDecode" and "/DecodeParms" not in stream:
        return b"".join(inflate(raw, MAX_ICC_BYTES, name=name, strict=False))
    return bytes(raw) if kind is None else b""
