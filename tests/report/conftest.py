"""Reports of many situations, made once per process."""

from __future__ import annotations

import dataclasses
import os
import re
import warnings
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.utils import CryptographyDeprecationWarning

import ecert
from ecert.model.evidence import Attempt, Evidence
from ecert.model.levels import LEVELS, Level
from ecert.report import Report
from ecert.testing import Office, make, specimen_names
from ecert.testing.specimens import CLASSES
from ecert.verify.policies import CERTIFIED_COPY
from tests.kit import Desk

Situation = Callable[[Desk], Report]

#: The copies at every level, by the field of the report that says so.
LEVEL_CASES: Final = tuple(f"level-{level}" for level in LEVELS)


def at_level(desk: Desk, level: Level) -> bytes:
    """Return a finished copy of a level."""
    key = f"report-{level}"
    if key not in desk.made:
        office = desk.office
        given: dict[str, Any] = {"trust": office.trust, "services": office.services}
        draft = ecert.prepare_copy(desk.scan, desk.record, level=level)
        signed = ecert.sign_copy(draft, office.key("signer"), **given)
        desk.made[key] = ecert.seal_copy(signed, office.key("seal"), **given).to_bytes()
    data: bytes = desk.made[key]
    return data


def _revoked(desk: Desk) -> Report:
    """Revoke the signer of a copy that proves no time, and ask later."""
    with Office.create(algorithm="p256") as office:
        other = Desk(office)
        data = at_level(other, "B-B")
        office.revoke("signer", at=office.clock.now() - timedelta(minutes=5))
        services = office.services
        evidence = ecert.gather_evidence(data, services, trust=office.trust)
        return ecert.verify_copy(data, trust=office.trust, evidence=evidence)


def _long_ago(desk: Desk) -> Report:
    """Let the signatures claim a year of three digits."""
    data = re.sub(rb"/M \(D:\d{4}", b"/M (D:0033", desk.copy.to_bytes())
    return ecert.verify_copy(data, trust=desk.office.trust)


def _asked(desk: Desk) -> Report:
    evidence = dataclasses.replace(Evidence(), attempts=(Attempt("http://ocsp.example/", "no answer in 10 s"),))
    return ecert.verify_copy(desk.copy.to_bytes(), trust=desk.office.trust, evidence=evidence)


def _by(level: Level) -> Situation:
    return lambda desk: ecert.verify_copy(at_level(desk, level), trust=desk.office.trust)


def _lenient(level: Level) -> Situation:
    """Judge a copy that brings no revocation data, without asking for any."""
    return lambda desk: ecert.verify_copy(at_level(desk, level), trust=desk.office.trust, revocation="if-present")


def _later(desk: Desk) -> Report:
    at = desk.office.clock.now() + timedelta(days=3650)
    return ecert.verify_copy(at_level(desk, "B-T"), trust=desk.office.trust, at=at)


def _forged(name: str) -> Situation:
    return lambda desk: make(name, office=desk.office).judge()


def _signatures(desk: Desk) -> Report:
    return ecert.verify_copy(at_level(desk, "B-LT"), trust=desk.office.trust, policy="signatures", cross_check=True)


def _weighed(desk: Desk) -> Report:
    """Ask by a policy of one's own."""
    policy = dataclasses.replace(
        CERTIFIED_COPY, id="của tôi / 1", based_on="certified-copy", severities={"archive-timestamp-due": "warning"}
    )
    return ecert.verify_copy(desk.copy.to_bytes(), trust=desk.office.trust, policy=policy)


SITUATIONS: Final[Mapping[str, Situation]] = {
    **{name: _by(level) for name, level in zip(LEVEL_CASES, LEVELS, strict=True)},
    "level-B-B-if-present": _lenient("B-B"),
    "level-B-T-if-present": _lenient("B-T"),
    "signatures": _signatures,
    "untrusted": lambda desk: ecert.verify_copy(desk.copy.to_bytes()),
    "draft": lambda desk: desk.draft.report,
    "signed": lambda desk: desk.signed.report,
    "unsigned": lambda desk: ecert.verify_copy(desk.draft.to_bytes()),
    "unsigned-pdf": lambda desk: ecert.verify_copy(desk.draft.to_bytes(), policy="signatures"),
    "no-seal": lambda desk: ecert.verify_copy(desk.signed.to_bytes(), trust=desk.office.trust),
    "no-pdf": lambda desk: ecert.verify_copy(b"\x89PNG"),
    "empty": lambda desk: ecert.verify_copy(b""),
    "cut": lambda desk: ecert.verify_copy(desk.copy.to_bytes()[:-100]),
    "asked": _asked,
    "revoked": _revoked,
    "later": _later,
    "long-ago": _long_ago,
    "weighed": _weighed,
    **{f"forged-{name}": _forged(name) for attack in CLASSES for name in specimen_names([attack])[:3]},
}


@pytest.fixture(scope="session")
def report_of(desk: Desk) -> Callable[[str], Report]:
    """Return the function that makes a situation's report."""
    return cache(lambda name: SITUATIONS[name](desk))


@pytest.fixture(scope="session")
def foreign_reports(corpora: Path) -> list[Report]:
    """Return reports, under the policy for any signed PDF, of others' signed and broken files."""
    files = [
        path
        for name in ("malformed", "pyhanko", "signed-then-changed")
        for path in sorted((corpora / name).rglob("*.pdf"))
        if path.stat().st_size < 500_000
    ]
    step = 1 if os.environ.get("CI") else max(1, len(files) // 40)
    with warnings.catch_warnings():  # certificates that RFC 5280 disallows are among them
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return [ecert.verify_copy(path, policy="signatures") for path in files[::step]]
