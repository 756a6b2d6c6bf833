"""Gather validation data: issuers, OCSP answers and CRLs, from files and from the addresses in certificates.

What cannot be had is an error that names the certificate and what was tried, never a lower level.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID as Access

from ecert.errors import ServiceError, SettingsError
from ecert.model.evidence import Evidence
from ecert.trust.certificates import is_self_issued, load, subject_text, try_load
from ecert.trust.client import Client
from ecert.trust.paths import CertificatePath, PathFault, find_path
from ecert.trust.revocation import RevocationStatus, needs_no_check, revocation_status
from ecert.trust.services import Services
from ecert.trust.store import Role, TrustStore

Now = Callable[[], datetime]

#: How far a service's clock may be ahead of ours before its answers are refused.
CLOCK_TOLERANCE = timedelta(minutes=5)
_MAX_ISSUERS = 6  # issuers fetched for one certificate
_PEM_CRL = re.compile(rb"-----BEGIN X509 CRL-----.+?-----END X509 CRL-----", re.DOTALL)


class Gatherer:
    """Collects evidence for one document; everything is asked once."""

    def __init__(
        self, trust: TrustStore | None, services: Services, now: Now, known: Evidence
    ) -> None:
        self._trust = trust
        self._services = services
        self._now = now
        self.client = Client(services)
        self._asked: set[tuple[str, bytes]] = set()
        self.evidence = known + Evidence(crls=tuple(_read_crl_files(services)))

    def path(
        self, leaf: bytes, role: Role | None, others: Iterable[bytes]
    ) -> CertificatePath | PathFault:
        """Return a valid path for a certificate, missing issuers fetched where that is allowed."""
        known = [*others, *self.evidence.certificates]
        found = find_path(leaf, trust=self._trust, role=role, others=known, moment=self._now())
        if (
            isinstance(found, PathFault)
            and found.kind == "no-path"
            and self._services.fetch_issuers
        ):
            fetched = self._fetch_issuers(leaf)
            if fetched:
                self.evidence += Evidence(certificates=tuple(fetched))
                found = find_path(
                    leaf,
                    trust=self._trust,
                    role=role,
                    others=[*known, *fetched],
                    moment=self._now(),
                )
        return found

    def complete(self, path: CertificatePath) -> None:
        """Gather what proves that no certificate of a path is revoked.

        Raises:
            ServiceError: it cannot be had; the message names the certificate and what was tried.
        """
        self.evidence += Evidence(certificates=path.certificates)
        for certificate, issuer in path.issued():
            self._complete_one(certificate, issuer)

    def _complete_one(self, certificate: bytes, issuer: bytes) -> None:
        if needs_no_check(load(certificate)):
            return
        tried: list[str] = []
        status = self.status(certificate, issuer)
        for kind in self._services.revocation:
            if status.status in ("good", "revoked"):
                break
            for url, answer in self._fetch(kind, certificate, issuer, tried):
                self.evidence += answer
                status = self.status(certificate, issuer)
                if status.status in ("good", "revoked"):
                    break
                tried.append(f"{url}: its answer does not count")
        if status.status not in ("good", "revoked"):
            raise ServiceError(
                f"there is no revocation data for the certificate {subject_text(certificate)} "
                f"(tried: {'; '.join(tried) or 'nothing, no address may be asked'})",
                code="revocation-missing",
                hint="allow its addresses, give CRL files, or choose level B-B or B-T",
            )
        if status.item and status.item.responder:
            self.evidence += Evidence(certificates=(status.item.responder,))
            if not needs_no_check(load(status.item.responder)):
                self._complete_one(status.item.responder, issuer)

    def status(self, certificate: bytes, issuer: bytes) -> RevocationStatus:
        """Return what the evidence gathered so far says of a certificate."""
        now = self._now()
        return revocation_status(
            certificate, issuer, self.evidence, moment=now, known_by=now + CLOCK_TOLERANCE
        )

    def _fetch(
        self, kind: str, certificate: bytes, issuer: bytes, tried: list[str]
    ) -> Iterable[tuple[str, Evidence]]:
        subject, authority = load(certificate), load(issuer)
        for url in _ocsp_urls(subject) if kind == "ocsp" else _crl_urls(subject):
            question = (url, certificate if kind == "ocsp" else b"")
            if question in self._asked:
                continue
            self._asked.add(question)
            try:
                if kind == "ocsp":
                    request = ocsp.OCSPRequestBuilder().add_certificate(
                        subject,
                        authority,
                        hashes.SHA1(),  # noqa: S303  (RFC 5019, 2.1.1)
                    )
                    body = request.build().public_bytes(Encoding.DER)
                    answer = self.client.post(url, body, "application/ocsp-request")
                    yield url, Evidence(ocsps=(answer,))
                else:
                    yield url, Evidence(crls=(_crl_der(self.client.get(url)),))
            except (ServiceError, ValueError) as exc:
                tried.append(exc.message if isinstance(exc, ServiceError) else f"{url}: not a CRL")

    def _fetch_issuers(self, leaf: bytes) -> list[bytes]:
        """Follow caIssuers addresses upwards (RFC 5280, 4.2.2.1)."""
        fetched: list[bytes] = []
        current = try_load(leaf)
        while current is not None and not is_self_issued(current) and len(fetched) < _MAX_ISSUERS:
            found: list[bytes] = []
            for url in _access_urls(current, Access.CA_ISSUERS):
                if (url, b"issuer") in self._asked:
                    continue
                self._asked.add((url, b"issuer"))
                try:
                    found = _certificates(self.client.get(url))
                except (ServiceError, ValueError):
                    continue
                if found:
                    break
            fetched += found
            current = try_load(found[0]) if found else None
        return fetched


def _read_crl_files(services: Services) -> Iterable[bytes]:
    for path in services.crl_files:
        try:
            yield _crl_der(path.read_bytes())
        except OSError as exc:
            raise SettingsError(f"cannot read the CRL {path}: {exc.strerror}") from exc
        except ValueError as exc:
            raise SettingsError(f"{path} is not a CRL", hint="give CRLs in DER or PEM") from exc


def _crl_der(data: bytes) -> bytes:
    pem = _PEM_CRL.search(data)
    crl = x509.load_pem_x509_crl(pem[0]) if pem else x509.load_der_x509_crl(data)
    return crl.public_bytes(Encoding.DER)


def _certificates(data: bytes) -> list[bytes]:
    """Return the certificates of a caIssuers answer: DER, PEM, or a certs-only CMS."""
    if b"-----BEGIN CERTIFICATE" in data:
        return [c.public_bytes(Encoding.DER) for c in x509.load_pem_x509_certificates(data)]
    if try_load(data):
        return [data]
    info = cms.ContentInfo.load(data)
    certificates = [c.chosen.dump() for c in info["content"]["certificates"]]
    return [c for c in certificates if try_load(c)]


def _access_urls(certificate: x509.Certificate, method: x509.ObjectIdentifier) -> list[str]:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except (x509.ExtensionNotFound, ValueError):
        return []
    return _http(d.access_location for d in access.value if d.access_method == method)


def _ocsp_urls(certificate: x509.Certificate) -> list[str]:
    return _access_urls(certificate, Access.OCSP)


def _crl_urls(certificate: x509.Certificate) -> list[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return _http(name for point in points for name in point.full_name or ())


def _http(names: Iterable[x509.GeneralName]) -> list[str]:
    urls = [n.value for n in names if isinstance(n, x509.UniformResourceIdentifier)]
    return [u for u in urls if u.startswith(("http://", "https://"))]
