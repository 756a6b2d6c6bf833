"""What comes in for the seal is judged before the seal's key is used: a seal cannot be taken back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from ecert.errors import StageError
from ecert.formats.pades.cms import CmsFault
from ecert.formats.pades.dss import read_dss
from ecert.formats.pades.fields import read_signatures
from ecert.formats.pdfa.revision0 import SIGNER_FIELD
from ecert.model.evidence import Evidence
from ecert.model.findings import Finding
from ecert.model.indications import Indication
from ecert.stages.act import Act
from ecert.stages.copies import SignedCopy
from ecert.trust.inquiry import questions
from ecert.verify.copy import judge

#: What is said of a copy that was sealed without anchors.
NOT_JUDGED = "the signer's certificate was not judged before sealing: no trust anchors were given"


def require_trusted_signer(signed: SignedCopy, act: Act) -> None:
    """Refuse to seal a copy whose signer is not believed by the anchors given, or is known to be revoked.

    The signer's status is asked anew where services may be asked; without an answer the path decides.
    Without anchors nothing is judged.

    Raises:
        StageError: the signer's signature is not TOTAL-PASSED (``signer-not-trusted``), or the copy
            does not verify for another reason.
    """
    if act.trust is None or _was_judged_just_now(signed, act):
        return
    policy = replace(signed.policy, revocation="if-present")
    case, report = judge(
        signed.to_bytes(), policy=policy, trust=act.trust, at=act.now(),
        evidence=_ask_about_signer(signed, act),
    )  # fmt: skip
    signers = case.by_role("signer")
    passed = bool(signers) and all(s.indication is Indication.TOTAL_PASSED for s in signers)
    if passed and report.verdict == "VALID":
        return
    blocking = [f for f in report.findings if f.severity in ("error", "unknown")]
    blocking.sort(key=lambda f: f.where.get("field") != SIGNER_FIELD)
    raise StageError(
        f"the copy is not sealed: {_words(blocking)}",
        code=None if passed else "signer-not-trusted",
        hint="let ecert verify tell the whole story, with the same anchors",
    )


def _was_judged_just_now(signed: SignedCopy, act: Act) -> bool:
    """Tell whether it comes from :func:`sign_copy` of a moment ago, which judged it by the same anchors."""
    content = signed.report.content
    if signed.report.verdict != "VALID" or act.trust is None:
        return False
    age = act.now() - datetime.fromisoformat(content["validation_time"])
    recent = timedelta(0) <= age < timedelta(seconds=act.services.status_max_age_s)
    return recent and content["trust"]["sha256"] == act.trust.sha256


def _ask_about_signer(signed: SignedCopy, act: Act) -> Evidence:
    held = read_dss(signed.document)
    gatherer = act.gatherer(held)
    if gatherer is None:
        return held
    for signature in read_signatures(signed.document):
        with suppress(CmsFault, ValueError):  # the verdict says what is wrong with it
            for question in questions(signature):
                if question.role == "signer":
                    gatherer.look_up(question.certificate, question.others, anew=True)
    return gatherer.evidence


def _words(blocking: list[Finding]) -> str:
    return blocking[0].to_dict()["text"]["en"].rstrip(".") if blocking else "it holds no signer"
