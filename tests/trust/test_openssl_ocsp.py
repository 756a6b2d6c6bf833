"""OpenSSL's corpus of OCSP answers: real ones of October 2012, and each spoiled in one way.

They are signed with SHA-1, which was given up in August 2012. As they are, nothing is made of them. To
have the rest of them judged they are given out as proven to exist before: then each has its stated
result. The paths of those days rest on SHA-1 too, so the pairs are asked about one by one.
"""

from __future__ import annotations

import base64
import itertools
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ecert.model.evidence import Evidence
from ecert.trust.revocation import RevocationStatus, revocation_status
from ecert.trust.signed import certified_by
from tests.judges import tools

tools.require("corpora")

#: a root of those days has the serial number 0, which ``cryptography`` warns of
pytestmark = pytest.mark.filterwarnings("ignore:Parsed a serial number")
FOLDER = tools.corpora() / "openssl-ocsp"
CASES: list[dict[str, Any]] = json.loads((FOLDER / "openssl-ocsp.json").read_bytes())
WHILE_SHA1_WAS_RELIABLE = datetime(2012, 7, 31, tzinfo=UTC)
#: when all the real answers had been made and none was outdated; spoiled ones are given this chance too
ALL_CURRENT = datetime(2012, 10, 23, 11, tzinfo=UTC)


def _certificate(name: str) -> bytes:
    pem = (FOLDER / name).read_bytes()
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


def _pairs(case: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    """Return (certificate, issuer) for each certificate that an answer is given for, the leaf's first."""
    names = [case["cert"], *case.get("other_certs", []), case["root"]]
    chain = [_certificate(name) for name in names]
    pairs = list(itertools.pairwise(chain))
    assert all(certified_by(certificate, issuer) for certificate, issuer in pairs)
    return pairs[: len(case["ocsps"])]


def _statuses(
    case: dict[str, Any], moment: datetime, proven: datetime | None = WHILE_SHA1_WAS_RELIABLE
) -> list[RevocationStatus]:
    answers = tuple(base64.b64decode((FOLDER / name).read_bytes()) for name in case["ocsps"])
    return [
        revocation_status(
            certificate,
            issuer,
            Evidence(ocsps=answers),
            moment=moment,
            known_by=moment,
            proven=None if proven is None else lambda _: proven,
        )
        for certificate, issuer in _pairs(case)
    ]


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in CASES])
def test_the_result_is_the_stated_one(case: dict[str, Any]):
    found = {s.status for s in _statuses(case, datetime.fromisoformat(case["moment"]))}
    if "error" not in case:
        assert found == {"good"}
    elif case["error"]["class"] == "StaleRevinfoError":
        assert found == {"stale"}
    else:
        assert "missing" in found


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in CASES if "invalid" in c["name"]])
def test_what_is_spoiled_does_not_count_while_the_real_one_does(case: dict[str, Any]):
    real = {**case, "ocsps": [name.rpartition("_")[2] for name in case["ocsps"]]}
    moment = datetime(2012, 10, 12, tzinfo=UTC) if "direct_" in case["name"] else ALL_CURRENT
    spoiled, whole = _statuses(case, moment), _statuses(real, moment)
    assert [s.status for s in whole] == ["good"] * len(whole)
    assert [s.status for s in spoiled] == ["good" if name in real["ocsps"] else "missing" for name in case["ocsps"]]


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in CASES])
def test_without_such_a_proof_sha_1_does_not_count(case: dict[str, Any]):
    found = _statuses(case, datetime.fromisoformat(case["moment"]), proven=None)
    assert {s.status for s in found} == {"missing"}


def test_every_case_is_judged():
    assert len(CASES) == 29
    assert sum("error" not in case for case in CASES) == 4
