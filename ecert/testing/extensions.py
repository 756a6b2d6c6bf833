"""What stands in the kit's certificates: validity, uses and pointers (RFC 5280, 4.2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, ObjectIdentifier

from ecert.testing.keys import PrivateKey

#: id-kp-documentSigning (RFC 9336)
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")

#: Extensions a caller may leave out of a certificate, by name.
Part = Literal["ski", "aki", "crl", "ocsp", "issuers", "key-usage", "extended-key-usage"]


@dataclass(frozen=True)
class Use:
    """What a leaf certificate is for: bits of keyUsage and purposes of extendedKeyUsage."""

    digital_signature: bool = True
    non_repudiation: bool = True
    purposes: tuple[ObjectIdentifier, ...] = (DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)
    purposes_critical: bool = False
    no_check: bool = False  # id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1)


SIGNING = Use()
TIME_STAMPING = Use(
    purposes=(ExtendedKeyUsageOID.TIME_STAMPING,),
    purposes_critical=True,  # alone and critical: RFC 3161, 2.3
)
OCSP_SIGNING = Use(non_repudiation=False, purposes=(ExtendedKeyUsageOID.OCSP_SIGNING,), no_check=True)


def start(
    subject: x509.Name,
    issuer: x509.Name,
    key: PrivateKey,
    not_before: datetime,
    not_after: datetime,
    omit: Collection[Part] = (),
) -> x509.CertificateBuilder:
    """Return a builder with names, key, random serial number, validity (whole seconds) and SKI."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before.replace(microsecond=0))
        .not_valid_after(not_after.replace(microsecond=0))
    )
    if "ski" in omit:
        return builder
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return builder.add_extension(identifier, critical=False)


def authority(builder: x509.CertificateBuilder, path_length: int | None) -> x509.CertificateBuilder:
    """Add basicConstraints and keyUsage of a certification authority, both critical."""
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    usage = _key_usage(authority=True)
    return builder.add_extension(constraints, critical=True).add_extension(usage, critical=True)


def leaf(builder: x509.CertificateBuilder, use: Use, omit: Collection[Part]) -> x509.CertificateBuilder:
    """Add basicConstraints, keyUsage and extendedKeyUsage of a leaf certificate."""
    constraints = x509.BasicConstraints(ca=False, path_length=None)
    builder = builder.add_extension(constraints, critical=True)
    if "key-usage" not in omit:
        usage = _key_usage(use.digital_signature, use.non_repudiation)
        builder = builder.add_extension(usage, critical=True)
    if use.purposes and "extended-key-usage" not in omit:
        purposes = x509.ExtendedKeyUsage(use.purposes)
        builder = builder.add_extension(purposes, critical=use.purposes_critical)
    if use.no_check:
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    return builder


def pointers(
    builder: x509.CertificateBuilder,
    issuer_key: PrivateKey,
    *,
    crl_url: str,
    ocsp_url: str,
    issuer_url: str,
    omit: Collection[Part],
) -> x509.CertificateBuilder:
    """Add what names the issuer and its services: AKI, CRL distribution point, AIA."""
    if "aki" not in omit:
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
        builder = builder.add_extension(identifier, critical=False)
    if "crl" not in omit:
        point = x509.DistributionPoint([_uri(crl_url)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    access = []
    if "ocsp" not in omit:
        kind = AuthorityInformationAccessOID.OCSP
        access.append(x509.AccessDescription(kind, _uri(ocsp_url)))
    if "issuers" not in omit:
        kind = AuthorityInformationAccessOID.CA_ISSUERS
        access.append(x509.AccessDescription(kind, _uri(issuer_url)))
    if access:
        builder = builder.add_extension(x509.AuthorityInformationAccess(access), critical=False)
    return builder


def _key_usage(
    digital_signature: bool = False, non_repudiation: bool = False, authority: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=non_repudiation,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _uri(url: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(url)
