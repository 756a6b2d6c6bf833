"""No exception of a library leaves a public function, whatever bytes or values it is given.

Each function below is called with a few hundred inputs: honest ones cut, spoiled and spliced, other
formats, random bytes, deep nesting, wrong types. Only :class:`EcertError` may leave; of
``verify_copy`` nothing. What is drawn at random is drawn alike every time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

import ecert
from ecert.errors import EcertError
from ecert.formats.record import read_record_xml
from ecert.operations.inspecting import look_inside
from ecert.trust.evidence_folders import EvidenceFolder
from tests.judges import tools
from tests.kit import Desk, small_page

SEED = 20261122


def spoiled(data: bytes, count: int, seed: int = SEED) -> Iterator[bytes]:
    """Yield an honest input in ``count`` spoiled forms: cut, bytes changed, parts left out or doubled."""
    draw = random.Random(seed + len(data))
    for number in range(count):
        at = draw.randrange(len(data) or 1)
        length = draw.choice((1, 2, 8, 64, 1024))
        match number % 5:
            case 0:
                yield data[:at]
            case 1:
                yield data[:at] + draw.randbytes(length) + data[at + length :]
            case 2:
                yield data[:at] + data[at + length :]
            case 3:
                yield data[:at] + data[at : at + length] * 2 + data[at + length :]
            case _:
                yield data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :]


def rubbish() -> Iterator[bytes]:
    """Yield what is nothing of what was asked for."""
    draw = random.Random(SEED)
    yield from (b"", b"\0", b"\n" * 100, b"\xff\xfe", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"[" * 20_000)
    yield from (b"<a>" * 20_000, b"{" * 20_000, b"\x30\x80" * 20_000, b"a = " + b"[" * 20_000)
    yield from (b"\x30\x84\xff\xff\xff\xff", b"-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----")
    yield from (draw.randbytes(draw.choice((1, 10, 100, 5000))) for _ in range(30))


WRONG_TYPES: list[Any] = [
    None,
    7,
    -1.5,
    True,
    "",
    "text",
    "\udcff",
    "\0",
    [],
    [None],
    {},
    {"a": []},
    object(),
    b"bytes",
    float("nan"),
]


@dataclass(frozen=True)
class Entry:
    """A public function, and the honest input whose spoiled forms it is given."""

    call: Callable[[bytes, Path, Desk], object]
    honest: Callable[[Desk, Path], bytes]
    count: int = 200
    as_file: bool = True


def via_file(name: str, read: Callable[[Path, Desk], object]) -> Callable[[bytes, Path, Desk], object]:
    def call(data: bytes, folder: Path, desk: Desk) -> object:
        path = folder / name
        path.write_bytes(data)
        return read(path, desk)

    return call


def _pkcs12(*, password: bytes | None) -> Callable[[Desk, Path], bytes]:
    def make(desk: Desk, folder: Path) -> bytes:
        key = ec.generate_private_key(ec.SECP256R1())
        guard = BestAvailableEncryption(password) if password else NoEncryption()
        return pkcs12.serialize_key_and_certificates(b"k", key, None, None, guard)

    return make


def _pem_key(desk: Desk, folder: Path) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _anchor(desk: Desk, folder: Path) -> bytes:
    return desk.office.trust.anchors[0].certificate


def _record(desk: Desk, folder: Path) -> bytes:
    from ecert.formats.pdf import read_document
    from ecert.formats.record import embedded_record

    stream = embedded_record(read_document(desk.draft.to_bytes()))
    return bytes(stream.data)


def _toml(desk: Desk, folder: Path) -> bytes:
    from tests.test_settings import EXAMPLE

    return EXAMPLE.encode()


def _record_toml(desk: Desk, folder: Path) -> bytes:
    return (
        'number = 1\nseries = "SCT/BS"\nbook = "01/2026"\ndate = 2026-10-01\n[original]\ntitle = "Sổ"\n'
        'pages = 1\n[body]\nname = "UBND"\n[certifier]\nname = "A"\ntitle = "B"\ncapacity = "head"\n'
        '[officer]\nname = "C"\nconfirms = ["unaltered"]\n'
    ).encode()


def _crl(desk: Desk, folder: Path) -> bytes:
    from ecert.formats.pades.dss import read_dss
    from ecert.formats.pdf import read_document

    found = read_dss(read_document(desk.copy.to_bytes()))
    return (found.crls + found.ocsps)[0]


def _list(desk: Desk, folder: Path) -> bytes:
    from tests.trust import lists

    return Path(lists.__file__).read_bytes()


def _bundle(desk: Desk, folder: Path) -> bytes:
    from ecert.formats.pades.fields import read_signatures
    from ecert.formats.pdf import read_document

    return read_signatures(read_document(desk.signed.to_bytes()))[0].contents  # a CMS, as bundles are


def _copy(desk: Desk, folder: Path) -> bytes:
    return desk.copy.to_bytes()


PIN = "0000"
ENTRIES: dict[str, Entry] = {
    "gather_evidence": Entry(lambda data, _f, desk: ecert.gather_evidence(data, ecert.Services()), _copy),
    "extend_copy": Entry(
        lambda data, _f, desk: ecert.extend_copy(
            ecert.CertifiedCopy.from_bytes(data), services=desk.office.services, trust=desk.office.trust
        ),
        _copy,
        60,
    ),
    "Draft.from_bytes": Entry(lambda data, _f, _d: ecert.Draft.from_bytes(data), lambda d, _: d.draft.to_bytes()),
    "SignedCopy.from_bytes": Entry(
        lambda data, _f, _d: ecert.SignedCopy.from_bytes(data), lambda d, _: d.signed.to_bytes()
    ),
    "CertifiedCopy.open": Entry(via_file("a.pdf", lambda p, _: ecert.CertifiedCopy.open(p)), _copy),
    "inspect": Entry(lambda data, _f, _d: look_inside(data, "a.pdf"), _copy),
    "Scan.from_files": Entry(lambda data, _f, _d: ecert.Scan.from_files([data]), lambda _d, _f: small_page()),
    "read_record_xml": Entry(lambda data, _f, _d: read_record_xml(data), _record),
    "CertificationRecord.from_file": Entry(
        via_file("record.toml", lambda p, _: ecert.CertificationRecord.from_file(p)), _record_toml
    ),
    "Settings.from_file": Entry(via_file("ecert.toml", lambda p, _: ecert.Settings.from_file(p)), _toml),
    "TrustStore.from_folder": Entry(
        via_file("anchors/a.pem", lambda p, _: ecert.TrustStore.from_folder(p.parent)), _anchor
    ),
    "TrustStore.from_paths": Entry(via_file("a.ecb", lambda p, _: ecert.TrustStore.from_paths([p])), _anchor),
    "TrustStore.from_bundle": Entry(
        via_file("a.ecb", lambda p, _: ecert.TrustStore.from_bundle(p, ["0" * 64])), _bundle
    ),
    "TrustStore.from_trusted_list": Entry(
        via_file("a.xml", lambda p, _: ecert.TrustStore.from_trusted_list(p, ["0" * 64])), _list
    ),
    "EvidenceFolder.read": Entry(via_file("evidence/a.der", lambda p, _: EvidenceFolder.read(p.parent)), _crl),
    "open_key PKCS#12": Entry(
        via_file("key.p12", lambda p, _: ecert.open_key(f"file:{p}", pin=lambda _: PIN)),
        _pkcs12(password=PIN.encode()),
        60,
    ),
    "open_key PEM": Entry(via_file("key.pem", lambda p, _: ecert.open_key(f"file:{p}", pin=lambda _: PIN)), _pem_key),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("hostile")
    for name in ("anchors", "evidence"):
        (found / name).mkdir()
    return found


@pytest.mark.parametrize("name", ENTRIES)
def test_only_errors_of_ours_leave(name: str, desk: Desk, folder: Path):
    entry, refused = ENTRIES[name], 0
    honest = entry.honest(desk, folder)
    for data in (*rubbish(), *spoiled(honest, entry.count)):
        try:
            entry.call(data, folder, desk)
        except EcertError:
            refused += 1
    assert refused or name == "gather_evidence"


def test_of_verify_copy_nothing_leaves(desk: Desk):
    honest = [desk.copy.to_bytes(), desk.signed.to_bytes(), desk.draft.to_bytes()]
    inputs = [*rubbish(), *(data for whole in honest for data in spoiled(whole, 150))]
    for data in inputs:
        for policy in ("certified-copy", "signatures"):
            report = ecert.verify_copy(data, trust=desk.office.trust, policy=policy)
            assert "verifier-fault" not in report.codes()


def test_of_verify_copy_nothing_leaves_on_the_worlds_broken_files(require: Callable[[str], None], desk: Desk):
    require("corpora")
    files = sorted((tools.corpora() / "malformed").rglob("*.pdf"))[::4]
    assert len(files) > 40
    for path in files:
        data = path.read_bytes()
        report = ecert.verify_copy(data, policy="signatures")
        assert "verifier-fault" not in report.codes(), path.name
        for call in (lambda d: look_inside(d, "a.pdf"), ecert.Draft.from_bytes):
            try:
                call(data)
            except EcertError:
                continue


def nested_lists(depth: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    "key", ["", "number", "series", "date", "original", "body", "certifier", "officer", "replaces"]
)
def test_a_record_of_wrong_types_is_refused_by_name(desk: Desk, key: str):
    honest = desk.office.record(pages=2)
    for wrong in (*WRONG_TYPES, nested_lists(5000)):
        values: Any = {**honest, key: wrong} if key else wrong
        try:
            ecert.CertificationRecord.from_dict(values)
        except EcertError:
            continue


def test_addresses_and_names_of_wrong_kinds_are_refused():
    for wrong in ("", "x", "file:", "file:\0", "file:" + "a" * 5000, "pkcs11:", "pkcs11:%zz", "pkcs11:token=\0"):
        with pytest.raises(EcertError):
            ecert.open_key(wrong, pin=lambda _: PIN)
    for path in ("\0", "a" * 5000, "."):
        for read in (
            ecert.Settings.from_file,
            ecert.CertificationRecord.from_file,
            ecert.Draft.open,
            ecert.TrustStore.from_folder,
            ecert.verify_copy,
        ):
            with pytest.raises(EcertError):
                read(path)


def test_what_runs_out_of_stack_is_a_finding(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    for fault in (RecursionError, OverflowError, MemoryError):

        def fail(*_: object, fault: type[Exception] = fault) -> None:
            raise fault

        with monkeypatch.context() as patch:
            patch.setattr("ecert.verify.copy.check_order", fail)
            report = ecert.verify_copy(desk.copy.to_bytes(), trust=desk.office.trust)
        assert report.verdict == "INDETERMINATE"
        assert report.codes("unknown") == ["verifier-fault"]
        assert report.findings[0].data == {"fault": fault.__name__}
