"""Signature wrapping: what was signed is carried along elsewhere, and something else is shown.

After Mladenov and others (CCS 2019), 4.3. The seal of a B-T copy is wrapped: it is the last signature
there, and the room behind its value is the forger's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pdf import Name, Ref, read_document
from ecert.formats.pdf.objects import Hex
from ecert.formats.pdf.writer import write_revision
from ecert.model.roles import SEAL_FIELD
from ecert.testing.specimens.increments import CONTENT, FORGED, append, cut, end, numbered, stream
from ecert.testing.specimens.registry import specimen
from ecert.testing.specimens.surgery import contents, find_signature

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_ROOM: Final = 4000  # bytes between the forged part and the second signed part


def _halves(press: Press) -> tuple[bytes, bytes]:
    """Return the signed bytes before the gap, and those behind it."""
    gap = find_signature(press.bare, SEAL_FIELD).gap
    assert gap is not None
    return press.bare[: gap[0]], press.bare[gap[1] :]


def _wrapped(press: Press, *, old_range: bool) -> bytes:
    """Move the second signed part behind a forged revision, and tell the byte range a second time.

    The room that the signature value leaves takes the forged content and a table of its own at the
    very offset that the signed end mark names.
    """
    before, behind = _halves(press)
    table_at = read_document(press.bare).revisions[-1].startxref
    value = b"<" + contents(press.bare, SEAL_FIELD).hex().encode() + b">"
    moved = table_at + _ROOM
    told = b"" if old_range else b"\n/ByteRange [0 %d %d %d]" % (len(before), moved, len(behind))
    forged = before + value + told + b"\n>>\nendobj\n"
    rows = {}
    for num, found in read_document(press.bare).revisions[-1].objects.items():
        rows[num] = found.start if found.start < len(before) else len(forged)
        forged += b"" if found.start < len(before) else numbered(num, found.value)
    rows[CONTENT] = len(forged)
    forged = (forged + numbered(CONTENT, FORGED)).ljust(table_at, b" ")
    forged += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % row for row in sorted(rows.items()))
    previous = read_document(press.bare).revisions[1].startxref
    forged += b"trailer\n<</Size 99 /Root 1 0 R /Prev %d>>\n" % previous + end(table_at)
    return forged.ljust(moved, b" ") + behind


@specimen(
    "signature-wrapping",
    "parsers-disagree",
    vi="Phần được ký thứ hai bị dời ra sau một phiên bản giả; vùng được ký được ghi hai lần.",
    en="The second signed part was moved behind a forged revision; the byte range stands there twice.",
)
def wrapped_with_a_second_byte_range(press: Press) -> bytes:
    return _wrapped(press, old_range=False)


@specimen(
    "signature-wrapping",
    "signature-malformed",
    vi="Phần được ký thứ hai bị dời ra sau một phiên bản giả; vùng được ký vẫn như cũ.",
    en="The second signed part was moved behind a forged revision; the byte range stays as it was.",
)
def wrapped_with_the_old_byte_range(press: Press) -> bytes:
    return _wrapped(press, old_range=True)


@specimen(
    "signature-wrapping",
    "signature-malformed",
    "changed-after-signer",
    vi="Từ điển chữ ký số của con dấu được ghi lại ở phiên bản sau, trỏ về vùng đã ký trước đó.",
    en="A later revision writes the seal's signature dictionary again, pointing back to the range signed before.",
)
def dictionary_moved_to_a_later_revision(press: Press) -> bytes:
    signature = find_signature(press.bare, SEAL_FIELD)
    dictionary = {**signature.dictionary, "Contents": Hex(signature.contents)}
    return append(press.bare, {CONTENT: FORGED, signature.ref.num: dictionary})


@specimen(
    "signature-wrapping",
    "unsigned",
    "record-missing",
    vi="Bản sao được đính kèm nguyên vẹn trong một tệp PDF khác có trang bìa giả.",
    en="The untouched copy was attached to another PDF that shows a forged cover page.",
)
def wrapped_as_an_attachment(press: Press) -> bytes:
    return _cover(stream(press.copy, Type=Name("EmbeddedFile"), Subtype=Name("application/pdf")))


@specimen(
    "signature-wrapping",
    "unsigned",
    "record-missing",
    vi="Bản sao nằm nguyên vẹn trong một luồng không ai đọc của một tệp PDF khác.",
    en="The untouched copy lies in a stream that nobody reads, inside another PDF.",
)
def wrapped_in_a_dead_stream(press: Press) -> bytes:
    return _cover(stream(press.copy))


def _cover(inner: object) -> bytes:
    objects = {
        1: {"Type": Name("Catalog"), "Pages": Ref(2), "PieceInfo": {"ecert": {"Private": Ref(5)}}},
        2: {"Type": Name("Pages"), "Kids": [Ref(3)], "Count": 1},
        3: {"Type": Name("Page"), "Parent": Ref(2), "MediaBox": [0, 0, 300, 300], "Contents": Ref(4)},
        4: FORGED,
        5: inner,
    }
    return b"".join(map(bytes, write_revision(objects, {"Size": 6, "Root": Ref(1)})))


@specimen(
    "signature-wrapping",
    "signature-broken",
    vi="Con dấu của bản sao được gắn sau một bản dự thảo giả có cùng độ dài.",
    en="The seal of the copy was put behind a forged draft of the same length.",
)
def seal_behind_a_forged_draft(press: Press) -> bytes:
    draft = cut(press.copy, 0)
    at = draft.index(bytes(read_document(draft).view()[NUMBERS.STATEMENT_CONTENT].value.data)[:200])
    return draft[:at] + b"q 1 0 0 1 5 5 cm" + draft[at + 16 :] + press.copy[len(draft) :]
