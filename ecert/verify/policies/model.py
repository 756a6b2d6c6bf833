"""What a policy is: a set of demands with a name, a version and a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ecert.errors import UsageError
from ecert.model.findings import Check, Found, Severity
from ecert.model.policy_names import REVOCATION_RULES, RevocationRule
from ecert.verify.policies.demands import DEMAND_TABLES, Ages, Algorithms, DemandTable, Requirements, demanded

if TYPE_CHECKING:
    from ecert.verify.policies.registry import Registry

#: what a document must be: a copy of ours in one of its stages, or anything that persons signed and then a body sealed;
#: None beside it: any signed PDF
StageName = Literal["draft", "signed", "certified", "sealed"]


@dataclass(frozen=True)
class Policy:
    """A set of demands; ``stage`` None judges any signed PDF by its signatures alone, ``sealed`` one of any origin.

    ``severities`` are findings that weigh more than in the catalogue. ``sha256`` is that of the file a
    policy was read from.

    Example:
        >>> from ecert.verify.policies import CERTIFIED_COPY
        >>> CERTIFIED_COPY.describe()["settings"]["revocation"]
        'require'
    """

    id: str
    version: str
    stage: StageName | None
    revocation: RevocationRule = "require"
    require_trust: bool = True
    based_on: str | None = None
    sha256: str | None = None
    require: Requirements = field(default_factory=Requirements)
    algorithms: Algorithms = field(default_factory=Algorithms)
    ages: Ages = field(default_factory=Ages)
    severities: Mapping[str, Severity] = field(default_factory=dict)
    registry: Registry | None = None

    @classmethod
    def from_file(cls, path: str | Path) -> Policy:
        """Read a policy file and the registry it names.

        Raises:
            SettingsError: a file cannot be read, or a key or value is refused.
        """
        from ecert.verify.policies.reader import read_policy

        return read_policy(Path(path))

    @property
    def is_copy(self) -> bool:
        """Return whether the document must be a copy of ours."""
        return self.stage not in (None, "sealed")

    @property
    def not_checked(self) -> tuple[Check, ...]:
        """Return the checks this policy leaves out."""
        if self.stage == "sealed":
            return ("record", "statement", "pages", "pdfa")
        if self.stage is None:
            asked = self.require.signatures or self.require.fields
            left_out: tuple[Check, ...] = ("record", "statement", "pages", "pdfa", "seal")
            return (*left_out, "competence") if asked else (*left_out, "order", "competence")
        if self.stage == "draft":
            return ("signer", "seal", "order", "time", "trust", "competence")
        if self.stage == "signed":
            return ("seal", "order", "competence")
        return () if self.registry is not None else ("competence",)

    def parts(self) -> Iterator[tuple[str, DemandTable]]:
        """Yield the tables of demands by name."""
        for name in DEMAND_TABLES:
            yield name, getattr(self, name)

    def demands(self) -> Iterator[str]:
        """Yield what is demanded beyond the base, such as ``ages.copy_days``."""
        for name, part in self.parts():
            for key in demanded(part):
                yield f"{name}.{key}"

    def weigh(self, findings: Iterable[Found]) -> Iterator[Found]:
        """Yield findings with the severities that this policy gives them."""
        for finding in findings:
            raised = self.severities.get(finding.code)
            yield replace(finding, raised=raised) if raised else finding

    def describe(self) -> dict[str, Any]:
        """Return the policy as it stands in the report; of a registry no more than what it is."""
        settings: dict[str, Any] = {
            "stage": self.stage,
            "revocation": self.revocation,
            "require_trust": self.require_trust,
        }
        if self.based_on is not None:
            settings["based_on"] = self.based_on
        for name, part in self.parts():
            if asked := demanded(part):
                settings[name] = {key: list(v) if isinstance(v, tuple) else v for key, v in asked.items()}
        if self.severities:
            settings["severities"] = dict(sorted(self.severities.items()))
        if self.registry is not None:
            settings["registry"] = self.registry.describe()
        return {
            "id": self.id,
            "version": self.version,
            "sha256": self.sha256 or self._own_digest(settings),
            "settings": settings,
        }

    def _own_digest(self, settings: Mapping[str, Any]) -> str:
        """Return the SHA-256 of a policy that stands in no file: of its canonical JSON."""
        text = json.dumps({"id": self.id, "version": self.version, **settings}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


CERTIFIED_COPY, SIGNATURES_ALONE = Policy("certified-copy", "1", "certified"), Policy("signatures", "1", None)
#: from the first signature on nothing but signatures: what a signer permits besides leaves the verdict open
SIGNED_AND_SEALED = Policy(
    "signed-and-sealed", "1", "sealed", severities={"form-filled-in": "unknown", "annotation-added": "unknown"}
)
#: the public ones, by name
BUILT_IN: Mapping[str, Policy] = {policy.id: policy for policy in (CERTIFIED_COPY, SIGNED_AND_SEALED, SIGNATURES_ALONE)}
DRAFT = Policy("draft", "1", "draft")
SIGNED_COPY = Policy("signed-copy", "1", "signed")


def get_policy(policy: str | Path | Policy, revocation: str | None) -> Policy:
    """Return a policy by name or from its file, with the revocation rule where one is given.

    The name of a built-in policy wins over a file of that name. What stands in a file is one policy with
    one digest: no call changes its revocation rule.

    Raises:
        SettingsError: a policy file is refused.
        UsageError: the policy or the rule is unknown, or would change a policy from a file.
    """
    if isinstance(policy, str) and policy in BUILT_IN:
        policy = BUILT_IN[policy]
    elif not isinstance(policy, Policy):
        policy = _from_file(policy)
    if revocation is None or revocation == policy.revocation:
        return policy
    rule = next((known for known in REVOCATION_RULES if known == revocation), None)
    if rule is None:
        raise UsageError(f"unknown revocation rule {revocation!r}", hint=f"choose {' or '.join(REVOCATION_RULES)}")
    if policy.sha256 is not None:
        raise UsageError(
            f"the policy {policy.id} says revocation = {policy.revocation!r}, not {revocation!r}",
            hint="leave the rule to the policy file, or change it there",
        )
    return replace(policy, revocation=rule)


def _is_path(policy: str) -> bool:
    """Return whether a word that names no built-in policy is meant for a file, be it there or not."""
    if "\0" in policy:
        return False
    return policy.endswith(".toml") or "/" in policy or "\\" in policy or Path(policy).exists()


def _from_file(policy: str | Path) -> Policy:
    if isinstance(policy, Path) or _is_path(policy):
        return Policy.from_file(policy)
    raise UsageError(f"unknown policy {policy!r}", hint=f"choose {' or '.join(BUILT_IN)}, or the path of a policy file")
