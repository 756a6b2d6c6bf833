"""Put signatures, their time-stamps and the evidence they rest on into the report's rows."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from ecert.formats.pades.algorithms import HASHES, digest_of, key_size
from ecert.formats.pades.cms import SignedMessage
from ecert.formats.pades.ranges import RangeDigests, TooMuchHashed
from ecert.model.indications import Indication
from ecert.model.times import rfc3339
from ecert.report.content import (
    AlgorithmsPart,
    CertificatePart,
    DigestPart,
    EvidenceKind,
    EvidencePart,
    LinkPart,
    RevocationPart,
    SignatureIndication,
    SignaturePart,
    TimestampIndication,
    TimestampPart,
)
from ecert.trust.certificates import (
    common_name,
    fingerprint,
    identifiers,
    load,
    organization,
    public_key,
    serial_number,
    try_load,
)
from ecert.trust.paths import CertificatePath
from ecert.trust.revocation import RevocationStatus
from ecert.verify.case import Case, SignatureCase, TimestampCase
from ecert.verify.validation.proofs import Proofs

#: as a report has them, which is plain values
_INDICATIONS: Mapping[Indication, SignatureIndication] = {
    Indication.TOTAL_PASSED: "TOTAL-PASSED",
    Indication.TOTAL_FAILED: "TOTAL-FAILED",
    Indication.INDETERMINATE: "INDETERMINATE",
}


def signature_row(case: Case, s: SignatureCase, digests: RangeDigests) -> SignaturePart:
    """Return what the report says of one signature or document time-stamp."""
    message, signature = s.message, s.signature
    certificate = message.signer_certificate if message else None
    byte_range = signature.byte_range
    whole = byte_range is not None and byte_range[2] + byte_range[3] == len(case.data)
    sub_filter = signature.dictionary.get("SubFilter")
    signed_data = _signed_data(s, digests)
    return {
        "field": s.name,
        "role": s.role,
        "indication": _INDICATIONS[s.indication],
        "sub_indication": str(s.sub_indication) if s.sub_indication else None,
        "level": s.level,
        "certificate": _certificate(certificate) if certificate else None,
        "chain": _chain(s.path, s.revocation),
        "claimed_time": _optional(signature.claimed_time),
        "best_signature_time": _optional(s.best_signature_time),
        "timestamps": [_timestamp(s, t) for t in s.timestamps],
        "covers": "whole-file" if whole else "revision",
        "revision": s.revision,
        "changes_after": s.changes_after,
        "algorithms": _algorithms(message),
        "sub_filter": str(sub_filter) if isinstance(sub_filter, str) else None,
        "byte_range": list(byte_range) if byte_range else None,
        "signed_data": signed_data,
        "message_digest": message.message_digest.hex() if message and message.message_digest else None,
        "names_certificate": message.names_certificate(certificate) if message and certificate else False,
        "to_be_signed": _to_be_signed(message, signed_data),
        "value": base64.b64encode(message.signature).decode() if message else None,
    }


def evidence_rows(case: Case) -> list[EvidencePart]:
    """Return every piece of evidence the signatures rest on, and since when each is known to exist."""
    found: dict[tuple[EvidenceKind, str], datetime] = {}
    for s in case.signatures:
        for kind, der, since in _evidence(case, s):
            key = kind, _sha256(der)
            found[key] = min(since, found.get(key, since))
    return [
        {"kind": kind, "sha256": sha256, "proven_since": rfc3339(found[kind, sha256])} for kind, sha256 in sorted(found)
    ]


def _evidence(case: Case, s: SignatureCase) -> Iterator[tuple[EvidenceKind, bytes, datetime]]:
    proofs = case.proofs or Proofs(case.at)
    certificates = [s.message.signer_certificate] if s.message else []
    statuses = list(s.revocation)
    paths = [s.path]
    for t in s.timestamps:
        # nothing of its own revision covers a token
        yield "timestamp", t.token.der, proofs.of_revision(s.revision + 1)
        certificates.append(t.token.message.signer_certificate)
        statuses += t.revocation
        paths.append(t.path)
    for der in (*certificates, *(c for path in paths if path for c in path.certificates)):
        if der is not None:
            yield "certificate", der, proofs.of_item(der)
    for status in statuses:
        if status.item is not None:
            for der in (status.item.der, *status.sources):
                yield status.item.source, der, proofs.of_item(der)


def _timestamp(s: SignatureCase, t: TimestampCase) -> TimestampPart:
    message = t.token.message
    certificate = message.signer_certificate
    sub_indication = s.sub_indication if t.kind == "document" else t.sub_indication
    return {
        "kind": t.kind,
        "authority": common_name(certificate or b""),
        "time": rfc3339(t.token.time),
        "proven_by": rfc3339(t.token.proven),
        "counts": t.counts,
        "indication": _building_block(s, t),
        "sub_indication": str(sub_indication) if sub_indication else None,
        "sha256": _sha256(t.token.der),
        "certificate": _certificate(certificate) if certificate else None,
        "chain": _chain(t.path, t.revocation),
        "algorithms": _algorithms(message),
    }


def _building_block(s: SignatureCase, t: TimestampCase) -> TimestampIndication:
    """Return what validating the token gave (EN 319 102-1, 5.4): no TOTAL, which is a signature's."""
    if t.kind == "document" and s.indication is Indication.TOTAL_FAILED:
        return "FAILED"
    return "PASSED" if t.counts else "INDETERMINATE"


