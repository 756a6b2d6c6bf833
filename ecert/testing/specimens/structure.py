"""Files that readers understand differently: loops, gaps, hybrid and double sections, encryption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pades.increments import next_number
from ecert.formats.pdf import Name, Ref, Stream, read_document
from ecert.formats.pdf.objects import Raw, write_value
from ecert.testing.specimens.increments import (
    CONTENT,
    FORGED,
    FREE,
    IMAGE,
    PAGE,
    append,
    append_hybrid,
    append_section,
    changed,
    end,
    numbered,
)
from ecert.testing.specimens.registry import specimen
from ecert.testing.specimens.surgery import exchange

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press


@specimen(
    "structure",
    "pdf-damaged",
    vi="Các bảng tham chiếu chéo dẫn vòng quanh lẫn nhau.",
    en="The cross-reference sections lead to each other in a loop.",
)
def sections_in_a_loop(press: Press) -> bytes:
    return append(press.copy, {}, trailer={"Prev": len(press.copy)})


@specimen(
    "structure",
    "bytes-unaccounted",
    vi="Phiên bản nối thêm bỏ qua các phiên bản của con dấu và của lưu trữ.",
    en="An appended revision passes over those of the seal and of the archive time-stamp.",
)
def sections_left_out(press: Press) -> bytes:
    return append(press.copy, {}, trailer={"Prev": read_document(press.copy).revisions[1].startxref})


@specimen(
    "structure",
    "bytes-unaccounted",
    vi="Cuối tệp trỏ về phiên bản của con dấu, bỏ qua dấu thời gian lưu trữ.",
    en="The end of the file points back to the seal's revision and past the archive time-stamp.",
)
def rolled_back_by_the_last_pointer(press: Press) -> bytes:
    return press.copy + end(read_document(press.copy).revisions[2].startxref)


@specimen(
    "structure",
    "pdf-damaged",
    vi="Mục /Prev của phiên bản nối thêm là số âm.",
    en="The /Prev of an appended revision is negative.",
)
def negative_previous_section(press: Press) -> bytes:
    return append(press.copy, {}, trailer={"Prev": -1})


@specimen(
    "structure",
    "encrypted",
    vi="Phần kết của một phiên bản nối thêm báo rằng tệp bị mã hóa.",
    en="The trailer of an appended revision says that the file is encrypted.",
)
def encryption_announced(press: Press) -> bytes:
    return append(press.copy, {}, trailer={"Encrypt": {"Filter": Name("Standard")}})


@specimen(
    "structure",
    "encrypted",
    vi="Bản sao bị lưu lại thành tệp có mật khẩu.",
    en="The copy was saved again with a password.",
)
def saved_with_a_password(press: Press) -> bytes:
    import io

    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(press.copy)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user="user"))
    return out.getvalue()


@specimen(
    "structure",
    "changed-after-seal",
    vi="Phiên bản nối thêm chỉ sang một danh mục tài liệu khác.",
    en="An appended revision names another document catalogue.",
)
def another_catalogue(press: Press) -> bytes:
    document = read_document(press.copy)
    number = next_number(document)
    return append(press.copy, {number: document.root()}, trailer={"Root": Ref(number)})


@specimen(
    "structure",
    "parsers-disagree",
    vi="Số đối tượng được khai ít hơn thực có: có phần mềm thấy con dấu, có phần mềm không.",
    en="Fewer objects are announced than there are: some readers see the seal, some do not.",
)
def objects_beyond_the_size(press: Press) -> bytes:
    return append(press.copy, {}, trailer={"Size": int(NUMBERS.ACRO_FORM)})


@specimen(
    "structure",
    "parsers-disagree",
    vi="Bảng tham chiếu lai: phần mềm cũ thấy trang 1 thật, phần mềm mới thấy trang giả.",
    en="A hybrid section: old readers see the true page 1, newer ones a forged one.",
)
def hybrid_section(press: Press) -> bytes:
    return append_hybrid(press.copy, {CONTENT: FORGED})


@specimen(
    "structure",
    "parsers-disagree",
    vi="Một bảng tham chiếu liệt kê nội dung trang 1 hai lần, ở hai chỗ.",
    en="One section lists the content of page 1 twice, at two places.",
)
def object_listed_twice(press: Press) -> bytes:
    data, document = press.copy, read_document(press.copy)
    body = data + numbered(CONTENT, FORGED)
    rows = [document.view()[CONTENT].start, len(data)]
    table = b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % (CONTENT, row) for row in rows)
    last = document.revisions[-1]
    values = {"Size": next_number(document), "Root": Ref(1), "Prev": last.startxref}
    return body + table + b"trailer\n%s\n" % write_value(values) + end(len(body))


@specimen(
    "structure",
    "parsers-disagree",
    vi="Từ điển trang 1 có hai mục /Contents: mỗi phần mềm đọc một mục.",
    en="The dictionary of page 1 has two /Contents: readers choose one or the other.",
)
def key_given_twice(press: Press) -> bytes:
    page = write_value(changed(press.copy, PAGE))
    doubled = page[:2] + b"/Contents %d 0 R\n" % NUMBERS.STATEMENT_CONTENT + page[2:]
    body = append(press.copy, {PAGE: b"?" * (len(doubled) - 2)})
    return exchange(body, b"(" + b"?" * (len(doubled) - 2) + b")", doubled)


@specimen(
    "structure",
    "pdf-damaged",
    vi="Bảng tham chiếu cuối cùng trỏ nội dung trang 1 vào giữa một đối tượng khác.",
    en="The last section places the content of page 1 inside another object.",
)
def object_at_a_foreign_place(press: Press) -> bytes:
    written = append(press.copy, {CONTENT: FORGED})
    row = b"%010d 00000 n" % len(press.copy)
    return exchange(written, row, b"%010d 00000 n" % (len(press.copy) - 400))


@specimen(
    "structure",
    "pdf-damaged",
    vi="Phiên bản nối thêm dùng lại luồng hình trang 1 làm danh mục tham chiếu.",
    en="An appended revision takes the picture of page 1 for its cross-reference section.",
)
def picture_as_a_section(press: Press) -> bytes:
    image = read_document(press.copy).view()[CONTENT + 1].start
    return press.copy + end(image)


@specimen(
    "structure",
    "changed-after-seal",
    vi="Luồng tham chiếu chéo nối thêm mang theo một mục lạ và một danh mục tài liệu khác.",
    en="An appended cross-reference stream brings a foreign entry and another catalogue.",
)
def another_catalogue_by_a_stream(press: Press) -> bytes:
    number = next_number(read_document(press.copy))
    catalogue = read_document(press.copy).root()
    return append_section(press.copy, {number: catalogue}, Root=Ref(number), Foreign=1)


@specimen(
    "structure",
    "pdf-damaged",
    vi="Phía sau startxref là một byte NUL: có phần mềm đọc bỏ cuộc và tự dựng lại tệp.",
    en="A NUL stands behind startxref: some readers give up and rebuild the file as they like.",
)
def nul_before_the_last_pointer(press: Press) -> bytes:
    head, _, tail = append(press.copy, {}).rpartition(b"startxref\n")
    return head + b"startxref\0" + tail


@specimen(
    "structure",
    "parsers-disagree",
    vi="Bảng tham chiếu nhắc tới một đối tượng có số lớn hơn mức phần mềm đọc chấp nhận.",
    en="The last section lists an object numbered beyond what readers take.",
)
def number_beyond_the_readers(press: Press) -> bytes:
    return append(press.copy, {}, freed=(3_000_000_000,), trailer={"Size": FREE})


@specimen(
    "structure",
    "changed-after-seal",
    vi="Hình trang 1 được ghi lại với số thực 8.0 ở chỗ số nguyên 8: có phần mềm không vẽ nữa.",
    en="The picture of page 1 has the real number 8.0 where the integer 8 was: some readers draw it no more.",
)
def real_number_for_an_integer(press: Press) -> bytes:
    old = read_document(press.copy).view()[IMAGE].value
    written = append(press.copy, {IMAGE: Stream({**old.dict, "BitsPerComponent": Raw(b"8.0")}, old.data)})
    assert b"/BitsPerComponent 8.0" in written[len(press.copy) :]
    return written
