"""What a report in words says or leaves out, the same as text and as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from ecert.model.audiences import Audience
from ecert.model.findings import Severity
from ecert.model.languages import Lang
from ecert.report.content import BodyPart, CertifierPart, FindingPart, ReportContent, SignatureIndication, Verdict

#: the severity whose findings decided a verdict; where it is VALID, what may still be done about warnings
_DECIDING: Mapping[Verdict, Severity] = {"INVALID": "error", "INDETERMINATE": "unknown", "VALID": "warning"}


def tells_remedy(verdict: Verdict, severity: Severity) -> bool:
    """Return whether findings of a severity come with what to do.

    Only those that decided the verdict: under a refusal, a warning's "the copy can still be used" would
    contradict it.
    """
    return _DECIDING[verdict] == severity


def is_beside_the_point(verdict: Verdict, severity: Severity) -> bool:
    """Return whether findings of a severity could not change a verdict: what is undecided about a refused file."""
    return verdict == "INVALID" and severity == "unknown"


def grouped(
    findings: Sequence[FindingPart], audiences: Sequence[Audience], lang: Lang
) -> dict[tuple[str, ...], list[FindingPart]]:
    """Return findings by what the audiences are to do about them, in the order of the first of each group.

    A group's key has a sentence for each audience.
    """
    groups: dict[tuple[str, ...], list[FindingPart]] = {}
    for finding in findings:
        groups.setdefault(tuple(finding["remedy"][audience][lang] for audience in audiences), []).append(finding)
    return groups


def outcome_key(content: ReportContent, indication: SignatureIndication) -> str:
    """Return the row of the words for what became of a signature.

    Under a refusal one that passed is not called valid: it matches the part of the file that it signed, no more.
    """
    if indication == "TOTAL-PASSED" and content["verdict"] == "INVALID":
        return "matches-its-part"
    return f"{indication}-signature" if indication == "INDETERMINATE" else indication


def asks_for_copy(content: ReportContent) -> bool:
    """Return whether the policy asked for a copy of ours, however far the judgement came."""
    return content["policy"]["settings"].get("stage") not in (None, "sealed")


def asks_for_seal_alone(content: ReportContent) -> bool:
    """Return whether the policy asked who signed and who sealed, and nothing of what makes a certified copy."""
    return content["policy"]["settings"].get("stage") == "sealed"


def proof_kind(content: ReportContent) -> Literal["lasting", "certificate", "none"] | None:
    """Return what a valid document's signatures are proven by in years to come; None: not to be told.

    ``lasting``: by a time-stamp that counts, until ``proof_until``; ``certificate``: by nothing in the file
    once the certificate of ``proof_limit`` has expired; ``none``: by nothing in the file. Of time-stamps that
    are there and not believed, their findings tell.
    """
    if content["verdict"] != "VALID" or not content["signatures"]:
        return None
    limit = content["proof_limit"]
    stamps = [t["counts"] for s in content["signatures"] for t in s["timestamps"]]
    if stamps:
        return "lasting" if any(stamps) and limit else None
    return "certificate" if limit and limit["kind"] == "certificate" else "none"


def lacks_registry(content: ReportContent) -> bool:
    """Return whether competence of certifier and body of a finished copy was not asked, for want of a registry."""
    settings = content["policy"]["settings"]
    unasked = content["checks"]["competence"] == "not-checked" and "registry" not in settings
    return unasked and settings.get("stage") == "certified"


def name_with_parent(body: BodyPart) -> str:
    """Return a body's name with the body above it, as the record has them."""
    return _below(body["name"], body.get("parent"))


def certifier_on_certificate(certifier: CertifierPart) -> str | None:
    """Return what the certificate calls the copy's certifier; None: the record says the same, or nobody signed."""
    return certifier["certificate_name"] if certifier["names_agree"] is False else None


def body_on_certificate(body: BodyPart) -> str | None:
    """Return what the certificate calls the copy's body; None: the record says the same, or nobody sealed."""
    name = body["certificate_name"]
    if body["names_agree"] is not False or name is None:
        return None
    return _below(name, body["certificate_parent"] if "parent" in body else None)


def _below(name: str, parent: str | None) -> str:
    return f"{name} ({parent})" if parent else name
