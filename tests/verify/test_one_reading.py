"""Signed files that some program reads in another way than their sections say, without any oddity that is told."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

import pytest

from ecert.formats.pdf import Name, PdfValue, Ref, Stream, StructureFault, read_document
from ecert.formats.pdf.objects import PdfDict, write_value
from ecert.testing import Press
from ecert.testing.specimens.habits import Habits, appended, plain, signed
from ecert.testing.specimens.increments import append_section, numbered, stream
from ecert.verify.copy import verify_copy
from tests.verify.foreign_files import judged

_FORGED = stream(b"BT /F1 24 Tf 20 100 Td (900) Tj ET")
_TWIN = numbered(4, _FORGED)
_HOLDER = 50


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


@pytest.fixture(scope="module")
def once(press: Press) -> bytes:
    return signed(press, plain())


def _found(press: Press, data: bytes, verdict: str = "INVALID") -> set[str]:
    report = judged(press, data)
    assert report.verdict == verdict, report.findings
    return set(report.codes())


def _last(data: bytes) -> int:
    return read_document(data, foreign=True).revisions[-1].startxref


def _rows(rows: Mapping[int, tuple[int, int, int]], **entries: PdfValue) -> Stream:
    table = b"".join(bytes([k]) + a.to_bytes(4, "big") + b.to_bytes(2, "big") for k, a, b in rows.values())
    index = [value for num in rows for value in (num, 1)]
    head = {"Type": Name("XRef"), "W": [1, 4, 2], "Index": index, "Size": 90, "Root": Ref(1)}
    return stream(table, **head, **entries)


def _with_another_section(data: bytes) -> tuple[bytes, int]:
    """Append an object without a use, in which an object 4 and a section that lists it stand; and where that is.

    The head of the object is written in a way that no program takes for one by itself.
    """
    place, twin = 0, _TWIN.replace(b"4 0 obj", b"4%\n0%\nobj")
    for _ in range(2):
        section = numbered(_HOLDER + 1, _rows({4: (1, place, 0)}, Prev=_last(data)))
        out = appended(data, {_HOLDER: stream(b"\n" + twin + section)})
        place = out.index(twin, len(data))
    return out, place + len(twin)


def test_a_stream_that_is_a_section_names_no_other(press: Press, once: bytes):
    """MuPDF follows /XRefStm there, others do not."""
    data, place = _with_another_section(once)
    assert "parsers-disagree" in _found(press, append_section(data, {70: None}, XRefStm=place))


def test_a_stream_that_a_table_names_does_not_lead_on(press: Press, once: bytes):
    """pdf.js follows its /Prev, before that of the section before."""
    data, place = _with_another_section(once)

    def later(prev: int) -> bytes:
        habits = Habits(trailer={"XRefStm": len(data)}, size=90)
        return appended(data, {70: _rows({0: (0, 0, 65535)}, Prev=prev)}, habits)

    assert "parsers-disagree" in _found(press, later(place))
    honest = appended(once, {70: _rows({0: (0, 0, 65535)}, Prev=_last(once))}, Habits(trailer={"XRefStm": len(once)}))
    assert _found(press, honest, "VALID")  # as PDFBox writes it


@pytest.mark.parametrize("comment", [b"%%startxref %d\n", b"%%x startxref %d", b"\n%%startxref\t%d"])
def test_no_end_mark_stands_in_a_comment_behind_the_last(press: Press, once: bytes, comment: bytes):
    data, place = _with_another_section(once)
    assert "parsers-disagree" in _found(press, data + comment % place)
    assert "parsers-disagree" not in _found(press, once + b"%a comment\n", "VALID")


# ── compressed streams ───────────────────────────────────────────────────────────────────────────


def _read_twice(number: int, raw: PdfValue, predicted: PdfValue) -> tuple[bytes, int, int]:
    """Return what an object stream holds, its /First and /Columns: one value as it is, another by a predictor."""
    plain_, other = (write_value(v).replace(b"\n", b" ") for v in (raw, predicted))
    shift = len(plain_) + 60
    columns = shift + len(other) + 60
    rows = [b" " * columns] * (shift + 1)
    rows[0] = (b"%d 0 " % number).ljust(columns)
    data = bytearray(b"".join(b"\0" + row for row in rows))
    first = shift * columns + 20
    data[first : first + len(plain_) + 1] = plain_ + b"%"
    data[first + shift + 1 : first + shift + 1 + len(other)] = other
    return bytes(data), first, columns


@pytest.mark.parametrize("listed", [False, True])
def test_the_parameters_of_a_compressed_stream_stand_in_it(press: Press, once: bytes, listed: bool):
    """With a predictor that only others see, the page is what it was, and shows something else to everybody."""
    page = read_document(once, foreign=True).dictionary(Ref(3))
    data, first, columns = _read_twice(3, page, {**page, "Contents": Ref(52)})
    name = Name("FlateDecode")
    how: PdfDict = {"Filter": [name] if listed else name, "DecodeParms": [Ref(51)] if listed else Ref(51)}
    held = stream(zlib.compress(data), Type=Name("ObjStm"), N=1, First=first, **how)
    parameters = {"Predictor": 12, "Columns": columns}
    objects = {50: held, 51: parameters, 52: _FORGED}
    attacked = append_section(once, objects, rows={3: (2, 50, 0)})
    assert "parsers-disagree" in _found(press, attacked)
    with pytest.raises(StructureFault, match="parsers-disagree"):
        read_document(attacked)
    how["DecodeParms"] = [None] if listed else None
    held = stream(zlib.compress(data), Type=Name("ObjStm"), N=1, First=first, **how)
    assert _found(press, append_section(once, {**objects, 50: held}, rows={3: (2, 50, 0)}), "VALID")


def test_a_length_may_not_be_changed_later():
    content = b"BT /F1 24 Tf 20 100 Td (100) Tj ET BT /F1 24 Tf 20 60 Td (only) Tj ET"
    data = plain(more={4: Stream({"Length": Ref(6)}, content), 6: len(content)})
    assert not read_document(data, foreign=True).oddities
    for length in (34, 3000):
        with pytest.raises(StructureFault, match="parsers-disagree"):
            read_document(appended(data, {6: length}), foreign=True)


# ── where readers begin ──────────────────────────────────────────────────────────────────────────


def _for_the_web(press: Press, first: bytes, length: int, *, kids: int = 1) -> bytes:
    """Sign a file that begins with an object of its own, of which a part is its later length."""
    body = plain(more={6: {**read_document(plain()).dictionary(Ref(3)), "Contents": Ref(7)}, 7: _FORGED})
    header = body.index(b"1 0 obj")
    table = body.rindex(b"xref\n0")
    object_ = b"8 0 obj\n" + first.replace(b"LENGTH", b"%010d" % length) + b"\nendobj\n"
    rest = body[table:]
    for start in sorted((entry.start for entry in read_document(body).view().values()), reverse=True):
        rest = rest.replace(b"%010d" % start, b"%010d" % (start + len(object_)))
    rest = rest.replace(b"startxref\n%d" % table, b"startxref\n%d" % (table + len(object_)))
    rest = rest.replace(b"xref\n0 8", b"xref\n0 9").replace(b"trailer", b"%010d 00000 n \ntrailer" % header)
    return signed(press, body[:header] + object_ + body[header:table] + rest.replace(b"/Size 8", b"/Size 9"))


_HINTS = b"/H[800 20]/E 900/N 1/T 950"


@pytest.mark.parametrize(
    "first",
    [
        b"<</Linearized 1/L LENGTH/O 6" + _HINTS + b">>",
        b"<</Linearized 1/L LENGTH/O 3" + _HINTS + b"/X(endobj xref 4 1 trailer)>>",
        b"<</Line#61rized 1.0/L +LENGTH.0/O 6" + _HINTS + b">>",
        b"<</L LENGTH/X[1 2]/Linearized 1%\n/O 6" + _HINTS + b">>",
    ],
)
def test_a_file_may_not_call_itself_laid_out_for_the_web(press: Press, first: bytes):
    """Poppler and pdf.js then begin behind its first object, and take the first page that it names."""
    ordinary = _for_the_web(press, first, 1)
    assert _found(press, ordinary, "VALID")
    assert "parsers-disagree" in _found(press, _for_the_web(press, first, len(ordinary)))


def test_a_copy_saved_for_the_web_is_told_that_its_signatures_are_broken(press: Press):
    """Hint tables are not read; what is broken whatever they say is said all the same."""
    saved = press.make("saved-for-the-web")
    report = verify_copy(saved.data, trust=saved.trust, policy="signatures", at=saved.at, evidence=saved.evidence)
    assert report.verdict == "INVALID"
    assert {"signature-malformed", "structure-unsupported"} <= set(report.codes())


def test_a_file_whose_last_end_mark_is_far_from_its_end_is_rebuilt(press: Press):
    content = b"BT /F1 24 Tf 20 100 Td (100) Tj ET\n" + _TWIN
    twin = signed(press, plain(more={4: Stream({"Length": len(content)}, content)}))
    for more in (b" " * 1000, b"\0" * 3000, b"%" + b"x" * 1000):
        assert _found(press, signed(press, plain()) + more, "VALID")
        assert "parsers-disagree" in _found(press, twin + more)
    assert _found(press, twin + b" " * 100, "VALID")


# ── what makes programs rebuild a file ───────────────────────────────────────────────────────────


def _rebuilt(press: Press, way: str, inside: bytes) -> bytes:
    """Sign a file without object 1, with ``inside`` in a stream, and append a section that one program cannot read."""
    body = plain(more={6: stream(b"\n" + inside)})
    body = body.replace(b"\n1 0 obj", b"\n9 0 obj").replace(b"/Root 1 0 R", b"/Root 9 0 R")
    rows = body[body.rindex(b"xref\n0") :].splitlines(keepends=True)
    table = [rows[0], b"0 1\n", rows[2], b"2 5\n", *rows[4:9], b"9 1\n", rows[3]]
    body = body[: body.rindex(b"xref\n0")] + b"".join(table) + b"".join(rows[9:]).replace(b"/Size 7", b"/Size 10")
    once = signed(press, body)
    trailer = b"trailer\n<</Size 60/Root 9 0 R/Prev %d>>\n" % _last(once)
    end = b"startxref\n%d\n%%%%EOF\n" % len(once)
    if way == "no subsection":
        return once + b"xref\n" + trailer + end
    if way == "row 1 for row 0":
        return once + b"xref\n1 1\n0000000000 65535 f \n" + trailer + end
    if way in ("wide type", "empty subsection"):
        width = 5 if way == "wide type" else 1
        row = (1).to_bytes(width, "big") + len(once).to_bytes(4, "big") + bytes(2)
        index = [59, 1] if way == "wide type" else [59, 1, 70, 0]
        head = {"Type": Name("XRef"), "W": [width, 4, 2], "Index": index, "Size": 60, "Root": Ref(9)}
        return once + numbered(59, stream(row, **head, Prev=_last(once))) + end
    return once + b"xref\n0 0\n" + trailer + end


@pytest.mark.parametrize("way", ["no subsection", "row 1 for row 0", "wide type", "empty subsection", "nothing"])
def test_what_makes_a_program_rebuild_the_file_wants_one_reading(press: Press, way: str):
    for twin in (_TWIN, _TWIN.replace(b"4 0 obj", b"4 +0 obj")):
        if way == "nothing":
            assert _found(press, _rebuilt(press, way, twin), "VALID")
        else:
            assert "parsers-disagree" in _found(press, _rebuilt(press, way, twin))
    assert _found(press, _rebuilt(press, way, b"nothing"), "VALID")


def test_a_stream_ends_once_where_a_file_is_rebuilt(press: Press):
    """MuPDF ends one, whose length is a reference, at the first "endstream" in it."""
    content = b"BT /F1 24 Tf 20 100 Td (100) Tj ET\n%endstream\nBT /F1 24 Tf 20 60 Td (only) Tj ET"
    data = plain(more={4: Stream({"Length": Ref(6)}, content), 6: len(content)})
    assert _found(press, signed(press, data), "VALID")
    assert "parsers-disagree" in _found(press, signed(press, data, Habits(size=4)))


def test_nothing_poses_as_a_section_where_a_file_is_rebuilt(press: Press):
    posing = Stream({"Type": Name("XRef"), "Root": Ref(7), "Size": 9, "Length": 0}, b"")
    data = plain(more={6: posing, 7: {"Type": Name("Catalog"), "Pages": Ref(2)}})
    assert _found(press, signed(press, data), "VALID")
    assert "parsers-disagree" in _found(press, signed(press, data, Habits(size=4)))


def test_who_comes_later_writes_no_object_into_another(press: Press, once: bytes):
    later = appended(once, {_HOLDER: stream(b"\n" + _TWIN)})
    assert "structure-unsupported" in _found(press, later, "INDETERMINATE")
    unused = appended(once, {_HOLDER: stream(b"\n" + numbered(77, _FORGED))})
    assert "structure-unsupported" not in _found(press, unused, "VALID")


# ── what some show and others do not ─────────────────────────────────────────────────────────────


def _page(*contents: int) -> PdfDict:
    return {**read_document(plain()).dictionary(Ref(3)), "Contents": [Ref(num) for num in contents]}


@pytest.mark.parametrize("hidden", [4, 6])
def test_what_a_page_needs_is_not_listed_for_newer_readers_alone(press: Press, hidden: int):
    """The free row of the table counts for most, the stream's for others; what only the tags need may be hidden."""
    body = plain(more={3: _page(4), 6: {"Type": Name("StructElem")}})
    place = read_document(body).view()[hidden].start
    table = body.rindex(b"xref\n0")
    section = numbered(20, _rows({hidden: (1, place, 0)}))
    rest = body[table:].replace(b"%010d 00000 n" % place, b"0000000000 65535 f")
    rest = rest.replace(b"trailer\n<<", b"20 1\n%010d 00000 n \ntrailer\n<</XRefStm %d" % (table, table))
    rest = rest.replace(b"/Size 7", b"/Size 21").replace(b"\n%d\n" % table, b"\n%d\n" % (table + len(section)))
    verdict = "INDETERMINATE" if hidden == 4 else "VALID"
    found = _found(press, signed(press, body[:table] + section + rest), verdict)
    assert ("structure-unsupported" in found) == (hidden == 4)


