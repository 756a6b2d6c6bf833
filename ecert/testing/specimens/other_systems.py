"""Copies that other systems made, judged as certified copies of ours: honest ones, and what only looks like one.

A page of somebody else's that two sign, each in a field of its own, and no record. ecert cannot confirm such a copy and
calls it no forgery; whatever bears a trace of ours, or is not signed well by two, is refused as ever.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from ecert.formats.ecert1.xmp import NAMESPACE
from ecert.formats.pades.fields import write_date
from ecert.formats.pades.increments import next_number
from ecert.formats.pdf import Name, PdfValue, Ref, read_document
from ecert.formats.pdf.objects import PdfDict
from ecert.formats.pdf.writer import write_revision
from ecert.formats.record import RECORD_FILE_NAME
from ecert.formats.record.xml import RECORD_NAMESPACE
from ecert.model.findings import Code
from ecert.model.roles import SEAL_FIELD
from ecert.report import Verdict
from ecert.testing.specimens.co_signers import Key
from ecert.testing.specimens.increments import append, append_packed, changed, fill_in, form, lay_out, stream, with_room
from ecert.testing.specimens.registry import Make, Recipe, add
from ecert.testing.specimens.time_stamps import DOCUMENT_TIME_STAMP, time_stamp

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_CATALOGUE, _PAGE, _CONTENT, _FORM = 1, 3, 4, 5
_RECORD: Final = f'<record xmlns="{RECORD_NAMESPACE}"/>'.encode()
_XMP: Final = f'<x:xmpmeta xmlns:ecert="{NAMESPACE}"/>'

Change = Callable[[bytes], bytes]


def _signer(press: Press) -> Any:
    return press.office.key("signer")


def _seal(press: Press) -> Any:
    return press.office.key("seal")


def _stranger(press: Press) -> Any:
    return press.stranger.key("seal")


def unsigned_page(**more: PdfValue) -> bytes:
    """Return a page of somebody else's that nobody has signed; ``more`` are entries of its catalogue."""
    objects: dict[int, PdfValue] = {
        _CATALOGUE: {"Type": Name("Catalog"), "Pages": Ref(2), "AcroForm": Ref(_FORM), **more},
        2: {"Type": Name("Pages"), "Kids": [Ref(_PAGE)], "Count": 1},
        _PAGE: {
            "Type": Name("Page"),
            "Parent": Ref(2),
            "MediaBox": [0, 0, 595, 842],
            "Contents": Ref(_CONTENT),
            "Resources": {},
            "Annots": [],
        },
        _CONTENT: stream(b"0 g 60 780 200 12 re f 60 740 400 12 re f"),
        _FORM: {"Fields": [], "SigFlags": 3},
    }
    return b"".join(map(bytes, write_revision(objects, {"Size": 6, "Root": Ref(_CATALOGUE)})))


def sign_aside(press: Press, data: bytes, key: Key, name: bytes, left: int, claimed: datetime | None = None) -> bytes:
    """Add a visible field to the first page and sign it in the same revision; ``claimed`` is when (None: now)."""
    document = read_document(data)
    number = next_number(document)
    page = next(iter(document.pages())).num
    field: PdfDict = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": name,
        "Rect": [left, 60, left + 90, 110],
        "F": 132,
        "P": Ref(page),
        "AP": {"N": Ref(number + 1)},
        "V": Ref(number + 2),
    }
    signature: PdfDict = {
        "Type": Name("Sig"),
        "Filter": Name("Adobe.PPKLite"),
        "SubFilter": Name("ETSI.CAdES.detached"),
        "M": write_date(claimed or press.now(), 7),
    }
    shown = [*document.array(document.dictionary(Ref(page)).get("Annots")), Ref(number)]
    acro_form = document.root().get("AcroForm")
    fields = [*document.array(document.dictionary(acro_form).get("Fields")), Ref(number)]
    objects: dict[int, PdfValue] = {
        number: field,
        number + 1: form(b"0.9 g 0 0 90 50 re f"),
        number + 2: with_room(signature),
        page: changed(data, page, Annots=shown),
    }
    if isinstance(acro_form, Ref):
        objects[acro_form.num] = changed(data, acro_form.num, Fields=fields)
    else:
        objects[number + 3] = {"Fields": fields, "SigFlags": 3}
        root = read_document(data).revisions[-1].trailer["Root"].num
        objects[root] = changed(data, root, AcroForm=Ref(number + 3))
    return fill_in(lay_out(data, objects), key(press))


def signed_and_sealed(
    press: Press,
    data: bytes | None = None,
    *,
    people: tuple[Key, ...] = (_signer,),
    seal: Key | None = _seal,
    seal_field: bytes = b"con dau",
    claimed: datetime | None = None,
) -> bytes:
    """Let people sign a page one after the other, and then a body; ``claimed`` is when (None: now)."""
    data = unsigned_page() if data is None else data
    for place, key in enumerate(people):
        data = sign_aside(press, data, key, b"nguoi ky %d" % (place + 1), 60 + 100 * place, claimed)
    return data if seal is None else sign_aside(press, data, seal, seal_field, 460, claimed)


