"""The certificates of one office: roots, issuing authorities, signer, seal and time-stamps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from ecert.testing import names
from ecert.testing.extensions import OCSP_SIGNING, TIME_STAMPING
from ecert.testing.keys import Algorithm, Digest, PrivateKey, new_keys
from ecert.testing.pki import YEAR, Authority, Identity

#: From how long before the founding to how long after it a certificate is valid.
Span = tuple[timedelta, timedelta]

_AUTHORITY, _HOLDER = (3 * YEAR, 10 * YEAR), (YEAR, 2 * YEAR)

#: How long each certificate is valid, unless asked otherwise.
VALIDITY: Mapping[str, Span] = {
    "root": (5 * YEAR, 15 * YEAR),
    "issuing": _AUTHORITY,
    "issuing_ocsp": (YEAR, 10 * YEAR),
    "signer": _HOLDER,
    "seal": _HOLDER,
    "tsa_root": (5 * YEAR, 15 * YEAR),
    "tsa_authority": _AUTHORITY,
    "tsa_ocsp": (YEAR, 10 * YEAR),
    "tsa": (YEAR, 5 * YEAR),
}

#: What authorities, OCSP and TSA use beside a signer's algorithm, where it is not the same.
_BESIDE: dict[Algorithm, Algorithm] = {
    "rsa1024": "rsa2048",
    "rsa3072": "rsa2048",
    "rsa4096": "rsa2048",
    "ed25519": "p256",
}


@dataclass(frozen=True, eq=False)
class TimeStampBranch:
    """``tsa_root`` → ``tsa_authority`` → ``tsa``, and ``tsa_ocsp``, a delegated OCSP responder."""

    tsa_root: Authority
    tsa_authority: Authority
    tsa_ocsp: Identity
    tsa: Identity


@dataclass(frozen=True, eq=False)
class Hierarchy(TimeStampBranch):
    """``root`` → ``issuing`` → ``signer``, ``seal``; ``tsa_root`` → ``tsa_authority`` → ``tsa``.

    ``issuing_ocsp`` and ``tsa_ocsp`` are delegated OCSP responders. ``tsa_root`` may be ``root``.
    """

    root: Authority
    issuing: Authority
    issuing_ocsp: Identity
    signer: Identity
    seal: Identity


@dataclass(frozen=True)
class Founding:
    """When and how certificates are made: ``validity`` overrides entries of ``VALIDITY``.

    ``tsa_algorithm`` is for the time-stamp branch, its own root included; ``digest`` for every
    signature on certificates, CRLs, OCSP answers and time-stamps.

    Raises:
        ValueError: ``validity`` names a certificate that an office does not have.
    """

    base_url: str
    now: datetime
    algorithm: Algorithm
    tsa_algorithm: Algorithm | None = None
    digest: Digest | None = None
    validity: Mapping[str, Span] | None = None

    def __post_init__(self) -> None:
        for name in self.validity or {}:
            if name not in VALIDITY:
                known = ", ".join(VALIDITY)
                raise ValueError(f"an office has no certificate {name!r}: use one of {known}")

    @property
    def beside(self) -> Algorithm:
        """Return what authorities and OCSP responders use beside the signer's algorithm."""
        return _BESIDE.get(self.algorithm, self.algorithm)

    @property
    def for_tsa(self) -> Algorithm:
        """Return what the time-stamp branch uses."""
        return self.tsa_algorithm or self.beside

    def root(self, part: str, slug: str, name: str, key: PrivateKey) -> Authority:
        """Make a root."""
        start, end = self._span(part)
        return Authority.root(
            slug, name, base_url=self.base_url, not_before=start, not_after=end, key=key, digest=self.digest
        )

    def authority(self, part: str, root: Authority, slug: str, name: str, key: PrivateKey) -> Authority:
        """Make an authority below a root."""
        start, end = self._span(part)
        return root.subordinate(slug, name, not_before=start, not_after=end, key=key)

    def ocsp(self, part: str, authority: Authority, key: PrivateKey) -> Identity:
        """Make the delegated OCSP responder of an authority."""
        start, end = self._span(part)
        subject = names.authority_name(f"OCSP of {authority.name}")
        return authority.issue(subject, not_before=start, not_after=end, key=key, use=OCSP_SIGNING)

    def tsa(self, authority: Authority, name: str, key: PrivateKey) -> Identity:
        """Make a time-stamp service."""
        start, end = self._span("tsa")
        subject = names.authority_name(name)
        return authority.issue(subject, not_before=start, not_after=end, key=key, use=TIME_STAMPING)

    def holder(self, part: str, authority: Authority, key: PrivateKey) -> Identity:
        """Make the signer or the seal."""
        start, end = self._span(part)
        subject = names.person_name() if part == "signer" else names.body_name()
        return authority.issue(subject, not_before=start, not_after=end, key=key)

    def _span(self, part: str) -> tuple[datetime, datetime]:
        before, after = {**VALIDITY, **(self.validity or {})}[part]
        return self.now - before, self.now + after


