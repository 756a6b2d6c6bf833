"""Write revision 0: scanned pages, statement page, record, metadata and the two empty fields.

Here a scan's bytes enter the PDF: :func:`build_first_revision` → ``image_objects``.

Object numbers are fixed (:data:`NUMBERS`, then per page page, content, image, profile), nothing is
compressed but what the scanner compressed, and nothing depends on a library's version, so the
result is the same bytes in thirty years.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from ecert.formats.ecert1.fonts import bold, font_chunks, font_objects, regular
from ecert.formats.ecert1.image_objects import ImageForm, image_objects, packaged_icc
from ecert.formats.ecert1.languages import WORDINGS
from ecert.formats.ecert1.statement import PAGE_HEIGHT, PAGE_WIDTH, Rect, seal_rect, signature_rect, statement_content
from ecert.formats.ecert1.xmp import xmp_packet
from ecert.formats.pdf.objects import Hex, Name, PdfDict, PdfValue, Ref, Stream, number, text_string
from ecert.formats.pdf.writer import Chunk, write_revision
from ecert.formats.record import RECORD_FILE_NAME, CopyRecord, PageFacts, write_record_xml
from ecert.model.roles import SEAL_FIELD, SIGNER_FIELD


class NUMBERS(IntEnum):
    """The fixed object numbers of revision 0."""

    CATALOG = 1
    PAGES = 2
    METADATA = 3
    OUTPUT_INTENT = 4
    OUTPUT_PROFILE = 5
    RECORD_SPEC = 6
    RECORD_FILE = 7
    REGULAR_FONT = 8  # to 12
    BOLD_FONT = 13  # to 17
    ACRO_FORM = 18
    SIGNER = 19
    SEAL = 20
    STATEMENT_PAGE = 21
    STATEMENT_CONTENT = 22
    ANNOTATIONS = 23
    SIGNER_APPEARANCE = 24
    SEAL_APPEARANCE = 25
    FIRST_PAGE = 26


def page_numbers(index: int) -> tuple[int, int, int, int]:
    """Return the object numbers of scanned page ``index`` (from 0): page, content, image, profile."""
    first = NUMBERS.FIRST_PAGE + 4 * index
    return first, first + 1, first + 2, first + 3


def image_numbers(pages: int) -> list[int]:
    """Return the object numbers of the image streams, in page order."""
    return [page_numbers(i)[2] for i in range(pages)]


@dataclass(frozen=True)
class FirstRevision:
    """Revision 0 as objects and as pieces of bytes."""

    objects: dict[int, PdfValue]
    trailer: PdfDict
    chunks: list[Chunk]

    def to_bytes(self) -> bytes:
        """Return the whole file."""
        return b"".join(self.chunks)


def build_first_revision(
    record: CopyRecord,
    images: Sequence[ImageForm],
    *,
    created: datetime,
    seal_diameter_mm: float,
    for_gate: bool = False,
) -> FirstRevision:
    """Write revision 0 from the record and the image streams, in page order.

    ``for_gate=True`` leaves out what the PDF/A gate cannot judge: form and fields, the developer
    extension, our own XMP properties.

    Raises:
        RecordError: the statement cannot be drawn.
    """
    xml = write_record_xml(record)
    n = NUMBERS
    objects: dict[int, PdfValue] = {
        n.CATALOG: _catalog(record, for_gate=for_gate),
        n.PAGES: {
            "Type": Name("Pages"),
            "Count": len(images) + 1,
            "Kids": [*(Ref(page_numbers(i)[0]) for i in range(len(images))), Ref(n.STATEMENT_PAGE)],
        },
        n.METADATA: _stream(
            xmp_packet(record, created, own=not for_gate), {"Type": Name("Metadata"), "Subtype": Name("XML")}
        ),
        n.OUTPUT_INTENT: {
            "Type": Name("OutputIntent"),
            "S": Name("GTS_PDFA1"),
            "OutputConditionIdentifier": b"sRGB",
            "Info": b"sRGB IEC61966-2.1",
            "DestOutputProfile": Ref(n.OUTPUT_PROFILE),
        },
        n.OUTPUT_PROFILE: _stream(packaged_icc("sRGB-v2-micro.icc"), {"N": 3}),
        n.RECORD_SPEC: {
            "Type": Name("Filespec"),
            "F": RECORD_FILE_NAME.encode(),
            "UF": RECORD_FILE_NAME.encode(),
            "Desc": b"Certification record (ecert-1)",
            "AFRelationship": Name("Data"),
            "EF": {"F": Ref(n.RECORD_FILE), "UF": Ref(n.RECORD_FILE)},
        },
        n.RECORD_FILE: _stream(
            xml,
            {
                "Type": Name("EmbeddedFile"),
                "Subtype": Name("application/xml"),
                "Params": {"ModDate": pdf_date(created), "Size": len(xml)},
            },
        ),
        **font_objects(regular(), n.REGULAR_FONT),
        **font_objects(bold(), n.BOLD_FONT),
        n.STATEMENT_PAGE: _page((PAGE_WIDTH, PAGE_HEIGHT), {"Font": font_resources()}, n.STATEMENT_CONTENT),
        n.STATEMENT_CONTENT: _stream(statement_content(record)),
    }
    if not for_gate:
        objects |= _form(seal_diameter_mm)
        objects[n.STATEMENT_PAGE]["Annots"] = Ref(n.ANNOTATIONS)
    for i, (facts, form) in enumerate(zip(record.pages, images, strict=True)):
        page, content, image, icc = page_numbers(i)
        objects[page] = _page(facts.size_points, {"XObject": {"Im": Ref(image)}}, content)
        objects[content] = _stream(page_content(facts))
        objects |= image_objects(facts, form, image, icc)
    identifier = Hex(hashlib.sha256(xml).digest()[:16])
    trailer: PdfDict = {"Size": max(objects) + 1, "Root": Ref(n.CATALOG), "ID": [identifier, identifier]}
    fonts = font_chunks(regular(), n.REGULAR_FONT) | font_chunks(bold(), n.BOLD_FONT)
    return FirstRevision(objects, trailer, write_revision(objects, trailer, written=fonts))


def _stream(data: bytes, head: PdfDict | None = None) -> Stream:
    return Stream({**(head or {}), "Length": len(data)}, data)


def pdf_date(time: datetime) -> bytes:
    """Return a time as a PDF date in UTC (7.9.4)."""
    return time.strftime("D:%Y%m%d%H%M%SZ").encode()


def _catalog(record: CopyRecord, *, for_gate: bool) -> PdfDict:
    n = NUMBERS
    catalog: PdfDict = {
        "Type": Name("Catalog"),
        "Version": Name("1.7"),
        "Extensions": {"ESIC": {"BaseVersion": Name("1.7"), "ExtensionLevel": 2}},
        "Pages": Ref(n.PAGES),
        "Metadata": Ref(n.METADATA),
        "OutputIntents": [Ref(n.OUTPUT_INTENT)],
        "Lang": WORDINGS[record.language].document_tag,
        "ViewerPreferences": {"DisplayDocTitle": True},
        "AF": [Ref(n.RECORD_SPEC)],
        "Names": {"EmbeddedFiles": {"Names": [RECORD_FILE_NAME.encode(), Ref(n.RECORD_SPEC)]}},
    }
    if for_gate:
        del catalog["Extensions"]
    else:
        catalog["AcroForm"] = Ref(n.ACRO_FORM)
    return catalog


def font_resources() -> PdfDict:
    """Return the /Font resources of the statement page and the appearances."""
    return {"F1": Ref(NUMBERS.REGULAR_FONT), "F2": Ref(NUMBERS.BOLD_FONT)}


def _form(seal_diameter_mm: float) -> dict[int, PdfValue]:
    """Return the form, both empty fields, their page's annotations; the seal locks both (12.7.4.5)."""
    n = NUMBERS

    def field(name: str, label: str, rect: Rect, appearance: int) -> PdfDict:
        return {
            "Type": Name("Annot"),
            "Subtype": Name("Widget"),
            "FT": Name("Sig"),
            "T": name.encode(),
            "TU": text_string(label),
            "Rect": list(rect),
            "F": 132,
            "P": Ref(n.STATEMENT_PAGE),
            "AP": {"N": Ref(appearance)},
        }

    lock: PdfDict = {
        "Type": Name("SigFieldLock"),
        "Action": Name("Include"),
        "Fields": [SIGNER_FIELD.encode(), SEAL_FIELD.encode()],
    }
    signer_place, seal_place = signature_rect(), seal_rect(seal_diameter_mm)
    signer = field(SIGNER_FIELD, "Chữ ký của người có thẩm quyền", signer_place, n.SIGNER_APPEARANCE)
    seal = field(SEAL_FIELD, "Dấu của cơ quan chứng thực", seal_place, n.SEAL_APPEARANCE)
    return {
        # SignaturesExist and AppendOnly stand from the start, so that signing need not change them
        n.ACRO_FORM: {"Fields": [Ref(n.SIGNER), Ref(n.SEAL)], "SigFlags": 3},
        n.SIGNER: signer,
        n.SEAL: {**seal, "Lock": lock},
        n.ANNOTATIONS: [Ref(n.SIGNER), Ref(n.SEAL)],
        # an annotation that shows nothing yet still needs an appearance (ISO 19005-3, 6.3.3);
        # its box is the field's, so that signing changes nothing but what is painted
        n.SIGNER_APPEARANCE: _empty_appearance(signer_place),
        n.SEAL_APPEARANCE: _empty_appearance(seal_place),
    }


