"""Candidate certification paths: who could have issued whom, shortest first, with bounded work.

The certificates come with a document, so they may be built to be searched for ever, or to hide the real
issuer: many of one name, even with its true key, rings, towers of cross-certificates. So the search among
several of one name begins at the anchors: only what their keys certified, and what was certified by those, is
put on a path. A made-up certificate costs one signature and leads nowhere.

Every limit counts work, so the same file gives the same answer on every machine. What is found here is only a
candidate; :mod:`ecert.trust.paths` has it validated.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import heappop, heappush

from ecert.trust.certificates import load
from ecert.trust.naming import (
    NameKey,
    holder_key,
    is_other_key,
    issuer_key,
    key_identifiers,
    subject_key,
)
from ecert.trust.signed import certified_by

Chain = tuple[bytes, ...]  # the leaf first, its anchor last, DER
Holder = tuple[NameKey | None, bytes]  # an authority: a name and a key

MAX_LENGTH = 12  # certificates of one path: real ones have 3 to 5
MAX_SIGNATURES = 1000  # verified to tell issuers of one name apart: about 80 ms; a DSS holds 200
MAX_STEPS = 2000  # certificates put on a path while searching
MAX_PAIRS = 20_000  # of an authority and what it may have issued, waiting to be looked at


class ChainSearch:
    """The certificates among which the paths of one leaf are searched.

    Certificates are found by name, as RFC 5280, 6.1.3 (a) (4) asks, never by name and serial number: two
    authorities that share both are two.
    """

    def __init__(
        self, leaf: bytes, anchors: Iterable[bytes], others: Iterable[bytes], moment: datetime
    ) -> None:
        self._leaf = leaf
        self._moment = moment
        self._anchors = frozenset(anchors)
        self._by_name: dict[NameKey, list[bytes]] = {}
        #: some limit was reached: there may be more than was found
        self.gave_up = False
        for der in {*self._anchors, *others}:
            key = subject_key(der)
            if key is not None:
                self._by_name.setdefault(key, []).append(der)

    def chains(self, *, verified: bool) -> Iterator[Chain]:
        """Yield paths from the leaf to an anchor by name, shortest first, each certificate at most once.

        ``verified`` leaves out issuers whose key did not sign, where several have the name. A name and
        key that a path holds already are not put on it again: what stands between could be left out.
        """
        above = self._above()
        issuers = self._certified(above) if verified and _shared(above) else self._named(above)
        open_chains: deque[Chain] = deque([(self._leaf,)])
        steps = 0
        while open_chains:
            chain = open_chains.popleft()
            for issuer in issuers.get(chain[-1], ()):
                steps += 1
                if steps > MAX_STEPS:
                    self.gave_up = True
                    return
                if issuer in self._anchors:
                    yield (*chain, issuer)
                elif len(chain) < MAX_LENGTH - 1 and not _repeats(issuer, chain):
                    open_chains.append((*chain, issuer))

    def _above(self) -> dict[NameKey, list[bytes]]:
        """Return by name who could stand above the leaf."""
        found: dict[NameKey, list[bytes]] = {}
        waiting = [self._leaf]
        while waiting:
            name = issuer_key(waiting.pop())
            if name is not None and name not in found:
                found[name] = self._by_name.get(name, [])
                waiting += found[name]
        return found

    def _named(self, above: dict[NameKey, list[bytes]]) -> dict[bytes, list[bytes]]:
        """Return who, by name, may have issued each certificate."""
        below = {self._leaf, *(der for named in above.values() for der in named)}
        names = {der: issuer_key(der) for der in below}
        return {
            der: self._ordered(der, above.get(name, ()))
            for der, name in names.items()
            if name is not None
        }

    def _certified(self, above: dict[NameKey, list[bytes]]) -> dict[bytes, list[bytes]]:
        """Return whose key signed each certificate that an anchor leads to, found from the anchors downwards."""
        below: dict[NameKey, list[bytes]] = {}  # by the issuer's name
        for der in {self._leaf, *(der for named in above.values() for der in named)}:
            name = issuer_key(der)
            if name is not None:
                below.setdefault(name, []).append(der)
        signed_by: dict[bytes, set[Holder]] = {}
        members: dict[Holder, set[bytes]] = {}  # the certificates of an authority that count
        waiting: list[tuple[bool, bool, int, bool, bytes, bytes]] = []

        def reach(authority: bytes, depth: int) -> None:
            """Take in that a certificate counts; what its key may have signed is to be looked at."""
            found = members.setdefault(holder_key(authority), set())
            known = bool(found)
            found.add(authority)
            if known:
                return
            name = subject_key(authority)
            for der in below.get(name, ()) if name is not None else ():
                if len(waiting) >= MAX_PAIRS:
                    self.gave_up = True
                    return
                other = is_other_key(authority, key_identifiers(der)[1])
                rank = (der != self._leaf, other, depth, not self._alive(der), der, authority)
                heappush(waiting, rank)

        for anchor in sorted(self._anchors & {der for named in above.values() for der in named}):
            reach(anchor, 0)
        for _ in range(MAX_SIGNATURES):
            if not waiting:
                break
            *_, depth, _, der, authority = heappop(waiting)
            if certified_by(der, authority) is None:
                continue
            signed_by.setdefault(der, set()).add(holder_key(authority))
            if der != self._leaf:
                reach(der, depth + 1)
        self.gave_up = self.gave_up or bool(waiting)
        return {
            der: self._ordered(der, {c for h in holders for c in members[h]})
            for der, holders in signed_by.items()
        }

    def _ordered(self, certificate: bytes, issuers: Iterable[bytes]) -> list[bytes]:
        """Return who may have issued a certificate: anchors first, then those in their time."""
        wanted = key_identifiers(certificate)[1]
        return sorted(
            issuers,
            key=lambda issuer: (
                issuer not in self._anchors,
                is_other_key(issuer, wanted),
                not self._alive(issuer),
                issuer,
            ),
        )

    def _alive(self, certificate: bytes) -> bool:
        found = load(certificate)
        return found.not_valid_before_utc <= self._moment <= found.not_valid_after_utc


def _shared(above: dict[NameKey, list[bytes]]) -> bool:
    return any(len(named) > 1 for named in above.values())


def _repeats(certificate: bytes, chain: Chain) -> bool:
    who = holder_key(certificate)
    return any(who == holder_key(c) for c in chain)
