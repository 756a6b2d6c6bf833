"""Record, statement, pages, PDF/A: revision 0 is written again from its record and compared.

The writer is a function of the record, the image streams, the time of making and the seal's size,
so a first revision that equals its output byte for byte has the statement the record says, the
pages the record says, and is the PDF/A-3b the writer makes. Where bytes differ, the objects say
what differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from ecert.errors import EcertError, Reason, RecordError
from ecert.formats.ecert1 import NUMBERS, FirstRevision, ImageForm, StampImage
from ecert.formats.pades.fields import PdfSignature
from ecert.formats.pdf import Document, Ref, Stream
from ecert.formats.pdf.objects import as_written, same
from ecert.formats.pdf.writer import Chunk
from ecert.formats.record import CopyRecord, PageFacts, embedded_record, read_record_xml
from ecert.formats.record.fields import MAX_RECORD_BYTES
from ecert.formats.writers import writer_of
from ecert.model.findings import Code
from ecert.model.profiles import SEAL_DIAMETERS_MM
from ecert.model.roles import Role
from ecert.verify.case import Case
from ecert.verify.images import check_images
from ecert.verify.stream_digests import StreamDigests, sha256_hex

_CREATED = re.compile(rb"<xmp:CreateDate>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)</xmp:CreateDate>")


def check_content(case: Case, document: Document, digests: StreamDigests) -> None:
    """Read the record and hold the whole first revision against it."""
    case.record = _read_record(case, document)
    if case.record is not None:
        _check_first_revision(case, document, case.record, digests)


def check_appearances(case: Case, document: Document) -> None:
    """Hold the appearances of signer and seal against the record and their claimed times."""
    if case.record is None:
        return
    roles: tuple[Role, ...] = ("signer", "seal")
    for role in roles:
        for s in case.by_role(role):
            _check_appearance(case, document, role, s.signature)


def _read_record(case: Case, document: Document) -> CopyRecord | None:
    """Return the record of the first revision, or None with the finding that says why not."""
    stream = embedded_record(document)
    if not isinstance(stream, Stream):
        case.add("record-missing")
        return None
    if len(stream.data) > MAX_RECORD_BYTES:
        case.add("over-limit", what=Reason("limits.record-bytes"), limit=MAX_RECORD_BYTES)
        return None
    try:
        return read_record_xml(stream.encoded())
    except RecordError as exc:
        if exc.code == "record-too-new":
            case.add("record-too-new", version=exc.reason)
        else:
            case.add("record-malformed", reason=exc.reason, path=exc.path or None)
        return None


def _check_first_revision(case: Case, document: Document, record: CopyRecord, digests: StreamDigests) -> None:
    """Write revision 0 again and compare it with the file's."""
    writer = writer_of(record)
    found = [_image(document, num) for num in writer.image_numbers(len(record.pages))]
    streams = [s for s in found if s is not None]
    if len(streams) != len(found):
        page = found.index(None) + 1
        case.add("pages-differ", page=page, what=Reason("content.page-without-image", page=page))
        return
    images = [writer.read_image(s, lambda v: document.resolve(v, 0)) for s in streams]
    if case.is_intact:  # strangers' work is not unpacked: the verdict stands without
        case.pictures_read = True
        check_images(case, record.pages, images)  # while the digests are made
    pages = zip(record.pages, streams, images, strict=True)
    for page, (facts, stream, image) in enumerate(pages, 1):
        if digests.sha256(stream) != facts.sha256:
            what = Reason("content.another-image", page=page)
            case.add("pages-differ", page=page, what=what)
        if not _has_its_colours(facts, image):
            what = Reason("content.another-colour-profile", page=page)
            case.add("pages-differ", page=page, what=what)
    created, diameter = _created(document), _seal_diameter(document)
    if created is None or diameter is None:
        case.add("not-pdfa", what=Reason("content.metadata-unlike-format"))
        return
    try:
        expected = writer.build_first_revision(record, images, created=created, seal_diameter_mm=diameter)
    except RecordError as exc:
        code: Code = "record-too-new" if exc.code == "record-too-new" else "record-malformed"
        case.add(code, reason=exc.reason, version=exc.reason)
        return
    if not _same_bytes(document, expected.chunks):
        _explain(case, document, expected)


def _has_its_colours(facts: PageFacts, image: ImageForm) -> bool:
    """Return whether palette and own profile are those of the record."""
    pairs = ((facts.palette_sha256, image.palette), (facts.profile_sha256, image.icc))
    return all(stated is None or sha256_hex(data or b"") == stated for stated, data in pairs)


def _image(document: Document, num: int) -> Stream | None:
    found = document.view(0).get(num)
    return found.value if found and isinstance(found.value, Stream) else None


