"""Small authorities whose certificates, CRLs and OCSP answers can be anything, also what no honest one would issue."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from asn1crypto import core, ocsp
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2030, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = timedelta(days=365)
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Extension = tuple[x509.ExtensionType, bool]  # with its criticality
HOLD = x509.ReasonFlags.certificate_hold
REMOVED = x509.ReasonFlags.remove_from_crl
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")


@cache
def key(label: str) -> ec.EllipticCurvePrivateKey:
    """Return the P-256 key of that label, made once."""
    assert label
    return ec.generate_private_key(ec.SECP256R1())


def name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def usage(**bits: bool) -> x509.KeyUsage:
    """Return a keyUsage with the named bits."""
    all_bits = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{bit: bits.get(bit, False) for bit in all_bits})


CA: tuple[Extension, ...] = (
    (x509.BasicConstraints(ca=True, path_length=None), True),
    (usage(key_cert_sign=True, crl_sign=True), True),
)
RESPONDER: tuple[Extension, ...] = ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False),)
NO_CHECK: Extension = (x509.OCSPNoCheck(), False)


def place(url: str = "http://crl.invalid/x", **more: Any) -> Extension:
    """Return CRLDistributionPoints with one point."""
    full = [x509.UniformResourceIdentifier(url)] if url else None
    point = x509.DistributionPoint(
        full, None, more.get("reasons"), [x509.DirectoryName(n) for n in more.get("issuers", ())] or None
    )
    return x509.CRLDistributionPoints([point]), False


def idp(url: str | None = None, **more: Any) -> Extension:
    """Return an IssuingDistributionPoint."""
    values: dict[str, Any] = {
        "full_name": [x509.UniformResourceIdentifier(url)] if url else None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**{**values, **more}), True


@dataclass(frozen=True)
class Holder:
    """A key with a certificate."""

    certificate: x509.Certificate
    key: PrivateKey = field(repr=False)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def issue(
        self,
        label: str,
        *extensions: Extension,
        subject: x509.Name | None = None,
        serial: int | None = None,
        start: datetime = NOW - YEAR,
        end: datetime = NOW + YEAR,
        private: PrivateKey | None = None,
        sha1: bool = False,
    ) -> Holder:
        """Certify a key, that of ``label`` unless one is given."""
        private = private or key(label)
        return _certify(
            subject or name(label),
            private,
            self.certificate.subject,
            self.key,
            extensions,
            serial,
            start,
            end,
            sha1=sha1,
        )

    def crl(
        self,
        *entries: tuple[Holder, datetime] | tuple[Holder, datetime, x509.ReasonFlags],
        at: datetime = NOW - DAY,
        until: datetime | None = None,
        number: int = 1,
        extensions: tuple[Extension, ...] = (),
        entry_extensions: tuple[Extension, ...] = (),
        by: Holder | None = None,
        sha1: bool = False,
    ) -> bytes:
        """Return a CRL of these entries, for a week; ``by`` signs it in this holder's name."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(at)
            .next_update(until or at + 7 * DAY)
            .add_extension(x509.CRLNumber(number), critical=False)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        for who, when, *reason in entries:
            revoked = x509.RevokedCertificateBuilder().revocation_date(when)
            revoked = revoked.serial_number(who.certificate.serial_number)
            if reason:
                revoked = revoked.add_extension(x509.CRLReason(reason[0]), critical=False)
            for extension, critical in entry_extensions:
                revoked = revoked.add_extension(extension, critical=critical)
            builder = builder.add_revoked_certificate(revoked.build())
        signer = (by or self).key
        der = builder.sign(signer, hashes.SHA256()).public_bytes(Encoding.DER)
        return _with_sha1(asn1_crl.CertificateList, "tbs_cert_list", der, signer) if sha1 else der

    def delta(self, *entries: Any, base: int, **options: Any) -> bytes:
        """Return a delta CRL to the base of that number."""
        extensions = (*options.pop("extensions", ()), (x509.DeltaCRLIndicator(base), True))
        return self.crl(*entries, extensions=extensions, **options)

    def answer(self, *singles: dict[str, Any], by: Holder | None = None, **options: Any) -> bytes:
        """Return an OCSP answer about certificates this holder issued; see :func:`single`."""
        signer = by or self
        parsed = asn1.Certificate.load(signer.der)
        data: dict[str, Any] = {
            "responder_id": ocsp.ResponderId("by_name", parsed.subject),
            "produced_at": options.get("produced", singles[0]["this_update"]),
            "responses": list(singles),
        }
        if "extensions" in options:
            data["response_extensions"] = options["extensions"]
        content = ocsp.ResponseData(data)
        digest = hashes.SHA1() if options.get("sha1") else hashes.SHA256()
        assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
        basic = {
            "tbs_response_data": content,
            "signature_algorithm": {"algorithm": f"{digest.name}_ecdsa"},
            "signature": signer.key.sign(content.dump(), ec.ECDSA(digest)),
            "certs": [parsed] if by else None,
        }
        if not by:
            del basic["certs"]
        return bytes(
            ocsp.OCSPResponse(
                {
                    "response_status": "successful",
                    "response_bytes": {
                        "response_type": "basic_ocsp_response",
                        "response": ocsp.BasicOCSPResponse(basic),
                    },
                }
            ).dump()
        )

    def single(
        self,
        who: Holder,
        revoked: datetime | None = None,
        reason: str | None = None,
        *,
        at: datetime = NOW - DAY,
        until: datetime | None = NOW + 6 * DAY,
        extensions: list[dict[str, Any]] | None = None,
        status: str | None = None,
        **changes: Any,
    ) -> dict[str, Any]:
        """Return a SingleResponse; ``changes`` replace fields of its CertID."""
        issuer = asn1.Certificate.load(self.der)
        wanted: dict[str, Any] = {
            "hash_algorithm": {"algorithm": "sha1"},
            "issuer_name_hash": hashlib.sha1(issuer.subject.dump()).digest(),
            "issuer_key_hash": hashlib.sha1(issuer.public_key["public_key"].contents[1:]).digest(),
            "serial_number": who.certificate.serial_number,
        }
        state = ocsp.CertStatus("good", ocsp.StatusGood())
        if status == "unknown":
            state = ocsp.CertStatus("unknown", ocsp.StatusUnknown())
        if revoked is not None:
            info = {"revocation_time": revoked, **({"revocation_reason": reason} if reason else {})}
            state = ocsp.CertStatus("revoked", ocsp.RevokedInfo(info))
        found: dict[str, Any] = {"cert_id": {**wanted, **changes}, "cert_status": state, "this_update": at}
        if until is not None:
            found["next_update"] = until
        if extensions:
            found["single_extensions"] = extensions
        return found


