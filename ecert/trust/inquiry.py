"""Whose status a document's signatures lean on: signers, and the authorities of all time-stamps.

Here a document is read, and nobody asked: :mod:`ecert.trust.questions` asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ecert.errors import Reason
from ecert.formats.pades.cms import CmsFault, der_length, read_signed_data, read_timestamp
from ecert.formats.pades.dss import read_dss
from ecert.formats.pades.fields import PdfSignature, read_signatures
from ecert.formats.pades.old_subfilters import RSA_SHA1, read_certificates
from ecert.formats.pdf import StructureFault, read_document
from ecert.model.evidence import Evidence
from ecert.model.limits import MAX_INPUT_BYTES
from ecert.model.roles import AnchorRole, role_of_field
from ecert.trust.timestamp_tokens import with_authority


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


def questions(signature: PdfSignature, beside: Iterable[bytes] = ()) -> Iterator[Question]:
    """Yield the certificates that one signature or document time-stamp leans on.

    ``beside`` are certificates among which a time-stamp's may be that came without it.

    Raises:
        CmsFault: it cannot be read.
    """
    contents = signature.contents[: der_length(signature.contents)]
    if signature.is_timestamp:
        yield of_token(signature.name, contents, beside)
        return
    if signature.dictionary.get("SubFilter") == RSA_SHA1:
        own, *others = read_certificates(signature.dictionary.get("Cert"))
        yield Question(signature.name, own, role_of_field(signature.name), tuple(others), None)
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
    near = (*message.certificates, *beside)
    for token in message.timestamps:
        yield of_token(signature.name, token, near)


def of_token(field: str, der: bytes, beside: Iterable[bytes] = ()) -> Question:
    """Return the question about a time-stamp token's authority; its certificate may lie ``beside`` it.

    Raises:
        CmsFault: it cannot be read, or holds no certificate.
    """
    token = read_timestamp(der[: der_length(der)])
    token = next((found for c in beside if (found := with_authority(token, c)) is not None), token)
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
            for question in questions(signature, known.certificates):  # those before a fault count
                found.append(question)  # noqa: PERF402
        except (CmsFault, ValueError):  # verification says what is wrong with it
            continue
    return Inquiry(known, tuple(found))
