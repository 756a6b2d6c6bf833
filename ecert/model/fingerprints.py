"""Fingerprints: the SHA-256 of a certificate or key, as people write and compare it."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[\s:-]")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def read_fingerprint(text: str) -> str | None:
    """Return a SHA-256 in lower-case hex, from ``AB:CD…``, ``abcd…`` or ``sha256:…``; else None."""
    plain = _SEPARATORS.sub("", text.casefold().strip().removeprefix("sha256:"))
    return plain if _DIGEST.fullmatch(plain) else None


def in_pairs(digest: str) -> str:
    """Return a fingerprint as people compare it: AB:CD:…."""
    return ":".join(digest[i : i + 2] for i in range(0, len(digest), 2)).upper()
