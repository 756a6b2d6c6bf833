"""The report: what verification says, and the forms in which people and programs read it.

* :mod:`~ecert.report.tree`: :class:`Report`, and :func:`decide`, which makes the verdict from the findings alone.
* :mod:`~ecert.report.content`: the tree of docs/reference/report.md as types, part by part.
* :mod:`~ecert.report.views`: signer and seal as small values.
* :mod:`~ecert.report.findings`: what was found in order, each with its way out; :mod:`~ecert.report.wording` puts
  reasons, findings and causes into words.
* :mod:`~ecert.report.causes`: what decided a verdict, as the cause that people can do something about.
* :mod:`~ecert.report.text`: words an officer can read aloud.
* :mod:`~ecert.report.html`: one page for a citizen, with pictures of the pages; loaded when it is asked for.
* :mod:`~ecert.report.schema`: the JSON Schema of the tree, for programs.
* :mod:`~ecert.report.etsi`: the XML validation report of ETSI TS 119 102-2; loaded when it is asked for.
* :mod:`~ecert.report.summary`: the first sentence.
* :mod:`~ecert.report.telling` and :mod:`~ecert.report.hidden`: what a report says or leaves out; characters that
  would not be seen.
* :mod:`~ecert.report.times`: times, told by the clock of the office.
"""

from ecert.report.causes import CAUSES, Cause, Circumstances, find_cause
from ecert.report.content import ReportContent, Verdict
from ecert.report.findings import Finding, put_into_words
from ecert.report.schema import report_schema
from ecert.report.tree import REPORT_VERSION, Report, VerificationError, check_statuses, decide
from ecert.report.views import CertificateView, SignatureView
from ecert.report.wording import cause_text, reason_text

__all__ = [
    "CAUSES",
    "REPORT_VERSION",
    "Cause",
    "CertificateView",
    "Circumstances",
    "Finding",
    "Report",
    "ReportContent",
    "SignatureView",
    "Verdict",
    "VerificationError",
    "cause_text",
    "check_statuses",
    "decide",
    "find_cause",
    "put_into_words",
    "reason_text",
    "report_schema",
]
