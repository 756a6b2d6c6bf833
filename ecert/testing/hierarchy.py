"""The certificates of one office: roots, issuing authorities, signer, seal and time-stamps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ecert.testing import names
from ecert.testing.extensions import OCSP_SIGNING, TIME_STAMPING
from ecert.testing.keys import Algorithm, PrivateKey, new_keys
from ecert.testing.pki import Authority, Identity

YEAR = timedelta(days=365)

#: What authorities, OCSP and TSA use beside a signer's algorithm, where it is not the same.
_BESIDE: dict[Algorithm, Algorithm] = {
    "rsa3072": "rsa2048",
    "rsa4096": "rsa2048",
    "ed25519": "p256",
}


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """``root`` → ``issuing`` → ``signer``, ``seal``; ``tsa_root`` → ``tsa_authority`` → ``tsa``.

    ``issuing_ocsp`` and ``tsa_ocsp`` are delegated OCSP responders. ``tsa_root`` may be ``root``.
    """

    root: Authority
    issuing: Authority
    issuing_ocsp: Identity
    signer: Identity
    seal: Identity
    tsa_root: Authority
    tsa_authority: Authority
    tsa_ocsp: Identity
    tsa: Identity

    @property
    def roots(self) -> tuple[Authority, ...]:
        """Return the different roots: one or two."""
        return tuple(dict.fromkeys([self.root, self.tsa_root]))


def found(
    base_url: str, now: datetime, algorithm: Algorithm, *, separate_tsa_root: bool
) -> Hierarchy:
    """Make every key and certificate of an office, valid around ``now`` (aware).

    Roots: −5 to +15 years; authorities: −3 to +10; TSA and OCSP: −1 to +5; signer and seal: −1 to
    +2. ``base_url`` is where the responders listen.
    """
    own = _BESIDE.get(algorithm, algorithm)
    wanted: dict[str, Algorithm] = {"signer": algorithm, "seal": algorithm}
    wanted |= dict.fromkeys(["tsa", "ocsp", "root", "issuing", "tsa-ca"], own)
    if separate_tsa_root:
        wanted["tsa-root"] = own
    keys = dict(zip(wanted, new_keys(list(wanted.values())), strict=True))

    def make_root(slug: str, name: str) -> Authority:
        start, end = now - 5 * YEAR, now + 15 * YEAR
        return Authority.root(
            slug, name, base_url=base_url, not_before=start, not_after=end, key=keys[slug]
        )

    def make_authority(root: Authority, slug: str, name: str) -> Authority:
        start, end = now - 3 * YEAR, now + 10 * YEAR
        return root.subordinate(slug, name, not_before=start, not_after=end, key=keys[slug])

    root = make_root("root", "ecert throwaway root")
    tsa_root = root
    if separate_tsa_root:
        tsa_root = make_root("tsa-root", "ecert throwaway time-stamp root")
    issuing = make_authority(root, "issuing", "ecert throwaway issuing authority")
    tsa_authority = make_authority(tsa_root, "tsa-ca", "ecert throwaway time-stamp authority")
    return Hierarchy(
        root=root,
        issuing=issuing,
        issuing_ocsp=_ocsp(issuing, keys["ocsp"], now),
        signer=_holder(issuing, keys["signer"], now, person=True),
        seal=_holder(issuing, keys["seal"], now, person=False),
        tsa_root=tsa_root,
        tsa_authority=tsa_authority,
        tsa_ocsp=_ocsp(tsa_authority, keys["ocsp"], now),
        tsa=tsa_authority.issue(
            names.authority_name("ecert throwaway time-stamp service"),
            not_before=now - YEAR,
            not_after=now + 5 * YEAR,
            key=keys["tsa"],
            use=TIME_STAMPING,
        ),
    )


def _holder(authority: Authority, key: PrivateKey, now: datetime, *, person: bool) -> Identity:
    subject = names.person_name() if person else names.body_name()
    return authority.issue(subject, not_before=now - YEAR, not_after=now + 2 * YEAR, key=key)


def _ocsp(authority: Authority, key: PrivateKey, now: datetime) -> Identity:
    return authority.issue(
        names.authority_name(f"OCSP of {authority.name}"),
        not_before=now - YEAR,
        not_after=now + 5 * YEAR,
        key=key,
        use=OCSP_SIGNING,
    )
