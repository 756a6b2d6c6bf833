"""No person's name, no word of a document and no PIN appears in a log, at any level, by any library.

An office of marked people passes through every main path while the root logger takes everything,
Python's warnings included. The second half reads ecert's own logging calls.
"""

from __future__ import annotations

import ast
import contextlib
import io
import logging
import random
import re
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from PIL import Image, PngImagePlugin

import ecert
from ecert.cli import main
from ecert.errors import EcertError
from ecert.logs import LIBRARIES, SILENT, silence_libraries
from ecert.testing import Office, body_name, person_name
from ecert.testing.pki import Identity

PACKAGE = Path(ecert.__file__).parent

CERTIFIER = "Nguyễn Văn Kỳlạ"
DEPUTY = "Hoàng Thị Khácthường"
OFFICER = "Trần Thị Hiếmgặp"
BODY = "ỦY BAN NHÂN DÂN XÃ ĐỘCNHẤT"
PARENT = "ỦY BAN NHÂN DÂN TỈNH DUYNHẤT"
PLACE = "Tỉnh Duynhất"
TITLE = "Giấy khaisinh Zebrawood"
MAIL = "kyla.quaxwright@ecert.invalid"
CITIZEN = "CCCD:012345678901"
BOOK, SERIES = "97/2026", "QXZ/BS"
FILE = "ho-so-Zebrawood"
AUTHOR = "Quaxwright Zyphermann"
PINS = ("mat-khau-Wyvernly", "mat-khau-Gryphonly")
NUMBER = 918273

#: What must not be seen, in the shapes a log line may give it.
SECRETS = (
    CERTIFIER,
    DEPUTY,
    OFFICER,
    BODY,
    PARENT,
    PLACE,
    TITLE,
    MAIL,
    CITIZEN,
    BOOK,
    SERIES,
    FILE,
    AUTHOR,
    *PINS,
    str(NUMBER),
)


def _tokens() -> set[str]:
    """Return the secrets and those of their words that nobody else uses."""
    words = {word for secret in SECRETS for word in re.split(r"[\s@.:/-]+", secret)}
    own = {word for word in words if not word.isascii() or (len(word) > 6 and word != "invalid")}
    return {*SECRETS, *own}


def _shapes(text: str) -> Iterator[str]:
    """Yield a text as it is, escaped, and as bytes: their repr and hexadecimal, UTF-16 too."""
    for form in ("NFC", "NFD"):
        same = unicodedata.normalize(form, text)
        yield same.casefold()
        for written in {same, same.lower(), same.upper()}:
            yield written.encode("unicode_escape").decode().casefold()
            for encoding in ("utf-8", "utf-16-be"):
                yield written.encode(encoding).hex()
                yield repr(written.encode(encoding))[2:-1].casefold()


FORBIDDEN = {shape: token for token in _tokens() for shape in _shapes(token) if len(shape) > 3}


