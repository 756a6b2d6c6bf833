"""Attacks on certified documents: what DocMDP P=2 is taken to permit by lenient verifiers.

After Rohlmann and others, “Breaking the Specification: PDF Certification” (S&P 2021): the evil
annotation attack (EAA) and the sneaky signature attack (SSA).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pades.cms_writer import build_signed_data, signed_attributes
from ecert.formats.pdf import Name, PdfValue, Ref, read_document
from ecert.formats.pdf.objects import PdfDict
from ecert.model.roles import SIGNER_FIELD
from ecert.testing.specimens.increments import FREE, PAGE, PAINT, append, changed, cut, form, lay_out, with_room
from ecert.testing.specimens.registry import Make, Recipe, add, specimen
from ecert.testing.specimens.surgery import exchange

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

#: /Subtype → what it is, in Vietnamese and English, and its own entries
_ANNOTATIONS: Final[dict[str, tuple[str, str, PdfDict]]] = {
    "FreeText": ("một dòng chữ", "a line of text", {"Contents": b"520,5", "DA": b"/F1 12 Tf"}),
    "Stamp": ("một con dấu hình", "a rubber stamp", {"Name": Name("Approved")}),
    "Redact": ("một khung xóa chữ", "a redaction", {"QuadPoints": [0, 9, 9, 9, 0, 0, 9, 0]}),
    "Square": ("một khung màu", "a filled box", {"IC": [1, 1, 1]}),
    "Text": ("một ghi chú", "a note", {"Contents": b"paid"}),
    "Ink": ("một nét vẽ tay", "a stroke of a pen", {"InkList": [[0, 0, 9, 9]]}),
    "Link": ("một liên kết", "a link", {"A": {"S": Name("URI"), "URI": b"http://example.org"}}),
    "FileAttachment": ("một tệp đính kèm", "an attached file", {"FS": {"F": b"other.pdf"}}),
}


def _annotated(subtype: str, entries: PdfDict) -> Make:
    def make(press: Press) -> bytes:
        annotation = {
            "Type": Name("Annot"),
            "Subtype": Name(subtype),
            "Rect": [20, 20, 200, 60],
            "F": 4,
            "AP": {"N": Ref(FREE + 1)},
            **entries,
        }
        page = changed(press.copy, PAGE, Annots=[Ref(FREE)])
        return append(press.copy, {PAGE: page, FREE: annotation, FREE + 1: form(PAINT)})

    return make


for _subtype, (_vi, _en, _entries) in _ANNOTATIONS.items():
    add(
        Recipe(
            f"annotation-{_subtype.lower()}",
            "certification",
            f"Đặt {_vi} lên trang 1 dưới dạng chú thích /{_subtype}.",
            f"On page 1 was put {_en}, as an annotation of the kind /{_subtype}.",
            ("changed-after-seal",),
            _annotated(_subtype, _entries),
        )
    )


@specimen(
    "certification",
    "changed-after-seal",
    vi="Đặt một chú thích lên trang lời chứng, cạnh hai ô chữ ký.",
    en="An annotation was put on the statement page, beside the two fields.",
)
def annotation_beside_the_fields(press: Press) -> bytes:
    document = read_document(press.copy)
    stamp = {"Type": Name("Annot"), "Subtype": Name("Stamp"), "Rect": [60, 400, 500, 500]}
    entries = [*document.array(Ref(NUMBERS.ANNOTATIONS)), Ref(FREE)]
    return append(press.copy, {FREE: stamp, int(NUMBERS.ANNOTATIONS): entries})


def _sneaky(press: Press, data: bytes, field: PdfDict, extra: dict[int, PdfValue]) -> bytes:
    """Sign a field of one's own with a stranger's key; the field shows what the forger likes."""
    document = read_document(data)
    key = press.stranger.key("signer")
    widget = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": b"Received",
        "Rect": [60, 400, 360, 700],
        "F": 132,
        "P": Ref(NUMBERS.STATEMENT_PAGE),
        "AP": {"N": Ref(FREE + 2)},
        "V": Ref(FREE + 1),
        **field,
    }
    dictionary = {"Type": Name("Sig"), "Filter": Name("Adobe.PPKLite"), "SubFilter": Name("ETSI.CAdES.detached")}
    fields = [*document.array(changed(data, NUMBERS.ACRO_FORM)["Fields"]), Ref(FREE)]
    shown = [*document.array(Ref(NUMBERS.ANNOTATIONS)), Ref(FREE)]
    pending = lay_out(
        data,
        {
            FREE: widget,
            FREE + 1: with_room(dictionary),
            FREE + 2: form(PAINT),
            int(NUMBERS.ACRO_FORM): changed(data, NUMBERS.ACRO_FORM, Fields=fields),
            int(NUMBERS.ANNOTATIONS): shown,
            **extra,
        },
    )
    attributes = signed_attributes(pending.digest(key.scheme.digest), key.certificate, key.scheme)
    return pending.finish(build_signed_data(attributes, key.sign(attributes), key.scheme, key.chain))


@specimen(
    "certification",
    "extra-signature",
    "changed-after-seal",
    vi="Thêm sau con dấu một ô chữ ký của người lạ, hình của ô đè lên lời chứng.",
    en="After the seal a stranger signed a field of their own that paints over the statement.",
)
def sneaky_signature(press: Press) -> bytes:
    return _sneaky(press, press.copy, {}, {})


@specimen(
    "certification",
    "extra-signature",
    vi="Thêm sau con dấu một ô chữ ký vô hình của người lạ.",
    en="After the seal a stranger signed an invisible field of their own.",
)
def sneaky_invisible_signature(press: Press) -> bytes:
    return _sneaky(press, press.copy, {"Rect": [0, 0, 0, 0], "AP": None}, {})


@specimen(
    "certification",
    "extra-signature",
    "changed-after-signer",
    vi="Thêm giữa người ký và con dấu một ô chữ ký của người lạ.",
    en="Between signer and seal a stranger signed a field of their own.",
)
def sneaky_signature_before_the_seal(press: Press) -> bytes:
    return _sneaky(press, cut(press.copy, 1), {}, {})


@specimen(
    "certification",
    "changed-after-seal",
    vi="Gỡ mục /Perms, để tài liệu không còn là tài liệu được chứng nhận.",
    en="The entry /Perms was taken out, so that the document no longer counts as certified.",
)
def permissions_removed(press: Press) -> bytes:
    catalogue = changed(press.copy, NUMBERS.CATALOG, Perms=None)
    return append(press.copy, {int(NUMBERS.CATALOG): catalogue})


@specimen(
    "certification",
    "signature-broken",
    vi="Quyền thay đổi sau ký bị nâng từ P=2 lên P=3 ngay trong chữ ký.",
    en="The permission was raised from P=2 to P=3 inside the signature itself.",
)
def permission_raised(press: Press) -> bytes:
    return exchange(press.copy, b"/TransformParams /P 2 ", b"/TransformParams /P 3 ")


@specimen(
    "certification",
    "signature-broken",
    vi="Khóa ô chữ ký của con dấu bị đổi để không còn khóa ô của người ký.",
    en="The seal's lock was changed in place so that it no longer locks the signer's field.",
)
def lock_loosened(press: Press) -> bytes:
    start = press.bare.rindex(b"/Fields [(%s) (Seal)]" % SIGNER_FIELD.encode())
    return press.bare[:start] + press.bare[start:].replace(b"(Signer)", b"(Sigmer)", 1)


@specimen(
    "certification",
    "changed-after-seal",
    vi="Thêm một ô nhập liệu đã điền sẵn lên trang lời chứng.",
    en="A form field with text in it was added to the statement page.",
)
def text_field_added(press: Press) -> bytes:
    document = read_document(press.copy)
    field = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Tx"),
        "T": b"note",
        "V": b"520,5",
        "Rect": [60, 400, 360, 440],
        "AP": {"N": Ref(FREE + 1)},
    }
    fields = [*document.array(changed(press.copy, NUMBERS.ACRO_FORM)["Fields"]), Ref(FREE)]
    shown = [*document.array(Ref(NUMBERS.ANNOTATIONS)), Ref(FREE)]
    objects = {
        FREE: field,
        FREE + 1: form(PAINT),
        int(NUMBERS.ACRO_FORM): changed(press.copy, NUMBERS.ACRO_FORM, Fields=fields),
        int(NUMBERS.ANNOTATIONS): shown,
    }
    return append(press.copy, objects)
