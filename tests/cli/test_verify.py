"""verify: verdicts, statuses, lines, evidence."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

import ecert
import ecert.verify.copy
from ecert.cli.session import ORDER, worst
from ecert.formats.pades.increments import append_validation_data
from ecert.formats.pdf import read_document
from ecert.testing.pki import pem
from ecert.testing.status import Revocation, crl
from tests.cli.conftest import Desk, Run
from tests.trust.authorities import root


@pytest.mark.parametrize(
    ("name", "status", "verdict"),
    [
        ("good.pdf", 0, "VALID"),
        ("spoiled.pdf", 1, "INVALID"),
        ("text.pdf", 1, "INVALID"),
        ("plain.pdf", 3, "INDETERMINATE"),
    ],
)
def test_one_file(run: Run, desk: Desk, copies: Path, name: str, status: int, verdict: str):
    outcome = run("verify", copies / name, "--trust", desk / "anchors", "--format", "json")
    (report,) = outcome.lines
    assert (outcome.status, report["verdict"]) == (status, verdict)
    assert report["document"]["name"] == str(copies / name)
    assert outcome.err == ""


def test_text_says_the_verdict_first_in_both_languages(run: Run, desk: Desk, copies: Path):
    arguments = ("verify", copies / "good.pdf", "--trust", desk / "anchors")
    assert run(*arguments).out.startswith("VERDICT: VALID\n")
    assert run(*arguments, lang="vi").out.startswith("KẾT LUẬN: HỢP LỆ\n")
    assert run(*arguments, lang=None).out.startswith("KẾT LUẬN: HỢP LỆ\n")


def test_without_anchors_nothing_is_decided(run: Run, copies: Path):
    outcome = run("verify", copies / "good.pdf")
    assert outcome.status == 3
    assert "--trust" in outcome.out


def test_flags_win_over_the_settings_anchors(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    """Anchors named by a flag stand instead of those of the settings, not beside them."""
    (tmp_path / "tsa.pem").write_bytes(pem(desk.office.issuing.certificate))
    config = ("--config", desk / "ecert.toml")
    assert run("verify", copies / "good.pdf", *config).status == 0
    refused = run("verify", copies / "good.pdf", *config, "--trust", tmp_path / "no")
    assert refused.status == 2


def test_a_folder_is_searched_at_any_depth_in_order(run: Run, desk: Desk, own_copies: Path):
    (own_copies / "a").mkdir()
    (own_copies / "good.pdf").rename(own_copies / "a" / "good.PDF")
    outcome = run("verify", own_copies, "--trust", desk / "anchors", "--format", "json")
    names = [Path(r["document"]["name"]).name for r in outcome.lines]
    assert names == ["good.PDF", "plain.pdf", "spoiled.pdf", "text.pdf"]
    assert outcome.status == 1


def test_what_cannot_be_opened_has_its_line(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    inputs = (copies / "spoiled.pdf", tmp_path / "no.pdf", copies / "good.pdf", tmp_path)
    outcome = run("verify", *inputs, "--trust", desk / "anchors", "--format", "json")
    assert outcome.status == 4
    one, two, three, four = outcome.lines
    assert one["verdict"] == "INVALID"
    assert three["verdict"] == "VALID"
    assert two["error"]["code"] == "not-readable"
    assert set(two["error"]) == {"code", "message", "hint"}
    assert four["error"]["code"] == "no-input"
    told = run("verify", *inputs, "--trust", desk / "anchors")
    assert told.err.count("ecert: error: ") == 2
    assert told.out.count("VERDICT: ") == 2


def test_worst_is_the_first_that_occurred():
    assert worst([]) == 0
    for i, status in enumerate(ORDER):
        assert worst(reversed(ORDER[i:])) == status


def test_stdin(run: Run, desk: Desk, copies: Path, monkeypatch: pytest.MonkeyPatch):
    data = io.TextIOWrapper(io.BytesIO((copies / "good.pdf").read_bytes()))
    monkeypatch.setattr(sys, "stdin", data)
    outcome = run("verify", "-", "--trust", desk / "anchors", "--format", "json")
    assert outcome.status == 0
    assert outcome.lines[0]["document"]["name"] == "-"
    assert run("verify", "-", "-").status == 2


def test_time_of_validation(run: Run, desk: Desk, copies: Path):
    arguments = ("verify", copies / "good.pdf", "--trust", desk / "anchors", "--format", "json")
    later = desk.office.clock.now().replace(microsecond=0).replace(year=2028).isoformat()
    outcome = run(*arguments, "--at", later)
    assert outcome.status == 0
    assert outcome.lines[0]["validation_time"].startswith("2028-")
    for wrong in ("2028-01-01T00:00:00", "tomorrow"):
        assert run(*arguments, "--at", wrong).status == 2


def test_evidence_decides_and_comes_back(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    """A B-B copy needs revocation data: given as files, written out again, given once more."""
    given, kept = tmp_path / "given", tmp_path / "kept"
    given.mkdir()
    office = desk.office
    for who in ("signer", "seal"):
        (given / f"{who}.ors").write_bytes(office.ocsp(getattr(office, who)))
    (given / "root.crl").write_bytes(office.crl(office.root))
    (given / "issuing.pem").write_bytes(pem(office.issuing.certificate))
    arguments = ("verify", copies / "plain.pdf", "--trust", desk / "anchors")
    assert run(*arguments).status == 3
    later = office.clock.now().replace(microsecond=0)
    told = run(*arguments, "--evidence", given, "--evidence-out", kept, "--at", later.isoformat())
    assert told.status == 0, told.out
    assert sorted(p.suffix for p in kept.iterdir()) == [".cer", ".crl", ".json", ".ors", ".ors"]
    again = run(*arguments, "--evidence", kept, "--at", later.isoformat())
    assert again.out.startswith(told.out.rstrip("\n"))
    assert "[evidence-replayed]" in again.out.removeprefix(told.out.rstrip("\n"))
    assert run(*arguments, "--revocation", "if-present").status == 0


def test_evidence_of_the_copy_itself_is_written(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    run("verify", copies / "good.pdf", "--trust", desk / "anchors", "--evidence-out", tmp_path / "out")
    assert {p.suffix for p in (tmp_path / "out").iterdir()} == {".cer", ".crl", ".json", ".ors"}


def test_evidence_that_is_none(run: Run, copies: Path, tmp_path: Path):
    (tmp_path / "note.txt").write_text("hello")
    outcome = run("verify", copies / "good.pdf", "--evidence", tmp_path)
    assert outcome.status == 4
    assert "note.txt" in outcome.err
    assert run("verify", copies / "good.pdf", "--evidence", tmp_path / "no").status == 4


def test_other_policies(run: Run, desk: Desk, copies: Path):
    arguments = ("verify", copies / "good.pdf", "--trust", desk / "anchors")
    assert run(*arguments, "--policy", "signatures").status == 0
    assert run(*arguments, "--policy", "whatever").status == 2


def test_cross_check(run: Run, desk: Desk, copies: Path):
    arguments = ("verify", copies / "good.pdf", "--trust", desk / "anchors", "--cross-check")
    assert run(*arguments).status == 0


def test_a_file_beyond_the_limit_is_not_read(run: Run, copies: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ECERT_LIMITS__FILE_MB", "0.01")
    outcome = run("verify", copies / "good.pdf", "--format", "json")
    assert outcome.status == 3
    (finding,) = outcome.lines[0]["findings"]
    assert (finding["code"], finding["data"]["what"]) == ("over-limit", "bytes")


def test_names_cannot_command_the_terminal(run: Run, own_copies: Path):
    name = os.fsdecode(b"a\x1b[2J\nVERDICT: VALID\xff.pdf")
    (own_copies / "text.pdf").rename(own_copies / name)
    outcome = run("verify", own_copies / name)
    assert outcome.status == 1
    assert "\x1b" not in outcome.out
    assert "\nVERDICT: VALID" not in outcome.out
    assert run("verify", own_copies / name, "--format", "json").lines[0]["verdict"] == "INVALID"


def test_a_fault_of_ours_is_told_and_the_others_judged(run: Run, copies: Path, monkeypatch: pytest.MonkeyPatch):
    true_judge = ecert.verify.copy.judge

    def judge(data: bytes, **options: object) -> object:
        if data.startswith(b"no PDF"):
            raise ZeroDivisionError("the PIN is 123456")
        return true_judge(data, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("ecert.operations.verifying.judge", judge)
    outcome = run("verify", copies / "text.pdf", copies / "good.pdf", "--format", "json")
    assert outcome.status == 70
    assert outcome.lines[0]["error"]["code"] == "fault"
    assert outcome.lines[1]["verdict"] == "INDETERMINATE"
    assert "123456" not in outcome.out + outcome.err


def test_online_asks_and_what_was_asked_can_be_judged_again(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    """A B-B copy holds no revocation data: the services have it; the folder makes the same report again."""
    kept, config = tmp_path / "kept", ("--config", desk / "ecert.toml")
    arguments = ("verify", copies / "plain.pdf", copies / "good.pdf", "--format", "json", *config)
    assert run(*arguments).lines[0]["verdict"] == "INDETERMINATE"
    online = run(*arguments, "--online", "--evidence-out", kept)
    assert [r["verdict"] for r in online.lines] == ["VALID", "VALID"]
    asked = {a["url"]: a["outcome"] for a in online.lines[0]["attempts"]}
    assert set(asked.values()) == {"answered"}
    at = online.lines[0]["validation_time"]
    desk.office.responders.requests.clear()
    again = run(*arguments, "--evidence", kept, "--at", at)
    assert _anew(again.lines) == online.lines
    assert {a["told_by"] for report in again.lines for a in report["attempts"]} == {"folder"}
    assert not desk.office.responders.requests
    for path in sorted(kept.iterdir(), reverse=True):  # the order of the files changes nothing
        path.rename(kept / f"{path.name}.moved")
    for path in sorted(kept.iterdir()):
        path.rename(kept / path.name.removesuffix(".moved"))
    assert run(*arguments, "--evidence", kept, "--at", at).out == again.out


def test_a_dead_responder_is_named_in_the_report(run: Run, desk: Desk, copies: Path):
    faults = desk.office.responders.faults
    faults["/ocsp/issuing"] = faults["/crl/issuing.crl"] = "dead"
    try:
        arguments = ("verify", copies / "plain.pdf", "--online", "--config", desk / "ecert.toml")
        outcome = run(*arguments, "--format", "json")
        text = run(*arguments, lang="vi")
    finally:
        faults.clear()
    (report,) = outcome.lines
    assert (outcome.status, report["verdict"]) == (3, "INDETERMINATE")
    failed = [a for a in report["attempts"] if a["outcome"] != "answered"]
    assert any("/ocsp/issuing" in a["url"] for a in failed)
    assert any("/crl/issuing.crl" in a["url"] for a in failed)
    assert "Dịch vụ đã hỏi:" in text.out
    assert "không trả lời được" in text.out


def test_a_list_of_evidence_that_lies_is_refused(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    kept = tmp_path / "kept"
    arguments = ("verify", copies / "good.pdf", "--config", desk / "ecert.toml")
    run(*arguments, "--evidence-out", kept)
    (named,) = kept.glob("*.json")
    for text, words in (
        ("{", "is not a list"),
        ('{"evidence": 3, "attempts": []}', "is not a list"),
        ('{"evidence": ["no.crl"], "attempts": []}', "no.crl is listed"),
        ('{"evidence": [], "attempts": [], "kept": "2026-11-16T02:00:00"}', "is not a list"),
        ('{"evidence": [], "attempts": [], "kept": 5}', "is not a list"),
    ):
        named.write_text(text)
        outcome = run(*arguments, "--evidence", kept)
        assert outcome.status == 4
        assert words in outcome.err


# ── the same inputs, the same report ─────────────────────────────────────────────────────────────


def _anew(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return reports as they were before their evidence was replayed: each says so, and who told the attempts."""
    for report in lines:
        told = [f for f in report["findings"] if f["code"] == "evidence-replayed"]
        assert [f["severity"] for f in told] == ["info"]
        report["findings"].remove(told[0])
        assert all(a.pop("told_by") == "folder" for a in report["attempts"])
    return lines


