"""Spoiled copies, and which judge says no to which: known blindness is data, with its reason."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

import ecert
from ecert.formats.pades import increments
from ecert.formats.pades.cms import der_length, read_signed_data
from ecert.formats.pdf.objects import Name, Ref, Stream
from ecert.formats.pdf.writer import write_revision
from ecert.formats.pdfa import NUMBERS, FirstRevision, build_first_revision, image_numbers
from ecert.formats.statement import statement_content
from ecert.model.evidence import Evidence
from ecert.sign import steps
from ecert.verify.copy import judge
from tests.judged.claims import Judge
from tests.judged.inputs import get_input
from tests.judged.press import Copy, Keyring

Spoil = Callable[[Copy, Keyring], bytes]


# ── bytes changed, appended or cut off ───────────────────────────────────────────────────────────


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    """Return ``data`` with the one occurrence of ``old`` replaced; lengths and offsets stay."""
    assert len(old) == len(new)
    assert data.count(old) == 1
    return data.replace(old, new)


def flipped_in_page(copy: Copy, keys: Keyring) -> bytes:
    """Change a pixel of the scanned page."""
    page = copy.case.inputs[0].data
    at = copy.sealed.data.index(page) + len(page) - 20  # in the JPEG's entropy-coded data
    return _flipped(copy.sealed.data, at)


def flipped_in_seal(copy: Copy, keys: Keyring) -> bytes:
    """Change a bit of the seal's signature value: the ECDSA value, found by its place in the CMS."""
    data = copy.sealed.data
    gap = list(re.finditer(rb"/Contents <([0-9a-f]+)>", data))[1]
    der = bytes.fromhex(gap[1].decode())
    value = read_signed_data(der[: der_length(der)]).signature
    at = gap.start(1) + 2 * (der.index(value) + len(value) - 1)
    return data[:at] + (b"0" if data[at : at + 1] != b"0" else b"1") + data[at + 1 :]


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def says_pdfa_2(copy: Copy, keys: Keyring) -> bytes:
    """Let the metadata claim another part of PDF/A."""
    return replaced(copy.sealed.data, b"<pdfaid:part>3<", b"<pdfaid:part>2<")


def font_left_out(copy: Copy, keys: Keyring) -> bytes:
    """Let a font descriptor lose its font file."""
    data = copy.sealed.data
    at = data.index(b"/FontFile2")
    return data[:at] + b"/FontFileX" + data[at + 10 :]


def wrong_startxref(copy: Copy, keys: Keyring) -> bytes:
    """Let the file's last cross-reference pointer miss its table."""
    data = copy.sealed.data
    at = data.rindex(b"startxref\n") + len(b"startxref\n")
    return data[:at] + b"9" + data[at + 1 :]


def tail(copy: Copy, keys: Keyring) -> bytes:
    """Append 260 bytes after the end."""
    return copy.sealed.data + b"%" + b"x" * 258 + b"\n"


def padding(copy: Copy, keys: Keyring) -> bytes:
    """Hide something in the zeros behind the archive time-stamp's token, which no digest covers."""
    data = copy.sealed.data
    end = data.rindex(b"0" * 64 + b">") + 64
    return data[: end - 16] + b"deadbeefdeadbeef" + data[end:]


def cut_back(copy: Copy, keys: Keyring) -> bytes:
    """Cut everything off that came after the signer."""
    return copy.signed.data


# ── a revision appended, by another library ──────────────────────────────────────────────────────


