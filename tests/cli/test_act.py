"""certify, prepare, sign, seal: what they write, print and refuse."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from ecert.capture.scan import Scan
from ecert.formats.record import CertificationRecord
from ecert.stages import CertifiedCopy, Draft, prepare_copy, sign_copy
from ecert.testing import Office, body_name
from tests.cli.conftest import Desk, Run


@pytest.fixture
def act(desk: Desk) -> list[object]:
    """Return the arguments of a whole act but for the output."""
    return ["certify", *desk.scans, "--record", desk / "record.json", "--config", desk / "ecert.toml"]


def test_certify_prints_the_path_and_one_line(run: Run, act: list[object], tmp_path: Path):
    goal = tmp_path / "copy.pdf"
    outcome = run(*act, "-o", goal)
    assert outcome.status == 0
    path, line = outcome.out.splitlines()
    assert path == str(goal)
    assert line.startswith("A certified copy of 2 pages, level B-LTA, ")
    assert outcome.err == ""
    assert CertifiedCopy.open(goal).report.codes("error", "unknown") == ["no-anchors"]


def test_json_is_one_line(run: Run, act: list[object], tmp_path: Path):
    outcome = run(*act, "-o", tmp_path / "copy.pdf", "--format", "json", "--level", "B-B")
    (told,) = outcome.lines
    assert told["stage"] == "certified"
    assert told["level"] == "B-B"
    assert told["size"] == (tmp_path / "copy.pdf").stat().st_size


def test_two_desks(run: Run, desk: Desk, tmp_path: Path):
    shared = ("--config", desk / "ecert.toml", "--out-dir", tmp_path / "out")
    scan = shutil.copy(desk.scans[0], tmp_path / "so-ho-khau.jpg")
    record = json.loads((desk / "record.json").read_text(encoding="utf-8"))
    record["original"]["pages"] = 1
    (tmp_path / "record.json").write_text(json.dumps(record))
    assert run("prepare", scan, "--record", tmp_path / "record.json", *shared).status == 0
    draft = tmp_path / "out" / "so-ho-khau-draft.pdf"
    assert run("sign", draft, *shared).status == 0
    signed = tmp_path / "out" / "so-ho-khau-signed.pdf"
    # the settings' file of PINs has the signer's first, and a command with one key takes the first
    refused = run("seal", signed, *shared)
    assert refused.status == 5
    assert "pass phrase" in refused.err
    sealed = run("seal", signed, *shared, "--pin-source", f"file:{desk / 'keys/seal-pin.txt'}")
    assert sealed.status == 0
    copy = tmp_path / "out" / "so-ho-khau-certified.pdf"
    assert run("verify", copy, "--trust", desk / "anchors").status == 0
    assert sorted(p.name for p in copy.parent.iterdir()) == [
        "so-ho-khau-certified.pdf",
        "so-ho-khau-draft.pdf",
        "so-ho-khau-signed.pdf",
    ]


def test_seal_below_the_promise(run: Run, desk: Desk, tmp_path: Path):
    settings = ("--config", desk / "ecert.toml")
    pin = ("--pin-source", f"file:{desk / 'keys/seal-pin.txt'}")
    run("prepare", *desk.scans, "--record", desk / "record.json", "-o", tmp_path / "d.pdf", *settings)
    run("sign", tmp_path / "d.pdf", "-o", tmp_path / "s.pdf", *settings)
    low = run("seal", tmp_path / "s.pdf", "-o", tmp_path / "c.pdf", *settings, *pin, "--level", "B-T")
    assert low.status == 0
    assert "level B-T" in low.out
    wrong_stage = run("sign", tmp_path / "s.pdf", "-o", tmp_path / "x.pdf", *settings)
    assert wrong_stage.status == 4
    assert "is not a draft" in wrong_stage.err


def test_a_seal_is_not_set_under_a_stranger(run: Run, desk: Desk, tmp_path: Path):
    """Who signs is judged by --trust before the seal's key is used; without it that is said."""
    settings = ("--config", desk / "ecert.toml")
    with Office.create(algorithm="p256") as stranger:
        scan = Scan.from_files([path.read_bytes() for path in desk.scans])
        record = CertificationRecord.from_dict(stranger.record(pages=2))
        draft = prepare_copy(scan, record, level="B-B")
        sign_copy(draft, stranger.key("signer")).write(tmp_path / "signed.pdf")
    seal = ("seal", tmp_path / "signed.pdf", "-o", tmp_path / "copy.pdf")
    refused = run(*seal, *settings)  # the PIN of the settings is the signer's: it comes to no seal
    assert refused.status == 5
    pin = ("--pin-source", f"file:{desk / 'keys/seal-pin.txt'}")
    refused = run(*seal, *settings, *pin)
    assert refused.status == 4
    assert "not sealed" in refused.err
    assert not (tmp_path / "copy.pdf").exists()
    key = ("--key", f"file:{desk / 'keys/seal.pem'}", *pin)
    alone = run(*seal, *key)
    assert alone.status == 0, alone.err
    assert "the signer's certificate is not judged" in alone.err
    assert run(*seal, *key, "--force", "--quiet").err == ""


