"""trust: show, build, check; bundles and lists in settings and flags."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import ecert.trust
from ecert.cli.trust_text import REFUSALS
from ecert.model.times import read_clock
from ecert.testing import person_name
from ecert.testing.pki import der, pem
from ecert.trust.anchors import TrustAnchor
from ecert.trust.bundle import build_bundle, open_bundle
from ecert.trust.manifest import Manifest
from tests.cli.conftest import Desk, Outcome, Run
from tests.trust.lists import DAY, ListText, State, service, sign_list

NOW = read_clock(None)


@pytest.fixture
def publisher(desk: Desk, tmp_path: Path) -> Path:
    path = tmp_path / "publisher.pem"
    path.write_bytes(pem(desk.office.seal.certificate))
    return path


@pytest.fixture
def operator(desk: Desk, tmp_path: Path) -> Path:
    path = tmp_path / "operator.pem"
    path.write_bytes(pem(desk.office.signer.certificate))
    return path


def built(run: Run, desk: Desk, output: Path, *more: object) -> Outcome:
    """Build a bundle with the seal's key."""
    return run(
        "trust",
        "build",
        "-o",
        output,
        "--key",
        f"file:{desk / 'keys/seal.pem'}",
        "--pin-source",
        f"file:{desk / 'keys/seal-pin.txt'}",
        *more,
    )


@pytest.fixture
def bundle(run: Run, desk: Desk, tmp_path: Path) -> Path:
    path = tmp_path / "office.ecb"
    assert built(run, desk, path, "--id", "xa-mau", "--from", desk / "anchors").status == 0
    return path


def write_manifest(desk: Desk, path: Path, **changes: Any) -> Path:
    """Write a bundle that the command would not build today, such as an expired one."""
    anchors = tuple(TrustAnchor(der(c), frozenset({"signer", "seal", "timestamp"})) for c in desk.office.anchors)
    good = Manifest("xa-mau", 3, NOW - 9 * DAY, NOW + 9 * DAY, NOW + 99 * DAY, anchors)
    path.write_bytes(build_bundle(replace(good, **changes), desk.office.key("seal")))
    return path


def write_list(desk: Desk, path: Path, **changes: Any) -> Path:
    """Write a trusted list with the office's root, signed by its signer."""
    state = State(certificates=[desk.office.root.certificate])
    text = replace(ListText([service(state)]), **changes)
    path.write_bytes(sign_list(text.xml(), desk.office.signer))
    return path


# ── build ────────────────────────────────────────────────────────────────────────────────────────


def test_build_says_what_receivers_must_name(run: Run, desk: Desk, tmp_path: Path):
    path = tmp_path / "office.ecb"
    outcome = built(run, desk, path, "--id", "xa-mau", "--from", desk / "anchors")
    assert outcome.status == 0
    digest = hashlib.sha256(der(desk.office.seal.certificate)).hexdigest().upper()
    pairs = " ".join(digest[i : i + 2] for i in range(0, 64, 2))
    assert pairs in " ".join(outcome.out.split())
    assert "Trust bundle xa-mau, version 1" in outcome.out
    found = open_bundle(path.read_bytes(), [digest], "it")
    assert [a.source for a in found.anchors] == ["root.pem"]
    assert found.next_update - found.issued == 30 * DAY
    assert found.expires - found.issued == 365 * DAY


def test_the_next_version_follows_the_previous(run: Run, desk: Desk, bundle: Path, tmp_path: Path):
    following = ("--previous", bundle, "--from", desk / "anchors", "--format", "json")
    (facts,) = built(run, desk, tmp_path / "2.ecb", *following).lines
    assert (facts["id"], facts["version"]) == ("xa-mau", 2)
    refused = built(run, desk, tmp_path / "3.ecb", *following, "--id", "other")
    assert (refused.status, "does not follow xa-mau" in refused.err) == (2, True)
    other = tmp_path / "foreign.ecb"
    manifest = open_bundle(bundle.read_bytes(), [desk.office.seal.certificate], "it")
    other.write_bytes(build_bundle(manifest, desk.office.key("signer")))
    strange = ("--previous", other, "--from", desk / "anchors")
    refused = built(run, desk, tmp_path / "3.ecb", *strange)
    assert (refused.status, "not among the signers" in refused.err) == (2, True)
    signer = hashlib.sha256(der(desk.office.signer.certificate)).hexdigest()
    assert built(run, desk, tmp_path / "3.ecb", *strange, "--signer", signer).status == 0


