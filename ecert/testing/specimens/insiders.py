"""Spoiled before anybody signs, by people who hold the keys: every signature is good, the copy lies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.ecert1.statement import statement_content
from ecert.formats.pdf import Stream
from ecert.formats.record import write_record_xml
from ecert.testing.specimens.dishonest import Objects, certified, draft
from ecert.testing.specimens.increments import IMAGE, stream
from ecert.testing.specimens.registry import specimen
from ecert.testing.specimens.sheets import as_long_as, draw_sheet, draw_sheets, lines_of_first_sheet
from ecert.testing.specimens.surgery import exchange, flipped

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_SECOND_IMAGE = IMAGE + 4


def _picture(objects: Objects, num: int, picture: bytes) -> None:
    objects[num] = Stream({**objects[num].dict, "Length": len(picture)}, picture)


# ── pages ────────────────────────────────────────────────────────────────────────────────────────


@specimen(
    "pages",
    "pages-differ",
    vi="Hình trang 2 bị tráo bằng hình của giấy tờ khác trước khi ký.",
    en="Before signing, the picture of page 2 was exchanged for that of another paper.",
)
def page_exchanged_before_signing(press: Press) -> bytes:
    other = draw_sheets(area="98,0")[0]
    return certified(press, lambda objects: _picture(objects, _SECOND_IMAGE, other))


@specimen(
    "pages",
    "pages-differ",
    vi="Trước khi ký, hình trang 1 bị tráo bằng hình giống hệt, chỉ khác một con số.",
    en="Before signing, the picture of page 1 was exchanged for one that differs in a single number.",
)
def number_changed_before_signing(press: Press) -> bytes:
    other = draw_sheets(area="520,5")[0]
    return certified(press, lambda objects: _picture(objects, IMAGE, other))


@specimen(
    "pages",
    "pages-differ",
    vi="Trước khi ký, hình trang 1 được nén lại: nhìn như cũ nhưng không còn là bản quét gốc.",
    en="Before signing, the picture of page 1 was encoded again: it looks alike, the scan it is not.",
)
def picture_encoded_again(press: Press) -> bytes:
    again = draw_sheet(lines_of_first_sheet(), quality=70)
    return certified(press, lambda objects: _picture(objects, IMAGE, again))


@specimen(
    "pages",
    "signature-broken",
    "pages-differ",
    vi="Sửa 120,5 m² thành 520,5 m² ngay trong hình trang 1, độ dài tệp không đổi.",
    en="In the picture of page 1, 120,5 m² became 520,5 m²; every length stays.",
)
def number_changed_in_the_picture(press: Press) -> bytes:
    page = press.sheets[0]
    forged = draw_sheet(lines_of_first_sheet(area="520,5"), quality=70)
    return exchange(press.copy, page, as_long_as(forged, len(page)))


@specimen(
    "pages",
    "signature-broken",
    "pages-differ",
    vi="Đảo một bit trong hình trang 1.",
    en="One bit of the picture of page 1 was flipped.",
)
def one_bit_of_a_picture(press: Press) -> bytes:
    page = press.sheets[0]
    return flipped(press.copy, press.copy.index(page) + len(page) - 20)


@specimen(
    "pages",
    "pages-differ",
    vi="Trước khi ký, hai trang quét bị đổi chỗ cho nhau.",
    en="Before signing, the two scanned pages changed places.",
)
def pages_exchanged_before_signing(press: Press) -> bytes:
    first, second = press.sheets

    def change(objects: Objects) -> None:
        _picture(objects, IMAGE, second)
        _picture(objects, _SECOND_IMAGE, first)

    return certified(press, change)


# ── record and statement ─────────────────────────────────────────────────────────────────────────


def _saying(press: Press, number: int) -> Any:
    """Return the copy's record with another number."""
    record = draft(press).record
    return replace(record, certification=replace(record.certification, number=number))


