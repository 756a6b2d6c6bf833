"""Signature appearances: our own form XObjects, an image and text (ISO 32000-1, 12.5.5).

Texts are functions of the record and the claimed time, so verification draws them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ecert.errors import Reason, RecordError
from ecert.formats.ecert1.canvas import Canvas, Rgb
from ecert.formats.ecert1.fonts import bold, regular
from ecert.formats.ecert1.languages import WORDINGS
from ecert.formats.ecert1.revision0 import font_resources
from ecert.formats.ecert1.statement import SEAL_SHARE, SEAL_TEXT_HEIGHT, SIGNATURE_HEIGHT, Rect
from ecert.formats.pdf.objects import Name, PdfDict, Ref, Stream
from ecert.formats.record import CopyRecord
from ecert.model.profiles import get_profile
from ecert.model.roles import Role
from ecert.model.times import office_time

BLUE: Rgb = (0.05, 0.15, 0.55)
RED: Rgb = (0.75, 0.05, 0.08)

_SMALL, _SMALL_LEADING = 6.0, 7.5  # points: texts beside a picture


@dataclass(frozen=True)
class StampImage:
    """A signature's or seal's picture as a PDF image: 8-bit RGB and its soft mask."""

    width: int
    height: int
    rgb: bytes | memoryview  # FlateDecode
    alpha: bytes | memoryview | None  # FlateDecode, 8-bit grey; None: opaque

    def objects(self, image: int, mask: int) -> dict[int, Stream]:
        """Return the image XObject and, where there is transparency, its soft mask."""
        head: PdfDict = {
            "Type": Name("XObject"),
            "Subtype": Name("Image"),
            "Width": self.width,
            "Height": self.height,
            "ColorSpace": Name("DeviceRGB"),
            "BitsPerComponent": 8,
            "Filter": Name("FlateDecode"),
            "Length": len(self.rgb),
        }
        if self.alpha is None:
            return {image: Stream(head, self.rgb)}
        soft: PdfDict = {
            "Type": Name("XObject"),
            "Subtype": Name("Image"),
            "Width": self.width,
            "Height": self.height,
            "ColorSpace": Name("DeviceGray"),
            "BitsPerComponent": 8,
            "Filter": Name("FlateDecode"),
            "Length": len(self.alpha),
        }
        return {image: Stream({**head, "SMask": Ref(mask)}, self.rgb), mask: Stream(soft, self.alpha)}


def draw_appearance(role: Role, record: CopyRecord, claimed: datetime, rect: Rect, stamp: StampImage | None) -> bytes:
    """Return the appearance's content stream; its box is (0, 0) to the field's size.

    Raises:
        RecordError: a text does not fit, or has a character without a glyph.
    """
    width, height = rect[2] - rect[0], rect[3] - rect[1]
    profile = get_profile(record.profile)
    time = office_time(claimed, profile.utc_offset_hours, iso=record.language == "en")
    if role == "signer":
        return _signer(record, time, width, height, stamp)
    return _seal(record, time, width, height, stamp)


def _signer(record: CopyRecord, time: str, width: float, height: float, stamp: StampImage | None) -> bytes:
    """Draw the signature: the picture with its texts below, or the texts alone, in a frame.

    The seal's field lies over the left part: texts stand to the right of it.
    """
    words, certifier = WORDINGS[record.language], record.certification.certifier
    canvas = Canvas()
    left = width * SEAL_SHARE + 3
    rows = ((words.signer, certifier.name), (words.office, certifier.title), (words.time, time))
    if stamp:
        lines = [line for label, value in rows for line in regular().wrapped(f"{label} {value}", _SMALL, width - left)]
        _refuse_beyond(lines, 7, "certifier.title")
        foot = len(lines) * _SMALL_LEADING + 2
        _paint(canvas, stamp, 0, foot, width, height - foot)
        for number, line in enumerate(reversed(lines)):
            canvas.text(left, 2 + number * _SMALL_LEADING, regular(), _SMALL, line, colour=BLUE)
        return canvas.content()
    canvas.frame(left, 0.5, width - left - 0.5, height - 1, BLUE)
    texts = [
        (face, line)
        for label, value in rows
        for face, line in [
            (bold(), label),
            *((regular(), line) for line in regular().wrapped(value, 7.5, width - left - 9)),
        ]
    ]
    _refuse_beyond(texts, 9, "certifier.title")
    for number, (face, line) in enumerate(texts):
        canvas.text(left + 5, height - 12 - number * 10, face, 7.5, line, colour=BLUE)
    return canvas.content()


def _seal(record: CopyRecord, time: str, width: float, height: float, stamp: StampImage | None) -> bytes:
    """Draw the seal: the picture in true size with the time below, or texts alone, in a frame."""
    words, body = WORDINGS[record.language], record.certification.body
    canvas = Canvas()
    day, clock = time.split(" ", 1)
    if stamp:
        _paint(canvas, stamp, 0, SEAL_TEXT_HEIGHT, width, height - SEAL_TEXT_HEIGHT)
        canvas.centred(width / 2, 10, regular(), _SMALL, f"{words.time} {day}", colour=RED)
        canvas.centred(width / 2, 2, regular(), _SMALL, clock, colour=RED)
        return canvas.content()
    # level with the signer's frame, which stands to the right of this field
    bottom = max(0.5, SEAL_TEXT_HEIGHT + (height - SEAL_TEXT_HEIGHT - SIGNATURE_HEIGHT) / 2 - 5.5)
    top = min(height - 0.5, bottom + SIGNATURE_HEIGHT - 1)
    canvas.frame(0.5, bottom, width - 1, top - bottom, RED)
    texts = [
        (bold(), words.seal),
        *((regular(), line) for line in regular().wrapped(body.name, 7.5, width - 10)),
        (bold(), words.time),
        (regular(), day),
        (regular(), clock),
    ]
    _refuse_beyond(texts, int((top - bottom - 6) // 10), "body.name")
    for number, (face, line) in enumerate(texts):
        canvas.text(5, top - 11.5 - number * 10, face, 7.5, line, colour=RED)
    return canvas.content()


def _refuse_beyond(lines: Sequence[object], most: int, path: str) -> None:
    """Refuse what would be clipped.

    Raises:
        RecordError: there are more lines than fit.
    """
    if len(lines) > most:
        raise RecordError(Reason("record.too-long-for-field"), path=path, code="text-too-long", hint="shorten it")


def _paint(canvas: Canvas, stamp: StampImage, x: float, y: float, width: float, height: float) -> None:
    """Paint the picture as large as the box allows, centred, its proportions kept."""
    scale = min(width / stamp.width, height / stamp.height)
    w, h = round(stamp.width * scale, 3), round(stamp.height * scale, 3)
    canvas.image("Im", round(x + (width - w) / 2, 3), round(y + (height - h) / 2, 3), w, h)


def appearance_stream(content: bytes, rect: Rect, resources: PdfDict) -> Stream:
    """Return the form XObject for a field's normal appearance."""
    box = [0, 0, round(rect[2] - rect[0], 3), round(rect[3] - rect[1], 3)]
    return Stream(
        {"Type": Name("XObject"), "Subtype": Name("Form"), "BBox": box, "Resources": resources, "Length": len(content)},
        content,
    )


def appearance_objects(
    content: bytes, rect: Rect, stamp: StampImage | None, *, form: int, image: int, mask: int
) -> dict[int, Stream]:
    """Return the objects of an appearance: the form and, with a picture, its image and mask."""
    resources: PdfDict = {"Font": font_resources()}
    objects: dict[int, Stream] = {}
    if stamp is not None:
        resources["XObject"] = {"Im": Ref(image)}
        objects = stamp.objects(image, mask)
    return {form: appearance_stream(content, rect, resources), **objects}
