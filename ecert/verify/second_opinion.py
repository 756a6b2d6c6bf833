"""Ask pyHanko and pypdf what they see, and compare: structure, coverage, changes, digests.

Never trust or time: those are judged by EN 319 102-1 alone. What counts as a difference:

* a conclusion of ours that another reader does not share, where ours is the *milder* one: it sees
  other pages, fields, record or coverage, a changed byte, or a change it does not permit;
* a digest or signature value that we call wrong and pyHanko calls right: one of us miscomputes.

Where we refuse more (padding, byte accounting, form rules) nothing is said: that is on purpose.
A tool that reports damage in a file we have no error for differs too. A tool that breaks down for
another reason, or refuses a feature by its settings, was not available: a warning.
Both are asked in this process, so limits of time and memory are the sandbox's.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ecert.formats.pdf import Stream
from ecert.formats.pdfa import NUMBERS
from ecert.formats.record import RECORD_FILE_NAME
from ecert.model.indications import SubIndication
from ecert.report import decide
from ecert.trust.paths import run_now
from ecert.verify.case import Case, SignatureCase

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus

_log = logging.getLogger(__name__)
_CRYPTOGRAPHIC = (SubIndication.HASH_FAILURE, SubIndication.SIG_CRYPTO_FAILURE)
_TOOLS = ("pyhanko", "pypdf")


def ask_second_opinions(case: Case) -> None:
    """Add what pyHanko and pypdf see differently, or why they could not be asked.

    Everything they raise is a finding. Works inside a running event loop too.
    """
    if case.document is None:
        return
    _ask(case, "pypdf", _ask_pypdf)
    _ask(case, "pyHanko", _ask_pyhanko)


def _ask(case: Case, tool: str, question: Callable[[Case], None]) -> None:
    try:
        with _quietly():
            question(case)
    except ImportError as exc:
        case.find("second-opinion-unavailable", tool=tool, reason=f"{exc.name} is not installed")
    except Exception as exc:  # noqa: BLE001  whatever a tool raises is an answer
        _log.info("%s raised %s", tool, type(exc).__name__)
        _report_raised(case, tool, exc)


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep the tools' warnings and log lines, which quote the document, out of ours."""
    loggers = [logging.getLogger(name) for name in _TOOLS]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _report_raised(case: Case, tool: str, exc: Exception, field: str | None = None) -> None:
    """Damage that only the other tool sees is a difference; anything else makes it unavailable."""
    name = type(exc).__name__
    own = (f for f in case.findings if f.code != "second-opinion-differs")
    if _is_damage(exc) and decide(own) != "INVALID":
        reason = f"it calls the file damaged ({name})"
        case.find("second-opinion-differs", tool=tool, reason=reason, field=field)
    else:
        reason = f"it stopped with {name}"
        case.find("second-opinion-unavailable", tool=tool, reason=reason, field=field)


def _is_damage(exc: Exception) -> bool:
    """Tell whether an exception is a tool's word for a file that is not as it must be."""
    known = {
        ("pypdf.errors", "PdfReadError"),
        ("pypdf.errors", "PdfStreamError"),
        ("pyhanko.pdf_utils.misc", "PdfReadError"),
        ("pyhanko.sign.validation.errors", "SignatureValidationError"),
    }
    return any((c.__module__, c.__name__) in known for c in type(exc).__mro__)


def _differ(case: Case, tool: str, reason: str, field: str | None = None) -> None:
    case.find("second-opinion-differs", tool=tool, reason=reason, field=field)


# ── pypdf: pages, fields, the attached record ────────────────────────────────────────────────────


def _ask_pypdf(case: Case) -> None:
    """Compare pages, signature fields and record; pypdf does not tell revisions apart."""
    from pypdf import PdfReader

    assert case.document is not None
    reader = PdfReader(io.BytesIO(case.data), strict=False)
    pages, own_pages = len(reader.pages), sum(1 for _ in case.document.pages())
    if pages != own_pages:
        _differ(case, "pypdf", f"it sees {pages} pages, not {own_pages}")
    fields = reader.get_fields() or {}
    theirs = sorted(n for n, f in fields.items() if f.get("/FT") == "/Sig" and f.get("/V"))
    ours = sorted(s.name for s in case.signatures)
    if theirs != ours:
        _differ(case, "pypdf", f"it sees the signatures {theirs}, not {ours}")
    if case.policy.is_copy and case.record is not None:
        if list(reader.attachments) != [RECORD_FILE_NAME]:
            _differ(case, "pypdf", f"it sees the attachments {list(reader.attachments)}")
        elif reader.attachments[RECORD_FILE_NAME] != [_record_bytes(case)]:
            _differ(case, "pypdf", "it reads another record")