def _empty_appearance(rect: Rect) -> Stream:
    box = [0, 0, round(rect[2] - rect[0], 3), round(rect[3] - rect[1], 3)]
    return Stream({"Type": Name("XObject"), "Subtype": Name("Form"), "BBox": box, "Length": 0}, b"")


def _page(size: tuple[float, float], resources: PdfDict, content: int) -> PdfDict:
    return {
        "Type": Name("Page"),
        "Parent": Ref(NUMBERS.PAGES),
        "MediaBox": [0, 0, *size],
        "Resources": resources,
        "Contents": Ref(content),
    }


def page_content(facts: PageFacts) -> bytes:
    """Return the content that paints the image over the whole page, upright (TIFF 6.0, tag 274)."""
    width, height = facts.size_points
    matrix = {
        1: (width, 0, 0, height, 0, 0),
        2: (-width, 0, 0, height, width, 0),
        3: (-width, 0, 0, -height, width, height),
        4: (width, 0, 0, -height, 0, height),
        5: (0, -height, -width, 0, width, height),
        6: (0, -height, width, 0, 0, height),
        7: (0, height, width, 0, 0, 0),
        8: (0, height, -width, 0, width, 0),
    }[facts.orientation]
    return b"q " + b" ".join(map(number, matrix)) + b" cm /Im Do Q\n"
