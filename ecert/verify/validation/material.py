"""What judging time and trust leans on: the evidence, since when it exists, and what it says of a certificate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Self

from ecert.errors import Reason
from ecert.formats.asn1_bounds import Excess
from ecert.formats.pades.dss import as_evidence, read_dss_items
from ecert.formats.pdf import StructureFault
from ecert.model.evidence import Evidence
from ecert.model.indications import SubIndication as Sub
from ecert.model.limits import MAX_FILE_CERTIFICATES, MAX_REVOCATION_ITEMS
from ecert.model.roles import AnchorRole
from ecert.model.times import rfc3339
from ecert.trust.paths import CertificatePath, PathFault, PathFaultKind, find_path, find_paths
from ecert.trust.revocation import RevocationStatus, doubt_any, made_at, revocation_status
from ecert.verify.case import Case
from ecert.verify.structure import report_fault
from ecert.verify.validation.proofs import Proofs

#: Of each certificate of a path, the anchor left out, what is known of its revocation.
Statuses = list[tuple[bytes, RevocationStatus]]

#: what of each kind of evidence one file brings along, and the most it may
_MOST = (
    Excess(Reason("limits.file-certificates"), MAX_FILE_CERTIFICATES),
    Excess(Reason("limits.file-ocsps"), MAX_REVOCATION_ITEMS),
    Excess(Reason("limits.file-crls"), MAX_REVOCATION_ITEMS),
)

#: ETSI's words for what is wrong with a path (EN 319 102-1, 5.2.6.4 and table 6)
PATH_SUB_INDICATIONS: Mapping[PathFaultKind, Sub] = {
    "no-path": Sub.NO_CERTIFICATE_CHAIN_FOUND,
    "expired": Sub.OUT_OF_BOUNDS_NO_POE,
    "not-yet-valid": Sub.OUT_OF_BOUNDS_NO_POE,
    "weak": Sub.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
    "invalid": Sub.CHAIN_CONSTRAINTS_FAILURE,
    "unreadable": Sub.CHAIN_CONSTRAINTS_FAILURE,
    "unsupported": Sub.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
}


@dataclass(frozen=True)
class Material:
    """The evidence of one case, in an order of its own: the same items give the same report."""

    case: Case
    proofs: Proofs
    embedded: Evidence  # what the file holds
    everything: Evidence  # and what the caller gave

    @classmethod
    def collect(cls, case: Case) -> Self:
        """Put DSS, CMS and the caller's evidence together (5.2.5, 5.6.2.3).

        What was made after ``known_by`` is left out by those who judge it; a finding says how much.
        """
        proofs = Proofs(case.at)
        embedded = _with_signatures(case, proofs, _read_store(case, proofs))
        everything = _with_doubts(embedded + case.evidence, case.known_by).in_order()
        if case.evidence.kept is not None:
            case.add("evidence-replayed", time=rfc3339(case.evidence.kept))
        made = [made_at(der) for der in (*everything.ocsps, *everything.crls)]
        younger = sum(1 for time in made if time is not None and time > case.known_by)
        if younger:
            case.add("evidence-after-time", count=younger)
        case.proofs = proofs
        return cls(case, proofs, embedded.in_order(), everything)

    def path(
        self,
        certificate: bytes,
        role: AnchorRole | None,
        moment: datetime,
        *,
        embedded: bool = False,
        proven: Callable[[bytes], datetime] | None = None,
    ) -> tuple[CertificatePath, Statuses] | PathFault:
        """Find a certificate's path that is valid at ``moment``, and what is known of its revocation (5.2.6).

        Of several valid paths the first on which every certificate was good then, else the first: where
        revocation fails, the next chain has its turn (5.2.6.4). ``role`` None: whatever signs
        documents, so anchors for time-stamps alone do not serve. ``embedded`` leans on the file's own
        evidence alone; ``proven`` tells since when an item exists where that is not what the proofs say.
        """
        trust = self.case.trust
        if role is None and trust is not None:
            trust = trust.for_documents
        evidence = self.embedded if embedded else self.everything
        question: dict[str, Any] = {"trust": trust, "role": role, "others": evidence.certificates, "moment": moment}
        first: tuple[CertificatePath, Statuses] | None = None
        for path in find_paths(certificate, **question):
            statuses = [
                (c, self._status(path, c, issuer, evidence, moment, proven or self.proofs.of_item))
                for c, issuer in path.issued()
            ]
            if all(status.clean_at(moment) for _, status in statuses):
                return path, statuses
            first = first or (path, statuses)
        if first is not None:
            return first
        fault = find_path(certificate, **question)
        assert isinstance(fault, PathFault)
        return fault

    def lacks_only_proof(self, path: CertificatePath, subject: bytes, moment: datetime) -> bool:
        """Return whether there is data that would say good, were it proven to be as old as it says.

        Its authority has expired or was revoked since: whoever has its key could make such data now.
        """
        issuer = dict(path.issued())[subject]
        status = self._status(path, subject, issuer, self.everything, moment, lambda _: moment)
        return status.clean_at(moment)

    def _status(
        self,
        path: CertificatePath,
        subject: bytes,
        issuer: bytes,
        evidence: Evidence,
        moment: datetime,
        proven: Callable[[bytes], datetime],
    ) -> RevocationStatus:
        return revocation_status(
            subject,
            issuer,
            evidence,
            moment=moment,
            known_by=self.case.known_by,
            anchor=path.certificates[-1],
            anchored_until=path.believed_until,
            proven=proven,
        )


def _with_signatures(case: Case, proofs: Proofs, store: Evidence) -> Evidence:
    """Add what stands in signatures and time-stamps, as far as one file may bring it along.

    Beyond that nothing more is looked at, and the finding keeps the file from being valid.
    """
    kinds = [dict.fromkeys(items) for items in (store.certificates, store.ocsps, store.crls)]

    def taken() -> Evidence:
        first = [tuple(islice(k, most)) for k, (_, most) in zip(kinds, _MOST, strict=True)]
        return Evidence(first[0], first[1], first[2])

    for s in case.signatures:
        for message in [s.message, *(t.token.message for t in s.timestamps)]:
            if message is None:
                continue
            inside = message.certificates, message.ocsps, message.crls
            for found, items, (what, limit) in zip(kinds, inside, _MOST, strict=True):
                found.update(dict.fromkeys(items))
                if len(found) > limit:
                    case.add("over-limit", what=what, limit=limit)
                    return taken()
                proofs.cover(items, s.revision + 1)
    return taken()


def _with_doubts(evidence: Evidence, known_by: datetime) -> Evidence:
    """Take in what lay beside the evidence as soon as any of it says *revoked* of a certificate that is used.

    A list of older statements would hide it otherwise. Then everything counts, for a newer statement may lift
    a suspension. What was made too late to count raises no doubt.
    """
    beside, chosen = evidence.doubts, replace(evidence, doubts=None)
    if beside is None:
        return evidence
    late = [d for d in beside.items() if (made := made_at(d)) is not None and made > known_by]
    beside -= Evidence(ocsps=tuple(late), crls=tuple(late))
    return chosen + beside if doubt_any(beside, chosen) else chosen


def _read_store(case: Case, proofs: Proofs) -> Evidence:
    if case.document is None:
        return Evidence()
    try:
        items = read_dss_items(case.document)
    except StructureFault as fault:
        report_fault(case, fault)
        return Evidence()
    for item in items:
        proofs.cover([item.der], item.revision)
    if case.policy.is_copy and len(items) != len({(i.array, i.der) for i in items}):
        case.add("unusual-structure", what=Reason("order.dss-twice"))
    return as_evidence(items)
