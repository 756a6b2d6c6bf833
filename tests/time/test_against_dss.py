"""EU DSS, told the same time and given the same anchors, says the same; where not, the reason is stated."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests import judges
from tests.judges import require
from tests.time.journeys import AGREES, JOURNEYS, Instead

COMPARED = [name for name, (_, expected) in JOURNEYS.items() if expected.dss is not None]


@pytest.mark.parametrize("name", COMPARED)
def test_dss_says_the_same_or_the_difference_is_stated(name: str, tmp_path: Path) -> None:
    require("dss")
    make, expected = JOURNEYS[name]
    journey = make()
    file = tmp_path / "copy.pdf"
    file.write_bytes(journey.data)
    anchors = [tmp_path / f"anchor-{i}.pem" for i in range(len(journey.anchors))]
    for path, certificate in zip(anchors, journey.anchors, strict=True):
        path.write_bytes(certificate.public_bytes(Encoding.PEM))
    said = judges.dss(file, anchors, at=journey.at)
    found = {s.field: (s.indication, s.sub_indication) for s in said.signatures}
    stated = expected.dss
    if isinstance(stated, Instead):
        assert (stated.signer, stated.seal) != (expected.signer, expected.seal)
        assert (found["Signer"], found["Seal"]) == (stated.signer, stated.seal), said.signatures
    else:
        assert stated == AGREES
        assert (found["Signer"], found["Seal"]) == (expected.signer, expected.seal), said
