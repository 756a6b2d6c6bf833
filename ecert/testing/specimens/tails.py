"""Bytes that no revision accounts for: behind the end, before the header, between the objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecert.testing.specimens.increments import CONTENT, FORGED, append, end, numbered
from ecert.testing.specimens.registry import specimen

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press


@specimen(
    "unsigned-tail",
    "bytes-unaccounted",
    vi="Thêm 260 byte vào sau dấu kết thúc của tệp.",
    en="260 bytes were appended after the end of the file.",
)
def bytes_after_the_end(press: Press) -> bytes:
    return press.copy + b"x" * 260


@specimen(
    "unsigned-tail",
    "bytes-unaccounted",
    vi="Thêm 100 dòng trống vào sau dấu kết thúc của tệp.",
    en="A hundred empty lines were appended after the end of the file.",
)
def white_space_after_the_end(press: Press) -> bytes:
    return press.copy + b"\n" * 100


@specimen(
    "unsigned-tail",
    "pdf-damaged",
    vi="Thêm một dấu kết thúc thứ hai, không có bảng tham chiếu nào đi trước.",
    en="A second end mark was appended, with no cross-reference section before it.",
)
def second_end_mark(press: Press) -> bytes:
    return press.copy + b"%%EOF\n"


@specimen(
    "unsigned-tail",
    "pdf-damaged",
    vi="Thêm hai byte vào trước phần đầu của tệp.",
    en="Two bytes were put before the header of the file.",
)
def bytes_before_the_header(press: Press) -> bytes:
    return b"MZ" + press.copy


@specimen(
    "unsigned-tail",
    "bytes-unaccounted",
    vi="Giấu một đối tượng không có trong bảng tham chiếu vào một phiên bản nối thêm.",
    en="An object that no cross-reference section lists was hidden in an appended revision.",
)
def object_that_nobody_lists(press: Press) -> bytes:
    data = press.copy
    tail, hidden = append(data, {})[len(data) :], numbered(CONTENT, FORGED)
    return data + hidden + tail.replace(end(len(data)), end(len(data) + len(hidden)))


@specimen(
    "unsigned-tail",
    "pdf-damaged",
    vi="Con trỏ cuối tệp bị đổi, không còn trỏ tới bảng tham chiếu.",
    en="The pointer at the end of the file misses the cross-reference section.",
)
def pointer_misses_the_table(press: Press) -> bytes:
    at = press.copy.rindex(b"startxref\n") + len(b"startxref\n")
    return press.copy[:at] + b"9" + press.copy[at + 1 :]


@specimen(
    "unsigned-tail",
    "changed-after-seal",
    vi="Nối thêm một phiên bản rỗng vào sau con dấu.",
    en="An empty revision was appended after the seal.",
)
def empty_revision(press: Press) -> bytes:
    return append(press.copy, {})


@specimen(
    "unsigned-tail",
    "changed-after-seal",
    vi="Nối thêm một phiên bản có mục lạ trong phần kết.",
    en="A revision was appended whose trailer has a foreign entry.",
)
def foreign_key_in_the_trailer(press: Press) -> bytes:
    return append(press.copy, {}, trailer={"Foreign": 1})


@specimen(
    "unsigned-tail",
    "changed-after-seal",
    vi="Phiên bản nối thêm đổi mã định danh của tệp.",
    en="An appended revision changes the file's identifier.",
)
def another_identifier(press: Press) -> bytes:
    return append(press.copy, {}, trailer={"ID": [b"0" * 16, b"1" * 16]})
