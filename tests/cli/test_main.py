"""The entry: help, statuses outside any command, languages, faults, interruption; inspect."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import click
import pytest

import ecert.cli
from tests.cli.conftest import Desk, Run


def ecert_process(*arguments: object, **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "ecert", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def test_no_command_is_the_help_and_a_usage_error(run: Run):
    outcome = run(lang=None)
    assert outcome.status == 2
    assert outcome.out == ""
    assert "certify" in outcome.err


@pytest.mark.parametrize("command", ecert.cli.COMMANDS)
def test_every_command_has_help(run: Run, command: str):
    outcome = run(command, "--help", lang=None)
    assert outcome.status == 0
    assert f"Usage: ecert {command}" in outcome.out


def test_version_and_unknown_command(run: Run):
    assert run("--version", lang=None).out == f"ecert {ecert.__version__}\n"
    outcome = run("certfy", lang=None)
    assert outcome.status == 2
    assert outcome.err.startswith("ecert: lỗi: ")


def test_help_loads_no_heavy_library():
    code = (
        "import sys; from ecert.cli import main; main(['--help']); "
        "print(*sorted({m.split('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    loaded = set(done.stderr.decode().split())
    assert not loaded & {"pyhanko", "pikepdf", "PIL", "cryptography", "asn1crypto", "lxml", "rich", "pypdf"}


def test_verify_loads_no_writer(copies: Path):
    code = (
        "import sys; from ecert.cli import main; "
        f"main(['verify', {str(copies / 'good.pdf')!r}, '--quiet']); "
        "print(*sorted({m.split('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert not set(done.stderr.decode().split()) & {"pyhanko", "pikepdf", "rich", "pypdf"}


def test_the_process_ends_with_the_status(copies: Path):
    assert ecert_process("verify", copies / "text.pdf").returncode == 1
    assert ecert_process("verify", "--no-such").returncode == 2


def test_settings_in_the_current_folder_are_not_read(copies: Path, tmp_path: Path):
    (tmp_path / "ecert.toml").write_text("nonsense")
    done = ecert_process("verify", copies / "good.pdf", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr == b""


def test_a_reader_that_goes_away_is_no_fault(copies: Path):
    command = [sys.executable, "-m", "ecert", "verify", *[str(copies / "good.pdf")] * 40]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 130


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["verify", "inspect"])
def test_a_full_disk_is_told(copies: Path, command: str):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ecert", command, str(copies / "good.pdf"), "--lang", "en"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 70
    assert done.stderr.decode().startswith("ecert: error: the system refuses: ")


def test_output_is_utf8_whatever_the_locale(copies: Path):
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = ecert_process("verify", copies / "good.pdf", env=environ)
    assert done.returncode == 3
    assert done.stdout.decode().startswith("KẾT LUẬN")


def test_a_revision_is_written_out_as_its_signer_had_it(run: Run, copies: Path, tmp_path: Path):
    copy, cut = copies / "good.pdf", tmp_path / "signed.pdf"
    assert run("inspect", copy, "--revision", "1", "-o", cut).status == 0
    assert copy.read_bytes().startswith(cut.read_bytes())
    told = json.loads(run("inspect", cut, "--format", "json").out)
    assert [s["field"] for s in told["signatures"]] == ["Signer"]
    assert run("inspect", copy, "--revision", "1", "-o", cut).status == 4  # it exists
    assert run("inspect", copy, "--revision", "1", "-o", cut, "--force").status == 0
    assert run("inspect", copy, "--revision", "1", "-o", copy, "--force").status == 4
    outcome = run("inspect", copy, "--revision", "99", "-o", tmp_path / "none.pdf", lang="en")
    assert outcome.status == 4
    assert "no revision 99: its last one is 3" in outcome.err
    assert not (tmp_path / "none.pdf").exists()
    assert run("inspect", copy, "--revision", "1").status == 2
    assert run("inspect", copy, "-o", cut).status == 2


def test_interruption(run: Run, copies: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ecert.operations.inspecting.look_inside", interrupted)
    assert run("inspect", copies / "good.pdf").status == 130


def test_a_fault_is_one_line_with_its_type_alone(run: Run, copies: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise RuntimeError("Nguyễn Văn A, PIN 123456")

    monkeypatch.setattr("ecert.operations.inspecting.look_inside", broken)
    outcome = run("inspect", copies / "good.pdf")
    assert outcome.status == 70
    assert "RuntimeError" in outcome.err
    assert "123456" not in outcome.err
    assert "Traceback" not in outcome.err
    monkeypatch.setenv("ECERT_DEBUG", "1")
    assert "Traceback" in run("inspect", copies / "good.pdf").err


class Panic(BaseException):
    """What a library written in Rust raises when it gives up: no ``Exception``."""


@pytest.mark.parametrize("debug", ["0", "1"])
def test_a_panic_is_a_fault_and_no_verdict(run: Run, copies: Path, monkeypatch: pytest.MonkeyPatch, debug: str):
    secret = b"123\0"

    def broken(*_: object, **__: object) -> None:
        raise Panic(f"NulError(3, {list(secret)})")

    monkeypatch.setenv("ECERT_DEBUG", debug)
    monkeypatch.setattr("ecert.operations.inspecting.look_inside", broken)
    monkeypatch.setattr("ecert.verify.copy.read_input", broken)
    for command in ("inspect", "verify"):
        outcome = run(command, copies / "good.pdf")
        assert outcome.status == 70
        assert "Panic" in outcome.err
        assert "49, 50, 51" not in outcome.out + outcome.err
    # the other inputs have their verdict
    monkeypatch.undo()
    outcome = run("verify", copies / "good.pdf", copies / "text.pdf", "--format", "json")
    verdicts = [line["verdict"] for line in outcome.lines]

    def once(path: Path, most: int) -> tuple[bytes, str]:
        return (broken() if path.name == "text.pdf" else path.read_bytes()), str(most)  # type: ignore[func-returns-value,return-value]

    monkeypatch.setattr("ecert.verify.copy.read_input", once)
    spoiled = run("verify", copies / "text.pdf", copies / "good.pdf", "--format", "json")
    assert spoiled.status == 70
    assert [line.get("verdict") for line in spoiled.lines] == [None, verdicts[0]]


def test_errors_are_framed_in_the_language_asked_for(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    arguments = ("inspect", tmp_path / "no.pdf")
    assert run(*arguments, lang=None).err.startswith("ecert: lỗi: ")
    assert "       gợi ý: " in run(*arguments, lang="vi").err
    assert run(*arguments, lang="en").err.startswith("ecert: error: ")
    (tmp_path / "en.toml").write_text('lang = "en"')
    assert run(*arguments, "--config", tmp_path / "en.toml", lang=None).err.startswith("ecert: error: ")
    monkeypatch.setenv("ECERT_LANG", "en")
    assert run(*arguments, lang=None).err.startswith("ecert: error: ")
    assert run(*arguments, "--lang=vi", lang=None).err.startswith("ecert: lỗi: ")


def test_inspect(run: Run, copies: Path):
    (content,) = run("inspect", copies / "good.pdf", "--format", "json").lines
    assert [s["field"] for s in content["signatures"]] == ["Signer", "Seal", "Archive1"]
    assert [r["signatures"] for r in content["revisions"]] == [[], ["Signer"], ["Seal"], ["Archive1"]]
    assert content["record"]["number"] == 152
    assert len(content["record"]["pages"]) == 2
    assert content["validation_data"]["ocsps"] == 3
    assert content["bytes_unaccounted"] == 0
    for lang in ("vi", "en"):
        text = run("inspect", copies / "good.pdf", lang=lang).out
        assert "Nguyễn Văn Mẫu" in text
        assert "ecert verify" in text


def test_inspect_looks_into_what_is_no_copy(run: Run, copies: Path, tmp_path: Path):
    import pikepdf

    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "blank.pdf")
    (content,) = run("inspect", tmp_path / "blank.pdf", "--format", "json").lines
    assert content["record"] is None
    assert content["pages"] == 1
    refused = run("inspect", copies / "text.pdf", "--format", "json")
    assert refused.status == 4
    assert refused.lines[0]["error"]["code"] == "not-a-pdf"


def test_a_pin_is_asked_on_a_terminal_and_not_shown(desk: Desk, tmp_path: Path):
    """Run on a terminal: two prompts, no echo, nothing of the PINs in what appears."""
    command = [
        sys.executable,
        "-m",
        "ecert",
        "certify",
        *map(str, desk.scans),
        "--record",
        str(desk / "record.json"),
        "--config",
        str(desk / "ecert.toml"),
        "--pin-source",
        "prompt",
        "--level",
        "B-B",
        "-o",
        str(tmp_path / "c.pdf"),
        "--lang",
        "vi",
    ]
    parent, child = pty.openpty()
    process = subprocess.Popen(command, stdin=child, stdout=child, stderr=child, start_new_session=True)
    os.close(child)
    shown, answers = b"", [b"one\n", b"two\n"]
    prompts = ["người ký", "con dấu"]
    try:
        while process.poll() is None or select.select([parent], [], [], 0)[0]:
            if not select.select([parent], [], [], 30)[0]:
                break
            try:
                shown += os.read(parent, 4096)
            except OSError:  # the other end is closed
                break
            if answers and f"({prompts[0]}): ".encode() in shown:
                prompts.pop(0)
                os.write(parent, answers.pop(0))
    finally:
        process.kill() if process.poll() is None and answers else process.wait(30)
        os.close(parent)
    text = shown.decode(errors="replace")
    assert process.returncode == 0, text
    assert "one" not in text
    assert "Mật khẩu của signer.p12 (người ký)" in text
    assert (tmp_path / "c.pdf").exists()


def test_commands_are_click_commands():
    ctx = click.Context(ecert.cli.cli)
    for name in ecert.cli.COMMANDS:
        command = ecert.cli.cli.get_command(ctx, name)
        assert command is not None
        assert command.name == name
    assert ecert.cli.cli.get_command(ctx, "session") is None


def test_a_name_with_line_breaks_is_told_in_one_line(run: Run, tmp_path: Path):
    """What stands behind a line break in a name would look like a line of ours."""
    name = os.fsdecode(b"x\r\necert: VALID\n\t\x1b[2J\xc2\x85.pdf")
    (tmp_path / name).mkdir()
    for arguments in (
        ("verify", tmp_path / name),
        ("verify", tmp_path / f"missing{name}"),
        ("inspect", tmp_path / f"m{name}"),
        ("seal", tmp_path / f"m{name}", "-o", tmp_path / "y.pdf"),
        (name,),
        ("verify", f"--{name}"),
        ("extend", tmp_path / f"m{name}", "-o", tmp_path / f"n{name}"),
    ):
        told = run(*arguments)
        assert told.status in (2, 4, 5)
        assert all(line.startswith(("ecert: ", "       ")) for line in told.err.splitlines()), told
        assert "\necert: VALID" not in told.err
        assert not any(c in told.err for c in "\r\t\x1b\x85")
