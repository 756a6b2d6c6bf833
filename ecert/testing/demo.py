"""The demonstration behind ``ecert demo``: one act from scan to verdict, and a forgery that fails.

Everything is throwaway and plainly fictitious; the only network is the office's own loopback port.
The folder is built beside its final place and moved there whole.
"""

from __future__ import annotations

import io
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from ecert.capture.scan import Scan
from ecert.errors import EcertError, InputError
from ecert.formats.record import CertificationRecord
from ecert.model.files import PRIVATE, write_below
from ecert.report import Report
from ecert.settings import Settings
from ecert.sign.keys import PinRequest, SigningKey
from ecert.sign.opening import open_key
from ecert.stages import CertifiedCopy, Draft, SignedCopy, prepare_copy, seal_copy, sign_copy
from ecert.testing.drawing import sample_scan
from ecert.testing.keys import Algorithm
from ecert.testing.office import Office
from ecert.verify.copy import verify_copy

#: Told after each step: its name, the seconds it took, and facts for the story.
Tell = Callable[[str, float, Mapping[str, Any]], None]

PAGES = 2
TITLE = "Giấy xác nhận về việc cư trú và thành phần hộ gia đình"
#: The forger copies the 5 of "120,5 m²" on page 1 over its 1; pixels at 300 dpi.
FORGED_DIGIT, FORGED_PLACE = (1638, 2390, 1668, 2446), (1538, 2390)
PINS = {"signer": "thu-nghiem-1", "seal": "thu-nghiem-2"}


@dataclass(frozen=True)
class Demo:
    """Where the demonstration lies, and both reports."""

    folder: Path
    report: Report
    report_of_forgery: Report


def make_demo(
    folder: Path, *, tell: Tell | None = None, lang: str = "vi", force: bool = False, algorithm: Algorithm = "rsa2048"
) -> Demo:
    """Make the demonstration in ``folder``; ``report.txt`` is in ``lang``.

    With ``force`` a folder may hold other things already: files of the same names are replaced, links
    are not followed.

    Raises:
        InputError: the folder is not empty, or cannot be written.
        EcertError: a verdict is not the one expected.
    """
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not force)):
        raise InputError(f"{folder} exists already", code="output-exists", hint="name another folder, or --force")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".ecert-demo-", dir=folder.parent) as place:
            reports = _act(Path(place), tell or _say_nothing, lang, algorithm)
            _move(Path(place), folder)
    except BrokenPipeError:  # whoever listened to the story went away
        raise
    except OSError as exc:
        raise InputError(
            f"cannot write {folder}: {exc.strerror}", code="not-writable", hint="check the folder"
        ) from exc
    return Demo(folder, *reports)


def _say_nothing(step: str, seconds: float, facts: Mapping[str, Any]) -> None:
    del step, seconds, facts


def _move(source: Path, target: Path) -> None:
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        mode = stat.S_IMODE(path.stat().st_mode)
        write_below(target, path.relative_to(source).as_posix(), path.read_bytes(), mode=mode)


def _act(folder: Path, tell: Tell, lang: str, algorithm: Algorithm) -> tuple[Report, Report]:
    """Play every part: the office, its officers, a verifier, a forger."""

    @contextmanager
    def step(name: str) -> Iterator[dict[str, Any]]:
        facts: dict[str, Any] = {}
        start = time.perf_counter()
        yield facts
        tell(name, time.perf_counter() - start, facts)

    # 1. an office with keys and services
    with step("office"):
        office = Office.create(algorithm=algorithm)
    with office:
        # 2. the officer scans the original and writes the record
        with step("scan") as facts:
            pages = _write_inputs(folder, office)
            scan = Scan.from_files(sorted((folder / "scan").iterdir()))
            record = CertificationRecord.from_file(folder / "record.toml")
            settings = Settings.from_file(folder / "ecert.toml")
            facts |= {"pages": PAGES, "officer": record.officer.name, "size": sum(map(len, pages))}
        trust, services = settings.trust, settings.services
        # 3. the draft
        with step("prepare"):
            prepare_copy(scan, record, level="B-LTA").write(folder / "draft.pdf")
        # 4. the competent person signs
        with step("sign") as facts, _key(settings, "signer") as signer:
            signed = sign_copy(
                Draft.open(folder / "draft.pdf"),
                signer,
                trust=trust,
                services=services,
                image=settings.keys.signer.image,
            )
            signed.write(folder / "signed.pdf")
            facts |= {"certifier": record.certifier.name, "title": record.certifier.title}
        # 5. the body seals
        with step("seal") as facts, _key(settings, "seal") as seal:
            copy = seal_copy(
                SignedCopy.open(folder / "signed.pdf"),
                seal,
                trust=trust,
                services=services,
                image=settings.keys.seal.image,
            )
            copy.write(folder / "certified.pdf")
            facts |= {"body": record.body.name, "size": len(copy.to_bytes())}
    # the services are gone from here on: what is proven now is proven by the file alone
    # 6. anybody verifies
    with step("verify") as facts:
        report = verify_copy(folder / "certified.pdf", trust=trust)
        facts["report"] = report
    (folder / "report.json").write_text(report.to_json() + "\n", encoding="utf-8")
    (folder / "report.txt").write_text(report.to_text(lang), encoding="utf-8")
    # 7. a forger changes a digit on the first page
    (folder / "tampered.pdf").write_bytes(forge(copy, pages[0]))
    with step("tamper") as facts:
        forged = verify_copy(folder / "tampered.pdf", trust=trust)
        facts["report"] = forged
    if (report.verdict, forged.verdict) != ("VALID", "INVALID"):
        raise EcertError(
            f"the copy is {report.verdict}, the forgery {forged.verdict}", code="demo-failed", hint="please report this"
        )
    return report, forged


