"""Advice for every finding: what usually causes it, and what clerk, citizen and developer do.

A finding's ``remedy`` in the report is the one general way out; this is the longer form, from which
``docs/reference/findings.md`` is written. One module per subject; what several findings share stands
in ``shared``.
"""

from __future__ import annotations

from collections.abc import Mapping

from ecert.model.advice.competence import COMPETENCE
from ecert.model.advice.content import CONTENT
from ecert.model.advice.demands import DEMANDS
from ecert.model.advice.shared import Advice
from ecert.model.advice.signatures import SIGNATURES
from ecert.model.advice.structure import STRUCTURE
from ecert.model.advice.times import TIMES
from ecert.model.advice.trust import TRUST

__all__ = ["ADVICE", "Advice"]

#: code → advice
ADVICE: Mapping[str, Advice] = STRUCTURE | SIGNATURES | CONTENT | TRUST | TIMES | DEMANDS | COMPETENCE
