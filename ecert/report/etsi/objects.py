"""The validation objects (TS 119 102-2, 4.4): what the signatures sign and rest on, each once, with an id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ecert.report.content import EvidenceKind, ReportContent, TimestampPart
from ecert.report.etsi.names import ObjectKind

#: The document itself, whatever is signed in it.
DOCUMENT = "D-0"

_LETTERS: Mapping[ObjectKind, str] = {"certificate": "C", "crl": "R", "ocsp": "R", "timestamp": "T", "data": "D"}


@dataclass(frozen=True)
class ValidationObject:
    """One object: its kind, digest, and since when it is known to exist.

    Of a time-stamp, ``timestamp`` is its row in the report and ``signed`` the number of the signature
    (from 0) that brings it.
    """

    id: str
    kind: ObjectKind
    algorithm: str
    digest: str  # hexadecimal
    since: str | None = None
    proof: str | None = None  # the id of the time-stamp that proves it
    timestamp: TimestampPart | None = None
    signed: int = -1


@dataclass
class ValidationObjects:
    """The objects of one report, in the order in which they are first referred to."""

    content: ReportContent
    found: list[ValidationObject] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take in the document, and what the report's evidence says of proofs."""
        self._ids: set[str] = set()
        self._since = {row["sha256"]: row["proven_since"] for row in self.content["evidence"]}
        self._proofs = _proofs(self.content)
        document = self.content["document"]
        self._add(ValidationObject(DOCUMENT, "data", "sha256", document["sha256"]))

    def item(self, kind: EvidenceKind, sha256: str) -> str:
        """Return the id of a certificate, CRL or OCSP answer."""
        since = self._since.get(sha256)
        return self._add(
            ValidationObject(_id(kind, sha256), kind, "sha256", sha256, since, self._proofs.get(since or ""))
        )

    def timestamp(self, row: TimestampPart, number: int) -> str:
        """Return the id of a time-stamp of signature ``number``."""
        own = _id("timestamp", row["sha256"])
        since = self._since.get(row["sha256"])
        proof = self._proofs.get(since or "")
        return self._add(
            ValidationObject(
                own, "timestamp", "sha256", row["sha256"], since, proof if proof != own else None, row, number
            )
        )

    def data(self, number: int) -> str:
        """Return the id of the bytes that signature ``number`` covers."""
        signature = self.content["signatures"][number]
        signed = signature["signed_data"]
        if signed is None:
            return DOCUMENT
        time, proof = self.best_time(number)
        return self._add(
            ValidationObject(f"D-{number + 1}", "data", signed["algorithm"], signed["digest"], time, proof)
        )

    def best_time(self, number: int) -> tuple[str, str | None]:
        """Return the best signature time (EN 319 102-1, 5.5.4) and the id of what proves it.

        Where nothing is proven it is the time of validation (step 1).
        """
        signature = self.content["signatures"][number]
        time = signature["best_signature_time"] or self.content["validation_time"]
        own = [t for t in signature["timestamps"] if t["counts"] and _proves(self.content, t) == time]
        return time, _id("timestamp", own[0]["sha256"]) if own else self._proofs.get(time)

    def _add(self, found: ValidationObject) -> str:
        if found.id not in self._ids:
            self._ids.add(found.id)
            self.found.append(found)
        return found.id


def _id(kind: ObjectKind, sha256: str) -> str:
    return f"{_LETTERS[kind]}-{sha256.upper()}"


def _proves(content: ReportContent, row: TimestampPart) -> str:
    """Return the time that a time-stamp proves: nothing is proven for later than the time of validation."""
    return min(row["proven_by"], content["validation_time"])


def _proofs(content: ReportContent) -> dict[str, str]:
    """Return time → the time-stamp that proves it; a time that two tokens name tells of neither."""
    named: dict[str, set[str]] = {}
    for signature in content["signatures"]:
        for row in signature["timestamps"]:
            if row["counts"]:
                named.setdefault(_proves(content, row), set()).add(_id("timestamp", row["sha256"]))
    return {time: next(iter(ids)) for time, ids in named.items() if len(ids) == 1}