def _appended(data: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def painted_over(copy: Copy, keys: Keyring) -> bytes:
    """Paint a grey box over page 1 after the seal."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        content = writer.root["/Pages"]["/Kids"][0]["/Contents"]
        content._data = content.data + b"q 0.5 g 5 5 20 20 re f Q\n"
        content._encoded_data = None
        writer.update_container(content)

    return _appended(copy.sealed.data, change)


def other_title(copy: Copy, keys: Keyring) -> bytes:
    """Replace the document's title, in XMP, after the seal."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        metadata = writer.root["/Metadata"]
        old = b"Gi\xe1\xba\xa5y x\xc3\xa1c nh\xe1\xba\xadn"
        assert old in metadata.data
        metadata._data = metadata.data.replace(
            old, b"B\xe1\xba\xb1ng t\xe1\xbb\x91t nghi\xe1\xbb\x87p"
        )
        metadata._encoded_data = None
        writer.update_container(metadata)

    return _appended(copy.sealed.data, change)


def comment_added(copy: Copy, keys: Keyring) -> bytes:
    """Add a text note to page 1 after the seal."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        note = generic.DictionaryObject(
            {
                generic.NameObject("/Type"): generic.NameObject("/Annot"),
                generic.NameObject("/Subtype"): generic.NameObject("/Text"),
                generic.NameObject("/Rect"): generic.ArrayObject(
                    map(generic.NumberObject, (5, 5, 25, 25))
                ),
                generic.NameObject("/F"): generic.NumberObject(28),
                generic.NameObject("/Contents"): generic.TextStringObject("paid"),
            }
        )
        page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
        writer.update_container(page)

    return _appended(copy.sealed.data, change)


# ── spoiled by someone who holds the keys: the public steps with a wrong writer and no check ─────


def _unseen(stage: Any, data: bytes, **_: Any) -> Any:
    """Hand out what a step wrote without looking at it; stands in for the self-check."""
    case, report = judge(data, policy=stage.policy)
    return stage(case.document, case.record, report)


def _certified(copy: Copy, keys: Keyring, patch: pytest.MonkeyPatch) -> bytes:
    patch.setattr("ecert.stages.signing.verified", _unseen)
    scan = ecert.Scan.from_files([each.data for each in copy.case.inputs])
    return ecert.certify_copy(
        scan,
        keys.record(),
        signer=keys.signer,
        seal=keys.seal,
        trust=keys.trust,
        services=keys.services,
    ).to_bytes()


def rewritten(change: Callable[[dict[int, Any]], object]) -> Callable[..., FirstRevision]:
    """Return a writer of revision 0 that changes its objects before they become bytes."""

    def write(*arguments: Any, **options: Any) -> FirstRevision:
        revision = build_first_revision(*arguments, **options)
        if not options.get("for_gate"):
            change(revision.objects)
        chunks = write_revision(revision.objects, revision.trailer)
        return FirstRevision(revision.objects, revision.trailer, chunks)

    return write


def another_page(copy: Copy, keys: Keyring) -> bytes:
    """Put another picture in place of the scanned page before it is signed."""

    def change(objects: dict[int, Any]) -> None:
        (number,) = image_numbers(1)
        other = get_input("progressive.jpg").data
        objects[number] = Stream({**objects[number].dict, "Length": len(other)}, other)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ecert.capture.draft.build_first_revision", rewritten(change))
        return _certified(copy, keys, patch)


def another_statement(copy: Copy, keys: Keyring) -> bytes:
    """Let the page say another number than the record, before it is signed."""
    said = replace(copy.record, certification=replace(copy.record.certification, number=999))
    content = statement_content(said)

    def change(objects: dict[int, Any]) -> None:
        objects[NUMBERS.STATEMENT_CONTENT] = Stream({"Length": len(content)}, content)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ecert.capture.draft.build_first_revision", rewritten(change))
        return _certified(copy, keys, patch)


def visible_timestamp(copy: Copy, keys: Keyring) -> bytes:
    """Let the archive time-stamp paint over the statement, as a field with an appearance."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(increments, "write_revision", with_visible_timestamp)
        return _certified(copy, keys, patch)


def with_visible_timestamp(objects: Any, trailer: Any, **options: Any) -> Any:
    """Write a revision in which a document time-stamp's field has a place and an appearance."""
    objects = dict(objects)
    fields = [n for n, v in objects.items() if isinstance(v, dict) and v.get("T") == b"Archive1"]
    for number in fields:
        paint = b"1 g 0 0 300 300 re f"
        form = {
            "Type": Name("XObject"), "Subtype": Name("Form"), "BBox": [0, 0, 300, 300],
            "Length": len(paint),
        }  # fmt: skip
        new = max(objects) + 1
        objects[new] = Stream(form, paint)
        objects[number] = {**objects[number], "Rect": [90, 90, 390, 390], "AP": {"N": Ref(new)}}
        trailer = {**trailer, "Size": new + 1}
    return write_revision(objects, trailer, **options)


def certificates_only(copy: Copy, keys: Keyring) -> bytes:
    """Leave every CRL and OCSP answer out of the validation data."""
    real = steps._missing
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            steps, "_missing", lambda *given: Evidence(certificates=real(*given).certificates)
        )
        return _certified(copy, keys, patch)


