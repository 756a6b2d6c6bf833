"""From a scan and a record to revision 0: checks, the copy's record, the PDF/A gate."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from ecert.capture.scan import Scan
from ecert.errors import InputError, Reason, RecordError
from ecert.formats.ecert1 import ImageForm, StampImage
from ecert.formats.pdfa import check_pdfa
from ecert.formats.record import CertificationRecord, CopyRecord, PageFacts
from ecert.formats.record.fields import FORMAT
from ecert.formats.writers import writer_of
from ecert.model.levels import Level
from ecert.model.profiles import Profile
from ecert.model.times import local_day


@dataclass(frozen=True)
class PreparedDraft:
    """Revision 0 and the record it holds; not yet verified."""

    data: bytes
    record: CopyRecord


def prepare_draft(
    scan: Scan, record: CertificationRecord, profile: Profile, level: Level, *, seal_diameter_mm: float, at: datetime
) -> PreparedDraft:
    """Write revision 0 of a copy.

    Raises:
        RecordError: the record does not fit the scan, lies in the future, or cannot be printed.
        InputError: a page is below the profile's floor, or the result would not be PDF/A.
    """
    _check_resolution(scan, profile)
    copy = _complete_record(scan, record, profile, level, at)
    _check_appearances(copy, seal_diameter_mm, at)
    forms = [ImageForm.of(page) for page in scan.pages]
    _pass_gate(copy, forms, seal_diameter_mm, at)
    revision = writer_of(copy).build_first_revision(copy, forms, created=at, seal_diameter_mm=seal_diameter_mm)
    return PreparedDraft(revision.to_bytes(), copy)


def _check_appearances(copy: CopyRecord, seal_diameter_mm: float, at: datetime) -> None:
    """Draw what signer and seal will show, so that a text too long is refused now, not at their desks."""
    writer, picture = writer_of(copy), StampImage(1, 1, b"", None)
    for stamp in (None, picture):
        writer.draw_appearance("signer", copy, at, writer.signature_rect(), stamp)
        writer.draw_appearance("seal", copy, at, writer.seal_rect(seal_diameter_mm), stamp)


def _pass_gate(copy: CopyRecord, forms: list[ImageForm], seal_diameter_mm: float, at: datetime) -> None:
    """Refuse what would not be PDF/A-3b.

    Pages that differ in nothing but size and samples are written alike, so one of each kind stands
    for all: the gate reads dictionaries, not samples, and the sizes were checked with the scan.
    """
    kinds: dict[PageFacts, int] = {}
    for index, facts in enumerate(copy.pages):
        kinds.setdefault(replace(facts, width=1, height=1, dpi_x=1, dpi_y=1, sha256=""), index)
    chosen = list(kinds.values())
    few = replace(copy, pages=tuple(copy.pages[i] for i in chosen))
    gated = writer_of(copy).build_first_revision(
        few, [forms[i] for i in chosen], created=at, seal_diameter_mm=seal_diameter_mm, for_gate=True
    )
    has_jpx = any(page.encoding == "JPXDecode" for page in copy.pages)
    faults = check_pdfa(gated.to_bytes(), has_jpx=has_jpx)
    if faults:
        raise InputError(
            f"the copy would not be PDF/A: {faults[0]}",
            code="not-pdfa",
            hint="scan the page again, or convert it to PNG or JPEG without a colour profile",
        )


def _check_resolution(scan: Scan, profile: Profile) -> None:
    """Refuse pages below the profile's floor (never raised by scaling: the scan is what it is)."""
    for number, page in enumerate(scan.pages, 1):
        lowest = min(page.dpi)
        if profile.min_dpi is not None and lowest < profile.min_dpi:
            raise InputError(
                f"page {number} ({page.source or 'bytes'}) has {lowest:g} dpi, "
                f"the profile {profile.id} asks for {profile.min_dpi}",
                code="resolution-too-low",
                hint=f"scan the page again at {profile.min_dpi} dpi or more",
            )


def _complete_record(
    scan: Scan, record: CertificationRecord, profile: Profile, level: Level, at: datetime
) -> CopyRecord:
    """Add what only ``prepare_copy`` may say: id, template, level, the facts of every page."""
    if record.original.pages != len(scan.pages):
        raise RecordError(
            Reason("record.scan-pages", stated=record.original.pages, count=len(scan.pages)),
            path="original.pages",
            code="pages-differ",
            hint="scan the whole original, or count its pages again",
        )
    today = local_day(at, profile.utc_offset_hours)
    if record.date > today:
        raise RecordError(Reason("record.in-the-future-today", date=str(record.date), today=str(today)), path="date")
    if record.original.date is not None and record.original.date > today:
        raise RecordError(Reason("record.in-the-future", date=str(record.original.date)), path="original.date")
    record = replace(record, id=record.id or str(uuid.uuid4()))
    assert record.id is not None
    return CopyRecord(
        format=FORMAT,
        profile=profile.id,
        language=profile.language,
        level=level,
        id=record.id,
        template=profile.template,
        certification=record,
        pages=tuple(PageFacts.of(page) for page in scan.pages),
    )
