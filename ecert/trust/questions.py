"""Gather evidence for a document over the network, apart from judging it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ecert.errors import InputError
from ecert.model.evidence import Evidence
from ecert.model.files import read_head
from ecert.model.limits import MAX_INPUT_BYTES
from ecert.model.times import read_clock
from ecert.trust.gathering import Gatherer
from ecert.trust.inquiry import Inquiry, read_inquiry
from ecert.trust.services import Services
from ecert.trust.store import TrustStore


def gather_evidence(
    document: str | Path | bytes,
    services: Services,
    *,
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    at: datetime | None = None,
) -> Evidence:
    """Fetch what judging a document may lean on: issuers, OCSP answers, CRLs; judge nothing.

    Only addresses in certificates of the document are asked, within the bounds of ``services``; about those
    who signed and sealed also where the document brings data, for they may have been revoked since.
    ``evidence`` is what is at hand already, ``trust`` spares questions above its anchors. What is
    returned belongs into :func:`~ecert.verify_copy`'s ``evidence``; its ``attempts`` tell who was asked
    and what became of it. A document that cannot be read gives no evidence. Safe from many threads, which should
    share ``services``; blocks while the network is waited for.

    Raises:
        InputError: the file cannot be read from disk.
        UsageError: ``at`` has no time zone.
    """
    now = read_clock(at)
    inquiry = read_inquiry(_read(document))
    return gather_for(inquiry, services, trust=trust, evidence=evidence, at=now)


def gather_for(
    inquiry: Inquiry | None, services: Services, *, trust: TrustStore | None, evidence: Evidence | None, at: datetime
) -> Evidence:
    """Ask what an inquiry is about; the document has been read, here or in the sandbox."""
    given = Evidence() if evidence is None else evidence
    if inquiry is None:
        return given
    known = given + inquiry.known
    gatherer = Gatherer(trust, services, lambda: at, known)
    for question in inquiry.questions:
        with suppress(ValueError):  # verification says what is wrong with its certificate
            signs = question.role != "timestamp"
            gatherer.look_up(question.certificate, question.others, anew=signs)
    fetched = gatherer.evidence - known
    asked = tuple(gatherer.client.attempts)
    return given + Evidence(fetched.certificates, fetched.ocsps, fetched.crls, asked)


def _read(document: str | Path | bytes) -> bytes:
    if isinstance(document, bytes):
        return document
    try:
        return read_head(Path(document), MAX_INPUT_BYTES + 1)
    except OSError as exc:
        raise InputError(f"cannot read {document}: {exc.strerror}", code="not-readable", hint="check the path") from exc