def archived(press: Press, data: bytes) -> bytes:
    """Append validation data, then a document time-stamp in a field that shows nothing."""
    crls = press.evidence.crls
    number = next_number(read_document(data))
    held: dict[int, PdfValue] = {number + i: stream(crl) for i, crl in enumerate(crls)}
    data = append(data, {**held, _CATALOGUE: changed(data, _CATALOGUE, DSS={"CRLs": [Ref(num) for num in held]})})
    number += len(held)
    field: PdfDict = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": b"thoi gian",
        "Rect": [0, 0, 0, 0],
        "F": 132,
        "P": Ref(_PAGE),
        "V": Ref(number + 1),
    }
    document = read_document(data)
    fields = [*document.array(changed(data, _FORM)["Fields"]), Ref(number)]
    shown = [*document.array(changed(data, _PAGE)["Annots"]), Ref(number)]
    pending = lay_out(
        data,
        {
            number: field,
            number + 1: with_room(DOCUMENT_TIME_STAMP),
            _FORM: changed(data, _FORM, Fields=fields),
            _PAGE: changed(data, _PAGE, Annots=shown),
        },
    )
    return pending.finish(time_stamp(press, pending.digest("sha256")))


# ── traces of ours ───────────────────────────────────────────────────────────────────────────────


def _unlisted(data: bytes, value: PdfValue) -> bytes:
    """Put an object between the others and the cross-reference section, which does not list it."""
    start = data.rindex(b"xref\n", 0, data.rindex(b"startxref"))
    hidden = b"".join((b"77 0 obj\n", *_stream_bytes(value), b"\nendobj\n"))
    moved = data[:start] + hidden + data[start:]
    head, mark, _ = moved.rpartition(b"startxref\n")
    return head + mark + b"%d\n%%%%EOF\n" % (start + len(hidden))


def _stream_bytes(data: PdfValue) -> tuple[bytes, ...]:
    return b"<</Filter /FlateDecode /Length %d>>\nstream\n" % len(data), data, b"\nendstream"


def _packed(text: bytes) -> Any:
    return stream(zlib.compress(text), Filter=Name("FlateDecode"))


def _replaced(data: bytes) -> bytes:
    """Let an attached record stand in the first revision, and something else in its place in the next."""
    first = append(data, {60: _packed(_RECORD), _CATALOGUE: changed(data, _CATALOGUE, PieceInfo=Ref(60))})
    return append(first, {60: stream(b"nothing"), _CATALOGUE: changed(data, _CATALOGUE)})


def _described(data: bytes, text: bytes) -> bytes:
    metadata = stream(text, Type=Name("Metadata"), Subtype=Name("XML"))
    return append(data, {60: metadata, _CATALOGUE: changed(data, _CATALOGUE, Metadata=Ref(60))})


def _attached(data: bytes) -> bytes:
    file = {"Type": Name("Filespec"), "F": RECORD_FILE_NAME.encode(), "EF": {"F": Ref(61)}}
    return append_packed(append(data, {61: _packed(b"<other/>")}), {60: file, 62: [Ref(60)]})


