"""Pins: whose signature on a bundle or a trusted list is believed, by SHA-256 of the certificate.

A pin is one certificate, never an issuer: whoever signs lists of anchors stands above every anchor,
so it is named by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ecert.errors import SettingsError
from ecert.formats.pades.algorithms import SignatureScheme, weakness
from ecert.model.fingerprints import read_fingerprint
from ecert.trust.anchors import read_certificate_file
from ecert.trust.certificates import fingerprint, public_key

#: Who signs a bundle or a trusted list: a certificate, its DER bytes, or its fingerprint (64 hex digits, with colons).
Publisher = x509.Certificate | bytes | str


def pinned(publishers: Iterable[Publisher]) -> frozenset[str]:
    """Return the fingerprints of the named publishers.

    Raises:
        SettingsError: one of them is neither a certificate nor a fingerprint.
    """
    return frozenset(map(_pin, publishers))


def _pin(publisher: Publisher) -> str:
    if isinstance(publisher, x509.Certificate):
        return fingerprint(publisher.public_bytes(Encoding.DER))
    if isinstance(publisher, bytes):
        return fingerprint(publisher)
    found = read_fingerprint(publisher)
    if found is None:
        raise SettingsError(f"{publisher!r} is not the SHA-256 of a certificate", hint="write its 64 hex digits")
    return found


def read_publishers(named: Iterable[Path | str]) -> tuple[Publisher, ...]:
    """Return the publishers that settings or flags name: paths of certificates, or fingerprints.

    Raises:
        SettingsError: a file cannot be read or holds no certificate.
    """
    found: list[Publisher] = []
    for item in named:
        if isinstance(item, str) and read_fingerprint(item):
            found.append(item)
        else:
            found += read_certificate_file(Path(item), "signer certificate")
    return tuple(found)


def weak_key(certificate: bytes) -> str | None:
    """Return which key of a certificate (DER) is too weak or unknown, or None."""
    try:
        return weakness(SignatureScheme("rsa-pkcs1", "sha256"), public_key(certificate))
    except ValueError:
        return "a key of an unknown kind"
