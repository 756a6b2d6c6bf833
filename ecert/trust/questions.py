"""Whose status a document's signatures lean on: signers, and the authorities of all time-stamps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ecert.errors import InputError
from ecert.formats.pades.cms import CmsFault, der_length, read_signed_data, read_timestamp
from ecert.formats.pades.dss import read_dss
from ecert.formats.pades.fields import PdfSignature, read_signatures
from ecert.formats.pdf import StructureFault, read_document
from ecert.formats.pdfa.revision0 import SEAL_FIELD, SIGNER_FIELD
from ecert.model.evidence import Evidence
from ecert.model.limits import MAX_INPUT_BYTES
from ecert.model.times import read_clock
from ecert.trust.gathering import Gatherer
from ecert.trust.services import Services
from ecert.trust.store import Role, TrustStore

_ROLES: dict[str, Role] = {SIGNER_FIELD: "signer", SEAL_FIELD: "seal"}


@dataclass(frozen=True)
class Question:
    """One end certificate; ``time`` is what its own time-stamp says, None: it has none.

    Of a time-stamp's authority ``stamped`` is when it stamped.
    """

    field: str
    certificate: bytes
    role: Role | None
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
        raise CmsFault("the signer's certificate is not in the signature")
    times = [read_timestamp(token).time for token in message.timestamps]
    yield Question(
        signature.name, message.signer_certificate, _ROLES.get(signature.name),
        message.certificates, min(times, default=None),
    )  # fmt: skip
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
        raise CmsFault("its authority's certificate is missing")
    others = token.message.certificates
    return Question(field, certificate, "timestamp", others, stamped=token.time)


def gather_evidence(
    document: str | Path | bytes,
    services: Services,
    *,
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    at: datetime | None = None,
) -> Evidence:
    """Fetch what judging a document may lean on: issuers, OCSP answers, CRLs; judge nothing.

    Only addresses in certificates of the document are asked, within the bounds of ``services``;
    ``evidence`` is what is at hand already, ``trust`` spares questions above its anchors. What is
    returned belongs into :func:`~ecert.verify_copy`'s ``evidence``; its ``attempts`` tell who was asked
    and what became of it. A document that cannot be read gives no evidence.

    Raises:
        InputError: the file cannot be read from disk.
        UsageError: ``at`` has no time zone.
    """
    now = read_clock(at)
    given = Evidence() if evidence is None else evidence
    data = _read(document)
    try:
        if len(data) > MAX_INPUT_BYTES:
            return given
        found = read_document(data)
        known = given + read_dss(found)
        signatures = read_signatures(found)
    except StructureFault:
        return given
    gatherer = Gatherer(trust, services, lambda: now, known)
    for signature in signatures:
        if signature.faults:
            continue
        try:
            for question in questions(signature):
                gatherer.look_up(question.certificate, question.others)
        except (CmsFault, ValueError):  # verification says what is wrong with it
            continue
    fetched = gatherer.evidence - known
    return Evidence.of(
        (*given.certificates, *fetched.certificates),
        (*given.ocsps, *fetched.ocsps),
        (*given.crls, *fetched.crls),
        (*given.attempts, *gatherer.client.attempts),
    )


def _read(document: str | Path | bytes) -> bytes:
    if isinstance(document, bytes):
        return document
    try:
        with Path(document).open("rb") as file:
            return file.read(MAX_INPUT_BYTES + 1)
    except OSError as exc:
        raise InputError(
            f"cannot read {document}: {exc.strerror}", code="not-readable", hint="check the path"
        ) from exc
