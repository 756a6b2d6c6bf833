"""Revocation answers of the kit's authorities: OCSP (RFC 6960) and CRL (RFC 5280, 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import algos, core, ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509

from ecert.testing import keys
from ecert.testing.pki import Authority, Identity, der
from ecert.testing.signing import OTHER_DATA, sign_crl


@dataclass(frozen=True)
class Revocation:
    """One entry of a revocation list: since when, why, and until when if it was lifted (a hold)."""

    at: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified
    released: datetime | None = None

    def in_force(self, now: datetime) -> bool:
        """Return whether the certificate is revoked at ``now``."""
        return self.at <= now and (self.released is None or now < self.released)


#: Revoked certificates of one authority by serial number.
Revocations = Mapping[int, Revocation]


def crl(
    authority: Authority, revocations: Revocations, now: datetime, lifetime: timedelta, *, freshest: str = ""
) -> bytes:
    """Return the DER CRL that ``authority`` publishes at ``now``: what is revoked then.

    ``freshest`` is where its delta CRLs lie (RFC 5280, 5.2.6).
    """
    now = now.replace(microsecond=0)
    builder = _crl_builder(authority, now, lifetime)
    if freshest:
        place = x509.DistributionPoint([x509.UniformResourceIdentifier(freshest)], None, None, None)
        builder = builder.add_extension(x509.FreshestCRL([place]), critical=False)
    for serial, revocation in sorted(revocations.items()):
        if revocation.in_force(now):
            builder = builder.add_revoked_certificate(_entry(serial, revocation))
    return sign_crl(builder, authority.key, authority.digest)


def delta_crl(
    authority: Authority, revocations: Revocations, now: datetime, lifetime: timedelta, *, base: datetime
) -> bytes:
    """Return the DER delta CRL to the complete CRL of ``base`` (RFC 5280, 5.2.4).

    A hold that was lifted since is an entry with the reason removeFromCRL (5.3.1).
    """
    now, base = now.replace(microsecond=0), base.replace(microsecond=0)
    indicator = x509.DeltaCRLIndicator(_number(base))
    builder = _crl_builder(authority, now, lifetime).add_extension(indicator, critical=True)
    for serial, revocation in sorted(revocations.items()):
        before, after = revocation.in_force(base), revocation.in_force(now)
        if after and not before:
            builder = builder.add_revoked_certificate(_entry(serial, revocation))
        elif before and not after:
            lifted = replace(revocation, reason=x509.ReasonFlags.remove_from_crl)
            builder = builder.add_revoked_certificate(_entry(serial, lifted))
    return sign_crl(builder, authority.key, authority.digest)


def _crl_builder(authority: Authority, now: datetime, lifetime: timedelta) -> x509.CertificateRevocationListBuilder:
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now)
        .next_update(now + lifetime)
        .add_extension(x509.CRLNumber(_number(now)), critical=False)
        .add_extension(identifier, critical=False)
    )


def _number(moment: datetime) -> int:
    """Return the number of the CRL of a moment: growing, and the same for complete and delta."""
    return int(moment.timestamp())


def _entry(serial: int, revocation: Revocation) -> x509.RevokedCertificate:
    builder = (
        x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(revocation.at.replace(microsecond=0))
    )
    if revocation.reason is not x509.ReasonFlags.unspecified:  # RFC 5280, 5.3.1: leave it out
        builder = builder.add_extension(x509.CRLReason(revocation.reason), critical=False)
    return builder.build()


@dataclass(frozen=True, eq=False)
class OcspResponder:
    """Answer for one authority with a delegated certificate (RFC 6960, 4.2.2.2).

    Written with asn1crypto because ``cryptography``'s builder takes producedAt from the system's
    clock, which the office's clock may be years away from.
    """

    authority: Authority
    identity: Identity

    def answer(
        self,
        request: bytes,
        revocations: Revocations,
        now: datetime,
        *,
        lifetime: timedelta | None,
        unknown: Callable[[int], bool] = frozenset[int]().__contains__,
        flip_nonce: bool = False,
        next_serial: bool = False,
        unsigned: bool = False,
    ) -> bytes:
        """Return the DER OCSPResponse to a DER OCSPRequest, with the status at ``now``.

        ``lifetime`` None leaves nextUpdate out; ``unknown`` says which serial numbers get that
        status. A nonce is echoed. ``flip_nonce``, ``next_serial`` (the answer is about another
        certificate) and ``unsigned`` plant faults.
        """
        try:
            query = ocsp.OCSPRequest.load(request, strict=True)["tbs_request"]
            asked = [entry["req_cert"] for entry in query["request_list"]]
            _ = query.native
        except (ValueError, TypeError):
            return _failure("malformed_request")
        if not asked or not all(self._is_ours(each) for each in asked):
            return _failure("unauthorized")
        now = now.replace(microsecond=0)
        responses = []
        for each in asked:
            if next_serial:
                each["serial_number"] = each["serial_number"].native + 1
            serial = each["serial_number"].native
            response = {
                "cert_id": each,
                "cert_status": _status(serial, revocations, now, unknown(serial)),
                "this_update": now,
            }
            if lifetime is not None:
                response["next_update"] = now + lifetime
            responses.append(response)
        data: dict[str, Any] = {
            "responder_id": ocsp.ResponderId("by_key", self._key_hash),
            "produced_at": now,
            "responses": responses,
        }
        nonces = [e for e in query["request_extensions"] if e["extn_id"].native == "nonce"]
        if nonces:
            value = nonces[0]["extn_value"].parsed.native
            if flip_nonce:
                value = bytes([value[0] ^ 1]) + value[1:]
            extension = {"extn_id": "nonce", "extn_value": core.OctetString(value)}
            data["response_extensions"] = [extension]
        return self._signed(ocsp.ResponseData(data), unsigned=unsigned)

    @property
    def _key_hash(self) -> bytes:
        """Return the responder's KeyHash: SHA-1 over the key's BIT STRING (RFC 6960, 4.2.1)."""
        public_key = self.identity.certificate.public_key()
        return x509.SubjectKeyIdentifier.from_public_key(public_key).digest

    def _is_ours(self, wanted: Any) -> bool:
        """Return whether a CertID names our authority by name and key (RFC 6960, 4.1.1)."""
        algorithm = wanted["hash_algorithm"]["algorithm"].native
        if algorithm not in ("sha1", "sha256", "sha384", "sha512"):
            return False
        own = asn1_x509.Certificate.load(der(self.authority.certificate))
        name = hashlib.new(algorithm, own.subject.dump()).digest()
        key = hashlib.new(algorithm, own.public_key["public_key"].contents[1:]).digest()
        found = (wanted["issuer_name_hash"].native, wanted["issuer_key_hash"].native)
        return found == (name, key)

    def _signed(self, data: ocsp.ResponseData, *, unsigned: bool) -> bytes:
        key, digest = self.identity.key, self.identity.digest
        basic = ocsp.BasicOCSPResponse(
            {
                "tbs_response_data": data,
                "signature_algorithm": keys.signature_algorithm(key, digest),
                "signature": keys.sign(key, OTHER_DATA if unsigned else data.dump(), digest),
                "certs": [asn1_x509.Certificate.load(der(self.identity.certificate))],
            }
        )
        content = {"response_type": "basic_ocsp_response", "response": basic}
        response = {"response_status": "successful", "response_bytes": content}
        return bytes(ocsp.OCSPResponse(response).dump())


def ocsp_request(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    """Return a DER OCSPRequest for one certificate, without a nonce (CertID hashed with SHA-1)."""
    parsed = asn1_x509.Certificate.load(der(issuer))
    wanted = {
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha1"}),
        "issuer_name_hash": hashlib.sha1(parsed.subject.dump()).digest(),
        "issuer_key_hash": hashlib.sha1(parsed.public_key["public_key"].contents[1:]).digest(),
        "serial_number": certificate.serial_number,
    }
    request = {"tbs_request": {"request_list": [{"req_cert": wanted}]}}
    return bytes(ocsp.OCSPRequest(request).dump())


def _status(serial: int, revocations: Revocations, now: datetime, unknown: bool) -> ocsp.CertStatus:
    if unknown:
        return ocsp.CertStatus("unknown", ocsp.StatusUnknown())
    revocation = revocations.get(serial)
    if revocation is None or not revocation.in_force(now):
        return ocsp.CertStatus("good", ocsp.StatusGood())
    info: dict[str, Any] = {"revocation_time": revocation.at.replace(microsecond=0)}
    if revocation.reason is not x509.ReasonFlags.unspecified:
        info["revocation_reason"] = _REASONS[revocation.reason]
    return ocsp.CertStatus("revoked", ocsp.RevokedInfo(info))


_REASONS = {
    x509.ReasonFlags.key_compromise: "key_compromise",
    x509.ReasonFlags.ca_compromise: "ca_compromise",
    x509.ReasonFlags.affiliation_changed: "affiliation_changed",
    x509.ReasonFlags.superseded: "superseded",
    x509.ReasonFlags.cessation_of_operation: "cessation_of_operation",
    x509.ReasonFlags.certificate_hold: "certificate_hold",
    x509.ReasonFlags.remove_from_crl: "remove_from_crl",
    x509.ReasonFlags.privilege_withdrawn: "privilege_withdrawn",
    x509.ReasonFlags.aa_compromise: "aa_compromise",
}


def _failure(status: str) -> bytes:
    return bytes(ocsp.OCSPResponse({"response_status": status}).dump())
