"""Pictures and signatures carried over: from another copy, from another stage, onto plain paper."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pdf import PdfValue, Ref, read_document
from ecert.formats.pdf.objects import Hex
from ecert.model.roles import SEAL_FIELD, SIGNER_FIELD
from ecert.testing.specimens.increments import append, changed, cut
from ecert.testing.specimens.registry import specimen
from ecert.testing.specimens.surgery import contents, find_signature, with_contents

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_CARRIED = 500  # the number of a dictionary that was carried over from another copy


@specimen(
    "roles",
    "seal-missing",
    "changed-after-signer",
    vi="Hình con dấu được dán vào ô con dấu mà không có chữ ký số.",
    en="The picture of a seal was put into the seal's field, without any signature.",
)
def picture_of_a_seal(press: Press) -> bytes:
    data, whole = cut(press.copy, 1), read_document(press.copy)
    sealed = whole.revisions[2].objects
    kept: dict[int, PdfValue] = {
        num: found.value
        for num, found in sealed.items()
        if not (isinstance(found.value, dict) and found.value.get("Type") == "Sig")
    }
    kept[int(NUMBERS.SEAL)] = {k: v for k, v in kept[NUMBERS.SEAL].items() if k != "V"}
    return append(data, kept)


@specimen(
    "roles",
    "unsigned",
    vi="Hình chữ ký và con dấu được dán vào bản dự thảo, không ai ký số.",
    en="Pictures of signature and seal were put into the draft, nobody signed it.",
)
def pictures_alone(press: Press) -> bytes:
    document = read_document(press.copy)
    kept: dict[int, PdfValue] = {}
    for revision in document.revisions[1:3]:
        for num, found in revision.objects.items():
            value = found.value
            if isinstance(value, dict) and value.get("Type") in ("Sig", "Catalog"):
                continue
            plain = isinstance(value, dict)
            kept[num] = {k: v for k, v in value.items() if k != "V"} if plain else value
    return append(cut(press.copy, 0), kept)


def _transplanted(press: Press, base: bytes, field: str) -> bytes:
    """Put a signature of the other copy into a field, dictionary and all."""
    num = int(NUMBERS.SEAL if field == SEAL_FIELD else NUMBERS.SIGNER)
    donor = find_signature(press.other.to_bytes(), field)
    dictionary = {**donor.dictionary, "Contents": Hex(donor.contents)}
    return append(base, {num: changed(base, num, V=Ref(_CARRIED)), _CARRIED: dictionary})


@specimen(
    "roles",
    "signature-malformed",
    vi="Con dấu của bản sao khác được chép nguyên sang bản đã ký này.",
    en="The seal of another copy was carried over to this signed copy, dictionary and all.",
)
def seal_of_another_copy(press: Press) -> bytes:
    return _transplanted(press, cut(press.copy, 1), SEAL_FIELD)


@specimen(
    "roles",
    "signature-broken",
    vi="Giá trị chữ ký số của con dấu bị thay bằng của con dấu trên bản sao khác.",
    en="The value of the seal's signature was replaced by that of the seal of another copy.",
)
def seal_value_of_another_copy(press: Press) -> bytes:
    return with_contents(press.bare, SEAL_FIELD, contents(press.other.to_bytes(), SEAL_FIELD))


@specimen(
    "roles",
    "signature-broken",
    vi="Giá trị chữ ký số của người ký bị thay bằng của người ký trên bản sao khác.",
    en="The value of the signer's signature was replaced by that on another copy.",
)
def signature_value_of_another_copy(press: Press) -> bytes:
    return with_contents(press.copy, SIGNER_FIELD, contents(press.other.to_bytes(), SIGNER_FIELD))


@specimen(
    "roles",
    "signature-broken",
    vi="Bản dự thảo của bản sao này được ghép với chữ ký và con dấu của bản sao khác.",
    en="The draft of this copy was joined with signature and seal of another one.",
)
def revisions_of_another_copy(press: Press) -> bytes:
    copies = sorted((press.copy, press.other.to_bytes()), key=lambda data: len(cut(data, 0)))
    shorter, longer = cut(copies[0], 0), cut(copies[1], 0)
    return _stretched(shorter, len(longer)) + copies[1][len(longer) :]


def _stretched(data: bytes, size: int) -> bytes:
    """Lengthen a first revision to ``size`` bytes: white space before its cross-reference section."""
    table = read_document(data).revisions[0].startxref
    room = size - len(data) - (len(b"%d" % size) - len(b"%d" % table))
    moved = table + room
    tail = data[table:].replace(b"startxref\n%d\n" % table, b"startxref\n%d\n" % moved)
    return data[:table] + b" " * room + tail


@specimen(
    "roles",
    "unsigned",
    "record-missing",
    vi="Các trang của bản sao được in lại thành tệp PDF mới: hình giống hệt, không còn chữ ký số.",
    en="The copy's pages were printed into a new PDF: they look the same, no signature is left.",
)
def printed_again(press: Press) -> bytes:
    first, *more = (Image.open(io.BytesIO(sheet)) for sheet in press.sheets)
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=more)
    return out.getvalue()
