"""pyHanko as a verifier: asked about every signature and document time-stamp, as a careful user would."""

from __future__ import annotations

import asyncio
import io
import logging
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from asn1crypto import crl, ocsp
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from ecert.testing import Specimen
from tests.judged.opinions import Opinion

if TYPE_CHECKING:
    from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus

    Status = PdfSignatureStatus | DocumentTimestampStatus


def ask_pyhanko(specimen: Specimen) -> Opinion:
    """Ask pyHanko, with revocation data demanded; the file's own, and what comes with it.

    Accepted is a file where every signature's bottom line is true and every document time-stamp
    holds: pyHanko's judgement on later changes is part of that.
    """
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it logs what it also raises
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return asyncio.run(_ask(specimen))
        except (PdfError, SignatureValidationError):
            return Opinion("refuses", "does not read it")
        except Exception as exc:  # noqa: BLE001  whatever a hostile file makes it raise
            return Opinion("cannot say", type(exc).__name__)


async def _ask(specimen: Specimen) -> Opinion:
    reader = PdfFileReader(io.BytesIO(specimen.data))
    signatures = reader.embedded_signatures
    if not signatures:
        return Opinion("sees none")
    doubts: list[str] = []
    for embedded in signatures:
        context = _context(specimen, reader)
        if embedded.sig_object.get("/SubFilter") == "/ETSI.RFC3161":
            stamp = await async_validate_pdf_timestamp(embedded, context)
            holds = stamp.intact and stamp.valid and stamp.trusted
            doubts += [] if holds and not _doubts(stamp) else _doubts(stamp) or ["not trusted"]
        else:
            status = await async_validate_pdf_signature(embedded, context)
            doubts += [] if status.bottom_line else _doubts(status) or ["bottom line"]
    return Opinion("refuses", ", ".join(sorted(set(doubts)))) if doubts else Opinion("accepts")


def _doubts(status: Status) -> list[str]:
    """Return in which respects a signature does not hold."""
    level = status.modification_level
    found: Iterable[tuple[bool, str]] = (
        (not status.intact, "signed bytes changed"),
        (status.intact and not status.valid, "signature value"),
        (status.valid and not status.trusted, "not trusted"),
        (status.coverage < SignatureCoverageLevel.ENTIRE_REVISION, "coverage"),
        (level is ModificationLevel.OTHER or status.docmdp_ok is False, "later changes"),
    )
    return [words for holds, words in found if holds]


def _context(specimen: Specimen, reader: PdfFileReader) -> ValidationContext:
    """Return whom to trust and when, with the validation data of the file or of the specimen."""
    conditions: dict[str, Any] = {
        "trust_roots": [Certificate.load(c.public_bytes(Encoding.DER)) for c in specimen.anchors],
        "moment": specimen.at,
        "allow_fetching": False,
        "revocation_mode": "require",
        "ocsps": [ocsp.OCSPResponse.load(der) for der in specimen.evidence.ocsps],
        "crls": [crl.CertificateList.load(der) for der in specimen.evidence.crls],
    }
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(conditions)
    except NoDSSFoundError:
        return ValidationContext(**conditions)