def _record_bytes(case: Case) -> bytes | None:
    """Return the record as the first revision holds it."""
    assert case.document is not None
    found = case.document.view(0).get(NUMBERS.RECORD_FILE)
    return found.value.encoded() if found and isinstance(found.value, Stream) else None


# ── pyHanko: structure, coverage, changes, digests ───────────────────────────────────────────────


def _ask_pyhanko(case: Case) -> None:
    """Compare every signature; pyHanko's own strict mode reads the file."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import collect_embedded_signatures

    assert case.document is not None
    reader = PdfFileReader(io.BytesIO(case.data))
    if reader.xrefs.hybrid_xrefs_present:
        reason = "it does not judge hybrid-reference files"
        case.find("second-opinion-unavailable", tool="pyHanko", reason=reason)
        return
    revisions, own_revisions = reader.xrefs.total_revisions, len(case.document.revisions)
    if revisions != own_revisions and not _is_linearized(case):
        _differ(case, "pyHanko", f"it sees {revisions} revisions, not {own_revisions}")
    embedded = {s.field_name: s for s in collect_embedded_signatures(reader)}
    theirs, ours = sorted(embedded), sorted(s.name for s in case.signatures)
    if theirs != ours:
        _differ(case, "pyHanko", f"it sees the signatures {theirs}, not {ours}")
    for s in case.signatures:
        if s.name in embedded:
            _compare_signature(case, s, embedded[s.name])


def _is_linearized(case: Case) -> bool:
    """Tell whether the first revision has two sections, which pyHanko counts as two revisions."""
    return case.document is not None and len(case.document.revisions[0].sections) > 1


def _compare_signature(case: Case, s: SignatureCase, embedded: EmbeddedPdfSignature) -> None:
    try:
        status = _status(s, embedded)
    except Exception as exc:  # noqa: BLE001  the other signatures are still compared
        _report_raised(case, "pyHanko", exc, s.name)
        return
    right = bool(status.intact and status.valid)
    if s.intact and not status.intact:
        _differ(case, "pyHanko", "it finds the signed bytes changed", s.name)
    elif s.intact and not status.valid:
        _differ(case, "pyHanko", "it finds the signature value wrong", s.name)
    elif right and s.sub_indication in _CRYPTOGRAPHIC:
        _differ(case, "pyHanko", "it finds digest and signature value right", s.name)
    if s.intact:
        _compare_coverage(case, s, status)
        _compare_changes(case, s, status)


def _status(
    s: SignatureCase, embedded: EmbeddedPdfSignature
) -> PdfSignatureStatus | DocumentTimestampStatus:
    """Let pyHanko validate a signature without a single anchor: only integrity is looked at."""
    from pyhanko.sign.validation.pdf_embedded import (
        async_validate_pdf_signature,
        async_validate_pdf_timestamp,
    )
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(trust_roots=[], allow_fetching=False)
    if s.role == "timestamp":
        return run_now(async_validate_pdf_timestamp(embedded, context))
    return run_now(async_validate_pdf_signature(embedded, context))


def _compare_coverage(
    case: Case, s: SignatureCase, status: PdfSignatureStatus | DocumentTimestampStatus
) -> None:
    _, _, second, length = s.signature.byte_range or (0, 0, 0, 0)
    wanted = "ENTIRE_FILE" if second + length == len(case.data) else "ENTIRE_REVISION"
    seen = status.coverage.name if status.coverage is not None else "nothing"
    if seen != wanted:
        _differ(case, "pyHanko", f"it finds the coverage {seen}, not {wanted}", s.name)


def _compare_changes(
    case: Case, s: SignatureCase, status: PdfSignatureStatus | DocumentTimestampStatus
) -> None:
    from pyhanko.sign.diff_analysis import ModificationLevel

    if s.changes_after == "forbidden":
        return
    level = status.modification_level
    if level is ModificationLevel.OTHER or status.docmdp_ok is False:
        name = level.name if level is not None else "unknown"
        _differ(case, "pyHanko", f"it does not permit the later changes ({name})", s.name)
