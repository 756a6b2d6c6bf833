"""What a report in words says or leaves out, the same as text and as a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

#: the severity whose findings decided a verdict; where it is VALID, what may still be done about warnings
_DECIDING = {"INVALID": "error", "INDETERMINATE": "unknown", "VALID": "warning"}


def tells_remedy(verdict: str, severity: str) -> bool:
    """Return whether findings of a severity come with what to do.

    Only those that decided the verdict: under a refusal, a warning's "the copy can still be used" would
    contradict it.
    """
    return _DECIDING[verdict] == severity


def asks_for_copy(content: Mapping[str, Any]) -> bool:
    """Return whether the policy asked for a copy of ours, however far the judgement came."""
    return content["policy"]["settings"].get("stage") is not None


def proof_kind(content: Mapping[str, Any]) -> Literal["lasting", "certificate", "none"] | None:
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


def lacks_registry(content: Mapping[str, Any]) -> bool:
    """Return whether competence of certifier and body of a finished copy was not asked, for want of a registry."""
    settings = content["policy"]["settings"]
    unasked = content["checks"]["competence"] == "not-checked" and "registry" not in settings
    return unasked and settings.get("stage") == "certified"


def named(body: Mapping[str, Any]) -> str:
    """Return a body's name with the body above it, as the record has them."""
    return _below(body["name"], body.get("parent"))


def named_on_certificate(holder: Mapping[str, Any]) -> str | None:
    """Return what the certificate calls the copy's certifier or body; None: the record says the same."""
    name = holder.get("certificate_name")
    return name and _below(name, holder.get("certificate_parent"))


def _below(name: str, parent: str | None) -> str:
    return f"{name} ({parent})" if parent else name
