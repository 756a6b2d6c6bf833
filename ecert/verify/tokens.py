"""Time-stamp tokens as they stand: for what they are, whether their own signature is right, and whose it is.

Some services leave their certificate out unless they are asked for it (RFC 3161, 2.4.1, certReq). It is looked for
once all signatures were read: in the DSS, in every CMS, in the evidence and among the anchors. Where it is not found,
the token proves nothing, and nothing speaks against it. In a copy it is a fault: its format has it inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm

from ecert.errors import Reason
from ecert.formats.pades.algorithms import digest_of
from ecert.formats.pades.cms import CmsUnsupported, TimestampToken
from ecert.formats.pades.dss import read_dss_items
from ecert.formats.pades.unsigned_part import has_standard_form
from ecert.formats.pdf import StructureFault
from ecert.model.indications import SubIndication as Sub
from ecert.trust.extensions import ExtensionFault
from ecert.trust.timestamp_tokens import statement_fault, timestamp_fault, with_authority
from ecert.verify.case import Case, SignatureCase, TimestampCase

Kind = Literal["signature", "document"]


@dataclass
class Tokens:
    """The tokens of one document; those without their authority's certificate wait for :meth:`finish`."""

    case: Case
    _waiting: list[tuple[SignatureCase, Kind, TimestampToken]] = field(default_factory=list)

    def take(self, s: SignatureCase, kind: Kind, token: TimestampToken) -> None:
        """Judge a token whose imprint is right, or let it wait."""
        if token.message.signer_certificate is None and not self.case.policy.is_copy:
            self._waiting.append((s, kind, token))
        else:
            self._judge(s, kind, token)

    def finish(self) -> None:
        """Judge the tokens that waited, each with the certificate that it names."""
        if not self._waiting:
            return
        known = tuple(dict.fromkeys(self._candidates()))
        by_digest: dict[str, dict[bytes, bytes]] = {}  # each certificate is hashed once for each algorithm
        for s, kind, token in self._waiting:
            found = None
            stated = token.message.certificate_ids[:1]
            for named in stated:
                if named.algorithm not in by_digest:
                    by_digest[named.algorithm] = _digests(named.algorithm, known)
                certificate = by_digest[named.algorithm].get(named.digest)
                found = with_authority(token, certificate) if certificate is not None else None
            if found is None:
                self._leave_open(s, kind, Reason("trust.authority-certificate-missing"))
            else:
                self._judge(s, kind, found)

    def _candidates(self) -> Iterator[bytes]:
        case = self.case
        for s in case.signatures:
            for message in (s.message, *(t.token.message for t in s.timestamps)):
                yield from message.certificates if message is not None else ()
        try:
            items = read_dss_items(case.document) if case.document is not None else []
        except StructureFault:  # told where the evidence is put together
            items = []
        yield from (item.der for item in items if item.array == "Certs")
        yield from case.evidence.certificates
        if case.trust is not None:
            yield from (anchor.certificate for anchor in case.trust.anchors)

    def _judge(self, s: SignatureCase, kind: Kind, token: TimestampToken) -> None:
        case = self.case
        if kind == "document":
            s.message, s.timestamps = token.message, [TimestampCase("document", token)]
        try:
            reason = timestamp_fault(token)
        except CmsUnsupported as fault:
            report_unjudged_token(case, s, fault.reason)
            return
        except ExtensionFault as fault:
            if not case.policy.is_copy:
                self._leave_open(s, kind, fault.reason)
                return
            reason = fault.reason
        sub = Sub.SIG_CRYPTO_FAILURE
        if reason is None and case.policy.is_copy:
            reason, sub = _fault_of_copy(kind, token), Sub.FORMAT_FAILURE
        if reason is not None:
            if kind == "document":
                s.fail(sub)
            case.add("timestamp-broken", field=s.name, reason=reason)
        elif kind == "document":
            s.intact = True
        else:
            s.timestamps.append(TimestampCase("signature", token))

    def _leave_open(self, s: SignatureCase, kind: Kind, reason: Reason) -> None:
        """Say that a token proves nothing here."""
        if kind == "document":
            s.doubt(Sub.NO_CERTIFICATE_CHAIN_FOUND)
        self.case.add("timestamp-not-trusted", field=s.name, reason=reason)


def report_unjudged_token(case: Case, s: SignatureCase, reason: Reason) -> None:
    """Report a token that uses what is not judged here (EN 319 102-1, 5.2.8.4); the format of copies excludes it."""
    if s.role == "timestamp":
        if case.policy.is_copy:
            s.fail(Sub.CRYPTO_CONSTRAINTS_FAILURE)
        else:
            s.doubt(Sub.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)
    if case.policy.is_copy:
        case.add("timestamp-broken", field=s.name, reason=Reason("pades.not-supported", reason=reason))
    else:
        case.add("algorithm-not-supported", field=s.name, reason=Reason("pades.in-timestamp", reason=reason))


def _fault_of_copy(kind: Kind, token: TimestampToken) -> Reason | None:
    """Return what in a copy's token is not as the format has it; a signature's has its form looked at with the CMS."""
    if kind == "document" and token.message.unsigned_attributes:
        return Reason("pades.unsigned-attributes")
    if kind == "document" and not has_standard_form(token.der):
        return Reason("pades.unsigned-part")
    return statement_fault(token)


def _digests(algorithm: str, certificates: tuple[bytes, ...]) -> dict[bytes, bytes]:
    try:
        return {digest_of(algorithm, der): der for der in certificates}
    except (ValueError, UnsupportedAlgorithm):
        return {}
