"""Draft → SignedCopy → CertifiedCopy: each step writes, then verifies what it wrote.

A stage is a value: bytes that passed every check of that stage that needs no key. The self-check runs
the public verifier's code on the final bytes and receives nothing that the writer parsed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Self, TypeVar

from ecert.capture.draft import prepare_draft
from ecert.capture.scan import Scan
from ecert.errors import EcertError, InputError, ServiceError, StageError, UsageError
from ecert.formats.appearance import Role, StampImage
from ecert.formats.pades.dss import read_dss
from ecert.formats.pdf import Document
from ecert.formats.record import CertificationRecord, CopyRecord
from ecert.model.files import write_file
from ecert.model.images import in_colour
from ecert.model.levels import DEFAULT_LEVEL, Level, at_least, check_level
from ecert.model.limits import MAX_OUTPUT_MB
from ecert.model.profiles import SEAL_DIAMETERS_MM, Profile, get_profile
from ecert.model.report import Report
from ecert.model.times import read_clock
from ecert.sign.checks import check_date, check_key, check_size
from ecert.sign.keys import SigningKey
from ecert.sign.steps import append_archive, finish_signature, lay_out_signature
from ecert.trust.client import Client
from ecert.trust.gathering import CLOCK_TOLERANCE, Gatherer
from ecert.trust.services import Services
from ecert.trust.store import TrustStore
from ecert.verify.case import Case
from ecert.verify.copy import judge
from ecert.verify.policies import CERTIFIED_COPY, DRAFT, SIGNED_COPY, Policy

S = TypeVar("S", bound="_Stage")


class SelfCheckError(EcertError):
    """What was just written does not pass its own verification: our fault, nothing is handed out."""

    default_code = "self-check-failed"

    def __init__(self, report: Report, reason: str) -> None:
        super().__init__(
            f"the result did not pass its own verification ({reason})",
            hint="nothing was written; please report this",
        )
        self.report = report


@dataclass(frozen=True)
class _Stage:
    """Bytes of one stage, with the record they hold and the report that let them pass."""

    _document: Document
    record: CopyRecord
    report: Report

    policy: ClassVar[Policy]
    title: ClassVar[str]

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a file of this stage.

        Raises:
            InputError: it cannot be read.
            StageError: it is not of this stage; the findings are named.
        """
        path = Path(path)
        try:
            return cls.from_bytes(path.read_bytes(), name=str(path))
        except OSError as exc:
            raise InputError(
                f"cannot read {path}: {exc.strerror}", code="not-readable", hint="check the path"
            ) from exc

    @classmethod
    def from_bytes(cls, data: bytes, *, name: str = "the document") -> Self:
        """Take bytes of this stage after every check that needs no key and no anchor.

        Raises:
            StageError: they are not of this stage; the findings are named.
        """
        case, report = judge(data, policy=cls.policy)
        blocking = [f for f in report.findings if f.severity in ("error", "unknown")]
        blocking = [f for f in blocking if f.check not in ("trust", "time")]
        if blocking or case.record is None or case.document is None:
            words = blocking[0].to_dict()["text"]["en"] if blocking else "it holds no record"
            raise StageError(
                f"{name} is not {cls.title}: {words}",
                hint="let ecert verify tell the whole story",
            )
        return cls(case.document, case.record, report)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what the profile would rather have otherwise: pages that are not in colour."""
        if not get_profile(self.record.profile).warn_not_colour:
            return ()
        return tuple(
            f"page {number} is not in colour"
            for number, page in enumerate(self.record.pages, 1)
            if not in_colour(page.colour, page.bits)
        )

    def to_bytes(self) -> bytes:
        """Return the PDF."""
        return self._document.data

    def write(self, path: str | Path, *, force: bool = False) -> None:
        """Write the PDF atomically; an existing file is replaced only with ``force``.

        Raises:
            InputError: the file exists, or cannot be written.
        """
        write_file(Path(path), self.to_bytes(), force=force)


class Draft(_Stage):
    """Revision 0: scanned pages, statement, record, two empty fields."""

    policy = DRAFT
    title = "a draft"


class SignedCopy(_Stage):
    """A draft that the competent person signed."""

    policy = SIGNED_COPY
    title = "a signed copy that waits for the seal"


class CertifiedCopy(_Stage):
    """A signed copy that the body sealed."""

    policy = CERTIFIED_COPY
    title = "a certified copy"


def prepare_copy(
    scan: Scan,
    record: CertificationRecord,
    *,
    profile: str | Profile | None = None,
    level: str = DEFAULT_LEVEL,
    seal_diameter_mm: float | None = None,
    max_output_mb: float = MAX_OUTPUT_MB,
    at: datetime | None = None,
) -> Draft:
    """Make a draft: the scan as PDF/A-3b with the record and its statement.

    ``level`` is the finished copy's and stands in the record as a promise.

    Raises:
        RecordError: the record does not fit the scan or cannot be printed.
        InputError: a page is below the profile's floor, or the file would be too large.
    """
    chosen = get_profile(profile)
    now = read_clock(at)
    diameter = chosen.seal_diameter_mm if seal_diameter_mm is None else seal_diameter_mm
    low, high = SEAL_DIAMETERS_MM
    if not low <= diameter <= high:
        raise UsageError(f"a seal of {diameter:g} mm is not within {low:g} to {high:g} mm")
    prepared = prepare_draft(
        scan, record, chosen, check_level(level), seal_diameter_mm=diameter, at=now
    )
    check_size(len(prepared.data), max_output_mb)
    return _verified(Draft, prepared.data, trust=None, level="B-B", at=now)


def sign_copy(
    draft: Draft,
    signer: SigningKey,
    *,
    trust: TrustStore | None = None,
    services: Services | None = None,
    image: bytes | str | Path | None = None,
    max_output_mb: float = MAX_OUTPUT_MB,
    at: datetime | None = None,
) -> SignedCopy:
    """Let the competent person sign: DocMDP P=2, time-stamped from B-T up.

    Raises:
        SigningKeyError: the key's certificate may not sign this copy now.
        ServiceError: a service did not give what the level needs; the step may be repeated.
    """
    if not isinstance(draft, Draft):
        raise UsageError("sign_copy takes a Draft", hint="open it with Draft.open(path)")
    data = _write_signature(
        draft, "signer", signer, draft.record.level, trust, services, image, max_output_mb, at
    )
    reached = _step_level(draft.record.level)
    return _verified(SignedCopy, data, trust=trust, level=reached, at=at)


def seal_copy(
    signed: SignedCopy,
    seal: SigningKey,
    *,
    level: str | None = None,
    trust: TrustStore | None = None,
    services: Services | None = None,
    image: bytes | str | Path | None = None,
    max_output_mb: float = MAX_OUTPUT_MB,
    at: datetime | None = None,
) -> CertifiedCopy:
    """Let the body seal, then add validation data and archive time-stamp as the level asks.

    ``level`` may stay below the record's promise for now.

    Raises:
        SigningKeyError: the key's certificate may not seal this copy now.
        ServiceError: a service did not give what the level needs; the step may be repeated.
    """
    if not isinstance(signed, SignedCopy):
        raise UsageError(
            "seal_copy takes a SignedCopy", hint="the signer signs first: sign_copy(draft, key)"
        )
    target = check_level(level) if level else signed.record.level
    if at_least(target, signed.record.level) and target != signed.record.level:
        raise UsageError(
            f"the record promises {signed.record.level}, not {target}",
            hint="prepare the copy with the higher level",
        )
    try:
        data = _write_signature(
            signed, "seal", seal, target, trust, services, image, max_output_mb, at
        )
        if at_least(target, "B-LT"):
            assert trust is not None
            data = append_archive(
                data, trust, services or Services.offline(), _clock(at), timestamp=target == "B-LTA"
            )
    except ServiceError as exc:
        lower = "B-B" if target == "B-T" else "B-T or B-B"
        exc.hint = (
            f"repeat the step; or seal at level {lower} for now, keep the signed copy, "
            "and seal it again at the full level later"
        )
        raise
    check_size(len(data), max_output_mb)
    return _verified(CertifiedCopy, data, trust=trust, level=target, at=at)


def _write_signature(
    stage: _Stage, role: Role, key: SigningKey, level: Level, trust: TrustStore | None,
    services: Services | None, image: bytes | str | Path | None, max_output_mb: float,
    at: datetime | None,
) -> bytes:  # fmt: skip
    """Check everything, then begin → the key signs → finish."""
    now = read_clock(at)
    record = stage.record
    if at_least(level, "B-LT") and trust is None:
        raise UsageError(
            f"level {level} needs trust anchors", hint="pass trust=TrustStore.from_folder(…)"
        )
    timestamped = at_least(level, "B-T")
    services = services or Services.offline()
    if timestamped and not services.timestamps:
        raise UsageError(
            f"level {level} needs a time-stamp service",
            hint="name one under [[services.timestamp]], or choose level B-B",
        )
    gatherer = Gatherer(trust, services, _clock(at), read_dss(stage._document)) if trust else None
    if role == "signer":
        check_date(record, get_profile(record.profile), now)
    check_key(key, role, record, level, gatherer, now)
    stamp = _stamp(image)
    laid_out = lay_out_signature(
        stage._document, role, record, key, now, stamp, timestamped=timestamped
    )
    check_size(laid_out.pending.size, max_output_mb)
    client = gatherer.client if gatherer else Client(services)
    value = key.sign(laid_out.to_be_signed)
    return finish_signature(laid_out, key, value, services if timestamped else None, client)


def _stamp(image: bytes | str | Path | None) -> StampImage | None:
    if image is None:
        return None
    if isinstance(image, bytes):
        return StampImage.from_file(image, name="given")
    try:
        return StampImage.from_file(Path(image).read_bytes(), name=str(image))
    except OSError as exc:
        raise InputError(f"cannot read the image {image}: {exc.strerror}") from exc


def _clock(at: datetime | None) -> Callable[[], datetime]:
    return lambda: read_clock(at)


def _step_level(level: Level) -> Level:
    """Return what a signature alone can reach: B-B, or B-T from there up."""
    return "B-T" if at_least(level, "B-T") else "B-B"


def _verified(
    stage: type[S], data: bytes, *, trust: TrustStore | None, level: Level, at: datetime | None
) -> S:
    """Verify what was written, as far as the level must prove it; hand it out or raise.

    A service's clock may be a little ahead of ours: then the second look is from then.

    Raises:
        SelfCheckError: it does not pass.
    """
    proves_all = at_least(level, "B-LT")
    policy = replace(
        stage.policy,
        revocation="require" if proves_all else "if-present",
        require_trust=trust is not None,
    )
    now = read_clock(at)
    for moment in (now, now + CLOCK_TOLERANCE):
        case, report = judge(data, policy=policy, trust=trust, at=moment)
        blocking = [
            f.code
            for f in report.findings
            if f.severity in ("error", "unknown") or f.code == "unusual-structure"
            if trust is not None or f.check != "trust"
        ]
        if stage is not Draft and not _reaches(case, level, trusted=trust is not None):
            blocking.append(f"level {level} is not reached")
        if not blocking and case.record is not None and case.document is not None:
            return stage(case.document, case.record, report)
    raise SelfCheckError(report, ", ".join(blocking))


def _reaches(case: Case, level: Level, *, trusted: bool) -> bool:
    """Tell whether a level is reached; without anchors, whether everything it needs is there."""
    if trusted:
        return case.reached is not None and at_least(case.reached, level)
    signed = [s for s in case.signatures if s.role != "timestamp"]
    return level == "B-B" or all(s.timestamps for s in signed)
