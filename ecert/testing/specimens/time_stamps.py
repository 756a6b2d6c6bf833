"""Time-stamps that paint, carry something along, or belong to something else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pades.cms import read_signed_data
from ecert.formats.pades.cms_writer import build_signed_data
from ecert.formats.pades.increments import PendingSignature
from ecert.formats.pdf import Name, PdfValue, Ref, Stream, read_document
from ecert.formats.pdf.objects import PdfDict, text_string
from ecert.model.roles import SEAL_FIELD, SIGNER_FIELD
from ecert.testing.specimens.increments import CONTENT, FORGED, FREE, PAINT, append, changed, form, lay_out, with_room
from ecert.testing.specimens.registry import specimen
from ecert.testing.specimens.surgery import contents, find_signature, with_contents
from ecert.trust.client import Client
from ecert.trust.timestamps import request_timestamp

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_FIELD, _SIGNATURE, _SHOWN, _CHILD = FREE, FREE + 1, FREE + 2, FREE + 3
_VISIBLE: Final[PdfDict] = {"Rect": [60, 400, 360, 700], "AP": {"N": Ref(_SHOWN)}}

#: the dictionary of a document time-stamp (ISO 32000-2, 12.8.5) without its value
DOCUMENT_TIME_STAMP: Final[PdfDict] = {
    "Type": Name("DocTimeStamp"),
    "Filter": Name("Adobe.PPKLite"),
    "SubFilter": Name("ETSI.RFC3161"),
}


def begin_stamp(
    data: bytes, field: PdfDict, extra: Mapping[int, PdfValue] | None = None, signature: PdfDict | None = None
) -> PendingSignature:
    """Lay out a document time-stamp with field and signature dictionaries as asked, and other objects."""
    document = read_document(data)
    widget = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": b"Archive9",
        "Rect": [0, 0, 0, 0],
        "F": 132,
        "P": Ref(NUMBERS.STATEMENT_PAGE),
        "V": Ref(_SIGNATURE),
    }
    fields = [*document.array(changed(data, NUMBERS.ACRO_FORM)["Fields"]), Ref(_FIELD)]
    shown = [Ref(_FIELD), *field.get("Kids", [])]
    objects: dict[int, PdfValue] = {
        _FIELD: {**widget, **field},
        _SIGNATURE: with_room({**DOCUMENT_TIME_STAMP, **(signature or {})}),
        int(NUMBERS.ACRO_FORM): changed(data, NUMBERS.ACRO_FORM, Fields=fields),
        int(NUMBERS.ANNOTATIONS): [*document.array(Ref(NUMBERS.ANNOTATIONS)), *shown],
        **(extra or {}),
    }
    return lay_out(data, objects)


def stamped(
    press: Press, field: PdfDict, extra: Mapping[int, PdfValue] | None = None, signature: PdfDict | None = None
) -> bytes:
    """Append a document time-stamp by the office's own service, which stamps for anybody."""
    pending = begin_stamp(press.copy, field, extra, signature)
    return pending.finish(time_stamp(press, pending.digest("sha256")))


def time_stamp(press: Press, imprint: bytes) -> bytes:
    """Return the office's time-stamp token for an imprint (SHA-256)."""
    return request_timestamp(imprint, press.office.services, press.client).der


@specimen(
    "control",
    verdict="VALID",
    vi="Người ngoài đóng thêm một dấu thời gian vô hình của dịch vụ tin cậy: điều này được phép.",
    en="Somebody added an invisible time-stamp of the trusted service, which is permitted.",
)
def another_time_stamp(press: Press) -> bytes:
    return stamped(press, {})


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Dấu thời gian hiện hình đè lên lời chứng.",
    en="A document time-stamp paints over the statement.",
)
def visible_time_stamp(press: Press) -> bytes:
    return stamped(press, _VISIBLE, {_SHOWN: form(PAINT)})


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Dấu thời gian tự xưng tên người, lý do và nơi ký, để phần mềm đọc hiển thị.",
    en="A time-stamp claims a person, a reason and a place, for viewers to show.",
)
def time_stamp_with_a_reason(press: Press) -> bytes:
    told = {"Name": b"A Minister", "Reason": b"Certified", "Location": b"The capital"}
    return stamped(press, {}, signature=told)


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Dấu thời gian mang một câu tự đặt ở chỗ ghi phiên bản.",
    en="A time-stamp holds a sentence of its maker's where its version stands.",
)
def time_stamp_with_words_for_a_version(press: Press) -> bytes:
    return stamped(press, {}, signature={"V": b"A minister certifies"})


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Dấu thời gian khai tên người thay cho tên bộ xử lý chữ ký.",
    en="A time-stamp names a person where its signature handler stands.",
)
def time_stamp_with_a_person_for_a_handler(press: Press) -> bytes:
    return stamped(press, {}, signature={"Filter": Name("A.Minister")})


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Ô của dấu thời gian được đánh dấu giữ nguyên cỡ khi trang bị thu nhỏ.",
    en="The field of a time-stamp is flagged to keep its size when the page is shrunk.",
)
def time_stamp_with_odd_flags(press: Press) -> bytes:
    return stamped(press, {"F": 4 | 8 | 16})


