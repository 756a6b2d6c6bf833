"""Bytes that one reader forgives and the next does not: offsets, rows, numbers, blanks, names, heads of objects.

Each stands in a revision that would be permitted: the store of validation data grows by one
certificate. A reader that does not forgive rebuilds the file as it likes, or sees another revision
than its neighbour. What the standard does permit stands beside it as a control.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pdf import PdfValue, Ref, read_document
from ecert.formats.pdf.objects import Hex, write_value
from ecert.model.findings import Code
from ecert.testing.specimens.increments import FREE, end, numbered
from ecert.testing.specimens.registry import Recipe, add

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_ROW: Final = b"%010d %05d n \n"


@dataclass(frozen=True)
class Writing:
    """How the revision is written; ``exchanged`` are bytes of it and what stands in their place."""

    row: bytes = _ROW
    generation: int = 0  # as the rows have it
    before: bytes = b""  # what stands on the line before “xref”
    subsection: bytes = b"%d 1\n"
    exchanged: tuple[tuple[bytes, bytes], ...] = ()


def grown(press: Press) -> dict[int, PdfValue]:
    """Return what an honest revision of validation data writes: catalogue, store, certificate."""
    document = read_document(press.copy)
    ref = document.root()["DSS"]
    store = document.dictionary(ref)
    return {
        int(NUMBERS.CATALOG): document.root(),
        ref.num: {**store, "Certs": [*store["Certs"], Ref(FREE)]},
        FREE: document.resolve(store["Certs"][0]),
    }


def written(press: Press, writing: Writing) -> bytes:
    document, data = read_document(press.copy), press.copy
    last = document.revisions[-1]
    out, rows = data, b""
    pairs = list(writing.exchanged)

    def forgiven(piece: bytes) -> bytes:
        for pair in pairs[:]:
            if pair[0] in piece:
                pairs.remove(pair)
                piece = piece.replace(*pair, 1)
        return piece

    for num, value in grown(press).items():
        rows += writing.subsection % num + writing.row % (len(out), writing.generation)
        out += forgiven(numbered(num, value))
    out += writing.before
    start = len(out)
    values = {
        "Size": FREE + 1,
        "Root": Ref(NUMBERS.CATALOG),
        "Prev": last.startxref,
        "ID": [Hex(each) for each in last.trailer["ID"]],
    }
    section = b"xref\n" + rows + b"trailer\n%s\n" % write_value(values)
    out += forgiven(section + end(start))
    assert not pairs, pairs
    return out


_LEVEL: Final = b"/ExtensionLevel 2 "  # a number in the catalogue
_PREVIOUS: Final = b"/Prev "
_DAMAGED: Final[Code] = "pdf-damaged"
_APART: Final[Code] = "parsers-disagree"
_LEFT: Final[Code] = "bytes-unaccounted"


def _number(text: bytes) -> Writing:
    return Writing(exchanged=((_LEVEL, b"/ExtensionLevel %s " % text),))


#: name → (how it is written, the finding, in Vietnamese, in English)
_WAYS: Final[dict[str, tuple[Writing, Code, str, str]]] = {
    # rows of a table (7.5.4): twenty bytes each
    "offsets-padded-with-spaces": (
        Writing(b"%10d %05d n \n"),
        _DAMAGED,
        "Các dòng của bảng tham chiếu chéo đệm vị trí bằng khoảng trắng thay vì số 0.",
        "The rows of a cross-reference table pad their offsets with spaces in place of zeros.",
    ),
    "offsets-with-a-sign": (
        Writing(b"+%09d %05d n \n"),
        _DAMAGED,
        "Các dòng của bảng tham chiếu chéo ghi vị trí kèm dấu cộng.",
        "The rows of a cross-reference table have their offsets with a plus sign.",
    ),
    "offsets-below-zero": (
        Writing(b"-%09d %05d n \n"),
        _DAMAGED,
        "Các dòng của bảng tham chiếu chéo ghi vị trí âm.",
        "The rows of a cross-reference table have negative offsets.",
    ),
    "offsets-of-eleven-digits": (
        Writing(b"%011d %05d n\n"),
        _DAMAGED,
        "Các dòng của bảng tham chiếu chéo ghi vị trí bằng mười một chữ số.",
        "The rows of a cross-reference table have offsets of eleven digits.",
    ),
    "rows-of-nineteen-bytes": (
        Writing(b"%010d %05d n\n"),
        _DAMAGED,
        "Các dòng của bảng tham chiếu chéo chỉ dài 19 byte.",
        "The rows of a cross-reference table are nineteen bytes long.",
    ),
    "rows-of-twenty-one-bytes": (
        Writing(b"%010d %05d n \r\n"),
        _DAMAGED,
        "Các dòng của bảng tham chiếu chéo dài 21 byte.",
        "The rows of a cross-reference table are twenty-one bytes long.",
    ),
    "rows-in-capitals": (
        Writing(b"%010d %05d N \n"),
        _DAMAGED,
        "Các dòng của bảng tham chiếu chéo ghi loại bằng chữ hoa.",
        "The rows of a cross-reference table have their kind in capitals.",
    ),
    "generations-padded-with-spaces": (
        Writing(b"%010d %5d n \n"),
        _DAMAGED,
        "Các dòng của bảng tham chiếu chéo đệm số thế hệ bằng khoảng trắng.",
        "The rows of a cross-reference table pad their generations with spaces.",
    ),
    "generation-beyond-the-readers": (
        Writing(generation=65_536),
        _APART,
        "Số thế hệ trong bảng tham chiếu chéo lớn hơn mức phần mềm đọc chấp nhận.",
        "A generation in the cross-reference table is beyond what readers take.",
    ),
    "subsections-with-two-spaces": (
        Writing(subsection=b"%d  1\n"),
        _DAMAGED,
        "Dòng đầu của mỗi phần trong bảng tham chiếu chéo có hai khoảng trắng.",
        "The heads of a cross-reference table's parts have two spaces.",
    ),
    "subsections-with-many-blanks": (
        Writing(subsection=b"%d 1     \n"),
        _DAMAGED,
        "Dòng đầu của mỗi phần trong bảng tham chiếu chéo kết thúc bằng năm khoảng trắng: MuPDF tự dựng lại tệp.",
        "The heads of a cross-reference table's parts end in five blanks: MuPDF then rebuilds the file.",
    ),
    "word-before-the-table": (
        Writing(before=b"see "),
        _LEFT,
        "Trước chữ xref, trên cùng một dòng, có một từ lạ.",
        "On its line, before “xref”, stands a foreign word.",
    ),
    "table-in-a-comment": (
        Writing(before=b"% "),
        _LEFT,
        "Chữ xref đứng sau dấu phần trăm, tức nằm trong một lời chú thích.",
        "The word “xref” stands behind a percent sign, which makes it a comment.",
    ),
    # numbers (7.3.3)
    "number-with-two-signs": (
        _number(b"--2"),
        _DAMAGED,
        "Một số trong danh mục tài liệu có hai dấu trừ.",
        "A number of the catalogue has two minus signs.",
    ),
    "number-with-opposite-signs": (
        _number(b"+-2"),
        _DAMAGED,
        "Một số trong danh mục tài liệu có cả dấu cộng lẫn dấu trừ.",
        "A number of the catalogue has a plus and a minus sign.",
    ),
    "number-with-two-points": (
        _number(b"2.0.0"),
        _DAMAGED,
        "Một số trong danh mục tài liệu có hai dấu chấm.",
        "A number of the catalogue has two points.",
    ),
    "number-in-hexadecimal": (
        _number(b"0x2"),
        _DAMAGED,
        "Một số trong danh mục tài liệu viết theo hệ thập lục phân.",
        "A number of the catalogue is written in hexadecimal.",
    ),
    "number-with-an-underscore": (
        _number(b"2_0"),
        _DAMAGED,
        "Một số trong danh mục tài liệu có dấu gạch dưới.",
        "A number of the catalogue has an underscore.",
    ),
    "number-with-an-exponent": (
        _number(b"2e0"),
        _DAMAGED,
        "Một số trong danh mục tài liệu có số mũ.",
        "A number of the catalogue has an exponent.",
    ),
    "number-in-other-digits": (
        _number("٢".encode()),
        _DAMAGED,
        "Một số trong danh mục tài liệu viết bằng chữ số Ả Rập phương Đông.",
        "A number of the catalogue is written in Eastern Arabic digits.",
    ),
    "number-with-a-minus-inside": (
        _number(b"2-0"),
        _DAMAGED,
        "Một số trong danh mục tài liệu có dấu trừ ở giữa.",
        "A number of the catalogue has a minus sign inside.",
    ),
    "previous-section-as-a-real-number": (
        Writing(exchanged=((b"\n/ID", b".0\n/ID"),)),
        _DAMAGED,
        "Mục /Prev của phần kết là một số thực.",
        "The /Prev of a trailer is a real number.",
    ),
    # blanks (7.2.2): six bytes are white space, and no others
    "vertical-tab-for-a-blank": (
        Writing(exchanged=((b"/Pages ", b"/Pages\x0b"),)),
        _APART,
        "Một dấu tab dọc đứng ở chỗ khoảng trắng.",
        "A vertical tab stands in a blank's place.",
    ),
    "next-line-for-a-blank": (
        Writing(exchanged=((b"/Pages ", b"/Pages\x85"),)),
        _DAMAGED,
        "Ký tự xuống dòng \\x85 đứng ở chỗ khoảng trắng.",
        "The next-line character \\x85 stands in a blank's place.",
    ),
    "no-break-space-for-a-blank": (
        Writing(exchanged=((b"/Pages ", b"/Pages\xa0"),)),
        _DAMAGED,
        "Khoảng trắng không ngắt \\xa0 đứng ở chỗ khoảng trắng.",
        "A no-break space \\xa0 stands in a blank's place.",
    ),
    "vertical-tab-between-objects": (
        Writing(before=b"\x0b\n"),
        _LEFT,
        "Giữa hai phần của tệp có một dấu tab dọc.",
        "A vertical tab stands between two parts of the file.",
    ),
    "word-without-an-end": (
        Writing(exchanged=((b"/DisplayDocTitle true ", b"/DisplayDocTitle true2 "),)),
        _DAMAGED,
        "Từ true bị viết dính với một số.",
        "The word “true” runs into a number.",
    ),
    # heads and ends of objects (7.3.10)
    "comment-in-the-head-of-an-object": (
        Writing(exchanged=((b"1 0 obj\n", b"1 % 9\n0 obj\n"),)),
        _LEFT,
        "Giữa số và số thế hệ của danh mục tài liệu có một lời chú thích.",
        "A comment stands between the catalogue's number and its generation.",
    ),
    "object-without-an-end": (
        Writing(exchanged=((b">>\nendobj\n", b">>\n"),)),
        _DAMAGED,
        "Danh mục tài liệu không có chữ endobj.",
        "The catalogue's “endobj” is missing.",
    ),
    "object-that-ends-otherwise": (
        Writing(exchanged=((b">>\nendobj\n", b">>\nendobject\n"),)),
        _DAMAGED,
        "Danh mục tài liệu kết thúc bằng một từ dài hơn endobj.",
        "The catalogue ends with a longer word than “endobj”.",
    ),
    "sign-in-the-head-of-an-object": (
        Writing(exchanged=((b"1 0 obj\n", b"1 -0 obj\n"),)),
        _DAMAGED,
        "Số thế hệ ở đầu danh mục tài liệu viết là -0.",
        "The generation in the catalogue's head is written -0.",
    ),
    # names (7.3.5)
    "name-with-a-broken-escape": (
        Writing(exchanged=((b"/Pages ", b"/Pa#ges "),)),
        _APART,
        "Một tên trong danh mục tài liệu có dấu # không mã hóa ký tự nào.",
        "A name of the catalogue has a # that escapes nothing.",
    ),
    "escaped-letter-in-a-trailer": (
        Writing(exchanged=((_PREVIOUS, b"/Pre#76 "),)),
        _APART,
        "Phần kết viết /Prev với chữ v ở dạng thoát: phép tìm chữ không thấy.",
        "A trailer writes /Prev with its v escaped: a search for it finds nothing.",
    ),
}


def _of(writing: Writing) -> Callable[[Press], bytes]:
    return lambda press: written(press, writing)


for _name, (_writing, _code, _vi, _en) in _WAYS.items():
    add(Recipe(_name, "structure", _vi, _en, (_code,), _of(_writing)))

#: what the standard permits, in the same revision
_LEGAL: Final[dict[str, tuple[Writing, str, str]]] = {
    "rows-with-other-line-ends": (
        Writing(b"%010d %05d n\r\n"),
        "Các dòng của bảng tham chiếu chéo kết thúc bằng CR LF, dài đúng 20 byte.",
        "The rows of a cross-reference table end with CR LF, twenty bytes each.",
    ),
    "number-with-a-plus-sign": (
        _number(b"+2"),
        "Một số trong danh mục tài liệu có dấu cộng, điều tiêu chuẩn cho phép.",
        "A number of the catalogue has a plus sign, which the standard permits.",
    ),
    "object-glued-to-its-value": (
        Writing(exchanged=((b"1 0 obj\n<<", b"1 0 obj<<"),)),
        "Chữ obj đứng sát giá trị của danh mục tài liệu, điều tiêu chuẩn cho phép.",
        "The word “obj” touches the catalogue's value, which the standard permits.",
    ),
}
for _name, (_writing, _vi, _en) in _LEGAL.items():
    add(Recipe(_name, "control", _vi, _en, (), _of(_writing), "VALID"))
