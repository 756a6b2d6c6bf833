"""Who signed, in a few plain values, for those who do not need the whole tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ecert.model.levels import Level
from ecert.model.roles import SignatureRole
from ecert.report.content import CertificatePart, ReportContent, SignatureIndication, SignaturePart
from ecert.report.times import read_rfc3339


@dataclass(frozen=True)
class CertificateView:
    """A certificate: ``name`` is the subject's common name; None stands for what cannot be read.

    ``subject`` and ``issuer`` are distinguished names (RFC 4514), ``serial`` and ``sha256`` hexadecimal.
    """

    name: str
    organization: str | None
    subject: str | None
    issuer: str | None
    serial: str | None
    sha256: str
    identifiers: tuple[str, ...]
    not_before: datetime | None
    not_after: datetime | None


@dataclass(frozen=True)
class SignatureView:
    """A signature of a copy and what became of it; the names are those of the report's ``signatures``.

    ``indication`` and ``sub_indication`` are those of EN 319 102-1. ``claimed_time`` is what the signature says of
    itself; ``best_signature_time`` is by when it existed (5.5.4): where nothing proves more, the time of validation;
    None where the judgement did not come so far. ``time_proven``: a time-stamp of its own counts.
    """

    field: str
    role: SignatureRole
    indication: SignatureIndication
    sub_indication: str | None
    level: Level | None
    claimed_time: datetime | None
    best_signature_time: datetime | None
    time_proven: bool
    certificate: CertificateView | None

    @property
    def name(self) -> str | None:
        """Return the name on the certificate; None where there is no certificate."""
        return self.certificate.name if self.certificate else None


def first_of_role(content: ReportContent, role: SignatureRole) -> SignatureView | None:
    """Return the oldest signature of a role, or None."""
    return next((_signature(s) for s in content["signatures"] if s["role"] == role), None)


def _signature(part: SignaturePart) -> SignatureView:
    return SignatureView(
        field=part["field"],
        role=part["role"],
        indication=part["indication"],
        sub_indication=part["sub_indication"],
        level=part["level"],
        claimed_time=_moment(part["claimed_time"]),
        best_signature_time=_moment(part["best_signature_time"]),
        time_proven=any(t["counts"] for t in part["timestamps"]),
        certificate=_certificate(part["certificate"]) if part["certificate"] else None,
    )


def _certificate(part: CertificatePart) -> CertificateView:
    return CertificateView(
        name=part["name"],
        organization=part["organization"],
        subject=part["subject"],
        issuer=part["issuer"],
        serial=part["serial"],
        sha256=part["sha256"],
        identifiers=tuple(part["identifiers"]),
        not_before=_moment(part["not_before"]),
        not_after=_moment(part["not_after"]),
    )


def _moment(text: str | None) -> datetime | None:
    return read_rfc3339(text) if text else None
