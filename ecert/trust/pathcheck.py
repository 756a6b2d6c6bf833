"""Validate one candidate path (RFC 5280, 6.1) with pyhanko-certvalidator, and judge its algorithms."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from threading import local
from typing import Any, Literal, NamedTuple, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

from ecert.errors import Reason
from ecert.formats.asn1_bounds import to_be_signed
from ecert.formats.certificate_parts import signature_algorithm
from ecert.formats.pades.algorithms import WITH_SHA3, algorithm_name
from ecert.formats.pades.asn1 import set_up
from ecert.formats.pades.der import octets, sequence
from ecert.formats.pades.der import oid as encoded_oid
from ecert.model.algorithms import signature_limits
from ecert.model.times import rfc3339
from ecert.trust.certificates import KeyUnsupported, common_name, load, public_key, readable_form
from ecert.trust.chains import Chain
from ecert.trust.extensions import (
    BASIC_CONSTRAINTS,
    DECIDING,
    SUBJECT_ALT_NAME,
    ExtensionFault,
    basic_constraints,
    check_extensions,
    check_readable,
    extension,
    listed,
    policies,
    unreadable,
)
from ecert.trust.library_reasons import library_reason
from ecert.trust.signed import UNREADABLE, algorithm_of, certified_by

_T = TypeVar("_T")
_JUDGED = (rsa.RSAPublicKey, ec.EllipticCurvePublicKey, dsa.DSAPublicKey, ed25519.Ed25519PublicKey)
#: "unreadable": an extension that decides something cannot be read; "unsupported": an algorithm is not judged here
PathFaultKind = Literal["no-path", "expired", "not-yet-valid", "invalid", "weak", "unreadable", "unsupported"]
_MISREAD = (
    *UNREADABLE,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    RecursionError,
)  # what certvalidator and asn1crypto raise for hostile certificates


@dataclass(frozen=True)
class CertificatePath:
    """A path from the leaf (first) to the anchor (last), all DER."""

    certificates: tuple[bytes, ...]
    direct: bool = False  # the leaf itself is the anchor
    #: just before which the store ceases to believe the anchor; None: never, or nobody asked the store
    believed_until: datetime | None = field(default=None, compare=False)

    def issued(self) -> list[tuple[bytes, bytes]]:
        """Return (certificate, issuer) pairs, the anchor's own left out."""
        return list(zip(self.certificates, self.certificates[1:], strict=False))


@dataclass(frozen=True)
class PathFault:
    """Why there is no valid path."""

    kind: PathFaultKind
    reason: Reason
    time: datetime | None = None
    algorithm: str | Reason = ""  # of a weak one: its name, and that of the certificate


class PathLink(NamedTuple):
    """How one certificate of a path was signed, and with a key of how many bits."""

    certificate: bytes  # DER
    scheme: str  # this and the digest named as in ecert.model.algorithms
    digest: str
    key_size: int


