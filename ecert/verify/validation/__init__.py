"""Time and trust: validation of signatures after ETSI EN 319 102-1.

``at`` is the current time everywhere and proves nothing; evidence made after it is ignored.

* :mod:`~ecert.verify.validation.proofs`: since when what exists (5.6.2.3).
* :mod:`~ecert.verify.validation.material`: the evidence, and what it says of a path (5.2.5, 5.2.6).
* :mod:`~ecert.verify.validation.timestamps`: which time-stamps count (5.4).
* :mod:`~ecert.verify.validation.signers`: signing certificates at the best signature time (5.5.4).
* :mod:`~ecert.verify.validation.constraints`: algorithms and their dated limits (5.2.8).
* :mod:`~ecert.verify.validation.carried`: certificates that come along with signatures (RFC 5652, 5.1).
* :mod:`~ecert.verify.validation.claims`: the claimed time beside the proven one.
* :mod:`~ecert.verify.validation.levels`: the level reached, and how long the proof lasts.
"""

from __future__ import annotations

from datetime import datetime

from ecert.model.indications import Indication
from ecert.model.times import rfc3339
from ecert.verify.case import Case, SignatureCase
from ecert.verify.validation.carried import check_carried_certificates
from ecert.verify.validation.levels import level_of, sum_up
from ecert.verify.validation.material import Material
from ecert.verify.validation.signers import validate_signer
from ecert.verify.validation.timestamps import validate_timestamp


def validate_signatures(case: Case) -> None:
    """Decide the indication of every intact signature, and what each time-stamp proves."""
    trust = case.trust
    if trust is None and case.signatures and case.policy.require_trust:
        case.add("no-anchors")
    if trust is not None and trust.stale_since is not None and trust.stale_since <= case.at:
        source = trust.id or trust.sha256[:16]
        case.add("trust-stale", id=source, time=rfc3339(trust.stale_since))
    m = Material.collect(case)
    newest = True
    # 1. document time-stamps, newest first: each proves that all before it existed (5.6.3.4)
    for s in reversed(case.by_role("timestamp")):
        if s.intact:
            token = s.timestamps[0]
            validate_timestamp(m, s, token, newest=newest)
            s.best_signature_time, s.path = token.token.proven, token.path
            if token.counts:
                s.indication = Indication.TOTAL_PASSED
                m.proofs.add(s.revision, token.token.proven)
                s.best_signature_time = m.proofs.of_revision(s.revision)
                newest = False
    # 2. signature time-stamps, newest first: a later one also proves what it covers (5.5.4, step 4)
    signed = [s for s in case.signed if s.intact]
    for s in reversed(signed):
        for token in s.timestamps:
            validate_timestamp(m, s, token, newest=newest)
        for token in s.timestamps:
            if token.counts:
                _prove(m, s, token.token.proven)
                newest = False
    # 3. signing certificates, at the earliest proven time, else at the time of validation (5.5.4)
    for s in signed:
        s.best_signature_time = m.proofs.of_revision(s.revision)
        validate_signer(m, s)
        s.level = level_of(m, s)
    # 4. certificates that come along, and the document as a whole
    check_carried_certificates(m)
    sum_up(m)


def _prove(m: Material, s: SignatureCase, time: datetime) -> None:
    """Take in what a signature time-stamp proves: a signature value, and by it what that signs.

    Without signing-certificate the value is bound to no key: somebody may have found one for which
    another's old value fits new data. Then it proves nothing about the revisions before.
    """
    assert s.message is not None
    if s.message.certificate_ids:  # held against the certificate in verify.integrity
        m.proofs.add(s.revision, time)
    else:
        m.proofs.add_alone(s.revision, time)
