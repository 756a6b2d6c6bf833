"""The certificate chain and signature scheme of a key: all that is needed to lay out what it will sign."""

from __future__ import annotations

from dataclasses import dataclass

from ecert.formats.pades.algorithms import SignatureScheme


@dataclass(frozen=True)
class SigningIdentity:
    """The certificates that a signature will hold, the signer's first (DER), and its scheme.

    A revision is laid out for an identity; the key, which may be elsewhere, is needed for the value alone.
    """

    chain: tuple[bytes, ...]
    scheme: SignatureScheme

    @property
    def certificate(self) -> bytes:
        """Return the signer's certificate, DER."""
        return self.chain[0]
