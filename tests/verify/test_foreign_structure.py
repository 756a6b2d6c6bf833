"""Odd but honest files of other programs, each beside the attack that would use the same oddity."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Literal

import pikepdf
import pytest
from pypdf import PdfReader

from ecert.formats.pdf import Name, PdfValue, Ref, Stream, StructureFault, read_document
from ecert.formats.pdf.objects import write_value
from ecert.testing import Press
from ecert.testing.hybrid import HYBRID_KINDS, HybridKind, Numbers, hybrid_pdf
from ecert.testing.specimens.habits import Habits, appended, plain, signed, signed_as_it_is
from ecert.testing.specimens.increments import append_packed, append_section, numbered, stream
from ecert.testing.specimens.odd_structure import FORGED_TEXT, listing, pair, prepared
from tests.verify.foreign_files import judged

#: what the file's own first revision must have for a gap with an object in it
_TWIN = numbered(4, FORGED_TEXT)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


def _told(press: Press, data: bytes, code: str) -> list[str]:
    """Return the reasons of a finding, and want the verdict VALID."""
    report = judged(press, data)
    assert report.verdict == "VALID", report.findings
    return [str(f.data.get("what")) for f in report.findings if f.code == code]


def _refused(press: Press, data: bytes, verdict: str = "INVALID") -> set[str]:
    report = judged(press, data)
    assert report.verdict == verdict, report.findings
    return set(report.codes())


# ── office exports ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", HYBRID_KINDS)
def test_office_exports_are_one_revision_and_read_as_others_read_them(kind: HybridKind):
    data = hybrid_pdf(kind, "Office")
    document = read_document(data, foreign=True)
    assert len(document.revisions) == (2 if kind == "pairs" else 1)
    assert not document.oddities
    assert "Office" in PdfReader(io.BytesIO(data), strict=True).pages[0].extract_text()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert not pdf.check_pdf_syntax()
        assert pdf.Root.StructTreeRoot.K.S == "/Document"
    assert document.dictionary(document.dictionary(document.root()["StructTreeRoot"])["K"])["S"] == "Document"


@pytest.mark.parametrize("kind", HYBRID_KINDS)
def test_office_exports_may_be_signed_again_and_again(press: Press, kind: HybridKind):
    once = signed(press, hybrid_pdf(kind))
    assert _told(press, once, "unusual-structure") == []
    twice = signed(press, once, who="seal")
    assert _told(press, twice, "unusual-structure") == []


def test_a_signer_may_write_the_information_of_an_office_export_anew(press: Press):
    once = signed(press, hybrid_pdf("excel"))
    info: dict[int, PdfValue] = {Numbers.INFO: {"Producer": b"hybrid_pdf, signed twice"}}
    assert _told(press, signed(press, once, who="seal", more=info), "unusual-structure") == []


def test_a_hidden_section_prepared_inside_the_signed_bytes_is_refused(press: Press):
    data, _, at = prepared()
    once = signed(press, data)
    assert judged(press, once).verdict != "INVALID"
    assert "parsers-disagree" in _refused(press, once + pair(once, at))


def test_a_stream_announced_before_it_is_there_is_refused(press: Press):
    """At signing the offset led nowhere; who appends the stream decides what the signed objects are."""
    _, hidden, _ = prepared()
    place = len(signed(press, prepared(b"/XRefSt_ %09d" % 0)[0]))
    once = _signed_unread(press, prepared(b"/XRefStm %09d" % place)[0])
    later = _appended_unread(once, 50, listing((20, 1, hidden, 0)))
    assert later.index(b"50 0 obj") == place == len(once)
    assert "pdf-damaged" in _refused(press, later)


def _signed_unread(press: Press, armed: bytes) -> bytes:
    """Sign a file whose /XRefStm leads nowhere, as a program that does not follow it."""
    harmless = armed.replace(b"/XRefStm", b"/XRefSt_")
    return signed_as_it_is(press, harmless, signed(press, harmless), armed)


def _appended_unread(data: bytes, number: int, value: PdfValue) -> bytes:
    last = data.rindex(b"startxref\n")
    body = numbered(number, value)
    trailer: dict[str, PdfValue] = {"Size": 60, "Root": Ref(1), "Prev": int(data[last + 10 :].split()[0])}
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n%s\n" % (number, len(data), write_value(trailer))
    return data + body + table + b"startxref\n%d\n%%%%EOF\n" % (len(data) + len(body))


@pytest.mark.parametrize("key", ["Root", "Info", "ID"])
def test_the_sections_of_a_pair_say_the_same(key: str):
    other: dict[str, PdfValue] = {"Root": Ref(2), "Info": Ref(5), "ID": [b"another", b"one"]}
    data = hybrid_pdf("word")
    at = data.rindex(b"xref\r\n0 0")
    first = data[:at]
    place = int(data[data.index(b"/XRefStm") + 8 :].split(b"/")[0].split(b">")[0])
    assert len(read_document(first + pair(first, place), foreign=True).revisions) == 1
    with pytest.raises(StructureFault, match="parsers-disagree"):
        read_document(first + pair(first, place, **{key: other[key]}), foreign=True)


def test_a_repeated_stream_says_what_is_so_without_it(press: Press):
    """Signing programs copy the trailer; the old stream then lists the page as it was before they wrote it anew."""
    data = hybrid_pdf("pairs")
    place = int(data[data.rindex(b"/XRefStm") + 8 :].split(b"/")[0].split(b">")[0])
    repeated = Habits(trailer={"XRefStm": place})
    assert _told(press, signed(press, data, repeated), "unusual-structure") == []
    word = hybrid_pdf("word")  # its stream lists the page, too
    place = int(word[word.rindex(b"/XRefStm") + 8 :].split(b"/")[0].split(b">")[0])
    assert "parsers-disagree" in _refused(press, signed(press, word, Habits(trailer={"XRefStm": place})))


def _replaced_for_newer_readers(press: Press, data: bytes, who: Literal["signer", "seal"]) -> bytes:
    """Sign with a revision that lists the page's new content in the stream that /XRefStm names alone."""
    place, hidden = 0, numbered(Numbers.CONTENT, stream(b"BT /F1 12 Tf 72 760 Td (1000) Tj ET"))
    out = data
    for _ in range(2):
        habits = Habits(before=hidden, trailer={"XRefStm": len(data)})
        rows = listing((Numbers.CONTENT, 1, place, 0))
        out = signed(press, data, habits, who=who, more={60 + len(data): rows})
        place = out.index(hidden, len(data))
    return out