def _replayed(run: Run, desk: Desk, kept: Path, *files: object, first: Sequence[object] = ()) -> str:
    """Judge, judge again from what was kept (the folder named once and twice), and keep it anew."""
    at = desk.office.clock.now() + timedelta(seconds=5)
    arguments = ("verify", *files, "--at", at.isoformat(), "--format", "json", "--config", desk / "ecert.toml")
    one = run(*arguments, *first, "--evidence-out", kept)
    desk.office.responders.requests.clear()
    for folders in ((kept,), (kept, kept)):
        options = [word for folder in folders for word in ("--evidence", folder)]
        again = run(*arguments, *options, "--evidence-out", kept.with_name("again"))
        assert (again.status, again.err) == (one.status, "")
        assert _anew(again.lines) == one.lines
        assert _files(kept.with_name("again")) == _files(kept)
    assert not desk.office.responders.requests
    return one.out


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _with_dss(path: Path, goal: Path, evidence: ecert.Evidence) -> Path:
    goal.write_bytes(append_validation_data(read_document(path.read_bytes()), evidence))
    return goal


def test_rubbish_in_a_document_does_not_spoil_the_folder(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    rubbish = ecert.Evidence((b"rubbish", b""), (b"rubbish too",), (b"-----BEGIN X509 CRL-----",))
    junk = _with_dss(copies / "plain.pdf", tmp_path / "junk.pdf", rubbish)
    out = _replayed(run, desk, tmp_path / "kept", junk, copies / "good.pdf", first=["--online"])
    assert [json.loads(line)["verdict"] for line in out.splitlines()] == ["VALID", "VALID"]


def test_what_a_document_files_under_another_kind_stays_there(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    """An OCSP answer among the CRLs of a DSS counts for nothing; from a folder it would count."""
    office = desk.office
    answers = [office.ocsp(who) for who in (office.signer, office.seal, office.tsa)]
    certificate = office.tsa_root.certificate.public_bytes(Encoding.DER)
    misfiled = ecert.Evidence(crls=(*answers, certificate, office.crl(office.root)))
    odd = _with_dss(copies / "plain.pdf", tmp_path / "odd.pdf", misfiled)
    out = _replayed(run, desk, tmp_path / "kept", odd)
    assert json.loads(out)["verdict"] == "INDETERMINATE"
    assert [p.suffix for p in sorted((tmp_path / "kept").iterdir())].count(".crl") == 1


def test_a_document_that_comes_again_is_not_asked_about_again(run: Run, desk: Desk, own_copies: Path, tmp_path: Path):
    """Its list is the same whichever of its names was judged last; stdin is one more name."""
    plain = own_copies / "plain.pdf"
    twin = Path(shutil.copy(plain, own_copies / "twin.pdf"))
    files = (plain, twin, own_copies / "good.pdf", plain)
    out = _replayed(run, desk, tmp_path / "kept", *files, first=["--online"])
    reports = [json.loads(line) for line in out.splitlines()]
    assert reports[0]["attempts"]
    assert reports[0]["attempts"] == reports[1]["attempts"] == reports[3]["attempts"]


def test_stdin_is_judged_again_like_a_file(
    run: Run, desk: Desk, copies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    data, kept = (copies / "plain.pdf").read_bytes(), tmp_path / "kept"
    arguments = ("verify", "-", "--format", "json", "--config", desk / "ecert.toml")

    def judged(*more: object) -> str:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        return run(*arguments, "--at", "2028-01-01T00:00:00Z", *more).out

    first = judged("--online", "--evidence-out", kept)
    assert json.loads(first)["attempts"]
    again = json.loads(judged("--evidence", kept))
    assert _anew([again]) == [json.loads(first)]


def test_folders_that_tell_different_attempts_are_put_together(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    """One folder went on from the other: what both tell happened once."""
    name = hashlib.sha256((copies / "good.pdf").read_bytes()).hexdigest() + ".json"
    one, two = ({"url": f"http://{n}.invalid/", "outcome": "answered"} for n in ("one", "two"))
    for folder, attempts in (("old", [one, one]), ("new", [one, two, one])):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(json.dumps({"evidence": [], "attempts": attempts}))
    folders = ("--evidence", tmp_path / "old", "--evidence", tmp_path / "new")
    outcome = run("verify", copies / "good.pdf", *folders, "--format", "json")
    told = [{**each, "told_by": "folder"} for each in (one, one, two)]
    assert outcome.lines[0]["attempts"] == told


def test_certificates_of_no_version_and_text_inside_der(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    v3 = desk.office.issuing.certificate.public_bytes(Encoding.DER)
    given = tmp_path / "given"
    given.mkdir()
    (given / "v5.cer").write_bytes(v3.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020104")))
    arguments = ("verify", copies / "good.pdf", "--evidence", given)
    outcome = run(*arguments)
    assert outcome.status == 4
    assert "v5.cer is not a certificate" in outcome.err
    (given / "v5.cer").unlink()
    note = x509.UnrecognizedExtension(
        x509.ObjectIdentifier("1.2.3.4"), b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
    )
    (given / "note.cer").write_bytes(root("root").issue("leaf", (note, False)).der)
    assert run(*arguments).status == 3  # no anchors, but nothing is refused


def test_a_time_beyond_all_calendars(run: Run, copies: Path):
    for wrong in ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"):
        outcome = run("verify", copies / "good.pdf", "--at", wrong)
        assert outcome.status == 2
        assert "out of range" in outcome.err


def test_in_the_sandbox_files_are_judged_alike(
    run: Run, desk: Desk, copies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    arguments = ("verify", copies, "--trust", desk / "anchors", "--format", "json", "--at", "2031-01-01T00:00:00Z")
    here = run(*arguments, "--evidence-out", tmp_path / "here")
    there = run(*arguments, "--evidence-out", tmp_path / "there", "--sandbox")
    assert (there.status, there.lines) == (here.status, here.lines)
    kept = {p.name: p.read_bytes() for p in (tmp_path / "here").iterdir()}
    assert {p.name: p.read_bytes() for p in (tmp_path / "there").iterdir()} == kept
    monkeypatch.setenv("ECERT_VERIFY__SANDBOX", "true")
    monkeypatch.setenv("ECERT_LIMITS__SECONDS", "0.1")
    monkeypatch.setenv("ECERT_LIMITS__MEMORY_MB", "256")
    outcome = run(*arguments, "--cross-check")  # takes longer: pyHanko is loaded for it
    assert outcome.status in (1, 3)
    assert len(outcome.lines) == len(here.lines)
    assert any(
        f["data"].get("what") in ("seconds of work", "megabytes of memory")
        for line in outcome.lines
        for f in line["findings"]
    )
    assert run(*arguments, "--no-sandbox").lines == here.lines


def test_pages_beyond_the_limit_are_not_judged(run: Run, copies: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ECERT_LIMITS__PAGES", "1")
    outcome = run("verify", copies / "good.pdf", "--format", "json")
    assert outcome.status == 3
    assert outcome.lines[0]["findings"][0]["data"] == {"what": "pages", "limit": 2}


# ── what else lies in the folder ─────────────────────────────────────────────────────────────────


def test_a_list_hides_no_revocation(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    """Older good statements are listed; a newer CRL beside them says that the signer was revoked before."""
    office, kept = desk.office, tmp_path / "kept"
    arguments = ("verify", copies / "plain.pdf", "--format", "json", "--config", desk / "ecert.toml")
    first = run(*arguments, "--online", "--evidence-out", kept)
    assert first.lines[0]["verdict"] == "VALID"
    now, serial = office.clock.now(), office.signer.certificate.serial_number
    revoked = {serial: Revocation(now - timedelta(days=3))}
    lists = {
        "nobody": crl(office.issuing, {}, now, timedelta(days=7)),
        "signer": crl(office.issuing, revoked, now, timedelta(days=7)),
    }
    (kept / "newer.crl").write_bytes(lists["nobody"])
    again = run(*arguments, "--evidence", kept)
    assert again.lines[0]["verdict"] == "VALID"
    (kept / "newer.crl").write_bytes(lists["signer"])
    told = run(*arguments, "--evidence", kept, "--evidence-out", tmp_path / "moved")
    assert told.lines[0]["verdict"] == "INVALID"
    codes = [f["code"] for f in told.lines[0]["findings"]]
    assert "revoked-before-signing" in codes
    assert "evidence-replayed" in codes
    # it goes along into another folder, and before that list was made nobody could know
    assert run(*arguments, "--evidence", tmp_path / "moved").lines[0]["verdict"] == "INVALID"
    before = (now - timedelta(minutes=30)).isoformat()
    assert run(*arguments, "--evidence", kept, "--at", before).lines[0]["verdict"] != "INVALID"
