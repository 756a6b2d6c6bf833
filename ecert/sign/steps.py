"""The revisions that signer, seal and archive append. Written, not yet verified: see :mod:`ecert.stages`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from ecert.errors import ServiceError
from ecert.formats.appearance import Role, StampImage, appearance_objects, draw_appearance
from ecert.formats.pades.cms import der_length, read_signed_data, read_timestamp
from ecert.formats.pades.cms_writer import build_signed_data, signed_attributes
from ecert.formats.pades.dss import read_dss
from ecert.formats.pades.fields import PdfSignature, read_signatures, signature_fields
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
from ecert.formats.pdfa.revision0 import NUMBERS, SEAL_FIELD, SIGNER_FIELD
from ecert.formats.record import CopyRecord
from ecert.model.evidence import Evidence
from ecert.model.profiles import get_profile
from ecert.sign.keys import SigningKey
from ecert.trust.certificates import subject_text
from ecert.trust.client import Client
from ecert.trust.gathering import Gatherer, Now
from ecert.trust.paths import PathFault
from ecert.trust.services import Services
from ecert.trust.store import Role as TrustRole
from ecert.trust.store import TrustStore
from ecert.trust.timestamps import request_timestamp

CMS_ROOM = 2048  # bytes kept for attributes and signature value, certificates not counted
TIMESTAMP_ROOM = 8192  # bytes kept for a time-stamp token: with three certificates about 5,000
MAX_TRIES = 3  # of laying out the archive time-stamp


@dataclass(frozen=True)
class LaidOut:
    """A signature laid out and waiting for its value: what a key has to sign is ``to_be_signed``."""

    pending: PendingSignature
    to_be_signed: bytes


def lay_out_signature(
    document: Document, role: Role, record: CopyRecord, key: SigningKey, claimed: datetime,
    stamp: StampImage | None, *, timestamped: bool,
) -> LaidOut:  # fmt: skip
    """Lay out the revision in which signer or seal signs the prepared field (begin)."""
    name = SIGNER_FIELD if role == "signer" else SEAL_FIELD
    field = next(f for f in signature_fields(document) if f.name == name)
    rect = tuple(document.array(field.widget.get("Rect")))
    number = next_number(document)
    content = draw_appearance(role, record, claimed, rect, stamp)
    objects = appearance_objects(
        content, rect, stamp, form=number + 1, image=number + 2, mask=number + 3
    )
    profile = get_profile(record.profile)
    lock = document.dictionary(field.widget.get("Lock")) or None
    dictionary = signature_dictionary(
        claimed,
        profile.utc_offset_hours,
        docmdp=role == "signer",
        lock=lock,
        root=Ref(NUMBERS.CATALOG),
    )
    room = CMS_ROOM + sum(map(len, key.chain)) + (TIMESTAMP_ROOM if timestamped else 0)
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
    digest = pending.digest(key.scheme.digest)
    return LaidOut(pending, signed_attributes(digest, key.certificate, key.scheme))


def finish_signature(
    laid_out: LaidOut,
    key: SigningKey,
    value: bytes,
    services: Services | None,
    client: Client | None,
) -> bytes:
    """Fill in a signature value, time-stamped where ``services`` are given (finish).

    Raises:
        ServiceError: no time-stamp could be had, or it is too long.
    """
    token = None
    if services is not None and client is not None:
        imprint = hashlib.sha256(value).digest()
        token = request_timestamp(imprint, services, client).der
    cms = build_signed_data(laid_out.to_be_signed, value, key.scheme, key.chain, token)
    try:
        return laid_out.pending.finish(cms)
    except DoesNotFit as exc:
        raise ServiceError(
            f"the time-stamp is too long: {exc}", hint="use another time-stamp service"
        ) from exc


def append_archive(
    data: bytes, trust: TrustStore, services: Services, now: Now, *, timestamp: bool
) -> bytes:
    """Append the validation data of everything and, at B-LTA, the document time-stamp that ends the file.

    Raises:
        ServiceError: something cannot be had; the message names the certificate and what was tried.
    """
    document = read_document(data)
    signatures = read_signatures(document)
    gatherer = Gatherer(trust, services, now, read_dss(document))
    for signature in signatures:
        _gather_for(gatherer, signature)
    if not timestamp:
        return append_validation_data(document, _missing(gatherer, document))
    page = list(document.pages())[-1]
    name = f"Archive{sum(s.is_timestamp for s in signatures) + 1}"
    for _ in range(MAX_TRIES):
        missing = _missing(gatherer, document)
        pending = begin_document_timestamp(
            document, missing, page=page, name=name, room=TIMESTAMP_ROOM
        )
        token = request_timestamp(pending.digest("sha256"), services, gatherer.client)
        before = gatherer.evidence
        _gather_for_token(gatherer, token.der)
        if gatherer.evidence == before:
            try:
                return pending.finish(token.der)
            except DoesNotFit as exc:
                raise ServiceError(
                    f"the time-stamp is too long: {exc}", hint="use another time-stamp service"
                ) from exc
    raise ServiceError(
        "the time-stamp services change their certificates with every answer",
        hint="name a single time-stamp service",
    )


def _missing(gatherer: Gatherer, document: Document) -> Evidence:
    """Return what the document's DSS does not hold yet."""
    return gatherer.evidence - read_dss(document)


def _gather_for(gatherer: Gatherer, signature: PdfSignature) -> None:
    if signature.is_timestamp:
        _gather_for_token(gatherer, signature.contents)
        return
    message = read_signed_data(signature.contents[: der_length(signature.contents)])
    roles: dict[str, TrustRole] = {SIGNER_FIELD: "signer", SEAL_FIELD: "seal"}
    assert message.signer_certificate is not None
    _gather_path(
        gatherer, message.signer_certificate, roles.get(signature.name), message.certificates
    )
    for token in message.timestamps:
        _gather_for_token(gatherer, token)


def _gather_for_token(gatherer: Gatherer, der: bytes) -> None:
    message = read_timestamp(der[: der_length(der)]).message
    assert message.signer_certificate is not None
    _gather_path(gatherer, message.signer_certificate, "timestamp", message.certificates)


def _gather_path(
    gatherer: Gatherer, certificate: bytes, role: TrustRole | None, others: tuple[bytes, ...]
) -> None:
    path = gatherer.path(certificate, role, others)
    if isinstance(path, PathFault):
        raise ServiceError(
            f"the certificate {subject_text(certificate)} has no valid path "
            f"to a trust anchor: {path.reason}",
            code="no-path",
            hint="add its root to the trust anchors",
        )
    gatherer.complete(path)