def test_what_is_replaced_for_newer_readers_alone_is_not_decided(press: Press):
    """iText signs so on an office export: older readers see what was there before."""
    once = _replaced_for_newer_readers(press, hybrid_pdf("word"), "signer")
    report = judged(press, once)
    assert set(report.codes("error", "unknown")) == {"structure-unsupported"}
    assert any("older ones show it as it was before" in f.text["en"] for f in report.findings)
    again = _replaced_for_newer_readers(press, signed(press, hybrid_pdf("word")), "seal")
    assert "changed-after-signature" in _refused(press, again)


def test_a_stream_may_not_drop_what_a_table_of_its_pair_shows():
    for row, readable in (((4, 0, 0, 0), False), ((9, 0, 0, 0), True)):
        data = plain(more={30: listing(row)})
        both = data + pair(data, data.index(b"30 0 obj"))
        if readable:
            assert len(read_document(both, foreign=True).revisions) == 1
        else:
            with pytest.raises(StructureFault, match="parsers-disagree"):
                read_document(both, foreign=True)


def test_a_signing_program_may_list_its_revision_twice(press: Press):
    """PDFBox writes a stream beside the table where the file has both kinds already."""
    once = signed(press, hybrid_pdf("word"))
    parties: tuple[Literal["signer", "seal"], ...] = ("signer", "seal")
    for who in parties:
        habits = Habits(trailer={"XRefStm": len(once)})
        once = signed(press, once, habits, who=who, more={60 + len(once): listing((0, 0, 0, 65535))})
    assert _told(press, once, "unusual-structure") == []


# ── offsets that name white space ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("before", "off"), [(b"\n", -1), (b"\r\n", -2), (b" \r\n\n", -4), (b"\n\n", -1)])
def test_an_offset_may_name_the_white_space_before_a_section(press: Press, before: bytes, off: int):
    habits = Habits(before=before, off=off)
    once = signed(press, plain(), habits)
    (what,) = _told(press, once, "unusual-structure")
    assert "white space" in what
    twice = signed(press, once, habits, who="seal")
    assert len(_told(press, twice, "unusual-structure")) == 1  # told once


