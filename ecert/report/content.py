"""The report's tree, version 1, as types: what stands under each key of docs/reference/report.md.

A part is named after its definition in ``report-1.schema.json``: ``touched_page`` is :class:`TouchedPagePart`. A test
holds keys and values against the schema, both ways. All values are plain: what ``json`` reads back is the same tree.
Texts of documents, such as names, are a forger's until the verdict is VALID.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from ecert.model.findings import Check, Severity
from ecert.model.languages import Lang
from ecert.model.levels import Level
from ecert.model.roles import SignatureRole

Verdict = Literal["VALID", "INVALID", "INDETERMINATE"]
#: how a check ended; ``not-checked`` where there was nothing to check, or the judgement ended before
CheckStatus = Literal["pass", "fail", "unknown", "not-checked"]
#: of a signature as a whole (EN 319 102-1, 5.1.3, table 5)
SignatureIndication = Literal["TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE"]
#: of a time-stamp, which is validated as a building block (EN 319 102-1, 5.4)
TimestampIndication = Literal["PASSED", "FAILED", "INDETERMINATE"]
EvidenceKind = Literal["certificate", "crl", "ocsp", "timestamp"]
#: a sentence in both languages
WordsPart = dict[Lang, str]


class GeneratorPart(TypedDict):
    """The software that judged."""

    name: str
    version: str


class ProofLimitPart(TypedDict):
    """What ends the proof."""

    kind: Literal["certificate", "algorithm"]
    name: str
    text: WordsPart


class DocumentPart(TypedDict):
    """The file that was judged; ``size`` in bytes, ``pages`` None where it cannot be read."""

    name: str
    size: int
    sha256: str
    pages: int | None


class RequirePart(TypedDict, total=False):
    """What must be there beyond what the policy it is based on asks."""

    level: Level
    archive_timestamp: bool
    signatures: int
    fields: list[str]
    no_added_fields: bool
    roles: list[str]
    pdfa: bool
    profiles: list[str]


class PermittedAlgorithmsPart(TypedDict, total=False):
    """What signatures, and certificates on their paths, may be made with; ``rsa_bits`` at least."""

    digests: list[str]
    signatures: list[str]
    curves: list[str]
    rsa_bits: int


class AgesPart(TypedDict, total=False):
    """How many days may lie between two moments."""

    seal_days: int
    copy_days: int
    revocation_days: int


class RegistryPart(TypedDict):
    """Which register of bodies and certifiers was asked, and the days for which it speaks."""

    id: str
    version: str
    sha256: str
    valid_from: str | None
    valid_to: str | None


class SettingsPart(TypedDict, total=False):
    """What a policy demands; other policies may have other keys."""

    stage: Literal["draft", "signed", "certified", "sealed"] | None
    revocation: Literal["require", "if-present"]
    require_trust: bool
    based_on: str
    require: RequirePart
    algorithms: PermittedAlgorithmsPart
    ages: AgesPart
    severities: dict[str, Severity]
    registry: RegistryPart


class PolicyPart(TypedDict):
    """What was asked of the document."""

    id: str
    version: str
    sha256: str
    settings: SettingsPart


class TrustPart(TypedDict):
    """Whom was believed; ``id`` None where nobody was."""

    id: str | None
    sha256: str


class OriginalPart(TypedDict):
    """The paper that was copied, as the record describes it."""

    title: str
    pages: int
    kind: NotRequired[str]
    number: NotRequired[str]
    issuer: NotRequired[str]
    date: NotRequired[str]


class BodyPart(TypedDict):
    """The certifying body, and what the seal's certificate calls it; None without an intact seal."""

    name: str
    parent: NotRequired[str]
    identifiers: NotRequired[list[str]]
    certificate_name: str | None
    certificate_parent: str | None
    names_agree: bool | None


class DelegationPart(TypedDict):
    """The decision by which a certifier acts for another, and its days, both included."""

    decision: str
    scope: str
    valid_from: str
    valid_to: str


class CertifierPart(TypedDict):
    """Who certified, and what the signer's certificate calls that person; None without an intact signature."""

    name: str
    certificate_name: str | None
    names_agree: bool | None
    title: str
    capacity: Literal["head", "deputy", "delegated", "notary", "consular"]
    legal_basis: NotRequired[str]
    delegation: NotRequired[DelegationPart]


class PagePart(TypedDict):
    """One scanned page: ``width`` and ``height`` in pixels, digests of the stored streams."""

    width: int
    height: int
    dpi_x: float
    dpi_y: float
    orientation: int
    colour: Literal["grey", "rgb", "cmyk", "indexed"]
    bits: int
    encoding: Literal["DCTDecode", "FlateDecode", "JPXDecode"]
    inverted: bool
    predictor: bool
    black_is_1: bool
    reencoded: bool
    alpha_flattened: bool
    sha256: str
    palette_sha256: NotRequired[str]
    profile_sha256: NotRequired[str]


