"""What OCSP answers say about a certificate (RFC 6960): authentic statements, whenever they are looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import OCSPExtensionOID

from ecert.formats.asn1_bounds import ocsp_excess
from ecert.formats.pades.asn1 import set_up
from ecert.trust.certificates import public_key_info, serial_number
from ecert.trust.extensions import check_extensions, is_unknown, listed
from ecert.trust.naming import encoded_names, issuer_key, name_key, subject_key
from ecert.trust.revocation.statements import LIFTED, RevocationItem, Statement
from ecert.trust.signed import UNREADABLE, SignatureAlgorithm, certified_by, signed_by
from ecert.trust.usage import may_answer_ocsp

MAX_RESPONDERS = 8  # certificates of one answer that are tried
_ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6"
#: critical extensions that change nothing for us: nonce and extended revoke, CrlID, CRL entry
#: extensions (RFC 6960, 4.4) and certificate transparency (RFC 6962, 3.3)
_KNOWN = {
    OCSPExtensionOID.NONCE.dotted_string,
    "1.3.6.1.5.5.7.48.1.9",
    "1.3.6.1.5.5.7.48.1.3",
    _ARCHIVE_CUTOFF,
    "2.5.29.21",
    "2.5.29.24",
    "1.3.6.1.4.1.11129.2.4.5",
}


@lru_cache(maxsize=512)
def load_answer(der: bytes) -> ocsp.OCSPResponse:
    """Return a parsed answer.

    Raises:
        ValueError: it holds more than is judged, or (others of ``UNREADABLE`` too) is none.
    """
    excess = ocsp_excess(der)
    if excess is not None:
        raise ValueError(f"the OCSP answer exceeds a limit: {excess.what}")
    return ocsp.load_der_ocsp_response(der)


@lru_cache(maxsize=512)
def _serials(der: bytes) -> frozenset[int]:
    """Return the serial numbers of the certificates an answer tells of."""
    try:
        return frozenset(single.serial_number for single in load_answer(der).responses)
    except UNREADABLE:
        return frozenset()


@lru_cache(maxsize=16)
def _by_serial(ocsps: tuple[bytes, ...]) -> dict[int, list[bytes]]:
    found: dict[int, list[bytes]] = {}
    for der in ocsps:
        for serial in _serials(der):
            found.setdefault(serial, []).append(der)
    return found


def answers_about(ocsps: tuple[bytes, ...], certificate: bytes) -> list[bytes]:
    """Return the answers that tell of a certificate of this serial number."""
    return _by_serial(ocsps).get(serial_number(certificate), [])


@lru_cache(maxsize=512)
def ocsp_statements(der: bytes, certificate: bytes, issuer: bytes) -> tuple[Statement, ...]:
    """Return what an answer says about a certificate; nothing where it is not authentic.

    It counts where it is a successful basic response, names the certificate by issuer name, issuer key
    and serial number, is signed by the issuer or a responder the issuer certified for it (4.2.2.2), and holds
    no critical extension nobody here knows. Whether the signer's certificate still stands is asked elsewhere.
    """
    try:
        response = load_answer(der)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return ()
        about = [
            (number, single)
            for number, single in enumerate(response.responses)
            if _is_about(single, certificate, issuer)
        ]
        if not about or _unknown_critical(response.extensions):
            return ()
        signer = _signer(response, issuer)
        if signer is None:
            return ()
        extensions = _single_extensions(response, der)
        return tuple(
            statement
            for number, single in about
            if (statement := _statement(der, response, single, extensions[number], *signer))
        )
    except (*UNREADABLE, KeyError, IndexError, AttributeError):
        return ()


@lru_cache(maxsize=512)
def produced_at(der: bytes) -> datetime | None:
    """Return when an OCSP answer says it was made, or None where the bytes are no such answer."""
    try:
        return load_answer(der).produced_at_utc
    except UNREADABLE:
        return None


def _statement(
    der: bytes,
    response: ocsp.OCSPResponse,
    single: ocsp.OCSPSingleResponse,
    extensions: Any,
    signer: bytes,
    algorithms: tuple[SignatureAlgorithm, ...],
) -> Statement | None:
    produced, updated, following = (response.produced_at_utc, single.this_update_utc, single.next_update_utc)
    if single.certificate_status is ocsp.OCSPCertStatus.UNKNOWN or _unknown_critical(extensions):
        return None
    if produced < updated or (following is not None and following < updated):  # 4.2.2.1
        return None
    reason = single.revocation_reason.value if single.revocation_reason else None
    item = RevocationItem(
        "ocsp", updated, following, None if reason == LIFTED else single.revocation_time_utc, reason, der
    )
    cutoff = _archive_cutoff(extensions)
    return Statement(item, produced, signer, (der,), algorithms, expired_since=cutoff)


# ── which certificate it is about ─────────────────────────────────────────────────────────────────


def _is_about(single: ocsp.OCSPSingleResponse, certificate: bytes, issuer: bytes) -> bool:
    if single.serial_number != serial_number(certificate):
        return False
    # name and key (RFC 6960, 4.1.1): two authorities may have one name, and give out one serial number
    algorithm = single.hash_algorithm.name
    if single.issuer_key_hash != hashlib.new(algorithm, key_bits(issuer)).digest():
        return False
    names = (encoded_names(certificate)[1], encoded_names(issuer)[0])  # the same, seldom encoded alike
    return any(single.issuer_name_hash == hashlib.new(algorithm, n).digest() for n in names)


@lru_cache(maxsize=512)
def key_bits(certificate: bytes) -> bytes:
    """Return the subjectPublicKey BIT STRING's value, without its count of unused bits."""
    spki = public_key_info(certificate)

    def header(at: int) -> tuple[int, int]:
        length, start = spki[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, start = int.from_bytes(spki[start : start + count], "big"), start + count
        return start, length

    outer, _ = header(0)
    algorithm, length = header(outer)
    bits, size = header(algorithm + length)
    return spki[bits + 1 : bits + size]


# ── who signed it ─────────────────────────────────────────────────────────────────────────────────


def _signer(response: ocsp.OCSPResponse, issuer: bytes) -> tuple[bytes, tuple[SignatureAlgorithm, ...]] | None:
    """Return who signed: a responder the issuer authorised, or the issuer itself (4.2.2.2)."""
    for candidate in _delegates(response, issuer):
        certified, signed = certified_by(candidate, issuer), signed_by(response, candidate)
        if certified is not None and signed is not None:
            return candidate, (signed, certified)
    if _named(response, issuer) and (own := signed_by(response, issuer)) is not None:
        return issuer, (own,)
    return None


def _delegates(response: ocsp.OCSPResponse, issuer: bytes) -> Iterator[bytes]:
    produced = response.produced_at_utc
    for candidate in response.certificates[:MAX_RESPONDERS]:
        if not candidate.not_valid_before_utc <= produced <= candidate.not_valid_after_utc:
            continue
        der = candidate.public_bytes(Encoding.DER)
        if not may_answer_ocsp(der) or not _only_known_extensions(der):
            continue
        if _named(response, der) and issuer_key(der) == subject_key(issuer):
            yield der


def _named(response: ocsp.OCSPResponse, candidate: bytes) -> bool:
    if response.responder_name is not None:
        return name_key(response.responder_name) == subject_key(candidate)
    # byKey is a SHA-1 in every answer (RFC 6960, 4.2.1); it finds a certificate, and proves nothing
    return response.responder_key_hash == hashlib.sha1(key_bits(candidate)).digest()  # noqa: S324


def _only_known_extensions(responder: bytes) -> bool:
    """Return whether a responder's certificate has no critical extension beyond those judged or harmless."""
    check_extensions(responder)
    return not any(e.critical and is_unknown(responder, oid) for oid, e in listed(responder).items())


# ── extensions ────────────────────────────────────────────────────────────────────────────────────


def _unknown_critical(extensions: Any) -> bool:
    return any(e.critical and e.oid.dotted_string not in _KNOWN for e in extensions)


def _single_extensions(response: ocsp.OCSPResponse, der: bytes) -> list[Any]:
    """Return the singleExtensions of each single response; ``cryptography`` tells those of a lone one."""
    count = sum(1 for _ in response.responses)
    if count == 1:
        return [response.single_extensions]
    from asn1crypto import ocsp as asn1

    set_up()
    basic = asn1.OCSPResponse.load(der)["response_bytes"]["response"].parsed
    return [
        [
            x509.Extension(
                x509.ObjectIdentifier(e["extn_id"].dotted),
                e["critical"].native,
                x509.UnrecognizedExtension(x509.ObjectIdentifier(e["extn_id"].dotted), e["extn_value"].contents),
            )
            for e in single["single_extensions"]
        ]
        for single in basic["tbs_response_data"]["responses"]
    ]


def _archive_cutoff(extensions: Any) -> datetime | None:
    from asn1crypto import core

    set_up()
    for extension in extensions:
        if extension.oid.dotted_string == _ARCHIVE_CUTOFF:
            found = core.GeneralizedTime.load(extension.value.value, strict=True).native
            return found if isinstance(found, datetime) else None
    return None