def _key(settings: Settings, role: str) -> SigningKey:
    place = getattr(settings.keys, role)

    def pin(request: PinRequest) -> str:
        del request
        return PINS[role]

    return open_key(place.uri, pin=pin)


def forge(copy: CertifiedCopy, page: bytes) -> bytes:
    """Return the copy with a digit of its first page changed, skilfully: every offset still fits.

    ``page`` is the page's JPEG as scanned, which stands in the copy as it is. The forged picture
    is made as long as the true one with a JPEG comment.
    """
    with Image.open(io.BytesIO(page)) as picture:
        forged, dpi = picture.convert("RGB"), picture.info["dpi"]
    forged.paste(forged.crop(FORGED_DIGIT), FORGED_PLACE)
    for quality in range(92, 20, -6):
        out = io.BytesIO()
        forged.save(out, "JPEG", quality=quality, dpi=dpi)
        missing = len(page) - len(out.getvalue())
        if missing == 0 or missing >= 4:
            break
    data = copy.to_bytes()
    if missing < 0 or data.count(page) != 1:
        raise EcertError("the page cannot be forged", code="demo-failed")
    picture_bytes = out.getvalue()[:2] + _comments(missing) + out.getvalue()[2:]
    return data.replace(page, picture_bytes)


def _comments(size: int) -> bytes:
    """Return JPEG comment segments (ISO 10918-1, B.2.4.5) of ``size`` bytes in all, 0 or at least 4."""
    segments = b""
    while size:
        part = size if size <= 0xFFFF else min(0xFFFF, size - 4)
        segments += b"\xff\xfe" + (part - 2).to_bytes(2, "big") + b" " * (part - 4)
        size -= part
    return segments


# ── the files an office would have ───────────────────────────────────────────────────────────────


def _write_inputs(folder: Path, office: Office) -> list[bytes]:
    """Write scan, record, settings, anchors and keys; return the scanned pages."""
    for name in ("scan", "keys"):
        (folder / name).mkdir()
    pages = sample_scan(PAGES)
    for number, page in enumerate(pages, 1):
        (folder / "scan" / f"page-{number}.jpg").write_bytes(page)
    office.write_anchors(folder / "anchors")
    keys = folder / "keys"
    office.signer.write_pkcs12(keys / "signer.p12", PINS["signer"])
    office.seal.write_pem(keys / "seal.pem", PINS["seal"])
    write_below(keys, "pins.txt", f"{PINS['signer']}\n{PINS['seal']}\n".encode(), mode=PRIVATE)
    (keys / "signature.png").write_bytes(office.signature_image)
    (keys / "seal.png").write_bytes(office.seal_image)
    (keys / "README.txt").write_text(_README, encoding="utf-8")
    record = office.record(
        pages=PAGES, original={"title": TITLE, "number": "15/GXN-UBND", "issuer": "Ủy ban nhân dân xã Mẫu"}
    )
    (folder / "record.toml").write_text(_record_toml(record), encoding="utf-8")
    settings = _SETTINGS.format(tsa=office.tsa_url)
    (folder / "ecert.toml").write_text(settings, encoding="utf-8")
    return pages


def _record_toml(record: Mapping[str, Any]) -> str:
    plain = [f"{k} = {_toml(v)}" for k, v in record.items() if not isinstance(v, Mapping)]
    tables = [
        f"\n[{name}]\n" + "\n".join(f"{k} = {_toml(v)}" for k, v in table.items())
        for name, table in record.items()
        if isinstance(table, Mapping)
    ]
    return "\n".join([*plain, *tables]) + "\n"


def _toml(value: object) -> str:
    """Write the few kinds of values a sample record has."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(value)  # whole numbers, and days as 2026-10-01


_README = """\
Khóa dùng thử do "ecert demo" tạo ra; không có giá trị ký thật, hãy xóa khi thử xong.
Throwaway keys made by "ecert demo"; they are worth nothing, delete them when you are done.

signer.p12     khóa của người ký / the signer's key
seal.pem       khóa của con dấu / the seal's key
pins.txt       mật khẩu: dòng 1 của người ký, dòng 2 của con dấu / pass phrases: line 1 signer, line 2 seal
signature.png  hình chữ ký / picture of the signature
seal.png       hình con dấu / picture of the seal
"""

_SETTINGS = """\
# Cấu hình của văn phòng giả định do "ecert demo" tạo ra / settings of the demo's fictitious office.
# Đường dẫn tính từ thư mục của tệp này / paths are relative to this file.
lang = "vi"
profile = "vn-2025-11"
level = "B-LTA"

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

# Dịch vụ này chỉ chạy trong lúc "ecert demo" làm việc, nay không còn. Muốn chứng thực tiếp với các khóa
# này, hãy dùng --level B-B (không cần dịch vụ nào).
# This service ran only while "ecert demo" was at work and is gone. To certify again with these keys use
# --level B-B, which needs no service.
[[services.timestamp]]
url = "{tsa}"
retries = 0
"""
