"""What signatures carry beside what they sign: certificates that a copy's reader must be able to account for.

Certificates in a SignedData only help to find paths (RFC 5652, 5.1); no signature covers them until the
next revision is signed. Behind the last one, others could stand there, or anything at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ecert.errors import Reason
from ecert.trust.certificates import load, try_load
from ecert.trust.naming import issuer_key, key_identifiers
from ecert.trust.pool import CertificatePool, pool_of
from ecert.trust.signed import certified_by
from ecert.verify.case import SignatureCase
from ecert.verify.validation.material import Material

MAX_ISSUERS_TRIED = 16  # certificates of the same name tried as a certificate's issuer
MAX_ISSUERS_LOOKED_AT = 64  # likewise looked at


def check_carried_certificates(m: Material) -> None:
    """Ask that every certificate no time-stamp covers yet was issued by somebody known here.

    Only where the signature's own path is known: without anchors nothing is believed anyway.
    """
    case = m.case
    if not case.policy.is_copy or case.trust is None:
        return
    anchors = tuple(dict.fromkeys(a.certificate for a in case.trust.anchors))
    known = pool_of(anchors, m.everything.certificates)
    paths = [p for s in case.signatures for p in (s.path, *(t.path for t in s.timestamps)) if p]
    on_paths = {der for path in paths for der in path.certificates}
    for s in case.signatures:
        if s.path is None or m.proofs.proves(s.revision + 1):
            continue
        others = {each: None for each in _carried(s) if each[0] not in on_paths}
        if not all(_is_accounted_for(c, known, strange) for c, strange in others):
            reason = Reason("pades.stray-certificate")
            case.add("structure-unsupported", field=s.name, reason=reason)


def _carried(s: SignatureCase) -> Iterator[tuple[bytes, bool]]:
    """Yield every certificate that comes along, and whether with a time-stamp that nobody here trusts."""
    messages = [(s.message, False), *((t.token.message, t.path is None) for t in s.timestamps)]
    for message, strange in messages:
        for der in message.certificates if message is not None else ():
            yield der, strange


def _is_accounted_for(der: bytes, known: CertificatePool, strange: bool) -> bool:
    """Return whether a certificate that is on no path is signed with a known key.

    A strange authority's may be issued by somebody unknown, but not by a known one who did not sign it.
    """
    if try_load(der) is None:
        return False
    named = known.named(issuer_key(der), key_identifiers(der)[1])
    looked_at = islice(named, MAX_ISSUERS_LOOKED_AT)
    issuers = [k for k in looked_at if try_load(k) and _may_have_issued(k, der)]
    signed = any(certified_by(der, issuer) is not None for issuer in issuers[:MAX_ISSUERS_TRIED])
    return signed or (strange and not issuers)


def _may_have_issued(issuer: bytes, certificate: bytes) -> bool:
    """Return whether a certificate names another as its issuer, by name and key identifier (RFC 5280, 4.2.1.1)."""
    if load(issuer).subject != load(certificate).issuer:
        return False
    own, wanted = key_identifiers(issuer)[0], key_identifiers(certificate)[1]
    return own is None or wanted in (None, own)
