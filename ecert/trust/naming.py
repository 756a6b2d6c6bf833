"""By what issuers are found: names to compare (RFC 5280, 7.1), key identifiers, keys as they are encoded.

``cryptography`` compares names letter by letter, which is too strict for certification paths: letter case,
spaces and string types do not matter there (RFC 4518, 2).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from threading import local
from typing import Any

from cryptography import x509

from ecert.formats.asn1_bounds import certificate_excess
from ecert.formats.pades.asn1 import set_up
from ecert.trust.certificates import load
from ecert.trust.extensions import SUBJECT_ALT_NAME, helping, listed
from ecert.trust.signed import UNREADABLE

#: A name's attributes, made comparable: RDN by RDN, sorted within each.
NameKey = tuple[tuple[tuple[str, str | bytes], ...], ...]


def name_key(name: x509.Name) -> NameKey:
    """Return what to compare a name by."""
    return tuple(tuple(sorted(((a.oid.dotted_string, _prepared(a.value)) for a in rdn), key=repr)) for rdn in name.rdns)


@lru_cache(maxsize=1024)
def subject_key(certificate: bytes) -> NameKey | None:
    """Return what to compare a certificate's subject by; None: it cannot be read."""
    try:
        return name_key(load(certificate).subject)
    except UNREADABLE:
        return None


@lru_cache(maxsize=1024)
def issuer_key(certificate: bytes) -> NameKey | None:
    """Return what to compare a certificate's issuer by; None: it cannot be read."""
    try:
        return name_key(load(certificate).issuer)
    except UNREADABLE:
        return None


@lru_cache(maxsize=1024)
def key_identifiers(certificate: bytes) -> tuple[bytes | None, bytes | None]:
    """Return the identifiers of a certificate's own key and of its issuer's, where it tells them.

    They are hints (RFC 5280, 4.2.1.1, 4.2.1.2): they order who is tried first, and exclude nobody.
    """
    own, above = helping(certificate, x509.SubjectKeyIdentifier), helping(certificate, x509.AuthorityKeyIdentifier)
    return own.digest if own else None, above.key_identifier if above else None


def is_other_key(certificate: bytes, wanted: bytes | None) -> bool:
    """Return whether a certificate's key identifier differs from the one wanted."""
    own = key_identifiers(certificate)[0]
    return wanted is not None and own is not None and own != wanted


def parsed(certificate: bytes) -> Any:
    """Return a certificate as asn1crypto reads it, each field on its first use: for this thread alone.

    Raises:
        ValueError: the bytes are not a certificate.
    """
    return _own.parsed(certificate)


@lru_cache(maxsize=1024)
def encoded_key(certificate: bytes) -> bytes:
    """Return the SubjectPublicKeyInfo as it stands, also of a key nobody here can use.

    Raises:
        ValueError: the bytes are not a certificate.
    """
    return bytes(parsed(certificate)["tbs_certificate"]["subject_public_key_info"].dump())


def holder_key(certificate: bytes) -> tuple[NameKey | None, bytes]:
    """Return name and key: what certificates of one authority share, renewed or cross-certified as they are.

    A certificate whose key cannot be read stands for itself alone.
    """
    try:
        return subject_key(certificate), encoded_key(certificate)
    except UNREADABLE:
        return None, certificate


@lru_cache(maxsize=1024)
def encoded_names(certificate: bytes) -> tuple[bytes, bytes]:
    """Return subject and issuer as they are encoded; OCSP hashes them so (RFC 6960, 4.1.1).

    Raises:
        ValueError: the bytes are not a certificate.
    """
    found = parsed(certificate)["tbs_certificate"]
    return bytes(found["subject"].dump()), bytes(found["issuer"].dump())


def is_issuer_name(certificate: bytes, name: bytes | None) -> bool:
    """Return whether an encoded name (None: none could be read) is that of a certificate's issuer."""
    if name is None:
        return False
    return name == encoded_names(certificate)[1] or _decoded_key(name) == issuer_key(certificate)


def bears_name(certificate: bytes, kind: str, name: bytes) -> bool:
    """Return whether a general name (RFC 5280, 4.2.1.6) is a certificate's subject or an alternative of it.

    ``kind`` is the name's kind as asn1crypto calls it; the order of a directory name's parts does not matter.
    """
    try:
        alternatives = [each.chosen for each in _alternatives(certificate) if each.name == kind]
        if kind != "directory_name":
            return any(each.dump() == name for each in alternatives)
        keys = [subject_key(certificate), *(_decoded_key(e.untag().dump()) for e in alternatives)]
    except (*UNREADABLE, KeyError, IndexError, AttributeError, RecursionError):
        return False
    wanted = _parts(_decoded_key(name))
    return wanted is not None and any(wanted == _parts(key) for key in keys)


def _alternatives(certificate: bytes) -> Any:
    """Return a certificate's alternative names, its other extensions not looked at; none where they are absent."""
    from asn1crypto import x509 as asn1

    set_up()
    found = listed(certificate).get(SUBJECT_ALT_NAME)
    return asn1.GeneralNames.load(found.value, strict=True) if found is not None else ()


def _decoded_key(name: bytes) -> NameKey | None:
    """Return what to compare an encoded name by, read as the names of certificates are; None: it cannot be read."""
    from asn1crypto import x509 as asn1

    try:
        found = asn1.Name.load(name, strict=True).chosen
        return tuple(
            tuple(sorted(((a["type"].dotted, _prepared(a["value"].native)) for a in rdn), key=repr)) for rdn in found
        )
    except (*UNREADABLE, KeyError, IndexError, AttributeError, RecursionError):
        return None


def _parts(name: NameKey | None) -> list[Any] | None:
    return sorted(name, key=repr) if name is not None else None


def _prepared(value: str | bytes) -> str | bytes:
    """Prepare a value for comparison: no control characters, one space for many, letters folded."""
    if isinstance(value, bytes):
        return value
    if not value.isascii():
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
        value = "".join(c for c in folded if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf"))
    return " ".join(value.lower().split())


def _parse(certificate: bytes) -> Any:
    from asn1crypto import x509 as asn1

    if certificate_excess(certificate) is not None:
        raise ValueError("the certificate exceeds a limit")
    set_up()
    return asn1.Certificate.load(certificate)


class _Own(local):
    """What each thread has for itself: two that read one object's fields on first use leave it half read."""

    def __init__(self) -> None:
        self.parsed = lru_cache(maxsize=64)(_parse)  # a copy has seven to ten


_own = _Own()
