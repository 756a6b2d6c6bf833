"""The main path of verification: bytes, evidence, trust, policy and time in, a report out."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from ecert.errors import InputError
from ecert.formats.pades.ranges import RangeDigests
from ecert.model.evidence import Evidence
from ecert.model.files import read_head
from ecert.model.findings import Code
from ecert.model.limits import DOCUMENT_LIMITS, MAX_FILE_BYTES, DocumentLimits
from ecert.model.times import read_clock
from ecert.report import Report
from ecert.trust.store import TrustStore
from ecert.verify.additions import judge_additions
from ecert.verify.case import Case
from ecert.verify.changes import check_changes
from ecert.verify.competence import check_competence
from ecert.verify.content import check_appearances, check_content
from ecert.verify.demands import check_demands
from ecert.verify.identity import check_identity
from ecert.verify.integrity import check_integrity, read_cases
from ecert.verify.order import check_order
from ecert.verify.other_systems import is_of_another_system, policy_for_others, report_other_system
from ecert.verify.policies import Policy, get_policy
from ecert.verify.reporting import make_report
from ecert.verify.sealed import check_sealed
from ecert.verify.stream_digests import StreamDigests
from ecert.verify.structure import read_structure
from ecert.verify.validation import validate_signatures
from ecert.verify.validation.claims import check_claimed_times

_log = logging.getLogger(__name__)


def verify_copy(
    document: str | Path | bytes,
    *,
    trust: TrustStore | None = None,
    policy: str | Path | Policy = "certified-copy",
    revocation: str | None = None,
    at: datetime | None = None,
    evidence: Evidence | None = None,
    cross_check: bool = False,
) -> Report:
    """Judge a document and say why; opens no connection.

    ``document`` is a path or the file's bytes; ``trust`` the anchors (None: nobody is believed, so
    nothing can be VALID); ``policy`` certified-copy, signed-and-sealed, signatures, or the path of a policy file;
    ``at`` the time of validation (default: now, read once); ``evidence`` what counts besides what the file brings;
    ``revocation`` "require" (default) or "if-present", which makes missing revocation data a warning;
    ``cross_check`` asks pyHanko and pypdf too.
    A bad document is a result with findings, never an exception. Safe from many threads; blocks, about 20 ms for a
    copy of a few pages.

    Raises:
        InputError: the file cannot be read from disk.
        SettingsError: the anchors' own source, a bundle or list, has expired, or a policy file is refused.
        UsageError: the policy is unknown, or ``at`` has no time zone.
    """
    data, name = read_input(document)
    _, report = judge(
        data,
        policy=get_policy(policy, revocation),
        trust=trust,
        at=at,
        evidence=evidence,
        cross_check=cross_check,
        name=name,
    )
    return report


def judge(
    data: bytes,
    *,
    policy: Policy,
    trust: TrustStore | None = None,
    at: datetime | None = None,
    evidence: Evidence | None = None,
    cross_check: bool = False,
    name: str = "",
    limits: DocumentLimits = DOCUMENT_LIMITS,
) -> tuple[Case, Report]:
    """Judge bytes under a policy; return the case besides its report.

    Raises:
        SettingsError: the anchors' own source has expired.
        UsageError: ``at`` has no time zone.
    """
    now = read_clock(at)
    if trust is not None:
        trust.check_time(now)
    case = Case(data, policy, trust, Evidence() if evidence is None else evidence, now)
    digests = RangeDigests(data)
    try:
        other = _judge_as_others(case, limits, cross_check=cross_check)
        if other is not None:
            case, digests = other
        else:
            _judge(case, digests, limits, cross_check=cross_check)
    except Exception as exc:  # noqa: BLE001  a fault of ours while judging one file is a finding
        _log.error("verifier fault: %s", type(exc).__name__)
        case.add("verifier-fault", fault=type(exc).__name__)
    # the verdict is decided by the findings alone: ecert.report.tree.decide
    try:
        return case, make_report(case, digests, name)
    except Exception as exc:  # noqa: BLE001  likewise while putting it into words
        _log.error("verifier fault: %s", type(exc).__name__)
        case = Case(data, policy, trust, case.evidence, now)
        case.add("verifier-fault", fault=type(exc).__name__)
        return case, make_report(case, digests, name)


def _judge_as_others(case: Case, limits: DocumentLimits, *, cross_check: bool) -> tuple[Case, RangeDigests] | None:
    """Judge what another system made by its signatures; None: it is to be judged as a copy of ours."""
    policy = policy_for_others(case.policy, case.data)
    if policy is None:
        return None
    other = Case(case.data, policy, case.trust, case.evidence, case.at)
    digests = RangeDigests(case.data)  # of its own: what is hashed is limited, and what follows may be judged anew
    _judge(other, digests, limits, cross_check=False)
    if not is_of_another_system(other):
        return None
    if cross_check:
        _ask_others(other)
    report_other_system(other)
    other.policy = case.policy
    return other, digests


def _judge(case: Case, digests: RangeDigests, limits: DocumentLimits, *, cross_check: bool) -> None:
    # 1. structure: read strictly, account for every byte
    case.document = read_structure(case, limits)
    if case.document is None:
        return
    case.tick("structure")
    with StreamDigests(case.document, begin=case.policy.is_copy) as images:
        # 2. the signatures and what they are for
        case.signatures = read_cases(case, case.document)
        # 3. integrity: byte ranges, digests, CMS
        check_integrity(case, digests)
        # 4. order: one signer, then one seal, with the format's locks
        check_order(case)
        if case.form_is_readable:
            case.tick("signer", *(("seal", "order") if case.policy.stage != "sealed" else ()))
        # 5. changes: what later revisions may do, and did
        check_changes(case, images)
        # 6. time and trust: EN 319 102-1
        validate_signatures(case)
        judge_additions(case)
        if case.signatures:
            case.tick("integrity", "time", "trust")
        if case.policy.is_copy:
            # 7. content: record, statement, pages, PDF/A, appearances
            check_content(case, case.document, images)
            check_appearances(case, case.document)
            if case.record is not None:
                case.tick("record", "statement", "pdfa")
            if case.pictures_read:
                case.tick("pages")
            # 8. who signed, on which day, at which level
            check_identity(case)
        # what times were claimed, in the zone that the record names
        check_claimed_times(case)
        # 9. the policy's own demands, and competence by its registry
        check_demands(case)
        check_competence(case)
        # 10. signed by persons and then sealed by their body, whatever the document is
        check_sealed(case)
    if cross_check:
        _ask_others(case)


def _ask_others(case: Case) -> None:
    """11. A second opinion: pyHanko and pypdf."""
    from ecert.verify.second_opinion import ask_second_opinions

    ask_second_opinions(case)


def report_unjudged(
    data: bytes,
    code: Code,
    *,
    policy: Policy,
    trust: TrustStore | None,
    at: datetime,
    evidence: Evidence | None,
    name: str,
    **values: object,
) -> Report:
    """Return the report about a document nobody could judge: one finding says why."""
    case = Case(data, policy, trust, Evidence() if evidence is None else evidence, at)
    case.add(code, **values)
    return make_report(case, RangeDigests(data), name)


def read_input(document: str | Path | bytes, most: int = MAX_FILE_BYTES + 1) -> tuple[bytes, str]:
    """Return a document's first bytes, one more than may be judged, and its name.

    Raises:
        InputError: the file cannot be read from disk.
    """
    if isinstance(document, bytes):
        return document, ""
    path = Path(document)
    try:
        return read_head(path, most), path.name  # more is over-limit anyway
    except OSError as exc:
        raise InputError(f"cannot read {path}: {exc.strerror}", code="not-readable", hint="check the path") from exc
