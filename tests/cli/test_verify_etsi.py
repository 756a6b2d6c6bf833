"""verify --format etsi: one XML file for each input."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from tests.cli.conftest import Desk, Run

NS = {"vr": "http://uri.etsi.org/19102/v1.4.1#", "e": "urn:ecert:report:1"}


def verdict(xml: bytes) -> str | None:
    root = etree.fromstring(xml)
    assert etree.QName(root).text == f"{{{NS['vr']}}}ValidationReport"
    found = root.find(".//e:verdict", NS)
    assert found is not None
    return found.get("value")


def test_one_file_goes_to_stdout(run: Run, desk: Desk, copies: Path):
    outcome = run("verify", copies / "good.pdf", "--trust", desk / "anchors", "--format", "etsi", lang="vi")
    assert outcome.status == 0
    assert outcome.out.startswith("<?xml version='1.0' encoding='UTF-8'?>\n<ValidationReport ")
    assert verdict(outcome.out.encode()) == "VALID"
    assert outcome.err == ""


def test_several_go_to_a_folder_and_the_status_is_the_worst(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    out = tmp_path / "out"
    arguments = ("--trust", desk / "anchors", "--format", "etsi", "--out-dir", out)
    outcome = run("verify", copies / "good.pdf", copies / "text.pdf", *arguments)
    assert outcome.status == 1
    found = {path.name: verdict(path.read_bytes()) for path in out.iterdir()}
    assert found == {"good.xml": "VALID", "text.xml": "INVALID"}


def test_several_need_a_folder(run: Run, copies: Path):
    outcome = run("verify", copies / "good.pdf", copies / "text.pdf", "--format", "etsi")
    assert outcome.status == 2
    assert "--out-dir" in outcome.err


def test_what_cannot_be_read_is_told_and_leaves_no_report(run: Run, desk: Desk, copies: Path, tmp_path: Path):
    inputs = (tmp_path / "no.pdf", copies / "good.pdf")
    out = tmp_path / "out"
    outcome = run("verify", *inputs, "--trust", desk / "anchors", "--format", "etsi", "--out-dir", out)
    assert outcome.status == 4
    assert "no.pdf" in outcome.err
    assert [path.name for path in out.iterdir()] == ["good.xml"]
    alone = run("verify", tmp_path / "no.pdf", "--format", "etsi")
    assert (alone.status, alone.out) == (4, "")
