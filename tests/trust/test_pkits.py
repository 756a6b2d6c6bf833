"""NIST's PKITS: every case has its stated result, or is listed with the reason why it does not apply."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ecert.model.evidence import Evidence
from ecert.trust.certificates import load
from ecert.trust.paths import CertificatePath, find_path
from ecert.trust.revocation import revocation_status
from ecert.trust.store import TrustStore
from tests.judges import tools

tools.require("corpora")

#: one certificate has a negative serial number, as PKITS wants it, which ``cryptography`` warns of
pytestmark = pytest.mark.filterwarnings("ignore:Parsed a serial number")
FOLDER = tools.corpora() / "pkits"
#: after what expires in 2011, before the rest does in 2030, while DSA with SHA-1 was relied on
MOMENT = datetime(2012, 1, 1, tzinfo=UTC)
CASES: list[dict[str, Any]] = json.loads((FOLDER / "pkits.json").read_bytes())
NOTICES: list[dict[str, Any]] = json.loads((FOLDER / "pkits-user-notice.json").read_bytes())
LISTED = tomllib.loads((Path(__file__).parent / "pkits.toml").read_text("utf-8"))
NOT_APPLICABLE = {row["name"]: row for row in LISTED["not-applicable"]}
#: what a case of this class must come to, where it says no more than that it is invalid
COMES_TO = {
    "PathValidationError": "no path",
    "RevokedError": "revoked",
    "InsufficientRevinfoError": "unknown",
    "StaleRevinfoError": "unknown",
}


def _read(folder: str, names: list[str]) -> tuple[bytes, ...]:
    return tuple((FOLDER / folder / name).read_bytes() for name in names)


def _judge(case: dict[str, Any]) -> str:
    """Return ``valid``, ``no path``, or the worst revocation status of a path's certificates."""
    leaf, root = _read("certs", [case["cert"], "TrustAnchorRootCertificate.crt"])
    evidence = Evidence.of(
        certificates=_read("certs", case.get("other_certs", [])),
        crls=_read("crls", ["TrustAnchorRootCRL.crl", *case.get("crls", [])]),
    )
    trust = TrustStore.from_certificates([load(root)])
    path = find_path(leaf, trust=trust, role="signer", others=evidence.certificates, moment=MOMENT)
    if not isinstance(path, CertificatePath):
        return "no path"
    found = {
        revocation_status(certificate, issuer, evidence, moment=MOMENT, known_by=MOMENT, anchor=root).status
        for certificate, issuer in path.issued()
    }
    for status in ("revoked", "on-hold"):
        if status in found:
            return status
    return "valid" if found == {"good"} else "unknown"


def _stated(case: dict[str, Any]) -> str:
    if "error" not in case:
        return "valid"
    if case["error"]["msg_regex"].endswith("due to a certificate hold"):
        return "on-hold"
    return COMES_TO[case["error"]["class"]]


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in CASES if c["name"] not in NOT_APPLICABLE])
def test_the_result_is_the_stated_one(case: dict[str, Any]):
    assert _judge(case) == _stated(case)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in CASES if c["name"] in NOT_APPLICABLE])
def test_what_does_not_apply_differs_for_a_reason(case: dict[str, Any]):
    row = NOT_APPLICABLE[case["name"]]
    valid = _stated(case) == "valid"
    assert row["stated"] == ("valid" if valid else "invalid")
    assert row["reason"]
    assert (_judge(case) == "valid") is not valid, "it gives the stated result: take it off the list"


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in NOTICES])
def test_user_notices_are_not_shown_and_change_nothing(case: dict[str, Any]):
    assert _judge(case) == "valid"


def test_every_row_has_a_case_and_every_case_is_counted():
    assert NOT_APPLICABLE.keys() <= {c["name"] for c in CASES}
    assert [row["name"] for row in LISTED["user-notice"]] == [c["name"] for c in NOTICES]
    assert all(row["reason"] for row in LISTED["user-notice"])
    assert (len(CASES), len(NOT_APPLICABLE), len(NOTICES)) == (246, 15, 10)
