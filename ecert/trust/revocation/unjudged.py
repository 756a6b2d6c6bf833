"""Revocation data that nobody here can verify: signed with an algorithm that is not judged.

It says nothing, as all data whose signature is not right; yet whoever looks for what is missing should know that it is
there.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import ocsp
from cryptography.x509.oid import SignatureAlgorithmOID

from ecert.formats.pades.algorithms import algorithm_name
from ecert.model.evidence import Evidence
from ecert.trust.revocation.crl import read_crl
from ecert.trust.revocation.ocsp import answers_about, load_answer
from ecert.trust.revocation.scope import crls_about
from ecert.trust.signed import UNREADABLE


def unjudged_algorithm(certificate: bytes, evidence: Evidence) -> str | None:
    """Return the algorithm, not judged here, by which an answer or CRL about a certificate was signed, or None."""
    found: list[ocsp.OCSPResponse | x509.CertificateRevocationList] = []
    found += [load_answer(der) for der in answers_about(evidence.ocsps, certificate)]
    found += [crl.parsed for der in crls_about(evidence.crls, certificate) if (crl := read_crl(der)) is not None]
    return next((name for each in found if (name := _unjudged(each)) is not None), None)


def _unjudged(signed: ocsp.OCSPResponse | x509.CertificateRevocationList) -> str | None:
    try:
        oid = signed.signature_algorithm_oid
        if signed.signature_hash_algorithm is not None or oid == SignatureAlgorithmOID.ED25519:
            return None
    except UnsupportedAlgorithm:
        pass
    except UNREADABLE:
        return None
    return algorithm_name(oid.dotted_string)