def test_an_expired_bundle_can_still_be_followed(run: Run, desk: Desk, tmp_path: Path):
    old = write_manifest(desk, tmp_path / "old.ecb", next_update=NOW - 8 * DAY, expires=NOW - 7 * DAY)
    new = tmp_path / "new.ecb"
    assert built(run, desk, new, "--previous", old, "--from", desk / "anchors").status == 0
    refused = built(run, desk, tmp_path / "x.ecb", "--id", "x", "--from", old)
    assert (refused.status, "has expired" in refused.err) == (2, True)


def test_lists_go_in_with_their_number_and_never_an_older_one(run: Run, desk: Desk, operator: Path, tmp_path: Path):
    due = NOW + 5 * DAY
    listed = write_list(desk, tmp_path / "list.xml", next_update=f"<dateTime>{due:%Y-%m-%dT%H:%M:%SZ}</dateTime>")
    take = ("--list", listed, "--list-signer", operator, "--format", "json")
    first, second = tmp_path / "1.ecb", tmp_path / "2.ecb"
    (facts,) = built(run, desk, first, "--id", "xa-mau", *take).lines
    found = open_bundle(first.read_bytes(), [desk.office.seal.certificate], "it")
    assert (facts["anchors"], [s.sequence for s in found.sources]) == (1, [7])
    assert found.next_update == due  # not later than the list's own
    assert built(run, desk, second, "--previous", first, "--from", desk / "anchors").status == 0
    write_list(desk, listed, sequence="6")
    refused = built(run, desk, tmp_path / "3.ecb", "--previous", second, *take)
    assert (refused.status, "below 7" in refused.err) == (2, True)
    write_list(desk, listed, sequence="8")
    assert built(run, desk, tmp_path / "3.ecb", "--previous", second, *take).status == 0
    unnamed = built(run, desk, tmp_path / "4.ecb", "--id", "x", "--list", listed)
    assert (unnamed.status, "--list-signer" in unnamed.err) == (2, True)


def test_roles_and_windows_only_narrow(run: Run, desk: Desk, bundle: Path, tmp_path: Path):
    start, end = NOW - 9 * DAY, NOW + 9 * DAY
    window = ("--valid-from", start.isoformat(), "--valid-until", end.isoformat())
    first, second = tmp_path / "1.ecb", tmp_path / "2.ecb"
    from_folder = ("--id", "x", "--from", desk / "anchors", "--role", "signer", "--role", "seal")
    assert built(run, desk, first, *from_folder, *window).status == 0
    wider = ("--valid-from", (start - DAY).isoformat(), "--valid-until", (end - DAY).isoformat())
    again = ("--id", "x", "--from", first, "--role", "seal", *wider)
    assert built(run, desk, second, *again).status == 0
    (anchor,) = open_bundle(second.read_bytes(), [desk.office.seal.certificate], "it").anchors
    assert (anchor.roles, anchor.valid_from, anchor.valid_until) == (frozenset({"seal"}), start, end - DAY)
    nothing = built(run, desk, tmp_path / "3.ecb", "--id", "x", "--from", first, "--role", "timestamp")
    assert (nothing.status, "nothing is left" in nothing.err) == (2, True)
    empty = ("--valid-from", end.isoformat(), "--valid-until", start.isoformat())
    assert built(run, desk, tmp_path / "3.ecb", "--id", "x", "--from", bundle, *empty).status == 2


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        (("--id", "x"), 2, "a bundle of nothing"),
        (("--from", "{anchors}"), 2, "--id NAME"),
        (("--id", "Xã Mẫu", "--from", "{anchors}"), 2, "its id"),
        (("--id", "x", "--from", "{anchors}", "--expires", "soon"), 2, "--expires 'soon'"),
        (("--id", "x", "--from", "{anchors}", "--expires", "0d"), 2, "--expires '0d'"),
        (("--id", "x", "--from", "{anchors}", "--valid-from", "2026-10-01"), 2, "with a zone"),
        (("--id", "x", "--from", "{anchors}", "--expires", "3650d"), 2, "let the bundle expire by"),
        (("--id", "x", "--from", "{anchors}", "--expires", "2020-01-01T00:00:00Z"), 2, "in order"),
        (("--id", "x", "--from", "{anchors}/no.pem"), 2, "cannot read"),
        (
            ("--id", "x", "--list", "{anchors}/root.pem", "--list-signer", "{anchors}/root.pem"),
            2,
            "is not a trusted list",
        ),
        (("--previous", "{anchors}/root.pem", "--from", "{anchors}"), 2, "is not a trust bundle"),
        (("--id", "x", "--from", "{anchors}", "--pin-source", "prompt"), 5, "no terminal"),
    ],
)
def test_build_refuses_by_name_and_writes_nothing(
    run: Run, desk: Desk, tmp_path: Path, more: tuple[str, ...], status: int, words: str
):
    folder = str(desk / "anchors")
    path = tmp_path / "x.ecb"
    outcome = built(run, desk, path, *(word.format(anchors=folder) for word in more))
    assert outcome.status == status
    assert words in outcome.err
    assert not path.exists()


