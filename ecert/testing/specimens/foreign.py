"""Signed files of others under the policy ``signatures``: forms that were signed, then changed.

The file has a signed field with a widget of its own, an empty signature field, a text field, and
references that a lenient comparison trips over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from ecert.formats.pades.fields import write_date
from ecert.formats.pades.increments import begin_signature
from ecert.formats.pdf import Name, PdfValue, Ref, Stream, read_document
from ecert.formats.pdf.objects import PdfDict
from ecert.formats.pdf.writer import write_revision
from ecert.model.findings import Code
from ecert.report import Verdict
from ecert.testing.specimens.increments import (
    FORGED,
    PAINT,
    append,
    append_hybrid,
    changed,
    fill_in,
    form,
    lay_out,
    stream,
    with_room,
)
from ecert.testing.specimens.registry import Recipe, add
from ecert.testing.specimens.specimen import AttackClass
from ecert.testing.specimens.time_stamps import DOCUMENT_TIME_STAMP, time_stamp

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

SIGNED_FIELD, OPEN_FIELD, TEXT, WIDGET, CONTENTS, MISSING = 6, 7, 8, 9, 20, 99
_FORM: Final = form(b"0 0 10 10 re")
_NEW = 60


def foreign(
    press: Press,
    reference: PdfDict | None = None,
    prepared: Mapping[int, PdfValue] | None = None,
    trailer: PdfDict | None = None,
) -> bytes:
    """Sign a little form of somebody else.

    ``reference`` is the signature's transform, ``prepared`` are objects that stand there otherwise, or besides;
    ``trailer`` likewise.
    """
    widget = {"Type": Name("Annot"), "Subtype": Name("Widget"), "P": Ref(3)}
    objects: dict[int, PdfValue] = {
        1: {"Type": Name("Catalog"), "Pages": Ref(2), "AcroForm": Ref(5)},
        2: {"Type": Name("Pages"), "Kids": [Ref(3)], "Count": 1},
        3: {
            "Type": Name("Page"),
            "Parent": Ref(2),
            "MediaBox": [0, 0, 200, 200],
            "Contents": Ref(CONTENTS),
            "Resources": {"XObject": {"X": Ref(MISSING), "\u00e9": Ref(15)}},
            "Annots": [Ref(WIDGET), Ref(OPEN_FIELD), Ref(TEXT), Ref(11)],
        },
        4: FORGED,
        5: {
            "Fields": [Ref(SIGNED_FIELD), Ref(OPEN_FIELD), Ref(10)],
            "SigFlags": 3,
            "DA": b"/F1 9 Tf 0 g",
            "DR": {"Font": {"F1": Ref(14)}},
        },
        SIGNED_FIELD: {"FT": Name("Sig"), "T": b"first", "Kids": [Ref(WIDGET)]},
        OPEN_FIELD: {**widget, "FT": Name("Sig"), "T": b"second", "Rect": [0, 0, 9, 9], "AP": {"N": Ref(12)}},
        TEXT: {
            **widget,
            "FT": Name("Tx"),
            "T": b"text",
            "Rect": [0, 50, 90, 60],
            "Parent": Ref(10),
            "AP": {"N": Ref(13)},
        },
        WIDGET: {**widget, "Parent": Ref(SIGNED_FIELD), "Rect": [0, 90, 90, 99], "AP": {"N": Ref(12)}},
        10: {"T": b"group", "Kids": [Ref(TEXT)]},
        11: {"Type": Name("Annot"), "Subtype": Name("Square"), "Rect": [1, 1, 5, 5], "AP": {"N": Ref(12)}},
        12: _FORM,
        13: _FORM,
        14: {"Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": Name("Helvetica")},
        15: _FORM,
        CONTENTS: [Ref(4)],
        **(prepared or {}),
    }
    return sign_form(press, objects, SIGNED_FIELD, reference, trailer)


def sign_form(
    press: Press,
    objects: Mapping[int, PdfValue],
    field: int,
    reference: PdfDict | None = None,
    trailer: PdfDict | None = None,
) -> bytes:
    """Return a document of these objects with one of its fields signed; 1 is the catalogue."""
    size = max(40, *(num + 1 for num in objects))
    entries = {"Size": size, "Root": Ref(1), **(trailer or {})}
    first = b"".join(map(bytes, write_revision(objects, entries)))
    dictionary: PdfDict = {
        "Type": Name("Sig"),
        "Filter": Name("Adobe.PPKLite"),
        "SubFilter": Name("ETSI.CAdES.detached"),
        "M": write_date(press.now(), 7),
        **({"Reference": [reference]} if reference else {}),
    }
    pending = begin_signature(
        read_document(first),
        field=Ref(field),
        dictionary=dictionary,
        objects={},
        field_changes={},
        room=6000,
        signature_number=size,
    )
    return fill_in(pending, press.office.key("signer"))


def filled(data: bytes, **entries: PdfValue) -> bytes:
    """Fill in the text field, with a new appearance."""
    new = changed(data, TEXT, V=b"filled in", AP={"N": Ref(_NEW)}, **entries)
    return append(data, {TEXT: new, _NEW: _written("filled in")})


def _written(text: str) -> Stream:
    """Return the picture of the text field, as Acrobat draws it."""
    paint = b"/Tx BMC q 1 1 88 8 re W n BT /F1 9 Tf 0 g 2 2 Td (%s) Tj ET Q EMC" % text.encode()
    return stream(
        paint, Type=Name("XObject"), Subtype=Name("Form"), BBox=[0, 0, 90, 10], Resources={"Font": {"F1": Ref(14)}}
    )


def _shared(data: bytes, store: PdfDict) -> bytes:
    """Let the validation data share the array of page contents, then write over it."""
    once = append(data, {1: changed(data, 1, DSS=store)})
    return append(once, {CONTENTS: [Ref(61)], 61: FORGED})


_LOCK: Final[PdfDict] = {
    "Type": Name("SigRef"),
    "TransformMethod": Name("FieldMDP"),
    "TransformParams": {"Action": Name("Include"), "Fields": [b"group"]},
}
#: the same field in UTF-16LE, which is no text string and yet read as one
_ODD_LOCK: Final[PdfDict] = {
    **_LOCK,
    "TransformParams": {"Action": Name("Include"), "Fields": [b"\xff\xfe" + "group".encode("utf-16-le")]},
}
_DOCMDP: Final[PdfDict] = {"Type": Name("SigRef"), "TransformMethod": Name("DocMDP"), "TransformParams": {"P": 1}}
_UNREADABLE: Final[PdfDict] = {**_DOCMDP, "TransformParams": {"P": b"3"}}

Change = Callable[[bytes], bytes]

#: name → (the signature's transform, what is done then, in Vietnamese, in English)
_CHANGES: Final[dict[str, tuple[PdfDict | None, Change, str, str]]] = {
    "foreign-filled-against-a-lock": (
        _LOCK,
        filled,
        "Điền vào ô mà chữ ký đã khóa.",
        "A field was filled in that the signature locks.",
    ),
    "foreign-filled-against-a-permission": (
        _DOCMDP,
        filled,
        "Điền vào biểu mẫu dù chữ ký không cho phép thay đổi nào.",
        "The form was filled in although the signature permits no change.",
    ),
    "foreign-filled-under-an-unreadable-permission": (
        _UNREADABLE,
        filled,
        "Điền vào biểu mẫu dù quyền ghi trong chữ ký không đọc được.",
        "The form was filled in although the signature's permission cannot be read.",
    ),
    "foreign-filled-against-a-lock-in-other-letters": (
        _ODD_LOCK,
        filled,
        "Điền vào ô mà chữ ký đã khóa bằng tên viết ở bảng mã khác.",
        "A field was filled in that the signature locks by a name in another encoding.",
    ),
    "foreign-resource-renamed": (
        None,
        lambda d: append(d, {3: changed(d, 3, Resources={"XObject": {"X": Ref(MISSING), "\u00c3\u00a9": Ref(15)}})}),
        "Đổi tên một tài nguyên của trang thành tên chỉ khác ở cách mã hóa.",
        "A resource of the page got another name, which differs in its encoding alone.",
    ),
    "foreign-default-appearance": (
        None,
        lambda d: append(d, {5: changed(d, 5, DA=b"/F1 9 Tf 1 g")}),
        "Chữ trong các ô chuyển thành màu trắng.",
        "The text of the form's fields was made white.",
    ),
    "foreign-default-font": (
        None,
        lambda d: append(
            d,
            {
                5: changed(d, 5, DR={"Font": {"F1": Ref(_NEW)}}),
                _NEW: {"Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": Name("ZapfDingbats")},
            },
        ),
        "Phông chữ của các ô bị thay bằng phông ký hiệu.",
        "The font of the form's fields was replaced by one of symbols.",
    ),
    "foreign-widget-of-the-signature": (
        None,
        lambda d: append(d, {WIDGET: changed(d, WIDGET, AP={"N": Ref(_NEW)}), _NEW: FORGED}),
        "Thay hình của ô đã ký.",
        "The picture of the signed field was exchanged.",
    ),
    "foreign-shared-appearance": (
        None,
        lambda d: append(d, {OPEN_FIELD: changed(d, OPEN_FIELD, M=b"x"), 12: FORGED}),
        "Thay hình của ô trống mà ô đã ký cũng dùng.",
        "The picture of an empty field was written over, which the signed field shows too.",
    ),
    "foreign-missing-object-added": (
        None,
        lambda d: append(d, {MISSING: FORGED}),
        "Thêm đối tượng mà trang đã trỏ tới nhưng chưa có.",
        "An object was added that the page referred to and did not have.",
    ),
    "foreign-missing-object-as-validation-data": (
        None,
        lambda d: append(d, {MISSING: FORGED, 1: changed(d, 1, DSS={"Certs": [Ref(MISSING)]})}),
        "Thêm đối tượng trang còn thiếu dưới danh nghĩa dữ liệu kiểm tra.",
        "The object that the page was missing came in as validation data.",
    ),
    "foreign-contents-shared-with-validation-data": (
        None,
        lambda d: _shared(d, {"Certs": Ref(CONTENTS)}),
        "Nội dung trang bị khai là dữ liệu kiểm tra rồi bị thay.",
        "The page's contents were declared validation data, then replaced.",
    ),
    "foreign-contents-shared-with-a-dictionary": (
        None,
        lambda d: _shared(d, {"VRI": Ref(CONTENTS)}),
        "Nội dung trang bị khai là một từ điển của dữ liệu kiểm tra rồi bị thay.",
        "The page's contents were declared a dictionary of the validation data, then replaced.",
    ),
    "foreign-page-contents": (
        None,
        lambda d: append(d, {3: changed(d, 3, Contents=Ref(61)), 61: FORGED}),
        "Thay nội dung trang.",
        "The page's contents were replaced.",
    ),
    "foreign-annotations-in-another-order": (
        None,
        lambda d: append(d, {3: changed(d, 3, Annots=[Ref(n) for n in (11, 9, 7, 8)])}),
        "Đổi thứ tự các chú thích, ô này che ô kia.",
        "The annotations were put in another order: one now covers another.",
    ),
    "foreign-field-moved": (
        None,
        lambda d: filled(d, Rect=[0, 0, 200, 200]),
        "Ô được điền đồng thời bị phóng to ra cả trang.",
        "The field that was filled in was enlarged over the page.",
    ),
    "foreign-field-renamed": (
        None,
        lambda d: filled(d, T=b"other"),
        "Ô được điền đồng thời bị đổi tên.",
        "The field that was filled in was renamed.",
    ),
    "foreign-second-widget": (
        None,
        lambda d: append(
            d, {SIGNED_FIELD: changed(d, SIGNED_FIELD, Kids=[Ref(9), Ref(_NEW)]), _NEW: {"Parent": Ref(SIGNED_FIELD)}}
        ),
        "Ô đã ký nhận thêm một ô con.",
        "The signed field was given a second widget.",
    ),
}


def _of(reference: PdfDict | None, change: Change) -> Callable[[Press], bytes]:
    return lambda press: change(foreign(press, reference))


def _add(
    name: str, verdict: Verdict, codes: tuple[Code, ...], vi: str, en: str, make: Callable[[Press], bytes]
) -> None:
    attack: AttackClass = "foreign-file" if verdict == "INVALID" else "control"
    add(Recipe(name, attack, vi, en, codes, make, verdict, policy="signatures", with_evidence=True))


_add(
    "foreign-untouched",
    "VALID",
    (),
    "Biểu mẫu của nơi khác, đã ký, nguyên vẹn.",
    "A form of somebody else, signed and untouched.",
    foreign,
)
_add(
    "foreign-locked-untouched",
    "VALID",
    (),
    "Biểu mẫu của nơi khác, đã ký và khóa, nguyên vẹn.",
    "A form of somebody else, signed with a lock and untouched.",
    lambda press: foreign(press, _LOCK),
)
_add(
    "foreign-filled",
    "VALID",
    ("form-filled-in",),
    "Biểu mẫu của nơi khác được điền sau khi ký, chữ ký cho phép.",
    "A form of somebody else was filled in after signing, which the signature permits.",
    lambda press: filled(foreign(press)),
)
_add(
    "foreign-filled-over",
    "VALID",
    ("form-filled-in",),
    "Biểu mẫu của nơi khác được điền sau khi ký, hình của ô được ghi đè.",
    "A form of somebody else was filled in after signing, over the field's old picture.",
    lambda press: _written_over(foreign(press)),
)


def _written_over(data: bytes) -> bytes:
    return append(data, {TEXT: changed(data, TEXT, V=b"x"), 13: _written("x")})


def _stamped_with_a_picture(press: Press) -> bytes:
    """Add a time-stamp in an empty rectangle, whose appearance some readers paint all the same."""
    data = foreign(press)
    field = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": b"stamp",
        "Rect": [0, 0, 0, 0],
        "F": 4,
        "P": Ref(3),
        "V": Ref(_NEW + 1),
        "AP": {"N": Ref(_NEW + 2)},
    }
    shown = [*read_document(data).array(changed(data, 3)["Annots"]), Ref(_NEW)]
    fields = [*read_document(data).array(changed(data, 5)["Fields"]), Ref(_NEW)]
    objects: dict[int, PdfValue] = {
        _NEW: field,
        _NEW + 1: with_room(DOCUMENT_TIME_STAMP),
        _NEW + 2: form(PAINT),
        3: changed(data, 3, Annots=shown),
        5: changed(data, 5, Fields=fields),
    }
    pending = lay_out(data, objects)
    return pending.finish(time_stamp(press, pending.digest("sha256")))


_add(
    "foreign-time-stamp-with-a-picture",
    "INVALID",
    ("changed-after-signature",),
    "Dấu thời gian nối thêm đặt trong một khung rỗng nhưng vẫn mang theo hình vẽ.",
    "An added time-stamp stands in an empty rectangle and brings a picture all the same.",
    _stamped_with_a_picture,
)
_add(
    "foreign-freed-for-newer-readers",
    "INVALID",
    ("parsers-disagree",),
    "Bảng tham chiếu lai bỏ nội dung trang đối với phần mềm mới, phần mềm cũ vẫn thấy.",
    "A hybrid section drops the page's content for newer readers, older ones still see it.",
    lambda press: append_hybrid(foreign(press), {}, freed=(4,)),
)


def _stamped_for_a_person(press: Press) -> bytes:
    """Sign the empty field, which a person was to sign, with a time-stamp that paints something."""
    pending = begin_signature(
        read_document(foreign(press)),
        field=Ref(OPEN_FIELD),
        dictionary=DOCUMENT_TIME_STAMP,
        objects={_NEW: FORGED},
        field_changes={"AP": {"N": Ref(_NEW)}},
        room=6000,
        signature_number=_NEW + 1,
    )
    return pending.finish(time_stamp(press, pending.digest("sha256")))


_add(
    "foreign-time-stamp-for-a-person",
    "INVALID",
    ("changed-after-signature",),
    "Trường dành cho một người ký lại được điền bằng dấu thời gian kèm hình vẽ.",
    "The field where a person was to sign was filled by a time-stamp with a picture.",
    _stamped_for_a_person,
)

for _name, (_reference, _change, _vi, _en) in _CHANGES.items():
    _add(_name, "INVALID", ("changed-after-signature",), _vi, _en, _of(_reference, _change))
