"""The status of one certificate: what follows from everything that is said about it.

1. What was produced after ``known_by`` is not looked at.
2. *Revoked* (not merely on hold) is final: no newer statement and no other source takes it back.
3. Otherwise the newest word decides between *on hold* and not: a newer statement that proves itself, or
   removeFromCRL, lifts a hold (RFC 5280, 5.3.1).
4. *Good* needs statements that prove themselves, are not outdated at ``moment``, were made while the certificate
   had not expired (or by someone who keeps the status of expired ones), and together cover every reason.

The order of the evidence changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cryptography import x509

from ecert.model.evidence import Evidence
from ecert.trust.certificates import load
from ecert.trust.naming import issuer_key, subject_key
from ecert.trust.revocation.authentic import Sources, statements
from ecert.trust.revocation.crl import read_crl
from ecert.trust.revocation.inquiry import Inquiry, needs_no_check
from ecert.trust.revocation.ocsp import produced_at
from ecert.trust.revocation.statements import ALL_REASONS, RevocationStatus, Statement
from ecert.trust.signed import UNREADABLE

__all__ = ["made_at", "needs_no_check", "revocation_status", "unproven_signers"]


def revocation_status(
    certificate: bytes,
    issuer: bytes,
    evidence: Evidence,
    *,
    moment: datetime,
    known_by: datetime,
    anchor: bytes | None = None,
    proven: Callable[[bytes], datetime] | None = None,
) -> RevocationStatus:
    """Say what is known about ``certificate`` for use at ``moment``.

    Args:
        certificate: whose status is asked, DER.
        issuer: the certificate above it in its path, DER.
        evidence: CRLs, OCSP answers, and the certificates of those who signed them.
        moment: the time for which it is asked, such as the best signature time.
        known_by: statements made later are not looked at.
        anchor: where the path ends, DER; a CRL signed with another key than the issuer's counts only if
            its signer's path ends there too (RFC 5280, 6.3.3 (f)). None: no such CRL counts.
        proven: since when a CRL or OCSP answer (DER) is proven to exist; None: ``known_by``.
    """
    inquiry = Inquiry(Sources(evidence, known_by, anchor), proven or (lambda _: known_by))
    try:
        return _status(inquiry, certificate, issuer, moment, frozenset())
    except UNREADABLE:
        return RevocationStatus("missing")


def unproven_signers(
    certificate: bytes,
    issuer: bytes,
    evidence: Evidence,
    *,
    known_by: datetime,
    anchor: bytes | None = None,
) -> list[tuple[bytes, bytes]]:
    """Return whose status must be gathered too before statements count: (certificate, issuer) pairs.

    These are delegated OCSP responders and CRL signers, with the certificates above them.
    """
    inquiry = Inquiry(Sources(evidence, known_by, anchor), lambda _: known_by)
    try:
        found = statements(certificate, issuer, inquiry.sources)
        pairs = [pair for s in found for pair in inquiry.support(s, issuer).needed]
    except UNREADABLE:
        return []
    return [pair for pair in dict.fromkeys(pairs) if pair[0] != certificate]


def made_at(der: bytes) -> datetime | None:
    """Return when a CRL or an OCSP answer says it was made, or None for anything else."""
    crl = read_crl(der)
    return crl.this_update if crl is not None else produced_at(der)


def _status(
    inquiry: Inquiry, certificate: bytes, issuer: bytes, moment: datetime, asking: frozenset[bytes]
) -> RevocationStatus:
    if certificate in asking:  # nobody vouches for themselves
        return RevocationStatus("missing")
    asking |= {certificate}
    found = statements(certificate, issuer, inquiry.sources)
    revoked = [s for s in found if s.word == "revoked"]
    if revoked:
        first = min(revoked, key=_revoked_at)
        return RevocationStatus("revoked", first.item, first.sources)
    fresh: list[Statement] = []
    stale: list[Statement] = []
    lifted = False
    for statement in found:
        if statement.word == "on-hold":
            if not lifted:
                return RevocationStatus("on-hold", statement.item, statement.sources)
        elif _proves(inquiry, statement, certificate, issuer, asking):
            lifted = lifted or x509.ReasonFlags.certificate_hold in statement.reasons
            if statement.item.counts_until < moment:
                stale.append(statement)
            elif statement.reasons >= ALL_REASONS:
                return RevocationStatus("good", statement.item, statement.sources)
            else:
                fresh.append(statement)
    if _all_reasons(
        fresh
    ):  # several lists for some reasons each: the first to end decides how long
        soonest = min(fresh, key=lambda s: s.item.counts_until)
        return RevocationStatus("good", soonest.item, _sources(fresh))
    if _all_reasons(fresh + stale):
        return RevocationStatus("stale", stale[0].item, _sources(fresh + stale))
    return RevocationStatus("missing")


def _proves(
    inquiry: Inquiry,
    statement: Statement,
    certificate: bytes,
    issuer: bytes,
    asking: frozenset[bytes],
) -> bool:
    """Tell whether a statement proves that a certificate is neither revoked nor on hold."""
    end = load(certificate).not_valid_after_utc
    since = statement.expired_since
    if statement.item.this_update > end and (since is None or since > end):
        return False  # its entry may have been dropped since
    support = inquiry.support(statement, issuer)
    return support.stands and all(
        _answers_for_itself(c, certificate, statement)
        or _status(inquiry, c, i, statement.produced_at, asking).status == "good"
        for c, i in support.needed
    )


def _answers_for_itself(signer: bytes, certificate: bytes, statement: Statement) -> bool:
    """Tell whether an authority chose a CRL's signer to tell its own status too.

    Its certificate then names itself as cRLIssuer; were it in scope by its issuer's name alone, it would be
    vouching for itself unasked.
    """
    itself = statement.item.source == "crl" and signer == certificate == statement.signer
    return itself and subject_key(certificate) != issuer_key(certificate)


def _revoked_at(statement: Statement) -> tuple[datetime, datetime]:
    assert statement.item.revoked_at is not None
    return statement.item.revoked_at, statement.item.this_update


def _sources(statements: list[Statement]) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(der for s in statements for der in s.sources))


def _all_reasons(statements: list[Statement]) -> bool:
    covered = frozenset(reason for s in statements for reason in s.reasons)
    return bool(statements) and covered >= ALL_REASONS