def root(
    label: str = "root",
    *extensions: Extension,
    start: datetime = NOW - 5 * YEAR,
    end: datetime = NOW + 5 * YEAR,
    private: PrivateKey | None = None,
) -> Holder:
    """Return a self-signed authority."""
    private = private or key(label)
    return _certify(name(label), private, name(label), private, extensions or CA, None, start, end)


def generalized(moment: datetime) -> bytes:
    """Return a GeneralizedTime, DER."""
    return bytes(core.GeneralizedTime(moment).dump())


def extension(oid: str, value: bytes, *, critical: bool = False) -> dict[str, Any]:
    """Return an extension as asn1crypto takes it."""
    return {"extn_id": oid, "critical": critical, "extn_value": core.ParsableOctetString(value)}


def _certify(
    subject: x509.Name,
    private: PrivateKey,
    issuer: x509.Name,
    signer: PrivateKey,
    extensions: tuple[Extension, ...],
    serial: int | None,
    start: datetime,
    end: datetime,
    *,
    sha1: bool = False,
) -> Holder:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(private.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )
    for value, critical in extensions:
        builder = builder.add_extension(value, critical=critical)
    certificate = builder.sign(signer, hashes.SHA256())
    if sha1:
        der = certificate.public_bytes(Encoding.DER)
        der = _with_sha1(asn1.Certificate, "tbs_certificate", der, signer)
        certificate = x509.load_der_x509_certificate(der)
    return Holder(certificate, private)


def _with_sha1(kind: Any, content: str, der: bytes, signer: PrivateKey) -> bytes:
    """Sign a certificate or a CRL again, with SHA-1, which ``cryptography`` no longer does."""
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    found = kind.load(der)
    algorithm = {"algorithm": "sha1_ecdsa"}
    found[content]["signature"] = algorithm
    found["signature_algorithm"] = algorithm
    value = "signature_value" if content == "tbs_certificate" else "signature"
    found[value] = signer.sign(found[content].dump(force=True), ec.ECDSA(hashes.SHA1()))
    return bytes(found.dump(force=True))
