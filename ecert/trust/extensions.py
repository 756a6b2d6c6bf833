"""The extensions of certificates, each read alone (RFC 5280, 4.2): one that is odd spoils no other.

They are listed by OID first. One that stands twice, and a critical one that cannot be read, refuse the certificate
(4.2). What cannot be read and only helps, such as addresses and key identifiers, is as absent; whoever asks for one
that decides something gets :class:`ExtensionFault`, and must not take it for absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from ecert.errors import Reason
from ecert.formats.certificate_parts import (
    Extension,
    check_statements,
    list_extensions,
    read_basic_constraints,
    read_policies,
    with_extension,
)
from ecert.trust.certificates import common_name, load
from ecert.trust.signed import UNREADABLE

_Kind = TypeVar("_Kind", bound=x509.ExtensionType)
#: OID → how people call it; of those that decide what a certificate may do
DECIDING: Mapping[str, str] = {
    ExtensionOID.KEY_USAGE.dotted_string: "keyUsage",
    ExtensionOID.EXTENDED_KEY_USAGE.dotted_string: "extKeyUsage",
    ExtensionOID.NAME_CONSTRAINTS.dotted_string: "nameConstraints",
    ExtensionOID.CERTIFICATE_POLICIES.dotted_string: "certificatePolicies",
    ExtensionOID.POLICY_CONSTRAINTS.dotted_string: "policyConstraints",
    ExtensionOID.POLICY_MAPPINGS.dotted_string: "policyMappings",
    ExtensionOID.INHIBIT_ANY_POLICY.dotted_string: "inhibitAnyPolicy",
}
BASIC_CONSTRAINTS = ExtensionOID.BASIC_CONSTRAINTS.dotted_string
SUBJECT_ALT_NAME = ExtensionOID.SUBJECT_ALTERNATIVE_NAME.dotted_string
_NAMES: Mapping[str, str] = {**DECIDING, BASIC_CONSTRAINTS: "basicConstraints", SUBJECT_ALT_NAME: "subjectAltName"}


#: OID → how many OBJECT IDENTIFIERs each of its statements begins with
_STATEMENTS: Mapping[str, int] = {ExtensionOID.POLICY_MAPPINGS.dotted_string: 2, "1.3.6.1.5.5.7.1.3": 1}


class ExtensionFault(ValueError):
    """An extension is not as it must be; ``refused``: the certificate is to be refused for it, whoever asks."""

    def __init__(self, reason: Reason, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.refused = refused


@lru_cache(maxsize=1024)
def listed(certificate: bytes) -> Mapping[str, Extension]:
    """Return a certificate's extensions by OID, none of them read.

    Raises:
        ExtensionFault: one stands twice, which two readers would read in two ways, or there is no list to read.
    """
    try:
        found = list_extensions(certificate)
    except ValueError as exc:
        raise ExtensionFault(Reason("trust.extensions-unreadable"), refused=True) from exc
    by_oid = {each.oid: each for each in found}
    if len(by_oid) != len(found):
        twice = next(e.oid for i, e in enumerate(found) if any(e.oid == other.oid for other in found[:i]))
        raise ExtensionFault(
            Reason("trust.extension-twice", extension=_called(twice), subject=common_name(certificate)), refused=True
        )
    return by_oid


def check_extensions(certificate: bytes) -> None:
    """Refuse a certificate with an extension that stands twice, or a critical one that cannot be read (4.2).

    A critical one of a kind nobody here knows is left to path validation.

    Raises:
        ExtensionFault: that is so.
    """
    found = listed(certificate)
    if _all(certificate) is not None:
        return
    for oid, extension in found.items():
        try:
            _readable(certificate, oid)
        except ExtensionFault as fault:
            if extension.critical:
                reason = Reason(
                    "trust.critical-extension-unreadable", extension=_called(oid), subject=common_name(certificate)
                )
                raise ExtensionFault(reason, refused=True) from fault


def check_readable(certificate: bytes, oids: Iterable[str]) -> None:
    """Refuse to say anything of a certificate of which one of these extensions is there and cannot be read.

    Policies count by their OIDs; what their qualifiers say is for people (4.2.1.4).

    Raises:
        ExtensionFault: that is so.
    """
    found = listed(certificate)
    if _all(certificate) is not None:
        return
    for oid in oids:
        if oid not in found:
            continue
        if oid == ExtensionOID.CERTIFICATE_POLICIES.dotted_string:
            policies(certificate)
        else:
            _readable(certificate, oid)


def extension(certificate: bytes, kind: type[_Kind]) -> x509.Extension[_Kind] | None:
    """Return the extension of a kind; None: there is none.

    Raises:
        ExtensionFault: it cannot be read, or the list of extensions cannot.
    """
    oid = kind.oid.dotted_string
    if oid not in listed(certificate):
        return None
    found = _readable(certificate, oid)
    if not isinstance(found.value, kind):
        raise ExtensionFault(
            Reason("trust.extension-unreadable", extension=_called(oid), subject=common_name(certificate))
        )
    return x509.Extension(found.oid, found.critical, found.value)


def helping(certificate: bytes, kind: type[_Kind]) -> _Kind | None:
    """Return an extension that only helps to find something; None: there is none, or it cannot be read."""
    try:
        found = extension(certificate, kind)
    except UNREADABLE:
        return None
    return found.value if found is not None else None


def is_unknown(certificate: bytes, oid: str) -> bool:
    """Return whether an extension is of a kind nobody here knows.

    Raises:
        ExtensionFault: it cannot be read.
    """
    return isinstance(_readable(certificate, oid).value, x509.UnrecognizedExtension)


def policies(certificate: bytes) -> tuple[str, ...] | None:
    """Return the OIDs of a certificate's policies, qualifiers left out; None: it names none.

    Raises:
        ExtensionFault: they cannot be read.
    """
    oid = ExtensionOID.CERTIFICATE_POLICIES.dotted_string
    found = listed(certificate).get(oid)
    if found is None:
        return None
    try:
        return read_policies(found.value)
    except ValueError as exc:
        raise ExtensionFault(
            Reason("trust.extension-unreadable", extension=_called(oid), subject=common_name(certificate))
        ) from exc


def basic_constraints(certificate: bytes) -> tuple[bool, int | None]:
    """Return whether basicConstraints makes this a CA, and how long a path may go on below it (4.2.1.9).

    Who states a path length and no CA is none; a FALSE that is written out is one. No extension: no CA.

    Raises:
        ExtensionFault: it cannot be read.
    """
    found = listed(certificate).get(BASIC_CONSTRAINTS)
    if found is None:
        return False, None
    try:
        is_authority, length = read_basic_constraints(found.value)
    except ValueError as exc:
        raise ExtensionFault(
            Reason("trust.extension-unreadable", extension=_called(BASIC_CONSTRAINTS), subject=common_name(certificate))
        ) from exc
    return is_authority, length if is_authority else None


def is_ca(certificate: bytes) -> bool:
    """Return whether a certificate is readably that of a CA."""
    try:
        return basic_constraints(certificate)[0]
    except UNREADABLE:
        return False


def may_be_ca(certificate: bytes) -> bool:
    """Return whether a certificate is that of a CA, or nobody can say: a path with it is refused by its true name."""
    try:
        return basic_constraints(certificate)[0]
    except UNREADABLE:
        return True


@lru_cache(maxsize=1024)
def _all(certificate: bytes) -> Mapping[str, x509.Extension[x509.ExtensionType]] | None:
    """Return all extensions read; None: one at least cannot be."""
    try:
        found = {each.oid.dotted_string: each for each in load(certificate).extensions}
        for oid in _STATEMENTS.keys() & found:
            _check_statements(certificate, oid)
    except UNREADABLE:
        return None
    return found


def _check_statements(certificate: bytes, oid: str) -> None:
    """Look at what ``cryptography`` has no class for, and so does not look at.

    Raises:
        ValueError: it is not what it should be.
    """
    check_statements(listed(certificate)[oid].value, _STATEMENTS[oid])


@lru_cache(maxsize=1024)
def _readable(certificate: bytes, oid: str) -> x509.Extension[x509.ExtensionType]:
    """Return one extension, the others not looked at where one of them cannot be read."""
    found = _all(certificate)
    if found is not None:
        return found[oid]
    wanted = listed(certificate)[oid]
    try:
        if oid == BASIC_CONSTRAINTS:
            is_authority, length = basic_constraints(certificate)
            value = x509.BasicConstraints(ca=is_authority, path_length=length)
            return x509.Extension(ExtensionOID.BASIC_CONSTRAINTS, wanted.critical, value)
        if oid in _STATEMENTS:
            _check_statements(certificate, oid)
        return next(iter(load(with_extension(certificate, wanted)).extensions))
    except UNREADABLE as exc:
        raise ExtensionFault(
            Reason("trust.extension-unreadable", extension=_called(oid), subject=common_name(certificate))
        ) from exc


def unreadable(certificate: bytes, oid: str) -> ExtensionFault:
    """Return the fault of an extension that cannot be read, its name and whose it is."""
    subject = common_name(certificate)
    return ExtensionFault(Reason("trust.extension-unreadable", extension=_called(oid), subject=subject))


def _called(oid: str) -> str:
    return _NAMES.get(oid, oid)
