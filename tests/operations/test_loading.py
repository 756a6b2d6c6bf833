"""What a fresh process loads for an operation: no command line, and for judging no network client."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import ecert.operations
from tests.kit import Desk

SEEN = "print(*sorted(sys.modules))"
JUDGE = (
    "from ecert.operations import Verifier; from ecert.verify.policies import get_policy; "
    "report = Verifier(get_policy('certified-copy', None)).verify(data); assert report.verdict == 'INDETERMINATE'"
)


def loaded(code: str, copy: Path) -> set[str]:
    code = f"import sys, pathlib, ecert.operations; data = pathlib.Path(sys.argv[1]).read_bytes(); {code}; {SEEN}"
    out = subprocess.run([sys.executable, "-c", code, str(copy)], capture_output=True, text=True, check=True)
    return set(out.stdout.split())


@pytest.fixture(scope="module")
def copy(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("loading") / "copy.pdf"
    desk.copy.write(path)
    return path


def test_the_door_is_honest_and_light(copy: Path) -> None:
    names = ecert.operations.__all__
    assert sorted(ecert.operations._HOMES) == sorted(names)
    assert set(names) <= set(dir(ecert.operations))
    assert all(getattr(ecert.operations, name) is not None for name in names)
    assert not hasattr(ecert.operations, "do_everything")
    heavy = {"cryptography", "asn1crypto", "lxml", "PIL", "pikepdf", "click", "rich"}
    assert not heavy & loaded("pass", copy)


@pytest.mark.parametrize(
    "code",
    [
        JUDGE,
        "ecert.operations.judge_row(data)",
        "ecert.operations.look_inside(data, 'a.pdf')",
        "ecert.operations.cut_back(data, 'a.pdf', 0)",
    ],
)
def test_what_reads_and_judges_loads_neither_command_line_nor_network(code: str, copy: Path) -> None:
    found = loaded(code, copy)
    assert "ecert.trust.evidence_folders" in found or "ecert.verify.copy" in found
    assert not {"click", "rich", "ecert.cli"} & found
    assert not {name for name in found if name.startswith("ecert.trust.client")}


def test_extending_loads_no_command_line(copy: Path) -> None:
    assert not {"click", "rich", "ecert.cli"} & loaded("ecert.operations.extend_file", copy)
