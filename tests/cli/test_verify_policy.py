"""verify --policy FILE: the file's demands decide, its faults are usage errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Desk, Run
from tests.verify.policy_files import body, certifier, head, policy


def test_a_policy_file_decides(run: Run, desk: Desk, copies: Path, tmp_path: Path) -> None:
    path = policy(tmp_path, '[require]\nlevel = "B-LT"')
    trust = ("--trust", desk / "anchors", "--format", "json")
    good, plain = copies / "good.pdf", copies / "plain.pdf"
    outcome = run("verify", good, plain, *trust, "--policy", path)
    assert outcome.status == 1
    assert [r["verdict"] for r in outcome.lines] == ["VALID", "INVALID"]
    assert outcome.lines[0]["policy"]["id"] == "vn.example.portal"


def test_a_registry_answers_for_competence(run: Run, desk: Desk, copies: Path, tmp_path: Path) -> None:
    office = desk.office
    path = head(tmp_path, body(office) + certifier(office))
    arguments = ("verify", copies / "good.pdf", "--trust", desk / "anchors", "--policy", path)
    assert run(*arguments, "--format", "json").lines[0]["checks"]["competence"] == "pass"
    head(tmp_path, body(office) + certifier(office, span="to = 2025-12-31"))
    outcome = run(*arguments, lang="vi")
    assert outcome.status == 1
    assert "không có thẩm quyền chứng thực" in outcome.out


def test_the_settings_may_name_a_policy_beside_them(
    run: Run, desk: Desk, copies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(tmp_path, '[require]\nlevel = "B-LTA"', top='revocation = "if-present"')
    config = tmp_path / "ecert.toml"
    config.write_text(f'[trust]\npaths = ["{desk / "anchors"}"]\n[verify]\npolicy = "policy.toml"\n')
    arguments = ("verify", copies / "plain.pdf", "--config", config, "--format", "json")
    outcome = run(*arguments)
    assert outcome.status == 1
    (report,) = outcome.lines
    assert report["policy"]["settings"]["revocation"] == "if-present"
    assert run(*arguments, "--policy", "signatures", "--revocation", "if-present").status == 0
    monkeypatch.setenv("ECERT_VERIFY__POLICY", str(tmp_path / "policy.toml"))
    (report,) = run("verify", copies / "plain.pdf", "--format", "json").lines
    assert report["policy"]["id"] == "vn.example.portal"
    monkeypatch.setenv("ECERT_VERIFY__POLICY", "policy.toml")
    refused = run("verify", copies / "plain.pdf")
    assert refused.status == 2
    assert "absolute" in refused.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--policy", "no.toml"), ["cannot read the policy file no.toml: no such file", "the path"]),
        (("--policy", "office/none"), ["cannot read the policy file office/none: no such file"]),
        (("--policy", "none"), ["unknown policy 'none'", "the path of a policy file"]),
        (("--policy", "{file}"), ["severities.no-anchors", "lower", "raises severities"]),
        (
            ("--policy", "{good}", "--revocation", "if-present"),
            ["vn.example.portal", "leave the rule to the policy file"],
        ),
    ],
)
def test_what_is_refused_before_anything_is_judged(
    run: Run, copies: Path, tmp_path: Path, arguments: tuple[str, ...], words: list[str]
) -> None:
    bad = policy(tmp_path, '[severities]\nno-anchors = "info"').rename(tmp_path / "bad.toml")
    good = policy(tmp_path)
    given = [a.format(file=bad, good=good) for a in arguments]
    outcome = run("verify", copies / "good.pdf", *given)
    assert outcome.status == 2
    assert outcome.out == ""
    assert "hint: " in outcome.err
    for word in words:
        assert word in outcome.err
