"""Policy files: what is read, what is refused and with which words, what the report says of it."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from typing import Any

import pytest

import ecert
from ecert.errors import SettingsError, UsageError
from ecert.model.findings import CATALOGUE, SEVERITIES, Code, Severity
from ecert.report import decide
from ecert.verify.policies import CERTIFIED_COPY, SIGNATURES_ALONE, Policy, get_policy
from ecert.verify.policies.reader import MAX_POLICY_BYTES
from tests.kit import Desk
from tests.verify.policy_files import body, certifier, head, policy
from tests.verify.test_policies_registry import LITERALS

EVERYTHING = """
[require]
level = "B-LTA"
archive_timestamp = true
roles = ["signer", "seal"]
pdfa = true
profiles = ["vn-2025-11"]
[algorithms]
digests = ["sha256", "sha384"]
signatures = ["rsa-pss", "ecdsa"]
curves = ["secp256r1"]
rsa_bits = 3072
[ages]
seal_days = 5
copy_days = 365
revocation_days = 7
[severities]
archive-status-dated = "unknown"
date-differs = "error"
"""


def test_everything_stands_in_the_report(desk: Desk, tmp_path: Path) -> None:
    path = policy(tmp_path, EVERYTHING, top='revocation = "require"')
    report = ecert.verify_copy(desk.copy.to_bytes(), trust=desk.office.trust, policy=path)
    assert report.content["policy"] == {
        "id": "vn.example.portal",
        "version": "3",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "settings": {
            "stage": "certified",
            "revocation": "require",
            "require_trust": True,
            "based_on": "certified-copy",
            "require": {
                "level": "B-LTA",
                "archive_timestamp": True,
                "roles": ["signer", "seal"],
                "pdfa": True,
                "profiles": ["vn-2025-11"],
            },
            "algorithms": {
                "digests": ["sha256", "sha384"],
                "signatures": ["rsa-pss", "ecdsa"],
                "curves": ["secp256r1"],
                "rsa_bits": 3072,
            },
            "ages": {"seal_days": 5, "copy_days": 365, "revocation_days": 7},
            "severities": {"archive-status-dated": "unknown", "date-differs": "error"},
        },
    }
    again = ecert.verify_copy(
        desk.copy.to_bytes(), trust=desk.office.trust, policy=ecert.Policy.from_file(path), at=desk.office.clock.now()
    )
    assert again.content["policy"] == report.content["policy"]


def test_a_policy_that_demands_nothing_more_judges_as_its_base(desk: Desk, tmp_path: Path) -> None:
    data = desk.copy.to_bytes()
    options: dict[str, Any] = {"trust": desk.office.trust, "at": desk.office.clock.now()}
    for base in ("certified-copy", "signatures"):
        own = ecert.verify_copy(data, policy=policy(tmp_path, base=base), **options).to_dict()
        plain = ecert.verify_copy(data, policy=base, **options).to_dict()
        assert own.pop("policy")["settings"]["based_on"] == base
        assert "based_on" not in plain.pop("policy")["settings"]
        assert own == plain


def test_a_name_wins_over_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    policy(tmp_path).rename("signatures")
    assert get_policy("signatures", None) is SIGNATURES_ALONE
    assert get_policy(Path("signatures"), None).id == "vn.example.portal"
    assert get_policy("./signatures", None).id == "vn.example.portal"


@pytest.mark.parametrize("name", ["", "draft", "signed-copy", "certified", "no.toml", "a\0b"])
def test_names_and_paths_that_lead_nowhere(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        get_policy(name, None)
    assert caught.value.exit_status == 2
    assert caught.value.hint


def test_a_file_keeps_its_own_rule_of_revocation(tmp_path: Path) -> None:
    lax = policy(tmp_path, top='revocation = "if-present"')
    assert get_policy(lax, None).revocation == "if-present"
    assert get_policy(lax, "if-present").revocation == "if-present"
    with pytest.raises(UsageError, match=r"vn\.example\.portal says revocation = 'if-present'"):
        get_policy(lax, "require")
    with pytest.raises(UsageError, match="unknown revocation rule"):
        get_policy(lax, "whatever")
    assert get_policy("certified-copy", "if-present").revocation == "if-present"


def test_built_in_policies_have_a_digest_of_what_they_ask() -> None:
    digests = {
        get_policy(name, rule).describe()["sha256"]
        for name in ("certified-copy", "signatures")
        for rule in ("require", "if-present")
    }
    assert len(digests) == 4
    assert CERTIFIED_COPY.describe()["settings"] == {
        "stage": "certified",
        "revocation": "require",
        "require_trust": True,
    }


def test_a_policy_travels_to_another_process(desk: Desk, tmp_path: Path) -> None:
    own = Policy.from_file(head(tmp_path, body(desk.office) + certifier(desk.office)))
    assert pickle.loads(pickle.dumps(own)) == own


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("base", "text", "words"),
    [
        ("certified-copy", "[requires]\n", ['"requires" is not a key', "did you mean require?"]),
        ("certified-copy", "[require]\nlevels = 'B-T'", ["require.levels", "did you mean require.level"]),
        ("certified-copy", "[require]\nlevel = 'B-X'", ['require.level = "B-X"', "B-LTA"]),
        ("certified-copy", "[require]\nlevel = ['B-T']", ["require.level", "one of B-B"]),
        ("certified-copy", "[require]\narchive_timestamp = 1", ["true or false"]),
        ("certified-copy", "[require]\nsignatures = 2", ["require.signatures = 2", "one signer"]),
        ("certified-copy", "[require]\nfields = ['A']", ["require.fields", "one signer"]),
        ("certified-copy", "[require]\nroles = ['seal', 'signer']", ["require.roles", "in this order"]),
        ("certified-copy", "[require]\nroles = ['signer']", ["require.roles", "in this order"]),
        ("certified-copy", "[require]\npdfa = false", ["require.pdfa = false", "drops nothing"]),
        ("certified-copy", "[require]\nprofiles = ['vn-1999']", ['"vn-1999"', "vn-2025-11"]),
        ("certified-copy", "[require]\nprofiles = []", ["require.profiles", "a list of 1 to"]),
        ("certified-copy", "[require]\nprofiles = ['vn-2025-11', 'vn-2025-11']", ["repetitions"]),
        ("signatures", "[require]\nsignatures = 0", ["from 1 to 50"]),
        ("signatures", "[require]\nsignatures = true", ["a whole number"]),
        ("signatures", '[require]\nfields = ["a\\nb"]', ["one line"]),
        ("signatures", "[require]\nfields = 'A'", ["a list", 'fields = ["…"]']),
        ("signatures", "[require]\nfields = [1]", ["a text"]),
        ("signatures", "[require]\nroles = ['signer']", ['based_on = "certified-copy"']),
        ("signatures", "[require]\npdfa = true", ['require.pdfa goes with based_on = "certified-copy"']),
        ("signatures", "[require]\nprofiles = ['vn-2025-11']", ["require.profiles goes with"]),
        ("signatures", "[ages]\ncopy_days = 1", ["ages.copy_days goes with"]),
        ("signatures", "[ages]\nseal_days = 1", ["ages.seal_days goes with"]),
        ("certified-copy", "[ages]\nseal_days = 0", ["from 1 to"]),
        ("certified-copy", "[ages]\ncopy_days = 1.5", ["ages.copy_days = 1.5", "a whole number"]),
        ("certified-copy", "[ages]\ncopy_days = -1", ["a whole number"]),
        ("certified-copy", "[algorithms]\ndigests = ['sha-256']", ['"sha-256"', "sha256"]),
        ("certified-copy", "[algorithms]\nsignatures = ['rsa']", ['"rsa"', "rsa-pss"]),
        ("certified-copy", "[algorithms]\ncurves = ['p256']", ['"p256"', "secp256r1"]),
        ("certified-copy", "[algorithms]\nrsa_bits = 1024", ["from 2048"]),
        ("certified-copy", "algorithms = 'any'", ["algorithms", "write [algorithms]"]),
        ("certified-copy", "[severities]\nrevocation-mising = 'error'", ["severities.revocation-missing"]),
        ("certified-copy", "[severities]\ndate-differs = 'fatal'", ["severities.date-differs", "error"]),
        ("certified-copy", "[severities]\ndate-differs = ['error']", ["severities.date-differs"]),
        ("certified-copy", "severities = []", ["write [severities]"]),
        ("certified-copy", "a =", ["is not valid TOML", "line"]),
        ("certified-copy", "a = " + "9" * 5000, ["is not valid TOML"]),
        ("certified-copy", "a = " + "[" * 5000, ["is not valid TOML"]),
    ],
)
def test_refusals_name_file_key_value_and_way_out(tmp_path: Path, base: str, text: str, words: list[str]) -> None:
    path = policy(tmp_path, text, base=base)
    with pytest.raises(SettingsError) as caught:
        Policy.from_file(path)
    told = f"{caught.value.message} / {caught.value.hint}"
    for word in [*words, str(path)]:
        assert word in told
    assert caught.value.hint
    assert len(told) < 700 + len(str(path))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["id is missing"]),
        ("id = 'a'", ["version is missing"]),
        ("id = 'a'\nversion = '1'", ["based_on is missing", "certified-copy"]),
        ("id = 'a'\nversion = 1\nbased_on = 'signatures'", ["version = 1", "a text"]),
        ("id = 'a'\nversion = ' '\nbased_on = 'signatures'", ["one line"]),
        ("id = 'a'\nversion = '1'\nbased_on = 'draft'", ['based_on = "draft"', "signatures"]),
        ("id = 'a'\nversion = '1'\nbased_on = 'signatures'\nrevocation = 'no'", ["revocation", "if-present"]),
        *(
            (f"id = '{word}'", ["free: it is a built-in policy"])
            for word in ("certified-copy", "signatures", "draft", "signed-copy")
        ),
        *(
            (f"id = '{word}'", [f'id = "{word[:50]}', "a-z, 0-9"])
            for word in ("Cổng", "a b", "a..b", "-a", "a_b", "A", "a" * 101)
        ),
    ],
)
def test_heads_that_are_refused(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        Policy.from_file(path)
    for word in [*words, str(path)]:
        assert word in f"{caught.value.message} / {caught.value.hint}"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot read the policy .*no\.toml"):
        Policy.from_file(tmp_path / "no.toml")
    with pytest.raises(SettingsError, match="cannot read the policy"):
        Policy.from_file(tmp_path)
    with pytest.raises(SettingsError, match="cannot read the policy"):
        Policy.from_file("a\0b")
    path = policy(tmp_path)
    path.write_bytes(path.read_bytes() + b"\xff")
    with pytest.raises(SettingsError, match="UTF-8"):
        Policy.from_file(path)
    path.write_bytes(b"#" * (MAX_POLICY_BYTES + 1))
    with pytest.raises(SettingsError, match=f"more than {MAX_POLICY_BYTES} bytes"):
        Policy.from_file(path)


def test_a_registry_is_looked_for_beside_its_policy(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "office").mkdir()
    path = head(tmp_path / "office", body(desk.office))
    monkeypatch.chdir(tmp_path)
    assert Policy.from_file(path.relative_to(tmp_path)).registry is not None
    (tmp_path / "office" / "registry.toml").rename(tmp_path / "registry.toml")
    with pytest.raises(SettingsError, match=r"cannot read the registry .*office/registry\.toml"):
        Policy.from_file(path)


@pytest.mark.parametrize("literal", LITERALS)
def test_any_value_anywhere_is_read_or_refused(tmp_path: Path, literal: str) -> None:
    lines = policy(tmp_path, EVERYTHING, top='revocation = "require"').read_text().splitlines()
    refusals = []
    for i, line in enumerate(lines):
        changed = [*lines[:i], line.partition(" = ")[0] + f" = {literal}", *lines[i + 1 :]]
        path = tmp_path / "changed.toml"
        path.write_text("\n".join(changed), encoding="utf-8")
        try:
            Policy.from_file(path)
        except SettingsError as error:
            refusals.append(error)
    assert len(refusals) >= 8  # few literals fit anywhere
    assert all(error.hint and str(tmp_path) in error.message for error in refusals)


# ── severities ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("code", CATALOGUE)
def test_severities_are_raised_and_never_lowered(tmp_path: Path, code: Code) -> None:
    own = SEVERITIES.index(CATALOGUE[code].severity)
    for place, severity in enumerate(SEVERITIES):
        path = policy(tmp_path, f'[severities]\n{code} = "{severity}"')
        if place <= own:
            assert Policy.from_file(path).severities == {code: severity}
            continue
        with pytest.raises(SettingsError) as caught:
            Policy.from_file(path)
        assert caught.value.code == "severity-lowered"
        assert f"lower than its own severity, {SEVERITIES[own]}" in caught.value.message


def test_a_raised_finding_decides(desk: Desk, tmp_path: Path) -> None:
    """A warning that a policy makes an error stands first, fails its check, and makes the verdict."""
    at = desk.office.clock.now().replace(microsecond=0)
    at = at.replace(year=at.year + 1, day=1)  # its authority's status is dated by then
    data = desk.copy.to_bytes()
    options: dict[str, Any] = {"trust": desk.office.trust, "at": at}
    plain = ecert.verify_copy(data, **options)
    assert (plain.verdict, plain.codes("warning")) == ("VALID", ["archive-status-dated"])
    weighed: list[tuple[Severity, str, str]] = [
        ("warning", "VALID", "pass"),
        ("unknown", "INDETERMINATE", "unknown"),
        ("error", "INVALID", "fail"),
    ]
    for severity, verdict, status in weighed:
        path = policy(tmp_path, f'[severities]\narchive-status-dated = "{severity}"')
        report = ecert.verify_copy(data, policy=path, **options)
        assert (report.verdict, report.content["checks"]["time"]) == (verdict, status)
        assert report.codes(severity)[0] == "archive-status-dated"
        stands = next(f for f in report.content["findings"] if f["code"] == "archive-status-dated")
        assert stands["severity"] == severity
        assert decide(report.findings) == verdict
