"""The report: what verification says, and the forms in which people and programs read it.

* :mod:`~ecert.report.tree`: :class:`Report`, the tree of docs/reference/report.md, and :func:`decide`,
  which makes the verdict from the findings alone.
* :mod:`~ecert.report.text`: words an officer can read aloud.
"""

from ecert.report.tree import (
    REPORT_VERSION,
    Report,
    Verdict,
    check_statuses,
    decide,
    sort_findings,
)

__all__ = ["REPORT_VERSION", "Report", "Verdict", "check_statuses", "decide", "sort_findings"]