@pytest.mark.parametrize(
    ("before", "off"), [(b"\n" * 5, -5), (b"\t", -1), (b"\0", -1), (b"%\n", -2), (b"", -7), (b"", 1)]
)
def test_an_offset_may_not_name_anything_else(press: Press, before: bytes, off: int):
    data = signed(press, plain(), Habits(before=before, off=off))
    assert "pdf-damaged" in _refused(press, data)


@pytest.mark.parametrize("habits", [Habits(before=b"\n", off=-1), Habits(size=4)])
def test_a_file_that_is_rebuilt_otherwise_is_refused(press: Press, habits: Habits):
    """Who rebuilds the table finds the twin, wherever it stands: in a gap, a stream, a string, a deleted object."""
    content = b"BT /F1 24 Tf 20 100 Td (100) Tj ET\n" + _TWIN
    in_a_stream = {4: Stream({"Length": len(content)}, content)}
    in_a_string = {6: {"X": b"\n4 0 obj <</Length 3>> endobj\n"}}
    with_a_comment = {6: stream(b"\n4 %" + b"x" * 300 + b"\r0%\n obj <</Length 3>> endobj\n")}
    with_zeros = {6: {"X": b"\n00000000000004\xa00\x0bobj <</Length 3>> endobj\n"}}
    gone = {6: {"X": b"\n77 0 obj <</Type/Catalog>> endobj\n"}}
    for more in (in_a_stream, in_a_string, with_a_comment, with_zeros, gone):
        assert judged(press, signed(press, plain(more=more))).verdict == "VALID"
        assert "parsers-disagree" in _refused(press, signed(press, plain(more=more), habits))


def test_an_old_version_in_an_object_stream_would_come_back(press: Press):
    """MuPDF takes every member of every object stream, whatever replaced it later."""
    draft = append_packed(plain("999"), {4: None, 5: {"Type": Name("Font")}})
    data = appended(draft, {4: plain_content(b"100"), 5: plain_font()})
    assert judged(press, signed(press, data)).verdict == "VALID"
    assert "parsers-disagree" in _refused(press, signed(press, data, Habits(before=b"\n", off=-1)))


def plain_content(text: bytes) -> Stream:
    return stream(b"BT /F1 24 Tf 20 100 Td (%s) Tj ET" % text)


def plain_font() -> PdfValue:
    return {"Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": Name("Helvetica")}


def test_a_trailer_in_a_stream_would_be_found(press: Press):
    content = b"BT /F1 24 Tf 20 100 Td (100) Tj ET\n%trailer <</Root 9 0 R>>\n"
    data = plain(more={4: Stream({"Length": len(content)}, content)})
    assert judged(press, signed(press, data)).verdict == "VALID"
    assert "parsers-disagree" in _refused(press, signed(press, data, Habits(before=b"\n", off=-1)))


# ── rows at offset 0 ─────────────────────────────────────────────────────────────────────────────

_NOWHERE = b"0000000000 00000 n \n"


def _with_row(number: int, data: bytes) -> bytes:
    """Add a row at offset 0 to the table of an unsigned file."""
    return data.replace(b"trailer\n<</Size 6", b"%d 1\n%strailer\n<</Size %d" % (number, _NOWHERE, number + 1))


def test_a_row_at_offset_0_is_free(press: Press):
    data = _with_row(6, plain())
    assert data != plain()
    (what,) = _told(press, signed(press, data), "unusual-structure")
    assert "object 6" in what


def test_a_row_at_offset_0_in_a_cross_reference_stream_is_free(press: Press):
    data = append_section(plain(), {}, rows={9: (1, 0, 0)})
    (what,) = _told(press, signed(press, data), "unusual-structure")
    assert "object 9" in what


def test_who_refers_to_a_row_at_offset_0_refers_to_something_unknown(press: Press):
    page = {**read_document(plain()).dictionary(Ref(3)), "Contents": [Ref(4), Ref(6)]}
    data = plain(more={3: page})
    codes = _refused(press, signed(press, _with_row(6, data)), "INDETERMINATE")
    assert "structure-unsupported" in codes


