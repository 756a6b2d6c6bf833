"""A document of somebody else that its first signer certified (P=2), then fields that others add and sign.

The policy is ``signatures``. Colleagues of the certifier may add visible fields; strangers may not, however small the
field. The page is 200 points wide and high.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecert.formats.pdf import Name, PdfValue, Ref
from ecert.formats.pdf.objects import PdfDict
from ecert.testing.names import PROVINCE_COMMITTEE, body_name, person_name
from ecert.testing.specimens.co_signers import co_signed
from ecert.testing.specimens.foreign import OPEN_FIELD, SIGNED_FIELD, TEXT, foreign
from ecert.testing.specimens.increments import append, changed, form
from ecert.testing.specimens.registry import form_specimen

if TYPE_CHECKING:
    from ecert.sign.keys import SigningKey
    from ecert.testing.specimens.press import Press

_PAGE, _FORM = 3, 5
_FIRST: Final = [0, 90, 90, 99]  # where the certifier signed
_TINY: Final = [130, 10, 150, 20]  # half a hundredth of the page


def clean_form(press: Press, permission: int | None = None) -> bytes:
    """Return the little form with nothing in it that other verifiers trip over, certified with this P or not at all.

    The signed field is its own widget, and the page refers to nothing that is missing.
    """
    usual = foreign(press)
    widget: PdfDict = {"Type": Name("Annot"), "Subtype": Name("Widget"), "FT": Name("Sig"), "P": Ref(_PAGE), "F": 4}
    shown = [Ref(SIGNED_FIELD), Ref(OPEN_FIELD), Ref(TEXT), Ref(11)]
    prepared: dict[int, PdfValue] = {
        SIGNED_FIELD: {**widget, "T": b"first", "Rect": _FIRST, "AP": {"N": Ref(12)}},
        _PAGE: changed(usual, _PAGE, Annots=shown, Resources={}),
    }
    return foreign(press, _docmdp(permission) if permission else None, prepared)


def _docmdp(permission: int) -> PdfDict:
    """Return the reference by which a signature certifies a document (ISO 32000-1, 12.8.2.2)."""
    params = {"Type": Name("TransformParams"), "P": permission, "V": Name("1.2")}
    return {"Type": Name("SigRef"), "TransformMethod": Name("DocMDP"), "TransformParams": params}


def _by_another_authority(press: Press) -> SigningKey:
    """Return a key whose certificate bears the body's name and comes from the other authority below the same root."""
    office = press.office
    every = office.responders.authorities.values()
    other = next(each for each in every if each.issuer is not None and each is not office.issuing)
    seal = office.seal.certificate
    own = other.issue(
        body_name(), not_before=seal.not_valid_before_utc, not_after=seal.not_valid_after_utc, algorithm="p256"
    )
    return office.key(own)


def _of_a_household(press: Press) -> SigningKey:
    name = person_name("Công dân", organization="HỘ KINH DOANH MẪU", unit=PROVINCE_COMMITTEE)
    return press.office.key(press.office.issue(name, algorithm="p256"))


def _clerk(press: Press) -> SigningKey:
    name = person_name("Văn thư", organization=PROVINCE_COMMITTEE)
    return press.office.key(press.office.issue(name, algorithm="p256"))


@form_specimen(
    "VALID",
    "field-added-and-signed",
    vi="Lãnh đạo ký chứng nhận văn bản, sau đó cơ quan đóng dấu vào một ô mới.",
    en="The head of a body signed and limited later changes, then the body sealed in a new field.",
)
def certified_then_sealed(press: Press) -> bytes:
    return co_signed(press, clean_form(press, 2), 60, {})


