"""Whose status a document's signatures lean on: signers, and the authorities of all time-stamps.

Here a document is read, and nobody asked: :mod:`ecert.trust.questions` asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ecert.errors import Reason
from ecert.formats.pades.cms import CmsFault, der_length, read_signed_data, read_timestamp
from ecert.formats.pades.dss import read_dss
from ecert.formats.pades.fields import PdfSignature, read_signatures
from ecert.formats.pdf import StructureFault, read_document
from ecert.model.evidence import Evidence
from ecert.model.limits import MAX_INPUT_BYTES
from ecert.model.roles import AnchorRole, role_of_field


@dataclass(frozen=True)
class Question:
    """One end certificate; ``time`` is what its own time-stamp proves, None: it has none.

    Of a time-stamp's authority ``stamped`` is by when it stamped.
    """

    field: str
    certificate: bytes
    role: AnchorRole | None
    others: tuple[bytes, ...]
    time: datetime | None = None
    stamped: datetime | None = None


def questions(signature: PdfSignature) -> Iterator[Question]:
    """Yield the certificates that one signature or document time-stamp leans on.

    Raises:
        CmsFault: it cannot be read.
    """
    contents = signature.contents[: der_length(signature.contents)]
    if signature.is_timestamp:
        yield of_token(signature.name, contents)
        return
    message = read_signed_data(contents)
    if message.signer_certificate is None:
        raise CmsFault(Reason("pades.signer-certificate-missing"))
    times = [read_timestamp(token).proven for token in message.timestamps]
    yield Question(
        signature.name,
        message.signer_certificate,
        role_of_field(signature.name),
        message.certificates,
        min(times, default=None),
    )
    for token in message.timestamps:
        yield of_token(signature.name, token)


def of_token(field: str, der: bytes) -> Question:
    """Return the question about a time-stamp token's authority.

    Raises:
        CmsFault: it cannot be read, or holds no certificate.
    """
    token = read_timestamp(der[: der_length(der)])
    certificate = token.message.signer_certificate
    if certificate is None:
        raise CmsFault(Reason("trust.authority-certificate-missing"))
    others = token.message.certificates
    return Question(field, certificate, "timestamp", others, stamped=token.proven)


@dataclass(frozen=True)
class Inquiry:
    """What a document holds already, and the certificates whose status is worth asking for."""

    known: Evidence
    questions: tuple[Question, ...]


def read_inquiry(data: bytes) -> Inquiry | None:
    """Return what is to be asked about a document; None: it cannot be read, so nothing is."""
    if len(data) > MAX_INPUT_BYTES:
        return None
    try:
        document = read_document(data, foreign=True)
        known = read_dss(document)
        signatures = read_signatures(document, several_fields=True)
    except StructureFault:
        return None
    found: list[Question] = []
    for signature in signatures:
        if signature.faults:
            continue
        try:
            for question in questions(signature):  # those before a fault count
                found.append(question)  # noqa: PERF402
        except (CmsFault, ValueError):  # verification says what is wrong with it
            continue
    return Inquiry(known, tuple(found))
