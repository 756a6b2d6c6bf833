"""Made once for many tests: an office with short keys, a small scan, and the stages of a copy."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property

from PIL import Image

from ecert.capture.scan import Scan
from ecert.formats.record import CertificationRecord
from ecert.stages import CertifiedCopy, Draft, SignedCopy, prepare_copy, seal_copy, sign_copy
from ecert.testing import Office


def small_page(colour: tuple[int, int, int] = (240, 235, 225), dpi: int = 200) -> bytes:
    """Return a small JPEG page above the profile's floor."""
    buffer = io.BytesIO()
    Image.new("RGB", (400, 560), colour).save(buffer, "JPEG", dpi=(dpi, dpi))
    return buffer.getvalue()


@dataclass
class Desk:
    """An office and what passes over its desks; every stage is made on first use."""

    office: Office

    @cached_property
    def scan(self) -> Scan:
        return Scan.from_files([small_page(), small_page((200, 210, 240))])

    @cached_property
    def record(self) -> CertificationRecord:
        return CertificationRecord.from_dict(self.office.record(pages=2))

    @cached_property
    def draft(self) -> Draft:
        return prepare_copy(self.scan, self.record)

    @cached_property
    def signed(self) -> SignedCopy:
        office = self.office
        return sign_copy(
            self.draft, office.key("signer"), trust=office.trust, services=office.services
        )

    @cached_property
    def copy(self) -> CertifiedCopy:
        office = self.office
        return seal_copy(
            self.signed, office.key("seal"), trust=office.trust, services=office.services
        )