def _without_signatures(data: bytes) -> bytes:
    """Save a copy of ours by another program that drops its form and packs it: another title, another record name."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for key in ("/AcroForm", "/Perms", "/DSS", "/Names", "/AF"):
            if key in pdf.Root:
                del pdf.Root[key]
        for page in pdf.pages:
            if "/Annots" in page:
                del page["/Annots"]
        pdf.save(out, recompress_flate=True, compress_streams=True, deterministic_id=True)
    return out.getvalue()


_TRACES: Final[dict[str, tuple[Change, str, str]]] = {
    "in-an-earlier-revision": (
        _replaced,
        "Dữ liệu chứng thực của ecert từng nằm trong lần lưu đầu, đã nén.",
        "A record of ours stood in the first revision, compressed.",
    ),
    "in-an-object-stream": (
        _attached,
        "Tên tệp dữ liệu chứng thực nằm trong một luồng đối tượng.",
        "The name of our record's file stands in an object stream.",
    ),
    "in-unlisted-bytes": (
        lambda d: _unlisted(d, zlib.compress(_RECORD)),
        "Dữ liệu chứng thực đã nén nằm trong phần byte không được liệt kê.",
        "A compressed record of ours stands in bytes that nothing lists.",
    ),
    "in-utf-16": (
        lambda d: _described(d, b"\xff\xfe" + _XMP.encode("utf-16-le")),
        "Siêu dữ liệu của ecert được ghi bằng UTF-16.",
        "Metadata of ours is written in UTF-16.",
    ),
    "in-hexadecimal": (
        lambda d: append(d, {60: {"Desc": b"urn:ecert:record:1".hex().encode().join((b"<", b">"))}}),
        "Không gian tên của ecert được ghi bằng số thập lục phân.",
        "Our namespace is written in hexadecimal.",
    ),
}


def _traced(change: Change) -> Make:
    return lambda press: signed_and_sealed(press, change(unsigned_page()))


def _add(name: str, verdict: Verdict, codes: tuple[Code, ...], vi: str, en: str, make: Make) -> None:
    add(Recipe(name, "foreign-file", vi, en, codes, make, verdict, with_evidence=True))


_UNDECIDED: Final[dict[str, tuple[Make, str, str]]] = {
    "other-system-copy": (
        signed_and_sealed,
        "Bản sao do hệ thống khác tạo: một người ký, cơ quan đóng dấu; không có dữ liệu chứng thực.",
        "A copy that another system made: a person signed, a body sealed; there is no record.",
    ),
    "other-system-copy-by-three": (
        lambda press: signed_and_sealed(press, people=(_signer, _seal)),
        "Bản sao do hệ thống khác tạo: một người ký, văn thư ký số và ngày, cơ quan đóng dấu.",
        "A copy that another system made, with a signature for number and date between person and seal.",
    ),
    "other-system-copy-archived": (
        lambda press: archived(press, signed_and_sealed(press)),
        "Bản sao do hệ thống khác tạo, được bổ sung dữ liệu kiểm tra và dấu thời gian lưu trữ.",
        "A copy that another system made, with validation data and an archive time-stamp after the seal.",
    ),
}
for _name, (_make, _vi, _en) in _UNDECIDED.items():
    _add(_name, "INDETERMINATE", ("other-system",), _vi, _en, _make)


def _add_sealed(name: str, codes: tuple[Code, ...], vi: str, en: str, make: Make) -> None:
    policy = "signed-and-sealed"
    add(Recipe(name, "foreign-file", vi, en, codes, make, "INDETERMINATE", policy=policy, with_evidence=True))


_add_sealed(
    "sealed-without-a-registry",
    ("registry-missing",),
    "Tài liệu của hệ thống khác có đủ chữ ký và dấu, nhưng không có danh mục cho biết họ là ai.",
    "A file of another system, signed and sealed, and no registry that says who these are.",
    lambda press: archived(press, signed_and_sealed(press)),
)
_add_sealed(
    "sealed-and-written-after",
    ("more-after-last-signature",),
    "Tài liệu của hệ thống khác được ghi thêm một đối tượng sau con dấu, kiểm tra theo người ký và con dấu.",
    "A file of another system gained an object after its seal, and is judged by who signed and sealed.",
    lambda press: append(signed_and_sealed(press), {90: form(b"0 0 1 1 re f")}),
)

_REFUSED: Final[dict[str, tuple[Make, str, str]]] = {
    "other-system-signed-alone": (
        lambda press: signed_and_sealed(press, seal=None),
        "Tệp của hệ thống khác chỉ có một người ký.",
        "A file of another system that one person alone has signed.",
    ),
    "other-system-one-key-twice": (
        lambda press: signed_and_sealed(press, seal=_signer),
        "Tệp của hệ thống khác do cùng một khóa ký hai lần.",
        "A file of another system that one key signed twice.",
    ),
    "other-system-sealed-by-a-stranger": (
        lambda press: signed_and_sealed(press, people=(_signer, _seal), seal=_stranger),
        "Tệp của hệ thống khác có hai chữ ký đúng, sau cùng là chữ ký của người không rõ là ai.",
        "A file of another system with two right signatures, and last one of somebody nobody knows.",
    ),
    "other-system-written-after-the-seal": (
        lambda press: append(signed_and_sealed(press), {90: form(b"1 g 0 0 300 40 re f")}),
        "Tệp của hệ thống khác được ghi thêm một đối tượng sau khi đóng dấu.",
        "A file of another system that gained an object after its seal.",
    ),
    "other-system-page-replaced-after-the-seal": (
        lambda press: append(signed_and_sealed(press), {_CONTENT: stream(b"1 0 0 rg 0 0 500 500 re f")}),
        "Tệp của hệ thống khác bị thay nội dung trang sau khi đóng dấu.",
        "The page of another system's file was replaced after its seal.",
    ),
    "other-system-field-named-as-ours": (
        lambda press: signed_and_sealed(press, seal_field=SEAL_FIELD.encode()),
        "Tệp không có dữ liệu chứng thực, con dấu nằm trong ô mang tên của ecert.",
        "A file without a record, sealed in a field that bears our name for it.",
    ),
    "copy-saved-and-signed-by-others": (
        lambda press: signed_and_sealed(press, _without_signatures(press.copy)),
        "Bản sao của ecert được phần mềm khác lưu lại, bỏ chữ ký và dữ liệu chứng thực, rồi được ký lại bằng hai khóa.",
        "A copy of ours, saved by another program without signatures and record, and signed anew by two keys.",
    ),
}
for _name, (_make, _vi, _en) in _REFUSED.items():
    _add(_name, "INVALID", ("record-missing",), _vi, _en, _make)
for _name, (_change, _vi, _en) in _TRACES.items():
    _add(f"trace-of-ours-{_name}", "INVALID", ("record-missing",), _vi, _en, _traced(_change))
