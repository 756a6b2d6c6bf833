"""What a signed form of somebody else holds and nobody declares: signatures, trailer keys, unlisted objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecert.formats.pdf import Name, PdfValue, Ref
from ecert.formats.pdf.objects import Hex, PdfDict
from ecert.testing.specimens.foreign import CONTENTS, OPEN_FIELD, TEXT, WIDGET, foreign
from ecert.testing.specimens.increments import FORGED, append, numbered
from ecert.testing.specimens.registry import form_specimen

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_ELSEWHERE: Final = 30  # numbers that the form leaves free
_IDENTIFIER: Final = [Hex(b"0123456789abcdef"), Hex(b"0123456789abcdef")]

#: the value of a signature of another file
_LEFT_OVER: Final[PdfDict] = {
    "Type": Name("Sig"),
    "Filter": Name("Adobe.PPKLite"),
    "SubFilter": Name("adbe.pkcs7.detached"),
    "ByteRange": [0, 100, 200, 300],
    "Contents": Hex(bytes(64)),
}
_WIDGET: Final[PdfDict] = {
    "Type": Name("Annot"),
    "Subtype": Name("Widget"),
    "FT": Name("Sig"),
    "T": b"elsewhere",
    "Rect": [100, 150, 190, 190],
    "F": 4,
    "P": Ref(3),
    "AP": {"N": Ref(12)},
    "V": Ref(_ELSEWHERE),
}
_CATALOGUE: Final[PdfDict] = {"Type": Name("Catalog"), "Pages": Ref(2), "AcroForm": Ref(5)}


def _page(*shown: int) -> PdfDict:
    """Return the form's page with more annotations."""
    return {
        "Type": Name("Page"),
        "Parent": Ref(2),
        "MediaBox": [0, 0, 200, 200],
        "Contents": Ref(CONTENTS),
        "Resources": {},
        "Annots": [Ref(n) for n in (WIDGET, OPEN_FIELD, TEXT, 11, *shown)],
    }


@form_specimen(
    "INDETERMINATE",
    "undeclared-signature",
    vi="Trang còn khung chữ ký của một tệp khác mà biểu mẫu không khai báo.",
    en="The page keeps the signature of another file, which the form does not declare.",
)
def undeclared_widget(press: Press) -> bytes:
    more: dict[int, PdfValue] = {3: _page(31), _ELSEWHERE: _LEFT_OVER, 31: _WIDGET}
    return foreign(press, prepared=more)


@form_specimen(
    "INDETERMINATE",
    "undeclared-signature",
    vi="Khung chữ ký không khai báo thừa hưởng loại và giá trị từ một ô ngoài biểu mẫu.",
    en="An undeclared widget inherits type and value from a field outside the form.",
)
def undeclared_widget_with_a_parent(press: Press) -> bytes:
    kid = {k: v for k, v in _WIDGET.items() if k not in ("FT", "V", "T")}
    parent: PdfDict = {"FT": Name("Sig"), "T": b"elsewhere", "V": Ref(_ELSEWHERE), "Kids": [Ref(31)]}
    more: dict[int, PdfValue] = {3: _page(31), _ELSEWHERE: _LEFT_OVER, 31: {**kid, "Parent": Ref(32)}, 32: parent}
    return foreign(press, prepared=more)


@form_specimen(
    "INDETERMINATE",
    "undeclared-signature",
    vi="Danh mục tài liệu khai một chữ ký xác nhận (DocMDP) mà biểu mẫu không có.",
    en="The catalogue names a certification signature that the form does not have.",
)
def undeclared_certification(press: Press) -> bytes:
    root = {**_CATALOGUE, "Perms": {"DocMDP": Ref(_ELSEWHERE)}}
    return foreign(press, prepared={1: root, _ELSEWHERE: _LEFT_OVER})


@form_specimen(
    "INDETERMINATE",
    "undeclared-signature",
    vi="Một từ điển chữ ký nằm ngay trong thông tin của trang.",
    en="A signature dictionary stands right within a page's private data.",
)
def undeclared_dictionary(press: Press) -> bytes:
    page = {**_page(), "PieceInfo": {"Any": {"Private": _LEFT_OVER}}}
    return foreign(press, prepared={3: page})


@form_specimen(
    "VALID",
    "unusual-structure",
    vi="Tệp mang chữ ký cấp quyền sử dụng của phần mềm đọc.",
    en="The file carries a signature that grants a reader's usage rights.",
)
def usage_rights(press: Press) -> bytes:
    root = {**_CATALOGUE, "Perms": {"UR3": Ref(_ELSEWHERE)}}
    return foreign(press, prepared={1: root, _ELSEWHERE: _LEFT_OVER})


@form_specimen(
    "INVALID",
    "signature-malformed",
    vi="Khung con của một ô chữ ký mang giá trị riêng, không phải giá trị của ô.",
    en="A widget of a signature field has a value of its own, which is not the field's.",
)
def value_on_a_widget(press: Press) -> bytes:
    field: PdfDict = {"FT": Name("Sig"), "T": b"second", "Kids": [Ref(31)]}
    kid = {k: v for k, v in _WIDGET.items() if k not in ("FT", "T")}
    more: dict[int, PdfValue] = {
        3: {**_page(31), "Annots": [Ref(n) for n in (WIDGET, TEXT, 11, 31)]},
        OPEN_FIELD: field,
        31: {**kid, "Parent": Ref(OPEN_FIELD)},
        _ELSEWHERE: _LEFT_OVER,
    }
    return foreign(press, prepared=more)


@form_specimen(
    "INVALID",
    "changed-after-signature",
    vi="Phần cuối tệp nối thêm khai một mục mới, /AdditionalStreams.",
    en="The appended trailer brings a new entry, /AdditionalStreams.",
)
def trailer_with_additional_streams(press: Press) -> bytes:
    entries: PdfDict = {"AdditionalStreams": [Name("text/plain"), Ref(60)]}
    return append(foreign(press), {60: FORGED}, trailer=entries)


@form_specimen(
    "INVALID",
    "changed-after-signature",
    vi="Phần cuối tệp nối thêm ghi mã nhận dạng đầu tiên khác đi.",
    en="The appended trailer gives the file another first identifier.",
)
def trailer_with_another_identifier(press: Press) -> bytes:
    data = foreign(press, trailer={"ID": _IDENTIFIER})
    return append(data, {60: FORGED}, trailer={"ID": [Hex(b"f" * 16), Hex(b"e" * 16)]})


@form_specimen(
    "VALID",
    "unusual-structure",
    vi="Phần nối thêm chỉ có một đối tượng không dùng vào đâu; mã nhận dạng thứ hai đổi.",
    en="The appended revision holds an object without a use; the second identifier changed.",
)
def trailer_with_another_second_identifier(press: Press) -> bytes:
    data = foreign(press, trailer={"ID": _IDENTIFIER})
    return append(data, {60: FORGED}, trailer={"ID": [_IDENTIFIER[0], Hex(b"e" * 16)]})


@form_specimen(
    "INDETERMINATE",
    "unlisted-object",
    vi="Trước phần nối thêm có một bản khác của nội dung trang, không bảng nào liệt kê.",
    en="Before the appended revision stands another content of the page, which no table lists.",
)
def unlisted_twin(press: Press) -> bytes:
    data = foreign(press)
    twin = numbered(4, FORGED)
    added = append(data, {60: None})[len(data) :]
    start = added.index(b"xref\n")
    for old, width in ((len(data), 10), (len(data) + start, 0)):
        added = added.replace(b"%0*d" % (width, old), b"%0*d" % (width, old + len(twin)))
    return data + twin + added
