"""Cryptographic constraints (EN 319 102-1, 5.2.8): what a signature leans on, and until when that is reliable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ecert.errors import Reason
from ecert.formats.pades.algorithms import key_size
from ecert.formats.pades.cms import SignedMessage, TimestampToken
from ecert.model.algorithms import AlgorithmLimit, digest_limit, signature_limits
from ecert.trust.certificates import public_key
from ecert.trust.paths import CertificatePath, named_link, weakest_links


@dataclass(frozen=True)
class Reliance:
    """One algorithm that a signature leans on; by which a ``certificate``, DER, was signed, or else the document."""

    limit: AlgorithmLimit
    certificate: bytes | None = None

    @property
    def name(self) -> str | Reason:
        """Return what it is called, the certificate named where it is one's signature."""
        return named_link(self.limit.name, self.certificate) if self.certificate is not None else self.limit.name


def message_limits(message: SignedMessage, path: CertificatePath) -> Iterator[Reliance]:
    """Yield the limits of a signature's digests, scheme and key, and of its path's certificates.

    The anchor's own signature does not matter (RFC 5280, 6.1.1 (d)), nor does SHA-1 in ESSCertID
    (RFC 2634, 5.4.1): a second certificate of the same digest is still out of everybody's reach.
    """
    yield Reliance(digest_limit(message.digest_algorithm))
    if message.bound_by is not None:
        yield Reliance(digest_limit(message.bound_by))
    assert message.signer_certificate is not None
    size = key_size(public_key(message.signer_certificate))
    for limit in signature_limits(message.scheme.kind, message.scheme.digest, size):
        yield Reliance(limit)
    for link in weakest_links(path):
        for limit in signature_limits(link.scheme, link.digest, link.key_size):
            yield Reliance(limit, link.certificate)


def timestamp_limits(token: TimestampToken, path: CertificatePath) -> Iterator[Reliance]:
    """Yield the limits of a time-stamp token, its imprint's digest included."""
    yield Reliance(digest_limit(token.imprint_algorithm))
    yield from message_limits(token.message, path)


def passed_limits(used: Iterator[Reliance], moment: datetime) -> list[Reliance]:
    """Return what had passed its limit at ``moment``, each limit once: what the document itself uses comes first."""
    by_limit: dict[AlgorithmLimit, Reliance] = {}
    for each in used:
        if each.limit.passed(moment):
            by_limit.setdefault(each.limit, each)
    return list(by_limit.values())
