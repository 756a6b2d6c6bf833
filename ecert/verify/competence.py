"""Were this person and this body competent on that day? The record and the certificates against a registry.

Three days count: that of the record, and those by which signature and seal are proven to exist (without a
proof: the day of validation). A proof says "not later than". So what was not competent on the record's
day, or on an earlier proven one, was not competent: an error. What is competent on the record's day but no
more on the proven one may have been signed in time, or back-dated: it cannot be decided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ecert.errors import Reason
from ecert.formats.record import CertificationRecord
from ecert.model.findings import Code
from ecert.model.roles import SignatureRole
from ecert.verify.case import Case, SignatureCase

if TYPE_CHECKING:
    from ecert.verify.policies.registry import RegisteredBody, Registry


def check_competence(case: Case) -> None:
    """Ask the policy's registry; without one, or without both signatures, competence stays unchecked."""
    registry, signer, seal = (case.policy.registry, _certified(case, "signer"), _certified(case, "seal"))
    if registry is None or case.record is None or signer is None or seal is None:
        return
    inquiry = _Inquiry(case, registry, case.record.certification, signer, seal)
    # 1. the registry speaks for these days
    if not inquiry.is_covered():
        return
    # 2. the body exists, bears this name and may certify
    body = inquiry.find_body()
    if body is None:
        return
    inquiry.judge_body(body)
    # 3. the seal's key is its own
    inquiry.judge_seal(body)
    # 4. the person may certify for it, in this capacity
    inquiry.judge_certifier(body)
    case.tick("competence")


def _certified(case: Case, role: SignatureRole) -> SignatureCase | None:
    """Return the intact signature of a role with its certificate."""
    found = case.by_role(role)[:1]
    return next((s for s in found if s.intact and s.message and s.message.signer_certificate), None)


@dataclass(frozen=True)
class _Inquiry:
    """What is asked, and of whom."""

    case: Case
    registry: Registry
    act: CertificationRecord
    signer: SignatureCase
    seal: SignatureCase

    def _proven(self, s: SignatureCase) -> date:
        """Return the day by which a signature is known to exist: at the latest that of validation."""
        return self.case.office_day(s.best_signature_time or self.case.at)

    def is_covered(self) -> bool:
        """Return whether the registry speaks for every day that counts."""
        for day in (self.act.date, self._proven(self.signer), self._proven(self.seal)):
            if not self.registry.span.covers(day):
                self.case.add("registry-out-of-date", day=day.isoformat())
                return False
        return True

    def find_body(self) -> RegisteredBody | None:
        """Return the body that the record means, or None with the finding that says why not."""
        found = self.registry.bodies_stated(self.act.body, self.seal.certificate, self.act.date)
        if len(found) == 1:
            return found[0]
        reason = Reason("policy.no-such-body")
        if found:
            reason = Reason("policy.several-bodies")
        self.case.add("body-not-registered", body=self.act.body.name, reason=reason)
        return None

    def judge_body(self, body: RegisteredBody) -> None:
        """Check that the body existed and that its kind certified."""

        def _incompetence(day: date) -> Reason | None:
            if not body.span.covers(day):
                return Reason("policy.body-not-yet")
            stated = body.is_stated(self.act.body, day) and body.bears(self.act.body.name, day)
            if day == self.act.date and not stated:
                return Reason("policy.body-named-otherwise")
            if self.registry.rule_of(body.kind, day) is None:
                return Reason("policy.body-not-competent")
            return None

        days = (self._proven(self.signer), self._proven(self.seal))
        self._judge("body-not-competent", _incompetence, *days)

    def judge_seal(self, body: RegisteredBody) -> None:
        """Check that the seal's key was the body's when it sealed: between the record's day and the proven one."""
        certificate, proven = self.seal.certificate, self._proven(self.seal)
        if body.seals_with(certificate, proven):
            return
        spans = [row.span for row in body.seal_keys if row.keys.has(certificate)]
        if any(span.meets(self.act.date, proven) for span in spans):
            reason = Reason("policy.key-no-longer-its")
            self.case.add("competence-unproven-time", day=proven.isoformat(), reason=reason)
        elif spans:
            reason = Reason("policy.key-not-its-then")
            self._find_key("seal-key-not-of-body", reason=reason)
        elif self.registry.bodies_sealing(certificate):
            reason = Reason("policy.key-of-another-body")
            self._find_key("seal-key-not-of-body", reason=reason)
        else:
            self._find_key("seal-key-not-registered")

    def _find_key(self, code: Code, **values: object) -> None:
        self.case.add(code, field=self.seal.name, body=self.act.body.name, **values)

    def judge_certifier(self, body: RegisteredBody) -> None:
        """Check that the person was appointed, and that somebody in this capacity certifies there."""
        certifier = self.act.certifier
        known = self.registry.appointments_of(certifier.name, self.signer.certificate)
        if not known:
            self.case.add("certifier-not-registered", certifier=certifier.name)
            return
        held = [a for a in known if a.body == body.id and a.capacity == certifier.capacity]

        def _incompetence(day: date) -> Reason | None:
            if not any(a.body == body.id for a in known):
                return Reason("policy.person-at-other-bodies")
            if not held:
                return Reason("policy.another-capacity")
            if not any(a.span.covers(day) for a in held):
                return Reason("policy.no-appointment-then")
            delegation = certifier.delegation
            if delegation and not delegation.valid_from <= day <= delegation.valid_to:
                return Reason("policy.no-delegation-then")
            rule = self.registry.rule_of(body.kind, day)
            if rule is not None and certifier.capacity not in rule.capacities:
                return Reason("policy.nobody-in-capacity", basis=rule.basis)
            return None

        self._judge("certifier-not-competent", _incompetence, self._proven(self.signer))

    def _judge(self, code: Code, incompetence: Callable[[date], Reason | None], *proven: date) -> None:
        """Find what is wrong on the record's day, else on a proven one; each finding names day and reason."""
        for day in (self.act.date, *proven):
            told = incompetence(day)
            if told is None:
                continue
            if day > self.act.date:
                self.case.add("competence-unproven-time", day=day.isoformat(), reason=told)
            else:
                names = {"certifier": self.act.certifier.name, "body": self.act.body.name}
                self.case.add(code, day=day.isoformat(), reason=told, **names)
            return
