"""Cryptographic constraints (EN 319 102-1, 5.2.8): what a signature leans on, and until when that is reliable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ecert.formats.pades.algorithms import key_size
from ecert.formats.pades.cms import SignedMessage, TimestampToken
from ecert.model.algorithms import AlgorithmLimit, digest_limit, signature_limits
from ecert.trust.certificates import public_key
from ecert.trust.paths import CertificatePath, weakest_links


def message_limits(message: SignedMessage, path: CertificatePath) -> Iterator[AlgorithmLimit]:
    """Yield the limits of a signature's digests, scheme and key, and of its path's certificates.

    The anchor's own signature does not matter (RFC 5280, 6.1.1 (d)), nor does SHA-1 in ESSCertID
    (RFC 2634, 5.4.1): a second certificate of the same digest is still out of everybody's reach.
    """
    yield digest_limit(message.digest_algorithm)
    assert message.signer_certificate is not None
    size = key_size(public_key(message.signer_certificate))
    yield from signature_limits(message.scheme.kind, message.scheme.digest, size)
    for link in weakest_links(path):
        yield from signature_limits(link.scheme, link.digest, link.key_size)


def timestamp_limits(token: TimestampToken, path: CertificatePath) -> Iterator[AlgorithmLimit]:
    """Yield the limits of a time-stamp token, its imprint's digest included."""
    yield digest_limit(token.imprint_algorithm)
    yield from message_limits(token.message, path)


def passed_limits(limits: Iterator[AlgorithmLimit], moment: datetime) -> list[AlgorithmLimit]:
    """Return the limits that had passed at ``moment``, each once."""
    return [limit for limit in dict.fromkeys(limits) if limit.passed(moment)]