class Ear(logging.Handler):
    """Takes every record and keeps all that a formatter could make of it."""

    def __init__(self) -> None:
        super().__init__(level=1)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        everything = {**vars(record), "args": ()}
        parts = [record.getMessage(), repr(record.args), self.format(record), repr(everything)]
        self.lines.append("\n".join(parts))

    def overheard(self) -> list[tuple[str, str]]:
        """Return (secret, line) of every line that says too much."""
        return [(token, line) for line in self.lines for shape, token in FORBIDDEN.items() if shape in line.casefold()]


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ear]:
    """Listen to everything: root at level 1, warnings as log lines."""
    ear, root = Ear(), logging.getLogger()
    before = root.level
    root.addHandler(ear)
    root.setLevel(1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(True)
            yield ear
    finally:
        logging.captureWarnings(False)
        root.setLevel(before)
        root.removeHandler(ear)


@dataclass(frozen=True)
class Marked:
    """An office of marked people, and a folder with what passes over its desks."""

    office: Office
    signer: Identity
    seal: Identity
    folder: Path

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    @property
    def scans(self) -> list[Path]:
        return sorted((self / "scan").iterdir())

    def record(self) -> ecert.CertificationRecord:
        return ecert.CertificationRecord.from_file(self / f"{FILE}.toml")

    def copy(self, level: Any = "B-LTA", **seal_with: Any) -> ecert.CertifiedCopy:
        """Return a certified copy, made stage by stage."""
        office = self.office
        means: dict[str, Any] = {"trust": office.trust, "services": office.services}
        draft = ecert.prepare_copy(ecert.Scan.from_files(self.scans, dpi=200), self.record(), level=level)
        signed = ecert.sign_copy(draft, office.key(self.signer), **means)
        return ecert.seal_copy(signed, office.key(self.seal), **(means | seal_with))


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marked]:
    folder = tmp_path_factory.mktemp("desk")
    with Office.create(algorithm="p256") as office:
        person = person_name(CERTIFIER, organization=PARENT, unit=BODY, locality=PLACE, identifiers=(CITIZEN,))
        person = x509.Name([*person, x509.NameAttribute(NameOID.EMAIL_ADDRESS, MAIL)])
        body = body_name(BODY, parent=PARENT, locality=PLACE)
        signer = office.issue(person, algorithm="p256")
        seal = office.issue(body, algorithm="p256")
        desk = Marked(office, signer, seal, folder)
        (desk / "scan").mkdir()
        for kind, data in _pictures():
            (desk / "scan" / f"{FILE}-{kind}.{kind}").write_bytes(data)
        (desk / f"{FILE}.toml").write_text(_record(desk), encoding="utf-8")
        office.write_anchors(desk / "anchors")
        signer.write_pkcs12(desk / "signer.p12", PINS[0])
        seal.write_pem(desk / "seal.pem", PINS[1])
        (desk / "pins.txt").write_text("\n".join(PINS) + "\n")
        (desk / "wrong.txt").write_text(f"{PINS[1]}\n{PINS[0]}\n")
        settings = (
            '[keys.signer]\nuri = "file:signer.p12"\n[keys.seal]\nuri = "file:seal.pem"\n'
            '[trust]\npaths = ["anchors"]\n[services]\nallow_hosts = ["127.0.0.1"]\n'
            f'[[services.timestamp]]\nurl = "{office.tsa_url}"\nretries = 0\n'
        )
        (desk / "ecert.toml").write_text(settings, encoding="utf-8")
        yield desk


def _pictures() -> Iterator[tuple[str, bytes]]:
    """Yield a page in every kind of file, with a name wherever that kind can hold one."""
    page = Image.new("RGB", (400, 560), (240, 235, 225))
    exif = page.getexif()
    exif[0x013B], exif[0x010E] = AUTHOR, TITLE  # Artist, ImageDescription
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", AUTHOR)
    text.add_itxt("Title", TITLE)
    kinds: dict[str, dict[str, Any]] = {
        "jpg": {"format": "JPEG", "exif": exif, "comment": AUTHOR.encode()},
        "tif": {"format": "TIFF", "tiffinfo": dict(exif)},
        "png": {"format": "PNG", "pnginfo": text},
        "webp": {"format": "WEBP", "exif": exif},
        "jp2": {"format": "JPEG2000"},
        "pdf": {"format": "PDF", "title": TITLE, "author": AUTHOR, "resolution": 200},
    }
    for kind, options in kinds.items():
        out = io.BytesIO()
        page.save(out, **({"dpi": (200, 200)} | options))
        yield kind, out.getvalue()


def _record(desk: Marked) -> str:
    return f"""\
number = {NUMBER}
series = "{SERIES}"
book = "{BOOK}"
date = {desk.office.clock.today()}
[original]
title = "{TITLE}"
pages = {len(desk.scans)}
[body]
name = "{BODY}"
parent = "{PARENT}"
[certifier]
name = "{CERTIFIER}"
title = "Chủ tịch"
capacity = "head"
[officer]
name = "{OFFICER}"
confirms = ["unaltered", "legible", "not-secret", "lawful", "legalised-or-exempt", "not-self-made"]
"""


def test_the_ear_hears(ear: Ear) -> None:
    """The other tests mean something: each shape of a secret would be noticed, wherever it stands."""
    log = logging.getLogger("ecert.somewhere")
    warnings.warn(f"odd name {CERTIFIER}", stacklevel=1)
    log.debug("subject %r", {"CN": CERTIFIER.encode()})
    log.debug("subject %s", CERTIFIER.upper().encode("utf-16-be").hex())
    log.debug("subject %s", ascii(unicodedata.normalize("NFD", OFFICER)))
    log.debug("a title", extra={"title": TITLE})
    try:
        raise ValueError(MAIL)
    except ValueError:
        log.exception("quietly")
    heard = [{token for token, line in ear.overheard() if line == said} for said in ear.lines]
    assert len(heard) == 6
    assert all(heard)


