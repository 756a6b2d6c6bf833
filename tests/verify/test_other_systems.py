"""Copies of other systems: a fair answer where nothing of ours is in the file, and no new way past the rules."""

from __future__ import annotations

import base64
import io
import random
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import ecert
from ecert.formats.pades.increments import PendingSignature
from ecert.formats.pdf import Name, PdfValue, Ref, read_document
from ecert.formats.record.xml import RECORD_NAMESPACE
from ecert.model.findings import SEVERITIES
from ecert.report import Report
from ecert.testing import Press, make
from ecert.testing.specimens import recipes
from ecert.testing.specimens.co_signers import co_signed
from ecert.testing.specimens.foreign import foreign
from ecert.testing.specimens.increments import append, changed, fill_in, lay_out, stream, with_room
from ecert.testing.specimens.other_systems import signed_and_sealed
from ecert.verify import other_systems, traces
from ecert.verify.policies import DRAFT, SIGNED_COPY
from ecert.verify.traces import holds_traces, is_marked
from tests.verify.policy_files import policy

UNDECIDED = [name for name, r in recipes().items() if "other-system" in r.codes]
TRACED = [name for name in recipes() if name.startswith("trace-of-ours")]
RECORD = f'<record xmlns="{RECORD_NAMESPACE}"/>'.encode()
PACKED = zlib.compress(RECORD)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