def _created(document: Document) -> datetime | None:
    found = document.view(0).get(NUMBERS.METADATA)
    if not found or not isinstance(found.value, Stream):
        return None
    stated = _CREATED.search(found.value.encoded())
    if not stated:
        return None
    try:
        return datetime.strptime(stated[1].decode(), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _seal_diameter(document: Document) -> float | None:
    """Return the seal's diameter as its field has it, in millimetres."""
    rect = document.dictionary(Ref(NUMBERS.SEAL), 0).get("Rect")
    if not isinstance(rect, list) or len(rect) != 4:
        return None
    if not all(isinstance(v, int | float) for v in rect):
        return None
    diameter = round((rect[2] - rect[0]) * 25.4 / 72, 2)
    return diameter if SEAL_DIAMETERS_MM[0] <= diameter <= SEAL_DIAMETERS_MM[1] else None


def _same_bytes(document: Document, chunks: Iterable[Chunk]) -> bool:
    """Return whether the first revision is these pieces; an image is compared by its place alone."""
    data, pos = document.data, 0
    view = memoryview(data)
    for chunk in chunks:
        end = pos + len(chunk)
        own = isinstance(chunk, memoryview) and chunk.obj is data
        if own:
            piece = view[pos:end]
            if len(piece) != len(chunk) or not _same_place(document, pos, chunk):
                return False
        elif data[pos:end] != chunk:
            return False
        pos = end
    return pos == document.revisions[0].end


def _same_place(document: Document, pos: int, chunk: Chunk) -> bool:
    """Return whether a stream taken from the file stands where the writer would put it."""
    return any(
        isinstance(o.value, Stream) and o.value.start == pos and len(o.value.data) == len(chunk)
        for o in document.revisions[0].objects.values()
    )


def _explain(case: Case, document: Document, expected: FirstRevision) -> None:
    """Report which objects of revision 0 are not what the record makes of them."""
    actual = document.revisions[0].objects
    named = False
    for num in sorted(actual.keys() | expected.objects.keys()):
        found, wanted = actual.get(num), expected.objects.get(num)
        if found is not None and wanted is not None and same(found.value, as_written(wanted)):
            continue
        named = True
        n = NUMBERS
        if num in (n.STATEMENT_PAGE, n.STATEMENT_CONTENT) or n.REGULAR_FONT <= num < n.ACRO_FORM:
            case.add("statement-differs", object=num, what=Reason("content.statement-page"))
        elif num >= n.FIRST_PAGE:
            page = (num - n.FIRST_PAGE) // 4 + 1
            case.add("pages-differ", object=num, page=page, what=Reason("content.page", page=page))
        elif num in (n.RECORD_FILE, n.RECORD_SPEC):
            case.add("record-malformed", object=num, reason=Reason("content.record-not-canonical"))
        else:
            case.add("not-pdfa", object=num, what=Reason("content.object-unlike-format", number=num))
    if not named:
        case.add("not-pdfa", what=Reason("content.revision-unlike-format"))


def _check_appearance(case: Case, document: Document, role: Role, s: PdfSignature) -> None:
    """Draw a signature's appearance again and compare it with the file's."""
    assert case.record is not None
    widget = s.field.widget
    appearances = document.dictionary(widget.get("AP"))
    ref = appearances.get("N")
    stream = document.resolve(ref)
    what = {"signer": Reason("content.appearance-signature"), "seal": Reason("content.appearance-seal")}[role]
    rect = document.array(widget.get("Rect"))
    drawn = isinstance(stream, Stream) and set(appearances) == {"N"} and len(rect) == 4
    if not drawn or s.claimed_time is None:
        case.add("statement-differs", field=s.name, what=what)
        return
    try:
        stamp_ref, stamp = _read_stamp(document, stream)
        writer = writer_of(case.record)
        content = writer.draw_appearance(role, case.record, s.claimed_time, tuple(rect), stamp)
    except (EcertError, TypeError, ValueError, ZeroDivisionError):
        case.add("statement-differs", field=s.name, what=what)
        return
    number = ref.num if isinstance(ref, Ref) else 0
    mask = _mask_number(document, stamp_ref)
    wanted = writer.appearance_objects(content, tuple(rect), stamp, form=number, image=stamp_ref, mask=mask)
    view = document.view()
    if not all(num in view and same(view[num].value, as_written(value)) for num, value in wanted.items()):
        case.add("statement-differs", field=s.name, what=what)


def _read_stamp(document: Document, form: Stream) -> tuple[int, StampImage | None]:
    """Return the number and the picture that a form paints, (0, None) where it has none."""
    resources = document.dictionary(form.dict.get("Resources"))
    ref = document.dictionary(resources.get("XObject")).get("Im")
    if ref is None:
        return 0, None
    image = document.resolve(ref)
    if not isinstance(image, Stream) or not isinstance(ref, Ref):
        raise ValueError("the picture is not an image")
    mask = document.resolve(image.dict.get("SMask"))
    width, height = image.dict.get("Width"), image.dict.get("Height")
    if type(width) is not int or type(height) is not int or width < 1 or height < 1:
        raise ValueError("the picture has no size")
    alpha = mask.data if isinstance(mask, Stream) else None
    return ref.num, StampImage(width, height, image.data, alpha)


def _mask_number(document: Document, image: int) -> int:
    found = document.view().get(image)
    mask = found.value.dict.get("SMask") if found and isinstance(found.value, Stream) else None
    return mask.num if isinstance(mask, Ref) else 0
