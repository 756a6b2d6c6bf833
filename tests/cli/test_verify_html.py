"""verify --format html: where the report goes, and what is never written over."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Desk, Run


def test_one_report_goes_to_stdout(run: Run, desk: Desk, copies: Path):
    outcome = run("verify", copies / "good.pdf", "--trust", desk / "anchors", "--format", "html")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith('<!DOCTYPE html>\n<html lang="en"')
    assert outcome.out.count("<figure") == 3
    assert str(copies / "good.pdf") in outcome.out


def test_a_report_goes_to_a_file(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    arguments = ("verify", copies / "spoiled.pdf", "--trust", desk / "anchors", "--format", "html")
    out = tmp_path / "report.html"
    outcome = run(*arguments, "-o", out, lang="vi")
    assert outcome.status == 1
    assert outcome.out == f"{copies / 'spoiled.pdf'}: KHÔNG HỢP LỆ → {out}\n"
    written = out.read_bytes()
    assert '<html lang="vi"' in written.decode()
    refused = run(*arguments, "-o", out)
    assert (refused.status, refused.out) == (4, "")
    assert "--force" in refused.err
    assert out.read_bytes() == written
    assert run(*arguments, "-o", out, "--force").status == 1


def test_several_reports_go_to_a_folder(run: Run, desk: Desk, own_copies: Path, tmp_path: Path):
    out = tmp_path / "reports"
    arguments = ("verify", own_copies, "--trust", desk / "anchors", "--format", "html")
    outcome = run(*arguments, "--out-dir", out)
    assert outcome.status == 1
    names = ["good", "plain", "spoiled", "text"]
    assert sorted(p.name for p in out.iterdir()) == [f"{name}.html" for name in names]
    assert f"{own_copies / 'plain.pdf'}: INDETERMINATE → {out / 'plain.html'}" in outcome.out
    (out / "good.html").unlink()
    (out / "text.html").write_text("mine")
    assert run(*arguments, "--out-dir", out).status == 4
    assert not (out / "good.html").exists()  # refused before any work


def test_several_reports_need_a_folder(run: Run, copies: Path):
    for inputs in ((copies,), (copies / "good.pdf", copies / "plain.pdf")):
        outcome = run("verify", *inputs, "--format", "html")
        assert (outcome.status, outcome.out) == (2, "")
        assert "--out-dir" in outcome.err


def test_two_inputs_of_one_name_are_refused(run: Run, own_copies: Path, tmp_path: Path):
    other = tmp_path / "other"
    other.mkdir()
    (own_copies / "good.pdf").rename(other / "plain.pdf")
    arguments = (own_copies / "plain.pdf", other / "plain.pdf", "--format", "html")
    outcome = run("verify", *arguments, "--out-dir", tmp_path / "reports")
    assert outcome.status == 2
    assert not (tmp_path / "reports").exists()


def test_what_cannot_be_opened_has_no_report(run: Run, copies: Path, tmp_path: Path):
    inputs = (tmp_path / "no.pdf", copies / "text.pdf")
    outcome = run("verify", *inputs, "--format", "html", "--out-dir", tmp_path / "reports")
    assert outcome.status == 4
    assert "no.pdf" in outcome.err
    assert [p.name for p in (tmp_path / "reports").iterdir()] == ["text.html"]


def test_a_terminal_is_spared(run: Run, copies: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    outcome = run("verify", copies / "good.pdf", "--format", "html")
    assert (outcome.status, outcome.out) == (2, "")
    assert "-o report.html" in outcome.err


def test_text_is_printed_not_written(run: Run, copies: Path, tmp_path: Path):
    outcome = run("verify", copies / "good.pdf", "-o", tmp_path / "report.txt")
    assert outcome.status == 2
    assert "--format html" in outcome.err


def test_stdin_has_a_report_too(run: Run, copies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    data = io.BytesIO((copies / "good.pdf").read_bytes())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))
    outcome = run("verify", "-", "--format", "html", "--out-dir", tmp_path / "reports")
    assert outcome.status == 3
    assert "NOT CONFIRMED" in (tmp_path / "reports" / "stdin.html").read_text(encoding="utf-8")


def test_what_is_judged_in_a_sandbox_is_decoded_nowhere_else(run: Run, desk: Desk, copies: Path):
    arguments = ("verify", copies / "good.pdf", "--trust", desk / "anchors", "--format", "html")
    outcome = run(*arguments, "--sandbox")
    assert outcome.status == 0
    assert "<figure" not in outcome.out
    assert "without pictures" in outcome.out


@pytest.mark.parametrize("audience", ["citizen", "desk"])
def test_one_audience_is_told_what_to_do(run: Run, desk: Desk, copies: Path, audience: str):
    arguments = ("verify", copies / "spoiled.pdf", "--trust", desk / "anchors")
    (report,) = run(*arguments, "--format", "json").lines
    remedy = {who: words["en"] for who, words in report["findings"][0]["remedy"].items()}
    other = remedy["desk" if audience == "citizen" else "citizen"]
    page = run(*arguments, "--format", "html", "--audience", audience).out
    text = " ".join(run(*arguments, "--audience", audience).out.split())
    for told in (page, text):
        assert remedy[audience] in told
        assert other not in told
    both = run(*arguments, "--format", "html").out
    assert remedy["citizen"] in both
    assert remedy["desk"] in both
    assert remedy["desk"] in " ".join(run(*arguments).out.split())
    assert run(*arguments, "--audience", "judge").status == 2
