"""Who may have issued a certificate or signed a CRL, among certificates that anybody may have put into a file.

A crowd of one name, even with the true key, may stand before the one who says *revoked*. Nobody is left out before
a signature was looked at; where a limit of work is reached all the same, :class:`Work` says that the answer is not
complete, and whoever asked must take it that the worst may be said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from ecert.model.evidence import Evidence
from ecert.trust.naming import NameKey, encoded_names, holder_key, issuer_key, key_identifiers, subject_key
from ecert.trust.paths import CertificatePath, ValidPaths, valid_paths
from ecert.trust.pool import pool_of
from ecert.trust.signed import certified_by
from ecert.trust.usage import may_sign_crls

MAX_CHECKS = 500  # signatures looked at to tell who issued, or may speak of, one certificate: 40 ms
PATH_CHECKS = 10  # what the search for a path counts as
MAX_ISSUERS = 16  # of one certificate, that differ in what they could say of it
MAX_TWINS = 8  # renewed certificates of one authority that are followed


@dataclass(frozen=True)
class Sources:
    """Where to look, and up to when."""

    evidence: Evidence
    known_by: datetime
    anchor: bytes | None  # a path to it makes a CRL signer's certificate count


@dataclass
class Work:
    """How much is left to do for one answer."""

    checks: int = MAX_CHECKS
    complete: bool = True

    def allowed(self, checks: int = 1) -> bool:
        """Count what is to be done next, or note that there was too much."""
        self.checks -= checks
        self.complete = self.complete and self.checks >= 0
        return self.checks >= 0


def path_of(certificate: bytes, moment: datetime, sources: Sources) -> ValidPaths:
    """Return a certificate's path to the anchor, valid at ``moment``."""
    if certificate == sources.anchor:
        return ValidPaths((CertificatePath((certificate,), direct=True),))
    anchors = (sources.anchor,) if sources.anchor is not None else ()
    return valid_paths(certificate, anchors, sources.evidence.certificates, moment)


def twins(certificate: bytes, sources: Sources) -> list[bytes]:
    """Return the other certificates of the same name and key: a few that somebody's key signed."""
    work, own = Work(), holder_key(certificate)
    found = (
        der
        for der in certificates_named(subject_key(certificate), None, sources)
        if der != certificate and holder_key(der) == own and (der == sources.anchor or issuers_of(der, sources, work))
    )
    return list(islice(found, MAX_TWINS))


def issuers_of(certificate: bytes, sources: Sources, work: Work) -> list[bytes]:
    """Return certificates whose key signed one: of each key, those that differ in what they could say of it."""
    signed: dict[bytes, bool] = {}
    found: dict[tuple[bytes, bytes, bool], bytes] = {}
    for der in certificates_named(issuer_key(certificate), key_identifiers(certificate)[1], sources):
        _, key = holder_key(der)
        if der == certificate:
            continue
        if key not in signed:
            if not work.allowed():
                break
            signed[key] = certified_by(certificate, der) is not None
        if signed[key]:
            found.setdefault((key, encoded_names(der)[0], may_sign_crls(der, stated=False)), der)
    work.complete = work.complete and len(found) <= MAX_ISSUERS
    return list(islice(found.values(), MAX_ISSUERS))


def certificates_named(name: NameKey | None, key: bytes | None, sources: Sources) -> Iterator[bytes]:
    """Yield the certificates of a name, the anchor first, then those that may have that key identifier."""
    anchors = (sources.anchor,) if sources.anchor is not None else ()
    return pool_of(anchors, sources.evidence.certificates).named(name, key)
