"""Certification paths (RFC 5280, 6.1): candidates of our own, validated by pyhanko-certvalidator, without revocation.

Revocation is judged apart (:mod:`ecert.trust.revocation`), because EN 319 102-1 asks it at other
times than the path.

An anchor is a name and a key (RFC 5280, 6.1.1 (d)): key usage and constraints in its own certificate are
not looked at; for how long it is believed is the trust store's to say. Only a leaf that is itself an
anchor is held to its own dates.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, Literal, NamedTuple, TypeVar

from ecert.model.algorithms import digest_limit, key_limit
from ecert.model.times import rfc3339
from ecert.trust.certificates import load, public_key, try_load
from ecert.trust.chains import Chain, ChainSearch
from ecert.trust.naming import parsed
from ecert.trust.signed import UNREADABLE, algorithm_of
from ecert.trust.store import Role, TrustStore

T = TypeVar("T")
PathFaultKind = Literal["no-path", "expired", "not-yet-valid", "invalid", "weak"]
MAX_PATHS = 16  # candidate paths validated for one certificate
_MISREAD = (
    *UNREADABLE, KeyError, IndexError, AttributeError, AssertionError, RecursionError,
)  # fmt: skip  # what certvalidator and asn1crypto raise for hostile certificates


@dataclass(frozen=True)
class CertificatePath:
    """A path from the leaf (first) to the anchor (last), all DER."""

    certificates: tuple[bytes, ...]
    direct: bool = False  # the leaf itself is the anchor

    def issued(self) -> list[tuple[bytes, bytes]]:
        """Return (certificate, issuer) pairs, the anchor's own left out."""
        return list(zip(self.certificates, self.certificates[1:], strict=False))


@dataclass(frozen=True)
class PathFault:
    """Why there is no valid path."""

    kind: PathFaultKind
    reason: str
    time: datetime | None = None
    algorithm: str = ""  # of a weak one: its name


class PathLink(NamedTuple):
    """How one certificate of a path was signed, and with a key of how many bits."""

    certificate: bytes  # DER
    scheme: str  # this and the digest named as in ecert.model.algorithms
    digest: str
    key_size: int


def run_now(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never waits, inside or outside an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    coroutine.close()
    raise RuntimeError("a validation step tried to wait")


def find_path(
    leaf: bytes,
    *,
    trust: TrustStore | None,
    role: Role | None,
    others: Iterable[bytes],
    moment: datetime,
) -> CertificatePath | PathFault:
    """Find a path from ``leaf`` to an anchor of ``role`` that is valid at ``moment``.

    ``others`` may hold intermediate certificates, in any order, rubbish included.
    """
    certificate = try_load(leaf)
    if certificate is None:
        return PathFault("invalid", "the certificate cannot be read")
    anchors = trust.for_role(role, moment) if trust else ()
    if any(a.certificate == leaf for a in anchors):
        fault = _own_time(certificate, moment)
        return fault or CertificatePath((leaf,), direct=True)
    found = path_to(leaf, [a.certificate for a in anchors if not a.direct], others, moment)
    if isinstance(found, PathFault) and found.kind == "no-path" and trust is not None:
        ended = [a.certificate for a in trust.for_role(role) if not a.direct and a not in anchors]
        if ended and isinstance(path_to(leaf, ended, others, moment), CertificatePath):
            return PathFault("no-path", "its trust anchor is not believed at that time")
    return found


def path_to(
    leaf: bytes, anchors: Iterable[bytes], others: Iterable[bytes], moment: datetime
) -> CertificatePath | PathFault:
    """Find a path from ``leaf`` to one of ``anchors`` (DER), valid at ``moment``; see :func:`find_path`."""
    return _validated(leaf, tuple(anchors), tuple(dict.fromkeys(others)), moment)


@lru_cache(maxsize=256)
def _validated(
    leaf: bytes, anchors: tuple[bytes, ...], others: tuple[bytes, ...], moment: datetime
) -> CertificatePath | PathFault:
    if not anchors:
        return PathFault("no-path", "no anchor is named for it")
    if try_load(leaf) is None:
        return PathFault("invalid", "the certificate cannot be read")
    search = ChainSearch(anchors, others, moment)
    fault: PathFault | None = None
    for verified in (True, False):  # the second round only says what is wrong
        for chain in islice(search.chains(leaf, verified=verified), MAX_PATHS):
            result = _validate(chain, moment)
            if isinstance(result, CertificatePath):
                return result
            fault = fault or result
        if fault is not None:
            return fault
    return PathFault("no-path", "its issuer is not among the anchors or the given certificates")


def _validate(chain: Chain, moment: datetime) -> CertificatePath | PathFault:
    """Validate one candidate after RFC 5280, 6.1, with every certificate policy acceptable."""
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.authority import CertTrustAnchor
    from pyhanko_certvalidator.errors import (
        ExpiredError,
        NotYetValidError,
        PathError,
        ValidationError,
    )
    from pyhanko_certvalidator.path import ValidationPath
    from pyhanko_certvalidator.policy_decl import (
        NO_REVOCATION,
        AcceptAllAlgorithms,
        CertRevTrustPolicy,
    )
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
        return PathFault("expired", "a certificate of its path has expired", exc.expired_dt)
    except NotYetValidError as exc:
        return PathFault(
            "not-yet-valid", "a certificate of its path is not yet valid", exc.valid_from
        )
    except (ValidationError, PathError) as exc:
        return PathFault("invalid", _words(exc))
    except _MISREAD as exc:
        return PathFault("invalid", f"its path cannot be read ({type(exc).__name__})")
    found = CertificatePath(chain)
    return _weakness(found, moment) or found


def _weakness(path: CertificatePath, moment: datetime) -> PathFault | None:
    """Refuse a path that rests on an algorithm which had ceased to be reliable at ``moment`` (EN 319 102-1, 5.2.8).

    The one place that judges the algorithms of paths; limits that are only forecasts refuse nothing.
    """
    for link in weakest_links(path):
        for limit in (digest_limit(link.digest), key_limit(link.scheme, link.key_size)):
            if limit.passed(moment) and not limit.forecast:
                until = rfc3339(limit.until) if limit.until else "?"
                reason = f"{limit.name} is not relied on since {until}"
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


def _words(fault: Exception) -> str:
    """Return the library's words without their beginning and full stop, so that they fit a sentence."""
    text = str(fault).removeprefix("The path could not be validated because ").rstrip(". ")
    return text.replace("The signature ", "the signature ", 1)


def _own_time(certificate: Any, moment: datetime) -> PathFault | None:
    if moment > certificate.not_valid_after_utc:
        return PathFault("expired", "it has expired", certificate.not_valid_after_utc)
    if moment < certificate.not_valid_before_utc:
        return PathFault("not-yet-valid", "it is not yet valid", certificate.not_valid_before_utc)
    return None
