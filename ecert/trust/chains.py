"""Candidate certification paths: who could have issued whom, shortest first, with bounded work.

The certificates come with a document, so they may be built to be searched for ever, or to hide the real
issuer: many of one name, even with its true key, rings, towers of cross-certificates. So the search among
several of one name begins at the anchors: only what their keys certified, and what was certified by those, is
put on a path. A made-up certificate costs one signature, for all leaves together, and leads nowhere.

Every limit counts work, so the same file gives the same answer on every machine. What is found here is only a
candidate; :mod:`ecert.trust.paths` has it validated.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from heapq import heappop, heappush
from itertools import islice

from ecert.trust.certificates import load
from ecert.trust.extensions import may_be_ca
from ecert.trust.naming import NameKey, holder_key, is_other_key, issuer_key, key_identifiers
from ecert.trust.pool import CertificatePool, pool_of
from ecert.trust.signed import certified_by

Chain = tuple[bytes, ...]  # the leaf first, its anchor last, DER
Holder = tuple[NameKey | None, bytes]  # an authority: a name and a key

MAX_LENGTH = 12  # certificates of one path: real ones have 3 to 5
MAX_CHECKED_SIGNATURES = 1000  # verified to tell issuers of one name apart: about 80 ms; a file holds 400
MAX_HOLDERS = 64  # keys of one name that an anchor leads to, tried for one certificate: real ones are 2
MAX_STEPS = 2000  # certificates put on a path while searching
MAX_PAIRS = 20_000  # of an authority and what it may have issued, waiting to be looked at
MAX_NAMED = 4  # certificates of one name that are tried where no key signed what is there
MAX_NAMED_STEPS = 64  # likewise certificates put on a path: only to say what is wrong


class ChainSearch:
    """The search for the paths of one leaf.

    Certificates are found by name, as RFC 5280, 6.1.3 (a) (4) asks, never by name and serial number: two
    authorities that share both are two.
    """

    def __init__(self, leaf: bytes, anchors: Iterable[bytes], others: Iterable[bytes], moment: datetime) -> None:
        self._leaf = leaf
        self._moment = moment
        self._given = tuple(anchors), tuple(others)
        self._pool = pool_of(*self._given)
        #: some limit was reached: there may be more than was found
        self.gave_up = False

    def chains(self, *, verified: bool) -> Iterator[Chain]:
        """Yield paths from the leaf to an anchor by name, shortest first, each certificate at most once.

        ``verified`` leaves out issuers whose key did not sign, where several have the name. A name and
        key that a path holds already are not put on it again: what stands between could be left out.
        """
        shared = self._shared()
        known = _authorities(*self._given) if verified and shared else None
        most = MAX_STEPS if verified else MAX_NAMED_STEPS
        issuers: dict[bytes, list[bytes]] = {}
        open_chains: deque[Chain] = deque([(self._leaf,)])
        steps = 0
        while open_chains:
            chain = open_chains.popleft()
            last = chain[-1]
            if last not in issuers:
                issuers[last] = self._named(last) if known is None else self._signers(last, known)
            for issuer in issuers[last]:
                steps += 1
                if steps > most:
                    self.gave_up = True
                    return
                if issuer in self._pool.first:
                    yield (*chain, issuer)
                elif len(chain) < MAX_LENGTH - 1 and not _repeats(issuer, chain):
                    open_chains.append((*chain, issuer))

    def _shared(self) -> bool:
        """Return whether several certificates have the name of one that could stand above the leaf."""
        seen: set[NameKey] = set()
        waiting = [self._leaf]
        while waiting:
            name = issuer_key(waiting.pop())
            if name is None or name in seen:
                continue
            seen.add(name)
            if self._pool.count(name) > 1:
                return True
            waiting += self._pool.named(name)
        return False

    def _named(self, certificate: bytes) -> list[bytes]:
        """Return who, by name, may have issued a certificate: the likeliest few."""
        wanted = key_identifiers(certificate)[1]
        found = islice(self._pool.named(issuer_key(certificate), wanted), MAX_NAMED)
        return self._ordered(found, wanted)

    def _signers(self, certificate: bytes, known: _Authorities) -> list[bytes]:
        """Return whose key signed a certificate, of the authorities that an anchor leads to."""
        found, more = known.signers(certificate)
        self.gave_up = self.gave_up or more
        return self._ordered(found, key_identifiers(certificate)[1])

    def _ordered(self, issuers: Iterable[bytes], wanted: bytes | None) -> list[bytes]:
        """Return issuers: anchors first, then those in their time."""
        return sorted(
            issuers,
            key=lambda issuer: (
                issuer not in self._pool.first,
                is_other_key(issuer, wanted),
                not self._alive(issuer),
                issuer,
            ),
        )

    def _alive(self, certificate: bytes) -> bool:
        found = load(certificate)
        return found.not_valid_before_utc <= self._moment <= found.not_valid_after_utc


class _Authorities:
    """Whose keys the anchors lead to, found from the anchors downwards, once for all leaves."""

    def __init__(self, pool: CertificatePool) -> None:
        self._pool = pool
        self._members: dict[Holder, set[bytes]] = {}  # the certificates of an authority that count
        self._holders: dict[NameKey, list[Holder]] = {}
        self.gave_up = False
        self._search()

    def signers(self, certificate: bytes) -> tuple[list[bytes], bool]:
        """Return the certificates that count of those whose key signed this one, and whether there may be more."""
        name, wanted = issuer_key(certificate), key_identifiers(certificate)[1]
        keys = self._holders.get(name, []) if name is not None else []
        some = {holder: next(iter(self._members[holder])) for holder in keys}
        too_many = len(keys) > MAX_HOLDERS
        if too_many:
            # they stand in the order in which they were reached: the nearest to an anchor come first
            keys = sorted(keys, key=lambda h: is_other_key(some[h], wanted))[:MAX_HOLDERS]
        signed = [h for h in keys if certified_by(certificate, some[h]) is not None]
        return [der for h in signed for der in self._members[h]], self.gave_up or too_many

    def _search(self) -> None:
        waiting: list[tuple[bool, int, bytes, bytes]] = []

        def reach(authority: bytes, depth: int) -> None:
            """Take in that a certificate counts; what its key may have signed is to be looked at."""
            holder = holder_key(authority)
            found = self._members.setdefault(holder, set())
            known = bool(found)
            found.add(authority)
            name = holder[0]
            if known or name is None:
                return
            self._holders.setdefault(name, []).append(holder)
            for der in self._pool.below(name):
                if not may_be_ca(der):
                    continue  # whom it issued, no path holds
                if len(waiting) >= MAX_PAIRS:
                    self.gave_up = True
                    return
                other = is_other_key(authority, key_identifiers(der)[1])
                heappush(waiting, (other, depth, der, authority))

        for anchor in sorted(self._pool.first):
            reach(anchor, 0)
        for _ in range(MAX_CHECKED_SIGNATURES):
            if not waiting:
                break
            _, depth, der, authority = heappop(waiting)
            if certified_by(der, authority) is not None:
                reach(der, depth + 1)
        self.gave_up = self.gave_up or bool(waiting)


@lru_cache(maxsize=32)
def _authorities(anchors: tuple[bytes, ...], others: tuple[bytes, ...]) -> _Authorities:
    return _Authorities(pool_of(anchors, others))


def _repeats(certificate: bytes, chain: Chain) -> bool:
    who = holder_key(certificate)
    return any(who == holder_key(c) for c in chain)
