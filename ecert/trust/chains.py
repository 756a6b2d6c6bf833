"""Candidate certification paths: who could have issued whom, shortest first, with bounded work.

The certificates come with a document, so they may be built to be searched for ever: many of one
name, rings, towers of cross-certificates. Every limit counts work, so the same file gives the same answer
on every machine. What is found here is only a candidate; :mod:`ecert.trust.paths` has it validated.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime

from ecert.trust.certificates import load
from ecert.trust.naming import (
    NameKey,
    encoded_key,
    is_other_key,
    issuer_key,
    key_identifiers,
    subject_key,
)
from ecert.trust.signed import certified_by

Chain = tuple[bytes, ...]  # the leaf first, its anchor last, DER

MAX_LENGTH = 12  # certificates of one path: real ones have 3 to 5
MAX_SIGNATURES = 250  # verified to tell issuers of one name apart: about 20 ms
MAX_STEPS = 2000  # certificates put on a path while searching


class ChainSearch:
    """The certificates among which paths are searched.

    Certificates are found by name, as RFC 5280, 6.1.3 (a) (4) asks, never by name and serial number: two
    authorities that share both are two.
    """

    def __init__(self, anchors: Iterable[bytes], others: Iterable[bytes], moment: datetime) -> None:
        self._moment = moment
        self._anchors = frozenset(anchors)
        self._by_name: dict[NameKey, list[bytes]] = {}
        self._signatures = 0
        for der in {*self._anchors, *others}:
            key = subject_key(der)
            if key is not None:
                self._by_name.setdefault(key, []).append(der)

    def chains(self, leaf: bytes, *, verified: bool) -> Iterator[Chain]:
        """Yield paths from ``leaf`` to an anchor by name, shortest first, each certificate at most once.

        ``verified`` leaves out issuers whose key did not sign, where several have the name. A name and
        key that a path holds already are not put on it again: what stands between could be left out.
        """
        open_chains: deque[Chain] = deque([(leaf,)])
        steps = 0
        while open_chains and steps < MAX_STEPS:
            chain = open_chains.popleft()
            for issuer in self._issuers(chain[-1], verified=verified):
                steps += 1
                if issuer in self._anchors:
                    yield (*chain, issuer)
                elif len(chain) < MAX_LENGTH - 1 and not _repeats(issuer, chain):
                    open_chains.append((*chain, issuer))

    def _issuers(self, certificate: bytes, *, verified: bool) -> list[bytes]:
        """Return who may have issued a certificate: anchors first, then those in their time."""
        name = issuer_key(certificate)
        named = self._by_name.get(name, []) if name is not None else []
        if len(named) < 2:
            return named
        ordered = sorted(named, key=lambda issuer: self._rank(certificate, issuer))
        if not verified:
            return ordered
        return [issuer for issuer in ordered if self._signed(certificate, issuer)]

    def _rank(self, certificate: bytes, issuer: bytes) -> tuple[bool, bool, bool, bytes]:
        found = load(issuer)
        alive = found.not_valid_before_utc <= self._moment <= found.not_valid_after_utc
        return (
            issuer not in self._anchors,
            is_other_key(issuer, key_identifiers(certificate)[1]),
            not alive,
            issuer,
        )

    def _signed(self, certificate: bytes, issuer: bytes) -> bool:
        if self._signatures >= MAX_SIGNATURES:
            return False
        self._signatures += 1
        return certified_by(certificate, issuer) is not None


def _repeats(certificate: bytes, chain: Chain) -> bool:
    who = (subject_key(certificate), encoded_key(certificate))
    return any(who == (subject_key(c), encoded_key(c)) for c in chain)
