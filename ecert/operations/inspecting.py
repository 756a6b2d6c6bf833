"""Look into a file without judging it: record, signatures, validation data, revisions; cut it back to one of them."""

from __future__ import annotations

import hashlib
from typing import Any

from ecert.errors import InputError, RecordError
from ecert.formats.pades.cms import CmsFault, der_length, read_signed_data, read_timestamp
from ecert.formats.pades.fields import PdfSignature, read_signatures, signature_fields
from ecert.formats.pades.old_subfilters import RSA_SHA1, read_certificates
from ecert.formats.pdf import Document, Stream, StructureFault, read_document
from ecert.formats.record import CopyRecord, embedded_record, read_record_xml
from ecert.formats.record.fields import MAX_RECORD_BYTES
from ecert.model.times import rfc3339
from ecert.trust.certificates import common_name, organization
from ecert.trust.evidence_folders import SUFFIXES, evidence_inside


def look_inside(data: bytes, name: str) -> dict[str, Any]:
    """Return the content of a file as plain values.

    Raises:
        InputError: the strict reader cannot read it; its code is the finding's.
    """
    document = _read(data, name)
    try:
        fields = signature_fields(document)
        signatures = read_signatures(document, several_fields=True)
        pages = sum(1 for _ in document.pages())
    except StructureFault as fault:
        raise _unreadable(name, fault) from fault
    record, reason = _read_record(document)
    signed = {f.name for s in signatures for f in s.fields}
    evidence = evidence_inside(document)
    return {
        "file": {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()},
        "pages": pages,
        "revisions": [
            {
                "revision": r.index,
                "start": r.start,
                "end": r.end,
                "objects": len(r.objects),
                "signatures": [s.name for s in signatures if s.revision == r.index],
            }
            for r in document.revisions
        ],
        "bytes_unaccounted": sum(gap.end - gap.start for gap in document.gaps if gap.kind != "white-space"),
        "fields": [{"field": f.name, "signed": f.name in signed} for f in fields],
        "signatures": [_signature(s, len(data)) for s in signatures],
        "record": record.to_dict() if record else None,
        "record_problem": reason,
        "validation_data": {kind: len(getattr(evidence, kind)) for kind in SUFFIXES},
    }


def cut_back(data: bytes, name: str, revision: int) -> bytes:
    """Return a file as it was after one of its revisions (ISO 32000-1, 7.5.6).

    Raises:
        InputError: the strict reader cannot read it, or it has no such revision.
    """
    found = _read(data, name).revisions
    if not 0 <= revision < len(found):
        raise InputError(
            f"{name} has no revision {revision}: its last one is {len(found) - 1}",
            code="no-such-revision",
            hint=f'"ecert inspect {name}" lists them',
        )
    return data[: found[revision].end]


def _read(data: bytes, name: str) -> Document:
    try:
        return read_document(data, foreign=True)
    except StructureFault as fault:
        raise _unreadable(name, fault) from fault


def _unreadable(name: str, fault: StructureFault) -> InputError:
    return InputError(
        f"{name} cannot be looked into: {fault.reason}",
        code=fault.code,
        hint=f'"ecert verify {name}" says what that means',
    )


def _signature(s: PdfSignature, size: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "field": s.name,
        "kind": "timestamp" if s.is_timestamp else "signature",
        "revision": s.revision,
        "covers": "whole-file" if s.byte_range and sum(s.byte_range[2:]) == size else "revision",
        "certificate": None,
        "claimed_time": rfc3339(s.claimed_time) if s.claimed_time else None,
        "timestamps": [],
        "algorithms": None,
        "problems": [str(fault) for fault in s.faults],
    }
    try:
        contents = s.contents[: der_length(s.contents)]
        if s.is_timestamp:
            token = read_timestamp(contents)
            message, tokens = token.message, [token]
        elif s.dictionary.get("SubFilter") == RSA_SHA1:  # which has no CMS
            own = read_certificates(s.dictionary.get("Cert"))[0]
            told["certificate"] = {"name": common_name(own), "organization": organization(own)}
            return told
        else:
            message = read_signed_data(contents)
            tokens = [read_timestamp(der) for der in message.timestamps]
    except CmsFault as fault:
        told["problems"].append(str(fault))
        return told
    der = message.signer_certificate
    if der:
        told["certificate"] = {"name": common_name(der), "organization": organization(der)}
    told["algorithms"] = {"digest": message.digest_algorithm, "signature": message.scheme.kind}
    told["timestamps"] = [{"authority": _name(t.message.signer_certificate), "time": rfc3339(t.time)} for t in tokens]
    return told


def _name(certificate: bytes | None) -> str | None:
    """Return a certificate's name; None: the time-stamp came without it."""
    return common_name(certificate) if certificate is not None else None


def _read_record(document: Document) -> tuple[CopyRecord | None, str | None]:
    """Return the embedded record, or why there is none."""
    stream = embedded_record(document)
    if stream is None:
        return None, None
    if not isinstance(stream, Stream) or len(stream.data) > MAX_RECORD_BYTES:
        return None, "it is not a readable stream"
    try:
        return read_record_xml(stream.encoded()), None
    except RecordError as exc:
        return None, exc.message