def test_nothing_is_overwritten_unasked(run: Run, desk: Desk, bundle: Path):
    before = bundle.read_bytes()
    again = ("--id", "other", "--from", desk / "anchors")
    assert built(run, desk, bundle, *again).status == 4
    assert built(run, desk, bundle, "--previous", bundle, *again[2:], "--force").status == 4
    assert bundle.read_bytes() == before
    assert built(run, desk, bundle, *again, "--force").status == 0
    assert bundle.read_bytes() != before


# ── show and check ───────────────────────────────────────────────────────────────────────────────


def test_show_can_be_read_aloud(run: Run, desk: Desk, bundle: Path, publisher: Path):
    digest = hashlib.sha256(der(desk.office.root.certificate)).hexdigest().upper()
    first_line = " ".join(digest[i : i + 2] for i in range(0, 32, 2))
    expected = {
        "vi": ["Gói tin cậy xa-mau, bản 1", "Tin cậy cho: người ký, con dấu, dấu thời gian", "Tình trạng: dùng được"],
        "en": ["Trust bundle xa-mau, version 1", "Trusted for: signers, seals, time-stamps", "Status: usable"],
    }
    for lang, sentences in expected.items():
        outcome = run("trust", "show", bundle, "--signer", publisher, lang=lang)
        assert outcome.status == 0
        for sentence in [*sentences, first_line, "+07:00"]:
            assert sentence in outcome.out


def test_show_as_json_says_everything(
    run: Run, desk: Desk, bundle: Path, operator: Path, publisher: Path, tmp_path: Path
):
    listed = write_list(desk, tmp_path / "list.xml")
    paths = (desk / "anchors", bundle, listed)
    signers = ("--signer", publisher, "--signer", operator)
    one, two, three = run("trust", "show", *paths, *signers, "--format", "json").lines
    assert [f["kind"] for f in (one, two, three)] == ["certificates", "bundle", "list"]
    assert {f["status"] for f in (one, two, three)} == {"current"}
    assert one["sha256"] == two["sha256"] == desk.office.trust.sha256
    assert (two["id"], two["version"], three["sequence"]) == ("xa-mau", 1, 7)
    (anchor,) = three["anchors"]
    assert anchor["roles"] == ["signer", "seal"]
    assert anchor["valid_from"] == "2019-01-01T00:00:00Z"
    assert anchor["valid_until"] is None
    assert anchor["source"] == "VN 7: Sample TSP, Sample service"
    text = run("trust", "show", *paths, *signers).out
    assert "Trusted list VN" in text
    assert "Trusted from 01/01/2019" in text


