"""Policies: what is asked of a document, as data.

* :mod:`~ecert.verify.policies.model`: :class:`Policy` and what it can demand; the built-in ones.
* :mod:`~ecert.verify.policies.reader`: policies of an office, from TOML (docs/reference/policy.md).
* :mod:`~ecert.verify.policies.registry`: bodies, their seal keys, who may certify for them and when.
* :mod:`~ecert.verify.policies.registry_reader`: a registry from TOML; contradictions are refused.
* :mod:`~ecert.verify.policies.rules`: which kind of body certifies through whom: dated, cited data.
* :mod:`~ecert.verify.policies.tables`: TOML read strictly, for both.

Two policies are public by name, two serve the stages of our own writing.
"""

from ecert.verify.policies.model import (
    BUILT_IN,
    CERTIFIED_COPY,
    DRAFT,
    SIGNATURES,
    SIGNED_COPY,
    Ages,
    Algorithms,
    Policy,
    Requirements,
    RevocationRule,
    get_policy,
)

__all__ = [
    "BUILT_IN",
    "CERTIFIED_COPY",
    "DRAFT",
    "SIGNATURES",
    "SIGNED_COPY",
    "Ages",
    "Algorithms",
    "Policy",
    "Requirements",
    "RevocationRule",
    "get_policy",
]
