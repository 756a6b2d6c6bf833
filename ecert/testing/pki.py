"""A throwaway PKI: authorities that issue, identities that sign (RFC 5280 profiles).

``Authority.root`` → ``Authority.subordinate`` → ``Authority.issue`` gives an ``Identity``:
a key, its certificate and the certificates above it.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from ecert.testing import extensions, names
from ecert.testing.extensions import SIGNING, Part, Use
from ecert.testing.keys import Algorithm, Digest, PrivateKey, new_key
from ecert.testing.signing import sign_certificate

YEAR, MONTH = timedelta(days=365), timedelta(days=30)

_BY_CRL: tuple[Part, ...] = ("ocsp",)


@dataclass(frozen=True, eq=False)
class Identity:
    """A leaf certificate with its key; ``chain`` holds those above it, nearest first, root last.

    ``digest`` is what an OCSP responder or a TSA signs with; None is the key's own.
    """

    key: PrivateKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    digest: Digest | None = None

    @property
    def name(self) -> str:
        """Return the CN of the certificate."""
        return names.common_name(self.certificate.subject)

    @property
    def issuers(self) -> tuple[x509.Certificate, ...]:
        """Return the chain without the root: what goes into a token, a key file or a signature."""
        return self.chain[:-1]

    def write_pkcs12(self, path: Path, password: str) -> None:
        """Write key, certificate and issuers as PKCS#12 (RFC 7292), readable by the owner alone."""
        _write_private(path, self.pkcs12(password))

    def pkcs12(self, password: str) -> bytes:
        """Return key, certificate and issuers as PKCS#12 (RFC 7292)."""
        return pkcs12.serialize_key_and_certificates(
            self.name.encode(),
            self.key,
            self.certificate,
            self.issuers,
            serialization.BestAvailableEncryption(password.encode()),
        )

    def write_pem(self, path: Path, password: str) -> None:
        """Write encrypted PKCS#8 key, certificate and issuers as one PEM, for the owner alone."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password.encode()),
        )
        certificates = (self.certificate, *self.issuers)
        _write_private(path, key + b"".join(pem(each) for each in certificates))


@dataclass(frozen=True, eq=False)
class Authority:
    """A certification authority: a root (``issuer`` is None) or one below it.

    ``slug`` names its endpoints below ``base_url``: ``/ocsp/<slug>``, ``/crl/<slug>.crl`` and
    ``/ca/<slug>.cer``. ``digest`` is what it and everybody below it sign certificates, CRLs, OCSP
    answers and time-stamps with; None is the key's own.
    """

    slug: str
    key: PrivateKey = field(repr=False)
    certificate: x509.Certificate
    base_url: str
    issuer: Authority | None = None
    digest: Digest | None = None

    @classmethod
    def root(
        cls,
        slug: str,
        common_name: str,
        *,
        base_url: str,
        not_before: datetime,
        not_after: datetime,
        algorithm: Algorithm = "rsa2048",
        key: PrivateKey | None = None,
        digest: Digest | None = None,
    ) -> Authority:
        """Make a self-signed root valid from ``not_before`` to ``not_after`` (aware datetimes)."""
        key = key or new_key(algorithm)
        subject = names.authority_name(common_name)
        builder = extensions.start(subject, subject, key, not_before, not_after)
        builder = extensions.authority(builder, path_length=None)
        certificate = sign_certificate(builder, key, digest)
        return cls(slug, key, certificate, base_url, digest=digest)

    def subordinate(
        self,
        slug: str,
        common_name: str,
        *,
        not_before: datetime,
        not_after: datetime,
        algorithm: Algorithm = "rsa2048",
        key: PrivateKey | None = None,
        omit: Collection[Part] = _BY_CRL,
    ) -> Authority:
        """Make an authority below this one; its own status comes by CRL unless ``omit`` differs."""
        key = key or new_key(algorithm)
        subject, issuer = names.authority_name(common_name), self.certificate.subject
        builder = extensions.start(subject, issuer, key, not_before, not_after, omit)
        builder = extensions.authority(builder, path_length=0)
        certificate = self._sign(builder, omit)
        return Authority(slug, key, certificate, self.base_url, self, self.digest)

    def issue(
        self,
        subject: x509.Name,
        *,
        not_before: datetime,
        not_after: datetime,
        algorithm: Algorithm = "rsa2048",
        key: PrivateKey | None = None,
        use: Use = SIGNING,
        omit: Collection[Part] = (),
    ) -> Identity:
        """Issue a leaf certificate for ``subject`` with a fresh key, or with the one given.

        ``omit`` leaves out extensions by name (``Part``). An OCSP responder's certificate says
        id-pkix-ocsp-nocheck and points to no service (RFC 6960, 4.2.2.2.1).
        """
        key = key or new_key(algorithm)
        issuer = self.certificate.subject
        builder = extensions.start(subject, issuer, key, not_before, not_after, omit)
        builder = extensions.leaf(builder, use, omit)
        if use.no_check:
            omit = {*omit, "crl", "ocsp", "issuers"}
        return Identity(key, self._sign(builder, omit), self.chain, self.digest)

    @property
    def name(self) -> str:
        """Return the CN of the authority."""
        return names.common_name(self.certificate.subject)

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """Return this authority's certificate and those above it, the root last."""
        above = self.issuer.chain if self.issuer else ()
        return (self.certificate, *above)

    @property
    def crl_url(self) -> str:
        """Return where this authority publishes its CRL."""
        return f"{self.base_url}/crl/{self.slug}.crl"

    @property
    def ocsp_url(self) -> str:
        """Return where this authority answers OCSP requests."""
        return f"{self.base_url}/ocsp/{self.slug}"

    @property
    def certificate_url(self) -> str:
        """Return where this authority's own certificate lies (AIA caIssuers)."""
        return f"{self.base_url}/ca/{self.slug}.cer"

    def expired(self, now: datetime) -> x509.Certificate:
        """Return a certificate of the same name and key that expired a month before ``now``."""
        issuer, key = self.issuer, self.key
        subject = self.certificate.subject
        above = issuer.certificate.subject if issuer else subject
        builder = extensions.start(subject, above, key, now - 2 * YEAR, now - MONTH, _BY_CRL)
        builder = extensions.authority(builder, path_length=0 if issuer else None)
        if issuer:
            return issuer._sign(builder, _BY_CRL)
        return sign_certificate(builder, key, self.digest)

    def expired_twin(self, identity: Identity, use: Use, now: datetime) -> Identity:
        """Return a leaf of the same name and key that expired a month before ``now``."""
        return self.issue(
            identity.certificate.subject, not_before=now - 2 * YEAR, not_after=now - MONTH, key=identity.key, use=use
        )

    def _sign(self, builder: x509.CertificateBuilder, omit: Collection[Part]) -> x509.Certificate:
        builder = extensions.pointers(
            builder, self.key, crl_url=self.crl_url, ocsp_url=self.ocsp_url, issuer_url=self.certificate_url, omit=omit
        )
        return sign_certificate(builder, self.key, self.digest)


def pem(certificate: x509.Certificate) -> bytes:
    """Return the certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def der(certificate: x509.Certificate) -> bytes:
    """Return the certificate as DER."""
    return certificate.public_bytes(serialization.Encoding.DER)


def _write_private(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
