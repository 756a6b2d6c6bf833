"""A signature between begin and finish: laid out, and waiting for its value. Plain values, no key."""

from __future__ import annotations

from dataclasses import dataclass

from ecert.formats.pades.increments import PendingSignature
from ecert.sign.identity import SigningIdentity


@dataclass(frozen=True)
class LaidOut:
    """A signature laid out and waiting for its value: what a key has to sign is ``to_be_signed``."""

    pending: PendingSignature
    to_be_signed: bytes  # the signed attributes, DER (RFC 5652, 5.4)
    identity: SigningIdentity