def test_a_row_at_offset_0_of_a_number_in_use_is_refused(press: Press):
    once = signed(press, plain())
    assert "pdf-damaged" in _refused(press, appended(once, {}, Habits(rows=b"4 1\n" + _NOWHERE)))
    data = _with_row(9, plain())
    assert "pdf-damaged" in _refused(press, signed(press, data, more={9: {"Type": Name("X")}}))


# ── /Size ────────────────────────────────────────────────────────────────────────────────────────


def test_a_size_that_is_too_small_is_told(press: Press):
    once = signed(press, plain(), Habits(size=4))
    (what,) = _told(press, once, "unusual-structure")
    assert "/Size 4" in what
    assert len(_told(press, signed(press, once, Habits(size=4), who="seal"), "unusual-structure")) == 1


@pytest.mark.parametrize(("first", "then"), [(None, 4), (4, None)])
def test_a_later_size_may_not_count_signed_objects_out_or_in(press: Press, first: int | None, then: int | None):
    once = signed(press, plain(), Habits(size=first))
    codes = _refused(press, appended(once, {}, Habits(size=then)), "INDETERMINATE")
    assert "appearance-not-proven" in codes


@pytest.mark.parametrize("habits", [Habits(size=4), Habits(before=b"\n", off=-1), Habits(rows=b"90 1\n" + _NOWHERE)])
def test_another_reader_has_the_same_opinion_of_an_odd_file(press: Press, habits: Habits):
    report = judged(press, signed(press, plain(), habits), cross_check=True)
    assert report.verdict == "VALID"
    assert "unusual-structure" in report.codes()
    assert not {"second-opinion-unavailable", "second-opinion-differs"} & set(report.codes())


# ── streams with an empty line ───────────────────────────────────────────────────────────────────


def _spaced(data: bytes, ends: bytes) -> bytes:
    """Put line ends behind the data of the first stream, and move what follows."""
    at = data.index(b"\nendstream")
    out = data[:at] + ends + data[at + 1 :]
    shift = len(ends) - 1
    old = data.rindex(b"xref\n0")
    table = out.rindex(b"xref\n0")
    rows = out[table:]
    for start in sorted(o.start for o in read_document(data).view().values() if o.start > at):
        rows = rows.replace(b"%010d" % start, b"%010d" % (start + shift))
    return out[:table] + rows.replace(b"startxref\n%d" % old, b"startxref\n%d" % table)


@pytest.mark.parametrize("ends", [b"\n\n", b"\n\r\n", b"\r\n\r\n", b"\r\r\n", b""])
def test_two_line_ends_may_stand_behind_a_stream(press: Press, ends: bytes):
    assert _told(press, signed(press, _spaced(plain(), ends)), "unusual-structure") == []


@pytest.mark.parametrize("ends", [b"\n\n\n", b"\n \n", b"\n\0", b" \n"])
def test_no_more_and_nothing_else_stands_there(press: Press, ends: bytes):
    with pytest.raises(StructureFault, match="pdf-damaged"):
        read_document(_spaced(plain(), ends), foreign=True)


@pytest.mark.parametrize(
    "head", [{"Type": Name("EmbeddedFile")}, {"Type": Name("ObjStm"), "N": 0, "First": 0}, {"Type": Name("XRef")}]
)
def test_a_stream_that_is_read_byte_by_byte_ends_at_once(head: dict[str, PdfValue]):
    data = plain(more={4: Stream({**head, "Length": 1}, b"x")})
    with pytest.raises(StructureFault, match="pdf-damaged"):
        read_document(_spaced(data, b"\n\n"), foreign=True)


@pytest.mark.parametrize("inside", [{"F": Ref(4)}, Ref(7)])
def test_an_embedded_file_need_not_say_that_it_is_one(inside: PdfValue):
    data = plain(more={6: {"Type": Name("Filespec"), "EF": inside}, 7: {"F": Ref(4)}})
    assert not read_document(data, foreign=True).oddities
    with pytest.raises(StructureFault, match="pdf-damaged"):
        read_document(_spaced(data, b"\n\n"), foreign=True)


# ── trailer keys of the writer's own ─────────────────────────────────────────────────────────────


def _named_aside() -> bytes:
    """As LibreOffice does: the trailer names an object that is not there, with the first free number."""
    return plain(trailer={"AdditionalStreams": [Name("application/x"), Ref(8)], "Size": 6})