def test_show_and_check_what_is_expired_stale_or_from_the_future(
    run: Run, desk: Desk, publisher: Path, operator: Path, tmp_path: Path
):
    path, past = tmp_path / "x.ecb", NOW - 8 * DAY
    cases: list[tuple[dict[str, Any], str, str | None, int]] = [
        ({}, "current", None, 0),
        ({"next_update": past}, "stale", None, 0),
        ({"next_update": past, "expires": NOW - DAY}, "refused", "bundle-expired", 1),
        ({"issued": NOW + DAY}, "refused", "bundle-from-the-future", 1),
    ]
    for changes, status, code, exit_status in cases:
        write_manifest(desk, path, **changes)
        arguments = (path, "--signer", publisher)
        (facts,) = run("trust", "show", *arguments, "--format", "json").lines
        assert (facts["status"], facts["code"]) == (status, code)
        outcome = run("trust", "check", *arguments, "--format", "json")
        (checked,) = outcome.lines
        assert outcome.status == exit_status
        assert (checked["error"] or {"code": None})["code"] == code
        assert [w["code"] for w in checked["warnings"]] == (["trust-stale"] if status == "stale" else [])
        text = run("trust", "check", *arguments)
        assert text.status == exit_status
        assert text.out.startswith("NOT USABLE" if code else "USABLE")
    then = f"{NOW - 3 * DAY:%Y-%m-%dT%H:%M:%SZ}"
    write_manifest(desk, path, next_update=NOW - 2 * DAY, expires=NOW - DAY)
    (facts,) = run("trust", "show", *arguments, "--at", then, "--format", "json").lines
    assert (facts["status"], facts["code"], facts["at"]) == ("current", None, then)
    assert "As of " in run("trust", "show", *arguments, "--at", then).out
    assert run("trust", "show", *arguments, "--at", "yesterday").status == 2
    closed = write_list(desk, tmp_path / "list.xml", next_update="")
    assert "list is closed" in run("trust", "show", closed, "--signer", operator).out
    assert run("trust", "check", closed, "--signer", operator).status == 1


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_check_tells_the_altered_from_the_foreign(run: Run, bundle: Path, publisher: Path, operator: Path, lang: str):
    good = ("--signer", publisher)
    assert run("trust", "check", bundle, *good, lang=lang).status == 0
    foreign = run("trust", "check", bundle, "--signer", operator, lang=lang)
    assert foreign.status == 1
    data = bytearray(bundle.read_bytes())
    data[data.index(b'"xa-mau"') + 1] ^= 1
    bundle.write_bytes(data)
    altered = run("trust", "check", bundle, *good, lang=lang)
    assert altered.status == 1
    assert len({foreign.out, altered.out}) == 2
    words = {"vi": "đã bị sửa đổi", "en": "was altered"}[lang]
    assert words in altered.out
    assert words not in foreign.out
    assert altered.err == ""


def test_check_warns_of_what_ends_soon_and_of_weak_keys(run: Run, desk: Desk, tmp_path: Path):
    office = desk.office
    name = person_name("Trần Thị Thử")
    folder = tmp_path / "leaves"
    folder.mkdir()
    certificates: dict[str, dict[str, Any]] = {
        "soon": {"not_after": NOW + 100 * DAY},
        "over": {"not_after": NOW - DAY},
        "weak": {"algorithm": "rsa1024"},
        "fine": {"not_after": NOW + 400 * DAY},
    }
    found = {}
    for word, how in certificates.items():
        identity = office.issue(name, **{"algorithm": "p256", **how})
        (folder / f"{word}.pem").write_bytes(pem(identity.certificate))
        outcome = run("trust", "check", folder / f"{word}.pem", "--format", "json")
        assert outcome.status == 0
        (checked,) = outcome.lines
        found[word] = [w["code"] for w in checked["warnings"]]
    assert found == {"soon": ["anchor-expires-soon"], "over": ["anchor-expired"], "weak": ["anchor-weak"], "fine": []}
    text = run("trust", "check", folder / "soon.pem", lang="vi").out
    assert "«Trần Thị Thử» chỉ còn được tin cậy đến" in text


def test_a_window_that_closed_is_history_not_a_warning(run: Run, desk: Desk, publisher: Path, tmp_path: Path):
    anchors = tuple(
        TrustAnchor(der(c), frozenset({"seal"}), valid_until=end)
        for c in desk.office.anchors
        for end in (NOW - DAY, NOW + DAY)
    )
    path = write_manifest(desk, tmp_path / "x.ecb", anchors=anchors)
    (checked,) = run("trust", "check", path, "--signer", publisher, "--format", "json").lines
    ends = [datetime.fromisoformat(w["time"]) for w in checked["warnings"]]
    assert ends == [NOW + DAY]


def test_bad_calls(run: Run, bundle: Path, tmp_path: Path):
    nothing = run("trust", "show")
    assert (nothing.status, "nothing is trusted" in nothing.err) == (2, True)
    assert run("trust", "check").status == 2
    unnamed = run("trust", "check", bundle, "--format", "json")
    assert unnamed.status == 2
    assert unnamed.lines[0]["error"]["code"] == "bundle-without-signer"
    assert run("trust", "check", tmp_path / "no.pem", bundle, "--signer", "0" * 64).status == 2
    assert run("trust", "show", bundle, "--signer", tmp_path / "no.pem").status == 2
    assert run("trust", lang=None).status == 2


