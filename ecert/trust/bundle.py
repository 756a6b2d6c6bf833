"""Trust bundles: one signed file that says who is believed (docs/adr/0006-trust-bundle.md).

A bundle is a CMS SignedData (RFC 5652) with the JSON manifest (:mod:`ecert.trust.manifest`) as its
content, so other tools can judge it too: ``openssl cms -verify -inform DER -in office.ecb``.

The reader believes a bundle when

1. its publisher alone signed it, whose certificate is one of those pinned (:mod:`ecert.trust.pins`), and is valid
   all the while;
2. the file is, byte for byte, what :func:`build_bundle` writes: that certificate, and no more;
3. algorithms are strong, the signed attributes (RFC 5652, 5.3 and 11; RFC 5035, 3) name the content,
   its digest and that certificate, and the signature is over them;
4. every statement of the manifest holds;
5. it is of its time: neither from the future nor expired.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from asn1crypto import cms

from ecert.errors import SettingsError
from ecert.formats.pades.algorithms import SignatureScheme, check_signature, digest_of, weakness
from ecert.formats.pades.asn1 import set_up
from ecert.formats.pades.cms import CertificateId, CmsFault, SignedMessage, read_signed_data
from ecert.formats.pades.cms_writer import build_signed_data, signed_attributes
from ecert.model.fingerprints import in_pairs
from ecert.model.times import rfc3339
from ecert.trust.anchors import read_bytes
from ecert.trust.certificates import common_name, fingerprint, load, public_key
from ecert.trust.manifest import Manifest, read_manifest
from ecert.trust.pins import Publisher, pinned

MAX_BUNDLE_BYTES = 16 * 1024 * 1024  # 5,000 anchors of 2 kB, as base64
_DIGESTS = frozenset({"sha256", "sha384", "sha512"})
_ASK_PUBLISHER = "get it again from its publisher"


class BundleKey(Protocol):
    """What the builder needs of a key; any :class:`ecert.SigningKey` has it."""

    @property
    def certificate(self) -> bytes:
        """Return the certificate, DER."""

    @property
    def scheme(self) -> SignatureScheme:
        """Return how the key signs."""

    def sign(self, data: bytes) -> bytes:
        """Return the signature value over ``data``."""


def build_bundle(manifest: Manifest, key: BundleKey) -> bytes:
    """Sign a manifest, read the result back, and return its bytes.

    Raises:
        SettingsError: the key is too weak, or its certificate does not outlive the bundle.
        SigningKeyError: the key does not sign.
    """
    _check_publisher_time(manifest, key.certificate, "the bundle")
    content = manifest.to_json()
    digest = digest_of(key.scheme.digest, content)
    attributes = signed_attributes(digest, key.certificate, key.scheme)
    data = _encode(attributes, key.sign(attributes), key.scheme, key.certificate, content)
    if open_bundle(data, [key.certificate], "the bundle") != manifest:
        raise SettingsError("the bundle does not read back as it was meant")
    return data


def _encode(attributes: bytes, signature: bytes, scheme: SignatureScheme, certificate: bytes, content: bytes) -> bytes:
    """Return the one encoding of a bundle: a detached SignedData given its content (RFC 5652, 5.2)."""
    set_up()
    info = cms.ContentInfo.load(build_signed_data(attributes, signature, scheme, [certificate]))
    info["content"]["encap_content_info"]["content"] = content
    return bytes(info.dump())


def read_bundle(path: Path, publishers: Iterable[Publisher], at: datetime) -> Manifest:
    """Read a bundle's file as of ``at``.

    Raises:
        SettingsError: ``bundle-altered``, ``bundle-wrong-signer``, ``bundle-malformed``,
            ``bundle-expired`` or ``bundle-from-the-future``; or nobody is named as its signer.
    """
    data = read_bytes(path, MAX_BUNDLE_BYTES, "trust bundle")
    manifest = open_bundle(data, publishers, str(path))
    manifest.check_time(at, f"the trust bundle {path}")
    return manifest


def open_bundle(data: bytes, publishers: Iterable[Publisher], name: str) -> Manifest:
    """Check a bundle's signature and statements, whatever the time; ``name`` says which it is.

    Raises:
        SettingsError: see :func:`read_bundle`.
    """
    pins = pinned(publishers)
    if not pins:
        raise SettingsError(
            f"{name} is a trust bundle and nobody is named as its signer",
            code="bundle-without-signer",
            hint="name its publisher's certificate: trust.bundle_signers, --trust-signer, --signer",
        )
    # 1. its structure, and the publisher: nothing of its certificate is read before it is known
    try:
        message = read_signed_data(data)
    except CmsFault as exc:
        raise _altered(name, "it is not a signed bundle") from exc
    content, certificate = message.content, message.signer_certificate
    if content is None or message.to_be_verified is None or certificate is None:
        raise _altered(name, "it lacks its content, signed attributes or certificate")
    if fingerprint(certificate) not in pins:
        raise _wrong_publisher(name, certificate)
    # 2. the encoding
    if not _is_canonical(data, message, certificate, content):
        raise _altered(name, "it is not encoded as bundles are")
    # 3. the signature
    fault = _signature_fault(message, certificate, content)
    if fault:
        raise _altered(name, fault)
    # 4. the manifest
    manifest = read_manifest(content)
    _check_publisher_time(manifest, certificate, name)
    return manifest


def _is_canonical(data: bytes, message: SignedMessage, certificate: bytes, content: bytes) -> bool:
    """Return whether encoding what was read again gives the same bytes: nothing else is in the file."""
    attributes = message.to_be_verified or b""
    try:
        return data == _encode(attributes, message.signature, message.scheme, certificate, content)
    except (ValueError, TypeError, KeyError, OverflowError):  # such as a digest we never write
        return False


def _signature_fault(message: SignedMessage, certificate: bytes, content: bytes) -> str | None:
    """Return what is wrong with the signature, or None."""
    try:
        key = public_key(certificate)
    except ValueError:
        return "its signer's key is of an unknown kind"
    if message.digest_algorithm not in _DIGESTS or message.scheme.digest not in _DIGESTS:
        return f"it is signed with {message.digest_algorithm}"
    weak = weakness(message.scheme, key)
    if weak:
        return f"it is signed with {weak}"
    if message.content_type != "data" or message.content_type_attribute != "data":
        return "its content type is wrong"
    if message.message_digest != digest_of(message.digest_algorithm, content):
        return "its content is not what was signed"
    if message.certificate_ids != (CertificateId("sha256", hashlib.sha256(certificate).digest()),):
        return "its signing-certificate attribute names another certificate"
    if message.protected_algorithms is not True:
        return "its algorithms are not those that were signed"
    assert message.to_be_verified is not None
    if not check_signature(key, message.scheme, message.signature, message.to_be_verified):
        return "its signature is wrong"
    return None


def _check_publisher_time(manifest: Manifest, certificate: bytes, name: str) -> None:
    """Refuse a bundle that was issued before its publisher's certificate, or outlives it."""
    parsed: Any = load(certificate)
    start, end = parsed.not_valid_before_utc, parsed.not_valid_after_utc
    if not start <= manifest.issued < manifest.expires <= end:
        raise SettingsError(
            f"{name} is not within the validity of its signer's certificate "
            f"({common_name(certificate)}, {rfc3339(start)} to {rfc3339(end)})",
            code="bundle-wrong-signer",
            hint=f"let the bundle expire by {rfc3339(end)}, or sign with a newer certificate",
        )


def _altered(name: str, reason: str) -> SettingsError:
    return SettingsError(f"the trust bundle {name} is refused: {reason}", code="bundle-altered", hint=_ASK_PUBLISHER)


def _wrong_publisher(name: str, certificate: bytes) -> SettingsError:
    return SettingsError(
        f"the trust bundle {name} is refused: it brings the certificate "
        f"{in_pairs(fingerprint(certificate))}, which is not among the signers named",
        code="bundle-wrong-signer",
        hint="compare this fingerprint with the publisher's by another way before naming it",
    )
