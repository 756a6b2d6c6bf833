"""Signed files of programs with odd habits, each beside the attack that would use the same habit.

The policy is ``signatures``. Office exports have two cross-reference sections for one revision; other programs name
the white space before a section, or count too few objects. Whoever rebuilds such a file instead of following it must
find the same objects in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecert.formats.pdf import Name, PdfValue, Ref, Stream, read_document
from ecert.formats.pdf.objects import PdfDict, write_value
from ecert.testing.hybrid import Numbers, hybrid_pdf
from ecert.testing.specimens.habits import Habits, appended, plain, signed, signed_as_it_is
from ecert.testing.specimens.increments import end, numbered, stream
from ecert.testing.specimens.registry import form_specimen

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

#: what the page says to whoever is deceived
FORGED_TEXT: Final = stream(b"BT /F1 24 Tf 20 100 Td (900) Tj ET")
_OTHER_WORDS: Final = stream(b"BT /F1 24 Tf 72 760 Td (Another contract) Tj ET")
_TABLE_ROW: Final = b"%010d 00000 n\r\n"
_ON_WHITE_SPACE: Final = Habits(before=b"\n", off=-1)
_HANDLER: Final[PdfDict] = {"Filter": Name("Standard"), "V": 1, "R": 2, "P": -4, "O": b"o" * 32, "U": b"u" * 32}
_HIDDEN: Final = 20


def pair(data: bytes, stream_at: int, **other: PdfValue) -> bytes:
    """Return an empty section that announces a stream, as office programs write it behind each table."""
    last = read_document(data, foreign=True).revisions[-1]
    kept: PdfDict = {key: last.trailer[key] for key in ("Size", "Root", "Info", "ID") if key in last.trailer}
    trailer = {**kept, "Prev": last.startxref, "XRefStm": stream_at, **other}
    return b"xref\n0 0\ntrailer\n%s\n" % write_value(trailer) + end(len(data))


def listing(*rows: tuple[int, int, int, int]) -> Stream:
    """Return a cross-reference stream of (number, type, offset, generation)."""
    table = b"".join(bytes([kind]) + a.to_bytes(4, "big") + b.to_bytes(2, "big") for _, kind, a, b in rows)
    index = [value for num, *_ in rows for value in (num, 1)]
    return stream(table, Type=Name("XRef"), W=[1, 4, 2], Index=index, Size=40, Root=Ref(1))


def prepared(trailer_key: bytes = b"", number: int = _HIDDEN) -> tuple[bytes, int, int]:
    """Return a file with an object that no table lists, and a stream that lists it; and the places of both."""
    body = plain(more={6: {"Type": Name("X")}})
    table = body.rindex(b"xref\n0")
    hidden = numbered(number, FORGED_TEXT)
    rows = numbered(_HIDDEN + 1, listing((number, 1, table, 0)))
    at = table + len(hidden)
    start = at + len(rows)
    shown = body[table : body.index(b"trailer", table)] + b"21 1\n%010d 00000 n \n" % at
    trailer = b"trailer\n<</Size 40/Root 1 0 R%s>>\n" % trailer_key
    return body[:table] + hidden + rows + shown + trailer + end(start), table, at


def with_a_twin(number: int = 4) -> bytes:
    """Return an unsigned file with another object of the same number in a gap before its table."""
    body = plain()
    at = body.rindex(b"xref\n0")
    twin = numbered(number, FORGED_TEXT)
    return body[:at] + twin + body[at:].replace(b"startxref\n%d" % at, b"startxref\n%d" % (at + len(twin)))


# ── office exports ───────────────────────────────────────────────────────────────────────────────


@form_specimen(
    "VALID",
    vi="Tệp xuất từ phần mềm văn phòng (hai bảng tham chiếu cho một lần lưu), hai người ký.",
    en="An office export (two cross-reference sections for one saving) that two have signed.",
)
def office_export_signed_twice(press: Press) -> bytes:
    return signed(press, signed(press, hybrid_pdf("word")), who="seal")


@form_specimen(
    "INVALID",
    "parsers-disagree",
    attack="shadow",
    vi="Trong tệp kiểu văn phòng, phần mềm cũ và phần mềm mới được chỉ tới hai nội dung trang khác nhau.",
    en="In an office export older readers are led to another content of the page than newer ones.",
)
def office_export_with_a_swapped_row(press: Press) -> bytes:
    base = hybrid_pdf("word")
    place = read_document(base, foreign=True).view()[Numbers.CONTENT].start
    once = signed(press, base, more={50: stream(b"\n" + numbered(Numbers.CONTENT, _OTHER_WORDS))})
    other = once.index(b"%d 0 obj" % Numbers.CONTENT, len(base))
    return signed_as_it_is(press, base, once, base.replace(_TABLE_ROW % place, _TABLE_ROW % other))


@form_specimen(
    "INVALID",
    "parsers-disagree",
    attack="shadow",
    vi="Trước khi ký đã giấu sẵn một bảng tham chiếu; sau khi ký, một lần lưu nối thêm cho bảng đó có hiệu lực.",
    en="A cross-reference section was hidden before signing; a revision appended afterwards puts it into force.",
)
def office_pair_that_wakes_a_hidden_section(press: Press) -> bytes:
    data, _, at = prepared(number=4)
    between = appended(signed(press, data), {})
    return between + pair(between, at)


@form_specimen(
    "INVALID",
    "signature-malformed",
    attack="structure",
    vi="Sau chữ ký nối thêm một bảng tham chiếu rỗng kiểu văn phòng, nên chữ ký không còn bao hết lần lưu của mình.",
    en="An empty section of the kind of office programs was appended: the signature no longer covers its revision.",
)
def office_pair_appended_to_a_signature(press: Press) -> bytes:
    once = signed(press, plain(), more={30: listing()})
    return once + pair(once, once.index(b"30 0 obj"))


# ── what is announced otherwise than it stands ───────────────────────────────────────────────────


@form_specimen(
    "VALID",
    "unusual-structure",
    vi="Phần mềm ký ghi vị trí bảng tham chiếu sớm một ký tự xuống dòng, ngoài ra mọi thứ đúng.",
    en="The signing program names the line end before its cross-reference section; all else is in order.",
)
def section_announced_at_a_line_end(press: Press) -> bytes:
    return signed(press, plain(), _ON_WHITE_SPACE)


@form_specimen(
    "INVALID",
    "parsers-disagree",
    attack="structure",
    vi="Vị trí bảng tham chiếu ghi sớm một ký tự, và trong tệp giấu một nội dung trang khác cùng số.",
    en="The section's place is named one byte early, and another page content of the same number hides in the file.",
)
def section_announced_at_a_line_end_beside_a_twin(press: Press) -> bytes:
    return signed(press, with_a_twin(), _ON_WHITE_SPACE)


@form_specimen(
    "VALID",
    "unusual-structure",
    vi="Phần mềm ký ghi số lượng đối tượng (/Size) thấp hơn thực tế, ngoài ra mọi thứ đúng.",
    en="The signing program counts fewer objects (/Size) than there are; all else is in order.",
)
def size_too_small(press: Press) -> bytes:
    return signed(press, plain(), Habits(size=4))


@form_specimen(
    "INVALID",
    "parsers-disagree",
    attack="structure",
    vi="Số lượng đối tượng ghi thấp hơn thực tế, và trong tệp giấu một nội dung trang khác cùng số.",
    en="Fewer objects are counted than there are, and another page content of the same number hides in the file.",
)
def size_too_small_beside_a_twin(press: Press) -> bytes:
    return signed(press, with_a_twin(), Habits(size=4))


@form_specimen(
    "INDETERMINATE",
    "unlisted-object",
    attack="shadow",
    vi="Giữa các đối tượng của tệp đã ký còn một nội dung trang khác cùng số, không bảng nào liệt kê.",
    en="Between the objects of a signed file stands another page content of the same number, which no table lists.",
)
def twin_in_a_gap(press: Press) -> bytes:
    return signed(press, with_a_twin())


# ── a lock ───────────────────────────────────────────────────────────────────────────────────────


@form_specimen(
    "INVALID",
    "encrypted",
    attack="structure",
    vi="Sau khi ký, một lần lưu nối thêm khai rằng tệp được mã hóa, nên phần đã ký bị đọc khác đi.",
    en="After signing, an appended revision says that the file is encrypted, so that what was signed reads otherwise.",
)
def locked_after_the_signature(press: Press) -> bytes:
    return appended(signed(press, plain()), {50: _HANDLER}, Habits(trailer={"Encrypt": Ref(50)}))
