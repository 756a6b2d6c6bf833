"""The fuzz targets run, and hold on the seeds at hand and on small changes of them."""

from __future__ import annotations

import random

import pytest

from ecert.formats.record import write_record_xml
from ecert.testing import sample_images
from fuzz.targets import TARGETS
from tests.kit import Desk


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_targets_hold(desk: Desk, name: str) -> None:
    seeds = {
        "verify": [desk.copy.to_bytes(), desk.draft.to_bytes()],
        "record": [write_record_xml(desk.copy.record)],
        "scan": list(sample_images().values()),
    }[name]
    chance = random.Random(name)
    for seed in seeds:
        TARGETS[name](seed)
        for _ in range(20):
            changed = bytearray(seed)
            for _ in range(chance.randint(1, 4)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            TARGETS[name](bytes(changed))
