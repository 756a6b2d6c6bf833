"""pyHanko and pypdf agree with us on every level we write, and object where we would be wrong."""

from __future__ import annotations

import asyncio
import builtins
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyhanko.sign.validation.pdf_embedded  # noqa: F401  before a test replaces its reader
import pytest

import ecert
from ecert.formats.pdf import Document
from ecert.model.levels import Level
from ecert.report import Report
from ecert.verify import second_opinion
from ecert.verify.case import Case
from ecert.verify.integrity import check_integrity
from tests.kit import Desk

LEVELS: tuple[Level, ...] = ("B-B", "B-T", "B-LT", "B-LTA")
SECOND = {"second-opinion-differs", "second-opinion-unavailable"}


@pytest.fixture(scope="module")
def copies(desk: Desk) -> dict[str, bytes]:
    office = desk.office
    return {
        level: ecert.certify_copy(
            desk.scan,
            desk.record,
            signer=office.key("signer"),
            seal=office.key("seal"),
            trust=office.trust,
            services=office.services,
            level=level,
        ).to_bytes()
        for level in LEVELS
    }


def ask(desk: Desk, data: bytes, **options: Any) -> Report:
    options = {"trust": desk.office.trust, "revocation": "if-present", **options}
    return ecert.verify_copy(data, cross_check=True, **options)


def differing(report: Report) -> dict[str, list[str]]:
    """Return the reasons of all differences, by tool."""
    found: dict[str, list[str]] = {}
    for f in report.findings:
        if f.code == "second-opinion-differs":
            found.setdefault(f.data["tool"], []).append(f.data["reason"])
    return found


@pytest.mark.parametrize("level", LEVELS)
def test_both_agree_on_what_we_write(desk: Desk, copies: dict[str, bytes], level: str):
    report = ask(desk, copies[level])
    assert report.verdict == "VALID"
    assert not SECOND & set(report.codes())


def test_both_agree_on_draft_and_signed_copy(desk: Desk):
    for stage in (desk.draft, desk.signed):
        assert not SECOND & set(ask(desk, stage.to_bytes()).codes())


def test_it_works_inside_a_running_event_loop(desk: Desk, copies: dict[str, bytes]):
    async def inside() -> Report:
        return ask(desk, copies["B-LTA"])

    assert asyncio.run(inside()).verdict == "VALID"


def test_the_same_report_every_time(desk: Desk, copies: dict[str, bytes]):
    at = desk.office.clock.now()
    first, again = (ask(desk, copies["B-LTA"], at=at).to_json() for _ in range(2))
    assert first == again


def _believing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make our own judgement blind: every signature is intact, no change is found."""
    from ecert.verify import copy

    def blind(case: Case, digests: Any) -> None:
        count = len(case.findings)
        check_integrity(case, digests)
        del case.findings[count:]
        for s in case.signatures:
            s.intact = True

    monkeypatch.setattr(copy, "check_integrity", blind)
    monkeypatch.setattr(copy, "check_changes", lambda case: None)
    monkeypatch.setattr(copy, "check_content", lambda case, document, digests: None)
    monkeypatch.setattr(copy, "validate_signatures", lambda case: None)


def test_changed_bytes_are_seen_where_we_are_blind(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    data = copies["B-LTA"]
    at = data.index(b"\xff\xda") + 40
    _believing(monkeypatch)
    report = ask(desk, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert report.verdict == "INVALID"
    reasons = differing(report)["pyHanko"]
    assert reasons.count("it finds the signed bytes changed") == 3


def test_later_changes_are_seen_where_we_are_blind(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    from tests.verify.test_forgeries import FORGERIES

    _believing(monkeypatch)
    data = FORGERIES["page_content"][0](copies["B-LTA"], desk)
    reasons = differing(ask(desk, data))["pyHanko"]
    assert reasons.count("it does not permit the later changes (OTHER)") == 3


def test_another_count_of_pages_is_seen(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    real = Document.pages
    monkeypatch.setattr(Document, "pages", lambda self, revision=-1: [*real(self, revision)][:2])
    assert "it sees 3 pages, not 2" in differing(ask(desk, copies["B-B"]))["pypdf"]


def test_another_record_is_seen(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(second_opinion, "_record_bytes", lambda case: b"<other/>")
    assert differing(ask(desk, copies["B-B"])) == {"pypdf": ["it reads another record"]}


def test_hidden_signatures_and_revisions_are_seen(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    from ecert.verify import copy
    from ecert.verify.integrity import read_cases

    monkeypatch.setattr(copy, "read_cases", lambda case, document: read_cases(case, document)[:2])
    found = differing(ask(desk, copies["B-LTA"]))
    wanted = "it sees the signatures ['Archive1', 'Seal', 'Signer'], not ['Seal', 'Signer']"
    assert found == {"pypdf": [wanted], "pyHanko": [wanted]}


def test_a_right_digest_we_call_wrong_is_seen(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    from ecert.verify import integrity

    monkeypatch.setattr(integrity, "check_signature", lambda *args: False)
    reasons = differing(ask(desk, copies["B-B"]))["pyHanko"]
    assert reasons == ["it finds digest and signature value right"] * 2


@pytest.mark.parametrize("fault", [KeyError("x"), TypeError(), RecursionError(), MemoryError()])
def test_a_tool_that_breaks_down_is_a_warning(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, fault: Exception
):
    def broken(*args: Any, **options: Any) -> None:
        raise fault

    monkeypatch.setattr("pypdf.PdfReader", broken)
    monkeypatch.setattr("pyhanko.pdf_utils.reader.PdfFileReader", broken)
    report = ask(desk, copies["B-B"])
    assert report.verdict == "VALID"
    assert report.codes().count("second-opinion-unavailable") == 2


def test_damage_only_the_other_tool_sees_is_a_difference(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    from pyhanko.pdf_utils.misc import PdfStrictReadError
    from pypdf.errors import PdfReadError

    def raising(kind: type[Exception]) -> Callable[..., None]:
        def broken(*args: Any, **options: Any) -> None:
            raise kind("damaged")

        return broken

    monkeypatch.setattr("pypdf.PdfReader", raising(PdfReadError))
    monkeypatch.setattr("pyhanko.pdf_utils.reader.PdfFileReader", raising(PdfStrictReadError))
    found = differing(ask(desk, copies["B-B"]))
    assert found == {
        "pypdf": ["it calls the file damaged (PdfReadError)"],
        "pyHanko": ["it calls the file damaged (PdfStrictReadError)"],
    }


def test_a_missing_tool_is_a_warning(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    real = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name.split(".")[0] == "pypdf":
            raise ImportError(name=name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    report = ask(desk, copies["B-B"])
    assert report.verdict == "VALID"
    assert "second-opinion-unavailable" in report.codes("warning")


def test_both_answer_about_every_foreign_file(corpora: Path):
    """Nothing they raise gets through; they object to no file we accept, annotations under P=3 aside."""
    objected = set()
    for name in ("pyhanko", "signed-then-changed"):
        folder = corpora / name
        with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
            files = [row["file"] for row in csv.DictReader(file) if row["file"].endswith(".pdf")]
        for file_name in files:
            report = ecert.verify_copy(folder / file_name, policy="signatures", cross_check=True)
            assert "verifier-fault" not in report.codes(), file_name
            if "second-opinion-differs" in report.codes():
                objected.add(file_name)
    assert objected == {"eaa_cert_p3_freetext.pdf", "eaa_cert_p3_stamp.pdf"}
