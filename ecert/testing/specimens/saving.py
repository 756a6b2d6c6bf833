"""Incremental saving attacks: content appended after the last signature, in every way to hide that it was.

After Mladenov and others (CCS 2019), 4.2: with a cross-reference section, without one, without a trailer,
with a copy of the signature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pdf import Name, Ref, read_document
from ecert.model.roles import SEAL_FIELD
from ecert.testing.specimens.increments import (
    CONTENT,
    FORGED,
    FREE,
    PAGE,
    append,
    append_packed,
    append_section,
    changed,
    cut,
    end,
    lay_out,
    numbered,
    with_room,
)
from ecert.testing.specimens.registry import specimen
from ecert.testing.specimens.surgery import contents, find_signature

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press


@specimen(
    "incremental-saving",
    "changed-after-seal",
    vi="Nối thêm một phiên bản đầy đủ thay nội dung trang 1.",
    en="A complete revision was appended that replaces the content of page 1.",
)
def saved_with_a_table(press: Press) -> bytes:
    return append(press.copy, {CONTENT: FORGED})


@specimen(
    "incremental-saving",
    "changed-after-seal",
    vi="Nối thêm một phiên bản thay nội dung trang 1, ghi bằng luồng tham chiếu chéo.",
    en="A revision that replaces the content of page 1 was appended, listed by a cross-reference stream.",
)
def saved_with_a_stream(press: Press) -> bytes:
    return append_section(press.copy, {CONTENT: FORGED})


@specimen(
    "incremental-saving",
    "changed-after-seal",
    vi="Nối thêm một phiên bản giấu trang 1 bị thay trong một luồng đối tượng.",
    en="A revision was appended that hides another page 1 in an object stream.",
)
def saved_in_an_object_stream(press: Press) -> bytes:
    return append_packed(press.copy, {PAGE: changed(press.copy, PAGE, MediaBox=[0, 0, 9, 9])})


@specimen(
    "incremental-saving",
    "bytes-unaccounted",
    vi="Nối thêm nội dung mới của trang 1 mà không kèm bảng tham chiếu hay phần kết.",
    en="Another content of page 1 was appended without cross-reference section and trailer.",
)
def saved_without_table_and_trailer(press: Press) -> bytes:
    return press.copy + numbered(CONTENT, FORGED)


@specimen(
    "incremental-saving",
    "bytes-unaccounted",
    vi="Nối thêm nội dung mới của trang 1, chỉ kèm lại dấu kết thúc cũ.",
    en="Another content of page 1 was appended with nothing but the old end mark again.",
)
def saved_with_the_old_end_mark(press: Press) -> bytes:
    start = read_document(press.copy).revisions[-1].startxref
    return press.copy + numbered(CONTENT, FORGED) + end(start)


@specimen(
    "incremental-saving",
    "pdf-damaged",
    vi="Nối thêm nội dung mới của trang 1 với phần kết nhưng không có bảng tham chiếu.",
    en="Another content of page 1 was appended with a trailer but without a cross-reference section.",
)
def saved_without_a_table(press: Press) -> bytes:
    body = press.copy + numbered(CONTENT, FORGED)
    trailer = b"trailer\n<</Size 99 /Root 1 0 R /Prev %d>>\n" % press.copy.rindex(b"xref\n")
    return body + trailer + end(len(body))


@specimen(
    "incremental-saving",
    "extra-signature",
    vi="Nối thêm nội dung mới cùng một bản chép của chữ ký số con dấu dưới tên ô khác.",
    en="Another content was appended together with a copy of the seal's signature under another field.",
)
def saved_with_a_copied_signature(press: Press) -> bytes:
    data, signature = press.copy, find_signature(press.copy, SEAL_FIELD)
    copied = with_room({k: v for k, v in signature.dictionary.items() if k not in ("ByteRange", "Contents")})
    copied["Contents"] = type(copied["Contents"])(b"<" + b"0" * 24000 + b">")
    field = {**signature.field.widget, "T": b"Seal2", "V": Ref(FREE + 1)}
    fields = read_document(data).array(changed(data, NUMBERS.ACRO_FORM)["Fields"])
    pending = lay_out(
        data,
        {
            CONTENT: FORGED,
            FREE: field,
            FREE + 1: copied,
            NUMBERS.ACRO_FORM: changed(data, NUMBERS.ACRO_FORM, Fields=[*fields, Ref(FREE)]),
        },
    )
    return pending.finish(contents(data, SEAL_FIELD))


@specimen(
    "incremental-saving",
    "changed-after-seal",
    vi="Xóa nội dung trang 1 bằng một phiên bản nối thêm.",
    en="An appended revision frees the content of page 1.",
)
def content_freed(press: Press) -> bytes:
    return append(press.copy, {}, freed=(CONTENT,))


@specimen(
    "incremental-saving",
    "changed-after-seal",
    vi="Chép lại nguyên nội dung trang 1 với số thế hệ khác, để nơi trỏ tới không còn thấy.",
    en="The content of page 1 was written again under another generation, so that nothing finds it.",
)
def content_of_another_generation(press: Press) -> bytes:
    same = read_document(press.copy).view()[CONTENT].value
    return append(press.copy, {CONTENT: same}, generation=1)


@specimen(
    "incremental-saving",
    "changed-after-seal",
    vi="Nội dung mới của trang 1 được ghi như một luồng đối tượng để qua mặt phép so sánh.",
    en="Another content of page 1 calls itself an object stream, to slip through a comparison.",
)
def content_called_an_object_stream(press: Press) -> bytes:
    head = {**FORGED.dict, "Type": Name("ObjStm"), "N": 0, "First": 0}
    return append(press.copy, {CONTENT: type(FORGED)(head, FORGED.data)})


@specimen(
    "incremental-saving",
    "changed-after-seal",
    vi="Nội dung mới của trang 1 được ghi như một luồng tham chiếu chéo.",
    en="Another content of page 1 calls itself a cross-reference stream.",
)
def content_called_a_section(press: Press) -> bytes:
    head = {**FORGED.dict, "Type": Name("XRef")}
    return append(press.copy, {CONTENT: type(FORGED)(head, FORGED.data)})


@specimen(
    "incremental-saving",
    "changed-after-signer",
    "seal-missing",
    vi="Thay nội dung trang 1 trên bản đã ký, trước khi có con dấu.",
    en="The content of page 1 was replaced after the signer and before any seal.",
)
def saved_before_the_seal(press: Press) -> bytes:
    return append(cut(press.copy, 1), {CONTENT: FORGED})


@specimen(
    "incremental-saving",
    "changed-after-seal",
    vi="Thêm một đối tượng không ai dùng tới.",
    en="An object that nothing refers to was added.",
)
def orphan_added(press: Press) -> bytes:
    return append(press.copy, {FREE: FORGED})
