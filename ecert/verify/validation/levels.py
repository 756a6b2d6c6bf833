"""How far a document has come, and how long its proof lasts (EN 319 142-1, 6; EN 319 102-1, 5.6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ecert.model.algorithms import first_to_end
from ecert.model.levels import LEVELS, Level
from ecert.model.times import rfc3339
from ecert.trust.certificates import common_name, load
from ecert.trust.paths import CertificatePath, PathFault
from ecert.verify.case import ProofLimit, SignatureCase, TimestampCase
from ecert.verify.validation.constraints import timestamp_limits
from ecert.verify.validation.material import Material, Statuses

#: How long before its proof ends a copy is called due, unless somebody says otherwise.
DUE_WITHIN = timedelta(days=365)


def level_of(m: Material, s: SignatureCase) -> Level | None:
    """Return the PAdES baseline level a signature has reached (EN 319 142-1, 6.3)."""
    if s.signature.dictionary.get("SubFilter") != "ETSI.CAdES.detached":
        return None
    own = [(s, t) for t in s.timestamps if t.counts]
    archive = [
        (d, t) for d in m.case.by_role("timestamp") for t in d.timestamps if t.counts and d.revision > s.revision
    ]
    if not own and not archive:
        return "B-B"
    held_from = 0
    for found in _paths(m, s, own or archive[:1]):
        held = None if isinstance(found, PathFault) else _held_from(m, found[1])
        if held is None:
            return "B-T"
        held_from = max(held_from, held)
    newest = max((d.revision for d, _ in archive), default=-1)
    return "B-LTA" if newest >= held_from else "B-LT"


def _paths(
    m: Material, s: SignatureCase, proving: list[tuple[SignatureCase, TimestampCase]]
) -> Iterator[tuple[CertificatePath, Statuses] | PathFault]:
    """Yield the paths of a signature and of the time-stamps that prove it, over the file's own evidence."""
    assert s.best_signature_time is not None
    yield m.path(s.certificate, s.signing_role, s.best_signature_time, embedded=True)
    for holder, t in proving:
        moment = m.proofs.of_revision(holder.revision + 1)
        certificate = t.token.message.signer_certificate
        assert certificate is not None
        yield m.path(certificate, "timestamp", moment, embedded=True)


def _held_from(m: Material, statuses: Statuses) -> int | None:
    """Return from which revision on the file holds a path's certificates and what tells their status.

    A document time-stamp of that revision or a later one covers them. None: something is missing.
    """
    held_from = 0
    for subject, status in statuses:
        places = [m.proofs.covered_from(der) for der in (subject, *status.sources)]
        if status.status == "missing" or None in places:
            return None
        held_from = max([held_from, *(p for p in places if p is not None)])
    return held_from


def sum_up(m: Material) -> None:
    """Set the level the whole document has reached, and until when its proof lasts and why."""
    case = m.case
    signed = [s for s in case.signed if s.intact]
    levels = [s.level for s in signed if s.level is not None]
    if levels and len(levels) == len(signed):
        case.reached = min(levels, key=LEVELS.index)
    documents = [t for s in case.by_role("timestamp") for t in s.timestamps if t.counts]
    case.proof_limits = list(_token_ends(documents[-1]) if documents else _unarchived_ends(signed))
    due = case.proof_limit
    if documents and due is not None and due.until - DUE_WITHIN <= case.at:
        case.add("archive-timestamp-due", time=rfc3339(due.until), reason=due.reason)


def _token_ends(t: TimestampCase) -> Iterator[ProofLimit]:
    """Yield what ends a time-stamp's proof: its authority's certificates, its algorithms."""
    if t.path is None:
        return
    yield from _certificate_ends(t.path.certificates[:-1] or t.path.certificates)
    first = first_to_end(used.limit for used in timestamp_limits(t.token, t.path))
    if first is not None and first.until is not None:
        yield ProofLimit(first.until, "algorithm", first.name)


def _unarchived_ends(signed: list[SignatureCase]) -> Iterator[ProofLimit]:
    """Yield what ends the proof where no document time-stamp holds it together.

    A signature time-stamp outlives the signer's certificate, but not those of its issuers: their
    revocation data is not proven to be older than they are.
    """
    for s in signed:
        stamps = [t for t in s.timestamps if t.counts]
        for t in stamps:
            yield from _token_ends(t)
        if s.path is not None:
            chain = s.path.certificates[:-1] or s.path.certificates
            yield from _certificate_ends(chain[1:] if stamps else chain)


def _certificate_ends(certificates: tuple[bytes, ...]) -> Iterator[ProofLimit]:
    for der in certificates:
        yield ProofLimit(_not_after(der), "certificate", common_name(der))


def _not_after(der: bytes) -> datetime:
    return load(der).not_valid_after_utc