def found(plan: Founding, *, separate_tsa_root: bool) -> Hierarchy:
    """Make every key and certificate of an office."""
    wanted: dict[str, Algorithm] = {"signer": plan.algorithm, "seal": plan.algorithm}
    wanted |= dict.fromkeys(["ocsp", "root", "issuing"], plan.beside)
    wanted |= dict.fromkeys(["tsa", "tsa-ca", "tsa-ocsp"], plan.for_tsa)
    if separate_tsa_root:
        wanted["tsa-root"] = plan.for_tsa
    keys = dict(zip(wanted, new_keys(list(wanted.values())), strict=True))
    root = plan.root("root", "root", "ecert throwaway root", keys["root"])
    tsa_root = root
    if separate_tsa_root:
        name = "ecert throwaway time-stamp root"
        tsa_root = plan.root("tsa_root", "tsa-root", name, keys["tsa-root"])
    name = "ecert throwaway issuing authority"
    issuing = plan.authority("issuing", root, "issuing", name, keys["issuing"])
    branch = _branch(plan, tsa_root, [keys[n] for n in ("tsa-ca", "tsa-ocsp", "tsa")], suffix="")
    return Hierarchy(
        root=root,
        issuing=issuing,
        issuing_ocsp=plan.ocsp("issuing_ocsp", issuing, keys["ocsp"]),
        signer=plan.holder("signer", issuing, keys["signer"]),
        seal=plan.holder("seal", issuing, keys["seal"]),
        **{each.name: getattr(branch, each.name) for each in fields(branch)},
    )


def found_time_stamps(plan: Founding, root: Authority | None, number: int) -> TimeStampBranch:
    """Make one more time-stamp branch, the ``number``-th, below ``root`` or a root of its own (None)."""
    keys = new_keys([plan.for_tsa] * (3 if root else 4))
    if root is None:
        name = f"ecert throwaway time-stamp root {number}"
        root = plan.root("tsa_root", f"tsa-root-{number}", name, keys[3])
    return _branch(plan, root, keys[:3], suffix=str(number))


def _branch(plan: Founding, root: Authority, keys: list[PrivateKey], *, suffix: str) -> TimeStampBranch:
    slug = f"tsa-ca-{suffix}" if suffix else "tsa-ca"
    name = f"ecert throwaway time-stamp authority {suffix}".rstrip()
    authority = plan.authority("tsa_authority", root, slug, name, keys[0])
    service = f"ecert throwaway time-stamp service {suffix}".rstrip()
    return TimeStampBranch(
        tsa_root=root,
        tsa_authority=authority,
        tsa_ocsp=plan.ocsp("tsa_ocsp", authority, keys[1]),
        tsa=plan.tsa(authority, service, keys[2]),
    )
