"""The status of one certificate: what follows from everything that is said about it.

1. What was produced after ``known_by`` is not looked at.
2. *Revoked* by ``moment`` (not merely on hold) is final, and needs no proof: no newer statement and no other
   source takes it back.
3. *On hold* by ``moment`` needs none either, but a newer *good* that proves itself, removeFromCRL
   included, lifts it (RFC 5280, 5.3.1).
4. *Good* needs statements that prove themselves, are not outdated at ``moment``, were made while the certificate
   had not expired (or by someone who keeps the status of expired ones), and together cover every reason.
5. *Revoked* or *on hold* only after ``moment`` says that nothing had happened by then, which is as good as
   *good*, and needs all that *good* needs. That the certificate had expired changes nothing: an
   entry that is there was not dropped.

The order of the evidence changes nothing. Where a limit of work is reached, what was not looked at may say
anything: then nothing is good.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cryptography import x509

from ecert.model.evidence import Evidence
from ecert.trust.certificates import load
from ecert.trust.naming import issuer_key, subject_key
from ecert.trust.revocation.authentic import statements
from ecert.trust.revocation.authorities import Sources
from ecert.trust.revocation.crl import read_crl
from ecert.trust.revocation.inquiry import MAX_STATUS_DEPTH, StatusInquiry, needs_no_check
from ecert.trust.revocation.ocsp import produced_at
from ecert.trust.revocation.statements import ALL_REASONS, RETIREMENT, RevocationStatus, Statement
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
    anchored_until: datetime | None = None,
    proven: Callable[[bytes], datetime] | None = None,
    counts: Callable[[Statement], bool] | None = None,
) -> RevocationStatus:
    """Return what is known about ``certificate`` for use at ``moment``.

    Args:
        certificate: whose status is asked, DER.
        issuer: the certificate above it in its path, DER.
        evidence: CRLs, OCSP answers, and the certificates of those who signed them.
        moment: the time for which it is asked, such as the best signature time.
        known_by: statements made later are not looked at.
        anchor: where the path ends, DER; a CRL signed with another key than the issuer's counts only if
            its signer's path ends there too (RFC 5280, 6.3.3 (f)). None: no such CRL counts.
        anchored_until: just before which that anchor ceases to be believed (``CertificatePath.believed_until``);
            what is not proven to have existed by then proves nothing. None: never.
        proven: since when a CRL or OCSP answer (DER) is proven to exist; None: ``known_by``.
        counts: which statements about ``certificate`` itself may say good; None: all. Harm always counts.
    """
    sources = Sources(evidence, known_by, anchor)
    inquiry = StatusInquiry(sources, proven or (lambda _: known_by), anchored_until)
    try:
        return _status(inquiry, certificate, issuer, moment, moment, frozenset(), counts)
    except UNREADABLE:
        return RevocationStatus("missing")


def unproven_signers(
    certificate: bytes, issuer: bytes, evidence: Evidence, *, known_by: datetime, anchor: bytes | None = None
) -> list[tuple[bytes, bytes]]:
    """Return whose status must be gathered too before statements count: (certificate, issuer) pairs.

    These are delegated OCSP responders and CRL signers, with the certificates above them.
    """
    inquiry = StatusInquiry(Sources(evidence, known_by, anchor), lambda _: known_by)
    try:
        found = statements(certificate, issuer, inquiry.sources).statements
        pairs = [pair for s in found for pair in inquiry.support(s, issuer).needed]
    except UNREADABLE:
        return []
    return [pair for pair in dict.fromkeys(pairs) if pair[0] != certificate]


def made_at(der: bytes) -> datetime | None:
    """Return when a CRL or an OCSP answer says it was made, or None for anything else."""
    crl = read_crl(der)
    return crl.this_update if crl is not None else produced_at(der)


def _status(
    inquiry: StatusInquiry,
    certificate: bytes,
    issuer: bytes,
    moment: datetime,
    clean: datetime,
    asking: frozenset[bytes],
    counts: Callable[[Statement], bool] | None = None,
) -> RevocationStatus:
    """Return what is known of a certificate at ``moment``; what befell it by ``clean`` is held against it."""
    if certificate in asking or len(asking) > MAX_STATUS_DEPTH or not inquiry.may_ask():
        return RevocationStatus("missing")  # nobody vouches for themselves, nor in a long row
    asking |= {certificate}
    said = statements(certificate, issuer, inquiry.sources)
    revoked = [s for s in said.statements if s.word == "revoked" and s.tells_of_harm(clean)]
    if revoked:
        first = min(revoked, key=_revoked_at)
        retired = all(s.item.reason in RETIREMENT for s in revoked) and _proves(
            inquiry, first, certificate, issuer, asking
        )
        return RevocationStatus("revoked", first.item, first.sources, retired=retired)
    fresh: list[Statement] = []
    stale: list[Statement] = []
    lifted = False
    for statement in said.statements:
        if statement.tells_of_harm(clean):
            if not lifted:
                return RevocationStatus("on-hold", statement.item, statement.sources)
        elif counts is not None and not counts(statement):
            continue
        elif said.complete and _proves(inquiry, statement, certificate, issuer, asking):
            outdated = statement.item.counts_until < moment
            (stale if outdated else fresh).append(statement)
            if statement.word == "good":
                lifted = lifted or x509.ReasonFlags.certificate_hold in statement.reasons
                if statement.reasons >= ALL_REASONS and not outdated:
                    break
    if _all_reasons(fresh):
        return _clean(fresh)
    if _all_reasons(fresh + stale):
        return RevocationStatus("stale", stale[0].item, _sources(fresh + stale))
    return RevocationStatus("missing")


def _clean(statements: list[Statement]) -> RevocationStatus:
    """Return the status that follows from statements that nothing had happened.

    Of those that tell since when something has, the first decides; else one for all reasons; of several for
    some reasons each the first to end, which decides how long.
    """
    whole = [s for s in statements if s.reasons >= ALL_REASONS]
    ends = sorted(whole or statements, key=lambda s: s.item.counts_until)
    later = sorted((s for s in statements if s.word != "good"), key=_revoked_at)
    named = [*later, *ends][0]
    leaning = [named] if named in whole else statements
    return RevocationStatus(named.word, named.item, _sources(leaning))


def _proves(
    inquiry: StatusInquiry, statement: Statement, certificate: bytes, issuer: bytes, asking: frozenset[bytes]
) -> bool:
    """Return whether a statement proves that nothing had happened to a certificate, or nothing before it says."""
    end = load(certificate).not_valid_after_utc
    since = statement.expired_since
    late = statement.item.this_update > end and (since is None or since > end)
    if late and statement.word == "good":
        return False  # its entry may be gone; one that is there is not
    support = inquiry.support(statement, issuer)
    clean = max(statement.produced_at, inquiry.proven_at(statement))
    return support.stands and all(
        _answers_for_itself(c, certificate, statement)
        or _status(inquiry, c, i, statement.produced_at, clean, asking).clean_at(clean)
        for c, i in support.needed
    )


def _answers_for_itself(signer: bytes, certificate: bytes, statement: Statement) -> bool:
    """Return whether an authority chose a CRL's signer to tell its own status too.

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
