"""What comes in for the seal is judged before the seal's key is used: a seal cannot be taken back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from ecert.errors import ServiceError, StageError
from ecert.formats.pades.dss import read_dss
from ecert.formats.pades.fields import read_signatures
from ecert.model.indications import Indication
from ecert.model.roles import SIGNER_FIELD
from ecert.sign.steps import revoked
from ecert.stages.call import Call
from ecert.stages.copies import SignedCopy
from ecert.trust.inquiry import Question, questions
from ecert.trust.paths import PathFault
from ecert.verify.copy import judge

#: What is said of a copy that was sealed without anchors.
NOT_JUDGED = "the signer's certificate was not judged before sealing: no trust anchors were given"


def require_trusted_signer(signed: SignedCopy, call: Call) -> None:
    """Refuse to seal a copy whose signer is not believed by the anchors given, or was revoked when he signed.

    His status is asked anew where services may be asked; without an answer the path decides. Without
    anchors nothing is judged.

    Raises:
        StageError: the signer's signature is not TOTAL-PASSED (``signer-not-trusted``), or the copy
            does not verify for another reason.
        RevokedError: his certificate is revoked or suspended, says who was asked.
    """
    if call.trust is None or _was_judged_just_now(signed, call):
        return
    policy = replace(signed.policy, revocation="if-present")
    case, report = judge(signed.to_bytes(), policy=policy, trust=call.trust, at=call.now())
    signers = case.by_role("signer")
    passed = bool(signers) and all(s.indication is Indication.TOTAL_PASSED for s in signers)
    if not passed or report.verdict != "VALID":
        blocking = [f for f in report.findings if f.severity in ("error", "unknown")]
        blocking.sort(key=lambda f: f.where.get("field") != SIGNER_FIELD)
        words = blocking[0].to_dict()["text"]["en"].rstrip(".") if blocking else "nobody signed it"
        raise StageError(
            f"the copy is not sealed: {words}",
            code=None if passed else "signer-not-trusted",
            hint="run: ecert verify FILE, with the same anchors",
        )
    for signature in read_signatures(signed.document):
        for question in questions(signature):
            if question.role == "signer":
                _refuse_revoked(question, signed, call)


def _refuse_revoked(question: Question, signed: SignedCopy, call: Call) -> None:
    """Refuse a signer of whom somebody says, or a list at hand, that he was revoked by the time he proves."""
    gatherer, moment = call.gatherer(read_dss(signed.document)), question.time or call.now()
    assert gatherer is not None
    path = gatherer.path(question.certificate, question.role, question.others, moment)
    if isinstance(path, PathFault):
        return  # such as one whose time-stamp does not count; the verdict above found another
    with suppress(ServiceError):  # from B-LT up the validation data asks again, and needs an answer
        gatherer.complete(path, moment, gatherer.recent())
    for certificate, issuer in path.issued():
        status = gatherer.status(certificate, issuer, path.certificates[-1], moment)
        since = status.item.revoked_at if status.item else None
        if since is not None and not status.clean_at(moment):
            raise revoked(certificate, since, f"the signature “{question.field}”")


def _was_judged_just_now(signed: SignedCopy, call: Call) -> bool:
    """Return whether it comes from :func:`sign_copy` of a moment ago, which judged it by the same anchors."""
    content = signed.report.content
    if signed.report.verdict != "VALID" or call.trust is None:
        return False
    age = call.now() - datetime.fromisoformat(content["validation_time"])
    recent = timedelta(0) <= age < timedelta(seconds=call.services.status_max_age_s)
    return recent and content["trust"]["sha256"] == call.trust.sha256
