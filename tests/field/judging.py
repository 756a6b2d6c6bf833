"""How the signed files of the field are judged: ``README.md`` beside them states it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from ecert.report import Report
from ecert.trust.store import TrustStore
from ecert.verify.copy import verify_copy

AT = datetime(2026, 11, 28, 6, tzinfo=UTC)


def judged(field: Path, name: str, root: str, policy: str = "signatures", **options: Any) -> Report:
    pem = (field / "signed" / f"root-{root}.pem").read_bytes()
    trust = TrustStore.from_certificates([x509.load_pem_x509_certificate(pem)])
    data = (field / "signed" / f"{name}.pdf").read_bytes()
    return verify_copy(data, trust=trust, policy=policy, at=AT, revocation="if-present", **options)
