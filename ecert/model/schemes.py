"""How signature values are made, by name: what a policy lists, and what may be asked of a key."""

from __future__ import annotations

from typing import Literal, get_args

#: RSA with PKCS #1 v1.5 padding or PSS (RFC 8017), ECDSA (FIPS 186-5), Ed25519 (RFC 8032)
SchemeKind = Literal["rsa-pkcs1", "rsa-pss", "ecdsa", "ed25519"]
SCHEME_KINDS: tuple[SchemeKind, ...] = get_args(SchemeKind)
#: what may be asked of a key; ``auto`` is what fits it
Algorithm = Literal["auto", SchemeKind]
ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)
