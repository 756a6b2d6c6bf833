"""Write CMS SignedData (RFC 5652) as PAdES wants it (EN 319 142-1, 5 and 6).

One signer, detached, DER; signed attributes content-type, message-digest, signing-certificate-v2
(RFC 5035) and CMS algorithm protection (RFC 6211); no signing-time, which PAdES puts into the
signature dictionary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ecert.formats.certificate_parts import issuer_and_number
from ecert.formats.pades.algorithms import SignatureScheme
from ecert.formats.pades.der import NULL, integer, octets, oid, sequence, set_of, tlv

_DATA = "1.2.840.113549.1.7.1"
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52"
_SIGNATURE_TIMESTAMP = "1.2.840.113549.1.9.16.2.14"
_DIGESTS = {"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}
_RSA = {"sha256": "1.2.840.113549.1.1.11", "sha384": "1.2.840.113549.1.1.12", "sha512": "1.2.840.113549.1.1.13"}
_ECDSA = {"sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3", "sha512": "1.2.840.10045.4.3.4"}
_RSA_PSS = "1.2.840.113549.1.1.10"
_MGF1 = "1.2.840.113549.1.1.8"
_ED25519 = "1.3.101.112"


def _digest_algorithm(scheme: SignatureScheme) -> bytes:
    """Return the digest's AlgorithmIdentifier, parameters absent (RFC 5754, 2)."""
    return sequence(oid(_DIGESTS[scheme.digest]))


def _signature_algorithm(scheme: SignatureScheme) -> bytes:
    """Return the signature's AlgorithmIdentifier (RFC 4055, 5758, 8410)."""
    match scheme.kind:
        case "rsa-pkcs1":
            return sequence(oid(_RSA[scheme.digest]), NULL)
        case "ecdsa":
            return sequence(oid(_ECDSA[scheme.digest]))
        case "ed25519":
            return sequence(oid(_ED25519))
        case "rsa-pss":
            digest = sequence(oid(_DIGESTS[scheme.digest]), NULL)
            return sequence(
                oid(_RSA_PSS),
                sequence(
                    tlv(0xA0, digest),
                    tlv(0xA1, sequence(oid(_MGF1), digest)),
                    tlv(0xA2, integer(scheme.salt_length or 0)),
                ),
            )


def _attribute(kind: str, value: bytes) -> bytes:
    return sequence(oid(kind), set_of(value))


def signed_attributes(digest: bytes, certificate: bytes, scheme: SignatureScheme) -> bytes:
    """Return the DER of the signed attributes: the very bytes a key has to sign (RFC 5652, 5.4).

    ``digest`` is over the byte ranges with the scheme's hash; ``certificate`` is the signer's, DER.
    """
    # ESSCertIDv2 with its default hash, SHA-256; issuerSerial says nothing that the hash does not
    certificate_id = sequence(octets(hashlib.sha256(certificate).digest()))
    signature_algorithm = _signature_algorithm(scheme)
    protection = sequence(
        _digest_algorithm(scheme),
        b"\xa1" + signature_algorithm[1:],  # [1] IMPLICIT
    )
    return set_of(
        _attribute(_CONTENT_TYPE, oid(_DATA)),
        _attribute(_MESSAGE_DIGEST, octets(digest)),
        _attribute(_SIGNING_CERTIFICATE_V2, sequence(sequence(certificate_id))),
        _attribute(_ALGORITHM_PROTECTION, protection),
    )


def build_signed_data(
    attributes: bytes,
    signature: bytes,
    scheme: SignatureScheme,
    certificates: Sequence[bytes],
    timestamp: bytes | None = None,
) -> bytes:
    """Return the DER of a detached SignedData; ``certificates`` holds the signer's first."""
    parts = [
        integer(1),  # version: the signer is named by issuer and serial number (RFC 5652, 5.3)
        sequence(*issuer_and_number(certificates[0])),
        _digest_algorithm(scheme),
        b"\xa0" + attributes[1:],  # [0] IMPLICIT SET OF
        _signature_algorithm(scheme),
        octets(signature),
    ]
    if timestamp is not None:
        parts.append(tlv(0xA1, _attribute(_SIGNATURE_TIMESTAMP, timestamp)))
    data = sequence(
        integer(1),  # version: content is id-data, nothing but certificates beside it (RFC 5652, 5.1)
        set_of(_digest_algorithm(scheme)),
        sequence(oid(_DATA)),
        tlv(0xA0, *sorted(certificates)),  # a SET OF: its order is that of DER, not of the chain
        set_of(sequence(*parts)),
    )
    return sequence(oid(_SIGNED_DATA), tlv(0xA0, data))
