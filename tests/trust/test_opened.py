"""A path of trust, opened: which kind it is, what it says, and what an office should see to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ecert.errors import SettingsError
from ecert.model.times import read_clock
from ecert.trust.anchors import TrustAnchor
from ecert.trust.bundle import build_bundle
from ecert.trust.manifest import Manifest
from ecert.trust.opened import SOON, open_source, warnings
from tests.kit import Desk

DAY = timedelta(days=1)


def bundle(desk: Desk, path: Path) -> Path:
    """Write a bundle of the office's anchors, due in 30 days, expired in 60; the seal's key signs it."""
    now, key = read_clock(desk.office.clock.now()), desk.office.key("seal")
    anchors = tuple(replace(a, source="office") for a in desk.office.trust.anchors)
    manifest = Manifest("office", 3, now, now + 30 * DAY, now + 60 * DAY, anchors, ())
    path.write_bytes(build_bundle(manifest, key))
    return path


def test_a_folder_is_certificates(desk: Desk, tmp_path: Path) -> None:
    desk.office.write_anchors(tmp_path)
    now = read_clock(desk.office.clock.now())
    source = open_source(tmp_path, (), now)
    facts = source.facts(now)
    assert (source.kind, facts["status"], facts["code"]) == ("certificates", "current", None)
    assert len(facts["anchors"]) == len(source.anchors)
    assert warnings(source, now) == []


def test_a_bundle_is_opened_whatever_its_time(desk: Desk, tmp_path: Path) -> None:
    now, signer = read_clock(desk.office.clock.now()), desk.office.key("seal").certificate
    source = open_source(bundle(desk, tmp_path / "office.ecb"), [signer], now)
    assert (source.kind, source.facts(now)["version"]) == ("bundle", 3)
    states = {days: source.facts(now + days * DAY) for days in (0, 40, 90)}
    assert [facts["status"] for facts in states.values()] == ["current", "stale", "refused"]
    assert states[90]["code"] == "bundle-expired"
    assert [w["code"] for w in warnings(source, now + 40 * DAY)] == ["trust-stale"]
    with pytest.raises(SettingsError):
        source.check(now + 90 * DAY)
    with pytest.raises(SettingsError):
        open_source(tmp_path / "office.ecb", (), now)


def test_anchors_that_end_are_told(desk: Desk, tmp_path: Path) -> None:
    desk.office.write_anchors(tmp_path)
    now = read_clock(desk.office.clock.now())
    source = open_source(tmp_path, (), now)
    first: TrustAnchor = source.anchors[0]
    for end, codes in ((SOON - DAY, ["anchor-expires-soon"]), (SOON + DAY, []), (-DAY, [])):
        ending = replace(source, anchors=(replace(first, valid_until=now + end),))
        assert [w["code"] for w in warnings(ending, now)] == codes
