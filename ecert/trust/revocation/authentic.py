"""What is authentically said of a certificate: by its issuer's key, or by whom the standards let speak for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from ecert.trust.naming import encoded_key, holder_key, subject_key
from ecert.trust.revocation.authorities import PATH_CHECKS, Sources, Work, certificates_named, issuers_of, path_of
from ecert.trust.revocation.crl import Crl, CrlEntry, crl_signed_by, entry, read_crl
from ecert.trust.revocation.ocsp import answers_about, ocsp_statements
from ecert.trust.revocation.scope import covered, crls_about
from ecert.trust.revocation.statements import LIFTED, RevocationItem, Statement
from ecert.trust.signed import UNREADABLE, SignatureAlgorithm
from ecert.trust.usage import may_sign_crls

EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """What is authentically said of a certificate, the newest first."""

    statements: tuple[Statement, ...]
    complete: bool  # False: a limit of work was reached, and more may be said


@dataclass(frozen=True)
class _SignedCrl:
    crl: Crl
    signer: bytes
    algorithm: SignatureAlgorithm
    listed: CrlEntry | None


@lru_cache(maxsize=256)
def statements(certificate: bytes, issuer: bytes, sources: Sources) -> Said:
    """Return what is authentically said of a certificate, by ``known_by``."""
    work = Work()
    answers = answers_about(sources.evidence.ocsps, certificate)
    found = [s for der in answers for s in ocsp_statements(der, certificate, issuer)]
    found += _crl_statements(certificate, issuer, sources, work)
    known = [s for s in found if max(s.item.this_update, s.produced_at) <= sources.known_by]
    return Said(tuple(sorted(known, key=lambda s: s.rank, reverse=True)), work.complete)


@lru_cache(maxsize=256)
def revoked_since(certificate: bytes, sources: Sources, issuer: bytes | None = None) -> datetime | None:
    """Return since when anybody who issued a certificate says it is revoked, or None.

    ``issuer`` is the one above it in its path. Where not everything could be looked at: since ever.
    """
    work = Work()
    issuers = issuers_of(certificate, sources, work)
    if issuer is not None and issuer not in issuers:
        issuers = [issuer, *issuers]
    said = [statements(certificate, i, sources) for i in issuers]
    if not work.complete or not all(s.complete for s in said):
        return EVER
    times = [
        s.item.revoked_at
        for one in said
        for s in one.statements
        if s.word == "revoked" and s.item.revoked_at is not None
    ]
    return min(times, default=None)


def _crl_statements(certificate: bytes, issuer: bytes, sources: Sources, work: Work) -> Iterator[Statement]:
    """Yield what complete CRLs say, alone and with each delta that fits (RFC 5280, 5.2.4, 6.3.3 (c)).

    A delta alone tells of no reason all there is to tell, but what it lists as revoked or on hold is said.
    """
    signed = list(_signed_crls(certificate, issuer, sources, work))
    deltas = [s for s in signed if s.crl.base is not None]
    for one in signed:
        if one.crl.base is None or (one.listed is not None and one.listed.reason != LIFTED):
            yield _statement(certificate, [one], one.listed)
    for base in signed:
        for delta in deltas:
            if _fits(base, delta):
                newest = delta.listed if delta.listed is not None else base.listed
                yield _statement(certificate, [base, delta], newest)


def _signed_crls(certificate: bytes, issuer: bytes, sources: Sources, work: Work) -> Iterator[_SignedCrl]:
    for der in crls_about(sources.evidence.crls, certificate):
        if not covered(der, certificate):
            continue
        crl = read_crl(der)
        assert crl is not None
        found = _crl_signer(crl, issuer, sources, work)
        if found is None:
            continue
        try:
            yield _SignedCrl(crl, *found, entry(der, certificate))
        except UNREADABLE:
            continue


def _crl_signer(crl: Crl, issuer: bytes, sources: Sources, work: Work) -> tuple[bytes, SignatureAlgorithm] | None:
    """Return who signed a CRL: the issuer's own key, or one with a path to the same anchor (f), (g).

    Any other signer's certificate must say cRLSign.
    """
    if crl.issuer == subject_key(issuer) and may_sign_crls(issuer, stated=False):
        algorithm = crl_signed_by(crl.der, issuer)
        if algorithm is not None:
            return issuer, algorithm
    if sources.anchor is None:
        return None
    signed: dict[bytes, SignatureAlgorithm | None] = {}
    for other in certificates_named(crl.issuer, crl.authority_key, sources):
        if other == issuer or not may_sign_crls(other, stated=True):
            continue
        _, key = holder_key(other)
        if key not in signed:
            if not work.allowed():
                break
            signed[key] = crl_signed_by(crl.der, other)
        algorithm = signed[key]
        if algorithm is None:
            continue
        if not work.allowed(PATH_CHECKS):
            break
        paths = path_of(other, crl.this_update, sources)
        if paths.found:
            return other, algorithm
        work.complete = work.complete and not paths.gave_up
    return None


def _fits(base: _SignedCrl, delta: _SignedCrl) -> bool:
    """Return whether a delta completes a base: same issuer, scope and key, and numbers that meet (5.2.4)."""
    complete, change = base.crl, delta.crl
    if complete.base is not None or change.base is None:
        return False
    if complete.number is None or change.number is None:
        return False
    return (
        complete.issuer == change.issuer
        and complete.distribution == change.distribution
        and complete.authority_key == change.authority_key
        and encoded_key(base.signer) == encoded_key(delta.signer)
        and change.base <= complete.number < change.number
    )


def _statement(certificate: bytes, crls: list[_SignedCrl], listed: CrlEntry | None) -> Statement:
    newest = crls[-1].crl
    # base and delta count while both do (docs/adr/0007-revocation.md)
    ends = [s.crl.next_update for s in crls]
    cutoffs = [s.crl.expired_since for s in crls]
    item = RevocationItem(
        "crl",
        newest.this_update,
        None if None in ends else min(e for e in ends if e is not None),
        listed.revoked_at if listed is not None and listed.reason != LIFTED else None,
        listed.reason if listed is not None else None,
        newest.der,
    )
    return Statement(
        item,
        newest.this_update,
        crls[-1].signer,
        tuple(s.crl.der for s in crls),
        tuple(s.algorithm for s in crls),
        covered(newest.der, certificate) if crls[0].crl.base is None else frozenset(),
        None if None in cutoffs else max(c for c in cutoffs if c is not None),
    )