def judged(press: Press, data: bytes, wanted: object = "certified-copy", **options: object) -> Report:
    given = {"trust": press.office.trust, "policy": wanted, "at": press.now(), "evidence": press.evidence, **options}
    return ecert.verify_copy(data, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", UNDECIDED)
def test_it_is_one_finding_that_speaks_of_roles_and_format(press: Press, name: str):
    report = press.make(name).judge()
    assert (report.verdict, report.codes("error"), report.codes("unknown")) == ("INDETERMINATE", [], ["other-system"])
    assert report.content["certified"] is False
    assert report.certified is False
    checks = report.content["checks"]
    assert checks["record"] == "unknown"
    assert {checks[c] for c in ("statement", "pages", "pdfa", "seal", "order", "competence")} == {"not-checked"}
    assert report.content["policy"]["id"] == "certified-copy"
    assert {s["role"] for s in report.content["signatures"]} <= {"other", "timestamp"}


def test_the_first_sentence_says_who_signed_who_sealed_and_when(press: Press):
    report = press.make("other-system-copy").judge()
    for lang, start in (("en", "ecert cannot confirm that"), ("vi", "ecert không xác nhận được")):
        told = report.content["summary"][lang]  # type: ignore[index]
        assert told.startswith(start)
        assert told.index(press.office.signer.name) < told.index(press.office.seal.name)
    assert press.now().strftime("%d/%m/%Y") in report.content["summary"]["vi"]
    assert "pháp" not in report.content["summary"]["vi"]
    assert "lawful" not in report.to_text("en")
    assert "lawful" not in report.to_html("en")


def test_a_proven_time_is_told_as_one(press: Press):
    report = press.make("other-system-copy-archived").judge()
    assert "proven by a time-stamp" in report.content["summary"]["en"]


def test_more_left_open_stands_beside_it_and_the_sentence_stays(press: Press):
    data = co_signed(press, foreign(press), 60, {"Rect": [50, 20, 150, 120]})  # over a quarter of the page
    report = judged(press, data)
    assert report.verdict == "INDETERMINATE"
    assert {"other-system", "field-covers-page"} <= set(report.codes("unknown"))
    assert report.content["summary"]["en"].startswith("ecert cannot confirm")


def test_a_page_exchanged_between_the_two_is_refused_for_that(press: Press):
    once = signed_and_sealed(press, seal=None)
    report = judged(press, signed_and_sealed(press, append(once, {4: stream(b"0 0 9 9 re f")}), people=()))
    assert report.verdict == "INVALID"
    assert "changed-after-signature" in report.codes("error")


def test_a_last_signature_that_covers_less_is_none(press: Press):
    once = signed_and_sealed(press, seal=None)
    pending = lay_out(once, _laid_out(once))
    start, before, behind, length = pending.byte_range
    short = (start, before, behind, length - 30)  # the end of the file is not signed
    increment = bytearray(
        bytes(pending.increment).replace(b"%d]" % length, (b"%d]" % short[3]).ljust(len(b"%d]" % length)))
    )
    data = fill_in(PendingSignature(once, increment, short), press.office.key("seal"))
    report = judged(press, data)
    assert report.verdict == "INVALID"
    assert "other-system" not in report.codes()
    whole = judged(press, fill_in(lay_out(once, _laid_out(once)), press.office.key("seal")))
    assert "other-system" in whole.codes()  # so that is the reason


def _laid_out(data: bytes) -> dict[int, PdfValue]:
    field = {"FT": Name("Sig"), "T": b"con dau", "Type": Name("Annot"), "Subtype": Name("Widget"), "P": Ref(3)}
    signature = {"Type": Name("Sig"), "Filter": Name("Adobe.PPKLite"), "SubFilter": Name("ETSI.CAdES.detached")}
    document = read_document(data)
    return {
        70: {**field, "Rect": [0, 0, 0, 0], "F": 132, "V": Ref(71)},
        71: with_room(signature),
        5: changed(data, 5, Fields=[*document.array(changed(data, 5)["Fields"]), Ref(70)]),
        3: changed(data, 3, Annots=[*document.array(changed(data, 3)["Annots"]), Ref(70)]),
    }


def test_others_are_asked_about_its_signatures(press: Press):
    report = judged(press, signed_and_sealed(press), cross_check=True)
    assert report.codes("error", "unknown") == ["other-system"]


@pytest.mark.parametrize("given", [DRAFT, SIGNED_COPY])
def test_the_stages_of_our_own_writing_know_no_other_systems(press: Press, given: object):
    report = judged(press, signed_and_sealed(press), given)
    assert report.verdict == "INVALID"
    assert "other-system" not in report.codes()


def test_a_policy_file_for_copies_answers_likewise_and_can_weigh_more(press: Press, tmp_path: Path):
    report = judged(press, signed_and_sealed(press), policy(tmp_path))
    assert report.codes("unknown") == ["other-system"]
    report = judged(press, signed_and_sealed(press), policy(tmp_path, '[severities]\nother-system = "error"'))
    assert report.verdict == "INVALID"


def test_without_anchors_nobody_signed_it_well(press: Press):
    report = judged(press, signed_and_sealed(press), trust=None)
    assert report.verdict == "INVALID"
    assert "other-system" not in report.codes()


# ── traces ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [*TRACED, "other-system-field-named-as-ours"])
def test_the_trace_alone_is_the_reason(press: Press, name: str, monkeypatch: pytest.MonkeyPatch):
    specimen = press.make(name)
    assert not is_marked(specimen.data)  # it is in no plain sight
    assert specimen.judge().verdict == "INVALID"
    monkeypatch.setattr(other_systems, "holds_traces", lambda _: False)
    assert "other-system" in specimen.judge().codes()


@pytest.mark.parametrize("attack", ["cut-back", "record", "metadata", "shadow", "roles"])
def test_what_was_made_of_a_copy_of_ours_is_no_other_systems(press: Press, attack: str):
    for name, recipe in recipes().items():
        if recipe.attack == attack:
            assert "other-system" not in press.make(name).judge().codes(), name


def test_where_nobody_can_be_believed_it_is_not_called_changed_first(press: Press):
    """Without revocation data neither signature counts; the field that the seal brings is no change."""
    report = judged(press, signed_and_sealed(press), evidence=None)
    assert report.verdict == "INVALID"
    assert report.findings[0].code == "record-missing"
    summary = report.content["summary"]
    assert summary["vi"].endswith("Tệp không có dữ liệu chứng thực theo định dạng ecert.")
    assert "changed" not in summary["en"]
    broken = signed_and_sealed(press).replace(b"60 780 200 12 re", b"60 780 201 12 re")
    assert judged(press, broken, evidence=None).findings[0].code != "record-missing"


def test_a_file_of_ours_is_judged_once(press: Press, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(other_systems, "is_of_another_system", lambda _: pytest.fail("asked"))
    assert judged(press, press.copy, evidence=None).certified


HIDDEN: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda d: append(d, {60: stream(RECORD)}),
    "inflated": lambda d: append(d, {60: stream(PACKED, Filter=Name("FlateDecode"))}),
    "base-85": lambda d: append(
        d, {60: stream(base64.a85encode(PACKED) + b"~>", Filter=[Name("ASCII85Decode"), Name("FlateDecode")])}
    ),
    "hexadecimal": lambda d: append(d, {60: stream(RECORD.hex().encode() + b">", Filter=Name("ASCIIHexDecode"))}),
    "unknown filter": lambda d: append(d, {60: stream(b"\x80\x0b\x60", Filter=Name("Crypt"))}),
    "run-length": lambda d: append(d, {60: stream(_runs(RECORD), Filter=Name("RunLengthDecode"))}),
    "lzw": lambda d: append(d, {60: stream(_lzw(RECORD), Filter=Name("LZWDecode"))}),
    "lzw of a kind not known": lambda d: append(d, {60: stream(bytes.fromhex("8010659010"), Filter=Name("LZWDecode"))}),
    "rows": lambda d: append(d, {60: _in_rows(RECORD)}),
    "utf-16-be": lambda d: append(d, {60: stream(RECORD.decode().encode("utf-16-be"))}),
    "utf-32-le": lambda d: append(d, {60: stream(RECORD.decode().encode("utf-32-le"))}),
    "file name": lambda d: append(d, {60: {"F": "ecert-record.xml".encode("utf-16")}}),
    "name": lambda d: append(d, {60: {"X": Name("ecertAAArecord")}}).replace(b"ecertAAA", b"ecert#2D"),
    "octal": lambda d: append(d, {60: {"F": b"ecertAAAArecord.xml"}}).replace(b"ecertAAAA", rb"ecert\055"),
    "field": lambda d: append(d, {60: {"T": b"Signer"}}),
    "field in utf-16": lambda d: append(d, {60: {"T": b"\xfe\xff" + "Seal".encode("utf-16-be")}}),
    "unlisted field": lambda d: d + b"\n90 0 obj <</FT /Sig /T (Signer)>> endobj\n",
    "comment": lambda d: d + b"\n% urn:ecert:record:1\n",
    "broken data": lambda d: d + b"\nstream\n" + zlib.compress(RECORD + b" " * 999)[:-9] + b"\nendstream\n",
}  # fmt: skip


@pytest.mark.parametrize("how", HIDDEN)
def test_traces_are_found_wherever_they_hide(press: Press, how: str):
    data = signed_and_sealed(press)
    assert not holds_traces(read_document(data))
    assert holds_traces(read_document(HIDDEN[how](data)))


@pytest.mark.parametrize("text", [b"q 1 0 0 1 0 0 cm Q ", bytes(9999)])
def test_old_filters_are_looked_through(press: Press, text: bytes):
    """Ghostscript and old scanners write them: without a trace they are another system's."""
    assert (traces._run_out(_runs(text)), traces._unpacked(_lzw(text))) == (text, text)
    data = signed_and_sealed(press)
    for name, packed in (("RunLengthDecode", _runs(text)), ("LZWDecode", _lzw(text))):
        assert not holds_traces(read_document(append(data, {60: stream(packed, Filter=Name(name))})))
    picture = stream(b"\x80\xff\xff", Subtype=Name("Image"), Filter=Name("LZWDecode"))
    assert not holds_traces(read_document(append(data, {60: picture})))


def test_repeated_letters_of_lzw_are_unpacked():
    """The example of ISO 32000-1, 7.4.4.2, and codes of all widths by libtiff."""
    assert traces._unpacked(bytes.fromhex("800B6050220C0C8501")) == b"-----A---B"
    shown = random.Random(1).choices(b"urn:ecert:record", k=40_000)
    out = io.BytesIO()
    Image.frombytes("L", (200, 200), bytes(shown)).save(out, "TIFF", compression="tiff_lzw")
    tags: Any = getattr(Image.open(io.BytesIO(out.getvalue())), "tag_v2")  # noqa: B009
    strips = [out.getvalue()[start : start + size] for start, size in zip(tags[273], tags[279], strict=True)]
    assert b"".join(map(traces._unpacked, strips)) == bytes(shown)


def test_streams_within_streams_are_read_so_often_and_no_more(press: Press, monkeypatch: pytest.MonkeyPatch):
    """Each of the markers begins a stream that goes on over all the others and a long run of nothing."""
    marks = b"\x00\x09\x00\xf6\xffstream\n\x78\x01" * 50
    data = append(signed_and_sealed(press), {60: stream(marks + b"\x00\x00\x00\xff\xff" * 20_000)})
    assert not holds_traces(read_document(data))
    monkeypatch.setattr(traces, "MAX_SEARCHED_BYTES", 4_000_000)
    assert holds_traces(read_document(data))


def _runs(data: bytes) -> bytes:
    pieces = [data[i : i + 100] for i in range(0, len(data), 100)]
    packed = [bytes([257 - len(p), p[0]]) if len({*p}) == 1 < len(p) else bytes([len(p) - 1]) + p for p in pieces]
    return b"".join(packed) + b"\x80"


def _lzw(data: bytes) -> bytes:
    """Write every letter by its own code, and begin anew before they get longer (7.4.4.2)."""
    codes = [c for i, letter in enumerate(data) for c in (*([256] if i % 200 == 0 else []), letter)]
    bits = "".join(f"{code:09b}" for code in (*codes, 257))
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _in_rows(data: bytes) -> Any:
    rows = b"\x01" + bytes((b - a) & 255 for a, b in zip(b"\0" + data, data, strict=False))
    parms = {"Predictor": 12, "Columns": len(data)}
    return stream(zlib.compress(rows), Filter=Name("FlateDecode"), DecodeParms=parms)


def test_pictures_are_not_taken_for_traces(press: Press):
    data = append(signed_and_sealed(press), {60: stream(b"\xff\xd8\xff\xe0", Filter=Name("DCTDecode"))})
    assert not holds_traces(read_document(data))


def test_what_is_too_much_to_look_through_is_no_other_systems(press: Press, monkeypatch: pytest.MonkeyPatch):
    packed = stream(zlib.compress(bytes(5000)), Filter=Name("FlateDecode"))
    data = append(signed_and_sealed(press), {60: packed})
    assert not holds_traces(read_document(data))
    monkeypatch.setattr(traces, "MAX_SEARCHED_BYTES", 4000)
    assert holds_traces(read_document(data))
    monkeypatch.undo()
    monkeypatch.setattr(traces, "MAX_OBJECTS", 3)
    assert holds_traces(read_document(data))


def test_a_specimen_made_alone_is_the_same():
    assert make("other-system-copy").judge().codes("unknown") == ["other-system"]
    assert SEVERITIES.index("unknown") == 1
