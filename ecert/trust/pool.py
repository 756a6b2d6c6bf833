"""The certificates among which paths are searched, found by name: one index for all leaves of a document.

The certificates come with the document, so a crowd of one name may stand before the one that is meant. Nothing
is sorted as a whole here: whoever asks takes as many as he looks at, the likeliest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from ecert.trust.naming import NameKey, issuer_key, key_identifiers, subject_key


class CertificatePool:
    """Certificates by the names of subjects and issuers; ``first`` (anchors) come before all others."""

    def __init__(self, first: Iterable[bytes], others: Iterable[bytes]) -> None:
        self.first = frozenset(first)
        #: name → whether among the first → key identifier (None: it tells none) → certificates
        self._by_name: dict[NameKey, dict[bool, dict[bytes | None, list[bytes]]]] = {}
        self._by_issuer: dict[NameKey, list[bytes]] = {}
        self._counts: dict[NameKey, int] = {}
        for der in sorted({*self.first, *others}):
            name, above = subject_key(der), issuer_key(der)
            if name is not None:
                kinds = self._by_name.setdefault(name, {True: {}, False: {}})
                kinds[der in self.first].setdefault(key_identifiers(der)[0], []).append(der)
                self._counts[name] = self._counts.get(name, 0) + 1
            if above is not None:
                self._by_issuer.setdefault(above, []).append(der)

    def count(self, name: NameKey) -> int:
        """Return how many certificates have a name."""
        return self._counts.get(name, 0)

    def below(self, name: NameKey) -> list[bytes]:
        """Return the certificates that name an issuer."""
        return self._by_issuer.get(name, [])

    def named(self, name: NameKey | None, key: bytes | None = None) -> Iterator[bytes]:
        """Yield the certificates of a name: the first before others; in each those that may have this key.

        Key identifiers are hints: one that differs comes later, and is not left out.
        """
        kinds = self._by_name.get(name) if name is not None else None
        for groups in (kinds[True], kinds[False]) if kinds is not None else ():
            likely = [g for own, g in groups.items() if key is None or own in (key, None)]
            unlikely = [g for own, g in groups.items() if key is not None and own not in (key, None)]
            for group in (*likely, *unlikely):
                yield from group


@lru_cache(maxsize=32)
def pool_of(first: tuple[bytes, ...], others: tuple[bytes, ...]) -> CertificatePool:
    """Return the pool of these certificates, made once for all who ask."""
    return CertificatePool(first, others)
