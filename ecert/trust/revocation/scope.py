"""For which certificates, and for which reasons, a CRL speaks (RFC 5280, 6.3.3 (b) to (d))."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from cryptography import x509

from ecert.trust.extensions import helping, is_ca
from ecert.trust.naming import NameKey, issuer_key, name_key
from ecert.trust.revocation.crl import Crl, read_crl
from ecert.trust.revocation.statements import ALL_REASONS
from ecert.trust.signed import UNREADABLE

Names = frozenset[tuple[str, object]]


@lru_cache(maxsize=16)
def _by_issuer(crls: tuple[bytes, ...]) -> dict[NameKey, list[bytes]]:
    found: dict[NameKey, list[bytes]] = {}
    for der in crls:
        crl = read_crl(der)
        if crl is not None:
            found.setdefault(crl.issuer, []).append(der)
    return found


def crls_about(crls: tuple[bytes, ...], certificate: bytes) -> list[bytes]:
    """Return the CRLs whose issuer may tell a certificate's status: its own issuer, or one that it names."""
    names = {issuer_key(certificate)}
    try:
        for point in _points(certificate):
            names |= {name for kind, name in _names(point.crl_issuer or ()) if kind == "name"}  # type: ignore[misc]
    except UNREADABLE:
        return []
    listed = _by_issuer(crls)
    known = sorted((name for name in names if name in listed), key=repr)
    return [der for name in known for der in listed[name]]


@lru_cache(maxsize=512)
def covered(der: bytes, certificate: bytes) -> frozenset[x509.ReasonFlags]:
    """Return the reasons for which a CRL tells a certificate's status; empty: it is not its business.

    Each distribution point of the certificate is held against it, then the one that the standard supposes where
    none is named: the certificate's issuer.
    """
    crl = read_crl(der)
    if crl is None:
        return frozenset()
    try:
        if not _of_its_kind(crl, certificate):
            return frozenset()
        found: frozenset[x509.ReasonFlags] = frozenset()
        for point in _points(certificate):
            found |= _covered_by(crl, certificate, point)
        return found | _covered_by(crl, certificate, None)
    except UNREADABLE:
        return frozenset()


def _covered_by(crl: Crl, certificate: bytes, point: x509.DistributionPoint | None) -> frozenset[x509.ReasonFlags]:
    authorities = _names(point.crl_issuer) if point is not None and point.crl_issuer else None
    if authorities is not None:  # (b) (1)
        if ("name", crl.issuer) not in authorities or not crl.indirect:
            return frozenset()
    elif crl.issuer != issuer_key(certificate):
        return frozenset()
    reasons = ALL_REASONS
    distribution = crl.distribution
    if distribution is not None:
        own = _place(distribution.full_name, distribution.relative_name, crl.parsed.issuer)
        if own is not None and not own & _wanted(crl, point, authorities):  # (b) (2)
            return frozenset()
        reasons &= distribution.only_some_reasons or ALL_REASONS  # (d)
    if point is not None and point.reasons:
        reasons &= point.reasons
    return reasons


def _wanted(crl: Crl, point: x509.DistributionPoint | None, authorities: Names | None) -> Names:
    """Return the names one of which the CRL's own distribution point must have."""
    if point is not None:
        place = _place(point.full_name, point.relative_name, crl.parsed.issuer)
        if place is not None:
            return place
        if authorities is not None:
            return authorities
    return frozenset({("name", crl.issuer)})  # which is the certificate's issuer


def _of_its_kind(crl: Crl, subject: bytes) -> bool:
    """Return whether the CRL holds certificates of this kind: CA or not (b) (2) (ii) to (iv)."""
    distribution = crl.distribution
    if distribution is None:
        return True
    if distribution.only_contains_attribute_certs:
        return False
    if is_ca(subject):
        return not distribution.only_contains_user_certs
    return not distribution.only_contains_ca_certs


def _points(subject: bytes) -> Iterable[x509.DistributionPoint]:
    return helping(subject, x509.CRLDistributionPoints) or ()


def _place(
    full: Iterable[x509.GeneralName] | None, relative: x509.RelativeDistinguishedName | None, authority: x509.Name
) -> Names | None:
    """Return the names of a distribution point; one that is relative hangs below the CRL's issuer."""
    if full is not None:
        return _names(full)
    if relative is not None:
        return _names([x509.DirectoryName(x509.Name([*authority.rdns, relative]))])
    return None


def _names(names: Iterable[x509.GeneralName]) -> Names:
    found = [
        ("name", name_key(n.value)) if isinstance(n, x509.DirectoryName) else (type(n).__name__, n.value) for n in names
    ]
    return frozenset((kind, value) for kind, value in found if value is not None)
