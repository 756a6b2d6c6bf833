"""Sections that some readers give up on, or read in another way, with forged objects where they then look."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pades.increments import next_number
from ecert.formats.pdf import Name, PdfValue, Ref, Stream, read_document
from ecert.formats.pdf.objects import PdfDict, text_string
from ecert.testing.specimens.increments import (
    CONTENT,
    FREE,
    PAGE,
    PAINT,
    append,
    append_packed,
    append_section,
    numbered,
    object_stream,
    stream,
)
from ecert.testing.specimens.registry import specimen
from ecert.testing.specimens.time_stamps import stamped

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_PACKED, _FORGED = FREE + 10, FREE + 11
#: What a reader that rebuilds the file takes for the content of page 1.
_BAIT: Final = numbered(CONTENT, stream(PAINT))


def _catalogue(press: Press) -> dict[int, PdfValue]:
    """Return the catalogue, unchanged, as an honest revision of the archive's may write it."""
    document = read_document(press.copy)
    root = document.revisions[-1].trailer["Root"]
    assert isinstance(root, Ref)
    return {root.num: document.root()}


def _identifiers(press: Press, second: bytes) -> list[PdfValue]:
    """Return /ID with another second string."""
    document = read_document(press.copy)
    return [document.array(document.revisions[0].trailer["ID"])[0], second]


@specimen(
    "structure",
    "parsers-disagree",
    vi="Một dòng của bảng tham chiếu chéo có loại lạ; phần mềm nào bỏ cuộc sẽ gặp nội dung giả trong /ID.",
    en="A row of an unknown type: a reader that gives up finds a forged content of page 1 in /ID.",
)
def row_of_an_unknown_type(press: Press) -> bytes:
    return append_section(press.copy, _catalogue(press), rows={FREE: (3, 0, 0)}, ID=_identifiers(press, _BAIT))


@specimen(
    "structure",
    "parsers-disagree",
    vi="Mã định danh của tệp (/ID) chứa một nội dung giả của trang 1.",
    en="The file's identifier (/ID) holds a forged content of page 1.",
)
def object_in_the_identifier(press: Press) -> bytes:
    return append(press.copy, _catalogue(press), trailer={"ID": _identifiers(press, _BAIT)})


@specimen(
    "structure",
    "parsers-disagree",
    vi="Luồng tham chiếu chéo tự nhận là nội dung trang 1.",
    en="A cross-reference stream calls itself the content of page 1.",
)
def section_called_a_page_content(press: Press) -> bytes:
    return append_section(press.copy, _catalogue(press), called=(CONTENT, 0))


@specimen(
    "structure",
    "parsers-disagree",
    vi="Luồng tham chiếu chéo tự nhận là đối tượng 0: có phần mềm đọc bỏ cuộc và tự dựng lại tệp.",
    en="A cross-reference stream calls itself object 0: some readers give up and rebuild the file.",
)
def section_called_object_zero(press: Press) -> bytes:
    return append_section(press.copy, _catalogue(press), called=(0, 0))


@specimen(
    "structure",
    "parsers-disagree",
    vi="Luồng tham chiếu chéo có /Filter là mảng mà /DecodeParms thì không: mỗi phần mềm giải ra một bảng.",
    en="A section has an array of filters and no array of parameters: readers decode different tables.",
)
def parameters_without_an_array(press: Press) -> bytes:
    honest = append_section(press.copy, _catalogue(press))
    section = read_document(honest).revisions[-1]
    (start,) = section.sections
    found = next(o for o in section.objects.values() if o.start == start)
    assert isinstance(found.value, Stream)
    rows = bytes(found.value.data)
    predicted = b"".join(b"\0" + rows[i : i + 7] for i in range(0, len(rows), 7))
    entries: PdfDict = {
        **found.value.dict,
        "Filter": [Name("FlateDecode")],
        "DecodeParms": {"Predictor": 12, "Columns": 7},
    }
    written = numbered(found.num, stream(zlib.compress(predicted), **entries))
    return honest[:start] + written + b"startxref\n%d\n%%%%EOF\n" % start


@specimen(
    "structure",
    "parsers-disagree",
    vi="Danh mục tài liệu được chuyển vào một luồng đối tượng, rồi luồng ấy bị thay bằng luồng khác.",
    en="The catalogue was moved into an object stream, and that stream was then replaced by another.",
)
def object_stream_replaced(press: Press) -> bytes:
    container = next_number(read_document(press.copy))
    ((root, catalogue),) = _catalogue(press).items()
    packed = append_packed(press.copy, {root: catalogue})
    forged: PdfDict = {**read_document(press.copy).root(), "Pages": Ref(FREE + 1)}
    one = {"Type": Name("Page"), "Parent": Ref(FREE + 1), "MediaBox": [0, 0, 300, 200]}
    return append(
        packed,
        {
            container: object_stream({root: forged}),
            FREE + 1: {"Type": Name("Pages"), "Kids": [Ref(FREE + 2)], "Count": 1},
            FREE + 2: {**one, "Contents": Ref(FREE + 3)},
            FREE + 3: stream(PAINT),
        },
    )


@specimen(
    "structure",
    "changed-after-seal",
    vi="Phần trailer nối thêm mang theo tên và tác giả tài liệu khác.",
    en="An appended trailer brings another title and author along.",
)
def information_in_the_trailer(press: Press) -> bytes:
    info: PdfDict = {"Title": text_string("Quyết định mẫu"), "Author": text_string("Cơ quan khác")}
    return append(press.copy, _catalogue(press), trailer={"Info": info})


@specimen(
    "structure",
    "changed-after-seal",
    vi="Một luồng đối tượng chứa nội dung giả của trang 1 đứng giữa các CRL của /DSS.",
    en="An object stream with a forged content of page 1 stands among the CRLs of /DSS.",
)
def objects_among_the_evidence(press: Press) -> bytes:
    document = read_document(press.copy)
    dss = document.root()["DSS"]
    assert isinstance(dss, Ref)
    store = document.dictionary(dss)
    page: PdfDict = {"Type": Name("Page"), "MediaBox": [0, 0, 9, 9]}
    packed = object_stream({int(NUMBERS.STATEMENT_PAGE): page})
    crls = [*document.array(store.get("CRLs")), Ref(FREE)]
    return append(press.copy, {dss.num: {**store, "CRLs": crls}, FREE: packed})


@specimen(
    "structure",
    "parsers-disagree",
    vi="Dấu thời gian nối thêm trỏ tới một luồng đối tượng chứa trang 1 giả, nơi MuPDF nhìn khi dựng lại tệp.",
    en="An added time-stamp names an object stream with a forged page 1, which MuPDF takes on rebuilding the file.",
)
def object_stream_in_a_time_stamp(press: Press) -> bytes:
    page: PdfDict = {**read_document(press.copy).dictionary(Ref(PAGE)), "Contents": Ref(_FORGED)}
    objects: dict[int, PdfValue] = {_PACKED: object_stream({PAGE: page}), _FORGED: stream(PAINT)}
    return stamped(press, {}, objects, {"V": [Ref(_PACKED), Ref(_FORGED)]})


@specimen(
    "structure",
    "parsers-disagree",
    vi="Mã định danh của tệp chứa một nội dung giả của trang 1, các từ cách nhau bằng tab dọc.",
    en="The file's identifier holds a forged content of page 1, its words set apart by vertical tabs.",
)
def object_between_vertical_tabs(press: Press) -> bytes:
    bait = b"\n%d\x0b0\x0bobj<</Length 0>>stream\nendstream endobj" % CONTENT
    return append(press.copy, _catalogue(press), trailer={"ID": _identifiers(press, bait)})