@form_specimen(
    "VALID",
    "field-added-and-signed",
    vi="Lãnh đạo ký chứng nhận văn bản, rồi văn thư ký ô số và ô ngày, cơ quan đóng dấu chồng một phần lên chữ ký.",
    en="The head signed and limited changes; then a clerk signed number and date, and the body sealed over a part of"
    " the first signature.",
)
def certified_then_numbered_dated_and_sealed(press: Press) -> bytes:
    data = co_signed(press, clean_form(press, 2), 60, {"Rect": [20, 180, 60, 190]}, key=_clerk)
    data = co_signed(press, data, 70, {"Rect": [120, 180, 180, 190]}, key=_clerk)
    return co_signed(press, data, 80, {"Rect": [60, 80, 100, 110]})


@form_specimen(
    "INDETERMINATE",
    "field-added-by-another",
    attack="certification",
    vi="Lãnh đạo ký chứng nhận văn bản, sau đó một người ở nơi khác, chứng thư cùng nơi cấp, thêm một ô rất nhỏ và ký.",
    en="The head signed and limited changes; then somebody of another organisation, certified by the same authority,"
    " added a tiny field and signed it.",
)
def certified_then_signed_by_another(press: Press) -> bytes:
    return co_signed(press, clean_form(press, 2), 60, {"Rect": _TINY}, key=_of_a_household)


@form_specimen(
    "INDETERMINATE",
    "field-added-by-another",
    attack="certification",
    vi="Lãnh đạo ký chứng nhận văn bản, rồi một người mang đúng tên cơ quan, chứng thư do nơi khác cấp, thêm ô và ký.",
    en="The head signed and limited changes; then somebody who bears the body's very name in another authority's"
    " certificate added a field and signed it.",
)
def certified_then_signed_by_a_namesake(press: Press) -> bytes:
    return co_signed(press, clean_form(press, 2), 60, {"Rect": _TINY}, key=_by_another_authority)


@form_specimen(
    "INVALID",
    "changed-after-signature",
    attack="certification",
    vi="Văn bản đã có chữ ký chứng nhận bị thêm một ô chữ ký có hình mà không ai ký.",
    en="A document whose first signer limits changes was given a signature field with a picture that nobody signed.",
)
def certified_then_a_field_left_unsigned(press: Press) -> bytes:
    data = clean_form(press, 2)
    field: PdfDict = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": b"party60",
        "Rect": [130, 10, 190, 40],
        "F": 4,
        "P": Ref(_PAGE),
        "AP": {"N": Ref(61)},
    }
    return append(data, {60: field, 61: form(b"0.9 g 0 0 300 300 re f"), **listed(data, 60)})


def listed(data: bytes, number: int) -> dict[int, PdfDict]:
    """Return the page and the form of the little form, with one more field on both."""
    return {
        _PAGE: changed(data, _PAGE, Annots=[*changed(data, _PAGE)["Annots"], Ref(number)]),
        _FORM: changed(data, _FORM, Fields=[*changed(data, _FORM)["Fields"], Ref(number)]),
    }


@form_specimen(
    "INDETERMINATE",
    "field-covers-page",
    attack="certification",
    vi="Sau khi đã có chữ ký chứng nhận, cơ quan thêm nhiều ô nhỏ, cộng lại che hơn 15 % trang.",
    en="After the first signer limited changes, the body added many small fields, together over 15 % of the page.",
)
def certified_then_hidden_by_many_small_fields(press: Press) -> bytes:
    data = clean_form(press, 2)
    for row in range(4):  # 4 % each
        data = co_signed(press, data, 60 + 10 * row, {"Rect": [110, 10 + 45 * row, 150, 50 + 45 * row]})
    return data


@form_specimen(
    "INDETERMINATE",
    "field-covers-page",
    attack="certification",
    vi="Sau khi đã có chữ ký chứng nhận, cơ quan đóng dấu che hơn 40 % ô của chữ ký đó.",
    en="After the first signer limited changes, the body's seal hides more than 40 % of that signature's field.",
)
def certified_then_hidden_signature(press: Press) -> bytes:
    return co_signed(press, clean_form(press, 2), 60, {"Rect": [0, 85, 45, 105]})
