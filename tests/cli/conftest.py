"""An office's desk in a folder, and a way to run the command line inside this process."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ecert.cli import main
from ecert.testing import Office, sample_scan


class Outcome(NamedTuple):
    """What a run left behind."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Return the results as JSON, one for each line."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the settings and variables of whoever runs the tests out of them."""
    import os

    for name in os.environ:
        if name.startswith("ECERT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs ``ecert`` with these arguments, English unless told otherwise."""

    def run(*arguments: object, lang: str | None = "en") -> Outcome:
        capfd.readouterr()
        words = [str(a) for a in arguments]
        status = main([*words, "--lang", lang] if lang else words)
        return Outcome(status, *capfd.readouterr())

    return run


@dataclass
class Desk:
    """A folder as ``ecert demo`` leaves one, with services that still answer."""

    folder: Path
    office: Office

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    @property
    def scans(self) -> list[Path]:
        return sorted((self / "scan").iterdir())


_SETTINGS = """\
lang = "en"
[keys.signer]
uri = "file:keys/signer.p12"
pin_source = "file:keys/pins.txt"
image = "keys/signature.png"
[keys.seal]
uri = "file:keys/seal.pem"
pin_source = "file:keys/pins.txt"
image = "keys/seal.png"
[trust]
paths = ["anchors"]
[services]
allow_hosts = ["127.0.0.1"]
[[services.timestamp]]
url = "{tsa}"
retries = 0
"""


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with Office.create(algorithm="p256") as office:
        (folder / "scan").mkdir()
        (folder / "keys").mkdir()
        for number, page in enumerate(sample_scan(2, dpi=200, size_mm=(60, 85)), 1):
            (folder / "scan" / f"page-{number}.jpg").write_bytes(page)
        record = office.record(pages=2)
        (folder / "record.json").write_text(json.dumps(record, default=str), encoding="utf-8")
        office.write_anchors(folder / "anchors")
        office.signer.write_pkcs12(folder / "keys" / "signer.p12", "one")
        office.seal.write_pem(folder / "keys" / "seal.pem", "two")
        (folder / "keys" / "pins.txt").write_text("one\ntwo\n")
        (folder / "keys" / "seal-pin.txt").write_text("two\n")
        (folder / "keys" / "signature.png").write_bytes(office.signature_image)
        (folder / "keys" / "seal.png").write_bytes(office.seal_image)
        (folder / "ecert.toml").write_text(_SETTINGS.format(tsa=office.tsa_url))
        yield Desk(folder, office)


@pytest.fixture(scope="session")
def copies(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of copies to judge: good.pdf, plain.pdf (B-B), spoiled.pdf, text.pdf."""
    folder = tmp_path_factory.mktemp("copies")
    act = [*map(str, desk.scans), "--record", str(desk / "record.json"), "--quiet"]
    act = ["certify", *act, "--config", str(desk / "ecert.toml")]
    assert main([*act, "-o", str(folder / "good.pdf")]) == 0
    assert main([*act, "-o", str(folder / "plain.pdf"), "--level", "B-B"]) == 0
    data = bytearray((folder / "good.pdf").read_bytes())
    at = data.index(b"<number>152<") + len(b"<number>")
    data[at : at + 3] = b"752"
    (folder / "spoiled.pdf").write_bytes(data)
    (folder / "text.pdf").write_text("no PDF at all")
    return folder


@pytest.fixture
def own_copies(copies: Path, tmp_path: Path) -> Path:
    """Return a folder of the same copies that a test may change."""
    return Path(shutil.copytree(copies, tmp_path / "copies"))