def test_the_whole_act_and_its_verification(ear: Ear, marked: Marked) -> None:
    office = marked.office
    copy = marked.copy(level="B-T")
    copy = ecert.extend_copy(copy, level="B-LTA", trust=office.trust, services=office.services)
    report = ecert.verify_copy(copy.to_bytes(), trust=office.trust, cross_check=True)
    assert report.verdict == "VALID"
    assert CERTIFIER in report.to_text("vi")
    plain = marked.copy("B-B").to_bytes()
    evidence = ecert.gather_evidence(plain, office.services, trust=office.trust)
    assert ecert.verify_copy(plain, trust=office.trust, evidence=evidence).verdict == "VALID"
    assert ear.overheard() == []


def test_damaged_and_hostile_copies(ear: Ear, marked: Marked) -> None:
    """Whatever breaks while a spoiled copy is read, by us or by others, quotes nothing of it."""
    good = marked.copy("B-T").to_bytes()
    source = random.Random(5)
    spoiled = [good[:-200], good[: len(good) // 2], good.replace(b"/Type", b"/Tyqe")]
    spoiled.append(good.replace(TITLE.encode("utf-8"), TITLE.encode("utf-16-le")))
    for _ in range(30):
        changed = bytearray(good)
        for _ in range(source.choice((1, 3, 20))):
            changed[source.randrange(len(good))] = source.randrange(256)
        spoiled.append(bytes(changed))
    for data in spoiled:
        for policy in ("certified-copy", "signatures"):
            report = ecert.verify_copy(data, trust=marked.office.trust, policy=policy, cross_check=True)
            report.to_json()
        for stage in (ecert.Draft, ecert.SignedCopy, ecert.CertifiedCopy):
            with contextlib.suppress(EcertError):
                stage.from_bytes(data)
    assert ear.overheard() == []


def test_strangers_and_failing_services(ear: Ear, marked: Marked) -> None:
    office = marked.office
    stranger = office.issue(person_name(DEPUTY, unit=BODY), algorithm="p256")
    copy = marked.copy("B-B")
    for fault in ("dead", "garbage", "wrong-certificate", "http-500", "redirect"):
        office.responders.faults.update({"/tsa": fault, "/ocsp": fault, "/crl": fault})
        try:
            with pytest.raises(EcertError):
                marked.copy()
            evidence = ecert.gather_evidence(copy.to_bytes(), office.services, trust=office.trust)
            ecert.verify_copy(copy.to_bytes(), trust=office.trust, evidence=evidence)
        finally:
            office.responders.faults.clear()
    draft = ecert.prepare_copy(ecert.Scan.from_files(marked.scans, dpi=200), marked.record(), level="B-B")
    with pytest.raises(EcertError, match=DEPUTY):  # the message names them, for who stands there
        ecert.sign_copy(draft, office.key(stranger), trust=office.trust, services=office.services)
    assert ear.overheard() == []


def test_a_fault_of_ours_names_its_type_alone(ear: Ear, marked: Marked, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(case: object) -> None:
        raise RuntimeError(f"cannot compare {CERTIFIER}")

    good = marked.copy("B-B").to_bytes()
    monkeypatch.setattr("ecert.verify.copy.check_identity", fail)
    report = ecert.verify_copy(good, trust=marked.office.trust)
    assert "verifier-fault" in [finding.code for finding in report.findings]
    assert any("verifier fault: RuntimeError" in line for line in ear.lines)
    assert ear.overheard() == []


def test_the_command_line(ear: Ear, marked: Marked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command, with good and bad input, with the wrong PINs, and with ECERT_DEBUG=1."""
    monkeypatch.setenv("ECERT_DEBUG", "1")
    monkeypatch.setenv("ECERT_CONFIG", str(marked / "ecert.toml"))
    scans, record = [str(path) for path in marked.scans], str(marked / f"{FILE}.toml")
    out = {name: str(tmp_path / f"{FILE}-{name}.pdf") for name in ("draft", "signed", "copy", "b-b")}
    bundle = str(tmp_path / f"{FILE}.ecb")

    def run(*words: str) -> int:
        return main([*words, "--quiet"] if words[0] != "trust" else list(words))

    def pins(name: str) -> str:
        return f"file:{marked / name}"

    act = ("certify", *scans, "--record", record, "--dpi", "200")
    right = ("--pin-source", pins("pins.txt"))
    assert run("prepare", *scans, "--record", record, "--dpi", "200", "-o", out["draft"]) == 0
    assert run("sign", out["draft"], "-o", out["signed"], "--pin-source", pins("wrong.txt")) == 5
    assert run("sign", out["draft"], "-o", out["signed"], *right) == 0
    assert run("seal", out["draft"], "-o", out["copy"], *right) == 4
    assert run(*act, "-o", out["copy"], *right) == 0
    assert run(*act, "-o", out["b-b"], "--level", "B-B", *right) == 0
    assert run("verify", out["copy"], out["signed"], "--cross-check") == 1
    assert run("verify", out["b-b"], "--online", "--evidence-out", str(tmp_path / "kept")) == 0
    assert run("verify", record, "--format", "json") == 1
    assert run("verify", out["copy"], "--sandbox") == 0
    for form in ("html", "etsi"):
        assert run("verify", out["copy"], "--format", form, "--out-dir", str(tmp_path / form)) == 0
    assert run("extend", out["b-b"], "--level", "B-LT", "-o", str(tmp_path / f"{FILE}-b-lt.pdf")) == 0
    assert run("inspect", out["copy"]) == 0
    anchors = str(marked / "anchors")
    key = ("--key", f"file:{marked / 'seal.pem'}", "--pin-source", f"file:{tmp_path / 'seal-pin'}")
    (tmp_path / "seal-pin").write_text(PINS[1])
    assert run("trust", "build", "-o", bundle, "--id", "marked", "--from", anchors, *key) == 0
    assert run("trust", "show", anchors) == 0
    assert ear.overheard() == []


# ── the boundary ─────────────────────────────────────────────────────────────────────────────────


def test_libraries_that_see_documents_are_silent_unless_somebody_chose_a_level() -> None:
    assert {logging.getLogger(name).level for name in LIBRARIES} == {SILENT}
    chosen = logging.getLogger(LIBRARIES[0])
    chosen.setLevel(logging.INFO)
    silence_libraries()
    assert chosen.level == logging.INFO
    chosen.setLevel(logging.NOTSET)
    silence_libraries()
    assert chosen.level == SILENT


# ── ecert's own lines ────────────────────────────────────────────────────────────────────────────

_METHODS = {"debug", "info", "warning", "error", "critical", "log", "exception"}
#: What else a line may hold, by module: none of it can be what a document or a person says.
_HARMLESS = {
    ("verify/second_opinion/asking.py", "self.name"): "pyHanko or pypdf",
    ("verify/second_opinion/asking.py", "kind"): "the name of an exception's type",
    ("sandbox/box.py", "told.code"): "the code of a finding",
}


def _calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield (module, call) of every logging call in the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            name = owner.id if isinstance(owner, ast.Name) else ""
            if node.func.attr in _METHODS and re.search(r"log", name, re.IGNORECASE):
                yield path.relative_to(PACKAGE).as_posix(), node


def _is_harmless(value: ast.expr) -> bool:
    """Return whether an argument is a constant, a type's name or a count."""
    match value:
        case ast.Constant():
            return True
        case ast.Attribute(value=ast.Call(func=ast.Name(id="type")), attr="__name__"):
            return True
        case ast.Call(func=ast.Name(id="len")):
            return True
        case _:
            return False


def test_our_own_lines_hold_constants_and_type_names_alone() -> None:
    calls, used = list(_calls()), set()
    assert calls, "the search no longer finds the calls it is about"
    for module, call in calls:
        assert isinstance(call.func, ast.Attribute)
        place = f"{module}:{call.lineno}"
        assert call.func.attr != "exception", f"{place} logs an exception's message"
        assert not call.keywords, f"{place} passes {[k.arg for k in call.keywords]}"
        message, *values = call.args
        assert isinstance(message, ast.Constant), f"{place} has no constant message"
        other = {(module, ast.unparse(value)) for value in values if not _is_harmless(value)}
        assert other <= set(_HARMLESS), f"{place} logs {sorted(what for _, what in other)}"
        used |= other
    assert used == set(_HARMLESS), "what nobody logs any more needs no permission"


def test_loggers_have_one_form_so_that_every_call_is_found() -> None:
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name == "logs.py":
            continue
        assert not re.search(r"from logging import|import logging as|warnings\.warn\(", text), path
        for found in re.findall(r"^.*getLogger\(.*$", text, re.MULTILINE):
            hush = "logging.getLogger().addHandler(logging.NullHandler())"
            assert found == "_log = logging.getLogger(__name__)" or found.strip() == hush, path
        assert not re.search(r"\blogging\.(debug|info|warning|error|critical|log|exception)\(", text)
