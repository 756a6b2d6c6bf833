"""Image XObjects of scanned pages: from a stored image to its dictionary, and strictly back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ecert.formats.pdf.objects import Hex, Name, PdfDict, PdfValue, Ref, Stream
from ecert.formats.record import PageFacts
from ecert.model.files import packaged
from ecert.model.images import StoredImage

_CHANNELS = {"grey": 1, "rgb": 3, "cmyk": 4, "indexed": 1}
_DEVICE = {"grey": "DeviceGray", "rgb": "DeviceRGB"}


@cache
def packaged_icc(name: str) -> bytes:
    """Return a packaged ICC profile (CC0, see ``icc/``)."""
    return packaged(f"formats/ecert1/icc/{name}")


def cmyk_profile() -> bytes:
    """Return the profile for CMYK images that bring none."""
    return packaged_icc("CGATS001Compat-v2-micro.icc")


@dataclass(frozen=True)
class ImageForm:
    """The bytes behind an image's dictionary; everything else follows from the record's page facts."""

    data: bytes | memoryview
    icc: bytes | None
    palette: bytes | None

    @classmethod
    def of(cls, image: StoredImage) -> ImageForm:
        """Return the form of a stored image."""
        return cls(image.data, image.icc, image.palette)


def image_objects(page: PageFacts, form: ImageForm, image: int, icc: int) -> dict[int, Stream]:
    """Return the image XObject and, where it has a profile, the profile's stream."""
    channels = _CHANNELS[page.colour]
    head: PdfDict = {"Type": Name("XObject"), "Subtype": Name("Image"), "Width": page.width, "Height": page.height}
    if page.encoding != "JPXDecode" or page.colour == "cmyk":
        head["ColorSpace"] = _colour_space(page, form, icc)
    if page.encoding != "JPXDecode":
        head["BitsPerComponent"] = page.bits
    if page.inverted:
        head["Decode"] = [1, 0] * channels
    head["Filter"] = Name(page.encoding)
    if page.predictor:
        head["DecodeParms"] = {
            "Predictor": 15,
            "Colors": channels,
            "BitsPerComponent": page.bits,
            "Columns": page.width,
        }
    head["Length"] = len(form.data)
    objects = {image: Stream(head, form.data)}
    profile = _profile(page, form)
    if profile is not None:
        objects[icc] = Stream({"N": channels, "Length": len(profile)}, profile)
    return objects


def _profile(page: PageFacts, form: ImageForm) -> bytes | None:
    """Return the image's own profile, else for CMYK the packaged one (ISO 19005-3, 6.2.4.3)."""
    if page.profile_sha256 is not None:
        return form.icc or b""
    return cmyk_profile() if page.colour == "cmyk" else None


def _colour_space(page: PageFacts, form: ImageForm, icc: int) -> PdfValue:
    base: PdfValue
    if _profile(page, form) is not None and page.colour != "indexed":
        return [Name("ICCBased"), Ref(icc)]
    if page.colour == "indexed":
        palette = form.palette or b"\0\0\0"
        base = Name("DeviceRGB")
        return [Name("Indexed"), base, len(palette) // 3 - 1, Hex(palette)]
    return Name(_DEVICE[page.colour])


def read_image(stream: Stream, resolve: Callable[[PdfValue], PdfValue]) -> ImageForm:
    """Take from an image XObject the bytes that the record knows by digest alone.

    Only reads; whether the dictionary is one we write is decided by writing it again.
    """
    head = stream.dict
    space = head.get("ColorSpace")
    icc = palette = None
    if isinstance(space, list) and len(space) >= 2:
        if space[0] == "ICCBased":
            profile = resolve(space[1])
            icc = profile.encoded() if isinstance(profile, Stream) else None
        elif space[0] == "Indexed" and isinstance(space[-1], bytes):
            palette = bytes(space[-1])
    return ImageForm(stream.data, icc, palette)
