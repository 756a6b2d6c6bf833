"""Who writes a copy, by the id of its format: what a format does for capture, signing, verification and report.

A copy is drawn again by the writer of its own format, for ever; a new format is a new package beside ``ecert1`` and one
row here. The types that pass between, and the object numbers that all copies have so far, are those of ``ecert1``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ecert.errors import Reason, RecordError
from ecert.formats import ecert1
from ecert.formats.ecert1 import FirstRevision, ImageForm, Rect, StampImage
from ecert.formats.pdf import PdfValue, Stream
from ecert.formats.record import CopyRecord
from ecert.model.roles import Role


class Writer(Protocol):
    """A format's package, such as :mod:`ecert.formats.ecert1`; nothing counts but what its functions are given."""

    def build_first_revision(
        self,
        record: CopyRecord,
        images: Sequence[ImageForm],
        *,
        created: datetime,
        seal_diameter_mm: float,
        for_gate: bool = False,
    ) -> FirstRevision:
        """Return revision 0."""

    def image_numbers(self, pages: int) -> list[int]:
        """Return the object numbers of the image streams, in page order."""

    def read_image(self, stream: Stream, resolve: Callable[[PdfValue], PdfValue]) -> ImageForm:
        """Return how an image stream of a copy is to be written again."""

    def statement_content(self, record: CopyRecord) -> bytes:
        """Return the content stream of the statement's page."""

    def signature_rect(self) -> Rect:
        """Return where the signature stands on it, in points."""

    def seal_rect(self, diameter_mm: float) -> Rect:
        """Return where the seal stands on it, in points."""

    def draw_appearance(
        self, role: Role, record: CopyRecord, claimed: datetime, rect: Rect, stamp: StampImage | None
    ) -> bytes:
        """Return the content stream of what a signature shows."""

    def appearance_objects(
        self, content: bytes, rect: Rect, stamp: StampImage | None, *, form: int, image: int, mask: int
    ) -> dict[int, Stream]:
        """Return the objects of what a signature shows."""


_WRITERS: Mapping[str, Writer] = {"ecert-1": ecert1}


def writer_of(record: CopyRecord) -> Writer:
    """Return what writes copies of a record's format.

    Raises:
        RecordError: nobody here writes it.
    """
    writer = _WRITERS.get(record.format)
    if writer is None:
        raise RecordError(
            Reason("record.another-format", value=f"{record.format!r}", wanted="'ecert-1'"),
            path="format",
            code="record-too-new",
        )
    return writer
