"""The revisions that signer, seal and archive append. Written, not yet verified: see :mod:`ecert.stages`."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from itertools import count

from ecert.errors import InputError, ServiceError
from ecert.formats.ecert1 import NUMBERS, StampImage
from ecert.formats.pades.cms_writer import build_signed_data, signed_attributes
from ecert.formats.pades.dss import read_dss
from ecert.formats.pades.fields import read_signatures, signature_fields
from ecert.formats.pades.increments import (
    DoesNotFit,
    PendingSignature,
    append_validation_data,
    begin_document_timestamp,
    begin_signature,
    next_number,
    signature_dictionary,
)
from ecert.formats.pdf import Document, Ref, read_document
from ecert.formats.record import CopyRecord
from ecert.formats.writers import writer_of
from ecert.model.evidence import Evidence
from ecert.model.profiles import get_profile
from ecert.model.roles import Role, field_of_role
from ecert.model.times import rfc3339
from ecert.sign.identity import SigningIdentity
from ecert.sign.pending import LaidOut
from ecert.trust.certificates import load, subject_text
from ecert.trust.client import Client
from ecert.trust.gathering import Anew, Gatherer, Now
from ecert.trust.inquiry import Question, of_token, questions
from ecert.trust.paths import PathFault
from ecert.trust.services import Services
from ecert.trust.store import TrustStore
from ecert.trust.timestamp_tokens import outlives_revocation
from ecert.trust.timestamps import request_timestamp

CMS_ROOM = 2048  # bytes kept for attributes and signature value, certificates not counted
TIMESTAMP_ROOM = 8192  # bytes kept for a time-stamp token: with three certificates about 5,000
MAX_TRIES = 3  # of laying out the archive time-stamp


class RevokedError(InputError):
    """A copy leans on a certificate that was revoked or suspended by then: no key and no service can help it."""

    default_code = "certificate-revoked"


def lay_out_signature(
    document: Document,
    role: Role,
    record: CopyRecord,
    identity: SigningIdentity,
    claimed: datetime,
    picture: StampImage | None,
    *,
    timestamped: bool,
) -> LaidOut:
    """Lay out the revision in which signer or seal signs the prepared field (begin)."""
    name = field_of_role(role)
    field = next(f for f in signature_fields(document) if f.name == name)
    rect = tuple(document.array(field.widget.get("Rect")))
    number = next_number(document)
    writer = writer_of(record)
    content = writer.draw_appearance(role, record, claimed, rect, picture)
    objects = writer.appearance_objects(content, rect, picture, form=number + 1, image=number + 2, mask=number + 3)
    profile = get_profile(record.profile)
    lock = document.dictionary(field.widget.get("Lock")) or None
    dictionary = signature_dictionary(
        claimed, profile.utc_offset_hours, docmdp=role == "signer", lock=lock, root=Ref(NUMBERS.CATALOG)
    )
    room = CMS_ROOM + sum(map(len, identity.chain)) + (TIMESTAMP_ROOM if timestamped else 0)
    pending = begin_signature(
        document,
        field=field.ref,
        dictionary=dictionary,
        objects=objects,
        field_changes={"AP": {"N": Ref(number + 1)}},
        room=room,
        signature_number=number,
        perms=role == "signer",
    )
    digest = pending.digest(identity.scheme.digest)
    attributes = signed_attributes(digest, identity.certificate, identity.scheme)
    return LaidOut(pending, attributes, identity)


def finish_signature(laid_out: LaidOut, value: bytes, services: Services | None, client: Client | None) -> bytes:
    """Fill in a signature value, time-stamped where ``services`` are given (finish).

    Raises:
        ServiceError: no time-stamp could be had, or it is too long.
    """
    stamp, identity = None, laid_out.identity
    if services is not None and client is not None:
        imprint = hashlib.sha256(value).digest()
        stamp = request_timestamp(imprint, services, client).der
    cms = build_signed_data(laid_out.to_be_signed, value, identity.scheme, identity.chain, stamp)
    try:
        return laid_out.pending.finish(cms)
    except DoesNotFit as exc:
        raise ServiceError(f"the time-stamp is too long: {exc}", hint="use another time-stamp service") from exc


def append_timestamp(data: bytes, services: Services, client: Client) -> bytes:
    """Append a document time-stamp alone: the proof of time of a copy that has none (level B-T).

    Raises:
        ServiceError: it cannot be had, or is too long.
    """
    pending, _ = _begin_timestamp(read_document(data), Evidence())
    return _finish_timestamp(pending, request_timestamp(pending.digest("sha256"), services, client).der)


def append_archive(
    data: bytes,
    trust: TrustStore,
    services: Services,
    client: Client,
    now: Now,
    *,
    timestamp: bool,
    settled: Collection[str] = (),
    newer: Evidence | None = None,
) -> bytes:
    """Append the validation data of everything and, with ``timestamp``, the document time-stamp that ends the file.

    ``settled`` names the fields whose evidence stands under a document time-stamp already: nothing
    new is asked about them. ``newer`` is written besides.

    Raises:
        ServiceError: something cannot be had; the message names the certificate and what was tried.
        RevokedError: a certificate was revoked or suspended when its signature was made.
    """
    document = read_document(data)
    signatures = read_signatures(document)
    held = read_dss(document)
    gatherer = Gatherer(trust, services, now, held, client)
    gatherer.needed += newer or Evidence()
    asked = [q for s in signatures if s.name not in settled for q in questions(s)]
    for question in asked:
        _gather(gatherer, question, now())
    if not timestamp:
        return append_validation_data(document, _missing(gatherer, held))
    for _ in range(MAX_TRIES):
        pending, name = _begin_timestamp(document, _missing(gatherer, held))
        stamp = request_timestamp(pending.digest("sha256"), services, client)
        before, moment = gatherer.needed, max(now(), stamp.proven)
        # by its clock, which proves the time of those without a time-stamp of their own
        unstamped = (q for q in asked if q.time is None) if moment == stamp.proven else ()
        for question in (of_token(name, stamp.der), *unstamped):
            _gather(gatherer, question, moment)
        if gatherer.needed == before:
            return _finish_timestamp(pending, stamp.der)
    raise ServiceError(
        "the time-stamp services change their certificates with every answer", hint="name a single time-stamp service"
    )


def _begin_timestamp(document: Document, evidence: Evidence) -> tuple[PendingSignature, str]:
    """Lay out the next document time-stamp, after the last page; return its field's name too."""
    page, taken = list(document.pages())[-1], {f.name for f in signature_fields(document)}
    name = next(n for i in count(1) if (n := f"Archive{i}") not in taken)
    pending = begin_document_timestamp(document, evidence, page=page, name=name, room=TIMESTAMP_ROOM)
    return pending, name