# ── settings and flags of the other commands ─────────────────────────────────────────────────────


def test_a_bundle_and_a_list_in_the_settings(
    run: Run, desk: Desk, copies: Path, bundle: Path, publisher: Path, operator: Path, tmp_path: Path
):
    write_list(desk, tmp_path / "list.xml")
    config = tmp_path / "ecert.toml"
    digest = hashlib.sha256(der(desk.office.seal.certificate)).hexdigest()
    judged = ("verify", copies / "good.pdf", "--config", config, "--format", "json")
    for signer in ("publisher.pem", digest):
        config.write_text(f'[trust]\npaths = ["office.ecb"]\nbundle_signers = ["{signer}"]\n')
        (report,) = run(*judged).lines
        assert (report["verdict"], report["trust"]["id"]) == ("VALID", "xa-mau")
    listed = '[[trust.list]]\npath = "list.xml"\nsigners = ["operator.pem"]\nminimum_sequence = '
    config.write_text(f"{config.read_text()}{listed}7\n")
    (report,) = run(*judged).lines
    assert (report["verdict"], report["trust"]["id"]) == ("VALID", None)
    shown = run("trust", "show", "--config", config, "--format", "json").lines
    assert [f["kind"] for f in shown] == ["bundle", "list"]
    assert run("trust", "check", "--config", config).status == 0
    config.write_text(config.read_text().replace("= 7", "= 8"))
    refused = run(*judged)
    assert (refused.status, "below 8" in refused.err) == (2, True)
    checked = run("trust", "check", "--config", config)
    assert (checked.status, "older than one" in checked.out) == (1, True)
    config.write_text('[trust]\npaths = ["office.ecb"]\n')
    refused = run(*judged)
    assert (refused.status, "trust.bundle_signers" in refused.err) == (2, True)


def test_a_bundle_as_a_flag(run: Run, copies: Path, bundle: Path, publisher: Path, operator: Path, tmp_path: Path):
    judged = ("verify", copies / "good.pdf", "--trust", bundle)
    assert run(*judged, "--trust-signer", publisher).status == 0
    assert run(*judged, "--trust-signer", operator, "--trust-signer", publisher).status == 0
    for refused in (judged, (*judged, "--trust-signer", operator)):
        assert run(*refused).status == 2
    config = tmp_path / "ecert.toml"
    config.write_text('[trust]\nbundle_signers = ["publisher.pem"]\n')
    assert run(*judged, "--config", config).status == 0
    alone = run("verify", copies / "good.pdf", "--trust-signer", publisher)
    assert (alone.status, "--trust" in alone.err) == (2, True)


def test_a_bundle_when_certifying(run: Run, desk: Desk, bundle: Path, publisher: Path, tmp_path: Path):
    act = ("certify", *desk.scans, "--record", desk / "record.json", "--config", desk / "ecert.toml")
    output = tmp_path / "copy.pdf"
    trusting = ("--trust", bundle, "--trust-signer", publisher)
    assert run(*act, "-o", output, *trusting, "--quiet").status == 0
    expired = write_manifest(desk, tmp_path / "old.ecb", next_update=NOW - timedelta(days=2), expires=NOW - DAY)
    trusting = ("--trust", expired, "--trust-signer", publisher)
    refused = run(*act, "-o", tmp_path / "other.pdf", *trusting)
    assert (refused.status, "has expired" in refused.err) == (2, True)
    assert not (tmp_path / "other.pdf").exists()


def test_json_is_one_line_for_each_input(run: Run, desk: Desk, bundle: Path, publisher: Path):
    outcome = run("trust", "check", bundle, desk / "anchors", "--signer", publisher, "--format", "json")
    assert [set(json.loads(line)) for line in outcome.out.splitlines()] == [{"path", "error", "warnings"}] * 2


def test_every_refusal_has_a_sentence():
    """Codes of bundles and lists, as they stand in the code, are those that ``check`` has words for."""
    source = "".join(p.read_text("utf-8") for p in Path(ecert.trust.__file__).parent.rglob("*.py"))
    codes = set(re.findall(r'code="((?:bundle|list)-[a-z-]+)"', source))
    assert {c for c in codes if not c.endswith("-without-signer")} == REFUSALS