@specimen(
    "record",
    "statement-differs",
    vi="Trước khi ký, lời chứng trên trang ghi số 999, dữ liệu chứng thực ghi số 152.",
    en="Before signing, the statement was edited: it says number 999, the record 152.",
)
def statement_edited_before_signing(press: Press) -> bytes:
    said = stream(statement_content(_saying(press, 999)))
    return certified(press, lambda o: o.update({int(NUMBERS.STATEMENT_CONTENT): said}))


@specimen(
    "record",
    "statement-differs",
    vi="Trước khi ký, dữ liệu chứng thực bị sửa thành số 999, lời chứng ghi số 152.",
    en="Before signing, the record was edited: it says number 999, the statement 152.",
)
def record_edited_before_signing(press: Press) -> bytes:
    def change(objects: Objects) -> None:
        old = objects[NUMBERS.RECORD_FILE]
        xml = bytes(old.data).replace(b">152<", b">999<")
        objects[int(NUMBERS.RECORD_FILE)] = Stream(old.dict, xml)

    return certified(press, change)


@specimen(
    "record",
    "record-missing",
    vi="Bản sao được ký mà không có dữ liệu chứng thực.",
    en="The copy was signed without any record.",
)
def record_left_out_before_signing(press: Press) -> bytes:
    def change(objects: Objects) -> None:
        catalogue = objects[NUMBERS.CATALOG]
        objects[int(NUMBERS.CATALOG)] = {k: v for k, v in catalogue.items() if k not in ("AF", "Names")}
        del objects[NUMBERS.RECORD_SPEC], objects[NUMBERS.RECORD_FILE]

    return certified(press, change)


@specimen(
    "record",
    "record-malformed",
    vi="Trước khi ký, dữ liệu chứng thực bị thay bằng thứ không phải XML.",
    en="Before signing, the record was replaced by something that is not XML.",
)
def record_that_is_no_xml(press: Press) -> bytes:
    def change(objects: Objects) -> None:
        head = {**objects[NUMBERS.RECORD_FILE].dict, "Length": 5}
        objects[int(NUMBERS.RECORD_FILE)] = Stream(head, b"<a><b")

    return certified(press, change)


@specimen(
    "record",
    "record-malformed",
    vi="Trước khi ký, dữ liệu chứng thực được thêm một khai báo thực thể XML.",
    en="Before signing, the record was given an XML entity declaration.",
)
def record_with_an_entity(press: Press) -> bytes:
    def change(objects: Objects) -> None:
        old = objects[NUMBERS.RECORD_FILE]
        head, mark, rest = bytes(old.data).partition(b"?>\n")
        xml = head + mark + b'<!DOCTYPE a [<!ENTITY b "152">]>\n' + rest
        objects[int(NUMBERS.RECORD_FILE)] = Stream({**old.dict, "Length": len(xml)}, xml)

    return certified(press, change)


@specimen(
    "record",
    "record-malformed",
    vi="Trước khi ký, dữ liệu chứng thực được viết lại với dòng trống: nội dung như cũ, byte thì khác.",
    en="Before signing, the record was written with an empty line more: the content is the same, the bytes are not.",
)
def record_written_another_way(press: Press) -> bytes:
    def change(objects: Objects) -> None:
        old = objects[NUMBERS.RECORD_FILE]
        xml = write_record_xml(draft(press).record).replace(b"?>\n", b"?>\n\n", 1)
        objects[int(NUMBERS.RECORD_FILE)] = Stream({**old.dict, "Length": len(xml)}, xml)

    return certified(press, change)


@specimen(
    "record",
    "signature-broken",
    "statement-differs",
    vi="Sửa số chứng thực 152 thành 752 ngay trong dữ liệu chứng thực, độ dài tệp không đổi.",
    en="In the record number 152 became 752; every length stays.",
)
def number_changed_in_the_record(press: Press) -> bytes:
    return exchange(press.copy, b"<number>152<", b"<number>752<")