def run_now(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine that never waits, inside or outside an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    coroutine.close()
    raise RuntimeError("a validation step tried to wait")


def preload() -> None:
    """Load the library that validates paths before it is needed: half a second for a process that judges once."""
    set_up("pyhanko_certvalidator.validate")


def check_path(chain: Chain, moment: datetime) -> CertificatePath | PathFault:
    """Validate one candidate after RFC 5280, 6.1, with every certificate policy acceptable."""
    preload()
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.authority import CertTrustAnchor
    from pyhanko_certvalidator.errors import ExpiredError, NotYetValidError, PathError, ValidationError
    from pyhanko_certvalidator.path import ValidationPath
    from pyhanko_certvalidator.policy_decl import NO_REVOCATION, AcceptAllAlgorithms, CertRevTrustPolicy
    from pyhanko_certvalidator.validate import async_validate_path

    try:
        constrained = _check_chain(chain)
        issued, anchor = [_own.issued(der, constrained) for der in chain[:-1]], _own.anchor(chain[-1])
        context = ValidationContext(
            trust_roots=[anchor],
            moment=moment,
            revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
            algorithm_usage_policy=AcceptAllAlgorithms(),
            signature_validator=_signatures_of(chain),
        )
        path = ValidationPath(CertTrustAnchor(anchor), issued[:0:-1], issued[0])
        run_now(async_validate_path(context, path))
    except ExpiredError as exc:
        return PathFault("expired", Reason("trust.path-expired"), exc.expired_dt)
    except NotYetValidError as exc:
        return PathFault("not-yet-valid", Reason("trust.path-not-yet-valid"), exc.valid_from)
    except (ValidationError, PathError) as exc:
        return _unsupported(chain) or PathFault("invalid", library_reason(exc))
    except ExtensionFault as fault:
        return PathFault("invalid" if fault.refused else "unreadable", fault.reason)
    except _MISREAD as exc:
        unreadable = Reason("trust.path-unreadable", error=type(exc).__name__)
        return _unsupported(chain) or PathFault("invalid", unreadable)
    found = CertificatePath(chain)
    return _unsupported(chain) or _weakness(found, moment) or found


def _check_chain(chain: Chain) -> bool:
    """Refuse what path validation would read in another way, or not at all; the anchor's own is not looked at.

    Returns whether some authority constrains the names of those below it.

    Raises:
        ExtensionFault: an extension stands twice or decides something and cannot be read.
    """
    constrained = False
    for above, der in enumerate(reversed(chain[:-1])):
        check_extensions(der)
        # what a leaf says of paths below it binds nobody
        check_readable(der, DECIDING)
        if above < len(chain) - 2:
            check_readable(der, [BASIC_CONSTRAINTS])
        if constrained:  # names that nobody can read may be forbidden ones
            check_readable(der, [SUBJECT_ALT_NAME])
        constrained = constrained or extension(der, x509.NameConstraints) is not None
    return constrained


def _anchor(der: bytes) -> Any:
    """Return an anchor as certvalidator wants it: a name and a key (RFC 5280, 6.1.1 (d))."""
    from asn1crypto import x509 as asn1

    certificate = asn1.Certificate.load(readable_form(der), strict=True)
    certificate._processed_extensions, certificate._critical_extensions = True, set()
    return certificate


def _for_library(der: bytes, constrained: bool) -> Any:
    """Return a certificate as certvalidator wants it, with the extensions that decide something.

    asn1crypto reads all extensions when one is asked for, and stumbles over any that is odd. What it would fill
    in is filled in here, of policies their OIDs alone.
    """
    from asn1crypto import x509 as asn1

    certificate = asn1.Certificate.load(readable_form(der), strict=True)
    certificate._processed_extensions, certificate._critical_extensions = True, set()
    for oid, found in listed(der).items():
        name = asn1.ExtensionId(oid).native
        if found.critical:
            certificate._critical_extensions.add(name)
        if oid == SUBJECT_ALT_NAME and not constrained:
            continue  # nobody asks for it
        value = _value_for_library(der, oid, found.value)
        if value is not None:
            setattr(certificate, f"_{name}_value", value)
    return certificate


class _Own(local):
    """What each thread has for itself: two that read one object's fields on first use leave it half read."""

    def __init__(self) -> None:
        self.issued = lru_cache(maxsize=64)(_for_library)  # a copy has seven to ten
        self.anchor = lru_cache(maxsize=16)(_anchor)


_own = _Own()


def _value_for_library(der: bytes, oid: str, value: bytes) -> Any:
    from asn1crypto import x509 as asn1

    if oid == BASIC_CONSTRAINTS:
        try:
            is_authority, length = basic_constraints(der)
        except ExtensionFault:
            return None  # of a leaf: those above it were looked at
        return asn1.BasicConstraints({"ca": is_authority, "path_len_constraint": length})
    if DECIDING.get(oid) == "certificatePolicies":
        return asn1.CertificatePolicies([{"policy_identifier": each} for each in policies(der) or ()])
    if oid not in DECIDING and oid != SUBJECT_ALT_NAME:
        return None
    try:
        found = asn1.Extension.load(sequence(encoded_oid(oid), octets(value)), strict=True)["extn_value"].parsed
        found.native  # noqa: B018  (all of it is read here)
    except _MISREAD as exc:
        raise unreadable(der, oid) from exc
    return found


def _signatures_of(chain: Chain) -> Any:
    """Return what verifies certificates' signatures for certvalidator: its own way, and ours with SHA-3."""
    from cryptography.exceptions import InvalidSignature
    from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator

    issuers = {bytes(to_be_signed(readable_form(c))): (c, issuer) for c, issuer in pairwise(chain)}

    class Validator(DefaultSignatureValidator):
        def validate_signature(self, signature: bytes, signed_data: bytes, *args: Any, **others: Any) -> None:
            certificate, issuer = issuers[signed_data]
            if signature_algorithm(certificate) not in WITH_SHA3:
                super().validate_signature(signature, bytes(to_be_signed(certificate)), *args, **others)
            elif certified_by(certificate, issuer) is None:
                raise InvalidSignature

    return Validator()


def _unsupported(chain: Chain) -> PathFault | None:
    """Return the fault where a certificate of a path was signed in a way that is not judged here, else None."""
    for certificate, issuer in pairwise(chain):
        name = common_name(certificate)
        try:
            key = public_key(issuer)
            if load(certificate).signature_hash_algorithm is None and not isinstance(key, _JUDGED):
                raise UnsupportedAlgorithm("no digest belongs to it")
        except KeyUnsupported as exc:
            return PathFault("unsupported", exc.reason)
        except UnsupportedAlgorithm:
            algorithm = algorithm_name(signature_algorithm(certificate))
            return PathFault("unsupported", Reason("trust.certified-by-algorithm", subject=name, algorithm=algorithm))
        except ValueError:
            continue
    return None


def _weakness(path: CertificatePath, moment: datetime) -> PathFault | None:
    """Refuse a path that rests on an algorithm which had ceased to be reliable at ``moment`` (EN 319 102-1, 5.2.8).

    The one place that judges the algorithms of paths; limits that are only forecasts refuse nothing.
    """
    for link in weakest_links(path):
        for limit in signature_limits(link.scheme, link.digest, link.key_size):
            if limit.refuses(moment):
                until = rfc3339(limit.until) if limit.until else "?"
                name = named_link(limit.name, link.certificate)
                reason = Reason("time.not-relied-since", name=name, time=until)
                return PathFault("weak", reason, limit.until, name)
    return None


def named_link(algorithm: str, certificate: bytes) -> Reason:
    """Return an algorithm's name, to be told as that by which a certificate was signed."""
    return Reason("trust.certificate-signed-by", algorithm=algorithm, subject=common_name(certificate))


def weakest_links(path: CertificatePath) -> list[PathLink]:
    """Return how each certificate of a path was signed, the leaf's first.

    The anchor's own signature proves nothing and is left out; its key counts, as that of the last link.
    """
    links = []
    for certificate, issuer in path.issued():
        try:
            used = algorithm_of(load(certificate), public_key(issuer))
            links.append(PathLink(certificate, used.scheme, used.digest, used.key_size))
        except UNREADABLE:
            links.append(PathLink(certificate, "unknown", "unknown", 0))
    return links
