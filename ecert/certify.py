"""The whole act in one process: scan → draft → signer → seal → certified copy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from ecert.capture.scan import Scan
from ecert.formats.record import CertificationRecord
from ecert.model.levels import DEFAULT_LEVEL
from ecert.model.limits import MAX_OUTPUT_MB
from ecert.model.profiles import Profile
from ecert.sign.keys import SigningKey
from ecert.stages import CertifiedCopy, prepare_copy, seal_copy, sign_copy
from ecert.trust.services import Services
from ecert.trust.store import TrustStore

Progress = Callable[[str], None]


def certify_copy(
    scan: Scan,
    record: CertificationRecord,
    *,
    signer: SigningKey,
    seal: SigningKey,
    trust: TrustStore | None = None,
    services: Services | None = None,
    profile: str | Profile | None = None,
    level: str = DEFAULT_LEVEL,
    signature_image: bytes | str | Path | None = None,
    seal_image: bytes | str | Path | None = None,
    seal_diameter_mm: float | None = None,
    max_output_mb: float = MAX_OUTPUT_MB,
    at: datetime | None = None,
    progress: Progress | None = None,
) -> CertifiedCopy:
    """Certify a scan: prepare, sign, seal; each step verified before the next begins.

    ``progress`` is told ``prepare``, ``sign`` and ``seal`` as each begins. Safe from many threads; blocks while
    keys and services work.

    Raises:
        EcertError: what a step refused; nothing is handed out then.
    """
    tell = progress or (lambda _: None)
    # 1. revision 0: the scan's own bytes, the record, its statement, two empty fields
    tell("prepare")
    draft = prepare_copy(
        scan,
        record,
        profile=profile,
        level=level,
        seal_diameter_mm=seal_diameter_mm,
        max_output_mb=max_output_mb,
        at=at,
    )
    # 2. the competent person signs; time-stamped from B-T up
    tell("sign")
    signed = sign_copy(
        draft, signer, trust=trust, services=services, image=signature_image, max_output_mb=max_output_mb, at=at
    )
    # 3. the body seals; validation data and archive time-stamp as the level asks
    tell("seal")
    return seal_copy(signed, seal, trust=trust, services=services, image=seal_image, max_output_mb=max_output_mb, at=at)