def another_record(copy: Copy, keys: Keyring) -> bytes:
    """Replace the attached record after the seal."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        (_, spec) = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
        record = spec.get_object()["/EF"]["/F"]
        record._data = record.data.replace(b">152<", b">999<")
        record._encoded_data = None
        writer.update_container(record)

    return _appended(copy.sealed.data, change)


# ── which judge says no ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Spoiled:
    """A way to spoil a copy: our own finding, who else refuses it, and who is known not to."""

    make: Spoil
    code: str
    refused_by: tuple[Judge, ...]
    missed_by: tuple[Judge, ...] = ()
    reason: str = ""  # why they miss it

    @property
    def name(self) -> str:
        """Return its name for the reports."""
        return self.make.__name__.replace("_", "-")


_BOTH: Final[tuple[Judge, ...]] = ("dss", "dss-changes-fail")

SPOILED: Final = (
    Spoiled(flipped_in_page, "signature-broken", (*_BOTH, "pdfsig", "streams")),
    Spoiled(flipped_in_seal, "signature-broken", (*_BOTH, "pdfsig")),
    Spoiled(says_pdfa_2, "not-pdfa", (*_BOTH, "pdfsig", "verapdf")),
    Spoiled(font_left_out, "statement-differs", (*_BOTH, "pdfsig", "verapdf")),
    Spoiled(
        wrong_startxref, "pdf-damaged", (*_BOTH, "verapdf", "qpdf"), ("pdfsig",),
        "poppler rebuilds the cross-reference table; both signed ranges end before the damage",
    ),
    Spoiled(cut_back, "seal-missing", (*_BOTH, "pdfsig")),
    Spoiled(
        certificates_only, "revocation-missing", _BOTH, ("pdfsig",),
        "pdfsig is asked about integrity alone (-no-ocsp, no anchors)",
    ),
    Spoiled(
        painted_over, "changed-after-seal", (*_BOTH, "looks"), ("pdfsig", "verapdf"),
        "pdfsig judges what each signature covers, veraPDF the last state as PDF/A",
    ),
    Spoiled(
        comment_added, "changed-after-seal", ("verapdf", "looks"), (*_BOTH, "pdfsig"),
        "DSS counts a new /Annots of a page as form filling; veraPDF only misses the appearance",
    ),
    Spoiled(
        other_title, "changed-after-seal", (), (*_BOTH, "pdfsig", "verapdf"),
        "DSS lets every change of the metadata count as an extension",
    ),
    Spoiled(
        another_record, "changed-after-seal", (), (),
    ),
    Spoiled(
        visible_timestamp, "changed-after-seal", (), (*_BOTH, "pdfsig", "verapdf"),
        "to DSS a time-stamp's field is validation data, whatever it paints",
    ),
    Spoiled(
        tail, "bytes-unaccounted", ("verapdf",), (*_BOTH, "pdfsig", "qpdf"),
        "readers look for the last end mark and take what follows for nothing",
    ),
    Spoiled(
        padding, "signature-malformed", (), (*_BOTH, "pdfsig", "verapdf", "qpdf"),
        "readers stop at the end of the DER value; no digest covers the rest",
    ),
    Spoiled(
        another_page, "pages-differ", ("streams",), (*_BOTH, "pdfsig", "verapdf", "qpdf"),
        "done before signing by one who holds the keys: only the record knows the scanned page",
    ),
    Spoiled(
        another_statement, "statement-differs", (), (*_BOTH, "pdfsig", "verapdf", "qpdf"),
        "done before signing by one who holds the keys: only the record knows the statement",
    ),
)  # fmt: skip
