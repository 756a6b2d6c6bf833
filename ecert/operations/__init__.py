"""Whole operations, as a program does them for others: without a command line, without HTTP, without progress.

Where to start::

    Verifier       gather → judge → keep evidence, of one document after the other; here or in the sandbox
    extend_file    bring one copy of an archive further, if it is due; outlooks: which of an archive are
    look_inside    what is in a file, without judging it; cut_back: the file as it was after a revision
    judge_row      a verdict as one flat row of plain values, for bulk work on any engine; report_row: of a report

What they lean on has its home below: folders of evidence in :mod:`ecert.trust.evidence_folders`, plans of bundles in
:mod:`ecert.trust.bundle_plan`, opened sources of trust in :mod:`ecert.trust.opened`.

Names are resolved when first used, so that looking into a file does not load what signs one.

* :mod:`~ecert.operations.verifying`: ``Verifier``.
* :mod:`~ecert.operations.extending`: ``extend_file``.
* :mod:`~ecert.operations.inspecting`: ``look_inside``, ``cut_back``.
* :mod:`~ecert.operations.rows`: ``judge_row``, ``report_row``.
* :mod:`~ecert.operations.files`: inputs within a limit, folders for results.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecert.operations.extending import ExtensionResult, extend_file, outlooks
    from ecert.operations.inspecting import cut_back, look_inside
    from ecert.operations.rows import COLUMNS, Row, judge_row, report_row
    from ecert.operations.verifying import Verifier
    from ecert.stages.extending import Outlook, outlook
    from ecert.trust.evidence_folders import EvidenceFolder

_HOMES = {
    "ExtensionResult": "ecert.operations.extending",
    "extend_file": "ecert.operations.extending",
    "outlooks": "ecert.operations.extending",
    "cut_back": "ecert.operations.inspecting",
    "look_inside": "ecert.operations.inspecting",
    "COLUMNS": "ecert.operations.rows",
    "Row": "ecert.operations.rows",
    "judge_row": "ecert.operations.rows",
    "report_row": "ecert.operations.rows",
    "Verifier": "ecert.operations.verifying",
    "Outlook": "ecert.stages.extending",
    "outlook": "ecert.stages.extending",
    "EvidenceFolder": "ecert.trust.evidence_folders",
}

__all__ = [
    "COLUMNS",
    "EvidenceFolder",
    "ExtensionResult",
    "Outlook",
    "Row",
    "Verifier",
    "cut_back",
    "extend_file",
    "judge_row",
    "look_inside",
    "outlook",
    "outlooks",
    "report_row",
]


def __getattr__(name: str) -> Any:
    """Resolve a name of this door on first use (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'ecert.operations' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
