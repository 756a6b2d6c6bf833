"""Certification paths (RFC 5280, 6.1): built and validated by pyhanko-certvalidator, without revocation.

Revocation is judged apart (:mod:`ecert.trust.revocation`), because EN 319 102-1 asks it at other
times than the path.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, TypeVar

from ecert.trust.certificates import try_load
from ecert.trust.store import Role, TrustStore

T = TypeVar("T")
PathFaultKind = Literal["no-path", "expired", "not-yet-valid", "invalid", "weak"]
MAX_PATHS = 8  # candidate paths tried for one certificate


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


def run_now(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never waits, inside or outside an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    coroutine.close()
    raise RuntimeError("a validation step tried to wait")


@lru_cache(maxsize=1024)
def _parsed(der: bytes) -> Any:
    from asn1crypto import x509

    return x509.Certificate.load(der)


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
    anchors = trust.for_role(role) if trust else ()
    if any(a.certificate == leaf for a in anchors):
        fault = _own_time(certificate, moment)
        return fault or CertificatePath((leaf,), direct=True)
    key = (
        leaf,
        tuple(a.certificate for a in anchors if not a.direct),
        tuple(dict.fromkeys(others)),
    )
    return _validated(*key, moment)


@lru_cache(maxsize=256)
def _validated(
    leaf: bytes, anchors: tuple[bytes, ...], others: tuple[bytes, ...], moment: datetime
) -> CertificatePath | PathFault:
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.errors import PathBuildingError

    if not anchors:
        return PathFault("no-path", "no anchor is named for it")
    try:
        context = ValidationContext(
            trust_roots=[_parsed(a) for a in anchors],
            other_certs=[_parsed(o) for o in others if try_load(o) is not None],
            moment=moment,
            allow_fetching=False,
            revocation_mode="soft-fail",
        )
        paths = run_now(context.path_builder.async_build_paths(_parsed(leaf)))
    except PathBuildingError:
        return PathFault("no-path", "its issuer is not among the anchors or the given certificates")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as exc:
        return PathFault("invalid", f"its path cannot be built ({type(exc).__name__})")
    fault: PathFault | None = None
    for path in list(paths)[:MAX_PATHS]:
        result = _validate(context, path)
        if isinstance(result, CertificatePath):
            return result
        fault = fault or result
    return fault or PathFault("no-path", "no path leads to an anchor")


def _validate(context: Any, path: Any) -> CertificatePath | PathFault:
    from pyhanko_certvalidator.errors import (
        DisallowedAlgorithmError,
        ExpiredError,
        NotYetValidError,
        PathError,
        ValidationError,
    )
    from pyhanko_certvalidator.validate import async_validate_path

    try:
        run_now(async_validate_path(context, path))
    except ExpiredError as exc:
        return PathFault("expired", "a certificate of its path has expired", exc.expired_dt)
    except NotYetValidError as exc:
        return PathFault(
            "not-yet-valid", "a certificate of its path is not yet valid", exc.valid_from
        )
    except DisallowedAlgorithmError as exc:
        return PathFault("weak", _words(exc))
    except (ValidationError, PathError) as exc:
        return PathFault("invalid", _words(exc))
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        return PathFault("invalid", f"its path cannot be read ({type(exc).__name__})")
    ders: Sequence[bytes] = [c.dump() for c in path.iter_certs(include_root=True)]
    return CertificatePath(tuple(reversed(ders)))


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
