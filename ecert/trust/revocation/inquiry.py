"""What a statement is worth: could anybody else have made it? (EN 319 102-1, 5.2.6 and 5.6.2.2)

A statement *proves* that a certificate is good only while nobody else could have made it: at the time for
which it is proven to exist its algorithms were reliable, and its signer's certificate was in its time and not
revoked, and the anchor above it was believed. A key that outlived its certificate could sign anything today.

What says *revoked*, or on hold, by the moment asked for needs no such proof: it always counts, and who forges it
can only make a copy look worse, which takes no key. One that says *revoked later* is of the other
kind: it says that nothing had happened before. Who could forge that could make a good copy of a bad one, so it is
held to the same proof as *good*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from ecert.trust.certificates import load
from ecert.trust.extensions import extension, listed
from ecert.trust.paths import CertificatePath
from ecert.trust.revocation.authentic import revoked_since
from ecert.trust.revocation.authorities import Sources, path_of, twins
from ecert.trust.revocation.statements import Statement
from ecert.trust.signed import UNREADABLE
from ecert.trust.usage import purposes

MAX_STATUS_DEPTH = 3  # who tells the status of who tells the status …: real rows have two
MAX_QUESTIONS = 100  # statuses asked on the way to one; real ones take fewer than ten
_PLACES = {ExtensionOID.CRL_DISTRIBUTION_POINTS.dotted_string, ExtensionOID.AUTHORITY_INFORMATION_ACCESS.dotted_string}


@dataclass(frozen=True)
class Support:
    """What a statement leans on: its signer, and certificates that must be good themselves."""

    stands: bool
    needed: tuple[tuple[bytes, bytes], ...] = ()  # (certificate, issuer)


@dataclass(frozen=True)
class StatusInquiry:
    """One question about one certificate, with those that come up on the way."""

    sources: Sources
    proven: Callable[[bytes], datetime]
    anchored_until: datetime | None = None
    _asked: Iterator[int] = field(default_factory=lambda: iter(range(MAX_QUESTIONS)))

    def may_ask(self) -> bool:
        """Count one more status that is asked; return whether there may be so many.

        Responders that vouch for each other could be asked in every order there is.
        """
        return next(self._asked, None) is not None

    def proven_at(self, statement: Statement) -> datetime:
        """Return by when everything a statement rests on is proven to have existed."""
        return max(min(self.proven(der), self.sources.known_by) for der in statement.sources)

    def support(self, statement: Statement, issuer: bytes) -> Support:
        """Return what a statement leans on at the time for which it is proven.

        A delegated responder must be good itself unless it says id-pkix-ocsp-nocheck or names no place
        to ask (RFC 6960, 4.2.2.2.1); so must a CRL signer other than the issuer, and those above it (RFC
        5280, 6.3.3 (f)).
        """
        moment, signer = self.proven_at(statement), statement.signer
        if self.anchored_until is not None and moment >= self.anchored_until:
            return Support(stands=False)
        if not all(algorithm.reliable(moment) for algorithm in statement.algorithms):
            return Support(stands=False)
        if signer == issuer:
            return Support(self._stands(issuer, moment))
        if statement.item.source == "ocsp":
            stands = _alive(signer, moment) and not self._revoked(signer, moment, issuer)
            needed = () if answers_unchecked(signer) else ((signer, issuer),)
            return Support(stands and self._stands(issuer, moment), needed)
        path = self._path(signer, moment)
        return Support(stands=False) if path is None else Support(True, tuple(path.issued()))

    def _stands(self, authority: bytes, moment: datetime) -> bool:
        """Return whether an authority's key was in use at ``moment``: under this certificate or a renewed one."""
        if _alive(authority, moment):
            return not self._revoked(authority, moment)
        return self._path(authority, moment) is not None

    def _path(self, authority: bytes, moment: datetime) -> CertificatePath | None:
        """Return a path, nothing on it revoked, of a certificate or another of its name and key."""
        for twin in (authority, *twins(authority, self.sources)):
            for path in path_of(twin, moment, self.sources).found:
                if not any(self._revoked(c, moment, i) for c, i in path.issued()):
                    return path
        return None

    def _revoked(self, certificate: bytes, moment: datetime, issuer: bytes | None = None) -> bool:
        since = revoked_since(certificate, self.sources, issuer)
        return since is not None and since <= moment


def needs_no_check(certificate: bytes) -> bool:
    """Return whether an OCSP responder's certificate says id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1).

    On any other certificate the extension means nothing.
    """
    try:
        if extension(certificate, x509.OCSPNoCheck) is None:
            return False
        return ExtendedKeyUsageOID.OCSP_SIGNING in (purposes(certificate) or ())
    except UNREADABLE:
        return False


def answers_unchecked(responder: bytes) -> bool:
    """Return whether a delegated responder is believed without a status of its own."""
    if needs_no_check(responder):
        return True
    try:
        return not _PLACES & listed(responder).keys()
    except UNREADABLE:
        return False


def _alive(certificate: bytes, moment: datetime) -> bool:
    """Return whether a certificate had not expired; that it had begun was asked of the signing itself."""
    return moment <= load(certificate).not_valid_after_utc
