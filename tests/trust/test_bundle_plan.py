"""What goes into a new bundle: anchors narrowed to what was asked for, and the bundle it follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ecert.errors import UsageError
from ecert.model.times import read_clock
from ecert.trust.bundle import build_bundle
from ecert.trust.bundle_plan import Plan, bundle_facts, plan_manifest
from tests.kit import Desk

DAY = timedelta(days=1)


@pytest.fixture
def plan(desk: Desk, tmp_path: Path) -> Plan:
    """Return the plan of a first bundle, of a folder of certificates."""
    now = read_clock(desk.office.clock.now())
    desk.office.write_anchors(tmp_path / "anchors")
    origins = (tmp_path / "anchors",)
    return Plan("office", origins, frozenset(), (None, None), (), (), None, now + 30 * DAY, now + 365 * DAY)


def test_a_first_bundle(desk: Desk, plan: Plan, tmp_path: Path) -> None:
    now, key = read_clock(desk.office.clock.now()), desk.office.key("seal")
    manifest = plan_manifest(plan, (), now)
    assert (manifest.id, manifest.version) == ("office", 1)
    assert (manifest.issued, manifest.next_update) == (now, plan.next_update)
    assert {a.certificate for a in manifest.anchors} == {a.certificate for a in desk.office.trust.anchors}
    assert not any("/" in a.source for a in manifest.anchors)  # how folders are named here is nobody else's business
    data = build_bundle(manifest, key)
    facts = bundle_facts(tmp_path / "office.ecb", manifest, data, key.certificate)
    assert (facts["size"], facts["anchors"]) == (len(data), len(manifest.anchors))


def test_the_next_one_follows(desk: Desk, plan: Plan, tmp_path: Path) -> None:
    now, key = read_clock(desk.office.clock.now()), desk.office.key("seal")
    path = tmp_path / "office.ecb"
    path.write_bytes(build_bundle(plan_manifest(plan, (), now), key))
    following = replace(plan, id=None, origins=(path,), previous=path)
    manifest = plan_manifest(following, [key.certificate], now)
    assert (manifest.id, manifest.version) == ("office", 2)
    with pytest.raises(UsageError, match="other does not follow office"):
        plan_manifest(replace(following, id="other"), [key.certificate], now)


def test_anchors_are_narrowed_and_never_widened(desk: Desk, plan: Plan) -> None:
    now = read_clock(desk.office.clock.now())
    narrow = replace(plan, roles=frozenset({"timestamp"}), window=(now, now + 10 * DAY))
    for anchor in plan_manifest(narrow, (), now).anchors:
        assert anchor.roles == {"timestamp"}
        assert (anchor.valid_from, anchor.valid_until) == (now, now + 10 * DAY)
    with pytest.raises(UsageError, match="nothing is left"):
        plan_manifest(replace(plan, window=(now, now - DAY)), (), now)


def test_calls_that_are_refused(desk: Desk, plan: Plan) -> None:
    now = read_clock(desk.office.clock.now())
    for change, words in (
        ({"origins": ()}, "a bundle of nothing"),
        ({"id": None}, "the bundle has no name"),
        ({"origins": (), "lists": plan.origins}, "is not a trusted list"),
        ({"previous": plan.origins[0]}, "is not a trust bundle"),
    ):
        with pytest.raises(UsageError, match=words):
            plan_manifest(replace(plan, **change), (), now)
