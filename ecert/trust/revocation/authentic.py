"""What is authentically said of a certificate: by its issuer's key, or by whom the standards let speak for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from ecert.model.evidence import Evidence
from ecert.trust.naming import (
    NameKey,
    encoded_key,
    is_other_key,
    issuer_key,
    key_identifiers,
    subject_key,
)
from ecert.trust.paths import CertificatePath, path_to
from ecert.trust.revocation.crl import Crl, Entry, crl_signed_by, entry, read_crl
from ecert.trust.revocation.ocsp import ocsp_statements
from ecert.trust.revocation.scope import covered
from ecert.trust.revocation.statements import LIFTED, RevocationItem, Statement
from ecert.trust.signed import UNREADABLE, SignatureAlgorithm, certified_by
from ecert.trust.usage import may_sign_crls

MAX_SIGNERS = 8  # certificates of one name tried as a CRL's signer, or as an issuer


@dataclass(frozen=True)
class Sources:
    """Where to look, and up to when."""

    evidence: Evidence
    known_by: datetime
    anchor: bytes | None  # a path to it makes a CRL signer's certificate count


@dataclass(frozen=True)
class _SignedCrl:
    crl: Crl
    signer: bytes
    algorithm: SignatureAlgorithm
    listed: Entry | None


@lru_cache(maxsize=64)
def statements(certificate: bytes, issuer: bytes, sources: Sources) -> tuple[Statement, ...]:
    """Return what is authentically said of a certificate, by ``known_by``, the newest first."""
    found = [s for der in sources.evidence.ocsps for s in ocsp_statements(der, certificate, issuer)]
    found += _crl_statements(certificate, issuer, sources)
    known = [s for s in found if max(s.item.this_update, s.produced_at) <= sources.known_by]
    return tuple(sorted(known, key=lambda s: s.rank, reverse=True))


@lru_cache(maxsize=64)
def revoked_since(certificate: bytes, sources: Sources) -> datetime | None:
    """Return since when anybody who issued a certificate says it is revoked, or None."""
    times = [
        s.item.revoked_at
        for issuer in _named(issuer_key(certificate), key_identifiers(certificate)[1], sources)
        if issuer != certificate and certified_by(certificate, issuer) is not None
        for s in statements(certificate, issuer, sources)
        if s.word == "revoked" and s.item.revoked_at is not None
    ]
    return min(times, default=None)


def path_of(certificate: bytes, moment: datetime, sources: Sources) -> CertificatePath | None:
    """Return a certificate's path to the anchor, valid at ``moment``, or None."""
    if sources.anchor is None:
        return None
    if certificate == sources.anchor:
        return CertificatePath((certificate,), direct=True)
    found = path_to(certificate, [sources.anchor], sources.evidence.certificates, moment)
    return found if isinstance(found, CertificatePath) else None


def twins(certificate: bytes, sources: Sources) -> list[bytes]:
    """Return the other certificates of the same name and key."""
    named, key = _named(subject_key(certificate), None, sources), encoded_key(certificate)
    return [der for der in named if der != certificate and encoded_key(der) == key]


def _named(name: NameKey | None, key: bytes | None, sources: Sources) -> list[bytes]:
    """Return the certificates of a name, in an order of their own."""
    if name is None:
        return []
    known = {*sources.evidence.certificates, *((sources.anchor,) if sources.anchor else ())}
    found = [der for der in known if subject_key(der) == name]
    return sorted(found, key=lambda der: (is_other_key(der, key), der))[:MAX_SIGNERS]


def _crl_statements(certificate: bytes, issuer: bytes, sources: Sources) -> Iterator[Statement]:
    """Yield what complete CRLs say, alone and with each delta that fits (RFC 5280, 5.2.4, 6.3.3 (c)).

    A delta alone proves nothing good, but what it lists as revoked or on hold is said.
    """
    signed = list(_signed_crls(certificate, issuer, sources))
    deltas = [s for s in signed if s.crl.base is not None]
    for one in signed:
        if one.crl.base is None or (one.listed is not None and one.listed.reason != LIFTED):
            yield _statement(certificate, [one], one.listed)
    for base in signed:
        for delta in deltas:
            if _fits(base, delta):
                newest = delta.listed if delta.listed is not None else base.listed
                yield _statement(certificate, [base, delta], newest)


def _signed_crls(certificate: bytes, issuer: bytes, sources: Sources) -> Iterator[_SignedCrl]:
    for der in sources.evidence.crls:
        if not covered(der, certificate):
            continue
        crl = read_crl(der)
        assert crl is not None
        found = _crl_signer(crl, issuer, sources)
        if found is None:
            continue
        try:
            yield _SignedCrl(crl, *found, entry(der, certificate))
        except UNREADABLE:
            continue


def _crl_signer(
    crl: Crl, issuer: bytes, sources: Sources
) -> tuple[bytes, SignatureAlgorithm] | None:
    """Return who signed a CRL: the issuer's own key, or one with a path to the same anchor (f), (g).

    Any other signer's certificate must say cRLSign.
    """
    if crl.issuer == subject_key(issuer) and may_sign_crls(issuer, stated=False):
        algorithm = crl_signed_by(crl.der, issuer)
        if algorithm is not None:
            return issuer, algorithm
    if sources.anchor is None:
        return None
    for other in _named(crl.issuer, crl.authority_key, sources):
        if other == issuer or not may_sign_crls(other, stated=True):
            continue
        algorithm = crl_signed_by(crl.der, other)
        if algorithm is not None and path_of(other, crl.this_update, sources) is not None:
            return other, algorithm
    return None


def _fits(base: _SignedCrl, delta: _SignedCrl) -> bool:
    """Tell whether a delta completes a base: same issuer, scope and key, and numbers that meet (5.2.4)."""
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


def _statement(certificate: bytes, crls: list[_SignedCrl], listed: Entry | None) -> Statement:
    newest = crls[-1].crl
    ends = [s.crl.next_update for s in crls]
    cutoffs = [s.crl.expired_since for s in crls]
    item = RevocationItem(
        "crl", newest.this_update, None if None in ends else min(e for e in ends if e is not None),
        listed.revoked_at if listed is not None and listed.reason != LIFTED else None,
        listed.reason if listed is not None else None, newest.der,
    )  # fmt: skip
    return Statement(
        item, newest.this_update, crls[-1].signer, tuple(s.crl.der for s in crls),
        tuple(s.algorithm for s in crls), covered(newest.der, certificate),
        None if None in cutoffs else max(c for c in cutoffs if c is not None),
    )  # fmt: skip
