"""Do two signers stand for one body? Who certified a document, and who signed after.

A certification with P=2 lets others sign where a field is prepared. A visible field that a later signer brings along
is laid over what was certified; so it counts only where the certifier's own body stands behind it. Two things tell:

* the policy's registry, on the day of each signature. Where it knows both keys, it alone decides: whoever has left the
  body, or never was there, does not belong, whatever the certificate says;
* the certificates: one CA issued both, which is to say one key verified both in their validated paths, and both name
  one organisation (O). Names of CAs prove nothing, and a CA vouches only for the names that it checks itself; hence the
  key. Identifiers that both have, such as a tax code, may contradict the name and never replace it.

A body's own certificate names the body above it in O, ``CN=<body>, O=<above>``, and so do those of its officers
(``O=<above>, OU=<body>``): they agree in O. So do those of two bodies below one parent; only a registry tells these
apart. A certificate with several O is of the same organisation only as another with the same ones, in their order.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cryptography.x509.oid import NameOID

from ecert.errors import Reason
from ecert.model.names import identifiers_agree, normal_name
from ecert.trust.certificates import common_name, identifiers, load, public_key_info
from ecert.verify.case import Case, SignatureCase

if TYPE_CHECKING:
    from ecert.verify.policies.registry import Registry

#: what authorities write into O where there is no organisation, folded: everybody would belong to everybody
_NO_ORGANIZATION = frozenset(
    {
        *("cá nhân", "ca nhan", "công dân", "cong dan", "không", "không có", "khong", "khong co"),
        *("individual", "personal", "citizen", "natural person", "private person", "private", "unaffiliated"),
        *("none", "n/a", "null", "not applicable", "unknown"),
        *("non presente", "persona fisica", "persona física", "pessoa física", "pessoa fisica"),
        *("personne physique", "particulier", "particular", "privatperson", "ingen organisatorisk tilknytning"),
        *("фізична особа", "физическое лицо"),
        # names of what issues them, the same in the certificates of all its citizens
        *("esteid", "icp-brasil", "cartão de cidadão", "yessign", "signkorea", "signgate", "crosscert", "tradesign"),
    }
)


def belongs_together(case: Case, certifier: SignatureCase, other: SignatureCase) -> Reason | None:
    """Return why ``other`` does not, or may not, stand for the body of ``certifier``; None: it does.

    Both signatures must have been validated (:attr:`~ecert.verify.case.SignatureCase.path`); whether they are
    TOTAL-PASSED is not asked here.
    """
    ours, theirs = _certificate(certifier), _certificate(other)
    if ours is None or theirs is None:
        return Reason("belonging.no-certificate")
    registry = case.policy.registry
    if registry is not None:
        days, later = case.signing_days(certifier), case.signing_days(other)
        if all(map(registry.span.covers, (*days, *later))):
            known = _is_known(registry, ours), _is_known(registry, theirs)
            bodies, others = _bodies(registry, ours, days), _bodies(registry, theirs, later)
            if bodies & others:
                return None
            if all(known):
                return Reason("belonging.registered-elsewhere")
            if (known[0] and not bodies) or (known[1] and not others):
                return Reason("belonging.not-registered-then")
    return _difference(certifier, other, ours, theirs)


def _certificate(s: SignatureCase) -> bytes | None:
    return s.message.signer_certificate if s.message is not None else None


# ── by the registry ──────────────────────────────────────────────────────────────────────────────


def _is_known(registry: Registry, certificate: bytes) -> bool:
    """Return whether the registry names a key at all, on whatever day."""
    appointed = registry.appointments_of(common_name(certificate), certificate)
    return bool(appointed or registry.bodies_sealing(certificate))


def _bodies(registry: Registry, certificate: bytes, days: tuple[date, ...]) -> set[str]:
    """Return the identities of bodies that existed on all days, and that a key then sealed or certified for."""
    appointed = registry.appointments_of(common_name(certificate), certificate)
    return {
        body.id
        for body in registry.bodies
        if all(
            body.span.covers(day)
            and (body.seals_with(certificate, day) or any(a.body == body.id and a.span.covers(day) for a in appointed))
            for day in days
        )
    }


# ── by the certificates ──────────────────────────────────────────────────────────────────────────


def _difference(certifier: SignatureCase, other: SignatureCase, ours: bytes, theirs: bytes) -> Reason | None:
    key = _issuing_key(certifier)
    if key is None or key != _issuing_key(other):
        return Reason("belonging.another-authority")
    names = organizations(ours), organizations(theirs)
    if not all(names):
        return Reason("belonging.no-organization")
    if names[0] != names[1]:
        return Reason("belonging.another-organization")
    if identifiers_agree(identifiers(ours), identifiers(theirs)) is False:
        return Reason("belonging.another-identifier")
    return None


def _issuing_key(s: SignatureCase) -> bytes | None:
    """Return the key that verified the signer's certificate; None: no path, or the anchor is the certificate itself."""
    issued = s.path.issued() if s.path is not None else []
    try:
        return public_key_info(issued[0][1]) if issued else None
    except ValueError:
        return None


def organizations(certificate: bytes) -> tuple[str, ...]:
    """Return every O of the subject in its order, folded; none at all where one of them names no organisation."""
    try:
        found = load(certificate).subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    except ValueError:
        return ()
    names = [normal_name(a.value) if isinstance(a.value, str) else "" for a in found]
    if any(name in _NO_ORGANIZATION or not any(map(str.isalnum, name)) for name in names):
        return ()
    return tuple(names)
