"""The strict reader: what it reads, what it refuses, and that it accounts for every byte."""

from __future__ import annotations

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecert.formats.pdf import Name, Ref, Stream, StructureFault, read_document
from ecert.formats.pdf.lexer import Lexer
from ecert.formats.pdf.objects import Hex, PdfValue, same, write_value
from ecert.formats.pdf.writer import write_revision
from tests.kit import Desk

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.binary(max_size=20)
    | st.text(st.characters(min_codepoint=33, max_codepoint=0xFF), max_size=10).map(Name)
    | st.binary(max_size=8).map(Hex)
    | st.integers(1, 99).map(lambda n: Ref(n, 0))
    | st.integers(-(10**6), 10**6).map(lambda n: n / 8)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("ABCabc", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


def minimal(extra: dict[int, PdfValue] | None = None) -> bytes:
    """Return a small PDF of one empty page."""
    objects: dict[int, PdfValue] = {
        1: {"Type": Name("Catalog"), "Pages": Ref(2)},
        2: {"Type": Name("Pages"), "Count": 1, "Kids": [Ref(3)]},
        3: {"Type": Name("Page"), "Parent": Ref(2), "MediaBox": [0, 0, 100, 100]},
        **(extra or {}),
    }
    trailer = {"Size": max(objects) + 1, "Root": Ref(1)}
    return b"".join(write_revision(objects, trailer))


def code_of(data: bytes) -> str:
    with pytest.raises(StructureFault) as caught:
        read_document(data)
    return caught.value.code


@given(VALUES)
def test_what_is_written_is_read_back(value: PdfValue) -> None:
    lexer = Lexer(write_value(value))
    found = lexer.value()
    assert lexer.pos == len(lexer.data)
    assert write_value(found if not isinstance(value, Hex) else Hex(found)) == write_value(
        found if not isinstance(value, Hex) else value
    )
    assert same(_plain(found), _plain(value))


def _plain(value: PdfValue) -> PdfValue:
    """Let whole floats count as integers: 8.0 is written as 8."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value


def test_every_byte_is_accounted_for() -> None:
    document = read_document(minimal())
    assert [g for g in document.gaps if g.kind != "white-space"] == []
    assert [r.num for r in document.pages()] == [3]


def test_bytes_between_and_after_objects_are_reported() -> None:
    data = minimal()
    tail = read_document(data + b"tail")
    assert [(g.end, g.kind) for g in tail.gaps if g.kind == "other"] == [(len(data) + 4, "other")]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"%PDF-1.7", b"%PDX-1.7", "not-a-pdf"),
        (b"/Count", b"/Kids ", "parsers-disagree"),
        (b"%%EOF", b"%%EOX", "pdf-damaged"),
        (b"3 0 obj", b"4 0 obj", "pdf-damaged"),
        (b"endobj", b"endxxx", "pdf-damaged"),
        (b"[0 0 100 100]", b"[0 0 100 1(0]", "pdf-damaged"),
        (b"0000000015 00000 n", b"0000000015 00000 x", "pdf-damaged"),
        (b"0000000015 00000 n", b"0000000016 00000 n", "pdf-damaged"),
        (b"0000000015 00000 n", b"        15 00000 n", "pdf-damaged"),
        (b"1 0 obj\n<<", b"1 -0 obj<<", "pdf-damaged"),
        (b"1 0 obj\n<<", b"+1 0 obj<<", "pdf-damaged"),
        (b"0000000000 65535 f", b"0000000000 65535 n", "parsers-disagree"),
        (b"/Count 1 /Kids [3 0 R]", b"/Kids [null3 0 R]     ", "pdf-damaged"),
        (b"/Size 4 /Root 1 0 R ", b"/Size 4/R#6Fot 1 0 R", "parsers-disagree"),
    ],
)
def test_what_is_refused(old: bytes, new: bytes, code: str) -> None:
    data = minimal()
    assert len(old) == len(new)
    assert old in data
    assert code_of(data.replace(old, new, 1)) == code


@pytest.mark.parametrize(
    ("trailer", "code"),
    [
        ({"Encrypt": Ref(2)}, "encrypted"),
        ({"Prev": 99_999_999}, "pdf-damaged"),
        ({"Prev": -1}, "pdf-damaged"),
        ({"XRefStm": 99_999_999}, "pdf-damaged"),
    ],
)
def test_what_a_trailer_may_not_say(trailer: dict[str, PdfValue], code: str) -> None:
    objects: dict[int, PdfValue] = {1: {"Type": Name("Catalog"), "Pages": Ref(2)}, 2: {}}
    data = b"".join(write_revision(objects, {"Size": 3, "Root": Ref(1), **trailer}))
    assert code_of(data) == code


def test_a_row_of_twenty_one_bytes_is_refused_wherever_it_stands() -> None:
    """The byte too many was taken for a blank before the next part of the table, or before the trailer."""
    data = minimal()
    last = data.rindex(b" n \n")
    assert code_of(data[:last] + b" n \r\n" + data[last + 4 :]) == "pdf-damaged"


@pytest.mark.parametrize("end", [b"  \n", b" \n ", b"\n\n", b"\r\r\n"])
def test_the_head_of_a_table_s_part_is_a_line_of_its_own(end: bytes) -> None:
    """MuPDF fails on two blanks behind the numbers, and rebuilds the file from whatever lies in it."""
    data = minimal()
    assert data.count(b"\n0 4\n") == 1
    assert code_of(data.replace(b"\n0 4\n", b"\n0 4" + end)) == "pdf-damaged"
    for permitted in (b" \n", b"\r\n", b"\r", b" \r\n"):
        read_document(data.replace(b"\n0 4\n", b"\n0 4" + permitted))


def test_names_may_have_escapes_where_readers_do_not_search_for_them() -> None:
    data = minimal().replace(b"/Parent 2 0 R /M", b"/Paren#74 2 0 R/M")
    data = data.replace(b"\n189\n", b"\n190\n")
    assert read_document(data).dictionary(Ref(3))["Parent"] == Ref(2)


def test_a_word_ends_where_a_reader_ends_it() -> None:
    for text in (b"[true1]", b"[null(]", b"truest", b"false_"):
        with pytest.raises(StructureFault):
            Lexer(text).value()
    assert Lexer(b"[true/A null]").value() == [True, Name("A"), None]


@pytest.mark.parametrize("text", [b"1" * 40, b"[" * 100 + b"]" * 100, b"<</A" * 100])
def test_absurd_values_are_over_limit(text: bytes) -> None:
    with pytest.raises(StructureFault) as caught:
        Lexer(text).value()
    assert caught.value.code == "over-limit"


def test_a_loop_of_sections_is_refused() -> None:
    data = minimal()
    position = data.rindex(b"xref\n0 ")
    data = data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % position)
    assert code_of(data) == "pdf-damaged"


def test_a_wrong_stream_length_is_refused() -> None:
    stream = Stream({"Length": 5}, b"hello")
    data = minimal({4: stream})
    read_document(data)
    assert code_of(data.replace(b"/Length 5", b"/Length 4")) == "pdf-damaged"


def test_object_streams_and_cross_reference_streams_are_read(desk: Desk) -> None:
    import io

    source = pikepdf.open(io.BytesIO(desk.draft.to_bytes()))
    buffer = io.BytesIO()
    source.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    document = read_document(buffer.getvalue())
    assert len(list(document.pages())) == 3
    linear = io.BytesIO()
    source.save(linear, linearize=True)
    document = read_document(linear.getvalue())
    assert len(document.revisions) == 1
    assert len(list(document.pages())) == 3


def test_a_copy_has_one_revision_for_each_act(desk: Desk) -> None:
    document = read_document(desk.copy.to_bytes())
    assert len(document.revisions) == 4
    assert document.revisions[0].end == len(desk.draft.to_bytes())
    assert document.gaps == [] or all(g.kind == "white-space" for g in document.gaps)


@given(st.binary(max_size=400))
def test_rubbish_is_a_structure_fault(data: bytes) -> None:
    for candidate in (data, b"%PDF-1.7\n" + data, minimal()[:-6] + data):
        try:
            read_document(candidate)
        except StructureFault:
            continue


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (b"[1 0 R 22 65535 R]", [Ref(1), Ref(22, 65535)]),
        (b"[ 1 0 R\n2 0 R \r\n]", [Ref(1), Ref(2)]),
        (b"[1 0 R]", [Ref(1)]),
        (b"[1 0 R 3]", [Ref(1), 3]),
        (b"[1 0 R % comment\n2 0 R]", [Ref(1), Ref(2)]),
        (b"[1\t0 R [2 0 R]]", [Ref(1), [Ref(2)]]),
    ],
)
def test_arrays_of_references(text: bytes, values: list[PdfValue]) -> None:
    lexer = Lexer(text)
    assert lexer.value() == values
    assert lexer.pos == len(text)


@pytest.mark.parametrize("text", [b"[1 0 R2 0 R]", b"[1 0 R 2 0 R", b"[1 0 RR]", b"[1 0 R x]"])
def test_what_is_no_array_of_references(text: bytes) -> None:
    with pytest.raises(StructureFault):
        Lexer(text).value()