@pytest.mark.parametrize("again", [False, True])
def test_what_a_page_refers_to_was_not_deleted(press: Press, again: bool):
    """Poppler and PDFium still show it."""
    body = plain(more={3: _page(4, 6), 6: _FORGED})
    for _ in range(1 + again):
        body = appended(body, {}, Habits(rows=b"6 1\n0000000000 00000 f \n"))
    assert "structure-unsupported" in _found(press, signed(press, body), "INDETERMINATE")
    unused = appended(plain(more={6: _FORGED}), {}, Habits(rows=b"6 1\n0000000000 00001 f \n"))
    assert _found(press, signed(press, unused), "VALID")


def test_a_page_refers_to_the_generation_that_is_there(press: Press):
    page = {**_page(4), "Contents": [Ref(4), Ref(6, 1)]}
    data = signed(press, plain(more={3: page, 6: _FORGED}))
    assert "structure-unsupported" in _found(press, data, "INDETERMINATE")


def test_what_was_deleted_and_is_in_use_again(press: Press):
    """PDFium and qpdf miss it where tables and streams take turns; in tables alone all find it."""
    gone = appended(plain(more={3: _page(4, 6), 6: _FORGED}), {}, Habits(rows=b"6 1\n0000000000 00001 f \n"))
    assert _found(press, signed(press, appended(gone, {6: _FORGED})), "VALID")
    again = append_section(gone, {6: _FORGED})
    assert "structure-unsupported" in _found(press, signed(press, again), "INDETERMINATE")


