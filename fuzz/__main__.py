"""Run one target under atheris: ``python -m fuzz TARGET [libFuzzer options]``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["ecert"]):
    from fuzz.targets import TARGETS

if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
    sys.exit(f"usage: python -m fuzz {'|'.join(TARGETS)} [libFuzzer options]")
target = TARGETS[sys.argv.pop(1)]
atheris.Setup(sys.argv, target)
atheris.Fuzz()
