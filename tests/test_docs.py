"""The documentation runs: every Python and shell block of a page, in order, in a folder of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ecert.formats.record import CertificationRecord
from ecert.settings import Settings
from ecert.verify.policies import Policy
from ecert.verify.policies.registry_reader import read_registry
from tools.findings_page import page as findings_page
from tools.limits_page import page as limits_page
from tools.policy_page import page as policy_page
from tools.policy_page import schema as schema_of_policies

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md"])
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#]+?)(?:#[^)]*)?\)")


def blocks(page: Path, *languages: str) -> list[tuple[str, str]]:
    """Return (language, text) of a page's code blocks."""
    found = _BLOCK.findall(page.read_text(encoding="utf-8"))
    return [(language, text) for language, text in found if language in languages]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_code_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = blocks(page, "python", "sh")
    if page.name == "README.md":
        code = [(language, text) for language, text in code if "make " not in text]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    names: dict[str, object] = {"__name__": "__main__"}
    for language, text in code:
        if language == "python":
            exec(compile(text, str(page), "exec"), names)
            continue
        for line in text.replace("\\\n", " ").splitlines():
            if line.strip() and not line.startswith("#"):
                subprocess.run(line, shell=True, check=True, timeout=120)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


def test_every_toml_block_is_a_record_settings_a_registry_or_a_policy(tmp_path: Path) -> None:
    registry, policy = tmp_path / "registry.toml", tmp_path / "policy.toml"
    registry.write_text('id = "empty"\nversion = "1"', encoding="utf-8")
    for page in PAGES:
        for _, text in blocks(page, "toml"):
            if "[officer]" in text:
                CertificationRecord.from_dict(tomllib.loads(text))
            elif "[[body]]" in text:
                registry.write_text(text, encoding="utf-8")
                assert read_registry(registry).bodies
            elif "based_on" in text:
                policy.write_text(text, encoding="utf-8")
                Policy.from_file(policy)
            else:
                path = tmp_path / "ecert.toml"
                path.write_text(text, encoding="utf-8")
                Settings.from_file(path)


def test_the_findings_page_is_the_catalogue() -> None:
    page = ROOT / "docs" / "reference" / "findings.md"
    assert page.read_text(encoding="utf-8") == findings_page()


def test_the_limits_page_is_that_of_the_code() -> None:
    page = ROOT / "docs" / "reference" / "limits.md"
    assert page.read_text(encoding="utf-8") == limits_page(), "run python -m tools.limits_page"


def test_the_demands_of_policies_are_those_of_the_code() -> None:
    page = ROOT / "docs" / "reference" / "policy.md"
    assert page.read_text(encoding="utf-8") == policy_page(), "run python -m tools.policy_page"
    schema = ROOT / "ecert" / "report" / "report-1.schema.json"
    assert schema.read_text(encoding="utf-8") == schema_of_policies(), "run python -m tools.policy_page"


def test_every_how_to_stands_in_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    for page in PAGES:
        if page.parent.name not in ("docs", "adr") and page.name != "README.md":
            assert str(page.relative_to(ROOT / "docs")) in index, page
