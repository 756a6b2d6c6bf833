"""Policies: what is asked of a document, as data.

* :mod:`~ecert.verify.policies.demands`: what a policy file can demand, a row for each demand.
* :mod:`~ecert.verify.policies.model`: :class:`Policy`, a set of demands; the built-in ones.
* :mod:`~ecert.verify.policies.reader`: policies of an office, from TOML (docs/reference/policy.md).
* :mod:`~ecert.verify.policies.registry`: bodies, their seal keys, who may certify for them and when.
* :mod:`~ecert.verify.policies.registry_reader`: a registry from TOML; contradictions are refused.
* :mod:`~ecert.verify.policies.rules`: which kind of body certifies through whom: dated, cited data.
* :mod:`~ecert.verify.policies.files`: the files of both, and the values in them.

Three policies are public by name, two serve the stages of our own writing.
"""

from ecert.verify.policies.demands import Ages, Algorithms, Requirements
from ecert.verify.policies.model import (
    BUILT_IN,
    CERTIFIED_COPY,
    DRAFT,
    SIGNATURES_ALONE,
    SIGNED_AND_SEALED,
    SIGNED_COPY,
    Policy,
    get_policy,
)

__all__ = [
    "BUILT_IN",
    "CERTIFIED_COPY",
    "DRAFT",
    "SIGNATURES_ALONE",
    "SIGNED_AND_SEALED",
    "SIGNED_COPY",
    "Ages",
    "Algorithms",
    "Policy",
    "Requirements",
    "get_policy",
]
