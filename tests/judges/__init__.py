"""What others say about our files: veraPDF, EU DSS, poppler, qpdf.

::

    verapdf(path, flavour="3b")                      VeraResult      PDF/A
    dss(path, anchors, at=None, policy="default")    DssResult       PAdES, trusting the anchors alone
    dss_under(policies, path, anchors, at=None, …)   {policy: DssResult}, for the time of one
    pdfsig(path, nssdir=None)                        [PdfsigSignature]
    qpdf_check(path)                                 QpdfResult      structure
    pdftoppm(path, page=1, dpi=100)                  PIL image

Every answer carries the SHA-256 of the file that was judged, compared with the file's own. A judge
that is not installed skips the test, or fails it where ECERT_REQUIRE names it (``require``).
The two JVMs start at the first question and stop with the process.
"""

from tests.judges.java import DssResult, DssSignature, DssTimestamp, VeraResult, dss, dss_under, verapdf
from tests.judges.jvm import JudgeFault
from tests.judges.native import PdfsigAnswer, PdfsigSignature, QpdfResult, pdfsig, pdfsig_answer, pdftoppm, qpdf_check
from tests.judges.tools import corpora, missing, require

__all__ = [
    "DssResult",
    "DssSignature",
    "DssTimestamp",
    "JudgeFault",
    "PdfsigAnswer",
    "PdfsigSignature",
    "QpdfResult",
    "VeraResult",
    "corpora",
    "dss",
    "dss_under",
    "missing",
    "pdfsig",
    "pdfsig_answer",
    "pdftoppm",
    "qpdf_check",
    "require",
    "verapdf",
]
