"""The steps: prepare, sign, seal. Each writes, then verifies what it wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ecert.capture.draft import prepare_draft
from ecert.capture.scan import Scan
from ecert.errors import InputError, ServiceError, UsageError
from ecert.formats.ecert1 import StampImage
from ecert.formats.images.stamp import MAX_STAMP_BYTES, read_stamp
from ecert.formats.pades.dss import read_dss
from ecert.formats.record import CertificationRecord
from ecert.model import files
from ecert.model.levels import DEFAULT_LEVEL, Level, at_least, check_level
from ecert.model.limits import MAX_OUTPUT_MB
from ecert.model.profiles import SEAL_DIAMETERS_MM, Profile, get_profile
from ecert.model.roles import Role
from ecert.sign.checks import check_date, check_key, check_trust
from ecert.sign.keys import SigningKey
from ecert.sign.steps import append_archive, finish_signature, lay_out_signature
from ecert.stages.call import Call
from ecert.stages.copies import CertifiedCopy, Draft, SignedCopy, Stage
from ecert.stages.intake import NOT_JUDGED, require_trusted_signer
from ecert.stages.self_check import verify_written
from ecert.trust.services import Services
from ecert.trust.store import TrustStore


def prepare_copy(
    scan: Scan,
    record: CertificationRecord,
    *,
    profile: str | Profile | None = None,
    level: str = DEFAULT_LEVEL,
    seal_diameter_mm: float | None = None,
    max_output_mb: float = MAX_OUTPUT_MB,
    at: datetime | None = None,
) -> Draft:
    """Make a draft: the scan as PDF/A-3b with the record and its statement.

    ``level`` is the finished copy's and stands in the record as a promise. Safe from many threads;
    blocks while it works.

    Raises:
        RecordError: the record does not fit the scan or cannot be printed.
        InputError: a page is below the profile's floor, or the file would be too large.
    """
    chosen = get_profile(profile)
    call = Call(max_output_mb=max_output_mb, at=at)
    now = call.now()
    diameter = chosen.seal_diameter_mm if seal_diameter_mm is None else seal_diameter_mm
    low, high = SEAL_DIAMETERS_MM
    if not low <= diameter <= high:
        raise UsageError(f"a seal of {diameter:g} mm is not within {low:g} to {high:g} mm")
    prepared = prepare_draft(scan, record, chosen, check_level(level), seal_diameter_mm=diameter, at=now)
    call.check_size(len(prepared.data))
    return verify_written(Draft, prepared.data, trust=None, level="B-B", at=now)


def sign_copy(
    draft: Draft,
    signer: SigningKey,
    *,
    trust: TrustStore | None = None,
    services: Services | None = None,
    image: bytes | str | Path | None = None,
    max_output_mb: float = MAX_OUTPUT_MB,
    at: datetime | None = None,
) -> SignedCopy:
    """Let the competent person sign: DocMDP P=2, time-stamped from B-T up.

    Safe from many threads; blocks while the key and the services work.

    Raises:
        SigningKeyError: the key's certificate may not sign this copy now.
        ServiceError: a service did not give what the level needs; the step may be repeated.
    """
    if not isinstance(draft, Draft):
        raise UsageError("sign_copy takes a Draft", hint="open it with Draft.open(path)")
    call = Call(trust, services, max_output_mb, at)
    data = _write_signature(call, draft, "signer", signer, draft.record.level, image)
    _look_again(call, draft, "signer", signer, draft.record.level)
    reached = _step_level(draft.record.level)
    return verify_written(SignedCopy, data, trust=trust, level=reached, at=at, attempts=call.attempts)


def seal_copy(
    signed: SignedCopy,
    seal: SigningKey,
    *,
    level: str | None = None,
    trust: TrustStore | None = None,
    services: Services | None = None,
    image: bytes | str | Path | None = None,
    max_output_mb: float = MAX_OUTPUT_MB,
    at: datetime | None = None,
) -> CertifiedCopy:
    """Let the body seal, then add validation data and archive time-stamp as the level asks.

    ``level`` may stay below the record's promise for now. Before the key is used the signer's signature is
    judged by ``trust``; without it nobody can tell who signed, and a note of the copy says so.
    Safe from many threads; blocks while the key and the services work.

    Raises:
        StageError: the signer is not believed by ``trust`` (``signer-not-trusted``).
        InputError: the signer's certificate is revoked (``certificate-revoked``), or the copy would be too large.
        SigningKeyError: the key's certificate may not seal this copy now.
        ServiceError: a service did not give what the level needs; the step may be repeated.
    """
    if not isinstance(signed, SignedCopy):
        raise UsageError("seal_copy takes a SignedCopy", hint="the signer signs first: sign_copy(draft, key)")
    target = check_level(level) if level else signed.record.level
    if at_least(target, signed.record.level) and target != signed.record.level:
        raise UsageError(
            f"the record promises {signed.record.level}, not {target}", hint="prepare the copy with the higher level"
        )
    call = Call(trust, services, max_output_mb, at)
    call.require(target)
    require_trusted_signer(signed, call)
    try:
        data = _write_signature(call, signed, "seal", seal, target, image)
        if at_least(target, "B-LT"):
            assert trust is not None
            data = append_archive(data, trust, call.services, call.client, call.now, timestamp=target == "B-LTA")
    except ServiceError as exc:
        lower = "B-B" if target == "B-T" else "B-T or B-B"
        hint = f"repeat the step; or seal at level {lower} for now and bring the copy to {target} later (extend)"
        raise ServiceError(exc.message, code=exc.code, hint=hint) from exc
    call.check_size(len(data))
    _look_again(call, signed, "seal", seal, target)
    attempts = (*signed.attempts, *call.attempts)
    copy = verify_written(CertifiedCopy, data, trust=trust, level=target, at=at, attempts=attempts)
    return copy if trust is not None else replace(copy, notes=(NOT_JUDGED,))


def _write_signature(
    call: Call, stage: Stage, role: Role, key: SigningKey, level: Level, image: bytes | str | Path | None
) -> bytes:
    """Check everything, then begin → the key signs → finish."""
    call.require(level)
    now, record = call.now(), stage.record
    timestamped = at_least(level, "B-T")
    if role == "signer":
        check_date(record, get_profile(record.profile), now)
    identity = check_key(key.identity, role, record, level, call.gatherer(read_dss(stage.document)), now)
    laid_out = lay_out_signature(stage.document, role, record, identity, now, _picture(image), timestamped=timestamped)
    call.check_size(laid_out.pending.size)
    value = key.sign(laid_out.to_be_signed)
    return finish_signature(laid_out, value, call.services if timestamped else None, call.client)


def _look_again(call: Call, stage: Stage, role: Role, key: SigningKey, level: Level) -> None:
    """Refuse to hand out what a key signed whose certificate was revoked meanwhile.

    A signature may take minutes, on a card or a telephone. Who answered a moment ago is not asked again.
    """
    gatherer = call.gatherer(read_dss(stage.document))
    if gatherer is not None:
        check_trust(key.identity, role, level, gatherer, call.now())


def _picture(image: bytes | str | Path | None) -> StampImage | None:
    if image is None:
        return None
    if isinstance(image, bytes):
        return read_stamp(image, name="given")
    try:
        data = files.read(Path(image), MAX_STAMP_BYTES)
    except files.UnreadableError as exc:
        raise InputError(f"cannot read the image {image}: {exc.why}", code=exc.code, hint=exc.hint) from exc
    return read_stamp(data, name=str(image))


def _step_level(level: Level) -> Level:
    """Return what a signature alone can reach: B-B, or B-T from there up."""
    return "B-T" if at_least(level, "B-T") else "B-B"