def test_a_trailer_may_name_a_missing_object_whose_number_is_taken_later(press: Press):
    once = signed(press, _named_aside())  # takes 6 and 7
    assert _told(press, signed(press, once, who="seal"), "unusual-structure") == []  # takes 8 and 9


def test_what_a_trailer_names_may_not_become_a_stream(press: Press):
    once = signed(press, _named_aside())
    assert "changed-after-signature" in _refused(press, signed(press, once, who="seal", more={8: FORGED_TEXT}))


@pytest.mark.parametrize("trailer", [{"Info": Ref(8)}, {"Info": Ref(8), "Own": Ref(8)}])
def test_what_readers_follow_of_a_trailer_counts_as_a_use(press: Press, trailer: dict[str, PdfValue]):
    once = signed(press, plain(trailer={**trailer, "Size": 6}))
    more = {8: {"Type": Name("X"), "Title": b"Another"}}
    report = judged(press, signed(press, once, who="seal", more=more))
    assert report.verdict != "VALID" or "form-filled-in" in report.codes()


def test_what_something_else_names_too_may_not_appear(press: Press):
    page = {**read_document(plain()).dictionary(Ref(3)), "Tabs": Ref(8)}
    once = signed(press, plain(trailer={"Own": Ref(8), "Size": 6}, more={3: page}))
    later = signed(press, once, who="seal", more={8: {"Type": Name("X")}})
    assert "changed-after-signature" in _refused(press, later)


# ── gaps ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_gap_may_not_hold_what_is_missing_and_referred_to(press: Press):
    page = {**read_document(plain()).dictionary(Ref(3)), "Contents": [Ref(4), Ref(20)]}
    body = plain(more={3: page})
    at = body.rindex(b"xref\n0")
    twin = numbered(20, FORGED_TEXT)
    data = body[:at] + twin + body[at:].replace(b"startxref\n%d" % at, b"startxref\n%d" % (at + len(twin)))
    assert "unlisted-object" in _refused(press, signed(press, data), "INDETERMINATE")


# ── locked files ─────────────────────────────────────────────────────────────────────────────────


def _locked(user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=user, R=6), static_id=True)
    return out.getvalue()


@pytest.mark.parametrize(("user", "said"), [("", "opens without a password"), ("secret", "a password is needed")])
def test_a_locked_file_is_not_judged_and_the_reason_is_true(press: Press, user: str, said: str):
    report = judged(press, _locked(user))
    assert report.verdict == "INDETERMINATE"
    (finding,) = [f for f in report.findings if f.code == "encrypted-not-judged"]
    assert said in finding.text["en"]


def test_a_lock_that_a_later_revision_adds_is_refused(press: Press):
    handler = {"Filter": Name("Standard"), "V": 1, "R": 2, "P": -4, "O": b"o" * 32, "U": b"u" * 32}
    data = appended(signed(press, plain()), {}, Habits(trailer={"Encrypt": handler}))
    assert _refused(press, data) >= {"encrypted"}


def test_a_lock_that_a_later_revision_exchanges_or_drops_is_refused(press: Press):
    handler = {"Filter": Name("Standard"), "V": 1, "R": 2, "P": -4, "O": b"o" * 32, "U": b"u" * 32}
    locked = plain(trailer={"Encrypt": Ref(6)}, more={6: handler})
    assert "encrypted-not-judged" in _refused(press, locked, "INDETERMINATE")
    end = locked.rindex(b"startxref\n")
    prev = int(locked[end + 10 :].split()[0])

    def later(rows: bytes, trailer: bytes, body: bytes = b"") -> bytes:
        section = b"xref\n%strailer\n<</Size 9/Root 1 0 R/Prev %d%s>>\n" % (rows, prev, trailer)
        return locked + body + section + b"startxref\n%d\n%%%%EOF\n" % (len(locked) + len(body))

    assert "encrypted-not-judged" in _refused(press, later(b"", b"/Encrypt 6 0 R"), "INDETERMINATE")
    new = numbered(6, {**handler, "P": -1})
    row = b"6 1\n%010d 00000 n \n" % len(locked)
    for data in (later(b"", b""), later(b"", b"/Encrypt 7 0 R"), later(row, b"/Encrypt 6 0 R", new)):
        assert "encrypted" in _refused(press, data)
