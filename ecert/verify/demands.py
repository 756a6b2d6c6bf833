"""What a policy demands beyond its base: level, time-stamps, signatures, profiles, algorithms, ages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from ecert.errors import Reason
from ecert.model.algorithms import digest_limit
from ecert.model.levels import Level, at_least
from ecert.model.times import rfc3339
from ecert.trust.certificates import public_key, subject_text
from ecert.trust.paths import weakest_links
from ecert.verify.additions import added_fields, page_list, signer_name
from ecert.verify.case import Case, SignatureCase
from ecert.verify.policies import Algorithms

#: what keeps a verifier from telling how far a document has come: not a fault of the document
_UNBELIEVED = {
    "no-anchors",
    "signer-not-trusted",
    "seal-not-trusted",
    "signature-not-trusted",
    "timestamp-not-trusted",
    "certificate-unreadable",
    "algorithm-not-supported",
}


def _check_level(case: Case) -> None:
    wanted, reached = case.policy.require.level, case.reached
    if wanted is None or (reached is not None and at_least(reached, wanted)):
        return
    if may_have_reached(case, wanted):
        case.add("demand-unproven", what=Reason("policy.level", level=wanted))
        return
    what = Reason("policy.level-reached", level=reached) if reached else Reason("policy.no-level")
    case.add("level-too-low", required=wanted, what=what)


def may_have_reached(case: Case, level: Level) -> bool:
    """Return whether the time-stamps suffice for a level, and it is open because an authority is not believed."""
    believed = all(f.code not in _UNBELIEVED for f in case.findings)
    return not believed and at_least(_ceiling(case), level)


def _ceiling(case: Case) -> Level:
    """Return the level that a document has reached at most, whoever is believed: by its time-stamps alone."""
    if _archives(case):
        return "B-LTA"
    return "B-LT" if all(s.timestamps for s in case.signed) else "B-B"


def _archives(case: Case) -> list[SignatureCase]:
    """Return the document time-stamps after the last signature."""
    last = max((s.revision for s in case.signed), default=-1)
    return [s for s in case.by_role("timestamp") if s.revision > last]


def _check_archive(case: Case) -> None:
    """Ask for a document time-stamp over every signature (EN 319 142-1, 5.4.3)."""
    if not _archives(case):
        case.add("archive-timestamp-missing")
    elif not any(t.counts for s in _archives(case) for t in s.timestamps):
        case.add("demand-unproven", what=Reason("policy.document-timestamp"))


def _check_count(case: Case) -> None:
    """Ask for so many signatures; what counts is judged elsewhere."""
    wanted, signed = case.policy.require.signatures, case.signed
    if wanted is not None and len(signed) < wanted:
        case.add("too-few-signatures", count=len(signed), required=wanted)


def _check_fields(case: Case) -> None:
    """Ask for the signatures of named fields, in their order."""
    required, signed = case.policy.require, case.signed
    by_name = {f.name: s.revision for s in signed for f in s.signature.fields}
    revisions = []
    for name in required.fields:
        if name in by_name:
            revisions.append(by_name[name])
        else:
            case.add("field-unsigned", name=name)
    if any(later <= earlier for earlier, later in pairwise(revisions)):
        case.add("signatures-out-of-order", fields=", ".join(required.fields))


def _check_added_fields(case: Case) -> None:
    """Ask that no visible signature field came after the first signature; what stood there empty may be signed."""
    for s, places in added_fields(case):
        first = places[0]
        told = {"signer": signer_name(s), "pages": page_list(places)}
        case.add("field-added-against-policy", field=s.name, page=first.page, revision=s.revision, **told)


def _check_profile(case: Case) -> None:
    allowed = case.policy.require.profiles
    if allowed and case.record is not None and case.record.profile not in allowed:
        case.add("profile-not-accepted", profile=case.record.profile)


# ── algorithms ───────────────────────────────────────────────────────────────────────────────────


def _check_algorithms(case: Case) -> None:
    """Hold signatures and the certificates on their paths against the list (EN 319 102-1, 5.2.8).

    The anchor's own signature proves nothing and is left out; its key counts. Time-stamps keep to the
    dated limits alone: their authority is not the office's choice.
    """
    allowed = case.policy.algorithms
    for s in case.signed:
        for name in dict.fromkeys(_not_permitted(allowed, s)):
            case.add("algorithm-not-permitted", field=s.name, algorithm=name)


def _not_permitted(allowed: Algorithms, s: SignatureCase) -> Iterator[str]:
    message = s.message
    if message is None or message.signer_certificate is None:
        return
    used: list[tuple[str, str]] = [
        (message.scheme.kind, message.digest_algorithm),
        (message.scheme.kind, message.scheme.digest),
    ]
    if message.bound_by is not None:
        used.append((message.scheme.kind, message.bound_by))
    certificates = [message.signer_certificate]
    if s.path is not None:
        used += [(link.scheme, link.digest) for link in weakest_links(s.path)]
        certificates += s.path.certificates
    for scheme, digest in used:
        if allowed.signatures and scheme not in allowed.signatures:
            yield scheme
        if allowed.digests and digest not in allowed.digests:
            yield digest_limit(digest).name
    for der in certificates:
        yield from _key_not_permitted(allowed, der)


def _key_not_permitted(allowed: Algorithms, certificate: bytes) -> Iterator[str]:
    try:
        key: PublicKeyTypes = public_key(certificate)
    except ValueError:
        return  # said already
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < (allowed.rsa_bits or 0):
        yield f"RSA-{key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name not in (allowed.curves or (key.curve.name,)):
        yield key.curve.name


# ── ages ─────────────────────────────────────────────────────────────────────────────────────────


def _check_seal_age(case: Case) -> None:
    """Hold the time between both proofs against the limit; a claimed time would keep any limit."""
    most = case.policy.ages.seal_days
    assert most is not None
    pair = [s for role in ("signer", "seal") for s in case.by_role(role)[:1]]
    if len(pair) != 2 or not all(s.intact for s in pair):
        return
    if not all(case.is_proven(s) for s in pair):
        case.add("demand-unproven", what=Reason("policy.time-to-seal"))
        return
    signed, sealed = (s.best_signature_time for s in pair)
    assert signed is not None
    assert sealed is not None
    days = -((signed - sealed) // timedelta(days=1))  # begun days count
    if days > most:
        case.add("sealed-too-late", count=days, limit=most)


def _check_copy_age(case: Case) -> None:
    """Count from the record's date, or from the earlier day on which the signature is proven to exist."""
    most = case.policy.ages.copy_days
    assert most is not None
    if case.record is None:
        return
    dated = case.record.certification.date
    times = [s.best_signature_time for s in case.by_role("signer")]
    days = (case.office_day(case.at) - min([dated, *map(case.office_day, filter(None, times))])).days
    if days > most:
        case.add("copy-too-old", count=days, limit=most)


