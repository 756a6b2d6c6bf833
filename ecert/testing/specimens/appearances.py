"""Signed fields that show something else, and signatures shown in a second place.

Appearance substitution and signature-field duplication: the signature stays valid, its picture lies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pdf import Name, PdfValue, Ref, Stream, read_document
from ecert.testing.specimens.increments import CONTENT, FORGED, FREE, PAGE, PAINT, append, changed, form
from ecert.testing.specimens.registry import Make, Recipe, add, specimen

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_FIELDS: Final = {"signer": int(NUMBERS.SIGNER), "seal": int(NUMBERS.SEAL)}

#: name → (field, its new entries, in Vietnamese, in English)
_ENTRIES: Final[dict[str, tuple[str, dict[str, PdfValue], str, str]]] = {
    "appearance-of-the-signer-swapped": (
        "signer",
        {"AP": {"N": Ref(FREE)}},
        "Hình của chữ ký bị thay bằng một hình khác.",
        "The picture of the signature was exchanged for another.",
    ),
    "appearance-of-the-seal-swapped": (
        "seal",
        {"AP": {"N": Ref(FREE)}},
        "Hình của con dấu bị thay bằng một hình khác.",
        "The picture of the seal was exchanged for another.",
    ),
    "appearance-of-the-seal-from-a-page": (
        "seal",
        {"AP": {"N": Ref(CONTENT)}},
        "Hình của con dấu bị thay bằng nội dung trang 1.",
        "The picture of the seal was exchanged for the content of page 1.",
    ),
    "appearance-taken-away": (
        "seal",
        {"AP": None},
        "Hình của con dấu bị gỡ bỏ.",
        "The picture of the seal was taken away.",
    ),
    "appearance-when-pressed": (
        "seal",
        {"AP": {"N": Ref(FREE), "D": Ref(FREE), "R": Ref(FREE)}},
        "Con dấu hiện hình khác khi rê chuột hoặc bấm vào.",
        "The seal shows another picture under the mouse and when pressed.",
    ),
    "field-moved-over-the-statement": (
        "signer",
        {"Rect": [50, 300, 550, 800]},
        "Ô chữ ký bị phóng to, đè lên lời chứng.",
        "The signer's field was enlarged over the statement.",
    ),
    "field-hidden": ("seal", {"F": 2}, "Ô con dấu bị ẩn đi.", "The seal's field was hidden."),
    "field-with-an-action": (
        "seal",
        {"A": {"S": Name("URI"), "URI": b"http://example.org"}},
        "Bấm vào con dấu thì mở một địa chỉ trên mạng.",
        "A press on the seal opens an address on the network.",
    ),
    "field-renamed": (
        "seal",
        {"TU": b"Stamp of another body"},
        "Tên hiển thị của ô con dấu bị đổi.",
        "The seal's field was given another label.",
    ),
    "lock-removed": (
        "seal",
        {"Lock": None},
        "Khóa của ô con dấu bị gỡ bỏ.",
        "The lock of the seal's field was taken away.",
    ),
}


def _with(field: str, entries: dict[str, PdfValue]) -> Make:
    def make(press: Press) -> bytes:
        num = _FIELDS[field]
        objects: dict[int, PdfValue] = {num: changed(press.copy, num, **entries)}
        if FREE in _numbers(entries):
            objects[FREE] = form(PAINT)
        return append(press.copy, objects)

    return make


def _numbers(entries: dict[str, PdfValue]) -> set[int]:
    shown = entries.get("AP") or {}
    return {ref.num for ref in shown.values()}


for _name, (_field, _new, _vi, _en) in _ENTRIES.items():
    add(Recipe(_name, "appearance", _vi, _en, ("changed-after-seal",), _with(_field, _new)))


@specimen(
    "appearance",
    "changed-after-seal",
    vi="Luồng vẽ hình con dấu bị ghi đè, từ điển của ô không đổi.",
    en="The stream that paints the seal was written over, the field's dictionary stays.",
)
def appearance_stream_written_over(press: Press) -> bytes:
    document = read_document(press.copy)
    ref = document.dictionary(document.dictionary(Ref(NUMBERS.SEAL))["AP"])["N"]
    head = {**document.resolve(ref).dict, "Length": len(PAINT)}
    return append(press.copy, {ref.num: Stream(head, PAINT)})


@specimen(
    "appearance",
    "changed-after-seal",
    vi="Ảnh con dấu trong hình hiển thị bị thay, luồng vẽ không đổi.",
    en="The picture inside the seal's appearance was exchanged, the stream that paints it stays.",
)
def picture_of_the_seal_exchanged(press: Press) -> bytes:
    document = read_document(press.copy)
    shown = document.resolve(document.dictionary(document.dictionary(Ref(NUMBERS.SEAL))["AP"])["N"])
    picture = document.dictionary(shown.dict["Resources"]["XObject"])["Im"]
    return append(press.copy, {picture.num: form(PAINT)})


@specimen(
    "appearance",
    "changed-after-seal",
    vi="Biểu mẫu yêu cầu phần mềm tự vẽ lại hình của các ô.",
    en="The form asks readers to draw the fields' pictures anew.",
)
def appearances_to_be_drawn_anew(press: Press) -> bytes:
    form_ = changed(press.copy, NUMBERS.ACRO_FORM, NeedAppearances=True)
    return append(press.copy, {int(NUMBERS.ACRO_FORM): form_})


# ── the same signature in a second place ─────────────────────────────────────────────────────────


def _with_field(press: Press, field: PdfValue, extra: dict[int, PdfValue] | None = None) -> bytes:
    document = read_document(press.copy)
    fields = [*document.array(changed(press.copy, NUMBERS.ACRO_FORM)["Fields"]), Ref(FREE)]
    form_ = changed(press.copy, NUMBERS.ACRO_FORM, Fields=fields)
    return append(press.copy, {FREE: field, int(NUMBERS.ACRO_FORM): form_, **(extra or {})})


@specimen(
    "field-duplication",
    "signature-malformed",
    "extra-signature",
    "changed-after-seal",
    vi="Ô thứ hai, tên khác, dùng chung từ điển chữ ký số của con dấu.",
    en="A second field of another name shares the seal's signature dictionary.",
)
def dictionary_shared_by_two_fields(press: Press) -> bytes:
    return _with_field(press, {**changed(press.copy, NUMBERS.SEAL), "T": b"Twin"})


@specimen(
    "field-duplication",
    "signature-malformed",
    "changed-after-seal",
    vi="Ô thứ hai cùng tên Seal, dùng chung từ điển chữ ký số của con dấu.",
    en="A second field, also called Seal, shares the seal's signature dictionary.",
)
def two_fields_called_seal(press: Press) -> bytes:
    return _with_field(press, changed(press.copy, NUMBERS.SEAL))


@specimen(
    "field-duplication",
    "changed-after-seal",
    vi="Ô thứ hai cùng tên Seal, chưa ký, hiện hình con dấu ở chỗ khác.",
    en="A second field called Seal, unsigned, shows the picture of the seal elsewhere.",
)
def empty_field_called_seal(press: Press) -> bytes:
    twin = changed(press.copy, NUMBERS.SEAL, V=None, Rect=[60, 500, 160, 620], P=Ref(PAGE))
    page = changed(press.copy, PAGE, Annots=[Ref(FREE)])
    return _with_field(press, twin, {PAGE: page})


@specimen(
    "field-duplication",
    "changed-after-seal",
    vi="Trang 1 hiện thêm con dấu: một ô hiển thị nằm ngoài biểu mẫu, cùng giá trị chữ ký số.",
    en="Page 1 shows the seal too: a widget outside the form has the same signature for its value.",
)
def widget_outside_the_form(press: Press) -> bytes:
    twin = changed(press.copy, NUMBERS.SEAL, Rect=[20, 20, 120, 140], P=Ref(PAGE))
    return append(press.copy, {PAGE: changed(press.copy, PAGE, Annots=[Ref(FREE)]), FREE: twin})


@specimen(
    "field-duplication",
    "changed-after-seal",
    vi="Trang 1 liệt kê lại chính ô con dấu trong chú thích của mình.",
    en="Page 1 lists the seal's own field among its annotations.",
)
def field_on_a_second_page(press: Press) -> bytes:
    return append(press.copy, {PAGE: changed(press.copy, PAGE, Annots=[Ref(NUMBERS.SEAL)])})


@specimen(
    "field-duplication",
    "changed-after-seal",
    vi="Ô con dấu có thêm một ô con hiện hình khác.",
    en="The seal's field was given a child that shows another picture.",
)
def field_with_a_second_widget(press: Press) -> bytes:
    child = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "Parent": Ref(NUMBERS.SEAL),
        "Rect": [60, 500, 160, 620],
        "AP": {"N": Ref(FREE + 1)},
    }
    field = changed(press.copy, NUMBERS.SEAL, Kids=[Ref(FREE)])
    return append(press.copy, {int(NUMBERS.SEAL): field, FREE: child, FREE + 1: FORGED})


@specimen(
    "field-duplication",
    "pdf-damaged",
    vi="Biểu mẫu liệt kê ô con dấu hai lần.",
    en="The form lists the seal's field twice.",
)
def field_listed_twice(press: Press) -> bytes:
    fields = [Ref(NUMBERS.SIGNER), Ref(NUMBERS.SEAL), Ref(NUMBERS.SEAL)]
    form_ = changed(press.copy, NUMBERS.ACRO_FORM, Fields=fields)
    return append(press.copy, {int(NUMBERS.ACRO_FORM): form_})


@specimen(
    "field-duplication",
    "seal-missing",
    vi="Biểu mẫu bỏ ô con dấu khỏi danh sách, hình con dấu vẫn hiện.",
    en="The form no longer lists the seal's field, whose picture is still shown.",
)
def field_no_longer_listed(press: Press) -> bytes:
    form_ = changed(press.copy, NUMBERS.ACRO_FORM, Fields=[Ref(NUMBERS.SIGNER)])
    return append(press.copy, {int(NUMBERS.ACRO_FORM): form_})
