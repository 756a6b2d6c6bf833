"""What signatures carry beside what they sign: certificates that a copy's reader must be able to account for.

Certificates in a SignedData only help to find paths (RFC 5652, 5.1); no signature covers them until the
next revision is signed. Behind the last one, others could stand there, or anything at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ecert.trust.certificates import try_load
from ecert.trust.signed import certified_by
from ecert.verify.case import Case, SignatureCase
from ecert.verify.validation.material import Material

MAX_ISSUERS = 16  # certificates of the same name tried as a certificate's issuer


def check_carried_certificates(m: Material) -> None:
    """Ask that every certificate no time-stamp covers yet was issued by somebody known here.

    Only where the signature's own path is known: without anchors nothing is believed anyway.
    """
    case = m.case
    if not case.policy.is_copy or case.trust is None:
        return
    known = [a.certificate for a in case.trust.anchors]
    known += m.everything.certificates
    for s in case.signatures:
        if s.path is None or m.proofs.proves(s.revision + 1):
            continue
        if not all(_is_accounted_for(case, der, known) for der in _carried(s)):
            reason = "a signature carries a certificate that nobody known has issued"
            case.find("structure-unsupported", field=s.name, reason=reason)


def _carried(s: SignatureCase) -> Iterator[bytes]:
    """Yield what the signature brings, and its time-stamps, but for those nobody here trusts anyway."""
    tokens = [t.token.message for t in s.timestamps if t.path is not None]
    for message in [s.message, *tokens]:
        if message is not None:
            yield from message.certificates


def _is_accounted_for(case: Case, der: bytes, known: list[bytes]) -> bool:
    """Tell whether a certificate is on a path that was found, or signed with a known key."""
    paths = [p for s in case.signatures for p in (s.path, *(t.path for t in s.timestamps)) if p]
    if any(der in path.certificates for path in paths):
        return True
    found = try_load(der)
    named = (k for k in known if found and (c := try_load(k)) and c.subject == found.issuer)
    return any(certified_by(der, issuer) is not None for issuer in islice(named, MAX_ISSUERS))
