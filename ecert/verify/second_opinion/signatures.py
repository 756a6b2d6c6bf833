"""pyHanko's view of structure, coverage, changes and digests; its own strict mode reads the file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, TypeAlias

from ecert.errors import Reason
from ecert.formats.pades.algorithms import EC_PUBLIC_KEY, WITH_SHA3
from ecert.formats.pades.asn1 import set_up
from ecert.formats.pades.cms import CmsFault, read_timestamp
from ecert.formats.pades.old_subfilters import OLD_SUBFILTERS
from ecert.formats.pdf import Document
from ecert.model.indications import SubIndication
from ecert.trust.paths import run_now
from ecert.verify.additions import added_fields, certifier_of
from ecert.verify.case import Case, SignatureCase
from ecert.verify.second_opinion.asking import Tool

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus

    Status: TypeAlias = PdfSignatureStatus | DocumentTimestampStatus

_CRYPTOGRAPHIC = (SubIndication.HASH_FAILURE, SubIndication.SIG_CRYPTO_FAILURE)


def compare_signatures(tool: Tool) -> None:
    """Compare revisions, fields and every signature."""
    set_up("pyhanko.sign.validation.pdf_embedded")
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import collect_embedded_signatures

    case, document = tool.case, tool.case.document
    assert document is not None
    # in its strict mode it stops at what we let pass and tell
    reader = PdfFileReader(io.BytesIO(case.data), strict=not document.oddities)
    if reader.xrefs.hybrid_xrefs_present:
        tool.is_unavailable(Reason("opinion.hybrid-references"))
        return
    revisions, own_revisions = reader.xrefs.total_revisions, len(document.revisions)
    if revisions != own_revisions and not _is_linearized(document):
        tool.differs(Reason("opinion.revisions", theirs=revisions, ours=own_revisions))
    embedded = {s.field_name: s for s in collect_embedded_signatures(reader)}
    beyond = {s.name: reason for s in case.signatures if (reason := _beyond(s)) is not None}
    theirs = sorted(embedded.keys() - beyond)
    ours = sorted(f.name for s in case.signatures if s.name not in beyond for f in s.signature.fields)
    if theirs != ours:
        tool.differs(Reason("opinion.signatures", theirs=str(theirs), ours=str(ours)))
    for s in case.signatures:
        if s.name in beyond:
            tool.is_unavailable(beyond[s.name], s.name)
        elif s.name in embedded:
            _compare_signature(tool, s, embedded[s.name])


def _beyond(s: SignatureCase) -> Reason | None:
    """Return what in an intact signature pyHanko does not verify, or None."""
    message = s.message
    if message is None or not s.intact:
        return None
    if s.signature.dictionary.get("SubFilter") in OLD_SUBFILTERS:
        return Reason("opinion.withdrawn-sub-filter")
    if message.signature_algorithm == EC_PUBLIC_KEY or message.signature_algorithm in WITH_SHA3:
        return Reason("opinion.unknown-algorithm")
    try:
        tokens = [read_timestamp(der).message for der in message.timestamps] if s.role != "timestamp" else [message]
    except CmsFault:  # both say so of it
        return None
    if any(t.signer_certificate is None or t.signer_certificate not in t.certificates for t in tokens):
        return Reason("opinion.token-without-certificate")
    return None


def _is_linearized(document: Document) -> bool:
    """Return whether the first revision has two sections, which pyHanko counts as two revisions."""
    return len(document.revisions[0].sections) > 1


def _compare_signature(tool: Tool, s: SignatureCase, embedded: EmbeddedPdfSignature) -> None:
    try:
        status = _status(s, embedded)
    except Exception as exc:  # noqa: BLE001  the other signatures are still compared
        tool.raised(exc, s.name)
        return
    right = bool(status.intact and status.valid)
    if s.intact and not status.intact:
        tool.differs(Reason("opinion.bytes-changed"), s.name)
    elif s.intact and not status.valid:
        tool.differs(Reason("opinion.finds-signature-value-wrong"), s.name)
    elif right and s.sub_indication in _CRYPTOGRAPHIC:
        tool.differs(Reason("opinion.digest-and-value-right"), s.name)
    elif right and not s.intact:
        tool.permits(Reason("opinion.signature-well-formed"), s.name)
    if s.intact:
        _compare_coverage(tool, s, status)
        _compare_changes(tool, s, status)


def _status(s: SignatureCase, embedded: EmbeddedPdfSignature) -> Status:
    """Let pyHanko validate a signature without a single anchor: only integrity is looked at."""
    from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_signature, async_validate_pdf_timestamp
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(trust_roots=[], allow_fetching=False)
    if s.role == "timestamp":
        return run_now(async_validate_pdf_timestamp(embedded, context))
    return run_now(async_validate_pdf_signature(embedded, context))


def _compare_coverage(tool: Tool, s: SignatureCase, status: Status) -> None:
    _, _, second, length = s.signature.byte_range or (0, 0, 0, 0)
    wanted = "ENTIRE_FILE" if second + length == len(tool.case.data) else "ENTIRE_REVISION"
    seen = status.coverage.name if status.coverage is not None else "nothing"
    if seen != wanted:
        tool.differs(Reason("opinion.coverage", theirs=seen, ours=wanted), s.name)


def _compare_changes(tool: Tool, s: SignatureCase, status: Status) -> None:
    from pyhanko.sign.diff_analysis import ModificationLevel

    level = status.modification_level
    name = level.name if level is not None else "unknown"
    refused = level is ModificationLevel.OTHER or status.docmdp_ok is False
    if refused and s.changes_after == "permitted" and _gained_what_it_refuses(tool.case):
        tool.is_unavailable(Reason("opinion.knows-no-such-change"), s.name)
    elif refused and s.changes_after != "forbidden":
        tool.differs(Reason("opinion.changes-not-permitted", level=name), s.name)
    elif s.changes_after == "forbidden" and not refused:
        tool.permits(Reason("opinion.changes-permitted", name=name), s.name)


def _gained_what_it_refuses(case: Case) -> bool:
    """Return whether later signers added what is judged here by who they are, or tagged it: pyHanko permits neither."""
    return bool(case.tagged_in) or (certifier_of(case) is not None and bool(added_fields(case)))
