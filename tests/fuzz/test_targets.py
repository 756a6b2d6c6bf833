"""The fuzz targets hold on the seeds at hand, on small changes of them, and under atheris."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ecert.testing import specimen_names
from ecert.testing.specimens import CLASSES
from fuzz.names import NAMES
from fuzz.seeds import write_seeds
from fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
#: libFuzzer's last words: how often it ran, what it covered
DONE = re.compile(r"^#(\d+)\s+DONE\s+cov: (\d+)", re.MULTILINE)
READ = re.compile(r"seed corpus: files: (\d+)")
#: mutated certificates may have such a serial number (RFC 5280, 4.1.2.2)
pytestmark = pytest.mark.filterwarnings("ignore:Parsed a serial number:DeprecationWarning")


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with seeds for every target: of copies one of every third class of specimens."""
    folder = tmp_path_factory.mktemp("seeds")
    write_seeds(folder, copies=[specimen_names([attack])[0] for attack in CLASSES[::3]])
    return folder


def test_every_target_has_a_name_and_seeds(seeds: Path) -> None:
    assert set(NAMES) == set(TARGETS)
    assert all(any((seeds / name).iterdir()) for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_targets_hold(seeds: Path, name: str) -> None:
    chance = random.Random(name)
    for path in sorted((seeds / name).iterdir()):
        seed = path.read_bytes()
        TARGETS[name](seed)
        for _ in range(3):
            changed = bytearray(seed)
            for _ in range(chance.randint(1, 4)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            TARGETS[name](bytes(changed))


@pytest.mark.parametrize("name", NAMES)
def test_atheris_finds_nothing(require: Callable[[str], None], seeds: Path, tmp_path: Path, name: str) -> None:
    require("atheris")
    options = ["-runs=2000", "-max_total_time=5", "-seed=1", f"-artifact_prefix={tmp_path}/"]
    done = subprocess.run(
        [sys.executable, "-m", "fuzz", name, *options, tmp_path, seeds / name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    read, told = READ.search(done.stderr), DONE.search(done.stderr)
    assert read is not None, done.stderr[-3000:]
    assert told is not None, done.stderr[-3000:]
    assert int(told[1]) > int(read[1]), "nothing was run but the seeds"
    assert int(told[2]) > 20, "nothing was instrumented"


def test_an_unknown_target_is_refused() -> None:
    done = subprocess.run([sys.executable, "-m", "fuzz", "nothing"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"trusted-list" in done.stderr