@specimen(
    "metadata",
    "changed-after-seal",
    vi="Cùng với dấu thời gian, danh mục khai một phần mở rộng có tên là một câu.",
    en="Along with a time-stamp the catalogue declares an extension whose version is a sentence.",
)
def extension_with_words_for_a_version(press: Press) -> bytes:
    entry = {"BaseVersion": Name("A minister certifies"), "ExtensionLevel": 1}
    root = changed(press.copy, NUMBERS.CATALOG, Extensions={"ABCD": entry})
    return stamped(press, {}, {int(NUMBERS.CATALOG): root})


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Trường của dấu thời gian mang tên giống hệt trường con dấu, với một chữ cái Cyrillic.",
    en="The time-stamp's field is named like the seal's, with one Cyrillic letter.",
)
def time_stamp_with_a_telling_name(press: Press) -> bytes:
    return stamped(press, {"T": text_string("\u0405eal")})


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Cùng với dấu thời gian, tên tài liệu bị thay, giấu trong dạng viết của tên phần mềm.",
    en="Along with a time-stamp the document's title was replaced, in the guise of a producer's name.",
)
def time_stamp_with_a_hidden_title(press: Press) -> bytes:
    old = read_document(press.copy).view()[NUMBERS.METADATA].value
    text = old.encoded()
    title = text[text.index(b"<rdf:li") : text.index(b"</rdf:li>")]
    start = title.index(b">") + 1
    other = title[:start] + b'pdf:Producer="Another title' + title[start:] + b'"'
    text = text.replace(title, other, 1)
    metadata = Stream({**old.dict, "Length": len(text)}, text)
    return stamped(press, {}, {int(NUMBERS.METADATA): metadata})


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Dấu thời gian vô hình có một ô con hiện hình đè lên lời chứng.",
    en="An invisible time-stamp has a child that paints over the statement.",
)
def time_stamp_with_a_visible_child(press: Press) -> bytes:
    child = {"Type": Name("Annot"), "Subtype": Name("Widget"), "Parent": Ref(_FIELD), **_VISIBLE}
    return stamped(press, {"Kids": [Ref(_CHILD)]}, {_SHOWN: form(PAINT), _CHILD: child})


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Dấu thời gian kích thước 0 mang theo một hình để sẵn.",
    en="A time-stamp of no size brings along a picture, ready to be shown.",
)
def time_stamp_with_an_appearance(press: Press) -> bytes:
    return stamped(press, {"AP": {"N": Ref(_SHOWN)}}, {_SHOWN: form(PAINT)})


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Ô của dấu thời gian mở một địa chỉ trên mạng.",
    en="The field of a time-stamp opens an address on the network.",
)
def time_stamp_with_an_action(press: Press) -> bytes:
    return stamped(press, {"A": {"S": Name("URI"), "URI": b"http://example.org"}})


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Dấu thời gian tự đặt tên ô của mình là Seal.",
    en="The field of a time-stamp calls itself Seal.",
)
def time_stamp_called_seal(press: Press) -> bytes:
    return stamped(press, {"T": b"Seal"})


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Cùng với dấu thời gian, nội dung trang 1 bị thay.",
    en="Together with a time-stamp the content of page 1 was replaced.",
)
def time_stamp_with_another_content(press: Press) -> bytes:
    return stamped(press, {}, {CONTENT: FORGED})


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Cùng với dấu thời gian, tệp nhận thêm một đối tượng không ai dùng tới.",
    en="Together with a time-stamp an object came in that nothing refers to.",
)
def time_stamp_with_an_orphan(press: Press) -> bytes:
    return stamped(press, {}, {_CHILD: FORGED})


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Cùng với dấu thời gian, tên tài liệu trong siêu dữ liệu bị đổi.",
    en="Together with a time-stamp the title in the metadata was changed.",
)
def time_stamp_with_another_title(press: Press) -> bytes:
    old = read_document(press.copy).view()[NUMBERS.METADATA].value
    text = old.encoded().replace(b"</dc:title>", b"x</dc:title>")
    head = {**old.dict, "Length": len(text)}
    return stamped(press, {}, {int(NUMBERS.METADATA): Stream(head, text)})


