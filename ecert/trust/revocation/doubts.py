"""What says *revoked* among CRLs and OCSP answers that were not chosen as evidence.

Nothing here is judged: a word is enough to have all of them looked at (docs/adr/0007-revocation.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from ecert.model.evidence import Evidence
from ecert.trust.certificates import serial_number, try_load
from ecert.trust.revocation.crl import entry, read_crl
from ecert.trust.revocation.statements import LIFTED
from ecert.trust.signed import UNREADABLE


def doubt_any(doubts: Evidence, evidence: Evidence) -> bool:
    """Return whether any of ``doubts`` says of a certificate of ``evidence`` that it is revoked or on hold.

    Certificates of OCSP responders stand in their answers.
    """
    certificates = {*evidence.certificates, *_responders(evidence.ocsps)}
    known = {der: serial_number(der) for der in certificates if try_load(der) is not None}
    return any(_crl_doubts(der, known) for der in doubts.crls) or any(
        _ocsp_doubts(der, known.values()) for der in doubts.ocsps
    )


def _responders(answers: Iterable[bytes]) -> Iterator[bytes]:
    for der in answers:
        try:
            for certificate in ocsp.load_der_ocsp_response(der).certificates:
                yield certificate.public_bytes(Encoding.DER)
        except UNREADABLE:
            continue


def _crl_doubts(der: bytes, certificates: Iterable[bytes]) -> bool:
    if read_crl(der) is None:
        return False
    try:
        found = [entry(der, certificate) for certificate in certificates]
    except UNREADABLE:
        return False
    return any(each is not None and each.reason != LIFTED for each in found)


def _ocsp_doubts(der: bytes, serials: Iterable[int]) -> bool:
    wanted = set(serials)
    try:
        answer = ocsp.load_der_ocsp_response(der)
        return any(
            single.serial_number in wanted and single.certificate_status is ocsp.OCSPCertStatus.REVOKED
            for single in answer.responses
        )
    except UNREADABLE:
        return False
