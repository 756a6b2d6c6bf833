"""What CRLs (RFC 5280, 6.3) and OCSP answers (RFC 6960, 3.2) say about one certificate, and what that is worth.

* :mod:`~ecert.trust.revocation.statements`: the vocabulary: one authentic statement, the status that follows.
* :mod:`~ecert.trust.revocation.ocsp`: statements of OCSP answers.
* :mod:`~ecert.trust.revocation.crl`, :mod:`~ecert.trust.revocation.scope`: a CRL's facts and entries; for whom and
  for which reasons it speaks.
* :mod:`~ecert.trust.revocation.authorities`, :mod:`~ecert.trust.revocation.authentic`: who may have issued a
  certificate, and whose statements on it are authentic.
* :mod:`~ecert.trust.revocation.inquiry`: which of them prove something.
* :mod:`~ecert.trust.revocation.status`: the answer. Start here.
* :mod:`~ecert.trust.revocation.unjudged`: data signed with algorithms that are not judged here.
* :mod:`~ecert.trust.revocation.doubts`: which of the statements that nobody chose must be looked at.
"""

from ecert.trust.revocation.doubts import doubt_any
from ecert.trust.revocation.statements import DEFAULT_LIFE, RevocationItem, RevocationStatus, Statement
from ecert.trust.revocation.status import made_at, needs_no_check, revocation_status, unproven_signers
from ecert.trust.revocation.unjudged import unjudged_algorithm

__all__ = [
    "DEFAULT_LIFE",
    "RevocationItem",
    "RevocationStatus",
    "Statement",
    "doubt_any",
    "made_at",
    "needs_no_check",
    "revocation_status",
    "unjudged_algorithm",
    "unproven_signers",
]
