"""Find certification paths (RFC 5280, 6.1): candidates of our own, each validated, without revocation.

Revocation is judged apart (:mod:`ecert.trust.revocation`), because EN 319 102-1 asks it at other
times than the path.

An anchor is a name and a key (RFC 5280, 6.1.1 (d)): uses and constraints in its own certificate are
not looked at; what it is for and how long it is believed is the trust store's to say. Only a leaf that is
itself an anchor is held to its own dates. Where a CA below the anchor lists extended key usages, one of them
must allow what the path is for.

Where authorities certified each other, a certificate has several valid paths, and the evidence at hand may
tell of one alone: :func:`find_paths` gives them one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from ecert.errors import Reason
from ecert.model.roles import AnchorRole
from ecert.trust.anchors import TrustAnchor
from ecert.trust.certificates import load, try_load
from ecert.trust.chains import ChainSearch
from ecert.trust.pathcheck import (
    CertificatePath,
    PathFault,
    PathFaultKind,
    PathLink,
    check_path,
    named_link,
    run_now,
    weakest_links,
)
from ecert.trust.store import TrustStore
from ecert.trust.usage import Purpose, refuse_issuing

__all__ = [
    "MAX_PATHS",
    "CertificatePath",
    "PathFault",
    "PathFaultKind",
    "PathLink",
    "ValidPaths",
    "find_path",
    "find_paths",
    "named_link",
    "path_to",
    "run_now",
    "valid_paths",
    "weakest_links",
]

MAX_PATHS = 16  # candidate paths validated for one certificate
MAX_NAMED_PATHS = 4  # likewise where no key signed what is there: only to say what is wrong


@dataclass(frozen=True)
class ValidPaths:
    """The first valid paths of a certificate, and what became of the search for more."""

    found: tuple[CertificatePath, ...]
    fault: PathFault | None = None  # of the first candidate that was none
    gave_up: bool = False  # a limit of work was reached: there may be more


def find_path(
    leaf: bytes, *, trust: TrustStore | None, role: AnchorRole | None, others: Iterable[bytes], moment: datetime
) -> CertificatePath | PathFault:
    """Find a path from ``leaf`` to an anchor of ``role`` that is valid at ``moment``.

    ``others`` may hold intermediate certificates, in any order, rubbish included.
    """
    certificate = try_load(leaf)
    if certificate is None:
        return PathFault("invalid", Reason("trust.certificate-unreadable"))
    anchors = trust.for_role(role, moment) if trust else ()
    if any(a.certificate == leaf for a in anchors):
        fault = _own_time(certificate, moment)
        return fault or CertificatePath((leaf,), direct=True)
    pool, purpose = tuple(dict.fromkeys(others)), _purpose(role)
    found = path_to(leaf, _above(anchors), pool, moment, purpose)
    if isinstance(found, CertificatePath):
        return _believed(found, anchors)
    if found.kind == "no-path" and trust is not None:
        ended = [a.certificate for a in trust.for_role(role) if not a.direct and a not in anchors]
        if ended and isinstance(path_to(leaf, ended, pool, moment, purpose), CertificatePath):
            return PathFault("no-path", Reason("trust.anchor-not-believed-then"))
        if ended and not anchors:
            return PathFault("no-path", Reason("trust.no-anchor-believed-then"))
    return found


def find_paths(
    leaf: bytes,
    *,
    trust: TrustStore | None,
    role: AnchorRole | None,
    others: Iterable[bytes],
    moment: datetime,
    most: int = 4,
) -> Iterator[CertificatePath]:
    """Yield the valid paths of ``leaf``, at most ``most``, that of :func:`find_path` first.

    Shorter ones come before longer ones; the order depends on the certificates alone. The search for
    the second begins when it is asked for.
    """
    pool = tuple(dict.fromkeys(others))
    first = find_path(leaf, trust=trust, role=role, others=pool, moment=moment)
    if isinstance(first, PathFault) or most < 1:
        return
    yield first
    if first.direct or trust is None or most < 2:
        return
    anchors = trust.for_role(role, moment)
    found = valid_paths(leaf, _above(anchors), pool, moment, most, _purpose(role)).found
    for path in found[1:]:
        yield _believed(path, anchors)


def _purpose(role: AnchorRole | None) -> Purpose:
    return "time-stamping" if role == "timestamp" else "signing"


def _above(anchors: Iterable[TrustAnchor]) -> tuple[bytes, ...]:
    """Return the anchors that may stand above others, DER."""
    return tuple(a.certificate for a in anchors if not a.direct)


def _believed(path: CertificatePath, anchors: Iterable[TrustAnchor]) -> CertificatePath:
    """Note how long the anchor of a path is believed: to the last end of those that name its certificate."""
    end = path.certificates[-1]
    ends = [
        a.valid_until or load(end).not_valid_after_utc + timedelta.resolution
        for a in anchors
        if a.certificate == end and not a.direct
    ]
    return replace(path, believed_until=max(ends))


def path_to(
    leaf: bytes, anchors: Iterable[bytes], others: Iterable[bytes], moment: datetime, purpose: Purpose | None = None
) -> CertificatePath | PathFault:
    """Find a path from ``leaf`` to one of ``anchors`` (DER), valid at ``moment``; see :func:`find_path`.

    ``purpose`` None: no CA's extended key usage is looked at.
    """
    anchors, pool = tuple(anchors), tuple(dict.fromkeys(others))
    if not anchors:
        return PathFault("no-path", Reason("trust.no-anchor"))
    if try_load(leaf) is None:
        return PathFault("invalid", Reason("trust.certificate-unreadable"))
    paths = valid_paths(leaf, anchors, pool, moment, purpose=purpose)
    if paths.found:
        return paths.found[0]
    return paths.fault or _by_name_alone(leaf, anchors, pool, moment)


@lru_cache(maxsize=256)
def valid_paths(
    leaf: bytes,
    anchors: tuple[bytes, ...],
    others: tuple[bytes, ...],
    moment: datetime,
    most: int = 1,
    purpose: Purpose | None = None,
) -> ValidPaths:
    """Return the first valid paths from ``leaf`` to one of ``anchors``, shortest first."""
    if not anchors or try_load(leaf) is None:
        return ValidPaths(())
    search = ChainSearch(leaf, anchors, others, moment)
    found: list[CertificatePath] = []
    fault: PathFault | None = None
    for count, chain in enumerate(search.chains(verified=True)):
        if count == MAX_PATHS:
            return ValidPaths(tuple(found), fault, gave_up=True)
        result = check_path(chain, moment)
        if isinstance(result, CertificatePath):
            result = _refused(result, purpose) or result
        if isinstance(result, PathFault):
            fault = fault or result
            continue
        found.append(result)
        if len(found) == most:
            break
    return ValidPaths(tuple(found), fault, gave_up=search.gave_up)


def _refused(path: CertificatePath, purpose: Purpose | None) -> PathFault | None:
    """Refuse a path where a CA between its ends issues for other uses alone."""
    for certificate in path.certificates[1:-1] if purpose else ():
        reason = refuse_issuing(certificate, purpose)
        if reason:
            return PathFault("invalid", reason)
    return None


@lru_cache(maxsize=64)
def _by_name_alone(
    leaf: bytes, anchors: tuple[bytes, ...], others: tuple[bytes, ...], moment: datetime
) -> CertificatePath | PathFault:
    """Return the path or the fault where only names, and no key, tie a certificate to an anchor."""
    chains = ChainSearch(leaf, anchors, others, moment).chains(verified=False)
    fault: PathFault | None = None
    for chain in islice(chains, MAX_NAMED_PATHS):
        result = check_path(chain, moment)
        if isinstance(result, CertificatePath):
            return result
        fault = fault or result
    return fault or PathFault("no-path", Reason("trust.issuer-unknown"))


def _own_time(certificate: Any, moment: datetime) -> PathFault | None:
    if moment > certificate.not_valid_after_utc:
        return PathFault("expired", Reason("trust.expired"), certificate.not_valid_after_utc)
    if moment < certificate.not_valid_before_utc:
        return PathFault("not-yet-valid", Reason("trust.not-yet-valid"), certificate.not_valid_before_utc)
    return None
