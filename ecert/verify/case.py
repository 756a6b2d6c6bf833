"""One document under judgement: what the steps of :func:`~ecert.verify.copy.verify_copy` hand on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from ecert.errors import Reason
from ecert.formats.pades.cms import SignedMessage, TimestampToken
from ecert.formats.pades.fields import PdfSignature
from ecert.formats.pdf import Document
from ecert.formats.record import CopyRecord
from ecert.model.evidence import Evidence
from ecert.model.findings import Check, Code, Found
from ecert.model.indications import Indication, SubIndication
from ecert.model.levels import Level
from ecert.model.profiles import utc_offset_of
from ecert.model.roles import Role, SignatureRole
from ecert.model.times import CLOCK_TOLERANCE, local_day
from ecert.trust.paths import CertificatePath
from ecert.trust.revocation import RevocationStatus
from ecert.trust.store import TrustStore
from ecert.verify.policies import Policy

if TYPE_CHECKING:
    from ecert.verify.changes.placement import PlacedField
    from ecert.verify.validation.proofs import Proofs


@dataclass(frozen=True, order=True)
class ProofLimit:
    """When what the file proves comes to its end, and by what: a renewal is due before."""

    until: datetime
    kind: Literal["certificate", "algorithm"]
    name: str

    @property
    def reason(self) -> Reason:
        """Return why the proof ends then."""
        if self.kind == "algorithm":
            return Reason("time.algorithm-ends", name=self.name)
        return Reason("time.certificate-ends", name=self.name)


@dataclass
class TimestampCase:
    """One time-stamp token and what became of it."""

    kind: Literal["signature", "document"]
    token: TimestampToken
    counts: bool = False
    sub_indication: SubIndication | None = None
    path: CertificatePath | None = None
    revocation: list[RevocationStatus] = field(default_factory=list)


@dataclass(frozen=True)
class RevisionHistory:
    """What one revision did: the fields it signed, how many objects it wrote anew or removed.

    ``replaced`` are the numbers of objects of before that it gave another value.
    """

    index: int
    start: int
    end: int
    signed: tuple[str, ...]
    added: int
    replaced: tuple[int, ...]
    removed: int


@dataclass(frozen=True)
class PageHistory:
    """A page of a copy that a later revision touched: digests of what it showed when, and shows now."""

    page: int
    at_signer: str
    at_seal: str | None
    now: str


@dataclass
class SignatureCase:
    """One signature or document time-stamp under judgement."""

    signature: PdfSignature
    role: SignatureRole
    message: SignedMessage | None = None
    intact: bool = False
    indication: Indication = Indication.INDETERMINATE
    sub_indication: SubIndication | None = None
    timestamps: list[TimestampCase] = field(default_factory=list)
    path: CertificatePath | None = None
    revocation: list[RevocationStatus] = field(default_factory=list)
    best_signature_time: datetime | None = None
    level: Level | None = None
    changes_after: Literal["none", "permitted", "forbidden"] = "none"

    @property
    def name(self) -> str:
        """Return the field's name."""
        return self.signature.name

    @property
    def signing_role(self) -> Role | None:
        """Return what a copy's signer or seal acts as; None: any other signature."""
        return self.role if self.role == "signer" or self.role == "seal" else None

    @property
    def certificate(self) -> bytes:
        """Return the signer's certificate (DER); only where the message was read and brings it."""
        assert self.message is not None
        assert self.message.signer_certificate is not None
        return self.message.signer_certificate

    @property
    def revision(self) -> int:
        """Return the index of the revision that wrote the signature."""
        return self.signature.revision

    def fail(self, sub_indication: SubIndication) -> None:
        """Set TOTAL-FAILED, the first reason stays."""
        if self.indication is not Indication.TOTAL_FAILED:
            self.indication, self.sub_indication = Indication.TOTAL_FAILED, sub_indication

    def doubt(self, sub_indication: SubIndication) -> None:
        """Set INDETERMINATE with a reason, unless it failed already."""
        if self.indication is not Indication.TOTAL_FAILED and self.sub_indication is None:
            self.indication, self.sub_indication = Indication.INDETERMINATE, sub_indication


@dataclass
class Case:
    """Everything known about the document so far; the findings grow step by step."""

    data: bytes
    policy: Policy
    trust: TrustStore | None
    evidence: Evidence
    at: datetime
    findings: list[Found] = field(default_factory=list)
    document: Document | None = None
    form_is_readable: bool = True  # otherwise nobody can say what is signed
    signatures: list[SignatureCase] = field(default_factory=list)
    record: CopyRecord | None = None
    pictures_read: bool = False  # the stored pictures were looked into
    reached: Level | None = None
    placed: list[PlacedField] = field(default_factory=list)
    #: revisions whose signers added an element of their widget to the structure tree
    tagged_in: set[int] = field(default_factory=set)
    revisions: list[RevisionHistory] = field(default_factory=list)
    page_histories: list[PageHistory] = field(default_factory=list)
    proofs: Proofs | None = None
    proof_limits: list[ProofLimit] = field(default_factory=list)
    #: checks that were made; no other can pass
    checked: set[Check] = field(default_factory=set)

    @property
    def known_by(self) -> datetime:
        """Return what evidence may have been made by: ``at``, by a clock that may differ from ours."""
        return self.at + CLOCK_TOLERANCE

    def tick(self, *checks: Check) -> None:
        """Note checks that were made, those left out by the policy excepted."""
        self.checked |= set(checks) - set(self.policy.not_checked)

    def add(self, code: Code, /, **values: object) -> None:
        """Add a finding; keys that name a place go to ``where``, the rest to its values."""
        places = ("field", "page", "object", "revision", "offset", "path")
        where = {k: v for k, v in values.items() if k in places and v is not None}
        rest = {k: v for k, v in values.items() if k not in places}
        self.findings.append(Found(code, where, rest))

    def is_proven(self, s: SignatureCase) -> bool:
        """Return whether anything proves when a signature existed."""
        return self.proofs is not None and self.proofs.proves(s.revision)

    def office_day(self, time: datetime) -> date:
        """Return the calendar day of a time where the record's profile is in force."""
        return local_day(time, self.utc_offset_hours)

    def signing_days(self, s: SignatureCase) -> tuple[date, ...]:
        """Return the day that a signature claims, if it is earlier than the one it is proven by, and that one.

        Without a proof that is the day of validation.
        """
        proven = self.office_day(s.best_signature_time or self.at)
        claimed = s.signature.claimed_time
        if claimed is None or self.office_day(claimed) >= proven:
            return (proven,)
        return (self.office_day(claimed), proven)

    @property
    def utc_offset_hours(self) -> int:
        """Return the zone of the office that the record's profile is for."""
        return utc_offset_of(self.record.profile if self.record else None)

    @property
    def proof_limit(self) -> ProofLimit | None:
        """Return what ends the proof first; None: nothing proves anything, or nothing ends it."""
        return min(self.proof_limits, default=None)

    def by_role(self, role: SignatureRole) -> list[SignatureCase]:
        """Return the signatures of a role, oldest first."""
        return [s for s in self.signatures if s.role == role]

    @property
    def is_intact(self) -> bool:
        """Return whether somebody signed and every signature is intact; a draft needs none."""
        if self.policy.stage == "draft":
            return True
        return bool(self.signed) and all(s.intact for s in self.signed)

    @property
    def signed(self) -> list[SignatureCase]:
        """Return what persons and bodies signed, oldest first: document time-stamps are left out."""
        return [s for s in self.signatures if s.role != "timestamp"]
