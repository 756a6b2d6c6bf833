"""What a policy is: a set of demands with a name, a version and a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ecert.errors import UsageError
from ecert.model.findings import Check, Found, Severity
from ecert.model.levels import Level

if TYPE_CHECKING:
    from ecert.verify.policies.registry import Registry

RevocationRule = Literal["require", "if-present"]
Stage = Literal["draft", "signed", "certified"]


@dataclass(frozen=True)
class Requirements:
    """What must be there beyond what the base asks; a default demands nothing."""

    level: Level | None = None
    archive_timestamp: bool = False
    signatures: int | None = None  # at least so many, time-stamps not counted
    fields: tuple[str, ...] = ()  # signed, in this order
    roles: tuple[str, ...] = ()  # of a certified copy: stated, the base demands them
    pdfa: bool = False  # likewise
    profiles: tuple[str, ...] = ()  # one of these


@dataclass(frozen=True)
class Algorithms:
    """What signatures, and certificates on their paths, may be made with; empty: whatever the base takes."""

    digests: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    curves: tuple[str, ...] = ()
    rsa_bits: int | None = None  # at least


@dataclass(frozen=True)
class Ages:
    """How many days may lie between two moments; None: no limit."""

    seal_days: int | None = None  # from the signer to the seal, both proven
    copy_days: int | None = None  # from the certification to the time of validation
    revocation_days: int | None = None  # from a status' issuing to the signature it is for


@dataclass(frozen=True)
class Policy:
    """A set of demands; ``stage`` None judges any signed PDF by its signatures alone.

    ``severities`` are findings that weigh more than in the catalogue. ``sha256`` is that of the file a
    policy was read from.

    Example:
        >>> from ecert.verify.policies import CERTIFIED_COPY
        >>> CERTIFIED_COPY.describe()["settings"]["revocation"]
        'require'
    """

    id: str
    version: str
    stage: Stage | None
    revocation: RevocationRule = "require"
    require_trust: bool = True
    based_on: str | None = None
    sha256: str | None = None
    require: Requirements = Requirements()
    algorithms: Algorithms = Algorithms()
    ages: Ages = Ages()
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
        return self.stage is not None

    @property
    def not_checked(self) -> tuple[Check, ...]:
        """Return the checks this policy leaves out."""
        if self.stage is None:
            asked = self.require.signatures or self.require.fields
            left_out: tuple[Check, ...] = ("record", "statement", "pages", "pdfa", "seal")
            return (*left_out, "competence") if asked else (*left_out, "order", "competence")
        if self.stage == "draft":
            return ("signer", "seal", "order", "time", "trust", "competence")
        if self.stage == "signed":
            return ("seal", "order", "competence")
        return () if self.registry is not None else ("competence",)

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
        for name in ("require", "algorithms", "ages"):
            demanded = _demanded(getattr(self, name))
            if demanded:
                settings[name] = demanded
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


def _demanded(part: Requirements | Algorithms | Ages) -> dict[str, Any]:
    """Return what differs from demanding nothing."""
    values = {f.name: getattr(part, f.name) for f in fields(part) if f.default != getattr(part, f.name)}
    return {key: list(v) if isinstance(v, tuple) else v for key, v in values.items()}


CERTIFIED_COPY = Policy("certified-copy", "1", "certified")
SIGNATURES = Policy("signatures", "1", None)
DRAFT = Policy("draft", "1", "draft")
SIGNED_COPY = Policy("signed-copy", "1", "signed")
#: the public ones, by name
BUILT_IN: Mapping[str, Policy] = {p.id: p for p in (CERTIFIED_COPY, SIGNATURES)}


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
    if revocation not in ("require", "if-present"):
        raise UsageError(f"unknown revocation rule {revocation!r}", hint="choose require or if-present")
    if policy.sha256 is not None:
        raise UsageError(
            f"the policy {policy.id} says revocation = {policy.revocation!r}, not {revocation!r}",
            hint="leave the rule to the policy file, or change it there",
        )
    return replace(policy, revocation=revocation)  # type: ignore[arg-type]


def _is_path(policy: str) -> bool:
    """Return whether a word that names no built-in policy is meant for a file, be it there or not."""
    if "\0" in policy:
        return False
    return policy.endswith(".toml") or "/" in policy or "\\" in policy or Path(policy).exists()


def _from_file(policy: str | Path) -> Policy:
    if isinstance(policy, Path) or _is_path(policy):
        return Policy.from_file(policy)
    raise UsageError(f"unknown policy {policy!r}", hint=f"choose {' or '.join(BUILT_IN)}, or the path of a policy file")