@pytest.mark.parametrize("byte", [b"\x0b", b"\x80", b"\xff"])
def test_a_key_ends_where_every_program_ends_it(press: Press, once: bytes, byte: bytes):
    """PDFium and qpdf take these for white space, and the key for one that stands there already."""
    resources = {"Font": {"F1": Ref(5)}, "Font#": {"F1": Ref(8)}}
    data = plain(more={3: {**_page(4), "Resources": Ref(7)}, 7: resources, 8: {"Type": Name("Font")}})
    assert _found(press, signed(press, data), "VALID")
    escaped = data.replace(b"/Font#23", b"/Font#" + byte.hex().encode())
    assert _found(press, signed(press, escaped), "VALID")
    with pytest.raises(StructureFault, match="parsers-disagree"):
        read_document(data.replace(b"/Font#23 ", b"/Font" + byte + b"   "), foreign=True)
    tail = appended(once, {_HOLDER: {"X": 1, "Y": [{"Rect#": 1}]}})
    assert "parsers-disagree" in _found(press, tail.replace(b"/Rect#23 ", b"/Rect" + byte + b"   "))


@pytest.mark.parametrize("count", [1, 3, 0, -1, None])
def test_a_page_tree_counts_its_pages(press: Press, count: PdfValue):
    """Most readers show as many pages as it says, PDFium and qpdf all there are."""

    def with_count(count: PdfValue, nested: PdfValue = 1) -> bytes:
        tree = {"Type": Name("Pages"), "Kids": [Ref(3), Ref(7)], "Count": count}
        inner = {"Type": Name("Pages"), "Kids": [Ref(6)], "Count": nested, "Parent": Ref(2)}
        return signed(press, plain(more={2: tree, 6: {**_page(4), "Parent": Ref(7)}, 7: inner}))

    assert _found(press, with_count(2), "VALID")
    assert "structure-unsupported" in _found(press, with_count(count), "INDETERMINATE")
    assert "structure-unsupported" in _found(press, with_count(2, 5), "INDETERMINATE")
