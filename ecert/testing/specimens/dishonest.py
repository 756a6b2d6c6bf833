"""The steps of an act by people who hold keys and do not keep the rules.

The product's own writing steps (:mod:`ecert.sign.steps`) are used without the checks before them and
without the self-check after them, which :mod:`ecert.stages` never leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ecert.capture.draft import prepare_draft
from ecert.capture.scan import Scan
from ecert.formats.ecert1 import ImageForm, build_first_revision
from ecert.formats.pades.cms_writer import signed_attributes
from ecert.formats.pdf import PdfValue, read_document
from ecert.formats.pdf.writer import write_revision
from ecert.formats.record import CertificationRecord, CopyRecord
from ecert.model.images import StoredImage
from ecert.model.levels import DEFAULT_LEVEL
from ecert.model.profiles import get_profile
from ecert.model.roles import Role
from ecert.sign.keys import SigningKey
from ecert.sign.steps import append_archive, finish_signature, lay_out_signature
from ecert.trust.store import TrustStore

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

Objects = dict[int, PdfValue]
#: Bytes to exchange in what a step wrote, before it is signed: old and new, of one length.
Exchange = tuple[bytes, bytes]


@dataclass(frozen=True)
class Work:
    """A copy in the making: its bytes so far and the record it is said to hold."""

    press: Press
    data: bytes
    record: CopyRecord

    def sign(self, role: Role, key: SigningKey | None = None, *, exchange: Exchange | None = None) -> Work:
        """Sign or seal with any key, time-stamped, as nobody should."""
        press = self.press
        key = key or press.office.key(role)
        laid_out = lay_out_signature(
            read_document(self.data), role, self.record, key.identity, press.now(), None, timestamped=True
        )
        if exchange is not None:
            old, new = exchange
            pending = laid_out.pending
            at = pending.increment.index(old)
            pending.increment[at : at + len(old)] = new.ljust(len(old))
            digest = pending.digest(key.scheme.digest)
            attributes = signed_attributes(digest, key.certificate, key.scheme)
            laid_out = replace(laid_out, to_be_signed=attributes)
        value = key.sign(laid_out.to_be_signed)
        return self.now(finish_signature(laid_out, value, press.office.services, press.client))

    def archive(self, *also: TrustStore) -> bytes:
        """Append validation data and the archive time-stamp; ``also`` is believed besides."""
        office = self.press.office
        trust = TrustStore.combined((office.trust, *also))
        return append_archive(self.data, trust, office.services, self.press.client, self.press.now, timestamp=True)

    def now(self, data: bytes) -> Work:
        """Return the same work with other bytes."""
        return replace(self, data=data)


def draft(
    press: Press,
    change: Callable[[Objects], object] | None = None,
    *,
    record: CertificationRecord | None = None,
    sheets: Sequence[bytes] | None = None,
    pages: Sequence[StoredImage] | None = None,
) -> Work:
    """Write a draft whose objects somebody changes before they become bytes; ``pages`` no scan has seen."""
    scan = press.scan if sheets is None else Scan.from_files(list(sheets))
    scan = scan if pages is None else Scan(tuple(pages))
    profile = get_profile(None)
    diameter, at = profile.seal_diameter_mm, press.now()
    prepared = prepare_draft(scan, record or press.record, profile, DEFAULT_LEVEL, seal_diameter_mm=diameter, at=at)
    if change is None:
        return Work(press, prepared.data, prepared.record)
    forms = [ImageForm.of(page) for page in scan.pages]
    first = build_first_revision(prepared.record, forms, created=at, seal_diameter_mm=diameter)
    objects: dict[int, Any] = dict(first.objects)
    change(objects)
    trailer = {**first.trailer, "Size": max(objects) + 1}
    return Work(press, b"".join(map(bytes, write_revision(objects, trailer))), prepared.record)


def certified(press: Press, change: Callable[[Objects], object]) -> bytes:
    """Change a draft, then let the office's own keys sign, seal and archive it."""
    return draft(press, change).sign("signer").sign("seal").archive()
