"""Verify documents of others: gather evidence, judge, keep what each was judged with; here or in the sandbox."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ecert.model.evidence import Evidence
from ecert.model.limits import DOCUMENT_LIMITS, DocumentLimits
from ecert.model.times import read_clock
from ecert.report import Report
from ecert.trust.evidence_folders import EvidenceFolder, evidence_for, evidence_inside, write_evidence
from ecert.verify.copy import judge
from ecert.verify.policies import Policy, get_policy

if TYPE_CHECKING:
    from ecert.sandbox import Sandbox
    from ecert.trust.services import Services
    from ecert.trust.store import TrustStore


@dataclass
class _Gathered:
    """What was gathered for documents of one run: a document that comes again is not asked about again.

    Its second report tells the same attempts as its first, as its one list does. Equal items of
    different documents are kept in memory once.
    """

    _by_digest: dict[str, Evidence] = field(default_factory=dict)
    _items: dict[bytes, bytes] = field(default_factory=dict)

    def for_document(self, data: bytes, gather: Callable[[], Evidence]) -> Evidence:
        """Return a document's evidence, gathered when it is met first."""
        digest = hashlib.sha256(data).hexdigest()
        known = self._by_digest.get(digest)
        if known is not None:
            return known
        found = gather()
        kept = replace(
            found,
            certificates=self._once(found.certificates),
            ocsps=self._once(found.ocsps),
            crls=self._once(found.crls),
        )
        return self._by_digest.setdefault(digest, kept)  # of two threads that asked the first is believed by both

    def _once(self, items: tuple[bytes, ...]) -> tuple[bytes, ...]:
        return tuple(self._items.setdefault(der, der) for der in items)


@dataclass
class Verifier:
    """Verifies documents one by one under the same policy, anchors, evidence and time.

    For one run: it reads the clock once, when it is made (unless ``at`` is given), and remembers what it gathered.
    Threads may share it.

    * ``policy``: one, or the name of a built-in one, or the path of a policy file.
    * ``evidence``: folders that hold evidence besides what a document brings.
    * ``services``: whom to ask about a document first (None: nobody).
    * ``keep_in``: the folder in which what each document was judged with is kept, to make the same report again.
    * ``limits``: bytes and pages of a document; what exceeds them is a finding.
    * ``sandbox``: where documents are read (None: in this process); the reports are the same.

    Raises:
        SettingsError: the policy file is refused.
        UsageError: ``at`` has no time zone, or no policy has that name.
    """

    policy: Policy | str
    trust: TrustStore | None = None
    at: datetime | None = None
    evidence: Sequence[EvidenceFolder] = ()
    services: Services | None = None
    keep_in: Path | None = None
    cross_check: bool = False
    limits: DocumentLimits = DOCUMENT_LIMITS
    sandbox: Sandbox | None = None

    def __post_init__(self) -> None:
        """Take the clock's time once, so that all documents are judged at the same moment."""
        self._now = read_clock(self.at)
        self._policy = get_policy(self.policy, None)
        self._gathered = _Gathered()

    def verify(self, data: bytes, name: str = "") -> Report:
        """Return the report about a document, which calls it by ``name``.

        Raises:
            InputError: a folder of evidence is not as it was written, or evidence cannot be kept.
            ServiceError: ``busy``: every slot of the sandbox and every place in its line is taken.
            SettingsError: the anchors' own source, a bundle or list, has expired.
        """
        evidence = evidence_for(self.evidence, data)
        if self.services is not None:
            services, at_hand = self.services, evidence
            evidence = self._gathered.for_document(data, lambda: self._gather(data, services, at_hand))
        report, inside = self._judge(data, evidence, name)
        if self.keep_in is not None:
            write_evidence(evidence + inside, data, self.keep_in, self._now)
        return report

    def _gather(self, data: bytes, services: Services, at_hand: Evidence) -> Evidence:
        if self.sandbox is not None:
            return self.sandbox.gather_evidence(data, services, trust=self.trust, evidence=at_hand, at=self._now)
        from ecert.trust.questions import gather_evidence  # the network client, which judging alone never needs

        return gather_evidence(data, services, trust=self.trust, evidence=at_hand, at=self._now)

    def _judge(self, data: bytes, evidence: Evidence, name: str) -> tuple[Report, Evidence]:
        """Return the report, and the evidence the document brings along."""
        if self.sandbox is not None:
            judged = self.sandbox.judge(
                data,
                policy=self._policy,
                trust=self.trust,
                at=self._now,
                evidence=evidence,
                cross_check=self.cross_check,
                name=name,
                limits=self.limits,
            )
            return judged.report, judged.evidence
        case, report = judge(
            data,
            policy=self._policy,
            trust=self.trust,
            at=self._now,
            evidence=evidence,
            cross_check=self.cross_check,
            name=name,
            limits=self.limits,
        )
        return report, evidence_inside(case.document)
