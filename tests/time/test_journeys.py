"""Every journey has the stated outcome; nothing but time and evidence decides it."""

from __future__ import annotations

import pytest

from tests.time.journeys import JOURNEYS


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_journey_ends_as_stated(name: str) -> None:
    make, expected = JOURNEYS[name]
    report = make().judge(**expected.options)
    found = {s["field"]: (s["indication"], s["sub_indication"]) for s in report.content["signatures"]}
    told = (report.verdict, found["Signer"], found["Seal"])
    assert told == (expected.verdict, expected.signer, expected.seal), report.codes()
    assert set(expected.codes) <= set(report.codes()), report.codes()
