"""Draft → SignedCopy → CertifiedCopy: each step writes, then verifies what it wrote.

* :mod:`~ecert.stages.copies`: the stages as types.
* :mod:`~ecert.stages.signing`: prepare, sign, seal. The types keep the order: ``seal_copy`` takes a ``SignedCopy``
  alone; in a file it is judged by :mod:`ecert.verify.order`.
* :mod:`~ecert.stages.intake`: whether the signer is trusted, asked before the seal's key is used.
* :mod:`~ecert.stages.extending`: raise the level, renew the archive time-stamp.
* :mod:`~ecert.stages.self_check`: the verification of what was written.
* :mod:`~ecert.stages.call`: what one call works with: anchors, services, time.
"""

from __future__ import annotations

from ecert.stages.copies import CertifiedCopy, Draft, SignedCopy
from ecert.stages.extending import extend_copy
from ecert.stages.self_check import SelfCheckError
from ecert.stages.signing import prepare_copy, seal_copy, sign_copy

__all__ = [
    "CertifiedCopy",
    "Draft",
    "SelfCheckError",
    "SignedCopy",
    "extend_copy",
    "prepare_copy",
    "seal_copy",
    "sign_copy",
]