class CopyPart(TypedDict):
    """What the attached record says: claimed, until the verdict is VALID."""

    stage: Literal["draft", "signed", "certified"]
    id: str
    replaces: list[str]
    format: str
    profile: str
    level: Level
    number: int
    book: str
    series: str
    date: str
    original: OriginalPart
    body: BodyPart
    certifier: CertifierPart
    pages: list[PagePart]


class CertificatePart(TypedDict):
    """A certificate; None for what cannot be read of it."""

    name: str
    organization: str | None
    subject: str | None
    issuer: str | None
    serial: str | None
    sha256: str
    identifiers: list[str]
    not_before: str | None
    not_after: str | None


class RevocationPart(TypedDict):
    """Whether a certificate was revoked, and what says so; ``reason`` as RFC 5280, 5.3.1 names it."""

    status: Literal["good", "revoked", "on-hold", "stale", "missing", "not-needed"]
    source: Literal["ocsp", "crl"] | None
    this_update: str | None
    next_update: str | None
    revoked_at: str | None
    reason: str | None
    sha256: str | None


class LinkPart(TypedDict):
    """One certificate of a path, which ends at the anchor."""

    subject: str
    sha256: str
    anchor: bool
    revocation: RevocationPart


class AlgorithmsPart(TypedDict):
    """The algorithms of a signature, ``key_size`` in bits; None where it cannot be read."""

    digest: str | None
    signature: str | None
    key_size: int | None


class TimestampPart(TypedDict):
    """A time-stamp token (RFC 3161)."""

    kind: Literal["signature", "document"]
    authority: str
    time: str
    proven_by: str  # the time and the accuracy that the token states
    counts: bool
    indication: TimestampIndication
    sub_indication: str | None
    sha256: str
    certificate: CertificatePart | None
    chain: list[LinkPart]
    algorithms: AlgorithmsPart


class DigestPart(TypedDict):
    """A digest in hexadecimal, and its algorithm."""

    algorithm: str
    digest: str


class SignaturePart(TypedDict):
    """A signature or document time-stamp and what became of it."""

    field: str
    role: SignatureRole
    indication: SignatureIndication
    sub_indication: str | None
    level: Level | None
    certificate: CertificatePart | None
    chain: list[LinkPart]
    claimed_time: str | None
    best_signature_time: str | None
    timestamps: list[TimestampPart]
    covers: Literal["whole-file", "revision"]
    revision: int
    changes_after: Literal["none", "permitted", "forbidden"]
    algorithms: AlgorithmsPart
    sub_filter: str | None
    byte_range: list[int] | None
    signed_data: DigestPart | None
    message_digest: str | None
    names_certificate: bool
    to_be_signed: DigestPart | None
    value: str | None


class EvidencePart(TypedDict):
    """One piece of evidence, and since when it is proven to exist."""

    kind: EvidenceKind
    sha256: str
    proven_since: str


class RevisionPart(TypedDict):
    """What one revision did; ``start`` and ``end`` are offsets in bytes."""

    index: int
    start: int
    end: int
    signed: list[str]
    added: int
    replaced: list[int]
    removed: int


class TouchedPagePart(TypedDict):
    """Digests of what a page showed when."""

    page: int
    at_signer: str
    at_seal: str | None
    now: str


class HistoryPart(TypedDict):
    """How the file grew."""

    revisions: list[RevisionPart]
    pages: list[TouchedPagePart]


class AttemptPart(TypedDict):
    """One question asked over the network."""

    url: str
    outcome: str
    told_by: NotRequired[Literal["folder"]]


class WherePart(TypedDict, total=False):
    """Where in the document: ``page`` from 1, ``revision`` from 0, ``offset`` in bytes, ``path`` in the record."""

    field: str
    page: int
    object: int
    revision: int
    offset: int
    path: str


class ReasonPart(TypedDict):
    """A reason as a value; in ``values`` are texts, numbers and further reasons."""

    code: str
    values: dict[str, Any]


class RemedyPart(TypedDict):
    """What to do: for the holder of the copy, and for the desk that was handed it."""

    citizen: WordsPart
    desk: WordsPart


class FindingPart(TypedDict):
    """What a check has to say; which values there are in ``data`` depends on the code."""

    code: str
    severity: Severity
    check: Check
    where: WherePart
    data: dict[str, Any]
    reasons: dict[str, ReasonPart]
    text: WordsPart
    remedy: RemedyPart


class ReportContent(TypedDict):
    """The whole tree. Times are RFC 3339 in UTC, days ISO 8601, digests lower-case hexadecimal."""

    report_version: Literal[1]
    generator: GeneratorPart
    verified_at: str
    verdict: Verdict
    certified: bool
    cause: str | None
    summary: WordsPart
    proof_until: str | None
    proof_limit: ProofLimitPart | None
    document: DocumentPart
    policy: PolicyPart
    trust: TrustPart
    validation_time: str
    copy: CopyPart | None
    checks: dict[Check, CheckStatus]
    signatures: list[SignaturePart]
    evidence: list[EvidencePart]
    history: HistoryPart | None
    attempts: list[AttemptPart]
    findings: list[FindingPart]