@specimen(
    "time-stamp",
    "signature-malformed",
    vi="Dấu thời gian cuối tệp không có giá trị, chỉ có số 0.",
    en="The last time-stamp has no token, only zeros.",
)
def time_stamp_without_a_token(press: Press) -> bytes:
    return begin_stamp(press.copy, {}).finish(b"")


@specimen(
    "time-stamp",
    "timestamp-broken",
    vi="Dấu thời gian cuối tệp là dấu thời gian chép từ bản sao khác.",
    en="The last time-stamp was copied from another copy.",
)
def time_stamp_of_another_copy(press: Press) -> bytes:
    return begin_stamp(press.copy, {}).finish(contents(press.other.to_bytes(), "Archive1"))


@specimen(
    "time-stamp",
    "timestamp-broken",
    vi="Dấu thời gian cuối tệp là dấu thời gian lưu trữ của chính bản sao, chép thêm một lần.",
    en="The last time-stamp repeats the copy's own archive time-stamp.",
)
def time_stamp_repeated(press: Press) -> bytes:
    return begin_stamp(press.copy, {}).finish(contents(press.copy, "Archive1"))


@specimen(
    "time-stamp",
    "timestamp-broken",
    vi="Dấu thời gian lưu trữ bị thay bằng dấu thời gian chép từ bản sao khác.",
    en="The archive time-stamp was replaced by that of another copy.",
)
def archive_time_stamp_of_another_copy(press: Press) -> bytes:
    return with_contents(press.copy, "Archive1", contents(press.other.to_bytes(), "Archive1"))


def seal_with_token(press: Press, token: bytes | None) -> bytes:
    """Exchange the seal's time-stamp, which no signature of a B-T copy covers; None takes it out."""
    message = read_signed_data(contents(press.bare, SEAL_FIELD))
    assert message.to_be_verified is not None
    key = press.office.key("seal")
    value = build_signed_data(message.to_be_verified, message.signature, key.scheme, key.chain, token)
    return with_contents(press.bare, SEAL_FIELD, value)


@specimen(
    "time-stamp",
    "timestamp-broken",
    vi="Dấu thời gian của con dấu bị thay bằng dấu thời gian của chữ ký.",
    en="The seal's time-stamp was replaced by the signer's.",
)
def token_of_another_signature(press: Press) -> bytes:
    token = read_signed_data(contents(press.bare, SIGNER_FIELD)).timestamps[0]
    return seal_with_token(press, token)


@specimen(
    "time-stamp",
    "timestamp-broken",
    vi="Dấu thời gian của con dấu bị thay bằng dấu thời gian con dấu của bản sao khác.",
    en="The seal's time-stamp was replaced by that of the seal of another copy.",
)
def token_of_another_copy(press: Press) -> bytes:
    token = read_signed_data(contents(press.other.to_bytes(), SEAL_FIELD)).timestamps[0]
    return seal_with_token(press, token)


@specimen(
    "time-stamp",
    "timestamp-not-trusted",
    verdict="VALID",
    with_evidence=True,
    vi="Dấu thời gian của con dấu bị thay bằng dấu thời gian của dịch vụ không ai tin cậy: thời "
    "điểm không được chứng minh, nội dung vẫn nguyên vẹn.",
    en="The seal's time-stamp was replaced by one of a service that nobody trusts: the time is not "
    "proven, the content is whole.",
)
def token_of_a_stranger(press: Press) -> bytes:
    value = read_signed_data(contents(press.bare, SEAL_FIELD)).signature
    imprint = hashlib.sha256(value).digest()
    stranger = press.stranger.services
    return seal_with_token(press, request_timestamp(imprint, stranger, Client(stranger)).der)


@specimen(
    "time-stamp",
    "time-not-proven",
    "level-below-promise",
    verdict="VALID",
    with_evidence=True,
    vi="Dấu thời gian của con dấu bị gỡ khỏi bản sao mức B-T: thời điểm không được chứng minh, nội "
    "dung vẫn nguyên vẹn.",
    en="The seal's time-stamp was taken out of a copy of level B-T: the time is not proven, the content is whole.",
)
def token_taken_out(press: Press) -> bytes:
    return seal_with_token(press, None)


@specimen(
    "time-stamp",
    "changed-after-seal",
    vi="Dấu thời gian lưu trữ được nối lại lần nữa bằng phiên bản ghi đè từ điển của nó.",
    en="The dictionary of the archive time-stamp was written over in a later revision.",
)
def time_stamp_written_over(press: Press) -> bytes:
    signature = find_signature(press.copy, "Archive1")
    return append(press.copy, {signature.ref.num: {**signature.dictionary, "Name": b"Trusted"}})