def _signed_data(s: SignatureCase, digests: RangeDigests) -> DigestPart | None:
    """Return the digest of the bytes a signature covers, as they stand in the file."""
    if s.signature.faults or s.message is None:
        return None
    algorithm = s.message.bound_by or s.message.digest_algorithm
    if s.role == "timestamp" and s.timestamps:
        algorithm = s.timestamps[0].token.imprint_algorithm
    if algorithm not in HASHES:
        algorithm = "sha256"
    try:
        digest = digests.digest(algorithm, s.signature.ranges)
    except TooMuchHashed:  # told already
        return None
    return {"algorithm": algorithm, "digest": digest.hex()}


def _to_be_signed(message: SignedMessage | None, signed_data: DigestPart | None) -> DigestPart | None:
    """Return the digest that was signed: of the signed attributes, without any of the data itself."""
    if message is None:
        return None
    if message.to_be_verified is None:
        return signed_data
    algorithm = message.scheme.digest
    if algorithm not in HASHES:
        return None
    return {"algorithm": algorithm, "digest": digest_of(algorithm, message.to_be_verified).hex()}


def _algorithms(message: SignedMessage | None) -> AlgorithmsPart:
    return {
        "digest": (message.bound_by or message.digest_algorithm) if message else None,
        "signature": str(message.scheme.kind) if message else None,
        "key_size": _key_size(message.signer_certificate) if message else None,
    }


def _key_size(certificate: bytes | None) -> int | None:
    try:
        return key_size(public_key(certificate)) if certificate else None
    except ValueError:
        return None


def _certificate(der: bytes) -> CertificatePart:
    found = try_load(der)
    return {
        "name": common_name(der),
        "organization": organization(der),
        "subject": found.subject.rfc4514_string() if found else None,
        "issuer": found.issuer.rfc4514_string() if found else None,
        "serial": f"{serial_number(der):x}" if found else None,
        "sha256": fingerprint(der),
        "identifiers": list(identifiers(der)),
        "not_before": rfc3339(found.not_valid_before_utc) if found else None,
        "not_after": rfc3339(found.not_valid_after_utc) if found else None,
    }


def _chain(path: CertificatePath | None, statuses: Sequence[RevocationStatus]) -> list[LinkPart]:
    if path is None:
        return []
    last = len(path.certificates) - 1
    return [
        {
            "subject": load(der).subject.rfc4514_string(),
            "sha256": fingerprint(der),
            "anchor": i == last,
            "revocation": _revocation(statuses[i] if i < len(statuses) else None),
        }
        for i, der in enumerate(path.certificates)
    ]


def _revocation(status: RevocationStatus | None) -> RevocationPart:
    item = status.item if status else None
    return {
        "status": status.status if status else "not-needed",
        "source": item.source if item else None,
        "this_update": rfc3339(item.this_update) if item else None,
        "next_update": _optional(item.next_update) if item else None,
        "revoked_at": _optional(item.revoked_at) if item else None,
        "reason": item.reason if item else None,
        "sha256": _sha256(item.der) if item else None,
    }


def _sha256(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()


def _optional(time: datetime | None) -> str | None:
    return rfc3339(time) if time else None
