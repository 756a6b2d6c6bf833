"""Policies: what is asked of a document. Two are public, two serve the stages of our own writing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from ecert.errors import UsageError
from ecert.model.findings import Check

RevocationRule = Literal["require", "if-present"]


@dataclass(frozen=True)
class Policy:
    """A set of demands; ``stage`` None judges any signed PDF by its signatures alone."""

    id: str
    version: str
    stage: Literal["draft", "signed", "certified"] | None
    revocation: RevocationRule = "require"
    require_trust: bool = True

    @property
    def is_copy(self) -> bool:
        """Tell whether the document must be a copy of ours."""
        return self.stage is not None

    @property
    def not_checked(self) -> tuple[Check, ...]:
        """Return the checks this policy leaves out."""
        if self.stage is None:
            return ("record", "statement", "pages", "pdfa", "order", "seal", "competence")
        if self.stage == "draft":
            return ("signer", "seal", "order", "time", "trust", "competence")
        return ("seal", "order", "competence") if self.stage == "signed" else ("competence",)

    def describe(self) -> dict[str, Any]:
        """Return the policy as it stands in the report."""
        settings = {k: v for k, v in asdict(self).items() if k not in ("id", "version")}
        text = json.dumps(asdict(self), sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        return {"id": self.id, "version": self.version, "sha256": digest, "settings": settings}


CERTIFIED_COPY = Policy("certified-copy", "1", "certified")
SIGNATURES = Policy("signatures", "1", None)
DRAFT = Policy("draft", "1", "draft")
SIGNED_COPY = Policy("signed-copy", "1", "signed")
_PUBLIC = {p.id: p for p in (CERTIFIED_COPY, SIGNATURES)}


def get_policy(policy: str | Policy, revocation: str | None) -> Policy:
    """Return a policy by name, with the revocation rule where one is given.

    Raises:
        UsageError: the policy or the rule is unknown.
    """
    if isinstance(policy, str):
        if policy not in _PUBLIC:
            raise UsageError(
                f"unknown policy {policy!r}", hint=f"choose one of {', '.join(_PUBLIC)}"
            )
        policy = _PUBLIC[policy]
    if revocation is None:
        return policy
    if revocation not in ("require", "if-present"):
        raise UsageError(
            f"unknown revocation rule {revocation!r}", hint="choose require or if-present"
        )
    return replace(policy, revocation=revocation)  # type: ignore[arg-type]
