"""The catalogue of findings: well formed, used, and nothing outside it is used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import ecert
from ecert.model.findings import CATALOGUE, CHECKS, SEVERITIES, Code, Found

PACKAGE = Path(ecert.__file__).parent


def test_every_row_is_well_formed() -> None:
    assert set(get_args(Code)) == set(CATALOGUE)
    for code, kind in CATALOGUE.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
        assert kind.severity in SEVERITIES
        assert kind.check in CHECKS
    severities = [SEVERITIES.index(kind.severity) for kind in CATALOGUE.values()]
    assert severities == sorted(severities)


def test_every_code_is_used_and_every_used_code_is_in_the_catalogue() -> None:
    source = "".join(
        p.read_text(encoding="utf-8")
        for p in PACKAGE.rglob("*.py")
        if p.name != "findings.py" and "testing" not in p.parts
    )
    unused = [code for code in CATALOGUE if f'"{code}"' not in source]
    assert unused == []
    used = set(re.findall(r'case\.add\(\s*"([a-z0-9-]+)"', source))
    assert used
    assert used <= set(CATALOGUE)


def test_a_policy_may_raise_a_severity() -> None:
    assert Found("time-not-proven").severity == "warning"
    assert Found("time-not-proven", raised="error").severity == "error"
    assert Found("time-not-proven").check == "time"
