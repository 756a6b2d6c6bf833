"""Validate one candidate path (RFC 5280, 6.1) with pyhanko-certvalidator, and judge its algorithms."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeVar

from ecert.errors import Reason
from ecert.formats.pades.asn1 import set_up
from ecert.model.algorithms import signature_limits
from ecert.model.times import rfc3339
from ecert.trust.certificates import load, public_key
from ecert.trust.chains import Chain
from ecert.trust.library_reasons import library_reason
from ecert.trust.naming import parsed
from ecert.trust.signed import UNREADABLE, algorithm_of

_T = TypeVar("_T")
PathFaultKind = Literal["no-path", "expired", "not-yet-valid", "invalid", "weak"]
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
    algorithm: str = ""  # of a weak one: its name


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
        for der in chain[:-1]:
            load(der).extensions.__len__()  # one extension twice would be read in two ways (4.2)
        *issued, anchor = (parsed(der) for der in chain)
        context = ValidationContext(
            trust_roots=[anchor],
            moment=moment,
            revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
            algorithm_usage_policy=AcceptAllAlgorithms(),
        )
        path = ValidationPath(CertTrustAnchor(anchor), issued[:0:-1], issued[0])
        run_now(async_validate_path(context, path))
    except ExpiredError as exc:
        return PathFault("expired", Reason("trust.path-expired"), exc.expired_dt)
    except NotYetValidError as exc:
        return PathFault("not-yet-valid", Reason("trust.path-not-yet-valid"), exc.valid_from)
    except (ValidationError, PathError) as exc:
        return PathFault("invalid", library_reason(exc))
    except _MISREAD as exc:
        return PathFault("invalid", Reason("trust.path-unreadable", error=type(exc).__name__))
    found = CertificatePath(chain)
    return _weakness(found, moment) or found


def _weakness(path: CertificatePath, moment: datetime) -> PathFault | None:
    """Refuse a path that rests on an algorithm which had ceased to be reliable at ``moment`` (EN 319 102-1, 5.2.8).

    The one place that judges the algorithms of paths; limits that are only forecasts refuse nothing.
    """
    for link in weakest_links(path):
        for limit in signature_limits(link.scheme, link.digest, link.key_size):
            if limit.refuses(moment):
                until = rfc3339(limit.until) if limit.until else "?"
                reason = Reason("time.not-relied-since", name=limit.name, time=until)
                return PathFault("weak", reason, limit.until, limit.name)
    return None


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
