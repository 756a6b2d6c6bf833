"""Shadow attacks on finished copies: hide, replace, hide and replace, all after the signatures.

After Mainka and others, “Shadow Attacks” (NDSS 2021). What is prepared by a key holder before anybody
signs is in :mod:`ecert.testing.specimens.insiders`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pdf import Name, Ref, Stream, read_document
from ecert.testing.specimens.increments import CONTENT, FORGED, FREE, IMAGE, PAGE, PAINT, append, changed, form, stream
from ecert.testing.specimens.registry import specimen
from ecert.testing.specimens.sheets import draw_sheets

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press


@specimen(
    "shadow",
    "changed-after-seal",
    vi="Che một dòng trên trang 1 bằng khung trắng vẽ đè lên hình quét.",
    en="Hide: a white box was painted over a line of page 1, after the scanned picture.",
)
def shadow_hide_under_a_box(press: Press) -> bytes:
    old = bytes(read_document(press.copy).view()[CONTENT].value.data)
    return append(press.copy, {CONTENT: stream(old + b"\n" + PAINT)})


@specimen(
    "shadow",
    "changed-after-seal",
    vi="Che trang 1 bằng một hình khác đặt trong tài nguyên của trang.",
    en="Hide: another picture covers page 1, brought in through the page's resources.",
)
def shadow_hide_by_resources(press: Press) -> bytes:
    resources = {"XObject": {"Im": Ref(FREE)}}
    return append(press.copy, {PAGE: changed(press.copy, PAGE, Resources=resources), FREE: form(PAINT)})


@specimen(
    "shadow",
    "changed-after-seal",
    vi="Thu nhỏ khung nhìn của trang 1 để một phần bản quét không hiện ra.",
    en="Hide: a crop box keeps part of the scan on page 1 out of sight.",
)
def shadow_hide_by_cropping(press: Press) -> bytes:
    return append(press.copy, {PAGE: changed(press.copy, PAGE, CropBox=[0, 100, 144, 201])})


@specimen(
    "shadow",
    "changed-after-seal",
    vi="Thay chương trình phông chữ của lời chứng: cùng mã ký tự, hiện chữ khác.",
    en="Replace: the statement's font was exchanged, the same codes show other letters.",
)
def shadow_replace_the_font(press: Press) -> bytes:
    return append(press.copy, {int(NUMBERS.REGULAR_FONT): read_document(press.copy).view()[NUMBERS.BOLD_FONT].value})


@specimen(
    "shadow",
    "changed-after-seal",
    vi="Thay bảng quy đổi chữ của phông: nhìn thấy một đằng, sao chép ra một nẻo.",
    en="Replace: the font's map to Unicode was exchanged: what is copied out is not what is seen.",
)
def shadow_replace_the_text_map(press: Press) -> bytes:
    font = changed(press.copy, NUMBERS.REGULAR_FONT)
    return append(press.copy, {font["ToUnicode"].num: FORGED})


@specimen(
    "shadow",
    "changed-after-seal",
    vi="Thay hình quét trang 1 bằng một hình giống hệt, chỉ khác một con số.",
    en="Replace: the picture of page 1 was exchanged for one that differs in a single number.",
)
def shadow_replace_the_picture(press: Press) -> bytes:
    old = read_document(press.copy).view()[IMAGE].value
    picture = draw_sheets(area="520,5")[0]
    return append(press.copy, {IMAGE: Stream({**old.dict, "Length": len(picture)}, picture)})


@specimen(
    "shadow",
    "changed-after-seal",
    vi="Thay nội dung trang lời chứng.",
    en="Replace: the content of the statement page was exchanged.",
)
def shadow_replace_the_statement(press: Press) -> bytes:
    old = bytes(read_document(press.copy).view()[NUMBERS.STATEMENT_CONTENT].value.data)
    return append(press.copy, {int(NUMBERS.STATEMENT_CONTENT): stream(old + b"\n" + PAINT)})


@specimen(
    "shadow",
    "changed-after-seal",
    vi="Danh mục tài liệu trỏ sang một cây trang khác.",
    en="Hide and replace: the catalogue names another page tree.",
)
def shadow_hide_and_replace_the_pages(press: Press) -> bytes:
    page = {**changed(press.copy, PAGE), "Parent": Ref(FREE), "Contents": Ref(FREE + 2)}
    objects = {
        FREE: {"Type": Name("Pages"), "Kids": [Ref(FREE + 1)], "Count": 1},
        FREE + 1: page,
        FREE + 2: FORGED,
        int(NUMBERS.CATALOG): changed(press.copy, NUMBERS.CATALOG, Pages=Ref(FREE)),
    }
    return append(press.copy, objects)


@specimen(
    "shadow",
    "changed-after-seal",
    vi="Cây trang trỏ trang 1 sang một trang được chuẩn bị sẵn.",
    en="Hide and replace: the page tree names a prepared page in place of page 1.",
)
def shadow_hide_and_replace_one_page(press: Press) -> bytes:
    pages = changed(press.copy, NUMBERS.PAGES)
    kids = [Ref(FREE), *pages["Kids"][1:]]
    page = {**changed(press.copy, PAGE), "Contents": Ref(FREE + 1)}
    objects = {FREE: page, FREE + 1: FORGED, int(NUMBERS.PAGES): {**pages, "Kids": kids}}
    return append(press.copy, objects)
