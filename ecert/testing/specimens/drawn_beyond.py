"""Signed forms of somebody else, then what readers draw beyond the rectangle, the field or the form that names it.

The policy is ``signatures``. Some readers clip a picture to its /BBox alone, draw the lines of an annotation wherever
they run, or draw in the form's style what the form does not list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecert.formats.pades.fields import write_date
from ecert.formats.pdf import Name, PdfValue, Ref, Stream
from ecert.formats.pdf.objects import PdfDict
from ecert.testing.specimens.after_certification import clean_form, listed
from ecert.testing.specimens.co_signers import co_signed
from ecert.testing.specimens.foreign import OPEN_FIELD, SIGNED_FIELD, foreign
from ecert.testing.specimens.increments import append, changed, fill_in, lay_out, stream, with_room
from ecert.testing.specimens.registry import form_specimen
from ecert.testing.specimens.time_stamps import DOCUMENT_TIME_STAMP, time_stamp

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_PAGE, _FORM, _LOOSE, _FIELD, _SIGNATURE, _PICTURE = 3, 5, 30, 60, 62, 63
_OVER_ALL: Final = b"1 g -900 -900 2000 2000 re f 0 g 40 110 120 30 re f"
_BOX: Final[PdfDict] = {"Type": Name("Annot"), "P": Ref(_PAGE), "F": 4, "Rect": [20, 150, 180, 180]}
_PRICE: Final[PdfDict] = {**_BOX, "Subtype": Name("Widget"), "FT": Name("Tx"), "T": b"price", "V": b"1000"}
_REMARK: Final[PdfDict] = {**_BOX, "Subtype": Name("FreeText"), "Contents": b"1000"}
_DRAWN: Final[PdfDict] = {"Type": Name("XObject"), "Subtype": Name("Form"), "Resources": {}}


def _unclipped() -> Stream:
    """Return a picture without /BBox, which some readers draw over the whole page."""
    return stream(_OVER_ALL, **_DRAWN)


def _second(**entries: PdfValue) -> PdfDict:
    """Return a field without a place on the page, unless told otherwise."""
    widget = {"Type": Name("Annot"), "Subtype": Name("Widget"), "FT": Name("Sig"), "T": b"party60", "F": 132}
    return {**widget, "P": Ref(_PAGE), "Rect": [0, 0, 0, 0], "V": Ref(_SIGNATURE), **entries}


def _stamped(press: Press, data: bytes, **entries: PdfValue) -> bytes:
    """Add a document time-stamp, which anybody can have, in a field as asked."""
    objects = {_FIELD: _second(**entries), _SIGNATURE: with_room(DOCUMENT_TIME_STAMP), **listed(data, _FIELD)}
    pending = lay_out(data, objects)
    return pending.finish(time_stamp(press, pending.digest("sha256")))


def _signed_again(press: Press, data: bytes, more: dict[int, PdfValue], **entries: PdfValue) -> bytes:
    """Add a field and sign it as the body; ``more`` objects come along, ``entries`` are others of the form."""
    dictionary: PdfDict = {"Type": Name("Sig"), "Filter": Name("Adobe.PPKLite"), "M": write_date(press.now(), 7)}
    dictionary["SubFilter"] = Name("ETSI.CAdES.detached")
    both = listed(data, _FIELD)
    lent: PdfDict = {**both[_FORM], **entries}
    objects = {_FIELD: _second(), **both, _FORM: lent, **more, _SIGNATURE: with_room(dictionary)}
    return fill_in(lay_out(data, objects), press.office.key("seal"))


def _with_loose(press: Press, annotation: PdfDict, picture: Stream | None = None) -> bytes:
    """Return a signed form whose page shows an annotation that the form does not list; the form lends nothing.

    ``picture`` becomes object 31.
    """
    page = changed(clean_form(press), _PAGE, Annots=[Ref(SIGNED_FIELD), Ref(OPEN_FIELD), Ref(_LOOSE)])
    widget: PdfDict = {"Type": Name("Annot"), "Subtype": Name("Widget"), "FT": Name("Sig"), "P": Ref(_PAGE), "F": 4}
    prepared: dict[int, PdfValue] = {
        SIGNED_FIELD: {**widget, "T": b"first", "Rect": [0, 90, 90, 99], "AP": {"N": Ref(12)}},
        12: stream(b"0 0 10 10 re", **_DRAWN, BBox=[0, 0, 90, 9]),
        _FORM: {"Fields": [Ref(SIGNED_FIELD), Ref(OPEN_FIELD)], "SigFlags": 3},
        _PAGE: page,
        _LOOSE: annotation,
        **({_LOOSE + 1: picture} if picture else {}),
    }
    return foreign(press, None, prepared)


@form_specimen(
    "INVALID",
    "changed-after-signature",
    attack="appearance",
    vi="Dấu thời gian nối thêm khai mình là nét vẽ tay (Ink), nét rộng phủ kín trang dù khung của nó rỗng.",
    en="An added time-stamp says it is an ink drawing, whose broad line covers the page though its rectangle is empty.",
)
def time_stamp_in_the_shape_of_ink(press: Press) -> bytes:
    line: PdfDict = {"InkList": [[0, 100, 200, 100]], "BS": {"W": 200}, "C": [1, 1, 1]}
    return _stamped(press, clean_form(press, 1), Subtype=Name("Ink"), **line)


@form_specimen(
    "INVALID",
    "changed-after-signature",
    attack="appearance",
    vi="Dấu thời gian nối thêm giấu hình vẽ trong một luồng đặt ở chỗ của từ điển /AP.",
    en="An added time-stamp keeps its picture in a stream that stands in the place of the dictionary /AP.",
)
def time_stamp_with_its_picture_in_a_stream(press: Press) -> bytes:
    held: dict[int, PdfValue] = {_PICTURE: stream(b"", N=Ref(_PICTURE + 1)), _PICTURE + 1: _unclipped()}
    return _stamped(press, append(clean_form(press, 1), held), AP=Ref(_PICTURE))


@form_specimen(
    "INDETERMINATE",
    "field-covers-page",
    attack="appearance",
    vi="Hình chữ ký của bên thứ hai không có khung giới hạn (/BBox), nên có phần mềm vẽ nó lên cả trang.",
    en="The picture of the second party's signature has no bounds (/BBox), so that some readers draw it over the page.",
)
def co_signed_with_a_picture_without_bounds(press: Press) -> bytes:
    field = _second(Rect=[190, 0, 200, 10], AP={"N": Ref(_PICTURE)})
    return _signed_again(press, clean_form(press), {_FIELD: field, _PICTURE: _unclipped()})


@form_specimen(
    "INDETERMINATE",
    "field-covers-page",
    attack="appearance",
    vi="Ba chữ ký thêm sau, mỗi chữ ký che một phần, cùng nhau che hết chữ ký thứ nhất.",
    en="Three later signatures hide a part of the first one each, and together all of it.",
)
def co_signed_over_the_first_in_parts(press: Press) -> bytes:
    data = clean_form(press)
    for number, (left, right) in enumerate(((0, 36), (36, 72), (72, 90))):
        data = co_signed(press, data, 60 + 10 * number, {"Rect": [left, 90, right, 99]})
    return data


@form_specimen(
    "INDETERMINATE",
    "appearance-not-proven",
    attack="appearance",
    vi="Sau khi ký, biểu mẫu yêu cầu vẽ lại các ô: một ô chữ ngoài danh sách hiện 10, vẽ lại thành 1000.",
    en="After signing the form asks readers to draw fields anew: a text it does not list shows 10, and then 1000.",
)
def drawn_anew_what_the_form_does_not_list(press: Press) -> bytes:
    paint = b"/Tx BMC BT /F1 14 Tf 0 g 2 8 Td (10) Tj ET EMC"
    shown = stream(paint, **{**_DRAWN, "Resources": {"Font": {"F1": Ref(14)}}}, BBox=[0, 0, 160, 30])
    data = _with_loose(press, {**_PRICE, "DA": b"/F1 14 Tf 0 g", "AP": {"N": Ref(_LOOSE + 1)}}, shown)
    return append(data, {_FORM: changed(data, _FORM, NeedAppearances=True)})


@form_specimen(
    "INVALID",
    "changed-after-signature",
    attack="appearance",
    vi="Chữ ký sau thêm kiểu chữ trắng cho biểu mẫu; một ô chữ ngoài danh sách của biểu mẫu mượn kiểu đó.",
    en="A later signer lends the form a white style, which a text field borrows that the form does not list.",
)
def styled_anew_what_the_form_does_not_list(press: Press) -> bytes:
    return _signed_again(press, _with_loose(press, _PRICE), {}, DA=b"/Helv 90 Tf 1 g")


@form_specimen(
    "INVALID",
    "changed-after-signature",
    attack="appearance",
    vi="Chữ ký sau thêm kiểu chữ trắng cho biểu mẫu; một ghi chú trên trang (FreeText) mượn kiểu đó.",
    en="A later signer lends the form a white style, which a note on the page (FreeText) borrows.",
)
def styled_anew_a_note_on_the_page(press: Press) -> bytes:
    return _signed_again(press, _with_loose(press, _REMARK), {}, DA=b"/Helv 90 Tf 1 g")