def _check_revocation_ages(case: Case) -> None:
    most = case.policy.ages.revocation_days
    assert most is not None
    for s in case.signed:
        _check_revocation_age(case, s, most)


def _check_revocation_age(case: Case, s: SignatureCase, most: int) -> None:
    """Ask that a status was issued not long before the signature (EN 319 102-1, 5.2.5, freshness).

    Without a proof of the signature's time that is the time of validation.
    """
    if s.path is None or s.best_signature_time is None:
        return
    oldest = s.best_signature_time - timedelta(days=most)
    for (subject, _), status in zip(s.path.issued(), s.revocation, strict=True):
        item = status.item
        if item is not None and item.this_update < oldest:
            issued = rfc3339(item.this_update)
            case.add("revocation-too-old", field=s.name, subject=subject_text(subject), time=issued)


# ── which check is for which demand ──────────────────────────────────────────────────────────────

#: Demands as in :mod:`ecert.verify.policies.demands`, but for those that are stated and that the base asks itself.
DEMAND_CHECKS: Mapping[str, Callable[[Case], None]] = {
    "require.level": _check_level,
    "require.archive_timestamp": _check_archive,
    "require.signatures": _check_count,
    "require.fields": _check_fields,
    "require.no_added_fields": _check_added_fields,
    "require.profiles": _check_profile,
    "algorithms.digests": _check_algorithms,
    "algorithms.signatures": _check_algorithms,
    "algorithms.curves": _check_algorithms,
    "algorithms.rsa_bits": _check_algorithms,
    "ages.seal_days": _check_seal_age,
    "ages.copy_days": _check_copy_age,
    "ages.revocation_days": _check_revocation_ages,
}


def check_demands(case: Case) -> None:
    """Hold what was found against the policy's own demands; a built-in policy has none."""
    if not case.signatures:
        return  # said already
    checks = (DEMAND_CHECKS[name] for name in case.policy.demands() if name in DEMAND_CHECKS)
    for check in dict.fromkeys(checks):  # one check may be for several demands
        check(case)
