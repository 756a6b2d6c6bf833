"""What a report in words says or leaves out, the same as text and as a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ecert.model.findings import Severity
from ecert.report.content import BodyPart, CertifierPart, ReportContent, Verdict

#: the severity whose findings decided a verdict; where it is VALID, what may still be done about warnings
_DECIDING: Mapping[Verdict, Severity] = {"INVALID": "error", "INDETERMINATE": "unknown", "VALID": "warning"}


def tells_remedy(verdict: Verdict, severity: Severity) -> bool:
    """Return whether findings of a severity come with what to do.

    Only those that decided the verdict: under a refusal, a warning's "the copy can still be used" would
    contradict it.
    """
    return _DECIDING[verdict] == severity


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
    """Return what the certificate calls the copy's certifier; None: the record says the same."""
    return certifier.get("certificate_name")


def body_on_certificate(body: BodyPart) -> str | None:
    """Return what the certificate calls the copy's body; None: the record says the same."""
    name = body.get("certificate_name")
    return name and _below(name, body.get("certificate_parent"))


def _below(name: str, parent: str | None) -> str:
    return f"{name} ({parent})" if parent else name
