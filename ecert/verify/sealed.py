"""Policy ``signed-and-sealed``: persons signed, their body sealed last, whatever the document is.

Who may do either is known to the policy's registry alone; without one nothing is decided. Nothing else of a certified
copy is judged: neither a statement nor a record nor what the pages show.

The days that count are those of :mod:`ecert.verify.competence`, with the time that a signature claims in the place of
the record's day. What was not competent on the claimed day was not competent: an error. What was then, and is no more
on the day by which the signature is proven to exist, may have signed in time or set its clock back: undecided, as is
what claims no day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ecert.errors import Reason
from ecert.model.findings import Code
from ecert.trust.certificates import common_name, public_key_info
from ecert.verify.case import Case, SignatureCase
from ecert.verify.last_signature import last_signature, stands_over_all
from ecert.verify.policies.registry import RegisteredBody, Registry

Incompetence = Callable[[date], Reason | None]


def check_sealed(case: Case) -> None:
    """Check who signed and who sealed; findings name the field."""
    if case.policy.stage != "sealed" or not case.signed:
        return
    last = last_signature(case)
    if last is None:
        case.add("seal-missing")
        return
    if not stands_over_all(case, last):
        case.add("more-after-last-signature", field=last.name)
    registry = case.policy.registry
    if registry is None:
        case.add("registry-missing")
        return
    if all(s.intact and s.message and s.message.signer_certificate for s in case.signed):
        _Inquiry(case, registry, last).judge()


def _key(s: SignatureCase) -> bytes:
    return public_key_info(s.certificate)


class _Inquiry:
    """What a registry is asked about the signatures of one document."""

    def __init__(self, case: Case, registry: Registry, seal: SignatureCase) -> None:
        self.case, self.registry, self.seal = case, registry, seal

    def judge(self) -> None:
        """Ask for the body of the last signature, and hold all the others against it."""
        # 1. the registry speaks for these days
        for s in self.case.signed:
            for day in self.case.signing_days(s):
                if not self.registry.span.covers(day):
                    self.case.add("registry-out-of-date", day=day.isoformat())
                    return
        # 2. a body sealed last, with its own key, and may certify
        body = self._sealing_body()
        if body is None:
            return
        self._judge_body(body, self.seal)
        self.case.tick("seal", "order")
        # 3. who signed before is of that body
        earlier = [s for s in self.case.signed if s is not self.seal]
        people = [s for s in earlier if self._is_person(body, s)]
        # 4. somebody signed besides, with another key
        others = [s for s in earlier if _key(s) != _key(self.seal)]
        if any(s not in others for s in people):
            self.case.add("same-key-twice")
        elif not others:
            self.case.add("sealed-alone", body=_name(body))
        elif not people:
            self.case.add("no-person-signed", body=_name(body))
        self.case.tick("competence")

    # ── the body ─────────────────────────────────────────────────────────────────────────────────

    def _sealing_body(self) -> RegisteredBody | None:
        """Return the body whose seal stands last, or None with the finding that says why not."""
        certificate = self.seal.certificate
        known = self.registry.bodies_sealing(certificate)
        name = {"field": self.seal.name, "body": common_name(certificate)}
        if self.registry.appointments_of(common_name(certificate), certificate):
            self.case.add("seal-missing")  # a person's key is no body's, whatever else the registry says
            return None
        if not known:
            self.case.add("seal-key-not-registered", **name)
            return None
        *_, proven = days = self.case.signing_days(self.seal)
        found = [body for body in known if body.seals_with(certificate, proven)]
        if len(found) == 1:
            return found[0]
        if found:
            self.case.add("body-not-registered", body=name["body"], reason=Reason("policy.several-bodies"))
        elif len(days) > 1 and any(body.seals_with(certificate, days[0]) for body in known):
            reason = Reason("policy.key-no-longer-its")
            self.case.add("competence-unproven-time", day=proven.isoformat(), reason=reason)
        else:
            self.case.add("seal-key-not-of-body", **name, reason=Reason("policy.key-not-its-then"))
        return None

    def _judge_body(self, body: RegisteredBody, s: SignatureCase) -> None:
        """Check that the body existed, and that its kind certified, when this was signed."""

        def _incompetence(day: date) -> Reason | None:
            if not body.span.covers(day):
                return Reason("policy.body-not-yet")
            if self.registry.rule_of(body.kind, day) is None:
                return Reason("policy.body-not-competent")
            return None

        self._judge(s, "body-not-competent", _incompetence, body=_name(body))

    # ── who signed before ────────────────────────────────────────────────────────────────────────

    def _is_person(self, body: RegisteredBody, s: SignatureCase) -> bool:
        """Return whether a person signed; findings say where nobody of this body did."""
        certificate = s.certificate
        person = common_name(certificate)
        known = self.registry.appointments_of(person, certificate)
        if known:
            self._judge_person(body, s)
        elif any(row.keys.has(certificate) for row in body.seal_keys):
            self._judge_own_key(body, s)
        elif self.registry.bodies_sealing(certificate):
            reason = Reason("policy.key-of-another-body")
            self.case.add("seal-key-not-of-body", field=s.name, body=_name(body), reason=reason)
        else:
            self.case.add("certifier-not-registered", field=s.name, certifier=person)
        return bool(known)

    def _judge_own_key(self, body: RegisteredBody, s: SignatureCase) -> None:
        """Check that a key of the body's own, which signed number or date, was its own then."""

        def _incompetence(day: date) -> Reason | None:
            if not body.span.covers(day):
                return Reason("policy.body-not-yet")
            return None if body.seals_with(s.certificate, day) else Reason("policy.key-not-its-then")

        self._judge(s, "seal-key-not-of-body", _incompetence, body=_name(body))

    def _judge_person(self, body: RegisteredBody, s: SignatureCase) -> None:
        """Check that the person was appointed there, in a capacity in which somebody signs for such a body."""
        certificate = s.certificate
        person = common_name(certificate)
        known = self.registry.appointments_of(person, certificate)
        held = [a for a in known if a.body == body.id]
        names = {"certifier": person, "body": _name(body)}
        if not held:
            day, reason = self.case.signing_days(s)[0].isoformat(), Reason("policy.person-at-other-bodies")
            self.case.add("certifier-not-competent", field=s.name, day=day, reason=reason, **names)
            return

        def _incompetence(day: date) -> Reason | None:
            then = [a for a in held if a.span.covers(day)]
            if not then:
                return Reason("policy.no-appointment-then")
            if not body.span.covers(day):
                return Reason("policy.body-not-yet")
            rule = self.registry.rule_of(body.kind, day)
            if rule is None:
                return Reason("policy.body-not-competent")
            if not any(a.capacity in rule.capacities for a in then):
                return Reason("policy.nobody-in-capacity", basis=rule.basis)
            return None

        self._judge(s, "certifier-not-competent", _incompetence, **names)

    # ── the days ─────────────────────────────────────────────────────────────────────────────────

    def _judge(self, s: SignatureCase, code: Code, incompetence: Incompetence, **names: str) -> None:
        """Find what is wrong on the claimed day, else on the proven one; each finding names day and reason."""
        days = self.case.signing_days(s)
        for day in days:
            told = incompetence(day)
            if told is None:
                continue
            if day == days[0] and s.signature.claimed_time is not None:
                self.case.add(code, field=s.name, day=day.isoformat(), reason=told, **names)
            else:
                self.case.add("competence-unproven-time", field=s.name, day=day.isoformat(), reason=told)
            return


def _name(body: RegisteredBody) -> str:
    """Return what the registry calls a body last."""
    return body.names[-1].text
