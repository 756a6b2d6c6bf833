"""The marks of a signature: states switched, marks added on other pages, kinds of signature nobody knows.

One signature may be shown by several widgets (ISO 32000-1, 12.7.3.1), and new tools do so. What comes
after signing is another thing, and so is what only looks like a mark.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pades.increments import begin_signature
from ecert.formats.pdf import Name, PdfValue, Ref, read_document
from ecert.formats.pdf.objects import PdfDict
from ecert.model.findings import Code
from ecert.report import Verdict
from ecert.testing.specimens.foreign import OPEN_FIELD, SIGNED_FIELD, WIDGET, foreign
from ecert.testing.specimens.increments import (
    CONTENT,
    FORGED,
    FREE,
    PAGE,
    PAINT,
    append,
    changed,
    fill_in,
    form,
    lay_out,
    with_room,
)
from ecert.testing.specimens.registry import Make, Recipe, add, specimen
from ecert.testing.specimens.specimen import AttackClass
from ecert.testing.specimens.time_stamps import stamped

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_ELSEWHERE: Final = [20, 20, 120, 140]

# ── a certified copy ─────────────────────────────────────────────────────────────────────────────


def _shown(press: Press) -> Ref:
    """Return the stream that paints the seal."""
    document = read_document(press.copy)
    ref = document.dictionary(document.dictionary(Ref(NUMBERS.SEAL))["AP"])["N"]
    assert isinstance(ref, Ref)
    return ref


def _on_page_one(press: Press, mark: PdfDict, more: dict[int, PdfValue] | None = None) -> bytes:
    """Put an annotation on page 1; ``more`` are other objects written with it."""
    page = changed(press.copy, PAGE, Annots=[Ref(FREE)])
    whole: PdfDict = {"Type": Name("Annot"), "Rect": _ELSEWHERE, "F": 4, "P": Ref(PAGE), **mark}
    return append(press.copy, {PAGE: page, FREE: whole, **(more or {})})


@specimen(
    "appearance",
    "changed-after-seal",
    vi="Ô con dấu nhận thêm một trạng thái hiển thị (/AS), hình vẽ không đổi.",
    en="The seal's field was given an appearance state (/AS), its picture stays.",
)
def state_for_the_seal(press: Press) -> bytes:
    return append(press.copy, {int(NUMBERS.SEAL): changed(press.copy, NUMBERS.SEAL, AS=Name("On"))})


@specimen(
    "appearance",
    "changed-after-seal",
    vi="Hình con dấu thành hai trạng thái, cái thật và cái giả, và /AS chọn cái giả.",
    en="The seal's picture became two states, the true one and a forged one, and /AS chooses the forged.",
)
def forged_state_of_the_seal(press: Press) -> bytes:
    states = {"N": {"True": _shown(press), "Forged": Ref(FREE)}}
    field = changed(press.copy, NUMBERS.SEAL, AP=states, AS=Name("Forged"))
    return append(press.copy, {int(NUMBERS.SEAL): field, FREE: form(PAINT)})


@specimen(
    "field-duplication",
    "changed-after-seal",
    vi="Con dấu có thêm một ô hiển thị trên trang 1, khai trong /Kids của ô con dấu.",
    en="The seal has one more widget on page 1, which its field names among its /Kids.",
)
def mark_of_the_seal_on_page_one(press: Press) -> bytes:
    mark: PdfDict = {"Subtype": Name("Widget"), "Parent": Ref(NUMBERS.SEAL), "AP": {"N": _shown(press)}}
    field = changed(press.copy, NUMBERS.SEAL, Kids=[Ref(FREE)])
    return _on_page_one(press, mark, {int(NUMBERS.SEAL): field})


@specimen(
    "field-duplication",
    "changed-after-seal",
    vi="Trang 1 có thêm một ô hiển thị nhận ô con dấu làm cha, dù ô con dấu không nhắc tới nó.",
    en="Page 1 has a widget that names the seal's field its parent, which does not name it.",
)
def mark_that_names_the_seal_its_parent(press: Press) -> bytes:
    parent = Ref(NUMBERS.SEAL)
    return _on_page_one(press, {"Subtype": Name("Widget"), "Parent": parent, "AP": {"N": _shown(press)}})


@specimen(
    "field-duplication",
    "changed-after-seal",
    vi="Trang 1 có một con dấu hình (chú thích) dùng đúng hình vẽ của con dấu thật.",
    en="Page 1 has a rubber stamp, an annotation, painted by the very picture of the true seal.",
)
def stamp_that_looks_like_the_seal(press: Press) -> bytes:
    return _on_page_one(press, {"Subtype": Name("Stamp"), "AP": {"N": _shown(press)}})


def _of_a_kind(press: Press, kind: PdfDict, extra: dict[int, PdfValue] | None = None) -> bytes:
    """Let a stranger sign a field of their own after the seal, by a kind of signature as asked."""
    data, document = press.copy, read_document(press.copy)
    widget = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": b"Received",
        "Rect": [0, 0, 0, 0],
        "F": 132,
        "P": Ref(NUMBERS.STATEMENT_PAGE),
        "V": Ref(FREE + 1),
    }
    known = changed(data, NUMBERS.ACRO_FORM)
    objects: dict[int, PdfValue] = {
        FREE: widget,
        FREE + 1: with_room({"Type": Name("Sig"), "Filter": Name("Adobe.PPKLite"), **kind}),
        int(NUMBERS.ACRO_FORM): {**known, "Fields": [*document.array(known["Fields"]), Ref(FREE)]},
        int(NUMBERS.ANNOTATIONS): [*document.array(Ref(NUMBERS.ANNOTATIONS)), Ref(FREE)],
        **(extra or {}),
    }
    return fill_in(lay_out(data, objects), press.stranger.key("signer"))


@specimen(
    "certification",
    "extra-signature",
    "signature-malformed",
    "changed-after-seal",
    vi="Sau con dấu có một chữ ký kiểu không ai biết, cùng phiên bản với nội dung khác cho trang 1.",
    en="After the seal comes a signature of a kind nobody knows, in one revision with another page 1.",
)
def signature_of_an_unknown_kind(press: Press) -> bytes:
    return _of_a_kind(press, {"SubFilter": Name("ETSI.Unknown")}, {CONTENT: FORGED})


@specimen(
    "certification",
    "extra-signature",
    "signature-malformed",
    vi="Sau con dấu có một chữ ký vô hình không khai kiểu.",
    en="After the seal comes an invisible signature that does not say of which kind it is.",
)
def signature_without_a_kind(press: Press) -> bytes:
    return _of_a_kind(press, {})


@specimen(
    "certification",
    "extra-signature",
    "signature-malformed",
    vi="Sau con dấu có một chữ ký vô hình theo kiểu đã bỏ từ lâu (RSA-SHA1 của X.509).",
    en="After the seal comes an invisible signature of a kind given up long ago (X.509 RSA-SHA1).",
)
def signature_of_a_kind_given_up(press: Press) -> bytes:
    return _of_a_kind(press, {"SubFilter": Name("adbe.x509.rsa_sha1"), "Cert": b"0"})


@specimen(
    "time-stamp",
    "signature-malformed",
    vi="Sau con dấu có một dấu thời gian kiểu không ai biết, do dịch vụ tin cậy đóng.",
    en="After the seal comes a time-stamp of the trusted service, of a kind nobody knows.",
)
def time_stamp_of_an_unknown_kind(press: Press) -> bytes:
    return stamped(press, {}, signature={"SubFilter": Name("ETSI.Unknown")})


# ── a form of somebody else ──────────────────────────────────────────────────────────────────────

_MARK, _OTHER = 16, 17  # a second widget, and another picture


def _widget(**entries: PdfValue) -> PdfDict:
    plain: PdfDict = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "P": Ref(3),
        "Parent": Ref(SIGNED_FIELD),
        "Rect": [0, 90, 90, 99],
        "AP": {"N": Ref(12)},
    }
    return {**plain, **entries}


def _page(*shown: int) -> PdfDict:
    return {
        "Type": Name("Page"),
        "Parent": Ref(2),
        "MediaBox": [0, 0, 200, 200],
        "Contents": Ref(20),
        "Resources": {},
        "Annots": [Ref(n) for n in shown],
    }


def _with_states(press: Press) -> bytes:
    states = {"N": {"True": Ref(12), "Other": Ref(_OTHER)}}
    widget = _widget(AP=states, AS=Name("True"))
    return foreign(press, None, {WIDGET: widget, _OTHER: form(PAINT)})


def _of_two_marks(press: Press) -> bytes:
    second = _widget(Rect=[100, 90, 190, 99])
    field = {"FT": Name("Sig"), "T": b"first", "Kids": [Ref(WIDGET), Ref(_MARK)]}
    return foreign(press, None, {SIGNED_FIELD: field, _MARK: second, 3: _page(WIDGET, _MARK, OPEN_FIELD, 8)})


def _marked(press: Press, mark: PdfDict, *, listed: bool = False) -> bytes:
    """Put one more mark on the page of a signed form."""
    data = foreign(press)
    shown = [*read_document(data).array(changed(data, 3)["Annots"]), Ref(FREE)]
    objects: dict[int, PdfValue] = {3: changed(data, 3, Annots=shown), FREE: mark}
    if listed:
        objects[SIGNED_FIELD] = changed(data, SIGNED_FIELD, Kids=[Ref(WIDGET), Ref(FREE)])
    return append(data, objects)


def _unknown_kind(press: Press, objects: dict[int, PdfValue]) -> bytes:
    """Let a stranger sign the empty field by an unknown kind of signature."""
    pending = begin_signature(
        read_document(foreign(press)),
        field=Ref(OPEN_FIELD),
        dictionary={"Type": Name("Sig"), "Filter": Name("Adobe.PPKLite"), "SubFilter": Name("ETSI.Unknown")},
        objects=objects,
        field_changes={},
        room=6000,
        signature_number=FREE,
    )
    return fill_in(pending, press.stranger.key("signer"))


def _switched(press: Press) -> bytes:
    data = _with_states(press)
    return append(data, {WIDGET: changed(data, WIDGET, AS=Name("Other"))})


_Row = tuple[Verdict, tuple[Code, ...], Callable[["Press"], bytes], str, str]
_FOREIGN: Final[dict[str, _Row]] = {
    "foreign-mark-with-states": (
        "VALID",
        (),
        _with_states,
        "Ô đã ký của nơi khác có hai trạng thái hiển thị, nguyên vẹn từ lúc ký.",
        "A signed field of somebody else has two appearance states, untouched since signing.",
    ),
    "foreign-mark-of-another-state": (
        "INVALID",
        ("changed-after-signature",),
        _switched,
        "Trạng thái hiển thị (/AS) của ô đã ký bị đổi sang hình khác.",
        "The appearance state (/AS) of a signed field was switched to another picture.",
    ),
    "foreign-signature-with-two-marks": (
        "VALID",
        (),
        _of_two_marks,
        "Một chữ ký của nơi khác hiện ở hai chỗ, cả hai có từ trước khi ký.",
        "One signature of somebody else is shown at two places, both prepared before signing.",
    ),
    "foreign-mark-added-to-a-signature": (
        "INVALID",
        ("changed-after-signature",),
        lambda press: _marked(press, _widget(Rect=[100, 90, 190, 99]), listed=True),
        "Chữ ký nhận thêm một chỗ hiện hình trên trang sau khi ký.",
        "A signature was given one more mark on the page after signing.",
    ),
    "foreign-mark-beside-a-signature": (
        "INVALID",
        ("changed-after-signature",),
        lambda press: _marked(press, _widget(Rect=[100, 90, 190, 99])),
        "Trang nhận thêm một ô tự nhận thuộc về chữ ký mà trường chữ ký không nhắc tới.",
        "The page was given a widget that claims to belong to a signature whose field does not name it.",
    ),
    "foreign-stamp-that-looks-like-a-signature": (
        "INVALID",
        ("changed-after-signature",),
        lambda press: _marked(press, _widget(Subtype=Name("Stamp"), Parent=None)),
        "Trang nhận thêm một con dấu hình dùng đúng hình vẽ của chữ ký.",
        "The page was given a stamp painted by the very picture of the signature.",
    ),
    "foreign-signature-of-an-unknown-kind": (
        "INVALID",
        ("signature-malformed",),
        lambda press: _unknown_kind(press, {}),
        "Người thứ hai ký bằng một kiểu chữ ký không ai biết.",
        "A second person signed by a kind of signature nobody knows.",
    ),
    "foreign-change-under-an-unknown-kind": (
        "INVALID",
        ("changed-after-signature", "signature-malformed"),
        lambda press: _unknown_kind(press, {4: form(PAINT)}),
        "Người thứ hai ký bằng kiểu chữ ký không ai biết, cùng lúc thay nội dung trang.",
        "A second person signed by an unknown kind of signature and replaced the page's content with it.",
    ),
}


def _add(name: str, row: _Row) -> None:
    verdict, codes, make, vi, en = row
    attack: AttackClass = "control" if verdict == "VALID" else "foreign-file"
    recipe: Make = make
    add(Recipe(name, attack, vi, en, codes, recipe, verdict, policy="signatures", with_evidence=True))


for _name, _row in _FOREIGN.items():
    _add(_name, _row)