def no_output(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return act


def no_scan(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [act[0], "--record", desk / "record.json", "-o", folder / "c.pdf"]


def unknown_option(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--colour"]


def unknown_level(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--level", "B-LTX"]


def unknown_profile(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--profile", "vn-1999"]


def no_settings(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--config", folder / "no.toml"]


def no_key(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act[:-2], "-o", folder / "c.pdf"]


def no_anchors(act: list[object], folder: Path, desk: Desk) -> list[object]:
    key, seal = f"file:{desk / 'keys/signer.p12'}", f"file:{desk / 'keys/seal.pem'}"
    return [*act[:-2], "-o", folder / "c.pdf", "--key", key, "--seal-key", seal]


def bad_pin_source(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--pin-source", "123456"]


def negative_descriptor(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--pin-source", "fd:-1"]


def huge_descriptor(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--pin-source", f"fd:{10**30}"]


def endless_descriptor(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--pin-source", "fd:" + "9" * 5000]


def closed_descriptor(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--pin-source", "fd:987"]


def strange_digits(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--pin-source", "fd:٣"]


def where_results_go(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--pin-source", "fd:1"]


def descriptor_of_the_settings(act: list[object], folder: Path, desk: Desk) -> list[object]:
    text = (desk / "ecert.toml").read_text().replace("file:keys/pins.txt", "fd:987")
    (desk / "fd.toml").write_text(text)
    return [*act, "-o", folder / "c.pdf", "--config", desk / "fd.toml"]


def nul_in_pin(act: list[object], folder: Path, desk: Desk) -> list[object]:
    (folder / "pins").write_bytes(b"123456\0\ntwo\n")
    return [*act, "-o", folder / "c.pdf", "--pin-source", f"file:{folder / 'pins'}"]


def pins_in_utf16(act: list[object], folder: Path, desk: Desk) -> list[object]:
    (folder / "pins").write_bytes("123456\ntwo\n".encode("utf-16-le"))
    return [*act, "-o", folder / "c.pdf", "--pin-source", f"file:{folder / 'pins'}"]


def pin_in_uri(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--key", "pkcs11:token=A?pin-value=123456"]


def missing_scan(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, folder / "no.jpg", "-o", folder / "c.pdf"]


def one_page_too_many(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, desk.scans[0], "-o", folder / "c.pdf"]


def missing_record(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "--record", folder / "no.toml", "-o", folder / "c.pdf"]


def existing_output(act: list[object], folder: Path, desk: Desk) -> list[object]:
    (folder / "c.pdf").write_text("mine")
    return [*act, "-o", folder / "c.pdf"]


def missing_folder(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "no" / "c.pdf"]


def over_the_input(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", desk.scans[0], "--force"]


def wrong_pin(act: list[object], folder: Path, desk: Desk) -> list[object]:
    (folder / "pins").write_text("123456\n654321\n")
    return [*act, "-o", folder / "c.pdf", "--pin-source", f"file:{folder / 'pins'}"]


def one_pin_for_two(act: list[object], folder: Path, desk: Desk) -> list[object]:
    (folder / "pins").write_text("one\n")
    return [*act, "-o", folder / "c.pdf", "--pin-source", f"file:{folder / 'pins'}"]


def no_terminal(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--pin-source", "prompt"]


def missing_key(act: list[object], folder: Path, desk: Desk) -> list[object]:
    return [*act, "-o", folder / "c.pdf", "--key", f"file:{folder / 'no.p12'}"]


def dead_service(act: list[object], folder: Path, desk: Desk) -> list[object]:
    text = (desk / "ecert.toml").read_text().replace(desk.office.tsa_url, "http://127.0.0.1:9/tsa")
    settings = desk / "dead.toml"
    settings.write_text(text)
    return [*act, "-o", folder / "c.pdf", "--config", settings]


@pytest.mark.parametrize(
    ("spoil", "status", "word"),
    [
        (no_output, 2, "-o FILE"),
        (no_scan, 2, "SCAN"),
        (unknown_option, 2, "--colour"),
        (unknown_level, 2, "B-LTX"),
        (unknown_profile, 2, "vn-1999"),
        (no_settings, 2, "no.toml"),
        (no_key, 2, "--key URI"),
        (no_anchors, 2, "--trust DIR"),
        (bad_pin_source, 2, "--pin-source"),
        (negative_descriptor, 2, "--pin-source"),
        (huge_descriptor, 2, "not open for reading"),
        (endless_descriptor, 2, "not open for reading"),
        (closed_descriptor, 2, "fd:987 is not open"),
        (strange_digits, 2, "--pin-source"),
        (where_results_go, 2, "fd:1 is not open"),
        (descriptor_of_the_settings, 2, "fd:987 is not open"),
        (nul_in_pin, 5, "control character"),
        (pins_in_utf16, 5, "control character"),
        (pin_in_uri, 2, "pin-value"),
        (missing_scan, 4, "no.jpg"),
        (one_page_too_many, 4, "original.pages"),
        (missing_record, 4, "no.toml"),
        (existing_output, 4, "--force"),
        (missing_folder, 4, "make it first"),
        (over_the_input, 4, "also an input"),
        (wrong_pin, 5, "wrong"),
        (one_pin_for_two, 5, "line 2"),
        (no_terminal, 5, "no terminal"),
        (missing_key, 5, "no.p12"),
        (dead_service, 6, "127.0.0.1:9"),
    ],
)
def test_refusals(
    run: Run,
    act: list[object],
    desk: Desk,
    tmp_path: Path,
    spoil: Callable[[list[object], Path, Desk], list[object]],
    status: int,
    word: str,
):
    """Every refusal has its status, says what and why on stderr alone, and leaves nothing."""
    arguments = spoil(act, tmp_path, desk)
    before = sorted(tmp_path.rglob("*")), [p.read_bytes() for p in desk.scans]
    outcome = run(*arguments)
    assert outcome.status == status, outcome.err
    assert outcome.out == ""
    assert outcome.err.startswith("ecert: error: ")
    assert word in outcome.err
    assert "Traceback" not in outcome.err
    assert "123456" not in outcome.err
    assert "49, 50, 51" not in outcome.err
    after = sorted(tmp_path.rglob("*")), [p.read_bytes() for p in desk.scans]
    assert after == before


def test_force_replaces(run: Run, act: list[object], tmp_path: Path):
    (tmp_path / "c.pdf").write_text("old")
    outcome = run(*act, "-o", tmp_path / "c.pdf", "--level", "B-B", "--force")
    assert outcome.status == 0
    assert (tmp_path / "c.pdf").read_bytes().startswith(b"%PDF")
    assert [p.name for p in tmp_path.iterdir()] == ["c.pdf"]


def test_pins_from_a_descriptor(run: Run, act: list[object], tmp_path: Path):
    reading, writing = os.pipe()
    os.write(writing, b"one\ntwo\n")
    os.close(writing)
    outcome = run(*act, "-o", tmp_path / "c.pdf", "--level", "B-B", "--pin-source", f"fd:{reading}")
    assert outcome.status == 0, outcome.err


def test_a_pin_source_is_not_tried_on_another_key(run: Run, act: list[object], desk: Desk, tmp_path: Path):
    """The settings' PIN belongs to the settings' key: another one is asked for."""
    other = shutil.copy(desk / "keys/signer.p12", tmp_path / "deputy.p12")
    outcome = run(*act, "-o", tmp_path / "c.pdf", "--level", "B-B", "--key", f"file:{other}")
    assert outcome.status == 5
    assert "deputy.p12" in outcome.err
    assert "no terminal" in outcome.err


def test_a_page_without_colour_is_told(run: Run, act: list[object], desk: Desk, tmp_path: Path):
    from PIL import Image

    with Image.open(desk.scans[0]) as page:
        page.convert("L").save(tmp_path / "grey.jpg", dpi=(200, 200))
    options = ["-o", tmp_path / "d.pdf", "--record", desk / "record.json"]
    told = run("prepare", desk.scans[0], tmp_path / "grey.jpg", *options, lang="vi")
    assert told.status == 0
    assert "ecert: lưu ý: trang 2 không phải ảnh màu" in told.err
    assert run("prepare", desk.scans[0], tmp_path / "grey.jpg", *options, "--force", "--quiet").err == ""


def test_settings_limit_the_scan(run: Run, act: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ECERT_LIMITS__PAGES", "1")
    assert "2 pages, more than 1" in run(*act, "-o", tmp_path / "c.pdf").err
    monkeypatch.setenv("ECERT_LIMITS__FILE_MB", "0.001")
    outcome = run(*act, "-o", tmp_path / "c.pdf")
    assert outcome.status == 4
    assert "limits.file_mb" in outcome.err


def test_the_copy_is_an_ordinary_file(run: Run, act: list[object], tmp_path: Path):
    run(*act, "-o", tmp_path / "c.pdf", "--level", "B-B")
    assert stat.S_IMODE((tmp_path / "c.pdf").stat().st_mode) == 0o644


def test_a_dead_time_stamp_service_is_named_and_the_next_one_used(
    run: Run, act: list[object], desk: Desk, tmp_path: Path
):
    office = desk.office
    settings = (desk / "ecert.toml").read_text(encoding="utf-8")
    settings += f'[[services.timestamp]]\nurl = "{office.second_tsa_url}"\n'
    (desk / "two.toml").write_text(settings, encoding="utf-8")
    office.responders.faults["/tsa/office"] = "dead"
    try:
        outcome = run(*act, "--config", desk / "two.toml", "-o", tmp_path / "copy.pdf")
    finally:
        office.responders.faults.clear()
    assert outcome.status == 0, outcome.err
    assert f"{office.tsa_url} gave no usable answer" in outcome.err
    report = CertifiedCopy.open(tmp_path / "copy.pdf").report.content
    named = {t["authority"] for s in report["signatures"] for t in s["timestamps"]}
    assert named == {"ecert throwaway second time-stamp service"}


def test_an_office_whose_certificate_writes_its_name_otherwise(run: Run, desk: Desk, tmp_path: Path):
    seal = desk.office.issue(body_name("UBND XA MAU", identifiers=()), algorithm="p256")
    seal.write_pem(tmp_path / "seal.pem", "two")
    act = ["certify", *desk.scans, "--record", desk / "record.json", "-o", tmp_path / "copy.pdf"]
    act += ["--seal-key", f"file:{tmp_path / 'seal.pem'}"]
    act += ["--pin-source", f"file:{desk / 'keys/pins.txt'}"]
    refused = run(*act, "--config", desk / "ecert.toml")
    assert refused.status == 5
    assert '"Ủy ban nhân dân xã Mẫu" = "UBND XA MAU"' in refused.err
    # the hint, as it stands there, is what helps
    text = (desk / "ecert.toml").read_text(encoding="utf-8").replace('"anchors"', f'"{desk / "anchors"}"')
    text = text.replace("file:keys", f"file:{desk / 'keys'}").replace('"keys/', f'"{desk / "keys"}/')
    row = refused.err.partition("aliases = ")[2].partition(" and prepare")[0]
    (tmp_path / "ecert.toml").write_text(f"{text}[names]\naliases = {row}\n", encoding="utf-8")
    done = run(*act, "--config", tmp_path / "ecert.toml")
    assert (done.status, done.err) == (0, "")
    assert "sealed by UBND XA MAU." in done.out
    two_desks = ("prepare", *desk.scans, "--record", desk / "record.json", "-o", tmp_path / "draft.pdf")
    assert run(*two_desks, "--config", tmp_path / "ecert.toml").status == 0
    assert Draft.open(tmp_path / "draft.pdf").record.certification.body.name == "UBND XA MAU"
