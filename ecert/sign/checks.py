"""Everything that is checked before a key is used; a refusal costs nothing, a signature cannot be taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from ecert.errors import InputError, ServiceError, SigningKeyError
from ecert.formats.record import CopyRecord
from ecert.model.levels import Level, at_least
from ecert.model.profiles import Profile
from ecert.model.roles import Role
from ecert.model.times import local_day, rfc3339
from ecert.sign.identity import SigningIdentity
from ecert.trust.certificates import common_name, load, subject_text
from ecert.trust.extensions import ExtensionFault
from ecert.trust.gathering import Gatherer
from ecert.trust.identity import is_body, is_certifier, named_otherwise, names_of_both, shares_identifier
from ecert.trust.paths import CertificatePath, PathFault
from ecert.trust.usage import refuse_document_signing


def check_key(
    identity: SigningIdentity, role: Role, record: CopyRecord, level: Level, gatherer: Gatherer | None, at: datetime
) -> SigningIdentity:
    """Refuse a key whose certificate may not sign or seal this copy now; return the identity for its signature.

    That is what the key brings along, and issuers that had to be fetched. ``gatherer`` is None where no
    anchors were given; from B-LT up path and revocation are required.

    Raises:
        SigningKeyError: the certificate is out of its time, for another use, revoked, without a path,
            or not the record's certifier or body.
        ServiceError: what the level must prove about it cannot be had.
    """
    certificate = load(identity.certificate)
    name = subject_text(identity.certificate)
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise SigningKeyError(
            f"the certificate {name} is valid from {rfc3339(certificate.not_valid_before_utc)} "
            f"to {rfc3339(certificate.not_valid_after_utc)}, not at {rfc3339(at)}",
            code="certificate-out-of-time",
            hint="renew the certificate",
        )
    try:
        refused = refuse_document_signing(identity.certificate)
    except ExtensionFault as fault:
        refused = fault.reason
    if refused:
        raise SigningKeyError(
            f"the certificate {name} may not sign documents: {refused}", code="certificate-wrong-usage"
        )
    check_holder(identity, role, record)
    if gatherer is None:
        return identity
    path = check_trust(identity, role, level, gatherer, at)
    above = path.certificates[1:] if path.direct else path.certificates[1:-1]
    return replace(identity, chain=(*identity.chain, *(c for c in above if c not in identity.chain)))


def check_holder(identity: SigningIdentity, role: Role, record: CopyRecord) -> None:
    """Refuse a signer who is not the record's certifier, a seal that is not its body's: nobody would believe it.

    Raises:
        SigningKeyError: they differ; both names are told.
    """
    stated, certificate = record.certification, identity.certificate
    if role == "signer" and not is_certifier(stated.certifier, certificate):
        name = common_name(certificate)
        raise SigningKeyError(
            f"the signer's certificate is that of {name!r}, the record names {stated.certifier.name!r}",
            code="certifier-differs",
            hint="use the certifier's own key, or correct certifier.name; "
            + _alias_hint({stated.certifier.name: name}),
        )
    if role == "seal" and not is_body(stated.body, certificate):
        ours, theirs = names_of_both(stated.body, certificate)
        otherwise = named_otherwise(stated.body, certificate)
        spellings = {getattr(stated.body, field): name for field, name in otherwise.items() if name}
        raise SigningKeyError(
            f"the seal's certificate is that of {theirs!r}, the record names {ours!r}",
            code="body-name-differs" if shares_identifier(stated.body, certificate) else "body-differs",
            hint="use the body's own key, or correct body.name, body.parent, body.identifiers"
            + (f"; {_alias_hint(spellings)}" if spellings else ""),
        )


def _alias_hint(spellings: Mapping[str, str]) -> str:
    """Return the hint that says how to declare a name which the certificate writes differently."""
    rows = ", ".join(
        f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(written, ensure_ascii=False)}"
        for name, written in spellings.items()
    )
    return f"where it is the same name written otherwise, set [names] aliases = {{{rows}}} and prepare the copy again"


def check_trust(
    identity: SigningIdentity, role: Role, level: Level, gatherer: Gatherer, at: datetime
) -> CertificatePath:
    """Refuse a key whose certificate has no path now, or is revoked by what is known of it anew.

    Asked before the key is used, and again before what it signed is handed out: an answer counts for
    ``services.status_max_age_s`` and no longer.

    Raises:
        SigningKeyError: it has no path, or is revoked or suspended.
        ServiceError: from B-LT up, its status cannot be had.
    """
    required = at_least(level, "B-LT")
    path = gatherer.path(identity.certificate, role, identity.chain, at)
    if isinstance(path, PathFault):
        raise SigningKeyError(
            f"the certificate {subject_text(identity.certificate)} has no valid path "
            f"to a trust anchor: {gatherer.explain(path)}",
            code="no-path",
            hint="add its root to the trust anchors, its issuers under [keys.…] certificates",
        )
    try:
        gatherer.complete(path, at, gatherer.recent())
    except ServiceError:
        if required:
            raise
    for certificate, issuer in path.issued():
        status = gatherer.status(certificate, issuer, path.certificates[-1], at)
        if status.status in ("revoked", "on-hold"):
            raise SigningKeyError(
                f"the certificate {subject_text(certificate)} is revoked or suspended",
                code="certificate-revoked",
                hint="it may not sign any more",
            )
    return path


def check_date(record: CopyRecord, profile: Profile, at: datetime) -> None:
    """Refuse to sign on another day than the record's date (sealing later is normal).

    Raises:
        InputError: the days differ and the profile asks that they agree.
    """
    today = local_day(at, profile.utc_offset_hours)
    day = record.certification.date
    if profile.sign_on_record_date and day != today:
        raise InputError(
            f"the record's date is {day}, today is {today}",
            code="date-differs",
            hint="prepare the copy again with today's date",
        )