def _finish_timestamp(pending: PendingSignature, stamp: bytes) -> bytes:
    try:
        return pending.finish(stamp)
    except DoesNotFit as exc:
        raise ServiceError(f"the time-stamp is too long: {exc}", hint="use another time-stamp service") from exc


def _missing(gatherer: Gatherer, held: Evidence) -> Evidence:
    """Return what is needed and not yet in the document's DSS."""
    return gatherer.needed - held


def _gather(gatherer: Gatherer, question: Question, now: datetime) -> None:
    """Gather what proves one certificate, at its own time-stamp's time where it has one."""
    moment = question.time or now
    name = subject_text(question.certificate)
    path = gatherer.path(question.certificate, question.role, question.others, moment)
    if isinstance(path, PathFault):
        raise ServiceError(
            f"the certificate {name} has no valid path to a trust anchor: {gatherer.explain(path)}",
            code="no-path",
            hint="add its root to the trust anchors" if path.kind == "no-path" else "",
        )
    gatherer.complete(path, moment, _since_signed(question, now))
    for certificate, issuer in path.issued():
        status = gatherer.status(certificate, issuer, path.certificates[-1], moment)
        item = status.item
        if item is None or item.revoked_at is None or status.clean_at(moment):
            continue
        if question.stamped and certificate == question.certificate:
            if outlives_revocation(question.stamped, status):
                continue
            raise revoked(certificate, item.revoked_at, f"its time-stamp “{question.field}”")
        raise revoked(certificate, item.revoked_at, f"the signature “{question.field}”")


def _since_signed(question: Question, now: datetime) -> Anew | None:
    """Ask that the status of a signer was told after he signed, as far as somebody tells it.

    A revocation is published after it took effect. A CRL of a moment ago serves: its authority makes no newer
    one meanwhile. Of an expired certificate nothing new is told.
    """
    expired = load(question.certificate).not_valid_after_utc < now
    if question.time is None or question.role == "timestamp" or expired:
        return None
    return Anew(question.time, from_memory=("crl",), required=False)


def revoked(certificate: bytes, since: datetime, what: str) -> RevokedError:
    """Return the refusal of what leans on a certificate that was revoked or suspended by then."""
    return RevokedError(
        f"the certificate {subject_text(certificate)} is revoked or suspended since "
        f"{rfc3339(since)}, so {what} is not relied on",
        hint="the copy cannot be completed; certify it again",
    )
