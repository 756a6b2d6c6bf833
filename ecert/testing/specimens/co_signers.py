"""A signed form of somebody else that a second person signs too: in place, over the text, or not at all.

The policy is ``signatures``. The page is 200 points wide and high; the first signature stands at its left edge.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ecert.formats.pades.fields import write_date
from ecert.formats.pdf import Name, PdfValue, Ref, read_document
from ecert.formats.pdf.objects import PdfDict
from ecert.testing.specimens.foreign import WIDGET, foreign
from ecert.testing.specimens.increments import append, changed, fill_in, form, lay_out, with_room
from ecert.testing.specimens.registry import form_specimen

if TYPE_CHECKING:
    from ecert.sign.keys import SigningKey
    from ecert.testing.specimens.press import Press

_FORM, _PAGE = 5, 3
_PICTURE: Final = form(b"0.9 g 0 0 300 300 re f")
_ASIDE: Final = [130, 10, 190, 40]  # 4.5 % of the page
_REFERENCE: Final[PdfDict] = {"Type": Name("SigRef"), "TransformMethod": Name("DocMDP"), "TransformParams": {"P": 3}}

Key = Callable[["Press"], "SigningKey"]


def _body(press: Press) -> SigningKey:
    return press.office.key("seal")


def _stranger(press: Press) -> SigningKey:
    return press.stranger.key("seal")


def _with_field(data: bytes, number: int, field: PdfDict, *kids: PdfDict, signed: bool = True) -> dict[int, PdfValue]:
    """Return the objects that add a signature field with its picture, and widgets below it."""
    document = read_document(data)
    widget: PdfDict = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": b"party%d" % number,
        "Rect": _ASIDE,
        "F": 132,
        "P": Ref(_PAGE),
        "AP": {"N": Ref(number + 1)},
        **field,
    }
    own = {number + 2 + i: {**kid, "Parent": Ref(number)} for i, kid in enumerate(kids, 1)}
    shown = [Ref(num) for num in own] or [Ref(number)]
    objects: dict[int, PdfValue] = {
        number: {**widget, **({"Kids": shown} if kids else {})},
        number + 1: _PICTURE,
        **own,
        _PAGE: changed(data, _PAGE, Annots=[*document.array(changed(data, _PAGE)["Annots"]), *shown]),
        _FORM: changed(data, _FORM, Fields=[*document.array(changed(data, _FORM)["Fields"]), Ref(number)]),
    }
    if signed:
        objects[number] = {**objects[number], "V": Ref(number + 2)}
    return objects


def co_signed(press: Press, data: bytes, number: int, field: PdfDict, *kids: PdfDict, key: Key = _body) -> bytes:
    """Add a visible field and sign it in the same revision."""
    objects = _with_field(data, number, field, *kids)
    objects[number + 2] = with_room(
        {
            "Type": Name("Sig"),
            "Filter": Name("Adobe.PPKLite"),
            "SubFilter": Name("ETSI.CAdES.detached"),
            "M": write_date(press.now(), 7),
        }
    )
    return fill_in(lay_out(data, objects), key(press))


def _of_both(press: Press, **field: PdfValue) -> bytes:
    return co_signed(press, foreign(press), 60, field)


def _noted(press: Press, entries: PdfDict) -> bytes:
    """Add an annotation to a form whose signer permits them (P=3)."""
    data = foreign(press, _REFERENCE)
    shown = [*read_document(data).array(changed(data, _PAGE)["Annots"]), Ref(60)]
    note = {"Type": Name("Annot"), "Rect": [20, 60, 120, 80], "P": Ref(_PAGE), **entries}
    return append(data, {_PAGE: changed(data, _PAGE, Annots=shown), 60: note})


@form_specimen(
    "VALID",
    "field-added-and-signed",
    vi="Bên thứ hai thêm ô chữ ký ở chỗ trống của trang và ký.",
    en="A second party adds a signature field where the page is empty, and signs it.",
)
def co_signed_aside(press: Press) -> bytes:
    return _of_both(press)


@form_specimen(
    "VALID", vi="Bên thứ hai ký bằng một ô không hiển thị.", en="A second party signs in a field that shows nothing."
)
def co_signed_unseen(press: Press) -> bytes:
    return _of_both(press, Rect=[0, 0, 0, 0], AP=None)


@form_specimen(
    "INDETERMINATE",
    "field-covers-page",
    "field-added-and-signed",
    vi="Bên thứ hai đặt chữ ký của mình đè lên một phần tư trang.",
    en="A second party lays its signature over a quarter of the page.",
)
def co_signed_over_the_text(press: Press) -> bytes:
    return _of_both(press, Rect=[50, 20, 150, 120])


@form_specimen(
    "INDETERMINATE",
    "field-covers-page",
    vi="Bên thứ hai ký hai lần, mỗi lần che một phần mười trang.",
    en="A second party signs twice and hides a tenth of the page each time.",
)
def co_signed_over_the_text_in_parts(press: Press) -> bytes:
    once = co_signed(press, foreign(press), 60, {"Rect": [50, 20, 130, 70]})
    return co_signed(press, once, 70, {"Rect": [50, 110, 130, 160]})


@form_specimen(
    "INDETERMINATE",
    "field-covers-page",
    vi="Bên thứ hai đặt chữ ký của mình đè lên chữ ký của bên thứ nhất.",
    en="A second party lays its signature over that of the first.",
)
def co_signed_over_the_first(press: Press) -> bytes:
    return _of_both(press, Rect=[0, 85, 60, 110])


@form_specimen(
    "INDETERMINATE",
    "field-covers-page",
    vi="Ô của bên thứ hai giữ nguyên cỡ khi trang bị thu nhỏ, nên lớn hơn khung của nó.",
    en="The second party's field keeps its size when the page is shrunk, and so leaves its frame.",
)
def co_signed_without_zoom(press: Press) -> bytes:
    return _of_both(press, F=4 | 8 | 16)


@form_specimen(
    "INDETERMINATE",
    "field-covers-page",
    vi="Ô của bên thứ hai có nhiều khung, khung thứ hai phủ cả trang.",
    en="The second party's field has several widgets, and the second one covers the page.",
)
def co_signed_with_a_second_widget(press: Press) -> bytes:
    widget: PdfDict = {"Type": Name("Annot"), "Subtype": Name("Widget"), "F": 4, "P": Ref(_PAGE), "AP": {"N": Ref(61)}}
    kids = ({**widget, "Rect": _ASIDE}, {**widget, "Rect": [0, 0, 200, 200]})
    plain = {"Rect": None, "AP": None, "Subtype": None, "Type": None, "P": None, "F": None}
    return co_signed(press, foreign(press), 60, plain, *kids)


@form_specimen(
    "INDETERMINATE",
    "field-added-by-another",
    vi="Một người không rõ là ai thêm ô chữ ký và ký.",
    en="Somebody nobody knows adds a signature field and signs it.",
)
def co_signed_by_a_stranger(press: Press) -> bytes:
    return co_signed(press, foreign(press), 60, {}, key=_stranger)


@form_specimen(
    "INVALID",
    "changed-after-signature",
    "signature-broken",
    vi="Ô chữ ký được thêm vào mang một giá trị chữ ký sai.",
    en="The signature field that was added holds a wrong signature value.",
)
def co_signed_with_a_wrong_value(press: Press) -> bytes:
    data = _of_both(press)
    start = data.rindex(b"/M (D:") + len(b"/M (D:")
    year = b"2001" if data[start : start + 4] != b"2001" else b"2002"
    return data[:start] + year + data[start + 4 :]


@form_specimen(
    "INVALID",
    "changed-after-signature",
    vi="Một ô chữ ký trống, có hình vẽ riêng, được thêm lên trang.",
    en="An empty signature field with a picture of its own was added to the page.",
)
def co_signature_left_out(press: Press) -> bytes:
    data = foreign(press)
    return append(data, _with_field(data, 60, {}, signed=False))


@form_specimen(
    "INVALID",
    "changed-after-signature",
    vi="Ô của bên thứ hai mang theo một hành động trong khung con.",
    en="The second party's field brings an action in a widget below it.",
)
def co_signed_with_an_action(press: Press) -> bytes:
    action = {"S": Name("JavaScript"), "JS": b"app.alert(1)"}
    kid: PdfDict = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "F": 4,
        "P": Ref(_PAGE),
        "Rect": _ASIDE,
        "AA": {"E": action},
    }
    return co_signed(press, foreign(press), 60, {"Rect": None, "AP": None}, kid)


@form_specimen(
    "VALID",
    "annotation-added",
    vi="Thêm một liên kết không viền, chữ ký cho phép chú thích.",
    en="A link without a border was added, where the signature permits annotations.",
)
def annotated_with_a_link(press: Press) -> bytes:
    return _noted(press, {"Subtype": Name("Link"), "Border": [0, 0, 0]})


@form_specimen(
    "INDETERMINATE",
    "appearance-not-proven",
    "annotation-added",
    vi="Thêm chú thích bôi đen (Redact), chữ ký cho phép chú thích.",
    en="A redaction was added, where the signature permits annotations.",
)
def annotated_with_a_redaction(press: Press) -> bytes:
    return _noted(press, {"Subtype": Name("Redact"), "OC": None, "IC": [1, 1, 1]})


@form_specimen(
    "INDETERMINATE",
    "appearance-not-proven",
    "annotation-added",
    vi="Thêm hình con dấu (Stamp) vẽ đè lên chữ, chữ ký cho phép chú thích.",
    en="A stamp that paints over the text was added, where the signature permits annotations.",
)
def annotated_with_a_stamp(press: Press) -> bytes:
    return _noted(press, {"Subtype": Name("Stamp"), "AP": {"N": Ref(12)}})


@form_specimen(
    "INVALID",
    "changed-after-signature",
    vi="Khung của ô đã ký bị xếp xuống dưới một chú thích khác.",
    en="The signed field's widget was moved below another annotation.",
)
def annotated_under_another(press: Press) -> bytes:
    data = foreign(press, _REFERENCE)
    return append(data, {_PAGE: changed(data, _PAGE, Annots=[Ref(n) for n in (7, 8, 11, WIDGET)])})
